"""Rounding: exact multiples, the named neighbour, nothing by default."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.values.rounding import Mode, round_to

DOWN, UP, HALF_UP, HALF_EVEN = Mode.DOWN, Mode.UP, Mode.HALF_UP, Mode.HALF_EVEN

# In fen: a fen, 角, 元, 百元, 千元, 10,000元.
QUANTA = [1, 10, 100, 10_000, 100_000, 1_000_000]

numbers = st.integers(-(10**12), 10**12) | st.fractions(
    min_value=-(10**9), max_value=10**9, max_denominator=1000
)
quanta = st.sampled_from(QUANTA) | st.fractions(
    min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000
)
modes = st.sampled_from(Mode)


@pytest.mark.parametrize("quantum", QUANTA)
@pytest.mark.parametrize(
    ("halves", "mode", "expected"),
    [
        (1, DOWN, 0), (1, UP, 1), (1, HALF_UP, 1), (1, HALF_EVEN, 0),
        (3, DOWN, 1), (3, UP, 2), (3, HALF_UP, 2), (3, HALF_EVEN, 2),
        (5, DOWN, 2), (5, UP, 3), (5, HALF_UP, 3), (5, HALF_EVEN, 2),
        (-1, DOWN, 0), (-1, UP, -1), (-1, HALF_UP, -1), (-1, HALF_EVEN, 0),
        (-3, DOWN, -1), (-3, UP, -2), (-3, HALF_UP, -2), (-3, HALF_EVEN, -2),
        (-5, DOWN, -2), (-5, UP, -3), (-5, HALF_UP, -3), (-5, HALF_EVEN, -2),
    ],
)  # fmt: skip
def test_ties(halves: int, mode: Mode, expected: int, quantum: int) -> None:
    assert round_to(Fraction(halves * quantum, 2), quantum, mode) == expected * quantum
    if quantum % 2 == 0:
        assert round_to(halves * quantum // 2, quantum, mode) == expected * quantum


@pytest.mark.parametrize("quantum", QUANTA)
@pytest.mark.parametrize("sign", [1, -1])
def test_beside_a_tie_the_halves_take_the_nearest(quantum: int, sign: int) -> None:
    tie, hair = Fraction(3 * quantum, 2), Fraction(1, 10**9)
    for mode in (HALF_UP, HALF_EVEN):
        assert round_to(sign * (tie - hair), quantum, mode) == sign * quantum
        assert round_to(sign * (tie + hair), quantum, mode) == sign * 2 * quantum


def test_four_rounds_down_and_five_up_as_the_statutes_say() -> None:
    assert round_to(Fraction(1234, 10), 1, HALF_UP) == 123
    assert round_to(Fraction(1235, 10), 1, HALF_UP) == 124
    assert round_to(Fraction(1225, 10), 1, HALF_EVEN) == 122


@given(x=numbers, quantum=quanta, mode=modes)
def test_the_result_is_a_whole_number_of_quanta(
    x: int | Fraction, quantum: int | Fraction, mode: Mode
) -> None:
    result = round_to(x, quantum, mode)
    assert Fraction(result, quantum).denominator == 1
    assert isinstance(result, int) == (Fraction(result).denominator == 1)
    assert not isinstance(result, bool)


@given(x=numbers, quantum=quanta, mode=modes)
def test_the_error_is_at_most_half_a_quantum_for_the_halves(
    x: int | Fraction, quantum: int | Fraction, mode: Mode
) -> None:
    exact, result = Fraction(x), Fraction(round_to(x, quantum, mode))
    assert abs(result - exact) < quantum
    match mode:
        case Mode.DOWN:
            assert abs(result) <= abs(exact)
        case Mode.UP:
            assert abs(result) >= abs(exact)
        case _:
            assert 2 * abs(result - exact) <= quantum


@given(x=numbers, quantum=quanta, mode=modes)
def test_rounding_is_odd_and_idempotent(
    x: int | Fraction, quantum: int | Fraction, mode: Mode
) -> None:
    result = round_to(x, quantum, mode)
    assert round_to(-x, quantum, mode) == -result
    assert round_to(result, quantum, mode) == result


@given(x=numbers, y=numbers, quantum=quanta, mode=modes)
def test_rounding_is_monotone(
    x: int | Fraction, y: int | Fraction, quantum: int | Fraction, mode: Mode
) -> None:
    low, high = sorted((x, y))
    assert round_to(low, quantum, mode) <= round_to(high, quantum, mode)


@given(fen=st.decimals(-(10**9), 10**9, places=3), mode=modes)
def test_it_agrees_with_decimal(fen: Decimal, mode: Mode) -> None:
    names = {DOWN: ROUND_DOWN, UP: ROUND_UP, HALF_UP: ROUND_HALF_UP, HALF_EVEN: ROUND_HALF_EVEN}
    expected = fen.quantize(Decimal(1), rounding=names[mode], context=Context(prec=40))
    assert round_to(Fraction(fen), 1, mode) == int(expected)


@pytest.mark.parametrize("wrong", [True, 0.5, Decimal("0.5"), "1", None])
def test_inexact_numbers_are_refused(wrong: object) -> None:
    number = cast("Any", wrong)
    with pytest.raises(TypeError, match="expected an int or a Fraction"):
        round_to(number, 1, DOWN)
    with pytest.raises(TypeError, match="expected an int or a Fraction"):
        round_to(1, number, DOWN)


@pytest.mark.parametrize("quantum", [0, -1, Fraction(-1, 2)])
def test_a_quantum_is_positive(quantum: int | Fraction) -> None:
    with pytest.raises(ValueError, match="greater than zero"):
        round_to(5, quantum, DOWN)


def test_a_mode_is_one_of_four() -> None:
    assert round_to(Fraction(5, 2), 1, cast("Mode", "half_even")) == 2
    with pytest.raises(ValueError, match="ceiling"):
        round_to(Fraction(5, 2), 1, cast("Mode", "ceiling"))
