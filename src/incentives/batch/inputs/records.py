"""Staged rows back as profiles, in bulk: for the rows that only the single engine settles.

The values have been checked when they were staged, so a profile is put together without
reading them again. Works on Arrow tables alone, so that a worker process needs neither
the connection nor the source.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.batch.columns import ROW
from incentives.batch.sql import trees
from incentives.language.names import APPLICANT
from incentives.rulebook.profile import Profile, Record
from incentives.values.types import NUMERIC, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import duckdb
    import pyarrow as pa
    from sqlglot import exp

    from incentives.batch.staged import Staged, StagedColumn, StagedTable
    from incentives.rulebook.model import Vocabulary
else:
    from incentives.batch.sql import sqltree as exp

KEY = "key"


def staged_rows(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    rows: tuple[int, int] | None = None,
    *,
    among: exp.Query | None = None,
) -> dict[str, pa.Table]:
    """Return the firms of some rows and their items as Arrow tables, by entity.

    Args:
        connection: where the relations are.
        staged: what they are.
        rows: the first row, and the one after the last; without it all.
        among: a query whose column ``row`` says which of them.
    """
    found = {}
    for table in (staged.firms, *staged.lists.values()):
        query = exp.select("*").from_(trees.table(table.relation))
        if rows is not None:
            low, high = map(trees.whole, rows)
            query = query.where(
                exp.GTE(this=trees.col(ROW), expression=low),
                exp.LT(this=trees.col(ROW), expression=high),
            )
        if among is not None:
            query = query.where(exp.In(this=trees.col(ROW), query=among.copy().subquery()))
        order = [trees.col(ROW)] + ([] if table is staged.firms else [trees.col("at")])
        found[table.entity] = trees.arrow(connection, query.order_by(*order))
    return found


def profiles(
    vocabulary: Vocabulary, staged: Staged, tables: Mapping[str, pa.Table]
) -> Iterator[tuple[int, str, Profile]]:
    """Yield the row, the key and the profile of each firm, in the order of the rows.

    Args:
        vocabulary: the one the input was staged with.
        staged: what the columns are.
        tables: what ``staged_rows`` gave, or slices of it that hold whole firms.
    """
    firms = tables[APPLICANT]
    numbers: list[int] = firms.column(ROW).to_pylist()
    keys: list[str] = firms.column(KEY).to_pylist()
    place = {row: at for at, row in enumerate(numbers)}
    applicants = [Record(APPLICANT, vocabulary.specs[APPLICANT]) for _ in numbers]
    _fill(applicants, staged.firms, firms)
    singles = [name for name, entity in vocabulary.entities.items() if not entity.many]
    lists: dict[str, list[list[Record]] | None] = {
        name: None for name, entity in vocabulary.entities.items() if entity.many
    }
    for entity, table in staged.lists.items():
        grouped: list[list[Record]] = [[] for _ in numbers]
        _group(vocabulary, table, tables[entity], grouped, place)
        lists[entity] = grouped
    stated = {
        entity: firms.column(table.stated).to_pylist()
        for entity, table in staged.lists.items()
        if table.stated is not None
    }
    empty = Profile({}, vocabulary)
    for at, row in enumerate(numbers):
        records = {
            name: applicants[at] if name == APPLICANT else Record(name, vocabulary.specs[name])
            for name in singles
        }
        own = {
            name: None if each is None or not stated.get(name, _YES)[at] else tuple(each[at])
            for name, each in lists.items()
        }
        yield row, keys[at], empty.holding(records, own)


class _Always:
    def __getitem__(self, at: int) -> bool:
        return True


_YES = _Always()


def _group(
    vocabulary: Vocabulary,
    table: StagedTable,
    held: pa.Table,
    grouped: list[list[Record]],
    place: Mapping[int, int],
) -> None:
    """Make the records of the items and put each into its firm's list."""
    entity = vocabulary.entities[table.entity]
    specs = vocabulary.specs[table.entity]
    firms = held.column(ROW).to_pylist()
    numbers = held.column("at").to_pylist()
    path = f"{table.entity}.{entity.key}"
    labels = held.column(path).to_pylist() if path in table.columns else [None] * len(firms)
    items = []
    for firm, at, label in zip(firms, numbers, labels, strict=True):
        record = Record(f"{table.entity}[{label or at + 1}]", specs)
        items.append(record)
        grouped[place[firm]].append(record)
    _fill(items, table, held)


def _fill(records: list[Record], table: StagedTable, held: pa.Table) -> None:
    for path, column in table.columns.items():
        name = column.spec.name
        key: Any = name if column.year is None else (name, column.year)
        read = _reader(column)
        values = held.column(path).to_pylist()
        if read is None:
            for record, value in zip(records, values, strict=True):
                if value is not None:
                    record[key] = value
        else:
            for record, value in zip(records, values, strict=True):
                if value is not None:
                    record[key] = read(value)


def _reader(column: StagedColumn) -> Callable[[Any], Any] | None:
    """Return what turns a staged value into the engine's, where they are not the same."""
    if column.spec.type.kind is Kind.RATIO:
        scale = column.scale

        def ratio(value: Any) -> int | Fraction:
            exact = Fraction(int(value), scale)
            return exact.numerator if exact.denominator == 1 else exact

        return ratio
    return int if column.spec.type.kind in NUMERIC else None
