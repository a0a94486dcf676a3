"""New cases in a rule file: after the last case of their incentive, nothing else touched."""

from __future__ import annotations

import tomli
from tests.unit.authoring.rulebooks import changed, rulebook

from incentives.authoring.boundaries import Side, boundaries
from incentives.authoring.cases import run_cases
from incentives.authoring.insert import with_cases

FILE = """\
# the head
[[incentive]]
id = "a"
[incentive.amount]
fixed = "1元"

[[incentive.case]]
name = "one"
[incentive.case.facts]
applicant = { kind = "x" }
contract = [
  { number = "1" },
]

# what comes next
[[incentive]]
id = "b"

[[group]]
id = "g"
"""
NEW = '[[incentive.case]]\nname = "new"\n'


def test_a_case_goes_behind_the_last_one_with_its_tables() -> None:
    text = with_cases(FILE, {FILE.index("[[incentive.case]]"): NEW})
    assert text == FILE.replace("]\n\n# what", "]\n\n" + NEW + "\n# what")
    assert [c["name"] for c in tomli.loads(text)["incentive"][0]["case"]] == ["one", "new"]


def test_the_first_case_of_an_entry_goes_to_its_end() -> None:
    text = with_cases(FILE, {FILE.index('[[incentive]]\nid = "b"'): NEW})
    assert [c["name"] for c in tomli.loads(text)["incentive"][1]["case"]] == ["new"]
    assert text.index("new") < text.index("[[group]]")


def test_the_end_of_a_file_without_a_line_end() -> None:
    text = with_cases(
        FILE.split("\n# what", maxsplit=1)[0].rstrip(), {FILE.index("[[incentive.case]]"): NEW}
    )
    assert text.endswith('name = "new"\n')


def test_cases_are_suggested_where_none_stands() -> None:
    found = boundaries(rulebook().rules)
    assert [(each.about, each.side, each.fact, each.value) for each in found] == [
        ("applicant.staff >= staff_min", Side.ABOVE, "applicant.staff", "11"),
        ("cap", Side.AT, "applicant.cost", "2000000.00元"),
        ("cap", Side.BELOW, "applicant.cost", "1999999.99元"),
        ("cap", Side.ABOVE, "applicant.cost", "2000000.01元"),
    ]


def test_the_ends_of_a_period_are_suggested() -> None:
    rules = changed(
        'legal_status = "in_force"',
        'legal_status = "in_force"\neffective = { from = 2024-01-01, until = 2024-12-31 }',
    )
    days = [each.value for each in boundaries(rulebook(rules).rules) if each.fact == "on"]
    assert days == ["2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01"]


def test_one_case_stands_for_several_values() -> None:
    rules = changed(
        'expect = { status = "ineligible"',
        'same_for = { "applicant.region" = ["640202", "640205"] }\nexpect = { status = "ineligible"',
    )
    results = run_cases(rulebook(rules))
    assert [result.case.name for result in results[2:]] == [
        "too few people",
        "too few people (640202)",
        "too few people (640205)",
    ]
    assert all(result.passed for result in results)
    far = rules.replace('"640205"] }', '"640300"] }')
    assert [r.case.name for r in run_cases(rulebook(far)) if not r.passed] == [
        "too few people (640300)"
    ]
