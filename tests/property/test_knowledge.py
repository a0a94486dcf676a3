"""Laws of deciding with incomplete facts, on generated rulebooks and profiles."""

from __future__ import annotations

import copy
import random
from functools import cache
from typing import Any

import pytest
from tests.reference import generate, profiles

from incentives.api import Decision, Rulebook
from incentives.diagnostics import RulebookError, Source
from incentives.engine.outcome import Status
from incentives.rulebook.load import build_rules

SEEDS = range(40)


@cache
def generated(seed: int) -> Rulebook | None:
    """Return a generated rulebook, ``None`` where the load proves a fault."""
    files = generate.rulebook(seed)
    try:
        return Rulebook(build_rules([Source(name, text) for name, text in files.items()]))
    except RulebookError:
        return None


def cases(seed: int, share: float = 0.7) -> list[tuple[Rulebook, dict[str, Any]]]:
    """Return a few profiles for one generated rulebook."""
    found = generated(seed)
    names = () if found is None else tuple(found.incentives)
    return [] if found is None else [
        (found, profiles.profile(seed * 31 + number, names, share)) for number in range(3)
    ]  # fmt: skip


def shown(decision: Decision) -> tuple[Any, ...]:
    """Return the whole answer."""
    return (decision.status, decision.reason, decision.amount, decision.range, decision.failed)


def within(narrow: Any, wide: Any) -> bool:
    """Say whether one range lies in another; ``None`` stands for no amount."""
    if narrow is None or wide is None:
        return narrow is wide
    top = wide.high is None or (narrow.high is not None and narrow.high <= wide.high)
    return bool(wide.low <= narrow.low and top)


def learn(rng: random.Random, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the profile with one more fact stated."""
    full = profiles.complete(rng.randrange(10**6), copy.deepcopy(facts))
    more = copy.deepcopy(facts)
    absent = sorted(set(full["applicant"]) - set(more["applicant"]))
    if absent:
        name = rng.choice(absent)
        more["applicant"][name] = full["applicant"][name]
    return more


@pytest.mark.parametrize("seed", SEEDS)
def test_law_08_learning_a_fact_never_widens_a_range(seed: int) -> None:
    rng = random.Random(seed)
    for book, facts in cases(seed):
        before = book.assess(facts, generate.ON)
        after = book.assess(learn(rng, facts), generate.ON)
        for old, new in zip(before, after, strict=True):
            settled = {Status.INELIGIBLE, Status.NOT_APPLICABLE}
            if old.status in settled:
                assert new.status is old.status or new.status is Status.NOT_APPLICABLE
            elif old.status is Status.ELIGIBLE:
                assert new.status is Status.ELIGIBLE
            if not old.findings and not new.findings:
                assert within(new.range, old.range), (old.incentive, old.range, new.range)


@pytest.mark.parametrize("seed", SEEDS)
def test_law_08_with_nothing_unknown_and_no_ceiling_it_is_a_point(seed: int) -> None:
    for book, facts in cases(seed):
        full = profiles.complete(seed, facts)
        for decision in book.assess(full, generate.ON):
            # a code coarser than the one it is compared with is stated, and still open
            coarse = {"applicant.region", "applicant.industry"}
            assert set(decision.missing) <= coarse
            settled = not (decision.missing or decision.is_ceiling or decision.findings)
            if decision.range is not None and settled:
                assert decision.range.is_point, decision.incentive


@pytest.mark.parametrize("seed", SEEDS)
def test_law_07_and_09_facts_that_are_not_listed_never_change_the_result(seed: int) -> None:
    for book, facts in cases(seed):
        found = book.assess(facts, generate.ON)
        done = profiles.complete(seed + 1, copy.deepcopy(facts))
        for decision in found:
            missing = set(decision.missing)
            changed = copy.deepcopy(facts)
            for name, value in done["applicant"].items():
                paths = [path for path in missing if path.startswith(f"applicant.{name}")]
                if not paths and name not in changed["applicant"]:
                    changed["applicant"][name] = value
            again = book.assess(changed, generate.ON)[decision.incentive]
            if decision.status is Status.INELIGIBLE:
                # it stays refused; more reasons may join, and outrank those known so far
                assert again.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}
                if again.status is Status.INELIGIBLE:
                    assert set(decision.failed) <= set(again.failed)
                continue
            assert (again.status, again.amount, again.failed) == (
                decision.status, decision.amount, decision.failed)  # fmt: skip
            assert within(again.range, decision.range)


@pytest.mark.parametrize("seed", SEEDS)
def test_law_12_ineligible_exactly_when_a_failed_condition_is_listed(seed: int) -> None:
    for book, facts in cases(seed):
        for decision in book.assess(facts, generate.ON):
            failed = [one.id for one in decision.conditions if one.outcome == "failed"]
            if decision.status is Status.INELIGIBLE:
                assert decision.failed
                assert decision.missing == ()
            else:
                assert decision.failed == ()
            if decision.status is Status.ELIGIBLE and not decision.items:
                assert failed == []
                assert all(one.outcome == "met" for one in decision.conditions)
            assert (decision.reason is not None) == (decision.status is Status.NOT_APPLICABLE)


@pytest.mark.parametrize("seed", range(15))
def test_law_28_the_name_of_the_firm_and_the_order_of_facts_have_no_effect(seed: int) -> None:
    rng = random.Random(seed)
    for book, facts in cases(seed):
        before = [shown(decision) for decision in book.assess(facts, generate.ON)]
        other = copy.deepcopy(facts)
        pairs = list(other["applicant"].items())
        rng.shuffle(pairs)
        other["applicant"] = dict(pairs)
        if not any("applicant.name" in text for text in generate.rulebook(seed).values()):
            other["applicant"]["name"] = "另一家企业"
        mixed = dict(sorted(other.items(), reverse=True))
        assert [shown(decision) for decision in book.assess(mixed, generate.ON)] == before


@pytest.mark.parametrize("seed", range(15))
def test_law_13_the_order_of_files_and_the_same_file_twice_have_no_effect(seed: int) -> None:
    book = generated(seed)
    if book is None:
        return
    sources = [Source(name, text) for name, text in generate.rulebook(seed).items()]
    again = Rulebook(build_rules([*reversed(sources), *sources]))
    assert again.digest == book.digest
    assert again.text_digest == book.text_digest
    for _, facts in cases(seed):
        assert [shown(d) for d in again.assess(facts, generate.ON)] == [
            shown(d) for d in book.assess(facts, generate.ON)]  # fmt: skip
