"""The outcome of each condition for a decision, aggregated over its items.

``failed`` names top-level conditions only. For conditions about items the
outcome is that of the items that decide: the eligible ones of an eligible
decision, the open ones of an undetermined one, all of an ineligible one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import ITEM, LIST, Environment
from incentives.engine.outcome import Outcome, Part, Status
from incentives.language.core import Text
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.language.names import EntitySpec
    from incentives.rulebook.model import Condition, Version


class Truth(StrEnum):
    """Whether a condition holds."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """A condition and whether it holds; ``of`` are the parts of ``any`` and ``all``.

    ``steps`` holds the derivation, one for the decision or one per item that
    decides (``items`` names them).
    """

    id: str
    says: Text
    outcome: Truth
    of: tuple[ConditionOutcome, ...] = ()
    clause: str | None = None
    quote: str | None = None
    items: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=(), repr=False, compare=False)


def truth(value: Any) -> Truth:
    """Return the outcome that a three-valued result stands for."""
    if isinstance(value, Unknown):
        return Truth.UNKNOWN
    return Truth.MET if value else Truth.FAILED


def condition_outcomes(
    version: Version, outcome: Outcome, env: Environment, entities: Mapping[str, EntitySpec]
) -> tuple[ConditionOutcome, ...]:
    """Return every condition with its outcome: implicit ones, then as written."""
    env = dict(env)
    env[ITEM] = None
    out = [_whole(condition, env) for condition in version.applicability]
    deciding = _deciding(outcome)
    for condition in version.conditions:
        if condition.per_item:
            out.append(_over_items(condition, outcome, deciding, env))
        else:
            out.append(_whole(condition, env))
    if version.each is not None and env[LIST + version.each] == ():
        label = entities[version.each].label
        says = Text(f"至少有一项{label.zh}", f"There is at least one: {label.get('en')}")
        out.append(ConditionOutcome("items", says, Truth.FAILED))
    return tuple(out)


def _whole(condition: Condition, env: Environment) -> ConditionOutcome:
    step = derive(condition.test, env)
    parts = tuple(_whole(part, env) for part in condition.parts)
    return ConditionOutcome(
        condition.id,
        condition.says,
        truth(step.value),
        parts,
        condition.clause,
        condition.quote,
        (),
        (step,),
    )


def _deciding(outcome: Outcome) -> list[Part]:
    live = [item for item in outcome.items if item.status is not Status.NOT_APPLICABLE]
    wanted = [item for item in live if item.status is outcome.status]
    return wanted or live


def _over_items(
    condition: Condition, outcome: Outcome, deciding: list[Part], env: Environment
) -> ConditionOutcome:
    steps = []
    entity = outcome.each or ""
    for item in deciding:
        item_scope(env, entity, item.index, env[LIST + entity][item.index])
        steps.append((item, derive(condition.test, env)))
    found = {truth(step.value) for _, step in steps}
    if condition.id in outcome.failed:
        result = Truth.FAILED
    elif Truth.MET in found:
        result = Truth.MET
    else:
        result = Truth.UNKNOWN
    if (
        outcome.status is Status.INELIGIBLE
        and condition.id not in outcome.failed
        and found == {Truth.UNKNOWN}
    ):
        result = Truth.UNKNOWN
    parts = _parts(condition, deciding, entity, env)
    env[ITEM] = None
    keys = tuple(item.key for item, _ in steps)
    return ConditionOutcome(
        condition.id,
        condition.says,
        result,
        parts,
        condition.clause,
        condition.quote,
        keys,
        tuple(step for _, step in steps),
    )


def _parts(
    condition: Condition, deciding: list[Part], entity: str, env: Environment
) -> tuple[ConditionOutcome, ...]:
    out = []
    for part in condition.parts:
        values = []
        for item in deciding:
            item_scope(env, entity, item.index, env[LIST + entity][item.index])
            values.append(truth(derive(part.test, env).value))
        result = (
            Truth.MET
            if Truth.MET in values
            else Truth.UNKNOWN
            if Truth.UNKNOWN in values
            else Truth.FAILED
        )
        inner = _parts(part, deciding, entity, env)
        out.append(
            ConditionOutcome(
                part.id,
                part.says,
                result if values else Truth.UNKNOWN,
                inner,
                part.clause,
                part.quote,
            )
        )
    return tuple(out)
