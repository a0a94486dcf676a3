"""One staged input in three databases, and a query of each dialect run over it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import duckdb
from sqlglot import exp
from tests.services.firms import UNITS

from incentives.batch.inputs.stage import stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.services.postgres import Postgres

    from incentives.batch.staged import Staged
    from incentives.rulebook.model import Vocabulary

TYPES: Final = {"HUGEINT": "NUMERIC(39, 0)", "VARCHAR": "TEXT"}
"""What PostgreSQL calls the types of DuckDB that it calls otherwise."""


class Staging:
    """An input staged in DuckDB."""

    def __init__(self, vocabulary: Vocabulary, table: Any) -> None:
        self.connection = duckdb.connect()
        self.staged: Staged = stage(
            self.connection, vocabulary, {"applicant": table}, key="id", units=UNITS
        ).staged

    @property
    def relations(self) -> list[str]:
        """The names of the staged relations."""
        tables = (self.staged.firms, *self.staged.lists.values())
        return [table.relation for table in tables]

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """Return what DuckDB gives."""
        return same(self.connection.execute(query.sql("duckdb")).fetchall())

    def into_postgres(self, server: Postgres) -> None:
        """Make the relations tables of PostgreSQL."""
        import adbc_driver_postgresql.dbapi

        with adbc_driver_postgresql.dbapi.connect(server.uri) as there, there.cursor() as cursor:
            for name in self.relations:
                relation = self.connection.table(name)
                kinds = [str(kind) for kind in relation.types]
                columns = [
                    exp.ColumnDef(
                        this=quoted(column), kind=exp.DataType.build(TYPES.get(kind, kind))
                    )
                    for column, kind in zip(relation.columns, kinds, strict=True)
                ]
                schema = exp.Schema(this=exp.Table(this=quoted(name)), expressions=columns)
                cursor.execute(exp.Create(this=schema, kind="TABLE").sql("postgres"))
                lines = [
                    exp.Tuple(expressions=[exp.convert(value) for value in row])
                    for row in relation.fetchall()
                ]
                into = exp.Table(this=quoted(name))
                if lines:
                    values = exp.Values(expressions=lines)
                    cursor.execute(exp.Insert(this=into, expression=values).sql("postgres"))
            there.commit()

    def into_spark(self, session: Any, directory: Path) -> None:
        """Make the relations views of Spark; whole numbers beyond a BIGINT as DECIMAL(38, 0)."""
        for name in self.relations:
            relation = self.connection.table(name)
            shown = [
                exp.cast(exp.column(quoted(column)), "DECIMAL(38, 0)").as_(column, quoted=True)
                if str(kind) == "HUGEINT"
                else exp.column(quoted(column))
                for column, kind in zip(relation.columns, relation.types, strict=True)
            ]
            query = exp.select(*shown).from_(exp.Table(this=quoted(name)))
            path = directory / f"{name}.parquet"
            self.connection.sql(query.sql("duckdb")).write_parquet(str(path))
            session.read.parquet(str(path)).createOrReplaceTempView(name)


def in_postgres(server: Postgres, query: exp.Query) -> list[tuple[Any, ...]]:
    """Return what PostgreSQL gives."""
    import adbc_driver_postgresql.dbapi

    with adbc_driver_postgresql.dbapi.connect(server.uri) as there, there.cursor() as cursor:
        cursor.execute(query.sql("postgres"))
        return same(cursor.fetchall())


def in_spark(session: Any, query: exp.Query) -> list[tuple[Any, ...]]:
    """Return what Spark gives."""
    return same(map(tuple, session.sql(query.sql("spark")).collect()))


def same(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with each value in one form, whatever the driver hands out."""
    return [tuple(map(_value, row)) for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    return list(value) if isinstance(value, tuple) else value


def quoted(name: str) -> exp.Identifier:
    """Return a quoted name."""
    return exp.to_identifier(name, quoted=True)
