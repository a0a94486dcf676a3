"""Amounts as callers see them: ``Money``, ranges, totals, and what readings and groups give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import InternalError
from incentives.values.money import Money
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from incentives.engine.outcome import Status
    from incentives.language.core import Text


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """The least and the most an amount can be; ``high`` is ``None`` without an upper bound."""

    low: Money
    high: Money | None

    @property
    def is_point(self) -> bool:
        """Whether there is just one amount it can be."""
        return self.high is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """What another reading of the text gives."""

    id: str
    says: Text
    default: bool
    status: Status
    amount: Money | None
    range: MoneyRange | None
    confidence: str | None
    is_ceiling: bool = False


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What a group did to a decision: its rule, the amount before, whether this one was taken."""

    id: str
    rule: str
    before: Money | None
    taken: bool | None
    clause: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over monetary decisions paid to the applicant, drafts left out.

    ``exact`` adds entitlements (``None`` unless it is one amount); ``ceiling``
    is how much more a payer may give at its discretion (``None``: no bound).
    """

    exact: Money | None
    range: MoneyRange
    ceiling: Money | None


def money_of(value: Any) -> Money | None:
    """Return a known amount as ``Money``; ``None`` while it is a range or there is none."""
    if value is None or value.__class__ is Unknown:
        return None
    return Money(whole_fen(value))


def range_of(value: Any) -> MoneyRange | None:
    """Return the range of an amount; ``None`` where there is no amount."""
    if value is None:
        return None
    lo, hi = bounds(value)
    return MoneyRange(Money(whole_fen(lo or 0)), None if hi is None else Money(whole_fen(hi)))


def whole_fen(fen: Any) -> int:
    """Return a final amount as whole fen; anything else is a fault of the library."""
    if fen != int(fen) or fen < 0:
        raise InternalError(
            f"an amount of {fen} fen left a rule: whole and not negative is the law"
        )
    return int(fen)
