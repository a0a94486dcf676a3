"""Two texts of one incentive over the same facts: readings, versions, other rules.

They agree where both grant it or both do not, and give the same; ``where`` limits
the question to a region, an expression of the rule language.

The trap: two readings of an ambiguous text are meant to differ, so that is a
fault only inside a stated region; without one the fault is a reading that
never differs, for it is no reading at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from incentives.authoring.expressions import of_version, unique
from incentives.authoring.proofs import numbers, words
from incentives.authoring.proofs.encode import Encoder
from incentives.authoring.proofs.profiles import UnwritableError
from incentives.authoring.proofs.results import Answer, Property, Verdict
from incentives.authoring.proofs.solver import conj, disj, neg
from incentives.authoring.proofs.world import NotEncodableError
from incentives.diagnostics import InternalError
from incentives.language import core
from incentives.language.core import CompareOp, Text
from incentives.rulebook.model import Period

if TYPE_CHECKING:
    from incentives.authoring.proofs.ground import Ground, Side
    from incentives.language.core import Expr
    from incentives.rulebook.model import Incentive, Rules


@dataclass(frozen=True, slots=True)
class Region:
    """Where two texts are compared: an expression, and how it was written."""

    test: Expr
    text: str


def readings(ground: Ground, where: Region | None) -> list[Answer]:
    """Ask of each other reading where it gives what the entry itself gives."""
    others = [reading for reading in ground.incentive.readings if not reading.default]
    if not others:
        return [Answer(Property.READINGS, Verdict.NOT_ASKED, words.NO_READINGS)]
    answers = []
    for reading in others:
        incentive = replace(ground.incentive, versions=reading.versions)
        says = Text(f"{reading.id}：{reading.says.zh}", f"{reading.id}: {reading.says.get('en')}")
        other = _Other(ground.rules, incentive, reading.id, Text(reading.id), says, words.ENTRY)
        answers.append(_compare(ground, Property.READINGS, ground.main, other, where))
    return answers


def versions(ground: Ground, where: Region | None, old: Rules | None) -> list[Answer]:
    """Ask whether this text gives what an older one gave.

    The older one is that of ``old``; without it, each version's predecessor, both
    asked as if they held on every day.
    """
    if old is not None:
        before = old.incentives.get(ground.incentive.id)
        if before is None:
            return [Answer(Property.VERSIONS, Verdict.NOT_ASKED, words.NEW_ENTRY)]
        other_fact = _other_fact(ground, before, old)
        if other_fact is not None:
            says = words.not_decided(words.other_fact(other_fact))
            return [Answer(Property.VERSIONS, Verdict.UNDECIDED, says)]
        other = _Other(old, before, "old", words.OLD, words.OLD, words.NEW)
        return [_compare(ground, Property.VERSIONS, ground.main, other, where)]
    found = ground.incentive.versions
    if len(found) == 1:
        return [Answer(Property.VERSIONS, Verdict.NOT_ASKED, words.NO_VERSIONS)]
    answers = []
    for at in range(1, len(found)):
        mine, theirs = (
            replace(ground.incentive, versions=(replace(found[each], period=Period()),))
            for each in (at, at - 1)
        )
        names = [words.version(found[each].period.since) for each in (at, at - 1)]
        side = ground.side(ground.rules, mine, ground.encoder)
        other = _Other(ground.rules, theirs, names[1].zh, names[1], names[1], names[0])
        answers.append(_compare(ground, Property.VERSIONS, side, other, where))
    return answers


def _other_fact(ground: Ground, before: Incentive, old: Rules) -> str | None:
    """Return a fact of the older text that is none of today's, or one of another kind."""
    for version in before.versions:
        for expr in of_version(version):
            for node in unique(expr):
                if isinstance(node, core.Fact):
                    was = old.vocabulary.facts[node.entity, node.name]
                    now = ground.world.vocabulary.facts.get((node.entity, node.name))
                    if now is None or (now.type.kind, now.series) != (was.type.kind, was.series):
                        return was.path
    return None


@dataclass(frozen=True, slots=True)
class _Other:
    """What is compared with, and how both are called."""

    rules: Rules
    incentive: Incentive
    subject: str
    name: Text
    says: Text
    own: Text


def _compare(
    ground: Ground, asked: Property, mine: Side, other: _Other, where: Region | None
) -> Answer:
    try:
        # The other rules may give other results to what this one refers to.
        encoder = Encoder(ground.world)
        theirs = ground.side(other.rules, other.incentive, encoder)
        region = _region(ground, where)
    except NotEncodableError as error:
        says = words.not_decided(error.says)
        return Answer(asked, Verdict.UNDECIDED, says, other.subject)
    text = None if where is None else where.text
    solver = ground.solver(ground.encoder, encoder)
    # Another amount says more than another status; that neither differs needs both questions.
    for question in (_other_amount(mine, theirs), _differ(mine, theirs)):
        goals = [*region, question]
        model = solver.model(goals)
        if model is not False:
            break
    if model is None:
        return Answer(asked, Verdict.UNDECIDED, words.NO_TIME, other.subject)
    if model is False:
        idle = asked is Property.READINGS and where is None and not ground.counted_lists()
        return Answer(asked, Verdict.PROVED, words.agree(other.says, text), other.subject, idle)
    model = ground.nicest(solver, goals, model)
    try:
        a, _ = ground.witness(model, mine, words.under(other.own))
        b, _ = ground.witness(model, theirs, words.under(other.name))
    except UnwritableError:
        return Answer(asked, Verdict.UNDECIDED, words.NO_TIME, other.subject)
    if (a.status, a.low, a.high) == (b.status, b.low, b.high):
        raise InternalError(
            f"the engine sees no difference in {ground.incentive.id}: {other.subject}"
        )
    fault = asked is Property.VERSIONS or where is not None
    says = words.differ(other.says, text)
    return Answer(asked, Verdict.REFUTED, says, other.subject, fault, witnesses=(a, b))


def _region(ground: Ground, where: Region | None) -> list[Any]:
    if where is None:
        return []
    encoder: Encoder = ground.encoder
    return [encoder.truth(where.test, encoder.top).yes]


def _known(mine: Side, theirs: Side) -> list[Any]:
    a, b = mine.decided, theirs.decided
    return [a.settled, b.settled, neg(a.undetermined), neg(b.undetermined)]


def _other_amount(mine: Side, theirs: Side) -> Any:
    """Return when they give another amount; nothing at all is zero."""
    if mine.award is None or theirs.award is None:
        return False
    other = disj(
        numbers.compare(CompareOp.NE, getattr(mine.award, end), getattr(theirs.award, end))
        for end in ("lo", "hi")
    )
    return conj((*_known(mine, theirs), other))


def _differ(mine: Side, theirs: Side) -> Any:
    """Return when one grants it and the other does not, or they give another amount."""
    a, b = mine.decided, theirs.decided
    one = [
        conj((a.eligible, neg(b.eligible))),
        conj((b.eligible, neg(a.eligible))),
        _other_amount(mine, theirs),
    ]
    if (mine.award is None) != (theirs.award is None):
        one.append(conj((a.eligible, b.eligible)))
    return conj((*_known(mine, theirs), disj(one)))
