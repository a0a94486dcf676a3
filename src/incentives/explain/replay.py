"""The derivations behind a decision, worked out again where it was decided.

The one module of ``explain`` that looks behind a decision: it replays amounts in
the environment the decision was made in, item by item, and keeps that
environment as it found it.
"""

# ruff: noqa: SLF001 - what a decision was made from is nobody else's business

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.compile import item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import ITEM, LIST
from incentives.engine.funding import split_for, split_parts
from incentives.engine.items import what_is_left
from incentives.engine.outcome import Status
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from incentives.engine.assess import Run
    from incentives.engine.environment import Environment
    from incentives.engine.funding import FundingPart
    from incentives.engine.outcome import Outcome, Part
    from incentives.engine.results import Assessment, Decision
    from incentives.rulebook.model import Condition, Group, Rules, Split, SplitReading, Total

_LIVE = {Status.ELIGIBLE, Status.UNDETERMINED}
MOST_ITEMS: Final = 200
"""Of a longer list nobody reads every sum: the first so many are worked out step by step."""


@dataclass(frozen=True, slots=True)
class Award:
    """An item, or the whole incentive: what decides its amount and what it came to.

    ``step`` is ``None`` where it gives no amount or none is due. ``paid`` is what
    is paid after one-per-value and the caps over items; fen or a range.
    """

    part: Part
    step: Step | None
    paid: Any


@dataclass(frozen=True, slots=True)
class Member:
    """An incentive that shares a payment: fen or ranges before and after, whether it is taken."""

    incentive: str
    before: Any
    after: Any
    taken: bool | None


def members(decision: Decision) -> tuple[Member, ...]:
    """Return the incentives that share one payment with this one, itself among them.

    Only those that could be paid something alone; in the order of their ids.
    """
    mine = decision._stacked
    if mine is None:
        return ()
    return tuple(
        Member(name, each.before, each.after, each.taken)
        for name, each in sorted(decision._run.stacked.items())
        if each.group.id == mine.group.id and bounds(each.before)[1] != 0
    )


def group_limit(decision: Decision) -> Any:
    """Return the figure of the cap of a decision's group, ``None`` for one without."""
    mine = decision._stacked
    if mine is None or mine.group.limit is None:
        return None
    return derive(mine.group.limit, environment_of(decision)).value


def replaced_by(decision: Decision) -> tuple[str, ...]:
    """Return the incentives that replace this one on the date."""
    run, name = decision._run, decision.incentive
    return tuple(
        each
        for each in sorted(run.plan.overriders.get(name, ()))
        if run.evaluation._replaces(each).get(name) is True
    )


def selecting_date(decision: Decision) -> Step | None:
    """Return the date that selects the version, ``None`` where it is that of the assessment."""
    by = decision.version.dated_by
    if by is None:
        return None
    env, entity = environment_of(decision), decision._outcome.each
    records = None if entity is None else env[LIST + entity]
    if entity is not None and records:
        item_scope(env, entity, 0, records[0])
    elif entity is not None and env.get(entity) is None:
        return None
    return derive(by, env)


def rules_of(of: Decision | Assessment) -> Rules:
    """Return the rules something was decided by."""
    if hasattr(of, "_plan"):
        return of._plan.rules
    return of._run.plan.rules


def run_of(decision: Decision) -> Run:
    """Return the pass that a decision was made in: the plan, the profile, the date, the options."""
    return decision._run


def runs_of(assessment: Assessment) -> tuple[Run, ...]:
    """Return the passes of an assessment: the law's, and the drafts' where they were asked for."""
    return tuple(run for run in (assessment._law, assessment._draft) if run is not None)


def environment_of(decision: Decision) -> Environment:
    """Return a copy of the environment of a decision, outside any item."""
    env = dict(decision._run.env)
    env[ITEM] = None
    return env


def outcome_of(decision: Decision) -> Outcome:
    """Return what deciding came to, before groups."""
    return decision._outcome


def group_of(decision: Decision) -> Group | None:
    """Return the group that a decision was stacked in."""
    return None if decision._stacked is None else decision._stacked.group


def split_of(decision: Decision) -> Split | None:
    """Return the split that says who pays, if one binds."""
    return split_for(decision._run, decision.version, decision.incentive)


def awards(decision: Decision, most: int | None = None) -> tuple[Award, ...]:
    """Return the items that are not out of their period, or the incentive as a whole.

    Args:
        decision: what was decided.
        most: derive the amounts of the first so many items only; of the others ``step``
            is ``None``, for nobody will read how they came about.
    """
    outcome, env = decision._outcome, environment_of(decision)
    entity = outcome.each
    if entity is None or not outcome.items:
        return (Award(outcome, _amount(outcome, env, decision), outcome.value),)
    paid = {key: value for key, _, value in outcome.paid}
    out = []
    for at, item in enumerate(outcome.items):
        step = None
        if most is None or at < most:
            item_scope(env, entity, item.index, env[LIST + entity][item.index])
            step = _amount(item, env, decision)
        out.append(Award(item, step, paid.get(item.key, item.award)))
    return tuple(out)


def _amount(part: Part, env: Environment, decision: Decision) -> Step | None:
    version = part.version or decision.version
    if part.status not in _LIVE or version.amount is None or part.value is None:
        return None
    if decision._outcome.each is not None and not decision._outcome.items:
        return None  # nothing is known about the list: there is no item to compute
    return derive(version.amount, env)


def subtotal(decision: Decision) -> Any:
    """Return the amount before groups: fen, a range, or ``None``."""
    return decision._outcome.value


def cap_of(total: Total, decision: Decision) -> Any:
    """Return the figure of a cap over items."""
    return derive(total.cap, environment_of(decision)).value


def room_of(total: Total, decision: Decision) -> Any:
    """Return what past payments leave of a cap over items, ``None`` where it is not one figure."""
    items = [item for item in decision._outcome.items if item.status in _LIVE]
    years = {item.year for item in items if not isinstance(item.year, Unknown)}
    if total.by is not None or total.per is None or len(years) != 1:
        return None
    owner = decision._run.plan.by_id[decision.incentive]
    mine = next((one for plan in owner.versions for one in plan.totals if one.total == total), None)
    if mine is None:
        return None
    keys = tuple(item.key for item in decision._outcome.items)
    return what_is_left(owner, mine, None, years.pop(), keys, environment_of(decision))[0]


def other_split(decision: Decision, reading: SplitReading) -> tuple[FundingPart, ...]:
    """Return who pays what under another reading of a split."""
    amount, parts = decision.amount, decision.funding
    if amount is None or not parts:
        return ()
    env = environment_of(decision)
    return split_parts(parts[0].split, reading.shares, reading.residual, amount, env)


def tests_at(decision: Decision, part: Part) -> tuple[tuple[Condition, Step], ...]:
    """Return the conditions that fail for an item, or are open, each with its derivation."""
    env, entity = environment_of(decision), decision._outcome.each
    version = part.version
    if version is None or entity is None:
        return ()
    item_scope(env, entity, part.index, env[LIST + entity][part.index])
    found = [(condition, derive(condition.test, env)) for condition in version.conditions]
    if part.status is Status.INELIGIBLE:
        return tuple(each for each in found if each[0].id in part.failed)
    return tuple(each for each in found if isinstance(each[1].value, Unknown))
