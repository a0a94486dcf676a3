"""What would change a decision: the smallest changes that make it eligible, or what more is worth.

For a decision that is not eligible: every single fact whose change makes it so,
each with its nearest value; where there is none, pairs; where there is none of
those either, one set of facts that do it together, from which nothing can be left out.
For an eligible one: ``advice.worth``.

The law kept (``tests/property/test_what_if.py``): a suggestion was decided by
the engine before it is shown, and the same change less one quantum does not do.

Limits: what no fact of the profile can change is not found (the date of
assessment, a list without items); a search that costs too much ends early and
says so (``complete``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from incentives.advice.effect import Effects
from incentives.advice.mentioned import Mentioned
from incentives.advice.search import SIDES, Goal, Possible, nearest, others
from incentives.advice.suggest import Suggester
from incentives.advice.trial import SearchLimitError, Trial
from incentives.advice.worth import margins, raises, worths
from incentives.engine.outcome import Status
from incentives.explain.names import Names
from incentives.explain.replay import run_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from incentives.advice.changes import Margin, Suggestion, Worth
    from incentives.advice.places import Place
    from incentives.engine.amounts import MoneyRange
    from incentives.engine.results import Decision
    from incentives.explain.structure import Explanation
    from incentives.language.core import Text

BUDGET: Final = 8_000
"""How many decisions one search may cost: about a second."""
BUDGET_OF_FIGURES: Final = 60_000
"""What all figures of an eligible decision may cost together: a few seconds."""
LONG_LIST: Final = 500
"""So many items more divide that by one more: each try reads every one of them."""
MOST_PAIRS: Final = 6
MOST_CHOICES: Final = 40


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change one decision.

    ``singles``, ``pairs`` and ``together`` hold what makes it eligible; of an
    eligible decision ``raises`` holds single changes that raise it, ``worths``
    what more of each figure is worth and ``margins`` what would lose it.
    ``missing`` are facts that could be asked instead; ``complete`` is false
    where the search ended early.
    """

    incentive: str
    name: Text
    status: Status
    reason: str | None
    range: MoneyRange | None
    singles: tuple[Suggestion, ...] = ()
    pairs: tuple[Suggestion, ...] = ()
    together: Suggestion | None = None
    raises: tuple[Suggestion, ...] = ()
    worths: tuple[Worth, ...] = ()
    margins: tuple[Margin, ...] = ()
    missing: tuple[str, ...] = ()
    complete: bool = True
    names: Names = field(kw_only=True, compare=False, repr=False)

    def explanation(self) -> Explanation:
        """Return the structure that every printer takes."""
        from incentives.advice.explain_changes import explain_what_if

        return explain_what_if(self)

    def explain(self, lang: str = "zh") -> str:
        """Return it as text, in ``zh`` or ``en``."""
        from incentives.explain.text import render_text

        return render_text(self.explanation(), lang)

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON (``incentives/what-if/1``)."""
        from incentives.advice.changes import range_data

        together = None if self.together is None else self.together.to_dict()
        return {
            "format": "incentives/what-if/1",
            "incentive": self.incentive,
            "name": {"zh": self.name.zh, "en": self.name.get("en")},
            "status": str(self.status),
            "reason": self.reason,
            "range": range_data(self.range),
            "singles": [each.to_dict() for each in self.singles],
            "pairs": [each.to_dict() for each in self.pairs],
            "together": together,
            "raises": [each.to_dict() for each in self.raises],
            "worths": [each.to_dict() for each in self.worths],
            "margins": [each.to_dict() for each in self.margins],
            "missing": list(self.missing),
            "complete": self.complete,
        }

    def __repr__(self) -> str:
        found = len(self.singles) + len(self.pairs) + (self.together is not None)
        return f"<WhatIf {self.incentive}: {self.status}, {found + len(self.raises)} suggestions>"


def what_if(decision: Decision) -> WhatIf:
    """Return what would change a decision.

    Facts that are marked ``changeable = false``, the past, and the keys of items
    are never suggested, unless they are not known yet.
    """
    run = run_of(decision)
    suggester = Suggester(
        Trial(run, decision.incentive, budget=BUDGET),
        Effects(run, decision.incentive),
        Names(run.plan.rules),
        Mentioned(run.plan, decision.incentive),
    )
    found: dict[str, Any] = {}
    try:
        if decision.status is Status.ELIGIBLE:
            _weigh(suggester, found)
        else:
            _Finder(suggester).find(found)
    except SearchLimitError:
        found["complete"] = False
    return WhatIf(
        decision.incentive,
        decision.name,
        decision.status,
        decision.reason,
        decision.range,
        missing=decision.missing,
        names=suggester.names,
        **found,
    )


def _weigh(suggester: Suggester, found: dict[str, Any]) -> None:
    """Put what more of each figure is worth into ``found``, as far as the budget reaches."""
    found["complete"] = True
    trial = suggester.trial
    budget_of_figures = max(BUDGET_OF_FIGURES // (1 + trial.items // LONG_LIST), 2 * trial.assessed)

    def kept(key: str, each: Iterator[Any], budget: int) -> None:
        got: list[Any] = []
        trial.left = budget
        try:
            got += each
        except SearchLimitError:
            found["complete"] = False
        found[key] = tuple(got)

    kept("worths", worths(suggester), budget_of_figures)
    kept("raises", raises(suggester), budget_of_figures)
    kept("margins", margins(suggester, {worth.path for worth in found["worths"]}), BUDGET)


class _Finder:
    """Looks for changes that make one decision eligible."""

    def __init__(self, suggester: Suggester) -> None:
        self.suggester = suggester
        self.trial = suggester.trial
        self.words = suggester.words
        self.complete = True

    def find(self, found: dict[str, Any]) -> None:
        """Put what is found into ``found``, as far as the budget reaches."""
        singles = self.collected(self.singles())
        found["singles"] = self.suggester.every(singles)
        if not singles:
            pairs = self.collected(self.pairs())
            found["pairs"] = self.suggester.every(pairs)[:MOST_PAIRS]
            if not pairs and self.complete:
                together = self.collected(self.together())
                found["together"] = self.suggester.one(together[0]) if together else None
        found["complete"] = self.complete

    def collected(self, sets: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what a search yields; what it cost is no charge on what comes after it."""
        found: list[dict[str, Any]] = []
        self.trial.left = BUDGET
        try:
            found += sets
        except SearchLimitError:
            self.complete = False
        self.trial.left = BUDGET
        return found

    # ── one fact ─────────────────────────────────────────────────────────────

    def singles(self) -> Iterator[dict[str, Any]]:
        """Yield every single change that does it: of an ordered fact the nearest value."""
        for place in self.trial.read({}):
            if not self.trial.can_do([place]):
                continue
            if place.is_ordered:
                value = self.nearest(place, {})
                if value is not None:
                    yield {place.path: value}
                continue
            for word in others(place, self.words):
                if self.trial.is_eligible({place.path: word}):
                    yield {place.path: word}

    def nearest(self, place: Place, fixed: Mapping[str, Any]) -> Any:
        """Return the value of an ordered fact nearest to the stated one that makes it eligible."""
        return self._nearest(place, Goal(self.trial, fixed))

    def _nearest(self, place: Place, goal: Goal) -> Any:
        start = place.anchor(self.trial.on)
        if not place.is_known and goal.at(place.path, start):
            return start
        cuts = self.words.cuts(place)
        found: list[tuple[Any, int, Any]] = []
        for side in SIDES:
            step = nearest(place, goal, start, side, cuts)
            if step is not None:
                gap = abs(step - place.beside(start, side))
                found.append((gap, -side, place.at(step)))
        return min(found)[2] if found else None

    # ── several facts ────────────────────────────────────────────────────────

    def pairs(self) -> Iterator[dict[str, Any]]:
        """Yield pairs of changes that do it and of which neither is enough."""
        for two in combinations(self.trial.places, 2):
            if self.trial.can_do(two):
                values = self.assign(two)
                if values is not None and len(values) == 2:
                    yield values

    def together(self) -> Iterator[dict[str, Any]]:
        """Yield one set of changes that does it and from which nothing can be left out."""
        chosen = list(self.trial.places)
        if not self.trial.can_do(chosen):
            return
        for place in filter(lambda each: each.is_known, self.trial.places):
            less = [each for each in chosen if each is not place]
            if self.trial.can_do(less):
                chosen = less
        values = self.assign(chosen)
        if values is not None:
            yield values

    def assign(self, places: Sequence[Place]) -> dict[str, Any] | None:
        """Return values of these places that do it together, ``None`` where none are found.

        None of them can be left out, and each is the nearest given the rest.
        """
        values = self._assign(list(places), {}, {place.path: place.anything for place in places})
        if values is None:
            return None
        for place in places:
            rest = {path: value for path, value in values.items() if path != place.path}
            if self.trial.is_eligible(rest):
                values = rest
        for place in places:
            if place.is_ordered and place.path in values:
                rest = {path: value for path, value in values.items() if path != place.path}
                values[place.path] = self.nearest(place, rest)
        return values

    def _assign(
        self, places: list[Place], values: dict[str, Any], wide: dict[str, Any]
    ) -> dict[str, Any] | None:
        if not places:
            return values if self.trial.is_eligible(values) else None
        place, *rest = places
        goal = Possible(self.trial, {**wide, **values})
        if place.is_ordered:
            value = self._nearest(place, goal)
            options = [] if value is None else [value]
        else:
            options = [word for word in others(place, self.words) if goal.at(place.path, word)]
        for option in options[:MOST_CHOICES]:
            found = self._assign(rest, {**values, place.path: option}, wide)
            if found is not None:
                return found
        return None
