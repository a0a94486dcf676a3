"""A rulebook on a day as columns over one staged input.

What has no exact columns is refused with a finding that points at the rule; nothing is
approximated. Where the single engine may settle more than columns say (a fact that is
read twice, say), the row is marked ``alone``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Sort, WidthError
from incentives.batch.graph import Columns
from incentives.batch.lowered import Answer, Lowered, LoweredIncentive
from incentives.batch.lowering import meaning, rational
from incentives.batch.lowering.decide import Chosen, doubted, either, head, part, purse, reach
from incentives.batch.lowering.expression import Expressions, Frame
from incentives.batch.lowering.facts import Tables
from incentives.batch.lowering.folds import fold
from incentives.batch.lowering.grouping import apply_group
from incentives.batch.lowering.over_items import day_of, decide_items, what_is_left
from incentives.batch.lowering.part import Decided, Part, RefusedError, path_words
from incentives.batch.lowering.value import (
    NOTHING,
    Truth,
    Value,
    Waits,
    is_known,
    truth_among,
    union,
    while_,
)
from incentives.diagnostics import Label, fault
from incentives.language.core import Fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from incentives.batch.staged import Staged
    from incentives.diagnostics import Finding
    from incentives.engine.assess import Options
    from incentives.engine.plan import IncentivePlan, Plan
    from incentives.engine.reads import Reads
    from incentives.rulebook.model import Group, Incentive, Version


def lower(
    plan: Plan, on: date, options: Options, staged: Staged, only: Iterable[str] | None = None
) -> Lowered:
    """Lower every incentive, or those in ``only``.

    Args:
        plan: the compiled rulebook.
        on: the date of assessment.
        options: as for one profile; ``refine`` is not read: a batch gives compositional ranges.
        staged: the input, whose extremes prove the widths.
        only: ids; what they depend on is lowered with them.
    """
    run = _Lowering(plan.known_on(options.known_on), on, options, staged)
    wanted = [name for name in sorted(run.plan.by_id) if only is None or name in set(only)]
    return run.lowered(wanted)


class _Lowering:
    """One pass over a rulebook."""

    def __init__(self, plan: Plan, on: date, options: Options, staged: Staged) -> None:
        self.plan = plan
        self.options = options
        self.columns = Columns()
        tables = Tables(self.columns, plan.rules.vocabulary, staged)
        self.expressions = Expressions(tables, on, no_history=options.assume_no_history)
        self.refused: dict[str, Finding] = {}
        self._replacing: dict[str, dict[str, Truth]] = {}

    def lowered(self, wanted: Sequence[str]) -> Lowered:
        """Decide what is wanted, with what it needs, then apply the groups."""
        groups = self.plan.groups(self.expressions.on, drafts=False)
        mates = _group_mates(groups, wanted)
        needed = {*wanted, *mates}
        for name in tuple(needed):
            needed |= {*self.plan.needs(name)}
        for owner in self.plan.incentives:
            if owner.id in needed:
                self._try(owner.id, owner)
        changed = {}
        for group in groups:
            members = [name for name in group.members if name in self.plan.by_id]
            if not set(members) & set(wanted):
                continue
            lost = [name for name in members if name in self.refused]
            if lost:
                for name in members:
                    self.refused.setdefault(name, self.refused[lost[0]])
                continue
            changed.update(apply_group(self.expressions, group, self.expressions.results))
        out = []
        for name in wanted:
            if name not in self.refused:
                try:
                    out.append(self._answered(name, changed.get(name)))
                except (RefusedError, WidthError) as error:
                    self._refuse(name, error)
        return Lowered(
            tuple(out), {name: self.refused[name] for name in wanted if name in self.refused}
        )

    def _try(self, name: str, owner: IncentivePlan) -> None:
        lost = next((need for need in self.plan.needs(name) if need in self.refused), None)
        if lost is not None:
            self.refused[name] = self.refused[lost]
            return
        if owner.is_draft and self.options.drafts:
            self._refuse(name, RefusedError("drafts have a pass of their own", "草案另行评估"))
            return
        try:
            self.expressions.results[name] = self._decide(owner.incentive, owner)
        except (RefusedError, WidthError) as error:
            self._refuse(name, error)

    def _refuse(self, name: str, error: RefusedError | WidthError) -> None:
        owner = self.plan.by_id[name].incentive
        if isinstance(error, WidthError):
            about = ("a number may need more than 127 bits", "数值可能超过127个二进制位")
        else:
            about = error.about
        text = (
            f"`{name}` has no exact columns ({about[0]}): the single engine decides it",
            f"“{name}”无法以逐列方式精确计算（{about[1]}），改由单户引擎判定",
        )
        span = owner.versions[-1].span
        label = () if span is None else (Label(span),)
        self.refused[name] = fault("E801", text, *label)

    # ── one incentive ────────────────────────────────────────────────────────

    def _decide(self, owner: Incentive, plan: IncentivePlan) -> Decided:
        versions = [each.version for each in plan.versions]
        replaced = self._replaced(owner.id)
        if versions[0].each is not None:
            found = decide_items(
                self.expressions, owner, versions, replaced, dated_by_item=plan.dated_by_item
            )
            return self._pursed(found, versions[0])
        lower_, frame = self.expressions, Frame(self.expressions.tables.single())
        day = day_of(lower_, versions[0], frame)
        reached, hard = reach(lower_, versions, day)
        parts = []
        for can, version in reached:
            one = part(lower_, owner, head(lower_, owner, version, replaced, frame), frame)
            parts.append((can, self._capped(owner, version, one, reached)))
        whole = either(lower_, parts, day, hard)
        return self._pursed(Decided(doubted(lower_, whole, replaced)), versions[0])

    def _capped(
        self, owner: Incentive, version: Version | None, one: Part, reached: Chosen
    ) -> Part:
        """Hold the award of no items to what is left of a cap over time."""
        if version is None or one.value is None or not version.totals:
            return one
        if len(reached) > 1:
            raise RefusedError(
                "a cap over time with a date that differs by row", "日期逐行不同的期间上限"
            )
        value = one.value
        for cap in version.totals:
            room = what_is_left(self.expressions, owner, version, cap)
            held = meaning.extreme(self.columns, (value, room), smallest=True)
            value = replace(held, hard=self.columns.all((one.live(self.columns), held.hard)))
        return replace(one, value=value)

    def _pursed(self, found: Decided, version: Version) -> Decided:
        if version.budget is None or found.whole.value is None:
            return found
        value = purse(self.expressions, found.whole.value)
        return replace(found, whole=replace(found.whole, value=value))

    # ── what replaces what ───────────────────────────────────────────────────

    def _replaced(self, target: str) -> Truth:
        """Return whether an incentive is replaced; two that do at once are for the engine."""
        columns = self.columns
        names = self.plan.overriders.get(target)
        no = Truth(columns.false, NOTHING, columns.false)
        if names is None:
            return no
        tests = [self._replaces(name).get(target, no) for name in names]
        found = meaning.any_(columns, tests)
        holds = [columns.holds(test.v) for test in tests]
        twice = columns.any(
            [columns.all((a, b)) for at, a in enumerate(holds) for b in holds[at + 1 :]]
        )
        hard = columns.any((found.hard, twice))
        if len(tests) > 1:
            hard = columns.any((hard, *(columns.is_null(test.v) for test in tests)))
        return replace(found, hard=hard)

    def _replaces(self, name: str) -> dict[str, Truth]:
        found = self._replacing.get(name)
        if found is None:
            found = self._replacing[name] = {}
            owner = self.plan.by_id[name]
            if owner.is_law:
                standing = meaning.not_(self.columns, self._replaced(name))
                for target in owner.overrides:
                    if self.plan.by_id[target].is_draft or not owner.is_draft:
                        applies = self._applies(owner, target)
                        found[target] = meaning.all_(self.columns, (standing, applies))
        return found

    def _applies(self, owner: IncentivePlan, target: str) -> Truth:
        """Return whether one incentive is in its period, applicable, and set to replace another."""
        lower_, columns = self.expressions, self.columns
        firm = Frame(lower_.tables.single())
        if not owner.overrides_by_item:
            return self._on_day(owner, target, firm)
        entity = owner.each or ""
        stated = lower_.tables.is_stated(entity)
        found: list[tuple[Column, Value]] = []
        if stated is not columns.false:
            item = Frame({**firm.records, entity: lower_.tables.item(entity)}, item=entity)
            each = self._on_day(owner, target, item)
            found.append((stated, fold(lower_, Fold.ANY, entity, None, each)))
        if stated is not columns.true:
            anything = {**firm.records, entity: lower_.tables.any_item(entity)}
            one = self._on_day(owner, target, Frame(anything, item=entity, any_item=True))
            v = columns.if_(columns.fails(one.v), columns.false, columns.null(Sort.TRUTH))
            list_ = Waits({entity: columns.true})
            waits = while_(columns, columns.is_null(v), union(columns, (one.waits, list_)))
            found.append((columns.not_(stated), Truth(v, waits, one.hard)))
        return truth_among(columns, found)

    def _on_day(self, owner: IncentivePlan, target: str, frame: Frame) -> Truth:
        """Return whether it replaces another under the version that a day selects."""
        columns, lower_ = self.columns, self.expressions
        versions = [each.version for each in owner.versions]
        day = day_of(lower_, versions[0], frame)
        reached, hard = reach(lower_, versions, day)
        always, no = (Truth(c, NOTHING, columns.false) for c in (columns.true, columns.false))
        found: list[tuple[Column, Value]] = []
        for can, version in reached:
            if version is None:
                found.append((can, no))
                continue
            whens = [
                always if item.when is None else lower_.truth(item.when, frame)
                for item in version.overrides
                if item.incentive == target
            ]
            tests = [lower_.truth(c.test, frame) for c in version.applicability]
            found.append((can, meaning.all_(columns, (meaning.any_(columns, whens), *tests))))
        waits = while_(columns, columns.not_(is_known(columns, day)), day.waits)
        return truth_among(columns, found, (waits,), (day.hard, hard))

    # ── answers ──────────────────────────────────────────────────────────────

    def _answered(self, name: str, grouped: Part | None) -> LoweredIncentive:
        owner = self.plan.by_id[name]
        decided = self.expressions.results[name]
        whole = decided.whole if grouped is None else grouped
        reads = self.plan.reads(owner)
        differs, hard = self._differs(owner, decided.whole)
        hard = self.columns.any((hard, decided.whole.hard))
        answer = self._answer(whole, reads, differs, hard)
        items = None
        if decided.items is not None:
            items = self._answer(decided.items, reads, self.columns.false, self.columns.false)
            items = replace(items, alone=answer.alone)
        return LoweredIncentive(name, answer, decided.each, items)

    def _answer(self, of: Part, reads: Reads, differs: Column, hard: Column) -> Answer:
        columns = self.columns
        live = of.live(columns)
        status = columns.literal("eligible")
        if not of.sure:
            status = columns.if_(of.elig, status, columns.literal("undetermined"))
        for truth, word in ((of.inel, "ineligible"), (of.na, "not_applicable")):
            status = columns.if_(truth, columns.literal(word), status)
        reason = columns.if_(of.na, of.reason, columns.null(Sort.WORD))
        waits = of.waits(columns)
        low = high = amount = columns.null(Sort.WHOLE)
        unsettled = columns.any((of.open(columns), waits.any(columns)))
        mixed = columns.false
        if of.value is not None:
            value = of.award(columns)
            (low, odd), (high, odder) = self._fen(value.lo), self._fen(value.hi)
            known = columns.true if value.lo == value.hi else is_known(columns, value)
            amount = columns.if_(known, low, columns.null(Sort.WHOLE))
            mixed = columns.all((live, value.mixed))
            hard = columns.any((hard, odd, odder, columns.all((live, value.hard))))
        names = None if reads.shared else reads.repeated
        sharp = columns.any((mixed, waits.sharpened_by(columns, names)))
        alone = columns.any((hard, columns.all((unsettled, sharp))))
        missing = columns.sorted(path_words(columns, waits))
        return Answer(status, reason, amount, low, high, of.failed, missing, differs, alone)

    def _fen(self, end: rational.Ratio) -> tuple[Column, Column]:
        """Return an end of a final amount in whole fen, and where it is not whole.

        Final amounts are whole and not negative (LANGUAGE.md 7); where a row were not, the
        single engine would say so.
        """
        columns = self.columns
        if end.den is columns.literal(1):
            return end.num, columns.false
        top = columns.greatest((end.num, columns.literal(0)))
        top = top if end.num.sure else columns.if_(columns.is_null(end.num), end.num, top)
        whole = columns.quotient(top, end.den)
        exact = columns.eq(columns.mul(whole, end.den), end.num)
        return whole, columns.fails(exact)

    def _differs(self, owner: IncentivePlan, default: Part) -> tuple[Column, Column]:
        """Say whether a reading gives another status or range, and where only the engine can."""
        columns = self.columns
        differs, hard = columns.false, columns.false
        for reading in self.plan.readings.get(owner.id, ()):
            other = self._decide(reading.plan.incentive, reading.plan).whole
            statuses = (
                (other.na, default.na),
                (other.inel, default.inel),
                (other.elig, default.elig),
            )
            same = [self._alike(a, b) for a, b in statuses]
            if other.value is not None and default.value is not None:
                mine, theirs = default.award(columns), other.award(columns)
                same += [self._same(a, b) for a, b in ((mine.lo, theirs.lo), (mine.hi, theirs.hi))]
            differs = columns.any((differs, columns.not_(columns.all(same))))
            hard = columns.any((hard, other.hard, other.award(columns).hard))
        return differs, hard

    def _alike(self, a: Column, b: Column) -> Column:
        columns = self.columns
        apart = columns.all((a, columns.not_(b))), columns.all((b, columns.not_(a)))
        return columns.not_(columns.any(apart))

    def _same(self, a: rational.Ratio, b: rational.Ratio) -> Column:
        columns = self.columns
        both = columns.all((columns.is_null(a.num), columns.is_null(b.num)))
        return columns.any((both, columns.holds(rational.eq(columns, a, b))))


def _group_mates(groups: Iterable[Group], wanted: Iterable[str]) -> set[str]:
    """Return the incentives that share a payment with one that is wanted."""
    names = set(wanted)
    return {name for group in groups if names & {*group.members} for name in group.members}
