"""Dates as statutes count them: months that clip, completed months and years.

The laws kept here (``tests/unit/values/test_calendar.py``): ``months_between(a, b)``
is the largest n with ``add(a, n months) <= b``, and swapping the dates changes
only the sign.

Source of the clipping: 民法典 第二百零二条, a period of months or years ends on
the same day of the last month; where that month has no such day, on its last.

The traps: adding is not reversible (31 January + 1 month - 1 month is 28 January);
``datetime`` is a subclass of ``date`` and is refused, for its day depends on a
time zone. The module is named like one of the standard library: import it by its
full name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

_MONTH_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS_PER_YEAR: Final = 12
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９－／", "0123456789-/")

_ISO: Final = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_LOOSE: Final = r"([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})日|/([0-9]{1,2})/([0-9]{1,2}))"
_PARTIAL: Final = r"([0-9]{4})(?:-([0-9]{2})|年(?:([0-9]{1,2})月)?)?"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: months and days, either possibly negative. A year is 12 months.

    Months and days do not convert into each other, so durations have no order.

    Raises:
        TypeError: A part is not an ``int``.
    """

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        _require_int(self.months, "months")
        _require_int(self.days, "days")


def add(day: date, duration: Duration) -> date:
    """Return ``day`` moved by ``duration``: months first, clipped, then days.

    Raises:
        OverflowError: The result lies outside the years 1 to 9999.
        TypeError: ``day`` is not a plain date.

    Source:
        民法典 第二百零二条.
    """
    _require_date(day)
    if duration.months:
        index = day.year * 12 + day.month - 1 + duration.months
        year, month = divmod(index, _MONTHS_PER_YEAR)
        _require_year(year)
        day = date(year, month + 1, min(day.day, _last_day(year, month + 1)))
    return day + timedelta(days=duration.days) if duration.days else day


def days_between(a: date, b: date) -> int:
    """Return the days from ``a`` to ``b``; negative if ``b`` is earlier."""
    _require_date(a)
    _require_date(b)
    return (b - a).days


def months_between(a: date, b: date) -> int:
    """Return the completed months from ``a`` to ``b``; negative if ``b`` is earlier.

    For ``a <= b`` the largest n with ``add(a, n months) <= b``, else
    ``-months_between(b, a)``. From 31 January to 28 February of a common year is one
    completed month, because February has no 31st.

    Raises:
        TypeError: An argument is not a plain date.
    """
    _require_date(a)
    _require_date(b)
    if b < a:
        return -months_between(b, a)
    months = (b.year - a.year) * 12 + b.month - a.month
    return months - (min(a.day, _last_day(b.year, b.month)) > b.day)


def years_between(a: date, b: date) -> int:
    """Return the completed years from ``a`` to ``b``; negative if ``b`` is earlier.

    Twelve completed months are a completed year: from 29 February 2020 to
    28 February 2021 is one.
    """
    months = months_between(a, b)
    return months // 12 if months >= 0 else -(-months // 12)


def year_of(day: date) -> int:
    """Return the calendar year of a date."""
    _require_date(day)
    return day.year


def start_of(year: int) -> date:
    """Return 1 January of ``year``; ``OverflowError`` outside 1 to 9999."""
    _require_year(year)
    return date(year, 1, 1)


def end_of(year: int) -> date:
    """Return 31 December of ``year``; ``OverflowError`` outside 1 to 9999."""
    _require_year(year)
    return date(year, 12, 31)


def read_date(text: str, lenient: bool = False) -> date | tuple[date, date] | None:
    """Read a date, or the first and last day of the month or year that is named.

    Args:
        text: ``2024-05-01``; partial: ``2024-05``, ``2024年5月``, ``2024``, ``2024年``.
        lenient: Also accept ``2024年5月1日``, ``2024/5/1``, full-width digits and
            spaces around (profiles).

    Returns:
        A date; the pair (first, last) for a partial one; ``None`` when the text is no
        date, a day that the calendar does not have (2023-02-29) included.
    """
    if lenient:
        text = text.translate(_FULL_WIDTH).strip()
    if full := re.fullmatch(_ISO, text) or (re.fullmatch(_LOOSE, text) if lenient else None):
        year, month, day = (int(part) for part in full.groups() if part is not None)
        if not _is_month(year, month) or not 1 <= day <= _last_day(year, month):
            return None
        return date(year, month, day)
    if partial := re.fullmatch(_PARTIAL, text):
        year = int(partial[1])
        named = partial[2] or partial[3]
        first, last = (int(named), int(named)) if named else (1, 12)
        if not _is_month(year, first):
            return None
        return date(year, first, 1), date(year, last, _last_day(year, last))
    return None


def _is_month(year: int, month: int) -> bool:
    return year >= 1 and 1 <= month <= _MONTHS_PER_YEAR


def _last_day(year: int, month: int) -> int:
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _MONTH_LENGTHS[month - 1] + leap


def _require_date(day: object) -> None:
    if type(day) is not date and (isinstance(day, datetime) or not isinstance(day, date)):
        raise TypeError(f"expected a date without a time, not {type(day).__name__}")


def _require_year(year: int) -> None:
    _require_int(year, "a year")
    if not 1 <= year <= 9999:
        raise OverflowError("the year lies outside 1 to 9999")


def _require_int(number: object, what: str) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{what}: expected a whole number, not {type(number).__name__}")
