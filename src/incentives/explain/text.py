"""An explanation as plain text: no colours, at most 80 columns, Chinese characters two wide.

Figures of a block are aligned to the right in one column. A line is broken
between words or Chinese characters, never inside a figure, and no line begins
with a closing mark.

The trap: a width is in columns of a terminal, not in characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from unicodedata import category, east_asian_width

from incentives.explain.structure import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.explain.structure import Block, Explanation, Line
    from incentives.language.core import Text

WIDTH: Final = 80
MARKS: Final = {
    Tone.MET: "✓ ",
    Tone.FAILED: "✗ ",
    Tone.OPEN: "? ",
    Tone.WARNING: "! ",
    Tone.NOTE: "· ",
    Tone.RESULT: "→ ",
}
FIGURE: Final = (  # never torn: a date, a number with its unit
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[-−]?[0-9][0-9,.]*(?:/[0-9]+)?(?:元又[0-9]+/[0-9]+分|万元|亿元|元|分|%|‰)?"
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_WIDE_ONE: Final = r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u3000-\u303f“”‘’…—]"
# What may not be torn: a figure with its unit, a word, or one wide character; closing
# marks stay with what is before them, opening ones with what follows.
_TOKEN: Final = re.compile(
    rf"[（《【〔“‘(\[]*(?:{FIGURE}|{_WIDE_ONE}|[^\s（《【〔“‘(\[\u2e80-\u9fff\uff00-\uff60]+|.)"
    r"[，。；：、）》】〕”’？！)\],.;:?!]*|\s+"
)


def render_text(explanation: Explanation, lang: str, *, width: int = WIDTH) -> str:
    """Return an explanation as plain text.

    Args:
        explanation: what ``explain_decision`` or ``explain_assessment`` gave.
        lang: ``zh`` or ``en``.
        width: columns; a line is longer only where it cannot be broken.

    Raises:
        ValueError: ``lang`` is neither.
    """
    known_language(lang)
    out = wrap(_shown(explanation.headline, lang), width)
    for block in explanation.blocks:
        out.append("")
        out += _block(block, lang, width)
    return "\n".join(line.rstrip() for line in out) + "\n"


def _shown(text: Text, lang: str) -> str:
    return visible(text.get(lang))


def _block(block: Block, lang: str, width: int) -> list[str]:
    indent = 0 if block.title is None else 2
    out = [] if block.title is None else wrap(_shown(block.title, lang), width)
    return [*out, *_lines(block.lines, lang, indent, width)]


def _lines(lines: tuple[Line, ...], lang: str, indent: int, width: int) -> Iterator[str]:
    column = _column(lines, lang, indent, width)
    for line in lines:
        yield from _line(line, lang, indent, width, column)
        yield from _lines(line.of, lang, indent + 2, width)


def _column(lines: tuple[Line, ...], lang: str, indent: int, width: int) -> int:
    """Return the column at which the figures of lines that stand together end."""
    ends = [0]
    for line in lines:
        if line.figure is not None:
            text = columns(MARKS.get(line.tone, "") + _shown(line.text, lang))
            ends.append(indent + text + 2 + columns(_shown(line.figure, lang)))
    fitting = [end for end in ends if end <= width]
    return max(fitting)


def _line(line: Line, lang: str, indent: int, width: int, column: int) -> list[str]:
    mark = MARKS.get(line.tone, "")
    pad = " " * indent
    body = wrap(_shown(line.text, lang), width - indent - columns(mark))
    first = f"{pad}{mark}{body[0]}"
    rest = [f"{pad}{' ' * columns(mark)}{text}" for text in body[1:]]
    lines = [first, *rest]
    if line.figure is not None:
        figure = _shown(line.figure, lang)
        gap = max(column, indent) - columns(lines[-1]) - columns(figure)
        if gap >= 2:
            lines[-1] += " " * gap + figure
        elif columns(lines[-1]) + 2 + columns(figure) <= width:
            lines[-1] += "  " + figure
        else:
            lines += [
                f"{pad}{' ' * columns(mark)}{text}" for text in wrap(figure, width - indent - 2)
            ]
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(char) in "WF" or char in "“”‘’…—" else 1 for char in text)


def known_language(lang: str) -> None:
    """Refuse a language that explanations do not speak, with ``ValueError``."""
    if lang not in {"zh", "en"}:
        raise ValueError(f"unknown language {lang!r}: use zh or en")


def visible(text: str) -> str:
    r"""Return a text with what cannot be seen spelt out: a line feed is shown as ``\u000a``.

    Controls, directions, line separators and characters that Unicode has not
    assigned: they could steer a terminal, or turn the words around them.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(char):04x}" if category(char) in _HIDDEN else char for char in text)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` columns where that can be done."""
    lines, line, used = [], "", 0
    for token in _TOKEN.findall(text):
        size = columns(token)
        if line and used + columns(token.rstrip()) > width:
            lines.append(line.rstrip())
            line, used = "", 0
            if token.isspace():
                continue
        line += token
        used += size
    return [*lines, line.rstrip()]
