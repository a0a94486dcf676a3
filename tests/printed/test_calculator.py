"""Every printed sum, done again by a calculator that knows nothing of the library."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.printed.calculator import recompute, replay
from tests.printed.cases import (
    EXAMPLES,
    FOUR,
    ON,
    all_forms,
    benchmark_rules,
    every_sum,
    shipped_rules,
)

from incentives.explain.decision import explain_decision
from incentives.explain.text import render_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from incentives.api import Decision


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


@given(every_sum())
def test_every_way_to_write_an_amount_recomputes(firm: dict[str, Any]) -> None:
    for decision in all_forms().assess(firm, on=ON):
        assert decision.amount is not None, decision
        assert_recomputes(decision)


def test_a_wrong_line_is_noticed() -> None:
    with pytest.raises(AssertionError, match="does not add up"):
        replay(["实际履行金额 1,500,000.00元 × 10% = 150,000.01元"])
    with pytest.raises(AssertionError, match="does not add up"):
        replay(["100.00元 × 10% = 10.00元", "按上限20.00元计，超出的5.00元不计"])
