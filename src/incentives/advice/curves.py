"""The award over one figure of a profile: which figure it is, and its exact curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.advice.trial import Trial
from incentives.advice.worth import STEP, curve_of
from incentives.engine.curve import CurveError
from incentives.explain.replay import run_of

if TYPE_CHECKING:
    from incentives.engine.curve import Curve
    from incentives.engine.results import Decision

BUDGET = 2_000


MOST_LISTED = 6


def decision_curve(decision: Decision, fact: str | None = None) -> Curve:
    """Return the award of a decision as a function of one money or count fact.

    Args:
        decision: what ``assess`` gave.
        fact: the path, or its end where that is unique (``performed_amount``);
            without it the one money figure that matters, where there is just one.

    Raises:
        CurveError: there is no such curve, or several figures matter; the message says which.
    """
    trial = Trial(run_of(decision), decision.incentive, budget=BUDGET)
    read = [place for place in trial.read_by_amount() if place.spec.type.kind in STEP]
    if fact is not None:
        paths = [place.path for place in read]
        ends = [path for path in paths if fact in _ends(path)]
        if len(ends) > 1 and fact not in paths:
            listed = ", ".join(ends[:MOST_LISTED])
            more = "" if len(ends) <= MOST_LISTED else ", …"
            raise CurveError(
                f"several figures are called {fact}; name one of them: {listed}{more}",
                f"名为 {fact} 的不止一项，请写明是哪一项：{listed}{more}",
            )
        return curve_of(trial, ends[0] if fact not in paths and len(ends) == 1 else fact)
    found: list[Curve] = []
    refused: list[CurveError] = []
    for place in read:
        try:
            found.append(curve_of(trial, place.path))
        except CurveError as error:
            refused.append(error)
    found = [each for each in found if not each.is_flat]
    money = [each for each in found if each.money]
    chosen = money if len(money) == 1 else found
    if len(chosen) == 1:
        return chosen[0]
    if not chosen and refused:
        raise refused[0]
    if not chosen:
        raise CurveError(
            "no money or count fact of the profile changes this amount",
            "资料中没有哪一项金额或数量会改变本项金额",
        )
    listed = ", ".join(each.base for each in chosen)
    raise CurveError(
        f"several figures change this amount; choose one with --over: {listed}",
        f"会改变本项金额的不止一项，请用 --over 指定：{listed}",
    )


def _ends(path: str) -> tuple[str, ...]:
    """Return what a figure may be called: the end of its path, also without its year."""
    name = path.rpartition("].")[2] if "]." in path else path.partition(".")[2]
    bare, _, year = name.rpartition(".")
    return (name, bare) if year.isdecimal() else (name,)
