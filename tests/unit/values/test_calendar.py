"""Dates: months that clip, completed months and years, partial dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incentives.values.calendar import (
    Duration,
    add,
    days_between,
    end_of,
    months_between,
    read_date,
    start_of,
    year_of,
    years_between,
)

dates = st.dates(date(1900, 1, 1), date(2200, 12, 31))
LEAP_DAY = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, LEAP_DAY),
        (date(2024, 1, 31), 3, date(2024, 4, 30)),
        (date(2024, 3, 31), -1, LEAP_DAY),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (LEAP_DAY, 12, date(2025, 2, 28)),
        (LEAP_DAY, 48, date(2028, 2, 29)),
        (date(2000, 2, 29), 1200, date(2100, 2, 28)),  # 2100 is no leap year
        (date(1600, 2, 29), 4800, date(2000, 2, 29)),  # 2000 is
    ],
)
def test_months_clip_to_the_last_day(day: date, months: int, expected: date) -> None:
    assert add(day, Duration(months=months)) == expected


def test_months_are_added_before_days() -> None:
    assert add(date(2024, 1, 31), Duration(months=1, days=1)) == date(2024, 3, 1)
    assert add(LEAP_DAY, Duration(days=365)) == date(2025, 2, 28)
    assert add(LEAP_DAY, Duration()) == LEAP_DAY


@given(day=dates, months=st.integers(-600, 600))
def test_adding_months_lands_in_the_named_month(day: date, months: int) -> None:
    result = add(day, Duration(months=months))
    assert result.year * 12 + result.month == day.year * 12 + day.month + months
    assert result.day == day.day or (result + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("a", "b", "months", "years"),
    [
        (date(2023, 1, 31), date(2023, 2, 27), 0, 0),
        (date(2023, 1, 31), date(2023, 2, 28), 1, 0),
        (date(2024, 1, 31), date(2024, 2, 28), 0, 0),
        (date(2024, 1, 31), LEAP_DAY, 1, 0),
        (date(2023, 2, 28), date(2023, 3, 31), 1, 0),
        (LEAP_DAY, date(2025, 2, 27), 11, 0),
        (LEAP_DAY, date(2025, 2, 28), 12, 1),
        (LEAP_DAY, date(2028, 2, 28), 47, 3),
        (LEAP_DAY, date(2028, 2, 29), 48, 4),
        (date(2021, 5, 1), date(2024, 4, 30), 35, 2),
        (date(2021, 5, 1), date(2024, 5, 1), 36, 3),
        (date(2024, 5, 1), date(2021, 5, 2), -35, -2),
        (date(2024, 5, 1), date(2021, 5, 1), -36, -3),
        (LEAP_DAY, LEAP_DAY, 0, 0),
    ],
)
def test_completed_months_and_years(a: date, b: date, months: int, years: int) -> None:
    assert months_between(a, b) == months
    assert years_between(a, b) == years


@given(a=dates, b=dates)
@example(a=date(2024, 1, 31), b=LEAP_DAY)
@example(a=LEAP_DAY, b=date(2025, 2, 28))
def test_months_between_is_the_largest_that_fits(a: date, b: date) -> None:
    early, late = min(a, b), max(a, b)
    months = months_between(early, late)
    assert months >= 0
    assert add(early, Duration(months=months)) <= late
    assert add(early, Duration(months=months + 1)) > late


@given(a=dates, b=dates)
def test_years_between_is_the_largest_that_fits(a: date, b: date) -> None:
    early, late = min(a, b), max(a, b)
    years = years_between(early, late)
    assert add(early, Duration(months=12 * years)) <= late
    assert add(early, Duration(months=12 * (years + 1))) > late


@given(a=dates, b=dates)
def test_swapping_the_dates_changes_the_sign(a: date, b: date) -> None:
    assert days_between(a, b) == -days_between(b, a)
    assert months_between(a, b) == -months_between(b, a)
    assert years_between(a, b) == -years_between(b, a)


@given(a=dates, days=st.integers(-10_000, 10_000))
def test_days_add_up(a: date, days: int) -> None:
    assert days_between(a, add(a, Duration(days=days))) == days


@given(day=dates)
def test_a_day_lies_in_its_year(day: date) -> None:
    assert start_of(year_of(day)) <= day <= end_of(year_of(day))


@pytest.mark.parametrize(
    "duration",
    [Duration(months=12), Duration(days=1), Duration(months=10**18), Duration(days=10**18)],
)
def test_dates_beyond_the_calendar_overflow(duration: Duration) -> None:
    with pytest.raises(OverflowError):
        add(date.max, duration)
    with pytest.raises(OverflowError):
        add(date.min, Duration(months=-duration.months, days=-duration.days))


@pytest.mark.parametrize("year", [0, -1, 10_000, 10**30])
def test_years_beyond_the_calendar_overflow(year: int) -> None:
    for function in (start_of, end_of):
        with pytest.raises(OverflowError):
            function(year)


def test_a_time_of_day_is_refused() -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    with pytest.raises(TypeError, match="without a time"):
        add(noon, Duration(days=1))
    with pytest.raises(TypeError, match="without a time"):
        days_between(date(2024, 5, 1), noon)
    with pytest.raises(TypeError, match="without a time"):
        year_of(cast("date", "2024-05-01"))


@pytest.mark.parametrize("wrong", [True, 1.0, "1"])
def test_durations_and_years_are_whole_numbers(wrong: object) -> None:
    number = cast("int", wrong)
    with pytest.raises(TypeError, match="whole number"):
        Duration(months=number)
    with pytest.raises(TypeError, match="whole number"):
        Duration(days=number)
    with pytest.raises(TypeError, match="whole number"):
        start_of(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01", date(2024, 5, 1)),
        ("2024-02-29", LEAP_DAY),
        ("2024-05", (date(2024, 5, 1), date(2024, 5, 31))),
        ("2024年5月", (date(2024, 5, 1), date(2024, 5, 31))),
        ("2023年02月", (date(2023, 2, 1), date(2023, 2, 28))),
        ("2024", (date(2024, 1, 1), date(2024, 12, 31))),
        ("2024年", (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_dates_are_read(text: str, expected: date | tuple[date, date]) -> None:
    assert read_date(text) == expected
    assert read_date(text, lenient=True) == expected


@pytest.mark.parametrize("text", ["2024年5月1日", "2024/5/1", "２０２４年５月１日", " 2024-05-01 "])
def test_looser_dates_are_for_profiles_only(text: str) -> None:
    assert read_date(text) is None
    assert read_date(text, lenient=True) == date(2024, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "", "2023-02-29", "2024-13", "2024-00-01", "2024-04-31", "0000-01-01", "0000", "2024年13月",
        "2024-5-1", "24-05-01", "20240501", "45413", "2024-05-01T00:00:00", "2024-05-01\n",
        "1/5/2024", "٢٠٢٤-٠٥-٠١", "2024年5月32日",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@given(day=dates)
def test_iso_dates_round_trip(day: date) -> None:
    assert read_date(day.isoformat()) == day
