"""The nearest value of one fact that makes a decision what somebody wants it to be.

The engine is asked about ranges of the fact. Where no value in a range will do,
the range is left out whole; where every value will do, its near end is taken;
else it is divided, first at the figures that the rules compare the fact with,
then at distances that double, then in halves. So the first value found is the
nearest there is, to the quantum: everything nearer was refused by the engine.

Limits: a search ends without an answer (``SearchLimitError``) when the budget of
its ``Trial`` or its own is spent, never with a value that is not the nearest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.advice.trial import SearchLimitError
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from incentives.advice.places import Place
    from incentives.advice.trial import Trial

SIDES: Final = (1, -1)
MOST_RANGES: Final = 600
"""How many ranges one search may ask about; a search without surprises needs about a hundred."""


class Goal:
    """What is wanted of a decision, asked of a range of one fact or of a single value."""

    def __init__(self, trial: Trial, others: Mapping[str, Any], *, eligible: bool = True) -> None:
        self.trial = trial
        self.others = others
        self.eligible = eligible

    def over(self, path: str, value: Any) -> bool | frozenset[str]:
        """Return whether every value in a range will do, none will, or which facts decide."""
        granted = self.trial.granted({**self.others, path: value})
        if isinstance(granted, Unknown):
            return granted.missing
        return bool(granted) is self.eligible

    def at(self, path: str, value: Any) -> bool:
        """Say whether one value will do."""
        return self.trial.is_eligible({**self.others, path: value}) is self.eligible


class Possible(Goal):
    """That a decision is still possible: not refused whatever the facts that are open."""

    def over(self, path: str, value: Any) -> bool | frozenset[str]:
        """Return whether a range is refused altogether."""
        granted = self.trial.granted({**self.others, path: value})
        return granted.missing | {path} if isinstance(granted, Unknown) else bool(granted)

    def at(self, path: str, value: Any) -> bool:
        """Say whether one value leaves it possible."""
        return self.trial.granted({**self.others, path: value}) is not False


def nearest(place: Place, goal: Goal, start: Any, side: int, cuts: list[Any]) -> int | None:
    """Return the step nearest to ``start`` on one side of it that reaches the goal.

    Args:
        place: an ordered fact.
        goal: what is wanted.
        start: a value; only steps beyond it are tried.
        side: 1 for larger values, -1 for smaller ones.
        cuts: values that the rules compare the fact with; they only save time.

    Returns:
        A step of the place's axis, ``None`` where no value on that side will do.

    Raises:
        SearchLimitError: it would cost too much.
    """
    first = place.beside(start, side)
    low, high = place.ends()
    far = (high - first if side > 0 else first - low) + 1
    if far < 1:
        return None
    marks = sorted({(place.beside(cut, side) - first) * side + 1 for cut in cuts})
    marks = sorted({mark - back for mark in marks for back in (0, 1, 2)})

    def value(near: int, away: int) -> Any:
        ends = sorted((first + side * (near - 1), first + side * (away - 1)))
        return place.between(*ends)

    left = MOST_RANGES

    def search(near: int, away: int) -> int | None:
        nonlocal left
        left -= 1
        if left < 0:
            raise SearchLimitError
        verdict = goal.over(place.path, value(near, away))
        if verdict is False:
            return None
        if verdict is True:
            return near
        if near == away or place.path not in verdict:  # the rest of it does not depend on this
            return near if goal.at(place.path, value(near, near)) else None
        middle = _middle(near, away, marks)
        found = search(near, middle)
        return search(middle + 1, away) if found is None else found

    found = search(1, far)
    return None if found is None else first + side * (found - 1)


def _middle(near: int, away: int, marks: list[int]) -> int:
    """Return where to divide distances ``near`` to ``away``: the end of the nearer part."""
    for mark in marks:
        if near <= mark < away:
            return mark
    short, long = near.bit_length(), away.bit_length()
    if long - short > 1:
        return (1 << (short + long) // 2) - 1
    return (near + away) // 2


def others(place: Place, words: Callable[[Place], list[str]]) -> Iterator[Any]:
    """Yield the other values of a fact without an order; ``words`` are those rules mention."""
    match place.spec.type.kind:
        case Kind.BOOL:
            candidates: list[Any] = [True, False]
        case Kind.CHOICE:
            options = place.anything.options or place.spec.type.options or ()
            candidates = [word for word in place.spec.choices if word in options]
        case Kind.REGION | Kind.INDUSTRY | Kind.TEXT:
            candidates = words(place)
        case _:
            candidates = []
    yield from (each for each in candidates if not place.is_known or each != place.value)
