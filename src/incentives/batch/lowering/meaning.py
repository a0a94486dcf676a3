"""What each operation does to values as columns: ``language.semantics``, written sideways.

The law kept (``tests/unit/batch``): row for row what the engine's table of meanings gives,
or ``hard``, which hands the row to the engine. What is not worth columns (a divisor of
either sign, a product of two unknowns of which one may be negative) is hard where it
is not known, and exact where it is.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.lowering import rational
from incentives.batch.lowering.rational import Ratio
from incentives.batch.lowering.value import (
    Day,
    Number,
    Truth,
    Value,
    Word,
    is_known,
    is_nothing,
    is_point,
    number,
    union,
    while_,
)
from incentives.diagnostics import InternalError
from incentives.language.core import CompareOp
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from incentives.batch.graph import Columns


def hard_of(columns: Columns, of: Sequence[Value]) -> Column:
    """Say whether any of several is for the engine."""
    return columns.any([each.hard for each in of])


# ── logic ────────────────────────────────────────────────────────────────────


def _truth(columns: Columns, v: Column, of: Sequence[Value]) -> Truth:
    """Return a truth that waits for what ``of`` wait for while it is NULL."""
    waits = union(columns, [each.waits for each in of])
    return Truth(v, while_(columns, columns.is_null(v), waits), hard_of(columns, of))


def not_(columns: Columns, of: Truth) -> Truth:
    """Return Kleene's negation."""
    return Truth(columns.not_(of.v), of.waits, of.hard)


def all_(columns: Columns, of: Sequence[Truth]) -> Truth:
    """Return Kleene's conjunction."""
    return _truth(columns, columns.all([each.v for each in of]), of)


def any_(columns: Columns, of: Sequence[Truth], at_least: int = 1) -> Truth:
    """Return whether at least so many hold."""
    if at_least == 1:
        return _truth(columns, columns.any([each.v for each in of]), of)
    one, none = columns.literal(1), columns.literal(0)
    sure = possible = none
    for each in of:
        sure = columns.add(sure, columns.if_(columns.holds(each.v), one, none))
        possible = columns.add(possible, columns.if_(columns.fails(each.v), none, one))
    wanted = columns.literal(at_least)
    v = columns.if_(
        columns.le(wanted, sure),
        columns.true,
        columns.if_(columns.lt(possible, wanted), columns.false, columns.null(Sort.TRUTH)),
    )
    return _truth(columns, v, of)


# ── comparison ───────────────────────────────────────────────────────────────


def compare(columns: Columns, op: CompareOp, left: Value, right: Value) -> Truth:
    """Compare two values; ranges that do not overlap are settled."""
    match op:
        case CompareOp.EQ | CompareOp.NE:
            v = _equal(columns, left, right)
            v = v if op is CompareOp.EQ else columns.not_(v)
        case CompareOp.LT:
            v = _below(columns, left, right, strict=True)
        case CompareOp.LE:
            v = _below(columns, left, right, strict=False)
        case CompareOp.GT:
            v = _below(columns, right, left, strict=True)
        case CompareOp.GE:
            v = _below(columns, right, left, strict=False)
    return _truth(columns, v, (left, right))


def _equal(columns: Columns, left: Value, right: Value) -> Column:
    if isinstance(left, Word) and isinstance(right, Word):
        a, b = _words(left), _words(right)
        if a is not None and b is not None and a.isdisjoint(b):
            return columns.false
        return columns.eq(left.v, right.v)
    if isinstance(left, Truth) and isinstance(right, Truth):
        return columns.eq(left.v, right.v)
    if left == right and _is_sure(left):
        return columns.true
    if _is_sure(left) and _is_sure(right):
        if isinstance(left, Number) and isinstance(right, Number):
            return rational.eq(columns, left.lo, right.lo)
        if isinstance(left, Day) and isinstance(right, Day):
            return columns.eq(left.lo, right.lo)
    below, above = _strictly(columns, left, right), _strictly(columns, right, left)
    known = columns.all((is_known(columns, left), is_known(columns, right)))
    apart = columns.any((columns.holds(below), columns.holds(above)))
    same = columns.if_(known, columns.true, columns.null(Sort.TRUTH))
    return columns.if_(apart, columns.false, same)


def _is_sure(value: Value) -> bool:
    """Whether a number or day is known in every row."""
    if isinstance(value, Number):
        return is_point(value)
    return isinstance(value, Day) and value.lo is value.hi and value.lo.sure


def _strictly(columns: Columns, left: Value, right: Value) -> Column:
    """Return whether all of one range lies below another; NULL without the ends for it."""
    return _ends_in_order(columns, left, right, strict=True, outer=True)


def _ends_in_order(
    columns: Columns, left: Value, right: Value, *, strict: bool, outer: bool
) -> Column:
    """Compare the far ends (``outer``: the highest of left, the lowest of right) or the near."""
    if isinstance(left, Number) and isinstance(right, Number):
        ratios = (left.hi, right.lo) if outer else (left.lo, right.hi)
        return (rational.lt if strict else rational.le)(columns, *ratios)
    if isinstance(left, Day) and isinstance(right, Day):
        days = (left.hi, right.lo) if outer else (left.lo, right.hi)
        return (columns.lt if strict else columns.le)(*days)
    raise InternalError(f"no order between {left} and {right}")


def _below(columns: Columns, left: Value, right: Value, *, strict: bool) -> Column:
    """Return ``left < right``, or ``<=``: by the far ends, else refused by the near ones."""
    yes = _ends_in_order(columns, left, right, strict=strict, outer=True)
    if _is_sure(left) and _is_sure(right):
        return yes
    maybe = _ends_in_order(columns, left, right, strict=strict, outer=False)
    null = columns.null(Sort.TRUTH)
    rest = columns.if_(columns.fails(maybe), columns.false, null)
    return columns.if_(columns.holds(yes), columns.true, rest)


def _words(value: Word) -> frozenset[str] | None:
    if value.v.op is Op.LITERAL and value.v.value is not None:
        return frozenset({str(value.v.value)})
    return value.options


def in_words(columns: Columns, of: Word, options: Sequence[str]) -> Truth:
    """Say whether a word is one of some."""
    v = columns.in_(of.v, options)
    if of.options is not None and not of.v.sure and of.options.issubset(options):
        v = columns.true
    elif of.options is not None and of.options.isdisjoint(options):
        v = columns.false
    return _truth(columns, v, (of,))


# ── arithmetic ───────────────────────────────────────────────────────────────


def _ranged(columns: Columns, lo: Ratio, hi: Ratio, of: Sequence[Number]) -> Number:
    """Return a range that waits for what ``of`` wait for while it is no point."""
    waits, hard = union(columns, [each.waits for each in of]), hard_of(columns, of)
    if all(is_point(each) for each in of):
        return number(columns, lo, hi, waits, hard)
    free = columns.not_(is_known(columns, number(columns, lo, hi, waits, hard)))
    opened = columns.all((free, columns.any([each.open for each in of])))
    mixed = columns.all((opened, columns.any([each.mixed for each in of])))
    return Number(lo, hi, while_(columns, free, waits), hard, opened, mixed)


def add(columns: Columns, of: Sequence[Number]) -> Number:
    """Return the sum; ranges add end by end."""
    lo = hi = rational.fixed(columns, 0)
    for each in of:
        lo = rational.add(columns, lo, each.lo)
        hi = lo if is_point(each) and lo == hi else rational.add(columns, hi, each.hi)
    if all(is_point(each) for each in of):
        hi = lo
    return _ranged(columns, lo, hi, of)


def neg(columns: Columns, of: Number) -> Number:
    """Return the number with its sign changed."""
    lo = rational.neg(columns, of.hi)
    hi = lo if of.lo == of.hi else rational.neg(columns, of.lo)
    return Number(lo, hi, of.waits, of.hard, of.open, of.mixed)


def mul(columns: Columns, left: Number, right: Number) -> Number:
    """Return the product; a known zero settles it."""
    if is_point(left) and is_point(right):
        both = rational.mul(columns, left.lo, right.lo)
        return _ranged(columns, both, both, (left, right))
    lo = rational.mul(columns, left.lo, right.lo)
    hi = rational.mul(columns, left.hi, right.hi)
    zero = columns.any([is_nothing(columns, each) for each in (left, right)])
    hi = rational.choose(columns, zero, rational.fixed(columns, 0), hi)
    found = _ranged(columns, lo, hi, (left, right))
    if left.lo.never_negative and right.lo.never_negative and left.lo.sure and right.lo.sure:
        return found
    return _hard_unless_known(columns, found, (left, right))


def _hard_unless_known(columns: Columns, found: Number, of: Sequence[Number]) -> Number:
    known = columns.all([is_known(columns, each) for each in of])
    hard = columns.any((found.hard, columns.not_(known)))
    return Number(found.lo, found.hi, found.waits, hard, found.open, found.mixed)


def div(columns: Columns, left: Number, right: Number) -> Number:
    """Return the quotient; a divisor that is zero is for the engine, which finds it."""
    zero = columns.literal(0)
    if is_point(right):
        fault = columns.not_(columns.holds(columns.lt(zero, right.lo.num)))
        inverse = rational.inverse(columns, right.lo)
        found = mul(columns, left, number(columns, inverse, inverse, right.waits, right.hard))
        hard = columns.any((found.hard, fault))
        return Number(found.lo, found.hi, found.waits, hard, found.open, found.mixed)
    positive = columns.holds(columns.lt(zero, right.lo.num))
    none = rational.unbounded(columns)
    nothing = rational.fixed(columns, 0)
    endless = columns.is_null(right.hi.num)
    lowest = rational.choose(columns, endless, nothing, rational.inverse(columns, right.hi))
    lo = rational.choose(columns, positive, rational.mul(columns, left.lo, lowest), none)
    highest = rational.mul(columns, left.hi, rational.inverse(columns, right.lo))
    hi = rational.choose(columns, positive, highest, none)
    found = _ranged(columns, lo, hi, (left, right))
    known = columns.all([is_known(columns, each) for each in (left, right)])
    odd = columns.all((is_known(columns, right), columns.not_(positive)))
    below = columns.holds(columns.lt(left.lo.num, zero))
    below = columns.false if left.lo.never_negative else below
    if not left.lo.sure:
        below = columns.any((below, columns.is_null(left.lo.num)))
    signed = columns.all((below, columns.not_(known)))
    hard = columns.any((found.hard, odd, signed))
    return Number(found.lo, found.hi, found.waits, hard, found.open, found.mixed)


def extreme(columns: Columns, of: Sequence[Number], *, smallest: bool) -> Number:
    """Return the smallest or largest number; operands that can never be it drop out."""
    if len(of) == 1:
        return of[0]
    best = rational.least if smallest else rational.greatest
    if all(is_point(each) for each in of):
        point = best(columns, [each.lo for each in of])
        return _ranged(columns, point, point, of)
    near = [each.lo if smallest else each.hi for each in of]
    far = [each.hi if smallest else each.lo for each in of]
    limit = best(columns, far)
    reach = best(columns, near)
    boundless = columns.any([columns.is_null(end.num) for end in near])
    reach = rational.choose(columns, boundless, rational.unbounded(columns), reach)
    lo, hi = (reach, limit) if smallest else (limit, reach)
    free = columns.not_(is_known(columns, number(columns, lo, hi, of[0].waits, columns.false)))
    matter = _matter(columns, near, far, limit, smallest=smallest)
    waits = [while_(columns, each, value.waits) for each, value in zip(matter, of, strict=True)]
    opened = [columns.all((each, value.open)) for each, value in zip(matter, of, strict=True)]
    mixed = [columns.all((each, value.mixed)) for each, value in zip(matter, of, strict=True)]
    any_open = columns.all((free, columns.any(opened)))
    return Number(
        lo,
        hi,
        while_(columns, free, union(columns, waits)),
        hard_of(columns, of),
        any_open,
        columns.all((any_open, columns.any(mixed))),
    )


def _matter(
    columns: Columns, near: Sequence[Ratio], far: Sequence[Ratio], limit: Ratio, *, smallest: bool
) -> list[Column]:
    """Say of each operand whether it can be the extreme: it reaches beyond the limit, or is it."""
    endless = columns.is_null(limit.num)
    before = columns.false
    out = []
    for reach, end in zip(near, far, strict=True):
        is_limit = columns.holds(rational.eq(columns, end, limit))
        holder = columns.all((is_limit, columns.not_(before)))
        before = columns.any((before, is_limit))
        pair = (reach, limit) if smallest else (limit, reach)
        beyond = columns.holds(rational.lt(columns, *pair))
        out.append(columns.any((endless, holder, columns.is_null(reach.num), beyond)))
    return out


def rounded(columns: Columns, of: Number, quantum: Ratio, mode: Mode) -> Number:
    """Return the number as a multiple of a quantum."""
    lo = _to_quantum(columns, of.lo, quantum, mode)
    hi = lo if of.lo == of.hi else _to_quantum(columns, of.hi, quantum, mode)
    return _ranged(columns, lo, hi, (of,))


def _to_quantum(columns: Columns, of: Ratio, quantum: Ratio, mode: Mode) -> Ratio:
    top = columns.mul(columns.abs(of.num), quantum.den)
    step = columns.mul(of.den, quantum.num)
    if step.span == (1, 1):
        return Ratio(of.num, columns.literal(1))
    two, one = columns.literal(2), columns.literal(1)
    if step.span is None or step.span[0] < 1:
        raise InternalError(f"a quantum that is not positive: {quantum}")
    match mode:
        case Mode.DOWN:
            count = columns.quotient(top, step)
        case Mode.UP:
            count = columns.quotient(columns.add(top, columns.sub(step, one)), step)
        case Mode.HALF_UP:
            count = _half_up(columns, top, step)
        case Mode.HALF_EVEN:
            count = _half_up(columns, top, step)
            exact = columns.eq(
                columns.mul(columns.sub(columns.mul(two, count), one), step), columns.mul(two, top)
            )
            odd = columns.lt(columns.mul(two, columns.quotient(count, two)), count)
            down = columns.holds(columns.all((exact, odd)))
            count = columns.sub(count, columns.if_(down, one, columns.literal(0)))
    if not of.never_negative:
        below = columns.holds(columns.lt(of.num, columns.literal(0)))
        count = columns.if_(below, columns.neg(count), count)
    return Ratio(columns.mul(count, quantum.num), quantum.den)


def _half_up(columns: Columns, top: Column, step: Column) -> Column:
    """Return ``(2 top + step) / (2 step)``, or with half of a step that is an even constant."""
    two = columns.literal(2)
    if step.op is Op.LITERAL and int(str(step.value)) % 2 == 0:
        return columns.quotient(columns.add(top, columns.literal(int(str(step.value)) // 2)), step)
    return columns.quotient(columns.add(columns.mul(two, top), step), columns.mul(two, step))


def up_to(columns: Columns, low: Number, high: Number) -> Number:
    """Return a ceiling: open between ``low``, or the ceiling where that is less, and ``high``."""
    nothing = rational.fixed(columns, 0)
    zero = columns.literal(0)
    ends = [Ratio(columns.coalesce((each.lo.num, zero)), each.lo.den) for each in (low, high)]
    lo = rational.greatest(columns, (nothing, rational.least(columns, ends)))
    met = columns.holds(rational.le(columns, high.hi, lo))
    point = rational.greatest(columns, (nothing, high.hi))
    lo = rational.choose(columns, met, point, lo)
    hi = rational.choose(columns, met, point, high.hi)
    waits = while_(columns, columns.not_(met), union(columns, (low.waits, high.waits)))
    hard = hard_of(columns, (low, high))
    return Number(lo, hi, waits, hard, columns.not_(met), columns.false)


# ── dates ────────────────────────────────────────────────────────────────────

FIRST, LAST = date.min, date.max


def _day_ends(columns: Columns, of: Day) -> tuple[Column, Column]:
    """Return both ends, those of the calendar where nothing is known."""
    lo = columns.coalesce((of.lo, columns.literal(FIRST)))
    return lo, lo if of.lo is of.hi and of.lo.sure else columns.coalesce(
        (of.hi, columns.literal(LAST))
    )


def _of_days(
    columns: Columns, of: Sequence[Day], ends: Sequence[Column], hard: Sequence[Column] = ()
) -> Number:
    one = columns.literal(1)
    lo, hi = (Ratio(end, one) for end in ends)
    found = number(
        columns, lo, hi, union(columns, [x.waits for x in of]), columns.any([x.hard for x in of])
    )
    free = columns.not_(is_known(columns, found))
    waits = while_(columns, free, found.waits)
    return number(columns, lo, hi, waits, columns.any((found.hard, *hard)))


def year_of(columns: Columns, of: Day) -> Number:
    """Return the calendar year."""
    ends = [part_of_day(columns, Op.YEAR, end) for end in _day_ends(columns, of)]
    return _of_days(columns, (of,), ends)


def part_of_day(columns: Columns, op: Op, of: Column) -> Column:
    """Return the year, month or day of the month of a day."""
    if of.op is Op.LITERAL and isinstance(of.value, date):
        at = {Op.YEAR: of.value.year, Op.MONTH: of.value.month, Op.DAY_OF_MONTH: of.value.day}
        return columns.literal(at[op])
    span = {Op.YEAR: (1, 20_000), Op.MONTH: (1, 12), Op.DAY_OF_MONTH: (1, 31)}[op]
    return columns.of_days(op, (of,), Sort.WHOLE, span)


def between(
    columns: Columns, a: Day, b: Day, count: Callable[[Columns, Column, Column], Column]
) -> Number:
    """Return days, months or years from ``a`` to ``b``: falls with ``a``, rises with ``b``."""
    (alo, ahi), (blo, bhi) = _day_ends(columns, a), _day_ends(columns, b)
    lo = count(columns, ahi, blo)
    hi = lo if alo is ahi and blo is bhi else count(columns, alo, bhi)
    return _of_days(columns, (a, b), (lo, hi))


def days(columns: Columns, a: Column, b: Column) -> Column:
    """Return the days from one day to another."""
    return columns.of_days(Op.DAYS_FROM, (a, b), Sort.WHOLE, (-4_000_000, 4_000_000))


def months(columns: Columns, a: Column, b: Column) -> Column:
    """Return completed months; negative if ``b`` is earlier (``values.calendar``)."""
    late = columns.holds(columns.lt(b, a))
    return columns.if_(late, columns.neg(_months_up(columns, b, a)), _months_up(columns, a, b))


def _months_up(columns: Columns, a: Column, b: Column) -> Column:
    twelve, one = columns.literal(12), columns.literal(1)

    def part(op: Op, of: Column) -> Column:
        return part_of_day(columns, op, of)

    whole = columns.add(
        columns.mul(columns.sub(part(Op.YEAR, b), part(Op.YEAR, a)), twelve),
        columns.sub(part(Op.MONTH, b), part(Op.MONTH, a)),
    )
    next_day = columns.of_days(Op.ADD_DAYS, (b, one), Sort.DAY)
    ends_month = columns.eq(part(Op.DAY_OF_MONTH, next_day), one)
    later = columns.lt(part(Op.DAY_OF_MONTH, b), part(Op.DAY_OF_MONTH, a))
    short = columns.holds(columns.all((later, columns.not_(ends_month))))
    return columns.sub(whole, columns.if_(short, one, columns.literal(0)))


def years(columns: Columns, a: Column, b: Column) -> Column:
    """Return completed years: twelve completed months each."""
    found = months(columns, a, b)
    whole = columns.quotient(columns.abs(found), columns.literal(12))
    below = columns.holds(columns.lt(found, columns.literal(0)))
    return columns.if_(below, columns.neg(whole), whole)
