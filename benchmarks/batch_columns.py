"""The columns alone: ``python benchmarks/batch_columns.py``.

What engines over arrays do: tables that lie in memory already become a table in memory, a
row a firm, with the four statuses and amounts side by side. No files, no rows, no
reasons. Beside it the same columns as a person would write them over the same two tables,
and over one table in which each firm has its only contract in its own row, as the array
engines of the peers have it. Amounts are compared.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from batch_large import ON, RULES, UNITS, make

if TYPE_CHECKING:
    from incentives.batch.columns import Column

FIRM = """
    county = 'zhongning' AND "year" BETWEEN 2021 AND 2025 AND ht_status IN ('new', 'renewed') AS e1,
    {e2} AS e2, project = 'pilot' AS e3, post_subsidy > 0 AS e4,
    CASE WHEN e1 THEN CASE WHEN ht_status = 'new' THEN 100000000 ELSE 30000000 END ELSE 0 END AS a1,
    CASE WHEN e2 THEN {a2} ELSE 0 END AS a2,
    CASE WHEN e3 THEN least((least(rd_inv, funds) * 3 + 5) // 10, 100000000) ELSE 0 END AS a3,
    post_subsidy AS a4
"""
TWO_TABLES = """
WITH due AS (
    SELECT "row", bool_or(uni_firm) AS fits,
        sum(CASE WHEN uni_firm THEN least((performed + 5) // 10, 20000000) ELSE 0 END) AS due
    FROM contracts GROUP BY "row"
)
SELECT {firm}
FROM firms_hand LEFT JOIN due USING ("row")
"""
ONE_TABLE = """
SELECT {firm} FROM one_table
"""
PREPARE = """
CREATE TABLE firms_rules AS FROM firms;
CREATE TABLE firms_hand AS SELECT "row", "applicant.county" AS county, "applicant.year" AS "year",
    "applicant.ht_status" AS ht_status, "applicant.is_ttc" AS is_ttc,
    "applicant.project" AS project, "applicant.rd_inv" AS rd_inv, "applicant.funds" AS funds,
    "applicant.post_subsidy" AS post_subsidy FROM firms;
CREATE TABLE contracts AS SELECT "row", "contract.uni_firm" AS uni_firm,
    "contract.performed" AS performed FROM items_contract;
CREATE TABLE one_table AS FROM firms_hand JOIN contracts USING ("row");
"""
TOTAL = "SELECT sum(a1), sum(a2), sum(a3), sum(a4) FROM {table}"


def main() -> int:
    """Time the three, in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    import duckdb

    import incentives
    from incentives.batch.inputs.stage import stage
    from incentives.batch.lowering.lower import lower
    from incentives.batch.sql.emit import select
    from incentives.engine.assess import Options
    from incentives.engine.plan import Plan

    rules = incentives.load(RULES).rules
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        connection.execute(f"SET threads = {options.threads}")
        tables = {each: str(path) for each, path in make(Path(name), options.rows).items()}
        held = stage(connection, rules.vocabulary, tables, key="id", units=UNITS)
        for statement in PREPARE.split(";"):
            connection.execute(statement)
        staged = replace(held.staged, firms=replace(held.staged.firms, relation="firms_rules"))
        lowered = lower(Plan(rules), ON, Options(assume_no_history=True, refine=False), staged)
        outputs: dict[str, Column] = {}
        for at, each in enumerate(lowered.incentives, 1):
            outputs |= {f"e{at}": each.answer.status, f"a{at}": each.answer.amount}
        two = FIRM.format(e2="coalesce(is_ttc AND fits, FALSE)", a2="CAST(due AS BIGINT)")
        one = FIRM.format(e2="is_ttc AND uni_firm", a2="least((performed + 5) // 10, 20000000)")
        ways = {
            "by rules": select(outputs, staged).sql("duckdb"),
            "by hand, two tables": TWO_TABLES.format(firm=two),
            "by hand, one table": ONE_TABLE.format(firm=one),
        }
        best = dict.fromkeys(ways, float("inf"))
        totals = set()
        for _ in range(options.rounds):
            for way, query in ways.items():
                began = time.perf_counter()
                connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS {query}")
                best[way] = min(best[way], time.perf_counter() - began)
                totals.add(connection.execute(TOTAL.format(table="made")).fetchone())
    for way, seconds in best.items():
        print(f"{way}: {seconds:.3f} s, {options.rows / seconds / 1e6:.1f} million firms a second")
    print("amounts agree" if len(totals) == 1 else f"amounts differ: {totals}")
    return 0 if len(totals) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
