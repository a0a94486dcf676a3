"""A purse for everybody: what each member of a batch gets of ``[incentive.budget]``.

Two passes. The first looks at every claim, what a firm would get had the purse no
bottom, and comes to a few whole numbers (``ProRata`` or ``Places``) that do not depend
on the order of the claims; the second gives each claim its part, one by one. So a batch
in one piece and one spread over many machines come to the same fen.

The laws kept (`tests/property/test_budget.py`): what is given is never more than the
purse; of a purse that is too small fewer fen stay than there are claims; the larger
claim never gets less; equal claims get the same. A claim that is not settled gets a
range that holds every way it can be settled, and makes the others' ranges as wide as
it must. Nobody is guessed: what is left over and cannot be given to all who are level
stays in the purse, and who is level at the last place stays between nothing and all.

Money is in whole fen throughout.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Number = TypeVar("Number", int, Fraction, int | Fraction)

Share = tuple[int, "int | None"]
"""The least and the most that a member gets; no upper bound is ``None``."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one member would get of a purse without bottom: at least ``low``, at most ``high``.

    ``low`` is 0 while it is open whether the member is eligible at all (``sure`` is
    false); ``high`` is ``None`` where nothing bounds it. ``rank_low`` and ``rank_high``
    bound what ranks it, ``None`` where that end is open.
    """

    low: int
    high: int | None
    sure: bool = True
    rank_low: Fraction | int | None = None
    rank_high: Fraction | int | None = None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise InternalError(f"a claim from {self.low} to {self.high}")


Claims = Counter[Claim]
"""How often each claim is made: sums of these say all that the first pass needs."""


@dataclass(frozen=True, slots=True)
class ProRata:
    """A purse of ``amount`` that is shared by the size of the claims.

    ``low`` and ``high`` add up the ends of all claims, those without an upper end
    (``endless``) left out of ``high``. ``last``: remainders above it get the one fen
    more; ``None`` where the purse suffices or the claims are not settled.
    """

    amount: int
    low: int
    high: int
    endless: int
    last: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether every claim is one amount."""
        return self.low == self.high and not self.endless

    def of(self, claim: Claim) -> Share:
        """Return what a claim of this batch comes to."""
        if self.is_settled:
            whole = self._whole(claim.low)
            return whole, whole
        return self._least(claim), self._most(claim)

    def _whole(self, claim: int) -> int:
        if self.low <= self.amount:
            return claim
        part, left = divmod(self.amount * claim, self.low)
        if self.last is None:
            raise InternalError("a purse that is too small without its last remainder")
        return part + (left > self.last)

    def _least(self, claim: Claim) -> int:
        """Its low end beside the most that the others can claim."""
        if self.endless - (claim.high is None):
            return 0
        together = claim.low + self.high - (claim.high or 0)
        if together <= self.amount:
            return claim.low
        return self.amount * claim.low // together

    def _most(self, claim: Claim) -> int:
        """Its high end beside the least that the others can claim, a part of a fen as one more."""
        if claim.high is None:
            return self.amount
        together = claim.high + self.low - claim.low
        if together <= self.amount:
            return claim.high
        return -(-self.amount * claim.high // together)


@dataclass(frozen=True, slots=True)
class Places:
    """``places`` for the highest ranks.

    ``above``: who ranks above it for certain has a place; ``None`` where there is one for
    everybody. ``below``: who ranks below it for certain has none; ``None`` where nobody
    is left out for certain. ``open``: nobody has a place for certain, because the ranks
    of too many have no upper end.
    """

    places: int
    above: Fraction | int | None
    below: Fraction | int | None
    open: bool = False

    def of(self, claim: Claim) -> Share:
        """Return what a claim of this batch comes to."""
        if self._is_in(claim):
            return claim.low, claim.high
        return (0, 0) if self._is_out(claim) else (0, claim.high)

    def _is_in(self, claim: Claim) -> bool:
        if self.open:
            return False
        if self.above is None:
            return True
        return claim.rank_low is not None and claim.rank_low > self.above

    def _is_out(self, claim: Claim) -> bool:
        if not self.places:
            return True
        if self.below is None or claim.rank_high is None:
            return False
        return claim.rank_high < self.below


Purse = ProRata | Places


def pro_rata(amount: int, claims: Mapping[Claim, int]) -> ProRata:
    """Return how a purse of ``amount`` fen is shared by the size of the claims.

    A purse that suffices pays every claim in full. Otherwise each gets
    ``amount × claim ÷ sum of claims`` by largest remainder: its whole fen, and of the
    fen left over one more where its remainder is among the largest. Fen that cannot be
    given to all of equal remainder are given to none of them.
    """
    low = sum(claim.low * times for claim, times in claims.items())
    high = sum((claim.high or 0) * times for claim, times in claims.items())
    endless = sum(times for claim, times in claims.items() if claim.high is None)
    purse = ProRata(amount, low, high, endless)
    if not purse.is_settled or low <= amount:
        return purse
    left: Counter[int] = Counter()
    given = 0
    for claim, times in claims.items():
        part, rest = divmod(amount * claim.low, low)
        given += part * times
        left[rest] += times
    last = _from_the_top(left.items(), amount - given + 1)
    return ProRata(amount, low, high, endless, 0 if last is None else last)


def ranked(places: int, claims: Mapping[Claim, int]) -> Places:
    """Return who has one of the places; the highest rank comes first.

    A member has a place for certain when at most ``places`` members can rank as high as
    it, itself included; it has none for certain when ``places`` members rank above it.
    """
    boundless = sum(times for claim, times in claims.items() if claim.rank_high is None)
    tops = [(c.rank_high, n) for c, n in claims.items() if c.rank_high is not None]
    floors = [(c.rank_low, n) for c, n in claims.items() if c.sure and c.rank_low is not None]
    is_open = boundless > places
    above = None if is_open else _from_the_top(tops, places + 1 - boundless)
    below = _from_the_top(floors, places) if places else None
    return Places(places, above, below, open=is_open)


def foremost(places: int, claims: Mapping[Claim, int]) -> Claims:
    """Return those of some claims that can matter to the places, whatever others there are."""
    kept: dict[Claim, int] = {}
    boundless = [pair for pair in claims.items() if pair[0].rank_high is None]
    tops = sorted(
        ((claim.rank_high, claim) for claim in claims if claim.rank_high is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    room = places + 1
    for claim, times in [*boundless, *((claim, claims[claim]) for _, claim in tops)]:
        if room <= 0:
            break
        kept[claim] = times
        room -= times
    floors = sorted(
        ((c.rank_low, c) for c in claims if c.sure and c.rank_low is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    room = places
    for _, claim in floors:
        if room <= 0:
            break
        kept[claim] = claims[claim]
        room -= claims[claim]
    return Counter(kept)


def _from_the_top(values: Iterable[tuple[Number, int]], place: int) -> Number | None:
    """Return the value that stands at a place, counted from the largest, each as often as it is."""
    for value, times in sorted(values, key=lambda pair: pair[0], reverse=True):
        place -= times
        if place <= 0:
            return value
    return None
