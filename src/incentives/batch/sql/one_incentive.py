"""One incentive as one query over documented tables, for a database without Python.

The tables are those of ``staged.py`` with every fact that the incentive reads as a column
that may be NULL. Nothing is known about the data, so widths are proved for the widest that
the header of the query allows: what lies outside may raise in the database, and never wraps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incentives.batch.columns import Column, Op
from incentives.batch.lowering.lower import lower
from incentives.batch.sql.binding import nodes_of
from incentives.batch.sql.emit import DIALECTS, Tables, column_of, identifier, named
from incentives.batch.sql.long import FIELDS
from incentives.batch.staged import Staged, StagedColumn, StagedTable
from incentives.diagnostics import InternalError
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.language.names import APPLICANT
from incentives.values.types import Kind

if TYPE_CHECKING:
    from datetime import date

    from sqlglot import exp

    from incentives.diagnostics import Finding
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Rules, Vocabulary
else:
    from incentives.batch.sql import sqltree as exp

MONEY: Final = 10**15
"""The most fen that a fact may have: ten trillion yuan."""
COUNT: Final = 10**9
SCALE: Final = 10**6
"""A ratio stands as a whole number of millionths."""
LONGEST_LIST: Final = 10_000


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column that the query reads."""

    table: str
    column: StagedColumn
    type: str


@dataclass(frozen=True, slots=True)
class OneQuery:
    """The query of one incentive: a row a firm; its columns; the lists it reads."""

    query: exp.Select
    facts: tuple[FactColumn, ...]
    lists: tuple[str, ...]


def one_query(rules: Rules, name: str, on: date, dialect: str) -> OneQuery | Finding:
    """Return the query of one incentive on a day, or why there is none.

    Raises:
        WidthError: the dialect has no whole number wide enough.
    """
    staged = every_fact(rules.vocabulary)
    lowered = lower(Plan(rules), on, Options(refine=False), staged, only=[name])
    if name in lowered.refused:
        return lowered.refused[name]
    [incentive] = lowered.incentives
    outputs = {field: get(incentive.answer) for field, get in FIELDS.items()}
    database = DIALECTS[dialect]
    tables = Tables({APPLICANT: outputs.values()}, staged, database)
    shown: list[exp.Expression] = []
    for field, column in outputs.items():
        value = tables.typed(column)
        if field in {"amount", "low", "high"}:
            value = database.yuan(value, column.span or (0, 0))
        shown.append(named(value, field))
    keys = tables.keys(APPLICANT)
    query = exp.Select(expressions=[*keys, *shown]).from_(tables.of(APPLICANT), copy=False)
    query.set("order", exp.Order(expressions=[exp.Ordered(this=column_of("row"))]))
    reads = [node for node in nodes_of(outputs.values()) if node.op is Op.READ]
    facts = [_fact(node, staged, dialect) for node in reads if "." in str(node.value)]
    facts.sort(key=lambda fact: (fact.table != "firms", fact.table, fact.column.path))
    lists = sorted(tables.scopes() - {APPLICANT})
    return OneQuery(tables.finish(query), tuple(facts), tuple(lists))


def _fact(node: Column, staged: Staged, dialect: str) -> FactColumn:
    table = staged.firms if node.scope == APPLICANT else staged.lists[node.scope]
    kind = DIALECTS[dialect].type_of(node).sql(dialect)
    return FactColumn(table.relation, table.columns[str(node.value)], kind)


def quoted(name: str, dialect: str) -> str:
    """Return a column's name as the query writes it."""
    return identifier(name).sql(dialect)


def every_fact(vocabulary: Vocabulary) -> Staged:
    """Return tables in which every fact is a column, of which nothing is known."""
    lists = {
        name: StagedTable(
            name, f"items_{name}", _EveryFact(vocabulary, name), rows=0, longest=LONGEST_LIST
        )
        for name, entity in vocabulary.entities.items()
        if entity.many
    }
    firms = StagedTable(APPLICANT, "firms", _EveryFact(vocabulary, None), rows=0)
    return Staged(firms, lists)


class _EveryFact(Mapping[str, StagedColumn]):
    """The columns of a table, made when asked for: a series has one for any year."""

    def __init__(self, vocabulary: Vocabulary, entity: str | None) -> None:
        self._vocabulary, self._entity = vocabulary, entity

    def __getitem__(self, path: str) -> StagedColumn:
        entity, _, rest = path.partition(".")
        name, _, year = rest.partition(".")
        spec = self._vocabulary.facts.get((entity, name))
        if spec is None or self._entity not in {None, entity} or bool(year) != spec.series:
            raise KeyError(path)
        return _widest(path, spec, int(year) if year else None)

    def __iter__(self) -> Iterator[str]:
        raise InternalError("years have no end")

    def __len__(self) -> int:
        raise InternalError("years have no end")


def _widest(path: str, spec: FactSpec, year: int | None) -> StagedColumn:
    scale = 1
    match spec.type.kind:
        case Kind.MONEY:
            most = MONEY
        case Kind.COUNT:
            most = COUNT
        case Kind.RATIO:
            scale = SCALE
            most = SCALE * SCALE
        case _:
            return StagedColumn(path, spec, year)
    low = -most if spec.lo is None else int(spec.lo * scale)
    high = most if spec.hi is None else int(spec.hi * scale)
    return StagedColumn(path, spec, year, nulls=True, low=low, high=high, scale=scale)
