"""The zip archive that a workbook is, opened on guard.

Before anything is unpacked: the number of entries, their sizes and their ratios.
Then every XML part is unpacked here, up to the size it declares, and packed again
without compression: what the guard has seen is what the reader reads, whatever the
archive's headers say about themselves.

The trap: the reader never sees the file, only what this module hands it. Pictures,
macros and everything else that is not XML are left behind.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from incentives.tabular.faults import refusal

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.diagnostics import TableError

MAX_ENTRIES: Final = 2_000
MAX_BYTES: Final = 512 * 2**20
MAX_RATIO: Final = 200
FREE_BYTES: Final = 16 * 2**20  # below this no ratio is suspicious: empty cells pack well

_COMPOUND: Final = b"\xd0\xcf\x11\xe0"  # what .xls and password-protected workbooks begin with


def xml_parts(path: Path, source: str) -> dict[str, bytes]:
    """Return the XML parts of a workbook by name.

    Raises:
        TableError: no workbook, or one beyond the limits (E500, E502).
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        raw = io.BytesIO(file.read(MAX_BYTES + 1))
    try:
        with zipfile.ZipFile(raw) as archive:
            entries = archive.infolist()
            _measure(entries, source)
            return {entry.filename: archive.read(entry) for entry in entries if _is_xml(entry)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise _no_workbook(path, source) from None


def packed(parts: dict[str, bytes]) -> io.BytesIO:
    """Return the parts as an archive without compression, for the reader."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    out.seek(0)
    return out


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith((".xml", ".rels"))


def _measure(entries: list[zipfile.ZipInfo], source: str) -> None:
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or len(names) < len(entries):
        raise too_large(source, f"{len(entries)} entries", f"{len(entries)} 个部分")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_BYTES:
        raise too_large(source, f"{total} bytes unpacked", f"解压后 {total} 字节")
    for entry in entries:
        if entry.file_size > FREE_BYTES and entry.file_size > MAX_RATIO * entry.compress_size:
            raise too_large(
                source,
                f"{entry.filename} unpacks to more than {MAX_RATIO} times its size",
                f"{entry.filename} 解压后超过原来的{MAX_RATIO}倍",
            )


def too_large(source: str, en: str, zh: str) -> TableError:
    """Return the refusal of a file that asks for more than a table of applicants needs."""
    return refusal(
        "E502",
        f"{source} is beyond the limits: {en}",
        f"{source} 超出限度：{zh}",
        (
            "copy the rows that matter into a new workbook, or split the file",
            "请把需要的行复制到新的工作簿，或分成几个文件",
        ),
    )


def _no_workbook(path: Path, source: str) -> TableError:
    with path.open("rb") as file:
        start = file.read(4)
    if start == _COMPOUND:
        return refusal(
            "E500",
            f"{source} is an old .xls workbook, or protected by a password",
            f"{source} 是旧的 .xls 格式，或设有密码",
            (
                "save it as .xlsx without a password",
                "请另存为“Excel 工作簿（.xlsx）”，并取消密码",
            ),
        )
    return refusal(
        "E500",
        f"{source} is damaged, or no .xlsx workbook",
        f"{source} 已损坏，或不是 .xlsx 工作簿",
        ("open it in a spreadsheet program and save it again", "请用 WPS 或 Excel 打开后重新保存"),
    )
