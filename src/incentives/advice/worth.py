"""An eligible decision: what more of each figure is worth, what raises it, what would lose it.

Slopes, bends and jumps come from the exact curve (``engine.curve``); where an
award runs in no straight pieces, and for dates and ratios, the first value on
either side that loses the incentive is sought (``advice.search``).

The trap: a curve stands before groups and splits. What a step more does to the
applicant's money is in ``effect``, which is a whole assessment.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.advice.changes import Margin, Turn, Worth
from incentives.advice.search import SIDES, Goal, nearest, others
from incentives.engine.curve import Curve, CurveError, curve
from incentives.engine.outcome import Status
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.advice.changes import Suggestion
    from incentives.advice.places import Place
    from incentives.advice.suggest import Suggester
    from incentives.advice.trial import Trial
    from incentives.engine.curve import Break, Segment

STEP: Final = {Kind.MONEY: 1_000_000, Kind.COUNT: 1}
"""What "more" means: one 万元, or one unit."""


def figures(trial: Trial) -> list[Place]:
    """Return the money and count facts that the profile states and the decision reads."""
    return [
        place for place in trial.read_by_amount() if place.is_known and place.spec.type.kind in STEP
    ]


def curve_of(trial: Trial, path: str) -> Curve:
    """Return the award over one figure of the profile.

    Raises:
        CurveError: there is no such curve; the message says why.
    """
    return curve(
        trial.plan,
        trial.incentive,
        path,
        trial.profile,
        trial.on,
        assume_no_history=trial.options.assume_no_history,
    )


def worths(suggester: Suggester) -> Iterator[Worth]:
    """Yield what more of each figure is worth, for those over which the award is a curve."""
    trial = suggester.trial
    for place in figures(trial):
        trial.spend(trial.assessed)
        try:
            found = curve_of(trial, place.path)
        except CurveError:
            continue
        if found.is_flat:
            continue
        step = STEP[place.spec.type.kind]
        high = place.spec.hi
        more = place.value + step if high is None else min(place.value + step, high)
        yield Worth(
            place.path,
            suggester.names.path(place.path),
            place.spec,
            place.value,
            _slope(found, place.value),
            more - place.value,
            suggester.effects.of({place.path: more}),
            tuple(_turn(found, each) for each in found.breaks),
        )


def _slope(found: Curve, value: int) -> Fraction:
    """Return the slope just above a figure."""
    piece = found.segment(value)
    if piece.stop == value:
        at = found.segments.index(piece)
        piece = found.segments[at + 1] if at + 1 < len(found.segments) else piece
    return Fraction(piece.slope)


def _turn(found: Curve, turn: Break) -> Turn:
    after = _piece_after(found, turn)
    lost = after.status is not Status.ELIGIBLE
    return Turn(turn.kind, turn.at, turn.before, turn.after, Fraction(after.slope), lost)


def _piece_after(found: Curve, turn: Break) -> Segment:
    return found.segments[found.breaks.index(turn) + 1]


def raises(suggester: Suggester) -> Iterator[Suggestion]:
    """Yield the words (yes or no, choices) of one fact that raise the award."""
    trial = suggester.trial
    sets: list[dict[str, Any]] = []
    for place in trial.read_by_amount():
        if not place.is_ordered:
            sets += ({place.path: word} for word in others(place, suggester.words))
    cost = trial.assessed // 2  # no curve is drawn
    within = sets[: max(trial.left, 0) // cost]
    for found in suggester.every(within):
        own = found.effect.own
        more = own.difference is not None and own.difference > 0
        if own.ceiling and own.range_before is not None and own.range_after is not None:
            high, top = own.range_before.high, own.range_after.high
            more = high is not None and (top is None or top > high)
        if more and own.after is Status.ELIGIBLE:
            yield found
    trial.spend(cost * len(sets))


def margins(suggester: Suggester, drawn: set[str]) -> Iterator[Margin]:
    """Yield the first values of ordered facts that lose the incentive; not of those ``drawn``."""
    trial = suggester.trial
    goal = Goal(trial, {}, eligible=False)
    for place in trial.read_by_amount():
        if not (place.is_known and place.is_ordered) or place.path in drawn:
            continue
        if trial.granted({place.path: place.anything}) is True:
            continue
        for side in SIDES:
            step = nearest(place, goal, place.value, side, suggester.words.cuts(place))
            if step is not None:
                yield Margin(
                    place.path,
                    suggester.names.path(place.path),
                    place.spec,
                    place.value,
                    place.at(step),
                )
