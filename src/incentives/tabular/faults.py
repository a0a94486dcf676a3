"""What is wrong with a table, in both languages, with the file, the sheet and the cell.

Every sentence names the place as a spreadsheet does (``发放表!C7``) and says what to
write instead. Codes: E500 to E516 (``catalogue/tables.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.diagnostics import Finding, TableError

if TYPE_CHECKING:
    from incentives.tabular.cells import Cell

MOST_FINDINGS: Final = 100

Both = tuple[str, str]


def refusal(code: str, en: str, zh: str, help: Both | None = None) -> TableError:
    """Return the error that holds one finding; ``help`` is (English, Chinese)."""
    return TableError([finding(code, en, zh, help)])


def finding(code: str, en: str, zh: str, help: Both | None = None) -> Finding:
    """Return a finding about a table."""
    remedy = help or (None, None)
    return Finding(code=code, message=en, zh=zh, help=remedy[0], help_zh=remedy[1])


def place(source: str, sheet: str, address: str) -> Both:
    """Return where a cell is, in English and in Chinese."""
    name = f"{sheet}!{address}" if sheet else address
    return f"{source}, {name}", f"{source}，单元格 {name}"


def cell_finding(cell: Cell, sheet: str, source: str) -> Finding:
    """Return what is wrong with a cell of kind ``error``."""
    shown = (cell.text or "")[:40]
    en, zh, help = _CELLS[cell.fault or "E510"]
    where_en, where_zh = place(source, sheet, cell.address)
    return finding(
        cell.fault or "E510",
        f"{where_en}: {en.format(shown=shown)}",
        f"{where_zh}：{zh.format(shown=shown)}",
        help,
    )


_CELLS: Final[dict[str, tuple[str, str, Both]]] = {
    "E505": (
        "the text holds a NUL character",
        "文本中含有空字符（NUL）",
        ("type the cell again", "请重新输入该单元格"),
    ),
    "E510": (
        "the cell shows the error {shown}",
        "单元格显示错误 {shown}",
        ("mend the formula, or enter the value", "请改正公式，或直接填写数值"),
    ),
    "E511": (
        "{shown} has more digits than a spreadsheet keeps (15), so some may be lost",
        "{shown} 的位数超过表格能保存的15位，末尾数字可能已经丢失",
        (
            "format the cell as text and copy it from the original; round formulas to 0.01",
            "请把单元格设为“文本”，对照原件（如营业执照）重填；公式结果请用 ROUND 保留两位小数",
        ),
    ),
    "E512": (
        "the formula {shown} has no stored result",
        "公式 {shown} 没有保存计算结果",
        (
            "open the file in a spreadsheet program, let it calculate, and save it",
            "请用 WPS 或 Excel 打开文件，重新计算后保存",
        ),
    ),
    "E513": (
        "`{shown}` holds characters that were lost earlier (U+FFFD)",
        "“{shown}”中有已经丢失的字符（U+FFFD）",
        ("enter the text again from the original", "请对照原件重新输入"),
    ),
}
