"""The two sides of a comparison of expressions: facts as each holds them, values held together.

One environment of each is changed in place, so that a change of one fact costs little.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import tomli
from tests.reference import generate
from tests.reference import values as v
from tests.reference.language import Language, Scope, constant

from incentives.diagnostics import Source
from incentives.engine.environment import LIST, environment
from incentives.language import core, names
from incentives.rulebook.load import build_rules
from incentives.rulebook.lowering import QUANTITIES
from incentives.rulebook.profile import Profile
from incentives.values import types as t
from incentives.values.quantity import read_quantity
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    import ast

APPLICANT: Final = "applicant"
WORDS: Final = frozenset({Kind.CHOICE, Kind.TEXT, Kind.REGION, Kind.INDUSTRY})


def _end(end: Any, kind: Kind) -> Any:
    """Return an end of the reference's range in the engine's unit; ``None`` for no bound."""
    if isinstance(end, float):
        return None
    if kind is Kind.DATE:
        inside = 1 < end < date.max.toordinal()
        return date.fromordinal(int(end)) if inside else None
    return end * 100 if kind is Kind.MONEY else end


def same(ours: Any, theirs: Any, kind: Kind) -> bool:
    """Whether the engine's value is the reference's."""
    if ours.__class__ is Unknown:
        if kind is Kind.BOOL:
            return theirs is v.UNKNOWN
        if kind in WORDS:
            return not isinstance(theirs, str) and ours.options == v.words(theirs)
        span = v.span(theirs)
        edges = (date.min, date.max)
        lo, hi = (None if end in edges else end for end in (ours.lo, ours.hi))
        return bool(lo == _end(span.lo, kind) and hi == _end(span.hi, kind))
    if kind is Kind.BOOL:
        return ours is theirs
    if kind in WORDS:
        return bool(ours == theirs)
    if theirs.__class__ is not Fraction:
        return False
    if kind is Kind.DATE:
        return bool(ours.toordinal() == theirs)
    fen = 100 if kind is Kind.MONEY else 1
    return bool(ours.numerator * theirs.denominator == theirs.numerator * fen * ours.denominator)


def inside(learnt: Any, before: Any) -> bool:
    """Whether a value is one of those that were possible before a fact was learnt."""
    if before.__class__ is not Unknown:
        return learnt.__class__ is not Unknown and bool(learnt == before)
    if before.options is not None:
        words = learnt.options if learnt.__class__ is Unknown else {learnt}
        return words is not None and before.options.issuperset(words)
    if before.lo is None and before.hi is None:
        return True
    lo, hi = (learnt.lo, learnt.hi) if learnt.__class__ is Unknown else (learnt, learnt)
    return not (
        (before.lo is not None and (lo is None or lo < before.lo))
        or (before.hi is not None and (hi is None or hi > before.hi))
    )


def alike(a: Any, b: Any) -> bool:
    """Whether two values are one, or one range."""
    if a.__class__ is Unknown and b.__class__ is Unknown:
        return bool((a.lo, a.hi, a.options) == (b.lo, b.hi, b.options))
    return bool(a.__class__ is not Unknown and b.__class__ is not Unknown and a == b)


@dataclass(frozen=True, eq=False)
class Variable:
    """What changes from one environment to the next: its path for the engine, and its values.

    A value is (what the profile says, the engine's value, the reference's value); for a list,
    which has no ``place``, the last is what the reference has read of it. ``fuller`` gives for
    each value those that say more of the same fact.
    """

    path: str
    key: Any
    place: tuple[int, str, int] | None
    values: tuple[tuple[Any, Any, Any], ...]

    @cached_property
    def fuller(self) -> list[list[tuple[int, frozenset[str]]]]:
        """Return for each value the numbers of those that complete it, and what facts they add."""
        return [
            [(at, added) for at, (_, other, _) in enumerate(self.values)
             if (added := self.learnt(here, other))]
            for _, here, _ in self.values
        ]  # fmt: skip

    def learnt(self, here: Any, other: Any) -> frozenset[str]:
        """Return the facts that the second value states and the first leaves open; else none."""
        if self.place is not None:
            fits = here.__class__ is Unknown and other.__class__ is not Unknown
            return frozenset({self.path} if fits and inside(other, here) else ())
        if here is None or other is None:
            return frozenset({self.path} if other is not None else ())
        added: set[str] = set()
        for one, fuller in zip(here, other, strict=True) if len(here) == len(other) else ():
            pairs = [(one.path_of(name), one[name], fuller[name]) for name in one.specs]
            if any(a != b and not (a.__class__ is Unknown and inside(b, a)) for _, a, b in pairs):
                return frozenset()
            added.update(path for path, a, b in pairs if a != b)
        return frozenset(added)

    def settled(self, at: int) -> bool:
        """Whether a value is known; a list is as soon as it is there, a code may be too coarse."""
        raw, here, _ = self.values[at]
        if self.key in ("region", "industry"):
            return False
        return raw is not None if self.place is None else here.__class__ is not Unknown


class Reference(Language):
    """The reference with one environment that is changed in place.

    What a part of an expression comes to is kept until a fact changes that it mentions.
    """

    def __init__(self, vocabulary: Any) -> None:
        super().__init__(vocabulary, {}, {})
        self.parameters: dict[str, Any] = {}
        self.facts: dict[Any, Any] = {}
        self.known: dict[Any, Any] = {}
        self.items: dict[Any, Any] = {}
        self.kept: dict[ast.expr, Any] = {}
        self.on = Fraction(generate.ON.toordinal())

    def fact(self, entity: str, index: int, name: str, year: int = 0) -> Any:
        found = self.facts if entity == APPLICANT else self.items
        key = index, name, year
        if key not in found:
            found[key] = super().fact(entity, index, name, year)
        return found[key]

    def ev(self, node: ast.expr, scope: Scope) -> Any:
        if scope.items:
            return super().ev(node, scope)
        if node not in self.kept:
            self.kept[node] = super().ev(node, scope)
        return self.kept[node]

    def read(self, name: str, year: int, raw: Any) -> Any:
        """Return what one fact of the applicant says."""
        self.profile = {APPLICANT: {name: {year: raw} if year else raw}}
        found = super().fact(APPLICANT, 0, name, year)
        self.profile = {}
        return found

    def name(self, name: str, scope: Scope) -> Any:
        if name not in self.known:
            raw = self.parameters.get(name)
            if raw is None or (isinstance(raw, list) and isinstance(raw[0], dict)):
                return super().name(name, scope)
            self.known[name] = (
                [constant(one) for one in raw] if isinstance(raw, list) else constant(raw)
            )
        return self.known[name]


class Both:
    """A vocabulary, and one environment of each side."""

    def __init__(self) -> None:
        text = generate.vocabulary(random.Random(0))
        self.vocabulary = build_rules([Source("vocabulary.toml", text)]).vocabulary
        self.reference = Reference(tomli.loads(text))
        self.base = environment(Profile({APPLICANT: {}}, self.vocabulary), generate.ON, {},
                                no_history=True)  # fmt: skip
        self.made: dict[Any, Variable] = {}

    def scope(self, parameters: dict[str, Any]) -> names.Scope:
        """Return the engine's scope with some parameters."""
        made: dict[str, Any] = {name: parameter(name, raw) for name, raw in parameters.items()}
        return names.Scope(self.vocabulary.entities, self.vocabulary.facts, made,
                           lambda _start, _end: None)  # fmt: skip

    def variable(self, entity: str, name: str, by: int, pool: tuple[Any, ...]) -> Variable:
        """Return a fact, a year of a series or a list, with its values read by both."""
        key = entity, name, by, id(pool)
        if key not in self.made:
            self.made[key] = self.make(entity, name, by, pool)
        return self.made[key]

    def make(self, entity: str, name: str, by: int, pool: tuple[Any, ...]) -> Variable:
        """Return a variable that is not there yet."""
        if entity != APPLICANT:
            lists: list[tuple[Any, Any, Any]] = []
            for raw in pool:
                facts = {} if raw is None else {entity: raw}
                profile = Profile({APPLICANT: {}, **facts}, self.vocabulary)
                lists.append((raw, profile.lists[entity], {}))
            return Variable(entity, LIST + entity, None, tuple(lists))
        year = generate.ON.year + by if name == "revenue" else 0
        key, found = (name, year) if year else name, []
        for raw in pool:
            said = {} if raw is None else {name: {str(year): raw} if year else raw}
            record = Profile({APPLICANT: said}, self.vocabulary).records[APPLICANT]
            found.append((raw, record[key], self.reference.read(name, year, raw)))
        path = f"{APPLICANT}.{name}" + (f".{year}" if year else "")
        return Variable(path, key, (0, name, year), tuple(found))


@lru_cache(maxsize=1)
def both() -> Both:
    """Return the two sides, made once in a process."""
    return Both()


def parameter(name: str, raw: Any) -> names.Parameter:
    """Return a parameter as the loader makes it."""
    if isinstance(raw, list) and isinstance(raw[0], dict):
        dated = [(_quantity(one["value"]), one.get("from"), one.get("until")) for one in raw]
        values = tuple(core.Dated(value[0], since, until) for value, since, until in dated)
        return names.Parameter(name, values, dated[0][0][1])
    if isinstance(raw, list):
        read = [_quantity(one) for one in raw]
        value, kind = tuple(one for one, _ in read), t.Type(read[0][1].kind, many=True)
        return names.Parameter(name, (core.Dated(value),), kind)
    value, kind = _quantity(raw)
    return names.Parameter(name, (core.Dated(value),), kind)


def _quantity(raw: Any) -> tuple[Any, t.Type]:
    if isinstance(raw, str):
        found = read_quantity(raw)
        return (raw, t.TEXT) if found is None else (found.value, QUANTITIES[found.kind])
    return raw, t.COUNT if isinstance(raw, int) else t.DATE
