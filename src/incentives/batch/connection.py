"""A DuckDB connection for one run: in memory, nothing fetched, its spill where it is told.

The trap: without a directory of its own DuckDB spills into the working directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path


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
        config["memory_limit"] = limits.memory
    if limits.threads is not None:
        config["threads"] = str(limits.threads)
    try:
        return duckdb.connect(":memory:", config=config)
    except duckdb.Error as error:
        raise ValueError(str(error)) from None
