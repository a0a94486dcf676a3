"""Warnings about words: a text in one language only (W408), a quote its source lacks (W409)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.authoring.written import Written, read_written, tables, warning
from incentives.diagnostics import NO_NOTE, RulebookError
from incentives.rulebook.file_parts import Texts
from incentives.rulebook.files import RuleFile
from incentives.rulebook.toml import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from incentives.diagnostics import Finding
    from incentives.rulebook.model import Rules

OMISSION: Final = "……"
"""Stands in a quote for words left out."""


def one_language(files: Sequence[Written]) -> Iterator[Finding]:
    """Yield a warning for each text without English."""
    for file in files:
        for path, table in tables(file.model):
            if isinstance(table, Texts) and table.en is None:
                yield warning(
                    "W408",
                    ("this text is in Chinese only", "这段文字只有中文"),
                    (file.locator.span(path), NO_NOTE),
                    help=('write { zh = "…", en = "…" }', '写成 { zh = "…", en = "…" }'),
                )


def missing_quotes(files: Sequence[Written], sources: Path) -> Iterator[Finding]:
    """Yield a warning for each quote that is not in its document's source.

    Args:
        files: the rule files.
        sources: the directory with the documents' texts, each by the name that
            ``[document] source`` gives; a document whose text is not there is passed over.
    """
    for file in files:
        text = _text_of(file, sources)
        if text is None:
            continue
        for path, table in tables(file.model):
            quote = getattr(table, "quote", None)
            if quote is not None and not stands_in(quote, text):
                yield warning(
                    "W409",
                    ("this quote is not in the source", "原文中没有这段引文"),
                    (file.locator.span((*path, "quote")), ("not found", "没有找到")),
                    help=(
                        "copy the words of the document; mark an omission with ……",
                        "从原文复制；省略处写“……”",
                    ),
                )


def unread_texts(rules: Rules, sources: Path) -> tuple[tuple[str, str | None], ...]:
    """Return the documents that quote a text which is not at hand, each with its file's name."""
    unread = []
    for file in read_written(rules):
        if not isinstance(file.model, RuleFile) or _text_of(file, sources) is not None:
            continue
        if any(getattr(table, "quote", None) is not None for _, table in tables(file.model)):
            source = file.model.document.source
            unread.append((file.model.document.id, None if source is None else source.name))
    return tuple(unread)


def _text_of(file: Written, sources: Path) -> str | None:
    if not isinstance(file.model, RuleFile) or file.model.document.source is None:
        return None
    name = file.model.document.source.name
    path = sources / name
    if path.name != name or not path.is_file():
        return None
    try:
        return plain(read_source(path).text)
    except RulebookError:
        return None


def plain(text: str) -> str:
    """Return ``text`` without white space, page breaks and Markdown asterisks."""
    return "".join(char for char in text if char != "*" and not char.isspace())


def stands_in(quote: str, text: str) -> bool:
    """Say whether the parts of a quote stand in a plain text, in order."""
    at = 0
    for part in map(plain, quote.split(OMISSION)):
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
