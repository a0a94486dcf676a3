"""How an incentive reads its facts: what refinement needs to know before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from incentives.language import core
from incentives.language.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incentives.language.core import Expr
    from incentives.rulebook.model import Version

Name: TypeAlias = tuple[str, str]
"""A fact of the vocabulary: entity and name."""


@dataclass(frozen=True, slots=True)
class Reads:
    """The constants each fact is compared with directly, and the facts that are read twice.

    Where every open fact is read once, the compositional answer is already
    exact: its operands vary independently, so cells could not narrow it. What
    does not keep the hull of some values (an equality, a quotient, the value
    that items share) counts as reading twice. ``shared``: items compete for one
    payment or share a cap, so that each matters to the others.
    """

    cuts: dict[Name, set[Any]]
    repeated: frozenset[Name]
    shared: bool

    def can_sharpen(self, missing: Iterable[str]) -> bool:
        """Say whether cells of the facts at these paths can narrow anything."""
        return self.shared or any(name_of(path) in self.repeated for path in missing)


def name_of(path: str) -> Name:
    """Return the fact a path is about: ``contract[7].paid`` is ``("contract", "paid")``."""
    if "]." in path:
        entity, _, rest = path.rpartition("].")
        return entity.partition("[")[0], rest.partition(".")[0]
    entity, _, rest = path.partition(".")
    return entity, rest.partition(".")[0]


def reads(incentives: Iterable[Iterable[Version]]) -> Reads:
    """Return how the versions of an incentive, and of those it needs, read their facts.

    A fact counts as read twice when two places read it, and when one place
    does so several times: inside a fold, about the applicant item by item, or
    in another incentive, which may be asked for more than once.
    """
    cuts: dict[Name, set[Any]] = {}
    repeated: set[Name] = set()
    all_versions = [(at, version) for at, each in enumerate(incentives) for version in each]
    for at, version in all_versions:
        seen: set[Name] = set()
        for expr, per_item in expressions(version):
            folded = {
                id(inner)
                for node in walk(expr)
                if isinstance(node, core.Over) or _loses_the_hull(node)
                for inner in walk(node)
            }
            if expr in {version.dated_by, version.distinct, *(x.by for x in version.totals)}:
                folded |= {id(inner) for inner in walk(expr)}
            for node in walk(expr):
                if isinstance(node, core.Compare):
                    _cut(node, cuts)
                if isinstance(node, core.Fact):
                    name = (node.entity, node.name)
                    shared = per_item and node.record != version.each
                    if at or name in seen or shared or id(node) in folded:
                        repeated.add(name)
                    seen.add(name)
    shared = any(version.distinct is not None or version.totals for _, version in all_versions)
    return Reads(cuts, frozenset(repeated), shared)


def _loses_the_hull(node: Expr) -> bool:
    """Say whether a node may say less of a range than of each of two values in it."""
    apart = isinstance(node, core.Compare | core.In | core.Div)
    return apart and any(isinstance(inner, core.If | core.Pick) for inner in walk(node))


def _cut(node: core.Compare, cuts: dict[Name, set[Any]]) -> None:
    for fact, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(fact, core.Fact):
            cuts.setdefault((fact.entity, fact.name), set()).update(_constants(other))


def expressions(version: Version) -> Iterator[tuple[Expr, bool]]:
    """Yield every expression of a version, and whether it is evaluated item by item."""
    each = version.each is not None
    for condition in (*version.applicability, *version.conditions):
        yield condition.test, condition.per_item
    for expr in (version.amount, version.dated_by, version.distinct):
        if expr is not None:
            yield expr, each
    for total in version.totals:
        yield total.cap, False
        if total.by is not None:
            yield total.by, each
    for override in version.overrides:
        if override.when is not None:
            yield override.when, False


def _constants(node: Expr) -> list[Any]:
    if isinstance(node, core.Const):
        return [node.value]
    if isinstance(node, core.Param):
        return [dated.value for dated in node.values]
    return []
