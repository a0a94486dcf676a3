"""Which facts a form asks for: those that the chosen incentives can read on a day.

What an incentive reads is read off its checked expressions, with those of the
incentives it depends on and of its other readings. Years are worked out where they
follow from the day alone; where they follow from a fact, the form offers the last four.

The trap: leaving a fact out never makes an answer wrong, only open: what the form does
not ask stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from incentives.engine.plan import Plan
from incentives.engine.reads import expressions
from incentives.language import core
from incentives.language.core import DateFunction, Per
from incentives.language.names import APPLICANT, DECIDED, RECEIVED
from incentives.language.walk import children
from incentives.rulebook.model import Entitlement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from incentives.language.core import Expr
    from incentives.rulebook.model import Incentive, Rules, Version

Name = tuple[str, str]
Years = frozenset[int]

_ALWAYS: Final = ("kind", "name", "uscc", "region")
_USUAL_YEARS: Final = 4
_CEILINGS: Final = {Entitlement.UP_TO, Entitlement.CASE_BY_CASE}


@dataclass(slots=True)
class Needed:
    """Facts by entity and name, and for yearly ones the years."""

    facts: set[Name] = field(default_factory=set)
    years: dict[Name, set[int]] = field(default_factory=dict)

    def add(self, name: Name, years: Iterable[int] = ()) -> None:
        """Ask for a fact, and for these years of it."""
        self.facts.add(name)
        self.years.setdefault(name, set()).update(years)


def needed(rules: Rules, on: date, only: Iterable[str] | None = None) -> Needed:
    """Return what the chosen incentives, or all of them, read on a day.

    Args:
        rules: the rulebook.
        on: the date of assessment: it selects versions and years.
        only: ids of the incentives; ``None`` for all.
    """
    plan = Plan(rules)
    chosen = set(rules.incentives if only is None else only)
    for name in tuple(chosen):
        chosen |= set(plan.needs(name))
    found = Needed()
    for name in _ALWAYS:
        if (APPLICANT, name) in rules.vocabulary.facts:
            found.add((APPLICANT, name))
    walker = _Walker(found, on)
    for name in sorted(chosen):
        incentive = rules.incentives[name]
        for version in _versions(incentive, on):
            _read(version, walker)
            _lists(version, rules, found)
    for entity, spec in rules.vocabulary.entities.items():
        if spec.key is not None and any(owner == entity for owner, _ in found.facts):
            found.add((entity, spec.key))
    return found


def _versions(incentive: Incentive, on: date) -> Iterator[Version]:
    """Yield the versions that a form filled in for a day may be assessed under."""
    for versions in (incentive.versions, *(each.versions for each in incentive.readings)):
        for version in versions:
            if version.dated_by is not None or version.period.holds(on):
                yield version


def _read(version: Version, walker: _Walker) -> None:
    for expr, _ in expressions(version):
        walker.walk(expr)
    for instalment in version.instalments:
        for part in (instalment.since, instalment.until, instalment.when):
            if part is not None:
                walker.walk(part)


def _lists(version: Version, rules: Rules, found: Needed) -> None:
    """Ask for the built-in lists where payments or decisions made earlier count."""
    facts = rules.vocabulary.facts
    past = version.once is not None or any(
        total.per in {Per.YEAR, Per.LIFETIME} for total in version.totals
    )
    if past:
        for name in (key for key in facts if key[0] == RECEIVED):
            found.add(name)
    if version.entitlement in _CEILINGS:
        for name in (key for key in facts if key[0] == DECIDED):
            found.add(name)
    if version.each is not None and not any(owner == version.each for owner, _ in found.facts):
        spec = rules.vocabulary.entities[version.each]
        first = next((key for key in facts if key[0] == version.each), None)
        if spec.key is None and first is not None:
            found.add(first)


class _Walker:
    """Walks expressions once, keeping which years a comprehension is at."""

    def __init__(self, found: Needed, on: date) -> None:
        self.found = found
        self.on = on
        self.usual = frozenset(range(on.year - _USUAL_YEARS + 1, on.year + 1))
        self.seen: set[tuple[int, tuple[tuple[str, Years], ...]]] = set()
        self.kept: list[Expr] = []  # so that no id is used again

    def walk(self, node: Expr, bound: tuple[tuple[str, Years], ...] = ()) -> None:
        """Note every fact below a node."""
        if (id(node), bound) in self.seen:
            return
        self.seen.add((id(node), bound))
        self.kept.append(node)
        match node:
            case core.Fact(entity=entity, name=name, year=year):
                years = (self.years(year, dict(bound)) or self.usual) if year is not None else ()
                self.found.add((entity, name), years)
            case core.ReceivedOf():
                for fact in ("incentive", "amount", "year", "item"):
                    self.found.add((RECEIVED, fact))
            case core.Over(source=core.Years(start, stop), name=name):
                first, last = self.years(start, dict(bound)), self.years(stop, dict(bound))
                span = frozenset(range(min(first), max(last))) if first and last else self.usual
                bound = (*bound, (name, span))
        for child in children(node):
            self.walk(child, bound)

    def years(self, node: Expr, bound: dict[str, Years]) -> Years | None:
        """Return the years a node can be on the day; ``None`` where facts decide."""
        match node:
            case core.Const(value) if isinstance(value, int):
                return frozenset({value})
            case core.Var(name):
                return bound.get(name)
            case core.DateOp(DateFunction.YEAR_OF, (core.On(),)):
                return frozenset({self.on.year})
            case core.Neg(of):
                inner = self.years(of, bound)
                return None if inner is None else frozenset(-year for year in inner)
            case core.Add(parts):
                sums = frozenset({0})
                for part in parts:
                    more = self.years(part, bound)
                    if more is None:
                        return None
                    sums = frozenset(one + other for one in sums for other in more)
                return sums
            case _:
                return None
