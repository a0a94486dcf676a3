"""``.xlsx`` workbooks, read by calamine behind the guard of ``archive`` and ``markup``.

Excel keeps numbers as IEEE doubles, so 12345678901234567.89 is not in the file at all.
What arrives as a float is taken by its shortest decimal text, and only with at most 15
digits (``cells.number_cell``).

The trap: calamine hands over errors, and formulas without a result, as empty text; the
guard has noted them. A moment or a duration stays text: its date would be a guess.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import MissingExtraError
from incentives.tabular.archive import packed, xml_parts
from incentives.tabular.cells import Cell, CellKind, empty_cell, number_cell, text_cell
from incentives.tabular.faults import refusal
from incentives.tabular.markup import look_through
from incentives.tabular.read import MergedRange, Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.tabular.markup import Faults


def read_workbook(path: Path, source: str) -> tuple[Sheet, ...]:
    """Return every worksheet, hidden ones too, in the order of the workbook.

    Raises:
        TableError: not a workbook, beyond the limits, or hostile (E500, E502, E503).
        MissingExtraError: calamine is not installed.
        OSError: the file cannot be read.
    """
    try:
        import python_calamine
    except ImportError:
        raise MissingExtraError(
            ("reading .xlsx", "读取 .xlsx "), "python-calamine", "excel"
        ) from None
    parts = xml_parts(path, source)
    faults = look_through(parts, source)
    try:
        with python_calamine.CalamineWorkbook.from_object(packed(parts)) as book:
            return tuple(
                _sheet(book.get_sheet_by_name(meta.name), faults, source)
                for meta in book.sheets_metadata
                if meta.typ is python_calamine.SheetTypeEnum.WorkSheet
            )
    except python_calamine.CalamineError as error:
        raise refusal(
            "E500",
            f"{source} cannot be read as a workbook: {str(error)[:200]}",
            f"{source} 无法作为工作簿读取：{str(error)[:200]}",
            (
                "open it in a spreadsheet program and save it again",
                "请用 WPS 或 Excel 打开后重新保存",
            ),
        ) from None


def _sheet(sheet: Any, faults: dict[str, Faults], source: str) -> Sheet:
    if sheet.name not in faults:  # the guard did not see what the reader read
        raise refusal(
            "E500",
            f"{source}: the parts of sheet {sheet.name[:40]} are not where they should be",
            f"{source}：工作表 {sheet.name[:40]} 的内部结构不合规范",
        )
    noted = faults[sheet.name]
    height = max(sheet.total_height + 1 if sheet.end else 0, *(row for row, _ in noted), 0, 0)
    width = max(sheet.total_width + 1 if sheet.end else 0, *(column for _, column in noted), 0, 0)
    values = sheet.to_python(skip_empty_area=False) if sheet.end else []
    values += [[""] * width for _ in range(height - len(values))]
    rows = tuple(
        tuple(
            _cell(value, row, column, noted)
            for column, value in enumerate([*line, *[""] * (width - len(line))], start=1)
        )
        for row, line in enumerate(values, start=1)
    )
    merged = sorted(
        (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
        for first, last in sheet.merged_cell_ranges or ()
    )
    return Sheet(sheet.name, source, rows, tuple(MergedRange(*ends) for ends in merged))


def _cell(value: Any, row: int, column: int, noted: Faults) -> Cell:
    if (row, column) in noted:
        text, code = noted[row, column]
        return Cell(text, CellKind.ERROR, None, row, column, code)
    match value:
        case "":
            return empty_cell(row, column)
        case str():
            return text_cell(value, row, column)
        case bool():
            return Cell("TRUE" if value else "FALSE", CellKind.BOOL, value, row, column)
        case int() | float():
            return number_cell(repr(value), row, column)
        case datetime():
            return text_cell(value.isoformat(" "), row, column)
        case date():
            return Cell(value.isoformat(), CellKind.DATE, value, row, column)
        case _:
            return text_cell(str(value), row, column)
