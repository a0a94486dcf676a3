"""What was asked about a rule and what came out.

A *fault* is an answer somebody should look at: an incentive nobody can get, a
condition that decides nothing, an amount above its cap. Not every refutation is
one: two readings of one text are meant to differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from incentives.language.core import Text


class Property(StrEnum):
    """What can be asked, by the words of ``--only``."""

    REACH = "reach"
    REDUNDANT = "redundant"
    BOUNDS = "bounds"
    MONOTONE = "monotone"
    OVERLAP = "overlap"
    READINGS = "readings"
    VERSIONS = "versions"


CODES: Final = {
    Property.REACH: "E701",
    Property.REDUNDANT: "E702",
    Property.BOUNDS: "E703",
    Property.MONOTONE: "E704",
    Property.OVERLAP: "E705",
    Property.READINGS: "E706",
    Property.VERSIONS: "E707",
}
"""The finding that a fault about a property is: what ``incentives error`` explains."""


class Verdict(StrEnum):
    """What came out; ``not_asked``: there is nothing in the rule to ask about."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Witness:
    """A profile and what the engine says about it: status, failed conditions, range in fen.

    ``low`` and ``high`` are ``None`` where there is no amount, or no upper bound.
    """

    label: Text
    profile: Mapping[str, Any]
    on: date
    status: str
    failed: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One question about one incentive, answered; ``subject`` says about what part of it."""

    property: Property
    verdict: Verdict
    says: Text
    subject: str = ""
    fault: bool = False
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything asked about one incentive, and what the answers are limited to."""

    incentive: str
    name: Text
    clause: str
    limits: tuple[Text, ...]
    answers: tuple[Answer, ...]

    def verdict(self, asked: Property) -> Verdict:
        """Return the verdict about one property: the weakest of its answers.

        Undecided where any is, refuted where any is, proved where one is.
        """
        found = {answer.verdict for answer in self.answers if answer.property is asked}
        for verdict in (Verdict.UNDECIDED, Verdict.REFUTED, Verdict.PROVED):
            if verdict in found:
                return verdict
        return Verdict.NOT_ASKED
