"""Quantities: what is one, what is an expression, and what is refused with advice."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.values.calendar import Duration
from incentives.values.quantity import (
    Quantity,
    QuantityError,
    QuantityKind,
    decimal_digits,
    exact_decimal,
    format_quantity,
    format_ratio,
    read_money,
    read_quantity,
)

MONEY, RATIO, DURATION = QuantityKind.MONEY, QuantityKind.RATIO, QuantityKind.DURATION
REGION, INDUSTRY = QuantityKind.REGION, QuantityKind.INDUSTRY

FULL_WIDTH = str.maketrans("0123456789.,%-/", "０１２３４５６７８９．，％－／")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("20万元", MONEY, 20_000_000),
        ("200000元", MONEY, 20_000_000),
        ("1.5亿元", MONEY, 15_000_000_000),
        ("0.01元", MONEY, 1),
        ("0.000001万元", MONEY, 1),
        ("-20万元", MONEY, -20_000_000),
        ("+20万元", MONEY, 20_000_000),
        ("-0元", MONEY, 0),
        ("20 万元", MONEY, 20_000_000),
        (" 18元 ", MONEY, 1800),
        ("999999999999999999亿元", MONEY, 999999999999999999 * 10**10),
        ("10%", RATIO, Fraction(1, 10)),
        ("0.5‰", RATIO, Fraction(1, 2000)),
        ("0.175", RATIO, Fraction(7, 40)),
        ("1.0", RATIO, Fraction(1)),
        ("7/3", RATIO, Fraction(7, 3)),
        ("-7/3", RATIO, Fraction(-7, 3)),
        ("-3%", RATIO, Fraction(-3, 100)),
        ("150%", RATIO, Fraction(3, 2)),
        ("12 months", DURATION, Duration(months=12)),
        ("1 month", DURATION, Duration(months=1)),
        ("3 years", DURATION, Duration(months=36)),
        ("1.5 years", DURATION, Duration(months=18)),
        ("90 days", DURATION, Duration(days=90)),
        ("12个月", DURATION, Duration(months=12)),
        ("3年", DURATION, Duration(months=36)),
        ("90天", DURATION, Duration(days=90)),
        ("640200", REGION, "640200"),
        ("100000", REGION, "100000"),
        ("C", INDUSTRY, "C"),
        ("C39", INDUSTRY, "C39"),
        ("C3911", INDUSTRY, "C3911"),
    ],
)
def test_quantities_are_read(text: str, kind: QuantityKind, value: object) -> None:
    for lenient in (False, True):
        quantity = read_quantity(text, lenient=lenient)
        assert quantity is not None
        assert (quantity.kind, quantity.value, quantity.text) == (kind, value, text)
        assert type(quantity.value) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 - local", "local", "5000", "0", "-3", "12345", "1234567", "+640200", "-640200",
        "rate", "c39", "U39", "C39111", "min(a, b)", "1, 2", "a % b", "max(rate, 0)", "5,000",
        "640,200", "1.5/2", "7/3/2", "七", "²", "٣%", "1 / 3", "2024-05-01", "全部", "min（a，b）",
        "contract.performed_amount * rate", "x" * 3000, "(" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_quantity(text: str) -> None:
    assert read_quantity(text) is None
    assert read_quantity(text, lenient=True) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.001元", "finer than a fen"),
        ("0.0000001万元", "finer than a fen"),
        ("7/0", "divides by zero"),
        ("0/000", "divides by zero"),
        ("10%%", "more than one unit"),
        ("20万元元", "more than one unit"),
        ("20万万元", "more than one unit"),
        ("20%元", "more than one unit"),
        ("20万", "write `20万元`"),
        ("1.5亿", "write `15000万元`"),
        ("3千万元", "write `3000万元`"),
        ("1.2万亿元", "write `12000亿元`"),
        ("¥200", "write `200元`"),
        ("¥1,200.5", "write `1200.50元`"),
        ("20RMB", "write `20元`"),
        ("200 yuan", "write `200元`"),
        ("200圆", "write `200元`"),
        ("0.001圆", "finer than a fen"),
        ("1e5元", "plain decimal number"),
        ("1,0000元", "plain decimal number"),
        ("1_000元", "plain decimal number"),
        (".5%", "plain decimal number"),
        ("5.%", "plain decimal number"),
        ("--5%", "plain decimal number"),
        ("1.5 months", "whole number of months"),
        ("0.5 days", "whole number of months"),
        ("2 weeks", "years, months or days"),
        ("1234567890123456789元", "at most 18 digits"),
        ("0.1234567890123456789", "at most 18 digits"),
        ("1234567890/1234567890", "at most 18 digits"),
        ("0." + "0" * 50 + "1%", "at most 18 digits"),
        ("9" * 5000 + "元", "at most 18 digits"),
        ("9" * 1_000_000, "at most 18 digits"),
        ("-" + "9" * 5000 + "%", "at most 18 digits"),
    ],
)
def test_near_misses_are_refused_with_advice(text: str, message: str) -> None:
    for lenient in (False, True):
        with pytest.raises(QuantityError, match=message):
            read_quantity(text, lenient=lenient)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("２０万元", "write `20万元`"),
        ("20,000元", "write `20000元`"),
        ("１０％", "write `10%`"),
        ("１２，０００．５元", "write `12000.5元`"),
        ("６４０２００", "write `640200`"),
        ("－３％", "write `-3%`"),
        ("Ｃ３９", "write `C39`"),
    ],
)
def test_what_only_profiles_may_write(text: str, advice: str) -> None:
    with pytest.raises(QuantityError, match=advice):
        read_quantity(text)
    quantity = read_quantity(text, lenient=True)
    assert quantity is not None
    assert quantity.text == text
    assert quantity == read_quantity(advice.removeprefix("write `").removesuffix("`"))


def test_a_fault_behind_full_width_digits_is_named_itself() -> None:
    with pytest.raises(QuantityError, match="finer than a fen"):
        read_quantity("０．００１元")


def test_an_error_carries_its_parts_and_pickles() -> None:
    with pytest.raises(QuantityError) as caught:
        read_quantity("20万")
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert error.help == "write `20万元`"
    assert str(error) == f"{error.message}: {error.help}"
    assert str(QuantityError("x", "甲")) == "x"


digits = st.integers(-(10**14), 10**14)
quantities = (
    digits.map(lambda fen: Quantity(MONEY, fen, ""))
    | st.fractions(-1000, 1000, max_denominator=9999).map(lambda r: Quantity(RATIO, r, ""))
    | st.integers(-999, 999).map(lambda n: Quantity(DURATION, Duration(months=n), ""))
    | st.integers(-999, 999).map(lambda n: Quantity(DURATION, Duration(days=n), ""))
    | st.integers(100_000, 999_999).map(lambda n: Quantity(REGION, str(n), ""))
    | st.from_regex(r"[A-T][0-9]{0,4}", fullmatch=True).map(lambda c: Quantity(INDUSTRY, c, ""))
)


@given(quantity=quantities)
def test_parse_of_format_is_the_quantity(quantity: Quantity) -> None:
    assert read_quantity(format_quantity(quantity)) == quantity


@given(yuan=st.decimals(-(10**9), 10**9, places=2))
def test_the_unit_does_not_matter(yuan: object) -> None:
    """元, 万元 and 亿元 texts of one value are one quantity."""
    fen = Fraction(str(yuan)) * 100
    texts = []
    for unit, size in (("元", 100), ("万元", 10**6), ("亿元", 10**10)):
        number = exact_decimal(fen / size, most=10)
        assert number is not None
        texts.append(f"{number}{unit}")
    assert {read_quantity(text) for text in texts} == {Quantity(MONEY, int(fen), "")}


@given(quantity=quantities)
def test_full_width_characters_mean_the_same(quantity: Quantity) -> None:
    wide = format_quantity(quantity).translate(FULL_WIDTH)
    assert read_quantity(wide, lenient=True) == quantity


@given(fen=digits)
def test_separators_mean_the_same(fen: int) -> None:
    yuan, rest = divmod(abs(fen), 100)
    text = f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}元"
    assert read_quantity(text, lenient=True) == Quantity(MONEY, fen, "")


@given(
    text=st.text(alphabet="0123456789.,/%‰-+ 元万亿CT年个月天daysmonthyr¥千eE（％５", max_size=20)
)
def test_reading_never_raises_anything_else(text: str) -> None:
    for lenient in (False, True):
        try:
            quantity = read_quantity(text, lenient=lenient)
        except QuantityError as error:
            assert error.message
        else:
            assert quantity is None or quantity.text == text


@given(text=st.text(max_size=300))
def test_reading_takes_any_text(text: str) -> None:
    for lenient in (False, True):
        try:
            read_quantity(text, lenient=lenient)
        except QuantityError as error:
            assert error.message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 10), "10%"), (Fraction(1, 2000), "0.05%"), (Fraction(7, 3), "7/3"),
        (Fraction(2, 37), "2/37"), (Fraction(-3, 100), "-3%"), (2, "200%"), (0, "0%"),
        (Fraction(1, 2**40), "1/1099511627776"),
    ],
)  # fmt: skip
def test_ratios_are_formatted_exactly(value: int | Fraction, text: str) -> None:
    assert format_ratio(value) == text


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(MONEY, 0, ""), "0元"),
        (Quantity(MONEY, 15_000_000_000, ""), "15000万元"),
        (Quantity(MONEY, 20_000_000_000, ""), "2亿元"),
        (Quantity(MONEY, -20050, ""), "-200.50元"),
        (Quantity(DURATION, Duration(months=12), ""), "1 year"),
        (Quantity(DURATION, Duration(months=1), ""), "1 month"),
        (Quantity(DURATION, Duration(months=18, days=5), ""), "18 months 5 days"),
        (Quantity(DURATION, Duration(), ""), "0 days"),
        (Quantity(DURATION, Duration(days=-1), ""), "-1 day"),
    ],
)
def test_quantities_are_formatted_as_a_rule_file_writes_them(quantity: Quantity, text: str) -> None:
    assert format_quantity(quantity) == text


@given(n=st.integers() | st.integers(-5, 5).map(lambda k: k * 10**4000 + k))
def test_long_integers_become_text_whatever_the_host_allows(n: int) -> None:
    assert decimal_digits(n) == str(n)


def test_longer_amounts_are_read_where_the_library_wrote_them() -> None:
    assert read_money("9" * 40 + "元", digits=600) == int("9" * 40) * 100
    assert read_money("9" * 4000 + "元", digits=600) is None
    assert read_money("10%", digits=600) is None
    with pytest.raises(QuantityError, match="at most 30 digits"):
        read_money("9" * 40 + "元", digits=30)
