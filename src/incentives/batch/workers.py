"""Many firms decided by the single engine, in this process or in several others.

Other processes are started afresh (``spawn``), get the rules once, and give back Arrow
tables in the order of the tasks, however long each takes. What goes wrong with one firm
becomes a row of it; the others never notice.

The traps: a script that asks for other processes needs ``if __name__ == "__main__":``,
for each of them reads the script again. And what a process is started with goes through
a pipe that nobody empties if the process dies at once: the rules go by a file.
"""

from __future__ import annotations

import pickle
import signal
import tempfile
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, Self, TypeAlias

from incentives.batch.decisions import arrow, ordered, told_schema, yuan
from incentives.batch.single import Single, error_row
from incentives.diagnostics import IncentivesError, ProfileError
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from incentives.batch.decisions import Row
    from incentives.batch.single import Settings
    from incentives.diagnostics import Finding
    from incentives.rulebook.model import Rules, Vocabulary

FIRMS: Final = 200
"""Firms in a task, so that no process waits long for another."""
AHEAD: Final = 3
"""How many tasks wait for each worker, so that none runs dry and memory stays bounded."""


class Case(NamedTuple):
    """A firm to decide.

    ``row``: its place in the input, from 0; ``facts``: a profile, its data, or the findings
    that say why it has none; ``ids``: the incentives to decide, ``None`` for all reported.
    """

    row: int
    key: str | None
    facts: Profile | Mapping[str, Any] | tuple[Finding, ...]
    ids: tuple[str, ...] | None = None


class Task(Protocol):
    """Some firms, in the order of the input; travels to another process."""

    def cases(self, vocabulary: Vocabulary) -> Iterable[Case]:
        """Return the firms."""


Make: TypeAlias = "Callable[[Single, Task], Any]"
"""Makes something of a task: ``decisions_of`` or ``totals_of``."""


class BrokenWorkerError(IncentivesError):
    """A worker process ended before its work: memory ran out, or its script has no guard."""

    zh = (
        "一个工作进程提前结束：可能是内存不足（请减少 --workers，或每批处理的户数），"
        '也可能是所运行的脚本没有 if __name__ == "__main__": 保护。'
    )

    def __init__(self) -> None:
        super().__init__(
            "a worker process ended before its work: memory ran out (use fewer workers, or "
            'smaller chunks), or the script that runs has no `if __name__ == "__main__":`'
        )


def decisions_of(single: Single, task: Task) -> Any:
    """Return the decisions about a task's firms as an Arrow table of ``ordered_schema``."""
    return ordered(
        row for case in task.cases(single.rules.vocabulary) for row in _decided(single, case)
    )


def totals_of(single: Single, task: Task) -> Any:
    """Return the totals of a task's firms as an Arrow table, for ``summary.summary``."""
    rows = []
    for _, key, facts, _ in task.cases(single.rules.vocabulary):
        if not isinstance(facts, tuple):
            found = single.totals(_profile(facts, single))
            high = found.range.high
            rows.append(
                {
                    "applicant": key,
                    "asked": True,
                    "low": yuan(found.range.low.fen),
                    "high": None if high is None else yuan(high.fen),
                    "ceiling": None if found.ceiling is None else yuan(found.ceiling.fen),
                }
            )
    return arrow().Table.from_pylist(rows, told_schema())


def _profile(facts: Profile | Mapping[str, Any], single: Single) -> Profile:
    return facts if isinstance(facts, Profile) else Profile(facts, single.rules.vocabulary)


class Pool:
    """Single engines that take tasks: the one of this process, or several processes.

    A process is started when the first task needs it. Use as a context manager.
    """

    def __init__(self, rules: Rules, settings: Settings, workers: int = 1) -> None:
        self.workers = workers
        self._made = rules, settings
        self._single: Single | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._known: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._known is not None:
            self._known.unlink(missing_ok=True)

    def submit(self, make: Make, task: Task) -> Callable[[], Any]:
        """Take a task; return what waits for its result, or makes it then, in this process.

        Raises (when called): BrokenWorkerError: a process was killed.
        """
        if self.workers <= 1:
            if self._single is None:
                self._single = Single(*self._made)
            return partial(make, self._single, task)
        if self._pool is None:
            with tempfile.NamedTemporaryFile(prefix="incentives-", delete=False) as file:
                self._known = Path(file.name)
                pickle.dump(self._made, file)
            spawned = get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, spawned, _begin, (self._known,))
        try:
            return partial(_result, self._pool.submit(_run, make, task))
        except BrokenProcessPool:
            raise BrokenWorkerError from None


def _result(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BrokenProcessPool:
        raise BrokenWorkerError from None


def decide(pool: Pool, tasks: Iterable[Task], make: Make = decisions_of) -> Iterator[Any]:
    """Yield what is made of each task, in their order, taken only as fast as they are done.

    Args:
        pool: who decides.
        tasks: the firms.
        make: ``decisions_of``, or ``totals_of``.
    """
    waiting: deque[Callable[[], Any]] = deque()
    for task in tasks:
        waiting.append(pool.submit(make, task))
        if len(waiting) >= pool.workers * AHEAD:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


def _decided(single: Single, case: Case) -> Iterable[Row]:
    row, key, facts, ids = case
    lang = single.settings.lang
    if isinstance(facts, tuple):
        return [error_row(row, key, facts, lang)]
    try:
        return single.rows(row, key, _profile(facts, single), ids)
    except ProfileError as error:
        return [error_row(row, key, error.findings, lang)]


# What a worker process holds for its whole life.
_held: list[Single] = []


def _begin(known: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts talks to the parent
    _held[:] = [Single(*pickle.loads(known.read_bytes()))]  # noqa: S301 - from the parent


def _run(make: Make, task: Task) -> Any:
    return make(_held[0], task)
