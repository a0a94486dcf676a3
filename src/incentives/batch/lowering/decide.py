"""Decide one incentive for all rows: ``engine.decide`` written sideways.

The precedence is that of LANGUAGE.md 7. Every condition is lowered, also after one
that has failed. A version that a date selects is one of several alternatives, each
with a truth that says whether it can be the one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.lowering import rational
from incentives.batch.lowering.part import Part
from incentives.batch.lowering.value import (
    NOTHING,
    Day,
    Number,
    Truth,
    Waits,
    is_known,
    is_nothing,
    numbers_among,
    union,
    while_,
)
from incentives.engine.outcome import REASONS
from incentives.language.names import DECIDED
from incentives.rulebook.model import Entitlement, LegalStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.batch.lowering.expression import Expressions, Frame
    from incentives.rulebook.model import Condition, Document, Incentive, Period, Version

NEVER = {Entitlement.EXPLORATORY: "exploratory", Entitlement.BY_REFERENCE: "by_reference"}


@dataclass(frozen=True, slots=True)
class Head:
    """What holds for the incentive as a whole under one version, whatever the item.

    ``na`` (never NULL), ``reason`` (a word where it is TRUE), the conditions of the firm
    by id, and what of the applicability is open.
    """

    version: Version | None
    na: Column
    reason: Column
    tests: tuple[tuple[str, Truth], ...]
    applies: tuple[Truth, ...]


def has_amount(version: Version) -> bool:
    """Whether a version gives an amount."""
    return version.amount is not None or version.entitlement is Entitlement.CASE_BY_CASE


def standing(document: Document, *, drafts: bool) -> str | None:
    """Return why no incentive of a document applies, whoever asks."""
    if document.legal_status is LegalStatus.DRAFT and not drafts:
        return "draft"
    return "historical" if document.legal_status is LegalStatus.HISTORICAL else None


def never(lower: Expressions, version: Version | None, reason: str) -> Head:
    """Return the head of what applies to nobody."""
    columns = lower.columns
    return Head(version, columns.true, columns.literal(reason), (), ())


def head(
    lower: Expressions, owner: Incentive, version: Version | None, replaced: Truth, frame: Frame
) -> Head:
    """Lower what holds for the incentive as a whole."""
    columns = lower.columns
    if version is None:
        return never(lower, None, "period")
    reason = standing(owner.document, drafts=False)
    if reason is not None:
        return never(lower, version, reason)
    found: list[tuple[Column, str]] = []
    applies: list[Truth] = []
    for condition in version.applicability:
        test = lower.truth(condition.test, frame)
        applies.append(test)
        found.append((columns.fails(test.v), condition.id))
    found.append((columns.holds(replaced.v), "superseded"))
    always = NEVER.get(version.entitlement)
    if always is not None:
        found.append((columns.true, always))
    word = columns.null(Sort.WORD)
    for truth, name in reversed(found):
        word = columns.if_(truth, columns.literal(name), word)
    tests = _tests(lower, (c for c in version.conditions if not c.per_item), frame)
    return Head(version, columns.any([truth for truth, _ in found]), word, tests, tuple(applies))


def _tests(
    lower: Expressions, conditions: Iterable[Condition], frame: Frame
) -> tuple[tuple[str, Truth], ...]:
    return tuple((each.id, lower.truth(each.test, frame)) for each in conditions)


def part(
    lower: Expressions, owner: Incentive, head_: Head, frame: Frame, *, of_item: bool = True
) -> Part:
    """Return what the conditions and the amount of one version come to.

    Without ``of_item`` the conditions of the firm only, and no amount but zero.
    """
    columns, version = lower.columns, head_.version
    gives = has_amount(owner.versions[0] if version is None else version)
    if version is None or head_.na is columns.true:
        nothing = lower.nothing() if gives else None
        none = columns.words(())
        false = columns.false
        hard = columns.any([each.hard for each in head_.applies])
        return Part(columns.true, false, false, head_.reason, none, NOTHING, nothing, hard, True)
    tests = head_.tests
    if frame.item is not None:
        tests = (*tests, *_tests(lower, (c for c in version.conditions if c.per_item), frame))
    bad = [(columns.fails(test.v), name) for name, test in tests]
    applies = columns.not_(head_.na)
    inel = columns.all((applies, columns.any([truth for truth, _ in bad])))
    pending = [*head_.applies, *(test for _, test in tests)]
    unsure = columns.any([columns.is_null(each.v) for each in pending])
    live = columns.all((applies, columns.not_(inel)))
    elig = columns.all((live, columns.not_(unsure)))
    open_ = columns.all((live, unsure))
    failed = columns.words(
        (columns.all((applies, truth)), columns.literal(name)) for truth, name in bad
    )
    waits = [while_(columns, columns.is_null(each.v), each.waits) for each in pending]
    missing = while_(columns, open_, union(columns, waits))
    value: Number | None = None
    if gives:
        nothing = lower.nothing()
        whole = _gives(lower, owner, version, frame) if of_item else nothing
        value = numbers_among(columns, ((open_, nothing), (columns.true, whole)), (missing,))
    hard = columns.any([each.hard for each in pending])
    sure = unsure is columns.false
    return Part(head_.na, inel, elig, head_.reason, failed, missing, value, hard, sure)


def _gives(lower: Expressions, owner: Incentive, version: Version, frame: Frame) -> Number:
    """Return the amount; under a ceiling, what was decided is the engine's business."""
    columns = lower.columns
    if version.amount is None:
        nothing, none = rational.fixed(columns, 0), rational.unbounded(columns)
        never_ = columns.false
        value = Number(nothing, none, NOTHING, never_, columns.true, never_)
    else:
        value = lower.number(version.amount, frame)
    lo = rational.Ratio(columns.coalesce((value.lo.num, columns.literal(0))), value.lo.den)
    lo = value.lo if value.lo.sure else lo
    if value.open is columns.false:
        return Number(lo, value.hi, value.waits, value.hard, value.open, value.mixed)
    unknown = columns.true
    hard = columns.false
    if lower.tables.table(DECIDED) is not None:
        unknown = columns.not_(lower.tables.is_stated(DECIDED))
        hard = _decided(lower, owner.id)
    if lower.no_history:
        unknown = columns.false
    waits = union(columns, (value.waits, Waits({DECIDED: columns.all((value.open, unknown))})))
    hard = columns.any((value.hard, columns.all((value.open, hard))))
    return Number(lo, value.hi, waits, hard, value.open, value.mixed)


def _decided(lower: Expressions, incentive: str) -> Column:
    """Say of a firm whether a recorded decision is, or may be, about an incentive."""
    columns = lower.columns
    rows = lower.tables.item(DECIDED)
    name = rows.fact("incentive", None)
    may_be = columns.true
    if not isinstance(name, Truth | Number | Day):
        may_be = columns.not_(columns.fails(columns.eq(name.v, columns.literal(incentive))))
    return columns.fold(Op.ANY, may_be, DECIDED)


# ── versions by date ─────────────────────────────────────────────────────────

Chosen = list[tuple[Column, "Version | None"]]
"""Versions with a truth each, never NULL: whether the date can select it; None: outside all."""


def reach(lower: Expressions, versions: Sequence[Version], day: Day) -> tuple[Chosen, Column]:
    """Return the versions that a day can select, and where only the engine can tell."""
    columns = lower.columns
    if day.lo is day.hi and isinstance(day.lo.value, date) and day.lo.op is Op.LITERAL:
        now = next((each for each in versions if each.period.holds(day.lo.value)), None)
        return [(columns.true, now)], columns.false
    found: Chosen = [(_can(lower, each.period, day), each) for each in versions]
    if len(versions) == 1:
        return [*found, (_can_miss(lower, versions[0].period, day), None)], columns.false
    unknown = columns.not_(is_known(columns, day))
    none = columns.not_(columns.any([can for can, _ in found]))
    return [*found, (columns.any((none, unknown)), None)], unknown


def _can(lower: Expressions, period: Period, day: Day) -> Column:
    columns = lower.columns
    tests = []
    if period.since is not None:
        tests.append(columns.holds(columns.lt(day.hi, columns.literal(period.since))))
    if period.until is not None:
        tests.append(columns.holds(columns.lt(columns.literal(period.until), day.lo)))
    return columns.not_(columns.any(tests))


def _can_miss(lower: Expressions, period: Period, day: Day) -> Column:
    columns = lower.columns
    tests = []
    if period.since is not None:
        tests.append(columns.holds(columns.le(columns.literal(period.since), day.lo)))
    if period.until is not None:
        tests.append(columns.holds(columns.le(day.hi, columns.literal(period.until))))
    return columns.not_(columns.all(tests))


def either(lower: Expressions, of: Sequence[tuple[Column, Part]], day: Day, hard: Column) -> Part:
    """Combine what several versions give, of which the day selects one, or nobody knows."""
    columns = lower.columns
    kept = [(can, each) for can, each in of if can is not columns.false]
    if len(kept) == 1 and kept[0][0] is columns.true:
        return kept[0][1]
    unknown = columns.not_(is_known(columns, day))
    day_waits = while_(columns, unknown, day.waits)
    live = [(columns.all((can, columns.not_(each.na))), each) for can, each in kept]
    any_live = columns.any([truth for truth, _ in live])
    inel = columns.all(
        [any_live, *(columns.any((columns.not_(truth), each.inel)) for truth, each in live)]
    )
    elig = columns.all([columns.any((columns.not_(can), each.elig)) for can, each in kept])
    na = columns.not_(any_live)
    open_ = columns.not_(columns.any((na, inel, elig)))
    failed = columns.words(())
    for truth, each in live:
        failed = columns.if_(columns.all((inel, truth)), each.failed, failed)
    waits = union(columns, [day_waits, *(while_(columns, can, each.missing) for can, each in kept)])
    value: Number | None = None
    if any(each.value is not None for _, each in kept):
        awards = [(can, each.award(columns)) for can, each in kept]
        value = numbers_among(columns, awards, (day_waits,))
    several = columns.any(
        [columns.all((a, b)) for at, (a, _) in enumerate(live) for b, _ in live[at + 1 :]]
    )
    return Part(
        na,
        inel,
        elig,
        lasting(lower, [(columns.all((can, each.na)), each.reason) for can, each in kept]),
        failed,
        while_(columns, open_, waits),
        value,
        columns.any([hard, several, day.hard, *(columns.all((c, e.hard)) for c, e in kept)]),
        unknown is columns.false and all(each.sure for _, each in kept),
    )


def lasting(lower: Expressions, of: Sequence[tuple[Column, Column]]) -> Column:
    """Return, of the reasons whose truth holds, the one that counts most."""
    columns = lower.columns
    word = columns.null(Sort.WORD)
    for name in REASONS:
        here = columns.any(
            [
                columns.all((truth, columns.holds(columns.eq(reason, columns.literal(name)))))
                for truth, reason in of
            ]
        )
        word = columns.if_(here, columns.literal(name), word)
    return word


def chosen(lower: Expressions, of: Sequence[tuple[Column, Part]]) -> Part:
    """Return the one part whose truth holds: exactly one does in each row."""
    columns = lower.columns
    kept = [(truth, each) for truth, each in of if truth is not columns.false]
    if len(kept) == 1:
        return kept[0][1]
    reason, failed = kept[-1][1].reason, kept[-1][1].failed
    for truth, each in reversed(kept[:-1]):
        reason = columns.if_(truth, each.reason, reason)
        failed = columns.if_(truth, each.failed, failed)
    value: Number | None = None
    if any(each.value is not None for _, each in kept):
        amounts = [(truth, each.value or lower.nothing()) for truth, each in kept]
        value = numbers_among(columns, amounts)

    def where(name: str) -> Column:
        return columns.any([columns.all((truth, getattr(each, name))) for truth, each in kept])

    missing = union(columns, [while_(columns, truth, each.missing) for truth, each in kept])
    return Part(
        where("na"),
        where("inel"),
        where("elig"),
        reason,
        failed,
        missing,
        value,
        where("hard"),
        all(each.sure for _, each in kept),
    )


def doubted(lower: Expressions, of: Part, replaced: Truth) -> Part:
    """Leave a part open that another incentive may replace."""
    columns = lower.columns
    doubt = columns.all((columns.is_null(replaced.v), of.live(columns)))
    if doubt is columns.false:
        return of
    waits = while_(columns, doubt, replaced.waits)
    value = of.value
    if value is not None:
        pair = ((doubt, lower.nothing()), (columns.true, value))
        value = numbers_among(columns, pair, (waits,))
    elig = columns.all((of.elig, columns.not_(doubt)))
    missing = union(columns, (of.missing, waits))
    hard = columns.any((of.hard, replaced.hard))
    return Part(of.na, of.inel, elig, of.reason, of.failed, missing, value, hard)


def purse(lower: Expressions, value: Number) -> Number:
    """Return what one firm can expect of a limited purse: from nothing to its full amount."""
    columns = lower.columns
    nothing = rational.fixed(columns, 0)
    free = columns.not_(is_nothing(columns, value))
    waits = while_(columns, free, value.waits)
    opened = columns.all((free, value.open))
    return Number(nothing, value.hi, waits, value.hard, opened, columns.all((opened, value.mixed)))
