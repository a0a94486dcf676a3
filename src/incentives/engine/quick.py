"""The quick path: status and amount when every fact it meets is known.

Most decisions of most profiles need no range, no history and no derivation.
``QuickPlan`` computes those in plain integers: each numeric expression carries
a denominator that is known when it is compiled, so that ten percent of an
amount is an integer times one over ten, and nothing is reduced or compared as
a fraction before its rounding.

It gives up (``None``) at the first fact that is not known, at the first
division by zero, and for constructs outside ``compile_known``; the general
path then decides. The law kept here (``tests/property/test_quick.py``): where
it does not give up, its answer is the general one.

Known facts stand in plain dicts, so that an unknown one is a ``KeyError``: the
path has no test for *unknown* to forget.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any, Final, NamedTuple, TypeAlias

from incentives.engine.compile import OPERATORS
from incentives.engine.environment import LIST, ON
from incentives.engine.outcome import Status
from incentives.language import core
from incentives.language.core import DateFunction, Expr
from incentives.rulebook.model import Entitlement, Version
from incentives.values.codes import industry_within, region_within
from incentives.values.rounding import Mode, round_to
from incentives.values.types import Kind

Known: TypeAlias = dict[str, Any]
Compiled: TypeAlias = Callable[[Known], Any]


class Scaled(NamedTuple):
    """A closure and the denominator of the integers it gives; ``None``: plain exact values."""

    run: Compiled
    scale: int | None


class NotQuickError(Exception):
    """A construct that the quick path leaves to the general one."""


class Answer(NamedTuple):
    """What the quick path found: as much as ``Outcome`` has of the same names."""

    status: Status
    reason: str | None
    value: int | None
    failed: tuple[str, ...]


GIVE_UP: Final = (KeyError, ZeroDivisionError)


def compile_known(node: Expr) -> Scaled:
    """Return the closure of an expression whose facts are all known.

    Raises:
        NotQuickError: the expression needs the general path.
    """
    match node:
        case core.Const(value):
            return _constant(value)
        case core.Param(by=None):
            return _constant(node.values[0].value)
        case core.Fact(record, _, name, kind, None):
            scale = 1 if kind.kind in {Kind.MONEY, Kind.COUNT} else None
            return Scaled(lambda env: env[record][name], scale)
        case core.Fact():
            return _series(node)
        case core.On():
            return Scaled(lambda env: env[ON], None)
        case core.DateOp(DateFunction.YEAR_OF, (core.On(),)):
            return Scaled(lambda env: env[ON].year, 1)
        case core.Not(of):
            inner = compile_known(of).run
            return Scaled(lambda env: not inner(env), None)
        case core.All(of):
            return _logic([compile_known(part).run for part in of], decides=False)
        case core.Any(of, 1):
            return _logic([compile_known(part).run for part in of], decides=True)
        case core.Compare():
            return _compare(node)
        case core.In(of, tuple() as options):
            member, words = compile_known(of), tuple(option.value for option in options)
            if member.scale is not None and member.scale != 1:
                raise NotQuickError
            run = member.run
            return Scaled(lambda env: run(env) in words, None)
        case core.Within():
            return _within(node)
        case _:
            return _number(node)


def _number(node: Expr) -> Scaled:
    """Compile the nodes that make numbers."""
    match node:
        case core.Add(of):
            return _fold([compile_known(part) for part in of], sum)
        case core.Min(of):
            return _fold([compile_known(part) for part in of], min)
        case core.Max(of):
            return _fold([compile_known(part) for part in of], max)
        case core.Neg(of):
            part = compile_known(of)
            return Scaled(lambda env: -part.run(env), part.scale)
        case core.Mul(left, right):
            return _mul(left, right)
        case core.Div(left, right):
            a, b = plain(compile_known(left)), plain(compile_known(right))
            return Scaled(lambda env: a(env) / Fraction(b(env)), None)
        case core.If():
            return _if(node)
        case core.Round():
            return _round(node)
        case _:
            raise NotQuickError


def _constant(value: Any) -> Scaled:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return Scaled(lambda _: value, None)
    numerator = value.numerator
    return Scaled(lambda _: numerator, value.denominator)


def _series(node: core.Fact) -> Scaled:
    if node.year is None:
        raise NotQuickError
    record, name, year = node.record, node.name, compile_known(node.year)
    if year.scale != 1:
        raise NotQuickError
    when = year.run
    scale = 1 if node.type.kind in {Kind.MONEY, Kind.COUNT} else None
    return Scaled(lambda env: env[record][name, when(env)], scale)


def plain(part: Scaled) -> Compiled:
    """Return a closure that gives the exact value itself."""
    if part.scale is None or part.scale == 1:
        return part.run
    run, scale = part
    return lambda env: Fraction(run(env), scale)


def align(parts: list[Scaled]) -> tuple[list[Compiled], int | None]:
    """Return closures over one denominator; plain values where any part has none."""
    scales = [part.scale for part in parts]
    if any(scale is None for scale in scales):
        return [plain(part) for part in parts], None
    common = lcm(*(scale or 1 for scale in scales))
    return [_times(part.run, common // (part.scale or 1)) for part in parts], common


def _times(run: Compiled, factor: int) -> Compiled:
    return run if factor == 1 else lambda env: run(env) * factor


def _fold(parts: list[Scaled], combine: Callable[[Any], Any]) -> Scaled:
    runs, scale = align(parts)
    if len(runs) != 2:
        return Scaled(lambda env: combine([run(env) for run in runs]), scale)
    first, second = runs
    if combine is sum:
        return Scaled(lambda env: first(env) + second(env), scale)
    if combine is min:

        def least(env: Known) -> Any:
            a, b = first(env), second(env)
            return a if a <= b else b  # noqa: FURB136 (half the time of min)

        return Scaled(least, scale)

    def most(env: Known) -> Any:
        a, b = first(env), second(env)
        return a if a >= b else b  # noqa: FURB136 (half the time of max)

    return Scaled(most, scale)


def _mul(left: Expr, right: Expr) -> Scaled:
    a, b = compile_known(left), compile_known(right)
    if a.scale is None or b.scale is None:
        first, second = plain(a), plain(b)
        return Scaled(lambda env: first(env) * second(env), None)
    run, other = a.run, b.run
    return Scaled(lambda env: run(env) * other(env), a.scale * b.scale)


def _compare(node: core.Compare) -> Scaled:
    runs, _ = align([compile_known(node.left), compile_known(node.right)])
    left, right = runs
    op = OPERATORS[node.op]
    return Scaled(lambda env: op(left(env), right(env)), None)


def _within(node: core.Within) -> Scaled:
    code, ancestor = compile_known(node.code).run, compile_known(node.ancestor).run
    inside = region_within if node.type.kind is Kind.REGION else industry_within

    def within(env: Known) -> bool:
        answer = inside(code(env), ancestor(env))
        if answer is None:
            raise KeyError
        return answer

    return Scaled(within, None)


def _logic(parts: list[Compiled], *, decides: bool) -> Scaled:
    """Combine truth values; every part is evaluated, so that an unknown one is met."""

    def combine(env: Known) -> bool:
        result = not decides
        for part in parts:
            if part(env) is decides:
                result = decides
        return result

    return Scaled(combine, None)


def _if(node: core.If) -> Scaled:
    test = compile_known(node.test).run
    (then, otherwise), scale = align([compile_known(node.then), compile_known(node.otherwise)])
    return Scaled(lambda env: then(env) if test(env) else otherwise(env), scale)


def _round(node: core.Round) -> Scaled:
    if not isinstance(node.quantum, core.Const) or not isinstance(node.quantum.value, int):
        raise NotQuickError
    part, quantum, mode = compile_known(node.of), node.quantum.value, node.mode
    run, scale = part
    if scale is None:
        return Scaled(lambda env: round_to(run(env), quantum, mode), 1)
    step = quantum * scale

    def rounded(env: Known) -> Any:
        value = run(env)
        if value < 0 or mode not in _NOT_NEGATIVE:
            return round_to(Fraction(value, scale), quantum, mode)
        return (2 * value + step) // (2 * step) * quantum

    def rounded_down(env: Known) -> Any:
        value = run(env)
        if value < 0:
            return round_to(Fraction(value, scale), quantum, mode)
        return value // step * quantum

    return Scaled(rounded_down if mode is Mode.DOWN else rounded, 1)


_NOT_NEGATIVE: Final = frozenset({Mode.HALF_UP})


class QuickPlan:
    """One version of an incentive on the quick path.

    Made only where that path can decide it: no date of its own, no history, no
    caps over items, no readings of the past.
    """

    __slots__ = ("amount", "each", "gives", "head", "item_tests", "never", "tests")

    def __init__(self, version: Version, never: str | None) -> None:
        self.head = [(c.id, compile_known(c.test).run) for c in version.applicability]
        self.tests = [
            (c.id, compile_known(c.test).run) for c in version.conditions if not c.per_item
        ]
        self.item_tests = [
            (c.id, compile_known(c.test).run) for c in version.conditions if c.per_item
        ]
        self.never = never
        self.each = version.each
        self.gives = version.amount is not None or version.entitlement is Entitlement.CASE_BY_CASE
        self.amount = _amount(version)

    def decide(self, env: Known) -> Answer | None:
        """Return the answer, ``None`` where the general path has to decide."""
        try:
            return self._decide(env)
        except GIVE_UP:
            return None

    def _decide(self, env: Known) -> Answer | None:
        nothing = 0 if self.gives else None
        for reason, test in self.head:
            if not test(env):
                return Answer(Status.NOT_APPLICABLE, reason, nothing, ())
        if self.never is not None:
            return Answer(Status.NOT_APPLICABLE, self.never, nothing, ())
        failed = [name for name, test in self.tests if not test(env)]
        if self.each is not None:
            return self._items(env, failed, nothing)
        if failed:
            return Answer(Status.INELIGIBLE, None, nothing, tuple(failed))
        if self.amount is None:
            return None if self.gives else Answer(Status.ELIGIBLE, None, None, ())
        return Answer(Status.ELIGIBLE, None, self.amount(env), ())

    def _items(self, env: Known, failed: list[str], nothing: int | None) -> Answer | None:
        """Add up the items; an item is eligible when every condition holds for it."""
        each, amount = self.each or "", self.amount
        items = env[LIST + each]
        if items is None:
            return None
        if not items:
            return Answer(Status.INELIGIBLE, None, nothing, (*failed, "items"))
        total, eligible = 0, False
        lost: dict[str, None] = {}
        for item in items:
            env[each] = item
            bad = [name for name, test in self.item_tests if not test(env)]
            if bad or failed:
                lost.update(dict.fromkeys(bad))
                continue
            eligible = True
            if amount is not None:
                total += amount(env)
            elif self.gives:
                return None
        if eligible:
            return Answer(Status.ELIGIBLE, None, total if self.gives else None, ())
        return Answer(Status.INELIGIBLE, None, nothing, (*failed, *lost))


def _amount(version: Version) -> Compiled | None:
    """Return the amount in whole fen, ``None`` where it is a ceiling or there is none."""
    if version.amount is None:
        return None
    try:
        return plain(compile_known(version.amount))
    except NotQuickError:
        return None


def quick_plan(version: Version, never: str | None) -> QuickPlan | None:
    """Return the quick plan of a version, ``None`` where only the general path can decide it."""
    needs_more = version.dated_by or version.totals or version.distinct or version.budget
    if needs_more or version.overrides:
        return None
    try:
        return QuickPlan(version, never)
    except NotQuickError:
        return None
