"""``explain --from``: a row of a batch is reached again, or it is said why not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from incentives.cli.app import make_app
from incentives.resources import examples_path

if TYPE_CHECKING:
    from pathlib import Path

KEY = "统一社会信用代码"
ONLY = ("technology-contract-award", "approved-post-subsidy")


def run(*args: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(make_app(), list(args))
    return found.exit_code, found.stdout, found.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example tables and the decisions about them, made once."""
    place = tmp_path_factory.mktemp("batch")
    for path in (examples_path() / "batch").glob("*.csv"):
        shutil.copy(path, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        code, _, _ = run(
            "batch", "firms.csv", "--table", "contract=contracts.csv", "--key", KEY, "--on",
            "2024-06-01", "--only", ONLY[0], "--only", ONLY[1], "--items", "--workers", "1",
            "-o", "out.parquet", "--lang", "en",
        )  # fmt: skip
    assert code == 3  # one firm's revenue cannot be read
    return place


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "batch"
    shutil.copytree(made, place)
    monkeypatch.chdir(place)
    return place


def rows(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = parquet.read_table(path).to_pylist()
    return found


def number(path: Path, incentive: str, applicant: str, item: str | None = None) -> str:
    for at, row in enumerate(rows(path), start=1):
        if (
            str(row["incentive"]).endswith(incentive)
            and row["applicant"] == applicant
            and row["item"] == item
        ):
            return str(at)
    raise AssertionError((incentive, applicant, item))


def test_a_row_is_explained_as_the_firm_alone_would_be(here: Path) -> None:
    row = number(here / "out.parquet", "technology-contract-award", "91640200MA0000001W")
    code, out, told = run("explain", "--from", "out.parquet", "--row", row, "--lang", "en")
    assert code == 0
    assert "200,000.00" in out
    assert "123,456.79" in out
    assert told.endswith("The row is reached again.\n")
    code, out, told = run("explain", "--from", "out.parquet", "--row", row, "--lang", "zh")
    assert "200,000.00元" in out
    assert told.endswith("与该行一致。\n")


def test_an_item_s_row_is_reached_again(here: Path) -> None:
    row = number(
        here / "out.parquet", "technology-contract-award", "91640200MA00000020", "2024-0031"
    )
    code, _, told = run("explain", "--from", "out.parquet", "--row", row, "--lang", "en")
    assert code == 0
    assert "[2024-0031]" in told


def test_a_row_that_was_altered_is_found_out(here: Path) -> None:
    table = parquet.read_table(here / "out.parquet")
    wrong = pa.array(["jurisdiction"] * table.num_rows)
    parquet.write_table(table.set_column(4, "reason", wrong), here / "out.parquet")
    row = number(here / "out.parquet", "approved-post-subsidy", "91640200MA00000033")
    code, _, told = run("explain", "--from", "out.parquet", "--row", row, "--lang", "en")
    assert code == 1
    assert "not what the row says: reason; nothing has changed" in told


def test_an_input_that_has_changed_is_told(here: Path) -> None:
    firms = here / "firms.csv"
    firms.write_text(firms.read_text("utf-8").replace("123456.78", "123456.79"), "utf-8")
    row = number(here / "out.parquet", "approved-post-subsidy", "91640200MA00000033")
    code, _, told = run("explain", "--from", "out.parquet", "--row", row, "--lang", "en")
    assert code == 1
    assert "note: firms.csv has changed since" in told
    assert "not what the row says: amount, low, high\n" in told


def test_a_firm_with_faults_has_no_explanation_but_its_faults(here: Path) -> None:
    last = str(len(rows(here / "out.parquet")))
    code, out, told = run("explain", "--from", "out.parquet", "--row", last, "--lang", "en")
    assert (code, out) == (3, "")
    assert "was not decided: E313" in told


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["--row", "999"], 3, "E593"),
        (["--row", "0"], 2, ""),
        ([], 2, "write PROFILE INCENTIVE, or --from FILE --row NUMBER"),
        (["--row", "1", "example:centre", "x"], 2, "write PROFILE INCENTIVE"),
    ],
)
def test_what_names_no_row_is_refused(here: Path, args: list[str], code: int, told: str) -> None:
    found, out, text = run("explain", "--from", str(here / "out.parquet"), *args, "--lang", "en")
    assert (found, out) == (code, "")
    assert told in text


def test_a_file_that_is_none_of_ours_is_refused(here: Path) -> None:
    firms = str(here / "firms.csv")
    code, _, told = run("explain", "--from", firms, "--row", "1", "--lang", "en")
    assert code == 3
    assert "no file of decisions" in told
