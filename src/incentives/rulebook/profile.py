"""A profile: the facts about one applicant, validated once and then trusted.

An absent fact is unknown: its record answers with an ``Unknown`` that names
the fact and its range. An absent list is unknown too; an empty list says that
there are none. Every fault of a profile is reported at once, each with its
fact path and, when it came from a file, its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import Finding, Label, ProfileError, Severity, Source, Span
from incentives.language.names import APPLICANT, EntitySpec, FactSpec
from incentives.rulebook.facts import FactError, quoted, read_fact
from incentives.rulebook.locate import KEY
from incentives.rulebook.profile_json import read_json
from incentives.rulebook.regions import doubted
from incentives.rulebook.toml import read_toml
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.rulebook.model import Vocabulary

MAX_ITEMS = 100_000
MAX_ERRORS = 100
Locate = Callable[[tuple[str | int, ...]], Span | None]


class Record(dict[Any, Any]):
    """The facts of one entity or item, by name, or (name, year) for series.

    A fact that was not stated answers with its ``Unknown``; nothing is stored.
    """

    __slots__ = ("exact", "path", "specs")

    def __init__(self, path: str, specs: Mapping[str, FactSpec], *, exact: bool = False) -> None:
        super().__init__()
        self.path = path
        self.specs = specs
        self.exact = exact

    def path_of(self, key: Any) -> str:
        """Return the path of a fact: ``applicant.revenue.2024``.

        With ``exact`` the record stands for any item of an unknown list, and
        every fact's path is the list itself.
        """
        if self.exact:
            return self.path
        if isinstance(key, tuple):
            return f"{self.path}.{key[0]}.{key[1]}"
        return f"{self.path}.{key}"

    def known(self) -> dict[Any, Any]:
        """Return the facts that have one value, in a plain dict."""
        return {key: value for key, value in self.items() if value.__class__ is not Unknown}

    def __missing__(self, key: Any) -> Unknown:
        name = key[0] if isinstance(key, tuple) else key
        return self.specs[name].unknown(self.path_of(key))


class Profile:
    """The facts about one applicant, checked against a vocabulary.

    Args:
        data: entities by name; lists of entities as lists of tables (LANGUAGE.md 4).
        vocabulary: what may be stated.
        allow_extra: facts that the vocabulary does not know become warnings.

    Raises:
        ProfileError: with every finding at once.
    """

    __slots__ = (
        "_by_path",
        "_known_facts",
        "data",
        "lists",
        "path",
        "records",
        "vocabulary",
        "warnings",
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        vocabulary: Vocabulary,
        *,
        allow_extra: bool = False,
        path: str = "",
        locate: Locate | None = None,
    ) -> None:
        reader = _Reader(vocabulary, allow_extra, locate or (lambda _: None))
        self.data = data
        self.vocabulary = vocabulary
        self.path = path
        try:
            self.records, self.lists = reader.read(data)
        except _EnoughError:
            reader.stop()
        errors = [item for item in reader.findings if item.severity is Severity.ERROR]
        if errors:
            raise ProfileError(errors)
        self.warnings: tuple[Finding, ...] = tuple(reader.findings)
        self._known_facts: dict[str, Any] | None = None
        self._by_path: dict[str, Record] | None = None

    @property
    def applicant(self) -> Record:
        """The facts of the applicant."""
        return self.records[APPLICANT]

    @staticmethod
    def stated_lengths(data: Mapping[str, Any]) -> dict[str, int]:
        """Return the length of each list that unread data states."""
        return {name: len(each) for name, each in data.items() if isinstance(each, list | tuple)}

    @property
    def lengths(self) -> dict[str, int]:
        """The length of each list; an unknown one counts as empty."""
        return {name: len(items or ()) for name, items in self.lists.items()}

    @property
    def known_facts(self) -> dict[str, Any]:
        """The known facts in plain dicts, for the quick path: an unknown one is absent."""
        if self._known_facts is None:
            found: dict[str, Any] = {name: record.known() for name, record in self.records.items()}
            for name, items in self.lists.items():
                found["[]" + name] = None if items is None else [item.known() for item in items]
            self._known_facts = found
        return self._known_facts

    def __repr__(self) -> str:
        name = self.applicant.get("name")
        return f"<Profile {name!r}>" if name else "<Profile>"

    def known(self) -> Iterator[tuple[str, Any]]:
        """Yield the path and value of every fact that is stated, bounds included."""
        for record in self.all_records():
            for key, value in record.items():
                yield record.path_of(key), value

    def after(self, day: date) -> tuple[Finding, ...]:
        """Return a warning for every date that is stated and lies after a day."""
        return tuple(
            Finding(
                code="E326",
                message=f"{value} lies after {day}, the date of assessment",
                zh=f"{value} 晚于评估日期 {day}",
                fact=path,
                severity=Severity.WARNING,
            )
            for path, value in self.known()
            if type(value) is date and value > day
        )

    def all_records(self) -> Iterator[Record]:
        """Yield the single records, then every item of every list."""
        yield from self.records.values()
        for items in self.lists.values():
            yield from items or ()

    def place(self, path: str) -> tuple[Record, Any] | None:
        """Return the record and the key of the fact at a path, ``None`` where there is no place."""
        if self._by_path is None:
            self._by_path = {record.path: record for record in self.all_records()}
        for at, sign in enumerate(path):
            record = self._by_path.get(path[:at]) if sign == "." else None
            if record is None:
                continue
            name, _, year = path[at + 1 :].partition(".")
            spec = record.specs.get(name)
            if spec is None or spec.series is not bool(year):
                continue
            if not year:
                return record, name
            if len(year) == 4 and year.isascii() and year.isdecimal():
                return record, (name, int(year))
        return None

    def with_facts(self, values: Mapping[str, Any]) -> Profile:
        """Return this profile with other values at some paths, as the engine holds them.

        Values are trusted: fen, dates, words, or an ``Unknown`` for a range; what
        was written (``data``) stays that of this profile.

        Raises:
            KeyError: the profile has no place for a path.
        """
        changed: dict[int, Record] = {}
        for path, value in values.items():
            found = self.place(path)
            if found is None:
                raise KeyError(path)
            record, key = found
            new = changed.get(id(record))
            if new is None:
                new = changed[id(record)] = Record(record.path, record.specs, exact=record.exact)
                new.update(record)
            new[key] = value
        return self.mapped(lambda record: changed.get(id(record), record))

    def mapped(self, change: Callable[[Record], Record]) -> Profile:
        """Return this profile with each of its records replaced by what ``change`` gives."""
        return self.holding(
            {name: change(record) for name, record in self.records.items()},
            {
                name: None if items is None else tuple(map(change, items))
                for name, items in self.lists.items()
            },
        )

    def holding(
        self, records: dict[str, Record], lists: dict[str, tuple[Record, ...] | None]
    ) -> Profile:
        """Return this profile with other ``records`` and ``lists``, which are trusted."""
        out = copy(self)
        out._known_facts = out._by_path = None  # noqa: SLF001 - its own
        out.records, out.lists = records, lists
        return out


class _Reader:
    """Reads the facts of one profile and collects what is wrong with it."""

    def __init__(self, vocabulary: Vocabulary, allow_extra: bool, locate: Locate) -> None:
        self.vocabulary = vocabulary
        self.allow_extra = allow_extra
        self.locate = locate
        self.findings: list[Finding] = []
        self.errors = 0

    def read(
        self, data: Mapping[str, Any]
    ) -> tuple[dict[str, Record], dict[str, tuple[Record, ...] | None]]:
        """Return the single records and the lists; what is wrong goes to ``findings``."""
        records: dict[str, Record] = {}
        lists: dict[str, tuple[Record, ...] | None] = {}
        if not isinstance(data, Mapping):
            self.report("E301", "a profile is a table of facts", "申报资料应为事实表", ())
            data = {}
        for name in data:
            if name not in self.vocabulary.entities:
                self.extra(_key(name), _key(name), [*self.vocabulary.entities], (name,))
        for name, entity in self.vocabulary.entities.items():
            raw = data.get(name)
            if entity.many:
                lists[name] = self.items(entity, raw)
            else:
                records[name] = self.record(entity, name, raw if raw is not None else {}, (name,))
        return records, lists

    def items(self, entity: EntitySpec, raw: Any) -> tuple[Record, ...] | None:
        """Read a list entity; ``None`` when nothing is said about it."""
        name = entity.name
        if raw is None:
            return None
        if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
            self.report(
                "E302",
                f"`{name}` is a list: write [[{name}]]",
                f"“{name}”是列表，请写 [[{name}]]",
                (name,),
                fact=name,
            )
            return None
        if len(raw) > MAX_ITEMS:
            self.report(
                "E303",
                f"`{name}` has more than {MAX_ITEMS} items",
                f"“{name}”超过 {MAX_ITEMS} 项",
                (name,),
                fact=name,
            )
            return None
        seen: dict[str, int] = {}
        items = []
        for index, item in enumerate(raw):
            key = item.get(entity.key) if entity.key and isinstance(item, Mapping) else None
            label = key if isinstance(key, str) and key else str(index + 1)
            path = f"{name}[{label}]"
            if isinstance(key, str) and key and key in seen:
                self.report(
                    "E304",
                    f"items {seen[key] + 1} and {index + 1} of `{name}` have"
                    f' the same {entity.key} "{key}"',
                    f"“{name}”第{seen[key] + 1}项与第{index + 1}项的 {entity.key} 同为“{key}”",
                    (name, index, entity.key or ""),
                    fact=path,
                    help=("keep one, or correct the number", "请保留一项，或更正编号"),
                )
            elif isinstance(key, str):
                seen[key] = index
            items.append(self.record(entity, path, item, (name, index)))
        return tuple(items)

    def record(
        self, entity: EntitySpec, path: str, raw: Any, place: tuple[str | int, ...]
    ) -> Record:
        """Read one table of facts."""
        specs = self.vocabulary.specs[entity.name]
        record = Record(path, specs)
        if not isinstance(raw, Mapping):
            self.report(
                "E301", f"`{path}` is a table of facts", f"“{path}”应为事实表", place, fact=path
            )
            return record
        for name, value in raw.items():
            spec = specs.get(name)
            if spec is None:
                self.extra(f"{path}.{_key(name)}", _key(name), [*specs], (*place, name))
            elif spec.series:
                self.series(record, spec, value, (*place, name))
            else:
                self.fact(record, spec, name, value, (*place, name))
        return record

    def series(
        self, record: Record, spec: FactSpec, raw: Any, place: tuple[str | int, ...]
    ) -> None:
        """Read a fact with one value a year."""
        if raw is None:
            return
        if not isinstance(raw, Mapping):
            path = f"{record.path}.{spec.name}"
            self.report(
                "E305",
                "this fact has one value a year",
                "此项按年填写",
                place,
                fact=path,
                help=(f"write {spec.name} = {{ 2024 = … }}", f"请写 {spec.name} = {{ 2024 = … }}"),
            )
            return
        for key, value in raw.items():
            text = _key(key)
            if len(text) != 4 or not (text.isdecimal() and text.isascii()):
                en, zh = f"`{text[:40]}` is not a year", f"“{text[:40]}”不是年份"
            elif (spec.name, int(text)) in record:  # a mapping can hold 2024 and "2024"
                en, zh = f"the year {text} stands twice", f"{text}年填写了两次"
            else:
                self.fact(record, spec, (spec.name, int(text)), value, (*place, key))
                continue
            path = f"{record.path}.{spec.name}"
            self.report("E306", en, zh, (*place, key), fact=path)

    def fact(
        self, record: Record, spec: FactSpec, key: Any, raw: Any, place: tuple[str | int, ...]
    ) -> None:
        """Read one fact; what is unknown without bounds is left out."""
        try:
            if raw is not None and raw != "":
                value = record[key] = read_fact(spec, raw, record.path_of(key))
                if spec.type.kind is Kind.REGION:
                    self.region(value, record.path_of(key), place)
        except FactError as error:
            self.report(
                error.code, error.en, error.zh, place, fact=record.path_of(key), help=error.help
            )

    def region(self, code: str, path: str, place: tuple[str | int, ...]) -> None:
        """Warn of a region code given up, or one that can hardly be right."""
        found = doubted(code, self.vocabulary.regions)
        if found is not None:
            which, (en, zh) = found
            self.report(which, en, zh, place, fact=path, severity=Severity.WARNING)

    def extra(self, path: str, name: str, known: list[str], place: tuple[str | int, ...]) -> None:
        """Report a fact that the vocabulary does not know."""
        help = None
        if name in self.vocabulary.entities:
            help = (
                f"`{name}` is no fact but a table of its own: write it above every [table]",
                f"“{name}”不是一项事实，而是独立的表：请写在文件最上方、所有 [表名] 之前",
            )
        elif len(self.findings) < MAX_ERRORS and (near := get_close_matches(name[:100], known, 1)):
            help = (f"did you mean `{near[0]}`?", f"是否应为“{near[0]}”？")
        self.report(
            "E307",
            "the vocabulary has no such fact",
            "没有这一项",
            place,
            fact=path,
            help=help,
            severity=Severity.WARNING if self.allow_extra else Severity.ERROR,
            key=True,
        )

    def report(
        self,
        code: str,
        en: str,
        zh: str,
        place: tuple[str | int, ...],
        *,
        fact: str | None = None,
        help: tuple[str, str] | None = None,
        severity: Severity = Severity.ERROR,
        key: bool = False,
    ) -> None:
        """Keep a finding about a value, or its key, with its line when it came from a file."""
        span = self.locate((*place, KEY) if key else place)
        self.findings.append(
            Finding(
                code=code,
                message=_writable(en),
                zh=_writable(zh),
                labels=(Label(span),) if span else (),
                help=help[0] if help else None,
                help_zh=help[1] if help else None,
                fact=None if fact is None else _writable(fact),
                severity=severity,
            )
        )
        self.errors += severity is Severity.ERROR
        if self.errors == MAX_ERRORS:
            raise _EnoughError

    def stop(self) -> None:
        """Say that reading ended early."""
        en = f"{MAX_ERRORS} faults are shown; there may be more"
        zh = f"只列出前{MAX_ERRORS}处问题，可能还有"
        self.findings.append(Finding(code="E329", message=en, zh=zh))


class _EnoughError(Exception):
    """There are more faults than anybody reads at once."""


def _key(name: Any) -> str:
    """Return a key as text, whatever a mapping holds for one."""
    return name if isinstance(name, str) else quoted(name)


def _writable(text: str) -> str:
    """Return text that any file or terminal takes: half characters of JSON are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def parse_profile(source: Source) -> tuple[dict[str, Any], Locate | None]:
    """Return the data of a profile text, TOML or (by its name) JSON, and where each key stands.

    Raises:
        ProfileError: the text is not well formed.
    """
    if source.path.endswith(".json"):
        return read_json(source), None
    data, locator, findings = read_toml(source, profile=True)
    if data is None or findings:
        raise ProfileError(findings)
    return data, locator.place
