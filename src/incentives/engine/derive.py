"""The recorded evaluation: what every node came to, kept for the explanation.

Same meanings as ``compile`` (both go through ``language.strict`` and the
folds there); this one returns a tree of ``Step`` instead of a bare value. It
runs when somebody asks why, not for every profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from incentives.engine import environment as facts
from incentives.engine.compile import fold, fold_items, fold_years
from incentives.engine.environment import LIST, ON, Environment
from incentives.language import core, semantics
from incentives.language.strict import apply, operands, place
from incentives.values.unknown import Unknown, failure, hull

if TYPE_CHECKING:
    from incentives.language.core import Expr
    from incentives.rulebook.profile import Record


class Step(NamedTuple):
    """A node, what it came to, and the steps it used; ``label`` names an item or year."""

    node: Expr
    value: Any
    of: tuple[Step, ...] = ()
    label: str = ""


def derive(node: Expr, env: Environment) -> Step:
    """Evaluate ``node`` in ``env`` and keep the whole derivation."""
    match node:  # the commonest nodes first: this runs for every node of a derivation
        case core.Fact():
            return _fact(node, env)
        case core.Const(value):
            return Step(node, value)
        case core.Param():
            return _param(node, env)
        case (
            core.Compare() | core.All() | core.In() | core.Mul() | core.Min() | core.Round()
            | core.Max() | core.Add() | core.Any() | core.Not() | core.DateOp()
            | core.Neg() | core.Div() | core.Pow() | core.UpTo()
        ):  # fmt: skip
            steps = tuple([derive(part, env) for part in operands(node)])
            return Step(node, apply(node, [step.value for step in steps]), steps)
        case core.Var(name):
            return Step(node, env[name])
        case core.On():
            return Step(node, env[ON])
        case core.If():
            return _if(node, env)
        case core.Pick():
            return _pick(node, env)
        case core.Over():
            return _over(node, env)
        case core.Fail(code):
            return Step(node, failure(code, place(node)))
        case core.AwardOf():
            return Step(node, facts.award_of(node, env))
        case core.GrantedOf():
            return Step(node, facts.granted_of(node, env))
        case core.ReceivedOf():
            return Step(node, facts.received_of(node, env))
        case core.Within():
            return _within(node, env)
        case _:
            assert_never(node)


def _param(node: core.Param, env: Environment) -> Step:
    if node.by is None:
        return Step(node, node.values[0].value)
    by = derive(node.by, env)
    return Step(node, facts.param_value(node, by.value), (by,))


def _fact(node: core.Fact, env: Environment) -> Step:
    record = env[node.record]
    if node.year is None:
        return Step(node, record[node.name], label=record.path_of(node.name))
    year = derive(node.year, env)
    known = not isinstance(year.value, Unknown)
    label = record.path_of((node.name, year.value)) if known else f"{record.path}.{node.name}"
    return Step(node, facts.fact_value(record, node.name, year.value), (year,), label)


def _within(node: core.Within, env: Environment) -> Step:
    steps = tuple(derive(part, env) for part in operands(node))
    value = apply(node, [step.value for step in steps])
    if isinstance(value, Unknown) and not value.missing:
        value = Unknown(facts.within_missing(node, env))
    return Step(node, value, steps)


def _if(node: core.If, env: Environment) -> Step:
    test = derive(node.test, env)
    if not isinstance(test.value, Unknown):
        branch = derive(node.then if test.value else node.otherwise, env)
        return Step(node, branch.value, (test, branch))
    branches = derive(node.then, env), derive(node.otherwise, env)
    value = hull([branch.value for branch in branches], test.value)
    return Step(node, value, (test, *branches))


def _pick(node: core.Pick, env: Environment) -> Step:
    tests = [derive(test, env) for test, _ in node.rows]
    steps: list[Step] = []

    def row(index: int) -> Any:
        step = derive(node.rows[index][1], env)
        steps.extend((tests[index], step))
        return step.value

    def rest(otherwise: Expr) -> Any:
        steps.append(derive(otherwise, env))
        return steps[-1].value

    rows = [(test.value, lambda index=index: row(index)) for index, test in enumerate(tests)]
    last = node.otherwise
    value = semantics.pick(rows, (lambda: rest(last)) if last is not None else None, place(node))
    return Step(node, value, tuple(steps) or tuple(tests))


def _over(node: core.Over, env: Environment) -> Step:
    if isinstance(node.source, core.Years):
        start, stop = derive(node.source.start, env), derive(node.source.stop, env)
        spans = semantics.year_span(start.value, stop.value)
        steps: dict[int, Step] = {}

        def year_value(year: int) -> Any:
            if year not in steps:
                body = derive(node.body, {**env, node.name: year})
                steps[year] = Step(body.node, body.value, body.of, body.label)
            return steps[year].value

        value = fold_years(node, start.value, stop.value, year_value)
        one_span = spans is not None and len(spans) == 1
        return Step(
            node, value, tuple(steps.values()) if one_span else (start, stop, *steps.values())
        )
    return _over_items(node, node.source.entity, env)


def _over_items(node: core.Over, entity: str, env: Environment) -> Step:
    kept: list[Step] = []

    def one(record: Record) -> tuple[Any, Any]:
        inner = {**env, node.name: record}
        where = derive(node.where, inner) if node.where is not None else None
        body = derive(node.body, inner)
        chosen = True if where is None else where.value
        if chosen is not False:
            of = (body,) if where is None else (where, body)
            kept.append(Step(body.node, body.value, of, record.path))
        return chosen, body.value

    items = env[LIST + entity]
    if items is None:
        value = fold_items(node, env, entity, one)
    else:
        value = fold(node, [one(record) for record in items])
    return Step(node, value, tuple(kept))
