"""The header row of a sheet: which column is which.

The trap: a merged or doubled heading lets two columns answer to one name, and the last
one win; both are refused, with both cells named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.diagnostics import TableError
from incentives.tabular.cells import CellKind
from incentives.tabular.faults import finding, place

if TYPE_CHECKING:
    from incentives.diagnostics import Finding
    from incentives.tabular.cells import Cell
    from incentives.tabular.read import MergedRange, Sheet


def header_columns(sheet: Sheet, row: int = 1) -> dict[str, int]:
    """Return the columns (from 1) by their headings, spaces and line ends left out.

    Columns without a heading are left out where nothing stands below them.

    Raises:
        TableError: a heading that stands twice, is merged over several cells, or is
            missing above filled cells (E514, E515, E516).
    """
    found: dict[str, Cell] = {}
    findings: list[Finding] = []
    for cell in sheet.rows[row - 1] if row <= len(sheet.rows) else ():
        name = "".join((cell.text or "").split())
        merged = _merged(sheet, cell)
        if merged is not None:
            if cell.column == merged.first_column:
                findings.append(_finding(sheet, cell, "E515", str(merged)))
        elif not name:
            below = next(
                (line[cell.column - 1] for line in sheet.rows[row:] if _filled(line, cell)), None
            )
            if below is not None:
                findings.append(_finding(sheet, cell, "E516", below.address))
        elif name in found:
            first = found[name].address
            findings.append(_finding(sheet, cell, "E514", first))
        else:
            found[name] = cell
    if findings:
        raise TableError(findings)
    return {name: cell.column for name, cell in found.items()}


def _filled(line: tuple[Cell, ...], cell: Cell) -> bool:
    return line[cell.column - 1].kind is not CellKind.EMPTY


def _merged(sheet: Sheet, cell: Cell) -> MergedRange | None:
    """Return the merged range over several columns that a heading belongs to."""
    for item in sheet.merged:
        if (cell.row, cell.column) in item and item.last_column > item.first_column:
            return item
    return None


def _finding(sheet: Sheet, cell: Cell, code: str, about: str) -> Finding:
    where_en, where_zh = place(sheet.source, sheet.name, cell.address)
    name = (cell.text or "")[:40]
    en, zh, help = {
        "E514": (
            f"the heading {name!r} stands in {about} already",
            f"表头“{name}”与 {about} 重复",
            ("rename or delete one of the two columns", "请改名或删去其中一列"),
        ),
        "E515": (
            f"the heading is merged over {about}",
            f"表头是合并单元格 {about}",
            ("unmerge it and give each column a heading", "请取消合并，为每一列单独填写表头"),
        ),
        "E516": (
            f"no heading above {about}",
            f"{about} 上方没有表头",
            ("give the column a heading, or delete it", "请补上表头，或删去该列"),
        ),
    }[code]
    return finding(code, f"{where_en}: {en}", f"{where_zh}：{zh}", help)
