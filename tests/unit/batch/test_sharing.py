"""Purses shared among tables of claims: the fen of the plain functions, however they are cut."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incentives.batch.decisions import schema, yuan
from incentives.batch.purse.budget import Claim, foremost, pro_rata, ranked
from incentives.batch.purse.purses import Limit
from incentives.batch.purse.sharing import Tally, claims_schema, connect, shared, tally

if TYPE_CHECKING:
    from pathlib import Path

few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
amounts = st.one_of(st.integers(0, 30), st.integers(0, 10**12), st.integers(10**24, 10**26))
ranks = st.one_of(st.none(), st.integers(-3, 3), st.fractions(-2, 2, max_denominator=3))


@st.composite
def claims_of(draw: st.DrawFn) -> Claim:
    """Return a claim; half of them settled."""
    sure, low = draw(st.booleans()), draw(amounts)
    high = low if draw(st.booleans()) else draw(st.one_of(st.none(), st.just(low + draw(amounts))))
    ends = sorted(each for each in (draw(ranks), draw(ranks)) if each is not None)
    pair = (ends[0], ends[-1]) if ends else (None, None)
    return Claim(low if sure else 0, high, sure, *pair)


settled_claims = amounts.map(lambda fen: Claim(fen, fen))


def table(claims: list[Claim], incentive: str = "doc/award") -> Any:
    """Return claims as a table, each firm with another decision and an item beside it."""
    rows: list[dict[str, Any]] = []
    for number, claim in enumerate(claims):
        same = {"applicant": f"{number}", "failed": [], "missing": [], "readings_differ": False}
        mine = {
            "incentive": incentive,
            "status": "eligible" if claim.sure else "undetermined",
            "amount": yuan(claim.low) if claim.low == claim.high else None,
            "low": yuan(claim.low),
            "high": yuan(claim.high),
            "rank_low": None if claim.rank_low is None else str(claim.rank_low),
            "rank_high": None if claim.rank_high is None else str(claim.rank_high),
        }
        rows += [
            {**same, **mine},
            {**same, **mine, "item": "1"},
            {
                **same,
                **mine,
                "status": "ineligible",
                "amount": yuan(0),
                "low": yuan(0),
                "high": yuan(0),
                "applicant": "no",
            },
            {
                **same,
                "incentive": "doc/other",
                "status": "eligible",
                "amount": yuan(7),
                "low": yuan(7),
                "high": yuan(7),
            },
            {**same, "status": "error", "reason": "E300"},
        ]
    return pa.Table.from_pylist(rows, claims_schema())


def whole(made: list[Any]) -> Any:
    return pa.concat_tables(made) if made else schema().empty_table()


def check(limit: Limit, claims: list[Claim], cut: int, path: Path) -> None:
    """Compare what tables come to with the plain functions, row by row."""
    rows = table(claims)
    cuts = [rows.slice(at, cut) for at in range(0, rows.num_rows, cut)]
    made = whole(list(shared(cuts, {limit.incentive: limit}, path)))
    assert not path.exists()
    assert made.schema == schema()
    if limit.amount is not None:
        purse: Any = pro_rata(limit.amount, Counter(claims))
    else:
        purse = ranked(limit.places or 0, Counter(claims))
    expected = rows.select(schema().names).to_pylist()
    for row, claim in zip(expected[::5], claims, strict=True):
        low, high = purse.of(claim)
        row["low"], row["high"] = yuan(low), yuan(high)
        row["amount"] = yuan(low) if low == high else None
    assert made.to_pylist() == expected


@few
@given(st.integers(0, 10**13), st.lists(claims_of(), max_size=6), st.integers(5, 40))
def test_purses_by_size(tmp_path: Path, amount: int, claims: list[Claim], cut: int) -> None:
    check(Limit("doc/award", amount=amount), claims, cut, tmp_path / "spool")


@few
@given(st.integers(0, 10**13), st.lists(settled_claims, max_size=8), st.integers(5, 40))
def test_purses_of_settled_claims(
    tmp_path: Path, amount: int, claims: list[Claim], cut: int
) -> None:
    check(Limit("doc/award", amount=amount), claims, cut, tmp_path / "spool")


@few
@given(st.integers(0, 5), st.lists(claims_of(), max_size=8), st.integers(5, 40))
def test_purses_of_places(tmp_path: Path, places: int, claims: list[Claim], cut: int) -> None:
    check(Limit("doc/award", places=places), claims, cut, tmp_path / "spool")


@pytest.mark.parametrize("amount", [100, 10**26, 3 * 10**25])
def test_products_too_wide_for_a_database_come_out_as_exactly(tmp_path: Path, amount: int) -> None:
    claims = [Claim(fen, fen) for fen in (10**26, 10**26 + 1, 3, 3)]
    check(Limit("doc/award", amount=amount), claims, 7, tmp_path / "spool")
    check(
        Limit("doc/award", amount=amount), [*claims, Claim(0, 5, sure=False)], 7, tmp_path / "spool"
    )


@few
@given(st.integers(0, 4), st.lists(claims_of(), max_size=12))
def test_the_foremost_claims_say_all_that_matters(places: int, claims: list[Claim]) -> None:
    kept = foremost(places, Counter(claims))
    assert ranked(places, kept) == ranked(places, Counter(claims))
    assert sum(min(n, places + 1) for n in kept.values()) <= 2 * (places + 1) ** 2


@few
@given(st.lists(claims_of(), max_size=10), st.integers(0, 10))
def test_tallies_add_up_and_travel_as_text(claims: list[Claim], cut: int) -> None:
    limits = {
        "doc/award": Limit("doc/award", amount=5),
        "doc/places": Limit("doc/places", places=2),
    }
    desk = connect()
    rows = pa.concat_tables([table(claims), table(claims, "doc/places")])
    parts = [tally(desk, part, limits) for part in (rows.slice(0, cut), rows.slice(cut))]
    added = Tally()
    for part in reversed(parts):
        assert Tally.from_json(part.to_json()) == part
        added = added.plus(part, limits)
    once = tally(desk, rows, limits)
    assert added.sums == once.sums
    for name, kept in once.ranks.items():
        assert ranked(2, added.ranks[name]) == ranked(2, kept)


def test_ranks_are_exact(tmp_path: Path) -> None:
    third = Fraction(1, 3)
    near = third + Fraction(1, 10**40)
    claims = [Claim(9, 9, rank_low=rank, rank_high=rank) for rank in (third, near, third)]
    check(Limit("doc/award", places=1), claims, 3, tmp_path / "spool")
    made = whole(
        list(
            shared([table(claims)], {"doc/award": Limit("doc/award", places=1)}, tmp_path / "again")
        )
    )
    assert made["amount"].to_pylist()[::5] == [yuan(0), yuan(9), yuan(0)]
