"""Decisions by the columns alone, straight from the database into a Parquet file.

Where nothing is left to the single engine and no list is read, the query of all firms is
one pass over them in their order, and DuckDB writes the file itself.

The trap: the file must be as ``files.write_parquet`` makes it, but for narrower decimals.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.decisions import COLUMNS
from incentives.batch.provenance import METADATA
from incentives.batch.sql import sqltree, trees
from incentives.tabular.write import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path

    from sqlglot import exp

PAUSE: Final = 1
"""Seconds between two looks at the progress."""


def is_straight(query: exp.Query) -> bool:
    """Say whether a query gives its rows in order as it reads them: what it joins, it sorts.

    A sort of all firms needs memory that grows with them; by chunks it does not.
    """
    return query.find(sqltree.Join) is None


def copy_parquet(
    connection: Any,
    query: exp.Query,
    path: str | PathLike[str],
    metadata: bytes,
    told: Callable[[int], None] | None,
) -> int:
    """Write what a query of decisions gives; return how many rows there are.

    Args:
        connection: where it runs.
        query: its columns are those of ``long.DECISION``; only the table's are written.
        path: the file.
        metadata: what the file says about itself.
        told: called now and then with the percentage that is done.

    Raises:
        OSError: the file cannot be written; nothing is left behind.
    """
    kept = [each for each in query.selects if each.alias_or_name in COLUMNS]
    shown = query.copy().select(*kept, append=False).sql("duckdb")
    said = trees.text(metadata.decode()).sql("duckdb")
    count = 0

    def write(file: Path) -> None:
        nonlocal count
        to = trees.text(str(file)).sql("duckdb")
        options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{METADATA.decode()}: {said}}}"
        with _Watch(connection, told):
            ((count,),) = connection.execute(f"COPY ({shown}) TO {to} ({options})").fetchall()

    write_whole(path, write)
    return count


class _Watch:
    """Tells how far a connection is while it works."""

    def __init__(self, connection: Any, told: Callable[[int], None] | None) -> None:
        self.connection = connection
        self.told = told
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        if self.told is not None:
            self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        if self.told is not None:
            self.thread.join()

    def _look(self) -> None:
        while self.told is not None and not self.done.wait(PAUSE):
            self.told(max(0, int(self.connection.query_progress())))
