"""What stands between single items and a decision: hulls, totals over items, groups (5, 7).

Everything here is about spans of money: whatever the items turn out to be, the spans hold it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.reference import values as v
from tests.reference.language import SOMEONE

if TYPE_CHECKING:
    from tests.reference.evaluator import Evaluator
    from tests.reference.language import Scope

REASONS = (
    "period", "draft", "historical", "jurisdiction", "recipient", "superseded", "exploratory",
    "by_reference",
)  # fmt: skip


@dataclass
class Result:
    """One item or one decision; its failed conditions that concern no item come first."""

    status: str
    reason: str | None
    amount: Any
    failed: list[str] = field(default_factory=list)
    applies: Any = True
    competes: Any = True  # an entitlement or decided: what groups compare
    when: Any = None
    items: list[Result] = field(default_factory=list)


def join(results: list[Result]) -> Result:
    """Return the hull of results of which one, we do not know which, is the right one."""
    first, kinds = results[0], {one.status for one in results}
    if len(results) == 1:
        return first
    failing = [one for one in results if one.status == "ineligible"]
    reasons = [one.reason for one in results if one.reason]
    status, reason = "undetermined", None
    if kinds == {"eligible"}:
        status = "eligible"
    elif kinds == {"not_applicable"}:
        # what holds in and out of the period is known; that the period is over is not
        status, reason = "not_applicable", max(reasons, key=REASONS.index)
    elif kinds <= {"ineligible", "not_applicable"}:
        status = "ineligible"
    every = list(dict.fromkeys(name for one in failing for name in one.failed))
    always = [name for name in every if all(name in one.failed for one in failing)]
    failed = (always or every) if status == "ineligible" else []
    applies = first.applies if len({id(one.applies) for one in results}) == 1 else v.UNKNOWN
    amount = None if first.amount is None else v.hull(*(one.amount for one in results))
    live = [one.competes for one in results
            if one.status in ("eligible", "undetermined") and one.amount != v.ZERO]  # fmt: skip
    competes = v.hull(*live) if live else True
    items = [join(list(row)) for row in zip(*(one.items for one in results), strict=True)] \
        if len({len(one.items) for one in results}) == 1 else []  # fmt: skip
    return Result(status, reason, amount, failed, applies, competes, first.when, items)


def doubt(result: Result) -> Result:
    """Return the result where it is unknown whether it stands."""
    if result.status not in ("eligible", "undetermined"):
        return result
    amount = None if result.amount is None else v.hull(v.ZERO, result.amount)
    items = [doubt(one) for one in result.items]
    return replace(result, status="undetermined", amount=amount, items=items)


def nothing(result: Result, reason: str) -> Result:
    """Return the result that is not applicable for a reason."""
    amount = None if result.amount is None else v.ZERO
    items = [nothing(one, reason) for one in result.items]
    return Result("not_applicable", reason, amount, applies=result.applies, items=items)


def ration(amounts: list[Any], mine: list[int], rivals: list[int], cap: Any) -> None:
    """Let a cap pay `mine` in listed order; `rivals` may or may not draw on it too."""
    room, drawn, risk, before = v.span(cap), v.ZERO, v.ZERO, [v.span(one) for one in amounts]
    for i in sorted({*mine, *rivals}):
        if i in mine:
            hi = min(before[i].hi, max(v.ZERO, v.span(v.add(room, v.negate(drawn))).hi))
            lo = min(before[i].lo, max(v.ZERO, v.span(v.add(room, v.negate(risk))).lo))
            amounts[i] = v.between(lo, hi)
            drawn = v.add(drawn, before[i].lo)
        risk = v.add(risk, before[i].hi)


def winners(amounts: list[Any], same: Any) -> list[Any]:
    """Keep the largest of those that are the same, ties in listed order: what each then gets."""
    ends, kept = [v.span(one) for one in amounts], []
    for i, own in enumerate(ends):
        rest = [(j, other) for j, other in enumerate(ends) if j != i and same(i, j) is not False]
        beaten = any(same(i, j) is True and (other.lo > own.hi or (other.lo == own.hi and j < i))
                     for j, other in rest)  # fmt: skip
        sure = all(other.hi < own.lo or (other.hi == own.lo and i < j) for j, other in rest)
        kept.append(v.between(own.lo if sure else v.ZERO, v.ZERO if beaten else own.hi))
    return kept


def total_of(amounts: list[Any]) -> Any:
    result: Any = v.ZERO
    for one in amounts:
        result = v.add(result, one)
    return result


def over_items(results: list[Result]) -> Result:
    """Return what the items make of the decision, but for its amount."""
    active = [one for one in results if one.status != "not_applicable"]
    applies = v.either(*(one.applies for one in results))
    if not active:
        reason = max((str(one.reason) for one in results), key=REASONS.index)
        return Result("not_applicable", reason, v.ZERO, applies=applies)
    kinds = {one.status for one in active}
    if kinds != {"ineligible"}:
        payable = [one for one in active if one.status != "ineligible" and one.amount != v.ZERO]
        ceilings = all(one.competes is not True for one in payable)
        settled = [v.UNKNOWN if one.competes is False and one.status != "eligible" and not ceilings
                   else one.competes for one in payable]  # fmt: skip
        status, competes = "undetermined", v.both(*settled)
        status = "eligible" if "eligible" in kinds else status
        return Result(status, None, v.ZERO, applies=applies, competes=competes)
    every = list(dict.fromkeys(name for one in active for name in one.failed))
    return Result("ineligible", None, v.ZERO, every, applies)


class Totals:
    """`distinct` and the totals of one incentive, over its items in listed order.

    The amounts of the items are spans of their own; `parts` keeps sums known more closely than
    the sum of those spans: what is under one cap is together at most the cap.
    """

    def __init__(self, evaluator: Evaluator, key: str, results: list[Result]) -> None:
        self.evaluator, self.key, self.results = evaluator, key, results
        self.entity = evaluator.versions[key][0][1].get("each")
        self.generic = self.entity is not None and evaluator.length(self.entity) is None
        self.amounts = [one.amount for one in results]
        self.parts = [({i}, one) for i, one in enumerate(self.amounts)]

    def apply(self) -> Any:
        """Set the amounts of the items; return their sum."""
        versions = self.evaluator.versions[self.key]
        if "distinct" in versions[0][1] and not self.generic:
            self.distinct(*versions[0][:2])
        for document, entry, period in versions:
            for total in entry.get("total", []):
                self.total(document, entry, period, total)
        for i, amount in enumerate(self.amounts):
            self.results[i] = replace(self.results[i], amount=amount)
        return total_of([one for _, one in self.parts])

    def scope(self, document: Any, entry: Any, i: int) -> Scope:
        i = SOMEONE if self.generic else i
        items = {self.entity: (self.entity, i)} if self.entity else {}
        return self.evaluator.scope(document, entry, items, self.results[max(i, 0)].when)

    def merge(self, mine: set[int], together: Any) -> None:
        loose = {i for part, _ in self.parts if part & mine for i in part} - mine
        self.parts = [one for one in self.parts if not one[0] & (mine | loose)]
        self.parts += [(mine, together), *(({i}, self.amounts[i]) for i in sorted(loose))]

    def distinct(self, document: Any, entry: Any) -> None:
        count, before = len(self.amounts), [v.span(one) for one in self.amounts]
        names = [
            self.evaluator.value(entry["distinct"], self.scope(document, entry, i))
            for i in range(count)
        ]
        sure = [one.status == "eligible" for one in self.results]
        open_ = [one.status in ("eligible", "undetermined") for one in self.results]

        def same(i: int, j: int) -> Any:
            return v.equal(names[i], names[j])

        largest = entry.get("keep", "first") == "largest"
        if largest:
            self.amounts = winners(self.amounts, same)
        else:
            for i in range(count):
                gone = any(same(i, j) is True and sure[j] for j in range(i))
                first = all(same(i, j) is False or not open_[j] for j in range(i))
                lo, hi = before[i].lo if first else v.ZERO, v.ZERO if gone else before[i].hi
                self.amounts[i] = v.between(lo, hi)
        loose = [i for i, one in enumerate(names) if self.vague(one) and open_[i]]
        joint, settled = [], [one for one in names if not self.vague(one)]
        for name in dict.fromkeys(settled):
            mine = [i for i, one in enumerate(names) if not self.vague(one) and one == name
                    and open_[i]]  # fmt: skip
            certain = [i for i in mine if sure[i]]
            until = certain[0] if certain and not largest else count
            ends = [before[i] for i in mine if i <= until]
            if not ends:
                continue
            able = ends if largest else ends + [before[i] for i in loose if i <= until]
            lo = (max if largest else min)(one.lo for one in able)
            joint.append(v.between(lo, max(one.hi for one in ends)))
            if not loose:
                self.merge(set(mine), joint[-1])
        if loose:
            mine = [i for i in range(count) if open_[i]]
            apart = v.span(total_of([self.amounts[i] for i in mine]))
            whole = v.span(total_of([*joint, *(v.between(v.ZERO, before[i].hi) for i in loose)]))
            self.merge(set(mine), v.between(max(apart.lo, whole.lo), min(apart.hi, whole.hi)))

    @staticmethod
    def vague(name: Any) -> bool:
        return name is v.UNKNOWN or isinstance(name, v.Span)

    def total(self, document: Any, entry: Any, period: Any, total: Any) -> None:
        """Apply one cap to the items its version may reach; strays may draw on any bucket."""
        buckets: dict[Any, list[int]] = {}
        others = [one[2] for one in self.evaluator.versions[self.key] if one[2] != period]
        for i, one in enumerate(self.results):
            if period[0] <= one.when.hi and one.when.lo <= period[1]:
                alone = not any(p[0] <= one.when.hi and one.when.lo <= p[1] for p in others)
                name = self.bucket(total, one.when, self.scope(document, entry, i))
                if alone and name is None:
                    room = self.room(document, entry, period, total, None)
                    self.amounts[i] = v.least(self.amounts[i], v.span(room).hi)
                buckets.setdefault(name if alone else None, []).append(i)
        stray = buckets.pop(None, [])
        sums = []
        for name, mine in buckets.items():
            room, within = self.room(document, entry, period, total, name), set(mine)
            straddling = {i for part, _ in self.parts if not part <= within for i in part & within}
            inside = [one for part, one in self.parts if part <= within]
            everything = total_of([*inside, *(self.amounts[i] for i in sorted(straddling))])
            sums.append(v.least(everything, room))
            ration(self.amounts, mine, stray, room)
            if not stray:
                self.merge(within, sums[-1])
        for i in stray:
            self.amounts[i] = v.between(v.ZERO, v.span(self.amounts[i]).hi)
        if stray:
            every = {*stray, *(i for mine in buckets.values() for i in mine)}
            apart = v.span(total_of([self.amounts[i] for i in sorted(every)]))
            whole = v.span(total_of([*sums, *(self.amounts[i] for i in stray)]))
            self.merge(every, v.between(max(apart.lo, whole.lo), min(apart.hi, whole.hi)))

    def bucket(self, total: Any, when: Any, scope: Scope) -> Any:
        """Return the value and year that share one cap, None if that is not known."""
        by = self.evaluator.value(total["by"], scope) if "by" in total else None
        year = v.calendar_of("year_of", when) if total.get("per") == "year" else None
        unclear = by is v.UNKNOWN or isinstance(by, v.Span) or isinstance(year, v.Span)
        return None if unclear else (by, year)

    def room(self, document: Any, entry: Any, period: Any, total: Any, bucket: Any) -> Any:
        """Return what a total's cap leaves in whole fen, at most the cap itself.

        The cap is that of the assessment; of another year, of its day nearest to it.
        """
        by, year = bucket or (None, None)
        day, here = self.evaluator.on, self.evaluator
        if isinstance(year, Fraction):
            ends = [v.calendar_of(name, year) for name in ("start_of", "end_of")]
            day = min(max(day, ends[0]), ends[1])
        day = max(period[0], min(period[1], day))
        room = here.value(total["cap"], here.scope(document, entry, {}, day))
        room = v.greatest(v.rounded(room, v.FEN, "down"), v.ZERO)
        if "per" in total and bucket:
            without = (
                () if self.entity is None else None if self.generic else here.keys(self.entity)
            )
            paid = here.paid(self.key, without, year, item=by)
            room = v.greatest(v.add(room, v.negate(paid)), v.ZERO)
        return room

    def crowd(self, versions: list[tuple[Any, Any, Any, Result]]) -> Any:
        """Return what any number of items come to: one of each version it may have is given."""
        most: Any = v.ZERO
        for document, entry, period, one in versions:
            many = v.multiply(one.amount, v.Span(v.ZERO, v.INF))
            for total in entry.get("total", []):
                year = v.calendar_of("year_of", one.when)
                timed = total.get("per") == "year" and isinstance(year, v.Span)
                if "by" not in total and not timed:
                    name = (None, year) if total.get("per") == "year" else None
                    many = v.least(many, self.room(document, entry, period, total, name))
            most = v.add(most, v.between(v.ZERO, v.span(many).hi))
        return most


class Groups:
    """What groups leave of the decisions: only entitlements and decided amounts compete."""

    def __init__(self, evaluator: Evaluator, results: dict[str, Result]) -> None:
        self.evaluator, self.results = evaluator, results

    def apply(self) -> None:
        inner = {one for _, group in self.evaluator.groups.values() for one in group["members"]}
        for name in self.evaluator.groups:
            if name not in inner:
                self.settle(name)

    def members(self, name: str) -> list[str]:
        """Return the groups and the incentives with an amount that are directly in a group."""
        document, group = self.evaluator.groups[name]
        found = []
        for one in group["members"]:
            versions = self.evaluator.versions.get(one)
            statuses = [one[0]["legal_status"] for one in versions] if versions else []
            same = ("draft" in statuses) == (document["legal_status"] == "draft")
            paid = versions and same and self.results[one].amount is not None
            if paid or one in self.evaluator.groups:
                found.append(one)
        return found

    def leaves(self, name: str) -> list[str]:
        """Return the incentives in a member, those surely outside the competition apart."""
        if name in self.results:
            return [name] if self.results[name].competes is not False else []
        return [leaf for one in self.members(name) for leaf in self.leaves(one)]

    def entry(self, name: str, amount: Any, competes: Any = v.UNKNOWN) -> Any:
        """Return with what an incentive enters: nothing, perhaps, if it may be a ceiling.

        Of an item: if it is one itself (`competes`), and not a single figure.
        """
        sure = competes is True or self.results[name].competes is not v.UNKNOWN
        return v.hull(v.ZERO, amount) if not sure and isinstance(amount, v.Span) else amount

    def change(self, name: str, before: Any, after: Any) -> Any:
        return v.hull(before, after) if self.results[name].competes is v.UNKNOWN else after

    def settle(self, name: str) -> Any:
        """Apply a group after the groups within it; return what its members get together."""
        if name in self.results:
            return self.entry(name, self.results[name].amount)
        document, group = self.evaluator.groups[name]
        members = [one for one in self.members(name) if self.leaves(one)]
        sums = [self.settle(one) for one in members]
        if group.get("per") == "item":
            return self.by_item(document, group, self.leaves(name))
        if group.get("per") == "year":
            after, together = self.by_year(document, group, name, members, sums)
        else:
            lowered = "per" in group or group["rule"] == "top_up"
            paid = self.history(group, name, None) if lowered else v.ZERO
            after, together = self.share(document, group, sums, paid)
        for member, before, now in zip(members, sums, after, strict=True):
            names = self.leaves(member)
            amounts = [self.entry(leaf, self.results[leaf].amount) for leaf in names]
            if names == [member]:
                amounts = [now]
            elif before != now:
                ration(amounts, list(range(len(names))), [], now)
            for leaf, amount in zip(names, amounts, strict=True):
                self.put(leaf, self.change(leaf, self.results[leaf].amount, amount))
        return together

    def put(self, leaf: str, amount: Any) -> None:
        self.results[leaf] = replace(self.results[leaf], amount=amount)

    def dated(self, name: str, total: Any) -> list[tuple[Any, Any]]:
        """Return what an incentive pays, each with its year."""
        one = self.results[name]
        parts = [(item.when, item.amount, item.competes) for item in one.items]
        parts = parts or [(one.when, total, v.UNKNOWN)]
        if one.competes is False or one.status not in ("eligible", "undetermined"):
            parts = []
        found = [(v.calendar_of("year_of", when or self.evaluator.on),
                  self.entry(name, amount, competes))
                 for when, amount, competes in parts if amount != v.ZERO]  # fmt: skip
        years = {year for year, _ in found}
        return [(years.pop(), total)] if len(years) == 1 else found

    def by_year(
        self, document: Any, group: Any, name: str, members: list[str], sums: list[Any]
    ) -> tuple[list[Any], Any]:
        """Apply a group year by year; payments of an unknown year may fall in any or their own."""
        paid = [self.dated(one, total) for one, total in zip(members, sums, strict=True)]
        years = list(dict.fromkeys(year for one in paid for year, _ in one))
        if any(isinstance(year, v.Span) for year in years):
            past = v.hull(v.ZERO, self.history(group, name, None))
            least, _ = self.share(document, group, sums, past)
            alone = [self.alone(document, group, one) for one in paid]
            after = [v.between(v.span(low).lo, min(v.span(most).hi, v.span(own).hi))
                     for low, most, own in zip(least, alone, sums, strict=True)]  # fmt: skip
            return after, total_of(after)
        after, together = [v.ZERO for _ in members], v.ZERO
        for year in years:
            now = [total_of([part for when, part in one if when == year]) for one in paid]
            some, all_of_them = self.share(document, group, now, self.history(group, name, year))
            after = [v.add(old, new) for old, new in zip(after, some, strict=True)]
            together = v.add(together, all_of_them)
        after = [v.between(v.span(one).lo, min(v.span(one).hi, v.span(own).hi))
                 for one, own in zip(after, sums, strict=True)]  # fmt: skip
        return after, together

    def alone(self, document: Any, group: Any, paid: list[tuple[Any, Any]]) -> Any:
        """Return what payments come to that share their years with no other member's."""
        known = {year for year, _ in paid if not isinstance(year, v.Span)}
        sums = [total_of([part for when, part in paid if when == year]) for year in sorted(known)]
        sums += [part for year, part in paid if isinstance(year, v.Span)]
        return total_of([self.share(document, group, [one], v.ZERO)[0][0] for one in sums])

    def history(self, group: Any, name: str, year: Any) -> Any:
        """Return what the members received in the group's time, competing today or not."""
        paid, here = [], self.evaluator
        for leaf in self.everyone(name):
            each = here.versions[leaf][0][1].get("each")
            if group["rule"] == "highest":
                continue
            within = each if group["rule"] == "cap" else None
            unlisted = within is not None and here.length(within) is None
            without = None if unlisted else here.keys(within) if within else ()
            paid.append(here.paid(leaf, without, year))
        return total_of(paid)

    def everyone(self, name: str) -> list[str]:
        parts = [[one] if one in self.results else self.everyone(one) for one in self.members(name)]
        return [leaf for part in parts for leaf in part]

    def share(self, document: Any, group: Any, sums: list[Any], paid: Any) -> tuple[list[Any], Any]:
        """Apply the rule to some sums: what each gets, and what all get together."""
        after, back = list(sums), v.negate(paid)
        if group["rule"] == "cap":
            scope = self.evaluator.scope(document, {}, {}, self.evaluator.on)
            room = v.greatest(v.add(self.evaluator.value(group["limit"], scope), back), v.ZERO)
            room = v.rounded(room, v.FEN, "down")
            ration(after, list(range(len(after))), [], room)
            return after, v.least(total_of(sums), room)
        after = winners(sums, lambda _i, _j: True)
        together: Any = v.ZERO
        for one in sums:
            together = v.greatest(together, one)
        if group["rule"] == "top_up":
            after = [v.greatest(v.add(one, back), v.ZERO) for one in after]
            together = v.greatest(v.add(together, back), v.ZERO)
        return after, together

    def by_item(self, document: Any, group: Any, names: list[str]) -> Any:
        having = [one for one in names if self.results[one].items]
        for i in range(max((len(self.results[one].items) for one in having), default=0)):
            before = [self.results[one].items[i].amount for one in having]
            entries = [self.entry(name, one) for name, one in zip(having, before, strict=True)]
            after, _ = self.share(document, group, entries, v.ZERO)
            for name, old, new in zip(having, before, after, strict=True):
                items = list(self.results[name].items)
                items[i] = replace(items[i], amount=self.change(name, old, new))
                self.results[name] = replace(self.results[name], items=items)
        for name in having:
            self.put(name, total_of([one.amount for one in self.results[name].items]))
        return total_of([self.entry(one, self.results[one].amount) for one in names])
