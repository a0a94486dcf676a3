"""Rows put into a database, and a query run over them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp
from tests.unit.batch.columns_by_hand import APPLICANT, Data, Record
from tests.unit.batch.graphs import LISTS, MOST_ITEMS

from incentives.batch.dialects import DIALECTS
from incentives.batch.emit import identifier
from incentives.batch.staged import Staged, StagedTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.batch.columns import Column

STAGED = Staged(
    StagedTable(APPLICANT, "firms", {}, rows=0),
    {
        scope: StagedTable(scope, f"items_{scope}", {}, rows=0, longest=MOST_ITEMS)
        for scope in LISTS
    },
)


def run_sql(
    dialect: str, query: exp.Query, data: Data, reads: dict[str, list[Column]]
) -> list[tuple[Any, ...]]:
    """Return the rows of a query over staged tables, in a database of that dialect."""
    tables: dict[str, tuple[tuple[str, ...], list[Column], Iterable[Record]]] = {
        "firms": (("row", "key"), reads[APPLICANT], data.firms)
    }
    for scope in LISTS:
        tables[f"items_{scope}"] = (("row", "at", "key"), reads[scope], data.items[scope])
    script = [
        statement.sql(dialect)
        for name, (keys, facts, rows) in tables.items()
        for statement in _table(dialect, name, keys, facts, rows)
    ]
    if dialect == "duckdb":
        with duckdb.connect() as connection:
            for statement in script:
                connection.execute(statement)
            return connection.execute(query.sql(dialect)).fetchall()
    raise NotImplementedError(dialect)


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
