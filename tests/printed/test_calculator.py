"""Every printed sum, done again by a calculator that knows nothing of the library."""

from __future__ import annotations

import random
import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.printed.calculator import exact, recompute, replay
from tests.printed.cases import (
    EXAMPLES,
    FOUR,
    ON,
    all_forms,
    benchmark_rules,
    every_sum,
    shipped_rules,
    yuan,
)

from incentives.explain.decision import explain_decision
from incentives.explain.text import render_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from incentives.api import Decision
    from incentives.rulebook.model import Case


def assert_recomputes(decision: Decision) -> None:
    amount = decision.amount
    if amount is None or decision.status != "eligible":
        return  # a range is no sum; refused is zero without one
    text = render_text(explain_decision(decision, full=True), "zh", width=100_000)
    assert recompute(text) == Fraction(amount.fen, 100), text


@pytest.mark.parametrize("profile", EXAMPLES, ids=lambda path: path.stem)
def test_the_printed_sums_of_the_examples_give_the_amounts(profile: Path) -> None:
    for decision in shipped_rules().assess(profile, on=ON):
        assert_recomputes(decision)


@given(
    st.fixed_dictionaries(
        {
            "rd_inv": st.integers(0, 10**10),
            "funds": st.integers(0, 10**10),
            "post_subsidy": st.integers(1, 10**9),
            "performed": st.lists(st.integers(0, 10**9), min_size=1, max_size=4),
            "ht_status": st.sampled_from(["new", "renewed"]),
        }
    )
)
def test_the_printed_sums_of_any_firm_give_the_amounts(facts: Mapping[str, Any]) -> None:
    for decision in benchmark_rules().assess(FOUR(facts), on=date(2024, 6, 1)):
        assert decision.amount is not None
        assert_recomputes(decision)


@settings(max_examples=50)
@given(every_sum())
def test_law_10_every_way_to_write_an_amount_recomputes(firm: dict[str, Any]) -> None:
    for decision in all_forms().assess(firm, on=ON):
        assert decision.amount is not None, decision
        assert_recomputes(decision)


WITH_AMOUNT = sorted(
    name
    for name, incentive in shipped_rules().incentives.items()
    if any(version.amount is not None for version in incentive.versions)
)
DECIDED = {
    "shizuishan-tech-city/high-level-talent-support",
    "shizuishan-tech-city/new-rd-institution-support",
}
MONEY = re.compile(r"\d[\d,.]*(?:万|亿)?元")


def moved(facts: Any, dice: random.Random) -> Any:
    """Return facts with every amount of money drawn anew, to the fen, near the one there or far."""
    if isinstance(facts, dict):
        return {name: moved(value, dice) for name, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [moved(value, dice) for value in facts]
    if isinstance(facts, str) and MONEY.fullmatch(facts):
        number = exact(re.sub("[万亿]?元", "", facts)) * (10**4 if "万" in facts else 1)
        number *= 10**8 if "亿" in facts else 1
        return yuan(int(number * dice.choice([1, 99, 100, 101, 137, dice.randrange(1, 900)])))
    return facts


def profiles_of(name: str, cases: tuple[Case, ...]) -> Iterator[tuple[Case, dict[str, Any]]]:
    dice = random.Random(name)
    paid = [case for case in cases if case.expect.get("status") == "eligible"]
    paid.sort(key=lambda case: case.expect.get("amount", "none") == "none")  # ceilings last
    for case in paid[:6]:
        facts: dict[str, Any] = dict(case.facts)
        if name in DECIDED:  # ceilings: there is an amount once somebody has decided
            facts["decided"] = [{"incentive": name, "amount": "12345.67元", "decided_on": case.on}]
        yield case, facts
        yield case, moved(facts, dice)


@pytest.mark.parametrize("name", WITH_AMOUNT)
def test_law_10_the_printed_sum_of_every_shipped_incentive_gives_the_amount(name: str) -> None:
    incentive, replayed = shipped_rules()[name], 0
    for case, facts in profiles_of(name, incentive.cases):
        decision = shipped_rules().assess(
            facts,
            case.on,
            drafts=incentive.document.legal_status == "draft",
            assume_no_history=case.assume_no_history,
        )[name]
        assert_recomputes(decision)
        replayed += decision.amount is not None and decision.status == "eligible"
    assert replayed


def test_a_wrong_line_is_noticed() -> None:
    with pytest.raises(AssertionError, match="does not add up"):
        replay(["实际履行金额 1,500,000.00元 × 10% = 150,000.01元"])
    with pytest.raises(AssertionError, match="does not add up"):
        replay(["100.00元 × 10% = 10.00元", "按上限20.00元计，超出的5.00元不计"])
