"""Findings about expressions and figures (``E210`` to ``E243``)."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E210",
        ("表达式太长", "An expression is too long"),
        (
            "一条表达式最多2000个字符，再长就没有人能核对了。",
            "At most 2,000 characters: nobody could check a longer one against the text.",
        ),
        (
            "把其中一部分写成 [[definition]]，起个名字。",
            "Give a part of it a name with [[definition]].",
        ),
        "when = 'a and b and … '  # 两千字以上",
        "when = 'rd_intensity >= least'",
    ),
    entry(
        "E211",
        ("表达式太大", "An expression is too large"),
        (
            "一条表达式最多200个部分，嵌套和总计算步数也有上限，保证任何申报资料都能很快算完。",
            (
                "At most 200 parts, and a bound on nesting and steps: every profile is decided "
                "quickly."
            ),
        ),
        (
            "拆成几个定义或几个条件；列表里面再套列表的求和尽量避免。",
            "Split it into definitions or conditions; avoid a sum inside a sum.",
        ),
        "when = 'sum(sum(x.paid for x in contract) for c in contract) > 0'",
        "when = 'sum(c.paid for c in contract) > 0'",
    ),
    entry(
        "E212",
        ("规则语言里没有这种写法", "This is not part of the rule language"),
        (
            (
                "表达式用 Python 的语法，但只限名称、比较、与或非、四则运算和列出的几个函数，"
                "这样才能逐条解释、逐条核对。"
            ),
            (
                "Expressions use Python's grammar, reduced to names, comparisons, and/or/not, "
                "arithmetic "
                "and the listed functions, so that every step can be explained and checked."
            ),
        ),
        (
            "按提示改写；可用的函数见语言说明。",
            "Write it as shown; the language lists the functions.",
        ),
        "when = 'len(contract) > 0'",
        "when = 'count(c for c in contract) > 0'",
    ),
    entry(
        "E213",
        ("表达式里有全角符号", "A full-width character in an expression"),
        (
            "全角的“＞”“（”“，”与半角的不是同一个字符。",
            "A full-width ＞ or （ is another character than > or (.",
        ),
        ("切换到半角（英文标点）再输入。", "Type it in half width."),
        "when = 'applicant.staff ＞ least'",
        "when = 'applicant.staff > least'",
    ),
    entry(
        "E214",
        ("不是完整的表达式", "This is not an expression"),
        (
            "表达式有语法错误，例如括号不配对、少了运算符。",
            "It has a fault of grammar: a bracket or an operator is missing, say.",
        ),
        (
            "看箭头所指之处。等于写 ==，并且写 and，或者写 or，非写 not。",
            "Look under the arrow. Equal is ==; and, or, not are words.",
        ),
        "when = 'applicant.staff = least'",
        "when = 'applicant.staff == least'",
    ),
    entry(
        "E215",
        ("表达式里直接写了数字", "A figure stands in an expression"),
        (
            (
                "数额、比例、人数都是政策的标准，要有名字、有出处，改政策时才找得到，"
                "核对时才指得出。"
                "表达式里只能出现 0、1 和年份的加减。"
            ),
            (
                "A figure belongs to the policy: with a name and a clause it can be found "
                "when the policy "
                "changes and shown when an award is checked. Only 0, 1 and offsets of years "
                "may stand "
                "in an expression."
            ),
        ),
        (
            "写到 parameters 里，起个名字，注明条款。",
            "Put it under parameters, with a name and its clause.",
        ),
        "when = 'applicant.staff >= 50'",
        "when = 'applicant.staff >= least_staff'",
    ),
    entry(
        "E216",
        ("没有叫这个名字的东西", "Nothing has this name"),
        (
            "名称没有在词汇表、标准、定义或政策事项中登记；多半是拼写有误。",
            (
                "It is no fact of the vocabulary, parameter, definition or incentive; most "
                "often it is "
                "misspelt."
            ),
        ),
        (
            "按提示改名；确实需要新的事实时，先在 vocabulary.toml 中登记。",
            "Use the name offered; a new fact is declared in vocabulary.toml first.",
        ),
        "when = 'applicant.staf > least'",
        "when = 'applicant.staff > least'",
    ),
    entry(
        "E217",
        ("定义互相引用，绕成了圈", "Definitions refer to one another in a circle"),
        ("这样的定义永远算不出结果。", "Such a definition can never be worked out."),
        ("去掉其中一处引用。", "Take one of the references out."),
        "value = 'own_definition + 1'",
        "value = 'applicant.staff + 1'",
    ),
    entry(
        "E218",
        ("没有说明是列表里的哪一项", "Which item of a list is meant"),
        (
            "合同、证书等可以有许多份，直接写 contract.paid 不知道指哪一份。",
            "There may be many contracts; contract.paid does not say which one.",
        ),
        (
            '逐项评估就写 each = "contract"，合计就写 sum(c.paid for c in contract)。',
            'Write each = "contract" to assess them one by one, or sum(c.paid for c in contract).',
        ),
        "base = 'contract.paid'",
        "base = 'sum(c.paid for c in contract)'",
    ),
    entry(
        "E219",
        ("没有说明是哪一年", "Which year is meant"),
        (
            "营业收入、研发费用每年一个数。写死年份的规则过一年就错了，所以年份从评估日算起。",
            (
                "Revenue has one figure a year. A rule with a fixed year is wrong a year "
                "later, so years "
                "are counted from the assessment."
            ),
        ),
        (
            "上一年写 [year - 1]，当年写 [year]，也可用某个日期的年份。",
            "Write [year - 1] for the year before, or the year of a date.",
        ),
        "base = 'applicant.rd_expense'",
        "base = 'applicant.rd_expense[year - 1]'",
    ),
    entry(
        "E220",
        ("类型对不上", "Types that do not go together"),
        (
            "金额不能与比例相加，金额不能与金额相乘；量纲不对的算式，多半漏了一步或用错了事实。",
            (
                "Money and a ratio cannot be added, nor money multiplied by money: a step is "
                "missing, "
                "or the wrong fact is used."
            ),
        ),
        (
            "对照两边的声明。金额×比例、个数×金额得金额；金额÷金额得比例。",
            (
                "Compare the two declarations. Money × ratio and count × money give money; "
                "money ÷ money "
                "gives a ratio."
            ),
        ),
        "formula = 'applicant.revenue[year - 1] + rate'",
        "formula = 'applicant.revenue[year - 1] * rate'",
    ),
    entry(
        "E221",
        ("不是这项事实的选项或代码", "Not one of the choices or codes"),
        (
            "与一个不存在的选项比较，条件就永远不成立，而谁也不会发现。",
            "A comparison with a word that does not exist is never true, and nobody would notice.",
        ),
        (
            "从词汇表列出的选项中选；地区是六位代码，行业如 C39。",
            "Use a word the vocabulary lists; a region has six digits, an industry looks like C39.",
        ),
        "when = 'applicant.kind == \"firm\"'",
        "when = 'applicant.kind == \"enterprise\"'",
    ),
    entry(
        "E222",
        ("两者不能比较", "These cannot be compared"),
        (
            "金额不能与比例比大小；选项、地区、文本没有大小，只有相同与不同。",
            (
                "Money has no order with a ratio; choices, regions and texts are only equal or "
                "different."
            ),
        ),
        (
            "比较同类的量；地区的上下级用 within()。",
            "Compare like with like; use within() for regions inside others.",
        ),
        "when = 'applicant.revenue[year - 1] > rate'",
        "when = 'applicant.rd[year - 1] / applicant.revenue[year - 1] > rate'",
    ),
    entry(
        "E223",
        ("in 后面应是列表", "`in` needs a list"),
        (
            "in 用来判断是否属于几个值之一。",
            "`in` asks whether a value is one of several.",
        ),
        ('写成 in {"a", "b"}，或用一个值为列表的标准。', 'Write in {"a", "b"}, or name a list.'),
        "when = 'applicant.region in district'  # district 只有一个值",
        "when = 'applicant.region in districts'",
    ),
    entry(
        "E224",
        ("函数的用法不对", "The function is used otherwise"),
        (
            "参数的个数、次序或种类不对。",
            "The number, order or kind of its arguments is wrong.",
        ),
        ("按提示给出的写法改。", "Write it as the finding shows."),
        "when = 'years_between(applicant.founded_on) >= least'",
        "when = 'years_between(applicant.founded_on, on) >= least'",
    ),
    entry(
        "E230",
        ("不能作为数值的写法", "This cannot stand for a figure"),
        (
            "看起来像数值，但不合写法，例如金额细到分以下、分母为零、是或否。",
            (
                "It looks like a figure but is none: money finer than a fen, a zero denominator, "
                "true or false."
            ),
        ),
        (
            "金额写“20万元”，比例写“10%”，期限写“12 months”。",
            'Write money as "20万元", a ratio as "10%", a duration as "12 months".',
        ),
        'cap = "0.001元"',
        'cap = "0.01元"',
    ),
    entry(
        "E231",
        ("标准不是一个数值", "A parameter is not a figure"),
        (
            "标准只放政策写明的数值、日期、地区或它们的列表；算式应写成定义。",
            (
                "Parameters hold figures, dates, regions or lists of them; a calculation is a "
                "definition."
            ),
        ),
        (
            "金额不要漏写单位；算式改用 [[definition]]。",
            "Give money its unit; use [[definition]] for a calculation.",
        ),
        'cap = "二十万"',
        'cap = "20万元"',
    ),
    entry(
        "E232",
        ("同一标准的各个值种类不一", "The values of one parameter differ in kind"),
        (
            "一个名称只能有一种含义，不能这一年是金额，下一年是比例。",
            "A name has one meaning: not money in one year and a ratio in the next.",
        ),
        ("统一种类，或分成两个标准。", "Use one kind, or two parameters."),
        'limits = ["20万元", "10%"]',
        'limits = ["20万元", "30万元"]',
    ),
    entry(
        "E233",
        ("同一标准在同一天有两个值", "A parameter has two values on one day"),
        (
            "期限的两端都算在内；首尾相接时容易多算一天。",
            "Both ends of a period are included; where one ends, the next begins the day after.",
        ),
        ("让后一段从前一段结束的次日开始。", "Begin the next period the day after the last ends."),
        'cap = [{ until = 2024-06-30, value = "1万元" }, { from = 2024-06-30, value = "2万元" }]',
        'cap = [{ until = 2024-06-30, value = "1万元" }, { from = 2024-07-01, value = "2万元" }]',
    ),
    entry(
        "E234",
        ("同一名称出现两次", "One name stands twice"),
        (
            "一个名称有两种含义时，无从知道用的是哪一个；两处都已标出。",
            "With two meanings nobody knows which one is used; both places are shown.",
        ),
        ("保留一个，或改用两个名称。", "Keep one, or use two names."),
        "[fact.applicant.staff]  # 在两个词汇表里含义不同",
        "[fact.applicant.staff_total]",
    ),
    entry(
        "E235",
        ("条件编号是保留的", "A reserved condition id"),
        (
            "recipient、jurisdiction、items、once 由程序自己使用，结果里要能与条件区分。",
            (
                "recipient, jurisdiction, items and once are the program's own, and must stay "
                "apart in "
                "results."
            ),
        ),
        ("换一个编号。", "Choose another id."),
        'id = "recipient"',
        'id = "registered-here"',
    ),
    entry(
        "E237",
        ("给付方式与金额不相配", "Entitlement and amount do not go together"),
        (
            "“按…给予”“最高”要有金额；“另行规定”“仅享受待遇”“探索”没有金额。",
            "exact and up_to have an amount; by_reference, none and exploratory have none.",
        ),
        (
            "补上 [incentive.amount]，或改正 entitlement。",
            "Add [incentive.amount], or mend `entitlement`.",
        ),
        'entitlement = "exact"  # 没有 [incentive.amount]',
        'entitlement = "none"',
    ),
    entry(
        "E238",
        ("金额没有取整办法", "An amount has no rounding"),
        (
            "按比例算出的金额会细到分以下，四舍五入还是舍去，结果可能差一分，不能由程序替人决定。",
            (
                "A share of money can be finer than a fen, and how it is rounded changes the "
                "award: "
                "the program does not choose."
            ),
        ),
        (
            '在 [document] 写 rounding；原文没有规定就写 basis = "assumed"，结果中会列明是假定。',
            (
                "Add rounding to [document]; where the text is silent write basis = "
                '"assumed", and the '
                "result says so."
            ),
        ),
        "[document]  # 没有 rounding",
        'rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }',
    ),
    entry(
        "E239",
        ("标准没有覆盖整个执行期", "A parameter does not cover its period"),
        (
            "执行期内有一段时间没有标准可用，那时的申报就算不出来。",
            "For a time the incentive is in force and has no figure.",
        ),
        (
            "补上那一段的值，或让政策在那之前结束。",
            "Add a value for that time, or end the incentive before it.",
        ),
        'cap = [{ from = 2024-07-01, value = "2万元" }]  # 执行期从 2024-01-01 开始',
        'cap = [{ from = 2024-01-01, value = "2万元" }]',
    ),
    entry(
        "E240",
        ("分档没有从低到高排列", "The steps do not ascend"),
        (
            "档次的界限必须逐档升高，否则有的档永远落不进去。",
            "Each limit is above the one before, or a step could never be reached.",
        ),
        (
            "按界限从低到高排列；分时段的标准在每个时段都要升高。",
            "Sort the steps; dated limits ascend on every date.",
        ),
        (
            'steps = [{ up_to = "2000万元", rate = "5%" }, { up_to = "1000万元", rate = "3%" }, { '
            'rate = "1%" }]'
        ),
        (
            'steps = [{ up_to = "1000万元", rate = "5%" }, { up_to = "2000万元", rate = "3%" }, { '
            'rate = "1%" }]'
        ),
    ),
    entry(
        "E241",
        ("分档没有写全", "The steps leave something out"),
        (
            "最后一档没有上限，其余各档都有，这样每个数都恰好落在一档。",
            "The last step has no limit and all others have one: every number falls into one step.",
        ),
        ("最后加一档不写 up_to 的。", "Add a last step without up_to."),
        'steps = [{ up_to = "1000万元", rate = "5%" }]',
        'steps = [{ up_to = "1000万元", rate = "5%" }, { rate = "2.5%" }]',
    ),
    entry(
        "E242",
        ("查表定义有错误", "A lookup has errors"),
        ("它的某一部分已另行报告。", "One of its parts is reported on its own."),
        ("先改另行报告的错误。", "Mend the other findings first."),
        'lookup = { of = "staff_shar", steps = [{ gives = 0 }] }',
        'lookup = { of = "staff_share", steps = [{ gives = 0 }] }',
    ),
    entry(
        "E243",
        ("表里有两行可能同时成立", "Two rows of a table can hold at once"),
        (
            'hit = "unique" 表示各行互斥；两行同时成立时，给哪个数没有规定。',
            (
                'hit = "unique" says that rows exclude one another; where two hold, neither is '
                "the answer."
            ),
        ),
        (
            '改条件使各行互斥；原文若是“依次适用”，写 hit = "first"。',
            'Make them exclude each other; if the text says "in this order", write hit = "first".',
        ),
        "table = [{ when = 'applicant.staff >= a', … }, { when = 'applicant.staff >= b', … }]",
        'hit = "first"',
    ),
)
