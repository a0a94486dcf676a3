"""Money: exact whole fen that format, parse, add and compare, and refuse the rest."""

from __future__ import annotations

import copy
import decimal
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from operator import add, ge, gt, le, lt, sub
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.values.capital import read_capital, write_capital
from incentives.values.money import Money, MoneyError, format_fen
from incentives.values.quantity import QuantityError

fens = st.integers(-(10**16), 10**16) | st.integers(-(10**40), 10**40) | st.integers(-20000, 20000)
amounts = fens.map(Money)

MIXED = re.compile(
    r"(?P<sign>-?)\(?(?P<yuan>[0-9,]+\.[0-9]{2,})元"
    r"(?:(?:又| \+ )(?P<above>[0-9]+)/(?P<below>[0-9]+)分)?\)?"
)


def test_the_styles() -> None:
    award = Money(35_000_000)
    assert str(award) == f"{award}" == "350,000.00元"
    assert f"{award:wan}" == "35万元"
    assert f"{award:yi}" == "0.0035亿元"
    assert f"{award:plain}" == "350000.00"
    assert f"{award:capital}" == "人民币叁拾伍万元整"
    assert repr(award) == "Money('350,000.00元')"
    assert award._repr_html_() == "<span>350,000.00元</span>"
    with pytest.raises(ValueError, match="unknown style '>16'"):
        format(award, ">16")


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00元"),
        (-1, "-0.01元"),
        (-123450, "-1,234.50元"),
        (99999, "999.99元"),
        (100000, "1,000.00元"),
    ],
)
def test_signs_and_separators(fen: int, text: str) -> None:
    assert str(Money(fen)) == text


@given(amount=amounts, style=st.sampled_from(["", "wan", "yi", "capital"]))
def test_parse_of_format_is_the_amount(amount: Money, style: str) -> None:
    assert Money.parse(format(amount, style)) == amount


@given(amount=amounts)
def test_yuan_of_plain_is_the_amount(amount: Money) -> None:
    assert Money.yuan(format(amount, "plain")) == amount
    assert Money.yuan(amount.to_decimal()) == amount


@given(amount=amounts)
def test_the_host_context_does_not_matter(amount: Money) -> None:
    expected = (amount.to_decimal().as_tuple(), str(amount), f"{amount:yi}")
    with decimal.localcontext(decimal.Context(prec=1, Emax=1, Emin=-1, traps=[decimal.Inexact])):
        assert (amount.to_decimal().as_tuple(), str(amount), f"{amount:yi}") == expected
        assert Money.yuan(amount.to_decimal()) == amount
    assert amount.to_decimal().as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("20万元", 20_000_000),
        ("０．５亿元", 5_000_000_000),
        ("1,234.56元", 123456),
        (" -1,234.5 元", -123450),
        ("人民币叁拾伍万元整", 35_000_000),
        ("叁拾伍万圆正", 35_000_000),
    ],
)
def test_amounts_are_parsed(text: str, fen: int) -> None:
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not an amount"),
        ("350000.00", "a ratio, not money"),  # nobody knows of what
        ("5000", "not an amount"),
        ("640200", "not an amount"),
        ("10%", "a ratio, not money"),
        ("3 years", "a duration, not money"),
        ("20万", "write `20万元`"),
        ("0.001元", "finer than a fen"),
        ("x" * 5000, "not an amount"),
        ("壹" + "亿" * 1500 + "元整", "not an amount"),
        ("9" * 700 + "元", "at most 600 digits"),
    ],
)
def test_what_is_no_amount(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Money.parse(text)
    assert isinstance(caught.value, MoneyError | QuantityError)


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("350000.00", 35_000_000), ("350,000.5", 35_000_050), ("-0.010", -1), (350_000, 35_000_000),
        (Decimal("0.5"), 50), (Decimal("-1E+3"), -100_000), (Decimal("0E+999999999"), 0),
        (Decimal("1.2300"), 123), (Decimal("-0.00"), 0),
    ],
)  # fmt: skip
def test_yuan(amount: str | int | Decimal, fen: int) -> None:
    assert Money.yuan(amount) == Money(fen)


@pytest.mark.parametrize(
    "amount",
    [
        "0.001", "1e5", "", ".5", "1,0000", "１", "12元", "9" * 5000, Decimal("0.001"),
        Decimal("NaN"), Decimal("-Infinity"), Decimal("1E+999999"), Decimal("1E-999999"),
    ],
)  # fmt: skip
def test_yuan_refuses_what_is_no_amount(amount: str | Decimal) -> None:
    with pytest.raises(MoneyError):
        Money.yuan(amount)


@pytest.mark.parametrize("wrong", [1.0, True, "100", None, Decimal(1), Fraction(1)])
def test_a_whole_number_of_fen_is_required(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"Money\.parse"):
        Money(cast("Any", wrong))


@pytest.mark.parametrize("wrong", [0.5, True, None])
def test_yuan_refuses_floats(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"Money\.yuan"):
        Money.yuan(cast("Any", wrong))


@given(a=fens, b=fens, n=st.integers(-1000, 1000))
def test_arithmetic_is_that_of_the_fen(a: int, b: int, n: int) -> None:
    assert Money(a) + Money(b) == Money(a + b)
    assert Money(a) - Money(b) == Money(a - b)
    assert Money(a) * n == n * Money(a) == Money(a * n)
    assert -Money(a) == Money(-a)
    assert abs(Money(a)) == Money(abs(a))
    assert bool(Money(a)) == (a != 0)
    assert (Money(a) < Money(b), Money(a) <= Money(b)) == (a < b, a <= b)
    assert (Money(a) > Money(b), Money(a) >= Money(b)) == (a > b, a >= b)
    assert (Money(a) == Money(b)) == (a == b)
    assert max(Money(a), Money(b)) == Money(max(a, b))


def test_sums_start_from_zero() -> None:
    assert sum([Money(1), Money(2)], start=Money(0)) == Money(3)
    assert sum([Money(1), Money(2)]) == Money(3)
    assert sum([]) == 0


@pytest.mark.parametrize("other", [1, 0.5, True, Decimal(1), "1元", None])
def test_mixing_says_what_to_write(other: object) -> None:
    money, wrong = Money(100), cast("Any", other)
    for operation in (add, sub, lt, le, gt, ge):
        for left, right in ((money, wrong), (wrong, money)):
            with pytest.raises(TypeError, match=r"Money\.parse"):
                operation(left, right)
    assert money != wrong


@pytest.mark.parametrize("rate", [0.5, True, Fraction(1, 2), Decimal("0.5"), Money(1)])
def test_a_rate_needs_a_rounding(rate: object) -> None:
    with pytest.raises(TypeError, match="round_to"):
        Money(100) * cast("Any", rate)


def test_money_is_a_value() -> None:
    award = Money(100)
    assert pickle.loads(pickle.dumps(award)) == copy.deepcopy(award) == award  # noqa: S301
    assert {award: 1}[Money(100)] == 1
    with pytest.raises(AttributeError):
        award.fen = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "人民币零元整"),
        (1, "人民币壹分"),
        (50, "人民币伍角整"),
        (105, "人民币壹元零伍分"),
        (32504, "人民币叁佰贰拾伍元零肆分"),
        (140950, "人民币壹仟肆佰零玖元伍角整"),
        (600714, "人民币陆仟零柒元壹角肆分"),
        (168032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (10700053, "人民币壹拾万柒仟元伍角叁分"),
        (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (1000050000, "人民币壹仟万零伍佰元整"),
        (10_000_000_000, "人民币壹亿元整"),
        (1_000_000_000_100, "人民币壹佰亿零壹元整"),
        (100_000_000_000_000, "人民币壹万亿元整"),
        (1_000_000_000_000_000_100, "人民币壹亿亿零壹元整"),
        (-123450, "人民币负壹仟贰佰叁拾肆元伍角整"),
    ],
)
def test_capital(fen: int, text: str) -> None:
    assert write_capital(fen) == text
    assert read_capital(text) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("人民币壹仟陆佰捌拾元零叁角贰分", 168032),  # both examples of the rules
        ("人民币壹拾万柒仟元零伍角叁分", 10700053),
        ("人民币壹拾万零柒仟元伍角叁分", 10700053),
        ("负人民币壹元整", -100),
        ("壹元伍角", 150),
    ],
)
def test_capital_may_vary_where_the_rules_leave_it_open(text: str, fen: int) -> None:
    assert read_capital(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "", "整", "人民币", "元整", "负", "壹佰伍元整", "壹万伍元整", "拾万元整", "壹拾伍",
        "壹元", "叁佰贰拾伍元肆分", "壹元伍分", "壹元零伍角整", "壹亿壹亿元整", "壹万壹万元整",
        "壹拾壹佰元整", "零壹元整", "壹元整整", "一百元整", "壹佰元零整",
        "人民币负人民币壹元整", "壹壹元整", "零元壹分",
    ],
)  # fmt: skip
def test_what_is_not_written_correctly_is_not_guessed(text: str) -> None:
    assert read_capital(text) is None


@given(text=st.text(alphabet="零壹贰伍玖拾佰仟万亿元角分整负人民币", max_size=15))
def test_a_capital_text_has_at_most_one_meaning(text: str) -> None:
    fen = read_capital(text)
    if fen is not None:
        assert read_capital(write_capital(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (123456, "1,234.56元", "1,234.56元"),
        (Fraction(123456), "1,234.56元", "1,234.56元"),
        (Fraction(123456785, 10), "123,456.785元", "123,456.785元"),
        (Fraction(-1, 8), "-0.00125元", "-0.00125元"),
        (Fraction(100_000, 3), "333.33元又1/3分", "333.33元 + 1/3分"),
        (Fraction(-100_000, 3), "-333.33元又1/3分", "-(333.33元 + 1/3分)"),
    ],
)
def test_explanations_show_every_part_of_a_fen(fen: int | Fraction, zh: str, en: str) -> None:
    assert format_fen(fen, lang="zh") == zh
    assert format_fen(fen, lang="en") == en


@given(fen=st.fractions(-(10**9), 10**9, max_denominator=10**7), lang=st.sampled_from(["zh", "en"]))
def test_explanations_are_exact(fen: Fraction, lang: str) -> None:
    match = MIXED.fullmatch(format_fen(fen, lang=lang))
    assert match is not None
    size = Fraction(match["yuan"].replace(",", "")) * 100
    if match["below"]:
        size += Fraction(int(match["above"]), int(match["below"]))
    assert (-size if match["sign"] else size) == fen


def test_explanations_have_two_languages() -> None:
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        format_fen(1, lang="fr")
