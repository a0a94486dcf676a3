"""One incentive as terms: its status and its amount for every known profile.

This follows ``engine.decide`` and ``engine.items`` for profiles that state every
fact: applicability, conditions, items, one item per value, a cap over items.
While no decision about a ceiling is recorded an amount is a range, so amounts
are pairs.

The law kept (``tests/property/test_proofs.py``): for the facts of a profile the
terms give the engine's status and range, before groups. The trap: sums are told
only where no item is open (``settled``); the answers are about those profiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.authoring.expressions import unique
from incentives.authoring.proofs import days, numbers
from incentives.authoring.proofs.encode import Amount, Encoder, Scope
from incentives.authoring.proofs.history import paid, payments
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import conj, counted, disj, neg
from incentives.authoring.proofs.world import NotEncodableError, Place, Truth, Word
from incentives.language import core
from incentives.language.core import CompareOp, Per
from incentives.language.names import AS_OF
from incentives.language.walk import mentions
from incentives.rulebook.model import Entitlement, Keep, LegalStatus
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from incentives.language.core import Expr
    from incentives.rulebook.model import Condition, Incentive, Rules, Total, Version

NEVER = {Entitlement.EXPLORATORY: "exploratory", Entitlement.BY_REFERENCE: "by_reference"}


@dataclass(frozen=True, slots=True)
class Head:
    """One version for one item, or for the incentive as a whole.

    ``apart`` says when it does not apply, ``tests`` every condition by id.
    """

    version: Version
    scope: Scope
    there: Any
    selected: Any
    apart: Any
    open: Any
    tests: tuple[tuple[Condition, Truth], ...]
    amount: Amount | None
    year: Any

    @property
    def eligible(self) -> Any:
        """When it is granted."""
        return conj((self.there, self.selected, neg(self.apart), neg(self.open), *self._met()))

    def _met(self) -> list[Any]:
        return [test.yes for _, test in self.tests]

    @property
    def failed(self) -> Any:
        """When a condition fails, and it would apply."""
        fails = disj(test.no for _, test in self.tests)
        return conj((self.there, self.selected, neg(self.apart), fails))

    @property
    def undetermined(self) -> Any:
        """When it applies for all that is known, nothing fails, and something is open."""
        some_open = disj(neg(disj((test.yes, test.no))) for _, test in self.tests)
        live = conj((self.there, self.selected, neg(self.apart), neg(self.failed)))
        return conj((live, disj((self.open, some_open))))


class Decided:
    """What one incentive gives, as terms.

    Args:
        rules: the rulebook it stands in.
        incentive: whose decision; its ``versions`` are what is encoded.
        encoder: over the facts.
    """

    def __init__(self, rules: Rules, incentive: Incentive, encoder: Encoder) -> None:
        self.rules = rules
        self.incentive = incentive
        self.encoder = encoder
        self.world = encoder.world
        self.each = incentive.each
        if encoder.others is None:
            encoder.others = Others(rules, encoder)
        self._refuse()
        self.replaced = Replaced(rules, encoder).replaced(incentive.id)
        self.heads = [
            head
            for version in incentive.versions
            for there, scope in self._scopes()
            for head in (self._head(version, there, scope),)
        ]
        self.items = self._by_item()

    def _refuse(self) -> None:
        version = self.incentive.versions[0]
        if version.budget is not None:
            raise NotEncodableError("有限额的资金池", "a limited purse")
        plain = len(self.incentive.versions) == 1
        if not plain and any(v.totals or v.distinct for v in self.incentive.versions):
            raise NotEncodableError("多个版本的合计上限", "caps over items of several versions")
        if len({v.amount is None for v in self.incentive.versions}) > 1:
            raise NotEncodableError("有的版本没有写明金额", "a version without an amount")
        if any(len(v.totals) > 1 for v in self.incentive.versions):
            raise NotEncodableError("多个合计上限", "several caps over items")

    def _scopes(self) -> list[tuple[Any, Scope]]:
        if self.each is None:
            return [(True, self.encoder.top)]
        return [
            (there, self.encoder.top.of_item(place))
            for there, place in self.world.places(self.each)
        ]

    def _head(self, version: Version, there: Any, scope: Scope) -> Head:
        encoder = self.encoder
        dated = self.incentive.versions[0].dated_by
        day = self.world.on if dated is None else encoder.day(dated, scope)
        encoder.vague.append(neg(day.ok))
        heads = [encoder.truth(c.test, encoder.top) for c in version.applicability]
        never = self.never
        apart = disj((*(test.no for test in heads), self.replaced.yes, never is not None))
        opened = disj(neg(disj((t.yes, t.no))) for t in (*heads, self.replaced))
        tests = [
            (c, encoder.truth(c.test, scope if c.per_item else encoder.top))
            for c in version.conditions
        ]
        selected = days.holds(version.period.since, version.period.until, day)
        amount = None if version.amount is None else encoder.amount(version.amount, scope)
        return Head(version, scope, there, selected, apart, opened, tuple(tests), amount, day.y)

    @property
    def never(self) -> str | None:
        """Why nobody is ever granted it, ``None`` where somebody may be."""
        if self.incentive.document.legal_status is LegalStatus.HISTORICAL:
            return "historical"
        return NEVER.get(self.incentive.entitlement)

    def _by_item(self) -> list[list[Head]]:
        """Return the heads of each item, or of the incentive, one for each version."""
        versions = len(self.incentive.versions)
        size = len(self.heads) // versions
        return [[self.heads[v * size + at] for v in range(versions)] for at in range(size)]

    # ── status ───────────────────────────────────────────────────────────────

    @property
    def eligible(self) -> Any:
        """When the decision is ``eligible``."""
        return disj(head.eligible for head in self.heads)

    @property
    def ineligible(self) -> Any:
        """When the decision is ``ineligible``."""
        if self.each is None:
            return disj(head.failed for head in self.heads)
        live = disj(disj((h.failed, h.undetermined)) for h in self.heads)
        none_open = conj(neg(head.undetermined) for head in self.heads)
        return disj((conj((live, none_open, neg(self.eligible))), self._empty()))

    def _empty(self) -> Any:
        """When there are no items, and one would be needed."""
        length = self.world.length(self.each or "")
        return conj((length == 0, neg(self._empty_apart())))

    def _empty_apart(self) -> Any:
        """When it does not apply although nobody asks about an item."""
        dated = self.incentive.versions[0].dated_by
        if len(self.incentive.versions) > 1 or (dated is not None and not self._by_its_item(dated)):
            raise NotEncodableError("多个版本与空列表", "several versions and an empty list")
        head = self.heads[0]
        if dated is not None:
            return head.apart
        return disj((neg(head.selected), head.apart))

    def _by_its_item(self, dated: Expr) -> bool:
        return self.each is not None and mentions(dated, self.each)

    @property
    def undetermined(self) -> Any:
        """When the decision is ``undetermined``."""
        open_ = disj(head.undetermined for head in self.heads)
        return open_ if self.each is None else conj((open_, neg(self.eligible)))

    @property
    def settled(self) -> Any:
        """When no item is open and every amount can be computed."""
        parts = [neg(head.undetermined) for head in self.heads]
        amounts = [(head, head.amount) for head in self.heads if head.amount is not None]
        parts += [disj((neg(head.eligible), amount.ok)) for head, amount in amounts]
        return conj(parts)

    # ── amount ───────────────────────────────────────────────────────────────

    @property
    def has_amount(self) -> bool:
        """Whether it gives an amount that a rule states."""
        return self.incentive.versions[0].amount is not None

    @property
    def is_ceiling(self) -> bool:
        """Whether somebody decides the amount under a ceiling, or may."""
        amounts = (v.amount for v in self.incentive.versions if v.amount is not None)
        return any(isinstance(node, core.UpTo) for a in amounts for node in unique(a))

    def award(self) -> Amount:
        """Return what it gives in all: zero unless eligible, before groups."""
        parts = self.each_award()
        totals = self.incentive.versions[0].totals
        if not totals:
            return Amount(
                numbers.add([part.lo for part in parts]), numbers.add([part.hi for part in parts])
            )
        lows: list[Num] = []
        highs: list[Num] = []
        for first, bucket, room in self.buckets(totals[0]):
            for ends, kept in ((lows, "lo"), (highs, "hi")):
                inside = [
                    numbers.either(same, getattr(part, kept), Num(0))
                    for same, part in zip(bucket, parts, strict=True)
                ]
                capped = numbers.smallest([numbers.add(inside), room])
                ends.append(numbers.either(first, capped, Num(0)))
        return Amount(numbers.add(lows), numbers.add(highs))

    def each_award(self) -> list[Amount]:
        """Return what each item gives, one per value, before the cap over items."""
        found = [self._item_award(heads) for heads in self.items]
        version = self.incentive.versions[0]
        if version.distinct is None:
            return found
        if version.keep is Keep.LARGEST:
            raise NotEncodableError("每个取值取最大一项", "the largest item of each value")
        labels = [self._word(version.distinct, heads[0]) for heads in self.items]
        kept = []
        for at, part in enumerate(found):
            earlier = disj(
                conj((self.items[other][0].eligible, labels[other].at == labels[at].at))
                for other in range(at)
            )
            kept.append(
                Amount(
                    numbers.either(earlier, Num(0), part.lo),
                    numbers.either(earlier, Num(0), part.hi),
                )
            )
        return kept

    def _word(self, node: Expr, head: Head) -> Word:
        found = self.encoder.value(node, head.scope)
        if not isinstance(found, Word):
            raise NotEncodableError("按非文本归并", "values that are no words")
        return found

    def _item_award(self, heads: list[Head]) -> Amount:
        lo, hi = Num(0), Num(0)
        for head in heads:
            if head.amount is not None:
                lo = numbers.either(head.eligible, head.amount.lo, lo, ok=True)
                hi = numbers.either(head.eligible, head.amount.hi, hi, ok=True)
        return Amount(lo, hi)

    def buckets(self, total: Total) -> list[tuple[Any, list[Any], Num]]:
        """Return, for each item: is it the first under its cap, who shares that, what is left."""
        heads = [versions[0] for versions in self.items]
        labels = [None if total.by is None else self._word(total.by, head) for head in heads]
        live = [conj((h.there, h.selected, neg(h.apart))) for h in heads]
        keys = (
            [
                (head.there, self.world.item_key(head.scope.item))
                for head in heads
                if head.scope.item is not None
            ]
            if total.per is not None
            else []
        )
        found = []
        for at, head in enumerate(heads):
            same = []
            for other, rival in enumerate(heads):
                tests = [live[at], live[other]]
                if other != at and total.per is Per.YEAR:
                    tests.append(rival.year == head.year)
                mine, theirs = labels[at], labels[other]
                if other != at and mine is not None and theirs is not None:
                    tests.append(mine.at == theirs.at)
                same.append(conj(tests))
            first = conj((live[at], *(neg(each) for each in same[:at])))
            found.append((first, same, self._room(total, head, labels[at], keys)))
        return found

    def cap(self, total: Total, year: Any) -> Num:
        """Return a cap over items in whole fen, as it reads on its day."""
        on, period = self.world.on, self.incentive.versions[0].period
        day = on
        if total.per is Per.YEAR:
            day = _latest(_earliest(on, days.end_of(Num(year))), days.start_of(Num(year)))
        if period.since is not None:
            day = _latest(day, days.day(period.since))
        if period.until is not None:
            day = _earliest(day, days.day(period.until))
        scope = Scope(self.encoder.top.records, {AS_OF: day})
        rounded = numbers.round_to(self.encoder.num(total.cap, scope), Num(1), Mode.DOWN)
        return numbers.largest([Num(0), rounded])

    def _room(
        self, total: Total, head: Head, label: Word | None, keys: list[tuple[Any, Word]]
    ) -> Num:
        cap = self.cap(total, head.year)
        if total.per is None:
            return cap
        found = payments(
            self.world,
            self.incentive.id,
            total.per,
            year=head.year if total.per is Per.YEAR else None,
            item=label,
            without=keys,
        )
        left = numbers.add([cap, numbers.minus(paid(found))])
        return numbers.largest([Num(0), left])


class Others:
    """The results of the incentives that one refers to, each encoded once."""

    def __init__(self, rules: Rules, encoder: Encoder) -> None:
        self.rules = rules
        self.encoder = encoder
        self._found: dict[str, Decided] = {}

    def _decided(self, name: str) -> Decided:
        found = self._found.get(name)
        if found is None:
            found = Decided(self.rules, self.rules.incentives[name], self.encoder)
            self._found[name] = found
        return found

    def granted(self, incentive: str, item: Place | None) -> Truth:
        """Return whether another incentive is eligible, for this item where it has it."""
        decided = self._decided(incentive)
        yes, unsure = decided.eligible, decided.undetermined
        if item is not None and decided.each == item.entity:
            heads = decided.items[item.index or 0]
            yes = disj(head.eligible for head in heads)
            unsure = disj(head.undetermined for head in heads)
        return Truth(yes, conj((neg(yes), neg(unsure))))

    def award(self, incentive: str, item: Place | None) -> Num:
        """Return what another incentive gives; ``ok`` where that is one figure."""
        decided = self._decided(incentive)
        entitlement = decided.incentive.entitlement
        if entitlement is Entitlement.CASE_BY_CASE and not decided.has_amount:
            return Num(0, 1, neg(disj((decided.eligible, decided.undetermined))))
        if item is not None and decided.each == item.entity:
            if decided.incentive.versions[0].totals:
                raise NotEncodableError(
                    f"{incentive} 合计上限下的单项金额", f"one item of {incentive} under its cap"
                )
            found = decided.each_award()[item.index or 0]
        else:
            found = decided.award()
        same = numbers.compare(CompareOp.EQ, found.lo, found.hi)
        return Num(found.hi.n, found.hi.d, conj((found.ok, decided.settled, same)))


class Replaced:
    """Which incentives another replaces, as ``engine.evaluation`` decides it."""

    def __init__(self, rules: Rules, encoder: Encoder) -> None:
        self.rules = rules
        self.encoder = encoder

    def replaced(self, target: str) -> Truth:
        """Return whether an incentive is replaced; two that replace it at once leave it open."""
        owners = [
            owner
            for owner in self.rules.incentives.values()
            if any(o.incentive == target for v in owner.versions for o in v.overrides)
        ]
        tests = [self._replaces(owner, self.rules.incentives[target]) for owner in owners]
        if not tests:
            return Truth(False, True)
        if len(tests) == 1:
            return tests[0]
        return Truth(counted(test.yes for test in tests) == 1, conj(test.no for test in tests))

    def _replaces(self, owner: Incentive, target: Incentive) -> Truth:
        status = owner.document.legal_status
        draft = status is LegalStatus.DRAFT
        law = status is not LegalStatus.HISTORICAL and owner.entitlement not in NEVER
        into_draft = target.document.legal_status is LegalStatus.DRAFT
        if not (into_draft if draft else law):
            return Truth(False, True)
        standing = self.replaced(owner.id)
        dated = owner.versions[0].dated_by
        by_item = owner.each is not None and any(
            mentions(node, owner.each)
            for node in (dated, *(o.when for v in owner.versions for o in v.overrides))
            if node is not None
        )
        if by_item:
            raise NotEncodableError(
                f"{owner.id} 按项目替代本项", f"{owner.id} replaces it item by item"
            )
        encoder = self.encoder
        day = encoder.world.on if dated is None else encoder.day(dated, encoder.top)
        encoder.vague.append(neg(day.ok))
        yes, no = [], []
        for version in owner.versions:
            selected = days.holds(version.period.since, version.period.until, day)
            whens = [
                Truth(True, False) if o.when is None else encoder.truth(o.when, encoder.top)
                for o in version.overrides
                if o.incentive == target.id
            ]
            tests = [encoder.truth(c.test, encoder.top) for c in version.applicability]
            wanted = disj(when.yes for when in whens)
            yes.append(conj((selected, wanted, *(test.yes for test in tests))))
            unwanted = conj(when.no for when in whens)
            no.append(disj((neg(selected), unwanted, *(test.no for test in tests))))
        return Truth(conj((standing.no, disj(yes))), disj((standing.yes, conj(no))))


def _earliest(a: days.Day, b: days.Day) -> days.Day:
    return days.either(days.compare(CompareOp.LE, a, b), a, b)


def _latest(a: days.Day, b: days.Day) -> days.Day:
    return days.either(days.compare(CompareOp.GE, a, b), a, b)
