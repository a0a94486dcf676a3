"""Core expressions as closures: the fast path, which keeps nothing.

Each node is compiled once; a closure takes the environment and returns a
value. Known operands are combined inline by Python's own exact operators;
as soon as one is unknown the table in ``language.strict`` takes over, so
meaning stays in one place. ``tests/property/test_derivation.py`` holds this
path and the recorded one together.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias, assert_never

from incentives.engine import environment as facts
from incentives.engine.environment import ITEM, LIST, ON, SPECS, Environment
from incentives.language import core, semantics
from incentives.language.core import CompareOp, DateFunction, Expr, Fold
from incentives.language.strict import apply, operands, place
from incentives.rulebook.profile import Record
from incentives.values.unknown import Unknown, failure, hull, unknown_like

Compiled: TypeAlias = Callable[[Environment], Any]

OPERATORS: Final[dict[CompareOp, Callable[[Any, Any], Any]]] = {
    CompareOp.EQ: operator.eq,
    CompareOp.NE: operator.ne,
    CompareOp.LT: operator.lt,
    CompareOp.LE: operator.le,
    CompareOp.GT: operator.gt,
    CompareOp.GE: operator.ge,
}


def compile_expr(node: Expr) -> Compiled:
    """Return the closure that evaluates ``node`` in an environment."""
    match node:
        case core.Const(value):
            return lambda _: value
        case core.Param():
            return _param(node)
        case core.Fact():
            return _fact(node)
        case core.Var(name):
            return lambda env: env[name]
        case core.On():
            return lambda env: env[ON]
        case core.If():
            return _if(node)
        case core.Pick():
            return _pick(node)
        case core.Over():
            return _over(node)
        case core.Fail(code):
            return lambda _: failure(code, place(node))
        case core.AwardOf():
            return lambda env: facts.award_of(node, env)
        case core.GrantedOf():
            return lambda env: facts.granted_of(node, env)
        case core.ReceivedOf():
            return lambda env: facts.received_of(node, env)
        case core.Compare():
            return _compare(node)
        case core.In():
            return _in(node)
        case core.Within():
            return _within(node)
        case core.All() | core.Any():
            return _logic(node)
        case core.Add() | core.Mul() | core.Min() | core.Max():
            return _arithmetic(node)
        case core.Round():
            return _round(node)
        case core.Not():
            return _not(node)
        case core.DateOp():
            return _date_op(node)
        case core.Neg() | core.Div() | core.Pow() | core.UpTo():
            return _plain(node)
        case _:
            assert_never(node)


def _plain(node: Any) -> Compiled:
    parts = [compile_expr(part) for part in operands(node)]
    return lambda env: apply(node, [part(env) for part in parts])


def _param(node: core.Param) -> Compiled:
    if node.by is None:
        value = node.values[0].value
        return lambda _: value
    by = compile_expr(node.by)
    return lambda env: facts.param_value(node, by(env))


def _fact(node: core.Fact) -> Compiled:
    record, name = node.record, node.name
    if node.year is None:
        return lambda env: env[record][name]
    year = compile_expr(node.year)
    return lambda env: facts.fact_value(env[record], name, year(env))


def _constant(node: Expr) -> tuple[bool, Any]:
    if isinstance(node, core.Const):
        return True, node.value
    if isinstance(node, core.Param) and node.by is None:
        return True, node.values[0].value
    return False, None


def _compare(node: core.Compare) -> Compiled:
    op, left = OPERATORS[node.op], compile_expr(node.left)
    is_const, const = _constant(node.right)
    if is_const:

        def against_constant(env: Environment) -> Any:
            value = left(env)
            if value.__class__ is Unknown:
                return semantics.compare(node.op, value, const)
            return op(value, const)

        return against_constant
    right = compile_expr(node.right)

    def compare(env: Environment) -> Any:
        a, b = left(env), right(env)
        if a.__class__ is Unknown or b.__class__ is Unknown:
            return semantics.compare(node.op, a, b)
        return op(a, b)

    return compare


def _in(node: core.In) -> Compiled:
    of = compile_expr(node.of)
    if isinstance(node.options, core.Param):
        return _plain(node)
    options = tuple(option.value for option in node.options)

    def member(env: Environment) -> Any:
        value = of(env)
        return semantics.in_(value, options) if value.__class__ is Unknown else value in options

    return member


def _within(node: core.Within) -> Compiled:
    plain = _plain(node)

    def within(env: Environment) -> Any:
        value = plain(env)
        if value.__class__ is Unknown and not value.missing:
            return Unknown(facts.within_missing(node, env))
        return value

    return within


def _not(node: core.Not) -> Compiled:
    of = compile_expr(node.of)

    def negate(env: Environment) -> Any:
        value = of(env)
        return value if value.__class__ is Unknown else not value

    return negate


def _logic(node: core.All | core.Any) -> Compiled:
    parts = [compile_expr(part) for part in node.of]
    if isinstance(node, core.Any) and node.at_least != 1:
        return _plain(node)
    decides = isinstance(node, core.Any)

    def combine(env: Environment) -> Any:
        unknown = None
        for part in parts:
            value = part(env)
            if value is decides:
                return decides
            if value.__class__ is Unknown:
                unknown = [*(unknown or ()), value]
        return unknown_like(unknown) if unknown else not decides

    return combine


def _arithmetic(node: core.Add | core.Mul | core.Min | core.Max) -> Compiled:
    parts = [compile_expr(part) for part in operands(node)]
    if len(parts) != 2:
        return lambda env: apply(node, [part(env) for part in parts])
    left, right = parts
    known: Callable[[Any, Any], Any]
    match node:
        case core.Add():
            known = operator.add
        case core.Mul():
            known = operator.mul
        case core.Min():
            known = min
        case core.Max():
            known = max

    def combine(env: Environment) -> Any:
        a, b = left(env), right(env)
        if a.__class__ is Unknown or b.__class__ is Unknown:
            return apply(node, (a, b))
        return known(a, b)

    return combine


def _round(node: core.Round) -> Compiled:
    of, quantum, mode = compile_expr(node.of), compile_expr(node.quantum), node.mode

    def rounded(env: Environment) -> Any:
        value, step = of(env), quantum(env)
        if value.__class__ is int and step == 1:
            return value
        return semantics.round_(value, step, mode)

    return rounded


def _date_op(node: core.DateOp) -> Compiled:
    if node.function is DateFunction.YEAR_OF and isinstance(node.of[0], core.On):
        return lambda env: env[ON].year
    return _plain(node)


def _if(node: core.If) -> Compiled:
    test, then, otherwise = map(compile_expr, (node.test, node.then, node.otherwise))

    def choose(env: Environment) -> Any:
        value = test(env)
        if value is True:
            return then(env)
        if value is False:
            return otherwise(env)
        return hull([then(env), otherwise(env)], value)

    return choose


def _pick(node: core.Pick) -> Compiled:
    rows = [(compile_expr(test), compile_expr(value)) for test, value in node.rows]
    otherwise = compile_expr(node.otherwise) if node.otherwise is not None else None

    def choose(env: Environment) -> Any:
        tested = [(test(env), lambda value=value: value(env)) for test, value in rows]
        rest = (lambda: otherwise(env)) if otherwise is not None else None
        return semantics.pick(tested, rest, place(node))

    return choose


def _over(node: core.Over) -> Compiled:
    body = compile_expr(node.body)
    where = compile_expr(node.where) if node.where is not None else None
    if isinstance(node.source, core.Years):
        start, stop = compile_expr(node.source.start), compile_expr(node.source.stop)

        def over_years(env: Environment) -> Any:
            return fold_years(
                node, start(env), stop(env), lambda year: body({**env, node.name: year})
            )

        return over_years
    entity = node.source.entity

    def over_items(env: Environment) -> Any:
        def one(record: Record) -> tuple[Any, Any]:
            inner = {**env, node.name: record}
            return (True if where is None else where(inner)), body(inner)

        return fold_items(node, env, entity, one)

    return over_items


# ── folds, shared with the recorded derivation ───────────────────────────────


def fold_years(node: core.Over, start: Any, stop: Any, value: Callable[[int], Any]) -> Any:
    """Fold over a span of years whose ends may be unknown: the hull over the spans it can be."""
    spans = semantics.year_span(start, stop)
    if spans is None:
        if start.__class__ is not Unknown and stop.__class__ is not Unknown:
            return failure("too-many-years", place(node))
        return unknown_like((start, stop))
    years = {year for first, last in spans for year in range(first, last)}
    found = {year: (True, value(year)) for year in sorted(years)}
    results = [fold(node, [found[year] for year in range(first, last)]) for first, last in spans]
    return results[0] if len(results) == 1 else hull(results, start, stop)


def fold_items(
    node: core.Over,
    env: Environment,
    entity: str,
    one: Callable[[Record], tuple[Any, Any]],
) -> Any:
    """Fold over the items of a list; of an unknown list, everything it could come to."""
    items = env[LIST + entity]
    if items is not None:
        return fold(node, [one(record) for record in items])
    chosen, value = one(any_item(env, entity))
    like = unknown_like((chosen, value, Unknown(frozenset({entity}))))
    if chosen is False:
        return fold(node, [])
    match node.fold:
        case Fold.SUM:
            none_or_some = hull([0, value], chosen)
            lo, hi = (
                (none_or_some.lo, none_or_some.hi)
                if semantics.is_unknown(none_or_some)
                else (none_or_some,) * 2
            )
            return unknown_like((like,), 0 if lo == 0 else None, 0 if hi == 0 else None)
        case Fold.COUNT:
            return 0 if value is False else unknown_like((like,), 0, None)
        case Fold.ANY:
            return False if value is False else like
        case Fold.ALL:
            return True if value is True else like
        case Fold.MIN | Fold.MAX:
            return like


def any_item(env: Environment, entity: str) -> Record:
    """Return a record that stands for any item of an unknown list."""
    return Record(entity, env[SPECS][entity], exact=True)


def fold(node: core.Over, found: list[tuple[Any, Any]]) -> Any:
    """Combine (does it count, value) pairs as ``node`` says."""
    match node.fold:
        case Fold.ANY:
            return semantics.any_([semantics.all_(pair) for pair in found])
        case Fold.ALL:
            return semantics.all_(
                [semantics.any_((semantics.not_(chosen), value)) for chosen, value in found]
            )
        case Fold.COUNT:
            tests = [semantics.all_(pair) for pair in found]
            return semantics.add(
                [1 if t is True else 0 if t is False else unknown_like((t,), 0, 1) for t in tests]
            )
        case Fold.SUM:
            return semantics.add(
                [v if c is True else hull([0, v], c) for c, v in found if c is not False]
            )
        case Fold.MIN | Fold.MAX:
            extreme = semantics.minimum if node.fold is Fold.MIN else semantics.maximum
            return extreme([v for _, v in found], place(node))


def item_scope(env: Environment, entity: str, index: int, record: Record) -> None:
    """Make ``record`` the current item of ``env``."""
    env[entity] = record
    env[ITEM] = (entity, index, facts.item_key(record))
