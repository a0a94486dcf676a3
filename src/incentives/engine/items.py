"""From items to one amount: one item per value, then the caps over items.

Everything is a range until it is a point: ``distinct`` and the caps bound the
sum from both sides, so that an item whose status, year or value is unknown
widens the result and never distorts it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import item_scope
from incentives.engine.environment import ITEM, LIST, Environment, paid, payments
from incentives.engine.outcome import Outcome, Part, Status
from incentives.language.core import Per
from incentives.language.semantics import add, maximum, minimum, neg, round_
from incentives.values.rounding import Mode
from incentives.values.unknown import Unknown, bounds, faults_in, missing_in, unknown_like

if TYPE_CHECKING:
    from incentives.engine.plan import IncentivePlan, TotalPlan, VersionPlan


@dataclass(frozen=True, slots=True)
class Entry:
    """An item's part in the sum: its key, year and amount.

    ``live``: it may be paid; ``sure``: its conditions are all met.
    """

    index: int
    key: str
    year: Any
    value: Any
    live: bool = True
    sure: bool = True


def pay(
    owner: IncentivePlan, plan: VersionPlan, outcome: Outcome, items: list[Part], env: Environment
) -> None:
    """Set the outcome's amount, contributions and over-payment from its items."""
    if not items:
        entries = [Entry(-1, "", outcome.year, outcome.award)]
    else:
        entries = [
            Entry(
                item.index,
                item.key,
                item.year,
                item.award,
                live=item.status is not Status.INELIGIBLE,
                sure=item.status is Status.ELIGIBLE,
            )
            for item in items
            if item.status is not Status.NOT_APPLICABLE
        ]
    if plan.distinct is not None:
        entries = _one_per_value(plan, entries, owner, env)
    keys = tuple(item.key for item in items)
    for total in plan.totals:
        entries, over = _capped(owner, total, entries, keys, env)
        outcome.overpaid = over if outcome.overpaid is None else add((outcome.overpaid, over))
    outcome.paid = tuple((entry.key, entry.year, entry.value) for entry in entries)
    if outcome.status in {Status.ELIGIBLE, Status.UNDETERMINED}:
        outcome.value = total_of(entries)
        waits = missing_in(outcome.value)
        outcome.missing = (
            outcome.missing | waits if outcome.status is Status.UNDETERMINED else waits
        )
        outcome.faults |= faults_in(outcome.value)


def total_of(entries: list[Entry]) -> Any:
    """Return the sum of the entries."""
    values = [entry.value for entry in entries]
    if not any(value.__class__ is Unknown for value in values):
        return sum(values)
    return add(values)


def _item_value(compiled: Any, entry: Entry, owner: IncentivePlan, env: Environment) -> Any:
    if entry.index < 0:
        return compiled(env)
    entity = owner.each or ""
    item_scope(env, entity, entry.index, env[LIST + entity][entry.index])
    value = compiled(env)
    env[ITEM] = None
    return value


# ── one item per value ───────────────────────────────────────────────────────


def _one_per_value(
    plan: VersionPlan, entries: list[Entry], owner: IncentivePlan, env: Environment
) -> list[Entry]:
    """Keep one item for each value of ``distinct``.

    Items whose value is unknown may belong to any group or to their own: alone
    they add between nothing and their amount, and they may displace the first
    of any group.
    """
    labels = [_item_value(plan.distinct, entry, owner, env) for entry in entries]
    groups: dict[Any, list[int]] = {}
    loose = []
    for at, (entry, label) in enumerate(zip(entries, labels, strict=True)):
        if not entry.live:
            continue
        if label.__class__ is Unknown:
            loose.append(at)
        else:
            groups.setdefault(label, []).append(at)
    values: dict[int, Any] = {}
    for members in groups.values():
        values.update(_kept(plan, entries, members, loose, labels))
    for at in loose:
        value = entries[at].value
        values[at] = unknown_like((value, labels[at]), 0, bounds(value)[1])
    return [replace(entry, value=values.get(at, 0)) for at, entry in enumerate(entries)]


def _kept(
    plan: VersionPlan, entries: list[Entry], members: list[int], loose: list[int], labels: list[Any]
) -> dict[int, Any]:
    """Return what a group adds; the group's range stands on the item that is kept."""
    candidates = sorted([*members, *loose])
    if not plan.keep_largest:
        sure = next((at for at in members if entries[at].sure), None)
        candidates = [at for at in candidates if sure is None or at <= sure]
    values = [entries[at].value for at in candidates]
    own = [bounds(entries[at].value) for at in candidates if at in members]
    highs = [high for _, high in own]
    hi = None if any(high is None for high in highs) else max(highs)
    if plan.keep_largest:
        lo = max(low for low, _ in own)
        winner = max(members, key=lambda at: (bounds(entries[at].value)[0], -at))
    else:
        lo = min(bounds(value)[0] for value in values)
        winner = candidates[-1] if candidates[-1] in members else members[0]
    return {winner: unknown_like([*values, *(labels[at] for at in loose)], lo, hi)}


# ── caps over items ──────────────────────────────────────────────────────────


def _capped(
    owner: IncentivePlan,
    total: TotalPlan,
    entries: list[Entry],
    keys: tuple[str, ...],
    env: Environment,
) -> tuple[list[Entry], Any]:
    """Apply one cap over items; what is left of it is used up in listed order."""
    per_year = total.total.per is Per.YEAR
    buckets: dict[tuple[Any, Any], list[int]] = {}
    result = list(entries)
    over: Any = 0
    for at, entry in enumerate(entries):
        label = None if total.by is None else _item_value(total.by, entry, owner, env)
        year = entry.year if per_year else None
        if label.__class__ is Unknown or year.__class__ is Unknown:
            cap, _ = _left(owner, total, label, year, keys, env)
            high = minimum((entry.value, cap))
            result[at] = replace(entry, value=unknown_like((high, label, year), 0, bounds(high)[1]))
        else:
            buckets.setdefault((label, year), []).append(at)
    for (label, year), members in buckets.items():
        cap, excess = _left(owner, total, label, year, keys, env)
        over = add((over, excess))
        for at, value in zip(
            members, fill([entries[at].value for at in members], cap), strict=True
        ):
            result[at] = replace(entries[at], value=value)
    return result, over


def _left(
    owner: IncentivePlan,
    total: TotalPlan,
    label: Any,
    year: Any,
    keys: tuple[str, ...],
    env: Environment,
) -> tuple[Any, Any]:
    """Return what is left of a cap in whole fen, and by how much the past exceeds it."""
    cap = round_(total.cap(env), 1, Mode.DOWN)
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


def fill(values: list[Any], cap: Any) -> list[Any]:
    """Return what each of ``values`` gets when they share ``cap`` in listed order.

    Each range is the exact hull: an item gets least when those before it take
    most, and most when they take least.
    """
    cap_lo, cap_hi = bounds(cap)
    least: Any = 0
    most: Any = 0
    out = []
    for value in values:
        lo, hi = bounds(value)
        room_lo = None if cap_lo is None else 0 if most is None else max(0, cap_lo - most)
        room_hi = None if cap_hi is None else max(0, cap_hi - least)
        low = lo if room_lo is None else min(lo, room_lo)
        high = room_hi if hi is None else hi if room_hi is None else min(hi, room_hi)
        out.append(unknown_like((value, cap), low, high))
        least += lo
        most = None if most is None or hi is None else most + hi
    return out
