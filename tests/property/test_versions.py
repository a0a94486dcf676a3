"""Laws of time: one version a day, and nothing looks back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small import amount, decide, entry

from incentives.engine.outcome import Status

DAY = timedelta(days=1)
FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)


def version(since: date, until: date, fixed: str) -> str:
    return entry(effective=f"{{ from = {since}, until = {until} }}") + amount(fixed=fixed)


def three(a: date, b: date) -> str:
    return (version(FIRST, a, "1元") + version(a + DAY, b, "2元")
            + version(b + DAY, LAST, "3元"))  # fmt: skip


CUTS = st.lists(st.dates(date(2020, 2, 1), date(2029, 11, 30)), min_size=2, max_size=2,
                unique=True).map(sorted)  # fmt: skip


@settings(max_examples=40)
@given(CUTS)
def test_law_21_every_day_has_one_version_and_boundaries_are_exact(cuts: list[date]) -> None:
    a, b = cuts
    for day, fen in ((FIRST, 100), (a, 100), (a + DAY, 200), (b, 200), (b + DAY, 300), (LAST, 300)):
        decision = decide(three(a, b), on=day)
        assert decision.status is Status.ELIGIBLE
        assert decision.amount is not None
        assert decision.amount.fen == fen, day
    for day in (FIRST - DAY, LAST + DAY):
        assert decide(three(a, b), on=day).reason == "period"


@settings(max_examples=25)
@given(CUTS, st.integers(0, 3000))
def test_law_22_a_later_version_leaves_earlier_days_as_they_are(
    cuts: list[date], back: int
) -> None:
    a, b = cuts
    before = version(FIRST, a, "1元") + version(a + DAY, b, "2元")
    day = b - timedelta(days=back)
    old, new = decide(before, on=day), decide(three(a, b), on=day)
    assert old.to_dict() == new.to_dict()


def test_law_21_a_gap_is_outside_the_period() -> None:
    text = version(FIRST, date(2021, 12, 31), "1元") + version(date(2023, 1, 1), LAST, "2元")
    for day, reason in ((date(2021, 12, 31), None), (date(2022, 6, 1), "period"),
                        (date(2023, 1, 1), None)):  # fmt: skip
        assert decide(text, on=day).reason == reason


@pytest.mark.parametrize(("status", "reason"), [("draft", "draft"), ("historical", "historical")])
def test_a_document_that_is_no_law_is_not_applied(status: str, reason: str) -> None:
    from tests.small import HEAD

    head = HEAD.replace("in_force", status)
    assert decide(entry() + amount(fixed="1元"), head=head).reason == reason
