"""Random profiles for any vocabulary: values near what the rules compare with."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.language import core
from incentives.language.names import DECIDED, RECEIVED
from incentives.language.walk import walk
from incentives.rulebook.profile import Profile
from incentives.values.types import Kind

if TYPE_CHECKING:
    import random

    from incentives.language.core import Expr
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Rules, Version

REGIONS = ("640200", "640202", "640221", "640000", "640500", "640521", "110000", "100000")
INDUSTRIES = ("C39", "C391", "I65", "C", "A01")


def expressions(version: Version) -> list[Expr]:
    """Return the tests and the amount of a version."""
    tests = [condition.test for condition in (*version.applicability, *version.conditions)]
    return [*tests, *(node for node in (version.amount, version.dated_by) if node is not None)]


def constants(node: Expr) -> list[Any]:
    """Return the values of a figure."""
    match node:
        case core.Const(value):
            return [value]
        case core.Param(_, values):
            return [dated.value for dated in values]
        case _:
            return []


class Facts:
    """Writes profiles for one rulebook, as mappings that ``Profile`` takes."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.cuts: dict[tuple[str, str], set[Any]] = {}
        for incentive in rules.incentives.values():
            for version in incentive.versions:
                for node in expressions(version):
                    self._cut(node)

    def _cut(self, node: Expr) -> None:
        for each in walk(node):
            if isinstance(each, core.Compare):
                for fact, other in ((each.left, each.right), (each.right, each.left)):
                    found = constants(other)
                    if isinstance(fact, core.Fact) and found:
                        self.cuts.setdefault((fact.entity, fact.name), set()).update(found)

    def profile(self, rng: random.Random, share: float = 1.0) -> Profile:
        """Return a profile that states ``share`` of the facts."""
        return Profile(self.data(rng, share), self.rules.vocabulary)

    def data(self, rng: random.Random, share: float = 1.0) -> dict[str, Any]:
        """Return the mapping of such a profile."""
        out: dict[str, Any] = {}
        for name, entity in self.rules.vocabulary.entities.items():
            if name in {RECEIVED, DECIDED}:
                if rng.random() < share:
                    out[name] = []
            elif not entity.many:
                out[name] = self.record(rng, name, share)
            elif rng.random() < share:
                out[name] = [self.record(rng, name, share) for _ in range(rng.randrange(3))]
                for index, item in enumerate(out[name]):
                    if entity.key:
                        item[entity.key] = f"n{index}"
        return out

    def record(self, rng: random.Random, entity: str, share: float) -> dict[str, Any]:
        """Return the facts of one entity or item."""
        out: dict[str, Any] = {}
        for name, spec in self.rules.vocabulary.specs[entity].items():
            if rng.random() >= share or spec.check:
                continue
            if spec.series:
                out[name] = {year: self.value(rng, spec) for year in range(2015, 2027)}
            else:
                out[name] = self.value(rng, spec)
        return out

    def value(self, rng: random.Random, spec: FactSpec) -> Any:
        """Return one value, often at or beside a constant the rules compare with."""
        match spec.type.kind:
            case Kind.BOOL:
                return rng.random() < 0.7
            case Kind.CHOICE:
                return rng.choice(sorted(spec.choices))
            case Kind.REGION:
                return rng.choice(REGIONS)
            case Kind.INDUSTRY:
                return rng.choice(INDUSTRIES)
            case Kind.TEXT:
                return rng.choice("甲乙丙")
            case Kind.DATE:
                near = [c for c in self.cuts.get((spec.entity, spec.name), ()) if c is not None]
                day = rng.choice([*near, date(2020, 1, 1), date(2024, 3, 1)])
                return day + timedelta(days=rng.choice((-1, 0, 1, 200)))
            case _:
                return self.number(rng, spec)

    def number(self, rng: random.Random, spec: FactSpec) -> Any:
        """Return a number as a profile writes it."""
        near = sorted(self.cuts.get((spec.entity, spec.name), ()))
        big = 10 ** rng.randrange(1, 11)
        if spec.type.kind is Kind.RATIO:
            chosen = Fraction(rng.choice([*near, Fraction(rng.randrange(101), 100)]))
        elif spec.type.kind is Kind.COUNT:
            chosen = Fraction(rng.choice([*near, rng.randrange(60)]) + rng.choice((-1, 0, 1)))
        else:
            chosen = Fraction(rng.choice([*near, rng.randrange(big)]) + rng.choice((-1, 0, 1)))
        low = chosen if spec.lo is None else max(chosen, spec.lo)
        value = low if spec.hi is None else min(low, spec.hi)
        match spec.type.kind:
            case Kind.RATIO:
                return f"{value.numerator}/{value.denominator}"
            case Kind.COUNT:
                return int(value)
            case _:
                fen = int(value)
                sign = "-" if fen < 0 else ""
                return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}元"
