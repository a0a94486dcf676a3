"""The curve that a catalogue page shows of an incentive: a case that is eligible, and its base.

Chosen by rule, so that the same rules give the same picture: of the money and
count facts in the amount and of the first cases that are eligible, the curve
with the most kinks and jumps, then the one that reaches highest, then the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incentives.authoring.cases import run_of_case
from incentives.authoring.expressions import unique
from incentives.engine.curve import Curve, CurveError, curve
from incentives.engine.focus import plan_for
from incentives.engine.outcome import Status
from incentives.engine.results import Decision
from incentives.language import core
from incentives.rulebook.profile import Profile
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.loaded import Loaded
    from incentives.rulebook.model import Case, Incentive, Version

MAX_CASES: Final = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A curve, and the case whose other facts it takes."""

    case: Case
    curve: Curve


def eligible_case(rulebook: Loaded, incentive: Incentive) -> Case | None:
    """Return the first case that is eligible with one amount, or as one sum with a ceiling."""
    for case in _eligible(incentive):
        decision = decide(rulebook, case)
        if decision.status is Status.ELIGIBLE and decision.range is not None:
            return case
    return None


def decide(rulebook: Loaded, case: Case) -> Decision:
    """Return the decision that a case is about."""
    plan = plan_for(rulebook.rules, case.incentive)
    return Decision(rulebook.rules.incentives[case.incentive], run_of_case(plan, case))


def picture(rulebook: Loaded, incentive: Incentive) -> Picture | None:
    """Return the curve to show of an incentive, ``None`` where there is none."""
    best: Picture | None = None
    plan = plan_for(rulebook.rules, incentive.id)
    for case in _eligible(incentive)[:MAX_CASES]:
        for base in _bases(case, incentive, Profile(case.facts, rulebook.rules.vocabulary)):
            try:
                found = curve(
                    plan,
                    incentive.id,
                    base,
                    Profile(case.facts, rulebook.rules.vocabulary),
                    case.on,
                    assume_no_history=case.assume_no_history,
                )
            except CurveError:
                continue
            if found.is_flat:
                continue
            if best is None or _rank(found) > _rank(best.curve):
                best = Picture(case, found)
    return best


def _rank(found: Curve) -> tuple[int, int]:
    return len(found.segments), max(segment.first for segment in found.segments)


def _eligible(incentive: Incentive) -> list[Case]:
    return [
        case
        for case in incentive.cases
        if case.expect.get("status") == "eligible" and case.reading is None
    ]


def _bases(case: Case, incentive: Incentive, profile: Profile) -> Iterator[str]:
    """Yield the paths of the stated money and count facts that the amount reads."""
    version = next((v for v in incentive.versions if v.period.holds(case.on)), None)
    read = [] if version is None else _read(version)
    for entity, name in read:
        for record in profile.all_records():
            if record.path.split("[")[0] != entity:
                continue
            for key in record:
                if (key[0] if isinstance(key, tuple) else key) == name:
                    yield record.path_of(key)


def _read(version: Version) -> list[tuple[str, str]]:
    exprs = [] if version.amount is None else [version.amount]
    found: dict[tuple[str, str], None] = {}
    for expr in exprs:
        for node in unique(expr):
            if isinstance(node, core.Fact) and node.type.kind in {Kind.MONEY, Kind.COUNT}:
                found[node.entity, node.name] = None
    return list(found)
