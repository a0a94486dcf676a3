"""What each key of the file models is for, in Chinese and in English, with examples.

One table beside the models (``files``, ``file_parts``), read by whatever shows keys
to authors: the JSON Schemas, and through them an editor. Apart from the models
because a load never needs it.

The law kept here (``tests/unit/authoring/test_schema.py``): every key of every model
has its words, and no words are left over.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Words: TypeAlias = tuple[Any, ...]
"""Chinese, English, then examples as they are written in JSON."""

SHARED: Final[dict[str, Words]] = {
    "clause": ("所在条款", "Where in the document this stands", "二（三）6"),
    "quote": (
        "原文，一字不差；省略处写“……”",
        "The document's own words; …… marks an omission",
        "单个合同最高不超过 20 万元",
    ),
    "note": ("原文没有说清之处，以及怎样理解", "What the text leaves open, and how it was read"),
    "says": ("给人看的一句话", "One sentence for people"),
    "confidence": (
        "把握：high 大，medium 中，low 小",
        "How sure this reading is: high, medium or low",
    ),
    "from": ("起始日，含当日；不写为不限", "First day, inclusive; open if absent"),
    "until": ("截止日，含当日；不写为不限", "Last day, inclusive; open if absent"),
    "until_published": (
        "截止日的公布日；与本条一同公布的不写",
        "The day on which the end was announced; left out if with the rest",
    ),
    "parameters": (
        "参数：表达式里用的数，一个名字一个数",
        "Parameters: the figures that expressions use, by name",
    ),
    "residual": (
        "分到分以后的尾差归谁",
        "Who bears what is left after rounding to the fen",
        "640000",
    ),
    "shares": (
        "各方的比例，合计为1",
        "What each payer bears; together exactly one",
    ),
    "question": (
        "同一个问题的几种理解写同一个编号",
        "One id for the alternative readings of one question",
    ),
    "format": ("文件格式的版本，写 1", "Version of the file format: 1"),
    "definition": (
        "定义：给一个表达式或查表起名字",
        "Definitions: a name for an expression or a lookup",
    ),
}

WORDS: Final[dict[str, dict[str, Words]]] = {
    "Texts": {
        "zh": ("中文", "The Chinese text"),
        "en": ("英文", "The English text"),
    },
    "PeriodModel": {},
    "RoundingModel": {
        "to": ("舍入到的最小单位", "The unit to round to", "0.01元", "1元"),
        "mode": (
            "down 舍去，up 进位，half_up 四舍五入，half_even 四舍六入五成双",
            "down: towards zero; up: away; half_up: half away from zero; half_even: half to even",
        ),
        "basis": (
            "stated 原文写明（要写 clause），assumed 原文没写、按此处理",
            "stated: the text says so (give its clause); assumed: it does not",
        ),
    },
    "DatedValue": {
        "value": (
            "这段时间的值",
            "The value in this time",
            "20万元",
            "10%",
            5000,
        ),
    },
    "EntityModel": {
        "label": ("名称", "What it is called"),
        "many": (
            "true：一份资料里可以列多个（如合同）",
            "true: a profile lists any number (contracts)",
        ),
        "key": (
            "区分各项的事实（文本），同一份资料里不得重复",
            "The text fact that tells items apart; no two alike in a profile",
            "registration_no",
        ),
    },
    "FactModel": {
        "type": (
            (
                "类型：bool 是否，count 整数，ratio 比例，money 金额，date 日期，choice 选项，"
                "region 地区，industry 行业，text 文本"
            ),
            "What kind of value it is: money, ratio, count, date, one of several words, …",
        ),
        "label": ("名称", "What it is called"),
        "per": ("year：按年填写", "year: one value for each year"),
        "ask": (
            "向申报人提的问题；{year} 换成年份",
            "The question to applicants; {year} is filled in",
        ),
        "evidence": ("证明材料", "The papers that prove it"),
        "choices": ("选项：每个词及其名称", "The words it can be, each with its label"),
        "min": ("最小值，含", "The least it can be, inclusive", "0元"),
        "max": ("最大值，含", "The most it can be, inclusive", "100%"),
        "signed": ("true：可以为负", "true: it can be below zero"),
        "changeable": (
            "false：申报人改变不了的（如成立日期）",
            "false: nothing an applicant could change (the day of founding)",
        ),
        "check": ("uscc：按统一社会信用代码校验", "uscc: check as a unified social credit code"),
        "note": ("填写说明", "How to fill it in"),
    },
    "LookupStep": {
        "up_to": ("到这个数为止，含", "Up to this figure, inclusive (含)", "1000万元"),
        "below": ("到这个数为止，不含", "Below this figure, exclusive", "10%"),
        "gives": ("查得的值", "What is found", 4),
    },
    "LookupModel": {
        "of": ("按哪个数查", "The figure that is looked up", "staff_share"),
        "steps": (
            "各档，从小到大，最后一档没有界限",
            "The steps, ascending; the last has no bound",
        ),
    },
    "DefinitionModel": {
        "id": ("名字，写在表达式里", "Its name in expressions", "rd_intensity"),
        "name": ("给人看的名称", "What people call it"),
        "value": (
            "表达式",
            "The expression",
            "applicant.rd_expense[year - 1] / applicant.revenue[year - 1]",
        ),
        "lookup": ("查表", "A lookup, instead of value"),
    },
    "VocabularyFile": {
        "entity": ("主体和清单：申报主体、合同……", "The applicant, and what a profile lists"),
        "fact": (
            "事实，按主体分：[fact.applicant.staff]",
            "The facts, by entity: [fact.applicant.staff]",
        ),
        "parameters": ("各文件共用的参数", "Parameters that every file may use"),
    },
    "RegionModel": {
        "name": ("名称", "Its name"),
        "successor": ("撤并后的代码", "The code that followed it"),
    },
    "RegionsFile": {
        "region": ("行政区划代码（GB/T 2260）", "Codes of GB/T 2260"),
    },
    "ConditionModel": {
        "id": ("编号，同一项内不重复", "Its id, once within an incentive", "brokered"),
        "says": ("条件的意思，给申报人看", "What the condition asks, for applicants"),
        "when": ("成立的条件（表达式）", "It holds when this does", "contract.paid > 0"),
        "unless": ("不得有的情形（表达式）", "It fails when this holds", "applicant.dishonest"),
        "all": ("各部分都要成立", "Every part must hold"),
        "any": ("各部分至少成立一个（或 at_least 个）", "At least one part must hold, or at_least"),
        "at_least": ("any 中至少成立几个", "How many parts of any must hold", 2),
    },
    "BandStep": {
        "up_to": ("到这个数为止，含", "Up to this figure, inclusive (含)", "1000万元"),
        "below": ("到这个数为止，不含", "Below this figure, exclusive", "1000万元"),
        "rate": ("这一档的比例", "The rate of this step", "5%"),
    },
    "BandsModel": {
        "of": (
            "按哪个数分档",
            "The figure that is cut into bands",
            "applicant.rd_expense[year - 1]",
        ),
        "mode": (
            "marginal 分段累进（各段用各段的比例），whole 全额按所在档",
            "marginal: each slice at its own rate; whole: everything at the rate of its step",
        ),
        "steps": (
            "各档，从小到大，最后一档没有界限",
            "The steps, ascending; the last has no bound",
        ),
    },
    "RowModel": {
        "when": ("适用这一行的条件", "When this row applies"),
        "otherwise": ("true：其余情形，写在最后", "true: everything else; the last row"),
        "amount": ("这一行的金额", "The amount of this row", "30万元"),
        "entitlement": ("这一行自己的给付性质", "The entitlement of this row, if another"),
        "at_least": ("上限类的至少给多少", "The least that a ceiling comes to"),
    },
    "AmountModel": {
        "fixed": ("定额", "A fixed amount", "10万元"),
        "base": ("基数（与 rate 同用）", "The base; with rate", "contract.performed_amount"),
        "rate": ("比例（与 base 同用）", "The rate; with base", "10%"),
        "bands": ("分档计算", "By bands"),
        "table": ("按情形列表", "A table of cases"),
        "hit": (
            "unique：只能有一行成立；first：取最先成立的一行",
            "unique: one row holds at most; first: the first that does",
        ),
        "formula": ("公式（表达式）", "A formula"),
        "floor": ("不足的补到这个数", "Raise to this", "1万元"),
        "cap": ("封顶：不超过这个数", "Never more than this", "20万元"),
        "less": ("扣除（如已领取的）", "What is taken off, such as what was received"),
        "round": ("这一项自己的舍入办法", "Its own rounding"),
        "minimum": ("低于这个数的不付", "Pay nothing below this", "1000元"),
    },
    "TotalModel": {
        "cap": ("各项合计不超过", "The most that all items come to", "500万元"),
        "per": ("year 每年，lifetime 累计", "year: in each year; lifetime: for ever"),
        "by": ("按这个事实分别合计", "Apart for each value of this", "contract.result_no"),
    },
    "InstalmentModel": {
        "share": ("占金额的比例", "A share of the amount", "60%"),
        "amount": ("金额", "An amount", "2万元"),
        "when": ("付这一笔的条件", "When this part is due"),
    },
    "BudgetModel": {
        "amount": ("总额", "The purse", "1000万元"),
        "rule": ("pro_rata：不够时按比例折算", "pro_rata: shared in proportion when short"),
        "places": ("名额", "How many are paid", 20),
        "rank_by": ("按什么排名", "What ranks them", "applicant.rd_expense[year - 1]"),
    },
    "ShareModel": {
        "payer": (
            "出资方：行政区划代码、名称，或 local（申报主体所在县区）",
            "Who pays: a region code, a name, or local (the applicant's county or city)",
            "640000",
            "local",
        ),
        "share": ("比例", "The share", "70%"),
    },
    "FundingModel": {},
    "OverrideModel": {
        "incentive": ("被取代的条目", "The incentive that this one replaces", "document/incentive"),
        "when": ("取代的条件", "When it replaces it"),
    },
    "NoteModel": {
        "about": ("说的是什么", "What it is about", "cap-period"),
        "says": ("怎样理解，为什么", "How it was read, and why"),
    },
    "ExpectModel": {
        "status": (
            "结论：eligible 符合，ineligible 不符合，undetermined 待定，not_applicable 不适用",
            "The status that must come out",
        ),
        "reason": ("不适用的原因", "Why it is not applicable", "period", "jurisdiction"),
        "amount": (
            "金额；没有单一金额的写 none",
            "The amount; none where there is no single one",
            "20万元",
        ),
        "low": ("下限", "The low end of the range", "0元"),
        "high": ("上限；不封顶的写 none", "The high end; none where there is no bound", "20万元"),
        "failed": ("不符合的条件（编号）", "The ids of the conditions that fail"),
        "missing": ("还缺的事实", "The facts that are missing", ["applicant.dishonest"]),
        "funding": ("各出资方各出多少", "What each payer bears", {"640000": "7万元"}),
    },
    "AcceptModel": {
        "mutation": (
            "没有算例能发现的改动，照抄 incentives rules test --mutate 打印的一行",
            "Changes that no case can notice, as incentives rules test --mutate prints them",
            ["parameters.rate: 10% -> 9.9%"],
        ),
        "lint": (
            "本项里有意保留的提示（代码）",
            "The warnings about this entry that are meant, by their codes",
            ["W412"],
        ),
        "because": (
            "为什么没有算例能发现，或者为什么有意如此",
            "Why no case can notice, or why it is meant",
        ),
    },
    "CaseModel": {
        "name": ("算例的名称", "What the case shows", "the cap binds above two million yuan"),
        "on": ("评估日期", "The date of assessment", "2024-06-01"),
        "expect": (
            "应得的结论，只核对写了的",
            "What must come out; only what is given is compared",
        ),
        "facts": ("事实，写法同申报资料", "The facts, as in a profile"),
        "reading": ("按哪种理解", "The reading that is compared"),
        "assume_no_history": ("true：按从未领取过算", "true: nothing was received before"),
        "same_for": (
            "换成这些值，结论相同",
            "Values of a fact for which the same comes out",
            {"applicant.kind": ["university"]},
        ),
    },
    "_Keys": {
        "name": ("名称", "What it is called"),
        "kind": (
            (
                "类型：award 奖励，subsidy 补助，matching 配套，voucher 券，tax_relief 税收减免，"
                "deduction 扣除，credit 额度，loan 贷款，insurance 保险，treatment 待遇，"
                "priority 优先，service 服务"
            ),
            "What kind of help it is; the first five are money and enter totals",
        ),
        "recipient": (
            "给谁：applicant.kind 的词",
            "Who may have it: words of applicant.kind",
            ["enterprise"],
        ),
        "entitlement": (
            (
                "exact 按……给予，up_to 最高不超过，case_by_case 一事一议，"
                "by_reference 数额见其他文件，none 无金额，exploratory 探索"
            ),
            (
                "exact: owed; up_to: a ceiling; case_by_case: decided each time; by_reference: figures "
                "stand elsewhere; none: no amount; exploratory: not in force"
            ),
        ),
        "each": ("逐项计算的清单（如 contract）", "The list whose items it is about", "contract"),
        "dated_by": (
            "按哪个日期选版本和分段的参数；不写为评估日期",
            "The date that selects version and figures; the date of assessment if absent",
            "contract.registered_on",
        ),
        "where": ("anywhere：不限本地", "anywhere: not only in its own region"),
        "effective": ("执行期", "When it is in force"),
        "published": ("公布日", "When it was published"),
        "paid_to": ("付给谁（不是申报主体时）", "Who is paid, if not the applicant"),
        "refers_to": ("数额所在的文件", "Where the figures stand"),
        "at_least": ("上限类的至少给多少", "The least that a ceiling comes to"),
        "decreasing": (
            "基数增加金额反而减少的，写明原因",
            "Why the amount may fall as its base rises",
        ),
        "once": (
            "只给一次：lifetime 终身，year 每年，item 每项",
            "Paid once: in a lifetime, a year, or for an item",
        ),
        "distinct": ("按这个事实去重", "Pay one item for each value of this", "contract.result_no"),
        "keep": ("重复时留哪一项：first 最先，largest 最大", "Which of them: first or largest"),
        "overrides": ("取代哪些条目", "The incentives that this one replaces"),
        "condition": ("条件，须全部成立", "The conditions: all must hold"),
        "amount": ("金额怎样算", "How the amount comes about"),
        "total": ("各项合计的上限", "Limits on the sum over items"),
        "instalment": ("分期", "The parts it is paid in"),
        "budget": ("总额或名额有限的", "A limited purse"),
        "funding": ("各级怎样分担", "Who bears its cost"),
    },
    "ReadingModel": {
        "id": ("编号", "Its id", "net-of-tax"),
        "says": ("这种理解是什么", "What this reading is"),
        "default": ("true：条目本身就按这种理解写", "true: the one that the entry itself encodes"),
        "drop": ("去掉的条件（编号）", "The ids of the conditions that it leaves out"),
    },
    "IncentiveModel": {
        "id": (
            "编号，小写字母、数字和 -",
            "Its id: small letters, digits and -",
            "technology-contract-award",
        ),
        "summary": ("一句话说明", "One sentence about it"),
        "apply": ("怎样申报", "How to apply"),
        "reading": ("原文可以有的几种理解", "The readings that the text admits"),
        "accept": (
            "没有算例能发现的改动，及其理由",
            "Changes of the rules that no case can notice, and why",
        ),
        "case": (
            "算例：事实、日期、应得的结论",
            "Worked cases: facts, a date, and what must come out",
        ),
    },
    "SourceModel": {
        "name": ("原文的文件名", "The name of the file with the text"),
        "sha256": ("原文的 sha256", "The sha256 of that file"),
    },
    "DocumentModel": {
        "id": (
            "编号，小写字母、数字和 -",
            "Its id: small letters, digits and -",
            "shizuishan-tech-city",
        ),
        "title": ("标题（文号）", "Its title and number"),
        "issuer": ("发文机关或地区", "Who issued it"),
        "jurisdiction": (
            "适用地区的行政区划代码；100000 为全国",
            "The region it holds in; 100000 is the whole country",
            "640200",
        ),
        "legal_status": (
            "in_force 现行有效，repealed 已废止，draft 征求意见稿，historical 仅供查阅",
            (
                "in_force and repealed are assessed within their period, drafts on request, "
                "historical ones are listed only"
            ),
        ),
        "effective": ("执行期", "When it is in force"),
        "published": ("公布日", "When it was published"),
        "source": ("原文", "The text it was encoded from"),
        "rounding": ("金额的舍入办法", "How amounts are rounded"),
    },
    "SplitReadingModel": {
        "id": ("编号", "Its id"),
    },
    "SplitModel": {
        "id": ("编号", "Its id", "rd-subsidy-7-3"),
        "of": ("分担哪些条目", "The incentives it is about", ["ningxia-rd-subsidy/general"]),
        "name": ("名称", "What it is called"),
        "reading": ("另一种理解", "Other readings of the split"),
    },
    "GroupModel": {
        "id": ("编号", "Its id"),
        "members": ("成员（条目或别的组）", "The incentives, or other groups"),
        "rule": (
            "highest 就高不重复，cap 总额不超过，top_up 就高补差",
            "highest: only the largest; cap: limited together; top_up: what is lacking to the largest",
        ),
        "limit": ("总额上限（rule 为 cap 时）", "The limit, for cap", "800万元"),
        "per": (
            "item 每项，year 每年，lifetime 累计；不写为本次评估",
            "For each item, year or lifetime; without it this assessment",
        ),
        "name": ("名称", "What it is called"),
    },
    "_FundKeys": {
        "amount": ("规模", "How much it holds", "2000万元"),
        "year": ("哪一年的规模", "The year of that amount", 2021),
        "lending_capacity": ("可放大的贷款规模", "How much it lets banks lend"),
        "pays": ("用于什么", "What it pays for"),
    },
    "FundReadingModel": {
        "id": ("编号", "Its id"),
        "default": ("true：条目本身就按这种理解写", "true: the one that the entry itself encodes"),
    },
    "FundModel": {
        "id": ("编号", "Its id"),
        "name": ("名称", "What it is called"),
        "reading": ("另一种理解", "Other readings of its text"),
    },
    "TargetModel": {
        "id": ("编号", "Its id"),
        "metric": ("指标", "What is measured"),
        "comparison": ("与目标值的关系", "How it compares with the value"),
        "value": ("目标值", "The value aimed at", "0.7%"),
        "unit": ("单位", "Its unit"),
        "region": ("地区", "The region", "640200"),
        "due": ("完成年份", "The year it is due", 2025),
        "soft": ("true：左右", "true: about (左右)"),
    },
    "RuleFile": {
        "document": ("政策文件", "The policy document"),
        "parameters": ("全文件共用的参数", "Parameters for the whole file"),
        "incentive": ("政策条目，同一编号的几个版本写几次", "The incentives; versions share an id"),
        "group": ("不能简单相加的条目", "Incentives that are not simply added up"),
        "split": ("由谁出钱", "Who bears the cost"),
        "fund": ("财政资金", "Public funds"),
        "target": ("规划指标", "Targets of plans"),
    },
}


def words_of(model: str, bases: tuple[str, ...], key: str) -> Words | None:
    """Return what a key of a model (by its name, then those of its bases) is for."""
    for name in (model, *bases):
        found = WORDS.get(name, {}).get(key)
        if found is not None:
            return found
    return SHARED.get(key)
