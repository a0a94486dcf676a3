"""A variant of a profile assessed with the whole rulebook, and held against the profile itself.

A gain here may cost more elsewhere: what replaces what, caps over several
incentives and higher-of groups only show when everything is decided again. So
every suggestion is put through the same assessment that an applicant gets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.advice.changes import Effect, Impact
from incentives.engine.outcome import Status
from incentives.engine.results import Assessment, Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.engine.amounts import MoneyRange
    from incentives.engine.assess import Run
    from incentives.rulebook.profile import Profile

_REFUSED = {Status.INELIGIBLE, Status.NOT_APPLICABLE}


class Effects:
    """Assesses variants of one profile and compares them with it."""

    def __init__(self, run: Run, incentive: str) -> None:
        self._run = run
        self.incentive = incentive
        self._before = self._assess(run.profile)

    def of(self, values: Mapping[str, Any]) -> Effect:
        """Return what other values at some paths do to every incentive."""
        after = self._assess(self._run.profile.with_facts(values))
        own = _impact(self._before[self.incentive], after[self.incentive])
        pairs = ((self._before[name], after[name]) for name in self._before.ids)
        others = (_impact(*pair) for pair in pairs if _moves(*pair))
        return Effect(own, tuple(each for each in others if each.incentive != self.incentive))

    def _assess(self, profile: Profile) -> Assessment:
        return Assessment(self._run.plan, profile, self._run.on, self._run.options)


def _moves(before: Decision, after: Decision) -> bool:
    return before.status is not after.status or paid_range(before) != paid_range(after)


def paid_range(decision: Decision) -> MoneyRange | None:
    """Return the range of an amount, nothing where it is refused or has none."""
    return None if decision.status in _REFUSED else decision.range


def _impact(before: Decision, after: Decision) -> Impact:
    ceiling = before.is_ceiling or after.is_ceiling
    old, new = _exact(before), _exact(after)
    return Impact(
        before.incentive,
        after.name,
        before.status,
        after.status,
        paid_range(before),
        paid_range(after),
        None if ceiling or old is None or new is None else new - old,
        ceiling,
        after.rule.is_monetary and not after.is_draft,
    )


def _exact(decision: Decision) -> int | None:
    """Return an amount in fen where there is one; what is refused gives nothing."""
    if decision.status in _REFUSED:
        return 0
    return None if decision.amount is None else decision.amount.fen
