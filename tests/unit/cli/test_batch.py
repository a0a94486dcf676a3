"""The command ``batch``: what it writes, what it says, how it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from incentives.cli.app import make_app

if TYPE_CHECKING:
    from pathlib import Path

FIRMS = """\
id,applicant.kind,region,name,revenue.2023
a1,technology_transfer_center,640200,中心一,3200万元
a2,enterprise,640205,企业二,
"""
CONTRACTS = """\
id,registration_no,performed_amount,brokered_by_applicant,provider_kind,buyer_kind
a1,1,150万元,true,university,enterprise
"""
ID = "shizuishan-tech-city/technology-contract-award"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (tmp_path / "contracts.csv").write_text(CONTRACTS, encoding="utf-8")
    return tmp_path


def run(*args: str) -> tuple[int, str]:
    common = ("--key", "id", "--on", "2024-06-01", "--workers", "1")
    found = CliRunner().invoke(make_app(), ["batch", "firms.csv", *common, *args])
    assert found.stdout == ""
    return found.exit_code, found.stderr


def test_one_incentive_for_every_firm(here: Path) -> None:
    code, told = run(
        "--lang", "en", "--table", "contract=contracts.csv", "--only", ID, "--items",
        "-o", "out.parquet",
    )  # fmt: skip
    assert (code, told) == (
        0,
        "2 firms, 3 decisions (3 by the columns, 0 one firm at a time): out.parquet\n",
    )
    rows = parquet.read_table(here / "out.parquet").to_pylist()
    assert [(row["applicant"], row["item"], str(row["amount"])) for row in rows] == [
        ("a1", None, "150000.00"),
        ("a1", "1", "150000.00"),
        ("a2", None, "0.00"),
    ]


def test_a_bad_row_leaves_with_3_and_is_told_of(here: Path) -> None:
    (here / "firms.csv").write_text(f"{FIRMS}a3,nobody,640200,丙,\n", encoding="utf-8")
    code, told = run("--lang", "zh", "--only", ID, "-o", "out.csv")
    assert code == 3
    assert told.splitlines()[-1] == "1 户的资料有误，未能评估；见 status 为 error 的行"
    text = (here / "out.csv").read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "E320 applicant.kind" in text


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--table", "contract"], "--table takes NAME=FILE"),
        (["--table", "a=b", "--table", "a=c"], "given twice"),
        (["--table", "applicant=c"], "given twice"),
        (["--on", "soon"], "takes a date"),
    ],
)
def test_what_the_line_says_wrongly_is_told(here: Path, args: list[str], told: str) -> None:
    code, text = run("--lang", "en", "-o", "out.csv", *args)
    assert code == 2
    assert told in text
    assert not (here / "out.csv").exists()
