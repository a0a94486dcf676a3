"""What deciding one incentive for one profile comes to, before groups and splits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from incentives.values.unknown import NO_FAULTS, NO_NAMES, Fault, Unknown, missing_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.rulebook.model import Version


class Status(StrEnum):
    """The four answers; their precedence is that of LANGUAGE.md 7."""

    NOT_APPLICABLE = "not_applicable"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    ELIGIBLE = "eligible"


REASONS: Final = (
    "period", "draft", "historical", "jurisdiction", "recipient", "superseded", "exploratory",
    "by_reference",
)  # fmt: skip


def lasting(reasons: Iterable[str | None]) -> str:
    """Return the reason that holds whichever of several answers is the right one, if one does.

    The later ones hold for every applicant; the last word is theirs, and the
    period's the least.
    """
    return max((reason for reason in reasons if reason), key=REASONS.index, default="period")


def common(failures: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return what fails in every one of several answers, else what fails in any."""
    lists = list(failures)
    names = dict.fromkeys(name for each in lists for name in each)
    always = tuple(name for name in names if all(name in each for each in lists))
    return always or tuple(names)


@dataclass(slots=True)
class Part:
    """One item of a list, or the incentive itself: status, reasons, amount.

    ``value`` is in fen: a number, an ``Unknown`` with its range, or ``None``
    where the incentive gives no amount. ``failed`` holds condition ids.
    """

    status: Status
    reason: str | None
    value: Any
    failed: tuple[str, ...] = ()
    missing: frozenset[str] = NO_NAMES
    faults: frozenset[Fault] = NO_FAULTS
    version: Version | None = None
    key: str = ""
    index: int = 0
    year: Any = None

    @property
    def award(self) -> Any:
        """What it gives: zero unless eligible, from zero while that is open."""
        if self.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE} or self.value is None:
            return 0
        return self.value

    @property
    def granted(self) -> Any:
        """Whether it is eligible, three-valued."""
        if self.status is Status.UNDETERMINED:
            return Unknown(self.missing, faults=self.faults)
        return self.status is Status.ELIGIBLE

    @property
    def is_settled(self) -> bool:
        """Whether no further fact can change the status or the amount."""
        return self.status is not Status.UNDETERMINED and not missing_in(self.value)


@dataclass(slots=True)
class Outcome(Part):
    """The decision about one incentive, with its items.

    ``paid`` lists (item key, year, value) of what is paid after the totals, and
    ``each_paid`` the value of every item, those out of their period included;
    ``overpaid`` is how much past payments exceed a cap, in fen.
    """

    incentive: str = ""
    each: str | None = None
    items: tuple[Part, ...] = ()
    paid: tuple[tuple[str, Any, Any], ...] = ()
    each_paid: tuple[Any, ...] = ()
    overpaid: Any = None
