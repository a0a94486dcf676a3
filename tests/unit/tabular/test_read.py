"""Tables are read exactly, or refused with the cell named."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.catalogue import CATALOGUE
from incentives.diagnostics import TableError, render
from incentives.tabular.cells import CellKind, address_of, number_cell
from incentives.tabular.header import header_columns
from incentives.tabular.read import MergedRange, Sheet, read_sheet, read_sheets
from incentives.tabular.write import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def workbook(path: Path, fill: Callable[[Any, Any], None], *, sheet: str = "发放表") -> Path:
    book = xlsxwriter.Workbook(str(path))
    fill(book, book.add_worksheet(sheet))
    book.close()
    return path


def codes_of(error: TableError) -> list[str]:
    """Return the codes; every finding must also speak both languages and be catalogued."""
    for finding in error.findings:
        assert finding.code in CATALOGUE
        assert finding.zh
        assert render(finding, "zh") != render(finding, "en")
    return [finding.code for finding in error.findings]


def refused(path: Path, **options: Any) -> TableError:
    with pytest.raises(TableError) as found:
        read_sheet(path, **options)
    codes_of(found.value)
    return found.value


def values(sheet: Sheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.rows]


@pytest.mark.parametrize(
    ("row", "column", "address"),
    [(1, 1, "A1"), (7, 3, "C7"), (9, 26, "Z9"), (1, 27, "AA1"), (1048576, 16384, "XFD1048576")],
)
def test_addresses_are_those_of_the_spreadsheet(row: int, column: int, address: str) -> None:
    assert address_of(row, column) == address


def test_a_workbook_s_cells_have_kinds_and_exact_values(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string("B2", "甲公司")
        sheet.write_number("C2", 0.1)
        sheet.write_number("D2", 350000)
        sheet.write_datetime("E2", datetime(2024, 5, 1), day)  # noqa: DTZ001 - a plain day
        sheet.write_boolean("F2", True)
        sheet.write_formula("G2", "=D2*2", None, 700000)
        sheet.write_number("H2", -1234567.89)
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime("I2", datetime(2024, 5, 1, 13, 0), moment)  # noqa: DTZ001

    sheet = read_sheet(workbook(tmp_path / "a.xlsx", fill))
    assert [cell.kind for cell in sheet.rows[0]] == [CellKind.EMPTY] * 9
    assert values(sheet)[1] == [
        None, "甲公司", Fraction(1, 10), 350000, date(2024, 5, 1), True, 700000,
        Fraction(-123456789, 100), "2024-05-01 13:00:00",
    ]  # fmt: skip
    texts = [cell.text for cell in sheet.rows[1]]
    assert texts[1:8] == ["甲公司", "0.1", "350000", "2024-05-01", "TRUE", "700000", "-1234567.89"]
    assert sheet.rows[1][2].address == "C2"
    assert sheet.rows[1][8].kind is CellKind.TEXT  # the date of a moment would be a guess


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 12))
def test_every_decimal_of_15_digits_survives_a_double(whole: int, places: int) -> None:
    exact = Fraction(whole, 10**places)
    cell = number_cell(repr(whole / 10**places), 1, 1)
    assert cell.value == exact
    assert type(cell.value) is (int if exact.denominator == 1 else Fraction)


@pytest.mark.parametrize(
    "shown",
    ["0.30000000000000004", "1e+15", "9.1101e+17", "1.234567890123457e+16", "inf", "nan", "-inf"],
)
def test_numbers_a_spreadsheet_cannot_keep_are_faults(shown: str) -> None:
    assert number_cell(shown, 1, 1).fault == "E511"


def test_a_code_that_became_a_number_names_its_cell_and_says_why(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda _, sheet: sheet.write_number("C7", 9.11101e17))
    (finding,) = refused(path).findings
    assert finding.code == "E511"
    assert "发放表!C7" in finding.message
    assert "营业执照" in (finding.help_zh or "")


def test_errors_and_missing_results_are_never_blank(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_formula("A1", "=1/0", None, "#DIV/0!")
        sheet.write_string("B1", "x")

    assert codes_of(refused(workbook(tmp_path / "a.xlsx", fill))) == ["E510"]
    book = openpyxl.Workbook()
    book.active["B3"] = "=SUM(A1:A2)"  # openpyxl stores no result
    book.save(tmp_path / "b.xlsx")
    (finding,) = refused(tmp_path / "b.xlsx").findings
    assert (finding.code, "=SUM(A1:A2)" in finding.message) == ("E512", True)


def test_faults_may_be_kept_for_callers_who_judge_row_by_row(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_string("A1", "good")
        sheet.write_formula("B2", "=#REF!", None, "#REF!")

    sheet = read_sheet(workbook(tmp_path / "a.xlsx", fill), keep_faults=True)
    cell = sheet.rows[1][1]
    assert (cell.kind, cell.text, cell.value, cell.fault) == ("error", "#REF!", None, "E510")
    assert [item.code for item in sheet.faults()] == ["E510"]


def test_a_workbook_another_program_wrote_reads_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "金额"])
    sheet.append(["=1+1", 0.1])
    sheet["A2"].data_type = "s"
    sheet.merge_cells("A4:B5")
    sheet["A4"] = "合计"
    book.save(tmp_path / "a.xlsx")
    read = read_sheet(tmp_path / "a.xlsx")
    assert values(read)[:2] == [["名称", "金额"], ["=1+1", Fraction(1, 10)]]
    assert read.merged == (MergedRange(4, 1, 5, 2),)
    assert str(read.merged[0]) == "A4:B5"
    assert (5, 2) in read.merged[0]
    assert (3, 2) not in read.merged[0]


def test_the_sheet_that_is_meant(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_string("A1", "2023")
        book.add_worksheet("空表")
        book.add_worksheet("2024年").write_string("A1", "2024")

    path = workbook(tmp_path / "a.xlsx", fill, sheet="2023年")
    assert [sheet.name for sheet in read_sheets(path)] == ["2023年", "空表", "2024年"]
    assert values(read_sheet(path, name="2024年")) == [["2024"]]
    (several,) = refused(path).findings
    assert several.code == "E508"
    assert "2023年, 空表, 2024年" in several.message
    assert codes_of(refused(path, name="2025年")) == ["E508"]
    alone = workbook(tmp_path / "b.xlsx", lambda book, _: book.add_worksheet("二").write("B1", "x"))
    assert read_sheet(alone).name == "二"  # the other one is empty


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.txt", "a"])
def test_other_files_are_refused_with_what_to_save(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert codes_of(refused(tmp_path / name)) == ["E501"]
    with pytest.raises(FileNotFoundError):
        read_sheet(tmp_path / f"missing-{name}")


def test_an_old_or_protected_workbook_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "密码" in str(refused(path).findings[0].zh)
    path.write_bytes(b"PK\x03\x04 cut short")
    assert "损坏" in str(refused(path).findings[0].zh)


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_a_text_table(tmp_path: Path, suffix: str) -> None:
    comma = "," if suffix == ".csv" else "\t"
    path = tmp_path / f"a{suffix}"
    text = f'\ufeff名称{comma}金额\r\n"甲{comma}\n""公司"""{comma}350000\r\n{comma}\r\n\r\n乙{comma}\r\n\r\n'
    path.write_bytes(text.encode())
    sheet = read_sheet(path)
    assert values(sheet) == [
        ["名称", "金额"], [f'甲{comma}\n"公司"', "350000"], [None, None], [None, None], ["乙", None],
    ]  # fmt: skip
    assert sheet.rows[4][0].address == "A5"


def test_one_table_three_ways(tmp_path: Path) -> None:
    rows = [["名称", "编号"], ["甲公司", "000123"], ["=1+1", "2024-05-01"]]
    write_csv(tmp_path / "a.csv", rows[0], rows[1:2])
    pq.write_table(
        pa.table({"名称": ["甲公司", "=1+1"], "编号": ["000123", "2024-05-01"]}),
        tmp_path / "a.parquet",
    )

    def fill(_: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)

    assert values(read_sheet(workbook(tmp_path / "a.xlsx", fill))) == rows
    assert values(read_sheet(tmp_path / "a.parquet")) == rows
    assert values(read_sheet(tmp_path / "a.csv")) == rows[:2]


def test_parquet_columns_keep_what_is_exact(tmp_path: Path) -> None:
    moments = [datetime(2024, 5, 1), datetime(2024, 5, 1, 13)]  # noqa: DTZ001
    table = pa.table(
        {
            "decimal": pa.array([Decimal("12345678901234567.89"), None], pa.decimal128(30, 2)),
            "whole": pa.array([2**62, -1], pa.int64()),
            "double": pa.array([0.1, None], pa.float64()),
            "day": pa.array([date(2024, 5, 1), None], pa.date32()),
            "moment": pa.array(moments, pa.timestamp("us")),
            "yes": pa.array([True, False]),
            "word": pa.array(["甲", ""]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    sheet = read_sheet(tmp_path / "a.parquet")
    assert values(sheet)[0] == table.column_names
    assert values(sheet)[1] == [
        Fraction(1234567890123456789, 100), 2**62, Fraction(1, 10), date(2024, 5, 1),
        date(2024, 5, 1), True, "甲",
    ]  # fmt: skip
    assert values(sheet)[2] == [None, -1, None, None, "2024-05-01 13:00:00", False, None]
    assert sheet.rows[1][0].text == "12345678901234567.89"
    pq.write_table(pa.table({"金额": [0.1 + 0.2]}), tmp_path / "b.parquet")
    (finding,) = refused(tmp_path / "b.parquet").findings
    assert (finding.code, "A2" in finding.message) == ("E511", True)


def test_the_header_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业 名称,金额,\n甲,1,\n", encoding="utf-8")
    assert header_columns(read_sheet(path)) == {"企业名称": 1, "金额": 2}
    path.write_text("名称,金额,金额,\n甲,1,2,3\n", encoding="utf-8")
    with pytest.raises(TableError) as found:
        header_columns(read_sheet(path))
    assert codes_of(found.value) == ["E514", "E516"]
    assert header_columns(read_sheet(path), row=9) == {}
