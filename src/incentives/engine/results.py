"""Assessments and decisions: what a caller gets, in the shape of the JSON contract.

Cheap to make: what was decided is there at once; conditions, items, readings
and funding are worked out when somebody looks at them, from the same
environment the decision was made in.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from incentives.diagnostics import Finding, InternalError, UnknownIncentiveError
from incentives.engine.amounts import (
    GroupResult,
    MoneyRange,
    ReadingResult,
    Totals,
    money_of,
    range_of,
    whole_fen,
)
from incentives.engine.assess import Options, Run, decide_reading, findings_of, run, waits_for
from incentives.engine.assumptions import assumptions_of
from incentives.engine.budget import check_budget
from incentives.engine.conditions import ConditionOutcome, condition_outcomes
from incentives.engine.funding import FundingPart, InstalmentPart, funding_of, instalments_of
from incentives.engine.outcome import Outcome, Part, Status
from incentives.engine.overpaid import overpaid
from incentives.language.semantics import add
from incentives.rulebook.model import Entitlement, Incentive, Kind, LegalStatus, Note, Version
from incentives.values.money import Money
from incentives.values.unknown import Fault, Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from incentives.engine.plan import Plan
    from incentives.language.core import Text
    from incentives.rulebook.profile import Profile


class ItemResult:
    """The answer for one item; its amount is that before a cap over items."""

    __slots__ = ("_part", "clause")

    def __init__(self, part: Part, clause: str) -> None:
        self._part = part
        self.clause = part.version.clause if part.version is not None else clause

    @property
    def key(self) -> str:
        """What tells the item from the others."""
        return self._part.key

    @property
    def index(self) -> int:
        """The item's place in the profile's list, from zero."""
        return self._part.index

    @property
    def status(self) -> Status:
        """One of the four answers."""
        return self._part.status

    @property
    def reason(self) -> str | None:
        """Why it is not applicable."""
        return self._part.reason

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the conditions that failed."""
        return self._part.failed

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that can still change the answer."""
        if self.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
            return ()
        return tuple(sorted(self._part.missing))

    @property
    def amount(self) -> Money | None:
        """The amount, ``None`` while it is a range."""
        return money_of(self._part.value)

    @property
    def range(self) -> MoneyRange | None:
        """The least and the most it can be."""
        return range_of(self._part.value)

    def __repr__(self) -> str:
        return f"<Item {self.key}: {self.status}, {self.amount or self.range}>"


class Decision:
    """The decision about one incentive for one applicant on one date."""

    def __init__(self, incentive: Incentive, run: Run) -> None:
        self._run = run
        self._answer = run.answer(incentive.id)
        self._stacked = run.stacked.get(incentive.id)
        self.rule = incentive

    @property
    def _outcome(self) -> Outcome:
        return self._run.outcomes[self.rule.id]

    @property
    def incentive(self) -> str:
        """The id, ``document/incentive``."""
        return self.rule.id

    @property
    def name(self) -> Text:
        """The incentive's name, in Chinese and English."""
        return self.version.name

    @property
    def kind(self) -> Kind:
        """What the incentive is."""
        return self.rule.kind

    @property
    def entitlement(self) -> Entitlement:
        """How far the text binds the payer."""
        return self.version.entitlement

    @property
    def version(self) -> Version:
        """The version that was applied; the newest where none was."""
        return self._outcome.version or self.rule.versions[-1]

    @property
    def status(self) -> Status:
        """One of the four answers."""
        return self._answer.status

    @property
    def reason(self) -> str | None:
        """Why the incentive is not applicable: a stable word of LANGUAGE.md 7."""
        return self._answer.reason

    @property
    def value(self) -> Any:
        """The amount after groups: fen, an ``Unknown`` with its range, or ``None``."""
        if self._stacked is not None and self.status in {Status.ELIGIBLE, Status.UNDETERMINED}:
            return self._stacked.after
        return self._answer.value

    @property
    def amount(self) -> Money | None:
        """The amount, ``None`` where there is no single one."""
        return money_of(self.value)

    @property
    def range(self) -> MoneyRange | None:
        """The least and the most it can be, ``None`` where the incentive has no amount."""
        return range_of(self.value)

    @property
    def is_ceiling(self) -> bool:
        """Whether the amount is a ceiling somebody decides under."""
        return isinstance(self.value, Unknown) and self.value.open

    @property
    def is_draft(self) -> bool:
        """Whether the document is not law yet; a draft never enters totals."""
        return self.rule.document.legal_status is LegalStatus.DRAFT

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the conditions that failed."""
        return self._answer.failed

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that can still change the status or the amount."""
        waits = waits_for(self._outcome)
        if self.status in {Status.ELIGIBLE, Status.UNDETERMINED} and isinstance(
            self.value, Unknown
        ):
            waits |= self.value.missing
        return tuple(sorted(waits))

    @property
    def findings(self) -> tuple[Fault, ...]:
        """Computations that failed, such as a zero divisor."""
        return tuple(
            sorted(findings_of(self._outcome), key=lambda fault: (fault.code, fault.place))
        )

    @cached_property
    def items(self) -> tuple[ItemResult, ...]:
        """The answers item by item, in the profile's order."""
        return tuple(ItemResult(part, self.clause) for part in self._outcome.items)

    @cached_property
    def conditions(self) -> tuple[ConditionOutcome, ...]:
        """Every condition with its outcome, the implicit ones first."""
        entities = self._run.profile.vocabulary.entities
        return condition_outcomes(self.version, self._outcome, self._run.env, entities)

    @cached_property
    def readings(self) -> tuple[ReadingResult, ...]:
        """The default reading and each alternative, one at a time, before groups."""
        plans = {item.reading.id: item for item in self._run.plan.readings.get(self.incentive, ())}
        out = []
        for reading in self.rule.readings:
            plan = plans.get(reading.id)
            outcome = self._outcome if plan is None else decide_reading(self._run, plan.plan)
            out.append(
                ReadingResult(
                    reading.id,
                    reading.says,
                    reading.default,
                    outcome.status,
                    money_of(outcome.value),
                    range_of(outcome.value),
                    reading.confidence,
                    isinstance(outcome.value, Unknown) and outcome.value.open,
                )
            )
        return tuple(out)

    @cached_property
    def _others(self) -> tuple[Outcome, ...]:
        """What each reading but the default one gives, before groups."""
        plans = self._run.plan.readings.get(self.incentive, ())
        return tuple(decide_reading(self._run, item.plan) for item in plans)

    @property
    def readings_differ(self) -> bool:
        """Whether another reading gives another status, or another range; before groups."""
        return any(_differ(self._outcome, other) for other in self._others)

    @cached_property
    def funding(self) -> tuple[FundingPart, ...]:
        """Who pays how much; empty while the amount is not known."""
        return funding_of(self._run, self.version, self.incentive, self.amount)

    @cached_property
    def instalments(self) -> tuple[InstalmentPart, ...]:
        """The parts the award is paid in; ``due`` says whether it is payable on the date."""
        return instalments_of(self._run, self.version, self.amount)

    @cached_property
    def overpaid(self) -> Money | None:
        """How much more was received than is due, where that is known and more than nothing."""
        fen = overpaid(self.version, self._outcome, self._stacked, self._run.env)
        return None if fen is None else Money(fen)

    @property
    def paid_to(self) -> Text | None:
        """Who is paid where it is not the applicant."""
        return self.version.paid_to

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the text leaves open, and how it was taken."""
        return self.version.notes

    @property
    def group(self) -> GroupResult | None:
        """What a group changed, ``None`` where nothing was changed."""
        stacked = self._stacked
        if stacked is None or stacked.before == stacked.after:
            return None
        group = stacked.group
        return GroupResult(
            group.id, group.rule, money_of(stacked.before), stacked.taken, group.clause
        )

    @property
    def clause(self) -> str:
        """The clause of the document."""
        return self.version.clause

    @property
    def quote(self) -> str | None:
        """The words of the clause."""
        return self.version.quote

    @property
    def legal_status(self) -> LegalStatus:
        """Whether the document is law."""
        return self.rule.document.legal_status

    def __repr__(self) -> str:
        shown = self.amount if self.amount is not None else self.range
        return f"<Decision {self.incentive}: {self.status}{'' if shown is None else f', {shown}'}>"


class Assessment:
    """Every decision for one profile on one date; a mapping by incentive id, and iterable."""

    decision_type: ClassVar[type[Decision]] = Decision

    def __init__(
        self,
        plan: Plan,
        profile: Profile,
        on: date,
        options: Options,
        only: frozenset[str] | None = None,
    ) -> None:
        self.profile = profile
        self.on = on
        self.options = options
        self.only = only
        self._plan = plan = plan.known_on(options.known_on)
        check_budget(plan, profile.lengths)
        self._law = run(plan, profile, on, options, drafts=False)
        self._draft = run(plan, profile, on, options, drafts=True) if options.drafts else None
        self._decisions: dict[str, Decision] = {}

    @property
    def ids(self) -> list[str]:
        """The ids of the incentives that are reported, sorted."""
        names = self._plan.rules.incentives
        return sorted(name for name in names if self.only is None or name in self.only)

    def __getitem__(self, incentive: str) -> Decision:
        found = self._decisions.get(incentive)
        if found is not None:
            return found
        rule = self._plan.rules.incentives.get(incentive)
        if rule is None or (self.only is not None and incentive not in self.only):
            raise UnknownIncentiveError(unknown_incentive(incentive, self.ids))
        draft = rule.document.legal_status is LegalStatus.DRAFT
        source = self._draft if draft and self._draft is not None else self._law
        decision = self.decision_type(rule, source)
        self._decisions[incentive] = decision
        return decision

    def __iter__(self) -> Iterator[Decision]:
        return (self[name] for name in self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, incentive: object) -> bool:
        return incentive in self.ids

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, by id."""
        return tuple(self)

    @cached_property
    def totals(self) -> Totals:
        """Entitlements and ceilings of the law, kept apart."""
        exact: list[Any] = []
        ceilings: list[Any] = []
        grouped: set[str] = set()
        counted = [d for d in self if d.rule.is_monetary and not d.is_draft]
        names = {decision.incentive for decision in counted}
        for members, together in self._law.sums:
            if members <= names:
                grouped |= members
                exact.append(together)
        for decision in counted:
            value = decision.value
            if value is None or decision.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
                continue
            if decision.is_ceiling:
                ceilings.append(bounds(value)[1])
                if value.mixed and decision.incentive not in grouped:
                    exact.append(replace(value, lo=0, open=False, mixed=False))
            elif decision.incentive not in grouped:
                exact.append(value)
        total = add(exact)
        amounts = range_of(total)
        if amounts is None:
            raise InternalError("a sum of amounts has no range")
        open_end = any(high is None for high in ceilings)
        return Totals(
            money_of(total), amounts, None if open_end else Money(whole_fen(sum(ceilings)))
        )

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was odd about the profile, such as facts nobody asked for."""
        return self.profile.warnings + self.profile.after(self.on)

    @cached_property
    def assumptions(self) -> tuple[Note, ...]:
        """Everything that was taken for granted, so that nothing is guessed silently."""
        return assumptions_of(
            self.profile,
            self.options,
            [d.rule.document for d in self if d.status is not Status.NOT_APPLICABLE],
        )

    def __repr__(self) -> str:
        eligible = sum(decision.status is Status.ELIGIBLE for decision in self)
        return f"<Assessment on {self.on}: {eligible} of {len(self)} eligible>"


def _differ(one: Part, other: Part) -> bool:
    if one.status is not other.status:
        return True
    ranges = range_of(one.value), range_of(other.value)
    return None not in ranges and ranges[0] != ranges[1]


def unknown_incentive(name: str, known: list[str]) -> str:
    """Return the sentence for an id that names nothing, with the nearest."""
    near = get_close_matches(name, known, 1) or [
        each for each in known if each.endswith(f"/{name}")
    ]
    return f"there is no incentive {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
