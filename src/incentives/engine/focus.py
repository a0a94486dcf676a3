"""A plan of only what bears on one incentive, for whoever decides that one many times.

The law kept (``tests/unit/authoring/test_cases.py``): about its incentive such a plan
decides what the whole rulebook decides. About any other it says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from incentives.engine.plan import Plan

if TYPE_CHECKING:
    from incentives.rulebook.model import Group, Rules


def plan_for(rules: Rules, incentive: str) -> Plan:
    """Return a plan of what can bear on one incentive: those it names, its overriders, its group.

    The decision about it is the one that the whole rulebook gives, in a
    fraction of the time; about any other incentive this plan says nothing.
    """
    needed, groups = bearing_on(rules, incentive)
    chosen = {name: each for name, each in rules.incentives.items() if name in needed}
    return Plan(replace(rules, incentives=chosen, groups=groups))


def bearing_on(rules: Rules, incentive: str) -> tuple[frozenset[str], tuple[Group, ...]]:
    """Return the incentives and groups that can bear on one incentive, itself among them."""
    groups, members = _groups_of(rules, incentive)
    needed: set[str] = set()
    waiting = [incentive, *members]
    while waiting:
        name = waiting.pop()
        if name in needed or name not in rules.incentives:
            continue
        needed.add(name)
        waiting += rules.incentives[name].depends_on
        waiting += (o.incentive for v in rules.incentives[name].versions for o in v.overrides)
        waiting += (
            other
            for other, each in rules.incentives.items()
            if any(o.incentive == name for version in each.versions for o in version.overrides)
        )
    return frozenset(needed), groups


def _groups_of(rules: Rules, incentive: str) -> tuple[tuple[Group, ...], set[str]]:
    """Return the groups that an incentive's outermost group is made of, and all their members."""
    by_id = {group.id: group for group in rules.groups}
    outer = {member: group for group in rules.groups for member in group.members}
    top = outer.get(incentive)
    while top is not None and top.id in outer:
        top = outer[top.id]
    members: set[str] = set()
    waiting = [] if top is None else [top.id]
    while waiting:
        name = waiting.pop()
        members.add(name)
        waiting += by_id[name].members if name in by_id else ()
    return tuple(group for group in rules.groups if group.id in members), members
