"""Questions about one text of an incentive: reach, bounds, rows of tables.

Each returns answers; a question that the solver does not settle in time is
``undecided`` and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.authoring.expressions import unique
from incentives.authoring.proofs import numbers, words
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.profiles import UnwritableError
from incentives.authoring.proofs.results import Answer, Property, Verdict, Witness
from incentives.authoring.proofs.solver import conj, counted, disj, neg
from incentives.diagnostics import InternalError
from incentives.engine.assess import findings_of
from incentives.language import core
from incentives.language.core import CompareOp, Role, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.authoring.proofs.decision import Head
    from incentives.authoring.proofs.encode import Encoder
    from incentives.authoring.proofs.ground import Ground
    from incentives.engine.outcome import Outcome
    from incentives.language.core import Expr


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


def not_found(ground: Ground) -> Text:
    """Return the sentence for a question that longer lists might answer."""
    return words.not_within(ground.limits.items, ground.counted_lists())


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
    if found is False and ground.main.award is not None and not ground.counted_lists():
        found = granted([ground.tests.eligible], words.NO_PAY)
        if isinstance(found, Witness):
            return [
                Answer(
                    Property.REACH, Verdict.REFUTED, words.NO_PAY, fault=True, witnesses=(found,)
                )
            ]
    if found is None or ground.counted_lists():
        says = words.NO_TIME if found is None else not_found(ground)
        return [Answer(Property.REACH, Verdict.UNDECIDED, says)]
    why = _why_not(ground)
    return [Answer(Property.REACH, Verdict.REFUTED, words.never_reached(why), fault=True)]


def _why_not(ground: Ground) -> tuple[str, ...]:
    """Return the conditions that exclude each other."""
    head = ground.tests.heads[0]
    named = [(c.id, test.yes) for c, test in head.tests]
    return ground.solver(ground.tester).reasons(named, [head.there, head.selected, neg(head.apart)])


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
