"""Values of the reference evaluator: exact fractions, spans of them, and the unknown.

Numbers are `Fraction`: money in yuan, dates as ordinals, years as counts. The sign of infinity
is a float because it compares with fractions exactly; it never takes part in arithmetic.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

INF: Final = float("inf")
ZERO: Final = Fraction(0)
UNITS: Final = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
FEN: Final = Fraction(1, 100)
CALENDAR: Final = (Fraction(1), Fraction(date.max.toordinal()))


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown is neither true nor false")


UNKNOWN: Final[Any] = _Unknown()


@dataclass(frozen=True, slots=True)
class Span:
    """Every number from `lo` to `hi`; `fact` says which unread fact this is, if it is one.

    `among` holds the figures of a dated parameter that the span is the hull of.
    """

    lo: Any
    hi: Any
    lo_open: bool = False
    hi_open: bool = False
    fact: Any = field(default=None, compare=False)
    among: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Words:
    """One of several words, not known which."""

    among: frozenset[str]


FULL: Final = Span(-INF, INF)


def span(value: Any) -> Span:
    return value if isinstance(value, Span) else FULL if value is UNKNOWN else Span(value, value)


def between(lo: Any, hi: Any) -> Any:
    return lo if lo == hi and not isinstance(lo, float) else Span(lo, hi)


def _plus(x: Any, y: Any) -> Any:
    return x if isinstance(x, float) else y if isinstance(y, float) else x + y


def _times(x: Any, y: Any) -> Any:
    if x == 0 or y == 0:
        return ZERO
    if isinstance(x, float) or isinstance(y, float):
        return INF if (x > 0) == (y > 0) else -INF
    return x * y


def known(a: Any, b: Any) -> bool:
    """Whether both are single numbers: then they are combined as they are, which is quicker."""
    return a.__class__ is Fraction and b.__class__ is Fraction


def add(a: Any, b: Any) -> Any:
    if known(a, b):
        return a + b
    p, q = span(a), span(b)
    return between(_plus(p.lo, q.lo), _plus(p.hi, q.hi))


def negate(a: Any) -> Any:
    if a.__class__ is Fraction:
        return -a
    return between(-span(a).hi, -span(a).lo)


def multiply(a: Any, b: Any) -> Any:
    if known(a, b):
        return a * b
    ends = [_times(x, y) for x in (span(a).lo, span(a).hi) for y in (span(b).lo, span(b).hi)]
    return between(min(ends), max(ends))


def divide(a: Any, b: Any) -> Any:
    q = span(b)
    above = q.lo > 0 or (q.lo == 0 and q.lo_open)
    if not above and not (q.hi < 0 or (q.hi == 0 and q.hi_open)):
        return FULL
    lo = -INF if q.hi == 0 else ZERO if isinstance(q.hi, float) else 1 / q.hi
    hi = INF if q.lo == 0 else ZERO if isinstance(q.lo, float) else 1 / q.lo
    return multiply(a, between(lo, hi))


def power(a: Any, n: Any) -> Any:
    p, q = span(a), span(n)
    if not 0 <= q.lo <= q.hi <= 100 or (q.lo == q.hi and q.lo.denominator != 1):
        return FULL
    if q.lo < q.hi:
        return hull(*(power(a, Fraction(k)) for k in range(-int(-q.lo // 1), int(q.hi // 1) + 1)))
    ends = [x ** int(q.lo) if q.lo else Fraction(1) for x in (p.lo, p.hi)]
    return between(min(*ends, *([ZERO] if p.lo < 0 < p.hi and q.lo > 0 else [])), max(ends))


def least(a: Any, b: Any) -> Any:
    if known(a, b):
        return min(a, b)
    return between(min(span(a).lo, span(b).lo), min(span(a).hi, span(b).hi))


def greatest(a: Any, b: Any) -> Any:
    return negate(least(negate(a), negate(b)))


def words(value: Any) -> frozenset[str] | None:
    """Return the words a value can be, None where nothing says."""
    if isinstance(value, Words):
        return value.among
    return frozenset({value}) if isinstance(value, str) else None


def hull(first: Any, *others: Any) -> Any:
    for other in others:
        one, two = words(first), words(other)
        if one is not None and two is not None:
            first = first if one == two else Words(one | two)
        elif first is UNKNOWN or other is UNKNOWN or not is_number(first) or not is_number(other):
            if is_number(first) or is_number(other):
                first = FULL
            elif first is UNKNOWN or other is UNKNOWN or first != other:
                first = UNKNOWN
        elif first != other:
            p, q = span(first), span(other)
            first = between(min(p.lo, q.lo), max(p.hi, q.hi))
    return first


def is_number(value: Any) -> bool:
    return isinstance(value, (Fraction, Span))


def less(a: Any, b: Any) -> Any:
    if known(a, b):
        return a < b
    p, q = span(a), span(b)
    if p.hi < q.lo or (p.hi == q.lo and (p.hi_open or q.lo_open)):
        return True
    return False if p.lo >= q.hi else UNKNOWN


def equal(a: Any, b: Any) -> Any:
    one, two = words(a), words(b)
    if one is not None and two is not None:
        return False if one.isdisjoint(two) else len(one | two) == 1 or UNKNOWN
    if not (is_number(a) or is_number(b)):
        return UNKNOWN if a is UNKNOWN or b is UNKNOWN else a == b
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    return False if True in (less(a, b) is True, less(b, a) is True) else UNKNOWN


def among(a: Any, listed: Any) -> Any:
    """Say whether a value is one of a list."""
    found = words(a)
    if found is not None and found <= set(listed):
        return True
    return either(*(equal(a, one) for one in listed))


def negation(a: Any) -> Any:
    return UNKNOWN if a is UNKNOWN else not a


def both(*parts: Any) -> Any:
    return False if any(p is False for p in parts) else all_known(parts)


def either(*parts: Any) -> Any:
    return (
        True if any(p is True for p in parts) else negation(all_known([negation(p) for p in parts]))
    )


def all_known(parts: Any) -> Any:
    return UNKNOWN if any(p is UNKNOWN for p in parts) else all(parts)


def rounded(x: Any, quantum: Fraction, mode: str) -> Any:
    if isinstance(x, Span) or x is UNKNOWN:
        return between(rounded(span(x).lo, quantum, mode), rounded(span(x).hi, quantum, mode))
    if isinstance(x, float):
        return x
    whole, rest = divmod(abs(x) / quantum, 1)
    up = {"down": False, "up": rest > 0, "half_up": rest >= Fraction(1, 2)}.get(mode)
    if mode == "half_even":
        up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    return (1 if x >= 0 else -1) * (whole + bool(up)) * quantum


@lru_cache(maxsize=4096)
def quantity(text: str) -> Any:
    """Return what a text means that reads completely as a quantity, else None."""
    if m := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)(元|万元|亿元)", text):
        return Fraction(m[1]) * UNITS[m[2]]
    if m := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)([%‰])", text):
        return Fraction(m[1]) / (100 if m[2] == "%" else 1000)
    if re.fullmatch(r"[+-]?\d+(\.\d+|/\d+)", text):
        return Fraction(text)
    if m := re.fullmatch(r"([+-]?\d+) (month|year|day)s?", text):
        return (m[2], int(m[1]))
    return text if re.fullmatch(r"\d{6}|[A-T](\d{2,4})?", text) else None


@lru_cache(maxsize=4096)
def lenient(text: str) -> Any:
    """Return a quantity as profiles may write it: full-width digits, separators."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return Fraction(plain) if re.fullmatch(r"[+-]?\d+", plain) else quantity(plain)


def later(day: Any, duration: Any) -> Any:
    """Add a duration to an ordinal; months and years clip to the month's last day."""
    if not isinstance(day, Fraction):
        lo, hi = span(day).lo, span(day).hi
        moved = [end if isinstance(end, float) else later(end, duration) for end in (lo, hi)]
        beyond = INF if duration[1] > 0 else -INF  # past the last day of the calendar
        return between(*(beyond if isinstance(end, Span) else end for end in moved))
    unit, n = duration
    d = date.fromordinal(int(day))
    months = d.year * 12 + d.month - 1 + n * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    if unit == "day":
        return day + n if 1 <= day + n <= date.max.toordinal() else FULL
    if not 1 <= year <= 9999:
        return FULL
    last = calendar.monthrange(year, month)[1]
    return Fraction(date(year, month, min(d.day, last)).toordinal())


def days(x: Any) -> Span:
    """Return the days a date can be: none lies outside the calendar."""
    ends = [min(max(end, CALENDAR[0]), CALENDAR[1]) for end in (span(x).lo, span(x).hi)]
    return Span(*ends)


def calendar_of(name: str, x: Any) -> Any:
    """Apply year_of, start_of or end_of, which all keep order, to both ends."""
    ends: list[Any] = []
    whole = days(x) if name == "year_of" else span(x)
    for end in (whole.lo, whole.hi):
        inside = not isinstance(end, float) and (name == "year_of" or 1 <= end <= 9999)
        if not inside:
            ends.append(-INF if end < 1 else INF)
        elif name == "year_of":
            ends.append(Fraction(date.fromordinal(int(end)).year))
        else:
            month, day = (1, 1) if name == "start_of" else (12, 31)
            ends.append(Fraction(date(int(end), month, day).toordinal()))
    return between(*ends)


def months_between(a: Any, b: Any) -> Any:
    """Return the completed months from `a` to `b`, negative if `b` is earlier."""
    if b < a:
        return -months_between(b, a)
    first, last = date.fromordinal(int(a)), date.fromordinal(int(b))
    n = (last.year - first.year) * 12 + last.month - first.month
    return Fraction(n if later(a, ("month", n)) <= b else n - 1)


def _stem(code: str) -> str:
    if not code.isdigit():
        return code
    return "" if code == "100000" else re.sub(r"(0000|00)$", "", code)


def within(code: Any, ancestor: Any) -> Any:
    if not (isinstance(code, str) and isinstance(ancestor, str)):
        return UNKNOWN
    inner, outer = _stem(code), _stem(ancestor)
    return True if inner.startswith(outer) else UNKNOWN if outer.startswith(inner) else False
