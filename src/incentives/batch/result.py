"""The result of a batch: its decisions on disk, and what is made of them."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.batch.files import PARQUET, convert, ending_of, parquet, read_batches
from incentives.tabular.write import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike
    from pathlib import Path

    from incentives.batch.provenance import Provenance
    from incentives.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there were: ``columns`` and ``single`` say who made the decisions."""

    firms: int
    decisions: int
    columns: int
    single: int
    errors: int
    internal: int = 0


@dataclass(frozen=True, slots=True, repr=False, weakref_slot=True, eq=False)
class Decisions:
    """What a batch decided, in a Parquet file with the columns of ``decisions.schema``.

    The rows stand by firm in the order of the input, then by incentive, the decision before
    its items. ``refused``: incentives that have no exact columns, each with the finding that
    says why; the single engine decided them. A file of its own is deleted with the object.
    """

    path: Path
    counts: Counts
    provenance: Provenance
    refused: Mapping[str, Finding]

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

    def _copy(self, file: Path) -> None:
        shutil.copyfile(self.path, file)


def delete_with(owner: Decisions, directory: str) -> None:
    """Delete a directory when the object is gone."""
    weakref.finalize(owner, shutil.rmtree, directory, ignore_errors=True)
