"""The shipped rulebook over very many firms: ``python benchmarks/batch_rulebook.py``.

Every fact of the vocabulary is a column and known, drawn from the number of the row; each
firm has three contracts and no item of any other list. Printed for each number of firms
and of incentives: decisions, seconds, decisions a second, how many were decided one firm at a
time, and the largest memory so far.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from incentives.values.types import Kind

if TYPE_CHECKING:
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary

ON = date(2024, 6, 1)
YEARS = (2022, 2023, 2024)
CONTRACTS = 3
REGIONS = ("640205", "640221", "640202", "640521", "150502", "150581")
ROWS = """
COPY (SELECT {columns} FROM (SELECT range AS n FROM range({rows}))) TO '{file}' (FORMAT parquet)
"""
INDUSTRIES = ("C26", "C39", "I65", "M73", "A01", "F51")


def value(spec: FactSpec, salt: str) -> str:
    """Return SQL for a fact of row ``n``."""
    h = f"CAST(hash(n, '{salt}') // 2 AS BIGINT)"
    match spec.type.kind:
        case Kind.BOOL:
            return f"{h} % 10 < 7"
        case Kind.CHOICE:
            return one_of(tuple(spec.type.options or ()), h)
        case Kind.REGION:
            return one_of(REGIONS, h)
        case Kind.INDUSTRY:
            return one_of(INDUSTRIES, h)
        case Kind.COUNT:
            return f"{h} % {300 if spec.hi is None else int(spec.hi) + 1}"
        case Kind.MONEY:
            return f"CAST({h} % CAST(10 ** (3 + {h} % 8) AS BIGINT) AS BIGINT)"
        case Kind.RATIO:
            return f"CAST({h} % 1000 AS DECIMAL(4, 0)) * CAST(0.1 AS DECIMAL(2, 1))"
        case Kind.DATE:
            return f"DATE '2012-01-01' + CAST({h} % 4700 AS INTEGER)"
        case _:
            return f"'t' || CAST({h} % 100000 AS VARCHAR)"


def one_of(words: tuple[str, ...], h: str) -> str:
    """Return SQL for one of some words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][1 + {h} % {len(words)}]"


def make(directory: Path, vocabulary: Vocabulary, firms: int) -> dict[str, Path]:
    """Write a Parquet file of each entity but the past."""
    import duckdb

    made = {}
    for entity in vocabulary.entities.values():
        if entity.name in {"received", "decided"}:
            continue
        rows = 0
        if entity.name in {"applicant", "contract"}:
            rows = firms * (CONTRACTS if entity.many else 1)
        shown = [f"printf('%09d', n // {rows // firms or 1}) AS firm"]
        for name, spec in vocabulary.specs[entity.name].items():
            if spec.check or name == entity.key:
                continue
            for year in YEARS if spec.series else (None,):
                path = f"{entity.name}.{name}" + ("" if year is None else f".{year}")
                shown.append(f'{value(spec, path)} AS "{path}"')
        made[entity.name] = directory / f"{entity.name}.parquet"
        copy = ROWS.format(columns=", ".join(shown), rows=rows, file=made[entity.name])
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(copy)
    return made


def units(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the units of the columns of bare numbers."""
    known = {Kind.MONEY: "分", Kind.RATIO: "%"}
    return {
        spec.path: known[spec.type.kind]
        for specs in vocabulary.specs.values()
        for spec in specs.values()
        if spec.type.kind in known and spec.entity not in {"received", "decided"}
    }


def main() -> int:
    """Make the data and decide it, for each number of firms and of incentives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, nargs="+", default=[100_000])
    parser.add_argument("--incentives", type=int, nargs="+", default=[10, 30, 100, 1000])
    parser.add_argument("--memory", default="4GiB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    import incentives
    import incentives.batch

    rulebook = incentives.load()
    vocabulary = rulebook.rules.vocabulary
    ids = sorted(rulebook.rules.incentives)
    for firms in options.firms:
        with tempfile.TemporaryDirectory(dir=options.directory) as name:
            directory = Path(name)
            tables = make(directory, vocabulary, firms)
            for many in options.incentives:
                step = max(1, len(ids) // many)
                began = time.perf_counter()
                made = incentives.batch.assess(
                    rulebook,
                    tables,
                    key="firm",
                    on=ON,
                    only=ids[::step][:many],
                    assume_no_history=True,
                    units=units(vocabulary),
                    output=directory / "decisions.parquet",
                    memory_limit=options.memory,
                    threads=options.threads,
                    workers=options.workers,
                    temp_directory=directory,
                )
                seconds = time.perf_counter() - began
                counts = made.counts
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
                print(
                    f"{firms:,} firms, {CONTRACTS * firms:,} contracts, "
                    f"{min(many, len(ids))} incentives: {counts.decisions:,} decisions, "
                    f"{seconds:.1f} s, {counts.decisions / seconds:,.0f} a second, "
                    f"{counts.single:,} one firm at a time, {peak:.2f} GiB",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
