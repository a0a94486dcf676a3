"""An explanation as Markdown (CommonMark): a heading, headings of blocks, nested lists.

The law kept here: whatever a text holds is shown as it stands. ``escape`` is the one
place where texts become Markdown; no name can open a tag, a link, a heading, a list,
a table cell or a formula.

The trap: emphasis next to Chinese punctuation needs white space around its marks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from incentives.explain.text import MARKS, known_language, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incentives.explain.structure import Explanation, Line

_ACTIVE: Final = re.compile(r"[\\`*_\[\]<>&|~$#]|(?<=www)\.|:(?=//)|(?<=\w)@(?=\w)", re.IGNORECASE)
# What would open a block at the beginning of a line: a list, a numbered item, a line of dashes.
_OPENING: Final = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=]))")


def render_markdown(explanation: Explanation, lang: str) -> str:
    """Return an explanation as Markdown.

    Args:
        explanation: what ``explain_decision`` or ``explain_assessment`` gave.
        lang: ``zh`` or ``en``.

    Raises:
        ValueError: ``lang`` is neither.
    """
    known_language(lang)
    out = [f"# {escape(explanation.headline.get(lang))}"]
    for block in explanation.blocks:
        if block.title is not None:
            out += ["", f"## {escape(block.title.get(lang))}"]
        out += ["", *_items(block.lines, lang, "")]
    return "\n".join(out) + "\n"


def _items(lines: Iterable[Line], lang: str, indent: str) -> Iterator[str]:
    for line in lines:
        figure = "" if line.figure is None else f" — **{escape(line.figure.get(lang))}**"
        yield f"{indent}- {MARKS.get(line.tone, '')}{escape(line.text.get(lang))}{figure}"
        yield from _items(line.of, lang, indent + "  ")


def escape(text: str) -> str:
    r"""Return a text as Markdown that shows exactly its characters: ``*`` becomes ``\*``.

    Control and direction characters are spelt out (``visible``); white space at
    the ends is dropped.
    """
    shown = _ACTIVE.sub(r"\\\g<0>", visible(text).strip())
    return _OPENING.sub(r"\1\\", shown)
