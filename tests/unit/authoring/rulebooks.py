"""A small rulebook that has no warning, and its variations: each test changes one thing."""

from __future__ import annotations

from incentives.api import Rulebook
from incentives.diagnostics import Source
from incentives.rulebook.load import build_rules

VOCABULARY = """\
format = 1
[entity.applicant]
label = { zh = "申报主体", en = "Applicant" }
[fact.applicant.kind]
type = "choice"
label = { zh = "主体类型", en = "Kind" }
choices.enterprise = { zh = "企业", en = "Enterprise" }
choices.college    = { zh = "高校", en = "College" }
[fact.applicant.region]
type = "region"
label = { zh = "所在地", en = "Region" }
[fact.applicant.cost]
type = "money"
label = { zh = "费用", en = "Cost" }
[fact.applicant.staff]
type = "count"
label = { zh = "人数", en = "Staff" }
max = 1000
"""

DOCUMENT = """\
format = 1
[document]
id = "doc"
title = { zh = "办法", en = "Measure" }
issuer = { zh = "某市", en = "A city" }
jurisdiction = "640200"
legal_status = "in_force"
source = { name = "measure.txt" }
rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }
"""

INCENTIVE = """\
[[incentive]]
id = "subsidy"
name = { zh = "补助", en = "Subsidy" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "一"
quote = "按费用的10%给予补助，最高不超过20万元"
entitlement = "exact"
[incentive.parameters]
rate = "10%"
cap = "20万元"
staff_min = 10
[[incentive.condition]]
id = "staff"
when = 'applicant.staff >= staff_min'
says = { zh = "人数达到10人", en = "At least ten people" }
[incentive.amount]
base = 'applicant.cost'
rate = 'rate'
cap = 'cap'
"""

CASES = """\
[[incentive.case]]
name = "below the cap"
on = 2024-06-01
expect = { status = "eligible", amount = "10万元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "100万元", staff = 10 }
[[incentive.case]]
name = "above the cap"
on = 2024-06-01
expect = { status = "eligible", amount = "20万元", low = "20万元", high = "20万元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "300万元", staff = 10 }
[[incentive.case]]
name = "too few people"
on = 2024-06-01
expect = { status = "ineligible", amount = "0元", failed = ["staff"], missing = [] }
facts.applicant = { kind = "enterprise", region = "640200", cost = "300万元", staff = 9 }
"""

RULES = DOCUMENT + INCENTIVE + CASES


def rulebook(rules: str = RULES, vocabulary: str = VOCABULARY) -> Rulebook:
    """Return a rulebook of two texts."""
    sources = [Source("vocabulary.toml", vocabulary), Source("doc.toml", rules)]
    return Rulebook(build_rules(sources))


def changed(old: str, new: str, text: str = RULES) -> str:
    """Return ``text`` with one passage replaced, which must stand there."""
    assert old in text, old
    return text.replace(old, new, 1)
