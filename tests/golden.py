"""Expected texts that are too long for a test's own lines: sections of a file beside it.

A section begins with ``── name``. ``INCENTIVES_GOLDEN=write pytest …`` writes what the code
says now: read the difference before it is committed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MARK = "── "


def sections(path: Path) -> dict[str, str]:
    """Return the text of every section by name."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if line.startswith(MARK):
            current = found.setdefault(line.removeprefix(MARK), [])
        else:
            current.append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def check(path: Path, name: str, text: str) -> None:
    """Compare a text with its section, or write it when asked to."""
    known = sections(path)
    if os.environ.get("INCENTIVES_GOLDEN") == "write":
        known[name] = text
        parts = [f"{MARK}{key}\n{known[key]}\n" for key in sorted(known)]
        path.write_text("\n".join(parts), "utf-8")
        return
    assert text == known.get(name), f"section {name} of {path.name}"
