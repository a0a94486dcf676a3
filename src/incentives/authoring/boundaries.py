"""Cases at the figures of the rules: on each threshold, just below and just above it.

A threshold is what ``thresholds`` says it is: a comparison with a figure, a cap,
a floor, an edge of bands; and the first and last days of a period. For each,
one fact of an existing case is moved to where the two sides meet, found by
halving, and the engine says what comes out there.

The law kept: what is suggested is no proof before a person has read the clause;
every suggestion says so. A threshold that a case of the file already stands at
is passed over, side by side.

Not promised: a suggestion for every threshold. A figure inside a comprehension,
or one that no single stated fact can reach, is left to whoever writes cases.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.bench import Bench
from incentives.authoring.cases import found_under, run_of_case
from incentives.authoring.edits import number_of, places, put, raw_of
from incentives.authoring.expressions import unique
from incentives.authoring.thresholds import thresholds_in
from incentives.diagnostics import IncentivesError
from incentives.engine.compile import compile_expr, item_scope
from incentives.engine.environment import LIST
from incentives.engine.results import Decision
from incentives.explain.names import type_of
from incentives.language import core
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from incentives.engine.assess import Run
    from incentives.language.core import Expr
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Case, Incentive, Rules, Version

KEYS: Final = ("status", "reason", "amount", "low", "high", "failed")
_DAY: Final = timedelta(days=1)
_MOST: Final = {Kind.MONEY: 10**14, Kind.COUNT: 10**7, Kind.DATE: date(2060, 1, 1).toordinal()}
_LEAST: Final = {Kind.MONEY: 0, Kind.COUNT: 0, Kind.DATE: date(1980, 1, 1).toordinal()}


class Side(StrEnum):
    """Where a case stands: on the figure, or next to it."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A suggested case: what it is about, and what the engine gives there.

    ``about`` is the figure as written, or the day; ``near`` the case whose other
    facts it takes; ``fact`` the path of the one that was moved (``on``: the date).
    """

    incentive: str
    clause: str
    about: str
    side: Side
    fact: str
    value: str
    near: Case
    case: Case
    gives: Mapping[str, Any]


def boundaries(rules: Rules, only: Iterable[str] | None = None) -> tuple[Boundary, ...]:
    """Return suggested cases for the incentives ``only`` names, or all, by id."""
    bench = Bench(rules)
    names = sorted(rules.incentives if only is None else only)
    return tuple(
        found for name in names for found in _Boundaries(bench, rules.incentives[name]).found()
    )


class _Boundaries:
    def __init__(self, bench: Bench, incentive: Incentive) -> None:
        self.bench = bench
        self.incentive = incentive
        self.plan = bench.plan(incentive.id)
        cases = [c for c in incentive.cases if c.reading is None and id(c) not in bench.failing]
        self.cases = sorted(cases, key=lambda case: case.expect.get("status") != "eligible")

    def found(self) -> Iterator[Boundary]:
        """Yield the suggestions for every threshold and period."""
        if not self.cases:
            return
        seen: set[tuple[int, str]] = set()
        for version in self.incentive.versions:
            roots = [condition.test for condition in version.conditions]
            roots += [] if version.amount is None else [version.amount]
            done: set[Any] = set()
            for root in roots:
                for key, node in thresholds_in(root, self.incentive.document.id, "", seen):
                    if key not in done:
                        done.add(key)
                        yield from self._of_threshold(version, node)
            yield from self._of_period(version)

    # ── figures ──────────────────────────────────────────────────────────────

    def _of_threshold(self, version: Version, node: Any) -> Iterator[Boundary]:
        sides = _sides(node)
        kind = type_of(sides[0]) or type_of(sides[1])
        if kind is None or kind.kind not in {*_MOST, Kind.RATIO}:
            return
        meter = _Meter(self, version, sides, kind.kind)
        lacking = set(Side) - {
            side for case in self.cases for side in meter.sides_of(case) if side is not None
        }
        for base in self.cases:
            if not lacking:
                return
            for path, spec, value in _movable(self.bench.rules, base, node):
                for number in meter.meeting(base, path, spec, value):
                    edited = _with(base, path, raw_of(number, spec.type.kind))
                    for side in meter.sides_of(edited):
                        if side in lacking:
                            lacking.discard(side)
                            shown = raw_of(number, spec.type.kind)
                            yield self._boundary(
                                base, edited, side, _written(node), _dotted(path), str(shown)
                            )

    def _boundary(
        self, base: Case, edited: Case, side: Side, about: str, fact: str, value: str
    ) -> Boundary:
        decision = Decision(self.incentive, run_of_case(self.plan, edited))
        gives = {key: found_under(decision, key) for key in KEYS}
        return Boundary(
            self.incentive.id, decision.version.clause, about, side, fact, value, base, edited,
            gives,
        )  # fmt: skip

    # ── days ─────────────────────────────────────────────────────────────────

    def _of_period(self, version: Version) -> Iterator[Boundary]:
        """Yield the first and last days of a period, and the days outside."""
        if version.dated_by is not None:
            return
        days = {case.on for case in self.cases}
        period = version.period
        wanted: list[tuple[date, Side, str]] = []
        if period.since is not None:
            wanted += [(period.since - _DAY, Side.BELOW, f"from {period.since}"),
                       (period.since, Side.AT, f"from {period.since}")]  # fmt: skip
        if period.until is not None:
            wanted += [(period.until, Side.AT, f"until {period.until}"),
                       (period.until + _DAY, Side.ABOVE, f"until {period.until}")]  # fmt: skip
        for day, side, about in wanted:
            if day not in days:
                days.add(day)
                base = self.cases[0]
                edited = replace(base, on=day)
                yield self._boundary(base, edited, side, about, "on", day.isoformat())


def _sides(node: Any) -> tuple[Expr, Expr]:
    if isinstance(node, core.Compare):
        return node.left, node.right
    return node.of[0], node.of[1]


class _Meter:
    """How far apart the two sides of a threshold are, for a case."""

    def __init__(
        self, owner: _Boundaries, version: Version, sides: tuple[Expr, Expr], kind: Kind
    ) -> None:
        self.owner = owner
        self.version = version
        self.kind = kind
        self.left, self.right = map(compile_expr, sides)

    def sides_of(self, case: Case) -> list[Side | None]:
        """Return where a case stands, item by item; ``None`` where it is not close."""
        return [_side(*pair, self.kind) for pair in self._pairs(case)]

    def apart(self, case: Case, item: int) -> Any:
        """Return left less right for one item, ``None`` where that is not known."""
        found = dict(enumerate(self._pairs(case)))
        return None if item not in found else _difference(*found[item])

    def _pairs(self, case: Case) -> list[tuple[Any, Any]]:
        incentive = self.owner.incentive
        try:
            done = run_of_case(self.owner.plan, case)
            outcome = done.outcomes[incentive.id]
        except IncentivesError:
            return []
        if incentive.each is None:
            held = outcome.version is self.version
            return [self._pair(dict(done.env), [])] if held else []
        return self._of_items(done, incentive.each, {p.index: p.version for p in outcome.items})

    def _of_items(self, done: Run, each: str, versions: Mapping[int, Any]) -> list[tuple[Any, Any]]:
        found = []
        for index, record in enumerate(done.env[LIST + each] or ()):
            env = dict(done.env)
            item_scope(env, each, index, record)
            found.append(self._pair(env, [versions.get(index) is self.version]))
        return found

    def _pair(self, env: Any, holds: list[bool]) -> tuple[Any, Any]:
        if not all(holds):
            return None, None
        try:
            return self.left(env), self.right(env)
        except KeyError:  # the name of a comprehension, which only stands inside it
            return None, None

    def meeting(
        self, base: Case, path: tuple[str | int, ...], spec: FactSpec, value: Any
    ) -> list[int]:
        """Return the numbers around the one at which the order of the two sides turns."""
        kind = spec.type.kind
        now = number_of(value, kind)
        item = int(path[1]) if len(path) > 2 and isinstance(path[1], int) else 0
        if now is None or self.owner.incentive.each is None:
            item = 0
        if now is None:
            return []

        def rises(number: int) -> bool | None:
            apart = self.apart(_with(base, path, raw_of(number, kind)), item)
            return None if apart is None else apart >= 0

        low, high = _LEAST[kind], _MOST[kind]
        while rises(high) is None and high > max(now, 1):
            high = max(high // 10, now)
        first, last = rises(low), rises(high)
        if first is None:
            low, first = now, rises(now)
        if first is None or last is None or first is last:
            return []
        while high - low > 1:
            middle = (low + high) // 2
            if rises(middle) is first:
                low = middle
            else:
                high = middle
        return [n for n in (high, low, high + 1, low - 1) if n >= _LEAST[kind]]


def _side(left: Any, right: Any, kind: Kind) -> Side | None:
    apart = _difference(left, right)
    if apart is None:
        return None
    step = abs(Fraction(right)) / 100 if kind is Kind.RATIO else 1
    if apart == 0:
        return Side.AT
    if abs(apart) > step:
        return None
    return Side.ABOVE if apart > 0 else Side.BELOW


def _difference(left: Any, right: Any) -> Any:
    if left is None or right is None or isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if isinstance(left, date) and isinstance(right, date):
        return (left - right).days
    return left - right


def _movable(
    rules: Rules, case: Case, node: Expr
) -> Iterator[tuple[tuple[str | int, ...], FactSpec, Any]]:
    """Yield the stated facts that a threshold reads and that have an order."""
    seen: set[Any] = set()
    for each in unique(node):
        if not isinstance(each, core.Fact) or each.type.kind not in _MOST:
            continue
        spec = rules.vocabulary.facts.get((each.entity, each.name))
        if spec is None or (each.entity, each.name) in seen:
            continue
        seen.add((each.entity, each.name))
        for path, value in places(case.facts, spec, []):
            if value is not None:
                yield path, spec, value


def _with(case: Case, path: tuple[str | int, ...], value: Any) -> Case:
    facts = deepcopy(dict(case.facts))
    put(facts, path, value)
    return replace(case, facts=facts)


def _written(node: Any) -> str:
    from incentives.authoring.slips import shown

    if isinstance(node, core.Compare):
        return shown(node)
    return shown(node.of[1])


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
