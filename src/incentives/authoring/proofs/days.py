"""Dates as terms: year, month and day, by the calendar's own rules.

A date is its three parts, so that what statutes count (completed months and
years, months that clip) is plain arithmetic and exact. Days between two dates
go by a count of days from the year 0.

The law kept (``tests/property/test_proofs.py``): with dates put in, a term gives
what ``values.calendar`` gives. The trap: facts are dates from ``FIRST`` to ``LAST``
only, and every answer says so; what is computed from them may lie outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import choose, conj, disj, z3
from incentives.language.core import CompareOp

if TYPE_CHECKING:
    from incentives.values.calendar import Duration

FIRST: Final = date(1950, 1, 1)
LAST: Final = date(2099, 12, 31)
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Day:
    """A date: its parts, wherever ``ok`` holds."""

    y: Any
    m: Any
    d: Any
    ok: Any = True

    @property
    def key(self) -> Any:
        """A number that ascends with the date; its steps are uneven."""
        return self.y * 372 + self.m * 31 + self.d


def day(value: date) -> Day:
    """Return a date that is written in a rule."""
    return Day(value.year, value.month, value.day)


def symbol(name: str) -> tuple[Day, list[Any]]:
    """Return a date that can be any from ``FIRST`` to ``LAST``, and what says so."""
    y, m, d = (z3.Int(f"{name}.{part}") for part in ("y", "m", "d"))
    found = Day(y, m, d)
    inside = [y >= FIRST.year, y <= LAST.year, m >= 1, m <= 12, d >= 1, d <= last_day(y, m)]
    return found, inside


def last_day(y: Any, m: Any) -> Any:
    """Return the number of days of a month."""
    if isinstance(m, int):
        return _LENGTHS[m - 1] + (_leap(y) if m == 2 else 0)
    thirty = disj(m == each for each in (4, 6, 9, 11))
    return choose(m == 2, 28 + _leap(y), choose(thirty, 30, 31))


def _leap(y: Any) -> Any:
    return choose(conj((y % 4 == 0, disj((y % 100 != 0, y % 400 == 0)))), 1, 0)


def either(test: Any, a: Day, b: Day) -> Day:
    """Return ``a`` where ``test`` holds, else ``b``."""
    parts = zip((a.y, a.m, a.d, a.ok), (b.y, b.m, b.d, b.ok), strict=True)
    return Day(*(choose(test, left, right) for left, right in parts))


def compare(op: CompareOp, a: Day, b: Day) -> Any:
    """Return whether ``a op b`` holds."""
    match op:
        case CompareOp.EQ:
            return a.key == b.key
        case CompareOp.NE:
            return a.key != b.key
        case CompareOp.LT:
            return a.key < b.key
        case CompareOp.LE:
            return a.key <= b.key
        case CompareOp.GT:
            return a.key > b.key
        case CompareOp.GE:
            return a.key >= b.key


def holds(since: date | None, until: date | None, at: Day) -> Any:
    """Return whether a day lies in a period, both ends included."""
    return conj(
        (
            True if since is None else compare(CompareOp.LE, day(since), at),
            True if until is None else compare(CompareOp.LE, at, day(until)),
        )
    )


def start_of(year: Num) -> Day:
    """Return 1 January of a year."""
    return Day(year.n, 1, 1, conj((year.ok, *_inside(year.n))))


def end_of(year: Num) -> Day:
    """Return 31 December of a year."""
    return Day(year.n, 12, 31, conj((year.ok, *_inside(year.n))))


def _inside(y: Any) -> tuple[Any, Any]:
    return y >= 1, y <= 9999


def year_of(at: Day) -> Num:
    """Return the calendar year of a date."""
    return Num(at.y, 1, at.ok)


def add_months(at: Day, duration: Duration) -> Day:
    """Return a date moved by whole months, clipped to the end of the month."""
    index = at.y * 12 + (at.m - 1) + duration.months
    if isinstance(index, int):
        y, m = index // 12, index % 12 + 1
        longest = last_day(y, m)
        return Day(y, m, choose(at.d <= longest, at.d, longest), conj((at.ok, *_inside(y))))
    y, m = index / 12, index % 12 + 1
    longest = last_day(y, m)
    return Day(y, m, choose(at.d <= longest, at.d, longest), conj((at.ok, *_inside(y))))


def ordinal(at: Day) -> Any:
    """Return a count of days, right for differences."""
    passed = sum(choose(at.m > month, _LENGTHS[month - 1], 0) for month in range(1, 12))
    passed = passed + choose(at.m > 2, _leap(at.y), 0)
    y = z3.IntVal(at.y - 1) if isinstance(at.y, int) else at.y - 1
    return 365 * y + y / 4 - y / 100 + y / 400 + passed + at.d


def days_between(a: Day, b: Day) -> Num:
    """Return the days from ``a`` to ``b``."""
    return Num(ordinal(b) - ordinal(a), 1, conj((a.ok, b.ok)))


def months_between(a: Day, b: Day) -> Num:
    """Return the completed months from ``a`` to ``b``; negative if ``b`` is earlier."""
    forward, backward = _months(a, b), _months(b, a)
    return Num(choose(a.key <= b.key, forward, -backward), 1, conj((a.ok, b.ok)))


def _months(a: Day, b: Day) -> Any:
    longest = last_day(b.y, b.m)
    clipped = choose(a.d <= longest, a.d, longest)
    return (b.y - a.y) * 12 + (b.m - a.m) - choose(clipped > b.d, 1, 0)


def years_between(a: Day, b: Day) -> Num:
    """Return the completed years from ``a`` to ``b``; negative if ``b`` is earlier."""
    months = months_between(a, b)
    n = months.n
    if isinstance(n, int):
        return Num(n // 12 if n >= 0 else -(-n // 12), 1, months.ok)
    return Num(choose(n >= 0, n / 12, -((-n) / 12)), 1, months.ok)
