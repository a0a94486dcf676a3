"""The facts of a profile that a person could change or still has to learn, one by one.

A ``Place`` is one fact of one record: ``applicant.revenue.2023``,
``contract[2024-0019].performed_amount``. Facts that nobody can change
(``changeable = false`` in the vocabulary), the past, and the keys that tell
items apart are no places, unless they are still unknown: what is not known can
always be learnt.

Ordered facts are counted in whole steps on an axis: fen, units, days, and for
ratios hundredths of a per cent. A *quantum* is one step of that axis.

The trap: a ratio may lie between two steps. ``beside`` gives the nearest step
strictly above or below any value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.language.names import DECIDED, RECEIVED
from incentives.values.types import ORDERED, Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.language.names import FactSpec
    from incentives.rulebook.profile import Profile

RATIO_STEPS: Final = 10_000
FARTHEST: Final = 10**15
"""No figure is sought beyond this (fen, units): ten million million yuan."""


@dataclass(frozen=True, slots=True)
class Place:
    """One fact of one record and what is known of it.

    ``value`` is what the profile states, an ``Unknown`` (perhaps within bounds)
    where it states none.
    """

    path: str
    spec: FactSpec
    value: Any

    @property
    def is_known(self) -> bool:
        """Whether the profile states one value."""
        return self.value.__class__ is not Unknown

    @property
    def is_ordered(self) -> bool:
        """Whether the values have an order: money, counts, ratios, dates."""
        return self.spec.type.kind in ORDERED

    @property
    def anything(self) -> Unknown:
        """Every value that could stand here: of an unknown fact those within its bounds."""
        if isinstance(self.value, Unknown):
            return self.value
        return self.spec.unknown(self.path)

    # ── the axis of an ordered fact ──────────────────────────────────────────

    def at(self, step: int) -> Any:
        """Return the value at a step of the axis."""
        match self.spec.type.kind:
            case Kind.DATE:
                return date.fromordinal(step)
            case Kind.RATIO:
                value = Fraction(step, RATIO_STEPS)
                return int(value) if value.denominator == 1 else value
            case _:
                return step

    def beside(self, value: Any, side: int) -> int:
        """Return the nearest step strictly above (``side`` 1) or below (-1) a value."""
        match self.spec.type.kind:
            case Kind.DATE:
                return int(value.toordinal()) + side
            case Kind.RATIO | Kind.COUNT | Kind.MONEY:
                scaled = Fraction(value) * (RATIO_STEPS if self.spec.type.kind is Kind.RATIO else 1)
                whole = scaled.numerator // scaled.denominator
                if side > 0:
                    return whole + 1
                return whole - 1 if scaled.denominator == 1 else whole
            case _:
                raise TypeError(f"{self.path} has no order")

    def ends(self) -> tuple[int, int]:
        """Return the first and last step that the fact can take."""
        lo, hi = self.anything.lo, self.anything.hi
        is_date = self.spec.type.kind is Kind.DATE
        low = date.min.toordinal() if is_date else -FARTHEST
        high = date.max.toordinal() if is_date else FARTHEST
        if lo is not None:
            low = max(low, self.beside(lo, -1) + 1)
            low += self.at(low) < lo
        if hi is not None:
            high = min(high, self.beside(hi, 1) - 1)
            high -= self.at(high) > hi
        return low, high

    def between(self, first: int, last: int) -> Any:
        """Return the unknown value within two steps, both included; one step is known."""
        if first == last:
            return self.at(first)
        return Unknown(frozenset({self.path}), self.at(first), self.at(last))

    def anchor(self, on: date) -> Any:
        """Return where a search begins: the stated value, else the nearest to zero or the day."""
        if self.is_known:
            return self.value
        low, high = self.ends()
        start = on.toordinal() if self.spec.type.kind is Kind.DATE else 0
        return self.at(min(max(low, start), high))


def place_of(profile: Profile, path: str) -> Place | None:
    """Return the place of a path, ``None`` where nobody could change or learn it."""
    found = profile.place(path)
    if found is None:
        return None
    record, key = found
    name = key[0] if isinstance(key, tuple) else key
    spec = record.specs[name]
    if spec.entity in {RECEIVED, DECIDED} or spec.check:
        return None
    if profile.vocabulary.entities[spec.entity].key == name:
        return None
    value = record[key]
    if value.__class__ is not Unknown and not spec.changeable:
        return None
    return Place(path, spec, value)
