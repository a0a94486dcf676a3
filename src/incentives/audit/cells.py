"""One cell of a paid list, read exactly as money, a code, a date or a year, or refused.

The law kept (``tests/unit/audit/test_cells.py``): an amount is read only with a unit
that stands in the cell, in its heading, or was declared; what is finer than a fen, a
number with an exponent, or anything else that is not plainly the thing wanted is
refused with its cell.

The trap: a code that a spreadsheet keeps as a number has lost its last digits, even
where eighteen of them are shown.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from incentives.audit.faults import CellError
from incentives.audit.fields import UNITS
from incentives.values.calendar import read_date
from incentives.values.codes import CodeError, uscc_check
from incentives.values.money import Money, MoneyError
from incentives.values.quantity import QuantityError

if TYPE_CHECKING:
    from incentives.tabular.cells import Cell

_WIDE: Final = str.maketrans("０１２３４５６７８９．，－＋（）", "0123456789.,-+()")
_PLAIN: Final = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{1,10}))?")
_DOTTED: Final = re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})")
_TIME_OF_DAY: Final = re.compile(r"(?<=[0-9])[ T](?:[01]?[0-9]|2[0-3])(?::[0-5][0-9]){1,2}")
"""The hour behind a whole day, as in an export of a bank: the day is what counts."""
_YEAR: Final = re.compile(r"([12][0-9]{3})(?:年度?)?")


def is_empty(cell: Cell | None) -> bool:
    """Whether nothing stands in a cell; one that shows an error is not empty."""
    if cell is None or cell.kind == "empty":
        return True
    return cell.kind == "text" and not (cell.text or "").strip()


def text_of(cell: Cell) -> str:
    """Return the text of a cell, without spaces around it.

    Raises:
        CellError: the cell shows an error.
    """
    _sound(cell)
    return (cell.text or "").strip()


def amount_of(cell: Cell, unit: str | None) -> int:
    """Return an amount in fen.

    Args:
        cell: a number, or a text such as ``35万元``, ``350,000.00`` or ``叁拾伍万元整``.
        unit: 元, 万元 or 亿元 of the heading; the unit in the cell itself goes before it.

    Raises:
        CellError: no amount, no unit, or finer than a fen.
    """
    _sound(cell)
    value = cell.value
    if isinstance(value, bool | date):
        raise _no_amount(cell)
    if isinstance(value, int | Fraction):
        return _scaled(Fraction(value), unit, cell)
    text = (cell.text or "").translate(_WIDE).strip()
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        sign, whole, part = plain.groups(default="")
        digits = whole.replace(",", "") + part
        size = Fraction(int(digits), 10 ** len(part))
        return _scaled(-size if sign else size, unit, cell)
    try:
        return Money.parse(text).fen
    except QuantityError as error:
        help = (error.help, error.help) if error.help else None
        shown = _short(cell)
        raise CellError(
            "E628", f"{shown} is no amount: {error.message}", f"“{shown}”不是金额", help
        ) from None
    except MoneyError:
        raise _no_amount(cell) from None


def _scaled(number: Fraction, unit: str | None, cell: Cell) -> int:
    if unit is None:
        shown = _short(cell)
        raise CellError(
            "E624",
            f"the amount {shown} has no unit: 元 and 万元 are confused too often to guess",
            f"金额 {shown} 没有单位：元与万元容易混淆，不作猜测",
            (
                "write the unit in the cell or the heading, or declare it: --unit 万元",
                "请在单元格或列名中写明单位，或用 --unit 万元 声明",
            ),
        )
    fen = number * UNITS[unit]
    if fen.denominator != 1:
        shown = _short(cell)
        raise CellError(
            "E628",
            f"{shown} in {unit} is finer than a fen",
            f"{shown}（{unit}）细到分以下",
            (
                "round the formula in the sheet to the amount that was really paid",
                "请在表中按实际支付的金额取整到分",
            ),
        )
    return fen.numerator


def _no_amount(cell: Cell) -> CellError:
    shown = _short(cell)
    return CellError(
        "E628",
        f"`{shown}` is no amount of money",
        f"“{shown}”不是金额",
        ("write for example 350000.00 or 35万元", "请写成 350000.00 或 35万元 这样的金额"),
    )


def code_of(cell: Cell) -> str:
    """Return a 统一社会信用代码 that is whole and whose check character fits.

    Raises:
        CellError: with what a spreadsheet may have done to it.
    """
    if cell.kind in {"number", "error"} and cell.fault in {None, "E511"}:
        shown = _short(cell)
        raise CellError(
            "E626",
            f"the credit code {shown} is stored as a number, and its last digits may be lost",
            f"信用代码 {shown} 以数字保存，末尾几位可能已经丢失",
            (
                "take the code from the licence and format the column as text",
                "请把该列设为“文本”，对照营业执照重新填写",
            ),
        )
    text = text_of(cell)
    try:
        uscc_check(text)
    except CodeError as error:
        raise CellError(
            "E626",
            str(error),
            f"统一社会信用代码有误：“{_short(cell)}”不是完整的18位代码，或校验码不符",
            (
                "take the code from the licence and format the column as text",
                "请把该列设为“文本”，对照营业执照重新填写",
            ),
        ) from None
    return text


def date_of(cell: Cell) -> date | tuple[date, date]:
    """Return a day, or the first and last day of the month or year that is named.

    Raises:
        CellError: no date; a serial number of a spreadsheet is none.
    """
    _sound(cell)
    if isinstance(cell.value, date):
        return cell.value
    if cell.kind == "text":
        text = (cell.text or "").strip()
        hour = _TIME_OF_DAY.search(text)
        is_timed = hour is not None and hour.end() == len(text)
        if hour is not None and is_timed:
            text = text[: hour.start()]
        dotted = _DOTTED.fullmatch(text.translate(_WIDE))
        found = read_date("/".join(dotted.groups()) if dotted else text, lenient=True)
        if found is not None and (isinstance(found, date) or not is_timed):
            return found
    shown = _short(cell)
    raise CellError(
        "E627",
        f"`{shown}` is no date",
        f"“{shown}”不是日期",
        (
            "write for example 2024-06-01, or format the cell as a date",
            "请写成 2024-06-01 这样的日期，或把单元格设为日期格式",
        ),
    )


def year_of(cell: Cell) -> int:
    """Return the year that a cell names: 2024, ``2024年``, ``2024年度``.

    Raises:
        CellError: it names none.
    """
    match = _YEAR.fullmatch(text_of(cell).translate(_WIDE))
    if match is None:
        shown = _short(cell)
        raise CellError(
            "E627",
            f"`{shown}` is no year",
            f"“{shown}”不是年度",
            ("write for example 2024", "请写成 2024 这样的年份"),
        )
    return int(match[1])


def _sound(cell: Cell) -> None:
    if cell.kind == "error":
        shown = _short(cell)
        raise CellError(
            "E629",
            f"the cell holds `{shown}`, which has no exact meaning",
            f"单元格内容“{shown}”没有确切的含义",
            ("enter the value again from the original", "请对照原件重新填写"),
        )


def _short(cell: Cell) -> str:
    text = " ".join((cell.text or "").split())
    return text if len(text) <= 40 else text[:39] + "…"
