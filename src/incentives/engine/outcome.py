"""What deciding one incentive for one profile comes to, before groups and splits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from incentives.values.unknown import NO_FAULTS, NO_NAMES, Fault, Unknown, missing_in

if TYPE_CHECKING:
    from incentives.rulebook.model import Version


class Status(StrEnum):
    """The four answers; their precedence is that of LANGUAGE.md 7."""

    NOT_APPLICABLE = "not_applicable"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    ELIGIBLE = "eligible"


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

    ``paid`` lists (item key, year, value) of what is paid after the totals;
    ``overpaid`` is how much past payments exceed a cap, in fen.
    """

    incentive: str = ""
    each: str | None = None
    items: tuple[Part, ...] = ()
    paid: tuple[tuple[str, Any, Any], ...] = ()
    overpaid: Any = None
    decided: bool = False
