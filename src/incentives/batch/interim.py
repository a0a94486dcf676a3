"""Tables as mappings, row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from incentives.batch.workers import Case
from incentives.language.names import APPLICANT
from incentives.tabular.read import read_sheet
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from incentives.rulebook.model import Vocabulary


@dataclass(frozen=True, slots=True)
class Rows:
    """Some firms as mappings."""

    found: tuple[Case, ...]

    def cases(self, vocabulary: Vocabulary) -> Iterable[Case]:
        """Return the firms."""
        del vocabulary
        return self.found


class Tables:
    """Firms and items, all in memory."""

    def __init__(self, vocabulary: Vocabulary, tables: Mapping[str, Any], key: str) -> None:
        self.vocabulary = vocabulary
        self.items: dict[str, dict[Any, list[dict[str, Any]]]] = {}
        for entity, source in tables.items():
            rows = list(_rows(source))
            if entity == APPLICANT:
                self.firms = [(str(row.pop(key)), self._facts(entity, row)) for row in rows]
                continue
            listed = self.items[entity] = defaultdict(list)
            for row in rows:
                listed[str(row.pop(key))].append(self._facts(entity, row))

    @property
    def count(self) -> int:
        """How many firms."""
        return len(self.firms)

    def task(self, first: int, last: int) -> Rows:
        """Return the firms of some rows."""
        return Rows(
            tuple(
                Case(
                    row,
                    key,
                    {
                        APPLICANT: facts,
                        **{name: by.get(key, []) for name, by in self.items.items()},
                    },
                )
                for row, (key, facts) in enumerate(self.firms[first:last], start=first)
            )
        )

    def _facts(self, entity: str, row: Mapping[str, Any]) -> dict[str, Any]:
        specs = self.vocabulary.specs[entity]
        out: dict[str, Any] = {}
        for header, value in row.items():
            name, _, year = header.removeprefix(entity + ".").partition(".")
            if value is None or value == "" or name not in specs:
                continue
            stated = _value(specs[name].type.kind, value)
            if year:
                out.setdefault(name, {})[year] = stated
            else:
                out[name] = stated
        return out


def _value(kind: Kind, value: Any) -> Any:
    if kind is Kind.BOOL and isinstance(value, str):
        return {"true": True, "false": False, "是": True, "否": False}.get(value, value)
    if kind is Kind.COUNT and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def _rows(source: Any) -> Iterator[dict[str, Any]]:
    if isinstance(source, str | PathLike):
        sheet = read_sheet(fspath(source))
        head: Sequence[str] = [cell.text or "" for cell in sheet.rows[0]]
        for line in sheet.rows[1:]:
            yield {
                name: (cell.value if cell.kind != "text" else (cell.text or "").strip())
                for name, cell in zip(head, line, strict=True)
            }
    else:
        yield from source.to_pylist()
