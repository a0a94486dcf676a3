"""What is known of a value before every fact is in.

A known value is the plain Python value. Anything else is an ``Unknown``: the
facts that can still change it, and a range that holds the result of every
completion. A range that is a single point *is* a known value, and its facts
drop out.

Python's truth test would silently turn "not known" into yes or no, so an
``Unknown`` refuses to be a ``bool``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from incentives.values.calendar import Duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Number: TypeAlias = int | Fraction
Scalar: TypeAlias = bool | int | Fraction | date | str | Duration
Bound: TypeAlias = Any
"""One end of a range: a number or a date; ``None`` where there is no bound."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something an evaluation could not compute: a stable word, and where."""

    code: str
    place: str = ""


NO_NAMES: Final[frozenset[str]] = frozenset()
NO_FAULTS: Final[frozenset[Fault]] = frozenset()
LARGE: Final = 64
"""So many names are shared between values where that can be, not copied."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value yet.

    ``missing``: the facts that can still change it. ``lo``/``hi``: its range,
    both ends included, ``None`` for no bound (ordered types only).
    ``options``: the words it can be (choices only). ``faults``: computations
    that failed on the way. ``open``: it is a ceiling somebody decides under,
    not a figure that facts would settle; ``least`` is then the lowest that the
    ceiling itself can be, and ``mixed`` says that it may be an entitlement after
    all. ``above`` and ``below``: the end itself is excluded,
    for a piece of a ratio, which has no next value as whole units have.
    """

    missing: frozenset[str] = NO_NAMES
    lo: Bound = None
    hi: Bound = None
    options: frozenset[str] | None = None
    faults: frozenset[Fault] = NO_FAULTS
    open: bool = False
    least: Bound = None
    mixed: bool = False
    above: bool = False
    below: bool = False

    def __bool__(self) -> NoReturn:
        names = ", ".join(sorted(self.missing)) or "a finding"
        raise TypeError(f"an unknown value is neither true nor false; it waits for {names}")


Value: TypeAlias = Scalar | Unknown


def bounds(value: Any) -> tuple[Bound, Bound]:
    """Return the lowest and highest a value can be; ``None`` for no bound."""
    return (value.lo, value.hi) if value.__class__ is Unknown else (value, value)


def missing_in(value: Any) -> frozenset[str]:
    """Return the facts a value waits for; empty when it is known."""
    return value.missing if value.__class__ is Unknown else NO_NAMES


def faults_in(value: Any) -> frozenset[Fault]:
    """Return the failed computations a value depends on."""
    return value.faults if value.__class__ is Unknown else NO_FAULTS


def union(names: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the names of several sets.

    The items of a long list may all wait for the same thousands of facts; the
    latest unions of large sets are kept, so that each item shares one.
    """
    if len(names) < 2:
        return names[0] if names else NO_NAMES
    if max(map(len, names)) > LARGE:
        return reduce(_union_of_two, names)
    return NO_NAMES.union(*names)


@lru_cache(maxsize=128)
def _union_of_two(a: frozenset[str], b: frozenset[str]) -> frozenset[str]:
    return a if b <= a else b if a <= b else a | b


def unknown_like(sources: Iterable[Any], lo: Bound = None, hi: Bound = None) -> Any:
    """Return a value within ``lo`` … ``hi`` that waits for whatever ``sources`` wait for.

    A range of one point is that point, known.
    """
    if lo is not None and lo == hi:
        return lo
    names: list[frozenset[str]] = []
    faults, is_open, mixed = NO_FAULTS, False, True
    for source in sources:
        if source.__class__ is Unknown:
            if source.missing and not (names and names[-1] is source.missing):
                names.append(source.missing)
            faults |= source.faults
            if source.open:
                is_open = True
                mixed &= source.mixed
    return Unknown(union(names), lo, hi, None, faults, is_open, mixed=is_open and mixed)


def failure(code: str, place: str, *sources: Any) -> Unknown:
    """Return the unknown of full range that a failed computation leaves."""
    like = unknown_like(sources)
    return Unknown(like.missing, None, None, None, like.faults | {Fault(code, place)})


def hull(values: Iterable[Any], *also: Any) -> Any:
    """Return the smallest range that holds every value; equal known values stay known.

    ``also`` are values whose facts the result waits for too (the open
    condition of an ``if``); they drop out when the hull is a point.
    """
    items = list(values)
    first = items[0]
    if first.__class__ is not Unknown and all(
        item.__class__ is not Unknown and item == first for item in items
    ):
        return first
    like = unknown_like([*items, *also])
    if any(isinstance(item, str) or _has_options(item) for item in items):
        return Unknown(like.missing, options=_options(items), faults=like.faults)
    if any(item is True or item is False for item in items):
        return like
    lows, highs = zip(*map(bounds, items), strict=True)
    lo = None if any(low is None for low in lows) else min(lows)
    hi = None if any(high is None for high in highs) else max(highs)
    if lo is not None and lo == hi:
        return lo
    mixed = like.open and (like.mixed or any(_is_settled_amount(item) for item in items))
    return Unknown(like.missing, lo, hi, None, like.faults, like.open, mixed=mixed)


def _is_settled_amount(item: Any) -> bool:
    """Say whether an alternative is no ceiling; nothing at all is neither."""
    return not item.open or item.mixed if item.__class__ is Unknown else item != 0


def _has_options(item: Any) -> bool:
    return item.__class__ is Unknown and item.options is not None


def _options(items: list[Any]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for item in items:
        if item.__class__ is Unknown:
            if item.options is None:
                return None
            found |= item.options
        else:
            found |= {item}
    return found
