"""Findings about the vocabulary and about how incentives relate (``E250`` to ``E276``)."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E250",
        ("内置的实体不能重新定义", "A built-in entity is defined again"),
        (
            "received（已领取）和 decided（已核定）由程序自带，含义固定。",
            "received and decided are part of every vocabulary, with a fixed meaning.",
        ),
        ("换一个名称。", "Choose another name."),
        "[entity.received]",
        "[entity.past_grant]",
    ),
    entry(
        "E251",
        ("所引用的实体或地区没有登记", "An entity or region that is not listed"),
        (
            "事实要属于词汇表里的实体；撤并地区的后继也要登记。",
            (
                "A fact belongs to an entity of the vocabulary; the successor of a region is "
                "listed too."
            ),
        ),
        ("先登记，或改正名称。", "List it first, or mend the name."),
        "[fact.contracts.paid]  # 没有 [entity.contracts]",
        "[fact.contract.paid]",
    ),
    entry(
        "E252",
        ("词汇表缺少申报主体的基本内容", "The vocabulary lacks what every rule needs"),
        (
            (
                "每条规则都要知道申报主体是谁、在哪里：applicant 实体，及其 kind（选项）和 "
                "region（地区）。"
            ),
            (
                "Every rule asks who the applicant is and where: the entity applicant with kind, a "
                "choice, and region."
            ),
        ),
        ("在 vocabulary.toml 中补上。", "Add it to vocabulary.toml."),
        "# 没有 [entity.applicant]",
        '[entity.applicant]\nlabel = { zh = "申报主体", en = "Applicant" }',
    ),
    entry(
        "E253",
        ("列表的编号不是文本事实", "The key of a list is not a text fact"),
        (
            "key 用来区分各项，如合同登记编号；编号可能有前导零和字母，所以是文本。",
            (
                "The key tells items apart, such as a registration number; it may hold letters and "
                "leading zeros, so it is text."
            ),
        ),
        ('登记一个 type = "text" 的事实作为 key。', 'Declare a fact with type = "text" for it.'),
        'key = "paid"  # 金额',
        'key = "registration_no"',
    ),
    entry(
        "E254",
        ("选项与类型不相配", "Choices and type do not go together"),
        (
            "choice 类型要列出全部选项，其他类型没有选项。",
            "A choice lists its words; nothing else has any.",
        ),
        ("补上 choices，或改正 type。", "Add choices, or mend the type."),
        'type = "choice"  # 没有 choices',
        'type = "choice"\nchoices.enterprise = { zh = "企业", en = "Enterprise" }',
    ),
    entry(
        "E255",
        ("最小值、最大值不合理", "min and max do not fit"),
        (
            "min 不能大于 max；只有数量、比例、金额和日期有大小。",
            "min is not above max; only counts, ratios, money and dates have an order.",
        ),
        ("改正数值，或删去 min/max。", "Mend the figures, or leave them out."),
        "min = 10\nmax = 1",
        "min = 1\nmax = 10",
    ),
    entry(
        "E260",
        ("各方分担之和不等于一", "The shares do not add up to one"),
        (
            "分担合计必须恰好是全部金额，一分不多一分不少。",
            "The payers together bear exactly the whole amount.",
        ),
        ("核对原文比例，如 7:3 写 70% 和 30%。", "Compare with the text; 7:3 is 70% and 30%."),
        'shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "20%" }]',
        'shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]',
    ),
    entry(
        "E261",
        ("分担方有误", "Something is wrong with the payers"),
        (
            "每个分担方只列一次；承担零头的一方（residual）必须是其中之一。",
            "Each payer stands once, and the residual payer is one of them.",
        ),
        ("合并重复的一方，或改正 residual。", "Merge the two, or mend `residual`."),
        'residual = "100000"  # 不在分担方之列',
        'residual = "640000"',
    ),
    entry(
        "E262",
        ("组合的限额与规则不相配", "A group's limit does not fit its rule"),
        (
            "“总额不超过”要有限额；“就高不重复”“就高补差”没有限额。",
            "cap has a limit; highest and top_up have none.",
        ),
        ("补上或删去 limit。", "Add the limit or leave it out."),
        'rule = "cap"  # 没有 limit',
        'rule = "cap"\nlimit = "800万元"',
    ),
    entry(
        "E270",
        ("互相引用，绕成了圈", "References form a circle"),
        (
            "甲取决于乙，乙又取决于甲，就没有可以先算的一项。",
            "If each waits for the other, neither can be decided first.",
        ),
        (
            "去掉其中一处 award、granted、overrides，或让组合逐级包含。",
            "Take one award, granted or overrides out; let groups contain one another as a tree.",
        ),
        'when = \'granted("d/b")\'  # 而 d/b 又写 granted("d/a")',
        "when = 'granted(\"d/b\")'",
    ),
    entry(
        "E271",
        ("同一政策的各版本基本内容不一致", "Versions differ in what they share"),
        (
            "各版本的类型、对象、给付方式、逐项对象和适用日必须相同，否则就是不同的政策。",
            (
                "Versions share kind, recipient, entitlement, each and dated_by; otherwise "
                "they are "
                "different incentives."
            ),
        ),
        ("改成一致，或用两个编号。", "Make them agree, or use two ids."),
        'kind = "award"  # 另一版本是 subsidy',
        'kind = "subsidy"',
    ),
    entry(
        "E272",
        ("两个版本在同一天都有效", "Two versions hold on one day"),
        (
            "那一天适用哪一个版本没有答案；期限两端都算在内。",
            "On that day there is no answer which one applies; both ends of a period are included.",
        ),
        (
            "后一版本从前一版本结束的次日开始。",
            "Begin the next version the day after the last ends.",
        ),
        "effective = { from = 2024-06-30 }  # 前一版本 until = 2024-06-30",
        "effective = { from = 2024-07-01 }",
    ),
    entry(
        "E273",
        ("有效的政策引用了征求意见稿", "A law refers to a draft"),
        (
            "征求意见稿不具效力，不能影响依法作出的结论。",
            "A draft is no law and must not affect a decision of the law.",
        ),
        ("删去引用；草案正式施行后再加上。", "Take the reference out until the draft is law."),
        "when = 'granted(\"draft-plan/award\")'",
        "when = 'granted(\"plan-in-force/award\")'",
    ),
    entry(
        "E274",
        ("同一项属于两个组合", "A member of two groups"),
        (
            "两个组合各自限额，先后次序不同结果就不同。",
            "Two groups would each limit it, and the order would change the result.",
        ),
        ("让一个组合作为另一个的成员。", "Make one group a member of the other."),
        'members = ["d/a"]  # d/a 已在另一组合',
        'members = ["d/first-group"]',
    ),
    entry(
        "E275",
        ("同一项有两种分担办法", "Two splits of one incentive"),
        (
            "一笔钱只能按一种办法分担。",
            "One amount is shared out in one way.",
        ),
        ("保留一种。", "Keep one."),
        'of = ["d/a"]  # d/a 已写 [incentive.funding]',
        'of = ["d/b"]',
    ),
    entry(
        "E276",
        ("事项的期限超出了文件的期限", "A period that reaches outside its document's"),
        (
            (
                "文件到期以后，其中的事项不会还在执行；两个日期互相矛盾，程序不替您选哪一个，"
                "否则可能有人按已失效的规定领到钱，或本该领到却没有领到。"
            ),
            (
                "Nothing in a document holds when the document itself does not. Two dates that "
                "contradict each other leave open who is paid, so none of them is taken."
            ),
        ),
        (
            "对照原文，改正写错的那个日期；事项与文件同时到期的，事项里不必写。",
            (
                "Look in the text which day is right and mend the other; leave it out of the "
                "incentive where it ends with its document."
            ),
        ),
        "effective = { until = 2026-12-31 }  # [document] until = 2025-12-31",
        "effective = { until = 2025-12-31 }",
    ),
)
