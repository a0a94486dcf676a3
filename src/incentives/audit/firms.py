"""The facts about the firms that were paid: profiles by credit code, each with its origin.

From TOML and JSON files, one firm each, or from tables (``firm_tables``). A firm without
a code is found by its name alone, and only by a payment that has no code either.

The law kept: two profiles for one code are refused with both places, never merged and
never the last one taken. A profile with faults is kept, and says so where it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.faults import AuditError, finding
from incentives.diagnostics import ProfileError, RulebookError
from incentives.rulebook.profile import Profile, parse_profile
from incentives.rulebook.toml import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from incentives.diagnostics import Finding, Span
    from incentives.rulebook.model import Vocabulary

TABLES: Final = {".csv", ".tsv", ".xlsx", ".xlsm", ".parquet"}
PROFILES: Final = {".toml", ".json"}


@dataclass(slots=True)
class Firm:
    """One firm's facts as they were given, and where each of them stands.

    ``locate`` says it of a path of keys such as ``("contract", 0, "paid")``.
    """

    code: str | None
    name: str | None
    data: Mapping[str, Any]
    source: str
    locate: Callable[[tuple[str | int, ...]], Span | None] | None = None
    allow_extra: bool = False
    from_table: bool = False
    findings: tuple[Finding, ...] = ()
    _profile: Profile | None = field(default=None, repr=False)

    def place_of(self, keys: tuple[str | int, ...]) -> str:
        """Return where a fact stands: file and line, or file and cell; else the file."""
        span = self.locate(keys) if self.locate is not None else None
        if span is None:
            return self.source
        place = span.source.path
        return place if self.from_table else f"{place}:{span.line_and_column()[0]}"

    @property
    def key(self) -> str:
        """The credit code, or the name of a firm without one."""
        return self.code or self.name or ""

    def profile(self, vocabulary: Vocabulary) -> Profile:
        """Return the checked facts.

        Raises:
            ProfileError: with every finding, each with its place.
        """
        if self.findings:
            raise ProfileError(self.findings)
        if self._profile is None:
            self._profile = Profile(
                self.data,
                vocabulary,
                allow_extra=self.allow_extra,
                path=self.source,
                locate=self.locate,
            )
        return self._profile

    def forget(self) -> None:
        """Let go of the checked facts; of a hundred thousand firms one is looked at a time."""
        self._profile = None


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms by credit code, and by name those that have none."""

    by_code: Mapping[str, Firm]
    by_name: Mapping[str, Firm]

    def find(self, code: str | None, name: str | None) -> Firm | None:
        """Return the firm of a payment: by its code; by its name only where it has no code."""
        if code is not None:
            return self.by_code.get(code)
        return None if name is None else self.by_name.get(name)

    def __iter__(self) -> Iterator[Firm]:
        yield from self.by_code.values()
        yield from (firm for firm in self.by_name.values() if firm.code is None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def is_table(text: str) -> bool:
    """Say whether ``read_firms`` reads it as a table: by its name, or as ``entity=FILE``."""
    _, mark, rest = text.partition("=")
    return bool(mark) or Path(rest or text).suffix.lower() in TABLES


def read_firms(
    paths: Iterable[str], vocabulary: Vocabulary, *, encoding: str | None = None,
    allow_extra: bool = False,
) -> Firms:  # fmt: skip
    """Read profiles: files, directories of them, and tables (``contract=FILE`` for items).

    Raises:
        AuditError: two profiles for one code, a table whose columns mean nothing.
        ProfileError: a file that is no TOML or JSON.
        OSError: a file cannot be read.
    """
    from incentives.audit.firm_tables import read_tables

    found: list[Firm] = []
    tables: list[tuple[str | None, Path]] = []
    for text in paths:
        entity, mark, rest = text.partition("=")
        path = Path(rest if mark else text)
        if is_table(text):
            tables.append((entity if mark else None, path))
        elif path.is_dir():
            inner = sorted(each for each in path.iterdir() if each.suffix.lower() in PROFILES)
            found += [_from_file(each, allow_extra=allow_extra) for each in inner]
        else:
            found.append(_from_file(path, allow_extra=allow_extra))
    if tables:
        found += read_tables(tables, vocabulary, encoding=encoding, allow_extra=allow_extra)
    return gather(found)


def gather(firms: Iterable[Firm]) -> Firms:
    """Return the firms by code and name.

    Raises:
        AuditError: two of one code, or without a code two of one name (E631).
    """
    by_code: dict[str, Firm] = {}
    names: dict[str, list[Firm]] = {}
    problems = []
    for firm in firms:
        if firm.code is not None:
            if firm.code in by_code:
                problems.append(_twice(firm.code, by_code[firm.code], firm))
            by_code.setdefault(firm.code, firm)
        if firm.name is not None:
            names.setdefault(firm.name, []).append(firm)
    for name, several in names.items():
        without = [firm for firm in several if firm.code is None]
        if len(without) > 1:
            problems.append(_twice(name, *without[:2]))
    if problems:
        raise AuditError(problems[:100])
    return Firms(by_code, {name: each[0] for name, each in names.items() if len(each) == 1})


def _from_file(path: Path, *, allow_extra: bool) -> Firm:
    try:
        source = read_source(path)
    except RulebookError as error:
        raise ProfileError(error.findings) from None
    data, locate = parse_profile(source)
    applicant = data.get("applicant")
    facts = applicant if isinstance(applicant, dict) else {}
    code, name = _text(facts.get("uscc")), _text(facts.get("name"))
    return Firm(code, name, data, str(path), locate, allow_extra)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _twice(key: str, first: Firm, second: Firm) -> Finding:
    one, two = first.place_of(("applicant",)), second.place_of(("applicant",))
    return finding(
        "E631",
        f"{key} has two profiles: {one} and {two}",
        f"{key} 有两份资料：{one} 和 {two}",
        second.source,
        ("keep the one that is right", "请保留正确的一份"),
    )
