"""Findings about the tables of a batch (``E530`` to ``E549``): read by whoever prepares them."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E530",
        ("列名不是任何一项事实", "The column is no fact"),
        (
            "不认识的列若直接略过，写错一个字就等于没有填写，企业可能因此少得一项奖补。",
            (
                "Were it passed over, one wrong letter would mean that the fact is not stated, "
                "and a firm could lose an award by it."
            ),
        ),
        (
            "改用事实路径或词汇表中的名称；确实多余的列，加 --allow-extra 忽略。",
            "Write the fact's path or its label; pass --allow-extra to pass over other columns.",
        ),
        "营业收人.2024",
        "营业收入.2024",
    ),
    entry(
        "E531",
        ("列名对应多项事实", "The column can mean several facts"),
        (
            "两项事实名称相同，猜错一次，整列数字都会用错地方。",
            "Two facts have this label. A wrong guess would put a whole column in the wrong place.",
        ),
        ("改写为所指事实的路径。", "Write the path of the fact that is meant."),
        "研发费用.2024",
        "applicant.rd_expense.2024",
    ),
    entry(
        "E532",
        ("两列说的是同一项事实", "Two columns say the same"),
        (
            "两列不一致时，不知道以哪一列为准。",
            "Where they differ, nobody can say which of them is right.",
        ),
        ("只保留一列。", "Keep one of them."),
        "营业收入.2024, applicant.revenue.2024",
        "营业收入.2024",
    ),
    entry(
        "E533",
        ("没有区分企业的列", "No column tells the firms apart"),
        (
            "合同等明细要靠这一列对应到企业，结果也靠它对应回去。",
            "Items find their firm by this column, and the results are given back by it.",
        ),
        (
            "用 --key 写明列名；明细表也要有同名的列。列的类型应为文本或整数。",
            (
                "Name it with --key; tables of items need it too. It is of texts or of whole "
                "numbers, never of floats."
            ),
        ),
        "--key 编号  # 表中只有“信用代码”",
        "--key 信用代码",
    ),
    entry(
        "E534",
        ("浮点数列不精确", "A column of floats is not exact"),
        (
            "浮点数存不下 0.1 这样的数，一千万行里会有许多行差一分钱。",
            "A float cannot hold 0.1; over ten million rows many awards would be a fen off.",
        ),
        (
            "导出为 DECIMAL、以分为单位的整数，或带单位的文本。",
            "Write DECIMAL, whole numbers of fen, or texts with a unit.",
        ),
        "revenue DOUBLE",
        "revenue DECIMAL(18, 2)  # --unit applicant.revenue=元",
    ),
    entry(
        "E535",
        ("数字列没有单位", "A column of numbers without a unit"),
        (
            "元与万元相差一万倍，百分数与小数相差一百倍，不能靠猜。",
            (
                "Between 元 and 万元 lies a factor of ten thousand, between a percentage and a "
                "share one of a hundred; neither is guessed."
            ),
        ),
        (
            "用 --unit 声明，或写在列名里：营业收入（万元）.2024。",
            "Declare it with --unit, or write it in the heading: 营业收入（万元）.2024.",
        ),
        "revenue.2024 DECIMAL(18, 2)",
        "revenue.2024 DECIMAL(18, 2)  # --unit applicant.revenue=元",
    ),
    entry(
        "E536",
        ("列的类型存不下这项事实", "The type of the column does not fit the fact"),
        (
            "时间戳是哪一天要看时区，数字看不出是与否。换一种类型读，可能读成别的意思。",
            (
                "The day of a timestamp depends on a time zone, and a number is no yes or no. "
                "Read as another type it might mean something else."
            ),
        ),
        (
            "日期用 DATE，是否用 BOOLEAN，代码和选项用文本。",
            "Write dates as DATE, yes and no as BOOLEAN, codes and choices as text.",
        ),
        "founded_on TIMESTAMP",
        "founded_on DATE",
    ),
    entry(
        "E537",
        ("声明的单位不对", "The declared unit does not fit"),
        (
            "声明的列不在表中，单位不是这一类事实的单位，或者与列名里的单位不一致。",
            (
                "No table has the column, the unit is none of this kind of fact, or the heading "
                "says another one."
            ),
        ),
        (
            "金额用 元、万元、亿元、分，比例用 %、‰、1（即 0.175 这样的数）。",
            "Amounts are in 元, 万元, 亿元 or 分, ratios in %, ‰ or 1 (as 0.175).",
        ),
        "--unit applicant.revenue=千元",
        "--unit applicant.revenue=万元",
    ),
    entry(
        "E538",
        ("同一张表的文件列不一致", "Files of one table with other columns"),
        (
            "一个目录里的文件合起来是一张表。有的文件少一列，那些企业的这项事实就会全部算作未知。",
            (
                "The files below a directory are one table. Where one of them lacks a column, "
                "the fact would be unknown for all of its firms."
            ),
        ),
        (
            "各个文件写出相同的列；不属于这张表的文件移到别处。",
            "Write all files with the same columns; move those that belong elsewhere.",
        ),
        "firms/a.parquet: id, staff.2024；firms/b.parquet: id",
        "firms/a.parquet: id, staff.2024；firms/b.parquet: id, staff.2024",
    ),
    entry(
        "E539",
        ("没有企业表，或列表名称不对", "No table of firms, or of no list"),
        (
            "明细表要写明是哪一种（合同、项目等），写错了就不知道这些行是什么。",
            (
                "A table of items is of one list of the vocabulary: contracts, projects and so on. "
                "Without its right name nobody can say what its rows are."
            ),
        ),
        (
            "用词汇表中的名称，如 contract、project。",
            "Use a name of the vocabulary: contract, project.",
        ),
        "--table contracts=合同.csv",
        "--table contract=合同.csv",
    ),
    entry(
        "E540",
        ("企业没有编号", "The firm has no key"),
        (
            "没有编号就无法对应它的合同，也无法把结果还给它。这一行单独报错，不影响其他企业。",
            (
                "Without it neither its contracts nor its results can be told from another's. "
                "The row comes out with this error; the others are not touched."
            ),
        ),
        ("补上编号。", "Fill in the key."),
        "编号,名称\n,甲公司",
        "编号,名称\n001,甲公司",
    ),
    entry(
        "E541",
        ("企业编号重复", "A key that stands more than once"),
        (
            "同一家企业出现两次，可能领取两次；两家企业用了同一编号，合同不知归谁。各行都报错。",
            (
                "One firm twice might be paid twice; of two firms with one key nobody knows "
                "whose the contracts are. Each of the rows comes out with this error."
            ),
        ),
        ("保留正确的一行，或更正编号。", "Keep the right row, or correct the key."),
        "编号\n001\n001",
        "编号\n001\n002",
    ),
    entry(
        "E542",
        ("明细不属于任何企业", "Items of no firm"),
        (
            "这些合同等明细的企业不在表中，算不到任何一家；多半是编号写错，或漏了企业。",
            (
                "The firm of these items is not in the input, so they count for nobody. Most "
                "often a key is mistyped, or a firm is missing."
            ),
        ),
        ("补充该企业，或更正编号。", "Add the firm, or correct the key."),
        "合同表：编号 009  # 企业表中没有 009",
        "合同表：编号 001",
    ),
)
