"""The second clock: what was published later is as if it were not there (LANGUAGE.md 5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def announced(document: Any, entry: Any) -> date:
    """Return the day by which an entry is published: its own, the document's, or its start."""
    own = entry.get("published") or document.get("published")
    start = entry.get("effective", {}).get("from") or document.get("effective", {}).get("from")
    return own or start or date.min


def told(effective: Any, known: date | None) -> Any:
    """Return a period without an end that was announced after `known`."""
    if known is None or effective.get("until_published", date.min) <= known:
        return effective
    return {name: one for name, one in effective.items() if name == "from"}


def in_hand(document: Any, entries: Any, known: date | None) -> list[Any]:
    """Return the entries published by `known`, no end put off beyond the next one's start."""
    if known is None:
        return list(entries)
    start = document["effective"].get("from", date.min)
    kept = [one for one in entries if announced(document, one) <= known]
    found = []
    for one in kept:
        effective = one.get("effective", {})
        period = told(effective, known)
        later = [other["effective"]["from"] for other in kept
                 if other["id"] == one["id"] and "from" in other.get("effective", {})
                 and other["effective"]["from"] > effective.get("from", start)]  # fmt: skip
        if period != effective and later:
            last = min(later) - timedelta(days=1)
            period = {**period, "until": min(last, document["effective"].get("until", last))}
        found.append({**one, "effective": period})
    return found
