"""Cases are compared with what the engine says, key by key, and never raise."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.authoring.rulebooks import RULES, changed, rulebook

from incentives.authoring.cases import CaseResult, found_by, run_cases, run_of_case
from incentives.engine.focus import plan_for
from incentives.engine.results import Decision
from incentives.rulebook.model import Case

OPEN_CASE = """\
[[incentive.case]]
name = "cost unknown"
on = 2024-06-01
[incentive.case.expect]
status = "eligible"
amount = "none"
low = "0元"
high = "20万元"
missing = ["applicant.cost"]
[incentive.case.facts]
applicant = { kind = "enterprise", region = "640200", staff = 10 }
"""

READING = """\
[[incentive.reading]]
id = "as-written"
says = { zh = "本条", en = "The entry" }
confidence = "high"
default = true
[[incentive.reading]]
id = "higher"
says = { zh = "按20%", en = "Twenty per cent" }
confidence = "low"
parameters.rate = "20%"
"""

READING_CASE = """\
[[incentive.case]]
name = "twenty per cent"
on = 2024-06-01
reading = "higher"
expect = { status = "eligible", amount = "12万元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "60万元", staff = 10 }
"""


def failing(rules: str) -> list[CaseResult]:
    return [result for result in run_cases(rulebook(rules)) if not result.passed]


def test_every_case_runs_in_order() -> None:
    results = run_cases(rulebook())
    assert [result.case.name for result in results] == [
        "below the cap",
        "above the cap",
        "too few people",
    ]
    assert all(result.passed for result in results)
    assert results[0].text("zh").startswith("通过 doc/subsidy")
    assert run_cases(rulebook(), only=["doc/other"]) == ()
    assert len(run_cases(rulebook(), only=["doc/subsidy"])) == 3


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('status = "eligible", amount = "10万元"', 'status = "undetermined"', "status"),
        ('amount = "10万元"', 'amount = "10.01万元"', "amount"),
        ('low = "20万元"', 'low = "0元"', "low"),
        ('high = "20万元"', 'high = "none"', "high"),
        ('failed = ["staff"]', "failed = []", "failed"),
        ("missing = []", 'missing = ["applicant.cost"]', "missing"),
        ('amount = "10万元" }', 'amount = "10万元", reason = "period" }', "reason"),
    ],
)
def test_each_key_is_compared(old: str, new: str, key: str) -> None:
    (result,) = failing(changed(old, new))
    assert [difference.key for difference in result.differences] == [key]
    for lang in ("zh", "en"):
        assert "doc.toml:" in result.text(lang)


def test_an_open_amount_is_called_none() -> None:
    assert failing(RULES + OPEN_CASE) == []


def test_an_expected_amount_without_a_unit_fails() -> None:
    (result,) = failing(changed('amount = "10万元"', 'amount = "100000"'))
    assert result.differences[0].key == "amount"


def test_facts_that_are_no_profile_fail_with_the_findings() -> None:
    (result,) = failing(changed('cost = "100万元"', 'cost = "100"'))
    (difference,) = result.differences
    assert difference.key == "facts"
    assert [finding.code for finding in difference.findings] == ["E312"]
    assert "applicant.cost" in result.text("zh")
    assert "not a valid profile" in result.text("en")


def test_a_case_of_a_reading_is_compared_with_that_reading() -> None:
    rules = changed("[[incentive.case]]", READING + "[[incentive.case]]")
    assert failing(rules + READING_CASE) == []
    (result,) = failing(rules + changed('reading = "higher"', "", READING_CASE))
    assert result.case.name == "twenty per cent"


def test_a_draft_is_assessed_as_a_draft() -> None:
    assert failing(changed('"in_force"', '"draft"')) == []


def test_history_may_be_assumed_away() -> None:
    once = changed('entitlement = "exact"', 'entitlement = "exact"\nonce = "lifetime"')
    assert {result.case.name for result in failing(once)} == {"below the cap", "above the cap"}
    assert (
        failing(once.replace("on = 2024-06-01", "on = 2024-06-01\nassume_no_history = true")) == []
    )


GROUP = """\
[[incentive]]
id = "other"
name = { zh = "另一项", en = "Another" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "二"
entitlement = "exact"
amount = { fixed = "15万元" }
[[incentive]]
id = "newer"
name = { zh = "新项", en = "A newer one" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "三"
entitlement = "exact"
overrides = ["doc/other"]
effective = { from = 2025-01-01 }
amount = { formula = 'award("doc/subsidy")' }
[[group]]
id = "one-of"
members = ["doc/subsidy", "doc/other"]
rule = "highest"
"""


@pytest.mark.parametrize("day", [date(2024, 6, 1), date(2025, 6, 1)])
@pytest.mark.parametrize("cost", ["100万元", "300万元", None])
def test_a_narrow_plan_decides_as_the_whole_rulebook_does(day: date, cost: str | None) -> None:
    whole = rulebook(RULES + GROUP)
    applicant = {"kind": "enterprise", "region": "640200", "staff": 10, "cost": cost}
    facts = {"applicant": applicant}
    assessment = whole.assess(facts, on=day)
    for name in whole.incentives:
        case = Case("any", name, day, facts, {})
        plan = plan_for(whole.rules, name)
        found = found_by(Decision(whole[name], run_of_case(plan, case)))
        assert found == found_by(assessment[name])
