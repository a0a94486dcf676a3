"""The four rules over very many firms on one machine: ``python benchmarks/batch_large.py``.

Firms and their contracts are made as Parquet, row by row from a number, so the same rows
come about everywhere; then one batch decides them from Parquet to Parquet under a memory limit.
Printed: rows a second, the largest memory of the process, and how many were eligible.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

RULES = Path(__file__).parent / "rules" / "incentives"
ON = date(2024, 6, 1)
AT_ONCE = 10_000_000
FIRMS = """
COPY (
    SELECT printf('%09d', n) AS id, 'firm' AS kind,
        ['zhongning', 'shapotou', 'haiyuan', 'other'][1 + h % 4] AS county,
        2019 + CAST(h // 4 % 9 AS INTEGER) AS "year",
        ['new', 'renewed', 'none', 'none'][1 + h // 64 % 4] AS ht_status,
        h // 256 % 10 < 3 AS is_ttc, ['pilot', 'demo', 'none'][1 + h // 4096 % 3] AS project,
        {rd} AS rd_inv, {funds} AS funds, {post} AS post_subsidy
    FROM (SELECT range AS n, CAST(hash(range) // 2 AS BIGINT) AS h FROM range($1, $2))
) TO '{file}' (FORMAT parquet)
"""
UNITS = dict.fromkeys(
    ("applicant.rd_inv", "applicant.funds", "applicant.post_subsidy", "contract.performed"), "元"
)
CONTRACTS = """
COPY (
    SELECT printf('%09d', n) AS id, h % 10 < 7 AS uni_firm, {performed} AS performed
    FROM (SELECT range AS n, CAST(hash(-range - 1) // 2 AS BIGINT) AS h FROM range($1, $2))
) TO '{file}' (FORMAT parquet)
"""


def amount(divisor: int) -> str:
    """Return SQL for 3 to 10 digits of fen as exact yuan, drawn from ``h``."""
    fen = f"(h // {divisor}) % CAST(10 ** (3 + h // {divisor * 7} % 8) AS BIGINT)"
    return f"CAST({fen} AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2))"


def make(directory: Path, rows: int) -> dict[str, Path]:
    """Write the firms and the contracts, a file for each ten million, joined to one each."""
    import duckdb
    from pyarrow import parquet

    parts = {
        "applicant": FIRMS.format(rd=amount(3), funds=amount(11), post=amount(13), file="{file}"),
        "contract": CONTRACTS.format(performed=amount(5), file="{file}"),
    }
    made = {}
    for entity, query in parts.items():
        made[entity] = directory / f"{entity}.parquet"
        writer = None
        for first in range(0, rows, AT_ONCE):
            part = directory / "part.parquet"
            with duckdb.connect() as connection:
                sql = query.replace("{file}", str(part)).replace("$1", str(first))
                connection.execute(sql.replace("$2", str(min(first + AT_ONCE, rows))))
            with parquet.ParquetFile(part) as file:
                writer = writer or parquet.ParquetWriter(made[entity], file.schema_arrow)
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group))
            part.unlink()
        if writer is not None:
            writer.close()
    return made


def main() -> int:
    """Make the data, decide it, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--memory", default="4GiB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    import incentives
    import incentives.batch

    with tempfile.TemporaryDirectory(dir=options.directory) as name:
        directory = Path(name)
        began = time.perf_counter()
        tables = make(directory, options.rows)
        size = sum(path.stat().st_size for path in tables.values())
        print(f"{options.rows:,} firms, {size:,} bytes: {time.perf_counter() - began:.0f} s")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        decisions = incentives.batch.assess(
            incentives.load(RULES),
            tables,
            key="id",
            on=ON,
            assume_no_history=True,
            units=UNITS,
            output=directory / "decisions.parquet",
            memory_limit=options.memory,
            threads=options.threads,
            temp_directory=directory,
            progress=lambda done, of: print(f"{done:,} of {of:,}", end="\r", file=sys.stderr),
        )
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(decisions)
        print(
            f"{seconds:.0f} s, {options.rows / seconds:,.0f} firms a second, "
            f"largest memory {peak / 2**20:.2f} GiB (before the batch {before / 2**20:.2f})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
