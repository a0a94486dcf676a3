"""Which entry of a rule file answers which catalogued clause.

Authors write the clause's id in the comment above an entry: ``# SZS-01``. A
comment line counts when it begins with an id; further ids of the same document
in that line count too. Above ``[document]`` it belongs to the document itself,
above a case to the incentive around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.rulebook.model import Rules

_ID: Final = re.compile(r"\b([A-Z]{2,4}[0-9]{0,2})-[0-9]{2}\b")
_FIRST: Final = re.compile(r"#+ *(?=[A-Z]{2,4}[0-9]{0,2}-[0-9]{2}\b)")
_TABLE: Final = re.compile(r"\[\[?([a-z]+)((?:\.[a-z]+)*)\]\]? *(?:#.*)?$")
_NAME: Final = re.compile(r"id *= *\"([^\"]+)\"")


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """A clause id and the entry it stands above; ``entry`` is empty for the document itself."""

    id: str
    document: str
    kind: str
    entry: str


def clauses(rules: Rules) -> list[Clause]:
    """Return every clause id that the rule files name, with its entry, sorted."""
    found: set[Clause] = set()
    for document in rules.documents.values():
        if document.span is not None:
            found |= set(_clauses(document.span.source.text, document.id))
    return sorted(found)


def _clauses(text: str, document: str) -> Iterator[Clause]:
    pending: list[str] = []
    waiting = False
    kind = entry = ""
    for line in text.splitlines():
        if _FIRST.match(line):
            ids = [(match[0], match[1]) for match in _ID.finditer(line)]
            pending += [name for name, prefix in ids if prefix == ids[0][1]]
            continue
        table = _TABLE.match(line)
        if table is not None and not table[2]:
            kind, entry = table[1], ""
            waiting = kind != "document"
        name = _NAME.match(line)
        if waiting and name is not None:
            entry, waiting = name[1], False
        if pending and (table is not None or name is not None) and not waiting:
            yield from (Clause(each, document, kind, entry) for each in pending)
            pending = []
