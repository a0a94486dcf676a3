"""One firm decided by the single engine, as rows of the table of decisions.

This is what a batch falls back on where columns cannot be exact, and what they are
compared with. An open decision is the compositional one; where only refinement settles it
(its status, or its amount), the refined decision is taken whole, as one firm alone gets it,
with its items. Of an item nothing is said about other readings.

The law kept (``tests/unit/batch/test_single.py``): nothing here depends on any other firm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from incentives.batch.decisions import ERROR, Row
from incentives.batch.memo import Memo
from incentives.diagnostics import Finding
from incentives.engine.assess import Options
from incentives.engine.focus import plan_for
from incentives.engine.outcome import Status
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from incentives.engine.amounts import Totals
    from incentives.engine.results import Decision, ItemResult
    from incentives.rulebook.model import Rules
    from incentives.rulebook.profile import Profile

MOST_TOLD = 3
"""How many findings of a firm its error row tells."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a caller chose for every firm alike.

    ``items``: a row for every item too; ``only``: ids to report, sorted, ``None`` for all;
    ``lang``: of the sentences in error rows.
    """

    on: date
    drafts: bool = False
    assume_no_history: bool = False
    items: bool = False
    only: tuple[str, ...] | None = None
    lang: str = "zh"


class Single:
    """The single engine, ready for many firms; plans are compiled once."""

    def __init__(self, rules: Rules, settings: Settings) -> None:
        self.rules = rules
        self.settings = settings
        known = sorted(rules.incentives)
        self.ids = known if settings.only is None else [n for n in known if n in settings.only]
        self._whole: Plan | None = None
        self._plans: dict[str, Plan] = {}
        self._memo = Memo(rules)

    def rows(
        self, row: int, key: str | None, profile: Profile, ids: Iterable[str] | None = None
    ) -> list[Row]:
        """Return the rows of a firm in the order of the table.

        Args:
            row: which firm of the input, from 0.
            key: what the input calls it.
            profile: its facts.
            ids: the incentives to decide; default: all that are reported.
        """
        chosen = self.ids if ids is None else sorted(ids)
        if ids is not None or len(chosen) * 4 < len(self.rules.incentives):
            return [found for name in chosen for found in self._one(row, key, name, profile)]
        firm = _Firm(self._plan(), profile, self.settings)
        found: list[Row] = []
        for name in chosen:
            try:
                found += list(firm.rows(row, key, name))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this decision's
                found += self._alone(row, key, name, profile, error)
        return found

    def _one(self, row: int, key: str | None, name: str, profile: Profile) -> list[Row]:
        """Return the rows of one decision, kept where the same was decided before."""
        place = self._memo.key(name, profile)
        kept = self._memo.get(place)
        if kept is None:
            try:
                kept = list(_Firm(self._plan(name), profile, self.settings).rows(row, key, name))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this decision's
                return [_fault_row(row, key, name, error, self.settings.lang)]
            self._memo.keep(place, kept)
        return [each._replace(row=row, applicant=key) for each in kept]

    def _alone(
        self, row: int, key: str | None, name: str, profile: Profile, error: Exception
    ) -> list[Row]:
        """Return a decision whose making failed among others, made without them."""
        try:
            return list(_Firm(self._plan(name), profile, self.settings).rows(row, key, name))
        except Exception:  # noqa: BLE001 - the first error is told
            return [_fault_row(row, key, name, error, self.settings.lang)]

    def totals(self, profile: Profile) -> Totals:
        """Return the compositional totals of a firm, over what is reported."""
        chosen = self.settings
        options = Options(chosen.drafts, chosen.assume_no_history, refine=False)
        only = None if chosen.only is None else frozenset(chosen.only)
        return Assessment(self._plan(), profile, chosen.on, options, only).totals

    def _plan(self, incentive: str | None = None) -> Plan:
        """Return the plan of all rules, or of those that bear on one incentive."""
        if incentive is None:
            if self._whole is None:
                self._whole = Plan(self.rules)
            return self._whole
        found = self._plans.get(incentive)
        if found is None:
            found = self._plans[incentive] = plan_for(self.rules, incentive)
        return found


class _Firm:
    """One firm, assessed as far as somebody asks."""

    def __init__(self, plan: Plan, profile: Profile, settings: Settings) -> None:
        self.plan = plan
        self.profile = profile
        self.settings = settings

    @cached_property
    def plain(self) -> Assessment:
        """The compositional decisions."""
        return self._assess(refine=False)

    @cached_property
    def refined(self) -> Assessment:
        """The decisions that one firm alone gets."""
        return self._assess(refine=True)

    def _assess(self, *, refine: bool) -> Assessment:
        chosen = self.settings
        options = Options(chosen.drafts, chosen.assume_no_history, refine=refine)
        return Assessment(self.plan, self.profile, chosen.on, options)

    def rows(self, row: int, key: str | None, incentive: str) -> Iterator[Row]:
        """Yield the row of a decision, then those of its items."""
        plain = decision = self.plain[incentive]
        if _is_open(plain) and _settles(self.refined[incentive], plain):
            decision = self.refined[incentive]
        yield _row(row, key, incentive, decision, differs=decision.readings_differ)
        if self.settings.items:
            for at, item in enumerate(decision.items):
                yield _row(row, key, incentive, item, at=at, item=item.key)


def _is_open(answer: Decision | ItemResult) -> bool:
    """Say whether refinement might settle an answer."""
    return answer.status is Status.UNDETERMINED or _is_range(answer)


def _is_range(answer: Decision | ItemResult) -> bool:
    return answer.amount is None and answer.range is not None


def _settles(refined: Decision | ItemResult, plain: Decision | ItemResult) -> bool:
    """Say whether a status or an amount is settled by refinement only."""
    status = plain.status is Status.UNDETERMINED and refined.status is not Status.UNDETERMINED
    return status or (_is_range(plain) and refined.amount is not None)


def _row(
    row: int,
    key: str | None,
    incentive: str,
    answer: Decision | ItemResult,
    *,
    at: int | None = None,
    item: str | None = None,
    differs: bool = False,
) -> Row:
    span, amount = answer.range, answer.amount
    high = None if span is None else span.high
    return Row(
        row,
        key,
        incentive,
        at,
        item,
        str(answer.status),
        answer.reason,
        None if amount is None else amount.fen,
        None if span is None else span.low.fen,
        None if high is None else high.fen,
        answer.failed,
        answer.missing,
        differs,
    )


def _fault_row(row: int, key: str | None, incentive: str, error: Exception, lang: str) -> Row:
    """Return the row of a decision that the program failed to make."""
    told = f"{type(error).__name__}: {error}"
    finding = Finding(
        code="E590",
        message=f"this could not be decided; the fault is the program's ({told})",
        zh=f"未能得出这项结论，问题出在本程序（{told}）",
    )
    return Row(row, key, incentive, None, None, ERROR, _sentence(finding, lang))


def error_row(row: int, key: str | None, findings: Iterable[Finding], lang: str) -> Row:
    """Return the one row of a firm that cannot be decided: the codes and sentences."""
    told = [_sentence(finding, lang) for finding in findings]
    more = len(told) - MOST_TOLD
    if more > 0:
        told = [*told[:MOST_TOLD], f"(+{more})"]
    return Row(row, key, None, None, None, ERROR, ("; " if lang == "en" else "；").join(told))


def _sentence(finding: Finding, lang: str) -> str:
    text = finding.message if lang == "en" else finding.zh or finding.message
    fact = f"{finding.fact}: " if finding.fact else ""
    return f"{finding.code} {fact}{text}"
