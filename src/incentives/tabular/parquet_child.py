"""Parquet decoded in a process of its own, with a limit on its memory and time.

Run as a script by ``tabular.parquet``, never imported by it: whatever a file
does to the decoder, it does it here. A few kilobytes can stand for gigabytes (a
dictionary of one long text, repeated), which no footer says.

Standard output gets JSON, a line each: the names of the columns and then every
column, or why there are none. Values that JSON lacks are pairs of a letter and
their text. Nothing of the library is imported here.

The trap: ``resource`` is missing outside POSIX. There only the checks of the
footer and of sizes while reading hold.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

_BATCH = 10_000


class _RefusedError(Exception):
    """What is wrong with the file: a word, and what it is about."""


def main(arguments: list[str]) -> int:
    """Decode the file named first, within so many cells, bytes, bytes of memory and seconds."""
    path, *limits = arguments
    cells, size, memory, seconds = map(int, limits)
    import pyarrow as pa  # before the limit: what it reserves depends on the machine
    import pyarrow.parquet

    _limit(memory, seconds)
    try:
        lines = decode(pa, path, cells, size)
    except _RefusedError as refused:
        lines = [{"refused": list(refused.args)}]
    except (MemoryError, pa.ArrowMemoryError):
        lines = [{"refused": ["memory"]}]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        first = (str(error).splitlines() or [""])[0]
        lines = [{"refused": ["broken", first[:200]]}]
    for line in lines:
        sys.stdout.write(json.dumps(line) + "\n")
    return 0


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    reserved = 0
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        reserved = int(statistics.read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (reserved + memory, reserved + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def decode(arrow: Any, path: str, cells: int, size: int) -> list[Any]:
    """Return the names of the columns, then the values of each."""
    with Path(path).open("rb") as stream:
        file = arrow.parquet.ParquetFile(stream)
        footer = file.metadata
        if footer.num_rows * footer.num_columns > cells:
            raise _RefusedError("cells", footer.num_rows * footer.num_columns)
        groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
        unpacked = sum(max(0, group.total_byte_size) for group in groups)
        if unpacked > size:
            raise _RefusedError("bytes", unpacked)
        for field in file.schema_arrow:
            _check_type(arrow, field)
        columns: list[list[Any]] = [[] for _ in file.schema_arrow]
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            cells -= batch.num_rows * batch.num_columns
            if cells < 0:  # more than the footer says
                raise _RefusedError("cells")
            for column, values in zip(columns, batch.columns, strict=True):
                column.extend(map(_plain, values.to_pylist()))
                size -= sum(len(value) for value in column[-len(values) :] if type(value) is str)
            if size < 0:
                raise _RefusedError("bytes")
        return [[field.name for field in file.schema_arrow], *columns]


def _check_type(arrow: Any, field: Any) -> None:
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
    raise _RefusedError("type", field.name[:40], named[:60])


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: texts, truth values and whole numbers as they are."""
    match value:
        case None | str() | bool() | int():
            return value
        case Decimal():
            return ["d", f"{value:f}"]
        case datetime() if value.tzinfo is not None or value.time() != datetime.min.time():
            return value.isoformat(" ")
        case date():
            return ["y", f"{value.year:04}-{value.month:02}-{value.day:02}"]
        case _:
            return ["f", repr(value)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
