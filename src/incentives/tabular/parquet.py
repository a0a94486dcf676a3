"""Parquet files: one sheet whose first row holds the column names.

Decimals and integers are exact and taken as they are; floating-point columns follow the
rule for workbooks, at most 15 digits. A process of its own decodes the file
(``tabular.parquet_child``), with 2 GiB of memory and a minute of time: no footer says what
a file comes to.

The trap: an extension type may run code when it is read (CVE-2023-47248), so every one
of them is refused by its name, known to pyarrow or not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError
from incentives.tabular.archive import too_large
from incentives.tabular.cells import Cell, CellKind, empty_cell, exact_cell, number_cell, text_cell
from incentives.tabular.faults import refusal
from incentives.tabular.markup import MAX_CELLS
from incentives.tabular.read import Sheet
from incentives.values.quantity import decimal_digits

if TYPE_CHECKING:
    from incentives.diagnostics import TableError

MAX_BYTES: Final = 512 * 2**20
MAX_MEMORY: Final = 2 * 2**30
MAX_SECONDS: Final = 60


def read_parquet(path: Path, source: str) -> Sheet:
    """Return the one sheet of a Parquet file.

    Raises:
        TableError: no Parquet, beyond the limits, or a column of a kind that is no table
            of facts (E500, E502, E509).
        MissingExtraError: pyarrow 14.0.1 or later is not installed.
        OSError: the file cannot be read.
    """
    _check_reader()
    with path.open("rb"):
        names, *columns = _decoded(path, source)
    head = tuple(text_cell(name, 1, column) for column, name in enumerate(names, start=1))
    rows = (
        tuple(_cell(value, row, column) for column, value in enumerate(line, start=1))
        for row, line in enumerate(zip(*columns, strict=True), start=2)
    )
    return Sheet("", source, (head, *rows))


def _check_reader() -> None:
    try:
        import pyarrow as pa
    except ImportError:
        pa = None
    if pa is None or _release(pa.__version__) < (14, 0, 1):
        raise MissingExtraError(("reading .parquet", "读取 .parquet "), "pyarrow", "batch")


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", version)[:3])


def _decoded(path: Path, source: str) -> list[Any]:
    """Return the names of the columns, then the values of each, from the child."""
    child = Path(__file__).with_name("parquet_child.py")
    limits = map(str, (MAX_CELLS, MAX_BYTES, MAX_MEMORY, MAX_SECONDS))
    # ``-P``: what lies beside the script is no module of the child.
    command = [sys.executable, "-P", str(child), str(path.absolute()), *limits]
    done = subprocess.run(  # noqa: S603 - this interpreter, our script
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:  # killed by a limit, or by what the file made of the decoder
        raise _refused(source, ["memory"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if isinstance(lines[0], dict):
        raise _refused(source, lines[0]["refused"])
    return lines


def _refused(source: str, why: list[Any]) -> TableError:
    match why:
        case ["memory"]:
            memory = f"{MAX_MEMORY // 2**30} GiB"
            return too_large(source, f"more than {memory} of memory", f"内存超过 {memory}")
        case ["cells", count]:
            return too_large(source, f"{count} cells", f"{count} 个单元格")
        case ["cells"]:
            return too_large(source, f"more than {MAX_CELLS} cells", f"超过{MAX_CELLS}个单元格")
        case ["bytes", size]:
            return too_large(source, f"{size} bytes unpacked", f"解压后 {size} 字节")
        case ["bytes"]:
            text = f"more than {MAX_BYTES} bytes unpacked"
            return too_large(source, text, f"解压后超过 {MAX_BYTES} 字节")
        case ["type", name, kind]:
            return refusal(
                "E509",
                f"{source}: column {name!r} is of type {kind}, which is not read",
                f"{source}：列“{name}”的类型 {kind} 不予读取",
                (
                    "write text, whole numbers, decimals, dates, or true and false",
                    "请改为文本、整数、定点小数、日期或真假值",
                ),
            )
        case _:
            return refusal(
                "E500",
                f"{source} cannot be read as Parquet: {why[-1]}",
                f"{source} 无法作为 Parquet 读取：{why[-1]}",
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
        case ["d", text]:
            whole = Fraction(Decimal(text))
            number = whole.numerator if whole.denominator == 1 else whole
            return exact_cell(number, text, row, column)
        case ["y", text]:
            return Cell(text, CellKind.DATE, date.fromisoformat(text), row, column)
        case _:
            return number_cell(value[1], row, column)
