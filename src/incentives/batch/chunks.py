"""The decisions of a batch, chunk by chunk: by the columns, and one by one where they cannot.

A chunk is some firms in the order of the input. Its decisions are computed as columns; those
marked ``alone``, the incentives without columns and the firms that are not staged go to the
single engine meanwhile. Then all stand in one table, by firm, incentive and item.

The law kept (``tests/unit/batch/test_laws.py``): where a chunk begins and who decided what
cannot be seen in the result.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.columns import WidthError
from incentives.batch.decisions import arrow, fitted, schema
from incentives.batch.lowered import Lowered
from incentives.batch.sql.emit import START, STOP
from incentives.batch.sql.long import decisions
from incentives.batch.workers import Pool, decisions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from sqlglot import exp

    from incentives.batch.firms import Firms
    from incentives.batch.single import Settings

ROWS: Final = 1_000_000
"""About how many decisions a query gives: memory grows with it, the cost of a query is shared."""
QUERY: Final = 12
"""Incentives in one query: to plan a wide one costs more than to plan several narrow ones."""
QUERIES: Final = 2
"""How many queries' decisions a chunk holds at most, where there are several."""
GROUP: Final = 122_880
"""Firms that DuckDB stores and reads together: a chunk of whole groups reads none twice."""
AHEAD: Final = 1
"""Chunks that are put together while the columns of the next one are computed."""


@dataclass(slots=True)
class Tally:
    """How many there were so far."""

    firms: int = 0
    columns: int = 0
    single: int = 0
    errors: int = 0
    internal: int = 0


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk that is not whole yet: what the columns gave, and what is still being decided."""

    columns: Any
    waiting: tuple[Callable[[], Any], ...]


class Chunks:
    """Makes the decisions of a staged input.

    ``ids``: the incentives that are reported. ``lowered``: those with columns among them.
    """

    def __init__(
        self,
        firms: Firms,
        ids: tuple[str, ...],
        lowered: Lowered,
        settings: Settings,
    ) -> None:
        self.firms = firms
        self.ids = ids
        self.lowered = lowered
        self.settings = settings
        parts = (
            Lowered(lowered.incentives[at : at + QUERY], {})
            for at in range(0, len(lowered.incentives), QUERY)
        )
        self.queries = tuple((part, self._text(part)) for part in parts)
        self.tally = Tally()

    @property
    def is_by_columns(self) -> bool:
        """Whether the columns decide every firm and incentive."""
        answers = [each.answer for each in self.lowered.incentives]
        sure = all(answer.alone.value is False for answer in answers)
        return bool(answers) and sure and not self.others and not self.firms.is_partly_left

    @property
    def others(self) -> tuple[str, ...]:
        """The incentives without columns."""
        known = {each.id for each in self.lowered.incentives}
        return tuple(name for name in self.ids if name not in known)

    def query(self) -> exp.Query | None:
        """Return the one query of all decisions by columns, ``None`` if there cannot be one."""
        try:
            return decisions(self.lowered, self.firms.held.staged, items=self.settings.items)
        except WidthError:
            return None

    def tables(self, pool: Pool, size: int | None, told: Callable[[int], None]) -> Generator[Any]:
        """Yield the decisions as Arrow tables of ``schema``, in order.

        Args:
            pool: the single engines.
            size: firms in a chunk.
            told: called with how many rows of the input are done.
        """
        if size is None:
            rows = ROWS * min(QUERIES, max(1, len(self.queries)))
            size = max(1, rows // max(1, len(self.ids)))
            size = max(size - size % GROUP, min(size, GROUP))
        waiting: deque[tuple[int, Future[Any]]] = deque()
        ended = Event()
        with ThreadPoolExecutor(1) as thread:
            try:
                for first in range(0, self.firms.end, size):
                    last = min(first + size, self.firms.end)
                    made = self._begin(pool, first, last)
                    waiting.append((last, thread.submit(self._finish, made, ended)))
                    while len(waiting) > AHEAD:
                        yield from _done(*waiting.popleft(), told)
                while waiting:
                    yield from _done(*waiting.popleft(), told)
            finally:
                ended.set()

    def _begin(self, pool: Pool, first: int, last: int) -> _Chunk:
        columns, ids = self._by_columns(first, last)
        others = self.others
        if others:
            for row in self.firms.rows(first, last):
                ids[row] = (*ids.get(row, ()), *others)
        tasks = [*self.firms.staged(ids), *self.firms.left(first, last)]
        return _Chunk(columns, tuple(pool.submit(decisions_of, task) for task in tasks))

    def _by_columns(self, first: int, last: int) -> tuple[Any, dict[int, tuple[str, ...]]]:
        """Return the decisions by columns, and what is left to the single engine, by row."""
        if not self.queries:
            return None, {}
        from pyarrow import compute

        kept: list[Any] = []
        ids: dict[int, list[str]] = {}
        connection = self.firms.connection
        for name, row in ((START, first), (STOP, last)):
            connection.execute(f"SET VARIABLE {name} = $1", [row])
        for part, text in self.queries:
            if text is None:
                for row in self.firms.rows(first, last):
                    ids.setdefault(row, []).extend(each.id for each in part.incentives)
                continue
            found = connection.sql(text).to_arrow_table()
            alone = found["alone"]
            if compute.any(alone).as_py():
                whole = compute.and_(alone, compute.is_null(found["at"]))
                marked = found.select(["row", "incentive"]).filter(whole)
                pairs = (column.to_pylist() for column in marked.columns)
                for row, incentive in zip(*pairs, strict=True):
                    ids.setdefault(row, []).append(incentive)
                found = found.filter(compute.invert(alone))
            kept.append(fitted(found))
        together = arrow().concat_tables(kept) if kept else None
        return together, {row: tuple(names) for row, names in ids.items()}

    def _text(self, part: Lowered) -> str | None:
        """Return the query of a chunk; ``None`` where no decimal holds an amount."""
        staged, items = self.firms.held.staged, self.settings.items
        try:
            return decisions(part, staged, rows=True, items=items).sql("duckdb")
        except WidthError:
            return None

    def _finish(self, chunk: _Chunk, ended: Event) -> Any:
        """Return the decisions of a chunk in order; ``None`` where there are none.

        ``ended``: nobody waits for it any more.
        """
        single = [made() for made in chunk.waiting if not ended.is_set()]
        if ended.is_set():
            return None
        for table in single:
            self._count(table)
        found = single
        if chunk.columns is not None:
            self.tally.columns += chunk.columns.num_rows
            found = [chunk.columns, *single]
        if not found:
            return None
        whole = arrow().concat_tables(found)
        if single or len(self.queries) > 1:
            whole = whole.take(_order(whole, self.ids))
        return whole.select(schema().names)

    def _count(self, table: Any) -> None:
        from pyarrow import compute

        failed = table.filter(compute.equal(table["status"], "error"))
        whole = failed.filter(compute.is_null(failed["incentive"])).num_rows
        self.tally.internal += failed.num_rows - whole
        self.tally.errors += len(set(failed["row"].to_pylist()))
        self.tally.single += table.num_rows - failed.num_rows


def _done(last: int, made: Future[Any], told: Callable[[int], None]) -> Iterator[Any]:
    found = made.result()
    if found is not None:
        yield found
    told(last)


def _order(table: Any, ids: Sequence[str]) -> Any:
    """Return the rows' places by firm, incentive and item; the whole before its items."""
    from pyarrow import compute

    rank = compute.index_in(table["incentive"], value_set=arrow().array(sorted(ids)))
    rank = compute.cast(compute.add(compute.fill_null(rank, -1), 1), "int64")
    at = compute.add(compute.fill_null(table["at"], -1), 1)
    many = 1 + (compute.max(at).as_py() or 0)
    # One whole number for all three sorts several times as fast as three columns do.
    key = compute.add_checked(compute.multiply_checked(table["row"], len(ids) + 1), rank)
    key = compute.add_checked(compute.multiply_checked(key, many), at)
    return compute.sort_indices(key)
