"""Mutants that mean the same as the rules they were made from, where that is cheaply proved.

A proof here never rests on trying: either the changed rules are equal, or the
engine's own ranges say that the change can never be seen. What is not proved is
not equivalent; whoever wrote the rules may justify it (``[[incentive.accept]]``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.blank import Blank
from incentives.authoring.expressions import of_version, unique, versions_of
from incentives.authoring.rewrite import site_of
from incentives.engine.plan import Plan
from incentives.language import core
from incentives.language.core import DateFunction, Role, Text
from incentives.rulebook.model import Entitlement, LegalStatus, Period
from incentives.values.rounding import Mode
from incentives.values.types import Kind
from incentives.values.unknown import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.mutant import Mutant
    from incentives.language.core import Expr
    from incentives.rulebook.model import RoundingRule, Rules, Version

SAME: Final = Text("改动后规则的含义完全相同", "the changed rules are the same rules")
WHOLE: Final = Text(
    "取整前可能出现的尾数，两种办法取整结果相同",
    "the odd parts that can come to be rounded come out the same either way",
)
EVERYONE: Final = Text("列出的是全部主体类型", "the recipients are every kind there is")
NEVER_BELOW: Final = Text("这个数从来不会小于零", "this is never below zero")
YEARS: Final = Text(
    "适用日期总是年初或年末，期限和分段标准都以整年为界",
    "the date that selects is the first or last of a year, and so is every period",
)
NEVER: Final = Text(
    "本项按其他文件执行、尚未施行或只作历史登记，不按自己的条件判断",
    "the entry is left to other documents, not in force or history: its conditions decide nothing",
)
_UNDECIDED: Final = {Entitlement.BY_REFERENCE, Entitlement.EXPLORATORY}


class Proofs:
    """Proofs about the mutants of one rulebook."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    @cached_property
    def plan(self) -> Plan:
        """The whole rulebook compiled: what a blank profile is evaluated in."""
        return Plan(self.rules)

    @cached_property
    def _blank(self) -> Blank:
        return Blank(self)

    def proof(self, mutant: Mutant) -> Text | None:
        """Return why a mutant means the same as the rules; ``None`` where that is not proved."""
        changed = mutant.apply(self.rules)
        same = all(changed.incentives[n] == self.rules.incentives[n] for n in mutant.users)
        if same and changed.groups == self.rules.groups and changed.splits == self.rules.splits:
            return SAME
        if ".round" in mutant.place and self._rounds_alike(mutant, changed):
            return WHOLE
        if mutant.place == "recipient" and mutant.after is None and self._for_everyone(mutant):
            return EVERYONE
        if self._never_decided(mutant, changed):
            return NEVER
        if self._never_negative(mutant):
            return NEVER_BELOW
        if self._whole_years(mutant, changed):
            return YEARS
        return None

    def _for_everyone(self, mutant: Mutant) -> bool:
        """Say whether the recipients, all left out at once, were every kind there is."""
        kinds = self.rules.vocabulary.facts["applicant", "kind"].choices
        listed = self.rules.incentives[mutant.users[0]].recipient
        return len(set(listed)) == len(kinds) and not mutant.before.startswith('"')

    def _never_decided(self, mutant: Mutant, changed: Rules) -> bool:
        """Say whether only conditions change, of entries that these never decide."""
        return all(
            old == new
            or (old.entitlement in _UNDECIDED and _but_conditions(old, new))
            or (self._is_history(name) and old.period == new.period)
            for name in mutant.users
            for old, new in self._versions(changed, name)
        )

    def _is_history(self, name: str) -> bool:
        document = self.rules.incentives[name].document
        return document.legal_status is LegalStatus.HISTORICAL

    def _versions(self, changed: Rules, name: str) -> Iterator[tuple[Version, Version]]:
        """Yield each version of an incentive with what became of it."""
        return zip(
            versions_of(self.rules.incentives[name]),
            versions_of(changed.incentives[name]),
            strict=True,
        )

    def _rounds_alike(self, mutant: Mutant, changed: Rules) -> bool:
        """Say whether no rounded amount can come out differently."""
        pairs = [
            (old, new)
            for name in mutant.users
            for old, new in self._versions(changed, name)
            if old.amount != new.amount
        ]
        return all(
            _round_alike(node.of, old.rounding, new.rounding)
            for old, new in pairs
            for node in (() if old.amount is None else unique(old.amount))
            if isinstance(node, core.Round) and node.origin and node.origin.role is Role.ROUND
        )

    def _never_negative(self, mutant: Mutant) -> bool:
        node = mutant.node
        role = None if node is None or node.origin is None else node.origin.role
        if role is not Role.NOT_NEGATIVE or not isinstance(node, core.Max):
            return False
        places = list(self._places(mutant, node))
        lows = [
            bounds(value)[0]
            for version, found in places
            for value in self._blank.values(found.of[0], version)
        ]
        return bool(lows) and all(low is not None and low >= 0 for low in lows)

    def _places(self, mutant: Mutant, node: Expr) -> Iterator[tuple[Version, Any]]:
        """Yield each use of a node that a mutant changes, with its version."""
        for name in mutant.users:
            incentive = self.rules.incentives[name]
            site = site_of(node, incentive.document.id)
            for version in versions_of(incentive):
                for found in unique(version.amount) if version.amount is not None else ():
                    if site_of(found, incentive.document.id) == site:
                        yield version, found

    def _whole_years(self, mutant: Mutant, changed: Rules) -> bool:
        """Say whether a change of dates moves nothing across the day that selects a version."""
        return all(
            _selects_alike(old, new)
            for name in mutant.users
            for old, new in self._versions(changed, name)
        )


def _but_conditions(old: Version, new: Version) -> bool:
    return replace(new, conditions=old.conditions) == old


def _selects_alike(old: Version, new: Version) -> bool:
    ends = (_end_of_year(old.dated_by), _end_of_year(new.dated_by))
    if None in ends or _without_dates(old) != _without_dates(new):
        return False
    if old.dated_by != new.dated_by:
        if _year_of(old.dated_by) != _year_of(new.dated_by) or old.period != new.period:
            return False
        return all(_whole_year(period) for period in _periods(old))
    return _same_days(old.period, new.period, at_end=bool(ends[0]))


def _without_dates(version: Version) -> Any:
    same = replace(version, dated_by=None, period=Period(), conditions=(), amount=None, less=None)
    return replace(same, totals=(), applicability=())


def _end_of_year(node: Expr | None) -> bool | None:
    """Say whether a date is always a 31 December; ``None`` if it is neither that nor 1 January."""
    if isinstance(node, core.DateOp):
        if node.function is DateFunction.END_OF:
            return True
        if node.function is DateFunction.START_OF:
            return False
    return None


def _year_of(node: Expr | None) -> Any:
    return node.of if isinstance(node, core.DateOp) else None


def _periods(version: Version) -> Iterator[tuple[date | None, date | None]]:
    yield version.period.since, version.period.until
    for expr in of_version(version):
        for node in unique(expr):
            if isinstance(node, core.Param) and node.by is not None:
                yield from ((dated.since, dated.until) for dated in node.values)


def _whole_year(period: tuple[date | None, date | None]) -> bool:
    since, until = period
    starts = since is None or (since.month, since.day) == (1, 1)
    return starts and (until is None or (until.month, until.day) == (12, 31))


def _same_days(old: Period, new: Period, *, at_end: bool) -> bool:
    """Say whether two periods hold the same last (or first) days of years."""
    edges = [
        (edge, other)
        for edge, other in ((old.since, new.since), (old.until, new.until))
        if edge != other
    ]
    month, day = (12, 31) if at_end else (1, 1)
    years = {
        each.year + step
        for pair in edges
        for each in pair
        if each is not None
        for step in (-1, 0, 1)
    }
    return bool(edges) and all(
        old.holds(date(year, month, day)) is new.holds(date(year, month, day)) for year in years
    )


def _round_alike(node: Expr, old: RoundingRule | None, new: RoundingRule | None) -> bool:
    """Say whether two rules round whatever a node comes to alike."""
    if old is None or new is None:
        return False
    grain = grain_of(node)
    if grain is None:
        return False
    if grain % old.quantum == 0 and grain % new.quantum == 0:
        return True
    if old.quantum != new.quantum:
        return False
    parts = (grain / old.quantum).denominator  # what comes to be rounded, in parts of a quantum
    modes = {old.mode, new.mode}
    if modes == {Mode.HALF_UP, Mode.HALF_EVEN}:
        return parts % 2 == 1  # never half a quantum
    return parts == 2 and modes == {Mode.HALF_UP, Mode.UP}  # half a quantum, or nothing


def grain_of(node: Expr) -> Fraction | None:
    """Return a number that whatever a node comes to is, provably, a whole multiple of.

    In fen for money. ``None`` where no such number is known, or it may be zero.
    """
    match node:
        case core.Const(value):
            return _common([value])
        case core.Param(values=dated):
            return _common([each.value for each in dated])
        case core.Fact(type=kind):
            return Fraction(1) if kind.kind in {Kind.MONEY, Kind.COUNT} else None
        case core.Add(of) | core.Min(of) | core.Max(of):
            return _common([grain_of(part) for part in of])
        case core.Neg(of):
            return grain_of(of)
        case core.Mul(left, right):
            first, second = grain_of(left), grain_of(right)
            return None if first is None or second is None else first * second
        case core.If(_, then, otherwise):
            return _common([grain_of(then), grain_of(otherwise)])
        case core.Pick(rows, otherwise):
            values = [grain_of(value) for _, value in rows]
            return _common(values if otherwise is None else [*values, grain_of(otherwise)])
        case core.UpTo(low, high):
            return _common([grain_of(low), grain_of(high)])
        case core.Round(_, core.Const(step), _):
            return _common([step])
        case core.ReceivedOf() | core.AwardOf():
            return Fraction(1)
        case core.Over(core.Fold.SUM, _, _, body):
            return grain_of(body)
        case _:
            return None


def _common(values: list[Any]) -> Fraction | None:
    """Return the greatest number that divides all of them; zeros are divided by any."""
    numbers = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            return None
        numbers.append(Fraction(value))
    below = lcm(*(number.denominator for number in numbers))
    above = gcd(*(int(number * below) for number in numbers))
    return Fraction(above, below) if above else _ANY


_ANY: Final = Fraction(10**9)
"""What a zero is a multiple of: anything, and so this."""
