"""Every expression of a rulebook, and substitution inside one.

What an expression means is never said here: these functions only find nodes
and put one in the place of another.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from incentives.language import core
from incentives.language.walk import children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.language.core import Expr
    from incentives.rulebook.model import Incentive, Rules, Version


def versions_of(incentive: Incentive) -> Iterator[Version]:
    """Yield the versions of an incentive, then those that its other readings make anew."""
    seen = {id(version) for version in incentive.versions}
    yield from incentive.versions
    for reading in incentive.readings:
        for version in reading.versions:
            if id(version) not in seen:
                seen.add(id(version))
                yield version


def of_version(version: Version) -> Iterator[Expr]:
    """Yield every expression of a version."""
    yield from (c.test for c in (*version.applicability, *version.conditions))
    found = [version.amount, version.dated_by, version.distinct, version.less]
    for total in version.totals:
        found += [total.cap, total.by]
    for part in version.instalments:
        found += [part.share, part.amount, part.since, part.until, part.when]
    if version.budget is not None:
        found += [version.budget.amount, version.budget.places, version.budget.rank_by]
    found += [override.when for override in version.overrides]
    if version.funding is not None:
        found += [share.share for share in version.funding.shares]
    yield from (expr for expr in found if expr is not None)


def of_rules(rules: Rules) -> Iterator[Expr]:
    """Yield every expression of a rulebook."""
    for incentive in rules.incentives.values():
        for version in versions_of(incentive):
            yield from of_version(version)
    for split in rules.splits:
        yield from (share.share for share in split.shares)
        yield from (share.share for other in split.readings for share in other.shares)
    found: list[Expr | None] = [group.limit for group in rules.groups]
    for fund in rules.funds:
        found += [fund.amount, fund.lending_capacity]
        for reading in fund.readings:
            found += [reading.amount, reading.lending_capacity]
    found += [target.value for target in rules.targets]
    yield from (expr for expr in found if expr is not None)


def unique(expr: Expr, seen: set[int] | None = None) -> Iterator[Expr]:
    """Yield ``expr`` and every node below it once, however often it is shared.

    ``seen`` holds the ids of nodes to pass over; it must not outlive the nodes.
    """
    seen = set() if seen is None else seen
    if id(expr) in seen:
        return
    seen.add(id(expr))
    yield expr
    for child in children(expr):
        yield from unique(child, seen)


def substitute(expr: Expr, old: Expr, new: Expr) -> Expr:
    """Return ``expr`` with ``new`` wherever a node equal to ``old`` stands."""
    done: dict[int, Any] = {}

    def change(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(change(part) for part in value)
        if isinstance(value, core.Years):
            return core.Years(change(value.start), change(value.stop))
        if not isinstance(value, core.Node):
            return value
        found = done.get(id(value))
        if found is None:
            found = done[id(value)] = new if value == old else _rebuilt(value, change)
        return found

    changed: Expr = change(expr)
    return changed


def _rebuilt(node: Any, change: Callable[[Any], Any]) -> Any:
    parts = {
        field.name: change(getattr(node, field.name)) for field in fields(node) if field.compare
    }
    same = all(getattr(node, name) is part for name, part in parts.items())
    return node if same else replace(node, **parts)


def is_fixed(expr: Expr) -> bool:
    """Say whether an expression is made of figures only: no fact, date or result in it."""
    loose = (
        core.Fact, core.Var, core.On, core.Over, core.AwardOf, core.GrantedOf, core.ReceivedOf
    )  # fmt: skip
    return not any(isinstance(node, loose) for node in unique(expr))
