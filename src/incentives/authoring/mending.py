"""The remedies that take no judgement, applied to rule files (``rules lint --fix``).

Findings carry their own edits (``diagnostics.Edit``); here they are applied, and
the files are read again until nothing more can be mended. Misspelt keys with one
near name, full-width and invisible characters, dates and truth values in
quotation marks; parameters and definitions that nothing uses.

The laws kept here (``tests/property/test_layout.py``): where the rules could be
loaded before, they load after and mean the same (one digest); only the spans of
edits change; a file that is no TOML in the end is left as it was.

No disk is touched: texts come in and go out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incentives.authoring.unused import unused
from incentives.authoring.written import read_written
from incentives.diagnostics import RulebookError, Source
from incentives.rulebook.digest import meaning_digest
from incentives.rulebook.load import build_rules
from incentives.rulebook.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incentives.diagnostics import Edit, Finding

MAX_ROUNDS: Final = 50
MAX_SLIPS: Final = 1000
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Mended:
    """What was mended: the findings, and the texts that changed by path (before, after)."""

    findings: tuple[Finding, ...]
    changed: Mapping[str, tuple[str, str]]


def mend(sources: Iterable[Source]) -> Mended:
    """Apply every edit that the findings of these files carry; see the module's laws."""
    before = {source.path: source.text for source in sources}
    texts = dict(before)
    done: list[Finding] = []
    broken = set()
    for path, text in before.items():
        mended = _as_toml(path, text)
        if mended is None:
            broken.add(path)
        else:
            texts[path], found = mended
            done += found
    for _ in range(MAX_ROUNDS):
        findings, meaning = _look(texts)
        ready = [
            finding
            for finding in findings
            if finding.edits and finding.edits[0].span.source.path not in broken
        ]
        after, applied = _round(texts, ready, meaning)
        if not applied:
            break
        texts = after
        done += applied
    changed = {path: (before[path], texts[path]) for path in sorted(before)}
    return Mended(tuple(done), {path: pair for path, pair in changed.items() if pair[0] != pair[1]})


def _as_toml(path: str, text: str) -> tuple[str, list[Finding]] | None:
    """Return a text with what keeps it from being TOML mended: a reader stops at the first.

    ``None`` when that does not make it TOML.
    """
    now = text
    done: list[Finding] = []
    for _ in range(MAX_SLIPS):
        data, _, findings = read_toml(Source(path, now))
        ready = [finding for finding in findings if finding.edits]
        if data is not None:
            return now, done
        after, applied = _applied({path: now}, ready)
        if not applied:
            break
        now = after[path]
        done += applied
    return None


def _look(texts: Texts) -> tuple[Sequence[Finding], str | None]:
    """Return what can be found fast, and what the rules mean if they load."""
    try:
        rules = build_rules(Source(path, text) for path, text in sorted(texts.items()))
    except RulebookError as error:
        return error.findings, None
    return tuple(unused(rules, read_written(rules))), meaning_digest(rules)


def _round(
    texts: Texts, ready: Sequence[Finding], meaning: str | None
) -> tuple[Texts, list[Finding]]:
    """Return the texts after one round: all findings at once, or else those that may be."""
    after, applied = _applied(texts, ready)
    if meaning is None or not applied or _look(after)[1] == meaning:
        return after, applied
    for finding in ready:  # one of them may be needed by what stays
        after, applied = _applied(texts, [finding])
        if applied and _look(after)[1] == meaning:
            return after, applied
    return texts, []


def _applied(texts: Texts, findings: Sequence[Finding]) -> tuple[Texts, list[Finding]]:
    taken: dict[str, list[Edit]] = {}
    applied = []
    for finding in findings:
        clash = any(
            _overlap(edit, other)
            for edit in finding.edits
            for other in taken.get(edit.span.source.path, ())
        )
        if not clash:
            applied.append(finding)
            for edit in finding.edits:
                taken.setdefault(edit.span.source.path, []).append(edit)
    after = {**texts, **{path: edited(texts[path], edits) for path, edits in taken.items()}}
    return after, applied


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits applied that do not overlap."""
    for edit in sorted(edits, key=lambda each: each.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _overlap(one: Edit, other: Edit) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end
