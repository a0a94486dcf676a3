"""Small pieces of SQL as sqlglot trees, and their way to DuckDB.

The law kept: no name and no value is ever joined into SQL as text. Names become quoted
identifiers and values literals, here, whatever stands in them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb
    import pyarrow as pa
    from sqlglot import exp
else:
    from incentives.batch.sql import sqltree as exp

BIGINT: Final = "BIGINT"
HUGEINT: Final = "HUGEINT"
VARCHAR: Final = "VARCHAR"


def name(text: str) -> exp.Identifier:
    """Return a quoted name."""
    return exp.to_identifier(text, quoted=True)


def col(text: str, of: str | None = None) -> exp.Column:
    """Return a column, of a table where one is named."""
    return exp.column(name(text), table=None if of is None else name(of))


def table(text: str, alias: str | None = None) -> exp.Table:
    """Return a relation of the connection."""
    return exp.Table(
        this=name(text), alias=None if alias is None else exp.TableAlias(this=name(alias))
    )


def text(value: str) -> exp.Literal:
    """Return a literal text."""
    return exp.Literal.string(value)


def whole(value: int) -> exp.Expr:
    """Return a literal whole number; negative ones in brackets."""
    literal = exp.Literal.number(str(abs(value)))
    return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal


def whole_or_decimal(value: int | Decimal, scale: int) -> exp.Expr:
    """Return a literal number with as many places as a column has."""
    if isinstance(value, int):
        return whole(value)
    return cast(text(f"{value:f}"), f"DECIMAL(38, {scale})")


def day(value: date) -> exp.Expr:
    """Return a literal date."""
    return cast(text(value.isoformat()), "DATE")


def constant(value: bool | int | Decimal | date | str) -> exp.Expr:
    """Return a literal of a value's own kind."""
    match value:
        case bool():
            return exp.convert(value)
        case int():
            return whole(value)
        case str():
            return text(value)
        case Decimal():
            return cast(text(f"{value:f}"), "DECIMAL(38, 10)")
        case _:
            return day(value)


def cast(value: exp.Expr, to: str) -> exp.Expr:
    """Return a cast that raises where the value does not fit."""
    return exp.Cast(this=value, to=exp.DataType.build(to, dialect="duckdb"))


def try_cast(value: exp.Expr, to: str) -> exp.Expr:
    """Return a cast that gives NULL where the value does not fit."""
    return exp.TryCast(this=value, to=exp.DataType.build(to, dialect="duckdb"))


def call(function: str, *args: exp.Expr) -> exp.Expr:
    """Return a call of a function of DuckDB's."""
    return exp.Anonymous(this=function, expressions=list(args))


def every(parts: Iterable[exp.Expr]) -> exp.Expr:
    """Return AND over the parts; TRUE over none."""
    found = list(parts)
    return exp.and_(*found) if found else exp.true()


def between(value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    """Return ``low <= value AND value <= high``."""
    return exp.Paren(
        this=exp.and_(
            exp.GTE(this=value.copy(), expression=low), exp.LTE(this=value.copy(), expression=high)
        )
    )


def when(test: exp.Expr, then: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Return ``CASE WHEN test THEN then ELSE other END``."""
    return exp.Case(ifs=[exp.If(this=test, true=then)], default=other)


def matches(value: exp.Expr, pattern: str) -> exp.Expr:
    """Return whether a whole text matches a pattern (RE2)."""
    return call("regexp_full_match", value, text(pattern))


def create(
    connection: duckdb.DuckDBPyConnection, kind: str, relation: str, query: exp.Query
) -> None:
    """Create a VIEW or a TABLE that holds what a query gives, in the place of an earlier one."""
    for other in ("VIEW", "TABLE"):
        if other != kind:
            drop(connection, other, relation)
    run(connection, exp.Create(this=table(relation), kind=kind, replace=True, expression=query))


def drop(connection: duckdb.DuckDBPyConnection, kind: str, relation: str) -> None:
    """Drop a relation of a kind; one that is not there, or is of another kind, is left."""
    rows = connection.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_name = ?", [relation]
    ).fetchall()
    if any(("VIEW" in str(row[0])) == (kind == "VIEW") for row in rows):
        connection.execute(f"DROP {kind} {name(relation).sql('duckdb')}").fetchall()


def fetch(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return connection.execute(query.sql("duckdb")).fetchall()


def run(connection: duckdb.DuckDBPyConnection, tree: exp.Expr) -> None:
    """Run a statement to its end; DuckDB refuses to go on beside an unfinished one."""
    connection.execute(tree.sql("duckdb")).fetchall()


def arrow(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> pa.Table:
    """Return what a query gives as an Arrow table."""
    return connection.sql(query.sql("duckdb")).to_arrow_table()


def fetch_one(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> tuple[Any, ...]:
    """Return the one row of a query.

    Raises:
        InternalError: it gives none, or several.
    """
    rows = fetch(connection, query)
    if len(rows) != 1:
        raise InternalError("a query that gives one row gave another number of them")
    return rows[0]
