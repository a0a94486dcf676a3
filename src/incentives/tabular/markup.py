"""The XML of a workbook, looked through before the reader sees it.

Three things the reader would not tell: entities and document types (never needed,
only harmful), cells so far apart that the rectangle around them fills the memory, and
cells whose error or missing result it would hand over as empty.

The law kept here (``tests/threats/test_tables.py``): a cell that shows ``#REF!`` is
never read as blank, because blank means that nobody knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from incentives.tabular.archive import too_large
from incentives.tabular.faults import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.diagnostics import TableError

MAX_CELLS: Final = 2_000_000
"""Cells in the rectangle from A1 to the last one filled."""

MAX_CHARACTERS: Final = 2**32
"""Filled cells times the longest text that cells share."""

_MAX_DEPTH: Final = 100
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_WORKBOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_TEXTS: Final = "xl/sharedStrings.xml"

Faults = dict[tuple[int, int], tuple[str, str]]
"""By row and column: the text that stands in the cell, and the code of its fault."""


def look_through(parts: Mapping[str, bytes], source: str) -> dict[str, Faults]:
    """Return the faulty cells of every sheet, by the sheet's name.

    Raises:
        TableError: document types, another encoding, or beyond the limits (E502, E503).
    """
    scans = {name: _Scan(data, name, source).run() for name, data in parts.items()}
    links = {item.get("Id"): item.get("Target", "") for item in _found(scans, _LINKS)}
    longest = scans[_TEXTS].longest if _TEXTS in scans else 0
    faults = {}
    for item in _found(scans, _WORKBOOK):
        target = links.get(next((item[key] for key in item if key.endswith(":id")), ""), "")
        part = target[1:] if target.startswith("/") else f"xl/{target}"
        if part in scans:
            faults[item.get("name", "")] = scans[part].faults
            _measure(scans[part], item.get("name", ""), longest, source)
    return faults


def _found(scans: Mapping[str, _Scan], part: str) -> list[dict[str, str]]:
    return scans[part].listed if part in scans else []


def _measure(sheet: _Scan, title: str, longest: int, source: str) -> None:
    rows, columns = sheet.last
    if rows * columns > MAX_CELLS:
        raise too_large(
            source,
            f"sheet {title[:40]} spans {rows} rows and {columns} columns",
            f"工作表 {title[:40]} 占 {rows} 行、{columns} 列",
        )
    if sheet.filled * longest > MAX_CHARACTERS:
        raise too_large(
            source, f"the texts of sheet {title[:40]}", f"工作表 {title[:40]} 的文字太多"
        )


class _Scan:
    """One part, read once from front to back; what it keeps depends on the elements it meets."""

    def __init__(self, data: bytes, name: str, source: str) -> None:
        self.data = data
        self.name = name
        self.source = source
        self.listed: list[dict[str, str]] = []  # sheets of the workbook, or links
        self.longest = 0  # characters of one shared text
        self.faults: Faults = {}
        self.last = (0, 0)
        self.filled = 0
        self._depth = 0
        self._row = self._column = 0
        self._type = ""
        self._formula: str | None = None
        self._result: str | None = None
        self._texts: list[str] | None = None

    def run(self) -> _Scan:
        """Read the part; raise ``TableError`` for what no workbook needs."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(self.data, True)
        except expat.ExpatError as error:
            raise self._refuse(f"is damaged: {error}", f"已损坏：{error}") from None
        return self

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:  # noqa: ARG002
        if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii"}:
            raise self._refuse(f"is written in {encoding[:20]}", f"的编码是 {encoding[:20]}")

    def _doctype(self, *_: object) -> None:
        raise self._refuse(
            "declares a document type, which workbooks never need", "声明了文档类型或实体"
        )

    def _refuse(self, en: str, zh: str) -> TableError:
        return refusal(
            "E503",
            f"{self.source}: the part {self.name[:60]} {en}",
            f"{self.source}：其中 {self.name[:60]} {zh}",
            (
                "open it in a spreadsheet program and save it again, and ask who sent it",
                "请向发件人核实；可用 WPS 或 Excel 打开后重新保存",
            ),
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._refuse("is nested too deeply", "嵌套过深")
        match name.rpartition(":")[2]:
            case "row":
                given = attributes.get("r", "")
                self._row = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1
                self._column = 0
            case "c":
                self._place(attributes)
                self._type = attributes.get("t", "")
                self._formula = self._result = None
            case "v" | "f" | "is" | "si":
                self._texts = []
            case "sheet" | "Relationship":
                self.listed.append(attributes)

    def _place(self, attributes: dict[str, str]) -> None:
        self._column += 1
        match = _CELL.fullmatch(attributes.get("r", ""))
        if match is not None:
            self._row, self._column = int(match[2]), 0
            for letter in match[1]:
                self._column = self._column * 26 + ord(letter) - ord("A") + 1

    def _characters(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        kept = "".join(self._texts) if self._texts is not None else ""
        match name.rpartition(":")[2]:
            case "v" | "is":
                self._result, self._texts = kept, None
            case "f":
                self._formula, self._texts = kept, None
            case "si":
                self.longest, self._texts = max(self.longest, len(kept)), None
            case "c":
                self._cell()

    def _cell(self) -> None:
        if self._formula is None and self._result is None:
            return  # formatted, and nothing in it
        self.filled += 1
        self.last = (max(self.last[0], self._row), max(self.last[1], self._column))
        if self._type == "e":
            self.faults[self._row, self._column] = (self._result or "#VALUE!", "E510")
        elif self._formula is not None and not self._result and self._type != "str":
            self.faults[self._row, self._column] = (f"={self._formula}", "E512")


_Handler = "Callable[..., None]"
