"""One profile to all decisions: facts in, incentive by incentive, then groups.

Data flows one way: environment → outcomes in dependency order → refined → groups.
Nothing here looks back, and nothing reads the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.engine.environment import ON, Environment, environment
from incentives.engine.evaluation import Evaluation
from incentives.engine.outcome import Outcome, Status
from incentives.engine.refine import refine
from incentives.engine.stack import Stacked, stack
from incentives.values.unknown import Fault, Unknown, faults_in, missing_in

if TYPE_CHECKING:
    from datetime import date

    from incentives.engine.plan import IncentivePlan, Plan
    from incentives.engine.quick import Answer
    from incentives.rulebook.profile import Profile


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose.

    ``drafts``: in a second pass; ``assume_no_history``: nothing was received
    before; ``refine``: sharpen open answers by cells, as for one profile;
    without it the answers are the compositional ones that a batch gives;
    ``known_on``: by the rules that were published by that day.
    """

    drafts: bool = False
    assume_no_history: bool = False
    refine: bool = True
    known_on: date | None = None


class Outcomes(dict[str, Outcome]):
    """The outcomes by id as they are reported, refined; each worked out when asked for."""

    __slots__ = ("run",)

    run: Run

    def __missing__(self, incentive: str) -> Outcome:
        outcome = self[incentive] = self.run.refined(self.run.plan.by_id[incentive])
        return outcome


class Run:
    """One pass over a rulebook: the answers, and the environment that replays need."""

    __slots__ = (
        "_evaluation", "answers", "drafts", "on", "options", "outcomes", "plan", "profile",
        "stacked", "sums",
    )  # fmt: skip

    def __init__(
        self, plan: Plan, profile: Profile, on: date, options: Options, *, drafts: bool
    ) -> None:
        self.plan = plan
        self.profile = profile
        self.on = on
        self.options = options
        self.drafts = drafts
        self.answers: dict[str, Answer] = {}
        self.outcomes = Outcomes()
        self.outcomes.run = self
        self.stacked: dict[str, Stacked] = {}
        self.sums: list[tuple[frozenset[str], Any]] = []
        self._evaluation: Evaluation | None = None

    @property
    def evaluation(self) -> Evaluation:
        """The compositional outcomes, which other incentives refer to."""
        if self._evaluation is None:
            env = environment(self.profile, self.on, {}, no_history=self.options.assume_no_history)
            self._evaluation = Evaluation(self.plan, env, drafts=self.drafts)
        return self._evaluation

    @property
    def env(self) -> Environment:
        """The facts, the date and the outcomes, for replays."""
        return self.evaluation.env

    def answer(self, incentive: str) -> Answer | Outcome:
        """Return status, reason, amount and failed conditions of an incentive."""
        return self.answers.get(incentive) or self.outcomes[incentive]

    def refined(self, owner: IncentivePlan) -> Outcome:
        """Decide an incentive, or a reading of it, sharpened where facts are open."""
        known = owner is self.plan.by_id[owner.id]
        outcome = self.evaluation[owner.id] if known else self.evaluation.decide(owner)
        if outcome.is_settled or not self.options.refine:
            return outcome
        found = self.plan.reads(owner)
        mixed = outcome.value.__class__ is Unknown and outcome.value.mixed
        if not mixed and not found.can_sharpen(outcome.missing | missing_in(outcome.value)):
            return outcome

        def again(cell: Environment) -> Outcome:
            return Evaluation(self.plan, cell, drafts=self.drafts).decide(owner)

        most = self.plan.costs.cells(owner, self.profile.lengths)
        return refine(outcome, self.env, found.cuts, again, most)


def run(
    plan: Plan,
    profile: Profile,
    on: date,
    options: Options,
    *,
    drafts: bool,
    only: str | None = None,
) -> Run:
    """Decide every incentive, in dependency order, then apply the groups.

    With ``drafts`` the drafts are decided too; the law is decided without them
    in a pass of its own, so that a draft never affects a decision of the law.
    With ``only`` that one is decided at once, and others when they are asked for.
    """
    this = Run(plan, profile, on, options, drafts=drafts)
    answers = this.answers
    known = {**profile.known_facts, ON: on}
    for owner in plan.incentives if only is None else (plan.by_id[only],):
        if owner.is_plain:
            answer = owner.quick(known, on, drafts=drafts)
            if answer is not None:
                answers[owner.id] = answer
                continue
        this.evaluation[owner.id]
    groups = plan.groups(on, drafts=drafts)
    if groups:
        this.stacked, this.sums = stack(groups, this.outcomes, this.env)
    return this


def decide_reading(run: Run, owner: IncentivePlan) -> Outcome:
    """Decide an incentive under another reading, everything else by default readings."""
    return run.refined(owner)


def waits_for(outcome: Outcome) -> frozenset[str]:
    """Return the facts that can still change a decision."""
    if outcome.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
        return frozenset()
    return outcome.missing | missing_in(outcome.value)


def findings_of(outcome: Outcome) -> frozenset[Fault]:
    """Return the computations that failed on the way to a decision."""
    return outcome.faults | faults_in(outcome.value)
