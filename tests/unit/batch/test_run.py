"""A batch from tables to decisions: N firms in, N firms out, whole files or none."""

from __future__ import annotations

import gc
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.small import ON, amount, book, entry, when

import incentives.batch
from incentives.batch import chunks, files
from incentives.batch.columns import WidthError
from incentives.batch.connection import Limits, open_connection
from incentives.batch.decisions import COLUMNS, schema
from incentives.batch.provenance import Provenance
from incentives.diagnostics import Severity, TableError, UnknownIncentiveError

if TYPE_CHECKING:
    from pathlib import Path

BODY = (
    entry("award", each='"contract"')
    + when("contract.ok")
    + amount(base="contract.paid", rate="10%")
    + entry("fixed")
    + amount(fixed="10万元")
)
FIRMS = pa.table(
    {
        "id": ["a", "b", "c", "d"],
        "kind": ["firm", "firm", "nobody", "other"],
        "applicant.region": ["640200"] * 4,
        "name": ["=1+1", "乙", "丙", "丁"],
    }
)
CONTRACTS = pa.table(
    {
        "id": ["b", "a", "a"],
        "no": ["x", "x", "y"],
        "paid": ["10元", "0.05元", None],
        "ok": [True, True, True],
    }
)


def run(**keys: Any) -> Any:
    tables = {"applicant": FIRMS, "contract": CONTRACTS}
    return incentives.batch.assess(book(BODY), tables, **{"key": "id", "on": ON, **keys})


def test_every_firm_comes_out_and_a_bad_one_with_its_error() -> None:
    made = run()
    found = made.to_arrow().to_pylist()
    assert [(row["applicant"], row["incentive"], row["status"]) for row in found] == [
        ("a", "doc/award", "eligible"),
        ("a", "doc/fixed", "eligible"),
        ("b", "doc/award", "eligible"),
        ("b", "doc/fixed", "eligible"),
        ("c", None, "error"),
        ("d", "doc/award", "not_applicable"),
        ("d", "doc/fixed", "not_applicable"),
    ]
    assert tuple(found[0]) == COLUMNS
    assert (made.counts.firms, made.counts.decisions, made.counts.errors) == (4, 6, 1)
    assert len(made) == 7
    assert repr(made) == "<Decisions on 2024-06-01: 6 for 4 firms, 1 errors>"


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_the_size_of_a_chunk_changes_nothing(chunk: int) -> None:
    seen: list[tuple[int, int]] = []
    made = run(chunk=chunk, items=True, progress=lambda *at: seen.append(at))
    assert made.to_arrow().equals(run(items=True).to_arrow())
    assert seen[-1] == (4, 4)


def test_the_file_goes_with_the_object() -> None:
    made = run()
    path = made.path
    assert path.exists()
    del made
    gc.collect()
    assert not path.exists()
    assert not path.parent.exists()


def test_a_parquet_file_says_how_it_came_about(tmp_path: Path) -> None:
    out = tmp_path / "d.parquet"
    made = run(output=out, only=["doc/award"], items=True)
    assert made.path == out
    metadata = parquet.read_schema(out).metadata
    assert Provenance.from_metadata(metadata) == made.provenance
    assert made.provenance.only == ("doc/award",)
    assert str(tmp_path).encode() not in metadata[b"incentives"]
    copy = tmp_path / "copy.parquet"
    made.write(copy)
    assert copy.read_bytes() == out.read_bytes()


def test_csv_and_workbook_hold_the_same_rows_and_no_formula(tmp_path: Path) -> None:
    firms = FIRMS.set_column(0, "id", pa.array(["=a", "b", "c", "d"]))
    made = incentives.batch.assess(book(BODY), {"applicant": firms}, key="id", on=ON)
    made.write(tmp_path / "d.csv")
    made.write(tmp_path / "d.xlsx")
    text = (tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text[0] == ",".join(COLUMNS)
    assert text[2] == "'=a,doc/fixed,,eligible,,100000.00,100000.00,100000.00,,,FALSE"
    assert (tmp_path / "d.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx").active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[2][:6] == ("=a", "doc/fixed", None, "eligible", None, 100000)
    assert sheet["A3"].data_type == "s"
    assert len(cells) == len(text) == len(made) + 1


def test_more_rows_than_a_worksheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 5)
    with pytest.raises(TableError) as found:
        run().write(tmp_path / "d.xlsx")
    assert found.value.findings[0].code == "E591"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "d.parquet"
    out.write_text("what was there before")

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(output=out, chunk=1, progress=interrupt)
    assert out.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [out]


def test_what_cannot_be_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"name it \.parquet"):
        run(output=tmp_path / "d.pdf")
    with pytest.raises(UnknownIncentiveError, match="did you mean 'doc/award'"):
        run(only=["doc/awards"])
    with pytest.raises(TypeError, match="not one text"):
        run(only="doc/award")
    with pytest.raises(TypeError, match="a date such as"):
        run(on=datetime(2024, 6, 1))  # noqa: DTZ001 - what is refused
    assert type(ON) is date


WHOLE = pa.table(
    {
        "id": [9, 3, 5],
        "kind": ["firm", "other", "firm"],
        "region": ["640200", "640205", "110000"],
        "spend": pa.array([100_05, 1, 10**13], pa.int64()),
    }
)


def test_what_columns_decide_alone_is_written_by_the_database(tmp_path: Path) -> None:
    """The same rows, in the same order, under the same metadata as chunk by chunk."""
    rulebook = book(entry() + amount(base="applicant.spend", rate="10%"))
    seen: list[tuple[int, int]] = []

    def made(name: str, **keys: Any) -> Any:
        return incentives.batch.assess(
            rulebook, {"applicant": WHOLE}, key="id", on=ON, output=tmp_path / name,
            units={"spend": "分"}, **keys,
        )  # fmt: skip

    straight = made("straight.parquet", progress=lambda *at: seen.append(at))
    chunked = made("chunked.parquet", chunk=2)
    assert straight.counts == chunked.counts
    assert straight.to_arrow().cast(schema()).equals(chunked.to_arrow())
    assert [row["applicant"] for row in straight.to_arrow().to_pylist()] == ["9", "3", "5"]
    assert str(straight.to_arrow()["amount"][0]) == "10.01"
    assert str(straight.to_arrow().schema.field("amount").type).startswith("decimal128(1")
    metadata = parquet.read_schema(straight.path).metadata
    assert Provenance.from_metadata(metadata) == straight.provenance
    assert seen[-1] == (3, 3)


def test_more_faults_than_a_caller_bears_and_nothing_is_decided(tmp_path: Path) -> None:
    out = tmp_path / "d.parquet"
    with pytest.raises(TableError, match="1 of 4 firms have faults, more than 0"):
        run(output=out, max_errors=0)
    assert not out.exists()
    assert run(max_errors=1).counts.errors == 1


def test_a_table_of_nothing_known_is_refused() -> None:
    tables = {"contracts": CONTRACTS}
    with pytest.raises(TableError) as found:
        incentives.batch.assess(book(BODY), tables, key="id", on=ON)
    unknown, missing = found.value.findings
    assert "`contracts` is no entity of the vocabulary; there are: received" in unknown.message
    assert unknown.help == "did you mean `contract`?"
    assert missing.message == "there is no table of `applicant`, a row a firm"


def test_a_memory_limit_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="Memory must have a number"):
        run(memory_limit="lots")


def test_region_codes_are_warned_of_once_with_how_many_rows() -> None:
    regions = ["640223", "640223", "640299", "640221"]
    firms = pa.table({"id": list("abcd"), "applicant.region": regions})
    nested = pa.table({"id": ["a"], "contract": [[{"buyer_region": "640223"}] * 2]})
    told = []
    for table in (firms, nested):
        made = incentives.batch.assess(incentives.load(), {"applicant": table}, key="id", on=ON)
        told += [(each.code, each.severity, each.message[-9:]) for each in made.findings]
    assert told == [
        ("E324", Severity.WARNING, " (2 rows)"),
        ("E325", Severity.WARNING, "e (1 row)"),
        ("E324", Severity.WARNING, " (2 rows)"),
    ]


def test_very_many_odd_region_codes_are_counted() -> None:
    codes = [f"6402{n:02}" for n in range(30, 80)]
    firms = pa.table({"id": codes, "applicant.region": codes})
    made = incentives.batch.assess(incentives.load(), {"applicant": firms}, key="id", on=ON)
    assert len(made.findings) == 21
    assert made.findings[-1].message == "30 more codes are to be checked (30 rows)"


@pytest.mark.parametrize(
    ("given", "columns"), [("4GiB", "3.2 GiB"), ("2 GiB", "1.5 GiB"), ("1.5MiB", "1.1 MiB")]
)
def test_the_columns_leave_room_for_the_rest(given: str, columns: str, tmp_path: Path) -> None:
    with open_connection(Limits(given), tmp_path) as connection:
        setting = "SELECT current_setting('memory_limit')"
        assert connection.execute(setting).fetchone() == (columns,)


def test_amounts_that_no_decimal_holds_are_the_single_engine_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = run(items=True)

    def too_wide(*_: Any, **__: Any) -> Any:
        raise WidthError

    monkeypatch.setattr(chunks, "decisions", too_wide)
    made = run(items=True)
    assert made.counts.columns == 0
    assert made.to_arrow().equals(expected.to_arrow())
