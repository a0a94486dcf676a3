"""The four rules as a person would write them in DuckDB: ``python benchmarks/batch_by_hand.py``.

The same tables, the same decisions table, Parquet to Parquet, in the same order; the query
below knows what a rulebook does not (that nothing is ever unknown) and computes no more
than it must. Printed: seconds of both, each of them several times, in turn, and whether
the two files hold the same rows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from batch_large import ON, RULES, UNITS, make

if TYPE_CHECKING:
    from collections.abc import Callable

BY_HAND = """
COPY (
    WITH contracts AS (
        SELECT id, bool_or(uni_firm) AS fits, bool_or(NOT uni_firm) AS unfit,
            sum(least((CAST(performed * 100 AS BIGINT) + 5) // 10, 20000000))
                FILTER (uni_firm) AS due
        FROM '{contract}' GROUP BY id
    ), wide AS (
        SELECT firms.id, project = 'pilot' AS e3,
            county = 'zhongning' AS c1, "year" BETWEEN 2021 AND 2025 AS c2,
            ht_status IN ('new', 'renewed') AS c3, c1 AND c2 AND c3 AS e1,
            is_ttc, fits IS NULL AS no_contract, coalesce(is_ttc AND fits, FALSE) AS e2,
            coalesce(unfit, FALSE) AS unfit, post_subsidy > 0 AS e4,
            CASE WHEN ht_status = 'new' THEN 100000000 ELSE 30000000 END AS a1,
            CAST(due AS BIGINT) AS a2,
            least((CAST(least(rd_inv, funds) * 100 AS BIGINT) * 3 + 5) // 10, 100000000) AS a3,
            CAST(post_subsidy * 100 AS BIGINT) AS a4
        FROM '{applicant}' AS firms LEFT JOIN contracts USING (id) ORDER BY firms.id
    ), long AS (
        SELECT id,
            unnest(['four/r1', 'four/r2', 'four/r3', 'four/r4']) AS incentive,
            unnest([e1, e2, e3, e4]) AS eligible,
            unnest([
                CASE WHEN e1 THEN a1 ELSE 0 END, CASE WHEN e2 THEN a2 ELSE 0 END,
                CASE WHEN e3 THEN a3 ELSE 0 END, CASE WHEN e4 THEN a4 ELSE 0 END
            ]) AS fen,
            unnest([
                list_where(['county', 'period', 'recognised'], [NOT c1, NOT c2, NOT c3]),
                CASE WHEN e2 THEN [] ELSE list_where(
                    ['centre', 'parties', 'items'], [NOT is_ttc, unfit, no_contract]) END,
                CASE WHEN e3 THEN [] ELSE ['pilot'] END, CASE WHEN e4 THEN [] ELSE ['approved'] END
            ]) AS failed
        FROM wide
    )
    SELECT id AS applicant, incentive, NULL::VARCHAR AS item,
        CASE WHEN eligible THEN 'eligible' ELSE 'ineligible' END AS status,
        NULL::VARCHAR AS reason,
        CAST(fen AS DECIMAL(15, 0)) * 0.01 AS amount, amount AS low, amount AS high,
        failed, []::VARCHAR[] AS missing, FALSE AS readings_differ
    FROM long
) TO '{output}' (FORMAT parquet)
"""
DIFFERENT = """
SELECT count(*) FROM (
    (FROM '{one}' EXCEPT ALL FROM '{other}') UNION ALL (FROM '{other}' EXCEPT ALL FROM '{one}')
)
"""


def by_hand(tables: dict[str, Path], output: Path, *, memory: str, threads: int) -> None:
    """Write the decisions by the query above."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": str(threads),
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(f"SET temp_directory = '{output.parent}'")
        connection.execute(BY_HAND.format(**tables, output=output))


def by_rules(tables: dict[str, Path], output: Path, *, memory: str, threads: int) -> None:
    """Write the decisions by the rule files."""
    import incentives
    import incentives.batch

    incentives.batch.assess(
        incentives.load(RULES),
        tables,
        key="id",
        on=ON,
        assume_no_history=True,
        units=UNITS,
        output=output,
        memory_limit=memory,
        threads=threads,
        temp_directory=output.parent,
    )


def different(one: Path, other: Path) -> int:
    """Return how many rows stand in one file only."""
    import duckdb

    with duckdb.connect() as connection:
        row = connection.execute(DIFFERENT.format(one=one, other=other)).fetchone()
    return int(row[0]) if row else 0


def main() -> int:
    """Run both in turn and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="2GiB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    ways: dict[str, Callable[..., None]] = {"by hand": by_hand, "by rules": by_rules}
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=options.directory) as name:
        directory = Path(name)
        tables = make(directory, options.rows)
        outputs = {way: directory / f"{way.replace(' ', '-')}.parquet" for way in ways}
        for _ in range(options.rounds):
            for way, run in ways.items():
                began = time.perf_counter()
                run(tables, outputs[way], memory=options.memory, threads=options.threads)
                seconds = time.perf_counter() - began
                best[way] = min(seconds, best.get(way, seconds))
                print(f"{way}: {seconds:.2f} s, {options.rows / seconds:,.0f} firms a second")
        wrong = different(*outputs.values())
    print(
        f"best: {best['by rules'] / best['by hand']:.2f} times by hand; rows that differ: {wrong}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
