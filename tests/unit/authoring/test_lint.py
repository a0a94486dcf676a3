"""Every warning: a rulebook that has it, and the nearest one that has not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from tests.unit.authoring.rulebooks import CASES, RULES, VOCABULARY, changed, rulebook

from incentives.authoring.figures import rounded_fraction
from incentives.authoring.lint import lint_rules
from incentives.authoring.texts import plain, stands_in
from incentives.catalogue import CATALOGUE
from incentives.diagnostics import Finding, RulebookError, Severity

if TYPE_CHECKING:
    from pathlib import Path


def lint(rules: str = RULES, vocabulary: str = VOCABULARY) -> tuple[Finding, ...]:
    return lint_rules(rulebook(rules, vocabulary))


def codes(rules: str = RULES, vocabulary: str = VOCABULARY) -> list[str]:
    return [finding.code for finding in lint(rules, vocabulary)]


def place(finding: Finding) -> str:
    span = finding.labels[0].span
    return span.source.text[span.start : span.end]


def condition(test: str) -> str:
    return changed("'applicant.staff >= staff_min'", f"'applicant.staff >= staff_min and ({test})'")


def test_the_small_rulebook_has_no_warning() -> None:
    assert lint() == ()


def test_warnings_are_warnings_with_a_place_a_remedy_and_an_entry() -> None:
    (finding,) = lint(changed(', en = "Subsidy"', ""))
    assert finding.severity is Severity.WARNING
    assert finding.labels
    assert finding.help
    assert {f"W{number}" for number in range(401, 416)} - {"W410"} <= set(CATALOGUE)


def test_an_entry_keeps_the_warnings_it_means_and_no_others() -> None:
    wrong = condition("applicant.staff >= 0")
    assert codes(wrong) == ["W403"]
    because = 'because = { zh = "有意写出", en = "written on purpose" }'
    assert codes(f'{wrong}\n[[incentive.accept]]\nlint = ["W403"]\n{because}\n') == []
    assert codes(f'{wrong}\n[[incentive.accept]]\nlint = ["W402"]\n{because}\n') == ["W403"]


def test_an_acceptance_accepts_something() -> None:
    nothing = '[[incentive.accept]]\nbecause = { zh = "无", en = "nothing" }\n'
    with pytest.raises(RulebookError, match=r"E106.*this accepts nothing"):
        rulebook(f"{RULES}\n{nothing}")


# ── W401 gaps ────────────────────────────────────────────────────────────────

PERIOD = 'entitlement = "exact"\neffective = { until = 2024-12-31 }'


def second(since: str) -> str:
    body = RULES[RULES.index("[[incentive]]") : RULES.index("[[incentive.case]]")]
    later = changed(
        'entitlement = "exact"', f'entitlement = "exact"\neffective = {{ from = {since} }}', body
    )
    return changed('entitlement = "exact"', PERIOD) + later


def test_a_gap_between_versions() -> None:
    found = [finding for finding in lint(second("2025-01-02")) if finding.code == "W401"]
    assert [finding.message for finding in found] == [
        "no version of doc/subsidy holds from 2025-01-01 to 2025-01-01"
    ]
    assert "W401" not in codes(second("2025-01-01"))


# ── W402 and W403 tests that decide nothing ──────────────────────────────────

LIMITS = "staff_min = 10\nleast = 0\nmost = 1000\nmore = 1001\n"


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ("applicant.staff >= least", "W403"),
        ("applicant.staff <= most", "W403"),
        ("applicant.staff >= more", "W402"),
        ("applicant.staff == most or applicant.staff > most", "W402"),
        ('applicant.kind in {"enterprise", "college"}', "W403"),
        ("applicant.staff < most", None),
        ('applicant.kind == "enterprise"', None),
    ],
)
def test_a_test_that_decides_nothing(test: str, code: str | None) -> None:
    found = codes(condition(test).replace("staff_min = 10\n", LIMITS))
    assert [each for each in found if each in {"W402", "W403"}] == ([code] if code else [])


def test_a_part_that_never_holds_is_pointed_at() -> None:
    rules = condition("applicant.staff > more").replace("staff_min = 10\n", LIMITS)
    (finding,) = [each for each in lint(rules) if each.code == "W402"]
    assert place(finding) == "applicant.staff > more"


def test_a_date_may_settle_a_test_for_a_time_only() -> None:
    dated = "staff_min = 10\nlate = 2024-07-01\n"
    rules = condition("on >= late").replace("staff_min = 10\n", dated)
    assert {"W402", "W403"}.isdisjoint(codes(rules))


TABLE = """\
[incentive.amount]
table = [
  { when = 'applicant.staff > more', amount = "5万元", says = { zh = "多", en = "Many" } },
  { otherwise = true, amount = "1万元", says = { zh = "少", en = "Few" } },
]
"""


def with_table(more: int) -> str:
    start, end = RULES.index("[incentive.amount]"), RULES.index("[[incentive.case]]")
    rules = RULES[:start] + TABLE + RULES[end:]
    return changed('rate = "10%"\ncap = "20万元"\n', f"more = {more}\n", rules)


def test_a_row_that_is_never_chosen() -> None:
    assert "W402" in codes(with_table(1000))
    assert "W402" not in codes(with_table(999))


# ── W404, W405, W406 what nobody uses ────────────────────────────────────────


def test_an_unused_parameter() -> None:
    (finding,) = lint(changed('cap = "20万元"', 'cap = "20万元"\nspare = "1万元"'))
    assert (finding.code, place(finding)) == ("W404", "spare")


def test_an_unused_parameter_of_a_file_and_of_the_vocabulary() -> None:
    spare = '[parameters]\nspare = "1万元"\n'
    assert codes(changed("[[incentive]]", spare + "[[incentive]]")) == ["W404"]
    assert codes(vocabulary=VOCABULARY + spare) == ["W404"]
    used = changed('cap = "20万元"\n', "").replace("cap = 'cap'", "cap = 'spare'")
    assert codes(used, VOCABULARY + spare.replace("1万元", "20万元")) == []


def test_a_parameter_of_one_version_may_be_unused_in_the_other() -> None:
    rules = second("2025-01-01")
    at = rules.rindex("cap = 'cap'")
    found = lint(rules[:at] + rules[at + len("cap = 'cap'") :])
    assert [place(each) for each in found if each.code == "W404"] == ["cap"]


DEFINITION = """\
[[definition]]
id = "net_cost"
name = { zh = "净费用", en = "Net cost" }
value = 'applicant.cost'
"""


def test_an_unused_definition() -> None:
    rules = changed("[[incentive]]", DEFINITION + "[[incentive]]")
    (finding,) = lint(rules)
    assert (finding.code, place(finding)) == ("W405", '"net_cost"')
    assert codes(changed("base = 'applicant.cost'", "base = 'net_cost'", rules)) == []


def test_an_unused_fact() -> None:
    spare = '[fact.applicant.area]\ntype = "ratio"\nlabel = { zh = "面积", en = "Area" }\n'
    (finding,) = lint(vocabulary=VOCABULARY + spare)
    assert finding.code == "W406"
    assert "applicant.area" in finding.message


# ── W407 divisors ────────────────────────────────────────────────────────────

RATE = 'staff_min = 10\nper_head = "1万元"\n'
DIVISION = "applicant.cost / applicant.staff <= per_head"


def divided(test: str) -> list[str]:
    rules = changed("'applicant.staff >= staff_min'", f"'{test}'").replace("staff_min = 10\n", RATE)
    return [code for code in codes(rules) if code == "W407"]


def test_a_divisor_that_can_be_zero() -> None:
    assert divided(DIVISION) == ["W407"]


@pytest.mark.parametrize(
    "test",
    [
        f"applicant.staff > 0 and {DIVISION}",
        f"{DIVISION} and applicant.staff >= staff_min",
        "(applicant.cost / applicant.staff if applicant.staff > 0 else 0) <= per_head",
        "applicant.cost / max(applicant.staff, 1) <= per_head",
    ],
)
def test_a_guarded_divisor(test: str) -> None:
    assert divided(test) == []


def test_a_condition_beside_it_guards_a_divisor() -> None:
    other = """\
[[incentive.condition]]
id = "modest"
when = 'applicant.cost / applicant.staff <= per_head'
says = { zh = "人均费用适度", en = "A modest cost for each" }
[incentive.amount]
"""
    rules = changed("[incentive.amount]\n", other).replace("staff_min = 10\n", RATE)
    assert "W407" not in codes(rules)
    assert "W407" in codes(rules.replace("staff >= staff_min'", "staff <= staff_min'"))


def test_a_vocabulary_that_excludes_zero_guards_a_divisor() -> None:
    rules = changed("'applicant.staff >= staff_min'", f"'{DIVISION}'").replace(
        "staff_min = 10\n", RATE
    )
    assert "W407" not in codes(rules, changed("max = 1000", "min = 1\nmax = 1000", VOCABULARY))


# ── W408 and W409 words ──────────────────────────────────────────────────────


def test_a_text_in_one_language() -> None:
    assert codes(changed(', en = "At least ten people"', "")) == ["W408"]


def test_a_quote_is_looked_up_in_its_source(tmp_path: Path) -> None:
    assert lint_rules(rulebook(), tmp_path) == ()  # the source is not at hand
    source = tmp_path / "measure.txt"
    source.write_text("一、**按费用的10%\n\n给予补助**，最高\f不超过 20 万元。", encoding="utf-8")
    assert lint_rules(rulebook(), tmp_path) == ()
    source.write_text("一、按费用的10%给予奖励，最高不超过20万元。", encoding="utf-8")
    (finding,) = lint_rules(rulebook(), tmp_path)
    assert finding.code == "W409"


def test_a_source_outside_the_directory_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "measure.txt").write_text("别的", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    rules = changed('name = "measure.txt"', 'name = "../measure.txt"')
    assert lint_rules(rulebook(rules), inner) == ()


def test_words_left_out_of_a_quote_are_marked() -> None:
    text = plain("甲 乙丙\n丁")
    assert stands_in("甲……丙", text)
    assert not stands_in("丙……甲", text)


# ── W411 and W412 cases ──────────────────────────────────────────────────────


def test_an_incentive_without_cases() -> None:
    assert codes(RULES.removesuffix(CASES)) == ["W411"]


@pytest.mark.parametrize(
    ("old", "new", "side", "where"),
    [
        ('cost = "300万元", staff = 10', 'cost = "3万元", staff = 10', "above", "cap"),
        ('cost = "100万元"', 'cost = "200万元"', "below", "cap"),
        ("staff = 9", "staff = 10", "below", "staff_min"),
    ],
)
def test_a_threshold_without_a_case_on_one_side(old: str, new: str, side: str, where: str) -> None:
    (finding,) = lint(changed(old, new))
    assert finding.code == "W412"
    assert side in finding.message
    assert where in place(finding)


def test_no_case_reaches_the_threshold() -> None:
    rules = RULES.replace("staff = 10 }", "staff = 9 }")
    assert "below or above" in " ".join(x.message for x in lint(rules)).replace(
        "above or below", "below or above"
    )


def test_a_comparison_with_zero_is_no_threshold() -> None:
    assert codes(condition("applicant.cost > 0")) == []


def test_a_limit_inside_a_definition_may_be_tested_by_any_incentive() -> None:
    limit = DEFINITION.replace("'applicant.cost'", "'min(applicant.cost, most)'").replace(
        "value", 'parameters = { most = "900万元", ample = "150万元" }\nvalue', 1
    )
    limit = limit.replace(
        "min(applicant.cost, most)", "most if applicant.cost > ample else applicant.cost"
    )
    rules = changed("[[incentive]]", limit + "[[incentive]]")
    rules = changed("base = 'applicant.cost'", "base = 'net_cost'", rules)
    found = [each for each in lint(rules) if each.code == "W412"]
    assert found == []
    (finding,) = [
        each
        for each in lint(rules.replace('ample = "150万元"', 'ample = "400万元"'))
        if each.code == "W412"
    ]
    assert place(finding) == "applicant.cost > ample"


BANDS = """\
[incentive.amount]
bands = { of = 'applicant.cost', mode = "marginal", steps = [
  { up_to = 'cap', rate = 'rate' },
  { rate = "5%" },
] }
"""


def test_an_edge_of_bands_needs_a_case_on_each_side() -> None:
    start, end = RULES.index("[incentive.amount]"), RULES.index("[[incentive.case]]")
    rules = RULES[:start] + BANDS + RULES[end:]
    assert codes(rules) == ["W412"]
    assert codes(changed('cost = "100万元"', 'cost = "10万元"', rules)) == []


# ── W413 rates ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("0.054054", Fraction(2, 37)),
        ("0.333333", Fraction(1, 3)),
        ("0.666667", Fraction(2, 3)),
        ("33.33333333%", Fraction(1, 3)),
        ("0.1666667", Fraction(1, 6)),
        ("0.142857142857", Fraction(1, 7)),
        ("0.33333", None),
        ("0.500000", None),
        ("0.999999", None),
        ("17.5%", None),
        ("0.123456", None),
        ("2/37", None),
        ("0.333333万元", None),
    ],
)
def test_rounded_fractions(text: str, fraction: Fraction | None) -> None:
    assert rounded_fraction(text) == fraction


def test_a_rate_that_looks_rounded() -> None:
    found = lint(changed('rate = "10%"', 'rate = "0.054054"'))
    (finding,) = [each for each in found if each.code == "W413"]
    assert '"2/37"' in (finding.help or "")
    assert "W413" not in codes(changed('rate = "10%"', 'rate = "2/37"'))


# ── W414 falling amounts ─────────────────────────────────────────────────────

WHOLE = """\
[incentive.amount]
bands = { of = 'applicant.cost', mode = "whole", steps = [
  { up_to = 'cap', rate = 'rate' },
  { rate = "5%" },
] }
"""


def with_whole_bands(later: str) -> str:
    start, end = RULES.index("[incentive.amount]"), RULES.index("[[incentive.case]]")
    return RULES[:start] + WHOLE.replace("5%", later) + RULES[end:]


def test_an_amount_that_falls_as_its_base_rises() -> None:
    (finding,) = [each for each in lint(with_whole_bands("5%")) if each.code == "W414"]
    assert "20,000.00元 at 200,000.00元" in finding.message
    assert "10,000.00元 at 200,000.01元" in finding.message
    assert "W414" not in codes(with_whole_bands("12%"))
    says = changed(
        'clause = "一"', 'clause = "一"\ndecreasing = "全额按所在档"', with_whole_bands("5%")
    )
    assert "W414" not in codes(says)


# ── W415 rounding ────────────────────────────────────────────────────────────


def test_a_stated_rounding_has_a_clause() -> None:
    stated = changed('basis = "assumed"', 'basis = "stated"')
    assert codes(stated) == ["W415"]
    assert codes(changed('basis = "stated"', 'basis = "stated", clause = "五"', stated)) == []


# ── caps over items, and payments by year ────────────────────────────────────

TOTAL = """\
[[incentive.total]]
cap = 'cap'
per = "year"
"""

PAID = """\
[[incentive.case]]
name = "something was paid this year"
on = 2024-06-01
expect = { status = "eligible", amount = "5万元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "100万元", staff = 10 }
facts.received = [{ incentive = "doc/subsidy", amount = "15万元", year = 2024 }]
"""


def test_a_cap_per_year_needs_a_case_on_each_side() -> None:
    start, end = RULES.index("[[incentive.case]]"), len(RULES)
    rules = RULES[:start] + TOTAL + RULES[start:end]
    rules = rules.replace("on = 2024-06-01", "on = 2024-06-01\nassume_no_history = true")
    (finding,) = lint(rules)
    assert finding.code == "W412"
    assert "above" in finding.message
    assert codes(rules + PAID) == []


# ── thresholds inside comprehensions ─────────────────────────────────────────

PROJECTS = """\
[entity.project]
label = { zh = "项目", en = "Project" }
many = true
[fact.project.cost]
type = "money"
label = { zh = "费用", en = "Cost" }
"""


def test_a_threshold_that_leaves_an_item_out_counts_as_below() -> None:
    vocabulary = VOCABULARY + PROJECTS
    base = "base = 'sum(p.cost for p in project if p.cost >= least)'"
    rules = changed("base = 'applicant.cost'", base).replace(
        "staff_min = 10", 'staff_min = 10\nleast = "1万元"'
    )
    rules = rules.replace('cost = "100万元"', 'cost = "1万元"')
    with_items = [
        ("staff = 10 }", 'staff = 10 }\nfacts.project = [{ cost = "300万元" }]'),
        ("staff = 9 }", 'staff = 9 }\nfacts.project = [{ cost = "2万元" }]'),
    ]
    for old, new in with_items:
        rules = rules.replace(old, new)
    found = [each for each in lint(rules, vocabulary) if each.code == "W412"]
    assert "p.cost >= least" in [place(each) for each in found]
    one_less = changed(
        '[{ cost = "300万元" }]', '[{ cost = "300万元" }, { cost = "9999元" }]', rules
    )
    found = [each for each in lint(one_less, vocabulary) if each.code == "W412"]
    assert "p.cost >= least" not in [place(each) for each in found]


# ── W420 names that hide others ──────────────────────────────────────────────


def hidden(rules: str, vocabulary: str = VOCABULARY) -> list[tuple[str, str]]:
    found = [each for each in lint(rules, vocabulary) if each.code == "W420"]
    return [(place(each), str(each.labels[1].span).partition(":")[0]) for each in found]


def test_a_parameter_that_hides_a_shared_one() -> None:
    shared = VOCABULARY + '[parameters]\nrate = "5%"\n'
    assert hidden(RULES, shared) == [("rate", "vocabulary.toml")]
    own = changed("[[incentive]]", '[parameters]\nrate = "5%"\n[[incentive]]')
    assert hidden(own) == [("rate", "doc.toml")]
    assert hidden(own, shared) == [("rate", "vocabulary.toml"), ("rate", "doc.toml")]


def test_a_parameter_that_hides_a_definition() -> None:
    rules = changed("[[incentive]]", DEFINITION + "[[incentive]]")
    assert hidden(
        changed('rate = "10%"', 'net_cost = "10%"', rules).replace("'rate'", "'net_cost'")
    ) == [("net_cost", "doc.toml")]
    inner = changed("value =", 'parameters = { rate = "5%" }\nvalue =', rules)
    shared = VOCABULARY + '[parameters]\nrate = "5%"\n'
    assert ("rate", "vocabulary.toml") in hidden(inner, shared)


def test_readings_replace_by_name_and_hide_nothing() -> None:
    reading = """\
[[incentive.reading]]
id = "low"
says = { zh = "按5%", en = "At 5%" }
parameters = { rate = "5%" }
"""
    assert hidden(RULES.replace("[[incentive.case]]", reading + "[[incentive.case]]", 1)) == []
