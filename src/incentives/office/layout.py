"""What the form and its reader agree on: the marker, the hidden codes, the fixed words.

A sheet of the form has the marker in A1. Row 2, hidden, says what each column holds:
``value``, a year, or in a list the fact (``contract.performed_in_year.2024``). Column A,
hidden, says what each row is: a fact, ``item``, or ``count:contract``. The codes travel
with their rows and columns when people sort or insert.
"""

from __future__ import annotations

from typing import Final

from incentives.language.core import Text
from incentives.values.types import Kind

MARKER: Final = "incentives/form/1"
VALUE: Final = "value"
ITEM: Final = "item"
COUNT: Final = "count:"
CODES_ROW: Final = 2

HOW: Final = {
    Kind.BOOL: Text("从下拉列表选：是、否、不知道", "choose Yes, No or Unknown"),
    Kind.COUNT: Text("整数，如 25", "a whole number, such as 25"),
    Kind.RATIO: Text("带百分号，如 3.5%", "with its sign, such as 3.5%"),
    Kind.MONEY: Text("写明单位，如 20万元、1234.56元", "with its unit: 20万元 or 1234.56元"),
    Kind.DATE: Text("如 2024-05-01；只知道月份写 2024-05", "2024-05-01, or 2024-05 for a month"),
    Kind.CHOICE: Text("从下拉列表选一项", "choose one from the list"),
    Kind.REGION: Text("从下拉列表选，或填六位代码", "choose one, or give the six-digit code"),
    Kind.INDUSTRY: Text("行业代码，如 C39", "an industry code such as C39"),
    Kind.TEXT: Text("文字", "text"),
}
USCC: Final = Text("18位，对照营业执照", "18 characters, from the licence")

INCENTIVE: Final = Text("从下拉列表选；不在其中的写名称", "choose one; give the name of any other")

TITLE: Final = Text("惠企政策申报资料表", "Facts for public incentives")
GUIDE: Final = Text("填表说明", "How to fill in")
YEARLY: Final = Text("逐年数据", "By year")
CHOICES: Final = Text("选项", "Choices")
HEADINGS: Final = (
    Text("序号", "No."),
    Text("事项", "Fact"),
    Text("问题", "Question"),
    Text("填写", "Answer"),
    Text("填写要求", "How to fill in"),
    Text("证明材料", "Evidence"),
)
NUMBER: Final = Text("序号", "No.")
HOW_MANY: Final = Text("共几项（没有填0，不清楚留空）", "How many (0 for none; blank if not known)")

RULES: Final = (
    Text(
        "只填黄色的格子。不知道的留空：空白表示“不知道”，不表示零，也不表示否。",
        "Fill in the yellow cells only. Leave blank what is not known: blank means “not known”, "
        "never zero and never no.",
    ),
    Text(
        "不要写“/”“无”“—”：确实是零，金额写 0元，数量写 0；确实不是，选“否”。",
        "Do not write “/”, “none” or “—”: where it is zero, write 0元 or 0; where it is not so, "
        "choose No.",
    ),
    Text(
        "金额要写单位（元、万元、亿元），可以写到分：1234567.85元。",
        "Amounts need their unit (元, 万元, 亿元), to the fen if need be: 1234567.85元.",
    ),
    Text(
        "只知道范围的，写：180万元至260万元，或 不低于180万元，或 不超过260万元。",
        "Where only a range is known, write 180万元至260万元, or >= 180万元, or <= 260万元.",
    ),
    Text(
        "合同、项目等各有一张表，每行一项。没有的，在“共几项”处填 0；不清楚的留空。",
        "Contracts, projects and the like have sheets of their own, one row each. Where there are "
        "none, write 0 for how many; leave it blank if that is not known.",
    ),
    Text(
        "灰色的年份与所选政策无关，可以不填。行可以增加；请不要删除隐藏的行和列。",
        "Grey years do not matter to the chosen incentives. Rows may be added; do not delete "
        "hidden rows and columns.",
    ),
    Text(
        "统一社会信用代码、合同编号等按文本填写；变成 9.11E+17 的，末尾数字已经丢失，须重新输入。",
        "Codes and numbers of contracts are text; one that has become 9.11E+17 has lost its last "
        "digits and must be entered again.",
    ),
)
"""What the first sheet says."""
