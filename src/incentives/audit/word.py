"""A Word document as Chinese offices file it: A4, 宋体 and 黑体, boxed tables, page numbers.

Nothing here knows what an audit is. The trap: Word takes the font of Chinese characters
from an attribute of its own (``eastAsia``); without it they fall back to whatever the
reader's computer has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError
from incentives.explain.structure import Tone
from incentives.explain.text import visible
from incentives.tabular.write import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike
    from pathlib import Path

    from incentives.explain.structure import Block, Line

BODY: Final = "宋体"
HEAD: Final = "黑体"
_MARKS: Final = {Tone.MET: "√", Tone.FAILED: "×", Tone.OPEN: "？", Tone.WARNING: "！"}


class Paper:
    """A document being written from the top; ``save`` puts it in its place whole."""

    def __init__(self, title: str, number: str) -> None:
        try:
            import docx
        except ImportError:
            raise MissingExtraError(
                ("writing .docx", "写出 .docx "), "python-docx", "docx"
            ) from None
        self.document: Any = docx.Document()
        self._page()
        self._margins(title, number)
        self._paragraph(title, HEAD, 18, align="center", after=6)

    # ── what stands on the page ──────────────────────────────────────────────

    def section(self, text: str) -> None:
        """Write the heading of a part."""
        self._paragraph(text, HEAD, 12, before=8, after=3, keep=True)

    def heading(self, text: str) -> None:
        """Write a smaller heading."""
        self._paragraph(text, HEAD, 11, before=4, after=2, keep=True)

    def line(self, text: str, *, mark: str = "", level: int = 0) -> None:
        """Write one line of text."""
        self._paragraph(f"{mark} {text}".strip(), BODY, 10, indent=level)

    def block(self, block: Block) -> None:
        """Write a block of an explanation, its lines below one another."""
        if block.title is not None:
            self._paragraph(block.title.zh, HEAD, 10, before=2, keep=True)
        self._lines(block.lines, 0 if block.title is None else 1)

    def _lines(self, lines: Iterable[Line], level: int) -> None:
        for line in lines:
            figure = "" if line.figure is None else f"　{line.figure.zh}"
            self.line(f"{line.text.zh}{figure}", mark=_MARKS.get(line.tone, ""), level=level)
            self._lines(line.of, level + 1)

    def facts(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        """Write a boxed table of labels and their values, two pairs a row."""
        table = self._table(len(rows), (24, 70, 24, 70))
        for row, texts in zip(table.rows, rows, strict=True):
            for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                self._cell(cell, text, HEAD if at % 2 == 0 else BODY, shade=at % 2 == 0)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[int],
        right: set[int],
    ) -> None:
        """Write a table whose heading comes again on each page; widths in millimetres.

        ``right`` are the columns of figures, which end flush.
        """
        table = self._table(len(rows) + 1, widths)
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            self._cell(cell, text, HEAD, align="center", shade=True, size=9)
        self._repeat(table.rows[0])
        for row, texts in zip(list(table.rows)[1:], rows, strict=True):
            self._whole(row)
            for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                self._cell(cell, text, BODY, align="right" if at in right else "left", size=9)
        self._paragraph("", BODY, 4)

    def box(self, text: str, below: str) -> None:
        """Write an empty box to be filled in by hand."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        table = self._table(1, (188,))
        cell = table.rows[0].cells[0]
        self._cell(cell, text, BODY)
        for _ in range(3):
            cell.add_paragraph()
        last = cell.add_paragraph()
        last.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._run(last, below, BODY, 10)

    def save(self, path: str | PathLike[str]) -> None:
        """Put the document in its place, whole or not at all."""

        def write(place: Path) -> None:
            self.document.save(str(place))

        write_whole(path, write)

    # ── how it looks ─────────────────────────────────────────────────────────

    def _page(self) -> None:
        from docx.shared import Mm

        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(11)
        page.top_margin, page.bottom_margin = Mm(18), Mm(16)
        page.header_distance = page.footer_distance = Mm(8)
        self.document.core_properties.author = ""
        self.document.core_properties.title = ""

    def _margins(self, title: str, number: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        page = self.document.sections[0]
        head = page.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._run(head, f"{title}　索引号：{number}", BODY, 9)
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
            self._run(foot, text, BODY, 9)
            if field:
                self._field(foot, field)

    def _field(self, paragraph: Any, code: str) -> None:
        """Put in a field that Word works out, such as the number of the page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields of its own
        run = self._run(paragraph, "1", BODY, 9)
        field.append(run._element)  # noqa: SLF001 - likewise

    def _paragraph(
        self,
        text: str,
        font: str,
        size: int,
        *,
        align: str = "left",
        before: int = 0,
        after: int = 1,
        indent: int = 0,
        keep: bool = False,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm, Pt

        paragraph = self.document.add_paragraph()
        form = paragraph.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.left_indent = Mm(5 * indent)
        form.keep_with_next = keep
        if align == "center":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, font, size)

    def _run(self, paragraph: Any, text: str, font: str, size: int) -> Any:
        from docx.oxml.ns import qn
        from docx.shared import Pt

        run = paragraph.add_run(visible(text))
        run.font.name, run.font.size = "Times New Roman", Pt(size)
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - likewise
        fonts.set(qn("w:eastAsia"), font)
        return run

    def _table(self, rows: int, widths: Sequence[int]) -> Any:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Mm

        table = self.document.add_table(rows=rows, cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    def _cell(
        self,
        cell: Any,
        text: str,
        font: str,
        *,
        align: str = "left",
        shade: bool = False,
        size: int = 10,
    ) -> None:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Pt

        ways = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ways.get(align)
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.space_after = Pt(2)
        self._run(paragraph, text, font, size)
        if shade:
            fill = OxmlElement("w:shd")
            fill.set(qn("w:val"), "clear")
            fill.set(qn("w:fill"), "E7E6E6")
            cell._tc.get_or_add_tcPr().append(fill)  # noqa: SLF001 - likewise

    def _repeat(self, row: Any) -> None:
        """Let a heading stand again on each page."""
        self._flag(row, "w:tblHeader")

    def _whole(self, row: Any) -> None:
        """Keep a row on one page."""
        self._flag(row, "w:cantSplit")

    def _flag(self, row: Any, name: str) -> None:
        from docx.oxml import OxmlElement

        row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - likewise
