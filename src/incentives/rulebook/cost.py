"""How many steps deciding an incentive can take: its expressions, and how often each runs.

The counterpart of ``engine.decide`` and ``engine.items``: what those evaluate
once, for each item, or for each cap. Whoever lets them evaluate more must say
so here; ``tests/property/test_cost.py`` counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.language.core import Per
from incentives.language.cost import Cost, cost_of, steps, total
from incentives.language.names import DECIDED, RECEIVED
from incentives.rulebook.model import Entitlement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.language.core import Expr
    from incentives.rulebook.locate import Path
    from incentives.rulebook.lowering import Lowering
    from incentives.rulebook.model import Incentive, Total, Version

MAX_STEPS: Final = 100_000
"""The steps that one incentive may take for a profile with one item in each list."""


def decision_cost(versions: Iterable[Version]) -> Cost:
    """Return what one decision of an incentive, in these versions, can take."""
    return total(map(_version_cost, versions))


def replacing_cost(incentive: Incentive) -> Cost:
    """Return what finding out whether an incentive replaces others can take."""
    seen: dict[int, Cost] = {}
    costs = []
    for version in incentive.versions:
        for override in version.overrides:
            tests = [cost_of(condition.test, seen) for condition in version.applicability]
            costs.append(total((*tests, cost_of(override.when, seen), steps(1))))
    if not costs:
        return Cost()
    # Asked for each incentive that is replaced, each time with the date that selects a version.
    targets = {item.incentive for version in incentive.versions for item in version.overrides}
    dates = cost_of(incentive.versions[0].dated_by, seen) + steps(1)
    return (total(costs) + dates).times(len(targets)).for_each(incentive.each)


def _version_cost(version: Version) -> Cost:
    seen: dict[int, Cost] = {}

    def of(node: Expr | None) -> Cost:
        return cost_of(node, seen)

    once = [of(condition.test) for condition in version.applicability]
    once += [of(condition.test) for condition in version.conditions if not condition.per_item]
    each = [of(condition.test) for condition in version.conditions if condition.per_item]
    each += [steps(1), of(version.dated_by), of(version.amount), of(version.distinct)]
    if version.amount is not None or version.entitlement is Entitlement.CASE_BY_CASE:
        each.append(steps(1, DECIDED))  # looked at where the amount is a ceiling
    each += [of(cap.by) for cap in version.totals]
    caps = [_cap_cost(version, cap, seen) for cap in version.totals]
    return total((*once, total(each).for_each(version.each), *caps))


def _cap_cost(version: Version, cap: Total, seen: dict[int, Cost]) -> Cost:
    """Return what a cap over items can take: its figure, and what was paid under it before."""
    often = version.each if cap.by is not None or cap.per is Per.YEAR else None
    past = Cost() if cap.per is None else steps(1, RECEIVED)
    return (cost_of(cap.cap, seen) + past + steps(1)).for_each(often)


def check_cost(low: Lowering, version: Version, path: Path) -> None:
    """Report a version that takes too many steps for one item in each list."""
    if decision_cost([version]).at({}) > MAX_STEPS:
        low.report(
            "E211",
            (
                f"deciding this comes to more than {MAX_STEPS:,} steps for one item",
                f"判断这一项，每个条目就要超过{MAX_STEPS:,}步",
            ),
            path,
        )
