"""Groups: incentives that share one payment (就高不重复, 总额不超过, 就高补差).

Only exact and decided amounts compete; ceilings stand beside them. Each
member's range is the exact hull of what the rule gives it while members vary
within theirs: a member's high survives if it can win, its low if it must.

A member may be another group: it competes with what it pays in all, and what
it is allowed is handed to its members by its own rule. ``highest`` does not
look at the past (that is ``top_up``'s business); a ``cap`` per year or
lifetime is lowered by what its members received.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import compile_expr
from incentives.engine.environment import LIST, Environment, item_key, paid, payments
from incentives.engine.items import fill
from incentives.language.core import Per
from incentives.language.semantics import add, maximum, minimum, neg, round_
from incentives.rulebook.model import Group, GroupRule
from incentives.values.rounding import Mode
from incentives.values.unknown import Unknown, bounds, hull, unknown_like

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from incentives.engine.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Stacked:
    """What a group made of a member: the amount before and after, and whether it is taken."""

    group: Group
    before: Any
    after: Any
    taken: bool | None
    overpaid: Any = 0


Payment = tuple[str, Any, Any]
"""The item's key, the year, and the amount."""

Paid = tuple[Payment, ...]


def stack(
    groups: Sequence[Group], outcomes: Mapping[str, Outcome], env: Environment
) -> tuple[dict[str, Stacked], list[tuple[frozenset[str], Any]]]:
    """Apply every group.

    Returns:
        What changed by incentive, and for each outermost group its members
        with the sum they are paid together (tighter than adding their ranges).
    """
    by_id = {group.id: group for group in groups}
    inner = {member for group in groups for member in group.members if member in by_id}
    changed: dict[str, Stacked] = {}
    sums = []
    for group in groups:
        if group.id not in inner:
            run = _Run(by_id, outcomes, env)
            result = run.group(group)
            changed.update(run.changed)
            sums.append((frozenset(run.leaves(group)), add([value for _, _, value in result])))
    return changed, sums


class _Run:
    """One outermost group with the groups inside it."""

    def __init__(
        self, groups: Mapping[str, Group], outcomes: Mapping[str, Outcome], env: Environment
    ) -> None:
        self.groups = groups
        self.outcomes = outcomes
        self.env = env
        self.changed: dict[str, Stacked] = {}
        self.keys: dict[str, frozenset[str] | None] = {}

    def leaves(self, group: Group) -> list[str]:
        """Return the incentives below a group."""
        out: list[str] = []
        for member in group.members:
            inner = self.groups.get(member)
            out += [member] if inner is None else self.leaves(inner)
        return out

    def group(self, group: Group) -> Paid:
        """Apply one group; return what it pays in all, by item and year."""
        offers = [self.offer(member) for member in group.members]
        totals: list[tuple[str, Any, Any]] = []
        after: list[Any] = [0] * len(offers)
        taken: list[bool | None] = [False] * len(offers)
        over: Any = 0
        sorted_out = [self.by_bucket(group, offer) for offer in offers]
        for bucket in self.buckets(group, offers):
            anywhere = isinstance(bucket, Unknown)
            mine = offers if anywhere else [found.get(bucket, ()) for found in sorted_out]
            values = [
                self.whole(member, offer)
                if len(entries) == len(offer)
                else add([v for _, _, v in entries])
                for member, offer, entries in zip(group.members, offers, mine, strict=True)
            ]
            received = self.received(group, bucket)
            result, wins, together, excess = _share(group, values, self.limit(group), received)
            if anywhere:
                alone = [self.alone(group, entries) for entries in mine]
                result = [_perhaps(*pair) for pair in zip(result, values, alone, strict=True)]
                together = _perhaps(together, add(values), add(alone))
            after = [add(pair) for pair in zip(after, result, strict=True)]
            taken = [_either(*pair) for pair in zip(taken, wins, strict=True)]
            over = add((over, excess))
            key, year = self.time_of(mine)
            totals.append((key, year, together))
        bears = taken.index(True) if True in taken else 0  # one member shows the over-payment
        for at, (member, offer) in enumerate(zip(group.members, offers, strict=True)):
            before = self.whole(member, offer)
            after[at] = _at_most(after[at], before)
            self.allow(group, member, before, after[at], taken[at], over if at == bears else 0)
        return tuple(totals)

    def offer(self, member: str) -> Paid:
        """Return what a member would be paid alone; ceilings do not compete."""
        inner = self.groups.get(member)
        if inner is not None:
            return self.group(inner)
        if _is_ceiling(self.outcomes[member].value):
            return ()
        return tuple((key, year, _entry(value)) for key, year, value in self.outcomes[member].paid)

    def whole(self, member: str, offer: Paid) -> Any:
        """Return all that a member offers, known more closely than the sum of its parts."""
        if member in self.groups:
            return add([value for _, _, value in offer])
        return _entry(self.outcomes[member].award) if offer else 0

    def allow(
        self, group: Group, member: str, before: Any, after: Any, taken: bool | None, over: Any
    ) -> None:
        """Note what a member gets; an inner group's allowance is handed on in its order."""
        inner = self.groups.get(member)
        if inner is None:
            value = self.outcomes[member].value
            if _is_ceiling(value):
                return
            if isinstance(value, Unknown) and value.open:  # it may stand beside the others
                before, after = value, hull([value, after])
                taken = taken and None
            self.changed[member] = Stacked(group, before, after, taken, over)
            return
        if before == after:
            return
        members = [m for m in self.leaves(inner) if m in self.changed]
        shares = fill([self.changed[m].after for m in members], after)
        for name, share in zip(members, shares, strict=True):
            old = self.changed[name]
            self.changed[name] = Stacked(old.group, old.before, share, old.taken, old.overpaid)

    # ── buckets of time ──────────────────────────────────────────────────────

    def bucket(self, group: Group, entry: Payment) -> Any:
        """Return the time or item over which ``group`` counts a payment."""
        key, year, _ = entry
        return key if group.per is Per.ITEM else year if group.per is Per.YEAR else None

    def by_bucket(self, group: Group, offer: Paid) -> dict[Any, Paid]:
        """Return the payments of an offer by the time or item they are counted over."""
        found: dict[Any, list[Payment]] = {}
        for entry in offer:
            bucket = self.bucket(group, entry)
            if bucket.__class__ is not Unknown:
                found.setdefault(bucket, []).append(entry)
        return {bucket: tuple(entries) for bucket, entries in found.items()}

    def buckets(self, group: Group, offers: Sequence[Paid]) -> list[Any]:
        """Return every bucket that a member is paid in, in order of appearance.

        While the year of a payment is not known there is one bucket of no
        known year for all: they may share what there is, or each have its own.
        """
        entries = [entry for offer in offers for entry in offer if entry[2] != 0]
        found = list(dict.fromkeys(self.bucket(group, entry) for entry in entries))
        unknown = [bucket for bucket in found if isinstance(bucket, Unknown)]
        return [unknown_like(unknown)] if unknown else found

    def time_of(self, mine: Iterable[Paid]) -> tuple[str, Any]:
        """Return the item key and year of what a bucket pays."""
        entries = [entry for paid_now in mine for entry in paid_now]
        years = {year for _, year, _ in entries}
        return entries[0][0], years.pop() if len(years) == 1 else unknown_like(years)

    def alone(self, group: Group, entries: Paid) -> Any:
        """Return what payments come to that share their year with no other member's."""
        limit = self.limit(group)
        years: dict[Any, list[Any]] = {}
        for at, (_, year, value) in enumerate(entries):
            years.setdefault((at, year) if isinstance(year, Unknown) else year, []).append(value)
        sums = [add(values) for values in years.values()]
        return add([each if limit is None else minimum((each, limit)) for each in sums])

    def limit(self, group: Group) -> Any:
        """Return the cap of a group in whole fen, ``None`` for rules without one."""
        if group.limit is None:
            return None
        value = round_(compile_expr(group.limit)(self.env), 1, Mode.DOWN)
        return maximum((0, value))

    def received(self, group: Group, bucket: Any) -> Any:
        """Return what members already received over the group's time."""
        counts = group.rule is GroupRule.TOP_UP or (
            group.rule is GroupRule.CAP and group.per in {Per.YEAR, Per.LIFETIME}
        )
        if not counts:
            return 0
        per = group.per or Per.LIFETIME
        if isinstance(bucket, Unknown):
            per = Per.LIFETIME
        year = bucket if per is Per.YEAR else None
        item = bucket if per is Per.ITEM and bucket else None
        found = [
            paid(
                payments(self.env, name, per, year=year, item=item, without=self.items(group, name))
            )
            for name in self.leaves(group)
        ]
        return hull([0, add(found)], bucket) if isinstance(bucket, Unknown) else add(found)

    def items(self, group: Group, name: str) -> Collection[str] | None:
        """Return the items under assessment, which do not count as the past of a cap."""
        each = self.outcomes[name].each
        if group.rule is not GroupRule.CAP or each is None:
            return ()
        if each not in self.keys:
            records = self.env[LIST + each]
            self.keys[each] = None if records is None else frozenset(map(item_key, records))
        return self.keys[each]


def _is_ceiling(value: Any) -> bool:
    """Say whether an amount is surely a ceiling, which does not compete."""
    return isinstance(value, Unknown) and value.open and not value.mixed


def _entry(value: Any) -> Any:
    """Return what an amount competes with: perhaps nothing, while it may be a ceiling."""
    if isinstance(value, Unknown) and value.open:
        return Unknown(value.missing, 0, value.hi, None, value.faults)
    return value


def _either(a: bool | None, b: bool | None) -> bool | None:
    return True if True in {a, b} else None if None in {a, b} else False


def _share(
    group: Group, values: list[Any], limit: Any, received: Any
) -> tuple[list[Any], list[bool | None], Any, Any]:
    """Return each member's amount, whether it is taken, the sum, and any over-payment."""
    if group.rule is GroupRule.CAP:
        room = maximum((0, add((limit, neg(received)))))
        over = maximum((0, add((received, neg(limit)))))
        parts = fill(values, room)
        together = _capped(add(values), room)
        return parts, [_positive(part) for part in parts], together, over
    parts, wins = _highest(values)
    best = maximum(values) if values else 0
    if group.rule is GroupRule.HIGHEST:
        return parts, wins, best, 0
    over = maximum((0, add((received, neg(best)))))
    rest = [
        maximum((0, add((part, neg(received))))) if win is not False else 0
        for part, win in zip(parts, wins, strict=True)
    ]
    return rest, wins, maximum((0, add((best, neg(received))))), over


def _capped(total: Any, room: Any) -> Any:
    (lo, hi), (room_lo, room_hi) = bounds(total), bounds(room)
    low = lo if room_lo is None else min(lo, room_lo)
    high = room_hi if hi is None else hi if room_hi is None else min(hi, room_hi)
    return unknown_like((total, room), low, high)


def _perhaps(shared: Any, value: Any, alone: Any) -> Any:
    """Return what a member gets that may share with the others or have all for itself."""
    high = bounds(minimum((Unknown(hi=bounds(value)[1]), Unknown(hi=bounds(alone)[1]))))[1]
    return unknown_like((shared, value), bounds(shared)[0], high)


def _at_most(value: Any, before: Any) -> Any:
    """Return what is left of an amount, added up from parts that may each be all of it."""
    (lo, hi), (_, most) = bounds(value), bounds(before)
    return (
        value
        if most is None or (hi is not None and hi <= most)
        else unknown_like((value, before), lo, most)
    )


def _positive(value: Any) -> bool | None:
    lo, hi = bounds(value)
    if lo is not None and lo > 0:
        return True
    return False if hi == 0 else None


def _highest(values: list[Any]) -> tuple[list[Any], list[bool | None]]:
    """Keep the largest; a tie goes to the first listed."""
    ends = [bounds(value) for value in values]
    parts: list[Any] = []
    wins: list[bool | None] = []
    for at, (lo, hi) in enumerate(ends):
        rivals = [(end, other < at) for other, end in enumerate(ends) if other != at]
        can = all(hi is None or (hi > low if first else hi >= low) for (low, _), first in rivals)
        must = all(
            high is not None and (lo > high if first else lo >= high) for (_, high), first in rivals
        )
        if not can or hi == 0:
            parts.append(0)
            wins.append(False)
        else:
            parts.append(unknown_like(values, lo if must else 0, hi))
            wins.append(True if must else None)
    return parts, wins
