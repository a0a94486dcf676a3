"""Tables out: CSV that spreadsheets show as written, and files that appear whole.

The law kept here (``tests/unit/tabular/test_write.py``): no text starts a formula. A
text that begins with one of ``= + - @``, a tab or a line end (or the full-width form of
a sign) gets an apostrophe before it; numbers never do. Whoever reads such a file with a
program finds the apostrophe there: ``docs/spreadsheets.md`` says so.

The trap: a file is written beside its place and moved there at the end, so that nobody
ever reads half a table; the directory must be writable.
"""

from __future__ import annotations

import csv
import errno
import os
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from incentives.values.money import Money
from incentives.values.quantity import decimal_digits, exact_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | Fraction | Money | date | bool | None


def write_csv(
    path: str | os.PathLike[str], header: Sequence[str], rows: Iterable[Sequence[Value]]
) -> None:
    """Write a table as UTF-8 with a byte order mark, which Excel and WPS need.

    Money is written in yuan with two decimals, ``None`` as nothing, a fraction as its
    decimal digits.

    Raises:
        ValueError: a row is not as long as the header, or a fraction has no short decimal.
        OSError: the file cannot be written.
    """

    def write(file: Path) -> None:
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            out = csv.writer(stream, lineterminator="\r\n")
            out.writerow([guarded(name) for name in header])
            for number, row in enumerate(rows, start=2):
                if len(row) != len(header):
                    raise ValueError(f"row {number} has {len(row)} cells, not {len(header)}")
                out.writerow([_written(value) for value in row])

    write_whole(path, write)


def write_whole(path: str | os.PathLike[str], write: Callable[[Path], None]) -> None:
    """Let ``write`` make a file beside ``path`` and move it there, whole or not at all.

    Raises:
        OSError: the directory cannot be written to; nothing is left behind.
    """
    final = Path(os.path.realpath(path))
    if not final.parent.is_dir():  # else the error would name the passing directory
        raise FileNotFoundError(errno.ENOENT, "the directory does not exist", str(final))
    with tempfile.TemporaryDirectory(prefix=".incentives-", dir=final.parent) as place:
        file = Path(place) / final.name
        write(file)
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
        file.replace(final)


def guarded(text: str) -> str:
    """Return a text as CSV must hold it so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _written(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return guarded(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case Money():
            return f"{value:plain}"
        case int():
            return decimal_digits(value)
        case Fraction():
            text = exact_decimal(value, most=12)
            if text is None:
                raise ValueError(f"{value} has no short decimal")
            return text
        case _:
            return value.isoformat()
