"""A TOML text as the pieces it is written in, white space and comments included.

For what changes a file without changing what it says: the formatter, and the
edits that take something out. Only texts that the reader of rule files
(``rulebook/toml.py``) has accepted come here, so nothing is checked again.

The law kept here: the texts of all tokens, joined, are the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from incentives.rulebook.locate import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a token is."""

    BLANK = auto()
    NEWLINE = auto()
    COMMENT = auto()
    STRING = auto()
    MARK = auto()
    WORD = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text, and where it begins; ``WORD`` is a bare key, number, date or truth."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The character after the last."""
        return self.start + len(self.text)


_REST: Final = (
    (Kind.BLANK, re.compile(r"[ \t]++")),
    (Kind.NEWLINE, re.compile(r"\r?\n")),
    (Kind.COMMENT, re.compile(r"#[^\n]*+")),
    (Kind.STRING, TEXT),
    (Kind.MARK, re.compile(r"[\[\]{},=]")),
    (Kind.WORD, re.compile(r"""[^\s\[\]{},=#"']++""")),
)


def tokens(text: str) -> Iterator[Token]:
    """Yield every piece of a text, in order; what is no TOML comes as words of one character."""
    at = 0
    while at < len(text):
        token = _token(text, at)
        yield token
        at = token.end


def _token(text: str, at: int) -> Token:
    for kind, pattern in _REST:
        found = pattern.match(text, at)
        if found is not None:
            return Token(kind, found[0], at)
    return Token(Kind.WORD, text[at], at)
