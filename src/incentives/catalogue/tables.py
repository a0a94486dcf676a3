"""Findings about tables and workbooks (``E5``): read by applicants and clerks."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E500",
        ("文件无法作为表格读取", "The file cannot be read as a table"),
        (
            "文件已损坏、设有密码，或者内容与文件名不符。读不懂的表格不作猜测。",
            (
                "It is damaged, protected by a password, or not what its name says. "
                "What cannot be read is not guessed."
            ),
        ),
        (
            "用 WPS 或 Excel 打开，取消密码，另存为“Excel 工作簿（.xlsx）”。",
            "Open it in a spreadsheet program, remove the password, and save it as .xlsx.",
        ),
        "旧版名单.xls 改名为 名单.xlsx",
        "另存为 名单.xlsx",
    ),
    entry(
        "E501",
        ("不支持这种表格文件", "This kind of table is not read"),
        (
            "旧的 .xls 和 .ods 读不出单元格里的错误值，#REF! 会被当成空白，所以不读。",
            (
                "In .xls and .ods files the reader cannot tell #REF! from a blank cell, "
                "so they are not read."
            ),
        ),
        (
            "另存为 .xlsx、.csv（UTF-8）或 .parquet。",
            "Save it as .xlsx, .csv (UTF-8) or .parquet.",
        ),
        "名单.xls",
        "名单.xlsx",
    ),
    entry(
        "E502",
        ("表格超出限度", "The table is beyond the limits"),
        (
            "有意制作的小文件可以展开成极大的数据，使电脑停止响应。一个表最多200万个单元格。",
            (
                "A small file made on purpose can unpack to more than a computer holds. "
                "A sheet has at most 2,000,000 cells."
            ),
        ),
        (
            "把需要的行复制到新的工作簿；数据确实多的，分成几个文件。",
            "Copy the rows that matter into a new workbook; split what is really that large.",
        ),
        "# 数据在 A1，另有一个字误输在 XFD1048576",
        "# 只有数据的表",
    ),
    entry(
        "E503",
        ("工作簿内部有不应出现的内容", "The workbook holds what no workbook needs"),
        (
            "表格软件不会写入文档类型、实体或其他编码；这些是攻击读取程序的手段，或文件已损坏。",
            (
                "No spreadsheet program writes document types, entities or another encoding; they "
                "serve attacks on readers, or the file is damaged."
            ),
        ),
        (
            "向发件人核实；自己的文件用 WPS 或 Excel 打开后重新保存。",
            "Ask who sent it; save a file of your own again.",
        ),
        "<!DOCTYPE …>",
        '<?xml version="1.0" encoding="UTF-8"?>',
    ),
    entry(
        "E504",
        ("不能确定文字编码", "The encoding is not certain"),
        (
            (
                "编码猜错会悄悄改掉名称。UTF-8 自动识别；只含常用字的 GB18030（GBK）也能识别；"
                "两可的必须指明。"
            ),
            (
                "A wrong guess silently changes names. UTF-8 is recognised, and GB18030 (GBK) if "
                "all characters are everyday ones; whatever may be both must be declared."
            ),
        ),
        (
            "另存为“CSV UTF-8”，或加 --encoding gb18030。",
            "Save the file as CSV UTF-8, or add --encoding gb18030.",
        ),
        "# 名称中有“堃”字的 GBK 文件",
        "# 同一文件，另存为 CSV UTF-8",
    ),
    entry(
        "E505",
        ("含有空字符", "There is a NUL character"),
        (
            "空字符看不见，有的程序读到它就停止，后面的内容会丢失。",
            "It cannot be seen, and some programs stop reading there and lose the rest.",
        ),
        ("重新输入，或重新另存为 CSV。", "Enter the cell again, or save the file as CSV again."),
        "# 名称后面带有空字符",
        "# 重新输入的名称",
    ),
    entry(
        "E506",
        ("各行的格数不同", "Rows differ in length"),
        (
            "多一个或少一个逗号，后面各格都会错位，金额会记到别的列。",
            "One comma too many or too few moves every later cell, and amounts change columns.",
        ),
        ("文字中有逗号的，用引号括起。", "Put quotation marks around texts that hold commas."),
        "名称,金额\n甲公司,1,000",
        '名称,金额\n甲公司,"1,000"',
    ),
    entry(
        "E507",
        ("不符合 CSV 格式", "The text is not CSV"),
        (
            "引号不成对，就不知道一格在哪里结束。",
            "Without its partner a quotation mark does not say where a cell ends.",
        ),
        ('引号要成对；文字中的引号写作 ""。', 'Close every quotation mark; inside, write "".'),
        '"甲公司,100',
        '"甲公司",100',
    ),
    entry(
        "E508",
        ("不知道读取哪个工作表", "Which sheet is meant"),
        (
            "有多个工作表时任选一个，可能选错。",
            "Where several sheets hold something, choosing one would be a guess.",
        ),
        ("指明工作表名称，或只保留一个。", "Name the sheet, or keep only one."),
        "# 工作簿中有 2023年、2024年 两个表，未指明",
        "# 指明 2024年",
    ),
    entry(
        "E509",
        ("这种类型的列不予读取", "This type of column is not read"),
        (
            "嵌套、二进制和扩展类型不是申报事实；扩展类型在读取时可能执行程序。",
            (
                "Nested, binary and extension types hold no facts; extension types may run code "
                "when they are read."
            ),
        ),
        (
            "改为文本、整数、定点小数、日期或真假值。",
            "Write text, whole numbers, decimals, dates, or true and false.",
        ),
        "amount: extension<…>",
        "amount: decimal(18, 2)",
    ),
    entry(
        "E510",
        ("单元格是错误值", "The cell shows an error"),
        (
            "#REF!、#N/A 等说明公式已经失效；当作空白，就成了“不知道”。",
            (
                "#REF!, #N/A and the like say that a formula has failed; taken as blank it would "
                "mean that nobody knows."
            ),
        ),
        ("改正公式，或直接填写数值。", "Mend the formula, or enter the value."),
        "#REF!",
        "200000",
    ),
    entry(
        "E511",
        ("数字超过15位", "A number with more than 15 digits"),
        (
            (
                "表格软件只保存15位有效数字。统一社会信用代码按数字输入会变成 9.11E+17，"
                "末尾三位已经丢失，无法找回。"
            ),
            (
                "Spreadsheets keep 15 digits. A credit code entered as a number becomes 9.11E+17 "
                "and its last three digits are gone for good."
            ),
        ),
        (
            "先把单元格格式设为“文本”，再对照营业执照重新输入；公式结果用 ROUND 取两位小数。",
            (
                "Format the cell as text first, then enter the code from the licence; round the "
                "results of formulas to two decimals."
            ),
        ),
        "911100000000000000（数字）",
        "91110000000000000X（文本）",
    ),
    entry(
        "E512",
        ("公式没有计算结果", "A formula without a result"),
        (
            "有的程序只写公式不写结果；本程序不计算别人表里的公式。",
            (
                "Some programs write formulas without results, and other people's formulas are not "
                "calculated here."
            ),
        ),
        ("用 WPS 或 Excel 打开，保存后再读。", "Open it in a spreadsheet program and save it."),
        "=SUM(B2:B9)（没有结果）",
        "=SUM(B2:B9)（结果 800000）",
    ),
    entry(
        "E513",
        ("文字已经损坏", "Characters are lost"),
        (
            "“�”是别的程序读不懂时写下的，原来的字已经没有了。",
            "Another program wrote U+FFFD for what it could not read; the characters are gone.",
        ),
        ("对照原件重新输入。", "Enter the text again from the original."),
        "示例�公司",
        "示例科技公司",
    ),
    entry(
        "E514",
        ("表头重复", "A heading stands twice"),
        (
            "两列同名，就不知道以哪一列为准。",
            "With two columns of one name nobody knows which one counts.",
        ),
        ("改名或删去其中一列。", "Rename or delete one of them."),
        "企业名称,金额,金额",
        "企业名称,申请金额,核定金额",
    ),
    entry(
        "E515",
        ("表头是合并单元格", "A heading is merged"),
        (
            "合并的表头下面有几列，只有第一列有名称。",
            "Of the columns below a merged heading only the first has a name.",
        ),
        (
            "取消合并，为每一列单独填写表头。",
            "Unmerge it and give every column a heading of its own.",
        ),
        "# B1:C1 合并为“金额”",
        "# B1“申请金额”，C1“核定金额”",
    ),
    entry(
        "E516",
        ("有内容的列没有表头", "A filled column has no heading"),
        (
            "没有名称的列会被悄悄略过。",
            "A column without a name would be passed over silently.",
        ),
        ("补上表头，或删去该列。", "Give it a heading, or delete it."),
        "企业名称,\n甲公司,100",
        "企业名称,金额\n甲公司,100",
    ),
    entry(
        "E520",
        ("不是本程序生成的填报表", "This is no form of this program"),
        (
            "填报表靠隐藏的行和列认出每一格是什么；别的表格式样各异，读了也是猜。",
            "A form is read by its hidden rows and columns; any other table would be guessed at.",
        ),
        (
            "先生成填报表，把内容填进去；隐藏的第1列、第2行不要删除。",
            "Make a form and fill it in; keep its hidden column and row.",
        ),
        "自己画的表.xlsx",
        "incentives template -o 填报表.xlsx",
    ),
    entry(
        "E521",
        ("“/”“无”的意思不明", "“/” and “none” have no plain meaning"),
        (
            "它可能是零，可能是否，也可能是不知道；三者的结果不同。",
            "It may mean zero, no, or not known, and each gives another result.",
        ),
        (
            "是零就写 0元 或 0，不是就选“否”，不知道就留空。",
            "Write 0元 or 0 for zero, choose No where it is not so, leave blank what is not known.",
        ),
        "/",
        "0元",
    ),
    entry(
        "E522",
        ("比例没有百分号", "A ratio without its sign"),
        (
            "3.5 可能是3.5倍，也可能是3.5%，相差一百倍。",
            "3.5 may be three and a half or 3.5%, a hundred times less.",
        ),
        ("写 3.5%，或写 1/3。", "Write 3.5%, or 1/3."),
        "3.5",
        "3.5%",
    ),
    entry(
        "E523",
        ("同一事项填写了两次", "A fact stands twice"),
        (
            "两处不一致时，以哪一处为准无人知道；后写的不会覆盖先写的。",
            "Where two cells state one fact nobody knows which counts; the last does not win.",
        ),
        ("清空其中一格。", "Clear one of the two cells."),
        "# 复制了一行，两行都填了营业收入",
        "# 只有一行填写营业收入",
    ),
    entry(
        "E524",
        ("文本被表格软件改成了数字或日期", "The spreadsheet changed a text"),
        (
            "编号 007 会变成 7，3-1 会变成3月1日，原来填的已经看不出来。",
            "007 becomes 7, and 3-1 becomes the first of March: what was typed is lost.",
        ),
        (
            "先把单元格设为“文本”，再重新输入。",
            "Format the cell as text first, then enter it again.",
        ),
        "7",
        "007（文本）",
    ),
    entry(
        "E525",
        ("“共几项”与表中的行不符", "How many does not fit the rows"),
        (
            "说共3项却填了5行，就不知道是多填了，还是数错了。",
            "Where the sheet says 3 and 5 rows are filled in, either may be wrong.",
        ),
        (
            "更正“共几项”，或清空多余的行；没有填 0，不清楚留空。",
            "Correct how many there are, or clear the rows; 0 for none, blank if not known.",
        ),
        "共几项：没有",
        "共几项：0",
    ),
    entry(
        "E526",
        ("隐藏的行或列已被改动", "The hidden row or column was changed"),
        (
            "每一格是哪一项，由隐藏的第1列和第2行说明；说明不对，填的内容就会算到别的事项上。",
            (
                "They say which fact each cell states; with a wrong one the answer would count for "
                "another fact."
            ),
        ),
        (
            "重新生成填报表，把内容复制过去，不要改动隐藏的行和列。",
            "Make the form again and copy the answers; leave the hidden row and column alone.",
        ),
        "# 隐藏的第2行写成 9999",
        "# 隐藏的第2行写着 2024",
    ),
    entry(
        "E580",
        ("数据库无法读取", "The database cannot be read"),
        (
            "连接被拒绝、没有权限，或者读取中断。读到一半的数据不使用。",
            "It refused the connection or the right to read, or broke off; half a table is no use.",
        ),
        (
            "用 psql 以同一地址试连；账号只需要读这几张表的权限，密码放在 ~/.pgpass。",
            (
                "Try the same address with psql. The account needs to read these tables, no more; "
                "its password belongs in ~/.pgpass."
            ),
        ),
        "postgresql://127.0.0.1:5433/grants#firms",
        "postgresql://127.0.0.1:5432/grants#firms",
    ),
    entry(
        "E581",
        ("数据库里没有这张表", "The database has no such table"),
        (
            "表名区分大小写；不在默认模式里的表要写明模式。",
            "Names are told apart by case too; a table outside the usual schema needs its schema.",
        ),
        (
            "按数据库里的写法写表名，必要时写成“模式.表”。",
            "Write the name as the database has it, if need be as schema.table.",
        ),
        "postgresql://127.0.0.1/grants#Firms",
        "postgresql://127.0.0.1/grants#firms",
    ),
    entry(
        "E582",
        ("数据库里有不是数字或日期的值", "The database holds what is no number or day"),
        (
            "NaN 和 infinity 不是金额，也不是日期，按任何数处理都可能算错。",
            "NaN and infinity are no amounts and no days; whatever they are read as may be wrong.",
        ),
        ("不知道的值存为 NULL。", "Where nothing is known, store NULL."),
        "INSERT INTO firms (founded_on) VALUES ('infinity');",
        "INSERT INTO firms (founded_on) VALUES (NULL);",
    ),
    entry(
        "E583",
        ("数据库地址没有写明表", "The address of a database names no table"),
        (
            "一个数据库有许多张表，不猜是哪一张。",
            "A database has many tables; which one is meant is not guessed.",
        ),
        ("把表名写在地址后面的 # 之后。", "Write the table behind a # after the address."),
        "postgresql://127.0.0.1/grants",
        "postgresql://127.0.0.1/grants#firms",
    ),
)
