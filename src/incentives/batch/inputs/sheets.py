"""CSV files and workbooks as raw relations: every cell the text that stands there.

A CSV file is read record by record, so that its size does not matter. A cell that has no
exact meaning (``#REF!``, a number of more digits than a spreadsheet keeps, lost
characters) leaves its row out, with a finding at the cell, and no other row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.columns import ROW
from incentives.batch.inputs.sources import pyarrow
from incentives.batch.sql import trees
from incentives.tabular.cells import DAMAGED, text_cell
from incentives.tabular.faults import cell_finding, refusal
from incentives.tabular.header import header_columns
from incentives.tabular.read import Sheet, read_sheet
from incentives.tabular.records import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb
    import pyarrow as pa
    from sqlglot import exp

    from incentives.diagnostics import Finding
    from incentives.tabular.cells import Cell
else:
    from incentives.batch.sql import sqltree as exp

_Rows = tuple["Sequence[int]", "Sequence[Sequence[str | None]]"]
"""Numbers of rows, and the cells of each column of the relation."""
DELIMITED: Final = frozenset({".csv", ".tsv", ".tab"})
_CHUNK: Final = 8_000


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell without an exact meaning: its row from 0, its column, what is wrong."""

    row: int
    column: str
    finding: Finding


@dataclass(slots=True)
class SheetTable:
    """A sheet on its way into a relation: its columns by place, its faults."""

    source: str
    columns: dict[str, int]
    row: str
    rows: int = 0
    faults: list[CellFault] = field(default_factory=list)


def copy_sheet(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    relation: str,
    encoding: str | None = None,
) -> SheetTable:
    """Copy a CSV file, or the one filled sheet of a workbook, into a relation of texts.

    Blank rows are passed over, their numbers are not used.

    Args:
        connection: where the relation is made.
        path: the file; its ending says what it is.
        relation: what it is called; there must be none of this name.
        encoding: of a CSV file that does not show its own.

    Raises:
        TableError: the file is no table, or its header is not clear (E500 to E516).
        MissingExtraError: the reader of workbooks is not installed.
        OSError: the file cannot be read.
    """
    if path.suffix.lower() in DELIMITED:
        lines = records(path, str(path), encoding)
        head = tuple(text_cell(text, 1, at) for at, text in enumerate(next(lines, []), start=1))
        made = _begin(str(path), Sheet("", str(path), (head,)))
        _fill(connection, relation, made, _texts(lines, made, len(head)))
        return made
    sheet = read_sheet(path, encoding=encoding, keep_faults=True)
    made = _begin(str(path), sheet)
    _fill(connection, relation, made, _cells(sheet, made))
    return made


def _begin(source: str, sheet: Sheet) -> SheetTable:
    faulty = [cell for cell in (sheet.rows[0] if sheet.rows else ()) if cell.kind == "error"]
    if faulty:
        raise refusal("E516", f"{source}: a heading has no exact meaning",
                      f"{source}：列名没有确切的含义")  # fmt: skip
    places = header_columns(sheet)
    columns: dict[str, int] = {}
    for at in places.values():
        name = (sheet.rows[0][at - 1].text or "").strip()
        other = next((each for each in columns if each.lower() == name.lower()), None)
        if other is not None:
            raise refusal(
                "E514",
                f"{source}: the column {name[:40]!r} stands beside {other[:40]!r}",
                f"{source}：列“{name[:40]}”与“{other[:40]}”重名",
                ("rename or delete one of the two columns", "请改名或删去其中一列"),
            )
        columns[name] = at - 1
    row = ROW
    while row in {name.lower() for name in columns}:
        row = f"_{row}"
    return SheetTable(source, columns, f"_{row}")


def _texts(lines: Iterator[list[str]], made: SheetTable, width: int) -> Iterator[_Rows]:
    """Yield the records that are not blank, many at a time; those of another width are none.

    ``records`` refuses a file with ragged records when it has read them all.
    """
    headed = set(made.columns.values())
    bare = [at for at in range(width) if at not in headed]
    first = 0
    while chunk := list(islice(lines, _CHUNK)):
        kept = [(at, line) for at, line in enumerate(chunk, first) if any(line)]
        first += len(chunk)
        if not kept or {len(line) for _, line in kept} != {width}:
            continue
        numbers, rows = zip(*kept, strict=True)
        columns = list(zip(*rows, strict=True))
        for at in bare:
            _refuse_bare(made.source, numbers, columns[at])
        yield numbers, [columns[at] for at in made.columns.values()]


def _refuse_bare(source: str, numbers: Sequence[int], cells: Sequence[str]) -> None:
    for number, cell in zip(numbers, cells, strict=True):
        if cell:
            raise refusal(
                "E516",
                f"{source}: no heading above a cell of row {number + 2}",
                f"{source}：第 {number + 2} 行有一格上方没有表头",
                ("give the column a heading, or delete it", "请补上表头，或删去该列"),
            )


def _cells(sheet: Sheet, made: SheetTable) -> Iterator[_Rows]:
    """Yield the rows of a workbook's sheet that are not blank; faulty cells are NULL."""
    kept = [
        (number, line)
        for number, line in enumerate(sheet.rows[1:])
        if any((cell.text or "").strip() for cell in line)
    ]
    if not kept:
        return
    for number, line in kept:
        for name, at in made.columns.items():
            if line[at].kind == "error":
                _fault(made, number, name, line[at], sheet.name)
    yield (
        [number for number, _ in kept],
        [
            [None if line[at].kind == "error" else line[at].text for _, line in kept]
            for at in made.columns.values()
        ],
    )


def _fault(made: SheetTable, row: int, column: str, cell: Cell, sheet: str = "") -> None:
    made.faults.append(CellFault(row, column, cell_finding(cell, sheet, made.source)))


def _fill(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    made: SheetTable,
    rows: Iterable[_Rows],
) -> None:
    """Make the relation, many rows at a time."""
    nothing = trees.cast(exp.null(), "VARCHAR")
    empty = exp.select(
        exp.alias_(trees.cast(exp.null(), "BIGINT"), made.row, quoted=True),
        *(exp.alias_(nothing.copy(), name, quoted=True) for name in made.columns),
    ).limit(0)
    trees.create(connection, "TABLE", relation, empty)
    arrow = pyarrow()
    for numbers, columns in rows:
        arrays: dict[str, Any] = {made.row: arrow.array(numbers, arrow.int64())}
        for name, cells in zip(made.columns, columns, strict=True):
            arrays[name] = _sound(made, name, numbers, cells)
        connection.register(f"{relation}_held", arrow.table(arrays))
        held = exp.select("*").from_(trees.table(f"{relation}_held"))
        trees.run(connection, exp.Insert(this=trees.table(relation), expression=held))
        connection.unregister(f"{relation}_held")
        made.rows += len(numbers)


def _sound(
    made: SheetTable, name: str, numbers: Sequence[int], cells: Sequence[str | None]
) -> pa.Array:
    """Return the texts of a column; blank ones are NULL, lost characters a fault."""
    from pyarrow import compute

    arrow = pyarrow()
    column = arrow.array(cells, arrow.string())
    damaged = compute.fill_null(compute.match_substring(column, DAMAGED), False)
    if compute.any(damaged).as_py():
        at = made.columns[name] + 1
        for number, cell, is_damaged in zip(numbers, cells, damaged.to_pylist(), strict=True):
            if is_damaged:
                _fault(made, number, name, text_cell(cell or "", number + 2, at))
    return compute.if_else(compute.or_(damaged, compute.equal(column, "")), None, column)
