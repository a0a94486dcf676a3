"""A batch from tables to decisions.

The firms go through in chunks, in the order of the input; what comes out does not depend
on the size of a chunk, on threads or on processes.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypedDict, Unpack

from incentives.batch.decisions import schema
from incentives.batch.files import PARQUET, convert, ending_of, write_parquet
from incentives.batch.interim import Tables
from incentives.batch.provenance import METADATA, Provenance
from incentives.batch.result import Counts, Decisions, delete_with
from incentives.batch.single import Settings
from incentives.batch.workers import decide
from incentives.diagnostics import UnknownIncentiveError
from incentives.engine.results import unknown_incentive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from os import PathLike

    from incentives.rulebook.model import Rules

CHUNK: Final = 200
"""Firms that one task of the single engine holds."""


class HasRules(Protocol):
    """A rulebook, such as ``incentives.load()`` returns."""

    @property
    def rules(self) -> Rules:
        """The rules as the engine reads them."""


class Choices(TypedDict, total=False):
    """What a caller may choose; everything has a default.

    What is decided: ``only``, ids to report (everything they depend on is evaluated all
    the same); ``items``, a row for every item too; ``drafts``, decide drafts too, never in
    totals; ``assume_no_history``, an absent past means that nothing was received; ``lang``
    of the sentences in error rows, ``zh`` (default) or ``en``.

    How the machine is used, which changes no result: ``workers``, processes for what the
    single engine decides (default 1; more only in a script with ``if __name__ ==
    "__main__":``); ``chunk``, firms at a time; ``progress``, called with how many firms are
    done, of how many.
    """

    only: Iterable[str] | None
    items: bool
    drafts: bool
    assume_no_history: bool
    lang: str
    workers: int
    chunk: int | None
    progress: Callable[[int, int], None] | None


def assess(
    rulebook: HasRules,
    tables: Mapping[str, Any],
    *,
    key: str,
    on: date,
    output: str | PathLike[str] | None = None,
    **choices: Unpack[Choices],
) -> Decisions:
    """Decide every incentive for every firm of a table.

    Args:
        rulebook: what ``incentives.load()`` returns.
        tables: ``"applicant"``: a row a firm; each list entity: a row an item. Paths
            (.parquet, .csv, .xlsx) or Arrow tables, with fact paths or labels for headers.
        key: the column that names the firm, in every table.
        on: the date of assessment.
        output: write the decisions here (.parquet, .csv, .xlsx) as they are made.
        choices: see ``Choices``.

    Raises:
        TableError: a table that cannot be read.
        UnknownIncentiveError: ``only`` names no incentive.
        MissingExtraError: the extra ``batch`` is not installed.
        OSError: a file cannot be read or written.
        TypeError: ``on`` is no plain date, ``only`` is one text.
    """
    settings = settings_of(rulebook.rules, on, choices)
    provenance = Provenance.of(rulebook.rules, settings, tables, key, {})
    ending = None if output is None else ending_of(output)
    run = _Run(Tables(rulebook.rules.vocabulary, tables, key), rulebook.rules, settings, choices)
    directory = tempfile.mkdtemp(prefix="incentives-")
    try:
        path = Path(directory) / "decisions.parquet"
        if output is not None and ending == PARQUET:
            path = Path(output)
        write_parquet(path, run.tables(), schema(), {METADATA: provenance.to_bytes()})
        if output is not None and ending != PARQUET:
            convert(path, output, "decisions")
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    made = Decisions(path, run.counts(), provenance, {})
    delete_with(made, directory)
    return made


class _Run:
    """One run: makes the tables and counts what was in them."""

    def __init__(
        self,
        source: Tables,
        rules: Rules,
        settings: Settings,
        choices: Choices,
    ) -> None:
        self.source = source
        self.rules = rules
        self.settings = settings
        self.workers = choices.get("workers", 1)
        self.chunk = choices.get("chunk") or CHUNK
        self.progress = choices.get("progress")
        self.rows = self.errors = self.internal = 0

    def tables(self) -> Iterator[Any]:
        """Yield the decisions of each chunk of firms."""
        from pyarrow import compute

        size = self.chunk
        count = self.source.count
        tasks = (self.source.task(at, min(at + size, count)) for at in range(0, count, size))
        done = 0
        for table in decide(tasks, self.rules, self.settings, self.workers):
            self.rows += table.num_rows
            failed = table.filter(compute.is_null(table["incentive"]))
            self.errors += failed.num_rows
            told = compute.starts_with(failed["reason"], "E590")
            self.internal += compute.sum(told).as_py() or 0
            done = min(done + size, count)
            if self.progress is not None:
                self.progress(done, count)
            yield table

    def counts(self) -> Counts:
        """Return what was counted."""
        made = self.rows - self.errors
        return Counts(self.source.count, made, 0, made, self.errors, self.internal)


def settings_of(rules: Rules, on: date, choices: Choices) -> Settings:
    """Return what was chosen for every firm alike, checked.

    Raises:
        UnknownIncentiveError: ``only`` names no incentive.
        TypeError: ``on`` is no plain date, ``only`` is one text.
    """
    if type(on) is not date:
        raise TypeError(f"`on` is a date such as date(2024, 6, 1), not {on!r}")
    return Settings(
        on,
        choices.get("drafts", False),
        choices.get("assume_no_history", False),
        choices.get("items", False),
        _chosen(choices.get("only"), rules),
        choices.get("lang", "zh"),
    )


def _chosen(only: Iterable[str] | None, rules: Rules) -> tuple[str, ...] | None:
    if only is None:
        return None
    if isinstance(only, str):
        raise TypeError(f"`only` is a list of ids such as [{only!r}], not one text")
    chosen = tuple(sorted(set(only)))
    for name in chosen:
        if name not in rules.incentives:
            raise UnknownIncentiveError(unknown_incentive(name, sorted(rules.incentives)))
    return chosen
