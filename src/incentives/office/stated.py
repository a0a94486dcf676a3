"""The sheet 填报: every fact that the assessment started from, figures as numbers.

Money stands in yuan, ratios in per cent, so that people can read and change them; the
formulas of the sheet 依据 take them as whole fen and whole fractions again. A figure
that a double cannot keep stays text, and the formulas then hold it as it was.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.language.core import Text
from incentives.office.live import Num
from incentives.office.styles import fitting
from incentives.values.quantity import exact_decimal
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.explain.names import Names
    from incentives.office.styles import Book
    from incentives.rulebook.profile import Profile

TITLE: Final = Text("填报", "Facts")
_HEADINGS: Final = (
    Text("序号", "No."),
    Text("事项", "Fact"),
    Text("填报内容", "Stated"),
    Text("单位", "Unit"),
    Text("事实路径", "Fact path"),
)
_LEAD: Final = Text(
    "黄色的数字可以改：“依据”和“结果”中的金额随之重算。条件和档次不重新判断，"
    "改动可能影响条件时请重新评估。未列出的事实均为“不知道”。",
    "Yellow figures may be changed: the amounts on the other sheets are recomputed. Conditions "
    "and rows of tables are not decided again; assess again where a change may touch them. "
    "Facts that are not listed are not known.",
)
_WIDTHS: Final = (6, 52, 30, 8, 46)
_MOST_FEN: Final = 10**13
_MOST_COUNT: Final = 10**9
_LEAST_PLACES: Final = 4


def write_stated(
    book: Book, sheet: Any, profile: Profile, names: Names, lang: str
) -> dict[str, Num]:
    """Write the facts of a profile; return those whose cells formulas can take, by path."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 4, "", book.format("title"))
    sheet.write_string(0, 0, TITLE.get(lang), book.format("title"))
    sheet.set_row(0, 34)
    sheet.merge_range(1, 0, 1, 4, "", book.format("lead"))
    sheet.write_string(1, 0, _LEAD.get(lang), book.format("lead"))
    sheet.set_row(1, 36)
    for column, heading in enumerate(_HEADINGS):
        sheet.write_string(2, column, heading.get(lang), book.format("head"))
    found: dict[str, Num] = {}
    row = 3 + _counts(book, sheet, profile, names, lang)
    for number, (path, value) in enumerate(profile.known(), start=row - 2):
        row = number + 2
        label = names.path(path)
        sheet.write_string(row, 0, str(number), book.format("number"))
        sheet.write_string(row, 1, fitting(label.get(lang)), book.format("text"))
        sheet.write_string(row, 4, fitting(path), book.format("note"))
        cell = f"'{sheet.get_name()}'!$C${row + 1}"
        editable = _number(path, value, label, cell, names)
        if editable is None:
            spec, _ = names.spec_of(path)
            shown = names.value(value, None if spec is None else spec.type, spec).get(lang)
            sheet.write_string(row, 2, fitting(shown), book.format("text"))
            sheet.write_string(row, 3, "", book.format("text"))
            continue
        figure, unit, num = editable
        style = "edit" if unit == "元" else "edit_number"
        sheet.write_number(row, 2, figure, book.format(style))
        sheet.write_string(row, 3, unit, book.format("number"))
        found[path] = num
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    return found


def _counts(book: Book, sheet: Any, profile: Profile, names: Names, lang: str) -> int:
    """Write how many items each stated list has: none is a fact too."""
    stated = [(name, len(items)) for name, items in profile.lists.items() if items is not None]
    for number, (name, count) in enumerate(stated, start=1):
        shown = Text(f"{count}项" if count else "没有", str(count) if count else "none")
        texts = (str(number), names.path(name).get(lang), shown.get(lang), "", name)
        styles = ("number", "text", "text", "text", "note")
        for column, (text, style) in enumerate(zip(texts, styles, strict=True)):
            sheet.write_string(number + 2, column, text, book.format(style))
    return len(stated)


def _number(
    path: str, value: Any, label: Text, cell: str, names: Names
) -> tuple[Decimal, str, Num] | None:
    """Return a figure for its cell, its unit, and how formulas take it; ``None`` for text."""
    spec, _ = names.spec_of(path)
    if spec is None or isinstance(value, Unknown):
        return None
    match spec.type.kind:
        case Kind.MONEY if abs(value) <= _MOST_FEN:
            yuan = exact_decimal(Fraction(value, 100), most=2)
            return Decimal(yuan or 0), "元", Num(f"ROUND({cell}*100,0)", "1", value, 1, label)
        case Kind.COUNT if abs(value) <= _MOST_COUNT:
            return Decimal(value), "", Num(f"ROUND({cell},0)", "1", value, 1, label)
        case Kind.RATIO if abs(value) <= _MOST_COUNT:
            percent = exact_decimal(Fraction(value) * 100, most=8)
            if percent is None:
                return None
            places = max(_LEAST_PLACES, len(percent.partition(".")[2]))
            scale = 10**places
            top = f"ROUND({cell}*{scale},0)"
            whole = (Fraction(value) * 100 * scale).numerator
            return Decimal(percent), "%", Num(top, str(100 * scale), whole, 100 * scale, label)
        case _:
            return None
