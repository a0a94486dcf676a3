"""Changing one fact of a case: where it stands, and how a number is written there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from incentives.authoring.case_text import yuan
from incentives.values.money import Money
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from incentives.language.names import FactSpec

Path = tuple[str | int, ...]


def places(
    facts: Mapping[str, Any], spec: FactSpec, years: list[int]
) -> Iterator[tuple[Path, Any]]:
    """Yield where a fact stands, or could stand, in the facts of a case, with its value.

    ``years`` are those of a series to offer beside the stated ones.
    """
    holder = facts.get(spec.entity)
    records: list[tuple[Path, Any]] = []
    if isinstance(holder, list | tuple):
        records = [((spec.entity, at), record) for at, record in enumerate(holder)]
    elif holder is not None:
        records = [((spec.entity,), holder)]
    for path, record in records:
        value = record.get(spec.name)
        if not spec.series:
            yield (*path, spec.name), value
            continue
        stated = value if isinstance(value, dict) else {}
        for year in sorted({*map(int, stated), *years}):
            yield (*path, spec.name, str(year)), stated.get(str(year), stated.get(year))


def put(facts: Any, path: Path, value: Any) -> None:
    """Put a value at a path into facts that nobody else holds; tables are made on the way."""
    for key in path[:-1]:
        if isinstance(facts, list):
            facts = facts[int(key)]
        else:
            if not isinstance(facts.get(key), dict | list):
                facts[key] = {}
            facts = facts[key]
    last = path[-1]
    is_year = isinstance(last, str) and last.isdecimal() and int(last) in facts
    facts[int(last) if is_year else last] = value


def number_of(value: Any, kind: Kind) -> int | None:
    """Return a stated amount in fen, a count, a date as its ordinal; ``None`` for any other."""
    match value:
        case bool():
            return None
        case int() if kind is Kind.COUNT:
            return value
        case date() if kind is Kind.DATE:
            return value.toordinal()
        case str() if kind is Kind.MONEY:
            return fen_of(value)
        case _:
            return None


def raw_of(number: int, kind: Kind) -> Any:
    """Return a number as a profile states it; the reverse of ``number_of``."""
    if kind is Kind.MONEY:
        return yuan(number)
    return date.fromordinal(number) if kind is Kind.DATE else number


def fen_of(value: Any) -> int | None:
    """Return a stated amount in fen, ``None`` for anything else."""
    try:
        return Money.parse(value).fen if isinstance(value, str) else None
    except ValueError:
        return None
