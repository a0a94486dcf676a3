"""Laws that need more than one profile of one rule, over generated rulebooks, profiles and days.

The laws and the tests that hold them are listed in docs/testing.md.
"""

from __future__ import annotations

import copy
import random
from datetime import timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.reference import generate, profiles
from tests.small import ENTRY, FIRM, ON, book, decide

import incentives
from incentives.api import Assessment, Decision, Rulebook
from incentives.audit.verify import read_receipt
from incentives.authoring.lint import lint_rules
from incentives.diagnostics import RulebookError, Source
from incentives.engine.conditions import Truth
from incentives.engine.outcome import Status
from incentives.language import core
from incentives.rulebook.load import build_rules
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.engine.conditions import ConditionOutcome
    from incentives.engine.derive import Step

SEEDS = range(40)
DAYS = tuple(day + timedelta(days=step) for day in generate.DATES for step in (-1, 0, 1))


@cache
def generated(seed: int) -> Rulebook | None:
    """Return a generated rulebook, ``None`` where the load proves that rows overlap."""
    try:
        return Rulebook(build_rules([Source(*each) for each in generate.rulebook(seed).items()]))
    except RulebookError:
        return None


def assessments(seed: int, share: float = 0.9) -> Iterator[tuple[Rulebook, Any, Assessment]]:
    """Yield a few profiles of one generated rulebook, each on a day of its own."""
    rulebook = generated(seed)
    for number in range(3 if rulebook is not None else 0):
        assert rulebook is not None
        facts = profiles.profile(seed * 97 + number, tuple(rulebook.incentives), share)
        day = random.Random(f"day {seed} {number}").choice(DAYS)
        yield rulebook, facts, rulebook.assess(facts, on=day)


def answers(assessment: Assessment) -> list[tuple[Any, ...]]:
    """Return everything that is decided."""
    return [
        (d.incentive, d.status, d.reason, d.amount, d.range, d.failed, d.missing)
        for d in assessment
    ]


# ── 2: falls are declared ────────────────────────────────────────────────────

RATES = st.sampled_from(["0%", "1%", "2%", "5%", "10%", "1/3"])
EDGES = st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True).map(sorted)


@settings(max_examples=40, deadline=None)
@given(EDGES, st.lists(RATES, min_size=4, max_size=4), st.sampled_from(["up_to", "below"]))
@example([10], ["10%", "5%", "0%", "0%"], "up_to")
@example([10], ["5%", "10%", "0%", "0%"], "up_to")
def test_law_02_every_fall_that_a_search_finds_is_told_at_load(
    edges: list[int], rates: list[str], key: str
) -> None:
    steps = [
        f'{{ {key} = "{n}万元", rate = "{rate}" }}' for n, rate in zip(edges, rates, strict=False)
    ]
    steps.append(f'{{ rate = "{rates[len(edges)]}" }}')
    body = (
        ENTRY + "[incentive.amount]\nbands = { of = 'applicant.spend', mode = \"whole\","
        f" steps = [{', '.join(steps)}] }}\n"
    )
    near = sorted(
        {max(0, n * 10**6 + step) for n in [0, *edges] for step in (-(10**5), -1, 0, 1, 10**5)}
    )
    paid = [decide(body, {"spend": str(Money(fen)).replace(",", "")}).amount.fen for fen in near]
    falls = any(later < earlier for earlier, later in pairwise(paid))
    told = "W414" in {finding.code for finding in lint_rules(book(body))}
    assert told or not falls, (near, paid)


# ── 3: caps ──────────────────────────────────────────────────────────────────


def highest(expr: core.Expr) -> Any:
    """Return the largest value of a constant figure, ``None`` for anything else."""
    match expr:
        case core.Const(value):
            return value
        case core.Param(_, values):
            return max((dated.value for dated in values), key=Fraction)  # type: ignore[arg-type]
        case _:
            return None


@pytest.mark.parametrize("seed", SEEDS)
def test_law_03_no_generated_award_is_negative_or_above_its_caps(seed: int) -> None:
    for rulebook, _, assessment in assessments(seed):
        for decision in assessment:
            if decision.range is None:
                continue
            assert decision.range.low >= Money(0)
            alone = [
                total for total in decision.version.totals if total.by is None and total.per is None
            ]
            sums = [highest(total.cap) for total in alone if len(decision.rule.versions) == 1]
            for cap in sums:
                if cap is not None:
                    assert decision.range.high is not None
                    assert decision.range.high.fen <= cap
        for group in rulebook.rules.groups:
            limit = None if group.limit is None or group.per else highest(group.limit)
            if limit is None or not (
                group.document and group.document.effective.holds(assessment.on)
            ):
                continue
            if group.document.legal_status in {"draft", "historical"}:
                continue
            members = [assessment[name] for name in group.members if name in assessment]
            exact = [d.amount for d in members if not d.is_ceiling and not d.is_draft]
            if all(amount is not None for amount in exact):
                assert sum(amount.fen for amount in exact if amount is not None) <= limit


# ── 11: everything that is used is listed ────────────────────────────────────


def facts_in(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        if isinstance(step.node, core.Fact):
            yield step.label
        yield from facts_in(step.of)


def trace(outcomes: tuple[ConditionOutcome, ...]) -> Any:
    """Return what every step came to."""

    def of(step: Step) -> Any:
        return (step.value, step.label, tuple(map(of, step.of)))

    return [(each.id, each.outcome, tuple(map(of, each.steps))) for each in outcomes]


@pytest.mark.parametrize("seed", SEEDS)
def test_law_11_taking_any_listed_fact_away_changes_the_trace(seed: int) -> None:
    for rulebook, facts, assessment in assessments(seed):
        for decision in assessment:
            steps = tuple(step for each in decision.conditions for step in each.steps)
            assert decision.clause
            listed = {path for path in facts_in(steps) if path.startswith("applicant.")}
            for path in sorted(listed):
                name, _, year = path.removeprefix("applicant.").partition(".")
                fewer = copy.deepcopy(facts)
                holder = fewer["applicant"].get(name, {}) if year else fewer["applicant"]
                if isinstance(holder.get(year or name), dict | None):
                    continue  # unknown already, or within bounds that may say nothing new
                del holder[year or name]
                again = rulebook.assess(fewer, on=assessment.on)[decision.incentive]
                assert trace(again.conditions) != trace(decision.conditions), path


# ── 12, 13, 15, 16: duality, order, round trips ──────────────────────────────


@pytest.mark.parametrize("seed", SEEDS)
def test_law_12_failed_conditions_and_status_agree_on_generated_days(seed: int) -> None:
    for _, _, assessment in assessments(seed, 0.8):
        for decision in assessment:
            assert (decision.status is Status.INELIGIBLE) == bool(decision.failed)
            if decision.status is Status.ELIGIBLE and not decision.items:
                assert {each.outcome for each in decision.conditions} <= {Truth.MET}


@pytest.mark.parametrize("seed", range(12))
def test_law_15_and_16_receipts_are_read_back_and_made_again_to_the_byte(seed: int) -> None:
    for rulebook, facts, assessment in assessments(seed):
        receipt = assessment.receipt()
        assert read_receipt(receipt.raw).raw == receipt.raw
        shuffled = {name: facts[name] for name in sorted(facts, reverse=True)}
        shuffled["applicant"] = dict(reversed(facts["applicant"].items()))
        assert rulebook.assess(shuffled, on=assessment.on).receipt().raw == receipt.raw


@settings(max_examples=200)
@given(st.integers(0, 10**15))
def test_law_15_an_amount_is_read_back_however_it_is_written(fen: int) -> None:
    money = Money(fen)
    for text in (
        str(money).replace(",", ""),
        f"{Fraction(fen, 100)!s}元" if fen % 100 == 0 else None,
    ):
        if text is not None:
            facts = {"applicant": {**FIRM, "spend": text}}
            assert (
                book(ENTRY + "[incentive.amount]\nfixed = 'applicant.spend'\n")
                .assess(facts, on=ON)["doc/award"]
                .amount
                == money
            )


# ── 23, 28: how it is written has no effect ──────────────────────────────────


def in_ten_thousands(value: Any) -> Any:
    """Return every amount of a profile in 万元 instead of 元, exactly."""
    match value:
        case dict():
            return {key: in_ten_thousands(each) for key, each in value.items()}
        case list():
            return [in_ten_thousands(each) for each in value]
        case str() if value.endswith("元") and not value.endswith("万元"):
            whole, _, part = value.removesuffix("元").partition(".")
            sign, digits = ("-" if whole.startswith("-") else ""), whole.lstrip("-").zfill(5)
            return f"{sign}{digits[:-4]}.{digits[-4:]}{part}万元"
        case _:
            return value


@pytest.mark.parametrize("seed", SEEDS)
def test_law_23_generated_profiles_in_other_units_give_the_same(seed: int) -> None:
    for rulebook, facts, assessment in assessments(seed):
        again = rulebook.assess(in_ten_thousands(facts), on=assessment.on)
        assert answers(again) == answers(assessment)


# ── 32: classes ──────────────────────────────────────────────────────────────

SMALL = "national-small-profit/small-profit-rate"
FIGURES = st.integers(0, 600)


@cache
def shipped() -> Rulebook:
    return incentives.load()


@settings(max_examples=25, deadline=None)
@given(FIGURES, FIGURES, FIGURES, st.integers(0, 2), st.integers(1, 600))
@example(300, 300, 50, 0, 1)
@example(301, 300, 50, 0, 1)
def test_law_32_a_lower_index_never_leaves_the_class_of_small_profit_firms(
    income: int, staff: int, assets: int, which: int, less: int
) -> None:
    def small(*index: int) -> bool:
        facts = {
            "kind": "enterprise", "region": "640205", "restricted_business": False,
            "taxable_income": {2023: f"{index[0]}万元"}, "average_staff": {2023: index[1]},
            "average_assets": {2023: f"{index[2]}00万元"},
        }  # fmt: skip
        decision: Decision = shipped().assess({"applicant": facts}, on=ON)[SMALL]
        assert decision.status in {Status.ELIGIBLE, Status.INELIGIBLE}  # one class or the other
        return decision.status is Status.ELIGIBLE

    index = [income, staff, assets]
    lower = [max(0, n - less) if at == which else n for at, n in enumerate(index)]
    assert small(*index) == (income <= 300 and staff <= 300 and assets <= 50)
    assert small(*lower) or not small(*index)
