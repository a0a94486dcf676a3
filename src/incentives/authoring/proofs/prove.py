"""Everything that is asked about incentives, put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from incentives.authoring.proofs import words
from incentives.authoring.proofs.comparing import Region, readings, versions
from incentives.authoring.proofs.ground import Ground, Limits, as_if_granted
from incentives.authoring.proofs.moving import monotone
from incentives.authoring.proofs.questions import bounds, overlap, reach
from incentives.authoring.proofs.redundancy import redundant
from incentives.authoring.proofs.results import Answer, Property, Report, Verdict
from incentives.authoring.proofs.world import NotEncodableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from incentives.language.core import Text
    from incentives.rulebook.model import Incentive, Rules

EVERYTHING = tuple(Property)


def prove(
    rules: Rules,
    incentive: Incentive,
    asked: Collection[Property] = EVERYTHING,
    limits: Limits | None = None,
    where: Region | None = None,
    old: Rules | None = None,
) -> Report:
    """Ask about one incentive, and return what came out.

    Args:
        rules: the rulebook.
        incentive: one of its incentives.
        asked: the properties to ask about, in the order of ``Property``.
        limits: items in a list, and seconds for one step of the solver.
        where: the region in which readings and versions are compared.
        old: other rules with an older text of it.

    Raises:
        InternalError: the engine and the solver disagree.
        MissingExtraError: the solver is not installed.
    """
    chosen = [each for each in Property if each in asked]
    more = [] if where is None else [where.test]
    try:
        ground = Ground(rules, incentive, limits or Limits(), more, old)
    except NotEncodableError as error:
        says = words.not_decided(error.says)
        answers = [Answer(each, Verdict.UNDECIDED, says) for each in chosen]
        return _report(incentive, [], answers)
    ask: dict[Property, Callable[[], list[Answer]]] = {
        Property.REACH: lambda: [*reach(ground), *_reach_of_readings(ground)],
        Property.REDUNDANT: lambda: redundant(ground),
        Property.BOUNDS: lambda: bounds(ground),
        Property.MONOTONE: lambda: monotone(ground),
        Property.OVERLAP: lambda: overlap(ground),
        Property.READINGS: lambda: readings(ground, where),
        Property.VERSIONS: lambda: versions(ground, where, old),
    }
    answers = []
    for each in chosen:
        try:
            answers += ask[each]()
        except NotEncodableError as error:
            answers.append(Answer(each, Verdict.UNDECIDED, words.not_decided(error.says)))
    return _report(incentive, _limits(ground), answers)


def _reach_of_readings(ground: Ground) -> list[Answer]:
    """Ask of each other reading whether somebody is granted the incentive under it."""
    answers: list[Answer] = []
    for reading in ground.incentive.readings:
        if reading.default:
            continue
        incentive = replace(ground.incentive, versions=reading.versions, readings=())
        try:
            (answer,) = reach(Ground(ground.rules, incentive, ground.limits))
        except NotEncodableError as error:
            answer = Answer(Property.REACH, Verdict.UNDECIDED, words.not_decided(error.says))
        says = words.as_read(reading.id, answer.says)
        answers.append(replace(answer, subject=reading.id, says=says))
    return answers


def _limits(ground: Ground) -> list[Text]:
    lists = sorted(ground.world.lengths)
    found = words.limits(ground.limits.items, lists)
    if as_if_granted(ground.incentive) is not ground.incentive:
        found.append(words.AS_IF)
    if ground.main.decided.is_ceiling:
        found.append(words.NO_DECISION)
    if ground.is_vague():
        found.append(words.FAILURES)
    return found


def _report(incentive: Incentive, limits: list[Text], answers: list[Answer]) -> Report:
    version = incentive.versions[-1]
    return Report(incentive.id, incentive.name, version.clause, tuple(limits), tuple(answers))
