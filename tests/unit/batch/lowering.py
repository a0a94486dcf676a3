"""Profiles as the rows that lowered columns read, and decisions in the columns' terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.unit.batch.columns_by_hand import ByHand, Data

from incentives.batch.staged import Staged, StagedColumn, StagedTable
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.batch.lowered import Answer
    from incentives.engine.results import Decision
    from incentives.rulebook.model import Vocabulary
    from incentives.rulebook.profile import Profile, Record

YEARS = range(2015, 2027)
LARGEST = 10**16
SCALE = 21 * 10**6
NUMBERS = {Kind.MONEY, Kind.COUNT, Kind.RATIO}


def staged(vocabulary: Vocabulary, lists: Iterable[str] | None = None) -> Staged:
    """Return an input that states every fact of a vocabulary for some firms, and some lists."""
    firms: dict[str, StagedColumn] = {}
    tables: dict[str, StagedTable] = {}
    for name, entity in vocabulary.entities.items():
        if not entity.many:
            firms |= _columns(vocabulary, name)
        elif lists is None or name in lists:
            tables[name] = StagedTable(
                name, f"items_{name}", _columns(vocabulary, name), 8, 8, f"stated {name}"
            )
    return Staged(StagedTable("applicant", "firms", firms, 1), tables)


def _columns(vocabulary: Vocabulary, entity: str) -> dict[str, StagedColumn]:
    out = {}
    for name, spec in vocabulary.specs[entity].items():
        for year in YEARS if spec.series else (None,):
            path = f"{entity}.{name}" if year is None else f"{entity}.{name}.{year}"
            high = LARGEST if spec.type.kind in NUMBERS else None
            low = None if high is None else -high
            scale = SCALE if spec.type.kind is Kind.RATIO else 1
            out[path] = StagedColumn(path, spec, year, True, low, high, scale)
    return out


def data(profile: Profile, staged: Staged) -> Data:
    """Return one firm's rows."""
    firm: dict[str, Any] = {"row": 0, "key": "firm"}
    for path, column in staged.firms.columns.items():
        firm[path] = _cell(profile.records[column.spec.entity], column)
    items = {}
    for entity, table in staged.lists.items():
        records = profile.lists.get(entity)
        firm[str(table.stated)] = records is not None
        items[entity] = [
            {
                "row": 0,
                "at": at,
                "key": record.path[record.path.index("[") + 1 : -1],
                **{path: _cell(record, column) for path, column in table.columns.items()},
            }
            for at, record in enumerate(records or ())
        ]
    return Data([firm], items)


def _cell(record: Record, column: StagedColumn) -> Any:
    name = column.spec.name
    value = record.get(name if column.year is None else (name, column.year))
    if value is None or isinstance(value, Unknown):
        return None
    if column.spec.type.kind not in NUMBERS:
        return value
    scaled = value * column.scale
    assert scaled == int(scaled), (column.path, value)
    return int(scaled)


def answered(by_hand: ByHand, answer: Answer) -> dict[str, Any]:
    """Return the columns of a decision, evaluated."""
    firm = by_hand.data.firms[0]
    names = ("status", "reason", "amount", "low", "high", "failed", "missing", "differs")
    found = {name: by_hand(getattr(answer, name), firm) for name in names}
    return {**found, "failed": list(found["failed"]), "missing": list(found["missing"])}


def decided(decision: Decision) -> dict[str, Any]:
    """Return a decision of the engine in the same terms."""
    span = decision.range
    default = next((each for each in decision.readings if each.default), None)
    return {
        "status": str(decision.status),
        "reason": decision.reason,
        "amount": None if decision.amount is None else decision.amount.fen,
        "low": None if span is None else span.low.fen,
        "high": None if span is None or span.high is None else span.high.fen,
        "failed": list(decision.failed),
        "missing": list(decision.missing),
        "differs": default is not None
        and any(
            (each.status, each.range) != (default.status, default.range)
            for each in decision.readings
        ),
    }


def without_bounds(facts: Any) -> Any:
    """Return facts of a profile without those that are only known within bounds."""
    if isinstance(facts, Mapping):
        return {
            name: without_bounds(value)
            for name, value in facts.items()
            if not (isinstance(value, Mapping) and {"at_least", "at_most"} & set(value))
        }
    return [without_bounds(each) for each in facts] if isinstance(facts, list) else facts
