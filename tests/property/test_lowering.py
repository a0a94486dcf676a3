"""Lowered columns against the engine: every row that is not for the engine alone.

The law: status, reason, amount, range, failed conditions, missing facts and differing
readings are those of the engine without refinement; and refinement settles no more.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.reference import generate, profiles
from tests.unit.batch.columns_by_hand import ByHand
from tests.unit.batch.lowering import answered, data, decided, staged, without_bounds

import incentives
from incentives.batch.lowering.lower import lower
from incentives.diagnostics import ProfileError, RulebookError, Source
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from incentives.batch.lowered import Lowered
    from incentives.batch.staged import Staged

CASES = Path(__file__).parents[1] / "corpus" / "cases.jsonl"


def compare(
    plan: Plan, facts: Any, on: date, lowered: Lowered, given: Staged, *, no_history: bool
) -> Counter[str]:
    """Compare every decision about one profile; count what was compared."""
    counts: Counter[str] = Counter()
    try:
        profile = Profile(facts, plan.rules.vocabulary)
    except ProfileError:
        return counts
    by_hand = ByHand(data(profile, given))
    plain = Assessment(plan, profile, on, Options(assume_no_history=no_history, refine=False))
    refined = Assessment(plan, profile, on, Options(assume_no_history=no_history))
    for incentive in lowered.incentives:
        answer = incentive.answer
        if by_hand(answer.alone, by_hand.data.firms[0]):
            counts["alone"] += 1
            continue
        expected = decided(plain[incentive.id])
        assert answered(by_hand, answer) == expected, (incentive.id, facts)
        sharper = decided(refined[incentive.id])
        settled = ("status", "amount")
        assert [sharper[name] for name in settled] == [expected[name] for name in settled]
        counts[expected["status"]] += 1
    return counts


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_generated_rulebooks(first: int) -> None:
    counts: Counter[str] = Counter()
    for seed in range(first, first + 10):
        try:
            files = generate.rulebook(seed).items()
            rules = build_rules([Source(name, text) for name, text in files])
        except RulebookError:
            continue
        plan, no_history = Plan(rules), bool(seed % 2)
        given = staged(rules.vocabulary)
        options = Options(assume_no_history=no_history, refine=False)
        lowered = lower(plan, generate.ON, options, given)
        for number in range(3):
            made = profiles.profile(seed * 1000 + number, tuple(rules.incentives))
            facts = without_bounds(made)
            counts += compare(plan, facts, generate.ON, lowered, given, no_history=no_history)
    assert sum(counts.values()) > 3 * counts["alone"] > 0


@pytest.mark.parametrize("part", range(4))
def test_shipped_rules_on_their_cases(part: int) -> None:
    plan = Plan(incentives.load().rules)
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    lowered: dict[tuple[date, bool], tuple[Staged, Lowered]] = {}
    counts: Counter[str] = Counter()
    for case in cases[part::60]:
        on, no_history = date.fromisoformat(case["on"]), bool(case["assume_no_history"])
        if (on, no_history) not in lowered:
            given = staged(plan.rules.vocabulary)
            options = Options(assume_no_history=no_history, refine=False)
            lowered[on, no_history] = given, lower(plan, on, options, given)
        given, columns = lowered[on, no_history]
        facts = without_bounds(case["facts"])
        counts += compare(plan, facts, on, columns, given, no_history=no_history)
    assert {"eligible", "ineligible", "undetermined", "not_applicable", "alone"} <= {*counts}


def test_every_shipped_incentive_has_columns() -> None:
    plan = Plan(incentives.load().rules)
    for lists in (None, ()):
        given = staged(plan.rules.vocabulary, lists)
        found = lower(plan, date(2024, 6, 1), Options(refine=False), given)
        assert not found.refused
        assert [each.id for each in found.incentives] == sorted(plan.by_id)
