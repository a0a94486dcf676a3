"""Tables out: Parquet as it is made, CSV and workbooks from it, each whole or not at all.

A file is made beside its place and moved there at the end; an interrupted run leaves
nothing behind. CSV and workbooks are for people: texts cannot start a formula, lists are
written as one text, ``; `` between their parts.

The trap: a workbook holds numbers as doubles. An amount of more than 15 digits is
written as text, so that no figure is ever another one.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.decisions import arrow
from incentives.diagnostics import Finding, MissingExtraError, TableError
from incentives.tabular.write import write_csv, write_whole
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from os import PathLike

PARQUET: Final = ".parquet"
ENDINGS: Final = (PARQUET, ".csv", ".xlsx")
MOST_ROWS: Final = 1_048_575
"""What a worksheet holds below its heading."""
WIDTHS: Final = {
    "applicant": 22, "incentive": 52, "missing": 44, "error": 60, "reason": 24, "name": 40,
    "key": 52, "part": 10, "counts": 8,
}  # fmt: skip
"""Columns of a worksheet that are not 16 characters wide."""
KEY: Final = "applicant"
"""The column by whose least and greatest value a reader finds rows in Parquet."""
ROWS: Final = 100_000
"""Rows that are held in memory at once."""


def ending_of(path: str | PathLike[str]) -> str:
    """Return which kind of file a name asks for.

    Raises:
        TableError: none that can be written (E501).
    """
    found = Path(path).suffix.lower()
    if found in ENDINGS:
        return found
    raise TableError(
        [
            Finding(
                code="E501",
                message=f"{Path(path).name} is not a kind of table that can be written",
                zh=f"{Path(path).name} 不是可以写出的表格文件",
                help="name it .parquet, .csv or .xlsx",
                help_zh="文件名请以 .parquet、.csv 或 .xlsx 结尾",
            )
        ]
    )


def parquet() -> Any:
    """Return pyarrow's Parquet module.

    Raises:
        MissingExtraError: the extra ``batch`` is not installed.
    """
    arrow()
    from pyarrow import parquet as module

    return module


def write_parquet(
    path: str | PathLike[str],
    tables: Iterable[Any],
    schema: Any,
    metadata: Mapping[bytes, bytes] | None = None,
) -> int:
    """Write Arrow tables one after another as one file; return how many rows it has.

    Raises:
        OSError: the file cannot be written; nothing is left behind.
    """
    count = 0

    def write(file: Path) -> None:
        nonlocal count
        kept = schema.with_metadata(metadata)
        with (
            parquet().ParquetWriter(
                file, kept, compression="zstd", write_statistics=[KEY]
            ) as writer,
            ThreadPoolExecutor(1) as thread,
        ):
            written: Future[None] | None = None
            for table in tables:  # one is written while the next one is made
                if not table.num_rows:
                    continue
                if written is not None:
                    written.result()
                shown = table.select(schema.names).replace_schema_metadata(metadata)
                written = thread.submit(writer.write, shown)
                count += table.num_rows
            if written is not None:
                written.result()

    write_whole(path, write)
    return count


def write_table(path: str | PathLike[str], tables: Iterable[Any], schema: Any, sheet: str) -> None:
    """Write Arrow tables or record batches as one file, of the kind that its name says.

    Raises: as ``convert``.
    """
    if ending_of(path) == PARQUET:
        write_parquet(path, tables, schema)
        return
    with tempfile.TemporaryDirectory(prefix="incentives-") as place:
        made = Path(place) / "table.parquet"
        write_parquet(made, tables, schema)
        convert(made, path, sheet)


def read_batches(path: Path) -> Iterator[Any]:
    """Yield the rows of a Parquet file, some at a time."""
    with parquet().ParquetFile(path) as file:
        yield from file.iter_batches(ROWS)


def convert(source: Path, path: str | PathLike[str], sheet: str) -> None:
    """Write a Parquet file as CSV or as a workbook, by the name's ending.

    Raises:
        TableError: another ending, or more rows than a worksheet holds (E501, E591).
        MissingExtraError: the extra ``excel`` is not installed.
        OSError: a file cannot be read or written.
    """
    with parquet().ParquetFile(source) as file:
        names, count = file.schema_arrow.names, file.metadata.num_rows
    if ending_of(path) == ".csv":
        write_csv(path, names, _plain_rows(source))
    else:
        write_sheet(path, sheet, names, _plain_rows(source), count)


def _plain_rows(source: Path) -> Iterator[list[Any]]:
    for batch in read_batches(source):
        columns = [list(map(_plain, column.to_pylist())) for column in batch.columns]
        yield from map(list, zip(*columns, strict=True))


def _plain(value: Any) -> Any:
    match value:
        case list():
            return "; ".join(value)
        case Decimal():
            return Money(int(Fraction(value) * 100))
        case _:
            return value


def write_sheet(
    path: str | PathLike[str],
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    count: int,
) -> None:
    """Write rows as the one sheet of a workbook, row by row in constant memory.

    Raises:
        TableError: more rows than a worksheet holds (E591).
        MissingExtraError: the extra ``excel`` is not installed.
        OSError: the file cannot be written.
    """
    if count > MOST_ROWS:
        raise TableError([_too_many(path, count)])
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtraError(("writing .xlsx", "写出 .xlsx"), "xlsxwriter", "excel") from None

    def write(file: Path) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"created": date(2000, 1, 1)})
            sheet = book.add_worksheet(name)
            bold = book.add_format({"bold": True})
            money = book.add_format({"num_format": "#,##0.00"})
            for column, text in enumerate(header):
                sheet.set_column(column, column, WIDTHS.get(text, 16))
                sheet.write_string(0, column, text, bold)
            for line, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    _cell(sheet, line, column, value, money)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, count, len(header) - 1)

    write_whole(path, write)


def _cell(sheet: Any, line: int, column: int, value: Any, money: Any) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(line, column, value)
        case Money() if abs(value.fen) < 10**15:
            sheet.write_number(line, column, Decimal(f"{value:plain}"), money)
        case Money():
            sheet.write_string(line, column, f"{value:plain}")
        case int() if abs(value) < 10**15:
            sheet.write_number(line, column, value)
        case _:
            sheet.write_string(line, column, str(value))


def _too_many(path: str | PathLike[str], count: int) -> Finding:
    name = Path(path).name
    return Finding(
        code="E591",
        message=f"{name}: {count:,} rows are more than a worksheet holds ({MOST_ROWS:,})",
        zh=f"{name}：共 {count:,} 行，超过工作表的上限（{MOST_ROWS:,} 行）",
        help="write .parquet or .csv",
        help_zh="请写成 .parquet 或 .csv",
    )
