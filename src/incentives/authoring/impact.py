"""Who gains and who loses by a change of the rules, and who pays for it.

Profiles are assessed under both rulebooks on one day. Compared are the amounts
that enter totals (money to the applicant, law, after groups), incentive by
incentive. An amount that is not one figure on either side is left out of the
sums, and its profile is marked as open: nothing is guessed into a budget.

The laws kept here: the changes by incentive, by payer and by profile add up to
the same sum, to the fen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.outcome import Status
from incentives.explain.words import money, money_range
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from incentives.engine.results import Assessment, Decision
    from incentives.language.core import Text

NOT_STATED: Final = ""
"""The payer of what no split says who pays; also of a locality that is not known."""

_LIVE: Final = {Status.ELIGIBLE, Status.UNDETERMINED}
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Open:
    """An incentive whose amount is not one figure on either side, with what it may be.

    ``touched``: the change of rules may change it, even where its range stays.
    """

    incentive: str
    old: Text
    new: Text
    touched: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One profile: the sums of what is known on both sides, in fen, and what stays open.

    ``open`` holds the incentives whose amount is not one figure on either side;
    ``problem`` says why the profile could not be assessed under one of the rulebooks.
    """

    name: str
    old: int = 0
    new: int = 0
    open: tuple[Open, ...] = ()
    problem: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether something that is not one figure may come to more, or to less, than before."""
        return any(one.touched or one.old != one.new for one in self.open)

    @property
    def change(self) -> int:
        """By how much it gains, in fen; negative if it loses."""
        return self.new - self.old


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change of rules does to some profiles; sums by incentive and by payer are in fen."""

    rows: tuple[Row, ...]
    incentives: dict[str, tuple[int, int]]
    payers: dict[str, tuple[int, int]]

    @property
    def gain(self) -> int:
        """What those gain who gain, in fen."""
        return sum(row.change for row in self.rows if row.change > 0)

    @property
    def loss(self) -> int:
        """What those lose who lose, in fen, as a positive number."""
        return -sum(row.change for row in self.rows if row.change < 0)

    def count(self, sign: int) -> int:
        """Return how many gain (1), lose (-1) or stay (0) for certain."""
        read = [row for row in self.rows if row.problem is None and (row.change or not row.is_open)]
        return sum((row.change > 0) - (row.change < 0) == sign for row in read)

    @property
    def open(self) -> int:
        """How many have an amount that is not one figure, and may change."""
        return sum(row.is_open for row in self.rows)

    def to_dict(self) -> Data:
        """Return the impact as JSON data, amounts in yuan as texts."""
        return {
            "gain": yuan(self.gain),
            "loss": yuan(self.loss),
            "profiles": [
                {
                    "name": row.name, "old": yuan(row.old), "new": yuan(row.new),
                    "change": yuan(row.change), "problem": row.problem,
                    "open": [one.incentive for one in row.open],
                }
                for row in self.rows
            ],
            "incentives": _sides(self.incentives),
            "payers": _sides(self.payers),
        }  # fmt: skip


def yuan(fen: int) -> str:
    """Return an amount in yuan as a text with two decimals."""
    return format(Money(fen), "plain")


def _sides(sums: dict[str, tuple[int, int]]) -> Data:
    return {
        name: {"old": yuan(old), "new": yuan(new), "change": yuan(new - old)}
        for name, (old, new) in sorted(sums.items())
        if old or new
    }


@dataclass(frozen=True, slots=True)
class Pair:
    """A profile assessed under both rulebooks; or why it could not be."""

    name: str
    old: Assessment | None
    new: Assessment | None
    problem: str | None = None


def impact(pairs: Iterable[Pair], touched: Container[str] | None = None) -> Impact:
    """Return what a change of rules does to profiles.

    Args:
        pairs: each profile assessed under both.
        touched: the incentives that the change may concern; default: all.
    """
    rows = []
    by_incentive = (Counter[str](), Counter[str]())
    by_payer = (Counter[str](), Counter[str]())
    for pair in pairs:
        if pair.old is None or pair.new is None:
            rows.append(Row(pair.name, problem=pair.problem))
            continue
        sides = _counted(pair.old), _counted(pair.new)
        open_ = {name for side in sides for name, one in side.items() if one.amount is None}
        sums = [0, 0]
        for at, side in enumerate(sides):
            for name, decision in side.items():
                if name not in open_:
                    fen = decision.amount.fen if decision.amount is not None else 0
                    sums[at] += fen
                    by_incentive[at][name] += fen
                    by_payer[at].update(_paid_by(decision, fen))
        left = []
        for name in sorted(open_):
            before, after = (_range(side.get(name)) for side in sides)
            left.append(Open(name, before, after, touched is None or name in touched))
        rows.append(Row(pair.name, sums[0], sums[1], tuple(left)))
    return Impact(tuple(rows), _joined(*by_incentive), _joined(*by_payer))


def _counted(assessment: Assessment) -> dict[str, Decision]:
    """Return the decisions that give the applicant money by law, or may."""
    return {
        one.incentive: one
        for one in assessment
        if one.rule.is_monetary and not one.is_draft and one.status in _LIVE
    }


def _range(decision: Decision | None) -> Text:
    """Return what a decision may come to, in words."""
    found = None if decision is None else decision.range
    if found is None:
        return money(0)
    return money_range(found.low.fen, None if found.high is None else found.high.fen)


def _paid_by(decision: Decision, fen: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    for part in decision.funding:
        found[part.payer or NOT_STATED] += part.amount.fen
    return dict(found) if found else {NOT_STATED: fen}


def _joined(old: Counter[str], new: Counter[str]) -> dict[str, tuple[int, int]]:
    return {name: (old[name], new[name]) for name in sorted({*old, *new})}
