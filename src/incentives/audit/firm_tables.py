"""Profiles from tables: a row for each firm, and further tables of their contracts and the like.

A column is a fact by its path (``applicant.revenue.2024``, ``contract.paid_amount``) or by
its label in the vocabulary (``营业收入.2024``, ``实际履行金额（万元）``). A table of items has
a column with the firm's credit code. A blank cell is unknown, as in any profile.

The law kept (``tests/unit/audit/test_firms.py``): a row says exactly what the TOML
profile with the same facts says. The trap: a label may belong to two facts; then it is
refused, and the path has to be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from incentives.audit import cells
from incentives.audit.cells import is_empty
from incentives.audit.faults import AuditError, CellError, finding
from incentives.audit.fields import HEADINGS, Field, heading
from incentives.audit.firms import Firm
from incentives.diagnostics import Source, Span, TableError
from incentives.language.names import APPLICANT
from incentives.rulebook.cell_facts import from_number, from_text
from incentives.rulebook.headings import Headings, Meaning
from incentives.tabular.read import read_sheets
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from incentives.diagnostics import Finding
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary
    from incentives.tabular.cells import Cell
    from incentives.tabular.read import Sheet

_WORDS: Final = frozenset({Kind.TEXT, Kind.CHOICE, Kind.REGION, Kind.INDUSTRY})
_NAMES: Final = {word: "name" for word, field in HEADINGS.items() if field is Field.NAME}


@dataclass(frozen=True, slots=True)
class _FactColumn:
    """A column that holds a fact; ``year`` for one year of a series."""

    index: int
    spec: FactSpec
    year: int | None
    unit: str | None


@dataclass(slots=True)
class _Table:
    """A sheet whose columns are known: of applicants, or of items of one entity."""

    sheet: Sheet
    entity: str
    code: int | None
    facts: tuple[_FactColumn, ...]


def read_tables(
    tables: Iterable[tuple[str | None, Path]],
    vocabulary: Vocabulary,
    *,
    encoding: str | None = None,
    allow_extra: bool = False,
) -> list[Firm]:
    """Return the firms of tables; sheets named as an entity hold its items.

    Args:
        tables: files, each with the entity it holds, ``None`` for applicants.
        vocabulary: what may be stated.
        encoding: of CSV files that do not show theirs. A table may be in UTF-8 where the
            list is not, so what can be told is not overruled.
        allow_extra: columns that mean nothing are passed over.

    Raises:
        AuditError: a column that means nothing or two things, an item of no firm (E632, E633).
        TableError: a file that is no table.
    """
    read: list[_Table] = []
    for entity, path in tables:
        for sheet in _sheets(path, encoding):
            if not sheet.is_empty():
                kind = _entity(entity or sheet.name, vocabulary, path, declared=entity is not None)
                read.append(_table(sheet, kind, vocabulary, allow_extra=allow_extra))
    items: dict[str, dict[str, list[tuple[Mapping[str, Any], _Origin]]]] = {}
    problems: list[Finding] = []
    for table in read:
        if table.entity != APPLICANT:
            _take_items(table, items.setdefault(table.entity, {}), problems)
    firms = [
        firm
        for table in read
        if table.entity == APPLICANT
        for firm in _take_firms(table, items, allow_extra=allow_extra)
    ]
    known = {firm.code for firm in firms}
    for entity, by_code in items.items():
        problems += [
            _no_firm(entity, code, found[0][1])
            for code, found in by_code.items()
            if code not in known
        ]
    if problems:
        raise AuditError(problems[:100])
    return firms


def _sheets(path: Path, encoding: str | None) -> tuple[Sheet, ...]:
    """Read a table in the encoding that its bytes show, else in the declared one."""
    try:
        return read_sheets(path, keep_faults=True)
    except TableError as error:
        if encoding is None or error.findings[0].code != "E504":
            raise
    return read_sheets(path, encoding=encoding, keep_faults=True)


def _entity(name: str, vocabulary: Vocabulary, path: Path, *, declared: bool) -> str:
    """Return the entity that a sheet or a declaration names; any other sheet is of applicants."""
    for entity in vocabulary.entities.values():
        if name in {entity.name, entity.label.zh, entity.label.get("en")}:
            return entity.name
    if not declared:
        return APPLICANT
    listed = ", ".join(vocabulary.entities)
    raise AuditError(
        [
            finding(
                "E632",
                f"`{name}` is no entity of the vocabulary; there are: {listed}",
                f"词汇表里没有“{name}”；有：{listed}",
                str(path),
            )
        ]
    )


def _table(sheet: Sheet, entity: str, vocabulary: Vocabulary, *, allow_extra: bool) -> _Table:
    headings = Headings(entity, vocabulary.specs[entity])
    code = None
    facts: list[_FactColumn] = []
    problems: list[Finding] = []
    for index, cell in enumerate(sheet.rows[0]):
        if is_empty(cell):
            continue
        text = (cell.text or "").strip()
        if _is_code(text):
            if code is not None:
                problems.append(_twice(sheet, cell, sheet.rows[0][code]))
            code = index
        meaning = _meaning(text, headings)
        if len(meaning.facts) > 1:
            paths = ", ".join(spec.path for spec in meaning.facts)
            problems.append(
                _odd(sheet, cell, f"reads as several facts: {paths}", f"对应多项事实：{paths}")
            )
        elif meaning.facts:
            found = meaning.facts[0], meaning.year
            same = [each for each in facts if (each.spec, each.year) == found]
            problems += [_twice(sheet, cell, sheet.rows[0][each.index]) for each in same]
            facts.append(_FactColumn(index, *found, heading(text).unit))
        elif entity != APPLICANT and index == code:
            continue
        elif not allow_extra and HEADINGS.get(heading(text).text) is not Field.IGNORE:
            problems.append(_unknown(sheet, cell, text, headings.known))
    if code is None:
        problems.append(
            _odd(
                sheet,
                sheet.rows[0][0],
                "the table has no column for the credit code",
                "表中没有“统一社会信用代码”一列",
            )
        )
    if problems:
        raise AuditError(problems)
    return _Table(sheet, entity, code, tuple(facts))


def _is_code(text: str) -> bool:
    return HEADINGS.get(heading(text).text) is Field.CODE or text in {"applicant.uscc", "uscc"}


def _meaning(text: str, headings: Headings) -> Meaning:
    """Return what a heading names; the credit code and the name by any of their words."""
    if headings.entity == APPLICANT and _is_code(text) and "uscc" in headings.specs:
        return Meaning((headings.specs["uscc"],))
    return headings.read(text, _NAMES if headings.entity == APPLICANT else None)


class _Origin:
    """Where the facts of one row stand."""

    __slots__ = ("row", "table")

    def __init__(self, table: _Table, row: Sequence[Cell]) -> None:
        self.table = table
        self.row = row

    def cell(self, name: str | None = None, year: str | None = None) -> Cell:
        """Return the cell of a fact; the first of the row without one."""
        for column in self.table.facts:
            if column.spec.name == name and (year is None or str(column.year) == year):
                return self.row[column.index]
        return self.row[0]


def _take_items(
    table: _Table,
    found: dict[str, list[tuple[Mapping[str, Any], _Origin]]],
    problems: list[Finding],
) -> None:
    for row in table.sheet.rows[1:]:
        cell = row[table.code or 0]
        if all(is_empty(each) for each in row):
            continue
        try:
            code = cells.code_of(cell)
        except CellError as error:
            problems.append(error.at(_place(table.sheet, cell)))
            continue
        data, faults = _facts(table, row)
        problems += faults
        found.setdefault(code, []).append((data, _Origin(table, row)))


def _take_firms(
    table: _Table,
    items: Mapping[str, Mapping[str, Sequence[tuple[Mapping[str, Any], _Origin]]]],
    *,
    allow_extra: bool,
) -> Iterable[Firm]:
    for row in table.sheet.rows[1:]:
        if all(is_empty(each) for each in row):
            continue
        facts, faults = _facts(table, row)
        code, name = facts.get("uscc"), facts.get("name")
        data: dict[str, Any] = {APPLICANT: facts}
        origins: dict[str, list[_Origin]] = {APPLICANT: [_Origin(table, row)]}
        for entity, by_code in items.items():  # a table of items lists all of them
            own = by_code.get(code or "", ())
            data[entity] = [item for item, _ in own]
            origins[entity] = [origin for _, origin in own]
        yield Firm(
            code,
            name,
            data,
            table.sheet.source,
            partial(_span, origins),
            allow_extra=allow_extra,
            from_table=True,
            findings=tuple(faults),
        )


def _span(origins: Mapping[str, Sequence[_Origin]], keys: tuple[str | int, ...]) -> Span | None:
    """Return the cell of a fact as findings point at places: its name, and what stands in it."""
    rows = origins.get(str(keys[0]), ())
    rest = [str(key) for key in keys[1:] if not isinstance(key, int)]
    at = next((key for key in keys[1:] if isinstance(key, int)), 0)
    if at >= len(rows):
        return None
    cell, text = rows[at].cell(*rest[:2]), rows[at].cell(*rest[:2]).text or ""
    return Span(Source(_place(rows[at].table.sheet, cell), text), 0, len(text))


def _facts(table: _Table, row: Sequence[Cell]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the facts of a row as a profile writes them, and what cannot be read."""
    facts: dict[str, Any] = {}
    faults = []
    for column in table.facts:
        cell = row[column.index]
        if is_empty(cell):
            continue
        try:
            value = _value(column, cell)
        except CellError as error:
            faults.append(error.at(_place(table.sheet, cell)))
            continue
        if column.year is None:
            facts[column.spec.name] = value
        else:
            facts.setdefault(column.spec.name, {})[str(column.year)] = value
    return facts, faults


def _value(column: _FactColumn, cell: Cell) -> Any:
    """Return a cell as the profile would have it; what the profile refuses is left to it."""
    spec, unit = column.spec, column.unit
    if spec.check == "uscc":
        return cells.code_of(cell)
    if cell.kind == "error":
        return cells.text_of(cell)  # raises
    if cell.kind == "text" or spec.type.kind in _WORDS:
        return from_text(spec, unit, cell.text or "")
    if isinstance(cell.value, bool | date):
        return cell.value
    return from_number(spec, unit, Fraction(cell.value or 0))


def _place(sheet: Sheet, cell: Cell) -> str:
    return f"{sheet.source}!{sheet.name + '!' if sheet.name else ''}{cell.address}"


def _odd(sheet: Sheet, cell: Cell, en: str, zh: str) -> Finding:
    text = " ".join((cell.text or "").split())[:40]
    return finding("E632", f"`{text}` {en}", f"“{text}”{zh}", _place(sheet, cell))


def _twice(sheet: Sheet, cell: Cell, first: Cell) -> Finding:
    return _odd(sheet, cell, f"says the same as {first.address}", f"与{first.address}重复")


def _unknown(sheet: Sheet, cell: Cell, text: str, known: Sequence[str]) -> Finding:
    near = get_close_matches(heading(text).text, known, 1)
    return finding(
        "E632",
        f"the column `{text[:40]}` is no fact of the vocabulary",
        f"“{text[:40]}”不是词汇表中的事实",
        _place(sheet, cell),
        (f"did you mean `{near[0]}`?", f"是否应为“{near[0]}”？")
        if near
        else (
            "write the fact's path, or pass --allow-extra",
            "请写事实路径，或加 --allow-extra 忽略",
        ),
    )


def _no_firm(entity: str, code: str, origin: _Origin) -> Finding:
    return finding(
        "E633",
        f"`{entity}`: no profile has the credit code {code}",
        f"“{entity}”：没有信用代码为 {code} 的资料",
        _place(origin.table.sheet, origin.cell()),
        ("add the firm, or correct the code", "请补充该企业的资料，或更正代码"),
    )
