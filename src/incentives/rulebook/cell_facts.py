"""A cell of a table as a profile would have it: a text or a number, with its column's unit.

Only the form is changed here: ``1.5`` below ``营业收入（万元）`` becomes ``1.5万元``, ``是``
becomes true, a label becomes the word of the choice. Whether the result is a value
that the fact can have is for ``facts.read_fact`` to say, as in any profile.

The law kept (``tests/unit/rulebook/test_cell_facts.py``): a number gets a unit only
where its column has one; nothing is guessed.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.values.quantity import MONEY_UNITS, decimal_digits, exact_decimal
from incentives.values.types import Kind

if TYPE_CHECKING:
    from decimal import Decimal

    from incentives.language.names import FactSpec

FEN: Final = "分"
PLAIN_RATIO: Final = "1"
"""The unit of a column of ratios that stand for themselves: 0.175."""
UNITS: Final = {
    Kind.MONEY: (*MONEY_UNITS, FEN),
    Kind.RATIO: ("%", "‰", PLAIN_RATIO),
}
"""The units that the columns of a kind of fact can have."""

_PLAIN: Final = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_WORDS: Final = {"是": True, "否": False, "true": True, "false": False}


def from_text(spec: FactSpec, unit: str | None, text: str) -> Any:
    """Return what a profile would have for a text in a column; ``None`` for a blank one."""
    text = text.strip()
    if not text:
        return None
    match spec.type.kind:
        case Kind.MONEY | Kind.RATIO if unit is not None and _PLAIN.fullmatch(text):
            return _with_unit(text, unit)
        case Kind.COUNT:
            return int(text) if _WHOLE.fullmatch(text) else text
        case Kind.BOOL:
            return _WORDS.get(text.lower(), text)
        case Kind.CHOICE if text not in spec.choices:
            named = [
                word for word, label in spec.choices.items() if text in {label.zh, label.get("en")}
            ]
            return named[0] if len(named) == 1 else text
        case _:
            return text


def from_number(spec: FactSpec, unit: str | None, number: int | Decimal | Fraction) -> Any:
    """Return what a profile would have for an exact number in a column.

    A ``Decimal`` may have needless zeros at its end; they are no digits of the value.
    """
    exact = Fraction(number)
    if spec.type.kind in UNITS and unit is not None:
        return _with_unit(_digits(exact), unit)
    if exact.denominator == 1:
        return exact.numerator
    return _digits(exact)


def _digits(exact: Fraction) -> str:
    for most in (2, 10, 38):
        shown = exact_decimal(exact, most=most)
        if shown is not None:
            return shown
    return f"{decimal_digits(exact.numerator)}/{decimal_digits(exact.denominator)}"


def _with_unit(text: str, unit: str) -> str:
    match unit:
        case "分":
            return f"{_hundredth(text)}元"
        case "1":
            return text if "." in text else f"{text}/1"
        case _:
            return f"{text}{unit}"


def _hundredth(text: str) -> str:
    """Return a hundredth of a plain decimal number: the point moves, no digit is lost."""
    if "," in text and not _GROUPED.fullmatch(text):
        return text  # refused with its commas
    sign = text[0] if text[0] in "+-" else ""
    whole, _, part = text.removeprefix(sign).replace(",", "").partition(".")
    whole = whole.zfill(3)
    return f"{sign}{whole[:-2].lstrip('0') or '0'}.{whole[-2:]}{part}"
