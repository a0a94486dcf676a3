"""What is said while facts are missing stays true when they come in (LANGUAGE.md 7).

* the range contains the result of every completion;
* a settled status stays, a failed condition apart, which a period may overtake;
* learning a fact never widens a range;
* a fact that is not listed as missing cannot change the outcome.

The rulebooks are generated without conflicts of rows: a table that one completion
leaves without a row gives a finding, of which a hull of rows says nothing.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from tests.reference import generate, profiles

from incentives.diagnostics import RulebookError, Source
from incentives.engine.assess import Options
from incentives.engine.outcome import Status
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment, Decision
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from incentives.engine.amounts import MoneyRange

SEEDS = range(60)
COMPLETIONS = 3


def plan_of(seed: int) -> Plan:
    files = generate.rulebook(seed, conflicts=False)
    try:
        return Plan(build_rules([Source(name, text) for name, text in files.items()]))
    except RulebookError as error:  # pragma: no cover - no seed above is refused
        pytest.skip(f"the generated rulebook is refused: {error.findings[0].code}")


def assess(plan: Plan, facts: dict[str, Any], *, refine: bool) -> Assessment:
    profile = Profile(facts, plan.rules.vocabulary)
    return Assessment(plan, profile, generate.ON, Options(refine=refine))


def holds(outer: MoneyRange | None, inner: MoneyRange | None) -> bool:
    if outer is None or inner is None:
        return outer is inner
    if outer.low > inner.low:
        return False
    return outer.high is None or (inner.high is not None and inner.high <= outer.high)


def _allowed(before: Status) -> set[Status]:
    """Return what a status may become by a fact that it does not wait for."""
    return {before} | ({Status.NOT_APPLICABLE} if before is Status.INELIGIBLE else set())


def stays(before: Decision, after: Decision) -> bool:
    """Whether a status that was settled is still the same."""
    return before.status is Status.UNDETERMINED or after.status in _allowed(before.status)


@pytest.mark.parametrize("seed", SEEDS)
def test_law_07_every_completion_is_within_the_range(seed: int) -> None:
    plan = plan_of(seed)
    partial = profiles.profile(seed, tuple(plan.rules.incentives))
    plain, fine = (assess(plan, partial, refine=refine) for refine in (False, True))
    for key in plain.ids:
        assert holds(plain[key].range, fine[key].range), (key, plain[key], fine[key])
        assert stays(plain[key], fine[key]), (key, plain[key], fine[key])
    for number in range(COMPLETIONS):
        full = assess(plan, profiles.complete(1000 * seed + number, partial), refine=True)
        for key in plain.ids:
            for found in (plain[key], fine[key]):
                assert holds(found.range, full[key].range), (key, found, full[key])
                assert stays(found, full[key]), (key, found, full[key])


def learn(seed: int, partial: dict[str, Any], full: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the profile with one more fact of its completion, or one more list, and its path."""
    rng = random.Random(f"learn {seed}")
    options: list[tuple[str, int | None, str]] = [
        (entity, None, "")
        for entity in ("contract", "received", "decided")
        if entity not in partial
    ]
    options += [("applicant", None, name) for name in full["applicant"]]
    options += [
        ("contract", at, name)
        for at, item in enumerate(partial.get("contract", ()))
        for name in full["contract"][at]
        if name not in item
    ]
    entity, at, name = rng.choice(options)
    if not name:
        return {**partial, entity: full[entity]}, entity
    if at is None:
        return {
            **partial,
            entity: {**partial[entity], name: full[entity][name]},
        }, f"{entity}.{name}"
    items = list(partial[entity])
    items[at] = {**items[at], name: full[entity][at][name]}
    return {**partial, entity: items}, f"{entity}[{items[at]['no']}].{name}"


@pytest.mark.parametrize("seed", SEEDS)
def test_law_08_and_09_learning_a_fact_never_widens(seed: int) -> None:
    plan = plan_of(seed)
    partial = profiles.profile(seed, tuple(plan.rules.incentives), share=0.6)
    full = profiles.complete(seed, partial)
    for refine in (False, True):
        before, facts = assess(plan, partial, refine=refine), partial
        for step in range(4):
            facts, path = learn(1000 * seed + step, facts, full)
            after = assess(plan, facts, refine=refine)
            for key in before.ids:
                assert holds(before[key].range, after[key].range), (key, before[key], after[key])
                assert stays(before[key], after[key]), (key, before[key], after[key])
                if not refine and not any(each.startswith(path) for each in before[key].missing):
                    assert before[key].range == after[key].range, (key, path)
                    assert after[key].status in _allowed(before[key].status), (key, path)
            before = after
