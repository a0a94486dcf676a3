"""Laws of *what if*: decided by the engine, nothing nearer does, nothing can be left out."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tests.facts import Facts
from tests.reference import generate, profiles

import incentives
from incentives.advice.places import Place, place_of
from incentives.advice.what_if import WhatIf, what_if
from incentives.diagnostics import RulebookError, Source
from incentives.engine.assess import Options
from incentives.engine.outcome import Status
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment, Decision
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAY = date(2024, 6, 1)
REFUSED = {Status.INELIGIBLE, Status.UNDETERMINED}


@cache
def shipped() -> incentives.Rulebook:
    return incentives.load()


def status(plan: Plan, profile: Profile, on: date, incentive: str) -> Status:
    return Assessment(plan, profile, on, Options(assume_no_history=True))[incentive].status


def sets(found: WhatIf) -> Iterator[dict[str, Any]]:
    """Yield every set of values that was suggested, joined ones one by one."""
    together = () if found.together is None else (found.together,)
    for suggestion in (*found.singles, *found.pairs, *together):
        values = {change.path: change.after for change in suggestion.changes}
        yield values
        for change in suggestion.changes:
            yield from ({**values, change.path: also} for also in change.also)


def less(place: Place, value: Any, on: date) -> Any:
    """Return a value one quantum nearer to what is stated, or to where a search begins."""
    start = place.anchor(on)
    if not place.is_ordered or value == start:
        return None
    nearer = place.at(place.beside(value, -1 if value > start else 1))
    return None if nearer == start and place.is_known else nearer


def check(plan: Plan, profile: Profile, on: date, found: WhatIf) -> None:
    for values in sets(found):
        changed = profile.with_facts(values)
        assert status(plan, changed, on, found.incentive) is Status.ELIGIBLE, values
        for path, value in values.items():
            place = place_of(profile, path)
            assert place is not None
            rest = {name: each for name, each in values.items() if name != path}
            without = profile.with_facts(rest)
            assert status(plan, without, on, found.incentive) is not Status.ELIGIBLE, (path, rest)
            nearer = less(place, value, on)
            if nearer is not None:
                near = profile.with_facts({**rest, path: nearer})
                assert status(plan, near, on, found.incentive) is not Status.ELIGIBLE, (
                    path,
                    nearer,
                )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("share", [1.0, 0.8])
def test_less_by_one_quantum_does_not_do_under_the_shipped_rules(seed: int, share: float) -> None:
    rng = random.Random(f"{seed} {share}")
    data = Facts(shipped().rules).data(rng, share)
    data["applicant"] |= {"kind": "enterprise", "region": "640200"}
    profile = Profile({**data, "received": [], "decided": []}, shipped().vocabulary)
    assessment = shipped().assess(profile, DAY)
    refused = [decision for decision in assessment if decision.status in REFUSED]
    for decision in rng.sample(refused, min(2, len(refused))):
        check(shipped().plan, profile, DAY, decision.what_if())


def plan_of(seed: int) -> Plan:
    files = generate.rulebook(seed, conflicts=False)
    try:
        return Plan(build_rules([Source(name, text) for name, text in files.items()]))
    except RulebookError as error:  # pragma: no cover - no seed below is refused
        pytest.skip(f"the generated rulebook is refused: {error.findings[0].code}")


def refused(seed: int, share: float) -> Iterator[tuple[Plan, Profile, Decision]]:
    plan = plan_of(seed)
    data = profiles.profile(seed, tuple(plan.rules.incentives), share=share)
    profile = Profile({**data, "received": [], "decided": []}, plan.rules.vocabulary)
    for decision in Assessment(plan, profile, generate.ON, Options(assume_no_history=True)):
        if decision.status in REFUSED:
            yield plan, profile, decision


@pytest.mark.parametrize("seed", range(20))
def test_less_by_one_quantum_does_not_do_under_generated_rules(seed: int) -> None:
    for plan, profile, decision in refused(seed, 0.9):
        check(plan, profile, generate.ON, what_if(decision))


def test_the_laws_are_put_to_many_suggestions() -> None:
    """Singles, pairs and larger sets, or the laws above would hold of nothing."""
    every = [what_if(each) for seed in range(20) for _, _, each in refused(seed, 0.9)]
    assert sum(len(found.singles) for found in every) > 8
    assert sum(len(found.pairs) for found in every) > 4
    assert any(found.together is not None for found in every)


def values_of(place: Place) -> Mapping[Any, int]:
    """Return values to try by force, each with how far it is from the stated one."""
    match place.spec.type.kind:
        case Kind.BOOL:
            return {True: 1, False: 1}
        case Kind.CHOICE:
            return dict.fromkeys(place.spec.choices, 1)
        case Kind.COUNT if place.is_known:
            return {value: abs(value - place.value) for value in range(45)}
        case _:
            return {}


@pytest.mark.parametrize("seed", range(16))
def test_no_single_change_is_overlooked(seed: int) -> None:
    """Every value of every truth, choice and count, by force: what does it is suggested."""
    for plan, profile, decision in refused(seed, 1.0):
        found = what_if(decision)
        if not found.complete:
            continue
        told = {
            path: value for each in sets(found) if len(each) == 1 for path, value in each.items()
        }
        for record in profile.all_records():
            for key in record.specs:
                path = record.path_of(key)
                place = None if record.specs[key].series else place_of(profile, path)
                if place is None or not place.is_known:
                    continue
                enough = [
                    (far, value)
                    for value, far in values_of(place).items()
                    if value != place.value
                    and status(
                        plan, profile.with_facts({path: value}), generate.ON, decision.incentive
                    )
                    is Status.ELIGIBLE
                ]
                if place.spec.type.kind is Kind.COUNT and enough:
                    assert abs(told[path] - place.value) == min(enough)[0], (path, enough)
                elif enough:
                    assert path in told, (path, enough)
