"""One item for each value of ``distinct``: which is kept, and what the values come to.

The law kept here: the range of an item holds what it is paid whichever item of
its value is kept, and the sum of a value whichever it is.

The trap: an item whose value is unknown may belong to any value or to its own.
Alone it adds between nothing and its amount, and it may displace the one that
is kept of any value. Comparing each such item with every other takes long for
long lists; past ``MAX_PAIRS`` each of them gets from nothing to its own, which
is wider and takes no comparing. (Learning a value leaves fewer pairs, so it
never makes an answer wider.)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from incentives.language.core import CompareOp
from incentives.language.semantics import add, compare
from incentives.values.unknown import NO_NAMES, Unknown, bounds, missing_in, unknown_like

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.engine.items import Entry, Sums

MAX_PAIRS: Final = 10_000


def one_per_value(
    entries: Sequence[Entry], sums: Sums, labels: Sequence[Any], *, largest: bool
) -> None:
    """Keep one item for each value of ``distinct``: the first, or the largest.

    Args:
        entries: the items, in listed order.
        sums: what each is worth; afterwards what each is paid, and each value together.
        labels: the value of each item, which may be unknown.
        largest: keep the item of the largest amount; else the first.
    """
    live = [at for at, entry in enumerate(entries) if entry.live]
    loose = [at for at in live if labels[at].__class__ is Unknown]
    groups: dict[Any, list[int]] = {}
    for at in live:
        if labels[at].__class__ is not Unknown:
            groups.setdefault(labels[at], []).append(at)
    before = list(sums.values)
    sums.values = [0] * len(before)
    if len(loose) * len(live) > MAX_PAIRS:
        _anything(before, sums, live, [labels[at] for at in loose])
        return
    choice = _Choice(entries, before, labels, largest=largest)
    for members in groups.values():
        choice.pay(sums, members, [*members, *choice.perhaps_with(members[0], loose)])
    for at in loose:
        choice.pay(sums, [at], [at, *choice.perhaps_with(at, live)], certain=())
    waits = [labels[at] for at in loose]
    together = [
        choice.together(sorted([*members, *loose]), members, waits) for members in groups.values()
    ]
    if not loose:
        for members, value in zip(groups.values(), together, strict=True):
            sums.join(members, value)
    elif len(live) > 1:
        alone = [unknown_like((before[at], labels[at]), 0, bounds(before[at])[1]) for at in loose]
        lo, hi = bounds(add([*together, *alone]))
        sums.join(live, tightened(lo, hi, add([sums.values[at] for at in live]), waits))


def _anything(before: Sequence[Any], sums: Sums, live: list[int], waits: Sequence[Any]) -> None:
    """Let every item get from nothing to its own: nobody knows which share a value."""
    missing = NO_NAMES.union(*(missing_in(one) for one in (*waits, *(before[at] for at in live))))
    for at in live:
        sums.values[at] = waiting_for(before[at], missing, 0, bounds(before[at])[1])
    sums.join(live, add([sums.values[at] for at in live]))


def waiting_for(value: Any, missing: frozenset[str], lo: Any, hi: Any) -> Any:
    """Return a range that waits for ``missing``, which holds all that ``value`` waits for."""
    like = unknown_like((value,), lo, hi)
    return replace(like, missing=missing) if like.__class__ is Unknown else like


def tightened(lo: Any, hi: Any, value: Any, waits: Sequence[Any]) -> Any:
    """Return ``value`` within two more ends that are known of it, and what they wait for."""
    low, high = bounds(value)
    top = high if hi is None else hi if high is None else min(hi, high)
    return unknown_like((value, *waits), max(lo, low), top)


class _Choice:
    """The one payment that items compete for."""

    __slots__ = ("entries", "labels", "largest", "values")

    def __init__(
        self, entries: Sequence[Entry], values: list[Any], labels: Sequence[Any], *, largest: bool
    ) -> None:
        self.entries = entries
        self.values = values
        self.labels = labels
        self.largest = largest

    def perhaps_with(self, at: int, others: Iterable[int]) -> list[int]:
        """Return those of ``others`` that may have the value of the item ``at``."""
        mine, labels = self.labels[at], self.labels
        return [
            other
            for other in others
            if other != at and compare(CompareOp.EQ, mine, labels[other]) is not False
        ]

    def pay(
        self,
        sums: Sums,
        mine: Sequence[int],
        rivals: Sequence[int],
        certain: Sequence[int] | None = None,
    ) -> None:
        """Set what each of ``mine`` is paid.

        Args:
            sums: what each is paid.
            mine: items of one value.
            rivals: these, and all that may have the same value.
            certain: those that surely have it; without it, ``mine``.
        """
        surely = mine if certain is None else certain
        keeps = self._largest(rivals, surely) if self.largest else self._first(rivals, surely)
        waits = [self.values[at] for at in rivals]
        if len(rivals) > 1:
            waits += [self.labels[at] for at in rivals]
        missing = NO_NAMES.union(*map(missing_in, waits))
        for at in mine:
            sure, beaten = keeps(at)
            lo, hi = bounds(self.values[at])
            low = lo if sure else 0
            sums.values[at] = 0 if beaten else waiting_for(self.values[at], missing, low, hi)

    def _first(self, rivals: Sequence[int], certain: Sequence[int]) -> Any:
        first = min(rivals)
        holder = min((at for at in certain if self.entries[at].sure), default=None)
        return lambda at: (at == first, holder is not None and holder < at)

    def _largest(self, rivals: Sequence[int], certain: Sequence[int]) -> Any:
        """Return a judge: of two equal amounts the first listed is kept."""
        ends = {at: bounds(self.values[at]) for at in rivals}
        # The two highest that rivals can be, without a bound before all; the first listed first.
        tops = sorted(rivals, key=lambda at: (ends[at][1] is not None, -(ends[at][1] or 0), at))[:2]
        floor = max((ends[at][0] for at in certain), default=None)
        holder = min((at for at in certain if ends[at][0] == floor), default=-1)

        def keeps(at: int) -> tuple[bool, bool]:
            lo, hi = ends[at]
            beaten = floor is not None and hi is not None
            beaten = beaten and (floor > hi or (floor == hi and holder < at))
            other = next((one for one in tops if one != at), None)
            if other is None:
                return True, beaten
            high = ends[other][1]
            return high is not None and (high < lo or (high == lo and at < other)), beaten

        return keeps

    def together(self, candidates: list[int], members: list[int], waits: list[Any]) -> Any:
        """Return what a value is paid in all, whichever of its items is kept."""
        if not self.largest:
            sure = next((at for at in members if self.entries[at].sure), None)
            candidates = [at for at in candidates if sure is None or at <= sure]
        inside = set(members)
        ends = {at: bounds(self.values[at]) for at in candidates}
        highs = [ends[at][1] for at in candidates if at in inside]
        hi = None if any(high is None for high in highs) else max(highs)
        if self.largest:
            lo = max(ends[at][0] for at in candidates if at in inside)
        else:
            lo = min(low for low, _ in ends.values())
        return unknown_like([*(self.values[at] for at in candidates), *waits], lo, hi)
