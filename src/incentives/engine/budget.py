"""The work one profile may ask for, bounded before any of it is done.

Every incentive has a polynomial of steps over the lengths of lists, fixed at
load (``rulebook.cost``). Here the lengths of one profile are put in: what an
assessment can take at most, whether that is refused, and into how many cells
the open facts of an incentive may still be divided.

The trap: the bound of an assessment holds each incentive twice (the quick path
may give up late) and its cells, each of which decides anew what it refers to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.diagnostics import Finding, ProfileError
from incentives.language.core import Per
from incentives.language.cost import Cost, cost_of, steps, total
from incentives.language.names import RECEIVED
from incentives.rulebook.cost import decision_cost, replacing_cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.engine.plan import IncentivePlan, Plan

MAX_STEPS: Final = 4_000_000
"""The steps that deciding everything for one profile may take, refinement apart."""
MAX_CELLS: Final = 64
MAX_CELL_ITEMS: Final = 6_400
"""The items that the cells of one incentive may hold together."""


class Costs:
    """The polynomials of a plan: each incentive by itself, and with those it needs."""

    __slots__ = ("_alone", "_plan", "_with_needs", "groups")

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._alone: dict[int, Cost] = {}
        self._with_needs: dict[int, Cost] = {}
        self.groups = _groups_cost(plan)

    def alone(self, owner: IncentivePlan) -> Cost:
        """Return what deciding an incentive takes once those it needs are decided."""
        found = self._alone.get(id(owner))
        if found is None:
            versions = [plan.version for plan in owner.versions]
            found = decision_cost(versions) + replacing_cost(owner.incentive)
            self._alone[id(owner)] = found
        return found

    def with_needs(self, owner: IncentivePlan) -> Cost:
        """Return what deciding an incentive takes, with everything it needs."""
        found = self._with_needs.get(id(owner))
        if found is None:
            others = (self._plan.by_id[name] for name in self._plan.needs(owner.id))
            found = total((self.alone(owner), *map(self.alone, others)))
            self._with_needs[id(owner)] = found
        return found

    def cells(self, owner: IncentivePlan, lengths: Mapping[str, int]) -> int:
        """Return into how many cells the open facts of an incentive may be divided.

        ``MAX_CELLS``, and fewer once the lists it reads hold more than a hundred items
        together: only lengths decide, so that two profiles of one shape are refined alike.
        """
        read = {name for lists in self.with_needs(owner).parts for name in lists}
        items = sum(lengths.get(name, 0) for name in read)
        return max(1, min(MAX_CELLS, MAX_CELL_ITEMS // max(1, items)))

    def compositional(self, lengths: Mapping[str, int]) -> int:
        """Return the steps that all decisions and groups take at most, without refinement."""
        costs = (self.alone(owner).at(lengths) for owner in self._plan.incentives)
        return 2 * sum(costs) + self.groups.at(lengths)

    def assessment(self, lengths: Mapping[str, int]) -> int:
        """Return the steps that an assessment takes at most, refinement included."""
        return self.compositional(lengths) + sum(
            self.cells(owner, lengths) * self.with_needs(owner).at(lengths)
            for owner in self._plan.incentives
        )


def _groups_cost(plan: Plan) -> Cost:
    """Return what the groups take: a limit, and the past, for each time or item they pay in."""
    costs: list[Cost] = []
    for group in plan.rules.groups:
        members = [plan.by_id[name] for name in plan.leaves(group)]
        past = steps(len(members), RECEIVED) + steps(1)
        once = (past + cost_of(group.limit)).times(2)
        costs.append(once)
        if group.per in {Per.ITEM, Per.YEAR}:
            costs += [once.for_each(member.each) for member in members]
    return total(costs)


def check_budget(plan: Plan, lengths: Mapping[str, int]) -> None:
    """Refuse a profile whose lists are so long that deciding it would take too long.

    Raises:
        ProfileError: E327, with the longest list.
    """
    needed = plan.costs.compositional(lengths)
    if needed <= MAX_STEPS:
        return
    name = max(lengths, key=lambda each: lengths[each])
    most = lengths[name]
    raise ProfileError(
        [
            Finding(
                code="E327",
                message=f"`{name}` has {most:,} items: these rules would take up to {needed:,}"
                f" steps, and at most {MAX_STEPS:,} are taken",
                zh=f"“{name}”有{most:,}项：按这些规则最多要算{needed:,}步，上限是{MAX_STEPS:,}步",
                fact=name,
                help="leave out what does not concern the application, or split the profile",
                help_zh="请删去与申报无关的条目，或分成几份资料",
            )
        ]
    )
