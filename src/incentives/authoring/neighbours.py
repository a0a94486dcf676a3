"""The figures next to a figure: what stands there after a slip of the pen.

One fen, one day, one month, one person, a hundredth of a rate, the next word of
a choice, the region around. The smallest step is the hardest to notice: a case
that tells it apart tells every larger one on that side apart too.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.language.core import CompareOp
from incentives.values.calendar import Duration
from incentives.values.codes import COUNTRY, region_level
from incentives.values.quantity import format_ratio, short_money
from incentives.values.types import Kind

if TYPE_CHECKING:
    from incentives.values.types import Type

DAY: Final = timedelta(days=1)
COMPARISONS: Final = {
    CompareOp.GE: (CompareOp.GT, CompareOp.LT),
    CompareOp.GT: (CompareOp.GE, CompareOp.LE),
    CompareOp.LE: (CompareOp.LT, CompareOp.GT),
    CompareOp.LT: (CompareOp.LE, CompareOp.GE),
    CompareOp.EQ: (CompareOp.NE,),
    CompareOp.NE: (CompareOp.EQ,),
}
_STEP: Final = Fraction(1, 100)


def neighbours(value: Any, kind: Type) -> tuple[Any, ...]:
    """Return the values next to a known one of a type; none for zero, texts and truth values."""
    match value:
        case tuple():
            return _lists(value, kind)
        case bool():
            return ()
        case date():
            return (value - DAY, value + DAY)
        case Duration(0, days):
            return (Duration(0, days - 1), Duration(0, days + 1))
        case Duration(months, days):
            return (Duration(months - 1, days), Duration(months + 1, days))
        case int() | Fraction():
            return _numbers(value, kind)
        case str():
            return _words(value, kind)
        case _:
            return ()


def _numbers(value: int | Fraction, kind: Type) -> tuple[int | Fraction, ...]:
    if value == 0:
        return ()
    step = abs(Fraction(value)) * _STEP if kind.kind is Kind.RATIO else 1
    return (value - step, value + step)


def _lists(values: tuple[Any, ...], kind: Type) -> tuple[tuple[Any, ...], ...]:
    """Return the list without one of its entries, and with one of them changed."""
    found = []
    for at, value in enumerate(values):
        before, after = values[:at], values[at + 1 :]
        if len(values) > 1:
            found.append(before + after)
        found += [(*before, other, *after) for other in neighbours(value, kind.element())]
    return tuple(found)


def _words(value: str, kind: Type) -> tuple[str, ...]:
    match kind.kind:
        case Kind.CHOICE:
            words = sorted(kind.options or ())
            at = words.index(value) if value in words else -1
            return (words[(at + 1) % len(words)],) if len(words) > 1 else ()
        case Kind.REGION:
            return regions_near(value)
        case Kind.INDUSTRY:
            section = value[0] if value[0].isalpha() else "A"
            return (section,) if value != section else ("B" if value == "A" else "A",)
        case _:
            return ()


def regions_near(code: str) -> tuple[str, ...]:
    """Return another region of the same rank, and the region around one, if there is any."""
    level = region_level(code)
    if code == COUNTRY:
        return ("110000",)
    size = 2 * level
    number = int(code[:size])
    beside = f"{number + 1 if number % 10 < 9 else number - 1:0{size}}".ljust(6, "0")
    around = COUNTRY if level == 1 else code[: size - 2].ljust(6, "0")
    return (beside, around)


def figure_text(value: Any, kind: Type) -> str:
    """Return a value as an author would write it."""
    match value:
        case tuple():
            return ", ".join(figure_text(part, kind.element()) for part in value)
        case Duration(months, 0):
            return f"{months} months"
        case Duration(0, days):
            return f"{days} days"
        case Duration(months, days):
            return f"{months} months {days} days"
        case bool() | str() | date():
            return str(value)
        case int() if kind.kind is Kind.MONEY:
            return short_money(value)
        case Fraction() if kind.kind is Kind.MONEY:
            return f"{value} fen"
        case int() if kind.kind is Kind.COUNT:
            return str(value)
        case int() | Fraction():
            return format_ratio(value)
        case _:
            return str(value)
