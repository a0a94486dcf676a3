"""The heading of a paid list: which row it is, and what each column holds.

The law kept (``tests/unit/audit/test_columns.py``): a column is declared or its
heading is one of the known ones. Two columns for one thing are refused with both
cells; nothing is taken because it looks like something.

A heading may have two rows (各级财政承担 above 自治区 and 市级). Rows above it, such as a
title and 单位：万元, are read for the unit only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from incentives.audit.cells import is_empty
from incentives.audit.faults import AuditError, finding
from incentives.audit.fields import HEADINGS, LABELS, Field, field_of, heading, payer_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incentives.diagnostics import Finding
    from incentives.tabular.cells import Cell
    from incentives.tabular.read import Sheet

SEARCHED: Final = 30
"""How many rows from the top may stand above the heading."""

_TITLE_UNIT: Final = re.compile(r"(?:金额)?单位[:：]?(?:人民币)?(亿元|万元|元)")
_BORNE_BY: Final = "财政承担"
_WHOLE: Final = {"合计", "小计", "总额", "金额", "总计", "total"}
_IDENTITY: Final = (
    Field.NAME,
    Field.CODE,
    Field.POLICY,
    Field.ITEM,
    Field.PAID_ON,
    Field.DECIDED_ON,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its place from zero, its heading, and the unit in it."""

    index: int
    text: str
    address: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns hold; ``after`` is how many rows stand down to the heading's last."""

    after: int
    fields: Mapping[Field, Column]
    payers: Mapping[str, Column]
    unused: tuple[Column, ...]
    unit: str | None = None


@dataclass(slots=True)
class _Candidate:
    """A row, or two, read as a heading; ``before`` and ``after`` are the rows around it."""

    before: int
    after: int
    found: dict[str, list[Column]] = field(default_factory=dict)
    unused: list[Column] = field(default_factory=list)
    ignored: list[Column] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        return "amount" in self.found and bool({"name", "code"} & self.found.keys())


def find_columns(sheet: Sheet, declared: Mapping[str, str], *, unit: str | None = None) -> Columns:
    """Return the columns of a paid list.

    Args:
        sheet: the sheet as it was read.
        declared: what the reader said: heading or column letter → field.
        unit: 元 or 万元, where neither headings nor cells say it.

    Raises:
        AuditError: no heading, an ambiguous one, or a declaration that fits nothing.
    """
    meant = _declared(declared, sheet)
    candidates = [
        _candidate(sheet, at, rows, meant)
        for at in range(min(SEARCHED, len(sheet.rows)))
        for rows in (2, 1)
        if _may_be(sheet, at, rows)
    ]
    chosen = next((each for each in candidates if each.is_heading), None)
    if chosen is None:
        raise AuditError([_no_heading(sheet, candidates)])
    problems = [
        _twice(sheet, name, columns) for name, columns in chosen.found.items() if len(columns) > 1
    ]
    problems += _unmet(sheet, meant, chosen)
    if problems:
        raise AuditError(problems)
    fields = {Field(n): c[0] for n, c in chosen.found.items() if not n.startswith("payer:")}
    payers = {n.partition(":")[2]: c[0] for n, c in chosen.found.items() if n.startswith("payer:")}
    above = _unit_above(sheet, chosen.before)
    return Columns(chosen.after, fields, payers, tuple(chosen.unused), above or unit)


def _candidate(sheet: Sheet, at: int, rows: int, meant: Mapping[str, str]) -> _Candidate:
    """Read a row as heading, together with the one below it where there are two."""
    below = sheet.rows[at + 1] if rows == 2 else ()
    candidate = _Candidate(at, at + rows)
    above = ""
    for index in range(max(len(sheet.rows[at]), len(below))):
        upper, lower = _cell(sheet.rows[at], index), _cell(below, index)
        if upper is not None and not is_empty(upper):
            above = upper.text or ""
        elif lower is None or is_empty(lower):
            continue
        own = lower if lower is not None and not is_empty(lower) else upper
        if own is None:
            continue
        column, name = _read(own, above if own is lower else "", meant)
        if name is None:
            candidate.unused.append(column)
        elif name == Field.IGNORE:
            candidate.ignored.append(column)
        else:
            candidate.found.setdefault(name, []).append(column)
    _prefer_declared(candidate, meant)
    return candidate


def _read(own: Cell, above: str, meant: Mapping[str, str]) -> tuple[Column, str | None]:
    """Return a column and the field it holds; ``above`` is the upper heading of two."""
    text = own.text or ""
    mine, upper = heading(text), heading(above)
    column = Column(own.column - 1, text.strip(), own.address, mine.unit or upper.unit)
    letters = own.address.rstrip("0123456789")
    for key in (letters, mine.text):
        if key in meant:
            return column, meant[key]
    if above and mine.text in _WHOLE:
        known = HEADINGS.get(upper.text)
        return column, None if known is None else str(known)
    payer = payer_of(mine.text, upper.text)
    if payer is not None:
        return column, f"payer:{payer}"
    known = HEADINGS.get(mine.text) or HEADINGS.get(upper.text + mine.text)
    return column, None if known is None else str(known)


def _prefer_declared(candidate: _Candidate, meant: Mapping[str, str]) -> None:
    """Leave out a recognised column where another was declared to be that."""
    for name, columns in candidate.found.items():
        said = [
            each
            for each in columns
            if meant.get(each.address.rstrip("0123456789")) == name
            or meant.get(heading(each.text).text) == name
        ]
        if said and len(columns) > len(said):
            candidate.unused += [each for each in columns if each not in said]
            candidate.found[name] = said


def _may_be(sheet: Sheet, at: int, rows: int) -> bool:
    """Whether a row can be a heading of one row, or of two with the one below it.

    Of two: below the identity of the firm nothing stands, below something else a text.
    """
    if rows == 1:
        return any(not is_empty(cell) for cell in sheet.rows[at])
    if at + 1 >= len(sheet.rows):
        return False
    lower = sheet.rows[at + 1]
    named = False
    for cell in sheet.rows[at]:
        if cell.kind == "text" and HEADINGS.get(heading(cell.text or "").text) in _IDENTITY:
            below = _cell(lower, cell.column - 1)
            if below is not None and not is_empty(below) and below.text != cell.text:
                return False
            named = True
    texts = [cell for cell in lower if not is_empty(cell)]
    return named and any(_is_lower(cell.text or "") for cell in texts)


def _is_lower(text: str) -> bool:
    """Whether a text is a heading below another: a payer, a field, or the word for a sum."""
    word = heading(text).text
    return word in _WHOLE or word in HEADINGS or payer_of(word, _BORNE_BY) is not None


def _cell(row: Sequence[Cell], index: int) -> Cell | None:
    return row[index] if index < len(row) else None


def _declared(declared: Mapping[str, str], sheet: Sheet) -> dict[str, str]:
    """Return the declarations by plain heading or column letter."""
    meant: dict[str, str] = {}
    problems = []
    for said, word in declared.items():
        name = field_of(word)
        if name is None:
            listed = ", ".join([*map(str, Field), "payer:city"])
            problems.append(
                finding(
                    "E625",
                    f"--map: `{word}` is no field; the fields are {listed}",
                    f"--map：没有“{word}”这个字段；可用的字段：{listed}",
                    sheet.source,
                )
            )
            continue
        is_letter = re.fullmatch("[A-Z]{1,3}", said.strip()) is not None
        meant[said.strip() if is_letter else heading(said).text] = name
    if problems:
        raise AuditError(problems)
    return meant


def _unmet(sheet: Sheet, meant: Mapping[str, str], chosen: _Candidate) -> list[Finding]:
    """Return a finding for each declaration that fits no column."""
    known = (column for each in chosen.found.values() for column in each)
    columns = [*chosen.unused, *chosen.ignored, *known]
    letters = {each.address.rstrip("0123456789") for each in columns}
    texts = {heading(each.text).text for each in columns}
    return [
        finding(
            "E625",
            f"--map: the heading has no column `{said}`",
            f"--map：表头中没有“{said}”这一列",
            sheet.source,
        )
        for said in meant
        if said not in letters | texts
    ]


def _unit_above(sheet: Sheet, before: int) -> str | None:
    """Return the unit that the rows above the heading name, if they name one."""
    units = {
        match[1]
        for row in sheet.rows[:before]
        for cell in row
        if cell.kind == "text"
        for match in [_TITLE_UNIT.search("".join((cell.text or "").split()))]
        if match is not None
    }
    return units.pop() if len(units) == 1 else None


def _twice(sheet: Sheet, name: str, columns: Sequence[Column]) -> Finding:
    first, second = columns[:2]
    kind = name.partition(":")[0]
    label = LABELS.get(Field(kind)) if kind in set(Field) else None
    zh = label.zh if label else "承担金额"
    en = label.get("en") if label else "payer's share"
    letters = second.address.rstrip("0123456789")
    return finding(
        "E621",
        f"{first.address} `{first.text}` and {second.address} `{second.text}` both read as {en}",
        f"{first.address}“{first.text}”与{second.address}“{second.text}”都像是“{zh}”",
        f"{sheet.source}!{second.address}",
        (
            f'say which one it is: --map "{letters}={name}"',
            f'请声明用哪一列：--map "{letters}={name}"',
        ),
    )


def _no_heading(sheet: Sheet, candidates: Sequence[_Candidate]) -> Finding:
    best = max(candidates, key=lambda each: len(each.found), default=None)
    seen = [] if best is None else [c.text for c in best.unused][:12]
    listed = "、".join(" ".join(text.split()) for text in seen)
    lacks = "amount" if best is None or "amount" not in best.found else "firm"
    zh = {"amount": "兑现金额", "firm": "企业名称或统一社会信用代码"}[lacks]
    en = {"amount": "the amount paid", "firm": "the firm"}[lacks]
    return finding(
        "E620",
        f"no row in the first {SEARCHED} is a heading with a column for {en}"
        + (f"; not recognised: {listed}" if listed else ""),
        f"前{SEARCHED}行里没有找到含“{zh}”一列的表头"
        + (f"；未识别的列：{listed}" if listed else ""),
        f"{sheet.source}" + (f"!{sheet.name}" if sheet.name else ""),
        (
            'declare the column: --map "heading=amount", or by its letter: --map "F=amount"',
            '请声明该列：--map "列名=amount"，或按列号：--map "F=amount"',
        ),
    )
