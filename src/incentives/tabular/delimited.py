"""CSV and TSV files: one strict reading, or a refusal.

The encoding is UTF-8, or GB18030 where the bytes are no UTF-8 and every character is
one of GB 2312, which other encodings' bytes hardly ever are. What both could be, or
neither, is asked for (``encoding``); nothing is decoded with losses.

The trap: a row number counts records, as the spreadsheet that opens the file does, and
not lines: a quoted text may hold line ends.
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Final

from incentives.tabular.archive import too_large
from incentives.tabular.cells import address_of, text_cell
from incentives.tabular.faults import MOST_FINDINGS, finding, place, refusal
from incentives.tabular.markup import MAX_CELLS
from incentives.tabular.read import Sheet, TableError

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.diagnostics import Finding

MAX_BYTES: Final = 256 * 2**20

_READ_AS: Final = {
    "utf-8": "utf-8",
    "ascii": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
}
MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ASK: Final = (
    "say which it is: --encoding utf-8 or --encoding gb18030",
    "请指明编码：--encoding utf-8 或 --encoding gb18030",
)


def read_delimited(path: Path, source: str, encoding: str | None) -> Sheet:
    """Return the one sheet of a CSV or TSV file; its cells are text or empty.

    Raises:
        TableError: encoding, quoting, ragged rows, beyond the limits (E502 to E507).
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise too_large(source, f"more than {MAX_BYTES} bytes", f"超过 {MAX_BYTES} 字节")
    text = _decoded(raw, source, encoding)
    if "\x00" in text:
        raise nul_refusal(source, text.count("\n", 0, text.index("\x00")) + 1)
    records = _records(text, source, "," if path.suffix.lower() == ".csv" else "\t")
    while records and not any(records[-1]):
        records.pop()
    width = len(records[0]) if records else 0
    if len(records) * width > MAX_CELLS:
        raise too_large(source, f"{len(records) * width} cells", f"{len(records) * width} 个单元格")
    ragged = [
        ragged_finding(source, number, len(record), width)
        for number, record in enumerate(records, start=1)
        if len(record) not in {0, width}
    ]
    if ragged:
        raise TableError(ragged[:MOST_FINDINGS])
    rows = tuple(
        tuple(
            text_cell(value, number, column)
            for column, value in enumerate(record or [""] * width, start=1)
        )
        for number, record in enumerate(records, start=1)
    )
    return Sheet("", source, rows)


def _records(text: str, source: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    cells = 0
    try:
        for record in reader:
            cells += len(record)
            if cells > MAX_CELLS:
                raise too_large(source, f"more than {MAX_CELLS} cells", f"超过{MAX_CELLS}个单元格")
            records.append(record)
    except csv.Error as error:
        raise quoting_refusal(source, reader.line_num, error) from None
    return records


def nul_refusal(source: str, line: int) -> TableError:
    """Return the refusal of a file with a NUL character."""
    return refusal(
        "E505",
        f"{source}: line {line} holds a NUL character",
        f"{source}：第 {line} 行含有空字符（NUL）",
        ("save the table as CSV (UTF-8) again", "请重新另存为“CSV UTF-8”"),
    )


def quoting_refusal(source: str, line: int, error: csv.Error) -> TableError:
    """Return the refusal of a file whose quotation marks do not match."""
    return refusal(
        "E507",
        f"{source}: line {line} is not CSV: {error}",
        f"{source}：第 {line} 行不符合 CSV 格式：{error}",
        (
            'look for a quotation mark without its partner; inside quotes write ""',
            '请检查引号是否成对；引号内的引号写作 ""',
        ),
    )


def ragged_finding(source: str, row: int, length: int, width: int) -> Finding:
    """Return the finding about a record that is longer or shorter than the first."""
    en, zh = place(source, "", address_of(row, min(length, width) + 1))
    return finding(
        "E506",
        f"{en}: row {row} has {length} cells, the first row has {width}",
        f"{zh}：第 {row} 行有 {length} 格，首行有 {width} 格",
        (
            "a comma inside a text needs quotation marks around the text",
            "文字中含有逗号的，请用引号括起整格内容",
        ),
    )


def _decoded(raw: bytes, source: str, encoding: str | None) -> str:
    if raw.startswith(MARKS):
        raise unsure_encoding(source, "is UTF-16", "是 UTF-16 编码")
    if encoding is not None:
        return _declared(raw, source, encoding)
    if raw.startswith(codecs.BOM_UTF8):
        return _declared(raw, source, "utf-8")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _gb18030(raw, source)
    if _could_be_chinese(raw, text):
        raise unsure_encoding(
            source, "may be UTF-8 or GB18030", "可能是 UTF-8，也可能是 GB18030 编码"
        )
    return text


def _declared(raw: bytes, source: str, encoding: str) -> str:
    name = read_as(source, encoding)
    try:
        return raw.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise wrong_encoding(source, name, raw.count(b"\n", 0, error.start) + 1) from None


def read_as(source: str, encoding: str) -> str:
    """Return the encoding that a declared one is read as.

    Raises:
        TableError: it is none that tables are in.
    """
    try:
        return _READ_AS[codecs.lookup(encoding).name]
    except (LookupError, KeyError):
        raise unsure_encoding(
            source, f"cannot be read as {encoding[:20]!r}", f"不能按“{encoding[:20]}”编码读取"
        ) from None


def wrong_encoding(source: str, name: str, line: int) -> TableError:
    """Return the refusal of a file that is not of the encoding it should be."""
    return unsure_encoding(
        source, f"is not {name}: see line {line}", f"不是 {name} 编码：见第 {line} 行"
    )


def _gb18030(raw: bytes, source: str) -> str:
    """Return text that is no UTF-8: GB18030 if all its characters are everyday ones."""
    try:
        text = raw.decode("gb18030")
        text.encode("gb2312")
    except UnicodeError:
        raise unsure_encoding(
            source, "is not UTF-8, and not surely GB18030", "不是 UTF-8，也不能确定是 GB18030 编码"
        ) from None
    return text


def _could_be_chinese(raw: bytes, text: str) -> bool:
    """Whether valid UTF-8 without one Chinese character would be Chinese in GB 2312."""
    if text.isascii() or any(char >= "\u0800" for char in text):
        return False
    try:
        raw.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def unsure_encoding(source: str, en: str, zh: str) -> TableError:
    """Return the refusal of a file whose encoding must be told."""
    return refusal("E504", f"{source} {en}", f"{source} {zh}", _ASK)
