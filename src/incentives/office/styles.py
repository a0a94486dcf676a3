"""How the workbooks look: one place for fonts, colours and page set-up.

宋体 and 黑体 are on every Chinese office computer; elsewhere the spreadsheet program
takes its own Chinese font. Nothing here knows what a cell says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

BODY: Final = "宋体"
HEAD: Final = "黑体"
MOST_NAME: Final = 31  # characters that the name of a sheet may have
MOST_TEXT: Final = 32_767  # characters that a cell may have; longer texts would be dropped
A4: Final = 9

_PLAIN: Final = {"font_name": BODY, "font_size": 11, "valign": "vcenter", "text_wrap": True}
_BOXED: Final = _PLAIN | {"border": 1, "border_color": "#A6A6A6"}
_GREEN, _YELLOW, _INPUT, _GREY = "#E2EFDA", "#FFF2CC", "#FFF9E5", "#595959"
_AMOUNT: Final = _BOXED | {"num_format": "#,##0.00", "align": "right"}
_RULE: Final = {"bottom": 2, "bottom_color": "#1F4E79"}
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"font_name": HEAD, "font_size": 18, "align": "center", "valign": "vcenter"},
    "lead": _PLAIN | {"font_color": _GREY},
    "plain": _PLAIN,
    "bold": _PLAIN | {"bold": True},
    "section": _PLAIN | _RULE | {"font_name": HEAD, "font_size": 13},
    "head": _BOXED | {"font_name": HEAD, "align": "center", "bg_color": "#DDEBF7"},
    "number": _BOXED | {"align": "center", "font_color": _GREY},
    "label": _BOXED | {"bold": True},
    "text": _BOXED,
    "note": _BOXED | {"font_size": 10, "font_color": _GREY},
    "input": _BOXED | {"num_format": "@", "bg_color": _INPUT, "locked": False},
    "count": _BOXED | {"num_format": "0", "bg_color": _INPUT, "locked": False, "align": "left"},
    "idle": _BOXED | {"num_format": "@", "bg_color": "#F2F2F2", "locked": False},
    "money": _AMOUNT,
    "step": _AMOUNT | {"num_format": "#,##0.00########"},
    "ratio": _AMOUNT | {"num_format": "0.##########"},
    "total": _AMOUNT | {"bold": True, "bg_color": _GREEN},
    "total_label": _BOXED | {"bold": True, "bg_color": _GREEN},
    "edit": _AMOUNT | {"bg_color": _INPUT},
    "edit_number": _BOXED | {"num_format": "0.##########", "bg_color": _INPUT},
    "whole": _AMOUNT | {"num_format": "#,##0", "font_size": 9, "font_color": "#7F7F7F"},
    "eligible": _BOXED | {"align": "center", "font_color": "#375623", "bg_color": _GREEN},
    "undetermined": _BOXED | {"align": "center", "font_color": "#7F6000", "bg_color": _YELLOW},
    "ineligible": _BOXED | {"align": "center", "font_color": "#833C0B", "bg_color": "#FCE4D6"},
    "not_applicable": _BOXED | {"align": "center", "font_color": "#595959", "bg_color": "#EDEDED"},
    "hidden": {"font_size": 8, "font_color": "#BFBFBF", "num_format": "@"},
}  # fmt: skip


class Book:
    """A workbook being written: its formats by name and its sheets, numbered pages and all."""

    def __init__(self, path: Path, created: date, title: str) -> None:
        self.book: Any = _workbook(path)
        self.book.set_properties({"title": title, "created": _noon(created)})
        self.formats: dict[str, Any] = {}
        self.names: set[str] = set()

    def format(self, name: str) -> Any:
        """Return a format by its name."""
        if name not in self.formats:
            self.formats[name] = self.book.add_format(_STYLES[name])
        return self.formats[name]

    def sheet(self, name: str, *, widths: Iterable[int], landscape: bool = True) -> Any:
        """Add a sheet for A4, one page wide; ``widths`` are in characters, from column A."""
        sheet = self.book.add_worksheet(self._free_name(name))
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def close(self) -> None:
        """Write the file."""
        self.book.close()

    def _free_name(self, name: str) -> str:
        """Return a name that spreadsheet programs take and no sheet has yet."""
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:MOST_NAME] or "Sheet"
        if plain.lower() == "history":  # a name that Excel keeps for itself
            plain = f"{plain}_"
        free, number = plain, 2
        while free.lower() in self.names:
            free = f"{plain[: MOST_NAME - 3]}_{number}"
            number += 1
        self.names.add(free.lower())
        return free


def _noon(day: date) -> Any:
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _workbook(path: Path) -> Any:
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtraError(("writing .xlsx", "写出 .xlsx "), "xlsxwriter", "excel") from None
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    return xlsxwriter.Workbook(str(path), options)


def height_of(lines: int) -> int:
    """Return the height of a row in points; a workbook with a higher one counts as damaged."""
    return min(409, 16 * lines + 5)


def fitting(text: str) -> str:
    """Return a text as a cell can show it: one that is too long is cut off, visibly."""
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, Chinese characters two wide."""
    return sum(
        max(1, -(-sum(2 if char > "\u2e7f" else 1 for char in line) // max(1, width)))
        for line in text.split("\n")
    )
