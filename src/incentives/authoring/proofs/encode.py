"""Core expressions as terms of the solver: one case for each node, exact or refused.

A truth value is two terms (it holds; it does not), so that Kleene's third case
stays apart: a region too coarse to tell, a division by zero. What the engine
would still narrow down around a computation that failed (the smaller of a
failed figure and a cap) is not followed; ``vague`` collects where that could
matter, and the answers leave those profiles out and say so.

The law kept (``tests/property/test_proofs.py``): with the facts of a profile put
in, every term gives what the engine gives. The trap: the same node means
another thing for another item; results are kept per scope.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, assert_never

from incentives.authoring.proofs import days, numbers
from incentives.authoring.proofs.days import Day
from incentives.authoring.proofs.folds import over
from incentives.authoring.proofs.history import paid, payments
from incentives.authoring.proofs.numbers import Num, number
from incentives.authoring.proofs.solver import choose, conj, counted, disj, neg, z3
from incentives.authoring.proofs.truths import every, opposite, settled, some
from incentives.authoring.proofs.world import (
    CODED,
    NotEncodableError,
    Place,
    Truth,
    Value,
    Word,
    refused,
)
from incentives.language import core
from incentives.language.core import CompareOp, DateFunction, Per
from incentives.values.calendar import Duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from incentives.authoring.proofs.world import World
    from incentives.language.core import Expr
    from incentives.values.types import Type


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What names stand for: records, years, days; and the item in hand."""

    records: dict[str, Place]
    names: dict[str, Any]
    item: Place | None = None

    def of_item(self, place: Place) -> Scope:
        """Return this scope with an item in hand."""
        return replace(self, records={**self.records, place.entity: place}, item=place)


@dataclass(frozen=True, slots=True)
class Amount:
    """What is given: one figure, or a ceiling somebody decides under, from ``lo`` to ``hi``."""

    lo: Num
    hi: Num

    @property
    def ok(self) -> Any:
        """Where there is an amount at all."""
        return conj((self.lo.ok, self.hi.ok))


class Results(Protocol):
    """What other incentives give, of one item where both have it."""

    def granted(self, incentive: str, item: Place | None) -> Truth:
        """Return whether another incentive is eligible."""

    def award(self, incentive: str, item: Place | None) -> Num:
        """Return what another incentive gives."""


class Encoder:
    """Encodes expressions over one world.

    Args:
        world: the facts.
        moved: what stands for a numeric fact instead of its variable, given the
            place, the name, the year and the variable; to compare two profiles.
    """

    def __init__(
        self, world: World, moved: Callable[[Place, str, Any, Num], Num] | None = None
    ) -> None:
        self.world = world
        self.moved = moved
        self.others: Results | None = None
        self.vague: list[Any] = []
        self._done: dict[tuple[int, int], tuple[Any, ...]] = {}
        singles = [name for name, each in world.vocabulary.entities.items() if not each.many]
        self.top = Scope({name: Place(name) for name in singles}, {})

    # ── kinds of results ─────────────────────────────────────────────────────

    def truth(self, node: Expr, scope: Scope) -> Truth:
        """Return a truth value."""
        found = self.value(node, scope)
        if not isinstance(found, Truth):
            raise refused(node)
        return found

    def num(self, node: Expr, scope: Scope) -> Num:
        """Return a number."""
        found = self.value(node, scope)
        if not isinstance(found, Num):
            raise refused(node)
        return found

    def day(self, node: Expr, scope: Scope) -> Day:
        """Return a date."""
        found = self.value(node, scope)
        if not isinstance(found, Day):
            raise refused(node)
        return found

    def amount(self, node: Expr, scope: Scope) -> Amount:
        """Return an amount: a ceiling may stand at the top, and in the rows of a table."""
        match node:
            case core.UpTo(low, high):
                top, least = self.num(high, scope), self.num(low, scope)
                bottom = numbers.largest([Num(0), numbers.smallest([least, top])])
                top = numbers.largest([Num(0), top])
                return Amount(bottom, top)
            case core.If(test, then, otherwise):
                a, b = self.amount(then, scope), self.amount(otherwise, scope)
                picked = self._settled(self.truth(test, scope))
                return Amount(
                    numbers.either(picked.yes, a.lo, b.lo), numbers.either(picked.yes, a.hi, b.hi)
                )
            case core.Pick():
                return self._pick(node, scope)
            case _:
                figure = self.num(node, scope)
                return Amount(figure, figure)

    # ── values ───────────────────────────────────────────────────────────────

    def value(self, node: Expr, scope: Scope) -> Value:
        """Return what an expression comes to, once for each scope."""
        key = (id(node), id(scope))
        found = self._done.get(key)
        if found is None:
            # The node and the scope are kept, so that their ids stay theirs.
            found = self._done[key] = (self._value(node, scope), node, scope)
        value: Value = found[0]
        return value

    def _value(self, node: Expr, scope: Scope) -> Value:
        match node:
            case core.Const(value, kind):
                return self.constant(value, kind)
            case core.Param():
                return self._param(node, scope)
            case core.Fact():
                return self._fact(node, scope)
            case core.Var(name):
                found: Value = scope.names[name]
                return found
            case core.On():
                return self.world.on
            case core.Not() | core.All() | core.Any() | core.Compare() | core.In() | core.Within():
                return self._logic(node, scope)
            case core.If():
                return self._if(node, scope)
            case core.DateOp():
                return self._date_op(node, scope)
            case core.Over():
                return over(self, node, scope)
            case core.ReceivedOf():
                return self._received(node, scope)
            case core.Pick():
                both = self._pick(node, scope)
                return both.hi
            case core.AwardOf() | core.GrantedOf():
                return self._result(node, scope)
            case core.UpTo():
                raise NotEncodableError("算式内部的上限", "a ceiling inside a computation")
            case core.Fail():
                return Num(0, 1, ok=False)
            case _:
                return self._number(node, scope)

    def _result(self, node: core.AwardOf | core.GrantedOf, scope: Scope) -> Value:
        if self.others is None:
            raise NotEncodableError(
                f"引用了 {node.incentive} 的结果", f"it uses the result of {node.incentive}"
            )
        if isinstance(node, core.GrantedOf):
            return self.others.granted(node.incentive, scope.item)
        found = self.others.award(node.incentive, scope.item)
        # The engine goes on with a range while it is open; that is not followed.
        self.vague.append(neg(found.ok))
        return found

    def constant(self, value: Any, kind: Type) -> Value:
        """Return a figure, date, word or truth value that a rule writes."""
        match value:
            case bool():
                return Truth(value, not value)
            case int() | Fraction():
                return number(value)
            case date():
                return days.day(value)
            case str():
                return self.world.word(value, kind.kind)
            case _:
                raise NotEncodableError(f"常数 {value!r}", f"the constant {value!r}")

    def _param(self, node: core.Param, scope: Scope) -> Value:
        values = [dated.value for dated in node.values]
        if any(isinstance(value, tuple) for value in values):
            raise NotEncodableError(f"列表 {node.path}", f"the list {node.path}")
        if node.by is None:
            return self.constant(values[0], node.type)
        by = self.day(node.by, scope)
        found = self.constant(values[0], node.type)
        valid: list[Any] = []
        for dated in reversed(node.values):
            here = days.holds(dated.since, dated.until, by)
            valid.append(here)
            found = self.choice(here, self.constant(dated.value, node.type), found)
        self.vague.append(neg(by.ok))
        return _with_ok(found, disj(valid))

    def _fact(self, node: core.Fact, scope: Scope) -> Value:
        place = scope.records[node.record]
        year = None if node.year is None else self.year(node.year, scope)
        value = self.world.fact(place, node.name, year)
        if self.moved is not None and isinstance(value, Num):
            return self.moved(place, node.name, year, value)
        return value

    def year(self, node: Expr, scope: Scope) -> Any:
        """Return a year, a whole number, as a term."""
        year = self.num(node, scope)
        self.vague.append(neg(year.ok))
        if not isinstance(year.d, int) or year.d != 1:
            raise refused(node)
        return z3.simplify(year.n) if not isinstance(year.n, int) else year.n

    # ── logic ────────────────────────────────────────────────────────────────

    def _logic(self, node: Any, scope: Scope) -> Truth:
        match node:
            case core.Not(of):
                part = self.truth(of, scope)
                return opposite(part)
            case core.All(of):
                parts = [self.truth(each, scope) for each in of]
                return every(parts)
            case core.Any(of, at_least):
                return some([self.truth(each, scope) for each in of], at_least)
            case core.Compare(op, left, right):
                return self._compare(op, left, right, scope)
            case core.In():
                return self._in(node, scope)
            case core.Within(code, ancestor, kind):
                return self._within(code, ancestor, kind, scope)
            case _:
                raise refused(node)

    def _compare(self, op: CompareOp, left: Expr, right: Expr, scope: Scope) -> Truth:
        a, b = self.value(left, scope), self.value(right, scope)
        match a, b:
            case Num(), Num():
                return settled(numbers.compare(op, a, b), conj((a.ok, b.ok)))
            case Day(), Day():
                return settled(days.compare(op, a, b), conj((a.ok, b.ok)))
            case Word(), Word():
                return self._same_word(op, a, b)
            case Truth(), Truth():
                same = disj((conj((a.yes, b.yes)), conj((a.no, b.no))))
                other = disj((conj((a.yes, b.no)), conj((a.no, b.yes))))
                return Truth(same, other) if op is CompareOp.EQ else Truth(other, same)
            case _:
                raise NotEncodableError(f"比较 {op}", f"a comparison with {op}")

    def _same_word(self, op: CompareOp, a: Word, b: Word) -> Truth:
        if a.kind in CODED and not (isinstance(a.at, int) or isinstance(b.at, int)):
            raise NotEncodableError("两个代码事实的比较", "a comparison of two codes")
        same = a.at == b.at
        return settled(same if op is CompareOp.EQ else neg(same), True)

    def _in(self, node: core.In, scope: Scope) -> Truth:
        if not isinstance(node.options, core.Param):
            options: list[Any] = [self.value(option, scope) for option in node.options]
        elif node.options.by is None and isinstance(node.options.values[0].value, tuple):
            listed = node.options.values[0].value
            options = [self.constant(value, node.options.type.element()) for value in listed]
        else:
            raise NotEncodableError(
                f"分时期的列表 {node.options.path}", f"the dated list {node.options.path}"
            )
        of = self.value(node.of, scope)
        match of:
            case Word():
                # A list of texts serves for a choice: the words are one table.
                same = [of.at == option.at for option in options]
                return settled(disj(same), True)
            case Num():
                self.vague.append(neg(of.ok))
                return settled(
                    disj(numbers.compare(CompareOp.EQ, of, option) for option in options), of.ok
                )
            case Day():
                self.vague.append(neg(of.ok))
                return settled(
                    disj(days.compare(CompareOp.EQ, of, option) for option in options), of.ok
                )
            case _:
                raise refused(node)

    def _within(self, code: Expr, ancestor: Expr, kind: Type, scope: Scope) -> Truth:
        inner = self.value(code, scope)
        if not isinstance(inner, Word):
            raise refused(code)
        classes = self.world.codes(kind.kind)
        match ancestor:
            case core.Const(str(place)):
                return Truth(*classes.within(inner.at, place))
            case core.Param(_, values, by=by):
                at = None if by is None else self.day(by, scope)
                found = Truth(False, False)
                for dated in reversed(values):
                    if not isinstance(dated.value, str):
                        raise refused(ancestor)
                    here = True if at is None else days.holds(dated.since, dated.until, at)
                    one = Truth(*classes.within(inner.at, dated.value))
                    found = Truth(choose(here, one.yes, found.yes), choose(here, one.no, found.no))
                return found
            case _:
                raise NotEncodableError("与另一个代码事实比较隶属", "a place within another fact")

    def _settled(self, test: Truth) -> Truth:
        """Return a test on which a choice depends, noting where it is open."""
        self.vague.append(neg(disj((test.yes, test.no))))
        return test

    # ── choices ──────────────────────────────────────────────────────────────

    def _if(self, node: core.If, scope: Scope) -> Value:
        test = self._settled(self.truth(node.test, scope))
        return self.choice(
            test.yes, self.value(node.then, scope), self.value(node.otherwise, scope)
        )

    def choice(self, test: Any, a: Value, b: Value) -> Value:
        """Return ``a`` where ``test`` holds, else ``b``."""
        match a, b:
            case Num(), Num():
                return numbers.either(test, a, b)
            case Day(), Day():
                return days.either(test, a, b)
            case Truth(), Truth():
                return Truth(choose(test, a.yes, b.yes), choose(test, a.no, b.no))
            case Word(), Word():
                return Word(choose(test, a.at, b.at), a.kind)
            case _:
                raise NotEncodableError("两种类型的取值", "values of two kinds")

    def _pick(self, node: core.Pick, scope: Scope) -> Amount:
        tests = [self._settled(self.truth(test, scope)) for test, _ in node.rows]
        rows = [self.amount(value, scope) for _, value in node.rows]
        held = counted(test.yes for test in tests)
        if node.otherwise is None:
            found, ok = rows[-1], held == 1
        else:
            found, ok = self.amount(node.otherwise, scope), held <= 1
        for test, row in zip(tests, rows, strict=True):
            found = Amount(
                numbers.either(test.yes, row.lo, found.lo),
                numbers.either(test.yes, row.hi, found.hi),
            )
        return Amount(
            replace(found.lo, ok=conj((found.lo.ok, ok))),
            replace(found.hi, ok=conj((found.hi.ok, ok))),
        )

    # ── numbers ──────────────────────────────────────────────────────────────

    def _number(self, node: Any, scope: Scope) -> Num:
        match node:
            case core.Add(of):
                return numbers.add([self.num(each, scope) for each in of])
            case core.Neg(of):
                return numbers.minus(self.num(of, scope))
            case core.Mul(left, right):
                return numbers.mul(self._sure(left, scope), self._sure(right, scope))
            case core.Div(left, right):
                return numbers.div(self.num(left, scope), self._sure(right, scope))
            case core.Min(of):
                return numbers.smallest([self._sure(each, scope) for each in of])
            case core.Max(of):
                return numbers.largest([self._sure(each, scope) for each in of])
            case core.Round(of, quantum, mode):
                step = self.num(quantum, scope)
                if not isinstance(step.n, int) or not isinstance(step.d, int):
                    raise NotEncodableError("可变的取整单位", "a quantum that is a fact")
                return numbers.round_to(self.num(of, scope), step, mode)
            case core.Pow(base, exponent):
                return self._power(base, self.num(exponent, scope), scope)
            case _:
                assert_never(node)

    def _power(self, base: Expr, exponent: Num, scope: Scope) -> Num:
        if not isinstance(exponent.n, int) or exponent.d != 1 or not 0 <= exponent.n <= 3:
            raise NotEncodableError("三次以上或可变的乘方", "a power above 3, or that is a fact")
        found = Num(1)
        for _ in range(exponent.n):
            found = numbers.mul(found, self._sure(base, scope))
        return found

    def _sure(self, node: Expr, scope: Scope) -> Num:
        """Return a number, noting where it failed: the engine may know its result all the same."""
        found = self.num(node, scope)
        self.vague.append(neg(found.ok))
        return found

    # ── dates ────────────────────────────────────────────────────────────────

    def _date_op(self, node: core.DateOp, scope: Scope) -> Value:
        if node.function is DateFunction.ADD:
            return self._added(node, scope)
        parts = [self.value(each, scope) for each in node.of]
        self.vague += [neg(part.ok) for part in parts if isinstance(part, Num | Day)]
        match node.function, *parts:
            case DateFunction.YEAR_OF, Day() as at:
                return days.year_of(at)
            case DateFunction.START_OF, Num() as year:
                return days.start_of(year)
            case DateFunction.END_OF, Num() as year:
                return days.end_of(year)
            case DateFunction.DAYS_BETWEEN, Day() as a, Day() as b:
                return days.days_between(a, b)
            case DateFunction.MONTHS_BETWEEN, Day() as a, Day() as b:
                return days.months_between(a, b)
            case DateFunction.YEARS_BETWEEN, Day() as a, Day() as b:
                return days.years_between(a, b)
            case _:
                raise refused(node)

    def _added(self, node: core.DateOp, scope: Scope) -> Day:
        at = self.day(node.of[0], scope)
        self.vague.append(neg(at.ok))
        match node.of[1]:
            case core.Const(Duration() as duration):
                return self._moved(at, duration)
            case core.Param(_, (only,), by=None) if isinstance(only.value, Duration):
                return self._moved(at, only.value)
            case _:
                raise NotEncodableError("可变的期限", "a duration that depends on something")

    def _moved(self, at: Day, duration: Duration) -> Day:
        if duration.days:
            raise NotEncodableError("加若干日的日期", "a date moved by days")
        return days.add_months(at, duration)

    # ── lists, years, payments ───────────────────────────────────────────────

    def _received(self, node: core.ReceivedOf, scope: Scope) -> Value:
        item = None
        if node.per is Per.ITEM and scope.item is not None:
            item = self.world.item_key(scope.item)
        found = payments(self.world, node.incentive, node.per, item=item)
        if node.exists:
            any_ = disj(counts for counts, _ in found)
            return settled(any_, True)
        return paid(found)


def _with_ok(value: Value, ok: Any) -> Value:
    """Return a value that is there only where ``ok`` holds as well."""
    match value:
        case Num() | Day():
            return replace(value, ok=conj((value.ok, ok)))
        case Truth():
            return Truth(conj((ok, value.yes)), conj((ok, value.no)))
        case _:
            return value
