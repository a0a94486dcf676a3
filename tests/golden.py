"""Expected texts that are too long for a test's own lines: sections of a file beside it.

A section begins with ``── name``. ``INCENTIVES_GOLDEN=write pytest …`` writes what the code
says now: read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from incentives.diagnostics import render

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from incentives.diagnostics import Finding

MARK = "── "
_QUOTED = re.compile(r"“[^”]*”|`[^`]*`|\"[^\"]*\"")
_LATIN_SENTENCE = re.compile(r"[A-Za-z]+(?:[ ,]+[A-Za-z]+){2}")


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


def check_both(path: Path, name: str, findings: Iterable[Finding]) -> str:
    """Compare findings with their sections in both languages; return the English text.

    The Chinese sections are in the file beside it: ``findings.txt``, ``findings.zh.txt``.
    """
    every = list(findings)
    english, chinese = ("\n\n".join(render(each, lang) for each in every) for lang in ("en", "zh"))
    check(path, name, english)
    check(path.with_suffix(".zh.txt"), name, chinese)
    speaks_chinese(every)
    return english


def speaks_chinese(findings: Iterable[Finding]) -> None:
    """Fail where a finding says in English what it should say in Chinese, or says nothing."""
    for finding in findings:
        assert bool(finding.help) == bool(finding.help_zh), finding
        assert all(bool(label.note) == bool(label.zh) for label in finding.labels), finding
        for text in (finding.zh, finding.help_zh, *(label.zh for label in finding.labels)):
            said = _QUOTED.sub("", text or "")
            assert not _LATIN_SENTENCE.search(said), (finding.code, text)
            assert text is None or text == "" or re.search("[一-鿿“]", text), (finding.code, text)
        assert re.search("[一-鿿]", finding.zh), finding


def check(path: Path, name: str, text: str) -> None:
    """Compare a text with its section, or write it when asked to."""
    known = sections(path)
    if os.environ.get("INCENTIVES_GOLDEN") == "write":
        known[name] = text
        parts = [f"{MARK}{key}\n{known[key]}\n" for key in sorted(known)]
        path.write_text("\n".join(parts), "utf-8")
        return
    assert text == known.get(name), f"section {name} of {path.name}"
