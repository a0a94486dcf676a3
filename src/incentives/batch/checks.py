"""The cells of a raw relation, looked at as profiles would look at them, all rows at once.

The plain cells of a column are settled by their extremes, which one query over the
table gives; the others are read one by one, each different cell once, into a mapping
that rows are joined with. A mapped cell is a value, or *odd* (a month for a day: known,
but not one value) or *bad* (what a profile refuses).

The trap: extremes decide the width of every sum later on. They cover every row of the
source, also rows that are left out for another cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final

from incentives.batch import trees
from incentives.batch.columns import LONGEST
from incentives.batch.sources import pyarrow
from incentives.batch.trees import BIGINT, HUGEINT
from incentives.rulebook.facts import FactError, read_fact
from incentives.values.types import NUMERIC, Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb
    from sqlglot import exp

    from incentives.batch.cells import Route
    from incentives.batch.headers import FactColumn
    from incentives.batch.sources import Raw
else:
    from incentives.batch import sqltree as exp

ODD: Final = 1
BAD: Final = 2
MAX_SCALE: Final = 10**12
_INLINE: Final = 100
"""How many cells that were read one by one stand in the query itself."""
_CHUNK: Final = 2**16


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
class _Read:
    """The cells of a column that were read one by one."""

    raw: list[Any]
    values: list[Any]
    faults: list[int]


def check(
    connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[FactColumn]
) -> tuple[Checked, ...]:
    """Look at every cell of some columns; columns of nothing are not stated."""
    if not columns:
        return ()
    counts = _extremes(connection, raw, columns)
    return tuple(
        _column(connection, raw, column, f"{raw.relation}_read_{at}", count, ends)
        for at, (column, (count, ends)) in enumerate(zip(columns, counts, strict=True))
    )


def _extremes(
    connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[FactColumn]
) -> list[tuple[int, tuple[Any, Any] | None]]:
    """Return for each column how many cells are filled, and their extremes where plain is a range.

    One query without conditions: from Parquet the footer answers it.
    """
    asked: list[exp.Expr] = []
    for column in columns:
        cell = trees.col(column.name)
        asked.append(exp.Count(this=cell))
        if column.route().range is not None:
            is_day = column.kind.id == "date"
            ends = (exp.Min(this=cell.copy()), exp.Max(this=cell.copy()))
            asked += [trees.cast(end, "VARCHAR") if is_day else end for end in ends]
    row = list(trees.fetch_one(connection, exp.select(*asked).from_(trees.table(raw.relation))))
    found: list[tuple[int, tuple[Any, Any] | None]] = []
    for column in columns:
        count = row.pop(0)
        both = (row.pop(0), row.pop(0)) if column.route().range is not None else None
        found.append((count, both))
    return found


def _column(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    column: FactColumn,
    mapping: str,
    count: int,
    ends: tuple[Any, Any] | None,
) -> Checked:
    way = column.route()
    nulls = count < raw.rows
    if count == 0:
        return Checked(column, way.key, exp.null(), nulls=True, stated=False)
    if column.kind.id == "boolean":
        return Checked(column, way.key, way.value, nulls, stated=True)
    if ends is not None and _inside(way, ends):
        low, high = _span(column, way, ends)
        return Checked(column, way.key, way.value, nulls, True, low, high, way.scale)
    return _mixed(connection, raw, column, way, mapping, nulls=nulls)


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


def _span(column: FactColumn, way: Route, ends: tuple[Any, Any]) -> tuple[int | None, int | None]:
    if column.spec.type.kind not in NUMERIC:
        return None, None
    low, high = (Fraction(_value(column, way.read(end))) * way.scale for end in ends)
    return int(low), int(high)


def _value(column: FactColumn, said: Any) -> Any:
    return read_fact(column.spec, said, column.path)


def _mixed(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    column: FactColumn,
    way: Route,
    mapping: str,
    *,
    nulls: bool,
) -> Checked:
    """A column with cells that are not plain: they are read one by one."""
    low = high = None
    if not way.listed:
        low, high, others = _plain_extremes(connection, raw, column, way)
        if others == 0:
            return Checked(column, way.key, way.value, nulls, True, low, high, way.scale)
    read = _read(connection, raw, column, way)
    is_number = column.spec.type.kind in NUMERIC
    scale = way.scale if column.spec.type.kind is Kind.RATIO else 1
    if is_number:
        scale = _scaled(read, scale)
        shift = scale // way.scale
        known = [value for value in read.values if value is not None]
        known += [end * shift for end in (low, high) if end is not None]
        low, high = min(known, default=None), max(known, default=None)
    nulls = nulls or None in read.values
    same = _unchanged(column, read)
    if same is not None:
        value = way.key if same == "key" else trees.cast(way.key, "DATE")
        return Checked(column, way.key, value, nulls, stated=True)
    kind = _width(low, high) if is_number else _TYPES[column.spec.type.kind]
    left = any(read.faults)
    joins = len(read.raw) > _INLINE
    if left or joins:
        _keep(connection, mapping, read, kind)
    value = trees.col("value", mapping) if joins else _inline(way.key, read, kind)
    if not way.listed:
        plain = way.value
        if scale != way.scale:
            wide = trees.cast(exp.Paren(this=plain), HUGEINT)
            plain = exp.Mul(this=wide, expression=trees.whole(scale // way.scale))
        value = trees.when(way.plain, trees.cast(plain, kind), value)
    stated = (
        low is not None
        if is_number
        else (not way.listed or any(v is not None for v in read.values))
    )
    return Checked(column, way.key, value, nulls, stated, low, high, scale, mapping, left, joins)


_TYPES: Final = {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE"} | dict.fromkeys(
    (Kind.CHOICE, Kind.REGION, Kind.INDUSTRY, Kind.TEXT), "VARCHAR"
)


def _width(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return BIGINT
    return BIGINT if low >= -LONGEST and high <= LONGEST else HUGEINT


def _plain_extremes(
    connection: duckdb.DuckDBPyConnection, raw: Raw, column: FactColumn, way: Route
) -> tuple[int | None, int | None, int]:
    """Return the extremes of the plain cells, and how many cells are not plain."""
    is_number = column.spec.type.kind in NUMERIC
    value = way.value if is_number else exp.null()
    plain = trees.when(way.plain, value, exp.null())
    other = exp.and_(_filled(way), exp.not_(way.plain))
    query = exp.select(
        exp.Min(this=plain), exp.Max(this=plain.copy()), trees.call("count_if", other)
    ).from_(trees.table(raw.relation))
    low, high, others = trees.fetch_one(connection, query)
    return low, high, others


def _filled(way: Route) -> exp.Expr:
    return exp.not_(exp.Is(this=way.key.copy(), expression=exp.null()))


def _read(connection: duckdb.DuckDBPyConnection, raw: Raw, column: FactColumn, way: Route) -> _Read:
    """Read each different cell that is not plain as a profile would."""
    query = exp.select(way.key.copy()).distinct().from_(trees.table(raw.relation)).where(
        _filled(way)
    )  # fmt: skip
    if not way.listed:
        query = query.where(exp.not_(way.plain.copy()))
    found = _Read([], [], [])
    connection.execute(query.sql("duckdb"))
    while rows := connection.fetchmany(_CHUNK):
        for (cell,) in rows:
            value, fault = _one(column, way.read(cell))
            found.raw.append(cell)
            found.values.append(value)
            found.faults.append(fault)
    return found


def _one(column: FactColumn, said: Any) -> tuple[Any, int]:
    if said is None:
        return None, 0
    try:
        value = _value(column, said)
    except FactError:
        return None, BAD
    return (None, ODD) if value.__class__ is Unknown else (value, 0)


def _scaled(read: _Read, scale: int) -> int:
    """Bring the ratios to one scale and return it; what needs too large a one is odd."""
    for value in sorted({v.denominator for v in read.values if v is not None}):
        wider = lcm(scale, value)
        scale = wider if wider <= MAX_SCALE else scale
    for at, value in enumerate(read.values):
        if value is not None:
            scaled = value * scale
            fits = scaled.denominator == 1
            read.values[at] = int(scaled) if fits else None
            read.faults[at] = 0 if fits else ODD
    return scale


def _unchanged(column: FactColumn, read: _Read) -> str | None:
    """Say whether every cell that was read is its own value: ``key``, or a ``day`` of it."""
    if any(read.faults) or column.kind.id not in {"varchar", "enum"}:
        return None
    if all(value == cell and isinstance(value, str) for cell, value in _pairs(read)):
        return "key"
    if all(isinstance(v, date) and v.isoformat() == cell for cell, v in _pairs(read)):
        return "day"
    return None


def _pairs(read: _Read) -> Iterable[tuple[Any, Any]]:
    return zip(read.raw, read.values, strict=True)


def _inline(key: exp.Expr, read: _Read, kind: str) -> exp.Expr:
    """Return the value of the few cells that were read one by one, written out."""
    known = [(cell, value) for cell, value in _pairs(read) if value is not None]
    if not known:
        return trees.cast(exp.null(), kind)
    ifs = [exp.If(this=trees.constant(cell), true=trees.constant(value)) for cell, value in known]
    return trees.cast(exp.Case(this=key.copy(), ifs=ifs), kind)


def _keep(connection: duckdb.DuckDBPyConnection, mapping: str, read: _Read, kind: str) -> None:
    """Make the mapping: every cell that was read, its value, and whether it is odd or bad."""
    arrow = pyarrow()
    kinds = {
        BIGINT: arrow.int64(), HUGEINT: arrow.decimal128(38, 0), "BOOLEAN": arrow.bool_(),
        "DATE": arrow.date32(), "VARCHAR": arrow.string(),
    }  # fmt: skip
    held = arrow.table(
        {
            "raw": arrow.array(read.raw),
            "value": arrow.array(read.values, kinds[kind]),
            "fault": arrow.array(read.faults, arrow.int8()),
        }
    )
    connection.register(f"{mapping}_held", held)
    value = exp.alias_(trees.cast(trees.col("value"), kind), "value", quoted=True)
    query = exp.select(trees.col("raw"), value, trees.col("fault")).from_(
        trees.table(f"{mapping}_held")
    )
    trees.create(connection, "TABLE", mapping, query)
    connection.unregister(f"{mapping}_held")
