"""Warnings to whoever writes rules (``W4``): what loads, and is probably not meant."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Both, Entry

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry(
        "W401",
        Both("两个版本之间有空档", "A gap between two versions"),
        Both(
            "空档内的日子没有规定可用，结论是“不适用”。",
            "In between nothing holds, and the answer is `not_applicable`.",
        ),
        Both(
            "核对起止日期（until 含当日）；确有空档的，写一条说明。",
            "Check the dates (`until` is inclusive); note a gap that is meant.",
        ),
        "effective = { until = 2024-12-30 }  # 下一版 from = 2025-01-01",
        "effective = { until = 2024-12-31 }  # 下一版 from = 2025-01-01",
    ),
    Entry(
        "W402",
        Both("永远不成立的条件", "A test that can never hold"),
        Both(
            "按词汇表的取值范围，谁也满足不了，多半是写错了数或词。",
            "Given the vocabulary nobody can meet it: usually a wrong figure or word.",
        ),
        Both(
            "与词汇表中的 min、max、choices 对照。",
            "Compare with `min`, `max` and `choices` in the vocabulary.",
        ),
        "when = 'applicant.staff > limit'  # limit = 1001, max = 1000",
        "when = 'applicant.staff > limit'  # limit = 100, max = 1000",
    ),
    Entry(
        "W403",
        Both("永远成立的条件", "A test that can never fail"),
        Both(
            "不起作用的条件让人误以为有一道关口。",
            "A test that stops nobody looks like a hurdle and is none.",
        ),
        Both(
            "删去，或改成原文要求的数。", "Leave it out, or write the figure that the text states."
        ),
        "when = 'applicant.staff >= least'  # least = 0",
        "when = 'applicant.staff >= least'  # least = 10",
    ),
    Entry(
        "W404",
        Both("没有用到的参数", "An unused parameter"),
        Both(
            "写了却不起作用的数，可能是漏用了。",
            "A figure without effect may have been forgotten where it counts.",
        ),
        Both("删去，或用在该用的地方。", "Leave it out, or use it where it counts."),
        '[incentive.parameters]\ncap = "20万元"  # 没有一处写 cap',
        "[incentive.parameters]\ncap = \"20万元\"  # [incentive.amount] cap = 'cap'",
    ),
    Entry(
        "W405",
        Both("没有用到的定义", "An unused definition"),
        Both(
            "没有规则引用它，改了它也不影响任何结论。",
            "No rule refers to it: changing it would change nothing.",
        ),
        Both("删去，或在该用的表达式里引用。", "Leave it out, or refer to it where it was meant."),
        '[[definition]]\nid = "net_cost"  # 没有一处写 net_cost',
        "[[definition]]\nid = \"net_cost\"  # base = 'net_cost'",
    ),
    Entry(
        "W406",
        Both("没有用到的事实", "A fact that no rule asks for"),
        Both("让申报人填写没人看的内容。", "People would fill in what nobody reads."),
        Both("从词汇表中删去。", "Leave it out of the vocabulary."),
        "[fact.applicant.area]  # 没有规则用到",
        "[fact.applicant.area]  # when = 'applicant.area > least'",
    ),
    Entry(
        "W407",
        Both("除数可能为零", "A divisor that can be zero"),
        Both(
            "除数为零就算不出结果，结论只能是“待定”。",
            "With a zero divisor there is no result, and the decision stays open.",
        ),
        Both(
            "加一个大于零的条件，或在词汇表中写 min。",
            "Add a condition that it is above zero, or a `min` in the vocabulary.",
        ),
        "when = 'applicant.cost / applicant.staff <= limit'",
        "when = 'applicant.staff > 0 and applicant.cost / applicant.staff <= limit'",
    ),
    Entry(
        "W408",
        Both("文字只有一种语言", "A text in one language only"),
        Both(
            "说明书和结论以中英文两种语言给出。",
            "Decisions are explained in Chinese and in English.",
        ),
        Both("补上英文。", "Add the English."),
        'name = { zh = "补助" }',
        'name = { zh = "补助", en = "Subsidy" }',
    ),
    Entry(
        "W409",
        Both("引文不在原文之中", "A quote that is not in its source"),
        Both(
            "引文是结论的依据，一字不能差（空白、分页、星号不计）。",
            (
                "A decision rests on the quote: word for word, but for white space, page breaks "
                "and asterisks."
            ),
        ),
        Both("从原文复制；省略处写“……”。", "Copy it from the document; mark an omission with ……"),
        'quote = "给予10%的奖励"',
        'quote = "给予奖励……最高不超过20万元"',
    ),
    Entry(
        "W411",
        Both("没有算例", "An incentive without cases"),
        Both(
            "没有算例，就没有证据表明规则与原文一致。",
            "Without a case nothing shows that the rule says what the text says.",
        ),
        Both(
            "加 [[incentive.case]]：事实、日期和应得的结论。",
            "Add [[incentive.case]]: facts, a date, and what must come out.",
        ),
        "[[incentive]]",
        "[[incentive]]\n[[incentive.case]]",
    ),
    Entry(
        "W412",
        Both("门槛的一侧没有算例", "No case on one side of a threshold"),
        Both(
            "门槛两侧都有算例，数写错了才会被发现。",
            "Only cases on both sides show that the figure is the right one.",
        ),
        Both(
            "两侧各加一个算例，最好只差一分钱或一天。",
            "Add a case on each side, best a fen or a day from it.",
        ),
        'cap = "20万元"  # 算例都是10万元',
        'cap = "20万元"  # 算例有10万元，也有封顶的20万元',
    ),
    Entry(
        "W413",
        Both("比例像是四舍五入过的分数", "A rate that looks like a rounded fraction"),
        Both(
            "0.054054 不是 2/37，按它计算会差几分钱。",
            "0.054054 is not 2/37, and the award would be some fen off.",
        ),
        Both("写成分数。", "Write the fraction."),
        'rate = "0.054054"',
        'rate = "2/37"',
    ),
    Entry(
        "W414",
        Both("基数增加，金额反而减少", "An amount that falls as its base rises"),
        Both(
            "多投入反而少得，多半是分档写错；原文确实如此的要说明。",
            (
                "Doing more earns less: usually a slip in the bands, and to be stated where it is "
                "meant."
            ),
        ),
        Both('改正分档，或写 decreasing = "理由"。', 'Mend the bands, or say decreasing = "why".'),
        (
            "bands = { of = 'applicant.cost', mode = \"whole\", steps = [\n"
            '  { up_to = "20万元", rate = "10%" },\n  { rate = "5%" },\n] }'
        ),
        (
            "bands = { of = 'applicant.cost', mode = \"marginal\", steps = [\n"
            '  { up_to = "20万元", rate = "10%" },\n  { rate = "5%" },\n] }'
        ),
    ),
    Entry(
        "W415",
        Both("写明的尾数处理没有条款", "A stated rounding without its clause"),
        Both("原文写明的，应当指出写在哪里。", "What the text states, it states somewhere."),
        Both('加 clause，或写 basis = "assumed"。', 'Add the clause, or write basis = "assumed".'),
        'rounding = { to = "0.01元", mode = "half_up", basis = "stated" }',
        'rounding = { to = "0.01元", mode = "half_up", basis = "stated", clause = "五" }',
    ),
    Entry(
        "W420",
        Both("参数盖住了外层的同名参数", "A parameter that hides another of its name"),
        Both(
            "表达式里写的是同一个名字，读的人可能看错数；改了外层的数，这里也不会变。",
            "The expression says one name: a reader may look at the wrong figure, and a change "
            "of the outer one changes nothing here.",
        ),
        Both(
            "换一个名字；两处本来是同一个数的，只留外层的。",
            "Give it a name of its own; where both are one figure, keep the outer one only.",
        ),
        '[parameters]\nrate = "10%"\n[incentive.parameters]\nrate = "5%"',
        '[parameters]\nrate = "10%"\n[incentive.parameters]\nsmall_rate = "5%"',
    ),
)
