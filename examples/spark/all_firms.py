"""Every firm of a Parquet data set, decided by Spark: ``python all_firms.py FIRMS DECISIONS``.

FIRMS: a directory of Parquet files, as many and as deep as may be: a row a firm, items as
nested lists, headers as fact paths, the column ``id`` naming the firm, amounts with their
unit (``1200万元``; for bare numbers give ``units``). DECISIONS: a directory that is not
there yet.

Needs ``pip install 'incentives[spark]'`` and Java 17 or newer. On a cluster, leave out
``master(…)`` and start it with ``spark-submit``; the package must be on every machine.
"""

from __future__ import annotations

import sys
from datetime import date

from pyspark.sql import SparkSession

import incentives
import incentives.batch


def main(firms: str, decisions: str) -> None:
    """Decide every firm and print the sums."""
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 100_000)
        .getOrCreate()
    )
    evaluator = incentives.batch.evaluator(incentives.load(), key="id", on=date(2024, 6, 1))
    rows = spark.read.option("recursiveFileLookup", "true").parquet(firms)
    evaluator.over(rows).write.parquet(decisions)

    written = spark.read.parquet(decisions)
    eligible = written.where("status = 'eligible' and item is null")
    eligible.groupBy("incentive").agg({"*": "count", "amount": "sum"}).orderBy("incentive").show(
        100, truncate=False
    )
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
