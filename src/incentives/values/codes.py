"""Codes of the state: regions (GB/T 2260), industries (GB/T 4754-2017), firms (GB 32100).

The laws kept here (``tests/unit/values/test_codes.py``): a code lies within itself,
``within`` is transitive, and a firm's code with one character changed, or two
neighbours swapped, is refused.

``None`` from ``region_within`` and ``industry_within`` is *unknown*: the code is
coarser than what it is asked about. It is not false, so test it with ``is``.
Whether a region existed on a date is not known here: ``regions.toml`` says that.

The trap: region codes nest by pairs of digits, with 100000 above all of them although
it begins like none; and all-digit firm codes exist, which spreadsheets ruin.
"""

from __future__ import annotations

import re
from typing import Final

from incentives.diagnostics import IncentivesError
from incentives.values.industries import DIVISIONS, SECTIONS

__all__ = [
    "COUNTRY", "DIVISIONS", "PROVINCES", "SECTIONS", "CodeError",
    "industry_within", "is_industry", "is_region", "region_level", "region_within", "uscc_check",
]  # fmt: skip

COUNTRY: Final = "100000"
"""The region code of the whole country."""

PROVINCES: Final = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
    "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54",
    "61", "62", "63", "64", "65", "71", "81", "82",
})  # fmt: skip
"""What the codes of GB/T 2260 begin with: provinces, and what has their rank."""

_REGION = re.compile(r"[1-9][0-9]{5}")
_INDUSTRY = re.compile(r"([A-T])([0-9]{2,4})?|([0-9]{2,4})")
_SCIENTIFIC: Final = r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+"

_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES: Final = {char: value for value, char in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))


class CodeError(IncentivesError, ValueError):
    """A code does not have the form, or the check character, that its standard wants.

    The sentence comes in English (the message) and in Chinese (``zh``).
    """

    def __init__(self, message: str, zh: str) -> None:
        super().__init__(message, zh)
        self.message, self.zh = message, zh

    def __str__(self) -> str:
        return self.message


def is_region(code: str) -> bool:
    """Whether ``code`` has the form of a GB/T 2260 code; not whether it exists."""
    return _REGION.fullmatch(code) is not None


def region_level(code: str) -> int:
    """Return 0 for the country, 1 for a province, 2 for a prefecture, 3 for a county.

    Raises:
        CodeError: ``code`` is not six digits.
    """
    if not is_region(code):
        raise CodeError(
            f"`{code[:20]}` is not a region code: six digits, as 640200 for 石嘴山市",
            f"“{code[:20]}”不是行政区划代码：应为六位数字，如石嘴山市640200",
        )
    if code == COUNTRY:
        return 0
    if code.endswith("0000"):
        return 1
    return 2 if code.endswith("00") else 3


def region_within(code: str, ancestor: str) -> bool | None:
    """Tell whether a region is, or lies in, ``ancestor``.

    Returns:
        ``None`` where ``code`` is coarser than ``ancestor`` and contains it: a firm known
        to be in 宁夏 may be in 石嘴山 or not.

    Raises:
        CodeError: One of them is not six digits.
    """
    depth, wanted = region_level(code), region_level(ancestor)
    shared = 2 * min(depth, wanted)
    if code[:shared] != ancestor[:shared]:
        return False
    return True if depth >= wanted else None


def is_industry(code: str) -> bool:
    """Whether ``code`` names a section or division, or a group or class of a division.

    Both ``C39`` and the bare digits ``39`` do; groups and classes are not looked up.
    """
    try:
        _industry(code)
    except CodeError:
        return False
    return True


def industry_within(code: str, ancestor: str) -> bool | None:
    """Tell whether an industry is, or belongs to, ``ancestor``.

    Bare digits belong to the section of their division: ``3911`` lies within ``C``.

    Returns:
        ``None`` where ``code`` is coarser than ``ancestor`` and contains it.

    Raises:
        CodeError: One of them is no code of GB/T 4754-2017.
    """
    inner, outer = _industry(code), _industry(ancestor)
    if inner.startswith(outer):
        return True
    return None if outer.startswith(inner) else False


def uscc_check(code: str) -> None:
    """Check a 统一社会信用代码: its form and its check character.

    The check character makes the sum of value times 3^place (mod 31) over the first 17,
    plus its own value, divisible by 31.

    Raises:
        CodeError: With what is wrong, and what a spreadsheet may have done to it.

    Source:
        GB 32100-2015, clauses 4 and 5.
    """
    if re.fullmatch(_SCIENTIFIC, code.strip()):
        raise CodeError(
            f"`{code[:30]}` is a number as a spreadsheet shows it, and the last digits are lost: "
            "take the code from the licence and format the column as text",
            f"“{code[:30]}”是表格软件显示的数，末尾几位已经丢失："
            "请照营业执照重新填写，并把这一列设为文本格式",
        )
    if len(code) != 18:
        raise CodeError(*_wrong_length(code))
    for place, char in enumerate(code, start=1):
        if char not in _USCC_VALUES:
            raise CodeError(*_wrong_character(code, place))
    total = sum(_USCC_VALUES[c] * w for c, w in zip(code, _USCC_WEIGHTS, strict=False))
    if (total + _USCC_VALUES[code[17]]) % 31:
        raise CodeError(
            f"`{code}`: the check character does not fit, "
            "so at least one character is wrong; compare it with the licence",
            f"“{code}”：校验位不符，至少有一位写错；请与营业执照核对",
        )


def _industry(code: str) -> str:
    """Return the code with its section letter; raise where letter and division disagree."""
    match = _INDUSTRY.fullmatch(code)
    if match is None:
        raise CodeError(
            f"`{code[:20]}` is not an industry code: a letter A to T and two to four digits, "
            "as C39",
            f"“{code[:20]}”不是行业代码：应为字母A至T加两至四位数字，如C39",
        )
    letter, digits = match[1], match[2] or match[3]
    if not digits:
        return code
    section, _ = DIVISIONS.get(digits[:2], ("", ""))
    if not section:
        raise CodeError(
            f"`{code}`: GB/T 4754-2017 has no division {digits[:2]}",
            f"“{code}”：GB/T 4754-2017 没有大类{digits[:2]}",
        )
    if letter and letter != section:
        raise CodeError(
            f"`{code}`: division {digits[:2]} belongs to section {section}",
            f"“{code}”：大类{digits[:2]}属于门类{section}",
        )
    return f"{section}{digits}"


def _wrong_length(code: str) -> tuple[str, str]:
    """Return what is wrong with a code of another length than 18, in English and in Chinese."""
    en = f"`{code[:30]}`: a unified social credit code has 18 characters, not {len(code)}"
    zh = f"“{code[:30]}”：统一社会信用代码应为18位，这里有{len(code)}位"
    if len(code.strip()) == 18 or len(code.replace(" ", "").replace("-", "")) == 18:
        return f"{en}: remove spaces and hyphens", f"{zh}：请去掉空格和连字符"
    if len(code) == 15 and code.isdigit():
        return (
            f"{en}: this looks like a registration number from before 2015",
            f"{zh}：这像是2015年以前的工商注册号",
        )
    return en, zh


def _wrong_character(code: str, place: int) -> tuple[str, str]:
    """Return what is wrong with one character of a code, in English and in Chinese."""
    char = code[place - 1]
    en, zh = f"`{code}`: character {place} is `{char}`", f"“{code}”：第{place}位是“{char}”"
    if char.upper() in _USCC_VALUES:
        return f"{en}: write capital letters", f"{zh}：请用大写字母"
    if char.upper() in "IOSVZ":
        return (
            f"{en}: the letters I, O, S, V and Z never occur; 1, 0, 5 or 2 may be meant",
            f"{zh}：代码不用字母I、O、S、V、Z；可能是1、0、5或2",
        )
    return f"{en}: only digits and capital letters occur", f"{zh}：只能是数字和大写字母"
