"""Values of the rule language as columns, known or not: ``values.unknown`` written sideways.

What the engine's ``Unknown`` holds for one profile stands here in columns: both ends of
a range (NULL: no bound), a truth that may be NULL, and for each fact whether the value
still waits for it. A range of one point is a known value, as there.

``hard``: where it is TRUE the columns do not say what the engine would; the single
engine decides such a row, whatever else stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.lowering import rational
from incentives.batch.lowering.rational import Ratio
from incentives.diagnostics import InternalError
from incentives.engine.reads import Name, name_of

if TYPE_CHECKING:
    from incentives.batch.graph import Columns


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts of items: their paths as a list, whether there is one, and which facts they are."""

    words: Column
    some: Column
    names: frozenset[Name]


@dataclass(frozen=True, slots=True)
class Waits:
    """The facts a value waits for: by path whether it does; and those of a firm's items.

    ``facts`` of an item's scope are called ``contract[].paid``: the key goes in between.
    """

    facts: Mapping[str, Column] = field(default_factory=dict)
    gathered: tuple[Gathered, ...] = ()

    def any(self, columns: Columns) -> Column:
        """Say whether it waits for anything."""
        return columns.any([*self.facts.values(), *(each.some for each in self.gathered)])

    def sharpened_by(self, columns: Columns, names: frozenset[Name] | None) -> Column:
        """Say whether it waits for one of some facts; for any fact with ``None``, lists aside."""
        mine = [
            truth
            for path, truth in self.facts.items()
            if ("." in path if names is None else name_of(path.replace("[]", "[0]")) in names)
        ]
        mine += [each.some for each in self.gathered if names is None or each.names & names]
        return columns.any(mine)


NOTHING = Waits()


def union(columns: Columns, of: Iterable[Waits]) -> Waits:
    """Return what any of several waits for."""
    kept = [each for each in of if each.facts or each.gathered]
    if len(kept) <= 1:
        return kept[0] if kept else NOTHING
    facts: dict[str, list[Column]] = {}
    for each in kept:
        for path, truth in each.facts.items():
            facts.setdefault(path, []).append(truth)
    joined = {path: columns.any(truths) for path, truths in facts.items()}
    return Waits(joined, tuple(dict.fromkeys(g for each in kept for g in each.gathered)))


def while_(columns: Columns, truth: Column, waits: Waits) -> Waits:
    """Return what is waited for while a truth (never NULL) holds."""
    if truth is columns.true:
        return waits
    if truth is columns.false:
        return NOTHING
    facts = {path: columns.all((truth, each)) for path, each in waits.facts.items()}
    none = columns.words(())
    gathered = tuple(
        Gathered(columns.if_(truth, g.words, none), columns.all((truth, g.some)), g.names)
        for g in waits.gathered
    )
    return Waits({p: each for p, each in facts.items() if each is not columns.false}, gathered)


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false, or NULL: not known."""

    v: Column
    waits: Waits
    hard: Column


@dataclass(frozen=True, slots=True)
class Word:
    """A choice, code or text; ``options`` are the words that an unknown one can be."""

    v: Column
    options: frozenset[str] | None
    waits: Waits
    hard: Column


@dataclass(frozen=True, slots=True)
class Day:
    """A date between two ends."""

    lo: Column
    hi: Column
    waits: Waits
    hard: Column


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two ends; money in fen.

    ``open``: it is a ceiling under which somebody decides. ``mixed``: it may be one, or not.
    """

    lo: Ratio
    hi: Ratio
    waits: Waits
    hard: Column
    open: Column
    mixed: Column


Value: TypeAlias = Truth | Word | Day | Number


def number(columns: Columns, lo: Ratio, hi: Ratio, waits: Waits, hard: Column) -> Number:
    """Return a number that is no ceiling."""
    return Number(lo, hi, waits, hard, columns.false, columns.false)


def is_known(columns: Columns, value: Value) -> Column:
    """Say whether a value is known (never NULL)."""
    match value:
        case Truth() | Word():
            return columns.not_(columns.is_null(value.v))
        case Day():
            same = value.lo is value.hi
            return (
                columns.not_(columns.is_null(value.lo))
                if same
                else columns.holds(columns.eq(value.lo, value.hi))
            )
        case Number():
            if value.lo == value.hi:
                return columns.not_(columns.is_null(value.lo.num))
            return columns.holds(rational.eq(columns, value.lo, value.hi))


def is_nothing(columns: Columns, value: Number) -> Column:
    """Say whether a number can be no more than zero (never NULL)."""
    return columns.holds(columns.eq(value.hi.num, columns.literal(0)))


def is_point(value: Number) -> bool:
    """Whether a number is known in every row."""
    return value.lo == value.hi and value.lo.sure


# ── one of several ───────────────────────────────────────────────────────────

Alternatives = Sequence[tuple[Column, Value]]
"""Values with a truth (never NULL) each: whether it can be the one."""


def among(
    columns: Columns, of: Alternatives, also: Sequence[Waits] = (), hard: Sequence[Column] = ()
) -> Value:
    """Return the hull of those that can be; ``also`` is waited for while that is no point."""
    kept = [(can, value) for can, value in of if can is not columns.false]
    if len(kept) == 1 and kept[0][0] is columns.true:
        return _harder(columns, kept[0][1], hard)
    first = kept[0][1]
    waits = union(columns, [*(while_(columns, can, value.waits) for can, value in kept), *also])
    hards = columns.any([*hard, *(columns.all((can, value.hard)) for can, value in kept)])
    match first:
        case Truth():
            v = _agreed(columns, [(can, x.v) for can, x in kept if isinstance(x, Truth)])
            return Truth(v, while_(columns, columns.is_null(v), waits), hards)
        case Word():
            words = [(can, x) for can, x in kept if isinstance(x, Word)]
            v = _agreed(columns, [(can, x.v) for can, x in words])
            return Word(v, _options(words), while_(columns, columns.is_null(v), waits), hards)
        case Day():
            days = [(can, x) for can, x in kept if isinstance(x, Day)]
            lo = _end(columns, [(can, x.lo) for can, x in days], columns.least)
            hi = _end(columns, [(can, x.hi) for can, x in days], columns.greatest)
            known = is_known(columns, Day(lo, hi, waits, hards))
            return Day(lo, hi, while_(columns, columns.not_(known), waits), hards)
        case Number():
            numbers = [(can, x) for can, x in kept if isinstance(x, Number)]
            return _hull(columns, numbers, waits, hards)


def numbers_among(
    columns: Columns,
    of: Sequence[tuple[Column, Number]],
    also: Sequence[Waits] = (),
    hard: Sequence[Column] = (),
) -> Number:
    """Return the hull of the numbers that can be, as ``among``."""
    found = among(columns, of, also, hard)
    if not isinstance(found, Number):
        raise InternalError(f"the hull of numbers is no number: {found}")
    return found


def truth_among(
    columns: Columns,
    of: Alternatives,
    also: Sequence[Waits] = (),
    hard: Sequence[Column] = (),
) -> Truth:
    """Return what the truths that can be agree on, as ``among``."""
    found = among(columns, of, also, hard)
    if not isinstance(found, Truth):
        raise InternalError(f"the hull of truths is no truth: {found}")
    return found


def _hull(
    columns: Columns, of: Sequence[tuple[Column, Number]], waits: Waits, hards: Column
) -> Number:
    ends = []
    for low in (True, False):
        nums, den = rational.alike(columns, [x.lo if low else x.hi for _, x in of])
        pairs = [(can, num) for (can, _), num in zip(of, nums, strict=True)]
        ends.append(Ratio(_end(columns, pairs, columns.least if low else columns.greatest), den))
    lo, hi = ends
    hull = number(columns, lo, hi, waits, hards)
    free = columns.not_(is_known(columns, hull))
    opened = columns.all((free, columns.any([columns.all((can, x.open)) for can, x in of])))
    settled = columns.any([columns.all((can, _is_settled(columns, x))) for can, x in of])
    mixed = [columns.all((can, x.mixed)) for can, x in of]
    mixture = columns.all((opened, columns.any([settled, *mixed])))
    return Number(lo, hi, while_(columns, free, waits), hards, opened, mixture)


def _is_settled(columns: Columns, of: Number) -> Column:
    """Say whether an alternative is no ceiling; nothing at all is neither."""
    return columns.not_(columns.any((of.open, is_nothing(columns, of))))


def _end(
    columns: Columns,
    of: Sequence[tuple[Column, Column]],
    best: Callable[[Sequence[Column]], Column],
) -> Column:
    """Return an end of the hull: NULL where one that can be has no such end."""
    if len(of) == 2 and of[1][0] is columns.not_(of[0][0]):
        return columns.if_(of[0][0], of[0][1], of[1][1])
    null = columns.null(of[0][1].sort)
    found = best([columns.if_(can, end, null) for can, end in of])
    boundless = columns.any([columns.all((can, columns.is_null(end))) for can, end in of])
    return columns.if_(boundless, null, found)


def _agreed(columns: Columns, of: Sequence[tuple[Column, Column]]) -> Column:
    """Return the value on which all that can be agree, NULL where they do not."""
    if len(of) == 2 and of[1][0] is columns.not_(of[0][0]):
        return columns.if_(of[0][0], of[0][1], of[1][1])
    null = columns.null(of[0][1].sort)
    if of[0][1].sort is Sort.TRUTH:
        true = columns.any([columns.all((can, columns.holds(v))) for can, v in of])
        false = columns.any([columns.all((can, columns.fails(v))) for can, v in of])
        open_ = columns.any([columns.all((can, columns.is_null(v))) for can, v in of])
        split = columns.any((open_, columns.all((true, false))))
        return columns.if_(split, null, true)
    picked = columns.coalesce([columns.if_(can, v, null) for can, v in of])
    same = [columns.any((columns.not_(can), columns.holds(columns.eq(v, picked)))) for can, v in of]
    return columns.if_(columns.all(same), picked, null)


def _options(of: Sequence[tuple[Column, Word]]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for _, word in of:
        if word.v.op is Op.LITERAL and word.v.value is not None:
            found |= {str(word.v.value)}
        elif word.options is None:
            return None
        else:
            found |= word.options
    return found


def _harder(columns: Columns, value: Value, hard: Sequence[Column]) -> Value:
    return replace(value, hard=columns.any((value.hard, *hard))) if hard else value
