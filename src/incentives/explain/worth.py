"""What a missing fact is worth: by how much at most it can still move what is due.

An upper bound read off the ranges that the engine gave: of the item a fact belongs
to, and of the decision. Ceilings have no part in it, for what somebody decides under
them no fact of the applicant's settles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.engine.amounts import MoneyRange
    from incentives.engine.results import Decision


def worth(decision: Decision, path: str) -> Money | None:
    """Return by how much a fact can move the amount at most.

    Zero where it moves only the status; ``None`` where there is no bound, and for
    ceilings.
    """
    amounts = decision.range
    if amounts is None:
        return Money(0)
    if decision.is_ceiling:
        return None
    whole = _width(amounts)
    if "[" not in path:
        return whole
    own = f"{decision.rule.each}["
    key = path[len(own) :].rpartition("].")[0] if path.startswith(own) else None
    widths = [
        _width(item.range)
        for item in decision.items
        if key in {None, item.key} and path in item.missing and item.range is not None
    ]
    only_items = widths and all(width is not None for width in widths)
    if not only_items:
        return whole
    of_items = sum((width for width in widths if width is not None), Money(0))
    return of_items if whole is None else min(whole, of_items)


def worth_of_all(decisions: Iterable[Decision], path: str) -> Money | None:
    """Return by how much a fact can move what is due under several incentives together."""
    found = [
        worth(each, path) for each in decisions if each.rule.is_monetary and not each.is_ceiling
    ]
    known = [each for each in found if each is not None]
    return sum(known, Money(0)) if len(known) == len(found) else None


def _width(amounts: MoneyRange) -> Money | None:
    return None if amounts.high is None else amounts.high - amounts.low
