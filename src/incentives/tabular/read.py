"""Tables read: workbooks, CSV and Parquet, each as sheets of exact cells.

The laws kept here (``tests/unit/tabular``, ``tests/threats/test_tables.py``): a sheet
is a full rectangle from A1; what is not exact is a fault that names its cell, never a
value; the same table read from a workbook, a CSV file and a Parquet file has the same
texts in the same places.

The trap: CSV has no types, so all its cells are text; whoever needs a number reads it
from the text, with its unit. Row 1 of a Parquet table holds its column names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import TableError
from incentives.tabular.cells import Cell, CellKind, address_of
from incentives.tabular.faults import MOST_FINDINGS, cell_finding, refusal

if TYPE_CHECKING:
    from incentives.diagnostics import Finding

__all__ = ["MergedRange", "Sheet", "TableError", "read_sheet", "read_sheets"]

_SAVE_AS: Final = (
    "save it as .xlsx, .csv (UTF-8) or .parquet",
    "请另存为 .xlsx、.csv（UTF-8）或 .parquet",
)


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Cells shown as one, ends included, counted from 1; the first holds the value."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __contains__(self, place: tuple[int, int]) -> bool:
        """Whether the cell at (row, column) is one of them."""
        row, column = place
        return (
            self.first_row <= row <= self.last_row
            and self.first_column <= column <= self.last_column
        )

    def __str__(self) -> str:
        first = address_of(self.first_row, self.first_column)
        return f"{first}:{address_of(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``rows[r - 1][c - 1]`` is the cell of row r and column c.

    ``name`` is empty where the file has no sheets; ``source`` is the path as given.
    """

    name: str
    source: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[MergedRange, ...] = ()

    def faults(self) -> tuple[Finding, ...]:
        """What is wrong with single cells, in reading order."""
        return tuple(
            cell_finding(cell, self.name, self.source)
            for row in self.rows
            for cell in row
            if cell.kind is CellKind.ERROR
        )

    def is_empty(self) -> bool:
        """Whether nothing stands in any cell."""
        return all(cell.kind is CellKind.EMPTY for row in self.rows for cell in row)

    def __repr__(self) -> str:
        width = len(self.rows[0]) if self.rows else 0
        return f"<Sheet {self.name!r} of {self.source!r}: {len(self.rows)} × {width}>"


def read_sheets(
    path: str | PathLike[str], *, encoding: str | None = None, keep_faults: bool = False
) -> tuple[Sheet, ...]:
    """Read every sheet of a ``.xlsx`` or ``.xlsm``, ``.csv``, ``.tsv`` or ``.parquet`` file.

    Args:
        path: the file; its ending says what it is.
        encoding: of CSV and TSV: ``utf-8`` or ``gb18030`` (``gbk`` and ``gb2312`` are read
            as it). Without it UTF-8, or GB18030 where nothing else is possible.
        keep_faults: leave faulty cells in the sheets (kind ``error``) for callers who
            judge row by row, instead of refusing the file.

    Raises:
        TableError: with every finding (E500 to E513), each with its file and cell.
        MissingExtraError: the reader of this kind of file is not installed.
        OSError: the file cannot be read.
    """
    name = fspath(path)
    file = Path(name)
    match file.suffix.lower():
        case ".xlsx" | ".xlsm":
            from incentives.tabular.workbook import read_workbook

            sheets = read_workbook(file, name)
        case ".csv" | ".tsv" | ".tab":
            from incentives.tabular.delimited import read_delimited

            sheets = (read_delimited(file, name, encoding),)
        case ".parquet":
            from incentives.tabular.parquet import read_parquet

            sheets = (read_parquet(file, name),)
        case _:
            with file.open("rb"):  # a file that is not there is said first
                raise refusal(
                    "E501",
                    f"{name} is not a kind of table that can be read exactly",
                    f"{name} 不是可以准确读取的表格文件",
                    _SAVE_AS,
                )
    findings = [] if keep_faults else [item for sheet in sheets for item in sheet.faults()]
    if findings:
        raise TableError(_shortened(findings))
    return sheets


def read_sheet(
    path: str | PathLike[str],
    *,
    name: str | None = None,
    encoding: str | None = None,
    keep_faults: bool = False,
) -> Sheet:
    """Read the sheet with this name, or the only one that holds anything.

    Raises:
        TableError: no such sheet, or several to choose from (E508), and whatever
            ``read_sheets`` raises.
        MissingExtraError, OSError: as ``read_sheets``.
    """
    sheets = read_sheets(path, encoding=encoding, keep_faults=True)
    if name is None:
        filled = [sheet for sheet in sheets if not sheet.is_empty()]
        chosen = filled or list(sheets[:1])
    else:
        chosen = [sheet for sheet in sheets if sheet.name == name]
    if len(chosen) != 1:
        raise _no_choice(fspath(path), name, [sheet.name for sheet in sheets])
    findings = () if keep_faults else chosen[0].faults()
    if findings:
        raise TableError(_shortened(list(findings)))
    return chosen[0]


def _no_choice(source: str, name: str | None, names: list[str]) -> TableError:
    listed, listed_zh = ", ".join(names), "、".join(names)
    if name is None and not names:
        return refusal("E508", f"{source} has no sheets", f"{source} 没有工作表")
    if name is None:
        en, zh = f"{source} has several sheets: {listed}", f"{source} 有多个工作表：{listed_zh}"
    else:
        en = f"{source} has no sheet {name!r}; it has {listed or 'none'}"
        zh = f"{source} 没有工作表“{name}”；现有：{listed_zh or '无'}"
    return refusal("E508", en, zh, ("say which one", "请指明读取哪一个工作表"))


def _shortened(findings: list[Finding]) -> list[Finding]:
    if len(findings) <= MOST_FINDINGS:
        return findings
    kept = findings[:MOST_FINDINGS]
    more = len(findings) - MOST_FINDINGS
    last = kept[-1]
    kept[-1] = replace(
        last,
        message=f"{last.message}; and {more} more cells",
        zh=f"{last.zh}；另有 {more} 个单元格有问题",
    )
    return kept
