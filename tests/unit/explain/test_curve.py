"""A curve in words, as JSON, and as a chart of block characters."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from tests.small import amount, decide, entry, when

from incentives.engine.curve import Curve, CurveError
from incentives.explain.chart import ROWS, curve_chart
from incentives.explain.curve import curve_data, explain_curve, slope_text
from incentives.explain.text import columns, render_text
from incentives.language.core import Text

NAME, FACT = Text("奖励", "Award"), Text("支出", "Spending")
CAPPED = entry() + amount(base="applicant.spend", rate="10%", cap="20万元")


def drawn(body: str, facts: dict[str, Any], fact: str | None = None) -> Curve:
    found: Curve = decide(body, facts).curve(fact)
    return found


def text(curve: Curve, lang: str = "zh") -> str:
    return render_text(explain_curve(curve, NAME, FACT), lang)


def test_pieces_and_turns_are_told() -> None:
    shown = text(drawn(CAPPED, {"spend": "150万元"}))
    assert "0.00元至2,000,000.00元：每增加1元，增加0.1元" in shown
    assert "2,000,000.01元以上：不变" in shown
    assert "2,000,000.00元：转折，200,000.00元" in shown


def test_a_status_is_told_with_its_jump() -> None:
    body = entry() + "[incentive.parameters]\nleast = 10\n" + when("applicant.staff >= least")
    shown = text(drawn(body + amount(fixed="1万元"), {"staff": 12}), "en")
    assert "✗ 0 to 9: not eligible" in shown
    assert "from 10: 0.00元 → 10,000.00元" in shown
    assert "now 12: 10,000.00元" in shown


def test_what_is_lost_is_a_warning() -> None:
    body = entry() + "[incentive.parameters]\nmost = 10\n" + when("applicant.staff <= most")
    assert "! 11起：10,000.00元 → 0.00元" in text(drawn(body + amount(fixed="1万元"), {"staff": 1}))


def test_json_is_exact() -> None:
    body = entry() + amount(base="applicant.spend", rate="1/3", cap="1元")
    data = json.loads(
        json.dumps(curve_data(drawn(body, {"spend": "1元"}))), parse_float=pytest.fail
    )
    assert (data["fact"], data["unit"], data["stated"]) == ("applicant.spend", "yuan", "1.00")
    assert [piece["slope"] for piece in data["pieces"]] == ["1/3", "0%"]
    assert data["turns"] == [{"kind": "kink", "at": "3.00", "before": "1.00", "after": "1.00"}]


@pytest.mark.parametrize(
    ("slope", "money", "says"),
    [
        (Fraction(1, 10), True, "each 1元 more gives 0.1元"),
        (Fraction(-1, 3), True, "each 1元 more costs 1/3元"),
        (Fraction(1800), False, "each 1 more gives 18.00元"),
        (Fraction(0), True, "does not change"),
    ],
)
def test_a_slope_in_words(slope: Fraction, money: bool, says: str) -> None:
    assert slope_text(slope, money=money).en == says


@pytest.mark.parametrize("spend", ["0元", "1元", "150万元", "1亿元"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_fits_a_terminal(spend: str, lang: str) -> None:
    lines = curve_chart(drawn(CAPPED, {"spend": spend}), lang).splitlines()
    assert len(lines) == ROWS + 3
    assert max(map(columns, lines)) <= 80
    assert sum("▲" in line for line in lines) == 1
    assert lines[0].startswith("20万元 │")
    assert lines[0].endswith("█")


def test_a_chart_shows_a_jump_as_a_step() -> None:
    body = entry() + "[incentive.parameters]\nmost = 10\n" + when("applicant.staff <= most")
    lines = curve_chart(drawn(body + amount(fixed="1万元"), {"staff": 1})).splitlines()[:ROWS]
    assert {line.partition("│")[2].rstrip() for line in lines} == {lines[0].partition("│")[2]}


def test_several_figures_ask_for_a_choice() -> None:
    body = entry() + amount(formula="applicant.spend + applicant.balance")
    with pytest.raises(CurveError, match=r"applicant\.spend, applicant\.balance"):
        drawn(body, {"spend": "1元", "balance": "1元"})


def test_nothing_that_matters_is_said() -> None:
    with pytest.raises(CurveError, match="no money or count fact"):
        drawn(entry() + amount(fixed="1元"), {})


def test_a_negative_figure_is_on_its_curve() -> None:
    """A signed fact below zero: the curve begins there, not at zero."""
    body = entry() + amount(base="applicant.balance", rate="10%", cap="1万元")
    found = drawn(body, {"balance": "-5万元"})
    assert found.segments[0].start == -5_000_000
    assert "现为-50,000.00元：0.00元" in text(found)
