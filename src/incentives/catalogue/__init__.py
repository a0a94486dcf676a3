"""Every finding code: what it means, why it is refused, and how to mend it.

One entry for each code, in Chinese and English, with an example that causes the
finding and one that does not. ``incentives error CODE`` and the documentation
print these; findings themselves carry only the code.

The law kept here: a code never changes its meaning and is never used again
after its finding has gone (``tests/unit/test_catalogue.py``).

The trap: entries are for people who have never seen the program. Say what the
rule is for before saying how to write it.

Codes: E0xx the text of a file, E1xx its keys, E2xx what rules mean, E3xx
profiles, W4xx warnings to whoever writes rules, E5xx tables and workbooks,
E60x and E61x receipts, E62x and E63x
lists of payments, E7xx proofs about rules, E80x what has no columns.
"""

from __future__ import annotations

import re
from typing import Final

from incentives.catalogue import (
    columns,
    decisions,
    files,
    language,
    lint,
    payments,
    profiles,
    proofs,
    receipts,
    relations,
    sources,
    tables,
)
from incentives.catalogue.entry import Both, Entry

__all__ = ["CATALOGUE", "Both", "Entry", "nearest", "page_of"]

CATALOGUE: Final[dict[str, Entry]] = {
    item.code: item
    for part in (
        files,
        language,
        relations,
        profiles,
        lint,
        tables,
        sources,
        receipts,
        proofs,
        payments,
        decisions,
        columns,
    )
    for item in part.ENTRIES
}
"""The entries by code."""


def page_of(code: str) -> Entry | None:
    """Return the entry for ``code`` in any case, ``None`` if there is none."""
    return CATALOGUE.get(code.strip().upper())


def nearest(code: str) -> tuple[str, ...]:
    """Return up to three codes near ``code``: those it begins, else those next in number."""
    asked = code.strip().upper()
    begun = [known for known in CATALOGUE if known.startswith(asked)] if asked else []
    if begun or not re.fullmatch("[EW][0-9]{1,6}", asked):
        return tuple(begun[:3])
    same = [known for known in CATALOGUE if known[0] == asked[0]]
    return tuple(sorted(same, key=lambda known: abs(int(known[1:]) - int(asked[1:])))[:3])
