"""Facts as columns: those of a firm, of an item of a list, and of any item of an unknown list."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.batch.columns import Column, Sort
from incentives.batch.lowering import rational
from incentives.batch.lowering.rational import Ratio
from incentives.batch.lowering.value import NOTHING, Day, Truth, Value, Waits, Word, number
from incentives.language.names import APPLICANT
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.batch.graph import Columns
    from incentives.batch.staged import Staged, StagedColumn, StagedTable
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary

_SORTS = {Kind.BOOL: Sort.TRUTH, Kind.DATE: Sort.DAY} | dict.fromkeys(
    (Kind.CHOICE, Kind.REGION, Kind.INDUSTRY, Kind.TEXT), Sort.WORD
)


def constant(columns: Columns, value: Any) -> Value:
    """Return a constant of a rule as a value."""
    if isinstance(value, bool):
        return Truth(columns.literal(value), NOTHING, columns.false)
    if isinstance(value, int | Fraction):
        exact = rational.fixed(columns, value)
        return number(columns, exact, exact, NOTHING, columns.false)
    if isinstance(value, str):
        return Word(columns.literal(value), frozenset({value}), NOTHING, columns.false)
    day = columns.literal(value)
    return Day(day, day, NOTHING, columns.false)


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of one entity: a row each, with what the staged table states.

    ``any_item``: any item of a list that nobody knows; everything about it waits for the list.
    """

    columns: Columns
    entity: str
    specs: Mapping[str, FactSpec]
    stated: Mapping[str, StagedColumn]
    scope: str
    any_item: bool = False

    def path(self, name: str, year: int | None = None) -> str:
        """Return what a fact is called where it is missing; of any item, the list."""
        if self.any_item:
            return self.entity
        of_item = "" if self.scope == APPLICANT else "[]"
        return f"{self.entity}{of_item}.{_end_of_path(name, year)}"

    def fact(self, name: str, year: int | None) -> Value:
        """Return a fact, of a series in one year."""
        spec = self.specs[name]
        path = self.path(name, year)
        stated = self.stated.get(f"{self.entity}.{_end_of_path(name, year)}")
        staged = None if self.any_item else stated
        sort = _SORTS.get(spec.type.kind, Sort.WHOLE)
        read = self._read(staged, sort)
        missing = self.columns.is_null(read)
        waits = Waits({path: missing}) if missing is not self.columns.false else NOTHING
        return self._value(spec, read, staged, waits)

    def _read(self, staged: StagedColumn | None, sort: Sort) -> Column:
        if staged is None or (sort is Sort.WHOLE and staged.low is None):
            return self.columns.null(sort)
        span = None
        if staged.low is not None and staged.high is not None:
            span = (staged.low, staged.high)
        return self.columns.read(self.scope, staged.path, sort, sure=not staged.nulls, span=span)

    def _value(
        self, spec: FactSpec, read: Column, staged: StagedColumn | None, waits: Waits
    ) -> Value:
        columns, never = self.columns, self.columns.false
        match spec.type.kind:
            case Kind.BOOL:
                return Truth(read, waits, never)
            case Kind.DATE:
                if read.sure:
                    return Day(read, read, waits, never)
                ends = [
                    read if end is None else columns.coalesce((read, columns.literal(end)))
                    for end in (spec.lo, spec.hi)
                ]
                return Day(ends[0], ends[1], waits, never)
            case Kind.CHOICE | Kind.REGION | Kind.INDUSTRY | Kind.TEXT:
                return Word(read, spec.type.options, waits, never)
            case _:
                scale = columns.literal(staged.scale if staged is not None else 1)
                exact = Ratio(read, scale)
                if read.sure:
                    return number(columns, exact, exact, waits, never)
                lo, hi = (self._end(exact, end) for end in (spec.lo, spec.hi))
                return number(columns, lo, hi, waits, never)

    def _end(self, exact: Ratio, bound: Any) -> Ratio:
        """Return an end of a number's range: the vocabulary's where it is not stated."""
        if bound is None:
            return exact
        (num, end), den = rational.alike(self.columns, (exact, rational.fixed(self.columns, bound)))
        return Ratio(self.columns.coalesce((num, end)), den)


def _end_of_path(name: str, year: int | None) -> str:
    return name if year is None else f"{name}.{year}"


class Tables:
    """The staged input as records."""

    def __init__(self, columns: Columns, vocabulary: Vocabulary, staged: Staged) -> None:
        self.columns = columns
        self.vocabulary = vocabulary
        self.staged = staged

    def single(self) -> dict[str, Rows]:
        """Return the record of every entity that a profile has one of."""
        return {
            name: Rows(
                self.columns,
                name,
                self.vocabulary.specs[name],
                self.staged.firms.columns,
                APPLICANT,
            )
            for name, entity in self.vocabulary.entities.items()
            if not entity.many
        }

    def table(self, entity: str) -> StagedTable | None:
        """Return the items of an entity, ``None`` where nobody's are known."""
        return self.staged.lists.get(entity)

    def item(self, entity: str) -> Rows:
        """Return the record of an item of a list, one in each row."""
        table = self.staged.lists[entity]
        specs = self.vocabulary.specs[entity]
        return Rows(self.columns, entity, specs, table.columns, entity)

    def any_item(self, entity: str) -> Rows:
        """Return the record that stands for any item of an unknown list."""
        specs = self.vocabulary.specs[entity]
        return Rows(self.columns, entity, specs, {}, APPLICANT, any_item=True)

    def is_stated(self, entity: str) -> Column:
        """Say of a firm whether its list is known (never NULL)."""
        table = self.staged.lists.get(entity)
        if table is None:
            return self.columns.false
        if table.stated is None:
            return self.columns.true
        return self.columns.read(APPLICANT, table.stated, Sort.TRUTH, sure=True)
