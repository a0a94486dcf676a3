"""What the rules give one firm: each incentive on each day, item by item, answered once.

Only what bears on an incentive is evaluated (``engine/focus``); the decision is the one
that the whole rulebook gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.audit.classes import Due, Reading
from incentives.engine.assess import Options, Run, decide_reading, run
from incentives.engine.focus import plan_for
from incentives.engine.outcome import Outcome, Part, Status
from incentives.engine.results import Decision
from incentives.explain import words
from incentives.explain.names import Names
from incentives.language import core
from incentives.language.core import Text
from incentives.language.names import DECIDED
from incentives.language.walk import walk
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from incentives.audit.firms import Firm
    from incentives.engine.plan import Plan
    from incentives.language.core import Expr
    from incentives.rulebook.model import Condition, Incentive, Rules, Version


class Answer:
    """One incentive for one firm on one day: the decision, and each item of it."""

    __slots__ = ("_parts", "decision", "names", "run")

    def __init__(self, done: Run, incentive: Incentive, names: Names) -> None:
        self.run = done
        self.names = names
        self.decision = Decision(incentive, done)
        self._parts: dict[str, Part] | None = None

    @property
    def parts(self) -> dict[str, Part]:
        """The items by their key."""
        if self._parts is None:
            outcome = self.run.outcomes[self.decision.incentive]
            self._parts = {part.key: part for part in outcome.items}
        return self._parts

    def due(self, item: str | None) -> Due | None:
        """Return what is due for an item, or in all; ``None`` where there is no such item."""
        decision = self.decision
        if item is None or decision.rule.each is None:
            value, missing = decision.value, decision.missing
            return Due(
                decision.status,
                decision.reason,
                value,
                missing,
                self._why(decision.status, decision.reason, decision.failed, missing),
                self._payable(),
            )
        part = self.parts.get(item)
        if part is None:
            return None
        waits = part.missing | (part.value.missing if isinstance(part.value, Unknown) else set())
        open_ = part.status in {Status.UNDETERMINED, Status.ELIGIBLE}
        missing = tuple(sorted(waits)) if open_ else ()
        return Due(
            part.status,
            part.reason,
            part.value,
            missing,
            self._why(part.status, part.reason, part.failed, missing),
        )

    def _payable(self) -> int | None:
        """Return what is due by the day where the award is paid in parts, else ``None``."""
        if not self.decision.version.instalments:
            return None
        parts = self.decision.instalments
        return sum(part.amount.fen for part in parts if part.due and part.amount is not None)

    def _why(
        self, status: Status, reason: str | None, failed: Sequence[str], missing: Sequence[str]
    ) -> Text | None:
        if status is Status.NOT_APPLICABLE and reason is not None:
            return words.REASON[reason]
        if status is Status.INELIGIBLE:
            says = {each.id: each.says for each in self.decision.conditions}
            listed = words.join([says.get(each) or words.both(each) for each in failed], "；", "; ")
            return words.wrap(Text("不满足：", "not met: "), listed)
        if missing:
            facts = [path for path in missing if path != DECIDED] or missing
            listed = words.join([self.names.path(path) for path in facts])
            return words.wrap(Text("缺少事实：", "missing: "), listed)
        return None

    def reading(self, amount: int, item: str | None) -> Reading | None:
        """Return the first other reading under which this amount is what is due."""
        plans = self.run.plan.readings.get(self.decision.incentive, ())
        for each in plans:
            outcome: Outcome = decide_reading(self.run, each.plan)
            found: Part | None = outcome
            if item is not None and self.decision.rule.each is not None:
                found = next((part for part in outcome.items if part.key == item), None)
            if found is None or found.status is not Status.ELIGIBLE or found.value is None:
                continue
            value = found.value
            if value == amount and not isinstance(value, Unknown):
                return Reading(each.reading.id, each.reading.says)
            if isinstance(value, Unknown) and value.open:
                high = bounds(value)[1]
                if high is not None and 0 < amount <= high and not value.missing - {DECIDED}:
                    return Reading(each.reading.id, each.reading.says)
        return None


class Assessor:
    """Answers about one firm after another; keeps those of the firm it is asked about."""

    def __init__(self, rules: Rules, *, assume_no_history: bool = False) -> None:
        self.rules = rules
        self.names = Names(rules)
        self.options = Options(assume_no_history=assume_no_history)
        self._plans: dict[str, Plan] = {}
        self._annual: dict[str, bool] = {}
        self._yearly: dict[str, bool] = {}
        self._firm: Firm | None = None
        self._answers: dict[tuple[str, date], Answer] = {}

    def plan(self, incentive: str) -> Plan:
        """Return the plan of what bears on one incentive."""
        found = self._plans.get(incentive)
        if found is None:
            found = self._plans[incentive] = plan_for(self.rules, incentive)
        return found

    def answer(self, firm: Firm, incentive: str, on: date) -> Answer:
        """Return the answer for a firm on a day.

        Raises:
            ProfileError: the firm's facts have faults.
        """
        if firm is not self._firm:
            if self._firm is not None:
                self._firm.forget()
            self._firm = firm
            self._answers = {}
        found = self._answers.get((incentive, on))
        if found is None:
            profile = firm.profile(self.rules.vocabulary)
            done = run(
                self.plan(incentive), profile, on, self.options, drafts=False, only=incentive
            )
            found = Answer(done, self.rules.incentives[incentive], self.names)
            self._answers[incentive, on] = found
        return found

    def is_annual(self, incentive: str) -> bool:
        """Whether an award belongs to a year, so that each year is a claim of its own."""
        found = self._annual.get(incentive)
        if found is None:
            versions = self.rules.incentives[incentive].versions
            found = any(
                version.once is core.Per.YEAR
                or (
                    version.once is None
                    and version.amount is not None
                    and any(isinstance(node, core.On) for node in walk(version.amount))
                )
                for version in versions
            )
            self._annual[incentive] = found
        return found

    def reads_year(self, incentive: str) -> bool:
        """Whether the decision asks which year it is, for a condition or the amount."""
        found = self._yearly.get(incentive)
        if found is None:
            found = self._yearly[incentive] = any(
                isinstance(node, core.DateOp) and node.function is core.DateFunction.YEAR_OF
                for version in self.rules.incentives[incentive].versions
                for expression in expressions_of(version)
                for node in walk(expression)
            )
        return found


def expressions_of(version: Version) -> Iterator[Expr]:
    """Yield every expression that decides a version: conditions, amount and caps."""
    for condition in (*version.applicability, *version.conditions):
        yield from _tests(condition)
    for expression in (version.amount, version.dated_by, version.distinct, version.less):
        if expression is not None:
            yield expression
    for total in version.totals:
        yield total.cap
        if total.by is not None:
            yield total.by


def _tests(condition: Condition) -> Iterator[Expr]:
    yield condition.test
    for part in condition.parts:
        yield from _tests(part)
