"""One cell of a table: what stands there, as what, and where.

The law kept here (``tests/unit/tabular/test_read.py``): a number is the decimal
that the file shows, an ``int`` or ``Fraction``, never a float; what has no exact
meaning has kind ``error`` and a ``fault``, and never a value.

The trap: rows and columns count from 1, as the spreadsheet does, so that an
address in a message is the one a person sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from incentives.values.quantity import exact_decimal

MOST_DIGITS: Final = 15
"""Significant decimal digits that every IEEE double keeps, and a spreadsheet shows."""

DAMAGED: Final = "\ufffd"
"""What programs write in place of characters they could not read."""

Value = str | int | Fraction | date | bool | None


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    EMPTY = "empty"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``value`` fits ``kind``: str, int or Fraction, date, bool, or ``None``.

    ``text`` is what stands there, numbers without exponent, ``None`` for an empty
    cell. ``fault`` is the code of the finding that a cell of kind ``error`` gives.
    """

    text: str | None
    kind: CellKind
    value: Value
    row: int
    column: int
    fault: str | None = None

    @property
    def address(self) -> str:
        """The cell as the spreadsheet names it: ``C7``."""
        return address_of(self.row, self.column)


def address_of(row: int, column: int) -> str:
    """Return the name of a cell, both counted from 1: ``address_of(7, 3) == "C7"``."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def empty_cell(row: int, column: int) -> Cell:
    """Return a cell in which nothing stands."""
    return Cell(None, CellKind.EMPTY, None, row, column)


def text_cell(text: str, row: int, column: int) -> Cell:
    """Return a cell with a text; without characters it is empty, damaged ones are a fault."""
    if not text:
        return empty_cell(row, column)
    if DAMAGED in text:
        return Cell(text, CellKind.ERROR, None, row, column, "E513")
    if "\x00" in text:
        return Cell(text, CellKind.ERROR, None, row, column, "E505")
    return Cell(text, CellKind.TEXT, text, row, column)


def number_cell(shown: str, row: int, column: int) -> Cell:
    """Return a cell with the number that a double's shortest decimal text shows.

    A double holds 15 digits for certain. More of them, or a whole number so large that
    a spreadsheet has cut its end off, are a fault; so are infinities and the like.
    """
    digits, point = _digits(shown)
    if digits is None or len(digits) > MOST_DIGITS or point > MOST_DIGITS:
        return Cell(shown, CellKind.ERROR, None, row, column, "E511")
    sign = -1 if shown.startswith("-") else 1
    whole = sign * int(digits or "0")
    scale = point - len(digits)
    exact = Fraction(whole) * Fraction(10) ** scale
    value = exact.numerator if exact.denominator == 1 else exact
    text = exact_decimal(exact, most=max(0, -scale)) or shown
    return Cell(text, CellKind.NUMBER, value, row, column)


def exact_cell(value: int | Fraction, text: str, row: int, column: int) -> Cell:
    """Return a cell with a number that the file keeps exactly."""
    return Cell(text, CellKind.NUMBER, value, row, column)


def _digits(shown: str) -> tuple[str | None, int]:
    """Return the significant digits of a number and the place of its point among them."""
    mantissa, _, exponent = shown.lower().removeprefix("-").partition("e")
    whole, _, part = mantissa.partition(".")
    if not (whole + part).isdecimal() or len(whole + part) > 400 or abs(int(exponent or "0")) > 400:
        return None, 0
    every = whole + part
    leading = len(every) - len(every.lstrip("0"))
    digits = every.strip("0")
    return digits, len(whole) - leading + int(exponent or "0") if digits else 0
