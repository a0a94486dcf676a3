"""Attacks and accidents in spreadsheets, CSV and Parquet, each row of the threat list tried."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from incentives.catalogue import CATALOGUE
from incentives.diagnostics import MissingExtraError, TableError
from incentives.tabular import archive, delimited, markup, parquet, parquet_child
from incentives.tabular.cells import CellKind
from incentives.tabular.header import header_columns
from incentives.tabular.read import read_sheet
from incentives.tabular.write import write_csv

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"


def refused(path: Path, **options: Any) -> str:
    """Return the code and both sentences of the one finding."""
    with pytest.raises(TableError) as found:
        read_sheet(path, **options)
    (finding,) = found.value.findings
    assert finding.code in CATALOGUE
    return f"{finding.code} {finding.message} | {finding.zh}"


def parts() -> dict[str, bytes]:
    """Return the parts of a good workbook with 甲公司 in A1 and 1 in B1."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("表")
    sheet.write_string("A1", "甲公司")
    sheet.write_number("B1", 1)
    book.close()
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, changes: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in (parts() | changes).items():
            out.writestr(name, data)
    return path


def changed(path: Path, name: str, old: bytes, new: bytes) -> Path:
    data = parts()[name]
    assert old in data
    return packed(path, {name: data.replace(old, new)})


def test_threat_29_footers_that_ask_for_too_much_are_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": pa.nulls(3_000_000)}), path)  # a few kilobytes
    assert path.stat().st_size < 100_000
    assert refused(path).startswith("E502")
    pq.write_table(
        pa.table(
            {"x": ["a" * 1000] * 100},
        ),
        path,
        use_dictionary=False,
    )
    monkeypatch.setattr(parquet, "MAX_BYTES", 50_000)
    assert refused(path).startswith("E502")


def test_threat_29_a_cut_or_false_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": list(range(1000))}), path)
    whole = path.read_bytes()
    for end in (0, 4, 100, len(whole) - 1):
        path.write_bytes(whole[:end])
        assert refused(path).startswith("E500")
    for place in range(4, len(whole) - 8, 31):  # whatever is overwritten: an answer or a refusal
        path.write_bytes(whole[:place] + b"\xff\xff\xff\x7f" + whole[place + 4 :])
        with suppress(pa.ArrowException, OSError, ValueError, parquet_child._RefusedError):
            assert parquet_child.decode(pa, str(path), 2_000_000, 2**29)[0] == ["x"]


def test_threat_29_a_file_that_unpacks_without_end_ends_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.parquet"
    monkeypatch.setattr(parquet, "MAX_MEMORY", 2**28)  # not 2 GiB: they take seconds to fill
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["甲" * 50_000])
    pq.write_table(pa.table({"x": words}), path, compression="zstd")
    assert path.stat().st_size < 10_000  # fifteen gigabytes of text, and no footer says so
    found = refused(path)
    assert found.startswith("E502")
    assert "memory" in found


def test_threat_29_days_and_letters_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    letters = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
    )
    for array in (pa.array([2**31 - 1], pa.int32()).cast(pa.date32()), letters):
        pq.write_table(pa.table({"x": array}), path)
        assert refused(path).startswith("E500")


def test_threat_30_old_readers_and_extension_types_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = pa.field(
        "x", pa.int64(), metadata={"ARROW:extension:name": "evil", "ARROW:extension:metadata": ""}
    )
    pq.write_table(pa.table([pa.array([1])], schema=pa.schema([field])), tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet").startswith("E509")
    for kind in (pa.uuid(), pa.list_(pa.int64()), pa.binary(), pa.struct([("a", pa.int64())])):
        pq.write_table(pa.table({"x": pa.nulls(1, kind)}), tmp_path / "b.parquet")
        assert refused(tmp_path / "b.parquet").startswith("E509")
    monkeypatch.setattr(pa, "__version__", "14.0.0")
    with pytest.raises(MissingExtraError):
        read_sheet(tmp_path / "a.parquet")


@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml"]
)
def test_threat_31_entities_are_refused_in_every_part(tmp_path: Path, part: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    data = parts()[part]
    end = data.index(b"?>") + 2
    path = packed(tmp_path / "a.xlsx", {part: data[:end] + laughs + data[end:]})
    assert refused(path).startswith("E503")


def test_threat_31_another_encoding_hides_nothing(tmp_path: Path) -> None:
    data = parts()[SHEET].decode().replace("UTF-8", "UTF-16")
    assert refused(packed(tmp_path / "a.xlsx", {SHEET: data.encode("utf-16")})).startswith("E503")


def test_threat_31_zip_bombs_are_refused_by_their_directory(tmp_path: Path) -> None:
    padded = parts()[SHEET] + b" " * (archive.FREE_BYTES + 1)
    assert "E502" in refused(packed(tmp_path / "a.xlsx", {SHEET: padded}))
    many = {f"x/{n}.xml": b"<a/>" for n in range(archive.MAX_ENTRIES)}
    assert "E502" in refused(packed(tmp_path / "b.xlsx", many))


def test_threat_31_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {SHEET: parts()[SHEET] + b" " * 10_000})
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        size = file.getinfo(SHEET).file_size
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (600).to_bytes(4, "little")))
    assert refused(path).startswith("E500")


def test_threat_31_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {})
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr(SHEET, b"<worksheet/>")
    assert refused(path).startswith("E502")


def test_threat_31_cells_far_apart_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = changed(tmp_path / "a.xlsx", SHEET, b'r="B1"', b'r="XFD1048576"')
    assert refused(path).startswith("E502")
    path = changed(
        tmp_path / "b.xlsx", SHEET, b'<dimension ref="A1:B1"/>', b'<dimension ref="A1:XFD1048576"/>'
    )
    assert len(read_sheet(path).rows) == 1


def test_threat_31_one_long_text_in_many_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "MAX_CHARACTERS", 5)
    assert refused(packed(tmp_path / "a.xlsx", {})).startswith("E502")


def test_threat_31_a_sheet_the_guard_did_not_see_is_not_read(tmp_path: Path) -> None:
    links = "xl/_rels/workbook.xml.rels"
    path = changed(tmp_path / "a.xlsx", links, b"worksheets/sheet1", b"./worksheets/sheet1")
    assert refused(path).startswith("E500")


def test_threat_31_nothing_but_xml_reaches_the_reader(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {"xl/vbaProject.bin": b"\0" * 100, "../../x": b"y"})
    assert [cell.value for cell in read_sheet(path).rows[0]] == ["甲公司", 1]


@pytest.mark.parametrize(
    "number",
    [b"12345678901234567.89", b"911010000000000123", b"0.30000000000000004", b"inf", b"NaN"],
)
def test_threat_32_numbers_beyond_15_digits_are_refused(tmp_path: Path, number: bytes) -> None:
    path = changed(tmp_path / "a.xlsx", SHEET, b"<v>1</v>", b"<v>" + number + b"</v>")
    said = refused(path)
    assert said.startswith("E511")
    assert "表!B1" in said


def test_threat_32_a_formula_whose_result_is_no_text_is_a_blank(tmp_path: Path) -> None:
    result = b'<c r="B1" t="str"><f>""</f><v></v></c>'
    path = changed(tmp_path / "a.xlsx", SHEET, b'<c r="B1"><v>1</v></c>', result)
    assert [cell.kind for cell in read_sheet(path).rows[0]] == [CellKind.TEXT, CellKind.EMPTY]


def test_threat_32_a_tenth_is_a_tenth(tmp_path: Path) -> None:
    for text in (b"0.1", b"0.10", b"1E-1", b"0.10000000000000001"):
        path = changed(tmp_path / "a.xlsx", SHEET, b"<v>1</v>", b"<v>" + text + b"</v>")
        assert read_sheet(path).rows[0][1].text == "0.1"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_threat_33_no_name_becomes_a_formula_in_csv(tmp_path: Path, sign: str) -> None:
    write_csv(tmp_path / "a.csv", ["名称", "金额"], [[f"{sign}1+1", -1]])
    name, amount = read_sheet(tmp_path / "a.csv").rows[1]
    assert name.text == f"'{sign}1+1"
    assert amount.text == "-1"


def test_threat_34_encodings_are_recognised_declared_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def first(**options: Any) -> str | None:
        return read_sheet(path, **options).rows[0][0].text

    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path.write_bytes("示例公司,1".encode(encoding))
        assert first() == "示例公司"
    path.write_bytes("堃堃公司,1".encode("gb18030"))
    assert "--encoding" in CATALOGUE["E504"].remedy.en
    assert refused(path).startswith("E504")
    for name in ("gb18030", "GBK", "gb2312"):
        assert first(encoding=name) == "堃堃公司"
    assert refused(path, encoding="utf-8").startswith("E504")
    path.write_bytes("é,1".encode())  # in GB 2312 these bytes are 茅
    assert refused(path).startswith("E504")
    assert first(encoding="utf-8") == "é"
    for raw in ("示例".encode("utf-16"), "示例公司".encode("big5"), b"\xff\xfe", b"a\xffb"):
        path.write_bytes(raw)
        assert refused(path).startswith("E504")
    for name in ("latin-1", "no-such", "utf-16", "rot13"):
        assert refused(path, encoding=name).startswith("E504")


def test_threat_34_what_was_lost_earlier_is_not_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称\n示例\ufffd公司\n", encoding="utf-8")
    assert "A2" in refused(tmp_path / "a.csv")


def test_threat_34_what_we_write_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["名称"], [["示例公司"]])
    assert (tmp_path / "a.csv").read_bytes().startswith("\ufeff".encode())


def test_threat_35_faults_of_text_tables_name_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    for text, code, place in (
        ("a,b\nx\0,y\n", "E505", "line 2"),
        ("a,b\n1,2\n1,000,2\n", "E506", "C3"),
        ("a,b\n1\n", "E506", "B2"),
        ('a,b\n1,"2', "E507", "line 2"),
        ('a,b\n1,"2"x\n', "E507", "line 2"),
    ):
        path.write_text(text, encoding="utf-8")
        said = refused(path)
        assert said.startswith(code)
        assert place in said
    path.write_text('a,b\n"two\nlines",y\n', encoding="utf-8")
    assert read_sheet(path).rows[1][0].text == "two\nlines"
    monkeypatch.setattr(delimited, "MAX_BYTES", 10)
    assert refused(path).startswith("E502")
    path.write_text("", encoding="utf-8")
    assert read_sheet(path).rows == ()


def test_threat_35_too_many_cells_are_refused_while_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n" * 20, encoding="utf-8")
    monkeypatch.setattr(delimited, "MAX_CELLS", 10)
    assert refused(path).startswith("E502")


def test_threat_35_doubled_or_merged_headings_are_refused(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("表")
    sheet.write_row("A1", ["名称", "名 称"])
    sheet.merge_range("C1:D1", "金额")
    book.close()
    with pytest.raises(TableError) as found:
        header_columns(read_sheet(tmp_path / "a.xlsx"))
    assert [item.code for item in found.value.findings] == ["E514", "E515"]


def test_threat_35_one_bad_cell_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n" + "\ufffd\n" * 300, encoding="utf-8")
    with pytest.raises(TableError) as found:
        read_sheet(path)
    assert len(found.value.findings) == 100
    assert "200" in found.value.findings[-1].message
    kept = read_sheet(path, keep_faults=True)
    assert sum(cell.kind is CellKind.ERROR for row in kept.rows for cell in row) == 300


def test_import_incentives_reads_no_table_package() -> None:
    code = "import sys, incentives; print(sorted({'pyarrow', 'python_calamine', 'xlsxwriter'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
