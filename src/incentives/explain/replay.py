"""The derivations behind a decision, worked out again where it was decided.

The one module of ``explain`` that looks behind a decision: it replays amounts in
the environment the decision was made in, item by item, and keeps that
environment as it found it.
"""

# ruff: noqa: SLF001 - what a decision was made from is nobody else's business

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import ITEM, LIST
from incentives.engine.funding import split_for, split_parts
from incentives.engine.outcome import Status
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.engine.environment import Environment
    from incentives.engine.funding import FundingPart
    from incentives.engine.outcome import Outcome, Part
    from incentives.engine.results import Assessment, Decision
    from incentives.rulebook.model import Condition, Group, Rules, Split, SplitReading, Total

_LIVE = {Status.ELIGIBLE, Status.UNDETERMINED}


@dataclass(frozen=True, slots=True)
class Award:
    """An item, or the whole incentive: what decides its amount and what it came to.

    ``step`` is ``None`` where it gives no amount or none is due. ``paid`` is what
    is paid after one-per-value and the caps over items; fen or a range.
    """

    part: Part
    step: Step | None
    paid: Any


def rules_of(of: Decision | Assessment) -> Rules:
    """Return the rules something was decided by."""
    if hasattr(of, "_plan"):
        return of._plan.rules
    return of._run.plan.rules


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


def awards(decision: Decision) -> tuple[Award, ...]:
    """Return the items that are not out of their period, or the incentive as a whole."""
    outcome, env = decision._outcome, environment_of(decision)
    entity = outcome.each
    if entity is None or not outcome.items:
        return (Award(outcome, _amount(outcome, env, decision), outcome.value),)
    paid = {key: value for key, _, value in outcome.paid}
    out = []
    for item in outcome.items:
        item_scope(env, entity, item.index, env[LIST + entity][item.index])
        out.append(Award(item, _amount(item, env, decision), paid.get(item.key, item.award)))
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
