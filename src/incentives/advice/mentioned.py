"""The values of a fact that the rules mention: what it is compared with, the places it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.engine.reads import expressions
from incentives.language import core
from incentives.language.walk import walk
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.advice.places import Place
    from incentives.engine.plan import Plan
    from incentives.language.core import Expr

Name = tuple[str, str]


class Mentioned:
    """The constants that an incentive, and those it needs, hold each fact against."""

    def __init__(self, plan: Plan, incentive: str) -> None:
        self._plan = plan
        owner = plan.by_id[incentive]
        self._cuts = plan.reads(owner).cuts
        self._texts: dict[Name, list[str]] = {}
        for each in (owner, *(plan.by_id[name] for name in plan.needs(incentive))):
            for version in each.versions:
                for expr, _ in expressions(version.version):
                    self._gather(expr)

    def __call__(self, place: Place) -> list[str]:
        """Return the codes or texts that the rules mention for a fact, each once."""
        found = self._texts.get((place.spec.entity, place.spec.name), [])
        if place.spec.type.kind is Kind.REGION:
            found = [code for code in found if code in self._plan.rules.vocabulary.regions]
        return list(dict.fromkeys(found))

    def cuts(self, place: Place) -> list[Any]:
        """Return the figures or dates that the rules compare a fact with directly."""
        found = self._cuts.get((place.spec.entity, place.spec.name), set())
        return [value for value in found if not isinstance(value, str | bool)]

    def _gather(self, expr: Expr) -> None:
        for node in walk(expr):
            match node:
                case core.Within(core.Fact() as fact, ancestor):
                    self._note(fact, ancestor)
                case core.In(core.Fact() as fact, options):
                    for option in options if isinstance(options, tuple) else (options,):
                        self._note(fact, option)
                case core.Compare(_, core.Fact() as fact, other):
                    self._note(fact, other)
                case core.Compare(_, other, core.Fact() as fact):
                    self._note(fact, other)
                case _:
                    pass

    def _note(self, fact: core.Fact, node: Expr) -> None:
        texts = self._texts.setdefault((fact.entity, fact.name), [])
        texts += (value for value in _values(node) if isinstance(value, str))


def _values(node: Expr) -> Iterator[Any]:
    """Yield the constants of a node: of a parameter at every date, of a list each."""
    match node:
        case core.Const(value):
            yield value
        case core.Param(_, values):
            for dated in values:
                yield from dated.value if isinstance(dated.value, tuple) else (dated.value,)
        case _:
            return
