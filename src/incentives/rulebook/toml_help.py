"""What to do about a line that is not TOML, for somebody who writes rules and no programs.

The parser says what it expected next; a writer has put a date in the Chinese
way, left out a quotation mark, or put one inside another. The law kept: only a
remedy that the line itself shows is given, and nothing is mended here.

The trap: a quote that stands inside a text ends it, so that the rest of the line
looks like full-width punctuation. That must be told first: whoever narrows the
comma changes the words of the document.
"""

from __future__ import annotations

import re
from typing import Final

Pair = tuple[str, str]
MAX_LINE: Final = 400

_DAY: Final = re.compile(
    r"(?<![0-9\"'])([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})(?:日|(?![0-9]))"
)
_FIGURE: Final = re.compile(r"=\s*([0-9][0-9.,]*\s*(?:亿元|万元|元|亿|万|[%％‰]|[个年月天日]+))")
_INSIDE: Final = re.compile(r'=\s*"[^"\\]*"[^\W\x00-\x2f\x3a-\x7f][^=]*"')
_BETWEEN: Final = re.compile(r"[\"'\]}]\s*([、；])")
_KEY: Final = re.compile(
    r"^\s*(?:[\w-]+\s*=\s*\{\s*)?([^\s\"'=\[\]{}#]*[^\x00-\x7f][^\s\"'=]*)\s*="
)
_WORD: Final = re.compile(r"=\s*([^\s\"'\[{0-9][^\"',\]}#]*?)\s*(?:[,}\]#]|$)")


def ends_early(line: str) -> bool:
    """Say whether a quotation mark stands inside a text and so ends it."""
    return _INSIDE.search(line[:MAX_LINE]) is not None


def remedy(line: str, said: str) -> Pair | None:
    """Return what to write instead, in English and Chinese; ``None`` where the line does not tell.

    Args:
        line: the line at which the parser stopped.
        said: what the parser said.
    """
    line = line[:MAX_LINE]
    if ends_early(line):
        return (
            "a quotation mark inside the text ends it: write “ ” inside",
            '文字里面又用了半角的 "，文字到那里就结束了：里面的引号请用“”',
        )
    day = _day(line)
    if day is not None:
        return day
    between = _BETWEEN.search(line)
    if between is not None:
        return (
            f"write `,` for `{between[1]}` between the parts of a list",
            f"列表各项之间用半角逗号：“{between[1]}”请改为“,”",
        )
    figure = _FIGURE.search(line)
    if figure is not None:
        return (
            f'put the figure with its unit in quotation marks: "{figure[1]}"',
            f'带单位的数要加半角引号："{figure[1]}"',
        )
    key = _KEY.match(line)
    if key is not None:
        return (
            f"the names of keys are English words: what should `{key[1]}` be?",
            f"键名用英文：“{key[1]}”应写成对应的英文键名",
        )
    return _unfinished(line, said)


def _day(line: str) -> Pair | None:
    """Return how a date is written that is not written so, or that no calendar has."""
    from datetime import date

    for found in _DAY.finditer(line):
        if line.count('"', 0, found.start()) % 2 or line.count("'", 0, found.start()) % 2:
            continue  # within a text
        year, month, day = map(int, found.groups())
        try:
            plain = date(year, month, day).isoformat()
        except ValueError:
            return (
                f"there is no such day: {found[0]}",
                f"日历上没有这一天：{found[0]}",
            )
        if found[0] != plain:
            return f"write the date as {plain}", f"日期写成 {plain}，不加引号"
    return None


def _unfinished(line: str, said: str) -> Pair | None:
    if line.count('"') % 2 or said.startswith(("Unterminated", "Illegal character")):
        return (
            "a text begins and ends with a quotation mark: one is missing",
            "文字前后都要有半角引号：这里少了一个",
        )
    word = _WORD.search(line)
    if word is not None and said.startswith("Invalid value"):
        if word[1].lower() in {"true", "false"}:
            return f"write {word[1].lower()}", f"请写小写的 {word[1].lower()}"
        return f'put the text in quotation marks: "{word[1]}"', f'文字要加半角引号："{word[1]}"'
    if said.startswith("Invalid value"):
        return "a value is missing after `=`", "“=”后面没有写值"
    if said.startswith("Unclosed") or "at the end of a" in said:
        return "a comma or a closing bracket is missing", "漏了逗号或右括号"
    if said.startswith("Expected '='"):
        return "each line is `key = value`", "每一行应是“键 = 值”"
    return None
