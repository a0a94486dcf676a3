"""The derivation of a decision as plain data, the same bytes everywhere.

A step is a list: what it is, what it came to, then the steps it used, in the
order of evaluation. *What it is* names whatever a person could change: the path
of a fact, of a parameter, of a figure of the amount; of other nodes the
operation alone. Values are exact texts: ``200000元``, ``10%``, ``2024-06-01``.

An entry is one expression of the rule that was evaluated: which, for which
item, under which clause, and its step. A decision has an entry for the date,
one for each condition, one for the amount, one for each cap over items, and
one for each past payment or decision that the profile states for it; those
about items once for each item.

The law kept here: nothing depends on where the rules were loaded from. The
trap: places in rule files (lines) are no part of a meaning and are left out.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.compile import item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import LIST, ON
from incentives.engine.outcome import Status
from incentives.explain.names import type_of
from incentives.explain.replay import environment_of, group_of, outcome_of, split_of
from incentives.language import core
from incentives.language.names import DECIDED, RECEIVED
from incentives.values.calendar import Duration
from incentives.values.quantity import exact_decimal, format_ratio
from incentives.values.types import Kind, Type
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.engine.environment import Environment
    from incentives.engine.outcome import Part
    from incentives.engine.results import Decision
    from incentives.rulebook.model import Version

Data = dict[str, Any]

_LIVE: Final = {Status.ELIGIBLE, Status.UNDETERMINED}
_SIGNS: Final = {
    core.Not: "not", core.All: "all", core.Add: "+", core.Neg: "-", core.Mul: "*", core.Div: "/",
    core.Pow: "**", core.Min: "min", core.Max: "max", core.If: "if", core.Pick: "row",
    core.In: "in", core.Within: "within", core.UpTo: "up_to", core.On: "on", core.Var: "year",
}  # fmt: skip


# ── values ───────────────────────────────────────────────────────────────────


def value_data(value: Any, kind: Type | None) -> Any:
    """Return a value as an exact text, a truth value, a list, or a table for an unknown one."""
    match value:
        case None | bool():
            return value
        case Unknown():
            return _unknown(value, kind)
        case int() | Fraction():
            return _number(value, kind)
        case date():
            return value.isoformat()
        case Duration():
            return f"{value.months} months {value.days} days"
        case Enum():
            return str(value.value)
        case str():
            return value
        case tuple() | list():
            return [value_data(part, kind) for part in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical text")


def _number(value: int | Fraction, kind: Type | None) -> str:
    match kind.kind if kind is not None else None:
        case Kind.MONEY:
            yuan = Fraction(value, 100)
            return f"{exact_decimal(yuan, most=8) or yuan}元"
        case Kind.RATIO:
            return format_ratio(value)
        case _:
            return str(value)


def _unknown(value: Unknown, kind: Type | None) -> Data:
    out: Data = {
        "unknown": sorted(value.missing),
        "low": value_data(value.lo, kind),
        "high": value_data(value.hi, kind),
    }
    if value.options is not None:
        out["options"] = sorted(value.options)
    if value.faults:
        out["failed"] = sorted(fault.code for fault in value.faults)
    if value.open:
        out["ceiling"] = "perhaps" if value.mixed else "yes"
    return out


# ── steps ────────────────────────────────────────────────────────────────────


def step_data(step: Step) -> list[Any]:
    """Return a step and all below it."""
    return [
        _what(step),
        value_data(step.value, type_of(step.node)),
        *(step_data(part) for part in step.of),
    ]


def _what(step: Step) -> str:
    node = step.node
    match node:
        case core.Fact():
            return f"fact {step.label}"
        case core.Param(path=path):
            return f"parameter {path}"
        case core.Const():
            path = "" if node.origin is None else node.origin.path
            return f"figure {path}" if path else "figure"
        case core.Compare(op=op):
            return str(op)
        case core.Any(at_least=least):
            return "any" if least == 1 else f"at least {least}"
        case core.Round(mode=mode):
            return f"round {mode}"
        case core.DateOp(function=function):
            return str(function)
        case core.Over(fold=fold):
            return f"{fold} {step.label}".rstrip()
        case core.AwardOf(incentive=incentive):
            return f"award {incentive}"
        case core.GrantedOf(incentive=incentive):
            return f"granted {incentive}"
        case core.ReceivedOf(incentive=incentive, per=per):
            return f"received {incentive} per {per}"
        case core.Fail(code=code):
            return f"failed {code}"
        case _:
            return _SIGNS[type(node)]


# ── the entries of a decision ────────────────────────────────────────────────


def derivation(decision: Decision) -> list[Data]:
    """Return every evaluated expression of a decision, in the order of evaluation."""
    return [_shown(entry) for entry in _entries(decision)]


def _shown(entry: tuple[str, str, str | None, list[Any]]) -> Data:
    of, item, clause, step = entry
    return {"of": of, "item": item, "clause": clause, "step": step}


Entry = tuple[str, str, str | None, list[Any]]


def _entries(decision: Decision) -> Iterator[Entry]:
    outcome, env = outcome_of(decision), environment_of(decision)
    version = decision.version
    yield "on", "", None, ["on", env[ON].isoformat()]
    yield from _history(decision.incentive, env)
    if outcome.each is None or not outcome.items:
        yield from _part(outcome, version, env, decision)
    else:
        for condition in version.applicability:
            clause = _clause(condition.clause, version)
            yield f"condition {condition.id}", "", clause, step_data(derive(condition.test, env))
        for item in outcome.items:
            scope = dict(env)
            item_scope(scope, outcome.each, item.index, env[LIST + outcome.each][item.index])
            yield from _part(item, item.version or version, scope, decision)
    if outcome.status in _LIVE:
        for at, total in enumerate(version.totals):
            clause = _clause(total.clause, version)
            yield f"total {at + 1}", "", clause, step_data(derive(total.cap, env))
        yield from _afterwards(decision, version, env)


def _afterwards(decision: Decision, version: Version, env: Environment) -> Iterator[Entry]:
    """Yield what groups, splits and instalments read: the limit, the shares, the days."""
    group, split = group_of(decision), split_of(decision)
    if group is not None and group.limit is not None:
        yield f"group {group.id}", "", group.clause, step_data(derive(group.limit, env))
    for share in () if split is None else split.shares:
        step = step_data(derive(share.share, env))
        yield f"share {share.payer}", "", split.clause if split else None, step
    for at, part in enumerate(version.instalments):
        for expr in (part.share, part.amount, part.since, part.until, part.when):
            if expr is not None:
                yield f"instalment {at + 1}", "", version.clause, step_data(derive(expr, env))


def _part(part: Part, version: Version, env: Environment, decision: Decision) -> Iterator[Entry]:
    """Yield the entries of an item, or of an incentive without items."""
    key, alone = part.key, decision.rule.each is None
    if version.dated_by is not None and (alone or key):
        yield "dated_by", key, version.clause, step_data(derive(version.dated_by, env))
    if part.version is not None:
        period = part.version.period
        days = [None if day is None else day.isoformat() for day in (period.since, period.until)]
        yield "version", key, part.version.clause, ["period", days]
    if not key:
        for condition in version.applicability:
            clause = _clause(condition.clause, version)
            yield f"condition {condition.id}", "", clause, step_data(derive(condition.test, env))
    if part.status is Status.NOT_APPLICABLE:
        return
    for condition in version.conditions:
        if alone or key or not condition.per_item:
            clause = _clause(condition.clause, version)
            yield f"condition {condition.id}", key, clause, step_data(derive(condition.test, env))
    if part.status in _LIVE and version.amount is not None and (alone or key):
        yield "amount", key, version.clause, step_data(derive(version.amount, env))


def _clause(own: str | None, version: Version) -> str:
    return own or version.clause


def _history(incentive: str, env: Environment) -> Iterator[Entry]:
    """Yield the past payments and decisions that are stated, or may be, for an incentive."""
    for name in (RECEIVED, DECIDED):
        for record in env[LIST + name] or ():
            if record["incentive"] == incentive or isinstance(record["incentive"], Unknown):
                for fact, value in sorted(record.items()):
                    kind = record.specs[fact].type
                    yield name, "", None, [f"fact {record.path}.{fact}", value_data(value, kind)]
