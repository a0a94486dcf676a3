"""One profile to all decisions: facts in, incentive by incentive, then groups.

Data flows one way: environment → outcomes in dependency order → groups.
Nothing here looks back, and nothing reads the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.engine.decide import decide
from incentives.engine.environment import ON, Environment, environment
from incentives.engine.outcome import Outcome, Status
from incentives.engine.refine import refine
from incentives.engine.stack import Stacked, stack
from incentives.language.semantics import all_, any_, not_
from incentives.values.unknown import Fault, Unknown, faults_in, missing_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from incentives.engine.plan import IncentivePlan, Plan
    from incentives.engine.quick import Answer
    from incentives.rulebook.profile import Profile


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose: drafts in a second pass, and that nothing was received before."""

    drafts: bool = False
    assume_no_history: bool = False


class Outcomes(dict[str, Outcome]):
    """The full outcomes by id; one that the quick path answered is worked out when asked for."""

    __slots__ = ("run",)

    run: Run

    def __missing__(self, incentive: str) -> Outcome:
        owner = self.run.plan.by_id[incentive]
        outcome = self[incentive] = decided(self.run, owner, dict(self.run.env), replaced=False)
        return outcome


class Run:
    """One pass over a rulebook: the answers, and the environment that replays need."""

    __slots__ = (
        "_env", "answers", "drafts", "on", "options", "outcomes", "plan", "profile", "replaced",
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
        self.replaced: dict[str, Any] = {}
        self.stacked: dict[str, Stacked] = {}
        self.sums: list[tuple[frozenset[str], Any]] = []
        self._env: Environment | None = None

    @property
    def env(self) -> Environment:
        """The facts, the date and the outcomes, for the general path and for replays."""
        if self._env is None:
            self._env = environment(
                self.profile, self.on, self.outcomes, no_history=self.options.assume_no_history
            )
        return self._env

    def answer(self, incentive: str) -> Answer | Outcome:
        """Return status, reason, amount and failed conditions of an incentive."""
        return self.answers.get(incentive) or self.outcomes[incentive]


def run(plan: Plan, profile: Profile, on: date, options: Options, *, drafts: bool) -> Run:
    """Decide every incentive, in dependency order, then apply the groups.

    With ``drafts`` the drafts are decided too; the law is decided without them
    in a pass of its own, so that a draft never affects a decision of the law.
    """
    this = Run(plan, profile, on, options, drafts=drafts)
    answers = this.answers
    known = {**profile.known_facts, ON: on}
    applies: dict[str, Any] = {}
    for owner in plan.incentives:
        name = owner.id
        if owner.is_plain:
            answer = owner.quick(known, on, drafts=drafts)
            if answer is not None:
                answers[name] = answer
                continue
        overriders = plan.overriders.get(name)
        replaced = False if overriders is None else _replaced(overriders, name, applies)
        this.replaced[name] = replaced
        this.outcomes[name] = decided(this, owner, this.env, replaced=replaced)
        if owner.overrides:
            applies[name] = _applies(owner, this.env, replaced, drafts=drafts)
    if plan.rules.groups:
        this.stacked, this.sums = stack(plan.rules.groups, this.outcomes, this.env)
    return this


def decided(run: Run, owner: IncentivePlan, env: Environment, *, replaced: Any) -> Outcome:
    """Decide one incentive on the general path, refined where facts are open."""
    outcome = decide(owner, env, replaced, drafts=run.drafts)
    if outcome.is_settled:
        return outcome
    cut = run.plan.cuts(owner)
    return refine(outcome, env, cut, lambda cell: decide(owner, cell, replaced, drafts=run.drafts))


def decide_reading(run: Run, owner: IncentivePlan) -> Outcome:
    """Decide an incentive under another reading, everything else by default readings."""
    replaced = run.replaced.get(owner.id, False)
    return decided(run, owner, dict(run.env), replaced=replaced)


def _applies(
    owner: IncentivePlan, env: Environment, replaced: Any, *, drafts: bool
) -> dict[str, Any]:
    """Return, for each incentive that ``owner`` overrides, whether it does so now."""
    (now,) = owner.at(env[ON])
    if now is None or (owner.is_draft and not drafts) or owner.document_reason:
        return {}
    tests = [test(env) for _, test in now.applicability]
    live = all_([*tests, not_(replaced)])
    return {
        target: live if when is None else all_([live, when(env)]) for target, when in now.overrides
    }


def _replaced(overriders: list[str], target: str, applies: Mapping[str, dict[str, Any]]) -> Any:
    """Return whether an incentive is replaced; two that replace it at once are a finding."""
    tests = [applies.get(name, {}).get(target, False) for name in overriders]
    if sum(test is True for test in tests) > 1:
        return Unknown(faults=frozenset({Fault("override-conflict", target)}))
    return any_(tests)


def waits_for(outcome: Outcome) -> frozenset[str]:
    """Return the facts that can still change a decision."""
    if outcome.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
        return frozenset()
    return outcome.missing | missing_in(outcome.value)


def findings_of(outcome: Outcome) -> frozenset[Fault]:
    """Return the computations that failed on the way to a decision."""
    return outcome.faults | faults_in(outcome.value)
