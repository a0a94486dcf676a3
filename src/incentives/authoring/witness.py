"""Facts that tell changed rules from the rules as they stand, found near the existing cases.

From the facts of a case one fact is changed at a time, then two: truth values
turned round, every word of a choice, money at and around the figures of the
rules, days before and after each date, another region. The first change on
which the two rulebooks differ becomes a suggested case.

Not promised: that there is none where none is found. The law kept: what the
suggested case expects comes from the rules as they stand, and a person has to
read the clause before it proves anything.
"""

from __future__ import annotations

import itertools
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.case_text import yuan
from incentives.authoring.cases import found_under, run_of_case
from incentives.authoring.edits import fen_of, places, put
from incentives.authoring.expressions import of_version, unique, versions_of
from incentives.authoring.neighbours import figure_text
from incentives.diagnostics import IncentivesError
from incentives.engine.results import Decision
from incentives.language import core
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from incentives.authoring.bench import Bench
    from incentives.authoring.mutant import Mutant
    from incentives.engine.plan import Plan
    from incentives.language.core import Expr
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Case, Rules

MAX_TRIES: Final = 400
MAX_PAIRED: Final = 24
MAX_AMOUNTS: Final = 80
_KEYS: Final = ("status", "reason", "amount", "low", "high", "failed", "funding")
_DAY: Final = timedelta(days=1)
_ODD_FEN: Final = (1, 12_345_678, 12_345_685, 100_000_005, 1_234_567_815, 99_999_999_999)
_FACTORS: Final = (2, 10, 1000)


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that is not written yet: what the rules give, what the changed rules would give.

    ``near`` is the case whose facts it started from.
    """

    incentive: str
    near: str
    on: date
    facts: Mapping[str, Any]
    reading: str | None
    assume_no_history: bool
    gives: Mapping[str, Any]
    instead: Mapping[str, Any]

    @property
    def differs(self) -> tuple[str, ...]:
        """The keys of ``expect`` that tell the two apart, the most telling first."""
        return tuple(key for key in self.gives if self.gives[key] != self.instead[key])


Edit = tuple[tuple[str | int, ...], Any]
"""A path into the facts of a case (``("on",)`` for its date) and what to put there."""


def find_witness(bench: Bench, mutant: Mutant) -> Witness | None:
    """Return facts and a date on which a mutant differs from the rules, if any is found."""
    changed = mutant.apply(bench.rules)
    tries = itertools.count()
    about = frozenset(_facts_of(mutant.node)) | frozenset(_facts_of(mutant.changed))
    for name in bench.audience(mutant):
        search = _Search(bench, changed, name, about)
        for case in _starts(bench, name, mutant):
            for edited in search.near(case):
                found = search.differs(case, edited)
                if found is not None:
                    return found
                if next(tries) > MAX_TRIES:
                    return None
    return None


def _starts(bench: Bench, incentive: str, mutant: Mutant) -> list[Case]:
    """Return the cases to start from: of the reading that is changed, and eligible ones first."""
    cases = [c for c in bench.rules.incentives[incentive].cases if id(c) not in bench.failing]
    reading = mutant.place.split(".")[1] if mutant.place.startswith("reading.") else None
    own = [replace(case, reading=reading) for case in cases if case.reading is None]
    mine = [case for case in cases if case.reading == reading]
    order = [*mine, *(own if reading is not None else ())]
    return sorted(order, key=lambda case: case.expect.get("status") != "eligible")


def _facts_of(node: Expr | None) -> Iterator[tuple[str, str]]:
    """Yield the facts that a changed expression reads: they are tried first."""
    for each in () if node is None else unique(node):
        if isinstance(each, core.Fact):
            yield each.entity, each.name


class _Search:
    """A search for one mutant and one incentive that may show it."""

    def __init__(
        self, bench: Bench, changed: Rules, incentive: str, about: frozenset[tuple[str, str]]
    ) -> None:
        self.about = about
        self.rules = bench.rules
        self.before = bench.plan(incentive)
        self.after = bench.plan_of(changed, incentive)
        self.incentive = incentive
        self.figures = Figures(self.rules, incentive)
        self.other = Figures(changed, incentive)

    def differs(self, case: Case, edits: tuple[Edit, ...]) -> Witness | None:
        """Return a witness if the two rulebooks decide the edited case differently."""
        facts, on = deepcopy(dict(case.facts)), case.on
        for path, value in edits:
            if path == ("on",):
                on = value
            else:
                put(facts, path, value)
        edited = replace(case, facts=facts, on=on)
        try:
            gives, instead = self._found(self.before, edited), self._found(self.after, edited)
        except IncentivesError:
            return None
        if gives == instead:
            return None
        return Witness(
            self.incentive, case.name, on, facts, case.reading, case.assume_no_history,
            gives, instead,
        )  # fmt: skip

    def _found(self, plan: Plan, case: Case) -> Mapping[str, Any]:
        """Return what a case comes to, but for the facts it waits for: those are dear to find."""
        decision = Decision(plan.rules.incentives[case.incentive], run_of_case(plan, case))
        return {key: found_under(decision, key) for key in _KEYS}

    def near(self, case: Case) -> Iterator[tuple[Edit, ...]]:
        """Yield the edits of a case to try: none, single ones, then pairs."""
        yield ()
        single = list(self.edits(case))
        for edit in single:
            yield (edit,)
        few = single[:MAX_PAIRED]
        for first, second in itertools.combinations(few, 2):
            if first[0] != second[0]:
                yield (first, second)

    def edits(self, case: Case) -> Iterator[Edit]:
        """Yield the single edits of a case."""
        facts = self.rules.vocabulary.facts
        read = sorted(
            self.figures.read(case.on).items(), key=lambda pair: (pair[0] not in self.about, pair)
        )
        if not self.about:
            yield from self._days(case)
        for (entity, name), years in read:
            spec = facts[entity, name]
            for path, value in places(case.facts, spec, years):
                for new in self._values(case, spec, value):
                    yield path, new

        if self.about:
            yield from self._days(case)

    def _days(self, case: Case) -> Iterator[Edit]:
        for day in sorted(self.figures.days(case.on) | self.other.days(case.on)):
            yield ("on",), day

    def _values(self, case: Case, spec: FactSpec, value: Any) -> list[Any]:
        every = [
            *self.figures.near(spec, value, case.facts),
            *self.other.near(spec, value, case.facts),
        ]
        seen = {repr(value)}
        found = []
        for each in every:
            if repr(each) not in seen:
                seen.add(repr(each))
                found.append(each)
        return found


class Figures:
    """The figures, dates and facts in the expressions of an incentive."""

    def __init__(self, rules: Rules, incentive: str) -> None:
        self.money: set[int] = set()
        self.ratios: set[Fraction] = set()
        self.counts: set[int] = set()
        self.dates: set[date] = set()
        self.regions: set[str] = {"110000", "640100", "150500", "640000"}
        self.facts: dict[tuple[str, str], set[int]] = {}
        entry = rules.incentives[incentive]
        for version in versions_of(entry):
            self.dates |= {d for d in (version.period.since, version.period.until) if d}
            for expr in of_version(version):
                for node in unique(expr):
                    self._note(node)

    def _note(self, node: Any) -> None:
        match node:
            case core.Const(value, kind):
                self._figure(value, kind.kind)
            case core.Param(_, values, kind):
                for dated in values:
                    self.dates |= {d for d in (dated.since, dated.until) if d}
                    parts = dated.value if isinstance(dated.value, tuple) else (dated.value,)
                    for part in parts:
                        self._figure(part, kind.kind)
            case core.Fact(_, entity, name, _, year):
                offsets = self.facts.setdefault((entity, name), set())
                if year is not None:
                    offsets |= {-part.of.value for part in getattr(year, "of", ())
                                if isinstance(part, core.Neg) and isinstance(part.of, core.Const)
                                and isinstance(part.of.value, int)} or {0}  # fmt: skip

    def _figure(self, value: Any, kind: Kind) -> None:
        if isinstance(value, bool):
            return
        if isinstance(value, date):
            self.dates.add(value)
        elif isinstance(value, str) and kind is Kind.REGION:
            self.regions.add(value)
        elif kind is Kind.MONEY and isinstance(value, int):
            self.money.add(value)
        elif kind is Kind.RATIO and isinstance(value, int | Fraction):
            self.ratios.add(Fraction(value))
        elif kind is Kind.COUNT and isinstance(value, int):
            self.counts.add(value)

    def days(self, on: date) -> set[date]:
        """Return days around every date mentioned, and the ends of neighbouring years."""
        found = {day + step for day in self.dates for step in (-_DAY, 0 * _DAY, _DAY)}
        found |= {date(on.year + step, 6, 1) for step in (-3, -2, -1, 1, 2, 3)}
        return found - {on}

    def read(self, on: date) -> dict[tuple[str, str], list[int]]:
        """Return the facts that are read, each with the years of a series that are."""
        return {
            key: [on.year + offset for offset in sorted(offsets)]
            for key, offsets in self.facts.items()
        }

    def near(self, spec: FactSpec, value: Any, facts: Mapping[str, Any]) -> list[Any]:
        """Return raw values of a fact, as a profile states them, worth trying."""
        match spec.type.kind:
            case Kind.BOOL:
                return [not value] if isinstance(value, bool) else [True, False]
            case Kind.CHOICE:
                return list(spec.choices)
            case Kind.REGION:
                return sorted(self.regions)
            case Kind.DATE:
                return self._days_near(value)
            case Kind.COUNT:
                own = [value] if isinstance(value, int) else []
                found = {n + s for n in (*self.counts, *own) for s in (-1, 0, 1)} | {0}
                found |= {n * 10 for n in own}
                return sorted(n for n in found if n >= 0)
            case Kind.RATIO:
                found_ratios = {r + s for r in self.ratios for s in (0, Fraction(1, 10**4))}
                found_ratios |= {r - Fraction(1, 10**4) for r in self.ratios} | {Fraction(0)}
                return [figure_text(r, spec.type) for r in sorted(found_ratios) if r >= 0]
            case Kind.MONEY:
                return self._amounts_near(value, facts)
            case _:
                return []

    def _days_near(self, value: Any) -> list[date]:
        own = [value] if isinstance(value, date) else []
        found = {day + step for day in (*self.dates, *own) for step in (-_DAY, 0 * _DAY, _DAY)}
        for day in own:
            found |= {date(day.year + s, 6, 1) for s in (-5, -3, -2, -1, 1, 2, 3)}
        return sorted(found)

    def _amounts_near(self, value: Any, facts: Mapping[str, Any]) -> list[str]:
        stated = sorted(set(_money_in(facts)))
        own = fen_of(value)
        bases = [Fraction(fen) for fen in (*self.money, *stated)]
        found = {Fraction(0), *bases}
        for base, ratio in itertools.product(bases, self.ratios):
            found |= {base * ratio, base / ratio} if ratio else {base}
        if own is not None:
            found |= {Fraction(own * factor) for factor in _FACTORS}
        fens = {fen + step for x in found for fen in (int(x), int(x) + 1) for step in (-1, 0, 1)}
        first = [fen + step for fen in sorted(self.money) for step in (0, -1, 1)]
        near = sorted(fens, key=lambda fen: (abs(fen - (own or 0)), fen))[:MAX_AMOUNTS]
        return [yuan(fen) for fen in (*first, *near, *_ODD_FEN) if fen >= 0]


def _money_in(facts: Any) -> Iterator[int]:
    """Yield every amount that a profile states."""
    match facts:
        case dict():
            for part in facts.values():
                yield from _money_in(part)
        case list() | tuple():
            for part in facts:
                yield from _money_in(part)
        case str() if (fen := fen_of(facts)) is not None:
            yield fen
