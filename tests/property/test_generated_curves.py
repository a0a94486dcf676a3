"""The engine's own amounts on every curve, under generated rules: kinks, jumps, stairs, quotients."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from tests.reference import generate, profiles

from incentives.diagnostics import RulebookError, Source
from incentives.engine.assess import Options
from incentives.engine.curve import Curve, CurveError, curve
from incentives.engine.outcome import Status
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile
from incentives.values.types import Kind
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = range(14)
PROFILES = 5


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up early on awards that turn at every fen: they only take time here."""
    monkeypatch.setattr("incentives.engine.curve.MAX_STEPS", 40)


def known(seed: str, plan: Plan) -> Profile:
    """Return a profile in which nothing is unknown, and the applicant is one the rules are for."""
    rng = random.Random(seed)
    data = profiles.complete(
        rng.randrange(10**6), profiles.profile(rng.randrange(10**6), tuple(plan.rules.incentives))
    )
    data["applicant"] |= {"kind": "firm", "region": "640221"}
    return Profile({**data, "received": [], "decided": []}, plan.rules.vocabulary)


def plan_of(seed: int) -> Plan:
    files = generate.rulebook(seed, conflicts=False)
    try:
        return Plan(build_rules([Source(name, text) for name, text in files.items()]))
    except RulebookError as error:  # pragma: no cover - no seed above is refused
        pytest.skip(f"the generated rulebook is refused: {error.findings[0].code}")


def figures(profile: Profile) -> Iterator[str]:
    """Yield the paths of the stated money and count facts, the past left out."""
    for record in profile.all_records():
        if record.path.startswith(("received", "decided")):
            continue
        for key, value in record.items():
            name = key[0] if isinstance(key, tuple) else key
            kind = record.specs[name].type.kind
            if kind in {Kind.MONEY, Kind.COUNT} and not isinstance(value, Unknown):
                yield record.path_of(key)


def engine(plan: Plan, profile: Profile, incentive: str) -> int:
    """Return what an incentive gives before groups; the ceiling of a ceiling."""
    is_draft = plan.by_id[incentive].is_draft
    found = Assessment(plan, profile, generate.ON, Options(is_draft, assume_no_history=True))
    run = found._draft if is_draft else found._law
    assert run is not None
    high = bounds(run.evaluation[incentive].award)[1]
    assert high is not None
    return int(high)


def points(found: Curve, rng: random.Random) -> Iterator[int]:
    """Yield figures near every break, and some anywhere."""
    low, high = found.segments[0].start, found.segments[-1].stop
    places = [int(each.at) for each in found.breaks][:12]
    wanted = [place + step for place in places for step in (-1, 0, 1)]
    wanted += [rng.randrange(low, low + 3 * 10**8) for _ in range(3)]
    yield from (x for x in wanted if x >= low and (high is None or x <= high))


def drawn(seed: int) -> Iterator[tuple[Plan, Profile, Curve]]:
    """Yield curves of incentives that some random profile is eligible for."""
    plan = plan_of(seed)
    for number in range(PROFILES):
        profile = known(f"{seed} {number}", plan)
        assessment = Assessment(
            plan, profile, generate.ON, Options(drafts=True, assume_no_history=True)
        )
        for decision in assessment:
            if decision.status is not Status.ELIGIBLE or decision.value in {None, 0}:
                continue
            for path in figures(profile):
                try:
                    yield (
                        plan,
                        profile,
                        curve(
                            plan,
                            decision.incentive,
                            path,
                            profile,
                            generate.ON,
                            assume_no_history=True,
                        ),
                    )
                except CurveError:
                    continue


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_is_on_every_generated_curve(seed: int) -> None:
    rng = random.Random(seed)
    for plan, profile, found in drawn(seed):
        if found.is_flat:
            continue
        for x in points(found, rng):
            amount = engine(plan, profile.with_facts({found.base: x}), found.incentive)
            piece = found.segment(x)
            assert abs(amount - piece.line(x)) <= piece.slack, (found.incentive, found.base, x)


def test_the_generated_curves_bend_and_jump() -> None:
    curves = [found for seed in range(8) for *_, found in drawn(seed) if not found.is_flat]
    kinds = {str(each.kind) for found in curves for each in found.breaks}
    assert len(curves) > 20
    assert kinds >= {"kink", "jump"}
