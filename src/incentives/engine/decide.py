"""Decide one incentive: applicability, every condition, the amount.

The precedence of the answers is that of LANGUAGE.md 7: ``not_applicable``
before ``ineligible`` before ``undetermined`` before ``eligible``. Every
condition is evaluated, also after one has failed: people want every reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.engine.compile import item_scope
from incentives.engine.environment import ITEM, LIST, ON, Environment
from incentives.engine.history import decided_amount
from incentives.engine.items import pay
from incentives.engine.outcome import Outcome, Part, Status
from incentives.language.semantics import maximum, minimum
from incentives.values.unknown import (
    NO_FAULTS,
    NO_NAMES,
    Unknown,
    faults_in,
    hull,
    missing_in,
    unknown_like,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.engine.plan import IncentivePlan, VersionPlan
    from incentives.rulebook.profile import Record

Values = list[tuple[str, Any]]


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
        if replaced is True:
            return "superseded"
        if replaced is not False:
            self.unknown.append(replaced)
        return self.plan.never


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
        value = minimum_with_zero(value, unknown)
    return Part(
        Status.UNDETERMINED,
        None,
        value,
        (),
        missing_in(waits) | missing_in(value),
        faults_in(waits) | faults_in(value),
        version,
    )


def minimum_with_zero(value: Any, unknown: Sequence[Any]) -> Any:
    """Return the hull of zero and an amount that open conditions may still refuse."""
    return hull([0, value], *unknown)


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
        heads = [Head(plan, owner, env, replaced, drafts=drafts) for plan in owner.at(day)]
        parts = [part(h.plan, h.reason, h.failed, h.unknown, env, owner) for h in heads]
        one = parts[0] if len(parts) == 1 else _either(parts, day)
        year = day.year if day.__class__ is not Unknown else unknown_year(day)
        outcome = _outcome(owner, one, (), year)
        if heads[0].plan is not None and heads[0].plan.totals and len(heads) == 1:
            pay(owner, heads[0].plan, outcome, [], env)
    if owner.versions[0].version.budget is not None and outcome.award != 0:
        outcome.value = Unknown(
            missing_in(outcome.value), 0, upper(outcome.value), None, faults_in(outcome.value)
        )
        outcome.paid = tuple((key, year, hull([0, value])) for key, year, value in outcome.paid)
    return outcome


def upper(value: Any) -> Any:
    """Return the most a value can be, ``None`` for no bound."""
    return value.hi if value.__class__ is Unknown else value


def unknown_year(day: Unknown) -> Any:
    """Return the year of a day that is not known."""
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
    """Combine what several versions give while the date that selects one is unknown."""
    statuses = {item.status for item in parts}
    first = parts[0]
    missing, faults = missing_in(day), faults_in(day)
    for item in parts:
        missing |= item.missing
        faults |= item.faults
    values = [item.award for item in parts]
    value = None if all(item.value is None for item in parts) else hull(values, day)
    if len(statuses) == 1 and len({item.reason for item in parts}) == 1:
        failed = tuple(dict.fromkeys(name for item in parts for name in item.failed))
        settled = first.status in {Status.NOT_APPLICABLE, Status.INELIGIBLE}
        waits = (
            NO_NAMES
            if settled
            else missing
            if first.status is Status.UNDETERMINED
            else missing_in(value)
        )
        return Part(first.status, first.reason, value, failed, waits, faults, first.version)
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
    if not records:
        (now,) = owner.at(env[ON])
        return _without_items(owner, head_of(now), env, known=records is not None)
    items: list[Part] = []
    extras: list[tuple[VersionPlan | None, Environment | None]] = []
    for index, record in enumerate(records):
        item_scope(env, entity, index, record)
        day = env[ON] if owner.dated_by is None else owner.dated_by(env)
        reach = owner.at(day)
        parts = [_item(head_of(plan), env, owner) for plan in reach]
        one = parts[0] if len(parts) == 1 else _either(parts, day)
        one.key, one.index = env[ITEM][2], index
        one.year = day.year if day.__class__ is not Unknown else unknown_year(day)
        items.append(one)
        plan = reach[0]
        extras.append((plan, None))
    outcome = _sum_up(owner, items, list(heads.values()))
    plan = next((plan for plan, _ in extras if plan is not None), None)
    if plan is not None and outcome.value is not None:
        pay(owner, plan, outcome, items, env)
    env[ITEM] = None
    env.pop(entity, None)
    return outcome


def _item(head: Head, env: Environment, owner: IncentivePlan) -> Part:
    if head.plan is None or head.reason is not None:
        return part(head.plan, head.reason, (), (), env, owner)
    failed, unknown = list(head.failed), list(head.unknown)
    run_tests(head.plan.item_tests, env, failed, unknown)
    return part(head.plan, None, failed, unknown, env, owner)


def _without_items(owner: IncentivePlan, head: Head, env: Environment, *, known: bool) -> Outcome:
    """Decide while the list is empty, or nothing is known about it."""
    entity = owner.each or ""
    failed = [*head.failed, "items"] if known else head.failed
    waits = [*head.unknown, Unknown(frozenset({entity}))]
    one = (
        part(head.plan, head.reason, failed, (), {**env, **_nothing(env, entity)}, owner)
        if (failed or head.reason)
        else _open_list(head, waits)
    )
    outcome = _outcome(owner, one, (), env[ON].year)
    if one.status is Status.UNDETERMINED and head.plan is not None and outcome.value is not None:
        for total in head.plan.totals:
            if total.by is None:
                outcome.value = minimum((outcome.value, maximum((0, total.cap(env)))))
        outcome.paid = (("", env[ON].year, outcome.value),)
    return outcome


def _nothing(env: Environment, entity: str) -> Environment:
    return {ITEM: None, entity: None}


def _open_list(head: Head, waits: list[Any]) -> Part:
    like = unknown_like(waits)
    version = head.plan.version if head.plan else None
    has_amount = head.plan is not None and head.plan.has_amount
    value = Unknown(missing_in(like), 0, None, None, faults_in(like)) if has_amount else None
    return Part(Status.UNDETERMINED, None, value, (), missing_in(like), faults_in(like), version)


def _sum_up(owner: IncentivePlan, items: list[Part], heads: list[Head]) -> Outcome:
    """Combine the items: eligible if any is, ineligible if all are."""
    live = [item for item in items if item.status is not Status.NOT_APPLICABLE]
    version = next((item.version for item in items if item.version), None)
    has_amount = any(item.value is not None for item in items)
    zero = 0 if has_amount else None
    year = items[0].year
    if not live:
        reason = next(
            (head.reason for head in heads if head.plan is not None and head.reason), "period"
        )
        one = Part(Status.NOT_APPLICABLE, reason, zero, version=version)
        return _with_items(owner, one, items, year)
    if any(item.status is Status.ELIGIBLE for item in live):
        status = Status.ELIGIBLE
    elif all(item.status is Status.INELIGIBLE for item in live):
        general = dict.fromkeys(name for head in heads for name in head.failed)
        failed = dict.fromkeys([*general, *(name for item in live for name in item.failed)])
        one = Part(Status.INELIGIBLE, None, zero, tuple(failed), version=version)
        return _with_items(owner, one, items, year)
    else:
        status = Status.UNDETERMINED
    missing, faults = NO_NAMES, NO_FAULTS
    for item in live:
        missing |= item.missing
        faults |= item.faults
    value = unknown_like((), 0, 0) if has_amount else None
    return _with_items(owner, Part(status, None, value, (), missing, faults, version), items, year)


def _with_items(owner: IncentivePlan, one: Part, items: list[Part], year: Any) -> Outcome:
    outcome = _outcome(owner, one, tuple(items), year)
    outcome.paid = tuple((item.key, item.year, item.award) for item in items)
    return outcome
