"""New cases put into a rule file: after the last case of their incentive, nothing else touched.

Works on the text, so that comments, order and white space stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PART: Final = re.compile(r"\s*\[\[?incentive\.")
_HEAD: Final = re.compile(r"\s*\[")


def with_cases(text: str, cases: Mapping[int, str]) -> str:
    """Return a rule file's text with cases added.

    Args:
        text: the file.
        cases: for each entry, the place of its last case's head (or of its own
            head, where it has none) in characters, and the cases as text.
    """
    for start, added in sorted(cases.items(), reverse=True):
        at = _end_of_block(text, start)
        text = f"{text[:at].rstrip()}\n\n{added.strip()}\n{_rest(text[at:])}"
    return text


def _rest(text: str) -> str:
    rest = text.lstrip("\n")
    return f"\n{rest}" if rest else ""


def _end_of_block(text: str, start: int) -> int:
    """Return where the table that begins at ``start`` ends, its own tables included."""
    is_case = text.startswith("[[incentive.case]]", start)
    at = text.find("\n", start) + 1
    end = at
    while 0 < at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop]
        if _HEAD.match(line) and not _belongs(line, is_case=is_case):
            break
        if line.strip() and not line.startswith("#"):
            end = stop
        at = stop + 1
    return max(end, text.find("\n", start))


def _belongs(line: str, *, is_case: bool) -> bool:
    if is_case:
        return line.lstrip().startswith("[incentive.case.")
    return _PART.match(line) is not None
