"""A rulebook compiled for one profile at a time: every expression a closure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from incentives.engine.budget import Costs
from incentives.engine.compile import Compiled, compile_expr
from incentives.engine.outcome import Status
from incentives.engine.quick import Answer, Known, quick_plan
from incentives.engine.reads import Reads, reads
from incentives.language.walk import mentions
from incentives.rulebook.known import publications, rules_known_on
from incentives.rulebook.model import (
    Entitlement,
    Group,
    Incentive,
    Keep,
    LegalStatus,
    Reading,
    Rules,
    Total,
    Version,
)
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.language.core import Expr

_NEVER = {
    Entitlement.EXPLORATORY: "exploratory",
    Entitlement.BY_REFERENCE: "by_reference",
}


def _maybe(node: Expr | None) -> Compiled | None:
    return None if node is None else compile_expr(node)


class TotalPlan:
    """A compiled cap over items."""

    __slots__ = ("by", "cap", "total")

    def __init__(self, total: Total) -> None:
        self.total = total
        self.cap = compile_expr(total.cap)
        self.by = _maybe(total.by)


class VersionPlan:
    """A compiled version."""

    __slots__ = (
        "amount", "applicability", "ceiling_open", "distinct", "has_amount", "item_tests",
        "keep_largest", "never", "overrides", "quick", "tests", "totals", "version",
    )  # fmt: skip

    def __init__(self, version: Version) -> None:
        self.version = version
        self.applicability = [(c.id, compile_expr(c.test)) for c in version.applicability]
        self.tests = [(c.id, compile_expr(c.test)) for c in version.conditions if not c.per_item]
        self.item_tests = [(c.id, compile_expr(c.test)) for c in version.conditions if c.per_item]
        self.amount = _maybe(version.amount)
        self.ceiling_open = (
            version.entitlement is Entitlement.CASE_BY_CASE and version.amount is None
        )
        self.has_amount = self.amount is not None or self.ceiling_open
        self.distinct = _maybe(version.distinct)
        self.keep_largest = version.keep is Keep.LARGEST
        self.totals = [TotalPlan(total) for total in version.totals]
        self.overrides = [(item.incentive, _maybe(item.when)) for item in version.overrides]
        self.never = _NEVER.get(version.entitlement)
        self.quick = quick_plan(version, self.never)

    def gives(self, env: dict[str, Any]) -> Any:
        """Return the amount in fen, ``None`` where there is none."""
        if self.amount is not None:
            value = self.amount(env)
            if value.__class__ is Unknown and value.lo is None:  # no row to take, say
                return replace(value, lo=0)
            return value
        return Unknown(lo=0, open=True) if self.ceiling_open else None


class IncentivePlan:
    """A compiled incentive under one reading."""

    __slots__ = (
        "_not_now", "dated_by", "dated_by_item", "document_reason", "each", "id", "incentive",
        "is_draft", "is_law", "is_plain", "overrides", "overrides_by_item", "versions",
    )  # fmt: skip

    def __init__(self, incentive: Incentive, versions: Iterable[Version]) -> None:
        self.incentive = incentive
        self.id = incentive.id
        self.versions = [VersionPlan(version) for version in versions]
        self.each = incentive.each
        self.dated_by = _maybe(self.versions[0].version.dated_by)
        status = incentive.document.legal_status
        self.is_draft = status is LegalStatus.DRAFT
        self.document_reason = "historical" if status is LegalStatus.HISTORICAL else None
        self.is_law = (
            not self.is_draft and self.document_reason is None and self.versions[0].never is None
        )
        listed = [item for plan in self.versions for item in plan.version.overrides]
        self.overrides = sorted({item.incentive for item in listed})
        self.dated_by_item = self._reads_item(self.versions[0].version.dated_by)
        self.overrides_by_item = self.dated_by_item or any(
            self._reads_item(item.when) for item in listed
        )
        self.is_plain = self.dated_by is None and not self.overrides
        zero = 0 if self.versions[0].has_amount else None
        self._not_now = {
            reason: Answer(Status.NOT_APPLICABLE, reason, zero, ())
            for reason in ("period", "draft", "historical")
        }

    def _reads_item(self, node: Expr | None) -> bool:
        return node is not None and self.each is not None and mentions(node, self.each)

    def quick(self, known: Known, on: date, *, drafts: bool) -> Answer | None:
        """Return the quick path's answer, ``None`` where the general path has to decide."""
        plan = self._on(on)
        if plan is None:
            return self._not_now["period"]
        if self.is_draft and not drafts:
            return self._not_now["draft"]
        if self.document_reason is not None:
            return self._not_now[self.document_reason]
        return None if plan.quick is None else plan.quick.decide(known)

    def at(self, day: Any) -> list[VersionPlan | None]:
        """Return the versions ``day`` can select; ``None`` stands for outside all of them."""
        if day.__class__ is not Unknown:
            return [self._on(day)]
        lo, hi = bounds(day)
        first, last = lo or date.min, hi or date.max
        reach: list[VersionPlan | None] = []
        covered = 0
        for plan in self.versions:
            period = plan.version.period
            since, until = period.since or date.min, period.until or date.max
            if since <= last and first <= until:
                reach.append(plan)
                covered += (min(until, last) - max(since, first)).days + 1
        if covered < (last - first).days + 1:
            reach.append(None)
        return reach

    def _on(self, day: date) -> VersionPlan | None:
        for plan in self.versions:
            if plan.version.period.holds(day):
                return plan
        return None


class ReadingPlan:
    """An alternative reading of an incentive, compiled when first asked for."""

    __slots__ = ("_plan", "incentive", "reading")

    def __init__(self, incentive: Incentive, reading: Reading) -> None:
        self.incentive = incentive
        self.reading = reading
        self._plan: IncentivePlan | None = None

    @property
    def plan(self) -> IncentivePlan:
        """The compiled reading."""
        if self._plan is None:
            self._plan = IncentivePlan(self.incentive, self.reading.versions)
        return self._plan


class Plan:
    """The compiled rulebook; shared by threads, never changed after it is made."""

    __slots__ = (
        "_costs", "_known", "_needs", "_published", "_reads", "by_id", "incentives", "overriders",
        "readings", "rules",
    )  # fmt: skip

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._needs: dict[str, tuple[str, ...]] = {}
        self._reads: dict[int, Reads] = {}
        self._known: dict[int, Plan] = {}
        self._published: list[date] | None = None
        self._costs: Costs | None = None
        self.incentives = [
            IncentivePlan(incentive, incentive.versions) for incentive in rules.incentives.values()
        ]
        self.readings = {
            incentive.id: [ReadingPlan(incentive, r) for r in incentive.readings if not r.default]
            for incentive in rules.incentives.values()
            if incentive.readings
        }
        overriders: dict[str, set[str]] = {}
        for incentive in rules.incentives.values():
            for version in incentive.versions:
                for override in version.overrides:
                    overriders.setdefault(override.incentive, set()).add(incentive.id)
        self.overriders = {target: sorted(ids) for target, ids in overriders.items()}
        self.by_id = {owner.id: owner for owner in self.incentives}
        for target in self.overriders:
            self.by_id[target].is_plain = False

    @property
    def costs(self) -> Costs:
        """How many steps each incentive, and everything together, can take."""
        if self._costs is None:
            self._costs = Costs(self)
        return self._costs

    def known_on(self, day: date | None) -> Plan:
        """Return the rules as they were known on a day, compiled; ``None``: as they are."""
        if day is None:
            return self
        if self._published is None:
            self._published = publications(self.rules)
        at = bisect_right(self._published, day)
        if at == len(self._published):
            return self
        found = self._known.get(at)
        if found is None:
            found = self._known[at] = Plan(rules_known_on(self.rules, day))
        return found

    def needs(self, incentive: str) -> tuple[str, ...]:
        """Return the incentives that must be decided before one, each after those it needs."""
        found = self._needs.get(incentive)
        if found is None:
            overriders = self.overriders.get(incentive, ())
            wanted = {*self.by_id[incentive].incentive.depends_on, *overriders}
            for name in tuple(wanted):
                wanted |= {*self.needs(name)}
            found = tuple(owner.id for owner in self.incentives if owner.id in wanted)
            self._needs[incentive] = found
        return found

    def leaves(self, group: Group) -> list[str]:
        """Return the incentives below a group, through the groups inside it."""
        inner = {other.id: other for other in self.rules.groups}
        found: list[str] = []
        for member in group.members:
            found += self.leaves(inner[member]) if member in inner else [member]
        return found

    def groups(self, on: date, *, drafts: bool) -> list[Group]:
        """Return the groups to apply on a day: those of the law, or those of drafts.

        A draft's group never changes what the law gives, nor one of the law a
        draft: each keeps the members of its own kind, and those with an amount.
        """
        live = {
            group.id: group for group in self.rules.groups if _is_live(group, on, drafts=drafts)
        }

        def takes_part(member: str) -> bool:
            owner = self.by_id.get(member)
            if owner is None:
                return member in live
            return owner.is_draft is drafts and owner.versions[0].has_amount

        return [
            replace(group, members=tuple(filter(takes_part, group.members)))
            for group in live.values()
        ]

    def reads(self, owner: IncentivePlan) -> Reads:
        """Return how an incentive reads its facts, with those of the incentives it needs."""
        found = self._reads.get(id(owner))
        if found is None:
            others = [self.by_id[name] for name in self.needs(owner.id)]
            found = self._reads[id(owner)] = reads(
                [[item.version for item in each.versions] for each in (owner, *others)]
            )
        return found


def _is_live(group: Group, on: date, *, drafts: bool) -> bool:
    if group.document is None:
        return not drafts
    status = group.document.legal_status
    in_force = status is not LegalStatus.HISTORICAL and group.document.effective.holds(on)
    return in_force and (status is LegalStatus.DRAFT) is drafts
