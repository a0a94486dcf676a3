"""One row of a file of decisions, reached again from the inputs that the file names.

The row is decided anew by the single engine and compared in every column; what has changed
since (the rules, an input) is said. The trap: an input is looked for under the name it was
given, in the working directory and then beside the file, for the file knows no other place.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.connection import Limits, open_connection
from incentives.batch.decisions import COLUMNS, ERROR, ordered
from incentives.batch.files import parquet, read_batches
from incentives.batch.firms import Firms
from incentives.batch.inputs.stage import stage
from incentives.batch.provenance import Input, Provenance
from incentives.batch.purse.purses import purses_of
from incentives.batch.single import Settings, Single
from incentives.diagnostics import Finding, TableError
from incentives.rulebook.digest import meaning_digest
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.rulebook.model import Rules


@dataclass(frozen=True, slots=True)
class Again:
    """A row reached again.

    ``row``: as the file has it. ``profile``: the firm, ``None`` if it could not be decided or is
    not in the inputs any more. ``differences``: the columns in which the single engine says
    something else now. ``changed``: what is not as it was, in Chinese and English. ``shared``:
    the amount is a part of a purse that was shared among all firms of the batch.
    """

    row: Mapping[str, Any]
    provenance: Provenance
    profile: Profile | None
    differences: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    shared: bool = False


def again(path: Path, number: int, rules: Rules, tables: Mapping[str, str] | None = None) -> Again:
    """Return a row of a file of decisions, decided again.

    Args:
        path: the Parquet file.
        number: which row, from 1.
        rules: what to decide by.
        tables: inputs that lie elsewhere than the file says, by entity.

    Raises:
        TableError: no file of decisions, no such row, an input that is not named (E593).
        OSError: a file cannot be read.
    """
    row, provenance = _row(path, number)
    places = _places(path, provenance, tables or {})
    changed = [*_rules_changed(rules, provenance), *_inputs_changed(provenance, places)]
    profile = _firm(rules, provenance, places, row["applicant"])
    if profile is None or row["incentive"] is None:
        if profile is None and row["status"] != ERROR:
            changed.append(("资料中已没有这一户", "the firm is not in the inputs any more"))
        return Again(row, provenance, profile, (), tuple(changed))
    settings = Settings(
        provenance.on, provenance.drafts, provenance.assume_no_history, provenance.items
    )
    rows = Single(rules, settings).rows(0, row["applicant"], profile, [row["incentive"]])
    mine = [each for each in ordered(rows).to_pylist() if each["item"] == row["item"]]
    now = mine[0] if mine else dict.fromkeys(COLUMNS)
    differences = tuple(name for name in COLUMNS if now[name] != row[name])
    shared = row["item"] is None and row["incentive"] in purses_of(rules, settings).limits
    if shared and _is_within(row, now):
        differences = tuple(name for name in differences if name not in _SHARED)
    return Again(row, provenance, profile, differences, tuple(changed), shared=shared)


_SHARED: Final = ("amount", "low", "high")
"""What a purse that is shared among many firms leaves open for one of them alone."""


def _is_within(row: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Say whether a row's amounts lie within the range that one firm alone gets."""
    if row["low"] is None or now["low"] is None:
        return False
    most, limit = row["high"], now["high"]
    return now["low"] <= row["low"] and (limit is None or (most is not None and most <= limit))


def _row(path: Path, number: int) -> tuple[dict[str, Any], Provenance]:
    with path.open("rb") as stream:
        try:
            metadata = parquet().read_metadata(stream)
            provenance = Provenance.from_metadata(metadata.metadata)
        except (ValueError, OSError):  # pyarrow's own errors are of these
            provenance = None
    if provenance is None:
        raise _refused(
            f"{path} is no file of decisions that `incentives batch` wrote as Parquet",
            f"{path} 不是 incentives batch 写出的 Parquet 结论文件",
        )
    if not 1 <= number <= metadata.num_rows:
        raise _refused(
            f"{path} has rows 1 to {metadata.num_rows:,}, no row {number:,}",
            f"{path} 有第 1 至 {metadata.num_rows:,} 行，没有第 {number:,} 行",
        )
    left = number - 1
    for batch in read_batches(path):
        if left < batch.num_rows:
            found: dict[str, Any] = batch.slice(left, 1).to_pylist()[0]
            return found, provenance
        left -= batch.num_rows
    raise _refused(f"{path} is cut off", f"{path} 不完整")


def _places(path: Path, provenance: Provenance, given: Mapping[str, str]) -> dict[str, Path]:
    """Return where each input lies now."""
    found: dict[str, Path] = {}
    for each in provenance.inputs:
        name = given.get(each.entity) or each.name
        if name is None:
            raise _refused(
                f"`{each.entity}` was not read from a file: say where it lies with --table",
                f"“{each.entity}”当时不是从文件读取的，请用 --table 指明",
            )
        beside = path.parent / name
        found[each.entity] = beside if not Path(name).exists() and beside.exists() else Path(name)
    return found


def _rules_changed(rules: Rules, provenance: Provenance) -> list[tuple[str, str]]:
    if meaning_digest(rules) == provenance.digest:
        return []
    return [("规则自那时起已有改动", "the rules have changed since")]


def _inputs_changed(provenance: Provenance, places: Mapping[str, Path]) -> list[tuple[str, str]]:
    changed = []
    for each in provenance.inputs:
        now = Input.of(each.entity, places[each.entity])
        if (now.bytes, now.sha256) != (each.bytes, each.sha256):
            name = places[each.entity]
            changed.append((f"{name} 自那时起已有改动", f"{name} has changed since"))
    return changed


def _firm(
    rules: Rules, provenance: Provenance, places: Mapping[str, Path], key: str | None
) -> Profile | None:
    """Return the firm with a key, ``None`` where there is none that can be read."""
    if key is None:
        return None
    reading = dict(provenance.reading)
    with tempfile.TemporaryDirectory(prefix="incentives-") as directory:
        connection = open_connection(Limits(), Path(directory))
        with connection:
            held = stage(connection, rules.vocabulary, {**places}, key=provenance.key, **reading)
            for task in Firms(connection, held).among([key]):
                for case in task.cases(rules.vocabulary):
                    if isinstance(case.facts, tuple):
                        return None
                    if isinstance(case.facts, Profile):
                        return case.facts
                    return Profile(case.facts, rules.vocabulary)
    return None


def _refused(en: str, zh: str) -> TableError:
    return TableError([Finding(code="E593", message=en, zh=zh)])
