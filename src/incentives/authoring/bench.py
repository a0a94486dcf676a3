"""The cases of a rulebook, ready to be run against changed rules again and again.

Facts are read once, and what bears on an incentive is found once; a changed
rulebook compiles only that. A change that adds a relation between incentives
would be missed; no mutant adds one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from incentives.authoring.cases import run_case
from incentives.diagnostics import InternalError, ProfileError
from incentives.engine.focus import bearing_on
from incentives.engine.plan import Plan
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.mutant import Mutant
    from incentives.rulebook.model import Case, Rules


class Bench:
    """The cases that pass, by incentive, and what bears on each incentive."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._bearing = {name: bearing_on(rules, name) for name in rules.incentives}
        self._profiles: dict[int, Profile] = {}
        self._plans: dict[str, Plan] = {}

    @cached_property
    def failing(self) -> frozenset[int]:
        """The ids of the case objects that do not pass as the rules stand."""
        return frozenset(
            id(case)
            for incentive in self.rules.incentives.values()
            for case in incentive.cases
            if not self._passes(self.plan(incentive.id), case)
        )

    @cached_property
    def watchers(self) -> dict[str, tuple[str, ...]]:
        """The other incentives that one bears on: their cases may notice a change of it."""
        found: dict[str, list[str]] = {name: [] for name in self.rules.incentives}
        for name, (needed, _) in sorted(self._bearing.items()):
            for other in needed - {name}:
                found[other].append(name)
        return {name: tuple(others) for name, others in found.items()}

    def profile(self, case: Case) -> Profile:
        """Return the facts of a case.

        Raises:
            ProfileError: they are no valid profile.
        """
        found = self._profiles.get(id(case))
        if found is None:
            found = self._profiles[id(case)] = Profile(case.facts, self.rules.vocabulary)
        return found

    def plan(self, incentive: str) -> Plan:
        """Return the plan that decides an incentive as the rules stand."""
        found = self._plans.get(incentive)
        if found is None:
            found = self._plans[incentive] = self.plan_of(self.rules, incentive)
        return found

    def plan_of(self, changed: Rules, incentive: str) -> Plan:
        """Return the plan that decides an incentive under changed rules."""
        needed, groups = self._bearing[incentive]
        names = {group.id for group in groups}
        chosen = {name: each for name, each in changed.incentives.items() if name in needed}
        return Plan(
            replace(
                changed,
                incentives=chosen,
                groups=tuple(group for group in changed.groups if group.id in names),
            )
        )

    def audience(self, mutant: Mutant) -> Iterator[str]:
        """Yield the incentives whose cases can notice a mutant: its users first."""
        yield from mutant.users
        seen = set(mutant.users)
        for user in mutant.users:
            for other in self.watchers[user]:
                if other not in seen:
                    seen.add(other)
                    yield other

    def killer(self, mutant: Mutant) -> Case | None:
        """Return the first case that fails under a mutant."""
        changed = mutant.apply(self.rules)
        for name in self.audience(mutant):
            cases = self.rules.incentives[name].cases
            if not cases:
                continue
            plan = self.plan_of(changed, name)
            for case in cases:
                if id(case) not in self.failing and not self._passes(plan, case):
                    return case
        return None

    def _passes(self, plan: Plan, case: Case) -> bool:
        try:
            return run_case(plan, case, self.profile(case)).passed
        except (ProfileError, InternalError):  # the second: rules that no document could mean
            return False
