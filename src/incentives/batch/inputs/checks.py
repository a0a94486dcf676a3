"""The columns of a raw relation, looked at as profiles would look at them, all rows at once.

Plain cells are settled by their extremes, which one query over the table gives, from a
Parquet file its footer alone; the others are read one by one (``reading``).

The trap: extremes decide the width of every sum later on. They cover every row of the
source, also rows that are left out for another cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.columns import LONGEST
from incentives.batch.inputs.headers import undeclared
from incentives.batch.inputs.reading import (
    INLINE,
    Read,
    inline,
    keep,
    read_cells,
    scaled,
    unchanged,
)
from incentives.batch.sql import trees
from incentives.batch.sql.trees import BIGINT, HUGEINT
from incentives.diagnostics import TableError
from incentives.rulebook.facts import BARE, read_fact
from incentives.values.types import NUMERIC, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    from sqlglot import exp

    from incentives.batch.inputs.cells import Route
    from incentives.batch.inputs.headers import FactColumn
    from incentives.batch.inputs.sources import Raw
else:
    from incentives.batch.sql import sqltree as exp


@dataclass(frozen=True, slots=True)
class Checked:
    """A column whose every cell has been looked at.

    ``value``: the staged value. ``mapping``: the relation of the cells that were read one
    by one (``raw``, ``value``, ``fault``), where it is needed: for ``left``, some of them are
    odd or bad; for ``joins``, they are too many to stand in the query itself. ``low``,
    ``high``: the extremes of whole numbers; ``None`` where no cell has one.
    """

    column: FactColumn
    key: exp.Expr
    value: exp.Expr
    nulls: bool
    stated: bool
    low: int | None = None
    high: int | None = None
    scale: int = 1
    mapping: str | None = None
    left: bool = False
    joins: bool = False


@dataclass(slots=True)
class _Looking:
    """What is known of a column so far: its filled cells, and the extremes of plain ones."""

    column: FactColumn
    way: Route
    mapping: str
    count: int = 0
    ends: tuple[Any, Any] | None = None
    low: int | None = None
    high: int | None = None
    others: int = 0
    done: bool = False

    @property
    def is_number(self) -> bool:
        return self.column.spec.type.kind in NUMERIC


def check(
    connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[FactColumn]
) -> tuple[Checked, ...]:
    """Look at every cell of some columns; columns of nothing are not stated.

    Raises:
        TableError: columns of amounts whose every cell is a bare number (E535).
    """
    found = [
        _Looking(column, column.route(), f"{raw.relation}_read_{at}")
        for at, column in enumerate(columns)
    ]
    _extremes(connection, raw, found)
    _plain(connection, raw, [each for each in found if not each.done and not each.way.listed])
    mixed = [each for each in found if not each.done]
    read = read_cells(connection, raw, [(each.column, each.way) for each in mixed])
    cells = {id(each): one for each, one in zip(mixed, read, strict=True)}
    bare = [
        undeclared(raw.shown, each.column)
        for each in mixed
        if each.others == each.count and cells[id(each)].codes == {BARE}
    ]
    if bare:
        raise TableError(bare)
    return tuple(
        _settled(each, raw) if each.done else _mixed(connection, raw, each, cells[id(each)])
        for each in found
    )


def _extremes(connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[_Looking]) -> None:
    """Count the filled cells, and find the extremes where plain is a range.

    One query without conditions: from Parquet the footer answers it.
    """
    asked: list[exp.Expr] = []
    for each in columns:
        cell = trees.col(each.column.name)
        asked.append(exp.Count(this=cell))
        if each.way.range is not None:
            is_day = each.column.kind.id == "date"
            ends = (exp.Min(this=cell.copy()), exp.Max(this=cell.copy()))
            asked += [trees.cast(end, "VARCHAR") if is_day else end for end in ends]
    row = _one_row(connection, raw, asked)
    for each in columns:
        each.count = row.pop(0)
        each.ends = None if each.way.range is None else (row.pop(0), row.pop(0))
        each.done = each.count == 0 or each.column.kind.id == "boolean"
        if not each.done and each.ends is not None and _inside(each.way, each.ends):
            each.done = True
            each.low, each.high = _span(each)


def _one_row(
    connection: duckdb.DuckDBPyConnection, raw: Raw, asked: Sequence[exp.Expr]
) -> list[Any]:
    if not asked:
        return []
    query = exp.select(*asked).from_(trees.table(raw.relation))
    return list(trees.fetch_one(connection, query))


def _inside(way: Route, ends: tuple[Any, Any]) -> bool:
    if way.range is None or ends[0] is None:
        return False
    low, high = way.range
    if isinstance(low, date):
        shown = tuple(map(str, ends))
        return all(len(each) == 10 for each in shown) and (
            low.isoformat() <= shown[0] and shown[1] <= high.isoformat()
        )
    return bool(low <= ends[0] and ends[1] <= high)


def _span(each: _Looking) -> tuple[int | None, int | None]:
    if not each.is_number or each.ends is None:
        return None, None
    column, way = each.column, each.way
    low, high = (
        Fraction(read_fact(column.spec, way.read(end), column.path)) * way.scale
        for end in each.ends
    )
    return int(low), int(high)


def _plain(connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[_Looking]) -> None:
    """Find the extremes of the plain cells, and how many are not plain."""
    asked: list[exp.Expr] = []
    for each in columns:
        way = each.way
        value = (
            trees.when(way.plain.copy(), way.value, exp.null()) if each.is_number else exp.null()
        )
        other = trees.when(way.plain, exp.null(), way.key)
        asked += [exp.Min(this=value), exp.Max(this=value.copy()), exp.Count(this=other)]
    row = _one_row(connection, raw, asked)
    for each in columns:
        each.low, each.high, each.others = row.pop(0), row.pop(0), row.pop(0)
        each.done = each.others == 0


def _settled(each: _Looking, raw: Raw) -> Checked:
    nulls = each.count < raw.rows
    if each.count == 0:
        return Checked(each.column, each.way.key, exp.null(), nulls=True, stated=False)
    way = each.way
    return Checked(each.column, way.key, way.value, nulls, True, each.low, each.high, way.scale)


def _mixed(connection: duckdb.DuckDBPyConnection, raw: Raw, each: _Looking, read: Read) -> Checked:
    """A column some of whose cells were read one by one."""
    column, way, low, high = each.column, each.way, each.low, each.high
    scale = way.scale if column.spec.type.kind is Kind.RATIO else 1
    if each.is_number:
        scale = scaled(read, scale)
        shift = scale // way.scale
        known = [value for value in read.values if value is not None]
        known += [end * shift for end in (low, high) if end is not None]
        low, high = min(known, default=None), max(known, default=None)
    nulls = each.count < raw.rows or None in read.values
    same = unchanged(column, read)
    if same is not None:
        value = way.key if same == "key" else trees.cast(way.key, "DATE")
        return Checked(column, way.key, value, nulls, stated=True)
    kind = _width(low, high) if each.is_number else _TYPES[column.spec.type.kind]
    left, joins = any(read.faults), len(read.raw) > INLINE
    if left or joins:
        keep(connection, each.mapping, read, kind)
    value = trees.col("value", each.mapping) if joins else inline(way.key, read, kind)
    if not way.listed:
        value = trees.when(way.plain, trees.cast(_shifted(way, scale), kind), value)
    stated = each.others < each.count if not way.listed else False
    stated = stated or any(each is not None for each in read.values)
    mapping = each.mapping if left or joins else None
    return Checked(column, way.key, value, nulls, stated, low, high, scale, mapping, left, joins)


def _shifted(way: Route, scale: int) -> exp.Expr:
    """Return the plain value at the scale of the whole column."""
    if scale == way.scale:
        return way.value
    wide = trees.cast(exp.Paren(this=way.value), HUGEINT)
    return exp.Mul(this=wide, expression=trees.whole(scale // way.scale))


_TYPES: Final = {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE"} | dict.fromkeys(
    (Kind.CHOICE, Kind.REGION, Kind.INDUSTRY, Kind.TEXT), "VARCHAR"
)


def _width(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return BIGINT
    return BIGINT if low >= -LONGEST and high <= LONGEST else HUGEINT
