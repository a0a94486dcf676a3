"""Markdown for generated pages: tables whose cells hold any text, in two languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from incentives.language.core import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.rulebook.model import Period

_MARKS: Final = re.compile(r"([\\`*_\[\]|])")
_KEY: Final = re.compile(r"\[[^\]]*\]")


def cell(text: str | None) -> str:
    """Return a text that means only itself inside a table cell."""
    plain = " ".join((text or "").split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", plain)


def code(text: str | None) -> str:
    """Return a text as code, safe inside a table cell."""
    plain = " ".join((text or "").split()).replace("`", "'").replace("|", "\\|")
    return f"`{plain}`" if plain else ""


def row(*cells: str) -> str:
    """Return a row of a table; the cells are Markdown already."""
    return f"| {' | '.join(cells)} |"


def table(head: Iterable[str], rows: Iterable[str]) -> list[str]:
    """Return the lines of a table."""
    names = list(head)
    return [row(*names), row(*["---"] * len(names)), *rows]


def both_lines(title: str, text: Text) -> str:
    """Return a row with a text in both languages."""
    return row(title, cell(text.zh), cell(text.get("en")))


def joined(text: Text, by: str = "<br>") -> str:
    """Return both languages in one cell."""
    zh, en = cell(text.zh), cell(text.get("en"))
    return zh if zh == en else f"{zh}{by}{en}"


def period_text(period: Period) -> Text:
    """Return the days that something holds, in words."""
    since = None if period.since is None else period.since.isoformat()
    until = None if period.until is None else period.until.isoformat()
    if since is None and until is None:
        return Text("未载明", "not stated")
    zh = f"{since or '（起始未载明）'}至{until or '（截止未载明）'}"
    return Text(zh, f"{since or '(not stated)'} to {until or '(not stated)'}")


def place_of(path: str) -> str:
    """Return a fact path without the item it was taken from."""
    return _KEY.sub("", path, count=1)
