"""One incentive decided again and again while facts of the profile take other values.

Everything is asked of the engine that made the decision: nothing here knows what
a rule means. A fact may also take a *range*: the engine then answers for every
value in it at once (true, false, or open), which is what makes a search exact
without trying each value.

A status never depends on an amount, so amounts are left out of what is decided
here: a fact that only the amount waits for is no reason to divide a range.

The trap: ``granted`` of a range is the compositional answer, which is sound and
quick; whether a single point is eligible is for ``is_eligible``, which refines.
Refining is dear, so two completions of the open facts are tried first: where
one of them is refused, no refinement can make the answer *eligible*.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from incentives.advice.places import Place, place_of
from incentives.engine.assess import Run
from incentives.engine.environment import environment
from incentives.engine.evaluation import Evaluation
from incentives.engine.outcome import Status
from incentives.engine.plan import IncentivePlan
from incentives.rulebook.profile import Record
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from incentives.engine.assess import Options
    from incentives.engine.plan import Plan
    from incentives.rulebook.profile import Profile

REFINEMENT: Final = 40
"""What one refined decision costs, counted in plain ones."""
MANY: Final = 50
"""So many items more make one decision cost once more."""


class SearchLimitError(Exception):
    """More evaluations than one answer may cost."""


class _Watched(Record):
    """A record that keeps the paths of the facts that are read from it."""

    __slots__ = ("read",)

    read: set[str]

    def __getitem__(self, key: Any) -> Any:
        self.read.add(self.path_of(key))
        return super().__getitem__(key)


class Trial:
    """Decides ``incentive`` for variants of ``profile``; counts what it costs."""

    def __init__(self, run: Run, incentive: str, *, budget: int) -> None:
        self.plan: Plan = run.plan
        self.profile: Profile = run.profile
        self.on: date = run.on
        self.options: Options = run.options
        self.drafts = run.drafts
        self.incentive = incentive
        self.left = budget
        self.items = sum(1 for _ in run.profile.all_records())
        rule = self.plan.rules.incentives[incentive]
        bare = (replace(each, amount=None, totals=(), distinct=None) for each in rule.versions)
        self._owner = IncentivePlan(rule, bare)
        self.places = self._every_place()
        self._samples = [self._sample(which) for which in (0, -1)]

    # ── asking the engine ────────────────────────────────────────────────────

    def granted(self, values: Mapping[str, Any]) -> Any:
        """Return whether it is eligible with these values or ranges: true, false or ``Unknown``."""
        return self._granted(self.profile.with_facts(values))

    def is_eligible(self, values: Mapping[str, Any]) -> bool:
        """Say whether the reported decision would be *eligible*."""
        for profile in self._samples:
            if self._granted(profile.with_facts(values)) is not True:
                return False
        if self.granted(values) is True:
            return True
        self._spend(REFINEMENT)
        changed = self.profile.with_facts(values)
        again = Run(self.plan, changed, self.on, self.options, drafts=self.drafts)
        return again.outcomes[self.incentive].status is Status.ELIGIBLE

    def can_do(self, places: Iterable[Place], values: Mapping[str, Any] | None = None) -> bool:
        """Say whether some values of these places may be enough, beside fixed ``values``."""
        wide = {**{place.path: place.anything for place in places}, **(values or {})}
        return all(
            self._granted(profile.with_facts(wide)) is not False
            for profile in (self.profile, *self._samples)
        )

    def _granted(self, profile: Profile) -> Any:
        self._spend(1)
        return self._evaluation(profile).decide(self._owner).granted

    def _evaluation(self, profile: Profile) -> Evaluation:
        env = environment(profile, self.on, {}, no_history=self.options.assume_no_history)
        return Evaluation(self.plan, env, drafts=self.drafts)

    @property
    def assessed(self) -> int:
        """What assessing the whole profile for one figure costs: more for more items."""
        return 300 + 8 * self.items

    def spend(self, cost: int) -> None:
        """Count a cost.

        Raises:
            SearchLimitError: the budget is spent.
        """
        self.left -= cost
        if self.left < 0:
            raise SearchLimitError

    # ── what it reads ────────────────────────────────────────────────────────

    def read(self, values: Mapping[str, Any]) -> list[Place]:
        """Return the places that the status turns on with these values, in vocabulary order.

        A fact that is not read cannot change the status by itself.
        """
        profile, seen = _watched(self.profile.with_facts(values))
        self._granted(profile)
        return self._sorted(seen)

    def read_by_amount(self) -> list[Place]:
        """Return the places that the status or the amount reads as things are."""
        profile, seen = _watched(self.profile)
        self._evaluation(profile).decide(self.plan.by_id[self.incentive])
        return self._sorted(seen)

    def _spend(self, cost: int) -> None:
        """Count plain decisions; one of many items takes as much longer."""
        self.spend(cost * (1 + self.items // MANY))

    def _sorted(self, paths: set[str]) -> list[Place]:
        order = {id(record): at for at, record in enumerate(self.profile.all_records())}
        found = []
        for path in sorted(paths):
            place = place_of(self.profile, path)
            record = self.profile.place(path)
            if place is not None and record is not None:
                found.append((place.spec.order, order[id(record[0])], path, place))
        return [place for *_, place in sorted(found, key=lambda each: each[:3])]

    def _every_place(self) -> list[Place]:
        """Return every place that the status can turn on, whatever the others are."""
        wide: dict[str, Any] = {}
        while True:
            places = self.read(wide)
            more = {place.path: place.anything for place in places if place.path not in wide}
            if not more:
                return places
            wide |= more

    def _sample(self, which: int) -> Profile:
        """Return the profile with every open fact at one end of what it can be."""
        values = {
            place.path: _end(place, which, self.on) for place in self.places if not place.is_known
        }
        out = self.profile.with_facts(values)
        out.lists = {name: () if items is None else items for name, items in out.lists.items()}
        return out


def _watched(profile: Profile) -> tuple[Profile, set[str]]:
    """Return a profile that notes which facts are read, and where it notes them."""
    seen: set[str] = set()

    def watch(record: Record) -> Record:
        new = _Watched(record.path, record.specs, exact=record.exact)
        new.update(record)
        new.read = seen
        return new

    return profile.mapped(watch), seen


def _end(place: Place, which: int, on: date) -> Any:
    """Return the first or last value of an open fact; of codes and texts an unlikely one."""
    match place.spec.type.kind:
        case Kind.BOOL:
            return which == 0
        case Kind.CHOICE:
            return sorted(place.anything.options or place.spec.type.options or ())[which]
        case Kind.REGION:
            return ("110000", "650000")[which]
        case Kind.INDUSTRY:
            return ("A01", "T97")[which]
        case Kind.TEXT:
            return ("?", "??")[which]
        case _:
            high = place.anything.hi
            return place.anchor(on) if which == 0 or high is None else high
