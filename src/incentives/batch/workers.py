"""Many firms decided by the single engine, in this process or in several others.

Other processes are started afresh (``spawn``), get the rules once, and give back Arrow
tables in the order of the tasks, however long each takes. What goes wrong with one firm
becomes its row; the others never notice.

The trap: a script that asks for other processes needs ``if __name__ == "__main__":``,
for each of them reads the script again.
"""

from __future__ import annotations

import pickle
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from incentives.batch.decisions import ordered
from incentives.batch.single import Single, error_row
from incentives.diagnostics import Finding, IncentivesError, ProfileError
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from incentives.batch.decisions import Row
    from incentives.batch.single import Settings
    from incentives.rulebook.model import Rules, Vocabulary

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


class BrokenWorkerError(IncentivesError):
    """A worker process was ended from outside, most likely because memory ran out."""

    zh = "一个工作进程被系统终止，多半是内存不足；请减少 --workers，或每批处理的户数。"

    def __init__(self) -> None:
        super().__init__(
            "a worker process was ended from outside, most likely because memory ran out: "
            "use fewer workers, or smaller chunks"
        )


def decide(
    tasks: Iterable[Task], rules: Rules, settings: Settings, workers: int = 1
) -> Iterator[Any]:
    """Yield an Arrow table of decisions (``ordered_schema``) for each task, in their order.

    Args:
        tasks: the firms; taken only as fast as they are decided.
        rules: what they are decided by.
        settings: what was chosen for all.
        workers: processes; with 1 everything happens in this one.

    Raises:
        BrokenWorkerError: a process was killed; nothing after it is decided.
    """
    if workers <= 1:
        single = Single(rules, settings)
        for task in tasks:
            yield ordered(decided(single, task))
        return
    pool = ProcessPoolExecutor(
        workers, get_context("spawn"), _begin, (pickle.dumps((rules, settings)),)
    )
    waiting: deque[Future[Any]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(_run, task))
            if len(waiting) >= workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise BrokenWorkerError from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def decided(single: Single, task: Task) -> Iterator[Row]:
    """Yield the rows of a task's firms; a firm that cannot be decided has one row that says why."""
    for case in task.cases(single.rules.vocabulary):
        yield from _decided(single, case)


def _decided(single: Single, case: Case) -> list[Row]:
    row, key, facts, ids = case
    lang = single.settings.lang
    if isinstance(facts, tuple):
        return [error_row(row, key, facts, lang)]
    try:
        profile = facts if isinstance(facts, Profile) else Profile(facts, single.rules.vocabulary)
        return single.rows(row, key, profile, ids)
    except ProfileError as error:
        return [error_row(row, key, error.findings, lang)]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this firm's alone
        return [error_row(row, key, (_internal(error),), lang)]


def _internal(error: Exception) -> Finding:
    told = f"{type(error).__name__}: {error}"
    return Finding(
        code="E590",
        message=f"this firm could not be decided; the fault is the program's ({told})",
        zh=f"未能评估这一户，问题出在本程序（{told}）",
    )


# What a worker process holds for its whole life.
_held: list[Single] = []


def _begin(pickled: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts talks to the parent
    _held[:] = [Single(*pickle.loads(pickled))]  # noqa: S301 - our own, from the parent


def _run(task: Task) -> Any:
    return ordered(decided(_held[0], task))
