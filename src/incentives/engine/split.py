"""Who bears the cost: shares that always add up to the fen.

Largest remainder: every payer gets the whole fen of its exact share; the fen
that are left go to the largest remainders. A tie goes to the residual payer,
then in listed order. Each part differs from its exact share by less than a fen.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from incentives.values.codes import COUNTRY, region_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.values.unknown import Number

LOCAL = "local"


def split(
    amount: int, shares: Sequence[tuple[str, Number]], residual: str
) -> list[tuple[str, int]]:
    """Split ``amount`` (fen, not negative) by ``shares`` that add up to one.

    Returns:
        (payer, fen) in listed order; the parts add up to ``amount``.
    """
    exact = [amount * Fraction(share) for _, share in shares]
    parts = [part.numerator // part.denominator for part in exact]
    left = amount - sum(parts)
    order = sorted(
        range(len(shares)),
        key=lambda at: (parts[at] - exact[at], shares[at][0] != residual, at),
    )
    for at in order[:left]:
        parts[at] += 1
    return [(payer, part) for (payer, _), part in zip(shares, parts, strict=True)]


def payer_of(name: str, region: object) -> str | None:
    """Return the payer: ``local`` is the applicant's county, else its city, else unknown."""
    if name != LOCAL:
        return name
    if not isinstance(region, str) or region == COUNTRY or region_level(region) < 2:
        return None
    return region
