"""Core expressions as columns: what ``engine.compile`` does, for all rows at once.

A fold over a list is computed in the list's scope and brought back to the firm; a span
of years is written out. What has no exact columns raises ``RefusedError``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.lowering import meaning
from incentives.batch.lowering.facts import Rows, Tables, constant
from incentives.batch.lowering.hierarchy import industry_within, region_within
from incentives.batch.lowering.part import Decided, Part, RefusedError
from incentives.batch.lowering.value import (
    Day,
    Number,
    Truth,
    Value,
    Waits,
    Word,
    among,
    is_known,
    while_,
)
from incentives.language import core
from incentives.language.core import DateFunction
from incentives.language.names import AS_OF
from incentives.values import calendar
from incentives.values.calendar import Duration
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.language.core import Expr


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression sees: records by name, the item's list, years, the day of figures.

    ``item``: the list whose item is assessed, ``any_item`` where it stands for any of them.
    """

    records: Mapping[str, Rows]
    item: str | None = None
    any_item: bool = False
    years: Mapping[str, int] = field(default_factory=dict)
    as_of: date | None = None


class Expressions:
    """Lowers expressions over one staged input, on one day."""

    def __init__(self, tables: Tables, on: date, *, no_history: bool) -> None:
        self.tables = tables
        self.columns = tables.columns
        self.on = on
        self.no_history = no_history
        self.results: dict[str, Decided] = {}

    def truth(self, node: Expr, frame: Frame) -> Truth:
        """Lower a test."""
        found = self.lower(node, frame)
        if isinstance(found, Truth):
            return found
        raise RefusedError(f"{node} is no test", f"{node} 不是判断")

    def number(self, node: Expr, frame: Frame) -> Number:
        """Lower a number."""
        found = self.lower(node, frame)
        if isinstance(found, Number):
            return found
        raise RefusedError(f"{node} is no number", f"{node} 不是数")

    def day(self, node: Expr, frame: Frame) -> Day:
        """Lower a date."""
        found = self.lower(node, frame)
        if isinstance(found, Day):
            return found
        raise RefusedError(f"{node} is no date", f"{node} 不是日期")

    def lower(self, node: Expr, frame: Frame) -> Value:
        """Lower any expression.

        Raises:
            RefusedError: it has no exact columns.
            WidthError: a number in it may need more than 127 bits.
        """
        columns = self.columns
        match node:
            case core.Const():
                return constant(columns, node.value)
            case core.Param():
                return self._param(node, frame)
            case core.Fact():
                return self._fact(node, frame)
            case core.Var():
                return constant(columns, self._variable(node, frame))
            case core.On():
                return constant(columns, self.on)
            case core.Not():
                return meaning.not_(columns, self.truth(node.of, frame))
            case core.All():
                return meaning.all_(columns, [self.truth(each, frame) for each in node.of])
            case core.Any():
                truths = [self.truth(each, frame) for each in node.of]
                return meaning.any_(columns, truths, node.at_least)
            case core.Compare():
                pair = (self.lower(node.left, frame), self.lower(node.right, frame))
                return meaning.compare(columns, node.op, *pair)
            case core.In():
                return self._in(node, frame)
            case core.Within():
                return self._within(node, frame)
            case _:
                return self._number(node, frame)

    def _number(self, node: Expr, frame: Frame) -> Value:
        columns = self.columns
        match node:
            case core.Add():
                return meaning.add(columns, [self.number(each, frame) for each in node.of])
            case core.Neg():
                return meaning.neg(columns, self.number(node.of, frame))
            case core.Mul():
                pair = (self.number(node.left, frame), self.number(node.right, frame))
                return meaning.mul(columns, *pair)
            case core.Div():
                pair = (self.number(node.left, frame), self.number(node.right, frame))
                return meaning.div(columns, *pair)
            case core.Pow():
                return self._power(node, frame)
            case core.Min() | core.Max():
                numbers = [self.number(each, frame) for each in node.of]
                return meaning.extreme(columns, numbers, smallest=isinstance(node, core.Min))
            case core.If():
                return self._if(node, frame)
            case core.Pick():
                return self._pick(node, frame)
            case core.UpTo():
                pair = (self.number(node.low, frame), self.number(node.high, frame))
                return meaning.up_to(columns, *pair)
            case core.Round():
                return self._round(node, frame)
            case core.DateOp():
                return self._date(node, frame)
            case _:
                return self._far(node, frame)

    def _far(self, node: Expr, frame: Frame) -> Value:
        """Lower what reads other rows: lists, years, other incentives, the past."""
        match node:
            case core.Over():
                # imported late: folds lower their bodies with this class
                from incentives.batch.lowering.folds import over

                return over(self, node, frame)
            case core.AwardOf():
                return self._award(node.incentive, frame)
            case core.GrantedOf():
                return self._result(node.incentive, frame).granted(self.columns)
            case core.ReceivedOf():
                from incentives.batch.lowering.folds import received

                return received(self, node, frame)
            case core.Fail():
                raise RefusedError(f"a finding ({node.code})", f"一处无法计算之处（{node.code}）")
            case _:
                raise RefusedError(f"a node of another kind: {node}", f"其他类型的节点：{node}")

    # ── leaves ───────────────────────────────────────────────────────────────

    def _variable(self, node: core.Var, frame: Frame) -> int | date:
        if node.name == AS_OF:
            return self.on if frame.as_of is None else frame.as_of
        return frame.years[node.name]

    def _param(self, node: core.Param, frame: Frame) -> Value:
        """Return a figure; of one by date, the one that the date selects."""
        if node.by is None:
            return constant(self.columns, node.values[0].value)
        day = self.day(node.by, frame)
        if day.lo.op is Op.LITERAL and isinstance(day.lo.value, date) and day.lo is day.hi:
            for dated in node.values:
                if dated.holds(day.lo.value):
                    return constant(self.columns, dated.value)
            raise RefusedError(f"{node.path} has no value", f"{node.path} 没有取值")
        alternatives = [
            (self._holds(day.lo, dated.since, dated.until), constant(self.columns, dated.value))
            for dated in node.values
        ]
        none = self.columns.not_(self.columns.any([can for can, _ in alternatives]))
        unknown = self.columns.not_(is_known(self.columns, day))
        chosen = [
            (self.columns.all((can, self.columns.not_(unknown))), v) for can, v in alternatives
        ]
        chosen[0] = (self.columns.any((chosen[0][0], unknown, none)), chosen[0][1])
        return among(self.columns, chosen, (day.waits,), (day.hard, unknown, none))

    def _holds(self, day: Column, since: date | None, until: date | None) -> Column:
        """Say whether a day lies in a period; a NULL day does not."""
        columns = self.columns
        tests = []
        if since is not None:
            tests.append(columns.le(columns.literal(since), day))
        if until is not None:
            tests.append(columns.le(day, columns.literal(until)))
        return columns.holds(columns.all(tests))

    def _record(self, node: core.Fact, frame: Frame) -> Rows:
        found = frame.records.get(node.record)
        if found is None:
            raise RefusedError(
                f"a fold over one list reads an item of another ({node.record}.{node.name})",
                f"一个清单的汇总读取了另一个清单的条目（{node.record}.{node.name}）",
            )
        return found

    def _fact(self, node: core.Fact, frame: Frame) -> Value:
        rows = self._record(node, frame)
        if node.year is None:
            return rows.fact(node.name, None)
        year = self.number(node.year, frame)
        exact = year.lo.literal if year.lo == year.hi else None
        if exact is not None:
            return rows.fact(node.name, int(exact))
        known = is_known(self.columns, year)
        first, last = self._years_stated(rows, node.name)
        alternatives: list[tuple[Column, Value]] = []
        for each in range(first, last + 1):
            test = self.columns.holds(self.columns.eq(year.lo.num, self.columns.literal(each)))
            alternatives.append((self.columns.all((known, test)), rows.fact(node.name, each)))
        other = self.columns.not_(self.columns.any([can for can, _ in alternatives]))
        # A year that no column states, or no year: which fact is missing, the engine says.
        alternatives.append((other, rows.fact(node.name, last + 1)))
        return among(self.columns, alternatives, (year.waits,), (year.hard, other))

    def _years_stated(self, rows: Rows, name: str) -> tuple[int, int]:
        years = [
            column.year
            for path, column in rows.stated.items()
            if path.startswith(f"{rows.entity}.{name}.") and column.year is not None
        ]
        return (min(years), max(years)) if years else (self.on.year, self.on.year)

    def _in(self, node: core.In, frame: Frame) -> Truth:
        of = self.lower(node.of, frame)
        options = self._options(node, frame)
        if isinstance(of, Word):
            return meaning.in_words(self.columns, of, [str(option) for option in options])
        equal = [
            meaning.compare(self.columns, core.CompareOp.EQ, of, constant(self.columns, option))
            for option in options
        ]
        return meaning.any_(self.columns, equal)

    def _options(self, node: core.In, frame: Frame) -> tuple[Any, ...]:
        if not isinstance(node.options, core.Param):
            return tuple(option.value for option in node.options)
        if node.options.by is None:
            found = node.options.values[0].value
        else:
            day = self.day(node.options.by, frame)
            if not isinstance(day.lo.value, date):
                raise RefusedError(
                    f"a list that depends on an item's date ({node.options.path})",
                    f"随条目日期变化的取值清单（{node.options.path}）",
                )
            on = day.lo.value
            found = next((d.value for d in node.options.values if d.holds(on)), ())
        return found if isinstance(found, tuple) else (found,)

    def _within(self, node: core.Within, frame: Frame) -> Truth:
        code, ancestor = self.lower(node.code, frame), self.lower(node.ancestor, frame)
        if not isinstance(code, Word) or not isinstance(ancestor, Word):
            raise RefusedError("a hierarchy of something else", "其他类型的层级")
        if not isinstance(ancestor.v.value, str):
            raise RefusedError(
                "a hierarchy below a code that is itself a fact", "上级代码为填报事项"
            )
        within = region_within if node.type.kind is Kind.REGION else industry_within
        v = within(self.columns, code.v, ancestor.v.value)
        waits = dict(code.waits.facts)
        if isinstance(node.code, core.Fact):
            waits = {self._record(node.code, frame).path(node.code.name): self.columns.is_null(v)}
        kept = while_(self.columns, self.columns.is_null(v), Waits(waits, code.waits.gathered))
        return Truth(v, kept, code.hard)

    # ── arithmetic ───────────────────────────────────────────────────────────

    def _power(self, node: core.Pow, frame: Frame) -> Value:
        base, exponent = self.number(node.base, frame), self.number(node.exponent, frame)
        a, b = base.lo.literal, exponent.lo.literal
        if a is None or b is None or base.lo != base.hi or exponent.lo != exponent.hi or b < 0:
            raise RefusedError(
                "a power of something that differs by row", "底数或指数逐行不同的乘方"
            )
        return constant(self.columns, a ** int(b))

    def _if(self, node: core.If, frame: Frame) -> Value:
        test = self.truth(node.test, frame)
        if test.v.op is Op.LITERAL and test.v.value is not None:
            branch = self.lower(node.then if test.v.value else node.otherwise, frame)
            return among(self.columns, ((self.columns.true, branch),), (), (test.hard,))
        can = self.columns.not_(self.columns.fails(test.v))
        cannot = self.columns.not_(self.columns.holds(test.v))
        pair = ((can, self.lower(node.then, frame)), (cannot, self.lower(node.otherwise, frame)))
        waits = while_(self.columns, self.columns.is_null(test.v), test.waits)
        return among(self.columns, pair, (waits,), (test.hard,))

    def _pick(self, node: core.Pick, frame: Frame) -> Value:
        """Return the one row that holds; two, or none, are findings and the engine's."""
        columns = self.columns
        tests = [self.truth(test, frame) for test, _ in node.rows]
        holds = [columns.holds(test.v) for test in tests]
        some = columns.any(holds)
        none = columns.all([columns.fails(test.v) for test in tests])
        pairs = [
            (columns.not_(columns.fails(test.v)), self.lower(value, frame))
            for test, (_, value) in zip(tests, node.rows, strict=True)
        ]
        twice = columns.any(
            [columns.all((a, b)) for at, a in enumerate(holds) for b in holds[at + 1 :]]
        )
        hard = [twice, *(test.hard for test in tests)]
        if node.otherwise is not None:
            pairs.append((columns.not_(some), self.lower(node.otherwise, frame)))
        else:
            hard.append(none)
            pairs[0] = (columns.any((pairs[0][0], none)), pairs[0][1])
        waits = [while_(columns, columns.is_null(test.v), test.waits) for test in tests]
        return among(columns, pairs, waits, hard)

    def _round(self, node: core.Round, frame: Frame) -> Number:
        quantum = self.number(node.quantum, frame)
        if quantum.lo.literal is None or quantum.lo != quantum.hi:
            raise RefusedError("a rounding step that differs by row", "逐行不同的取整单位")
        return meaning.rounded(self.columns, self.number(node.of, frame), quantum.lo, node.mode)

    def _date(self, node: core.DateOp, frame: Frame) -> Value:
        columns = self.columns
        match node.function:
            case DateFunction.YEAR_OF:
                return meaning.year_of(columns, self.day(node.of[0], frame))
            case DateFunction.START_OF | DateFunction.END_OF:
                year = self.number(node.of[0], frame)
                exact = year.lo.literal
                if exact is None or year.lo != year.hi:
                    return self._edge(year, first=node.function is DateFunction.START_OF)
                of = (
                    calendar.start_of if node.function is DateFunction.START_OF else calendar.end_of
                )
                return constant(columns, of(int(exact)))
            case DateFunction.ADD:
                return self._later(self.day(node.of[0], frame), node.of[1])
            case DateFunction.DAYS_BETWEEN:
                count = meaning.days
            case DateFunction.MONTHS_BETWEEN:
                count = meaning.months
            case DateFunction.YEARS_BETWEEN:
                count = meaning.years
            case _:
                assert_never(node.function)
        a, b = (self.day(each, frame) for each in node.of)
        return meaning.between(columns, a, b, count)

    def _edge(self, year: Number, *, first: bool) -> Day:
        """Return the first or last day of a year that differs by row."""
        columns = self.columns
        month, day = (1, 1) if first else (12, 31)
        ends = [
            columns.of_days(
                Op.MAKE_DAY, (end.num, columns.literal(month), columns.literal(day)), Sort.DAY
            )
            for end in (year.lo, year.hi)
        ]
        if year.lo.den is not columns.literal(1) or year.hi.den is not columns.literal(1):
            raise RefusedError("a year that is no whole number", "年份不是整数")
        ends[1] = ends[0] if year.lo == year.hi else ends[1]
        outside = [
            columns.holds(test)
            for end in (year.lo, year.hi)
            for test in (
                columns.lt(end.num, columns.literal(1)),
                columns.lt(columns.literal(9999), end.num),
            )
        ]
        return Day(ends[0], ends[1], year.waits, columns.any((year.hard, *outside)))

    def _later(self, day: Day, node: Expr) -> Day:
        """Add a duration; beyond the calendar the engine has a finding."""
        columns = self.columns
        of = node.values[0].value if isinstance(node, core.Param) else getattr(node, "value", None)
        if not isinstance(of, Duration) or (isinstance(node, core.Param) and node.by is not None):
            raise RefusedError("a duration that differs by row", "逐行不同的期限")
        if of.months < 0 or of.days < 0:
            raise RefusedError("a duration backwards", "向前推算的期限")
        lo, hi = day.lo, day.hi
        if not (lo is hi and lo.sure):
            lo = columns.coalesce((lo, columns.literal(date.min)))
        moved = [self._moved(end, of) for end in (lo, hi)]
        beyond = columns.holds(
            columns.lt(columns.literal(9999), meaning.part_of_day(columns, Op.YEAR, moved[1]))
        )
        return Day(moved[0], moved[1], day.waits, columns.any((day.hard, beyond)))

    def _moved(self, end: Column, of: Duration) -> Column:
        if end.op is Op.LITERAL and isinstance(end.value, date):
            return self.columns.literal(calendar.add(end.value, of))
        for op, count in ((Op.ADD_MONTHS, of.months), (Op.ADD_DAYS, of.days)):
            if count:
                end = self.columns.of_days(op, (end, self.columns.literal(count)), Sort.DAY)
        return end

    # ── other incentives ─────────────────────────────────────────────────────

    def _result(self, incentive: str, frame: Frame) -> Part:
        found = self.results.get(incentive)
        if found is None:
            raise RefusedError(
                f"it depends on {incentive}, which has no exact columns",
                f"取决于 {incentive}，而后者无法逐列精确计算",
            )
        same = frame.item is not None and found.each == frame.item and not frame.any_item
        return found.items if same and found.items is not None else found.whole

    def _award(self, incentive: str, frame: Frame) -> Number:
        part = self._result(incentive, frame)
        found = self.results[incentive]
        if frame.item is not None and found.each == frame.item:
            if frame.any_item or found.paid is None:
                raise RefusedError(
                    f"what {incentive} pays for one item under a cap over items",
                    f"{incentive} 在合计上限下对单个条目的支付额",
                )
            value = found.paid
        else:
            value = part.award(self.columns)
        return replace(value, open=self.columns.false, mixed=self.columns.false)

    def nothing(self) -> Number:
        """Return zero."""
        found = constant(self.columns, 0)
        if isinstance(found, Number):
            return found
        raise RefusedError("zero", "零")
