"""Rows put into a database, and a query run over them."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp
from tests.unit.batch.columns_by_hand import APPLICANT, Data, Record
from tests.unit.batch.graphs import LISTS, MOST_ITEMS

from incentives.batch.sql.emit import DIALECTS, identifier
from incentives.batch.staged import Staged, StagedTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.batch.columns import Column

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
STAGED = Staged(
    StagedTable(APPLICANT, "firms", {}, rows=0),
    {
        scope: StagedTable(scope, f"items_{scope}", {}, rows=0, longest=MOST_ITEMS)
        for scope in LISTS
    },
)


def run_sql(
    dialect: str, query: exp.Query, data: Data, reads: dict[str, list[Column]], service: Any = None
) -> list[tuple[Any, ...]]:
    """Return the rows of a query over staged tables, in a database of that dialect.

    ``service``: a ``tests.services`` server of PostgreSQL, or a session of Spark.
    """
    tables: dict[str, tuple[tuple[str, ...], list[Column], Sequence[Record]]] = {
        "firms": (("row", "key"), reads[APPLICANT], data.firms)
    }
    for scope in LISTS:
        tables[f"items_{scope}"] = (("row", "at", "key"), reads[scope], data.items[scope])
    sql = query.sql(dialect)
    if dialect == "spark":
        for name, (keys, facts, rows) in tables.items():
            _view(service, name, keys, facts, rows)
        return [tuple(map(_plain, row)) for row in service.sql(sql).collect()]
    script = [
        statement.sql(dialect)
        for name, (keys, facts, rows) in tables.items()
        for statement in _table(dialect, name, keys, facts, rows)
    ]
    if dialect == "duckdb":
        with duckdb.connect() as connection:
            for statement in script:
                connection.execute(statement)
            return connection.execute(sql).fetchall()
    drops = [f"DROP TABLE IF EXISTS {name}" for name in tables]
    script = [*drops, *script, f"SELECT ROW_TO_JSON(found) FROM ({sql}) AS found"]  # noqa: S608 - our own tree
    return [_of_json(line) for line in service.sql(";\n".join(script) + ";").splitlines()]


def _of_json(line: str) -> tuple[Any, ...]:
    values = json.loads(line).values()
    return tuple(
        date.fromisoformat(value) if isinstance(value, str) and _DAY.match(value) else value
        for value in values
    )


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value


def _view(
    session: Any, name: str, keys: tuple[str, ...], facts: list[Column], rows: Sequence[Record]
) -> None:
    """Show rows to Spark as a table, every column in the type that the query expects."""
    spark = DIALECTS["spark"]
    types = {key: "STRING" if key == "key" else "BIGINT" for key in keys}
    types |= {str(fact.value): spark.type_of(fact).sql("spark") for fact in facts}
    schema = ", ".join(f"`{column}` {kind}" for column, kind in types.items())
    wide = {column for column, kind in types.items() if kind.startswith("DECIMAL")}
    values = [
        tuple(
            Decimal(row[column]) if column in wide and row[column] is not None else row[column]
            for column in types
        )
        for row in rows
    ]
    session.createDataFrame(values, schema).createOrReplaceTempView(name)


def _table(
    dialect: str, name: str, keys: tuple[str, ...], facts: list[Column], rows: Iterable[Record]
) -> Iterable[exp.Expression]:
    kinds = {key: exp.DataType.build("TEXT" if key == "key" else "BIGINT") for key in keys}
    kinds |= {str(fact.value): DIALECTS[dialect].type_of(fact) for fact in facts}
    defined = [exp.ColumnDef(this=identifier(key), kind=kind) for key, kind in kinds.items()]
    schema = exp.Schema(this=exp.Table(this=identifier(name)), expressions=defined)
    yield exp.Create(this=schema, kind="TABLE")
    values = [exp.Tuple(expressions=[_constant(row[key]) for key in kinds]) for row in rows]
    if values:
        yield exp.Insert(
            this=exp.Table(this=identifier(name)), expression=exp.Values(expressions=values)
        )


def _constant(value: Any) -> exp.Expression:
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            return exp.Literal.number(value)
        case date():
            return exp.Cast(
                this=exp.Literal.string(value.isoformat()), to=exp.DataType.build("DATE")
            )
        case _:
            return exp.Literal.string(value)
