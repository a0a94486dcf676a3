"""The records of a CSV or TSV file of any size, one after another.

The same reading as ``delimited``, which holds a whole sheet in memory: the same encodings,
the same strictness, the same findings. The file is gone over twice, first for its encoding.

The trap: a record is not a line, for a quoted text may hold line ends; findings about cells
count records, as the spreadsheet does.
"""

from __future__ import annotations

import codecs
import csv
from typing import IO, TYPE_CHECKING, Final

from incentives.diagnostics import TableError
from incentives.tabular.delimited import (
    MARKS,
    nul_refusal,
    quoting_refusal,
    ragged_finding,
    read_as,
    unsure_encoding,
    wrong_encoding,
)
from incentives.tabular.faults import MOST_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from incentives.diagnostics import Finding

_CHUNK: Final = 2**20


def records(path: Path, source: str, encoding: str | None = None) -> Iterator[list[str]]:
    """Yield the records of a file, the header first; a blank line is an empty record.

    Args:
        path: the file; a name that ends in ``.csv`` has commas, any other tabulators.
        source: what messages call it.
        encoding: ``utf-8`` or ``gb18030``, where the file does not show its own.

    Raises:
        TableError: encoding, quoting, ragged records (E504 to E507); the last of these when
            all records have been read.
        OSError: the file cannot be read.
    """
    name = _encoding(path, source, encoding)
    ragged: list[Finding] = []
    with path.open(encoding=name, newline="") as stream:
        delimiter = "," if path.suffix.lower() == ".csv" else "\t"
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        width = -1
        try:
            if stream.read(1) != "\ufeff":
                stream.seek(0)
            for number, record in enumerate(reader, start=1):
                if width < 0:
                    width = len(record)
                elif record and len(record) != width:
                    ragged.append(ragged_finding(source, number, len(record), width))
                    if len(ragged) == MOST_FINDINGS:
                        break
                yield record
        except csv.Error as error:
            raise quoting_refusal(source, reader.line_num, error) from None
        except UnicodeDecodeError:
            raise wrong_encoding(source, name, _wrong_line(path, name)) from None
    if ragged:
        raise TableError(ragged)


def _encoding(path: Path, source: str, declared: str | None) -> str:
    """Return what the file is read as, by its bytes or as declared."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(MARKS):
            raise unsure_encoding(source, "is UTF-16", "是 UTF-16 编码")
        file.seek(0)
        _refuse_nul(file, source)
        if declared is not None:
            return read_as(source, declared)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8"
        file.seek(0)
        if _decodes(file, "utf-8"):
            file.seek(0)
            if _could_be_chinese(file):
                raise unsure_encoding(
                    source, "may be UTF-8 or GB18030", "可能是 UTF-8，也可能是 GB18030 编码"
                )
            return "utf-8"
        file.seek(0)
        if _decodes(file, "gb18030", only="gb2312"):
            return "gb18030"
    raise unsure_encoding(
        source, "is not UTF-8, and not surely GB18030", "不是 UTF-8，也不能确定是 GB18030 编码"
    )


def _refuse_nul(file: IO[bytes], source: str) -> None:
    line = 1
    while chunk := file.read(_CHUNK):
        at = chunk.find(b"\x00")
        if at >= 0:
            raise nul_refusal(source, line + chunk.count(b"\n", 0, at))
        line += chunk.count(b"\n")


def _decodes(file: IO[bytes], name: str, only: str | None = None) -> bool:
    """Say whether the whole file is of an encoding, and of its everyday characters only."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if only is not None:
                text.encode(only)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _could_be_chinese(file: IO[bytes]) -> bool:
    """Say whether UTF-8 without one Chinese character would be Chinese in GB 2312."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    chinese = codecs.getincrementaldecoder("gb2312")()
    is_ascii = True
    try:
        while chunk := file.read(_CHUNK):
            text = utf8.decode(chunk)
            if not text.isascii():
                is_ascii = False
                if any(char >= "\u0800" for char in text):
                    return False
            chinese.decode(chunk)
        chinese.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not is_ascii


def _wrong_line(path: Path, name: str) -> int:
    """Return the line that is not of the encoding; a line's end is no part of a character."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(name)
            except UnicodeDecodeError:
                return number
    return 1
