"""What was already paid, as terms: the list of past payments, counted as the engine counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.authoring.proofs import numbers
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import conj, neg
from incentives.authoring.proofs.world import NotEncodableError, Place, Word
from incentives.language.core import Per
from incentives.language.names import RECEIVED
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.authoring.proofs.world import World


def payments(
    world: World,
    incentive: str,
    per: Per,
    *,
    year: Any = None,
    item: Word | None = None,
    without: Sequence[tuple[Any, Word]] = (),
) -> list[tuple[Any, Num]]:
    """Return when each past payment counts, and its amount; as the engine's ``payments``.

    ``without`` holds the keys of items whose payments do not count, each with
    when it is there.
    """
    found = []
    for there, place in world.places(RECEIVED):
        tests = [there, _is(world, place, "incentive", world.word(incentive, Kind.TEXT))]
        if per is Per.YEAR:
            paid_in = world.fact(place, "year")
            if isinstance(paid_in, Num):
                tests.append(paid_in.n == (world.on.y if year is None else year))
        if item is not None:
            tests.append(_is(world, place, "item", item))
        tests += [
            neg(conj((is_there, _is(world, place, "item", key)))) for is_there, key in without
        ]
        amount = world.fact(place, "amount")
        if isinstance(amount, Num):
            found.append((conj(tests), amount))
    return found


def paid(found: Sequence[tuple[Any, Num]]) -> Num:
    """Return the sum of the payments that count."""
    return numbers.add([numbers.either(counts, amount, Num(0)) for counts, amount in found])


def _is(world: World, place: Place, name: str, word: Word) -> Any:
    found = world.fact(place, name)
    if not isinstance(found, Word):
        raise NotEncodableError(name, name)
    return found.at == word.at
