"""One fact of a profile: what was written, read exactly or refused with a sentence.

Nothing is guessed: a number without a unit, a float, a text for yes and no, an
unknown word are refused, each with what to write instead. ``None`` and blank
text mean *unknown*, never zero and never no.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.values import codes
from incentives.values.calendar import read_date
from incentives.values.money import format_fen
from incentives.values.quantity import (
    QuantityError,
    QuantityKind,
    format_ratio,
    read_plain_yuan,
    read_quantity,
)
from incentives.values.types import ORDERED, Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.language.names import FactSpec

BARE: Final = "E312"
"""The code of an amount without a unit."""
MAX_INTEGER: Final = 10**18
MAX_TEXT: Final = 10_000
BOUNDS: Final = ("at_least", "at_most")
_SCALARS: Final = (str, bool, int, date)


class FactError(Exception):
    """Why a value cannot be taken: a code, the sentence in both languages, a remedy."""

    def __init__(self, code: str, en: str, zh: str, help: tuple[str, str] | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.zh = zh
        self.help = help


def read_fact(spec: FactSpec, raw: Any, path: str) -> Any:
    """Return the value of a fact, or an ``Unknown`` within its bounds.

    Raises:
        FactError: the value is not one that this fact can have.
    """
    if raw is None or (isinstance(raw, str) and (not raw or raw.isspace())):
        return spec.unknown(path)
    if raw.__class__ not in _SCALARS and isinstance(raw, Mapping):
        return _bounded(spec, raw, path)
    _check_length(raw)
    value = _READERS[spec.type.kind](spec, raw)
    if isinstance(value, tuple):  # a month or a year instead of a day
        first, last = value
        return Unknown(frozenset({path}), _inside(spec, first), _inside(spec, last))
    return value if spec.lo is None and spec.hi is None else _inside(spec, value)


def _check_length(raw: Any) -> None:
    if isinstance(raw, str) and len(raw) > MAX_TEXT:
        raise FactError(
            "E328",
            f"a text has at most {MAX_TEXT:,} characters, not {len(raw):,}",
            f"文本最多{MAX_TEXT:,}字，现有{len(raw):,}字",
        )


def _bounded(spec: FactSpec, raw: Mapping[str, Any], path: str) -> Any:
    extra = sorted(set(map(str, raw)) - set(BOUNDS))
    if extra or not raw or spec.type.kind not in ORDERED:
        raise FactError(
            "E318",
            "a table is not a value here",
            "此处不能填写表",
            (
                "write one value, or { at_least = …, at_most = … } for amounts and dates",
                "请填写一个值；金额、数量、日期可写 { at_least = …, at_most = … }",
            ),
        )
    for end in raw.values():
        _check_length(end)
    ends = [_READERS[spec.type.kind](spec, raw[key]) if key in raw else None for key in BOUNDS]
    lo = ends[0][0] if isinstance(ends[0], tuple) else ends[0]
    hi = ends[1][1] if isinstance(ends[1], tuple) else ends[1]
    lo = spec.lo if lo is None else _inside(spec, lo)
    hi = spec.hi if hi is None else _inside(spec, hi)
    if lo is not None and hi is not None and lo > hi:
        raise FactError(
            "E317",
            f"at_least ({show(spec, lo)}) is above at_most ({show(spec, hi)})",
            f"下限（{show(spec, lo)}）高于上限（{show(spec, hi)}）",
        )
    return lo if lo is not None and lo == hi else Unknown(frozenset({path}), lo, hi)


def _inside(spec: FactSpec, value: Any) -> Any:
    if spec.lo is not None and value < spec.lo:
        raise FactError(
            "E316",
            f"{show(spec, value)} is below the least this can be, {show(spec, spec.lo)}",
            f"{show(spec, value)}低于允许的最小值{show(spec, spec.lo)}",
        )
    if spec.hi is not None and value > spec.hi:
        raise FactError(
            "E316",
            f"{show(spec, value)} is above the most this can be, {show(spec, spec.hi)}",
            f"{show(spec, value)}高于允许的最大值{show(spec, spec.hi)}",
        )
    return value


def show(spec: FactSpec, value: Any) -> str:
    """Format a known value of a fact for a message."""
    match spec.type.kind:
        case Kind.MONEY:
            return format_fen(value, lang="zh")
        case Kind.RATIO:
            return format_ratio(value)
        case _:
            return str(value)


def _refuse_number(spec: FactSpec, raw: Any) -> None:
    if isinstance(raw, bool):
        raise FactError(
            "E311", "yes or no stands where a number is needed", "此处应为数字，不能填是或否"
        )
    if isinstance(raw, float):
        raise FactError(
            "E310",
            f"{raw!r} is a floating-point number, which is not exact",
            f"{raw!r} 是浮点数，不精确",
            _as_text(spec, repr(raw)),
        )


def _as_text(spec: FactSpec, shown: str) -> tuple[str, str] | None:
    """Return what to write instead of a float; nothing for infinities and the like."""
    if not shown.lstrip("-").replace(".", "", 1).isdigit():
        return None
    money = spec.type.kind is Kind.MONEY
    texts = [f'"{shown}元"', f'"{shown}万元"'] if money else [f'"{shown}"']
    return f"write it as text: {' or '.join(texts)}", f"请写成文本：{' 或 '.join(texts)}"


def _money(spec: FactSpec, raw: Any) -> Any:
    if isinstance(raw, str):
        fen = read_plain_yuan(raw)
        if fen is not None:
            return fen
    _refuse_number(spec, raw)
    if isinstance(raw, int):
        raise _unitless(str(_whole(raw)))
    if not isinstance(raw, str):
        raise _wrong("an amount of money", "金额", raw)
    quantity = _quantity(raw)
    if quantity is None or quantity.kind is not QuantityKind.MONEY:
        plain = raw.strip().replace(",", "").replace("，", "")
        if plain.replace(".", "", 1).lstrip("+-").isdigit():
            raise _unitless(plain)
        raise _wrong("an amount of money", "金额", raw)
    return quantity.value


def _unitless(text: str) -> FactError:
    return FactError(
        BARE,
        f"the amount {text} has no unit: 元 and 万元 are confused too often to guess",
        f"金额 {text} 没有单位：元与万元容易混淆，不作猜测",
        (f'write "{text}元" or "{text}万元"', f'请写 "{text}元" 或 "{text}万元"'),
    )


def _wrong(needed: str, needed_zh: str, raw: Any) -> FactError:
    return FactError(
        "E313",
        f"{needed} is needed, not {quoted(raw)}",
        f"此处应填{needed_zh}，不能是 {quoted(raw)}",
    )


def quoted(raw: Any) -> str:
    """Return what was written, short, for a message; whatever it is, this can be shown."""
    if isinstance(raw, int) and abs(raw) >= MAX_INTEGER:  # Python refuses to print longer ones
        return "…"
    if isinstance(raw, list | tuple | Mapping) and raw:  # may be nested beyond what repr takes
        return "{…}" if isinstance(raw, Mapping) else "[…]"
    text = repr(raw)
    return text if len(text) <= 60 else text[:60] + "…"


def _quantity(raw: str) -> Any:
    try:
        return read_quantity(raw, lenient=True)
    except QuantityError as error:
        said, remedy = error.texts
        raise FactError("E314", *said, remedy) from None


def _count(spec: FactSpec, raw: Any) -> Any:
    _refuse_number(spec, raw)
    if not isinstance(raw, int):
        raise _wrong("a whole number without quotes", "不带引号的整数", raw)
    return _whole(raw)


def _whole(raw: int) -> int:
    if abs(raw) >= MAX_INTEGER:
        raise FactError("E314", "a number has at most 18 digits", "数字最多18位")
    return raw


def _ratio(spec: FactSpec, raw: Any) -> Any:
    _refuse_number(spec, raw)
    if isinstance(raw, int):
        return _count(spec, raw)
    quantity = _quantity(raw) if isinstance(raw, str) else None
    if quantity is None or quantity.kind is not QuantityKind.RATIO:
        raise _wrong('a ratio such as "3.5%"', '比例，如 "3.5%"', raw)
    value = quantity.value
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _bool(spec: FactSpec, raw: Any) -> Any:
    if raw is True or raw is False:
        return raw
    raise FactError(
        "E315",
        f"true or false is needed, not {quoted(raw)}",
        f"此处应填 true（是）或 false（否），不能是 {quoted(raw)}",
        ("write true or false without quotes", "请写不带引号的 true 或 false"),
    )


def _date(spec: FactSpec, raw: Any) -> Any:
    if isinstance(raw, datetime):
        raise FactError(
            "E319",
            f"{raw.isoformat()} has a time of day, whose date depends on a time zone",
            f"{raw.isoformat()} 带有时刻，其日期取决于时区",
            (f"write {raw.date().isoformat()}", f"请写 {raw.date().isoformat()}"),
        )
    if isinstance(raw, date):
        return raw
    found = read_date(raw, lenient=True) if isinstance(raw, str) else None
    if found is None:
        raise _wrong("a date such as 2024-05-01", "日期，如 2024-05-01", raw)
    return found


def _choice(spec: FactSpec, raw: Any) -> Any:
    if isinstance(raw, str) and raw in spec.choices:
        return raw
    if not isinstance(raw, str):
        raise _wrong("one of the choices", "选项之一", raw)
    by_label = [word for word, text in spec.choices.items() if raw in {text.zh, text.en}]
    near = by_label or get_close_matches(raw, list(spec.choices), 1)
    listed_en = ", ".join(spec.choices)
    listed_zh = "、".join(f"{word}（{text.zh}）" for word, text in spec.choices.items())
    raise FactError(
        "E320",
        f'"{raw[:40]}" is not one of the choices: {listed_en}',
        f"“{raw[:40]}”不在选项之中：{listed_zh}",
        (f'did you mean "{near[0]}"?', f'是否应为 "{near[0]}"？') if near else None,
    )


def _region(spec: FactSpec, raw: Any) -> Any:
    if isinstance(raw, str) and codes.is_region(raw.strip()):
        return raw.strip()
    help = None
    if isinstance(raw, int) and not isinstance(raw, bool) and 100000 <= raw <= 999999:
        help = (f'write "{raw}" in quotes', f'请加引号："{raw}"')
    raise FactError(
        "E321",
        f"{quoted(raw)} is not a region code: six digits of GB/T 2260",
        f"{quoted(raw)} 不是行政区划代码：应为 GB/T 2260 的六位数字",
        help,
    )


def _industry(spec: FactSpec, raw: Any) -> Any:
    if isinstance(raw, str) and codes.is_industry(raw.strip()):
        return raw.strip()
    raise FactError(
        "E321",
        f"{quoted(raw)} is not an industry code of GB/T 4754, such as C39",
        f"{quoted(raw)} 不是国民经济行业分类代码（GB/T 4754），如 C39",
    )


_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def _text(spec: FactSpec, raw: Any) -> Any:
    if not isinstance(raw, str):
        raise _wrong("text in quotes", "带引号的文本", raw)
    bad = next((char for char in raw if unicodedata.category(char) in _INVISIBLE), None)
    if bad is not None:
        raise FactError(
            "E322",
            f"the text holds an invisible character (U+{ord(bad):04X})",
            f"文本中含有不可见字符（U+{ord(bad):04X}）",
            ("type it again", "请重新输入"),
        )
    if spec.check == "uscc":
        try:
            codes.uscc_check(raw)
        except codes.CodeError as error:
            raise FactError("E323", error.message, error.zh) from None
    return raw


_READERS: Final[dict[Kind, Callable[[FactSpec, Any], Any]]] = {
    Kind.MONEY: _money,
    Kind.COUNT: _count,
    Kind.RATIO: _ratio,
    Kind.BOOL: _bool,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.REGION: _region,
    Kind.INDUSTRY: _industry,
    Kind.TEXT: _text,
}
