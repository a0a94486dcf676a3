"""Places, findings and the library's exceptions.

A finding is data: a stable code, one sentence, the places it points at and,
where we know one, a remedy. Rendering is separate, so the command line, a
service and an editor show the same finding each in its own form.

The law kept here: a finding's code never changes its meaning
(``catalogue.py`` holds one entry per code). Imports nothing from this
package; every other module may import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Pair: TypeAlias = tuple[str, str]
"""What is said in English, and the same in Chinese."""

NO_NOTE: Final[Pair] = ("", "")
"""A place that needs no words of its own."""


class Severity(StrEnum):
    """Errors stop a load; warnings are for whoever writes rules."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its display path and its whole text.

    ``cell`` is set for a cell of a workbook (``申报主体!C7``), whose text it then is.
    """

    path: str
    text: str = field(repr=False)
    cell: str = ""

    def line(self, number: int) -> str:
        """Return the 1-based line ``number`` without its line end."""
        lines = self.text.split("\n")
        return lines[number - 1] if 0 < number <= len(lines) else ""


class Span:
    """Characters ``start`` up to, not including, ``end`` of one source.

    Either the two ends, or a function that finds them when somebody looks:
    most places of a rulebook are never shown.
    """

    __slots__ = ("_ends", "_find", "source")

    def __init__(
        self,
        source: Source,
        start: int = 0,
        end: int = 0,
        *,
        find: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        self.source = source
        self._ends = (start, end) if find is None else None
        self._find = find

    @property
    def ends(self) -> tuple[int, int]:
        """The first character, and the one after the last."""
        if self._ends is None:
            self._ends = self._find() if self._find is not None else (0, 0)
        return self._ends

    @property
    def start(self) -> int:
        """The first character."""
        return self.ends[0]

    @property
    def end(self) -> int:
        """The character after the last."""
        return self.ends[1]

    def line_and_column(self) -> tuple[int, int]:
        """Return the 1-based line and column (in characters) of the first character."""
        before = self.source.text[: self.start]
        return before.count("\n") + 1, self.start - (before.rfind("\n") + 1) + 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        return (self.source, self.ends) == (other.source, other.ends)

    def __hash__(self) -> int:
        return hash((self.source.path, self.ends))

    def __reduce__(self) -> tuple[type[Span], tuple[Source, int, int]]:
        return Span, (self.source, *self.ends)

    def __str__(self) -> str:
        if self.source.cell:
            return f"{self.source.path} {self.source.cell}"
        line, column = self.line_and_column()
        return f"{self.source.path}:{line}:{column}"

    def __repr__(self) -> str:
        return f"Span({self.source.path!r}, {self.start}, {self.end})"


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a source file and what is to be said about it, in English and in Chinese."""

    span: Span
    note: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A mechanical remedy: ``text`` in the place of what stands in ``span``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a rule file or a profile.

    ``fact`` is the fact path (``applicant.revenue.2024``) for findings about a
    profile; ``labels`` are empty when the profile did not come from a file.
    Every finding speaks English (``message``, ``help``) and Chinese (``zh``, ``help_zh``):
    applicants and policy officers read them.
    ``edits`` mend what was found where that takes no judgement (``incentives rules
    lint --fix``); empty where a person must decide.
    """

    code: str
    message: str
    zh: str
    labels: tuple[Label, ...] = ()
    help: str | None = None
    help_zh: str | None = None
    fact: str | None = None
    severity: Severity = Severity.ERROR
    edits: tuple[Edit, ...] = ()


def fault(
    code: str,
    message: Pair,
    *labels: Label,
    help: Pair | None = None,
    edits: tuple[Edit, ...] = (),
) -> Finding:
    """Return an error of a rule file; texts are pairs, English and Chinese."""
    en, zh = help or (None, None)
    return Finding(
        code=code,
        message=message[0],
        zh=message[1],
        labels=labels,
        help=en,
        help_zh=zh,
        edits=edits,
    )


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of their files and places, each once; first those without."""

    def place(finding: Finding) -> tuple[str, int]:
        if not finding.labels:
            return "", 0
        span = finding.labels[0].span
        return span.source.path, span.start

    return sorted(dict.fromkeys(findings), key=place)


class IncentivesError(Exception):
    """Base of every exception that this library raises on purpose."""


class FindingsError(IncentivesError):
    """An input has errors and nothing was done with it; holds every finding."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n\n".join(render(finding) for finding in self.findings)

    def __reduce__(self) -> tuple[type[FindingsError], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)


class RulebookError(FindingsError):
    """The rule files have errors and nothing was loaded."""


class ProfileError(FindingsError):
    """The profile has errors and nothing was assessed."""


class TableError(FindingsError):
    """A table or workbook has errors and nothing was taken from it."""


class UnknownIncentiveError(IncentivesError, KeyError):
    """An id names no incentive of the rulebook; the message offers the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


class MissingExtraError(IncentivesError, ImportError):
    """An optional package is not installed; the message has the install command.

    Args:
        what: what needs it, in English and in Chinese ("writing .xlsx", "写出 .xlsx").
        package: the package.
        extra: the extra of ours that installs it.
    """

    def __init__(self, what: Pair, package: str, extra: str) -> None:
        command = f"pip install 'incentives[{extra}]'"
        self.zh = f"{what[1]}需要安装 {package}：{command}"
        super().__init__(f"{what[0]} needs {package}: {command}")


class InternalError(IncentivesError):
    """An invariant of the library does not hold: a fault of ours, never of the input."""


_WORDS = {
    "en": {"error": "error", "warning": "warning", "help": "help"},
    "zh": {"error": "错误", "warning": "提示", "help": "办法"},
}


def render(finding: Finding, lang: str = "en") -> str:
    """Format a finding as plain text: sentence, one excerpt per place, remedy."""
    words = _WORDS[lang]
    chinese = lang == "zh"
    message = finding.zh if chinese else finding.message
    remedy = finding.help_zh if chinese else finding.help
    head = f"{words[finding.severity]}[{finding.code}]"
    out = [f"{head}: {finding.fact}: {message}" if finding.fact else f"{head}: {message}"]
    for label in finding.labels:
        out += _excerpt(label, label.zh if chinese else label.note)
    if remedy:
        out.append(f"   = {words['help']}: {remedy}")
    return "\n".join(out)


def _excerpt(label: Label, note: str) -> list[str]:
    line, column = label.span.line_and_column()
    source = label.span.source.line(line)
    length = label.span.end - label.span.start
    caret = "^" * max(1, min(_width(source[column - 1 : column - 1 + length]), 100))
    shown = source if len(source) <= 200 else source[:199] + "…"
    return [
        f"  --> {label.span}",
        f"   | {shown}",
        f"   | {' ' * _width(source[: column - 1])}{caret} {note}".rstrip(),
    ]


def _width(text: str) -> int:
    """Terminal cells of ``text``: carets must stand under wide characters too."""
    return sum(2 if "\u2e80" <= char <= "\uffef" and char != "\ufeff" else 1 for char in text)
