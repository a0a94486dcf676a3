"""Every incentive in one environment: decided when asked for, and what replaces what.

The answers here are the compositional ones. One ``Evaluation`` stands for the
profile as it is, others for the cells that ``engine.refine`` divides what is
unknown into.

The trap: an incentive that is asked for before those it refers to decides them
on the way, as deep as they are chained. Ask in the order of ``Plan.needs``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.engine.compile import any_item, item_scope
from incentives.engine.decide import decide
from incentives.engine.environment import ITEM, LIST, ON, RESULTS, Environment
from incentives.engine.outcome import Outcome
from incentives.language.semantics import all_, any_, not_
from incentives.values.unknown import Fault, Unknown, unknown_like

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from incentives.engine.plan import IncentivePlan, Plan


class Evaluation(dict[str, Outcome]):
    """The outcomes by id, before refinement and groups."""

    __slots__ = ("_live", "drafts", "env", "plan")

    def __init__(self, plan: Plan, env: Environment, *, drafts: bool) -> None:
        super().__init__()
        self.plan = plan
        self.env: Environment = {**env, RESULTS: self}
        self.drafts = drafts
        self._live: dict[str, dict[str, Any]] = {}

    def __missing__(self, name: str) -> Outcome:
        outcome = self[name] = self.decide(self.plan.by_id[name])
        return outcome

    def decide(self, owner: IncentivePlan) -> Outcome:
        """Decide an incentive, or another reading of it, after those it needs."""
        for name in self.plan.needs(owner.id):
            if name not in self:
                self[name] = self._decide(self.plan.by_id[name])
        return self._decide(owner)

    def _decide(self, owner: IncentivePlan) -> Outcome:
        return decide(owner, dict(self.env), self.replaced(owner.id), drafts=self.drafts)

    # ── what replaces what ───────────────────────────────────────────────────

    def replaced(self, target: str) -> Any:
        """Return whether an incentive is replaced; two that replace it at once are a finding."""
        names = self.plan.overriders.get(target)
        if names is None:
            return False
        tests = [self._replaces(name).get(target, False) for name in names]
        true = sum(test is True for test in tests)
        if true > 1:
            return Unknown(faults=frozenset({Fault("override-conflict", target)}))
        unknown = [test for test in tests if test.__class__ is Unknown]
        return unknown_like(unknown) if unknown else true == 1

    def _replaces(self, name: str) -> dict[str, Any]:
        """Return, for each incentive that one overrides, whether it does so now."""
        found = self._live.get(name)
        if found is None:
            owner = self.plan.by_id[name]
            found = self._live[name] = {}
            if owner.is_law or (owner.is_draft and self.drafts):
                standing = not_(self.replaced(name))
                for target in owner.overrides:
                    if self.plan.by_id[target].is_draft or not owner.is_draft:
                        found[target] = all_([standing, self._applies(owner, target)])
        return found

    def _applies(self, owner: IncentivePlan, target: str) -> Any:
        """Return whether one incentive is in its period, applicable, and set to replace another."""
        return any_([_on_day(owner, day, target, env) for day, env in self._days(owner)])

    def _days(self, owner: IncentivePlan) -> Iterator[tuple[Any, Environment]]:
        """Yield the dates that select a version: one, or one for each item."""
        env, entity = dict(self.env), owner.each or ""
        env[ITEM] = None
        records = env[LIST + entity] if owner.overrides_by_item else ()
        if not owner.overrides_by_item:
            yield _day(owner, env), env
        elif records is None:
            env[entity] = any_item(env, entity)
            env[ITEM] = (entity, -1, Unknown(frozenset({entity})))
            yield _day(owner, env), env
        for index, record in enumerate(records or ()):
            item_scope(env, entity, index, record)
            yield _day(owner, env), env


def _day(owner: IncentivePlan, env: Environment) -> date | Unknown:
    day: date | Unknown = env[ON] if owner.dated_by is None else owner.dated_by(env)
    return day


def _on_day(owner: IncentivePlan, day: Any, target: str, env: Environment) -> Any:
    found: list[Any] = []
    for plan in owner.at(day):
        if plan is None:
            found.append(False)
            continue
        whens = [True if w is None else w(env) for name, w in plan.overrides if name == target]
        found.append(all_([any_(whens), *(test(env) for _, test in plan.applicability)]))
    if all(test is found[0] for test in found) and found[0].__class__ is not Unknown:
        settled = found[0]
        if settled is True and env[ITEM] is not None and env[ITEM][1] < 0:
            return env[ITEM][2]  # nobody knows whether there is an item at all
        return settled
    return unknown_like((day, *found, env[ITEM][2] if env[ITEM] else None))
