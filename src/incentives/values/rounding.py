"""Rounding to a multiple of a quantum, exactly, with a mode that is always named.

The law kept here (``tests/unit/values/test_rounding.py``): the result is a whole
number of quanta, less than one quantum from ``x``, and at most half a quantum
for the two ``half`` modes. Statutes differ, so there is no default mode.

The trap: ``divmod`` floors, also below zero, while ``down`` and ``up`` are about
the distance from zero. Python's own ``round`` is ``half_even`` and nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | Fraction
"""An exact number. ``bool`` is not one, although Python counts it as ``int``."""


class Mode(StrEnum):
    """What happens to a part of a quantum, spelled as in rule files."""

    DOWN = "down"
    """Towards zero (舍去)."""
    UP = "up"
    """Away from zero (进一)."""
    HALF_UP = "half_up"
    """To the nearest; ties away from zero (四舍五入)."""
    HALF_EVEN = "half_even"
    """To the nearest; ties to the even multiple (四舍六入五成双)."""


# Members bound once: looking them up on the class at each call is measurably slow.
_DOWN, _UP, _HALF_UP, _HALF_EVEN = Mode.DOWN, Mode.UP, Mode.HALF_UP, Mode.HALF_EVEN


def round_to(x: Number, quantum: Number, mode: Mode) -> Number:
    """Return ``x`` rounded to a multiple of ``quantum``.

    Args:
        x: The number to round, in any unit.
        quantum: The step, in the unit of ``x``: 1 rounds money in fen to whole fen,
            1_000_000 to 万元. Greater than zero.
        mode: Which neighbour is taken.

    Returns:
        A multiple of ``quantum``: an ``int`` when whole, else a ``Fraction``.

    Raises:
        TypeError: ``x`` or ``quantum`` is not an ``int`` or ``Fraction``.
        ValueError: ``quantum`` is not positive, or ``mode`` is no mode.
    """
    if type(x) is int and type(quantum) is int:
        if quantum == 1:
            return x
        numerator, denominator = x, quantum
    else:
        _refuse_inexact(x)
        _refuse_inexact(quantum)
        numerator = x.numerator * quantum.denominator
        denominator = x.denominator * quantum.numerator
    if denominator <= 0:
        raise ValueError(f"the quantum must be greater than zero, not {quantum}")
    count, rest = divmod(numerator, denominator)
    if rest and _takes_upper(count, 2 * rest, denominator, mode):
        count += 1
    if type(quantum) is int:
        return count * quantum
    result = count * quantum
    return result.numerator if result.denominator == 1 else result


def _takes_upper(count: int, twice_rest: int, whole: int, mode: Mode) -> bool:
    """Tell whether the neighbour above ``count`` is taken; ``count`` was floored."""
    if mode is _HALF_UP:
        return twice_rest > whole or (twice_rest == whole and count >= 0)
    if mode is _DOWN:
        return count < 0
    if mode is _UP:
        return count >= 0
    if mode is _HALF_EVEN:
        return twice_rest > whole or (twice_rest == whole and count % 2 == 1)
    return _takes_upper(count, twice_rest, whole, Mode(mode))  # a plain "half_up", or ValueError


def _refuse_inexact(number: object) -> None:
    if isinstance(number, bool) or not isinstance(number, int | Fraction):
        raise TypeError(
            f"expected an int or a Fraction, not {type(number).__name__}: "
            "floats lose money; write Fraction(7, 40) for 0.175"
        )
