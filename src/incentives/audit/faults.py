"""What is wrong with a paid list or with the profiles behind it, with file and cell named.

Codes E620 to E639 (``catalogue/audit.py``). A fault of the whole list is raised, and
nothing is audited; a fault of one row stays with that row, which then cannot be
checked and says why.
"""

from __future__ import annotations

from incentives.diagnostics import Finding, TableError

Both = tuple[str, str]


class AuditError(TableError):
    """The list cannot be read without guessing; holds every finding."""


class CellError(Exception):
    """One cell cannot be read: code, sentence in both languages, and a remedy."""

    def __init__(self, code: str, en: str, zh: str, help: Both | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.zh = zh
        self.help = help

    def at(self, place: str) -> Finding:
        """Return the finding that names the cell."""
        return finding(self.code, self.en, self.zh, place, self.help)


def finding(code: str, en: str, zh: str, place: str, help: Both | None = None) -> Finding:
    """Return a finding at a place such as ``paid.xlsx!C7``; ``help`` is (English, Chinese)."""
    remedy = help or (None, None)
    return Finding(code=code, message=en, zh=zh, fact=place, help=remedy[0], help_zh=remedy[1])
