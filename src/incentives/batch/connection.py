"""A DuckDB connection for one run: in memory, nothing fetched, its spill where it is told.

The trap: without a directory of its own DuckDB spills into the working directory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

SIZE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([kKMGT]?)(i?)B")
"""An amount of memory, such as ``4GiB``."""
REST: Final = 768 * 2**20
"""What a run holds beside the columns: rows on their way to the file, and itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the machine a run may use: ``memory`` as ``4GiB``; ``None`` as DuckDB does."""

    memory: str | None = None
    threads: int | None = None


def open_connection(limits: Limits, spill: Path) -> Any:
    """Return a new connection that spills into a directory.

    Raises:
        MissingExtraError: the extra ``batch`` is not installed.
        ValueError: the memory limit is none.
    """
    try:
        import duckdb
    except ImportError:
        what = ("deciding tables of firms", "批量评估")
        raise MissingExtraError(what, "duckdb", "batch") from None
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spill),
    }
    if limits.memory is not None:
        config["memory_limit"] = _for_columns(limits.memory)
    if limits.threads is not None:
        config["threads"] = str(limits.threads)
    try:
        connection = duckdb.connect(":memory:", config=config)
    except duckdb.Error as error:
        raise ValueError(str(error)) from None
    _tune(connection)
    return connection


def _for_columns(memory: str) -> str:
    """Return what the columns may hold of a run's memory: all but ``REST``, or three quarters."""
    size = SIZE.fullmatch(memory)
    if size is None:
        return memory  # what it is, or that it is none, DuckDB says
    number, power, binary = size.groups()
    step = 1024 if binary else 1000
    whole = int(Fraction(number) * step ** " KMGT".index(power.upper() or " "))
    return f"{max(whole - REST, whole * 3 // 4)}B"


def _tune(connection: Any) -> None:
    """Turn off what DuckDB's optimizer does to the queries of decisions, where it has it.

    Aggregates pushed below a join take the projections under them along, every layer written
    into the next: an expression that is named once and used often becomes a tree of copies
    (measured: 190,000 characters for one, half of the time of the shipped rules).
    """
    known = {name for (name,) in connection.execute("FROM duckdb_optimizers()").fetchall()}
    off = sorted(known & {"partial_aggregate_pushdown"})
    if off:
        connection.execute("SET disabled_optimizers = $1", [",".join(off)])
