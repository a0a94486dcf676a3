"""The result of a batch: its decisions on disk, and what is made of them."""

from __future__ import annotations

import shutil
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from typing import TYPE_CHECKING, Any

from incentives.batch.connection import Limits, open_connection
from incentives.batch.decisions import arrow, told_schema
from incentives.batch.files import (
    PARQUET,
    convert,
    ending_of,
    parquet,
    read_batches,
    write_table,
)
from incentives.batch.summary import asking, prepare, summary, totals
from incentives.batch.workers import Pool, decide, totals_of
from incentives.tabular.write import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike
    from pathlib import Path

    from incentives.batch.firms import Firms
    from incentives.batch.provenance import Provenance
    from incentives.batch.single import Settings
    from incentives.diagnostics import Finding
    from incentives.rulebook.model import Rules


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there were: ``columns`` and ``single`` say who made the decisions."""

    firms: int
    columns: int
    single: int
    errors: int
    internal: int = 0

    @property
    def decisions(self) -> int:
        """All that were made, items with them."""
        return self.columns + self.single


@dataclass(frozen=True, slots=True)
class Origin:
    """What a result keeps of its run, to be asked about single firms."""

    rules: Rules
    settings: Settings
    source: Firms
    workers: int
    limits: Limits
    spill: Path

    def told(self, keys: Sequence[str]) -> Any:
        """Return what the single engine says the totals of some firms are."""
        with Pool(self.rules, self.settings, self.workers) as pool:
            found = list(decide(pool, self.source.among(keys), totals_of)) if keys else []
        return arrow().concat_tables([told_schema().empty_table(), *found])


@dataclass(frozen=True, slots=True, repr=False, weakref_slot=True, eq=False)
class Decisions:
    """What a batch decided, in a Parquet file with the columns of ``decisions.schema``.

    The rows stand by firm in the order of the input, then by incentive, the decision before
    its items. ``refused``: incentives that have no exact columns, decided by the single engine,
    and purses that were not shared, each with the finding that says why. ``findings``: what
    is wrong beyond single firms, such as items of nobody. A file of its own is deleted with
    the object.
    """

    path: Path
    counts: Counts
    provenance: Provenance
    refused: Mapping[str, Finding]
    findings: tuple[Finding, ...]
    _origin: Origin

    @property
    def source(self) -> Firms:
        """The firms that were decided."""
        return self._origin.source

    def __len__(self) -> int:
        return self.counts.decisions + self.counts.errors

    def __repr__(self) -> str:
        found = self.counts
        failed = f", {found.errors} errors" if found.errors else ""
        made = f"{found.decisions} for {found.firms} firms{failed}"
        return f"<Decisions on {self.provenance.on}: {made}>"

    def batches(self) -> Iterator[Any]:
        """Yield the rows as Arrow record batches."""
        return read_batches(self.path)

    def to_arrow(self) -> Any:
        """Return all rows as one Arrow table."""
        return parquet().read_table(self.path)

    def write(self, path: str | PathLike[str]) -> None:
        """Write the decisions as .parquet, .csv or .xlsx, whole or not at all.

        Raises:
            TableError: another ending, or more rows than a worksheet holds (E501, E591).
            MissingExtraError: the extra ``excel`` is not installed.
            OSError: the file cannot be written.
        """
        if ending_of(path) == PARQUET:
            write_whole(path, self._copy)
        else:
            convert(self.path, path, "decisions")

    def summary(self) -> Any:
        """Return a row a firm as an Arrow table, in the order of the input.

        Columns: ``applicant``; how many decisions are ``eligible``, ``undetermined``,
        ``ineligible``, ``not_applicable``; in yuan ``exact`` (null unless it is one amount),
        ``low`` to ``high`` (null: no bound) and ``ceiling`` (what may be given beyond it; null:
        no bound); ``error``.
        """
        with self._summary() as reader:
            return reader.read_all()

    def write_summary(self, path: str | PathLike[str]) -> None:
        """Write the summary as ``write`` does the decisions; raises the same."""
        ending_of(path)
        with self._summary() as reader:
            write_table(path, reader, reader.schema, "summary")

    def totals(self, lang: str = "zh") -> Any:
        """Return totals by incentive, by region and by payer (``summary.totals``)."""
        origin = self._origin
        with self._looked_at() as connection:
            connection.register("regions", origin.source.regions())
            return totals(connection, origin.rules, origin.settings.on, lang)

    def write_totals(self, path: str | PathLike[str], lang: str = "zh") -> None:
        """Write the totals as ``write`` does the decisions; raises the same."""
        ending_of(path)
        found = self.totals(lang)
        write_table(path, [found], found.schema, "totals")

    @contextmanager
    def _summary(self) -> Iterator[Any]:
        """Open the summary as a reader of record batches."""
        with self._looked_at() as connection:
            yield summary(connection, self._origin.told(asking(connection)))

    @contextmanager
    def _looked_at(self) -> Iterator[Any]:
        """Open a connection with what the queries of ``summary`` read."""
        origin = self._origin
        with open_connection(origin.limits, origin.spill) as connection:
            name = escape(str(self.path))
            connection.read_parquet(name, file_row_number=True).create_view("decided")
            stated = origin.source.has_decided
            prepare(connection, origin.rules, origin.settings.on, decided_stated=stated)
            yield connection

    def _copy(self, file: Path) -> None:
        shutil.copyfile(self.path, file)


def delete_with(owner: Decisions, directory: Path) -> None:
    """Delete a directory when the object is gone."""
    weakref.finalize(owner, shutil.rmtree, directory, ignore_errors=True)
