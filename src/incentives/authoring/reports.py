"""Findings for programs: JSON, SARIF 2.1.0, and the commands of a forge's build log.

Texts are those of one language; whoever calls has chosen it (``findings`` whose
``zh`` is filled say so in Chinese). Lines and columns count from 1, columns in
characters (code points), as everywhere in this library.

Sources: SARIF 2.1.0, OASIS standard of 27 March 2020 with errata 01; "Workflow
commands for GitHub Actions", for what has to be escaped in ``::warning …``.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from incentives.catalogue import CATALOGUE
from incentives.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.diagnostics import Edit, Finding, Label, Span

FORMAT: Final = "incentives/findings/1"
SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_data(findings: Sequence[Finding], lang: str) -> dict[str, Any]:
    """Return findings as JSON data (``incentives/findings/1``)."""
    return {"format": FORMAT, "findings": [_finding(finding, lang) for finding in findings]}


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    entry = CATALOGUE.get(finding.code)
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "title": None if entry is None else {"zh": entry.title.zh, "en": entry.title.en},
        "message": message(finding, lang),
        "help": remedy(finding, lang),
        "places": [
            {"path": label.span.source.path, **region(label.span), "note": note(label, lang)}
            for label in finding.labels
        ],
        "edits": [
            {"path": edit.span.source.path, **region(edit.span), "text": edit.text}
            for edit in finding.edits
        ],
    }


def message(finding: Finding, lang: str) -> str:
    """Return the sentence of a finding, with its fact where it has one."""
    said = finding.zh if lang == "zh" else finding.message
    return f"{finding.fact}: {said}" if finding.fact else said


def remedy(finding: Finding, lang: str) -> str | None:
    """Return what to do about a finding."""
    return finding.help_zh if lang == "zh" else finding.help


def note(label: Label, lang: str) -> str:
    """Return what is said about a place."""
    return label.zh if lang == "zh" else label.note


def region(span: Span) -> dict[str, int]:
    """Return where a span begins and ends; the end is the place after the last character."""
    line, column = span.line_and_column()
    inside = span.source.text[span.start : span.end]
    breaks = inside.count("\n")
    end = len(inside) - inside.rfind("\n") if breaks else column + len(inside)
    return {"line": line, "column": column, "end_line": line + breaks, "end_column": end}


# ── SARIF ────────────────────────────────────────────────────────────────────


def as_sarif(findings: Sequence[Finding], lang: str, version: str) -> dict[str, Any]:
    """Return findings as a SARIF 2.1.0 log of one run."""
    codes = sorted({finding.code for finding in findings})
    return {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "incentives",
                        "version": version,
                        "language": {"zh": "zh-CN"}.get(lang, "en"),
                        "rules": [_rule(code, lang) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes, lang) for finding in findings],
            }
        ],
    }


def _rule(code: str, lang: str) -> dict[str, Any]:
    entry = CATALOGUE[code]
    level = "warning" if code.startswith("W") else "error"
    return {
        "id": code,
        "shortDescription": {"text": getattr(entry.title, lang)},
        "fullDescription": {"text": getattr(entry.why, lang)},
        "help": {"text": getattr(entry.remedy, lang)},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Finding, codes: Sequence[str], lang: str) -> dict[str, Any]:
    help = remedy(finding, lang)
    text = message(finding, lang)
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": "error" if finding.severity is Severity.ERROR else "warning",
        "message": {"text": f"{text}\n{help}" if help else text},
    }
    if finding.labels:
        first, *others = finding.labels
        found["locations"] = [_location(first, lang)]
        if others:
            found["relatedLocations"] = [_location(label, lang) for label in others]
    if finding.edits:
        found["fixes"] = [{"artifactChanges": _changes(finding.edits)}]
    return found


def _location(label: Label, lang: str) -> dict[str, Any]:
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(label.span.source.path)},
            "region": _region(label.span),
        }
    }
    said = note(label, lang)
    return {**place, "message": {"text": said}} if said else place


def _region(span: Span) -> dict[str, int]:
    found = region(span)
    return {
        "startLine": found["line"],
        "startColumn": found["column"],
        "endLine": found["end_line"],
        "endColumn": found["end_column"],
    }


def _changes(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    paths = dict.fromkeys(edit.span.source.path for edit in edits)
    return [
        {
            "artifactLocation": {"uri": uri(path)},
            "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                for edit in edits
                if edit.span.source.path == path
            ],
        }
        for path in paths
    ]


def uri(path: str) -> str:
    """Return a path as a URI reference: relative paths stay relative."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())


# ── commands of a build log ──────────────────────────────────────────────────


def as_commands(findings: Sequence[Finding], lang: str) -> str:
    """Return one line for each finding that GitHub Actions shows at its place."""
    return "\n".join(_command(finding, lang) for finding in findings)


def _command(finding: Finding, lang: str) -> str:
    help = remedy(finding, lang)
    text = message(finding, lang)
    properties: dict[str, Any] = {}
    if finding.labels:
        span = finding.labels[0].span
        found = region(span)
        properties |= {"file": span.source.path, "line": found["line"]}
        properties["endLine"] = found["end_line"]
        if found["line"] == found["end_line"]:  # columns count within one line only
            properties |= {"col": found["column"], "endColumn": found["end_column"]}
    properties["title"] = finding.code
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{finding.severity} {shown}::{_data(f'{text}{chr(10)}{help}' if help else text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
