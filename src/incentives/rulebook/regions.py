"""Region codes against the regions that a rulebook lists: which can hardly be right.

A list of regions is never whole: it names those that the rules are about, and an
applicant may be anywhere. So a code is doubted only where nobody could have it: its
province is none of GB/T 2260, or the rules list the counties of its city without it.

The trap: codes that were given up are listed with their last day and are no slip;
``profile.py`` says what they are called now.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from incentives.values.codes import COUNTRY, PROVINCES, region_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.diagnostics import Pair
    from incentives.rulebook.model import Region


def nowhere(code: str, regions: Mapping[str, Region]) -> Pair | None:
    """Return that a code lies in no province, in English and Chinese; ``None`` where it does."""
    listed = any(other[:2] == code[:2] for other in regions)
    if listed or code[:2] in PROVINCES or code == COUNTRY:
        return None
    return (
        f"{code} lies in no province of GB/T 2260",
        f"{code} 的前两位不是任何省、自治区、直辖市的代码",
    )


def doubt(code: str, regions: Mapping[str, Region]) -> Pair | None:
    """Return why a code can hardly be right, in English and Chinese; ``None`` where it can."""
    beside = any(other[:4] == code[:4] and not other.endswith("00") for other in regions)
    if code not in regions and beside and not code.endswith("00"):
        return (
            f"{code} is not among the regions these rules list beside it",
            f"{code} 不在规则所列的同市区县之中",
        )
    return nowhere(code, regions)


def doubted(code: str, regions: Mapping[str, Region]) -> tuple[str, Pair] | None:
    """Return what a profile warns of (E324: given up, E325: hardly right), and the words."""
    region = regions.get(code)
    if region is None:
        why = doubt(code, regions)
        if why is None:
            return None
        return "E325", (f"{why[0]}; check it against the licence", f"{why[1]}，请与营业执照核对")
    last, now = region.period.until, regions.get(region.successor or "")
    if last is None:
        return None
    new_en = f"; it is now {now.code} ({now.name.get('en')})" if now else ""
    new_zh = f"，现为 {now.code}（{now.name.zh}）" if now else ""
    return "E324", (
        f"{code} ({region.name.get('en')}) was in use until {last}{new_en}",
        f"{code}（{region.name.zh}）只用到 {last}{new_zh}",
    )


def named(text: str, regions: Mapping[str, Region]) -> list[str]:
    """Return the codes of the regions of this name, or else those whose name begins so."""
    same = [code for code, one in regions.items() if text in {one.name.zh, one.name.en}]
    begin = [
        code for code, one in regions.items() if len(text) > 1 and one.name.zh.startswith(text)
    ]
    return same or begin


def nearest(text: str, regions: Mapping[str, Region]) -> list[Region]:
    """Return the few listed regions that a code or a name may have meant."""
    used = {code: one for code, one in regions.items() if one.period.until is None}
    if text.isdigit():
        city = [code for code in used if code[:4] == text[:4]]
        codes = city or [code for code in used if code[:2] == text[:2]]
    else:
        names = {name: code for code, one in used.items() for name in (one.name.zh, one.name.en)}
        codes = [names[name] for name in get_close_matches(text, filter(None, names))]
        codes = named(text, used) or codes
    codes = codes or sorted(used, key=region_level)
    return [used[code] for code in dict.fromkeys(codes)][:5]
