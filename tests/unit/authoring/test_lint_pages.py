"""The page of every warning tells the truth: its bad lines have it, its good lines have not.

The lines of a page are put into the small rulebook where they belong; what stands
around them is the same for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.unit.authoring.rulebooks import CASES, RULES, VOCABULARY, changed, rulebook

from incentives.authoring.lint import lint_rules
from incentives.catalogue import CATALOGUE
from incentives.catalogue.lint import ENTRIES

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'entitlement = "exact"'
WHEN = "when = 'applicant.staff >= staff_min'"
CAP = 'cap = "20万元"'
BASE = "base = 'applicant.cost'\nrate = 'rate'\ncap = 'cap'\n"


class Embedded(NamedTuple):
    """Where the lines of a page go, and what else is changed for bad and for good."""

    at: str
    around: str = "{}"
    bad: tuple[tuple[str, str], ...] = ()
    good: tuple[tuple[str, str], ...] = ()


def second_version() -> str:
    body = RULES[RULES.index("[[incentive]]") : RULES.index("[[incentive.case]]")]
    return changed(HEAD, f"{HEAD}\neffective = {{ from = 2025-01-01 }}", body)


LIMITS = "staff_min = 10"
AREA = '\ntype = "count"\nlabel = { zh = "面积", en = "Area" }\n'
PLACES = {
    "W401": Embedded(HEAD, HEAD + "\n{}"),
    "W402": Embedded(WHEN, bad=((LIMITS, "limit = 1001"),), good=((LIMITS, "limit = 100"),)),
    "W403": Embedded(WHEN, bad=((LIMITS, "least = 0"),), good=((LIMITS, "least = 10"),)),
    "W404": Embedded(
        "[incentive.parameters]\n", "{}\n", bad=(("\n" + CAP, ""), ("cap = 'cap'\n", "")),
        good=(("\n" + CAP, ""),),
    ),
    "W405": Embedded(
        "[[incentive]]", "{}\nname = {{ zh = \"净费用\", en = \"Net cost\" }}\nvalue = 'applicant.cost'\n[[incentive]]",
        good=(("base = 'applicant.cost'", "base = 'net_cost'"),),
    ),
    "W406": Embedded("", good=((WHEN, "when = 'applicant.staff + applicant.area >= staff_min'"),)),
    "W407": Embedded(WHEN, bad=((LIMITS, 'limit = "1万元"'),), good=((LIMITS, 'limit = "1万元"'),)),
    "W408": Embedded('name = { zh = "补助", en = "Subsidy" }'),
    "W409": Embedded('quote = "按费用的10%给予补助，最高不超过20万元"'),
    "W411": Embedded("[[incentive]]", bad=((CASES, ""),)),
    "W412": Embedded(CAP, bad=(('cost = "300万元", staff = 10', 'cost = "100万元", staff = 10'),)),
    "W413": Embedded('rate = "10%"'),
    "W414": Embedded(BASE, "{}\n"),
    "W415": Embedded('rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }'),
    "W420": Embedded('[incentive.parameters]\nrate = "10%"', good=(("rate = 'rate'", "rate = 'small_rate'"),)),
}  # fmt: skip


def texts(code: str, lines: str, *, good: bool) -> tuple[str, str]:
    """Return the rules and the vocabulary with the lines of a page in their place."""
    place = PLACES[code]
    rules, vocabulary = RULES, VOCABULARY
    if code == "W406":
        head = lines.partition("#")[0].strip()
        vocabulary += head + AREA
    elif code == "W411":
        rules = RULES if good else RULES.removesuffix(CASES)
        assert lines in {"[[incentive]]", "[[incentive]]\n[[incentive.case]]"}
        return rules, vocabulary
    elif code == "W420":
        shared, own = lines.split("[incentive.parameters]")
        rules = changed("[[incentive]]", shared + "[[incentive]]")
        rules = changed(place.at, "[incentive.parameters]" + own, rules)
        if good:  # the shared one is used too
            rules = changed("cap = 'cap'", "cap = 'applicant.cost * rate'", rules)
    else:
        rules = changed(place.at, place.around.format(lines))
    for old, new in place.good if good else place.bad:
        rules = changed(old, new, rules)
    return (rules + second_version() if code == "W401" else rules), vocabulary


def codes(code: str, lines: str, sources: Path, *, good: bool) -> set[str]:
    rules, vocabulary = texts(code, lines, good=good)
    return {each.code for each in lint_rules(rulebook(rules, vocabulary), sources)}


def test_every_warning_has_its_place_here() -> None:
    assert {entry.code for entry in ENTRIES} == set(PLACES)


@pytest.mark.parametrize("code", sorted(PLACES))
def test_the_bad_lines_of_a_page_have_it_and_the_good_ones_have_not(
    code: str, tmp_path: Path
) -> None:
    words = "按费用给予奖励，最高不超过20万元。按费用的10%给予补助，最高不超过20万元"
    (tmp_path / "measure.txt").write_text(words, "utf-8")
    entry = CATALOGUE[code]
    assert code in codes(code, entry.bad, tmp_path, good=False)
    assert code not in codes(code, entry.good, tmp_path, good=True)


@pytest.mark.parametrize("code", sorted(PLACES))
def test_warnings_speak_both_languages(code: str, tmp_path: Path) -> None:
    (tmp_path / "measure.txt").write_text("别的", "utf-8")
    rules, vocabulary = texts(code, CATALOGUE[code].bad, good=False)
    for finding in lint_rules(rulebook(rules, vocabulary), tmp_path):
        assert finding.zh
        assert finding.help_zh
        assert any("一" <= char <= "鿿" for char in finding.zh)
        assert not any("一" <= char <= "鿿" for char in finding.message.replace("元", ""))
        assert all(bool(label.note) == bool(label.zh) for label in finding.labels)
