"""A list of what was paid, as it was filed: the payments, and the totals printed in it.

Every row below the heading becomes one payment, one printed total, or one row that is
set aside because it holds no figure and no code (a section's title, 制表人). A row with
an amount is never set aside. What cannot be read in a row is a finding of that row.

The law kept (``tests/unit/audit/test_paid.py``): payments, totals and rows set aside
are, together, all rows that hold anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from incentives.audit import cells
from incentives.audit.cells import is_empty
from incentives.audit.columns import Column, Columns, find_columns
from incentives.audit.faults import AuditError, CellError, finding
from incentives.audit.fields import Field
from incentives.tabular.read import read_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from os import PathLike

    from incentives.diagnostics import Finding
    from incentives.tabular.cells import Cell
    from incentives.tabular.read import Sheet

_TOTAL: Final = re.compile(
    r"(?P<word>小计|合计|总计|共计|累计|subtotal|grandtotal|total)"
    r"[(（:：]?(?:共)?(?:(?P<count>[0-9]+)(?P<of>家|户|个|笔|项|份|条|人)(?:企业|单位)?)?[)）]?[:：]?",
    re.IGNORECASE,
)
_NAMED_TOTAL: Final = re.compile(
    r"(?!其中)[^0-9(（:：]{0,20}(?P<word>小计|合计|总计|共计|累计)(?P<count>)(?P<of>)"
    r"(?:[(（][^0-9()（）]*[)）])?[:：]?"
)
"""A total with a name of its own: 小计（技术合同）, 本页小计, 总计（大写）."""
_SIGNED: Final = re.compile(r"(?:审核|复核|审批|制表|填表|编制|经办|负责|签字|盖章)[^:：0-9]*[:：]")
_LEVEL: Final = {"小计": 1, "subtotal": 1, "合计": 2, "total": 2}
_HIGHEST: Final = 3
_FIRMS: Final = {"家", "户"}


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of the list: who got how much under what, when.

    ``amount`` and ``shares`` are in fen, ``on`` the day whose rules apply, or the first
    and last day where only a month or a year is given. ``findings`` say what could not
    be read; the figure concerned is then ``None``.
    """

    row: int
    place: str
    name: str | None = None
    code: str | None = None
    policy: str | None = None
    amount: int | None = None
    item: str | None = None
    on: date | tuple[date, date] | None = None
    year: int | None = None
    shares: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    amount_place: str = ""

    @property
    def who(self) -> str:
        """The firm as the list names it."""
        return self.name or self.code or ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A total that stands in the list; ``covers`` are the rows above it that it sums."""

    row: int
    place: str
    label: str
    amount: int | None
    shares: tuple[tuple[str, int], ...]
    count: int | None
    counts_firms: bool
    covers: tuple[int, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidList:
    """A list of payments as it was filed; ``set_aside`` are rows without a figure."""

    source: str
    sheet: str
    columns: Columns
    payments: tuple[Payment, ...]
    printed: tuple[Printed, ...]
    set_aside: tuple[str, ...]
    date_field: Field | None

    @property
    def unread(self) -> int:
        """How many payments have an amount that cannot be read; they are in no sum."""
        return sum(payment.amount is None for payment in self.payments)


def read_paid(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    declared: Mapping[str, str] | None = None,
    unit: str | None = None,
) -> PaidList:
    """Read a list of payments from CSV, Excel or Parquet.

    Args:
        path: the file.
        sheet: the sheet's name; without it, the only one that has a heading.
        encoding: of a CSV file, such as ``gb18030``; without it UTF-8.
        declared: heading or column letter → field, where a heading is not recognised.
        unit: 元 or 万元, where neither the sheet nor the cells say it.

    Raises:
        AuditError: the list cannot be read without guessing (E620 to E630).
        TableError: the file is no table (E5xx).
        OSError: the file cannot be read.
    """
    sheets = [
        each
        for each in read_sheets(path, encoding=encoding, keep_faults=True)
        if sheet is None or each.name == sheet
    ]
    return paid_from(_the_one(sheets, str(path), sheet, declared or {}, unit), declared or {}, unit)


def _the_one(
    sheets: Sequence[Sheet],
    path: str,
    wanted: str | None,
    declared: Mapping[str, str],
    unit: str | None,
) -> Sheet:
    """Return the only sheet that is a list of payments, or say which there are."""
    filled = [each for each in sheets if not each.is_empty()]
    if not filled:
        name = f"“{wanted}”" if wanted else ""
        raise AuditError(
            [
                finding(
                    "E630",
                    "there is no such sheet, or it is empty",
                    f"没有工作表{name}，或内容为空",
                    path,
                )
            ]
        )
    if len(filled) == 1:
        return filled[0]
    fitting = []
    for each in filled:
        try:
            find_columns(each, declared, unit=unit)
        except AuditError as error:
            if any(item.code != "E620" for item in error.findings):
                fitting.append(each)
        else:
            fitting.append(each)
    if len(fitting) == 1:
        return fitting[0]
    listed = "、".join(each.name for each in fitting or filled)
    raise AuditError(
        [
            finding(
                "E630",
                f"several sheets could be the list: {listed}",
                f"有多个工作表可能是兑现清单：{listed}",
                path,
                ("say which one: --sheet NAME", "请指明：--sheet 工作表名"),
            )
        ]
    )


def paid_from(sheet: Sheet, declared: Mapping[str, str], unit: str | None = None) -> PaidList:
    """Return the payments of a sheet that was read already; raises as ``read_paid``."""
    columns = find_columns(sheet, declared, unit=unit)
    reader = _Rows(sheet, columns)
    for row in sheet.rows[columns.after :]:
        reader.take(row)
    units = [each for each in reader.payments if _lacks_unit(each)]
    if units and len(units) == sum(each.amount_place != "" for each in reader.payments):
        raise AuditError([units[0].findings[0]])  # the whole column: one sentence, not thousands
    used = Field.DECIDED_ON if Field.DECIDED_ON in columns.fields else Field.PAID_ON
    return PaidList(
        sheet.source,
        sheet.name,
        columns,
        tuple(reader.payments),
        tuple(_cover(reader.printed, reader.payments)),
        tuple(reader.set_aside),
        used if used in columns.fields else None,
    )


def _lacks_unit(payment: Payment) -> bool:
    return any(item.code == "E624" for item in payment.findings[:1])


@dataclass(slots=True)
class _Rows:
    """Reads row after row; cells merged downward are read in each of their rows."""

    sheet: Sheet
    columns: Columns
    payments: list[Payment] = field(default_factory=list)
    printed: list[tuple[int, Printed]] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    merged: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for area in self.sheet.merged:
            first = self.sheet.rows[area.first_row - 1][area.first_column - 1]
            for row in range(area.first_row + 1, area.last_row + 1):
                for column in range(area.first_column, area.last_column + 1):
                    self.merged[row, column] = first

    def take(self, row: Sequence[Cell]) -> None:
        """Take in one row."""
        first = next((cell for cell in row if not is_empty(cell)), None)
        if first is None:
            return
        label = "".join((first.text or "").split())
        match = _TOTAL.fullmatch(label)
        if match is None and not self.identified(row, first):
            match = _NAMED_TOTAL.fullmatch(label)
        if match is None and self.cell(row, self.columns.fields.get(Field.CODE)) is None:
            match = self.total_beside(row)
        if match is not None:
            self.total(row, first, match)
        elif self.repeats_heading(row):
            self.set_aside.append(first.address)
        elif self.says_who(row) or self.amount_cell(row) is not None:
            self.payments.append(self.payment(row, first.row))
        else:
            self.set_aside.append(first.address)

    def identified(self, row: Sequence[Cell], first: Cell) -> bool:
        """Whether a row says what was paid: a code, item, incentive or date beside its first."""
        names = (Field.CODE, Field.ITEM, Field.POLICY, Field.PAID_ON, Field.DECIDED_ON)
        found = (self.cell(row, self.columns.fields.get(name), merged=False) for name in names)
        return any(cell is not None and cell is not first for cell in found)

    def repeats_heading(self, row: Sequence[Cell]) -> bool:
        """Whether the heading stands in a row once more, as at the top of a printed page."""
        columns = self.columns.fields.values()
        cells = [(column, self.cell(row, column, merged=False)) for column in columns]
        return all(
            cell is not None and "".join((cell.text or "").split()) == "".join(column.text.split())
            for column, cell in cells
        )

    def total_beside(self, row: Sequence[Cell]) -> re.Match[str] | None:
        """Return the word for a total where it stands in the column of the firm or incentive."""
        for name in (Field.NAME, Field.POLICY):
            cell = self.cell(row, self.columns.fields.get(name))
            match = None if cell is None else _TOTAL.fullmatch("".join((cell.text or "").split()))
            if match is not None:
                return match
        return None

    def says_who(self, row: Sequence[Cell]) -> bool:
        """Whether a row names a firm: by code, or by name beside another filled column.

        A name with a colon is none: 制表人：… stands at the foot of many lists.
        """
        fields = self.columns.fields
        if self.cell(row, fields.get(Field.CODE)) is not None:
            return True
        name = self.cell(row, fields.get(Field.NAME))
        others = (Field.POLICY, Field.ITEM, Field.PAID_ON, Field.DECIDED_ON)
        if name is None or re.search("[:：]", name.text or ""):
            return False
        return any(self.cell(row, fields.get(other), merged=False) is not None for other in others)

    def amount_cell(self, row: Sequence[Cell]) -> Cell | None:
        """Return the cell of the amount, unless it is merged from another row or empty.

        审核人：… at the foot of a list is none, wherever it stands.
        """
        found = self.cell(row, self.columns.fields[Field.AMOUNT], merged=False)
        is_foot = found is not None and _SIGNED.match("".join((found.text or "").split()))
        return None if is_foot else found

    def cell(
        self, row: Sequence[Cell], column: Column | None, *, merged: bool = True
    ) -> Cell | None:
        """Return what stands in a column, ``None`` where it is empty."""
        if column is None or column.index >= len(row):
            return None
        found = row[column.index]
        if merged and is_empty(found) and self.merged:
            found = self.merged.get((found.row, found.column), found)
        return None if is_empty(found) else found

    def place(self, address: str) -> str:
        """Return file, sheet and cell as a person would say them."""
        return f"{self.sheet.source}!{self.sheet.name + '!' if self.sheet.name else ''}{address}"

    def payment(self, row: Sequence[Cell], number: int) -> Payment:
        """Read one payment; what cannot be read becomes its findings."""
        findings: list[Finding] = []
        fields = self.columns.fields

        def read(name: Field, how: Callable[[Cell], Any]) -> Any:
            cell = self.cell(row, fields.get(name))
            if cell is None:
                return None
            try:
                return how(cell)
            except CellError as error:
                findings.append(error.at(self.place(cell.address)))
                return None

        amount_column = fields[Field.AMOUNT]
        unit = amount_column.unit or self.columns.unit
        own = self.amount_cell(row)
        amount = None
        if own is None:
            address = row[amount_column.index].address
            findings.append(_no_figure(self.place(address)))
        else:
            amount = read(Field.AMOUNT, lambda cell: cells.amount_of(cell, unit))
        name, code = read(Field.NAME, cells.text_of), read(Field.CODE, cells.code_of)
        day = Field.DECIDED_ON if Field.DECIDED_ON in fields else Field.PAID_ON
        return Payment(
            number,
            self.place(row[0].address),
            name,
            code,
            read(Field.POLICY, cells.text_of),
            amount,
            read(Field.ITEM, cells.text_of),
            read(day, cells.date_of),
            read(Field.YEAR, cells.year_of),
            self.shares(row, findings),
            tuple(findings),
            "" if own is None else self.place(own.address),
        )

    def shares(self, row: Sequence[Cell], findings: list[Finding]) -> tuple[tuple[str, int], ...]:
        """Read what each payer bears; an empty cell says nothing."""
        found = []
        for payer, column in self.columns.payers.items():
            cell = self.cell(row, column, merged=False)
            if cell is None:
                continue
            try:
                unit = column.unit or self.columns.fields[Field.AMOUNT].unit or self.columns.unit
                found.append((payer, cells.amount_of(cell, unit)))
            except CellError as error:
                findings.append(error.at(self.place(cell.address)))
        return tuple(found)

    def total(self, row: Sequence[Cell], first: Cell, match: re.Match[str]) -> None:
        """Read a printed total."""
        findings: list[Finding] = []
        cell = self.amount_cell(row)
        amount = None
        if cell is not None:
            try:
                unit = self.columns.fields[Field.AMOUNT].unit or self.columns.unit
                amount = cells.amount_of(cell, unit)
            except CellError as error:
                findings.append(error.at(self.place(cell.address)))
        level = _LEVEL.get(match["word"].lower(), _HIGHEST)
        printed = Printed(
            first.row,
            self.place((cell or first).address),
            match[0].rstrip(":：") if match.re is _NAMED_TOTAL else match["word"],
            amount,
            self.shares(row, findings),
            int(match["count"]) if match["count"] else None,
            match["of"] in _FIRMS,
            (),
            tuple(findings),
        )
        self.printed.append((level, printed))


def _no_figure(place: str) -> Finding:
    return finding(
        "E628",
        "the amount is empty",
        "金额为空",
        place,
        ("enter what was paid, 0 for nothing", "请填写实际支付的金额；没有支付的填 0"),
    )


def _cover(totals: Iterable[tuple[int, Printed]], payments: Sequence[Payment]) -> Iterable[Printed]:
    """Say which rows each total sums: those since the last total of its level or a higher one.

    One that follows another of its level at once, or stands above all rows, is the whole
    list's.
    """
    rows = [payment.row for payment in payments]
    earlier: list[tuple[int, int]] = []
    for level, each in totals:
        since = max((row for above, row in earlier if above >= level), default=0)
        covers = _between(rows, since, each.row)
        if not covers:
            higher = max((row for above, row in earlier if above > level), default=0)
            covers = _between(rows, higher, each.row) or tuple(rows)
        earlier.append((level, each.row))
        yield replace(each, covers=covers)


def _between(rows: Sequence[int], after: int, before: int) -> tuple[int, ...]:
    return tuple(rows[bisect_right(rows, after) : bisect_left(rows, before)])
