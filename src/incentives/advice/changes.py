"""What a change of facts would do: the results of *what if*, as frozen data.

Amounts are in fen inside, and texts in yuan with two decimals in ``to_dict``, as
in the JSON contract of ``check``. ``explain`` gives the structure that every
printer takes.

The trap: a ceiling is never added to an entitlement. Only ``Impact`` with an
exact ``difference`` enters ``gained`` and ``lost``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.values.money import Money, format_fen
from incentives.values.quantity import format_ratio
from incentives.values.types import Kind

if TYPE_CHECKING:
    from incentives.engine.amounts import MoneyRange
    from incentives.engine.curve import BreakKind
    from incentives.engine.outcome import Status
    from incentives.language.core import Text
    from incentives.language.names import FactSpec


@dataclass(frozen=True, slots=True)
class Change:
    """One fact and the value it would have.

    ``before`` is ``None`` where the fact is not known yet: then the change is to
    learn it. ``also`` are further values that do just the same; of an ordered
    fact to be learnt, ``until`` is the last value that does (``None``: no end).
    """

    path: str
    fact: Text
    spec: FactSpec
    before: Any
    after: Any
    also: tuple[Any, ...] = ()
    until: Any = None

    @property
    def size(self) -> Any:
        """How far the value moves (fen, units, ratios, days); ``None`` without a distance."""
        if self.before is None or self.spec.type.kind in {
            Kind.BOOL, Kind.CHOICE, Kind.TEXT, Kind.REGION, Kind.INDUSTRY,
        }:  # fmt: skip
            return None
        if isinstance(self.after, date):
            return (self.after - self.before).days
        return self.after - self.before

    def to_dict(self) -> dict[str, Any]:
        """Return the change for JSON."""
        size = self.size
        days = self.spec.type.kind is Kind.DATE
        return {
            "fact": self.path,
            "label": {"zh": self.fact.zh, "en": self.fact.get("en")},
            "from": plain(self.before, self.spec),
            "to": plain(self.after, self.spec),
            "also": [plain(value, self.spec) for value in self.also],
            "until": plain(self.until, self.spec),
            "change": size if days else plain(size, self.spec),
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """What becomes of one incentive: its status and its range, before and after.

    ``difference`` is in fen, ``None`` where either amount is a range or a
    ceiling. ``counts`` says that the money is the applicant's own: it enters totals.
    """

    incentive: str
    name: Text
    before: Status
    after: Status
    range_before: MoneyRange | None
    range_after: MoneyRange | None
    difference: int | None
    ceiling: bool
    counts: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the impact for JSON."""
        return {
            "incentive": self.incentive,
            "name": {"zh": self.name.zh, "en": self.name.get("en")},
            "status": {"from": str(self.before), "to": str(self.after)},
            "range": {"from": range_data(self.range_before), "to": range_data(self.range_after)},
            "change": yuan(self.difference),
            "ceiling": self.ceiling,
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """A change assessed with the whole rulebook: this incentive, and every other it moves."""

    own: Impact
    others: tuple[Impact, ...]

    @property
    def gained(self) -> int:
        """What is gained in all, in fen: exact amounts paid to the applicant."""
        return sum(each for each in self._differences() if each > 0)

    @property
    def lost(self) -> int:
        """What is lost in all, in fen, as a positive figure."""
        return -sum(each for each in self._differences() if each < 0)

    @property
    def is_worse(self) -> bool:
        """Whether more is lost than gained."""
        return self.lost > self.gained

    def _differences(self) -> list[int]:
        every = (self.own, *self.others)
        return [each.difference for each in every if each.counts and each.difference is not None]

    def to_dict(self) -> dict[str, Any]:
        """Return the effect for JSON."""
        return {
            "own": self.own.to_dict(),
            "others": [each.to_dict() for each in self.others],
            "gained": yuan(self.gained),
            "lost": yuan(self.lost),
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Facts to change or to learn together, and what that does."""

    changes: tuple[Change, ...]
    effect: Effect

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion for JSON."""
        return {
            "changes": [change.to_dict() for change in self.changes],
            "effect": self.effect.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the award over one figure bends or jumps: at ``at``, and what it is on either side.

    ``slope`` holds from there on; ``loses`` says that the incentive is lost there.
    """

    kind: BreakKind
    at: Any
    before: int
    after: int
    slope: Fraction
    loses: bool

    def to_dict(self, spec: FactSpec) -> dict[str, Any]:
        """Return the turn for JSON."""
        return {
            "kind": str(self.kind),
            "at": plain(self.at, spec),
            "before": yuan(self.before),
            "after": yuan(self.after),
            "slope": slope_text(self.slope, spec),
        }


@dataclass(frozen=True, slots=True)
class Worth:
    """What more of one figure is worth: the slope now, and every bend and jump.

    ``slope`` is yuan for each yuan (of a count: yuan for each unit); ``step`` is
    one 万元 (one unit) more, and ``effect`` what that does across all incentives.
    """

    path: str
    fact: Text
    spec: FactSpec
    value: int
    slope: Fraction
    step: int
    effect: Effect
    turns: tuple[Turn, ...]

    @property
    def next(self) -> Turn | None:
        """The first bend or jump above the stated figure."""
        return next((turn for turn in self.turns if turn.at > self.value), None)

    @property
    def cliffs(self) -> tuple[Turn, ...]:
        """Every place where the award jumps or the incentive is won or lost."""
        return tuple(turn for turn in self.turns if turn.kind != "kink")

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "fact": self.path,
            "label": {"zh": self.fact.zh, "en": self.fact.get("en")},
            "value": plain(self.value, self.spec),
            "slope": slope_text(self.slope, self.spec),
            "step": plain(self.step, self.spec),
            "effect": self.effect.to_dict(),
            "turns": [turn.to_dict(self.spec) for turn in self.turns],
        }


@dataclass(frozen=True, slots=True)
class Margin:
    """How far one fact is from losing an incentive: ``at`` is the first value that loses it."""

    path: str
    fact: Text
    spec: FactSpec
    value: Any
    at: Any

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "fact": self.path,
            "label": {"zh": self.fact.zh, "en": self.fact.get("en")},
            "value": plain(self.value, self.spec),
            "lost_at": plain(self.at, self.spec),
        }


def plain(value: Any, spec: FactSpec) -> Any:
    """Return a value for JSON: yuan as text, ratios as text, dates in ISO form."""
    if value is None or isinstance(value, bool):
        return value
    match spec.type.kind:
        case Kind.MONEY:
            exact = Fraction(value)
            return yuan(int(exact)) if exact.denominator == 1 else f"{exact / 100}"
        case Kind.RATIO:
            return format_ratio(value)
        case Kind.DATE:
            return value.isoformat()
        case _:
            return str(value) if isinstance(value, Fraction) else value


def slope_text(slope: Fraction, spec: FactSpec) -> str:
    """Return a slope: a share of each yuan, or yuan for each unit of a count."""
    if spec.type.kind is Kind.MONEY:
        return format_ratio(slope)
    return format_fen(slope, lang="en")


def yuan(fen: int | None) -> str | None:
    """Return fen as yuan with two decimals; ``None`` stays."""
    if fen is None:
        return None
    return str(Money(fen).to_decimal())


def range_data(found: MoneyRange | None) -> dict[str, str | None] | None:
    """Return a range for JSON."""
    if found is None:
        return None
    high = None if found.high is None else found.high.fen
    return {"low": yuan(found.low.fen), "high": yuan(high)}
