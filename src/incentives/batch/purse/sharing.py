"""Purses shared among the claims of a batch, table by table; the same in one run and in Spark.

First pass: each table of claims becomes a ``Tally``, a few numbers that add up in any
order. Between the passes ``settled`` makes of them what ``batch/purse/budget.py`` calls a purse.
Second pass: ``apply`` gives each claim its part.

A table of claims is one of decisions by the rules without the purses, with the columns
``rank_low`` and ``rank_high``: exact fractions as text, null where that end is open.

The law kept (``tests/unit/batch/test_sharing.py``): the columns here and the plain functions
of ``batch/purse/budget.py`` come to the same fen. The trap: a product of purse and claim may
need more than 127 bits; then the plain functions do the work.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from incentives.batch.decisions import arrow, schema, yuan
from incentives.batch.purse.budget import (
    Claim,
    Claims,
    ProRata,
    Purse,
    foremost,
    pro_rata,
    ranked,
)
from incentives.batch.purse.purses import Ranks
from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    import duckdb

    from incentives.batch.purse.purses import Limit, Purses
    from incentives.batch.single import Settings
    from incentives.batch.workers import Task

RANKS: Final = ("rank_low", "rank_high")
MEMBERS: Final = ("eligible", "undetermined")
_WIDEST: Final = 126


@cache
def claims_schema() -> Any:
    """Return the columns of a table of claims."""
    pa = arrow()
    return pa.schema([*schema(), *(pa.field(name, pa.string()) for name in RANKS)])


@dataclass(frozen=True, slots=True)
class Sums:
    """What the claims on a purse add up to; ``most``: the largest end of any of them."""

    low: int = 0
    high: int = 0
    endless: int = 0
    most: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.low + other.low,
            self.high + other.high,
            self.endless + other.endless,
            max(self.most, other.most),
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """What the first pass needs to know of some claims; tallies add up in any order.

    ``sums``: by incentive, of purses shared by size. ``ranks``: of places, the claims that can
    matter.
    """

    sums: Mapping[str, Sums] = field(default_factory=dict)
    ranks: Mapping[str, Claims] = field(default_factory=dict)

    def plus(self, other: Tally, limits: Mapping[str, Limit]) -> Tally:
        """Return the tally of both."""
        sums = dict(self.sums)
        for name, more in other.sums.items():
            sums[name] = sums.get(name, Sums()) + more
        ranks = dict(self.ranks)
        for name, claims in other.ranks.items():
            ranks[name] = foremost(_places(limits[name]), ranks.get(name, Claims()) + claims)
        return Tally(sums, ranks)

    def to_json(self) -> str:
        """Return the tally as text, for the way from one machine to another."""
        ranks = {
            name: [[c.sure, _text(c.rank_low), _text(c.rank_high), n] for c, n in claims.items()]
            for name, claims in self.ranks.items()
        }
        sums = {name: [s.low, s.high, s.endless, s.most] for name, s in self.sums.items()}
        return json.dumps({"sums": sums, "ranks": ranks})

    @classmethod
    def from_json(cls, text: str) -> Tally:
        """Return what ``to_json`` wrote."""
        data = json.loads(text)
        ranks = {
            name: Counter({_ranked(sure, low, high): n for sure, low, high, n in claims})
            for name, claims in data["ranks"].items()
        }
        return cls({name: Sums(*each) for name, each in data["sums"].items()}, ranks)


def _places(limit: Limit) -> int:
    if limit.places is None:
        raise InternalError(f"{limit.incentive} has no places")
    return limit.places


def _ranked(sure: bool, low: str | None, high: str | None) -> Claim:
    return Claim(0, None, sure, _number(low), _number(high))


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _text(number: Fraction | int | None) -> str | None:
    return None if number is None else str(number)


def with_ranks(table: Any, ranks: Mapping[str, Mapping[str | None, Any]]) -> Any:
    """Return a table of decisions as one of claims.

    Args:
        table: decisions by the rules without the purses.
        ranks: the ends of each firm's rank, by incentive and key.
    """
    pa = arrow()
    ends: list[tuple[str | None, str | None]] = [(None, None)] * table.num_rows
    if ranks:
        pairs = zip(table["incentive"].to_pylist(), table["applicant"].to_pylist(), strict=True)
        nothing = (None, None)
        found = (ranks.get(name, {}).get(key, nothing) if name else nothing for name, key in pairs)
        ends = [(_text(low), _text(high)) for low, high in found]
    for at, name in enumerate(RANKS):
        table = table.append_column(name, pa.array([pair[at] for pair in ends], pa.string()))
    return table.cast(claims_schema())


class HasFirms(Protocol):
    """The firms of an input."""

    def among(self, keys: Sequence[str]) -> Iterator[Task]:
        """Yield tasks for the firms with some keys."""


def claims(
    tables: Iterable[Any], firms: HasFirms, purses: Purses, settings: Settings
) -> Iterator[Any]:
    """Yield tables of decisions, by the rules without the purses, as tables of claims."""
    ranks = Ranks(purses, settings)
    for table in tables:
        found = {}
        for name in ranks.incentives:
            keys = table.filter(members(table, name))["applicant"].to_pylist()
            tasks = firms.among(keys) if keys else ()
            cases = (case for task in tasks for case in task.cases(purses.rules.vocabulary))
            found[name] = ranks.of(cases, name)
        yield with_ranks(table, found)


def members(table: Any, incentive: str) -> Any:
    """Return which rows are claims on the purse of an incentive."""
    from pyarrow import compute

    whole = compute.and_(
        compute.equal(table["incentive"], incentive), compute.is_null(table["item"])
    )
    status = compute.is_in(table["status"], value_set=arrow().array(MEMBERS))
    found = compute.and_(compute.and_(whole, status), compute.is_valid(table["low"]))
    return compute.fill_null(found, False)


# ── first pass ───────────────────────────────────────────────────────────────


def tally(connection: duckdb.DuckDBPyConnection, table: Any, limits: Mapping[str, Limit]) -> Tally:
    """Return what the first pass needs to know of a table of claims."""
    sums: dict[str, Sums] = {}
    ranks: dict[str, Claims] = {}
    for name, limit in limits.items():
        claims = table.filter(members(table, name))
        if not claims.num_rows:
            continue
        if limit.places is None:
            sums[name] = _sums(connection, claims)
        else:
            ranks[name] = foremost(limit.places, Counter(_claims(claims)))
    return Tally(sums, ranks)


def _sums(connection: duckdb.DuckDBPyConnection, claims: Any) -> Sums:
    query = (
        "SELECT sum(CAST(low * 100 AS HUGEINT)), coalesce(sum(CAST(high * 100 AS HUGEINT)), 0), "
        "count(*) FILTER (WHERE high IS NULL), max(CAST(coalesce(high, low) * 100 AS HUGEINT)) "
        "FROM claims"
    )
    ((low, high, endless, most),) = _asked(connection, query, None, claims).fetchall()
    return Sums(int(low), int(high), int(endless), int(most))


def _claims(table: Any) -> Iterator[Claim]:
    """Yield the claims of a table, amounts left out."""
    columns = (table[name].to_pylist() for name in ("status", *RANKS))
    for status, low, high in zip(*columns, strict=True):
        yield _ranked(status == MEMBERS[0], low, high)


# ── between the passes ───────────────────────────────────────────────────────


def settled(
    limits: Mapping[str, Limit],
    found: Tally,
    last: Callable[[str, ProRata, Sums], int],
) -> dict[str, Purse]:
    """Return the purse of each incentive.

    Args:
        limits: what is shared.
        found: the tally of all claims.
        last: called for a purse that is too small for claims that are all settled; looks at
            the claims again and returns ``ProRata.last``.
    """
    purses: dict[str, Purse] = {}
    for name, limit in limits.items():
        if limit.places is not None:
            purses[name] = ranked(limit.places, found.ranks.get(name, Claims()))
            continue
        if limit.amount is None:
            raise InternalError(f"{name} has neither amount nor places")
        sums = found.sums.get(name, Sums())
        purse = ProRata(limit.amount, sums.low, sums.high, sums.endless)
        if purse.is_settled and purse.low > purse.amount:
            purse = replace(purse, last=last(name, purse, sums))
        purses[name] = purse
    return purses


def is_narrow(purse: ProRata, most: int) -> bool:
    """Whether a database can multiply purse and claim exactly."""
    return purse.amount.bit_length() + max(most, purse.high).bit_length() <= _WIDEST


def last_remainder(
    connection: duckdb.DuckDBPyConnection, counted: Any, purse: ProRata, sums: Sums
) -> int:
    """Return the last remainder that gets a fen more, of a purse that is too small.

    Args:
        connection: what computes it.
        counted: an Arrow table of the different claims, ``low`` in yuan, and how many
            ``times`` each is made.
        purse: what is shared; its claims are settled.
        sums: what the claims add up to.
    """
    if not is_narrow(purse, sums.most):
        rows = zip(counted["low"].to_pylist(), counted["times"].to_pylist(), strict=True)
        claims = {Claim(fen, fen): times for fen, times in ((_fen(low), n) for low, n in rows)}
        return pro_rata(purse.amount, claims).last or 0
    figures = {"amount": purse.amount, "together": purse.low}
    rows = _asked(connection, _LAST, figures, counted).fetchall()
    return int(rows[0][0]) if rows else 0


def counted(connection: duckdb.DuckDBPyConnection, path: Path, incentive: str) -> Any:
    """Return the different claims on a purse in a Parquet file, as it is asked above."""
    values = [str(path), incentive, list(MEMBERS)]
    return _asked(connection, _COUNTED, values).to_arrow_table()


_COUNTED: Final = """
SELECT CAST(low AS DECIMAL(38, 2)) AS low, count(*) AS times FROM read_parquet(?)
WHERE incentive = ? AND item IS NULL AND low IS NOT NULL AND list_contains(?, status)
GROUP BY low
"""
_LAST: Final = """
WITH given AS (
    SELECT CAST($amount AS HUGEINT) AS amount, CAST($together AS HUGEINT) AS together
), part AS (
    SELECT amount * CAST(low * 100 AS HUGEINT) AS product, together, amount, times
    FROM claims, given
), rests AS (
    SELECT product % together AS rest, sum(times) AS times FROM part GROUP BY rest
), spare AS (
    SELECT any_value(amount) - sum((product // together) * times) AS fen FROM part
), reached AS (
    SELECT rest, sum(times) OVER (ORDER BY rest DESC) AS upto FROM rests
)
SELECT rest FROM reached, spare WHERE upto > fen ORDER BY rest DESC LIMIT 1
"""


# ── second pass ──────────────────────────────────────────────────────────────


def apply(connection: duckdb.DuckDBPyConnection, table: Any, purses: Mapping[str, Purse]) -> Any:
    """Return the decisions that a table of claims comes to."""
    from pyarrow import compute

    columns = {name: table[name].combine_chunks() for name in table.column_names}
    for name, purse in purses.items():
        chosen = members(table, name)
        claims = table.filter(chosen)
        if not claims.num_rows:
            continue
        shares = _shares(connection, claims, purse)
        mask = chosen.combine_chunks()
        for column, values in zip(("amount", "low", "high"), shares, strict=True):
            columns[column] = compute.replace_with_mask(columns[column], mask, values)
    return arrow().table(columns).select(schema().names)


def _shares(
    connection: duckdb.DuckDBPyConnection, claims: Any, purse: Purse
) -> tuple[Any, Any, Any]:
    """Return the amount and the ends of each claim's share, as columns."""
    pa = arrow()
    kind = schema().field("low").type
    if isinstance(purse, ProRata) and is_narrow(purse, _sums(connection, claims).most):
        query = _SETTLED if purse.is_settled else _OPEN
        shared = _asked(connection, query, _figures(purse), claims).to_arrow_table()
        return tuple(shared[name].combine_chunks().cast(kind) for name in ("amount", "low", "high"))
    columns = [claims[name].to_pylist() for name in ("status", "low", "high", *RANKS)]
    ends = [
        purse.of(_claim(status == MEMBERS[0], low, high, *ranks))
        for status, low, high, *ranks in zip(*columns, strict=True)
    ]
    amounts = [yuan(low) if low == high else None for low, high in ends]
    lows, highs = ([yuan(pair[at]) for pair in ends] for at in (0, 1))
    return pa.array(amounts, kind), pa.array(lows, kind), pa.array(highs, kind)


def _claim(
    sure: bool, low: Decimal, high: Decimal | None, rank_low: str | None, rank_high: str | None
) -> Claim:
    most = None if high is None else _fen(high)
    return Claim(_fen(low), most, sure, _number(rank_low), _number(rank_high))


def _fen(yuan: Decimal) -> int:
    """Return yuan as fen; the context of the host's decimals plays no part."""
    return int(Fraction(yuan) * 100)


def _figures(purse: ProRata) -> dict[str, Any]:
    """Return what the statements below call the figures of a purse."""
    figures = {"amount": purse.amount, "low": purse.low}
    if purse.is_settled:
        return {**figures, "last": 0 if purse.last is None else purse.last}
    return {**figures, "high": purse.high, "endless": purse.endless}


_YUAN: Final = "CAST(CAST({} AS DECIMAL(38, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(38, 2))"
_SETTLED: Final = """
WITH given AS (
    SELECT CAST($amount AS HUGEINT) AS amount, CAST($low AS HUGEINT) AS together,
        CAST($last AS HUGEINT) AS last
), fen AS (SELECT CAST(low * 100 AS HUGEINT) AS claim FROM claims), part AS (
    SELECT CASE WHEN together <= amount THEN claim
        ELSE amount * claim // together + CAST(amount * claim % together > last AS HUGEINT) END AS x
    FROM fen, given
)
SELECT {x} AS amount, {x} AS low, {x} AS high FROM part
""".replace("{x}", _YUAN.format("x"))
_OPEN: Final = """
WITH given AS (
    SELECT CAST($amount AS HUGEINT) AS amount, CAST($low AS HUGEINT) AS all_low,
        CAST($high AS HUGEINT) AS all_high, CAST($endless AS BIGINT) AS endless
), fen AS (
    SELECT CAST(low * 100 AS HUGEINT) AS low, CAST(high * 100 AS HUGEINT) AS high FROM claims
), beside AS (
    SELECT fen.*, amount, endless > CAST(high IS NULL AS BIGINT) AS is_endless,
        low + all_high - coalesce(high, 0) AS crowded, high + all_low - low AS alone
    FROM fen, given
), part AS (
    SELECT CASE WHEN is_endless THEN 0 WHEN crowded <= amount THEN low
            ELSE amount * low // crowded END AS least,
        CASE WHEN high IS NULL THEN amount WHEN alone <= amount THEN high
            ELSE (amount * high + alone - 1) // alone END AS most
    FROM beside
)
SELECT CASE WHEN least = most THEN {least} END AS amount, {least} AS low, {most} AS high FROM part
""".replace("{least}", _YUAN.format("least")).replace("{most}", _YUAN.format("most"))


def connect() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that computes shares."""
    import duckdb

    return duckdb.connect(config={"autoinstall_known_extensions": "false"})


def _asked(
    connection: duckdb.DuckDBPyConnection, query: str, values: Any = None, claims: Any = None
) -> Any:
    """Return what a query gives; a table of claims is called ``claims`` in it."""
    if claims is not None:
        connection.register("claims", claims)
    return connection.sql(query, params=values)


# ── both ─────────────────────────────────────────────────────────────────────


def shared(tables: Iterable[Any], limits: Mapping[str, Limit], spool: Path) -> Iterator[Any]:
    """Yield the decisions that tables of claims come to, purses shared among all of them.

    Args:
        tables: the claims, in the order of the input.
        limits: what is shared.
        spool: a file that does not exist yet; holds the claims between the passes.
    """
    from pyarrow import parquet

    found, connection = Tally(), connect()
    with parquet.ParquetWriter(spool, claims_schema()) as writer:
        for table in tables:
            found = found.plus(tally(connection, table, limits), limits)
            writer.write_table(table)

    def last(name: str, purse: ProRata, sums: Sums) -> int:
        return last_remainder(connection, counted(connection, spool, name), purse, sums)

    purses = settled(limits, found, last)
    with parquet.ParquetFile(spool) as file:
        for batch in file.iter_batches():
            yield apply(connection, arrow().Table.from_batches([batch]), purses)
    spool.unlink()


def with_shares(
    tables: Iterator[Any], firms: HasFirms, purses: Purses, settings: Settings, directory: Path
) -> Iterator[Any]:
    """Return tables of decisions with purses shared, if there are any to share.

    Args:
        tables: decisions by the rules without the purses.
        firms: the firms they are about.
        purses: what is shared.
        settings: what was chosen for every firm alike.
        directory: where the claims wait between the passes.
    """
    if not purses.limits:
        return tables
    made = claims(tables, firms, purses, settings)
    return shared(made, purses.limits, directory / "claims.parquet")
