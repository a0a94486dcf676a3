"""What each core node does to values, known or not: the one table of meanings.

The compiled closures, the recorded derivation and the tests call these
functions; nobody else says what ``Compare`` or ``Round`` means.

The laws kept here (``tests/property``): Kleene's strong logic; the result's
range contains the result of every completion of the operands (soundness);
narrower operands never give a wider result (inclusion monotone).

The trap: operands are combined by value, not by meaning. ``x - x`` of an
unknown ``x`` is a range, not zero; refinement (``engine.refine``) is what
sharpens it.
"""

from __future__ import annotations

import operator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.language.core import CompareOp, DateFunction
from incentives.values import calendar, codes
from incentives.values.rounding import Mode, round_to
from incentives.values.types import Kind
from incentives.values.unknown import (
    Unknown,
    bounds,
    failure,
    hull,
    unknown_like,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

MAX_EXPONENT: Final = 100
MAX_YEARS: Final = 200
"""The years that one slice of a series may span; more is a finding."""

_COMPARE: Final[dict[CompareOp, Callable[[Any, Any], bool]]] = {
    CompareOp.EQ: operator.eq,
    CompareOp.NE: operator.ne,
    CompareOp.LT: operator.lt,
    CompareOp.LE: operator.le,
    CompareOp.GT: operator.gt,
    CompareOp.GE: operator.ge,
}


def is_unknown(value: Any) -> bool:
    """Say whether a value is not known yet."""
    return value.__class__ is Unknown


# ── logic ────────────────────────────────────────────────────────────────────


def not_(value: Any) -> Any:
    """Return Kleene's negation."""
    return value if value.__class__ is Unknown else not value


def all_(values: Iterable[Any]) -> Any:
    """Return false if any operand is, else unknown if any is, else true."""
    unknown = []
    for value in values:
        if value is False:
            return False
        if value is not True:
            unknown.append(value)
    return unknown_like(unknown) if unknown else True


def any_(values: Iterable[Any], at_least: int = 1) -> Any:
    """Return whether at least so many operands hold, as far as it is settled."""
    true, unknown = 0, []
    for value in values:
        if value is True:
            true += 1
        elif value is not False:
            unknown.append(value)
    if true >= at_least:
        return True
    return False if true + len(unknown) < at_least else unknown_like(unknown)


# ── comparison ───────────────────────────────────────────────────────────────


def compare(op: CompareOp, left: Any, right: Any) -> Any:
    """Compare two values; ranges that do not overlap are settled."""
    if left.__class__ is not Unknown and right.__class__ is not Unknown:
        return _COMPARE[op](left, right)
    match op:
        case CompareOp.EQ:
            settled = _equal(left, right)
        case CompareOp.NE:
            settled = _equal(left, right)
            settled = None if settled is None else not settled
        case CompareOp.LT:
            settled = _below(left, right, strict=True)
        case CompareOp.LE:
            settled = _below(left, right, strict=False)
        case CompareOp.GT:
            settled = _below(right, left, strict=True)
        case CompareOp.GE:
            settled = _below(right, left, strict=False)
    return unknown_like((left, right)) if settled is None else settled


def _equal(left: Any, right: Any) -> bool | None:
    """Settle equality of two values of which one is unknown: never true, maybe false."""
    a, b = _words(left), _words(right)
    if a is not None and b is not None:
        return False if a.isdisjoint(b) else None
    if isinstance(left, str | bool) or isinstance(right, str | bool):
        return None
    apart = _below(left, right, strict=True) or _below(right, left, strict=True)
    return False if apart else None


def _below(left: Any, right: Any, *, strict: bool) -> bool | None:
    """Settle ``left < right``, or ``<=`` where not ``strict``, by the ends of their ranges."""
    (alo, ahi), (blo, bhi) = bounds(left), bounds(right)
    if ahi is not None and blo is not None:
        touching = not strict or _excluded(left, "below") or _excluded(right, "above")
        if ahi < blo or (ahi == blo and touching):
            return True
    if alo is not None and bhi is not None:
        touching = strict or _excluded(left, "above") or _excluded(right, "below")
        if alo > bhi or (alo == bhi and touching):
            return False
    return None


def _excluded(value: Any, end: str) -> bool:
    return value.__class__ is Unknown and getattr(value, end) is True


def _words(value: Any) -> frozenset[str] | None:
    if value.__class__ is Unknown:
        options: frozenset[str] | None = value.options
        return options
    return frozenset({value}) if isinstance(value, str) else None


def in_(value: Any, options: Collection[Any]) -> Any:
    """Say whether a value is one of ``options``."""
    if value.__class__ is not Unknown:
        return value in options
    words = value.options
    if words is not None:
        if words.issubset(options):
            return True
        return False if words.isdisjoint(options) else unknown_like((value,))
    outside = all(_equal(value, option) is False for option in options)
    return False if outside else unknown_like((value,))


def within(kind: Kind, code: Any, ancestor: Any) -> Any:
    """Say whether a region or industry lies within another; open while too coarse to tell."""
    if code.__class__ is Unknown or ancestor.__class__ is Unknown:
        return unknown_like((code, ancestor))
    inside = codes.region_within if kind is Kind.REGION else codes.industry_within
    answer = inside(code, ancestor)
    return Unknown() if answer is None else answer


# ── arithmetic ───────────────────────────────────────────────────────────────


def add(values: Sequence[Any]) -> Any:
    """Return the exact sum; ranges add end by end."""
    lo: Any = 0
    hi: Any = 0
    for value in values:
        low, high = bounds(value)
        lo = None if lo is None or low is None else lo + low
        hi = None if hi is None or high is None else hi + high
    return unknown_like(values, lo, hi)


def neg(value: Any) -> Any:
    """Return the value with its sign changed."""
    if value.__class__ is not Unknown:
        return -value
    lo, hi = bounds(value)
    return unknown_like((value,), None if hi is None else -hi, None if lo is None else -lo)


# An end of a range as (infinite?, value): (-1, 0) below all, (0, v), (1, 0) above all.
_End = tuple[int, Any]


def _ends(value: Any) -> tuple[_End, _End]:
    lo, hi = bounds(value)
    return ((-1, 0) if lo is None else (0, lo)), ((1, 0) if hi is None else (0, hi))


def _times(a: _End, b: _End) -> _End:
    if a == (0, 0) or b == (0, 0):
        return (0, 0)
    if a[0] == b[0] == 0:
        return (0, a[1] * b[1])
    return (_sign(a) * _sign(b), 0)


def _sign(end: _End) -> int:
    return end[0] or (1 if end[1] > 0 else -1)


def _finite(end: _End) -> Any:
    return end[1] if end[0] == 0 else None


def mul(left: Any, right: Any) -> Any:
    """Return the exact product; a known zero settles it."""
    if left.__class__ is not Unknown and right.__class__ is not Unknown:
        return left * right
    corners = [_times(a, b) for a in _ends(left) for b in _ends(right)]
    return unknown_like((left, right), _finite(min(corners)), _finite(max(corners)))


def div(left: Any, right: Any, place: str = "") -> Any:
    """Return the exact quotient; a divisor that can be zero leaves a full range."""
    if right.__class__ is not Unknown:
        if right == 0:
            return failure("zero-divisor", place, left)
        inverse: Any = Fraction(1) / right
        return left * inverse if left.__class__ is not Unknown else mul(left, inverse)
    low, high = _ends(right)
    positive = low > (0, 0) or (low == (0, 0) and right.above)
    if not positive and not (high < (0, 0) or (high == (0, 0) and right.below)):
        return unknown_like((left, right))
    ends = [_inverse(end, 1 if positive else -1) for end in (low, high)]
    corners = [_times(a, b) for a in _ends(left) for b in ends]
    return unknown_like((left, right), _finite(min(corners)), _finite(max(corners)))


def _inverse(end: _End, sign: int) -> _End:
    """Return one over an end of a range on one side of zero."""
    if end[0]:
        return (0, 0)
    return (0, Fraction(1) / end[1]) if end[1] else (sign, 0)


def power(base: Any, exponent: Any, place: str = "") -> Any:
    """Return ``base ** exponent`` exactly; exponents beyond ±100 are findings."""
    elo, ehi = bounds(exponent)
    if elo is None or ehi is None:
        return unknown_like((base, exponent))
    if elo < -MAX_EXPONENT or ehi > MAX_EXPONENT:
        if elo == ehi:
            return failure("exponent-too-large", place, base)
        return unknown_like((base, exponent))
    if exponent.__class__ is Unknown:
        return hull([power(base, each, place) for each in range(elo, ehi + 1)], base, exponent)
    if base.__class__ is Unknown:
        return _power_of_range(base, exponent)
    if base == 0 and exponent < 0:
        return failure("zero-divisor", place)
    return Fraction(base) ** exponent if exponent < 0 else base**exponent


def _power_of_range(base: Unknown, exponent: int) -> Any:
    if exponent == 0:
        return 1
    if exponent < 0:
        return div(1, _power_of_range(base, -exponent))
    lo, hi = (None if end is None else end**exponent for end in bounds(base))
    if exponent % 2 == 0 and (base.lo is None or base.lo < 0):
        crosses = base.hi is None or base.hi > 0
        high = None if lo is None or hi is None else max(lo, hi)
        lo, hi = (0, high) if crosses else (hi, lo)
    return unknown_like((base,), lo, hi)


def minimum(values: Sequence[Any], place: str = "") -> Any:
    """Return the smallest value; operands that can never be it drop out."""
    return _extreme(values, place, min, 0, 1)


def maximum(values: Sequence[Any], place: str = "") -> Any:
    """Return the largest value; operands that can never be it drop out."""
    return _extreme(values, place, max, 1, 0)


def _extreme(
    values: Sequence[Any], place: str, best: Callable[..., Any], near: int, far: int
) -> Any:
    """``near`` is the end that extends the result, ``far`` the end that limits it."""
    if not values:
        return failure("empty-extreme", place)
    if all(value.__class__ is not Unknown for value in values):
        return best(values)
    ends = [bounds(value) for value in values]
    limits = [end[far] for end in ends if end[far] is not None]
    limit = best(limits) if limits else None
    reaches = [end[near] for end in ends]
    reach = None if any(end is None for end in reaches) else best(reaches)
    result = [None, None]
    result[near], result[far] = reach, limit
    if limit is None:
        return unknown_like(values, *result)
    holder = next(index for index, end in enumerate(ends) if end[far] == limit)
    matter = [
        value
        for index, value in enumerate(values)
        if index == holder or ends[index][near] is None or best(ends[index][near], limit) != limit
    ]
    return unknown_like(matter, *result)


def round_(value: Any, quantum: Any, mode: Mode) -> Any:
    """Return the value as a multiple of ``quantum`` by the named mode."""
    if value.__class__ is not Unknown:
        return round_to(value, quantum, mode)
    lo, hi = bounds(value)
    return unknown_like(
        (value,),
        None if lo is None else round_to(lo, quantum, mode),
        None if hi is None else round_to(hi, quantum, mode),
    )


def up_to(low: Any, high: Any) -> Any:
    """Return a ceiling: open between ``low``, or the ceiling where that is less, and ``high``."""
    least, hi = bounds(high)
    lo = max(0, min(bounds(low)[0] or 0, least or 0))
    if hi is not None and lo >= hi:
        return max(0, hi)
    like = unknown_like((low, high))
    return Unknown(like.missing, lo, hi, None, like.faults, open=True, least=least)


def pick(
    rows: Sequence[tuple[Any, Callable[[], Any]]],
    otherwise: Callable[[], Any] | None,
    place: str = "",
) -> Any:
    """Return the value of the one row whose test holds.

    Two true rows are a conflict; no true row and no ``otherwise`` a finding.
    While rows are unknown, the hull of every row that can still be the one.
    """
    true = [value for test, value in rows if test is True]
    if len(true) > 1:
        return failure("row-conflict", place)
    open_rows = [(test, value) for test, value in rows if test.__class__ is Unknown]
    if not open_rows:
        if true:
            return true[0]()
        return otherwise() if otherwise else failure("no-row", place)
    can_be = [value() for test, value in rows if test is not False]
    if not true and otherwise:
        can_be.append(otherwise())
    return hull(can_be, *(test for test, _ in open_rows))


# ── dates ────────────────────────────────────────────────────────────────────

# For each argument, whether the result rises (+1) or falls (-1) with it.
_DATES: Final[dict[DateFunction, tuple[Callable[..., Any], tuple[int, ...]]]] = {
    DateFunction.YEAR_OF: (calendar.year_of, (1,)),
    DateFunction.START_OF: (calendar.start_of, (1,)),
    DateFunction.END_OF: (calendar.end_of, (1,)),
    DateFunction.ADD: (calendar.add, (1, 0)),
    DateFunction.DAYS_BETWEEN: (calendar.days_between, (-1, 1)),
    DateFunction.MONTHS_BETWEEN: (calendar.months_between, (-1, 1)),
    DateFunction.YEARS_BETWEEN: (calendar.years_between, (-1, 1)),
}


def date_op(function: DateFunction, values: Sequence[Any], place: str = "") -> Any:
    """Apply a function on dates; all are monotone in each argument."""
    apply, directions = _DATES[function]
    if all(value.__class__ is not Unknown for value in values):
        try:
            return apply(*values)
        except (OverflowError, ValueError):
            return failure("date-out-of-range", place)
    ends = []
    counts = function in {DateFunction.START_OF, DateFunction.END_OF}
    edges = (None, None) if counts else (date.min, date.max)
    for end in (-1, 1):
        chosen = [
            _end_of(value, 0 if direction * end < 0 else 1, edges) if direction else value
            for value, direction in zip(values, directions, strict=True)
        ]
        ends.append(_apply_dates(apply, chosen))
    return unknown_like(values, *ends)


def _end_of(value: Any, end: int, edges: tuple[Any, Any]) -> Any:
    """Return an end of a range; the calendar's own where nothing is known of it."""
    found = bounds(value)[end]
    return edges[end] if found is None else found


def _apply_dates(apply: Callable[..., Any], chosen: list[Any]) -> Any:
    if any(value is None or value.__class__ is Unknown for value in chosen):
        return None
    try:
        return apply(*chosen)
    except (OverflowError, ValueError):
        return None


def year_span(start: Any, stop: Any) -> list[tuple[int, int]] | None:
    """Return every (start, stop) a span of years can have, or ``None`` if unbounded or too many.

    Starts at or after ``stop`` are all one empty span; none holds more than ``MAX_YEARS``.
    """
    (alo, ahi), (blo, bhi) = bounds(start), bounds(stop)
    if alo is None or blo is None or bhi is None:
        return None
    ahi = bhi if ahi is None else min(ahi, bhi)
    if bhi - alo > MAX_YEARS:
        return None
    if (bhi - blo + 1) * (max(ahi, alo) - alo + 1) > MAX_EXPONENT:
        return None
    return [
        (min(first, last), last)
        for last in range(blo, bhi + 1)
        for first in range(alo, max(ahi, alo) + 1)
    ]
