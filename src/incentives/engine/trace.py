"""One incentive at one point of a figure, and how far to the right the same straight line holds.

The same stages as ``engine.decide`` (applicability, conditions, amount, items,
totals), with forms in the place of what moves with the figure. Everything that
does not move is evaluated by the compiled expressions themselves, so only what
the figure touches is spelled out here; ``engine.curve`` compares every line with
what the engine decides.

The trap: what cannot be followed raises ``CurveError``. Nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import compile_expr, item_scope
from incentives.engine.environment import ITEM, LIST, ON, Environment
from incentives.engine.forms import (
    CurveError,
    Form,
    Number,
    Reach,
    extreme,
    gap,
    is_number,
    lift,
    negative,
    over,
    rounded,
    times,
    total,
)
from incentives.engine.items import what_is_left as left_of
from incentives.language import core
from incentives.language.core import CompareOp, Fold
from incentives.language.names import DECIDED
from incentives.language.semantics import compare, year_span
from incentives.language.walk import children
from incentives.rulebook.profile import Record
from incentives.values.unknown import Unknown, missing_in

if TYPE_CHECKING:
    from incentives.engine.compile import Compiled
    from incentives.engine.evaluation import Evaluation
    from incentives.engine.plan import IncentivePlan, Plan, VersionPlan
    from incentives.language.core import Expr


@dataclass(frozen=True, slots=True)
class Base:
    """The figure that moves: its entity and name, its record's path, its key in the record."""

    entity: str
    name: str
    record: str
    key: Any

    @property
    def path(self) -> str:
        """The fact's path: ``contract[1].performed_amount``, ``applicant.revenue.2023``."""
        year = f".{self.key[1]}" if isinstance(self.key, tuple) else ""
        return f"{self.record}.{self.name}{year}"


class Moving:
    """Which expressions and incentives the figure can touch; kept for all points of a curve."""

    def __init__(self, plan: Plan, base: Base) -> None:
        self.plan = plan
        self.base = base
        self._nodes: dict[int, bool] = {}
        self._incentives: dict[str, bool] = {}
        self._compiled: dict[int, Compiled] = {}

    def touches(self, node: Expr) -> bool:
        """Say whether an expression can change with the figure."""
        found = self._nodes.get(id(node))
        if found is None:
            found = self._reads(node) or any(self.touches(child) for child in children(node))
            self._nodes[id(node)] = found
        return found

    def _reads(self, node: Expr) -> bool:
        if isinstance(node, core.Fact):
            return (node.entity, node.name) == (self.base.entity, self.base.name)
        if isinstance(node, core.AwardOf | core.GrantedOf):
            return self.touches_incentive(node.incentive)
        return False

    def touches_incentive(self, name: str) -> bool:
        """Say whether what an incentive gives can change with the figure."""
        found = self._incentives.get(name)
        if found is None:
            self._incentives[name] = False  # cycles are load errors
            owner = self.plan.by_id[name]
            found = any(
                self.touches(expr) for each in owner.versions for expr in _all_of(each)
            ) or any(self.touches_incentive(over) for over in self.plan.overriders.get(name, ()))
            self._incentives[name] = found
        return found

    def plain(self, node: Expr, env: Environment) -> Any:
        """Evaluate an expression that the figure does not touch."""
        compiled = self._compiled.get(id(node))
        if compiled is None:
            compiled = self._compiled[id(node)] = compile_expr(node)
        return compiled(env)


def _open(what: str, zh: str, value: Any) -> CurveError:
    """Return the error for a value that is not known, with the facts it waits for."""
    missing = missing_in(value)
    return CurveError(
        f"{what}: it waits for {', '.join(sorted(missing)) or 'a finding'}", zh, missing
    )


def _all_of(plan: VersionPlan) -> list[Expr]:
    version = plan.version
    found = [c.test for c in (*version.applicability, *version.conditions)]
    found += [each.when for each in version.overrides if each.when is not None]
    for each in version.totals:
        found += [part for part in (each.cap, each.by) if part is not None]
    single = (version.amount, version.dated_by, version.distinct)
    return [*found, *(expr for expr in single if expr is not None)]


@dataclass(slots=True)
class Traced:
    """What an incentive or item gives at the point: whether it is granted, and its form."""

    granted: bool
    value: Any
    each: str | None = None
    items: list[Traced] = field(default_factory=list)
    key: str = ""
    year: Any = None


class Trace:
    """Follows one evaluation; ``reach`` says how far what it returns holds."""

    def __init__(self, moving: Moving, run: Evaluation, reach: Reach) -> None:
        self.moving = moving
        self.run = run
        self.reach = reach
        self.done: dict[str, Traced] = {}

    # ── incentives ───────────────────────────────────────────────────────────

    def award(self, owner: IncentivePlan) -> Traced:
        """Return what an incentive gives, after its totals and before groups."""
        found = self.done.get(owner.id)
        if found is None:
            env = dict(self.run.env)
            env[ITEM] = None
            found = self.done[owner.id] = self._award(owner, env)
        return found

    def _award(self, owner: IncentivePlan, env: Environment) -> Traced:
        if owner.each is None:
            plan, _ = self._version(owner, env)
            one = self._part(owner, plan, env)
            one.year = env[ON].year
            if plan is not None and plan.totals and one.granted:
                one.value = self._totals(owner, plan, [one], env, ())
            return one
        records = env[LIST + owner.each] or ()
        items, plans = [], []
        for index, record in enumerate(records):
            item_scope(env, owner.each, index, record)
            plan, year = self._version(owner, env)
            one = self._part(owner, plan, env)
            one.key, one.year = env[ITEM][2], year
            items.append(one)
            plans.append(plan)
        env[ITEM] = None
        granted = [item for item in items if item.granted]
        value = total([item.value for item in granted])
        first = next((plan for plan in plans if plan is not None), None)
        if first is not None and granted:
            if first.distinct is not None and len(items) > 1:
                raise CurveError("one item per value is paid: no curve over several items")
            keys = tuple(item.key for item in items)
            value = self._totals(owner, first, granted, env, keys)
        return Traced(bool(granted), value, owner.each, items)

    def _version(self, owner: IncentivePlan, env: Environment) -> tuple[VersionPlan | None, int]:
        day = env[ON]
        if owner.dated_by is not None:
            day = owner.dated_by(env)
            if isinstance(day, Unknown):
                raise CurveError(f"the date that selects the version of {owner.id} is unknown")
        return owner.at(day)[0], day.year

    def _part(self, owner: IncentivePlan, plan: VersionPlan | None, env: Environment) -> Traced:
        """Return what conditions and amount come to, in the scope ``env`` has."""
        nothing = Traced(granted=False, value=0)
        if plan is None or (owner.is_draft and not self.run.drafts) or owner.document_reason:
            return nothing
        version = plan.version
        conditions = (*version.applicability, *version.conditions)
        met = all(self.test(each.test, env) for each in conditions)
        for name in self.run.plan.overriders.get(owner.id, ()):
            self._watch(self.run.plan.by_id[name], owner.id, env)
        replaced = self.run.replaced(owner.id)
        if replaced is not False or plan.never or not met:
            return nothing
        if version.amount is None:
            raise CurveError(f"{owner.id} gives no amount that could be drawn", "本项不给出金额")
        if any(record["incentive"] == owner.id for record in env[LIST + DECIDED] or ()):
            raise CurveError(
                f"the amount of {owner.id} is decided already", "本项金额已经核定，不再随数额变化"
            )
        value = self.value(version.amount, env)
        if not is_number(value) and not isinstance(value, Form):
            raise CurveError(f"the amount of {owner.id} is not known")
        return Traced(granted=True, value=value)

    def _watch(self, owner: IncentivePlan, target: str, env: Environment) -> None:
        """End the reach where an overriding incentive begins or stops to apply."""
        for plan in owner.versions if owner.dated_by is not None else owner.at(env[ON]):
            if plan is None:
                continue
            tests = [each.test for each in plan.version.applicability]
            tests += [
                each.when
                for each in plan.version.overrides
                if each.incentive == target and each.when is not None
            ]
            if owner.dated_by is not None and any(map(self.moving.touches, tests)):
                raise CurveError(f"{owner.id}, which replaces this, moves with the figure")
            for test in tests if owner.dated_by is None else ():
                self.test(test, env)

    def _totals(
        self,
        owner: IncentivePlan,
        plan: VersionPlan,
        items: list[Traced],
        env: Environment,
        keys: tuple[str, ...],
    ) -> Number | Form:
        """Apply the caps over items, as ``engine.items`` does."""
        values = [item.value for item in items]
        together = total(values)
        for each in plan.totals:
            if each.by is not None and len(items) > 1:
                raise CurveError("a cap per value: no curve over several items")
            if self.moving.touches(each.total.cap):
                raise CurveError("a cap over items moves with the figure")
            buckets: dict[Any, list[int]] = {}
            for at, item in enumerate(items):
                year = item.year if each.total.per is core.Per.YEAR else None
                buckets.setdefault(year, []).append(at)
            sums: list[Number | Form] = []
            free = True
            for year, members in buckets.items():
                label = None
                if each.by is not None:
                    label = self._label(owner, each.by, env)
                cap, _ = left_of(owner, each, label, year, keys, env)
                if isinstance(cap, Unknown):
                    raise CurveError("a cap over items waits for what was received")
                whole = len(members) == len(values)
                bucket = together if whole else total([values[at] for at in members])
                kept = self._least([bucket, cap])
                free = free and kept is bucket
                sums.append(kept)
                self._fill(values, members, cap)
            together = together if free else total(sums)  # capped sums never add up to more
        return together

    def _label(self, owner: IncentivePlan, by: Compiled, env: Environment) -> Any:
        entity = owner.each or ""
        item_scope(env, entity, 0, env[LIST + entity][0])
        label = by(env)
        env[ITEM] = None
        return label

    def _fill(self, values: list[Number | Form], members: list[int], cap: Number) -> None:
        used: list[Number | Form] = []
        for at in members:
            room = total([cap, *(negative(value) for value in used)])
            left = extreme([0, room], self.reach, largest=True)
            used.append(values[at])
            values[at] = self._least([values[at], left])

    def _least(self, values: list[Number | Form]) -> Number | Form:
        return extreme(values, self.reach, largest=False)

    # ── expressions ──────────────────────────────────────────────────────────

    def test(self, node: Expr, env: Environment) -> bool:
        """Return what a condition comes to.

        Raises:
            CurveError: it is not known.
        """
        return self._known(self.value(node, env))

    def _known(self, value: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise _open("a condition is open", "有一项条件待定", value)

    def number(self, node: Expr, env: Environment) -> Number | Form:
        """Return what a number comes to: known, or a form.

        Raises:
            CurveError: it is not known.
        """
        return self._figured(self.value(node, env))

    def _figured(self, value: Any) -> Number | Form:
        if isinstance(value, Form) or is_number(value):
            found: Number | Form = value
            return found
        raise _open("a figure is unknown", "有一个数额未知", value)

    def value(self, node: Expr, env: Environment) -> Any:
        """Evaluate an expression: a plain value, or a form where the figure moves it."""
        if not self.moving.touches(node):
            value = self.moving.plain(node, env)
            if isinstance(node, core.UpTo) and isinstance(value, Unknown) and value.hi is not None:
                return value.hi
            if isinstance(value, Unknown) and value.open and value.hi is not None:
                return value.hi
            return value
        match node:
            case core.Fact():
                return self._fact(node, env)
            case core.If(test, then, otherwise):
                return self.value(then if self.test(test, env) else otherwise, env)
            case core.Pick(rows, otherwise):
                return self._pick(rows, otherwise, env)
            case core.UpTo(_, high):
                return self.value(high, env)
            case core.Over():
                return self._over(node, env)
            case core.AwardOf() | core.GrantedOf():
                return self._result(node, env)
            case core.Not() | core.All() | core.Any() | core.Compare() | core.In():
                return self._truth(node, env)
            case _:
                return self._figure(node, env)

    def _fact(self, node: core.Fact, env: Environment) -> Any:
        base = self.moving.base
        record = env[node.record]
        key: Any = node.name
        if node.year is not None:
            year = self.moving.plain(node.year, env)
            if isinstance(year, Unknown):
                raise CurveError(f"the year of {node.entity}.{node.name} is unknown")
            key = (node.name, year)
        if isinstance(record, Record) and record.path == base.record and key == base.key:
            return Form(self.reach.x, (0, 1))
        return self.moving.plain(node, env)

    def _pick(
        self, rows: tuple[tuple[Expr, Expr], ...], otherwise: Expr | None, env: Environment
    ) -> Any:
        chosen = [value for test, value in rows if self.test(test, env)]
        if len(chosen) > 1:
            raise CurveError("two rows of a table hold at once")
        row = chosen[0] if chosen else otherwise
        if row is None:
            raise CurveError("no row of a table holds")
        return self.value(row, env)

    def _result(self, node: core.AwardOf | core.GrantedOf, env: Environment) -> Any:
        result = self.award(self.run.plan.by_id[node.incentive])
        item = env[ITEM]
        if item is not None and result.each == item[0] and result.items:
            result = result.items[item[1]]
        if isinstance(node, core.GrantedOf):
            return result.granted
        return result.value if result.granted else 0

    def _truth(self, node: Expr, env: Environment) -> bool:
        match node:
            case core.Not(of):
                return not self.test(of, env)
            case core.All(of):
                return all(self.test(part, env) for part in of)
            case core.Any(of, at_least):
                return sum(self.test(part, env) for part in of) >= at_least
            case core.Compare(op, left, right):
                return self._compare(op, left, right, env)
            case core.In(of, options):
                form = self.number(of, env)
                listed = options if isinstance(options, tuple) else (options,)
                values: list[Any] = []
                for each in listed:
                    value = self.moving.plain(each, env)
                    values += value if isinstance(value, tuple) else [value]
                return any(self.reach.sign(gap(form, value)) == 0 for value in values)
            case _:
                raise CurveError(f"{type(node).__name__} cannot be followed along a figure")

    def _compare(self, op: CompareOp, left: Expr, right: Expr, env: Environment) -> bool:
        values = [self.value(part, env) for part in (left, right)]
        if not any(isinstance(value, Form) for value in values):
            return self._known(compare(op, *values))
        sign = self.reach.sign(gap(*(self._figured(value) for value in values)))
        return {
            CompareOp.EQ: sign == 0,
            CompareOp.NE: sign != 0,
            CompareOp.LT: sign < 0,
            CompareOp.LE: sign <= 0,
            CompareOp.GT: sign > 0,
            CompareOp.GE: sign >= 0,
        }[op]

    def _figure(self, node: Expr, env: Environment) -> Number | Form:
        match node:
            case core.Add(of):
                return total([self.number(part, env) for part in of])
            case core.Neg(of):
                return negative(self.number(of, env))
            case core.Mul(left, right):
                return times(self.number(left, env), self.number(right, env))
            case core.Div(left, right):
                return over(self.number(left, env), self.number(right, env), self.reach)
            case core.Min(of) | core.Max(of):
                values = [self.number(part, env) for part in of]
                return extreme(values, self.reach, largest=isinstance(node, core.Max))
            case core.Round(of, quantum, mode):
                value, step = self.number(of, env), self.number(quantum, env)
                if isinstance(step, Form):
                    raise CurveError("a quantum moves with the figure")
                return rounded(lift(value), step, mode)
            case _:
                raise CurveError(f"{type(node).__name__} cannot be followed along a figure")

    # ── folds ────────────────────────────────────────────────────────────────

    def _over(self, node: core.Over, env: Environment) -> Any:
        scopes = self._scopes(node, env)
        chosen = [inner for inner in scopes if node.where is None or self.test(node.where, inner)]
        match node.fold:
            case Fold.SUM:
                return total([self.number(node.body, inner) for inner in chosen])
            case Fold.ANY:
                return any(self.test(node.body, inner) for inner in chosen)
            case Fold.ALL:
                return all(self.test(node.body, inner) for inner in chosen)
            case Fold.COUNT:
                return sum(self.test(node.body, inner) for inner in chosen)
            case Fold.MIN | Fold.MAX:
                values = [self.number(node.body, inner) for inner in chosen]
                if not values:
                    raise CurveError("there is nothing to take the largest or smallest of")
                return extreme(values, self.reach, largest=node.fold is Fold.MAX)

    def _scopes(self, node: core.Over, env: Environment) -> list[Environment]:
        if isinstance(node.source, core.Items):
            records = env[LIST + node.source.entity]
            if records is None:
                raise CurveError(
                    f"the list {node.source.entity} is unknown",
                    "有一项清单未知",
                    [node.source.entity],
                )
            return [{**env, node.name: record} for record in records]
        ends = [self.number(end, env) for end in (node.source.start, node.source.stop)]
        if any(isinstance(end, Form) for end in ends):
            raise CurveError("a span of years moves with the figure")
        spans = year_span(*ends)
        if spans is None or len(spans) != 1:
            raise CurveError("a span of years is unknown")
        return [{**env, node.name: year} for year in range(*spans[0])]
