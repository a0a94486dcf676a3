"""Laws of the curve: the engine's own amounts, everywhere, not only at the breaks."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import incentives
from incentives.authoring.pictures import Picture, picture
from incentives.engine.curve import Break, BreakKind, Curve, CurveError, _base, _Walker, curve
from incentives.rulebook.model import LegalStatus
from incentives.rulebook.profile import Profile
from incentives.values.money import Money

DAY = date(2024, 6, 1)
AWARD = "shizuishan-tech-city/technology-contract-award"
PILOT = "shizuishan-tech-city/pilot-support"


@cache
def rulebook() -> incentives.Rulebook:
    return incentives.load()


def contract(amount: int) -> dict[str, Any]:
    return {
        "applicant": {"kind": "technology_transfer_center", "region": "640200"},
        "contract": [
            {
                "registration_no": "1",
                "performed_amount": f"{Money(amount).to_decimal()}元",
                "brokered_by_applicant": True,
                "provider_kind": "university",
                "buyer_kind": "enterprise",
            }
        ],
    }


def pilot(rd: int, funds: int) -> dict[str, Any]:
    return {
        "applicant": {"kind": "enterprise", "region": "640200"},
        "project": [
            {
                "kind": "pilot",
                "region": "640200",
                "rd_investment": f"{Money(rd).to_decimal()}元",
                "funds_in_place": f"{Money(funds).to_decimal()}元",
            }
        ],
    }


def drawn(incentive: str, base: str, facts: dict[str, Any]) -> Curve:
    profile = Profile(facts, rulebook().vocabulary)
    return curve(rulebook().plan, incentive, base, profile, DAY)


def engine(incentive: str, facts: dict[str, Any]) -> int:
    amount = rulebook().assess(facts, on=DAY, only=[incentive])[incentive].amount
    assert amount is not None
    return amount.fen


def test_a_cap_is_a_kink_at_two_million_yuan() -> None:
    found = drawn(AWARD, "contract[1].performed_amount", contract(1))
    assert found.breaks == (Break(BreakKind.KINK, 200_000_000, 20_000_000, 20_000_000),)
    assert [segment.slope * 10 for segment in found.segments] == [1, 0]


def test_a_kink_between_two_fen_is_exact() -> None:
    found = drawn(PILOT, "project[1].rd_investment", pilot(1, 900_000_000))
    assert [each.at * 3 for each in found.breaks] == [1_000_000_000]


@settings(max_examples=60)
@given(st.integers(0, 400_000_000) | st.integers(199_999_980, 200_000_020))
def test_the_engine_is_on_the_contract_curve_everywhere(x: int) -> None:
    found = drawn(AWARD, "contract[1].performed_amount", contract(1))
    segment = found.segment(x)
    assert abs(engine(AWARD, contract(x)) - segment.line(x)) <= segment.slack


@settings(max_examples=60)
@given(
    st.integers(0, 500_000_000),
    st.integers(0, 500_000_000) | st.integers(333_333_320, 333_333_340),
)
def test_the_engine_is_on_the_pilot_curve_everywhere(funds: int, x: int) -> None:
    found = drawn(PILOT, "project[1].rd_investment", pilot(1, funds))
    segment = found.segment(x)
    assert abs(engine(PILOT, pilot(x, funds)) - segment.line(x)) <= segment.slack


def test_a_missing_fact_is_no_curve() -> None:
    facts = contract(1)
    del facts["contract"][0]["brokered_by_applicant"]
    with pytest.raises(CurveError, match="brokered_by_applicant"):
        drawn(AWARD, "contract[1].performed_amount", facts)


def test_a_fact_that_is_no_amount_is_refused() -> None:
    with pytest.raises(CurveError, match="no amount and no count"):
        drawn(AWARD, "contract[1].buyer_kind", contract(1))


@cache
def pictures() -> list[Picture]:
    """Return every curve that the catalogue shows."""
    found = (picture(rulebook(), each) for each in rulebook().incentives.values())
    return [each for each in found if each is not None]


def around(shown: Picture, data: st.DataObject) -> int:
    """Draw a figure: anywhere, or within three fen of a break."""
    low, high = shown.curve.segments[0].start, shown.curve.segments[-1].stop
    places = [int(each.at) for each in shown.curve.breaks]
    anywhere = st.integers(low, 2 * max([*places, 10**8]))
    near = st.builds(int.__add__, st.sampled_from([*places, low]), st.integers(-3, 3))
    return min(max(low, data.draw(anywhere | near)), high if high is not None else 10**18)


@settings(max_examples=200)
@given(st.data())
def test_the_engine_is_on_every_curve_of_the_catalogue(data: st.DataObject) -> None:
    shown = data.draw(st.sampled_from(pictures()))
    rule, case = rulebook()[shown.curve.incentive], shown.case
    profile = Profile(case.facts, rulebook().vocabulary)
    base, _ = _base(profile, shown.curve.base)
    walker = _Walker(
        rulebook().plan, rule.id, base, profile, case.on,
        drafts=rule.document.legal_status is LegalStatus.DRAFT,
        no_history=case.assume_no_history,
    )  # fmt: skip
    x = around(shown, data)
    segment = shown.curve.segment(x)
    assert abs(walker._engine(x) - segment.line(x)) <= segment.slack
