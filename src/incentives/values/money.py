"""Money that people see: a whole number of fen that adds, compares and formats exactly.

Inside the engine money is a bare number of fen, an ``int`` or ``Fraction``; ``Money``
wraps what comes out. The law kept here (``tests/unit/values/test_money.py``):
``Money.parse(format(m, style)) == m`` for every style that names its unit, and
``Money.yuan(format(m, "plain")) == m``.

Not promised: multiplication by a rate. A product may be finer than a fen, so it
belongs to ``round_to`` with a mode that somebody named. The trap: ``Decimal``
arithmetic follows the host's context, so decimals are taken apart and put together
here by their digits and never computed with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import IncentivesError
from incentives.values.capital import read_capital, write_capital
from incentives.values.quantity import (
    QuantityKind,
    decimal_digits,
    exact_decimal,
    format_ratio,
    read_money,
    read_quantity,
)

if TYPE_CHECKING:
    from incentives.values.rounding import Number

__all__ = ["Money", "MoneyError", "format_fen", "format_ratio"]

_MAX_DIGITS: Final = 600  # what one amount may have as text
_LARGEST: Final = 10**_MAX_DIGITS - 1  # in fen: what was read can be written and read again
_YUAN: Final = r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2})0*)?"


class MoneyError(IncentivesError, ValueError):
    """A text or number is no amount of money in whole fen."""


@dataclass(frozen=True, slots=True)
class Money:
    """A whole number of fen (分); 1元 is 100 of them.

    Adds and compares with other money only. ``bool(m)`` is whether it is not nought.

    Raises:
        TypeError: ``fen`` is not an ``int`` (``bool`` is none).

    Example:
        >>> Money.parse("35万元")
        Money('350,000.00元')
        >>> f"{Money(35_000_000):capital}"
        '人民币叁拾伍万元整'
    """

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(
                f"Money takes a whole number of fen, not {type(self.fen).__name__}: "
                'write Money.parse("3500.50元") or Money.yuan("3500.50")'
            )

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read ``35万元``, ``350,000.00元``, ``０．５亿元`` or ``人民币叁拾伍万元整``.

        Raises:
            MoneyError: The text is no amount with a unit, or finer than a fen. An amount
                without a unit is refused: use ``Money.yuan`` where it is known to be yuan.
            QuantityError: A near miss such as ``35万``; also a ``ValueError``.
        """
        fen = read_money(text, digits=_MAX_DIGITS)
        if fen is None:
            fen = read_capital(text)
        if fen is not None:
            return cls(_writable(fen))
        quantity = read_quantity(text, lenient=True)  # raises for near misses
        if quantity is not None and quantity.kind is not QuantityKind.REGION:
            raise MoneyError(f"`{_short(text)}` is a {quantity.kind}, not money")
        raise MoneyError(
            f"`{_short(text)}` is not an amount of money with its unit: "
            "write for example `35万元` or `350000.00元`"
        )

    @classmethod
    def yuan(cls, amount: str | int | Decimal) -> Money:
        """Return an amount given in yuan: ``"350000.00"``, ``350000``, ``Decimal("0.5")``.

        Raises:
            MoneyError: The amount is finer than a fen, not finite, or no number.
            TypeError: A ``float`` or ``bool``: write the amount as a text.
        """
        if type(amount) is int:
            return cls(amount * 100)
        if isinstance(amount, Decimal):
            return cls(_fen_of_decimal(amount))
        if not isinstance(amount, str):
            raise TypeError(
                f"yuan() takes a text, an int or a Decimal, not {type(amount).__name__}: "
                'write Money.yuan("3500.50")'
            )
        match = re.fullmatch(_YUAN, amount) if len(amount) <= 2 * _MAX_DIGITS else None
        if match is None:
            raise MoneyError(
                f"`{_short(amount)}` is not an amount in yuan: write for example `350000.00`"
            )
        sign, whole, part = match.groups(default="")
        fen = int(whole.replace(",", "") + part.ljust(2, "0"))
        return cls(_writable(-fen if sign else fen))

    def to_decimal(self) -> Decimal:
        """Return the amount in yuan with exactly two decimals, whatever the host's context."""
        sign = 1 if self.fen < 0 else 0
        digits = tuple(int(digit) for digit in decimal_digits(abs(self.fen)))
        return Decimal((sign, digits, -2))

    def __str__(self) -> str:
        return f"{_yuan_text(self.fen, separator=',')}元"

    def __repr__(self) -> str:
        return f"Money('{self}')"

    def _repr_html_(self) -> str:
        return f"<span>{self}</span>"  # figures and 元 only: nothing to escape

    def __format__(self, style: str) -> str:
        """Format as 350,000.00元, ``wan`` 35万元, ``yi`` 0.0035亿元, ``plain`` or ``capital``."""
        match style:
            case "":
                return str(self)
            case "wan":
                return f"{exact_decimal(Fraction(self.fen, 10**6), most=6)}万元"
            case "yi":
                return f"{exact_decimal(Fraction(self.fen, 10**10), most=10)}亿元"
            case "plain":
                return _yuan_text(self.fen)
            case "capital":
                return write_capital(self.fen)
            case _:
                raise ValueError(
                    f"unknown style {style!r} for Money: use wan, yi, plain, capital or none; "
                    "to align, format the text: f'{str(money):>16}'"
                )

    def __add__(self, other: object) -> Money:
        if type(other) is int and other == 0:  # where sum() starts
            return self
        return Money(self.fen + _fen_of(other, "+"))

    __radd__ = __add__

    def __sub__(self, other: object) -> Money:
        return Money(self.fen - _fen_of(other, "-"))

    def __rsub__(self, other: object) -> Money:
        return Money(_fen_of(other, "-") - self.fen)

    def __mul__(self, count: object) -> Money:
        if type(count) is not int:
            raise TypeError(
                f"cannot multiply Money by {type(count).__name__}: only by an int; for a rate "
                "write Money(round_to(money.fen * Fraction(7, 40), 1, Mode.HALF_UP))"
            )
        return Money(self.fen * count)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __abs__(self) -> Money:
        return Money(abs(self.fen))

    def __bool__(self) -> bool:
        return self.fen != 0

    def __lt__(self, other: object) -> bool:
        return self.fen < _fen_of(other, "<")

    def __le__(self, other: object) -> bool:
        return self.fen <= _fen_of(other, "<=")

    def __gt__(self, other: object) -> bool:
        return self.fen > _fen_of(other, ">")

    def __ge__(self, other: object) -> bool:
        return self.fen >= _fen_of(other, ">=")


def format_fen(x: Number, *, lang: str) -> str:
    """Format an exact number of fen for an explanation; nothing is rounded.

    Args:
        x: Money in fen.
        lang: ``zh`` or ``en``; it changes only the last of the three forms.

    Returns:
        Whole fen: ``1,234.56元``. Finer, yet a decimal of at most eight places:
        ``123,456.785元``. Else fen and a fraction of one: ``333.33元又1/3分``, in English
        ``333.33元 + 1/3分``; a sign or ``-(…)`` there covers both parts.

    Raises:
        ValueError: ``lang`` is neither.
    """
    if lang not in {"zh", "en"}:
        raise ValueError(f"unknown language {lang!r}: use zh or en")
    if x.denominator == 1:
        return f"{_yuan_text(x.numerator, separator=',')}元"
    decimal = exact_decimal(x if x > 0 else -x, most=6)
    sign = "-" if x < 0 else ""
    fen, rest = divmod(abs(x.numerator), x.denominator)
    whole = _yuan_text(fen, separator=",")
    if decimal is not None:
        return f"{sign}{whole}{decimal.partition('.')[2]}元"
    part = f"{decimal_digits(rest)}/{decimal_digits(x.denominator)}分"
    if lang == "zh":
        return f"{sign}{whole}元又{part}"
    return f"-({whole}元 + {part})" if sign else f"{whole}元 + {part}"


def _yuan_text(fen: int, *, separator: str = "") -> str:
    digits = decimal_digits(abs(fen)).zfill(3)
    whole, part = digits[:-2], digits[-2:]
    if separator:
        head = len(whole) % 3 or 3
        groups = [whole[:head], *(whole[i : i + 3] for i in range(head, len(whole), 3))]
        whole = separator.join(groups)
    return f"{'-' if fen < 0 else ''}{whole}.{part}"


def _fen_of(other: object, sign: str) -> int:
    if isinstance(other, Money):
        return other.fen
    raise TypeError(
        f"Money {sign} {type(other).__name__}: the other side must be Money too; "
        'write Money.parse("3500.50元") or Money.yuan("3500.50")'
    )


def _fen_of_decimal(amount: Decimal) -> int:
    """Return the fen of a decimal number of yuan, by its digits: no context takes part."""
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        raise MoneyError(f"{amount} is not an amount of money")
    if not any(digits):
        return 0
    shift = exponent + 2
    if len(digits) + max(shift, 0) > _MAX_DIGITS:
        raise MoneyError(f"an amount of money has at most {_MAX_DIGITS} digits")
    number = int("".join(map(str, digits)))
    if shift < 0:
        number, rest = divmod(number, 10**-shift) if -shift <= len(digits) else (0, 1)
        if rest:
            raise MoneyError(f"{_short(str(amount))}元 is finer than a fen (0.01元)")
    else:
        number *= 10**shift
    return -number if sign else number


def _writable(fen: int) -> int:
    """Return an amount whose digits, the fen among them, are no more than a text may have."""
    if abs(fen) > _LARGEST:
        raise MoneyError(f"an amount of money has at most {_MAX_DIGITS} digits, the fen included")
    return fen


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
