"""Whether every condition decides something, and every part of one.

A condition decides something when it alone can fail. A part does when leaving
it out would change its condition: a part of `all` (or of `and`) that fails where
the rest holds, a part of `any` (or of `or`) that holds where the rest does not.

The trap: a guard before a division may decide nothing where the other conditions
hold; what it prevents is that its own condition stays open. That counts too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from incentives.authoring.proofs import words
from incentives.authoring.proofs.encode import Encoder
from incentives.authoring.proofs.ground import without_amount
from incentives.authoring.proofs.questions import not_found, shown
from incentives.authoring.proofs.results import Answer, Property, Verdict, Witness
from incentives.authoring.proofs.solver import conj, disj, neg
from incentives.authoring.proofs.truths import every, some
from incentives.authoring.proofs.world import Truth
from incentives.language import core
from incentives.rulebook.lower_incentive import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.proofs.decision import Head
    from incentives.authoring.proofs.ground import Ground
    from incentives.engine.outcome import Outcome
    from incentives.language.core import Expr
    from incentives.rulebook.model import Condition


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
        tree = _tree(ground, head, condition)
        answers += [_part(ground, head, condition, change) for change in _changes(tree)]
    if not answers:
        return [Answer(Property.REDUNDANT, Verdict.NOT_ASKED, words.NO_CONDITIONS)]
    return answers


def _others(head: Head, condition: Condition) -> list[Any]:
    rest = [test.yes for other, test in head.tests if other is not condition]
    return [head.there, head.selected, neg(head.apart), neg(head.open), *rest]


def _failed(outcome: Outcome) -> tuple[str, ...]:
    return tuple(outcome.items[0].failed if outcome.items else outcome.failed)


# ── whole conditions ─────────────────────────────────────────────────────────


def _whole(ground: Ground, head: Head, condition: Condition) -> Answer:
    name = condition.id
    test = next(test for other, test in head.tests if other is condition)
    goals = [*_others(head, condition), test.no]
    found = shown(ground, goals, words.only_fails(name), lambda o: _failed(o) == (name,))
    if isinstance(found, Witness):
        says = words.needed(name)
        return Answer(Property.REDUNDANT, Verdict.PROVED, says, name, witnesses=(found,))
    if found is None or ground.counted_lists():
        says = words.NO_TIME if found is None else not_found(ground)
        return Answer(Property.REDUNDANT, Verdict.UNDECIDED, says, name)
    named = [(other.id, each.yes) for other, each in head.tests if other is not condition]
    named.append(("recipient · jurisdiction", neg(head.apart)))
    why = ground.solver(ground.tester).reasons(named, [head.there, head.selected, test.no])
    says, reading = words.never_fails(name, why), _needed_under(ground, name)
    if reading is not None:
        says = words.idle_here(name, reading)
    return Answer(Property.REDUNDANT, Verdict.REFUTED, says, name, fault=reading is None)


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


# ── parts of conditions ──────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A condition or a part of one: what it is made of, or what it comes to.

    ``at_least`` of its parts hold; ``None``: all of them.
    """

    name: str
    truth: Truth
    parts: tuple[_Part, ...] = ()
    at_least: int | None = None

    def without(self, gone: _Part, value: bool) -> Truth:
        """Return what this comes to where ``gone`` is as if it were ``value``."""
        if self is gone:
            return Truth(value, not value)
        if not self.parts:
            return self.truth
        inner = [part.without(gone, value) for part in self.parts]
        return every(inner) if self.at_least is None else some(inner, self.at_least)

    def below(self) -> Iterator[tuple[_Part, _Part]]:
        """Yield every part below this one, each with what it is a part of."""
        for part in self.parts:
            yield self, part
            yield from part.below()


def _tree(ground: Ground, head: Head, condition: Condition) -> _Part:
    encoder = ground.tester
    scope = head.scope if condition.per_item else encoder.top

    def written(each: Condition, name: str) -> _Part:
        if not each.parts:
            return expression(each.test, name)
        parts = tuple(written(part, f"{name}.{part.id}") for part in each.parts)
        return _Part(name, encoder.truth(each.test, scope), parts, each.at_least)

    def expression(node: Expr, name: str) -> _Part:
        truth = encoder.truth(node, scope)
        match node:
            case core.All(of):
                return _Part(name, truth, named(of, name))
            case core.Any(of, at_least):
                return _Part(name, truth, named(of, name), at_least)
            case _:
                return _Part(name, truth)

    def named(of: tuple[Expr, ...], name: str) -> tuple[_Part, ...]:
        return tuple(
            expression(node, f"{name}: {_text(node)}" if _text(node) else f"{name}.{at}")
            for at, node in enumerate(of, start=1)
        )

    return written(condition, condition.id)


def _text(node: Expr) -> str:
    """Return an expression as it was written, on one line."""
    if node.span is None:
        return ""
    return " ".join(node.span.source.text[node.span.start : node.span.end].split())


@dataclass(frozen=True, slots=True)
class _Change:
    """A part, when leaving it out changes its condition, and when it leaves that open."""

    name: str
    decides: Any
    guards: Any


def _changes(tree: _Part) -> Iterator[_Change]:
    for whole, part in tree.below():
        value = whole.at_least is None  # a part of `all` is left out by taking it as true
        kept, left_out = tree.without(part, not value), tree.without(part, value)
        if value:
            now = conj((part.truth.no, kept.no))
            yield _Change(part.name, conj((now, neg(left_out.no))), conj((now, _open(left_out))))
        else:
            now = conj((part.truth.yes, kept.yes))
            yield _Change(part.name, conj((now, neg(left_out.yes))), conj((now, _open(left_out))))


def _open(truth: Truth) -> Any:
    return neg(disj((truth.yes, truth.no)))


def _part(ground: Ground, head: Head, condition: Condition, change: _Change) -> Answer:
    name = change.name
    alone = [*_others(head, condition), change.decides]
    found = shown(
        ground, alone, words.only_part(name), lambda o: _failed(o) in {(), (condition.id,)}
    )
    says = words.part_needed(name)
    if found is False:
        goals = [head.there, head.selected, neg(head.apart), neg(head.open), change.guards]
        found = shown(ground, goals, words.only_part(name), lambda _: True)
        says = words.guards(name)
    if isinstance(found, Witness):
        return Answer(Property.REDUNDANT, Verdict.PROVED, says, name, witnesses=(found,))
    if found is None or ground.counted_lists():
        says = words.NO_TIME if found is None else not_found(ground)
        return Answer(Property.REDUNDANT, Verdict.UNDECIDED, says, name)
    says = words.part_idle(name)
    return Answer(Property.REDUNDANT, Verdict.REFUTED, says, name, fault=True)
