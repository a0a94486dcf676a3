"""Do the cases prove something? Change one written thing at a time, and some case must fail.

A mutant that a case notices is killed. One that none notices is either the same
rules in other words (proved in ``equivalent``), accepted in the rule file with a
reason, or it survives: then the cases do not say what the changed words mean,
and a suggested case shows facts on which it matters.

The law kept: nothing is dropped silently. Every mutant has one of the four
verdicts, an acceptance that nothing needs any more is reported, and so is a
case that fails before anything was changed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.bench import Bench
from incentives.authoring.equivalent import Proofs
from incentives.authoring.mutants import mutants
from incentives.authoring.witness import Witness, find_witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.authoring.mutant import Mutant
    from incentives.diagnostics import Span
    from incentives.language.core import Text
    from incentives.rulebook.model import Accepted, Case, Rules

MANY: Final = 300
"""From so many mutants on, a second process is worth its start."""


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    ACCEPTED = "accepted"
    SURVIVED = "survived"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant.

    ``case`` is the case that noticed it; ``because`` the proof or the reason
    given in the file; ``witness`` facts that would have told.
    """

    id: str
    place: str
    before: str
    after: str | None
    span: Span | None
    users: tuple[str, ...]
    verdict: Verdict
    case: Case | None = None
    because: Text | None = None
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Mutation:
    """Every mutant's outcome, by incentive; acceptances nothing needs; cases that failed before."""

    outcomes: tuple[Outcome, ...]
    idle: tuple[tuple[str, Accepted], ...]
    failing: tuple[Case, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many mutants have a verdict."""
        return Counter(outcome.verdict for outcome in self.outcomes)[verdict]

    @property
    def survivors(self) -> tuple[Outcome, ...]:
        """The mutants that nothing noticed and nobody justified."""
        return tuple(each for each in self.outcomes if each.verdict is Verdict.SURVIVED)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to do."""
        return not self.survivors and not self.idle and not self.failing


def mutate(
    rules: Rules, only: Iterable[str] | None = None, *, workers: int = 1, suggest: bool = True
) -> Mutation:
    """Change one thing at a time and see whether a case notices.

    Args:
        rules: a loaded rulebook's rules.
        only: ids of the incentives to change; every one by default.
        workers: processes to use; one means this one.
        suggest: look for facts that tell a survivor apart.
    """
    chosen = None if only is None else frozenset(only)
    count = len(mutants(rules, chosen))
    shares = min(workers, 1 + count // MANY)
    if shares <= 1:
        outcomes = _share(rules, chosen, 0, 1, suggest)
    else:
        outcomes = _in_processes(rules, chosen, shares, suggest)
    names = rules.incentives if chosen is None else chosen
    failing = Bench(rules)
    return Mutation(
        tuple(outcomes),
        tuple(_idle(rules, names, outcomes)),
        tuple(
            case
            for name in sorted(names)
            for case in rules.incentives[name].cases
            if id(case) in failing.failing
        ),
    )


def _in_processes(
    rules: Rules, only: frozenset[str] | None, shares: int, suggest: bool
) -> list[Outcome]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(shares, mp_context=get_context("spawn")) as pool:
        parts = [
            pool.submit(_share, rules, only, number, shares, suggest) for number in range(shares)
        ]
        found = [part.result() for part in parts]
    outcomes: list[Any] = [None] * sum(map(len, found))
    for number, part in enumerate(found):
        outcomes[number::shares] = part
    return outcomes


def _share(
    rules: Rules, only: frozenset[str] | None, number: int, shares: int, suggest: bool
) -> list[Outcome]:
    """Judge every ``shares``-th mutant from ``number`` on; the list is the same everywhere."""
    judge = _Judge(rules, suggest=suggest)
    return [judge.outcome(mutant) for mutant in mutants(rules, only)[number::shares]]


class _Judge:
    def __init__(self, rules: Rules, *, suggest: bool) -> None:
        self.rules = rules
        self.bench = Bench(rules)
        self.proofs = Proofs(rules)
        self.suggest = suggest

    def outcome(self, mutant: Mutant) -> Outcome:
        killer = self.bench.killer(mutant)
        if killer is not None:
            return _outcome(mutant, Verdict.KILLED, case=killer)
        proof = self.proofs.proof(mutant)
        if proof is not None:
            return _outcome(mutant, Verdict.EQUIVALENT, because=proof)
        accepted = self._accepted(mutant)
        if accepted is not None:
            return _outcome(mutant, Verdict.ACCEPTED, because=accepted.because)
        witness = find_witness(self.bench, mutant) if self.suggest else None
        return _outcome(mutant, Verdict.SURVIVED, witness=witness)

    def _accepted(self, mutant: Mutant) -> Accepted | None:
        return next(
            (
                each
                for name in mutant.users
                for each in self.rules.incentives[name].accepted
                if mutant.id in each.mutations
            ),
            None,
        )


def _outcome(mutant: Mutant, verdict: Verdict, **more: Any) -> Outcome:
    return Outcome(
        mutant.id, mutant.place, mutant.before, mutant.after, mutant.span, mutant.users, verdict,
        **more,
    )  # fmt: skip


def _idle(
    rules: Rules, names: Iterable[str], outcomes: Sequence[Outcome]
) -> list[tuple[str, Accepted]]:
    """Return the acceptances that name no surviving change, each with the change's id."""
    needed = {
        (user, outcome.id)
        for outcome in outcomes
        if outcome.verdict is Verdict.ACCEPTED
        for user in outcome.users
    }
    return [
        (mutation, accepted)
        for name in sorted(names)
        for accepted in rules.incentives[name].accepted
        for mutation in accepted.mutations
        if (name, mutation) not in needed
    ]
