"""What each node does to values, known or not: Kleene's tables, ranges against brute force."""

from __future__ import annotations

import itertools
import operator
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.language import semantics as s
from incentives.language.core import CompareOp, DateFunction
from incentives.values.calendar import Duration
from incentives.values.rounding import Mode, round_to
from incentives.values.types import Kind
from incentives.values.unknown import Fault, Unknown, bounds, hull

if TYPE_CHECKING:
    from collections.abc import Callable

U = Unknown(frozenset({"u"}))
THREE: list[Any] = [True, False, U]


def both(value: Any) -> list[bool]:
    """Return what a truth value can turn out to be."""
    return [True, False] if isinstance(value, Unknown) else [value]


def outcomes(function: Callable[..., bool], values: tuple[Any, ...]) -> Any:
    """Return what a function comes to over every completion: Kleene's strong logic."""
    found = {function(*chosen) for chosen in itertools.product(*map(both, values))}
    return found.pop() if len(found) == 1 else None


def settled(value: Any) -> Any:
    return None if isinstance(value, Unknown) else value


# ── logic, exhaustively ──────────────────────────────────────────────────────


@pytest.mark.parametrize("size", range(5))
def test_all_and_any_are_strong_kleene_logic(size: int) -> None:
    for values in itertools.product(THREE, repeat=size):
        assert settled(s.all_(values)) == outcomes(lambda *v: all(v), values)
        for least in range(size + 2):
            assert settled(s.any_(values, least)) == outcomes(
                lambda *v, least=least: sum(v) >= least, values
            )


def test_not_and_a_branch() -> None:
    assert [settled(s.not_(value)) for value in THREE] == [False, True, None]
    assert s.not_(U) is U
    for test, then, other in itertools.product(THREE, repeat=3):
        chosen = hull([then, other], test) if test is U else then if test else other
        expected = outcomes(lambda c, a, b: a if c else b, (test, then, other))
        # compositional: an open test with two equal open branches stays open, rightly
        assert settled(chosen) == expected


def test_a_settled_operand_drops_the_others_with_their_facts() -> None:
    assert s.all_([U, False]) is False
    assert s.any_([U, True]) is True
    assert s.all_([U, Unknown(frozenset({"v"})), True]).missing == {"u", "v"}


def test_an_unknown_is_never_a_truth_value() -> None:
    with pytest.raises(TypeError, match="neither true nor false; it waits for u"):
        bool(U)
    with pytest.raises(TypeError, match="a finding"):
        bool(Unknown())


# ── ranges against brute force ───────────────────────────────────────────────

SPAN = range(-3, 4)
RANGES = [(lo, hi) for lo in SPAN for hi in SPAN if lo <= hi]


def ranged(lo: Any, hi: Any, name: str = "x") -> Any:
    """Return a range; one of a single point is that point."""
    return lo if lo is not None and lo == hi else Unknown(frozenset({name}), lo, hi)


def inside(value: Any, result: Any) -> bool:
    lo, hi = bounds(result)
    return (lo is None or lo <= value) and (hi is None or value <= hi)


BINARY: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "add": (lambda a, b: s.add((a, b)), operator.add),
    "mul": (s.mul, operator.mul),
    "div": (s.div, lambda a, b: Fraction(a, b) if b else None),
    "min": (lambda a, b: s.minimum((a, b)), min),
    "max": (lambda a, b: s.maximum((a, b)), max),
    "power": (s.power, lambda a, b: Fraction(a) ** b if a or b >= 0 else None),
}


@pytest.mark.parametrize("name", BINARY)
def test_a_range_holds_every_result_and_is_the_hull_where_it_can_be(name: str) -> None:
    function, exact = BINARY[name]
    for (alo, ahi), (blo, bhi) in itertools.product(RANGES, repeat=2):
        result = function(ranged(alo, ahi, "a"), ranged(blo, bhi, "b"))
        every = [
            exact(a, b) for a, b in itertools.product(range(alo, ahi + 1), range(blo, bhi + 1))
        ]
        found = [value for value in every if value is not None]
        assert all(inside(value, result) for value in found), (name, alo, ahi, blo, bhi)
        tight = name in {"add", "min", "max"} or (name == "mul")
        if tight:
            assert bounds(result) == (min(found), max(found))


@pytest.mark.parametrize("op", CompareOp)
def test_a_comparison_is_settled_exactly_when_every_completion_agrees(op: CompareOp) -> None:
    exact = s._COMPARE[op]
    for (alo, ahi), (blo, bhi) in itertools.product(RANGES, repeat=2):
        a, b = ranged(alo, ahi, "a"), ranged(blo, bhi, "b")
        found = {
            exact(x, y) for x, y in itertools.product(range(alo, ahi + 1), range(blo, bhi + 1))
        }
        expected = found.pop() if len(found) == 1 else None
        assert settled(s.compare(op, a, b)) == expected, (op, a, b)


@given(
    st.lists(st.tuples(st.none() | st.integers(-5, 5), st.none() | st.integers(0, 5)), min_size=1,
             max_size=4),
    st.data(),
)  # fmt: skip
def test_narrower_operands_never_give_a_wider_result(
    pairs: list[tuple[int | None, int | None]], data: st.DataObject
) -> None:
    """Inclusion monotone: soundness by induction needs it of every node."""
    wide = [ranged(lo, None if up is None else (lo or 0) + up, f"f{i}")
            for i, (lo, up) in enumerate(pairs)]  # fmt: skip
    narrow = []
    for value in wide:
        lo, hi = bounds(value)
        low = data.draw(st.integers(-8 if lo is None else lo, 12 if hi is None else hi))
        high = data.draw(st.integers(low, 12 if hi is None else max(hi, low)))
        narrow.append(ranged(low, high, *(sorted(value.missing) if value.__class__ is Unknown
                                          else ["x"])))  # fmt: skip
    functions: list[Callable[[list[Any]], Any]] = [
        s.add,
        s.minimum,
        s.maximum,
        lambda v: s.mul(v[0], v[-1]),
        lambda v: s.div(v[0], v[-1]),
        lambda v: s.power(v[0], v[-1]),
        lambda v: s.neg(v[0]),
        hull,
        lambda v: s.round_(v[0], 2, Mode.HALF_EVEN),
        lambda v: s.up_to(s.minimum(v), s.maximum(v)),
    ]
    for function in functions:
        small, large = bounds(function(narrow)), bounds(function(wide))
        assert large[0] is None or (small[0] is not None and large[0] <= small[0])
        assert large[1] is None or (small[1] is not None and small[1] <= large[1])


def test_a_known_zero_settles_a_product_with_its_facts() -> None:
    assert s.mul(0, Unknown(frozenset({"a"}))) == 0
    assert bounds(s.mul(Unknown(lo=0), Unknown(lo=1))) == (0, None)
    assert bounds(s.mul(Unknown(lo=1), Unknown(hi=-1))) == (None, -1)
    assert bounds(s.mul(-2, Unknown(lo=1))) == (None, -2)


def test_a_divisor_that_can_be_zero_leaves_a_full_range_and_a_known_zero_is_a_finding() -> None:
    assert bounds(s.div(1, ranged(0, 5))) == (None, None)
    assert bounds(s.div(1, ranged(-1, 1))) == (None, None)
    assert bounds(s.div(6, ranged(2, 3))) == (2, 3)
    assert bounds(s.div(6, Unknown(lo=2))) == (0, 3)
    assert s.div(1, 0, "a.toml:1:1").faults == {Fault("zero-divisor", "a.toml:1:1")}
    assert s.div(1, 3) == Fraction(1, 3)


def test_powers() -> None:
    assert s.power(2, 100) == 2**100
    assert s.power(2, -1) == Fraction(1, 2)
    assert s.power(2, 101).faults == {Fault("exponent-too-large")}
    assert s.power(0, -1).faults == {Fault("zero-divisor")}
    assert bounds(s.power(2, ranged(99, 101))) == (None, None)
    assert bounds(s.power(ranged(1, 2), ranged(-1, 2))) == (Fraction(1, 2), 4)
    assert bounds(s.power(2, Unknown())) == (None, None)


def test_operands_that_can_never_be_the_extreme_drop_out_with_their_facts() -> None:
    low, high = ranged(0, 1, "low"), ranged(5, None, "high")
    assert s.minimum((low, high)).missing == {"low"}
    assert s.maximum((low, high)).missing == {"high"}
    assert s.maximum((low, 3)) == 3
    assert s.minimum(()).faults == {Fault("empty-extreme")}
    assert s.minimum((Unknown(frozenset({"a"})), 3)).hi == 3


# ── membership and hierarchies ───────────────────────────────────────────────


def test_membership_of_words_and_numbers() -> None:
    words = Unknown(frozenset({"k"}), options=frozenset({"a", "b"}))
    assert s.in_("a", ("a", "c")) is True
    assert s.in_(words, ("a", "b", "c")) is True
    assert s.in_(words, ("c",)) is False
    assert settled(s.in_(words, ("a",))) is None
    assert s.in_(ranged(1, 2), (5, 6)) is False
    assert settled(s.in_(ranged(1, 2), (2,))) is None
    assert settled(s.compare(CompareOp.EQ, words, "c")) is False
    assert settled(s.compare(CompareOp.NE, words, "c")) is True
    assert settled(s.compare(CompareOp.EQ, words, "a")) is None
    assert settled(s.compare(CompareOp.EQ, U, "a")) is None
    assert settled(s.compare(CompareOp.EQ, U, True)) is None


def test_a_code_too_coarse_to_tell_stays_open() -> None:
    assert s.within(Kind.REGION, "640221", "640200") is True
    assert s.within(Kind.REGION, "640100", "640200") is False
    assert settled(s.within(Kind.REGION, "640000", "640200")) is None
    assert s.within(Kind.INDUSTRY, "C391", "C39") is True
    assert settled(s.within(Kind.INDUSTRY, "C", "C39")) is None
    assert settled(s.within(Kind.REGION, U, "640200")) is None


# ── rounding ─────────────────────────────────────────────────────────────────

TIES = [
    (Mode.DOWN, {"0.5": 0, "1.5": 1, "-0.5": 0, "-1.5": -1, "1.9": 1, "-1.9": -1}),
    (Mode.UP, {"0.5": 1, "1.5": 2, "-0.5": -1, "-1.5": -2, "1.1": 2, "-1.1": -2}),
    (Mode.HALF_UP, {"0.5": 1, "1.5": 2, "2.5": 3, "-0.5": -1, "-2.5": -3, "1.49": 1}),
    (Mode.HALF_EVEN, {"0.5": 0, "1.5": 2, "2.5": 2, "-0.5": 0, "-1.5": -2, "-2.5": -2}),
]


@pytest.mark.parametrize(("mode", "table"), TIES)
def test_ties_go_where_the_mode_says(mode: Mode, table: dict[str, int]) -> None:
    for text, expected in table.items():
        assert s.round_(Fraction(text), 1, mode) == expected, (mode, text)


@given(st.fractions(-50, 50), st.fractions(-50, 50), st.sampled_from([1, 2, 10, Fraction(1, 3)]),
       st.sampled_from(list(Mode)))  # fmt: skip
def test_rounding_a_range_rounds_its_ends(a: Fraction, b: Fraction, q: Any, mode: Mode) -> None:
    lo, hi = sorted((a, b))
    result = s.round_(ranged(lo, hi), q, mode)
    assert bounds(result) == (round_to(lo, q, mode), round_to(hi, q, mode))
    assert bounds(s.round_(Unknown(), q, mode)) == (None, None)


# ── ceilings and tables ──────────────────────────────────────────────────────


def test_a_ceiling_is_open_between_its_ends() -> None:
    ceiling = s.up_to(0, 500)
    assert (ceiling.lo, ceiling.hi, ceiling.open, ceiling.missing) == (0, 500, True, frozenset())
    assert s.up_to(500, 500) == 500
    assert bounds(s.up_to(ranged(600, 700), 500)) == (500, 500)
    assert bounds(s.up_to(0, Unknown())) == (0, None)


def test_pick_is_the_row_that_holds_or_the_hull_of_those_that_can() -> None:
    def pick(*tests: Any, otherwise: int | None = None) -> Any:
        rows = [(test, lambda at=at: at) for at, test in enumerate(tests)]
        return s.pick(rows, None if otherwise is None else lambda: otherwise, "here")

    assert pick(False, True) == 1
    assert pick(True, True).faults == {Fault("row-conflict", "here")}
    assert pick(False, False).faults == {Fault("no-row", "here")}
    assert pick(False, otherwise=9) == 9
    assert bounds(pick(U, False, True)) == (0, 2)
    assert bounds(pick(U, False, otherwise=9)) == (0, 9)
    assert bounds(pick(U, True, otherwise=9)) == (0, 1)
    assert pick(False, U).__class__ is int


# ── dates ────────────────────────────────────────────────────────────────────

DAYS = [date(2024, 1, 31) + timedelta(days=step) for step in (0, 1, 29, 60, 400)]


@pytest.mark.parametrize("function", DateFunction)
def test_functions_of_unknown_dates_hold_every_completion(function: DateFunction) -> None:
    exact, directions = s._DATES[function]
    for lo, hi in itertools.combinations(DAYS, 2):
        if function in {DateFunction.START_OF, DateFunction.END_OF}:
            ends: Any = (lo.year, hi.year + 1)
            every: Any = range(lo.year, hi.year + 2)
        else:
            ends, every = (lo, hi), [d for d in DAYS if lo <= d <= hi]
        for other in [Duration(months=1)] if function is DateFunction.ADD else DAYS:
            rest = (other,) if len(directions) == 2 else ()
            result = s.date_op(function, (ranged(*ends), *rest))
            assert all(inside(exact(value, *rest), result) for value in every)
            if rest and function is not DateFunction.ADD:
                result = s.date_op(function, (other, ranged(*ends)))
                assert all(inside(exact(other, value), result) for value in every)


def test_dates_beyond_the_calendar_are_findings() -> None:
    fault = s.date_op(DateFunction.ADD, (date(9999, 12, 1), Duration(months=1)), "p").faults
    assert fault == {Fault("date-out-of-range", "p")}
    assert s.date_op(DateFunction.START_OF, (0,)).faults == {Fault("date-out-of-range")}
    open_end = s.date_op(DateFunction.ADD, (Unknown(lo=date(9999, 12, 1)), Duration(months=1)))
    assert bounds(open_end) == (None, None)
    assert settled(s.date_op(DateFunction.ADD, (date(2024, 1, 1), U))) is None


def test_year_spans() -> None:
    assert s.year_span(2021, 2024) == [(2021, 2024)]
    assert s.year_span(2025, 2024) == [(2024, 2024)]
    assert s.year_span(ranged(2021, 2022), 2023) == [(2021, 2023), (2022, 2023)]
    assert s.year_span(Unknown(lo=2022), 2023) == [(2022, 2023), (2023, 2023)]
    assert s.year_span(Unknown(), 2023) is None
    assert s.year_span(1900, ranged(1900, 2024)) is None
