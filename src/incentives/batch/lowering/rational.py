"""Exact fractions as columns: a whole numerator over a denominator that is never zero.

Money is in fen; nothing is rounded and nothing divided but where a rule says so.
A numerator may be NULL (an end of a range that has no bound); a denominator never is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Op, Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.batch.graph import Columns


@dataclass(frozen=True, slots=True)
class Ratio:
    """``num / den``; ``den`` is positive and never NULL."""

    num: Column
    den: Column

    @property
    def sure(self) -> bool:
        """Whether it is never NULL."""
        return self.num.sure

    @property
    def never_negative(self) -> bool:
        """Whether its extremes say that it is not below zero."""
        return self.num.span is None or self.num.span[0] >= 0

    @property
    def literal(self) -> Fraction | None:
        """Its value where it is one constant."""
        for part in (self.num, self.den):
            if part.op is not Op.LITERAL or part.value is None:
                return None
        return Fraction(int(str(self.num.value)), int(str(self.den.value)))


def fixed(columns: Columns, value: int | Fraction) -> Ratio:
    """Return a constant."""
    exact = Fraction(value)
    return Ratio(columns.literal(exact.numerator), columns.literal(exact.denominator))


def unbounded(columns: Columns) -> Ratio:
    """Return the end that is not there."""
    return Ratio(columns.null(Sort.WHOLE), columns.literal(1))


def _scale(column: Column) -> int | None:
    return int(str(column.value)) if column.op is Op.LITERAL else None


def alike(columns: Columns, of: Sequence[Ratio]) -> tuple[list[Column], Column]:
    """Return the numerators over one denominator that all share."""
    scales = [_scale(each.den) for each in of]
    if all(scale is not None for scale in scales):
        common = lcm(*(scale or 1 for scale in scales))
        nums = [
            columns.mul(each.num, columns.literal(common // (scale or 1)))
            for each, scale in zip(of, scales, strict=True)
        ]
        return nums, columns.literal(common)
    dens = {id(each.den): each.den for each in of}
    whole = columns.literal(1)
    for den in dens.values():
        whole = columns.mul(whole, den)
    nums = []
    for each in of:
        num = each.num
        for den in dens.values():
            num = num if den is each.den else columns.mul(num, den)
        nums.append(num)
    return nums, whole


def add(columns: Columns, left: Ratio, right: Ratio) -> Ratio:
    """Return the sum; NULL where one is."""
    (a, b), den = alike(columns, (left, right))
    return Ratio(columns.add(a, b), den)


def neg(columns: Columns, of: Ratio) -> Ratio:
    """Return it with its sign changed."""
    return Ratio(columns.neg(of.num), of.den)


def mul(columns: Columns, left: Ratio, right: Ratio) -> Ratio:
    """Return the product; NULL where one is."""
    a, b = left.literal, right.literal
    if a is not None and b is not None:
        return fixed(columns, a * b)
    return Ratio(columns.mul(left.num, right.num), columns.mul(left.den, right.den))


def inverse(columns: Columns, of: Ratio) -> Ratio:
    """Return ``1 / of`` where it is above zero; one where it is not, or NULL."""
    one = columns.literal(1)
    positive = columns.holds(columns.lt(columns.literal(0), of.num))
    den = columns.if_(positive, columns.coalesce((of.num, one)), one)
    return Ratio(columns.if_(positive, of.den, one), _at_least_one(columns, den))


def _at_least_one(columns: Columns, den: Column) -> Column:
    """Return a divisor with the extremes that its test has shown."""
    return columns.greatest((den, columns.literal(1)))


def eq(columns: Columns, left: Ratio, right: Ratio) -> Column:
    """Return ``left = right``."""
    (a, b), _ = alike(columns, (left, right))
    return columns.eq(a, b)


def lt(columns: Columns, left: Ratio, right: Ratio) -> Column:
    """Return ``left < right``."""
    (a, b), _ = alike(columns, (left, right))
    return columns.lt(a, b)


def le(columns: Columns, left: Ratio, right: Ratio) -> Column:
    """Return ``left <= right``."""
    (a, b), _ = alike(columns, (left, right))
    return columns.le(a, b)


def choose(columns: Columns, test: Column, then: Ratio, otherwise: Ratio) -> Ratio:
    """Return one of two by a test that is never NULL."""
    if then == otherwise:
        return then
    (a, b), den = alike(columns, (then, otherwise))
    return Ratio(columns.if_(test, a, b), den)


def least(columns: Columns, of: Sequence[Ratio]) -> Ratio:
    """Return the smallest that is not NULL."""
    nums, den = alike(columns, of)
    return Ratio(columns.least(nums), den)


def greatest(columns: Columns, of: Sequence[Ratio]) -> Ratio:
    """Return the largest that is not NULL."""
    nums, den = alike(columns, of)
    return Ratio(columns.greatest(nums), den)
