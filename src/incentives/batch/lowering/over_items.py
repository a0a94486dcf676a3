"""From items to one decision: ``engine.items`` written sideways.

The laws of the engine stand: a sum of ranges, one payment for each value, caps per
value and year. Where an item's value, date or past payments are not known, caps make
the items depend on each other, and the single engine decides the row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.lowering import meaning, rational
from incentives.batch.lowering.decide import (
    Head,
    chosen,
    doubted,
    either,
    head,
    lasting,
    part,
    reach,
)
from incentives.batch.lowering.expression import Frame
from incentives.batch.lowering.folds import paid_before, past_is_known, total
from incentives.batch.lowering.part import Decided, Part, RefusedError, gather
from incentives.batch.lowering.rational import Ratio
from incentives.batch.lowering.value import (
    NOTHING,
    Day,
    Number,
    Truth,
    Value,
    Waits,
    is_known,
    is_nothing,
    is_point,
    number,
    numbers_among,
    union,
    while_,
)
from incentives.diagnostics import InternalError
from incentives.language.core import Per
from incentives.language.names import AS_OF, RECEIVED
from incentives.language.walk import walk
from incentives.rulebook.model import Keep, Total, Version
from incentives.values.calendar import end_of, start_of
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.batch.graph import Columns
    from incentives.batch.lowering.expression import Expressions
    from incentives.rulebook.model import Incentive


def decide_items(
    lower: Expressions,
    owner: Incentive,
    versions: Sequence[Version],
    replaced: Truth,
    *,
    dated_by_item: bool,
) -> Decided:
    """Decide an incentive item by item."""
    columns, entity = lower.columns, versions[0].each or ""
    if len(versions) > 1 and any(each.totals or each.distinct for each in versions):
        raise RefusedError("caps over items that change by date", "按日期变化的条目合计上限")
    firm = Frame(lower.tables.single())
    heads = {id(v): head(lower, owner, v, replaced, firm) for v in (*versions, None)}
    stated = lower.tables.is_stated(entity)
    alternatives: list[tuple[Column, Part]] = []
    rows: Part | None = None
    paid: Number | None = None
    if stated is not columns.false:
        frame = Frame({**firm.records, entity: lower.tables.item(entity)}, item=entity)
        rows, day = _one(lower, owner, versions, heads, frame)
        summed, paid = _sum_up(lower, owner, versions[0], rows, day, entity)
        some = columns.all((stated, columns.fold(Op.ANY, columns.true, entity)))
        none = columns.all((stated, columns.not_(some)))
        alternatives.append((some, summed))
        alternatives.append((none, _empty(lower, owner, versions, heads, dated_by_item)))
    if stated is not columns.true:
        unknown = _unknown(lower, owner, versions, heads, firm)
        alternatives.append((columns.not_(stated), unknown))
    whole = doubted(lower, chosen(lower, alternatives), replaced)
    rows = None if rows is None else doubted(lower, rows, replaced)
    return Decided(whole, entity, rows, paid)


Heads = dict[int, Head]


def _one(
    lower: Expressions, owner: Incentive, versions: Sequence[Version], heads: Heads, frame: Frame
) -> tuple[Part, Day]:
    """Decide an item under the versions that its date can select."""
    day = day_of(lower, versions[0], frame)
    reached, hard = reach(lower, versions, day)
    parts = [(can, part(lower, owner, heads[id(v)], frame)) for can, v in reached]
    return either(lower, parts, day, hard), day


def day_of(lower: Expressions, version: Version, frame: Frame) -> Day:
    """Return the date that selects a version."""
    if version.dated_by is not None:
        return lower.day(version.dated_by, frame)
    on = lower.columns.literal(lower.on)
    return Day(on, on, NOTHING, lower.columns.false)


def _empty(
    lower: Expressions,
    owner: Incentive,
    versions: Sequence[Version],
    heads: Heads,
    dated_by_item: bool,
) -> Part:
    """Decide while there are no items, and so no item's date that selects a version."""
    columns = lower.columns
    firm = Frame(lower.tables.single())
    if dated_by_item or versions[0].dated_by is None:
        now = next((each for each in versions if each.period.holds(lower.on)), None)
        if dated_by_item and now is None:
            now = versions[-1]
        reached, hard = [(columns.true, now)], columns.false
        day = Day(columns.literal(lower.on), columns.literal(lower.on), NOTHING, columns.false)
    else:
        day = day_of(lower, versions[0], firm)
        reached, hard = reach(lower, versions, day)
    parts = []
    for can, version in reached:
        one = part(lower, owner, heads[id(version)], firm, of_item=False)
        applies = columns.not_(one.na)
        items = columns.words(((columns.true, columns.literal("items")),))
        failed = columns.if_(applies, columns.joined((one.failed, items)), columns.words(()))
        never = columns.false
        zero = None if one.value is None else lower.nothing()
        empty = Part(one.na, applies, never, one.reason, failed, NOTHING, zero, one.hard, True)
        parts.append((can, empty))
    return either(lower, parts, day, hard)


def _unknown(
    lower: Expressions, owner: Incentive, versions: Sequence[Version], heads: Heads, firm: Frame
) -> Part:
    """Decide while nothing is known about the list: what holds for any item is settled."""
    columns, entity = lower.columns, versions[0].each or ""
    anything = lower.tables.any_item(entity)
    frame = replace(firm, records={**firm.records, entity: anything}, item=entity, any_item=True)
    one, day = _one(lower, owner, versions, heads, frame)
    live = one.live(columns)
    waits = Waits({entity: columns.true})
    missing = while_(columns, live, union(columns, (one.waits(columns), waits)))
    value = one.value
    if value is not None:
        value = _of_unknown(lower, versions[0], value, day, waits)
    return replace(one, elig=columns.false, missing=missing, value=value, sure=False)


def _of_unknown(
    lower: Expressions, version: Version, one: Number, day: Day, waits: Waits
) -> Number:
    """Return what any number of items come to."""
    columns = lower.columns
    nothing, none = rational.fixed(columns, 0), rational.unbounded(columns)
    zero = is_nothing(columns, one)
    high = rational.choose(columns, zero, nothing, none)
    hard = one.hard
    for cap in version.totals:
        if cap.by is not None or (cap.per is Per.YEAR and not _is_static(day)):
            continue
        figure = _figure(lower, version, cap)
        hard = columns.any((hard, figure.hard))
        high = rational.least(columns, (high, figure.hi))
        high = rational.choose(columns, zero, nothing, high)
    free = columns.not_(is_nothing(columns, number(columns, nothing, high, NOTHING, hard)))
    found = while_(columns, free, union(columns, (one.waits, waits)))
    opened = columns.all((free, one.open))
    return Number(nothing, high, found, hard, opened, columns.all((opened, one.mixed)))


def _is_static(day: Day) -> bool:
    return day.lo is day.hi and day.lo.op is Op.LITERAL and day.lo.value is not None


# ── the sum ──────────────────────────────────────────────────────────────────


def _sum_up(
    lower: Expressions, owner: Incentive, version: Version, rows: Part, day: Day, entity: str
) -> tuple[Part, Number | None]:
    """Combine the items: eligible if any is, ineligible if all are; and what they come to."""
    columns = lower.columns

    def some(truth: Column) -> Column:
        return columns.fold(Op.ANY, truth, entity)

    live = columns.not_(rows.na)
    any_live, elig = some(live), some(rows.elig)
    stands = some(rows.live(columns))
    na = columns.not_(any_live)
    inel = columns.all((any_live, columns.not_(stands)))
    reasons = [
        (some(columns.all((rows.na, _is(lower, rows.reason, name)))), columns.literal(name))
        for name in _reasons(rows.reason)
    ]
    failed = columns.if_(inel, _failed(lower, rows.failed, entity), columns.words(()))
    open_missing = gather(columns, rows.missing, entity)
    value, paid, hard = None, None, some(rows.hard)
    if rows.value is not None:
        award = rows.award(columns)
        value, paid = _pay(lower, owner, version, rows, award, day, entity)
        hard = columns.any((hard, some(award.hard)))
        open_ = columns.not_(columns.any((na, inel, elig)))
        item_waits = gather(columns, rows.waits(columns), entity)
        missing = while_(columns, open_, union(columns, (open_missing, item_waits)))
    else:
        missing = while_(columns, stands, gather(columns, rows.waits(columns), entity))
    reason = lasting(lower, reasons)
    whole = Part(na, inel, elig, reason, failed, missing, value, hard, rows.sure)
    return whole, paid


def _failed(lower: Expressions, of: Column, entity: str) -> Column:
    """Return the ids of the conditions that failed for some item, each where it did so first."""
    columns = lower.columns
    pairs = _pairs(columns, of)
    at = columns.read(entity, "at", Sort.WHOLE, sure=True, span=(0, _longest(lower, entity) - 1))
    some = columns.fold(Op.ANY, columns.true, entity)
    null = columns.null(Sort.WHOLE)
    ranks: dict[Column, Column] = {}
    first: dict[Column, Column] = {}
    for place, (truth, word) in enumerate(pairs):
        number = columns.literal(place)
        if truth.scope == entity:
            each = columns.add(columns.mul(at, columns.literal(len(pairs))), number)
            ranks[word] = columns.if_(truth, each, ranks.get(word, null))
        else:  # what failed for the firm did so for its first item
            rank = columns.if_(columns.all((truth, some)), number, null)
            first[word] = columns.coalesce((first.get(word, null), rank))
    found = []
    for word in dict.fromkeys(word for _, word in pairs):
        rank = ranks.get(word, null)
        lowest = columns.fold(Op.SMALLEST, rank, entity, rank.span)
        found.append((columns.least((first.get(word, null), lowest)), word))
    return columns.ranked(found)


def _pairs(columns: Columns, of: Column) -> list[tuple[Column, Column]]:
    """Return a list of constant words as the words with a truth each."""
    match of.op:
        case Op.WORDS:
            return list(zip(of.args[::2], of.args[1::2], strict=True))
        case Op.IF:
            test, then, otherwise = of.args
            return [
                (columns.all((truth, each)), word)
                for truth, branch in ((test, then), (columns.not_(test), otherwise))
                for each, word in _pairs(columns, branch)
            ]
        case _:
            raise InternalError(f"failed conditions as {of.op}")


def _is(lower: Expressions, reason: Column, name: str) -> Column:
    return lower.columns.holds(lower.columns.eq(reason, lower.columns.literal(name)))


def _reasons(reason: Column) -> list[str]:
    """Return every word that a column of reasons can hold."""
    found: dict[str, None] = {}
    waiting = [reason]
    while waiting:
        each = waiting.pop()
        if each.op is Op.LITERAL and isinstance(each.value, str):
            found[each.value] = None
        elif each.op is Op.IF:
            waiting += each.args[1:]
    return list(found)


def _pay(
    lower: Expressions,
    owner: Incentive,
    version: Version,
    rows: Part,
    award: Number,
    day: Day,
    entity: str,
) -> tuple[Number, Number | None]:
    """Return the sum after one item per value and the caps over items; and what each is paid."""
    columns = lower.columns
    live = rows.live(columns)
    if version.distinct is None and not version.totals:
        return total(lower, entity, award), award
    frame = Frame({**lower.tables.single(), entity: lower.tables.item(entity)}, item=entity)
    if version.distinct is not None:
        award = _one_per_value(lower, version, award, live, frame, entity)
    for cap in version.totals[1:]:
        raise RefusedError(
            f"two caps over items ({cap.clause})", f"两个条目合计上限（{cap.clause}）"
        )
    for cap in version.totals:
        award = _capped(lower, owner, version, cap, award, live, day, frame, entity)
    return total(lower, entity, award), None


def _labelled(lower: Expressions, value: Value) -> tuple[Column, Column]:
    """Return what tells a value from others, and where it is not known."""
    columns = lower.columns
    unknown = columns.not_(is_known(columns, value))
    match value:
        case Number():
            if value.lo.den.op is not Op.LITERAL:
                raise RefusedError("a quotient as a label", "以商作为标识")
            return value.lo.num, unknown
        case Day():
            return value.lo, unknown
        case _:
            return value.v, unknown


def _longest(lower: Expressions, entity: str) -> int:
    return max(1, lower.tables.staged.lists[entity].longest)


def _one_per_value(
    lower: Expressions,
    version: Version,
    award: Number,
    live: Column,
    frame: Frame,
    entity: str,
) -> Number:
    """Pay one item of those that agree in a value."""
    columns = lower.columns
    if version.distinct is None:
        return award
    label, unknown = _labelled(lower, lower.lower(version.distinct, frame))
    order = [live]
    hard = columns.all((live, unknown))
    if version.keep is Keep.LARGEST:
        if award.lo.den.op is not Op.LITERAL:
            raise RefusedError("amounts over several divisors", "除数不同的金额")
        order.append(columns.coalesce((award.lo.num, columns.literal(0))))
        if not is_point(award):
            known = is_known(columns, award)
            hard = columns.any((hard, columns.all((live, columns.not_(known)))))
    place = columns.window_place((live, label), order, _longest(lower, entity), scope=entity)
    first = columns.eq(place, columns.literal(1))
    kept = columns.all((live, first))
    pair = ((kept, award), (columns.not_(kept), lower.nothing()))
    return numbers_among(columns, pair, (), (hard,))


def _capped(
    lower: Expressions,
    owner: Incentive,
    version: Version,
    cap: Total,
    award: Number,
    live: Column,
    day: Day,
    frame: Frame,
    entity: str,
) -> Number:
    """Let the items of one value and year share a cap; the first of them bears the sum."""
    columns = lower.columns
    by: list[Column] = []
    hard = columns.false
    if cap.by is not None:
        label, unknown = _labelled(lower, lower.lower(cap.by, frame))
        by.append(label)
        hard = columns.all((live, unknown))
    if cap.per is Per.YEAR and not _is_static(day):
        year = meaning.year_of(columns, day)
        if _reads_day(cap):
            raise RefusedError("a cap whose figure changes by year", "上限数额按年度变化")
        by.append(year.lo.num)
        hard = columns.any((hard, columns.all((live, columns.not_(is_known(columns, year))))))
    room = what_is_left(lower, owner, version, cap)
    longest = _longest(lower, entity)
    ends = [_window(lower, entity, end, by, longest) for end in (award.lo, award.hi)]
    ends[1] = ends[0] if award.lo == award.hi and award.lo.sure else ends[1]
    together = number(columns, ends[0], ends[1], award.waits, columns.any((award.hard, hard)))
    together = replace(together, open=award.open, mixed=award.mixed)
    shared = meaning.extreme(columns, (together, room), smallest=True)
    place = columns.window_place(by, (), longest, scope=entity)
    first = columns.eq(place, columns.literal(1))
    nothing = rational.fixed(columns, 0)
    # Every item keeps what it waits for, the first of each bucket what the bucket is paid.
    return replace(
        shared,
        lo=rational.choose(columns, first, shared.lo, nothing),
        hi=rational.choose(columns, first, shared.hi, nothing),
    )


def _window(
    lower: Expressions, entity: str, end: Ratio, by: Sequence[Column], longest: int
) -> Ratio:
    columns = lower.columns
    if end.den.op is not Op.LITERAL:
        raise RefusedError("amounts over several divisors", "除数不同的金额")
    low, high = end.num.span or (0, 0)
    span = (min(0, low * longest), max(0, high * longest))
    zero = columns.literal(0)
    found = columns.window_sum(columns.coalesce((end.num, zero)), by, span, scope=entity)
    if end.num.sure:
        return Ratio(found, end.den)
    endless = columns.if_(columns.is_null(end.num), columns.literal(1), zero)
    boundless = columns.lt(zero, columns.window_sum(endless, by, (0, longest), scope=entity))
    return Ratio(columns.if_(boundless, columns.null(Sort.WHOLE), found), end.den)


def _reads_day(cap: Total) -> bool:
    """Whether a cap has figures by date."""
    return any(getattr(node, "name", None) == AS_OF for node in walk(cap.cap))


def _figure(lower: Expressions, version: Version, cap: Total) -> Number:
    """Return a cap in whole fen, as it reads on the day of assessment."""
    columns, day = lower.columns, lower.on
    if cap.per is Per.YEAR:
        day = min(max(day, start_of(day.year)), end_of(day.year))
    day = max(day, version.period.since or day)
    day = min(day, version.period.until or day)
    value = lower.number(cap.cap, Frame(lower.tables.single(), as_of=day))
    whole = meaning.rounded(columns, value, rational.fixed(columns, 1), Mode.DOWN)
    return meaning.extreme(columns, (lower.nothing(), whole), smallest=False)


def what_is_left(lower: Expressions, owner: Incentive, version: Version, cap: Total) -> Number:
    """Return what is left of a cap; with past payments of the incentive, only the engine can."""
    columns = lower.columns
    figure = _figure(lower, version, cap)
    if cap.per is None:
        return figure
    known = past_is_known(lower)
    past = paid_before(lower, owner.id)
    hard = columns.any((figure.hard, columns.all((known, past))))
    if known is columns.true:
        return replace(figure, hard=hard)
    nothing = rational.fixed(columns, 0)
    free = columns.not_(known)
    lo = rational.choose(columns, known, figure.lo, nothing)
    positive = columns.not_(is_nothing(columns, figure))
    waits = Waits({RECEIVED: columns.all((free, positive))})
    return Number(
        lo, figure.hi, union(columns, (figure.waits, waits)), hard, columns.false, columns.false
    )
