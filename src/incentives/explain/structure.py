"""The one structure every explanation is, whatever it is printed as.

An ``Explanation`` is a headline and blocks of lines; a line has its sentence in
Chinese and English, a tone, perhaps a figure that stands in a column of its own,
and lines below it. ``text`` prints it; a page or a document prints the same.

The trap: a ``Line`` holds no line breaks, indents, marks or colours. Those belong
to whoever prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.language.core import Text


class Tone(StrEnum):
    """What a line is for whoever reads it; printers choose marks and colours by it."""

    PLAIN = "plain"
    TITLE = "title"
    MET = "met"
    FAILED = "failed"
    OPEN = "open"
    SUM = "sum"
    RESULT = "result"
    QUOTE = "quote"
    NOTE = "note"
    WARNING = "warning"


class Part(StrEnum):
    """What a block is about; stable words for printers and style sheets."""

    SOURCE = "source"
    CONDITIONS = "conditions"
    SUM = "sum"
    MISSING = "missing"
    READINGS = "readings"
    GROUP = "group"
    FUNDING = "funding"
    PAPERS = "papers"
    NOTES = "notes"
    FINDINGS = "findings"
    APPLICANT = "applicant"
    ELIGIBLE = "eligible"
    UNDETERMINED = "undetermined"
    INELIGIBLE = "ineligible"
    NOT_APPLICABLE = "not_applicable"
    DRAFTS = "drafts"
    ASSUMPTIONS = "assumptions"
    WARNINGS = "warnings"
    CHANGES = "changes"
    CURVE = "curve"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence; ``figure`` is an amount beside it, ``of`` what stands below it."""

    text: Text
    tone: Tone = Tone.PLAIN
    figure: Text | None = None
    of: tuple[Line, ...] = ()

    def walk(self) -> Iterator[Line]:
        """Yield the line and every line below it, in the order they are read."""
        yield self
        for line in self.of:
            yield from line.walk()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under a title; ``title`` is ``None`` for the lines right below the headline."""

    part: Part
    title: Text | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A headline that says the outcome, then why.

    ``subject`` is the incentive's id for one decision, ``None`` for an assessment.
    """

    headline: Text
    tone: Tone
    blocks: tuple[Block, ...]
    subject: str | None = None

    def lines(self) -> Iterator[Line]:
        """Yield every line of every block, nested ones too."""
        for block in self.blocks:
            for line in block.lines:
                yield from line.walk()


def block(part: Part, title: Text | None, lines: list[Line]) -> tuple[Block, ...]:
    """Return a block, or nothing where there are no lines."""
    return (Block(part, title, tuple(lines)),) if lines else ()
