"""Taking a key or a table out of a rule file, and nothing else: comments stay.

What cannot be taken out by itself (a dotted key, a table that holds comments)
gives no edits: a person decides what becomes of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from incentives.authoring.tokens import Kind, tokens
from incentives.diagnostics import Edit, Span

if TYPE_CHECKING:
    from incentives.authoring.written import Path, Written

_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")
_END: Final = re.compile(r"[ \t]*(#[^\n]*)?(?:\n|\Z)")
_COMMA_AFTER: Final = re.compile(r"[ \t]*,[ \t]*")
_COMMA_BEFORE: Final = re.compile(r"[ \t]*,[ \t]*\Z")


def without_key(file: Written, path: Path) -> tuple[Edit, ...]:
    """Return the edits that take a key and its value out: its line, or its part of one."""
    text = file.source.text
    key, value = file.locator.key_span(path), file.locator.span(path)
    if _EQUALS.fullmatch(text, key.end, value.start) is None:
        return ()  # a header, or a dotted key
    if _has_comment(text[value.start : value.end]):
        return ()
    begin = text.rfind("\n", 0, key.start) + 1
    before = text[begin : key.start]
    end = _END.match(text, value.end)
    if not before.strip() and end is not None:
        last = end.start(1) if end[1] else end.end()
        return (Edit(Span(file.source, begin, last), ""),)
    after = _COMMA_AFTER.match(text, value.end)
    if after is not None:
        return (Edit(Span(file.source, key.start, after.end()), ""),)
    comma = _COMMA_BEFORE.search(before)
    if comma is not None:
        return (Edit(Span(file.source, begin + comma.start(), value.end), ""),)
    only = before.rstrip().endswith("{") and text[value.end :].lstrip(" \t").startswith("}")
    return (Edit(Span(file.source, key.start, value.end), ""),) if only else ()


def without_table(file: Written, path: Path) -> tuple[Edit, ...]:
    """Return the edit that takes a whole ``[[table]]`` out, if it holds no comment."""
    text, place = file.source.text, file.locator.extent(path)
    begin = text.rfind("\n", 0, place.start) + 1
    end = _END.match(text, place.end)
    inside = text[begin : place.end]
    headed = text.startswith("[", place.start) and not text[begin : place.start].strip()
    alone = headed and file.locator.is_whole(path) and not _has_comment(inside)
    if not alone or end is None or end[1]:
        return ()
    last = end.end()
    if text[last : last + 1] == "\n" and (begin == 0 or text[:begin].endswith("\n\n")):
        last += 1  # the blank line that set it apart
    return (Edit(Span(file.source, begin, last), ""),)


def _has_comment(text: str) -> bool:
    return any(token.kind is Kind.COMMENT for token in tokens(text))
