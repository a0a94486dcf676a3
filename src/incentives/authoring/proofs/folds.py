"""Sums, counts and the like over items and years, as terms.

A list is followed up to the items of the world, a span of years
``YEARS_BACK`` years back from its end; where it is longer, that is vague and said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.proofs import numbers
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import conj, counted, disj, neg, z3
from incentives.authoring.proofs.truths import every, opposite, some
from incentives.authoring.proofs.world import NotEncodableError, Place, Truth, Value, refused
from incentives.language import core
from incentives.language.core import Fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.authoring.proofs.encode import Encoder, Scope

YEARS_BACK: Final = 12


def over(encoder: Encoder, node: core.Over, scope: Scope) -> Value:
    """Return what a fold over the items of a list, or over years, comes to."""
    if isinstance(node.source, core.Years):
        return _over_years(encoder, node, node.source, scope)
    found = []
    for there, place in encoder.world.places(node.source.entity):
        inner = _inner(encoder, node, place, scope, None)
        found.append((there, *inner))
    return _fold(encoder, node, found)


def _over_years(encoder: Encoder, node: core.Over, span: core.Years, scope: Scope) -> Value:
    start, stop = encoder.year(span.start, scope), encoder.year(span.stop, scope)
    # Where the span is longer, the sum is not followed; that is said, not guessed.
    encoder.vague.append(stop - start > YEARS_BACK)
    found = []
    for back in range(YEARS_BACK, 0, -1):
        year = stop - back
        if not isinstance(year, int):
            year = z3.simplify(year)
        counts = year >= start
        if counts is not False and not z3.is_false(z3.simplify(_term(counts))):
            found.append((counts, *_inner(encoder, node, None, scope, Num(year))))
    return _fold(encoder, node, found)


def _inner(
    encoder: Encoder, node: core.Over, place: Place | None, scope: Scope, year: Num | None
) -> tuple[Truth, Value]:
    """Return whether an item or year is chosen, and what the body gives for it."""
    inner = (
        replace(scope, records={**scope.records, node.name: place})
        if place is not None
        else replace(scope, names={**scope.names, node.name: year})
    )
    chosen = Truth(True, False) if node.where is None else encoder.truth(node.where, inner)
    return chosen, encoder.value(node.body, inner)


def _fold(encoder: Encoder, node: core.Over, found: Sequence[tuple[Any, Truth, Value]]) -> Value:
    pairs = [(there, chosen, body) for there, chosen, body in found]
    match node.fold:
        case Fold.SUM:
            return numbers.add([_summand(encoder, *pair) for pair in pairs])
        case Fold.ANY | Fold.COUNT:
            tests = [
                every([Truth(there, neg(there)), chosen, _as_truth(node, body)])
                for there, chosen, body in pairs
            ]
            if node.fold is Fold.ANY:
                return some(tests, 1)
            encoder.vague += [neg(disj((test.yes, test.no))) for test in tests]
            return Num(counted(test.yes for test in tests))
        case Fold.ALL:
            return every(
                [
                    some([Truth(neg(there), there), opposite(chosen), _as_truth(node, body)], 1)
                    for there, chosen, body in pairs
                ]
            )
        case _:
            raise NotEncodableError("列表中的最大或最小值", "the largest or smallest of a list")


def _summand(encoder: Encoder, there: Any, chosen: Truth, body: Value) -> Num:
    if not isinstance(body, Num):
        raise NotEncodableError("对非数字求和", "a sum of what are no numbers")
    _open(encoder, there, chosen)
    counts = conj((there, chosen.yes))
    return numbers.either(counts, body, Num(0), disj((neg(counts), body.ok)))


def _open(encoder: Encoder, there: Any, chosen: Truth) -> None:
    encoder.vague.append(conj((there, neg(disj((chosen.yes, chosen.no))))))


def _as_truth(node: core.Over, body: Value) -> Truth:
    """Return what a body counts as; ``count`` of anything else counts the items chosen."""
    if isinstance(body, Truth):
        return body
    if node.fold is Fold.COUNT and isinstance(body, Num) and body.ok is True:
        return Truth(True, False)
    raise refused(node)


def _term(test: Any) -> Any:
    return z3.BoolVal(test) if isinstance(test, bool) else test
