"""Findings about profiles (``E3``): read by applicants."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E300",
        ("文件不是有效的 JSON", "The file is not JSON"),
        ("读不懂的资料不作猜测。", "What cannot be read is not guessed."),
        (
            "按提示的位置检查引号、逗号和括号。",
            "Look for a missing quotation mark, comma or bracket.",
        ),
        '{"applicant": {kind: "enterprise"}}',
        '{"applicant": {"kind": "enterprise"}}',
    ),
    entry(
        "E301",
        ("此处应是事实表", "A table of facts is needed"),
        (
            "申报资料由若干张表组成，每张表写一个主体或一项材料的事实。",
            "A profile is made of tables, each with the facts of the applicant or of one item.",
        ),
        ("写成 [applicant] 表，逐行填写。", "Write a table [applicant], one fact to a line."),
        'applicant = "示例公司"',
        '[applicant]\nname = "示例公司"',
    ),
    entry(
        "E302",
        ("此处应是列表", "A list is needed"),
        (
            "合同、证书等可以有多份，每份单独一段；没有的写 contract = []。",
            "There may be several contracts, each in a table of its own; contract = [] says none.",
        ),
        ("方括号写两层：[[contract]]。", "Write two brackets: [[contract]]."),
        '[contract]\nregistration_no = "1"',
        '[[contract]]\nregistration_no = "1"',
    ),
    entry(
        "E303",
        ("列表太长", "A list is too long"),
        ("一份资料里的列表最多十万项。", "A list in one profile has at most 100,000 items."),
        ("分成几份资料，或用批量处理。", "Split it, or assess a batch."),
        "# 十万份以上的 [[contract]]",
        "[[contract]]",
    ),
    entry(
        "E304",
        ("两项的编号相同", "Two items have the same number"),
        (
            "同一份合同填了两次，会重复计算；编号填错，则会张冠李戴。",
            "One contract given twice would be paid twice; a wrong number would mix two up.",
        ),
        ("删去重复的一项，或更正编号。", "Keep one, or correct the number."),
        '[[contract]]\nregistration_no = "2024-0017"\n[[contract]]\nregistration_no = "2024-0017"',
        '[[contract]]\nregistration_no = "2024-0017"\n[[contract]]\nregistration_no = "2024-0018"',
    ),
    entry(
        "E305",
        ("这一项要按年填写", "This fact has one value a year"),
        (
            "不写年份，就不知道是哪一年的数。",
            "Without a year nobody knows which year the figure is for.",
        ),
        ("写明年份；没有填的年份按未知处理。", "Give the year; years left out are unknown."),
        'revenue = "3200万元"',
        'revenue = { 2023 = "3200万元" }',
    ),
    entry(
        "E306",
        ("不是年份", "Not a year"),
        ("按年填写的事实，键是四位年份。", "A fact by year has four-digit years as keys."),
        ("写 2023，不写“去年”或“23年”。", "Write 2023."),
        'revenue = { 23 = "3200万元" }',
        'revenue = { 2023 = "3200万元" }',
    ),
    entry(
        "E307",
        ("没有这一项事实", "There is no such fact"),
        (
            "写错名称的事实会被当作没有填，可能因此少得一笔钱，所以不忽略。",
            "A misspelt fact would count as not given, and might cost an award: it is not ignored.",
        ),
        (
            "按提示改名；确实多余的可加 --allow-extra，只作提示。",
            "Use the name offered; --allow-extra makes it a warning.",
        ),
        'naem = "示例公司"',
        'name = "示例公司"',
    ),
    entry(
        "E310",
        ("用了小数（浮点数）", "A floating-point number"),
        (
            "计算机里的浮点小数不精确，会差一分钱。",
            "Such numbers are not exact in a computer: an award may be one fen off.",
        ),
        ("加上引号；金额写明单位。", "Put it in quotation marks; give money its unit."),
        "performed_amount = 1234567.85",
        'performed_amount = "1234567.85元"',
    ),
    entry(
        "E311",
        ("应填数字，却填了是或否", "Yes or no stands where a number is needed"),
        ("是或否不是数量。", "Yes or no is no number."),
        ("填写数字。", "Write the number."),
        "staff = true",
        "staff = 12",
    ),
    entry(
        "E312",
        ("金额没有单位", "Money without a unit"),
        (
            "元和万元相差一万倍，又最容易混淆，所以不猜。",
            "元 and 万元 differ by ten thousand and are easily confused, so none is assumed.",
        ),
        ("加上引号和单位。", "Write it in quotation marks with its unit."),
        "performed_amount = 150",
        'performed_amount = "150万元"',
    ),
    entry(
        "E313",
        ("填的不是这类值", "A value of another kind"),
        (
            "应填金额、比例、日期或文本之处，填了别的。",
            "Something else stands where money, a ratio, a date or text is needed.",
        ),
        ("按提示的写法填。", "Write it as the finding shows."),
        'founded_on = "成立于去年"',
        "founded_on = 2023-05-01",
    ),
    entry(
        "E314",
        ("数值读不出来", "A number that cannot be read"),
        (
            "例如金额细到分以下、位数过多、单位写了两次。",
            "Money finer than a fen, too many digits, or a unit twice.",
        ),
        ("按提示改写，不要四舍五入后再填。", "Write it as the finding shows."),
        'performed_amount = "1.5万万元"',
        'performed_amount = "1.5亿元"',
    ),
    entry(
        "E315",
        ("应填是或否", "Yes or no is needed"),
        (
            "文字的“是”“无”“/”各人理解不同，不作猜测；不知道就不要填。",
            "Words such as 是 or 无 are read in different ways. What is not known is left out.",
        ),
        ("写 true（是）或 false（否），不加引号。", "Write true or false without quotation marks."),
        'dishonest = "无"',
        "dishonest = false",
    ),
    entry(
        "E316",
        ("超出允许的范围", "Outside the range"),
        (
            "金额和人数不能为负，比例不能超过规定的最大值；多半是笔误。",
            "Money and counts are not negative and ratios have a most: it is probably a slip.",
        ),
        ("核对后更正。", "Check and correct it."),
        'performed_amount = "-5万元"',
        'performed_amount = "5万元"',
    ),
    entry(
        "E317",
        ("下限高于上限", "The lower bound is above the upper"),
        ("没有一个数同时满足两者。", "No number is in between."),
        ("对调或更正。", "Swap or correct them."),
        'performed_amount = { at_least = "260万元", at_most = "180万元" }',
        'performed_amount = { at_least = "180万元", at_most = "260万元" }',
    ),
    entry(
        "E318",
        ("此处不能填表", "A table is not a value here"),
        (
            "只有金额、数量、比例和日期可以写上下限。",
            "Only money, counts, ratios and dates may be given within bounds.",
        ),
        (
            "填一个值，或写 { at_least = …, at_most = … }。",
            "Write one value, or { at_least = …, at_most = … }.",
        ),
        'kind = { either = "enterprise" }',
        'kind = "enterprise"',
    ),
    entry(
        "E319",
        ("日期带有时刻", "A date with a time of day"),
        (
            "带时刻的时间属于哪一天，取决于时区。",
            "Which day it belongs to depends on a time zone.",
        ),
        ("只写日期。", "Write the date alone."),
        "founded_on = 2023-05-01T16:30:00Z",
        "founded_on = 2023-05-01",
    ),
    entry(
        "E320",
        ("不在选项之中", "Not one of the choices"),
        (
            "选项是规则用来判断的词，只能从中选。",
            "Rules decide by these words, so only they may stand here.",
        ),
        (
            "从列出的选项中选；提示里有最接近的。",
            "Choose one of those listed; the nearest is offered.",
        ),
        'kind = "公司"',
        'kind = "enterprise"',
    ),
    entry(
        "E321",
        ("不是有效的地区或行业代码", "Not a region or industry code"),
        (
            "地名会重名、会改名，代码不会；地区用 GB/T 2260 六位代码，行业用 GB/T 4754 代码。",
            (
                "Names of places repeat and change; codes do not: GB/T 2260 for regions, GB/T "
                "4754 for "
                "industries."
            ),
        ),
        ("代码写在引号里。", "Write the code in quotation marks."),
        'region = "石嘴山"',
        'region = "640200"',
    ),
    entry(
        "E322",
        ("文本中有看不见的字符", "An invisible character"),
        (
            "从网页或表格粘贴时常会带入；看着相同的两个编号会因此不同。",
            "Pasting brings it in; two numbers that look the same would differ.",
        ),
        ("删去后重新输入。", "Delete it and type the text again."),
        'name = "示例\\u200b公司"',
        'name = "示例公司"',
    ),
    entry(
        "E323",
        ("统一社会信用代码有误", "The unified social credit code is wrong"),
        (
            "代码的最后一位是校验位，由前十七位算出；对不上说明抄错了。",
            (
                "Its last character is worked out from the other seventeen; it does not "
                "match, so the "
                "code was copied wrongly."
            ),
        ),
        (
            "对照营业执照重新输入；从表格复制时注意不要变成科学计数法。",
            "Copy it again from the licence; spreadsheets may turn it into 9.11E+17.",
        ),
        'credit_code = "91640200MA75W0000X"  # 校验位不符',
        'credit_code = "91350100M000100Y43"',
    ),
    entry(
        "E324",
        ("行政区划代码已停用", "The region code is no longer in use"),
        (
            "区划调整后代码改变；按旧代码会把企业归到另一个市县，奖补可能因此算错。",
            (
                "A reform gave the place another code. By the old one the firm would be counted "
                "to another city or county, and awards could come out wrong."
            ),
        ),
        (
            "按现在的营业执照填写现行代码；评估旧事项时也用现行代码。",
            "Write the code that is in use now, for old matters too.",
        ),
        'region = "640322"  # 中宁县的旧代码',
        'region = "640521"',
    ),
    entry(
        "E325",
        ("行政区划代码可能写错", "The region code may be mistyped"),
        (
            (
                "没有哪个省的代码这样开头，或者规则列出了同一个市的区县，其中没有这个代码；"
                "写错一位，本地政策就全部不适用。"
            ),
            (
                "No province has a code that begins so, or the rules list the counties of the "
                "same city without this one. One wrong digit, and no local measure applies."
            ),
        ),
        ("对照营业执照核对代码。", "Check the code against the licence."),
        'region = "640299"',
        'region = "640205"',
    ),
    entry(
        "E326",
        ("日期晚于评估日期", "A date after the date of assessment"),
        (
            "还没有发生的事不能作为依据；多半是年份写错，或者评估日期（--on）选错。",
            (
                "What has not happened yet is no ground for an award. Most often the year is "
                "wrong, or the date of assessment (--on)."
            ),
        ),
        ("核对日期，或者改用正确的评估日期。", "Check the date, or assess on the right day."),
        "recognised_on = 2035-01-01  # --on 2024-06-01",
        "recognised_on = 2023-11-15",
    ),
    entry(
        "E327",
        ("条目太多，算不完", "Too much to work out"),
        (
            (
                "每项政策最多要算多少步，按列表的长度事先就能定下来；一份资料合计超过400万步的，"
                "不开始算，以免占住机器。"
            ),
            (
                "How many steps each incentive can take follows from the lengths of the lists. "
                "A profile that could take more than 4 million is not begun, so that it cannot "
                "hold up the machine."
            ),
        ),
        (
            "删去与申报无关的条目，或分成几份资料；大量主体请用批量处理。",
            (
                "Leave out what does not concern the application, or split the profile; "
                "many applicants go in a batch."
            ),
        ),
        "# 十万份 [[contract]]",
        "# 一万份 [[contract]]",
    ),
    entry(
        "E328",
        ("文本太长", "A text is too long"),
        (
            "资料里的一段文本最多一万字：名称、编号不会更长，更长的多半是粘贴错了。",
            "A text has at most 10,000 characters; no name or number is longer.",
        ),
        ("改为简短的名称或编号。", "Write the name or number itself."),
        'name = "示例公司示例公司示例公司……"  # 一万字以上',
        'name = "示例公司"',
    ),
    entry(
        "E329",
        ("问题太多，没有全部列出", "Too many faults to list them all"),
        (
            "一次最多列出100处；一处写法不对，往往在许多条目里重复出现。",
            "At most 100 are listed at once; one slip is often repeated in many items.",
        ),
        ("先改正列出的，再检查一次。", "Mend those that are listed, then check again."),
        "# 一百份 [[contract]]，每份的金额都没有单位",
        'performed_amount = "150万元"',
    ),
)
