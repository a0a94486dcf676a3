"""What proofs about rules find (``E7``): read by whoever writes rules."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E701",
        ("没有人能享受的政策", "An incentive that nobody is granted"),
        (
            "已证明：没有一份资料齐全的申报能满足全部条件，多半是两个条件互相排斥。",
            "Proved: no complete profile meets every condition; usually two exclude each other.",
        ),
        (
            "对照原文核对列出的条件，改正数字、词或“且”“或”。",
            "Compare the listed conditions with the text; mend a figure, a word, or and/or.",
        ),
        "when = 'applicant.staff > most and applicant.staff < least'  # most = 300, least = 10",
        "when = 'applicant.staff <= most and applicant.staff >= least'",
    ),
    entry(
        "E702",
        ("多余的条件", "A redundant condition"),
        (
            "其他条件都满足时它必然满足，从不改变结论：要么别处写得过严，要么它本身写错了。",
            (
                "It holds wherever the others do and never changes a decision: another one is "
                "stricter than meant, or this one is wrong."
            ),
        ),
        (
            "与原文核对；原文确有此句的，可以保留，并写一条说明。",
            "Compare with the text; where the text has both, keep it and say so in a note.",
        ),
        "when = 'applicant.rd[year - 1] > 0'  # 另有 rd[year - 1] > rd[year - 2]",
        "when = 'applicant.rd[year - 1] > applicant.rd[year - 2]'",
    ),
    entry(
        "E703",
        ("金额超出范围", "An amount outside its bounds"),
        (
            "有申报主体会得到超过上限的金额，或小于零的金额。",
            "Somebody gets more than the cap, or less than nothing.",
        ),
        (
            "查看所示资料的推导；上限应写在 cap 或 [[incentive.total]]。",
            (
                "Look at the derivation for the profile shown; a cap stands in `cap` or in "
                "[[incentive.total]]."
            ),
        ),
        "formula = 'min(rate * contract.paid, cap) + extra'",
        "formula = 'rate * contract.paid + extra'\ncap = 'cap'",
    ),
    entry(
        "E704",
        ("基数增加时金额减少", "An amount that falls as its base rises"),
        (
            "多花一分钱反而少得补助，申报主体会因此压低数字；所示两份资料就在这道坎的两侧。",
            (
                "Who spends a fen more gets less, and will report less; the two profiles shown "
                "stand on both sides of that edge."
            ),
        ),
        (
            "与原文核对；政策确是如此的，写上 decreasing 并说明理由。",
            "Compare with the text; where the policy means it, say why in `decreasing`.",
        ),
        'bands = { of = \'rd\', mode = "whole", steps = [ { up_to = "1万元", … }, … ] }',
        'decreasing = "超过1万元的，全额按5%计（原文如此）"',
    ),
    entry(
        "E705",
        ("表中各行重叠或有空缺", "Rows of a table that overlap or leave a hole"),
        (
            "同一情形落在两行，或者一行也落不到，金额就无法确定。",
            "A case that falls into two rows, or into none, has no amount.",
        ),
        (
            '把各行写成互不重叠，或写 hit = "first"；需要时补一行 otherwise。',
            (
                'Make the rows exclude each other, or write hit = "first"; add an `otherwise` row '
                "where one is missing."
            ),
        ),
        "table = [ { when = 'staff >= a', … }, { when = 'staff >= b', … } ]",
        "table = [ { when = 'staff >= a and staff < b', … }, { when = 'staff >= b', … } ]",
    ),
    entry(
        "E706",
        ("各种理解的差别与所说不符", "Readings that differ otherwise than said"),
        (
            "两种理解在任何情形下都一样，就不成其为两种理解；在指定范围内本应一致的，却有不同。",
            "Two readings that never differ are one; where they were said to agree, they do not.",
        ),
        (
            "核对另一种理解改动了什么，或改写范围。",
            "Look at what the other reading changes, or change the region.",
        ),
        '[[incentive.reading]] … parameters = { cap = "20万元" }  # 与本条相同',
        '[[incentive.reading]] … parameters = { cap = "30万元" }',
    ),
    entry(
        "E707",
        ("新旧版本在此有不同", "Versions that differ here"),
        (
            "修订说明只涉及别处，这里的结论却变了：有人会因此多得或少得。",
            (
                "The change was said to be elsewhere, and here decisions change: somebody gets "
                "more or less because of it."
            ),
        ),
        (
            "比较所示资料在两个版本下的推导，找出不该有的改动。",
            (
                "Compare the derivations of the profile shown under both, and find the change that "
                "was not meant."
            ),
        ),
        'cap = "20万元"  # 旧版 "30万元"，说明只写改了期限',
        'cap = "30万元"',
    ),
)
