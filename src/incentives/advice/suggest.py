"""Sets of values as suggestions: each fact with its label, and alike ones joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from incentives.advice.changes import Change, Suggestion
from incentives.advice.places import place_of
from incentives.advice.search import Goal, nearest
from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.advice.effect import Effects
    from incentives.advice.mentioned import Mentioned
    from incentives.advice.places import Place
    from incentives.advice.trial import Trial
    from incentives.explain.names import Names


class Suggester:
    """Makes suggestions about one decision, each assessed with every rule."""

    def __init__(self, trial: Trial, effects: Effects, names: Names, words: Mentioned) -> None:
        self.trial = trial
        self.effects = effects
        self.names = names
        self.words = words

    def every(self, sets: Iterable[dict[str, Any]]) -> tuple[Suggestion, ...]:
        """Return suggestions; those that differ in one word only are joined.

        What loses more than it gains stands last, what is only to be learnt first.
        """
        found = joined([self.one(values) for values in sets])
        return tuple(sorted(found, key=lambda each: (each.effect.is_worse, _known(each))))

    def one(self, values: dict[str, Any]) -> Suggestion:
        """Return a set of values as a suggestion."""
        changes = tuple(self._change(path, value, values) for path, value in values.items())
        return Suggestion(changes, self.effects.of(values))

    def _change(self, path: str, value: Any, values: dict[str, Any]) -> Change:
        place = place_of(self.trial.profile, path)
        if place is None:
            raise InternalError(f"{path} was suggested and cannot be changed")
        before = place.value if place.is_known else None
        until = None if place.is_known else self._until(place, value, values)
        return Change(path, self.names.path(path), place.spec, before, value, until=until)

    def _until(self, place: Place, value: Any, values: dict[str, Any]) -> Any:
        """Return the last value, from the one suggested on, that does as well; ``None``: no end."""
        if not place.is_ordered:
            return None
        rest = {path: each for path, each in values.items() if path != place.path}
        goal = Goal(self.trial, rest, eligible=False)
        end = nearest(place, goal, value, 1, self.words.cuts(place))
        if end is not None:
            return place.at(end - 1)
        hi = place.anything.hi
        return None if hi is None else place.at(place.ends()[1])


def _known(suggestion: Suggestion) -> bool:
    return any(change.before is not None for change in suggestion.changes)


def joined(found: list[Suggestion]) -> list[Suggestion]:
    """Join suggestions that have the same effect and differ in one word of one fact."""
    out: list[Suggestion] = []
    for new in found:
        for at, old in enumerate(out):
            if old.effect == new.effect and _alike(old, new):
                changes = tuple(
                    mine if mine.after == its.after else replace(mine, also=(*mine.also, its.after))
                    for mine, its in zip(old.changes, new.changes, strict=True)
                )
                out[at] = Suggestion(changes, old.effect)
                break
        else:
            out.append(new)
    return out


def _alike(old: Suggestion, new: Suggestion) -> bool:
    """Say whether two suggestions name the same facts and differ in one word of one of them."""
    if [each.path for each in old.changes] != [each.path for each in new.changes]:
        return False
    pairs = zip(old.changes, new.changes, strict=True)
    apart = [mine for mine, its in pairs if mine.after != its.after]
    return len(apart) == 1 and isinstance(apart[0].after, str | bool)
