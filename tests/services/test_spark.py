"""Spark, with several workers on a partitioned data set, decides what one run decides."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute
import pytest
from pyarrow import parquet
from tests.services import firms
from tests.services.spark import java_home

import incentives
import incentives.batch
from incentives.batch.decisions import schema

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2024, 6, 1)
ORDER = [("applicant", "ascending"), ("incentive", "ascending"), ("item", "ascending")]

pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set in several directories, by county."""
    path = tmp_path_factory.mktemp("firms")
    made = firms.table(600)
    for county in firms.COUNTIES:
        chosen = made.filter(pa.compute.equal(made["county"], county)).drop_columns(["county"])
        folder = path / f"county={county}"
        folder.mkdir()
        for at in range(0, len(chosen), 90):
            parquet.write_table(chosen.slice(at, 90), folder / f"{at:04}.parquet")
    return path


def read(path: Path) -> Any:
    """Return all rows of the files below a directory in the order of the files."""
    tables = [parquet.ParquetFile(each).read() for each in sorted(path.rglob("*.parquet"))]
    return pa.concat_tables(tables)


def decided(spark: Any, data: Path, **choices: Any) -> Any:
    evaluator = incentives.batch.evaluator(incentives.load(), key="id", on=ON, **choices)
    rows = spark.read.option("recursiveFileLookup", "true").parquet(str(data)).repartition(5)
    made = evaluator.over(rows).toArrow()
    return made.cast(schema()).sort_by(ORDER)


def embedded(data: Path, **choices: Any) -> Any:
    tables = {"applicant": read(data)}
    made = incentives.batch.assess(incentives.load(), tables, key="id", on=ON, **choices)
    return made.to_arrow().sort_by(ORDER)


@pytest.mark.parametrize("items", [False, True])
def test_row_for_row_what_one_run_decides(spark: Any, data: Path, items: bool) -> None:
    expected = embedded(data, items=items)
    assert {"eligible", "ineligible", "undetermined", "not_applicable", "error"} <= set(
        expected["status"].to_pylist()
    )
    assert decided(spark, data, items=items, rows=50).equals(expected)


def test_the_example_runs(data: Path, tmp_path: Path, repository: Path, spark: Any) -> None:
    del spark  # it skips where there is none
    done = subprocess.run(
        [sys.executable, repository / "examples" / "spark" / "all_firms.py", data, tmp_path / "out"],
        env={**os.environ, "JAVA_HOME": str(java_home()), "PYSPARK_PYTHON": sys.executable},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "sum(amount)" in done.stdout
    made = read(tmp_path / "out").cast(schema()).sort_by(ORDER)
    assert made.equals(embedded(data))
