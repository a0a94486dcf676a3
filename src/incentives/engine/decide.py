"""Decide one incentive: applicability, every condition, the amount.

The precedence of the answers is that of LANGUAGE.md 7: ``not_applicable``
before ``ineligible`` before ``undetermined`` before ``eligible``. Every
condition is evaluated, also after one has failed: people want every reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import any_item, item_scope
from incentives.engine.environment import ITEM, LIST, ON, Environment
from incentives.engine.history import decided_amount
from incentives.engine.items import Reach, of_unknown_list, pay
from incentives.engine.outcome import Outcome, Part, Status, common, lasting
from incentives.values.unknown import (
    NO_FAULTS,
    NO_NAMES,
    Unknown,
    bounds,
    faults_in,
    hull,
    missing_in,
    unknown_like,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.engine.plan import IncentivePlan, VersionPlan
    from incentives.rulebook.profile import Record

HeadOf = Callable[["VersionPlan | None"], "Head"]


class Head:
    """What holds for the incentive as a whole under one version, whatever the item."""

    __slots__ = ("failed", "plan", "reason", "unknown")

    def __init__(
        self,
        plan: VersionPlan | None,
        owner: IncentivePlan,
        env: Environment,
        replaced: Any,
        *,
        drafts: bool,
    ) -> None:
        self.plan = plan
        self.unknown: list[Any] = []
        self.failed: list[str] = []
        self.reason = self._reason(owner, env, replaced, drafts=drafts)
        if self.reason is None and plan is not None:
            run_tests(plan.tests, env, self.failed, self.unknown)

    def _reason(
        self, owner: IncentivePlan, env: Environment, replaced: Any, *, drafts: bool
    ) -> str | None:
        if self.plan is None:
            return "period"
        if owner.is_draft and not drafts:
            return "draft"
        if owner.document_reason:
            return owner.document_reason
        for reason, test in self.plan.applicability:
            value = test(env)
            if value is False:
                return reason
            if value is not True:
                self.unknown.append(value)
        return "superseded" if replaced is True else self.plan.never


def run_tests(
    tests: Iterable[tuple[str, Any]], env: Environment, failed: list[str], unknown: list[Any]
) -> None:
    """Evaluate every condition; note which failed and which are open."""
    for name, test in tests:
        value = test(env)
        if value is False:
            failed.append(name)
        elif value is not True:
            unknown.append(value)


def part(
    plan: VersionPlan | None,
    reason: str | None,
    failed: Sequence[str],
    unknown: Sequence[Any],
    env: Environment,
    owner: IncentivePlan,
) -> Part:
    """Return the answer that the conditions and the amount come to."""
    version = plan.version if plan else None
    has_amount = plan.has_amount if plan else owner.versions[0].has_amount
    nothing = 0 if has_amount else None
    if reason is not None or plan is None:
        return Part(Status.NOT_APPLICABLE, reason, nothing, version=version)
    if failed:
        return Part(Status.INELIGIBLE, None, nothing, tuple(failed), version=version)
    value = plan.gives(env)
    if value is not None and value.__class__ is Unknown and value.open:
        value = decided_amount(value, owner.id, env)
    if not unknown:
        return Part(Status.ELIGIBLE, None, value, (), missing_in(value), faults_in(value), version)
    waits = unknown_like(unknown)
    if value is not None:
        value = hull([0, value], *unknown)
    return Part(
        Status.UNDETERMINED,
        None,
        value,
        (),
        missing_in(waits) | missing_in(value),
        faults_in(waits) | faults_in(value),
        version,
    )


def decide(owner: IncentivePlan, env: Environment, replaced: Any, *, drafts: bool) -> Outcome:
    """Decide one incentive.

    Args:
        owner: the compiled incentive.
        env: the facts and the results of the incentives it refers to.
        replaced: whether another incentive overrides this one, three-valued.
        drafts: whether drafts are assessed in this pass.
    """
    env[ITEM] = None
    if owner.each is not None:
        outcome = _decide_items(owner, env, replaced, drafts=drafts)
    else:
        day = env[ON] if owner.dated_by is None else owner.dated_by(env)
        reach = owner.at(day)
        heads = [Head(plan, owner, env, replaced, drafts=drafts) for plan in reach]
        parts = [part(h.plan, h.reason, h.failed, h.unknown, env, owner) for h in heads]
        one = parts[0] if len(parts) == 1 else _either(parts, day)
        one.index, one.year = -1, year_of(day)
        outcome = _outcome(owner, one, (), one.year)
        if any(plan is not None and plan.totals for plan in reach) and one.value is not None:
            pay(owner, outcome, [one], [tuple(reach)], env)
    if replaced.__class__ is Unknown and outcome.status in {Status.ELIGIBLE, Status.UNDETERMINED}:
        _doubt(outcome, replaced)
    if owner.versions[0].version.budget is not None:
        outcome.value = None if outcome.value is None else _shared_purse(outcome.value)
        outcome.paid = tuple((key, year, _shared_purse(value)) for key, year, value in outcome.paid)
    return outcome


def _doubt(outcome: Outcome, replaced: Unknown) -> None:
    """Leave an outcome open that another may replace, all of it at once."""
    for one in (outcome, *outcome.items):
        if one.status in {Status.ELIGIBLE, Status.UNDETERMINED}:
            one.status = Status.UNDETERMINED
            one.missing |= replaced.missing
            one.faults |= replaced.faults
            one.value = None if one.value is None else hull([0, one.value], replaced)
    outcome.paid = tuple((key, year, hull([0, x], replaced)) for key, year, x in outcome.paid)
    outcome.each_paid = tuple(hull([0, value], replaced) for value in outcome.each_paid)


def _shared_purse(value: Any) -> Any:
    """Return what one profile can expect of a limited purse: from nothing to its full amount."""
    return unknown_like((value,), 0, bounds(value)[1])


def year_of(day: Any) -> Any:
    """Return the year of a day that may not be known."""
    if day.__class__ is not Unknown:
        return day.year
    lo, hi = day.lo, day.hi
    return unknown_like((day,), lo.year if lo else None, hi.year if hi else None)


def _outcome(owner: IncentivePlan, one: Part, items: tuple[Part, ...], year: Any) -> Outcome:
    award = one.award
    return Outcome(
        one.status,
        one.reason,
        one.value,
        one.failed,
        one.missing,
        one.faults,
        one.version,
        incentive=owner.id,
        each=owner.each,
        items=items,
        paid=(("", year, award),) if not items else (),
        year=year,
    )


def _either(parts: list[Part], day: Any) -> Part:
    """Combine what several versions give while the date that selects one is unknown.

    A failed condition makes it ineligible even while the period is open, as it
    does for the other reasons why something may not apply.
    """
    live = [item for item in parts if item.status is not Status.NOT_APPLICABLE]
    first = (live or parts)[0]
    nothing = None if all(item.value is None for item in parts) else 0
    if not live:
        reason = lasting(item.reason for item in parts)
        return Part(Status.NOT_APPLICABLE, reason, nothing, version=first.version)
    if all(item.status is Status.INELIGIBLE for item in live):
        failed = common(item.failed for item in live)
        return Part(Status.INELIGIBLE, None, nothing, failed, version=first.version)
    missing, faults = missing_in(day), faults_in(day)
    for item in parts:
        missing |= item.missing
        faults |= item.faults
    value = None if nothing is None else hull([item.award for item in parts], day)
    if all(item.status is Status.ELIGIBLE for item in parts):
        waits = missing_in(value)
        return Part(Status.ELIGIBLE, None, value, (), waits, faults, first.version)
    return Part(Status.UNDETERMINED, None, value, (), missing, faults, first.version)


# ── item by item ─────────────────────────────────────────────────────────────


def _decide_items(
    owner: IncentivePlan, env: Environment, replaced: Any, *, drafts: bool
) -> Outcome:
    entity = owner.each or ""
    heads: dict[int, Head] = {}

    def head_of(plan: VersionPlan | None) -> Head:
        found = heads.get(id(plan))
        if found is None:
            found = heads[id(plan)] = Head(plan, owner, env, replaced, drafts=drafts)
        return found

    records: tuple[Record, ...] | None = env[LIST + entity]
    if records is None:
        return _unknown_list(owner, head_of, env)
    if not records:
        return _empty_list(owner, head_of, env)
    items: list[Part] = []
    reaches: list[Reach] = []
    for index, record in enumerate(records):
        item_scope(env, entity, index, record)
        parts, reach, day = _versions_of_item(owner, head_of, env)
        one = parts[0] if len(parts) == 1 else _either(parts, day)
        one.key, one.index, one.year = env[ITEM][2], index, year_of(day)
        items.append(one)
        reaches.append(reach)
    env[ITEM] = None
    env.pop(entity, None)
    outcome = _sum_up(owner, items)
    if outcome.value is not None:
        pay(owner, outcome, items, reaches, env)
    return outcome


def _versions_of_item(
    owner: IncentivePlan, head_of: HeadOf, env: Environment
) -> tuple[list[Part], Reach, Any]:
    """Return the answers for the item in hand, one for each version that its date can select."""
    day = env[ON] if owner.dated_by is None else owner.dated_by(env)
    reach = tuple(owner.at(day))
    return [_item(head_of(plan), env, owner) for plan in reach], reach, day


def _item(head: Head, env: Environment, owner: IncentivePlan) -> Part:
    if head.plan is None or head.reason is not None:
        return part(head.plan, head.reason, (), (), env, owner)
    failed, unknown = list(head.failed), list(head.unknown)
    run_tests(head.plan.item_tests, env, failed, unknown)
    return part(head.plan, None, failed, unknown, env, owner)


def _empty_list(owner: IncentivePlan, head_of: HeadOf, env: Environment) -> Outcome:
    """Decide while there are no items, and so no item's date that selects a version.

    The version is then that of the assessment, or the newest: what is missing is an item.
    """
    if owner.dated_by_item:
        (now,) = owner.at(env[ON])
        reach: Sequence[VersionPlan | None] = (now or owner.versions[-1],)
    else:
        reach = owner.at(env[ON] if owner.dated_by is None else owner.dated_by(env))
    heads = [head_of(plan) for plan in reach]
    live = [head for head in heads if head.reason is None]
    nothing = 0 if owner.versions[0].has_amount else None
    version = next((head.plan.version for head in heads if head.plan is not None), None)
    if not live:
        reason = lasting(head.reason for head in heads)
        one = Part(Status.NOT_APPLICABLE, reason, nothing, version=version)
    else:
        failed = common(head.failed for head in live) if all(head.failed for head in live) else ()
        one = Part(Status.INELIGIBLE, None, nothing, (*failed, "items"), version=version)
    return _outcome(owner, one, (), env[ON].year)


def _unknown_list(owner: IncentivePlan, head_of: HeadOf, env: Environment) -> Outcome:
    """Decide while nothing is known about the list: what holds for any item is settled."""
    entity = owner.each or ""
    anything = Unknown(frozenset({entity}))
    env[entity] = any_item(env, entity)
    env[ITEM] = (entity, -1, anything)
    parts, reach, day = _versions_of_item(owner, head_of, env)
    env[ITEM] = None
    env.pop(entity, None)
    one = parts[0] if len(parts) == 1 else _either(parts, day)
    if one.status in {Status.ELIGIBLE, Status.UNDETERMINED}:
        one.status = Status.UNDETERMINED
        one.missing |= anything.missing
        if one.value is not None:
            one.value = of_unknown_list(owner, parts, reach, year_of(day), env)
            one.missing |= missing_in(one.value)
    return _outcome(owner, one, (), year_of(day))


def _sum_up(owner: IncentivePlan, items: list[Part]) -> Outcome:
    """Combine the items: eligible if any is, ineligible if all are."""
    live = [item for item in items if item.status is not Status.NOT_APPLICABLE]
    version = next((item.version for item in items if item.version), None)
    has_amount = any(item.value is not None for item in items)
    zero = 0 if has_amount else None
    year = items[0].year
    if not live:
        reason = lasting(item.reason for item in items)
        one = Part(Status.NOT_APPLICABLE, reason, zero, version=version)
        return _with_items(owner, one, items, year)
    if any(item.status is Status.ELIGIBLE for item in live):
        status = Status.ELIGIBLE
    elif all(item.status is Status.INELIGIBLE for item in live):
        failed = dict.fromkeys(name for item in live for name in item.failed)
        one = Part(Status.INELIGIBLE, None, zero, tuple(failed), version=version)
        return _with_items(owner, one, items, year)
    else:
        status = Status.UNDETERMINED
    missing = NO_NAMES.union(*(item.missing for item in live))
    faults = NO_FAULTS.union(*(item.faults for item in live))
    return _with_items(owner, Part(status, None, zero, (), missing, faults, version), items, year)


def _with_items(owner: IncentivePlan, one: Part, items: list[Part], year: Any) -> Outcome:
    outcome = _outcome(owner, one, tuple(items), year)
    outcome.paid = tuple((item.key, item.year, item.award) for item in items)
    outcome.each_paid = tuple(item.award for item in items)
    return outcome
