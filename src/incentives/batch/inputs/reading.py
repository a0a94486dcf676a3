"""The cells of a column that are read one by one, each different cell once.

As a profile would read them: a cell is a value, or *odd* (a month for a day: known, but
not one value), or *bad* (what a profile refuses). Few of them are written into the
query; many become a relation that rows are joined with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import lcm
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.inputs.sources import pyarrow
from incentives.batch.sql import trees
from incentives.batch.sql.trees import BIGINT, HUGEINT
from incentives.rulebook.facts import FactError, read_fact
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb
    from sqlglot import exp

    from incentives.batch.inputs.cells import Route
    from incentives.batch.inputs.headers import FactColumn
    from incentives.batch.inputs.sources import Raw
else:
    from incentives.batch.sql import sqltree as exp

ODD: Final = 1
BAD: Final = 2
MAX_SCALE: Final = 10**12
"""What a column of ratios is multiplied by at most; a ratio that needs more is odd."""
INLINE: Final = 100
"""How many cells that were read one by one stand in the query itself."""
_SMALL: Final = 2**18
"""Rows of a table whose columns are gathered together; a larger one's go one after another."""
_TOGETHER: Final = 100
_CHUNK: Final = 2**16


@dataclass(frozen=True, slots=True)
class Read:
    """Cells that were read: what stood there, its value, and whether it is odd or bad.

    ``codes``: of the findings about bad ones; ``""`` where a cell was not bad.
    """

    raw: list[Any] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    def pairs(self) -> Iterable[tuple[Any, Any]]:
        """Return each cell with its value."""
        return zip(self.raw, self.values, strict=True)


def read_cells(
    connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[tuple[FactColumn, Route]]
) -> Iterator[Read]:
    """Read the cells of some columns that are not plain; yields in the order of the columns."""
    for (column, way), cells in zip(columns, _different(connection, raw, columns), strict=True):
        read = Read()
        for cell in cells:
            value, fault, code = _one(column, way.read(cell))
            read.raw.append(cell)
            read.values.append(value)
            read.faults.append(fault)
            read.codes.add(code)
        yield read


def _different(
    connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[tuple[FactColumn, Route]]
) -> Iterator[Iterable[Any]]:
    """Yield the different cells of each column that are not plain."""
    asked = [
        way.key if way.listed else trees.when(way.plain, exp.null(), way.key) for _, way in columns
    ]
    if raw.rows > _SMALL:
        for each in asked:
            query = exp.select(exp.alias_(each, "cell", quoted=True)).distinct()
            yield _fetched(connection, query.from_(trees.table(raw.relation)))
        return
    for at in range(0, len(asked), _TOGETHER):
        lists = [
            trees.call("list", exp.Distinct(expressions=[each]))
            for each in asked[at : at + _TOGETHER]
        ]
        query = exp.select(*lists).from_(trees.table(raw.relation))
        for cells in trees.fetch_one(connection, query):
            yield [cell for cell in cells or () if cell is not None]


def _fetched(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> Iterator[Any]:
    connection.execute(query.sql("duckdb"))
    while rows := connection.fetchmany(_CHUNK):
        yield from (cell for (cell,) in rows if cell is not None)


def _one(column: FactColumn, said: Any) -> tuple[Any, int, str]:
    if said is None:
        return None, 0, ""
    try:
        value = read_fact(column.spec, said, column.path)
    except FactError as error:
        return None, BAD, error.code
    return (None, ODD, "") if value.__class__ is Unknown else (value, 0, "")


def scaled(read: Read, scale: int) -> int:
    """Bring numbers to one scale and return it; what needs too large a one is odd."""
    for value in sorted({value.denominator for value in read.values if value is not None}):
        wider = lcm(scale, value)
        scale = wider if wider <= MAX_SCALE else scale
    for at, value in enumerate(read.values):
        if value is not None:
            exact = value * scale
            fits = exact.denominator == 1
            read.values[at] = int(exact) if fits else None
            read.faults[at] = 0 if fits else ODD
    return scale


def unchanged(column: FactColumn, read: Read) -> str | None:
    """Say whether every cell that was read is its own value: ``key``, or a ``day`` of it."""
    if any(read.faults) or column.kind.id not in {"varchar", "enum"}:
        return None
    if all(value == cell and isinstance(value, str) for cell, value in read.pairs()):
        return "key"
    if all(isinstance(v, date) and v.isoformat() == cell for cell, v in read.pairs()):
        return "day"
    return None


def inline(key: exp.Expr, read: Read, kind: str) -> exp.Expr:
    """Return the values of few cells, written out."""
    known = [(cell, value) for cell, value in read.pairs() if value is not None]
    if not known:
        return trees.cast(exp.null(), kind)
    ifs = [exp.If(this=trees.constant(cell), true=trees.constant(value)) for cell, value in known]
    return trees.cast(exp.Case(this=key.copy(), ifs=ifs), kind)


def keep(connection: duckdb.DuckDBPyConnection, mapping: str, read: Read, kind: str) -> None:
    """Make the relation of the cells that were read: ``raw``, ``value``, ``fault``."""
    arrow = pyarrow()
    kinds = {
        BIGINT: arrow.int64(), HUGEINT: arrow.decimal128(38, 0), "BOOLEAN": arrow.bool_(),
        "DATE": arrow.date32(), "VARCHAR": arrow.string(),
    }  # fmt: skip
    held = arrow.table(
        {
            "raw": arrow.array(read.raw, arrow.string()),
            "value": arrow.array(read.values, kinds[kind]),
            "fault": arrow.array(read.faults, arrow.int8()),
        }
    )
    connection.register(f"{mapping}_held", held)
    value = exp.alias_(trees.cast(trees.col("value"), kind), "value", quoted=True)
    query = exp.select(trees.col("raw"), value, trees.col("fault"))
    trees.create(connection, "TABLE", mapping, query.from_(trees.table(f"{mapping}_held")))
    connection.unregister(f"{mapping}_held")
