"""Quantities as people write them: ``"20万元"``, ``"10%"``, ``"12 months"``, ``"640200"``.

The law kept here (``tests/unit/values/test_quantity.py``): reading is exact, and
``read_quantity(format_quantity(q)) == q``. A text that is not completely a quantity
is ``None`` (it may be an expression); a text that is meant as one but is not quite
one raises, because read as an expression it would give a baffling message.

The traps: numbers without a unit are never guessed at (``"5000"`` is ``None``), and
``"500000"`` is 重庆 and not money. No text reaches ``int()`` before its length is
checked: parsing a million digits takes seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import IncentivesError
from incentives.values.calendar import Duration

if TYPE_CHECKING:
    from incentives.values.rounding import Number

MAX_DIGITS: Final = 18
"""Significant digits that one quantity may have in all."""

_LONGEST: Final = 128  # no quantity of 18 digits is longer; also bounds every pattern below
_SAFE_DIGITS: Final = 600  # below the least value of sys.set_int_max_str_digits

MONEY_UNITS: Final = {"元": 100, "万元": 10**6, "亿元": 10**10}
"""Fen in one unit of money."""

_RATIO_UNITS: Final = {"%": 100, "‰": 1000}
_DURATION_UNITS: Final = {
    "month": (1, 0), "months": (1, 0), "个月": (1, 0),
    "year": (12, 0), "years": (12, 0), "年": (12, 0),
    "day": (0, 1), "days": (0, 1), "天": (0, 1), "日": (0, 1),
}  # fmt: skip
_SCALES: Final = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6,
    "千万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip

_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,  # ideographic space
    0x2212: 0x2D,  # minus sign
}

_UNITS = "|".join([*MONEY_UNITS, *_RATIO_UNITS, "months?|years?|days?|个月|年|天|日"])
_PLAIN = r"(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?"
_GROUPED = r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?"
_REST = rf"(?: *(?P<unit>{_UNITS})|/(?P<below>[0-9]+))?"
_STRICT = re.compile(rf"(?P<sign>[+-]?){_PLAIN}{_REST}")
_LENIENT: Final = rf"(?P<sign>[+-]?){_GROUPED}{_REST}"
_INDUSTRY = re.compile(r"[A-T][0-9]{0,4}")

# Texts, compiled when first needed: most runs never see a near miss.
_ODD_MONEY: Final = (
    rf"(?P<mark>[¥￥]?) *(?P<sign>[+-]?){_GROUPED} *"
    r"(?P<scale>[十百千万亿]*)(?P<end>元|圆|块钱?|人民币| ?(?i:yuan|RMB|CNY))?"
)
_TWO_UNITS: Final = rf"[+-]?{_GROUPED} *(?:{_UNITS})(?: *(?:{_UNITS}))+"
_ODD_NUMBER: Final = rf"[+-]?[0-9.,_eE+-]*[0-9][0-9.,_eE+-]* *(?:{_UNITS})"
_ODD_DURATION: Final = r"[+-]?[0-9]+ *(?:weeks?|quarters?|hours?|周|个?星期|个?季度|小时)"
_QUANTITY_LETTERS: Final = r"[0-9.,/ ]+[元万亿%‰A-Za-z个月年天日]*"


class QuantityError(IncentivesError, ValueError):
    """A text is meant as a quantity and is none; ``help`` says what to write, if known.

    Both sentences come in English (``message``, ``help``) and in Chinese (``zh``, ``help_zh``).
    ``instead`` is what was meant, where that takes no judgement.
    """

    def __init__(
        self,
        message: str,
        zh: str,
        help: str | None = None,
        help_zh: str | None = None,
        *,
        instead: str | None = None,
    ) -> None:
        super().__init__(message, zh, help, help_zh)
        self.message, self.zh = message, zh
        self.help, self.help_zh = help, help_zh
        self.instead = instead

    @property
    def texts(self) -> tuple[tuple[str, str], tuple[str, str] | None]:
        """Return the sentence and the help as pairs, English and Chinese."""
        remedy = (self.help, self.help_zh or self.help) if self.help else None
        return (self.message, self.zh), remedy

    def __str__(self) -> str:
        return f"{self.message}: {self.help}" if self.help else self.message


class QuantityKind(StrEnum):
    """What a quantity measures."""

    MONEY = "money"
    RATIO = "ratio"
    DURATION = "duration"
    REGION = "region"
    INDUSTRY = "industry"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as it was written; two spellings of one value are equal.

    ``value`` is a whole number of fen for money, a ``Fraction`` for a ratio, a
    ``Duration``, or the code itself for regions and industries.
    """

    kind: QuantityKind
    value: int | Fraction | Duration | str
    text: str = field(compare=False)


def read_quantity(text: str, *, lenient: bool = False) -> Quantity | None:
    """Read a text that is completely one (signed) quantity.

    Spaces around the text and between number and unit are allowed.

    Args:
        text: For example ``-1.5亿元``, ``0.5‰``, ``7/3``, ``90 days``, ``12个月``, ``C39``.
        lenient: Also accept full-width characters and ``,`` between groups of three
            digits, as profiles may have them.

    Returns:
        The quantity, or ``None`` when the text is something else. Digits alone are
        ``None``, save that six of them are a region. Codes are checked for their
        form only.

    Raises:
        QuantityError: Money finer than a fen, a zero denominator, a part of a month,
            more than 18 digits, or a near miss (``20万``, ``10%%``, ``1e5元``,
            full-width characters where ``lenient`` is off).
    """
    plain = (text.translate(_NARROW) if lenient else text).strip()
    if len(plain) > _LONGEST:
        _refuse_long(plain)
        return None
    match = re.fullmatch(_LENIENT, plain) if lenient else _STRICT.fullmatch(plain)
    if match is not None:
        return _from_match(match, text)
    if _INDUSTRY.fullmatch(plain):
        return Quantity(QuantityKind.INDUSTRY, plain, text)
    _refuse_near_miss(plain, lenient=lenient)
    return None


def bare_number(text: str) -> str | None:
    """Return a number that lacks a unit as plain digits (``1,000`` is ``1000``), or ``None``."""
    plain = text.translate(_NARROW).strip()
    match = re.fullmatch(_LENIENT, plain) if len(plain) <= _LONGEST else None
    if match is None or match["unit"] is not None or match["below"] is not None:
        return None
    return plain.replace(",", "").removeprefix("+")


def format_quantity(quantity: Quantity) -> str:
    """Format a quantity for a message, as a rule file would write it."""
    value = quantity.value
    match quantity.kind:
        case QuantityKind.MONEY if isinstance(value, int):
            return short_money(value)
        case QuantityKind.RATIO if isinstance(value, Fraction):
            return format_ratio(value)
        case _ if isinstance(value, Duration):
            return _duration_text(value)
        case _:
            return str(value)


def format_ratio(x: Number) -> str:
    """Format a ratio exactly: ``10%``, ``0.05%``; ``2/37`` where no short percentage is exact."""
    percent = exact_decimal(Fraction(x) * 100, most=8)
    if percent is not None:
        return f"{percent}%"
    return f"{decimal_digits(x.numerator)}/{decimal_digits(x.denominator)}"


def short_money(fen: int) -> str:
    """Format money in the largest of 亿元, 万元 and 元 that needs no decimals but 角 and 分."""
    for unit in ("亿元", "万元"):
        if fen and fen % MONEY_UNITS[unit] == 0:
            return f"{decimal_digits(fen // MONEY_UNITS[unit])}{unit}"
    yuan = exact_decimal(Fraction(fen, 100), most=2)
    if yuan is not None and yuan[-2:-1] == ".":
        yuan += "0"
    return f"{yuan}元"


def exact_decimal(x: Number, *, most: int) -> str | None:
    """Write ``x`` as a decimal without needless zeros, or ``None`` if it needs over ``most``."""
    scaled = x * 10**most
    if scaled.denominator != 1:
        return None
    digits = decimal_digits(abs(scaled.numerator)).zfill(most + 1)
    whole, part = digits[: len(digits) - most], digits[len(digits) - most :].rstrip("0")
    sign = "-" if x < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def decimal_digits(n: int) -> str:
    """Return ``str(n)``, also where the host limits the length of integers as text."""
    if abs(n).bit_length() < 3 * _SAFE_DIGITS:
        return str(n)
    base, rest, parts = 10**_SAFE_DIGITS, abs(n), []
    while rest:
        rest, low = divmod(rest, base)
        parts.append(str(low).zfill(_SAFE_DIGITS) if rest else str(low))
    return ("-" if n < 0 else "") + "".join(reversed(parts))


_PLAIN_YUAN: Final = re.compile(r"([0-9]{1,13})\.([0-9]{2})元")


def read_plain_yuan(text: str) -> int | None:
    """Read the commonest spelling of money, ``1234567.85元``, as fen; ``None`` for any other."""
    match = _PLAIN_YUAN.fullmatch(text)
    return None if match is None else int(match[1] + match[2])


def read_money(text: str, *, digits: int) -> int | None:
    """Read money leniently as fen, with up to ``digits`` (at most 600) digits.

    For amounts that this library wrote itself, which may be longer than what people
    may enter; everyone else calls ``read_quantity``. ``None`` when it is no money.
    """
    plain = text.translate(_NARROW).strip()
    if len(plain) > 2 * min(digits, _SAFE_DIGITS) + _LONGEST:
        return None
    match = re.fullmatch(_LENIENT, plain)
    if match is None or match["unit"] not in MONEY_UNITS:
        return None
    return _whole_fen(_number(match, digits) * MONEY_UNITS[match["unit"]], plain)


def _from_match(match: re.Match[str], text: str) -> Quantity | None:
    unit, below, plain = match["unit"], match["below"], match[0]
    if below is not None:
        if match["part"] is not None:
            return None
        return Quantity(QuantityKind.RATIO, _quotient(match), text)
    if unit is None:
        if match["part"] is not None:
            return Quantity(QuantityKind.RATIO, _number(match, MAX_DIGITS), text)
        is_code = len(plain) == 6 and plain.isdigit()
        return Quantity(QuantityKind.REGION, plain, text) if is_code else None
    number = _number(match, MAX_DIGITS)
    if unit in MONEY_UNITS:
        return Quantity(QuantityKind.MONEY, _whole_fen(number * MONEY_UNITS[unit], plain), text)
    if unit in _RATIO_UNITS:
        return Quantity(QuantityKind.RATIO, number / _RATIO_UNITS[unit], text)
    return Quantity(QuantityKind.DURATION, _duration(number, unit, plain), text)


def _duration(number: Fraction, unit: str, plain: str) -> Duration:
    months, days = (number * size for size in _DURATION_UNITS[unit])
    if months.denominator != 1 or days.denominator != 1:
        raise QuantityError(
            f"`{plain}`: a duration is a whole number of months or days",
            f"“{plain}”：期限应为整月或整日",
            "write for example `18 months` or `90 days`",
            "例如写“18个月”或“90日”",
        )
    return Duration(months=months.numerator, days=days.numerator)


def _number(match: re.Match[str], most: int) -> Fraction:
    """Return the matched decimal number; raise before converting too many digits."""
    whole, part = match["whole"].replace(",", ""), match["part"] or ""
    digits = (whole + part).lstrip("0")
    _require_digits(len(digits), most)
    if len(part) > most:  # 0.000…: few digits that count, yet a huge denominator
        _require_digits(len(part), most)
    size = Fraction(int(digits or "0"), 10 ** len(part))
    return -size if match["sign"] == "-" else size


def _quotient(match: re.Match[str]) -> Fraction:
    above, below = match["whole"].replace(",", "").lstrip("0"), match["below"].lstrip("0")
    _require_digits(len(above) + len(below), MAX_DIGITS)
    if not below:
        raise QuantityError(f"`{match[0]}` divides by zero", f"“{match[0]}”的分母为零")
    size = Fraction(int(above or "0"), int(below))
    return -size if match["sign"] == "-" else size


def _require_digits(count: int, most: int) -> None:
    if count > most:
        raise QuantityError(
            f"a quantity has at most {most} digits, this one has {count}",
            f"数字最多{most}位，这里有{count}位",
        )


def _whole_fen(fen: Fraction, plain: str) -> int:
    if fen.denominator != 1:
        raise QuantityError(
            f"`{plain}` is finer than a fen (0.01元)", f"“{plain}”不足一分（0.01元）"
        )
    return fen.numerator


def _refuse_long(plain: str) -> None:
    if re.fullmatch(_QUANTITY_LETTERS, plain.lstrip("+-")):
        raise QuantityError(
            f"a quantity has at most {MAX_DIGITS} digits", f"数字最多{MAX_DIGITS}位"
        )


def _refuse_near_miss(plain: str, *, lenient: bool) -> None:
    """Raise if ``plain``, which is no quantity, was surely meant as one."""
    narrow = plain if lenient else plain.translate(_NARROW)
    if not lenient and (narrow != plain or "," in plain):
        meant = read_quantity(narrow, lenient=True)  # raises for faults of its own
        if meant is not None:
            how, zh = ("separators", "分隔符")
            if narrow != plain:
                how, zh = ("full-width characters", "全角字符")
            narrow = narrow.replace(",", "")
            raise QuantityError(
                f"`{plain}` is written with {how}",
                f"“{plain}”用了{zh}",
                f"write `{narrow}`",
                f"请写“{narrow}”",
                instead=narrow,
            )
    _refuse_odd_money(plain)
    if re.fullmatch(_TWO_UNITS, plain):
        raise QuantityError(f"`{plain}` has more than one unit", f"“{plain}”不止一个单位")
    if re.fullmatch(_ODD_NUMBER, plain):
        raise QuantityError(
            f"`{plain}` does not start with a plain decimal number",
            f"“{plain}”开头不是普通的十进制数",
            "write digits and at most one point, as in `10000` or `0.5`",
            "只写数字和至多一个小数点，如“10000”或“0.5”",
        )
    if re.fullmatch(_ODD_DURATION, plain):
        raise QuantityError(
            f"`{plain}`: durations are in years, months or days",
            f"“{plain}”：期限按年、月、日写",
        )


def _refuse_odd_money(plain: str) -> None:
    match = re.fullmatch(_ODD_MONEY, plain)
    if match is None or not (match["mark"] or match["scale"] or match["end"]):
        return
    if match["scale"] not in _SCALES:
        raise QuantityError(f"`{plain}` has more than one unit", f"“{plain}”不止一个单位")
    fen = _number(match, MAX_DIGITS) * _SCALES[match["scale"]] * 100
    shown = short_money(_whole_fen(fen, plain))
    raise QuantityError(
        f"`{plain}`: money is written in 元, 万元 or 亿元",
        f"“{plain}”：金额以元、万元或亿元为单位",
        f"write `{shown}`",
        f"请写“{shown}”",
    )


def _duration_text(duration: Duration) -> str:
    months, days = duration.months, duration.days
    parts = []
    if months and months % 12 == 0:
        parts.append(f"{months // 12} year" + ("s" if abs(months) != 12 else ""))
    elif months:
        parts.append(f"{months} month" + ("s" if abs(months) != 1 else ""))
    if days or not months:
        parts.append(f"{days} day" + ("s" if abs(days) != 1 else ""))
    return " ".join(parts)
