"""Folds as columns: over the items of a list, over years, over past payments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.lowering import meaning, rational
from incentives.batch.lowering.facts import constant
from incentives.batch.lowering.part import RefusedError, gather
from incentives.batch.lowering.rational import Ratio
from incentives.batch.lowering.value import (
    Number,
    Truth,
    Value,
    Waits,
    among,
    is_known,
    is_nothing,
    number,
    numbers_among,
    union,
    while_,
)
from incentives.language import core
from incentives.language.core import CompareOp, Fold, Per
from incentives.language.names import APPLICANT, RECEIVED

if TYPE_CHECKING:
    from incentives.batch.lowering.expression import Expressions, Frame

MOST_YEARS = 100


def over(lower: Expressions, node: core.Over, frame: Frame) -> Value:
    """Lower a fold."""
    if isinstance(node.source, core.Years):
        return _years(lower, node, node.source, frame)
    entity = node.source.entity
    stated = lower.tables.is_stated(entity)
    found: list[tuple[Column, Value]] = []
    if stated is not lower.columns.false:
        found.append((stated, _items(lower, node, entity, frame)))
    if stated is not lower.columns.true:
        found.append((lower.columns.not_(stated), _unknown(lower, node, entity, frame)))
    return among(lower.columns, found)


def _items(lower: Expressions, node: core.Over, entity: str, frame: Frame) -> Value:
    row = lower.tables.item(entity)
    outer = {name: rows for name, rows in frame.records.items() if rows.scope == APPLICANT}
    inner = replace(frame, records={**outer, node.name: row}, item=None)
    counts = None if node.where is None else lower.truth(node.where, inner)
    body = lower.lower(node.body, inner)
    return fold(lower, node.fold, entity, counts, body)


def fold(lower: Expressions, how: Fold, entity: str, counts: Truth | None, body: Value) -> Value:
    """Return what the items of a list come to, of which ``counts`` says whether each does."""
    columns = lower.columns
    sure = Truth(columns.true, Waits(), columns.false)
    chosen = counts or sure
    if how is Fold.SUM and isinstance(body, Number):
        nothing = lower.nothing()
        cannot = columns.not_(columns.holds(chosen.v))
        can = columns.not_(columns.fails(chosen.v))
        waits = while_(columns, columns.is_null(chosen.v), chosen.waits)
        pair = ((can, body), (cannot, nothing))
        each = numbers_among(columns, pair, (waits,), (chosen.hard,))
        return total(lower, entity, each)
    if not isinstance(body, Truth):
        raise RefusedError(f"{how} over a list", f"对清单取 {how}")
    if how is Fold.ALL:
        test = meaning.any_(columns, (meaning.not_(columns, chosen), body))
        return _settled_by(lower, entity, test, wanted=False)
    test = meaning.all_(columns, (chosen, body))
    if how is Fold.ANY:
        return _settled_by(lower, entity, test, wanted=True)
    if how is not Fold.COUNT:
        raise RefusedError(f"{how} over a list", f"对清单取 {how}")
    one, none = columns.literal(1), columns.literal(0)
    lo = Ratio(columns.if_(columns.holds(test.v), one, none), one)
    hi = lo if test.v.sure else Ratio(columns.if_(columns.fails(test.v), none, one), one)
    return total(lower, entity, number(columns, lo, hi, test.waits, test.hard))


def _settled_by(lower: Expressions, entity: str, test: Truth, *, wanted: bool) -> Truth:
    """Return ANY (``wanted`` true) or ALL (false): settled by one item, else open by one."""
    columns = lower.columns
    one = columns.holds(test.v) if wanted else columns.fails(test.v)
    found = columns.fold(Op.ANY, one, entity)
    v = columns.literal(not wanted)
    if not test.v.sure:
        open_ = columns.fold(Op.ANY, columns.is_null(test.v), entity)
        v = columns.if_(open_, columns.null(Sort.TRUTH), v)
    v = columns.if_(found, columns.literal(wanted), v)
    waits = while_(columns, columns.is_null(v), gather(columns, test.waits, entity))
    return Truth(v, waits, columns.fold(Op.ANY, test.hard, entity))


def total(lower: Expressions, entity: str, each: Number) -> Number:
    """Return the sum over a firm's items."""
    columns = lower.columns
    longest = max(1, lower.tables.staged.lists[entity].longest)
    ends = [_summed(lower, entity, each.lo, longest)]
    ends.append(ends[0] if each.lo == each.hi else _summed(lower, entity, each.hi, longest))
    waits = gather(columns, each.waits, entity)
    hard = columns.fold(Op.ANY, each.hard, entity)
    found = number(columns, ends[0], ends[1], waits, hard)
    free = columns.not_(is_known(columns, found))
    opened = columns.all((free, columns.fold(Op.ANY, each.open, entity)))
    settled = columns.all((columns.not_(each.open), columns.not_(is_nothing(columns, each))))
    mixed = columns.any(
        (columns.fold(Op.ANY, each.mixed, entity), columns.fold(Op.ANY, settled, entity))
    )
    return Number(
        ends[0], ends[1], while_(columns, free, waits), hard, opened, columns.all((opened, mixed))
    )


def _summed(lower: Expressions, entity: str, end: Ratio, longest: int) -> Ratio:
    columns = lower.columns
    if end.den.op is not Op.LITERAL:
        raise RefusedError(
            "a sum of quotients whose divisors differ by row", "除数逐行不同的商的合计"
        )
    if end.num.span is None:
        none = columns.literal(0)
        some = columns.fold(Op.ANY, columns.true, entity)
        return Ratio(columns.if_(some, columns.null(Sort.WHOLE), none), end.den)
    low, high = end.num.span
    span = (min(0, low * longest), max(0, high * longest))
    found = columns.fold(Op.SUM, columns.coalesce((end.num, columns.literal(0))), entity, span)
    if end.num.sure:
        return Ratio(found, end.den)
    endless = columns.fold(Op.ANY, columns.is_null(end.num), entity)
    return Ratio(columns.if_(endless, columns.null(Sort.WHOLE), found), end.den)


def _unknown(lower: Expressions, node: core.Over, entity: str, frame: Frame) -> Value:
    """Return everything that a list nobody knows could come to."""
    columns = lower.columns
    inner = replace(frame, records={**frame.records, node.name: lower.tables.any_item(entity)})
    chosen = None if node.where is None else lower.truth(node.where, inner)
    body = lower.lower(node.body, inner)
    list_ = Waits({entity: columns.true})
    waits = union(columns, [body.waits, list_, *([chosen.waits] if chosen else [])])
    hard = columns.any([body.hard, *([chosen.hard] if chosen else [])])
    never = columns.false if chosen is None else columns.fails(chosen.v)
    if isinstance(body, Truth):
        settles = columns.fails(body.v) if node.fold is not Fold.ALL else columns.holds(body.v)
        settled = columns.any((never, settles))
        if node.fold is Fold.COUNT:
            return _none_or_more(lower, settled, settled, waits, hard)
        v = columns.if_(settled, columns.literal(node.fold is Fold.ALL), columns.null(Sort.TRUTH))
        return Truth(v, while_(columns, columns.is_null(v), waits), hard)
    if node.fold is not Fold.SUM or not isinstance(body, Number):
        raise RefusedError(f"{node.fold} over an unknown list", f"对未知清单取 {node.fold}")
    zero = columns.literal(0)
    no_more = columns.any((never, columns.holds(columns.le(body.hi.num, zero))))
    no_less = columns.any((never, columns.holds(columns.le(zero, body.lo.num))))
    return _none_or_more(lower, no_more, no_less, waits, hard, signed=True)


def _none_or_more(
    lower: Expressions,
    no_more: Column,
    no_less: Column,
    waits: Waits,
    hard: Column,
    *,
    signed: bool = False,
) -> Number:
    columns = lower.columns
    nothing, none = rational.fixed(columns, 0), rational.unbounded(columns)
    lo = rational.choose(columns, no_less, nothing, none) if signed else nothing
    hi = rational.choose(columns, no_more, nothing, none)
    free = columns.not_(is_known(columns, number(columns, lo, hi, waits, hard)))
    return number(columns, lo, hi, while_(columns, free, waits), hard)


# ── years ────────────────────────────────────────────────────────────────────


def _years(lower: Expressions, node: core.Over, source: core.Years, frame: Frame) -> Value:
    """Lower a span of years: the sum from each year that it can start in, and the hull."""
    columns = lower.columns
    start, stop = lower.number(source.start, frame), lower.number(source.stop, frame)
    last = stop.lo.literal
    if node.fold is not Fold.SUM or last is None or stop.lo != stop.hi or start.lo.num.span is None:
        raise RefusedError("a span of years whose end differs by row", "终止年份逐行不同的年份区间")
    end = int(last)
    first = min(start.lo.num.span[0], end)
    if end - first > MOST_YEARS:
        raise RefusedError("a span of more than a hundred years", "超过一百年的年份区间")
    sums: list[Number] = [lower.nothing()]
    for year in range(end - 1, first - 1, -1):
        inner = replace(frame, years={**frame.years, node.name: year})
        sums.append(meaning.add(columns, (lower.number(node.body, inner), sums[-1])))
    alternatives: list[tuple[Column, Value]] = []
    for at, value in enumerate(sums):
        from_year = columns.literal(end - at)
        after = columns.holds(columns.lt(from_year, start.lo.num))
        before = columns.holds(columns.lt(start.hi.num, from_year))
        if at == 0:  # from there on the span is empty
            after = columns.false
        alternatives.append((columns.not_(columns.any((after, before))), value))
    unknown = columns.not_(is_known(columns, start))
    waits = while_(columns, unknown, start.waits)
    endless = columns.is_null(start.lo.num)
    return among(columns, alternatives, (waits,), (start.hard, stop.hard, endless))


# ── the past ─────────────────────────────────────────────────────────────────


def past_is_known(lower: Expressions) -> Column:
    """Say of a firm whether its past payments are known, or assumed to be none."""
    return lower.columns.true if lower.no_history else lower.tables.is_stated(RECEIVED)


def paid_before(lower: Expressions, incentive: str) -> Column:
    """Say of a firm whether some past payment is, or may be, of an incentive."""
    if lower.tables.table(RECEIVED) is None:
        return lower.columns.false
    rows = lower.tables.item(RECEIVED)
    name = rows.fact("incentive", None)
    same = meaning.compare(lower.columns, CompareOp.EQ, name, constant(lower.columns, incentive))
    may_be = lower.columns.not_(lower.columns.fails(same.v))
    return lower.columns.fold(Op.ANY, may_be, RECEIVED)


def received(lower: Expressions, node: core.ReceivedOf, frame: Frame) -> Value:
    """Lower what was already paid, or whether anything was."""
    columns = lower.columns
    known = past_is_known(lower)
    waits = Waits({RECEIVED: columns.not_(known)} if known is not columns.true else {})
    found: list[tuple[Column, Value]] = []
    if lower.tables.table(RECEIVED) is not None:
        found.append((known, _payments(lower, node, frame)))
    elif known is not columns.false:
        found.append((known, constant(columns, False if node.exists else 0)))
    if known is not columns.true:
        unknown: Value
        if node.exists:
            unknown = Truth(columns.null(Sort.TRUTH), waits, columns.false)
        else:
            none = rational.unbounded(columns)
            unknown = number(columns, rational.fixed(columns, 0), none, waits, columns.false)
        found.append((columns.not_(known), unknown))
    return among(columns, found)


def _payments(lower: Expressions, node: core.ReceivedOf, frame: Frame) -> Value:
    columns = lower.columns
    rows = lower.tables.item(RECEIVED)
    tests = [_same(lower, rows.fact("incentive", None), node.incentive)]
    hard = columns.false
    if node.per is Per.YEAR:
        tests.append(_same(lower, rows.fact("year", None), lower.on.year))
    if node.per is Per.ITEM and frame.item is not None:
        # Which item a payment was for joins two lists: rare, and the engine's.
        hard = paid_before(lower, node.incentive)
    counts = meaning.all_(columns, tests)
    if node.exists:
        found: Value = fold(lower, Fold.ANY, RECEIVED, None, counts)
    else:
        found = fold(lower, Fold.SUM, RECEIVED, counts, rows.fact("amount", None))
    return replace(found, hard=columns.any((found.hard, hard)))


def _same(lower: Expressions, value: Value, other: str | int) -> Truth:
    return meaning.compare(lower.columns, CompareOp.EQ, value, constant(lower.columns, other))
