"""What the solver is told is what the engine does: terms and engine agree, profile by profile."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts import Facts
from tests.reference import generate, profiles

import incentives
from incentives.diagnostics import RulebookError, Source
from incentives.engine.assess import Options, run
from incentives.engine.focus import plan_for
from incentives.language.core import CompareOp
from incentives.rulebook.load import build_rules
from incentives.rulebook.model import LegalStatus
from incentives.rulebook.profile import Profile
from incentives.values import calendar, codes, rounding
from incentives.values.calendar import Duration
from incentives.values.rounding import Mode
from incentives.values.types import Kind
from incentives.values.unknown import bounds

z3 = pytest.importorskip("z3", reason="the extra `prove` is not installed")

from tests.terms import Encoded, granted  # noqa: E402

from incentives.authoring.proofs import days, numbers  # noqa: E402
from incentives.authoring.proofs.codes import Classes  # noqa: E402
from incentives.authoring.proofs.numbers import Num, number  # noqa: E402
from incentives.authoring.proofs.world import NotEncodableError  # noqa: E402

if TYPE_CHECKING:
    from incentives.rulebook.model import Incentive, Rules

ON = date(2024, 6, 1)
DATES = st.dates(days.FIRST, days.LAST)


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return incentives.load().rules


def compare(rules: Rules, incentive: Incentive, stated: list[tuple[Any, date]]) -> int:
    """Compare terms and engine; return for how many profiles the terms gave an answer."""
    rules, one = granted(rules, incentive)
    encoded = Encoded(rules, one)
    plan = plan_for(rules, one.id)
    draft = one.document.legal_status is LegalStatus.DRAFT
    compared = 0
    for data, on in stated:
        profile = Profile({"received": [], "decided": [], **data}, rules.vocabulary)
        found = encoded.put(profile, on)
        if found is None or found["vague"] or profile.lists["decided"]:
            continue
        outcome = run(plan, profile, on, Options(draft), drafts=draft).outcomes[one.id]
        assert found["status"] == str(outcome.status), (one.id, data)
        if found["amount"] is not None:
            assert found["amount"] == bounds(outcome.value), (one.id, data)
        compared += 1
    return compared


def test_terms_and_engine_agree_on_cases_and_on_random_profiles(shipped: Rules) -> None:
    facts, rng = Facts(shipped), random.Random(7)
    drawn = [(facts.data(rng), ON) for _ in range(2)]
    compared = sum(
        compare(shipped, each, [*((case.facts, case.on) for case in each.cases), *drawn])
        for each in shipped.incentives.values()
    )
    assert compared > 800


@pytest.mark.parametrize("seed", range(6))
def test_terms_and_engine_agree_on_generated_rules(seed: int) -> None:
    files = generate.rulebook(seed)
    try:
        found = build_rules([Source(name, text) for name, text in files.items()])
    except RulebookError:
        pytest.skip("two rows of a table overlap, which the load proves")
    names = tuple(found.incentives)
    drawn = [(profiles.profile(seed * 100 + n, names, share=1.0), generate.ON) for n in range(4)]
    for incentive in found.incentives.values():
        try:
            compare(found, incentive, drawn)
        except NotEncodableError as refused:  # said, not approximated
            assert refused.says.zh != refused.says.get("en")


def plain(term: Any) -> Fraction:
    return Fraction(str(z3.simplify(term))) if z3.is_expr(term) else Fraction(term)


def placed(day: date) -> days.Day:
    return days.Day(*(z3.IntVal(part) for part in (day.year, day.month, day.day)))


@settings(max_examples=60)
@given(DATES, DATES)
def test_dates_are_counted_as_the_calendar_counts_them(a: date, b: date) -> None:
    x, y = placed(a), placed(b)
    assert plain(days.days_between(x, y).n) == calendar.days_between(a, b)
    assert plain(days.months_between(x, y).n) == calendar.months_between(a, b)
    assert plain(days.years_between(x, y).n) == calendar.years_between(a, b)
    assert z3.is_true(z3.simplify(days.compare(CompareOp.LT, x, y))) == (a < b)


@settings(max_examples=60)
@given(DATES, st.integers(-40, 400))
def test_months_are_added_as_the_calendar_adds_them(a: date, months: int) -> None:
    moved = days.add_months(placed(a), Duration(months))
    assert date(*(int(plain(part)) for part in (moved.y, moved.m, moved.d))) == calendar.add(
        a, Duration(months)
    )


@settings(max_examples=60)
@given(st.integers(-(10**6), 10**6), st.integers(1, 60), st.sampled_from([1, 100, 7]),
       st.sampled_from(Mode), st.booleans())  # fmt: skip
def test_rounding_is_that_of_the_engine(n: int, d: int, step: int, mode: Mode, real: bool) -> None:
    top = z3.RealVal(n) if real else z3.IntVal(n)
    found = numbers.round_to(Num(top, d), number(step), mode)
    assert plain(found.n) / plain(found.d) == rounding.round_to(Fraction(n, d), step, mode)


@settings(max_examples=80)
@given(st.integers(10, 99), st.integers(0, 99), st.integers(0, 99), st.data())
def test_every_region_is_like_one_that_stands_for_it(a: int, b: int, c: int, data: Any) -> None:
    named = ["640200", "640221", "150000", "100000", "640502"]
    picked = data.draw(st.sampled_from([*named, "640000", f"{a}{b:02d}{c:02d}"]))
    classes = Classes(Kind.REGION, named)
    stand_in = classes.codes[classes.index(picked)]
    for other in named:
        assert codes.region_within(picked, other) is codes.region_within(stand_in, other)
        assert (picked == other) is (stand_in == other)


@settings(max_examples=80)
@given(st.sampled_from(sorted(codes.DIVISIONS)), st.integers(0, 100), st.booleans())
def test_every_industry_is_like_one_that_stands_for_it(div: str, more: int, letter: bool) -> None:
    named = ["C", "C39", "391", "I65", "I651", "G5432"]
    deep = "" if more == 100 else f"{more:02d}"[: 1 + more % 2]
    picked = f"{codes.DIVISIONS[div][0] if letter else ''}{div}{deep}"
    classes = Classes(Kind.INDUSTRY, named)
    stand_in = classes.codes[classes.index(picked)]
    for other in named:
        assert codes.industry_within(picked, other) is codes.industry_within(stand_in, other)
        assert (picked == other) is (stand_in == other)
