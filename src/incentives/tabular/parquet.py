"""Parquet files: one sheet whose first row holds the column names.

Decimals and integers are exact and taken as they are; floating-point columns follow the
rule for workbooks, at most 15 digits. The footer is checked before any page is read.

The trap: an extension type may run code when it is read (CVE-2023-47248), so every one
of them is refused by its name, known to pyarrow or not.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError
from incentives.tabular.archive import too_large
from incentives.tabular.cells import Cell, CellKind, empty_cell, exact_cell, number_cell, text_cell
from incentives.tabular.faults import refusal
from incentives.tabular.markup import MAX_CELLS
from incentives.tabular.read import Sheet
from incentives.values.quantity import decimal_digits

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from incentives.diagnostics import TableError

MAX_BYTES: Final = 512 * 2**20
_BATCH: Final = 10_000


def read_parquet(path: Path, source: str) -> Sheet:
    """Return the one sheet of a Parquet file.

    Raises:
        TableError: no Parquet, beyond the limits, or a column of a kind that is no table
            of facts (E500, E502, E509).
        MissingExtraError: pyarrow 14.0.1 or later is not installed.
        OSError: the file cannot be read.
    """
    arrow = _pyarrow()
    with path.open("rb") as stream:
        try:
            file = arrow.parquet.ParquetFile(stream)
            _measure(file.metadata, source)
            for field in file.schema_arrow:
                _check_type(arrow, field, source)
            columns = _columns(file, source)
        except (arrow.ArrowException, MemoryError, OSError, ValueError, OverflowError) as error:
            first = (str(error).splitlines() or [""])[0]
            raise refusal(
                "E500",
                f"{source} cannot be read as Parquet: {first[:200]}",
                f"{source} 无法作为 Parquet 读取：{first[:200]}",
            ) from None
    head = tuple(
        text_cell(field.name, 1, column) for column, field in enumerate(file.schema_arrow, start=1)
    )
    rows = (
        tuple(_cell(value, row, column) for column, value in enumerate(line, start=1))
        for row, line in enumerate(zip(*columns, strict=True), start=2)
    )
    return Sheet("", source, (head, *rows))


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet  # noqa: F401 - binds pa.parquet
    except ImportError:
        pa = None
    if pa is None or _release(pa.__version__) < (14, 0, 1):
        raise MissingExtraError(("reading .parquet", "读取 .parquet "), "pyarrow", "batch")
    return pa


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", version)[:3])


def _measure(footer: Any, source: str) -> None:
    cells = footer.num_rows * footer.num_columns
    if cells > MAX_CELLS:
        raise too_large(source, f"{cells} cells", f"{cells} 个单元格")
    groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
    size = sum(max(0, group.total_byte_size) for group in groups)
    if size > MAX_BYTES:
        raise too_large(source, f"{size} bytes unpacked", f"解压后 {size} 字节")


def _columns(file: Any, source: str) -> list[list[Any]]:
    columns: list[list[Any]] = [[] for _ in file.schema_arrow]
    cells = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        cells += batch.num_rows * batch.num_columns
        if cells > MAX_CELLS:  # more than the footer says
            raise too_large(source, f"more than {MAX_CELLS} cells", f"超过{MAX_CELLS}个单元格")
        for column, values in zip(columns, batch.columns, strict=True):
            column.extend(values.to_pylist())
    return columns


def _check_type(arrow: Any, field: pa.Field[Any], source: str) -> None:
    kind = field.type.value_type if arrow.types.is_dictionary(field.type) else field.type
    plain = (
        arrow.types.is_integer, arrow.types.is_floating, arrow.types.is_decimal,
        arrow.types.is_boolean, arrow.types.is_string, arrow.types.is_large_string,
        arrow.types.is_date, arrow.types.is_timestamp, arrow.types.is_null,
    )  # fmt: skip
    extension = (field.metadata or {}).get(b"ARROW:extension:name")
    if extension is None and any(check(kind) for check in plain):
        return
    named = str(kind) if extension is None else f"extension {extension.decode('utf-8', 'replace')}"
    raise _refused_type(field.name, named, source)


def _refused_type(name: str, kind: str, source: str) -> TableError:
    return refusal(
        "E509",
        f"{source}: column {name[:40]!r} is of type {kind[:60]}, which is not read",
        f"{source}：列“{name[:40]}”的类型 {kind[:60]} 不予读取",
        (
            "write text, whole numbers, decimals, dates, or true and false",
            "请改为文本、整数、定点小数、日期或真假值",
        ),
    )


def _cell(value: Any, row: int, column: int) -> Cell:
    match value:
        case None:
            return empty_cell(row, column)
        case str():
            return text_cell(value, row, column)
        case bool():
            return Cell("TRUE" if value else "FALSE", CellKind.BOOL, value, row, column)
        case int():
            return exact_cell(value, decimal_digits(value), row, column)
        case Decimal():
            whole = Fraction(value)
            number = whole.numerator if whole.denominator == 1 else whole
            return exact_cell(number, f"{value:f}", row, column)
        case float():
            return number_cell(repr(value), row, column)
        case datetime() if value.tzinfo is not None or value.time() != datetime.min.time():
            return text_cell(value.isoformat(" "), row, column)
        case date():
            day = date(value.year, value.month, value.day)
            return Cell(day.isoformat(), CellKind.DATE, day, row, column)
        case _:
            return text_cell(str(value), row, column)
