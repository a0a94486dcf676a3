"""Single expressions, small and random ones: the engine's value is the reference's."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.reference import expressions, grammar
from tests.reference import values as v
from tests.reference.expressions import Count, run
from tests.reference.sides import alike, both, inside, same

from incentives.values.types import Kind
from incentives.values.unknown import Unknown

SPEND = frozenset({"applicant.spend"})


@pytest.mark.parametrize("seed", range(2))
def test_small_and_random_expressions(seed: int) -> None:
    count = Count()
    for found in run(6_000, seed):
        count.add(found)
    assert not count.found, count.found[0]
    assert not count.refused, count.refused[0]
    assert count.evaluations >= 6_000
    assert count.unknown > 1_000
    assert count.learnt > 2_000


@pytest.mark.parametrize("family", grammar.FAMILIES)
def test_a_family_has_expressions_that_differ_from_one_another(family: str) -> None:
    texts = [one.text for one in grammar.FAMILIES[family]()]
    assert len(set(texts)) > 60


def test_a_value_that_is_another_is_told() -> None:
    fen, yuan = Unknown(SPEND, 1, None), v.Span(Fraction(1, 100), v.INF)
    assert same(fen, yuan, Kind.MONEY)
    assert not same(fen, v.Span(Fraction(1), v.INF), Kind.MONEY)
    assert not same(fen, Fraction(1, 100), Kind.MONEY)
    assert same(150, Fraction(3, 2), Kind.MONEY)
    assert not same(150, yuan, Kind.MONEY)
    assert not same(True, v.UNKNOWN, Kind.BOOL)
    assert same(date(1, 1, 2), Fraction(2), Kind.DATE)
    assert not same(Unknown(SPEND, date(2024, 1, 1)), v.FULL, Kind.DATE)
    assert same(Unknown(SPEND, date.min, date.max), v.Span(*v.CALENDAR), Kind.DATE)
    assert not same(Unknown(SPEND, options=frozenset("ab")), v.UNKNOWN, Kind.CHOICE)


def test_what_learning_a_fact_may_and_may_not_do() -> None:
    narrow, wide = Unknown(SPEND, 1, 2), Unknown(SPEND, 1, None)
    assert inside(narrow, wide)
    assert not inside(wide, narrow)
    assert inside(2, narrow)
    assert not inside(0, narrow)
    assert not inside("c", Unknown(SPEND, options=frozenset("ab")))
    assert alike(narrow, Unknown(frozenset(), 1, 2))
    assert not alike(narrow, 1)


def test_a_slip_of_the_engine_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        expressions, "compile_expr", lambda _: lambda env: env["applicant"]["small"] is True
    )
    count = Count()
    sides = both()
    small = sides.variable("applicant", "small", 0, grammar.POOLS["small"])
    expressions.attempt("applicant.small", {}, [small], grammar.DAYS[:1], count)
    assert count.evaluations == 3
    assert len(count.found) == 1  # unknown was taken for false
    assert "'applicant.small': None" in count.found[0]
