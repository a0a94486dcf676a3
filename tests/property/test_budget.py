"""Law 20: a shared purse is never overspent, hardly underspent, and keeps the order of merit."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incentives.batch.purse.budget import Claim, Claims, Places, ProRata, pro_rata, ranked
from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterator

amounts = st.one_of(st.integers(0, 20), st.integers(0, 10**17))
purses = st.one_of(st.integers(0, 60), st.integers(0, 10**19))


def shares(amount: int, claims: list[int]) -> list[int]:
    """Return what settled claims come to, each one amount."""
    made = [Claim(claim, claim) for claim in claims]
    purse = pro_rata(amount, Counter(made))
    parts = [purse.of(claim) for claim in made]
    assert all(low == high for low, high in parts)
    return [low for low, _ in parts]


# ── shared by the size of the claims ─────────────────────────────────────────


@example(100, [0, 0])
@example(0, [5])
@example(100, [50, 50, 50])
@given(purses, st.lists(amounts, max_size=12))
def test_law_20_a_purse_is_never_overspent_and_hardly_underspent(
    amount: int, claims: list[int]
) -> None:
    parts = shares(amount, claims)
    assert sum(parts) <= amount
    assert all(0 <= part <= claim for part, claim in zip(parts, claims, strict=True))
    if sum(claims) <= amount:
        assert parts == claims
    else:
        assert amount - sum(parts) < len([claim for claim in claims if claim])


@given(purses, st.lists(amounts, max_size=12))
def test_law_20_pro_rating_keeps_the_order_of_merit(amount: int, claims: list[int]) -> None:
    parts = dict(zip(claims, shares(amount, claims), strict=True))
    for smaller, larger in product(claims, claims):
        if smaller <= larger:
            assert parts[smaller] <= parts[larger]


@given(purses, st.lists(amounts, min_size=1, max_size=12))
def test_a_part_is_within_a_fen_of_the_exact_share(amount: int, claims: list[int]) -> None:
    together = max(sum(claims), amount)
    for part, claim in zip(shares(amount, claims), claims, strict=True):
        exact = Fraction(amount * claim, together) if together > amount else Fraction(claim)
        assert abs(part - exact) < 1


@given(purses, st.lists(amounts, max_size=12))
def test_the_last_fen_go_to_the_largest_remainders(amount: int, claims: list[int]) -> None:
    """Against the method as the books tell it, with who is level at the end left out."""
    together = sum(claims)
    expected = list(claims)
    if together > amount:
        exact = [Fraction(amount * claim, together) for claim in claims]
        expected = [part.numerator // part.denominator for part in exact]
        rest = [part - whole for part, whole in zip(exact, expected, strict=True)]
        spare = amount - sum(expected)
        for at, mine in enumerate(rest):
            as_large = sum(other >= mine for other in rest)
            expected[at] += mine > 0 and as_large <= spare
    assert shares(amount, claims) == expected


def test_three_equal_claims_leave_a_fen_in_the_purse() -> None:
    assert shares(100, [60, 60, 60]) == [33, 33, 33]
    assert shares(101, [60, 60, 61]) == [33, 33, 34]


# ── claims that are not settled ──────────────────────────────────────────────

small_claims = st.builds(
    lambda low, more, sure: Claim(low if sure else 0, low + more, sure),
    st.integers(0, 6), st.integers(0, 3), st.booleans(),
)  # fmt: skip


def completions(claims: list[Claim]) -> Iterator[list[int]]:
    """Yield every way in which the claims can turn out."""
    for each in product(*(range(claim.low, (claim.high or 0) + 1) for claim in claims)):
        yield list(each)


@settings(max_examples=60)
@given(st.integers(0, 25), st.lists(small_claims, max_size=4))
def test_every_way_it_can_turn_out_lies_in_the_range(amount: int, claims: list[Claim]) -> None:
    purse = pro_rata(amount, Counter(claims))
    spans = [purse.of(claim) for claim in claims]
    for completion in completions(claims):
        for part, (low, high) in zip(shares(amount, completion), spans, strict=True):
            assert low <= part
            assert high is not None
            assert part <= high


@settings(max_examples=60)
@given(st.integers(0, 40), st.lists(small_claims, min_size=1, max_size=5), st.data())
def test_learning_a_claim_widens_no_range(
    amount: int, claims: list[Claim], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(claims) - 1))
    one = claims[at]
    low = data.draw(st.integers(one.low, one.high or 0))
    high = data.draw(st.integers(low, one.high or 0))
    learnt = [*claims[:at], Claim(low, high, sure=True), *claims[at + 1 :]]
    before, after = pro_rata(amount, Counter(claims)), pro_rata(amount, Counter(learnt))
    for old, new in zip(claims, learnt, strict=True):
        (least, most), (now_least, now_most) = before.of(old), after.of(new)
        assert least <= now_least
        assert most is not None
        assert now_most is not None
        assert now_most <= most


def test_a_claim_without_end_leaves_the_others_between_nothing_and_their_claim() -> None:
    claims = [Claim(50, None), Claim(30, 30)]
    purse = pro_rata(100, Counter(claims))
    assert purse.of(claims[0]) == (50, 100)
    assert purse.of(claims[1]) == (0, 30)


def test_a_purse_that_suffices_for_all_that_can_be_claimed_pays_in_full() -> None:
    claims = [Claim(0, 40, sure=False), Claim(60, 60)]
    purse = pro_rata(100, Counter(claims))
    assert [purse.of(claim) for claim in claims] == [(0, 40), (60, 60)]
    assert pro_rata(99, Counter(claims)).of(claims[1]) == (59, 60)


# ── places ───────────────────────────────────────────────────────────────────


def has_place(places: int, ranks: list[int | None], at: int) -> bool | None:
    """Whether a member has a place, ``None`` where it is level with others at the last one."""
    mine = ranks[at]
    assert mine is not None
    level = [rank for rank in ranks if rank is not None]
    if sum(rank >= mine for rank in level) <= places:
        return True
    return False if sum(rank > mine for rank in level) >= places else None


@given(st.integers(0, 6), st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_the_highest_ranks_have_the_places_and_who_is_level_at_the_last_is_open(
    places: int, ranks: list[int]
) -> None:
    claims = [Claim(7, 7, rank_low=rank, rank_high=rank) for rank in ranks]
    purse = ranked(places, Counter(claims))
    answers = {True: (7, 7), False: (0, 0), None: (0, 7)}
    for at, claim in enumerate(claims):
        assert purse.of(claim) == answers[has_place(places, [*ranks], at)]
    assert sum(purse.of(claim) == (7, 7) for claim in claims) <= places


small_ranked = st.builds(
    lambda sure, low, more: Claim(7 if sure else 0, 7, sure, low, low + more),
    st.booleans(), st.integers(0, 3), st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=60)
@given(st.integers(0, 4), st.lists(small_ranked, min_size=1, max_size=4))
def test_every_order_that_is_possible_lies_in_the_range(places: int, claims: list[Claim]) -> None:
    spans = [ranked(places, Counter(claims)).of(claim) for claim in claims]
    ways = [
        [*range(int(c.rank_low or 0), int(c.rank_high or 0) + 1), *([] if c.sure else [None])]
        for c in claims
    ]
    seen: list[set[int | None]] = [set() for _ in claims]
    for ranks in product(*ways):
        for at, rank in enumerate(ranks):
            answer = None if rank is None else has_place(places, list(ranks), at)
            seen[at] |= {0} if rank is None or answer is False else {7} if answer else {0, 7}
    for (low, high), values in zip(spans, seen, strict=True):
        assert {low, high} == {min(v or 0 for v in values), max(v or 0 for v in values)}


def test_a_rank_that_nobody_knows_keeps_a_place_open() -> None:
    known = [Claim(5, 5, rank_low=r, rank_high=r) for r in (9, 8, 7)]
    unknown = Claim(5, 5)
    purse = ranked(2, Counter([*known, unknown]))
    assert [purse.of(claim) for claim in (*known, unknown)] == [(5, 5), (0, 5), (0, 0), (0, 5)]
    assert ranked(4, Counter([*known, unknown])).of(unknown) == (5, 5)
    assert ranked(1, Counter([unknown, unknown, known[0]])).of(known[0]) == (0, 5)


def test_without_places_nobody_is_paid_and_ranks_may_be_fractions() -> None:
    thirds = [Claim(5, 5, rank_low=Fraction(n, 3), rank_high=Fraction(n, 3)) for n in (1, 2)]
    assert [ranked(0, Counter(thirds)).of(claim) for claim in thirds] == [(0, 0), (0, 0)]
    assert [ranked(1, Counter(thirds)).of(claim) for claim in thirds] == [(0, 0), (5, 5)]


# ── one batch, many machines ─────────────────────────────────────────────────


@given(purses, st.lists(small_claims, max_size=20), st.integers(1, 5), st.integers(0, 9))
def test_claims_counted_apart_and_in_any_order_come_to_the_same(
    amount: int, claims: list[Claim], parts: int, seed: int
) -> None:
    shuffled = Random(seed).sample(claims, len(claims))
    apart = sum((Counter(shuffled[at::parts]) for at in range(parts)), Claims())
    assert pro_rata(amount, apart) == pro_rata(amount, Counter(claims))
    assert ranked(amount % 7, apart) == ranked(amount % 7, Counter(claims))


def test_what_is_no_claim_is_refused() -> None:
    with pytest.raises(InternalError):
        Claim(5, 4)
    with pytest.raises(InternalError):
        Claim(-1, 4)
    with pytest.raises(InternalError):
        ProRata(1, 2, 2, 0).of(Claim(2, 2))
    assert Places(1, None, None).of(Claim(3, 3)) == (3, 3)
