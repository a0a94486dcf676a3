"""Spark, with several workers on a partitioned data set, decides what one run decides."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import compute, parquet
from tests import small
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
    made = firms.table(300)
    for county in firms.COUNTIES:
        chosen = made.filter(compute.equal(made["county"], county)).drop_columns(["county"])
        folder = path / f"county={county}"
        folder.mkdir()
        for at in range(0, len(chosen), 90):
            parquet.write_table(chosen.slice(at, 90), folder / f"{at:04}.parquet")
    return path


def read(path: Path) -> Any:
    """Return all rows of the files below a directory in the order of the files."""
    tables = [parquet.ParquetFile(each).read() for each in sorted(path.rglob("*.parquet"))]
    return pa.concat_tables(tables)


CHOICES: dict[str, Any] = {"key": "id", "on": ON, "units": firms.UNITS}


def decided(spark: Any, data: Path, rulebook: Any, **choices: Any) -> Any:
    """Return what Spark decides about the data set, spread over its workers."""
    evaluator = incentives.batch.evaluator(rulebook, **CHOICES, **choices)
    rows = spark.read.option("recursiveFileLookup", "true").parquet(str(data)).repartition(4)
    return evaluator.over(rows).toArrow().cast(schema()).sort_by(ORDER)


def embedded(data: Path, rulebook: Any, **choices: Any) -> Any:
    """Return what one run decides."""
    made = incentives.batch.assess(rulebook, {"applicant": read(data)}, **CHOICES, **choices)
    return made.to_arrow().sort_by(ORDER)


def test_row_for_row_what_one_run_decides(spark: Any, data: Path) -> None:
    expected = embedded(data, incentives.load(), items=True)
    assert set(expected["status"].to_pylist()) == {
        "eligible", "ineligible", "undetermined", "not_applicable", "error",
    }  # fmt: skip
    assert decided(spark, data, incentives.load(), items=True).equals(expected)


POOL = '[incentive.budget]\namount = "2000万元"\nrule = "pro_rata"\n'
PLACES = """\
[incentive.budget]
places  = 30
rank_by = 'applicant.rd_expense[year - 1] / applicant.revenue[year - 1]'
"""
KNOWN = """\
[[incentive.condition]]
id   = "known"
when = 'applicant.rd_expense[year - 1] > 0 and applicant.revenue[year - 1] > 0'
says = { zh = "有研发投入", en = "Spends on R&D" }
"""


def purses(repository: Path, budget: str) -> Any:
    """Return the shipped vocabulary with one incentive that has a purse."""
    base = small.amount(base="applicant.rd_expense[year - 1]", rate="10%")
    body = small.entry(recipient='["enterprise"]', where='"anywhere"') + KNOWN + base + budget
    vocabulary = (repository / "rules" / "vocabulary.toml").read_text(encoding="utf-8")
    return small.book(body, vocabulary=vocabulary)


@pytest.mark.parametrize("budget", [POOL, PLACES], ids=["by size", "by rank"])
def test_a_purse_is_shared_as_in_one_run(
    spark: Any, data: Path, repository: Path, budget: str
) -> None:
    rulebook = purses(repository, budget)
    expected = embedded(data, rulebook)
    assert decided(spark, data, rulebook, rows=100).equals(expected)
    open_part = compute.sum(expected["high"]).as_py() - compute.sum(expected["low"]).as_py()
    assert open_part > 0


def test_a_purse_too_small_for_settled_claims_is_shared_to_the_fen(
    spark: Any, repository: Path, tmp_path: Path
) -> None:
    whole = firms.table(400).filter(compute.is_valid(firms.table(400)["applicant.rd_expense.2023"]))
    settled = whole.filter(compute.is_valid(whole["applicant.revenue.2023"]))
    known = settled.filter(compute.equal(settled["applicant.kind"], "enterprise"))
    for at in range(0, len(known), 20):
        parquet.write_table(
            known.slice(at, 20).drop_columns(["county"]), tmp_path / f"{at:03}.parquet"
        )
    rulebook = purses(repository, POOL.replace("2000万元", "12345678.91元"))
    expected = embedded(tmp_path, rulebook)
    assert decided(spark, tmp_path, rulebook, rows=100).equals(expected)
    given = compute.sum(expected["amount"]).as_py()
    assert Decimal("12345678.91") - len(known) < given <= Decimal("12345678.91")


def test_the_example_runs(spark: Any, tmp_path: Path, repository: Path) -> None:
    del spark  # it skips where there is none
    rows = firms.table(60).select(["id", "applicant.kind", "applicant.region"])
    parquet.write_table(rows, tmp_path / "firms.parquet")
    done = subprocess.run(
        [sys.executable, repository / "examples" / "spark" / "all_firms.py",
         tmp_path / "firms.parquet", tmp_path / "out"],
        env={**os.environ, "JAVA_HOME": str(java_home()), "PYSPARK_PYTHON": sys.executable},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "sum(amount)" in done.stdout
    tables = {"applicant": rows}
    expected = incentives.batch.assess(incentives.load(), tables, key="id", on=ON).to_arrow()
    assert read(tmp_path / "out").cast(schema()).sort_by(ORDER).equals(expected.sort_by(ORDER))
