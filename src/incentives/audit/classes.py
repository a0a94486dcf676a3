"""The classes that payments fall into, and how one payment is put into its class.

Compares what was paid with what the rules give; computes no award itself. Ceilings
are no entitlements: a payment below one is within it, never *reproduced*, and never too
little. What is open is compared with its range: above the most it can be is too much
whatever the missing facts are; within it nothing is said.

The trap: ``difference`` is paid less due, so that what has to be paid back is positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.language.core import Text
from incentives.language.names import DECIDED
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Callable


class Class(StrEnum):
    """What the comparison came to; stable words."""

    REPRODUCED = "reproduced"
    OVERPAID = "overpaid"
    UNDERPAID = "underpaid"
    INELIGIBLE = "paid_ineligible"
    UNPAID = "eligible_unpaid"
    ABOVE_CEILING = "above_ceiling"
    WITHIN_CEILING = "within_ceiling"
    OTHER_READING = "other_reading"
    UNCHECKED = "unchecked"


LABELS: Final = {
    Class.REPRODUCED: Text("相符", "Reproduced"),
    Class.OVERPAID: Text("多付", "Overpaid"),
    Class.UNDERPAID: Text("少付", "Underpaid"),
    Class.INELIGIBLE: Text("不符合条件而支付", "Paid though not eligible"),
    Class.UNPAID: Text("符合条件而未付", "Eligible but unpaid"),
    Class.ABOVE_CEILING: Text("超过上限", "Above the ceiling"),
    Class.WITHIN_CEILING: Text("上限以内（裁量）", "Within the ceiling (discretion)"),
    Class.OTHER_READING: Text("另一种理解可以解释", "Explained by another reading"),
    Class.UNCHECKED: Text("无法核验", "Cannot be checked"),
}

CONCLUSIVE: Final = frozenset(
    {Class.OVERPAID, Class.UNDERPAID, Class.INELIGIBLE, Class.UNPAID, Class.ABOVE_CEILING}
)
"""The classes in which money went where the rules do not send it."""

_NO_FIGURE: Final = {"by_reference", "exploratory"}


@dataclass(frozen=True, slots=True)
class Due:
    """What the rules give for one payment: the answer, its amount in fen and why.

    ``value`` is a number, an ``Unknown`` with its range, or ``None`` without an amount;
    ``missing`` holds fact paths, ``why`` what failed or is open, in words. ``payable`` is
    what is due by the day where an award is paid in parts.
    """

    status: Status
    reason: str | None
    value: Any
    missing: tuple[str, ...] = ()
    why: Text | None = None
    payable: int | None = None

    @property
    def is_ceiling(self) -> bool:
        """Whether the amount is a ceiling that somebody decides under."""
        return isinstance(self.value, Unknown) and self.value.open

    @property
    def sure_ceiling(self) -> int | None:
        """The lowest that the ceiling itself can be while facts are open; ``None`` for none."""
        value = self.value
        if not value.missing - {DECIDED}:
            return self.range[1]
        return None if value.least is None else int(value.least // 1)

    @property
    def range(self) -> tuple[int, int | None]:
        """The least and the most it can be, in fen; nothing where it is not given."""
        if self.value is None or self.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
            return 0, 0
        low, high = bounds(self.value)
        if self.status is Status.UNDETERMINED:
            low = min(low or 0, 0)
        return (low or 0) // 1, None if high is None else -(-high // 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of the text under which the payment is right."""

    id: str
    says: Text


@dataclass(frozen=True, slots=True)
class Judgement:
    """The class of a payment: what was due at least and at most, and the difference.

    Amounts in fen. ``difference`` is what is certain: paid less the most, or less the
    least, that can be due; ``stake`` the money that the reader has to decide about.
    """

    kind: Class
    low: int | None
    high: int | None
    difference: int | None
    stake: int
    why: Text
    reading: Reading | None = None


def judge(
    paid: int,
    due: Due,
    *,
    earlier: int = 0,
    more_follows: bool = False,
    reading: Callable[[int], Reading | None] = lambda _: None,
) -> Judgement:
    """Return the class of a payment.

    Args:
        paid: what was paid, in fen.
        due: what the rules give.
        earlier: what was paid for the same claim before, in fen.
        more_follows: a later row of the list pays the same claim.
        reading: the alternative reading under which an amount is right, if there is one.
    """
    if due.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
        return _not_due(paid, due, reading(paid + earlier))
    if due.value is None:
        says = Text("规则只规定资格，没有金额，无从核对", "the rules give a status and no amount")
        return Judgement(Class.UNCHECKED, None, None, None, paid, says)
    low, high = due.range
    left_low, left = max(low - earlier, 0), None if high is None else max(high - earlier, 0)
    if due.is_ceiling:
        found = _ceiling(paid, low, high, left_low, left, due, more_follows=more_follows)
    elif due.status is Status.ELIGIBLE and low == high and left is not None:
        in_part = due.payable is not None and paid + earlier >= due.payable
        found = _exact(paid, low, left, earlier, more_follows=more_follows or in_part)
    else:
        found = _open(paid, low, high, left_low, left, due, more_follows=more_follows)
    wrong = {Class.OVERPAID, Class.UNDERPAID, Class.ABOVE_CEILING}
    other = reading(paid + earlier) if found.kind in wrong else None
    if other is None:
        return found
    return Judgement(
        Class.OTHER_READING, low, high, found.difference, found.stake, _by(other), other
    )


def _by(other: Reading) -> Text:
    return Text(
        f"按另一种理解金额相符：{other.says.zh}",
        f"right by another reading: {other.says.get('en')}",
    )


def _not_due(paid: int, due: Due, other: Reading | None) -> Judgement:
    why = due.why or Text("不符合条件", "not eligible")
    if due.reason in _NO_FIGURE:
        return Judgement(Class.UNCHECKED, None, None, None, paid, why)
    if other is not None:
        return Judgement(Class.OTHER_READING, 0, 0, paid, paid, _by(other), other)
    if paid == 0:
        nothing = Text("不应支付，也没有支付", "nothing was due and nothing was paid")
        return Judgement(Class.REPRODUCED, 0, 0, 0, 0, nothing)
    return Judgement(Class.INELIGIBLE, 0, 0, paid, paid, why)


def _exact(paid: int, due: int, left: int, earlier: int, *, more_follows: bool) -> Judgement:
    """Judge against one figure; ``left`` is what earlier rows have left of it."""
    money = words.money(due)
    before = Text(f"应付{money.zh}", f"{money.get('en')} due")
    if earlier:
        rest, spent = words.money(left), words.money(earlier)
        before = Text(
            f"应付{money.zh}，此前已付{spent.zh}，尚余{rest.zh}",
            f"{money.get('en')} due, {spent.get('en')} paid before, {rest.get('en')} left",
        )
    if paid > left:
        over = paid - left
        return Judgement(Class.OVERPAID, due, due, over, over, before)
    if paid == left or more_follows:
        return Judgement(Class.REPRODUCED, due, due, 0, 0, before)
    return Judgement(Class.UNDERPAID, due, due, paid - left, left - paid, before)


def _ceiling(
    paid: int,
    low: int,
    high: int | None,
    left_low: int,
    left: int | None,
    due: Due,
    *,
    more_follows: bool,
) -> Judgement:
    """Judge against a ceiling, which binds from above only (and from ``at_least`` up)."""
    if left is None or high is None:
        says = Text("一事一议，规则没有规定上限", "decided case by case; the rules set no ceiling")
        return Judgement(Class.WITHIN_CEILING, low, None, None, 0, says)
    top = words.money(high)
    says = Text(f"上限{top.zh}", f"the ceiling is {top.get('en')}")
    if paid > left:
        return Judgement(Class.ABOVE_CEILING, low, high, paid - left, paid - left, says)
    if paid < left_low and not more_follows and due.status is Status.ELIGIBLE:
        floor = words.money(low)
        least = Text(f"至少应付{floor.zh}", f"at least {floor.get('en')} is due")
        return Judgement(Class.UNDERPAID, low, high, paid - left_low, left_low - paid, least)
    sure = due.sure_ceiling
    if due.status is not Status.ELIGIBLE or sure is None or paid > sure - (high - left):
        return Judgement(Class.UNCHECKED, low, high, None, paid, due.why or says)
    return Judgement(Class.WITHIN_CEILING, low, high, None, 0, says)


def _open(
    paid: int,
    low: int,
    high: int | None,
    left_low: int,
    left: int | None,
    due: Due,
    *,
    more_follows: bool,
) -> Judgement:
    """Judge against a range that facts leave open: only what holds for all of it is said."""
    why = due.why or Text("缺少事实", "facts are missing")
    if left is not None and high is not None and paid > left:
        top = words.money(high)
        most = Text(
            f"无论所缺事实如何，至多应付{top.zh}",
            f"whatever the missing facts are, at most {top.get('en')} is due",
        )
        return Judgement(Class.OVERPAID, low, high, paid - left, paid - left, most)
    if paid < left_low and not more_follows:
        floor = words.money(low)
        least = Text(
            f"无论所缺事实如何，至少应付{floor.zh}",
            f"whatever the missing facts are, at least {floor.get('en')} is due",
        )
        return Judgement(Class.UNDERPAID, low, high, paid - left_low, left_low - paid, least)
    return Judgement(Class.UNCHECKED, low, high, None, paid, why)
