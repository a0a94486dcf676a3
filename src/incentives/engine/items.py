"""From items to one amount: one item per value, then the caps over items.

Everything is a range until it is a point: ``distinct`` and the caps bound the
sum from both sides, so that an item whose status, year, version or value is
unknown widens the result and never distorts it.

The law kept here: each item's range and each sum in ``Sums`` holds on its own.
The trap: the items' ranges add up to more than the sum can be (each of two
items may get the whole of a cap, both together only once), so sums are kept
beside the items, and added where nothing closer is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import item_scope
from incentives.engine.distinct import one_per_value, tightened, waiting_for
from incentives.engine.environment import ITEM, LIST, ON, Environment, paid, payments
from incentives.engine.outcome import Outcome, Part, Status
from incentives.language.core import Per
from incentives.language.names import AS_OF
from incentives.language.semantics import add, maximum, minimum, mul, neg, round_
from incentives.values.calendar import end_of, start_of
from incentives.values.rounding import Mode
from incentives.values.unknown import (
    LARGE,
    NO_NAMES,
    Unknown,
    bounds,
    faults_in,
    missing_in,
    unknown_like,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from incentives.engine.plan import IncentivePlan, TotalPlan, VersionPlan

Reach = tuple["VersionPlan | None", ...]
"""The versions an item's date can select; ``None`` stands for outside all of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the sum sees it: its key, year and versions.

    ``live``: it may be paid; ``sure``: its conditions are all met.
    """

    index: int
    key: str
    year: Any
    reach: Reach
    live: bool = True
    sure: bool = True


class Sums:
    """The amount of each entry, and sums of entries that are known more closely."""

    __slots__ = ("_part_of", "_parts", "values")

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = list(values)
        self._part_of = [frozenset({at}) for at in range(len(self.values))]
        self._parts = dict(zip(self._part_of, self.values, strict=True))

    def of(self, mine: Iterable[int]) -> Any:
        """Return what some entries come to together."""
        wanted = frozenset(mine)
        touched = dict.fromkeys(self._part_of[at] for at in wanted)
        inside = [part for part in touched if part <= wanted]
        loose = wanted.difference(*inside)
        return add([*(self._parts[part] for part in inside), *(self.values[at] for at in loose)])

    def total(self) -> Any:
        """Return what all entries come to together."""
        return add(list(self._parts.values()))

    def join(self, mine: Iterable[int], together: Any) -> None:
        """Note what some entries come to; entries torn from another sum stand alone again."""
        wanted = frozenset(mine)
        torn = dict.fromkeys(self._part_of[at] for at in wanted)
        for part in torn:
            del self._parts[part]
        for at in frozenset().union(*torn) - wanted:
            alone = self._part_of[at] = frozenset({at})
            self._parts[alone] = self.values[at]
        for at in wanted:
            self._part_of[at] = wanted
        self._parts[wanted] = together


def pay(
    owner: IncentivePlan,
    outcome: Outcome,
    items: Sequence[Part],
    reaches: Sequence[Reach],
    env: Environment,
) -> None:
    """Set the outcome's amount, contributions and over-payment from its items."""
    live = [
        (item, reach)
        for item, reach in zip(items, reaches, strict=True)
        if item.status is not Status.NOT_APPLICABLE
    ]
    entries = [
        Entry(
            item.index,
            item.key,
            item.year,
            reach,
            live=item.status is not Status.INELIGIBLE,
            sure=item.status is Status.ELIGIBLE,
        )
        for item, reach in live
    ]
    sums = Sums(item.award for item, _ in live)
    reached = [plan for plan in owner.versions if any(plan in entry.reach for entry in entries)]
    picking = next((plan for plan in reached if plan.distinct is not None), None)
    if picking is not None:
        labels = [_item_value(picking.distinct, entry, owner, env) for entry in entries]
        one_per_value(entries, sums, labels, largest=picking.keep_largest)
    keys = frozenset(item.key for item in items) if owner.each is not None else frozenset()
    for plan in reached:
        for total in plan.totals:
            over = _cap(owner, (plan, total), entries, sums, keys, env)
            outcome.overpaid = over if outcome.overpaid is None else add((outcome.overpaid, over))
    _settle(outcome, items, entries, sums)


def _settle(outcome: Outcome, items: Sequence[Part], entries: Sequence[Entry], sums: Sums) -> None:
    outcome.paid = tuple(
        (entry.key, entry.year, value) for entry, value in zip(entries, sums.values, strict=True)
    )
    by_index = {entry.index: value for entry, value in zip(entries, sums.values, strict=True)}
    outcome.each_paid = tuple(by_index.get(item.index, 0) for item in items)
    if outcome.status in {Status.ELIGIBLE, Status.UNDETERMINED}:
        outcome.value = _kind_of_sum(sums.total(), items)
        waits = missing_in(outcome.value)
        outcome.missing = (
            outcome.missing | waits if outcome.status is Status.UNDETERMINED else waits
        )
        outcome.faults |= faults_in(outcome.value)


def _kind_of_sum(value: Any, items: Sequence[Part]) -> Any:
    """Return a sum as a ceiling, an entitlement, or perhaps either, as its items are.

    With a ceiling among them it is one; where that ceiling may yet be refused,
    or be an entitlement, the sum may turn out to be an entitlement too.
    """
    payable = [item for item in items if item.award != 0]
    ceilings = [item for item in payable if item.value.__class__ is Unknown and item.value.open]
    if value.__class__ is not Unknown or not ceilings:
        return value
    others = len(ceilings) < len(payable)
    sure = any(
        not item.value.mixed and (item.status is Status.ELIGIBLE or not others) for item in ceilings
    )
    return replace(value, open=True, mixed=not sure)


def of_unknown_list(
    owner: IncentivePlan, parts: Sequence[Part], reach: Reach, year: Any, env: Environment
) -> Any:
    """Return what any number of items come to, of which ``parts`` holds one in each version."""
    most: Any = 0
    for plan, one in zip(reach, parts, strict=True):
        if plan is None:
            continue
        high = bounds(mul(one.award, Unknown(lo=0)))[1]
        for total in plan.totals:
            by_time = total.total.per is Per.YEAR and year.__class__ is Unknown
            if total.by is None and not by_time:
                cap = bounds(_figure(total, plan, year, env))[1]
                high = cap if high is None else high if cap is None else min(high, cap)
        most = None if most is None or high is None else most + high
    anything = Unknown(frozenset({owner.each or ""}))
    return unknown_like([*(one.award for one in parts), anything], 0, most)


def _item_value(compiled: Any, entry: Entry, owner: IncentivePlan, env: Environment) -> Any:
    if entry.index < 0:
        return compiled(env)
    entity = owner.each or ""
    item_scope(env, entity, entry.index, env[LIST + entity][entry.index])
    value = compiled(env)
    env[ITEM] = None
    return value


# ── caps over items ──────────────────────────────────────────────────────────


def _cap(
    owner: IncentivePlan,
    over: tuple[VersionPlan, TotalPlan],
    entries: list[Entry],
    sums: Sums,
    keys: Collection[str],
    env: Environment,
) -> Any:
    """Apply one cap over the items of a version; what is left is used up in listed order.

    ``loose`` entries may be under another version, or share the cap of any
    value or year: they may take from each, and get from nothing to their own.

    Returns:
        By how much past payments exceed the cap.
    """
    _, total = over
    buckets, loose = _buckets(owner, over, entries, sums, keys, env)
    excess: Any = 0
    together: list[Any] = []
    for (label, year), members in buckets.items():
        room, more = what_is_left(owner, total, label, year, keys, env)
        excess = add((excess, more))
        together.append(minimum((sums.of(members), room)))
        _ration(sums.values, members, loose, room)
        if not loose:
            sums.join(members, together[-1])
    for at, waits in loose.items():
        value = sums.values[at]
        sums.values[at] = unknown_like((value, *waits), 0, bounds(value)[1])
    if loose:
        mine = [*loose, *(at for members in buckets.values() for at in members)]
        lo, hi = bounds(add([*together, *(sums.values[at] for at in loose)]))
        unknown = [wait for each in loose.values() for wait in each]
        sums.join(mine, tightened(lo, hi, add([sums.values[at] for at in mine]), unknown))
    return excess


def _buckets(
    owner: IncentivePlan,
    over: tuple[VersionPlan, TotalPlan],
    entries: list[Entry],
    sums: Sums,
    keys: Collection[str],
    env: Environment,
) -> tuple[dict[tuple[Any, Any], list[int]], dict[int, tuple[Any, ...]]]:
    """Return the entries that share a cap, by value and year, and the loose ones.

    A loose entry comes with what it waits for; one that is surely under the
    cap, whichever its value or year, is held to it alone.
    """
    plan, total = over
    buckets: dict[tuple[Any, Any], list[int]] = {}
    loose: dict[int, tuple[Any, ...]] = {}
    for at, entry in enumerate(entries):
        if plan not in entry.reach:
            continue
        label = None if total.by is None else _item_value(total.by, entry, owner, env)
        year = entry.year if total.total.per is Per.YEAR else None
        elsewhere = any(other is not None and other is not plan for other in entry.reach)
        if not elsewhere and not any(one.__class__ is Unknown for one in (label, year)):
            buckets.setdefault((label, year), []).append(at)
            continue
        loose[at] = (entry.year if elsewhere else None, label, year)
        if not elsewhere:
            room, _ = what_is_left(owner, total, label, year, keys, env)
            sums.values[at] = minimum((sums.values[at], room))
    return buckets, loose


def what_is_left(
    owner: IncentivePlan,
    total: TotalPlan,
    label: Any,
    year: Any,
    keys: Collection[str],
    env: Environment,
) -> tuple[Any, Any]:
    """Return what is left of a cap in whole fen, and by how much the past exceeds it."""
    plan = next((one for one in owner.versions if total in one.totals), owner.versions[0])
    cap = _figure(total, plan, year, env)
    if total.total.per is None:
        return cap, 0
    if year.__class__ is Unknown or label.__class__ is Unknown:
        return cap, 0
    found = payments(
        env,
        owner.id,
        total.total.per,
        year=year,
        item=label if isinstance(label, str) else None,
        without=keys,
    )
    past = paid(found)
    left = add((cap, neg(past)))
    return maximum((0, left)), maximum((0, neg(left)))


def _figure(total: TotalPlan, plan: VersionPlan, year: Any, env: Environment) -> Any:
    """Return a cap in whole fen, as it reads on the day it is applied.

    A dated figure is that of the assessment; of a year, that of its day nearest
    to the assessment; never that of a day outside the version's period.
    """
    day: date = env[ON]
    if total.total.per is Per.YEAR and isinstance(year, int):
        day = min(max(day, start_of(year)), end_of(year))
    period = plan.version.period
    day = day if period.since is None else max(day, period.since)
    env[AS_OF] = day if period.until is None else min(day, period.until)
    cap = maximum((0, round_(total.cap(env), 1, Mode.DOWN)))
    env[AS_OF] = env[ON]
    return cap


def fill(values: list[Any], cap: Any) -> list[Any]:
    """Return what each of ``values`` gets when they share ``cap`` in listed order.

    Each range is the exact hull: an item gets least when those before it take
    most, and most when they take least.
    """
    out = list(values)
    _ration(out, range(len(out)), (), cap)
    return out


def _ration(values: list[Any], mine: Iterable[int], rivals: Iterable[int], cap: Any) -> None:
    """Let ``mine`` share a cap in listed order, while ``rivals`` may draw on it or not."""
    cap_lo, cap_hi = bounds(cap)
    own = set(mine)
    names = missing_in(cap)
    shared = len(names) > LARGE  # else each item of a long list would hold a set as long
    if shared:
        names = names.union(*(missing_in(values[at]) for at in own))
        cap = replace(cap, missing=NO_NAMES)
    least: Any = 0
    most: Any = 0
    for at in sorted({*own, *rivals}):
        lo, hi = bounds(values[at])
        if at in own:
            room_lo = None if cap_lo is None else 0 if most is None else max(0, cap_lo - most)
            room_hi = None if cap_hi is None else max(0, cap_hi - least)
            low = lo if room_lo is None else min(lo, room_lo)
            high = room_hi if hi is None else hi if room_hi is None else min(hi, room_hi)
            one = unknown_like((values[at], cap), low, high)
            values[at] = waiting_for(one, names, low, high) if shared else one
            least += lo
        most = None if most is None or hi is None else most + hi
