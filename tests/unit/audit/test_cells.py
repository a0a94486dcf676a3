"""One cell: read exactly as what it is meant to be, or refused with a sentence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audit.lists import CODE, cell

from incentives.audit.cells import amount_of, code_of, date_of, year_of
from incentives.audit.faults import CellError
from incentives.tabular.cells import Cell, CellKind
from incentives.values.money import Money


@pytest.mark.parametrize(
    ("value", "unit", "fen"),
    [
        ("35万元", None, 35_000_000),
        ("35万元", "元", 35_000_000),  # the unit in the cell goes before the heading's
        ("350,000.00", "元", 35_000_000),
        ("３５", "万元", 35_000_000),
        ("人民币叁拾伍万元整", None, 35_000_000),
        ("350000.5元", None, 35_000_050),
        ("-100.00", "元", -10_000),
        ("0", "万元", 0),
        (35, "万元", 35_000_000),
        (Fraction(3, 2), "万元", 1_500_000),
        (Fraction(1, 100), "元", 1),
    ],
)
def test_an_amount_is_read_exactly(value: Any, unit: str | None, fen: int) -> None:
    assert amount_of(cell(value), unit) == fen


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        ("35", None, "E624"),
        (35, None, "E624"),
        ("35万", "元", "E628"),
        ("约35万元", None, "E628"),
        ("1.2.3", "元", "E628"),
        ("1,00", "元", "E628"),
        ("(1,000.00)", "元", "E628"),
        ("1e5", "元", "E628"),
        ("0.001", "元", "E628"),
        (Fraction(1, 1000), "元", "E628"),
        (True, "元", "E628"),
        (date(2024, 6, 1), "元", "E628"),
        ("/", "元", "E628"),
        ("无", "元", "E628"),
    ],
)
def test_what_is_no_amount_is_refused(value: Any, unit: str | None, code: str) -> None:
    with pytest.raises(CellError) as found:
        amount_of(cell(value), unit)
    assert found.value.code == code
    assert found.value.at("paid.csv!C7").fact == "paid.csv!C7"


@settings(max_examples=50)
@given(st.integers(-(10**14), 10**14))
def test_every_spelling_of_an_amount_is_the_same_amount(fen: int) -> None:
    money = Money(fen)
    assert amount_of(cell(f"{money:plain}"), "元") == fen
    assert amount_of(cell(str(money)), "万元") == fen
    assert amount_of(cell(f"{money:wan}"), None) == fen
    assert amount_of(cell(Fraction(fen, 100)), "元") == fen


def test_a_code_is_taken_whole_or_not_at_all() -> None:
    assert code_of(cell(f" {CODE} ")) == CODE
    broken = CODE[:-1] + "1"
    for value in ("9.11101E+17", broken, CODE.lower(), CODE[:-1], 911640200000000000):
        with pytest.raises(CellError) as found:
            code_of(cell(value))
        assert found.value.code == "E626"
    lost = Cell("911640200000000000", CellKind.ERROR, None, 7, 3, "E511")
    with pytest.raises(CellError, match="stored as a number"):
        code_of(lost)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2024-06-01", date(2024, 6, 1)),
        ("2024年6月1日", date(2024, 6, 1)),
        ("2024/6/1", date(2024, 6, 1)),
        ("2024.6.1", date(2024, 6, 1)),
        (date(2024, 6, 1), date(2024, 6, 1)),
        ("2024年6月", (date(2024, 6, 1), date(2024, 6, 30))),
        ("2024", (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_a_date_is_a_day_or_the_days_it_can_be(value: Any, found: Any) -> None:
    assert date_of(cell(value)) == found


@pytest.mark.parametrize("value", ["2024-06-01 10:30:00", "2024/6/1 9:05", "2024-06-01T23:59:59"])
def test_the_hour_behind_a_day_leaves_the_day(value: str) -> None:
    assert date_of(cell(value)) == date(2024, 6, 1)


@pytest.mark.parametrize(
    "value",
    [
        45444, "20240601", "6月1日", "2024-02-30", "去年", True,
        "2024-06 10:30", "2024 10:30", "2024-06-01 25:00", "2024-02-30 10:30", "2024-06-01 10:30起",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(value: Any) -> None:
    with pytest.raises(CellError) as found:
        date_of(cell(value))
    assert found.value.code == "E627"


def test_a_year_is_four_digits() -> None:
    assert [year_of(cell(each)) for each in (2024, "2024", "2024年", "2024年度")] == [2024] * 4
    with pytest.raises(CellError):
        year_of(cell("24"))


def test_an_error_in_a_cell_is_never_a_blank() -> None:
    broken = Cell("#REF!", CellKind.ERROR, None, 7, 3, "E510")
    for read in (lambda it: amount_of(it, "元"), date_of, year_of):
        with pytest.raises(CellError) as found:
            read(broken)
        assert found.value.code == "E629"
