"""Where questions about one incentive are asked: its facts, its terms, the engine that checks.

Every model becomes a profile, and the engine assesses that profile before
anybody sees it. Where the two disagree, this part or the engine is wrong: that
raises ``InternalError`` with the profile, and nothing is printed as proved.

An entry that is only listed (by reference, exploratory, historical) is asked
about as if its conditions granted it: otherwise there would be nothing to ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from incentives.authoring.expressions import of_version, unique, versions_of
from incentives.authoring.proofs.decision import NEVER, Decided
from incentives.authoring.proofs.encode import Encoder
from incentives.authoring.proofs.profiles import Reader, UnwritableError, facts_text
from incentives.authoring.proofs.results import Witness
from incentives.authoring.proofs.solver import Solver, disj, neg
from incentives.authoring.proofs.wishes import wishes
from incentives.authoring.proofs.world import World
from incentives.diagnostics import InternalError, ProfileError
from incentives.engine.assess import Options, run
from incentives.engine.focus import plan_for
from incentives.language import core
from incentives.language.names import DECIDED
from incentives.rulebook.model import Entitlement, Incentive, LegalStatus, Rules
from incentives.rulebook.profile import Profile
from incentives.values.unknown import bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from incentives.authoring.proofs.encode import Amount
    from incentives.authoring.proofs.numbers import Num
    from incentives.authoring.proofs.world import Place
    from incentives.engine.outcome import Outcome
    from incentives.language.core import Expr, Text


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a question goes: items in a list, and seconds for one step of the solver."""

    items: int = 2
    seconds: int = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One rulebook's text of the incentive, as terms, and the plan that checks models."""

    rules: Rules
    incentive: Incentive
    decided: Decided
    award: Amount | None
    moved: Callable[[Place, str, Any, Num], Num] | None = None

    def outcome(self, data: dict[str, Any], on: Any) -> Outcome:
        """Return what the engine decides for a profile, before groups."""
        known = self.rules.vocabulary.facts
        kept = {
            entity: [_known(each, entity, known) for each in found]
            if isinstance(found, list)
            else _known(found, entity, known)
            for entity, found in data.items()
            if entity in self.rules.vocabulary.entities
        }
        draft = self.incentive.document.legal_status is LegalStatus.DRAFT
        plan = plan_for(self.rules, self.incentive.id)
        profile = Profile(kept, self.rules.vocabulary)
        return run(plan, profile, on, Options(draft), drafts=draft).outcomes[self.incentive.id]


def _known(record: dict[str, Any], entity: str, facts: Any) -> dict[str, Any]:
    return {name: value for name, value in record.items() if (entity, name) in facts}


@dataclass(slots=True)
class Ground:
    """One incentive ready for questions.

    Raises:
        NotEncodableError: when made, where the solver cannot be told it exactly.
    """

    rules: Rules
    incentive: Incentive
    limits: Limits = field(default_factory=Limits)
    more: Sequence[Expr] = ()
    older: Rules | None = None
    world: World = field(init=False)
    encoder: Encoder = field(init=False)
    main: Side = field(init=False)
    tester: Encoder = field(init=False)
    tests: Decided = field(init=False)

    def __post_init__(self) -> None:
        """Encode the incentive."""
        named = [e for v in versions_of(self.incentive) for e in of_version(v)]
        for rules in (self.rules, *(() if self.older is None else (self.older,))):
            for each in related(rules, self.incentive.id):
                named += [e for v in each.versions for e in of_version(v)]
        self.world = World(self.rules.vocabulary, [*named, *self.more], self.limits.items)
        self.encoder = Encoder(self.world)
        self.main = self.side(self.rules, self.incentive, self.encoder)
        if self.main.decided.is_ceiling or self.incentive.depends_on:
            self.world.empty.add(DECIDED)
        # Questions about conditions alone are not held up by an amount that fails.
        self.tester = Encoder(self.world)
        self.tests = self.side(self.rules, without_amount(self.incentive), self.tester).decided

    def side(self, rules: Rules, incentive: Incentive, encoder: Encoder) -> Side:
        """Encode an incentive over the facts of this ground, as if it were granted."""
        granted = as_if_granted(incentive)
        rules = replace(rules, incentives={**rules.incentives, granted.id: granted})
        decided = Decided(rules, granted, encoder)
        # The terms of the status are made now: they ask for facts.
        _ = decided.eligible, decided.ineligible, decided.undetermined, decided.settled
        award = decided.award() if decided.has_amount else None
        return Side(rules, granted, decided, award, encoder.moved)

    # ── questions ────────────────────────────────────────────────────────────

    def solver(self, *encoders: Encoder) -> Solver:
        """Return a solver over the facts, where nothing in ``encoders`` stays vague."""
        vague = [term for each in encoders for term in each.vague]
        return Solver([*self.world.domain, neg(disj(vague))], self.limits.seconds)

    def counted_lists(self) -> list[str]:
        """Return the lists of which more items might change whether a profile exists.

        Of a list that is only looked at item by item, one item stands for all.
        """
        each = self.incentive.each
        folded = {
            node.source.entity
            for version in versions_of(self.incentive)
            for expr in of_version(version)
            for node in unique(expr)
            if isinstance(node, core.Over) and isinstance(node.source, core.Items)
        }
        return sorted(name for name in self.world.lengths if name != each or name in folded)

    def is_vague(self) -> bool:
        """Whether some profiles are left out because a computation may fail in them."""
        solver = Solver(self.world.domain, self.limits.seconds)
        return solver.model([disj(self.encoder.vague)]) is not False

    def nicest(self, solver: Solver, goals: Sequence[Any], model: Any) -> Any:
        """Return a model of the goals that a person reads easily."""
        return solver.nicest(goals, *wishes(self.world, self.incentive), model)

    # ── replay ───────────────────────────────────────────────────────────────

    def witness(self, model: Any, side: Side, label: Text) -> tuple[Witness, Outcome]:
        """Return a model as a profile with what the engine says of it.

        Raises:
            InternalError: the engine says something else than the terms.
            UnwritableError: no profile can state it.
        """
        reader = Reader(self.world, model, side.moved)
        data, on = reader.profile(), reader.on
        try:
            outcome = side.outcome(data, on)
        except ProfileError as error:
            if side.rules.vocabulary is not self.rules.vocabulary:
                raise UnwritableError("a word that the other rules do not know") from error
            raise InternalError(
                f"the solver's profile is refused: {error}\n{facts_text(data)}"
            ) from error
        self._agree(reader, side, outcome, data)
        low, high = (None, None) if outcome.value is None else bounds(outcome.value)
        return (
            Witness(label, data, on, str(outcome.status), tuple(outcome.failed), low, high),
            outcome,
        )

    def _agree(self, reader: Reader, side: Side, outcome: Outcome, data: dict[str, Any]) -> None:
        status = status_of(reader, side.decided)
        same = status == str(outcome.status)
        if same and side.award is not None and reader.holds(side.decided.settled):
            found = (reader.figure(side.award.lo), reader.figure(side.award.hi))
            same = found == bounds(outcome.value)
        if not same:
            raise InternalError(
                f"the engine and the solver disagree about {side.incentive.id} on {reader.on}: "
                f"{outcome.status} {outcome.value}, {status}\n{facts_text(data)}"
            )


def status_of(reader: Reader, decided: Decided) -> str:
    """Return the status that the terms give in a model."""
    for word in ("eligible", "ineligible", "undetermined"):
        if reader.holds(getattr(decided, word)):
            return word
    return "not_applicable"


def related(rules: Rules, name: str) -> list[Incentive]:
    """Return an incentive and those its decision may depend on: referred to, or replacing."""
    replacing = [
        owner.id
        for owner in rules.incentives.values()
        if any(version.overrides for version in owner.versions)
    ]
    found: dict[str, Incentive] = {}
    waiting = [name, *replacing]
    while waiting:
        each = rules.incentives.get(waiting.pop())
        if each is not None and each.id not in found:
            found[each.id] = each
            waiting += each.depends_on
    return list(found.values())


def without_amount(incentive: Incentive) -> Incentive:
    """Return an incentive with its conditions alone."""
    versions = tuple(
        replace(v, amount=None, totals=(), distinct=None, budget=None) for v in incentive.versions
    )
    return replace(incentive, versions=versions)


def as_if_granted(incentive: Incentive) -> Incentive:
    """Return an incentive whose conditions grant it, also where the text only lists it."""
    historical = incentive.document.legal_status is LegalStatus.HISTORICAL
    if not historical and incentive.entitlement not in NEVER:
        return incentive
    document = incentive.document
    if historical:
        document = replace(document, legal_status=LegalStatus.IN_FORCE)
    versions = incentive.versions
    if incentive.entitlement in NEVER:
        versions = tuple(replace(v, entitlement=Entitlement.NONE) for v in versions)
    return replace(incentive, document=document, versions=versions)
