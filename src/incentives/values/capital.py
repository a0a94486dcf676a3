"""Amounts in 大写: ``人民币叁拾伍万元整``, as cheques and official payment notices want it.

Source of the form: 中国人民银行《正确填写票据和结算凭证的基本规定》, first part.
Above 亿 the scale repeats (壹万亿, 壹亿亿), so that an amount of any size has a form.

The law kept here: ``read_capital(write_capital(fen)) == fen``, and a text that is not
a correct form is refused and not guessed at. The trap is 壹佰伍: said aloud it is 150,
read by its figures 105, and so it is neither: a text is read figure by figure, and
taken only if the amount, written again, gives that text.
"""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_VARIANTS: Final = str.maketrans({"圆": "元", "正": "整", "陸": "陆", "貳": "贰", "〇": "零"})
_LONGEST: Final = 2000
_MOST_GROUPS: Final = 200  # each 亿 or 万 is one recursion

# Where the rules let the writer choose, 零 is left out: before 仟 when the figure before
# 万 (or 亿) is nought, and before 角 when the figure before 元 is.
_OPTIONAL_NOUGHT: Final = r"(?<=[拾佰仟][万亿])零(?=.仟)|(?<=[拾佰仟万亿]元)零(?=.角)"
_AMOUNT: Final = (
    rf"(?P<first>人民币)?(?P<sign>负)?(?P<late>人民币)?(?:(?P<yuan>[{_DIGITS}拾佰仟万亿]+)元)?零?"
    rf"(?:(?P<jiao>[{_DIGITS}])角)?(?:(?P<fen>[{_DIGITS}])分)?整?"
)


def write_capital(fen: int) -> str:
    """Write an amount in 大写: ``人民币壹仟贰佰叁拾肆元伍角整``, ``人民币负壹元整``."""
    yuan, rest = divmod(abs(fen), 100)
    jiao, last = divmod(rest, 10)
    parts = ["人民币", "负" if fen < 0 else ""]
    if yuan or not rest:
        parts.append(f"{_whole(yuan) or '零'}元")
    if jiao:
        parts.append(f"{_DIGITS[jiao]}角")
    elif last and yuan:
        parts.append("零")
    parts.append(f"{_DIGITS[last]}分" if last else "整")
    return "".join(parts)


def read_capital(text: str) -> int | None:
    """Read an amount in 大写 as fen; ``None`` when it is not written correctly.

    The word 人民币, 整 after 角, and 零 where the rules leave it open, may be missing or
    present; 圆 and 正 are read as 元 and 整.
    """
    plain = text.strip().translate(_VARIANTS)
    if len(plain) > _LONGEST or plain.count("亿") + plain.count("万") > _MOST_GROUPS:
        return None
    match = re.fullmatch(_AMOUNT, plain)
    if match is None or (match["first"] and match["late"]):
        return None
    yuan = _value(match["yuan"] or "零")
    if yuan is None:
        return None
    fen = yuan * 100 + sum(
        _DIGITS.index(match[unit]) * size
        for unit, size in (("jiao", 10), ("fen", 1))
        if match[unit]
    )
    fen = -fen if match["sign"] else fen
    return fen if _normal(plain) == _normal(write_capital(fen)) else None


def _normal(text: str) -> str:
    """Drop what a correct text may have or not, so that two spellings become equal."""
    return re.sub(_OPTIONAL_NOUGHT, "", text.replace("人民币", "")).replace("角整", "角")


def _whole(number: int) -> str:
    """Write a whole number; the empty text for nought."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            above, below = divmod(number, size)
            # A nought between the groups is heard, unless the upper one ends with it.
            gap = "零" if below and below < size // 10 else ""
            return f"{_whole(above)}{unit}{gap}{_whole(below)}"
    out, gap = "", ""
    for place, digit in zip(_PLACES, f"{number:04d}", strict=True):
        if digit == "0":
            gap = "零" if out else ""
        else:
            out += f"{gap}{_DIGITS[int(digit)]}{place}"
            gap = ""
    return out


def _value(text: str) -> int | None:
    """Read a whole number, noughts skipped; ``None`` unless its places descend."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        above, found, below = text.rpartition(unit)
        if found:
            high, low = _value(above), _value(below or "零")
            if not high or low is None or low >= size:
                return None
            return high * size + low
    total, least = 0, 10**4
    for digit, place in re.findall(rf"([{_DIGITS}])([拾佰仟]?)", text):
        size = 10 ** (3 - _PLACES.index(place))
        if digit == "零":
            continue
        if size >= least:
            return None
        total, least = total + _DIGITS.index(digit) * size, size
    return total
