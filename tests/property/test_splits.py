"""Laws of splits: the parts add up to the fen, and each is fair to within a fen."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from incentives.engine.split import split

WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)


def shares(weights: list[int]) -> list[tuple[str, Fraction]]:
    return [(str(at), Fraction(one, sum(weights))) for at, one in enumerate(weights)]


@given(st.integers(0, 10**12), WEIGHTS)
@example(10001, [7, 3])
@example(1, [1, 1, 1])
def test_law_05_the_parts_add_up_to_the_total_in_fen(amount: int, weights: list[int]) -> None:
    parts = split(amount, shares(weights), "0")
    assert sum(part for _, part in parts) == amount
    assert [payer for payer, _ in parts] == [payer for payer, _ in shares(weights)]


@given(st.integers(0, 10**12), WEIGHTS)
def test_law_06_each_part_differs_from_its_share_by_less_than_a_fen(
    amount: int, weights: list[int]
) -> None:
    for (_, share), (_, part) in zip(
        shares(weights), split(amount, shares(weights), "0"), strict=True
    ):
        assert abs(part - amount * share) < 1


@given(st.integers(0, 10**6), st.integers(2, 6), st.data())
def test_law_05_a_tie_goes_to_the_residual_payer_then_in_listed_order(
    amount: int, size: int, data: st.DataObject
) -> None:
    residual = data.draw(st.integers(0, size - 1))
    parts = [part for _, part in split(amount, shares([1] * size), str(residual))]
    order = sorted(range(size), key=lambda at: (at != residual, at))
    more = amount % size
    assert [parts[at] for at in order] == [amount // size + 1] * more + [amount // size] * (
        size - more
    )
