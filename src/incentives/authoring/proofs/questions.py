"""Questions about one text of an incentive: reach, redundant conditions, bounds, rows.

Each returns answers; a question that the solver does not settle in time is
``undecided`` and says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from incentives.authoring.expressions import unique
from incentives.authoring.proofs import numbers, words
from incentives.authoring.proofs.encode import Encoder
from incentives.authoring.proofs.ground import without_amount
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.profiles import UnwritableError
from incentives.authoring.proofs.results import Answer, Property, Verdict, Witness
from incentives.authoring.proofs.solver import conj, counted, disj, neg
from incentives.authoring.proofs.world import Truth
from incentives.diagnostics import InternalError
from incentives.engine.assess import findings_of
from incentives.language import core
from incentives.language.core import CompareOp, Role, Text
from incentives.rulebook.lower_incentive import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.authoring.proofs.decision import Head
    from incentives.authoring.proofs.ground import Ground
    from incentives.engine.outcome import Outcome
    from incentives.language.core import Expr
    from incentives.rulebook.model import Condition


def shown(
    ground: Ground,
    goals: list[Any],
    label: Text,
    check: Callable[[Outcome], bool],
    encoder: Encoder | None = None,
) -> Witness | bool | None:
    """Return a profile in which the goals hold, replayed; ``False``: there is none.

    ``None``: not decided. ``check`` looks at the engine's answer. ``encoder`` made
    the goals; without it, they are about conditions alone.

    Raises:
        InternalError: the engine disagrees.
    """
    solver = ground.solver(encoder or ground.tester)
    model = solver.model(goals)
    if model is None or model is False:
        return model
    model = ground.nicest(solver, goals, model)
    try:
        witness, outcome = ground.witness(model, ground.main, label)
    except UnwritableError:
        return None
    if not check(outcome):
        raise InternalError(
            f"the engine does not confirm what was shown about {ground.incentive.id}: "
            f"{outcome.status} {outcome.failed}"
        )
    return witness


# ── reach ────────────────────────────────────────────────────────────────────


def reach(ground: Ground) -> list[Answer]:
    """Ask whether some known profile is granted the incentive."""

    def granted(goals: list[Any], label: Text, encoder: Encoder | None = None) -> Any:
        return shown(ground, goals, label, lambda o: str(o.status) == "eligible", encoder)

    if ground.main.award is None:
        found = granted([ground.tests.eligible], words.GRANTED)
    else:
        main = ground.main.decided
        more = numbers.compare(CompareOp.GT, ground.main.award.hi, Num(0))
        found = granted([main.eligible, main.settled, more], words.GRANTED, ground.encoder)
    if isinstance(found, Witness):
        return [Answer(Property.REACH, Verdict.PROVED, words.REACHED, witnesses=(found,))]
    if found is False and ground.main.award is not None:
        found = granted([ground.tests.eligible], words.NO_PAY)
        if isinstance(found, Witness):
            return [
                Answer(
                    Property.REACH, Verdict.REFUTED, words.NO_PAY, fault=True, witnesses=(found,)
                )
            ]
    if found is None:
        return [Answer(Property.REACH, Verdict.UNDECIDED, words.NO_TIME)]
    why = _why_not(ground)
    return [Answer(Property.REACH, Verdict.REFUTED, words.never_reached(why), fault=True)]


def _why_not(ground: Ground) -> tuple[str, ...]:
    """Return the conditions that exclude each other."""
    head = ground.tests.heads[0]
    named = [(c.id, test.yes) for c, test in head.tests]
    return ground.solver(ground.tester).reasons(named, [head.there, head.selected, neg(head.apart)])


# ── redundant conditions ─────────────────────────────────────────────────────


def redundant(ground: Ground) -> list[Answer]:
    """Ask of each written condition, and of each part of one, whether it decides anything."""
    answers = []
    written = [
        (head, condition)
        for head in ground.tests.items[0]
        for condition, _ in head.tests
        if condition.id not in RESERVED
    ]
    for head, condition in written:
        answers.append(_whole(ground, head, condition))
        answers += [
            _part(ground, head, condition, path, goal)
            for path, goal in _parts(ground, head, condition)
        ]
    if not answers:
        return [Answer(Property.REDUNDANT, Verdict.NOT_ASKED, words.NO_CONDITIONS)]
    return answers


def _others(head: Head, condition: Condition) -> list[Any]:
    rest = [test.yes for other, test in head.tests if other is not condition]
    return [head.there, head.selected, neg(head.apart), neg(head.open), *rest]


def _failed(outcome: Outcome) -> tuple[str, ...]:
    return tuple(outcome.items[0].failed if outcome.items else outcome.failed)


def _whole(ground: Ground, head: Head, condition: Condition) -> Answer:
    test = next(test for other, test in head.tests if other is condition)
    goals = [*_others(head, condition), test.no]
    found = shown(
        ground, goals, words.only_fails(condition.id), lambda o: _failed(o) == (condition.id,)
    )
    if isinstance(found, Witness):
        says = words.needed(condition.id)
        return Answer(Property.REDUNDANT, Verdict.PROVED, says, condition.id, witnesses=(found,))
    if found is None:
        return Answer(Property.REDUNDANT, Verdict.UNDECIDED, words.NO_TIME, condition.id)
    named = [(other.id, each.yes) for other, each in head.tests if other is not condition]
    named += [(f"{word}", neg(head.apart)) for word in ("recipient · jurisdiction",)]
    why = ground.solver(ground.tester).reasons(named, [head.there, head.selected, test.no])
    says, reading = words.never_fails(condition.id, why), _needed_under(ground, condition.id)
    if reading is not None:
        says = words.idle_here(condition.id, reading)
    return Answer(Property.REDUNDANT, Verdict.REFUTED, says, condition.id, fault=reading is None)


def _needed_under(ground: Ground, name: str) -> str | None:
    """Return another reading under which a condition decides something."""
    for reading in ground.incentive.readings:
        if reading.default:
            continue
        incentive = replace(ground.incentive, versions=reading.versions)
        encoder = Encoder(ground.world)
        decided = ground.side(ground.rules, without_amount(incentive), encoder).decided
        for head in decided.items[0]:
            for condition, test in head.tests:
                goals = [*_others(head, condition), test.no]
                if condition.id != name:
                    continue
                found = ground.solver(encoder).model(goals)
                if found is not None and found is not False:
                    return reading.id
    return None


def _part(ground: Ground, head: Head, condition: Condition, path: str, goal: Any) -> Answer:
    goals = [*_others(head, condition), goal]

    def check(outcome: Outcome) -> bool:
        return _failed(outcome) in {(), (condition.id,)}

    found = shown(ground, goals, words.only_part(path), check)
    if isinstance(found, Witness):
        says = words.part_needed(path)
        return Answer(Property.REDUNDANT, Verdict.PROVED, says, path, witnesses=(found,))
    if found is None:
        return Answer(Property.REDUNDANT, Verdict.UNDECIDED, words.NO_TIME, path)
    says = words.part_idle(path)
    return Answer(Property.REDUNDANT, Verdict.REFUTED, says, path, fault=True)


def _parts(ground: Ground, head: Head, condition: Condition) -> Iterator[tuple[str, Any]]:
    """Yield each part of a condition, and when leaving it out would change the condition."""
    scope = head.scope if condition.per_item else ground.tester.top

    def truth_of(each: Condition, changed: Condition | None, value: bool | None) -> Truth:
        if each is changed and value is not None:
            return Truth(value, not value)
        if not each.parts:
            return ground.tester.truth(each.test, scope)
        parts = [truth_of(part, changed, value) for part in each.parts]
        if each.at_least is None:
            return Truth(conj(p.yes for p in parts), disj(p.no for p in parts))
        true = counted(p.yes for p in parts)
        can = counted(neg(p.no) for p in parts)
        return Truth(true >= each.at_least, can < each.at_least)

    def walk(each: Condition, path: str) -> Iterator[tuple[str, Any]]:
        # Leaving a part of `all` out is the part holding; of `any`, the part failing.
        kept = each.at_least is not None
        for part in each.parts:
            own = truth_of(part, None, None)
            there, gone = truth_of(condition, part, kept), truth_of(condition, part, not kept)
            now = own.yes if kept else own.no
            change = conj((there.yes, gone.no)) if kept else conj((there.no, gone.yes))
            here = f"{path}.{part.id}"
            yield here, conj((now, change))
            yield from walk(part, here)

    yield from walk(condition, condition.id)


# ── bounds ───────────────────────────────────────────────────────────────────


def bounds(ground: Ground) -> list[Answer]:
    """Ask whether the amount stays from zero to its cap, and to the cap over items."""
    decided = ground.main.decided
    if ground.main.award is None:
        return [Answer(Property.BOUNDS, Verdict.NOT_ASKED, words.NO_AMOUNT)]
    live = [decided.eligible, decided.settled]
    below = numbers.compare(CompareOp.LT, ground.main.award.lo, Num(0))
    answers = [_never(ground, [*live, below], "zero", words.NOT_BELOW_ZERO, words.BELOW_ZERO)]
    caps = []
    for head in decided.heads:
        for guard, cap in _caps(head.version.amount):
            top = ground.encoder.num(cap, head.scope)
            holds = True if guard is None else ground.encoder.truth(guard, head.scope).yes
            if head.amount is not None:
                over = numbers.compare(CompareOp.GT, head.amount.hi, top)
                caps.append(conj((head.eligible, holds, over)))
    if caps:
        answers.append(
            _never(ground, [*live, disj(caps)], "cap", words.WITHIN_CAP, words.ABOVE_CAP)
        )
    for total in decided.incentive.versions[0].totals:
        goal = _over_total(ground, total)
        answers.append(
            _never(ground, [*live, goal], "total", words.WITHIN_TOTAL, words.ABOVE_TOTAL)
        )
    return answers


def _over_total(ground: Ground, total: Any) -> Any:
    decided = ground.main.decided
    if ground.main.award is None:
        return False
    over = []
    heads = [versions[0] for versions in decided.items]
    for head, (first, same, _) in zip(heads, decided.buckets(total), strict=True):
        cap = decided.cap(total, head.year)
        alone = conj(disj((neg(h.eligible), each)) for h, each in zip(heads, same, strict=True))
        over.append(conj((first, alone, numbers.compare(CompareOp.GT, ground.main.award.hi, cap))))
    return disj(over)


def _never(ground: Ground, goals: list[Any], subject: str, yes: Text, no: Text) -> Answer:
    found = shown(ground, goals, no, lambda _: True, ground.encoder)
    if found is False:
        return Answer(Property.BOUNDS, Verdict.PROVED, yes, subject)
    if isinstance(found, Witness):
        return Answer(Property.BOUNDS, Verdict.REFUTED, no, subject, fault=True, witnesses=(found,))
    return Answer(Property.BOUNDS, Verdict.UNDECIDED, words.NO_TIME, subject)


def _caps(node: Expr | None) -> Iterator[tuple[Expr | None, Expr]]:
    """Yield each cap of an amount, with the row's test where it stands in a row."""
    match node:
        case core.Min((_, cap), origin=core.Origin(Role.CAP)):
            yield None, cap
        case core.UpTo(_, high):
            yield from _caps(high)
        case core.Round(of) | core.Max((of, *_)) | core.Add((of, *_)) | core.Min((of, *_)):
            yield from _caps(of)
        case core.If(_, _, otherwise, origin=core.Origin(Role.MINIMUM)):
            yield from _caps(otherwise)
        case core.Pick(rows):
            for test, value in rows:
                yield from (
                    (test if guard is None else core.All((test, guard)), cap)
                    for guard, cap in _caps(value)
                )
        case _:
            return


# ── rows of tables ───────────────────────────────────────────────────────────


def overlap(ground: Ground) -> list[Answer]:
    """Ask whether two rows of a table can hold at once, and whether no row may hold."""
    tables = [
        (head, node)
        for head, version in zip(ground.tests.items[0], ground.incentive.versions, strict=True)
        for node in (() if version.amount is None else unique(version.amount))
        if isinstance(node, core.Pick)
    ]
    if not tables:
        return [Answer(Property.OVERLAP, Verdict.NOT_ASKED, words.NO_TABLE)]
    return [answer for head, table in tables for answer in _table(ground, head, table)]


def _table(ground: Ground, head: Head, table: core.Pick) -> Iterator[Answer]:
    tests = [ground.tester.truth(test, head.scope) for test, _ in table.rows]
    twice = conj((head.eligible, counted(test.yes for test in tests) >= 2))
    yield _rows(ground, twice, "rows", "row-conflict", (words.APART, words.TWO_ROWS))
    if table.otherwise is None:
        none = conj((head.eligible, *(test.no for test in tests)))
        yield _rows(ground, none, "no-row", "no-row", (words.COMPLETE, words.NO_ROW))


def _rows(ground: Ground, goal: Any, subject: str, code: str, says: tuple[Text, Text]) -> Answer:
    found = shown(
        ground, [goal], says[1], lambda o: any(fault.code == code for fault in findings_of(o))
    )
    if found is False:
        return Answer(Property.OVERLAP, Verdict.PROVED, says[0], subject)
    if isinstance(found, Witness):
        return Answer(
            Property.OVERLAP, Verdict.REFUTED, says[1], subject, fault=True, witnesses=(found,)
        )
    return Answer(Property.OVERLAP, Verdict.UNDECIDED, words.NO_TIME, subject)
