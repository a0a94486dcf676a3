"""Codes within codes as columns: regions of GB/T 2260, industries of GB/T 4754, by their digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Sort
from incentives.values import codes

if TYPE_CHECKING:
    from incentives.batch.graph import Columns


def region_within(columns: Columns, code: Column, ancestor: str) -> Column:
    """Return whether a region lies in another; NULL where it contains it, or is not known."""
    wanted = codes.region_level(ancestor)
    if wanted == 0:
        return columns.if_(columns.is_null(code), columns.null(Sort.TRUTH), columns.true)
    coarser = [ancestor[: 2 * level].ljust(6, "0") for level in range(1, wanted)]
    inside = columns.eq(columns.prefix(code, 2 * wanted), columns.literal(ancestor[: 2 * wanted]))
    return _unless_coarser(columns, code, [codes.COUNTRY, *coarser], inside)


def industry_within(columns: Columns, code: Column, ancestor: str) -> Column:
    """Return whether an industry belongs to another; NULL where it is coarser, or not known.

    Codes may be written with their section's letter or without it.
    """
    letter, digits = (ancestor[0], ancestor[1:]) if ancestor[0].isalpha() else ("", ancestor)
    section = letter or codes.DIVISIONS[digits[:2]][0]
    lettered = columns.eq(columns.prefix(code, 1 + len(digits)), columns.literal(section + digits))
    if digits:
        bare = columns.eq(columns.prefix(code, len(digits)), columns.literal(digits))
    else:
        mine = [number for number, (name, _) in sorted(codes.DIVISIONS.items()) if name == section]
        bare = columns.in_(columns.prefix(code, 2), mine)
    shorter = [digits[:length] for length in range(2, len(digits))]
    coarser = [*([section] if digits else []), *(section + each for each in shorter), *shorter]
    return _unless_coarser(columns, code, coarser, columns.any((lettered, bare)))


def _unless_coarser(columns: Columns, code: Column, coarser: list[str], inside: Column) -> Column:
    vague = columns.holds(columns.in_(code, coarser)) if coarser else columns.false
    return columns.if_(vague, columns.null(Sort.TRUTH), inside)
