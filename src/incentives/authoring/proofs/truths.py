"""Truth values as pairs of terms: Kleene's logic, where neither side need hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.authoring.proofs.solver import conj, counted, disj, neg
from incentives.authoring.proofs.world import Truth

if TYPE_CHECKING:
    from collections.abc import Sequence


def every(parts: Sequence[Truth]) -> Truth:
    """Return Kleene's conjunction."""
    return Truth(conj(part.yes for part in parts), disj(part.no for part in parts))


def some(parts: Sequence[Truth], at_least: int) -> Truth:
    """Return whether at least so many parts hold, as far as it is settled."""
    if at_least == 1:
        return Truth(disj(part.yes for part in parts), conj(part.no for part in parts))
    true = counted(part.yes for part in parts)
    can = counted(neg(part.no) for part in parts)
    return Truth(true >= at_least, can < at_least)


def opposite(part: Truth) -> Truth:
    """Return Kleene's negation."""
    return Truth(part.no, part.yes)


def settled(test: Any, ok: Any) -> Truth:
    """Return a test that is settled wherever its operands are there."""
    return Truth(conj((ok, test)), conj((ok, neg(test))))
