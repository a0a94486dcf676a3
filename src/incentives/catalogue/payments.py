"""Findings about lists of payments and the profiles behind them (``E62``, ``E63``)."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E620",
        ("没有找到表头", "No heading was found"),
        (
            "要知道付给谁、付了多少，清单必须有企业名称或信用代码，以及兑现金额这两列。",
            "Who was paid and how much: a list needs a column for the firm and one for the amount.",
        ),
        (
            "改正列名，或用 --map “列名=amount” 声明；也可以写列号，如 F=amount。",
            "Mend the heading, or declare it with --map 'heading=amount'; F=amount does too.",
        ),
        "企业,核定数",
        "企业名称,兑现金额（元）",
    ),
    entry(
        "E621",
        ("两列像是同一内容", "Two columns read as the same"),
        (
            "例如既有“兑现金额”又有“拨付金额”：用哪一列核对，结论会不同，不能猜。",
            "Of two columns of amounts the answer depends on which is taken; it is not guessed.",
        ),
        (
            "用 --map 声明用哪一列，如 --map “F=amount”。",
            "Say which one it is, as in --map F=amount.",
        ),
        "兑现金额,拨付金额",
        "兑现金额,申报金额",
    ),
    entry(
        "E624",
        ("金额没有单位", "An amount has no unit"),
        (
            "元和万元相差一万倍，是兑现清单里最常见的差错，所以不作猜测。",
            "元 and 万元 are ten thousand apart and the commonest mistake in such lists.",
        ),
        (
            "在列名或单元格里写明单位，如“兑现金额（万元）”；或用 --unit 万元 声明。",
            "Write the unit in the heading or the cell, or declare it with --unit 万元.",
        ),
        "兑现金额\n35",
        "兑现金额（万元）\n35",
    ),
    entry(
        "E625",
        ("声明的列不存在", "A declared column does not exist"),
        (
            "声明写错了，会把别的列当成要核对的内容。",
            "A wrong declaration would have another column checked.",
        ),
        ("照表头原样写列名，或写列号。", "Write the heading as it stands, or the column's letter."),
        "--map “实付=amount”",
        "--map “F=amount”",
    ),
    entry(
        "E626",
        ("信用代码不完整或有误", "A credit code is incomplete or wrong"),
        (
            (
                "表格软件会把全是数字的代码存成数字，末尾几位就丢了（如 9.11E+17）；"
                "代码不对，款项就可能算到别人头上。"
            ),
            (
                "Spreadsheets keep all-digit codes as numbers and lose their end (9.11E+17); "
                "a wrong code would put a payment on somebody else's account."
            ),
        ),
        (
            "把该列设为“文本”，对照营业执照重新填写。",
            "Format the column as text and enter the code from the licence again.",
        ),
        "9.11101E+17",
        "91640200MA0000001W",
    ),
    entry(
        "E627",
        ("不是日期", "This is no date"),
        (
            "适用哪一天的规定，要看日期；表格里的日期序号和写法不明的日期不作猜测。",
            "The date says which rules apply; serial numbers and odd spellings are not guessed.",
        ),
        (
            "写成 2024-06-01，或把单元格设为日期格式。",
            "Write 2024-06-01, or format the cell as a date.",
        ),
        "45444",
        "2024-06-01",
    ),
    entry(
        "E628",
        ("金额读不准", "An amount cannot be read exactly"),
        (
            "核对要精确到分；空白、文字，或细到分以下的数都不能当作金额。",
            "Checking is to the fen; a blank, a word or part of a fen is no amount.",
        ),
        ("填写实际支付的金额，没有支付的填 0。", "Enter what was really paid, 0 for nothing."),
        "约35万",
        "35万元",
    ),
    entry(
        "E629",
        ("单元格是错误值", "A cell holds an error"),
        (
            "#REF! 之类的错误值，或位数超出表格所能保存的数，没有确切的含义。",
            "An error such as #REF!, or more digits than a spreadsheet keeps, means nothing exact.",
        ),
        ("对照原件重新填写。", "Enter the value again from the original."),
        "#REF!",
        "350000.00",
    ),
    entry(
        "E630",
        ("不能确定用哪个工作表", "Which sheet is the list is not clear"),
        (
            "工作簿里有几个像清单的表，核对哪一个要由您指明。",
            "Several sheets could be the list; you have to say which.",
        ),
        ("用 --sheet 写明工作表名。", "Name the sheet with --sheet."),
        "--sheet 不写，而工作簿有“第一批”“第二批”",
        "--sheet 第一批",
    ),
    entry(
        "E631",
        ("一家单位有两份资料", "One firm has two profiles"),
        (
            "两份资料可能互相矛盾，用哪一份结论就不同。",
            "Two profiles may contradict each other, and the answer depends on which is taken.",
        ),
        ("保留正确的一份。", "Keep the one that is right."),
        "甲.toml 与 甲（新）.toml 的信用代码相同",
        "每个信用代码一份资料",
    ),
    entry(
        "E632",
        ("资料表的列名看不懂", "A column of a profile table means nothing"),
        (
            "列名要与词汇表中的事实对应，否则这一列的数就不会用上，或者会用错。",
            "A heading has to name a fact, or the figures below it would be lost or misused.",
        ),
        (
            "写词汇表中的名称或事实路径，如 applicant.revenue.2024；不用的列加 --allow-extra。",
            "Write the fact's label or path; --allow-extra passes other columns over.",
        ),
        "去年收入",
        "营业收入.2023（万元）",
    ),
    entry(
        "E633",
        ("明细对不上单位", "An item belongs to no firm"),
        (
            "合同等明细按信用代码归到单位；找不到单位的明细会被漏掉，所以不接受。",
            "Items belong to firms by credit code; one that finds none would be lost.",
        ),
        ("补充该单位的资料，或更正代码。", "Add the firm, or correct the code."),
        "明细表中的代码不在资料表里",
        "明细表中的代码都在资料表里",
    ),
)
