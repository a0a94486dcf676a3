"""What the batch cannot compute as columns (``E80``): read by whoever runs it."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E801",
        ("无法逐列精确计算的政策", "An incentive without exact columns"),
        (
            (
                "规则中有数据库无法逐列精确计算的写法，或数值可能超出127个二进制位；"
                "批量评估从不近似，这一项改由单户引擎逐户判定，结果相同，只是较慢。"
            ),
            (
                "The rule says something that a database cannot compute exactly as columns, or a "
                "number may need more than 127 bits. A batch never approximates: the single "
                "engine decides this incentive firm by firm, with the same result, but slower."
            ),
        ),
        (
            (
                "无需更改即可得到正确结果。"
                "要加快，可按所示原因改写规则，或在词汇表中为事项写明 min 和 max。"
            ),
            (
                "Nothing has to be changed for a right result. To make it faster, write the rule "
                "without what the finding names, or give the facts a min and max."
            ),
        ),
        "formula = 'applicant.revenue[year] ** applicant.staff'",
        "formula = 'applicant.revenue[year] * rate'",
    ),
)
