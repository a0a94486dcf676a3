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
    entry(
        "E802",
        ("资金总量没有分配", "A limited purse that is not shared"),
        (
            (
                "批量评估按各户的申报额或排名分配资金。版本按项目日期确定、与其他政策同组、被其他政策"
                "引用、总额因企业而异、按项目排名的，不能这样分配，每户仍是从零到全额的区间。"
            ),
            (
                "A batch shares a purse by claims or ranks. It cannot where the version depends on "
                "an item's date, a group or another incentive counts on the award, the total "
                "differs by firm, or items are ranked: each firm keeps the range up to its full "
                "amount."
            ),
        ),
        (
            "分配以受理机关的结果为准；确定后记入 decided。",
            "Whoever pays shares it; put what they decided under `decided`.",
        ),
        "budget = { places = 10, rank_by = 'contract.performed_amount' }",
        "budget = { places = 10, rank_by = 'applicant.rd_expense[year - 1]' }",
    ),
    entry(
        "E803",
        ("资金分配没有计入有误的户", "A purse was shared without firms that have faults"),
        (
            (
                "资料有误的户读不出来，不知道会申报多少，因此没有参加分配。"
                "更正之后再算，其他户分得的会变少。"
            ),
            (
                "What a firm with faults would claim cannot be read, so it took no part. Once it "
                "is mended, the others get less."
            ),
        ),
        (
            "更正 status 为 error 的行，重新计算，再兑付。",
            "Mend the rows whose status is error, run again, and pay only then.",
        ),
        "incentives batch firms.csv …    # 3 户有误",
        "incentives batch firms.csv …    # 0 户有误",
    ),
)
