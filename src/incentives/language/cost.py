"""How many steps an evaluation can take, fixed before there is a profile.

A step is one node evaluated, or one record of the past looked at. A ``Cost`` is
a polynomial over the lengths of a profile's lists: each part is a number of
steps times the lists it is done for each item of; a list inside a list
multiplies. Nodes that are shared are counted each time they are evaluated.

The law kept here (PROPERTIES.md 30, ``tests/property/test_cost.py``): the steps
of an evaluation, counted, never exceed the bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from incentives.language import core
from incentives.language.names import RECEIVED
from incentives.language.semantics import MAX_YEARS
from incentives.language.walk import children

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incentives.language.core import Expr

Lists = tuple[str, ...]
"""The lists whose lengths multiply, sorted; none for what is done once."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Steps as a function of the lengths of lists: ``parts`` says how many for which lists."""

    parts: Mapping[Lists, int] = field(default_factory=dict)

    def __add__(self, other: Cost) -> Cost:
        parts = dict(self.parts)
        for lists, steps in other.parts.items():
            parts[lists] = parts.get(lists, 0) + steps
        return Cost(parts)

    def times(self, steps: int) -> Cost:
        """Return what it comes to so many times."""
        return Cost({lists: each * steps for lists, each in self.parts.items()})

    def for_each(self, entity: str | None) -> Cost:
        """Return what it comes to once for each item of a list; once without a list."""
        if entity is None:
            return self
        return Cost({tuple(sorted((*lists, entity))): n for lists, n in self.parts.items()})

    def at(self, lengths: Mapping[str, int]) -> int:
        """Return the steps for lists of these lengths.

        A list that is empty, unknown or not named counts as one item: an
        unknown list is evaluated once, for any item of it.
        """
        return sum(
            steps * prod(max(1, lengths.get(name, 0)) for name in lists)
            for lists, steps in self.parts.items()
        )

    def __str__(self) -> str:
        ordered = sorted(self.parts.items(), key=lambda part: (len(part[0]), part[0]))
        return " + ".join(" × ".join((f"{n:,}", *lists)) for lists, n in ordered if n) or "0"


def steps(count: int, *lists: str) -> Cost:
    """Return so many steps for each item of some lists; once without any."""
    return Cost({tuple(sorted(lists)): count})


def total(costs: Iterable[Cost]) -> Cost:
    """Return the sum of some costs."""
    parts: dict[Lists, int] = {}
    for cost in costs:
        for lists, count in cost.parts.items():
            parts[lists] = parts.get(lists, 0) + count
    return Cost(parts)


def cost_of(node: Expr | None, seen: dict[int, Cost] | None = None) -> Cost:
    """Return what evaluating an expression can take; nothing where there is none."""
    if node is None:
        return Cost()
    seen = {} if seen is None else seen
    found = seen.get(id(node))
    if found is None:
        found = seen[id(node)] = _cost(node, seen)
    return found


def _cost(node: Expr, seen: dict[int, Cost]) -> Cost:
    match node:
        case core.Over(_, core.Items(entity), _, body, where):
            inner = steps(1) + cost_of(body, seen) + cost_of(where, seen)
            return steps(1) + inner.for_each(entity)
        case core.Over(_, core.Years(start, stop), _, body, where):
            inner = steps(1) + cost_of(body, seen) + cost_of(where, seen)
            ends = cost_of(start, seen) + cost_of(stop, seen)
            return steps(1) + ends + inner.times(MAX_YEARS)
        case core.ReceivedOf():
            return steps(1) + steps(1, RECEIVED)
        case _:
            return total((steps(1), *(cost_of(child, seen) for child in children(node))))
