"""Amounts as core: each source, then floor → cap → less → not negative → round → minimum.

Everything is *built from* core nodes and tagged with what it came from, so
both engines compute it one way and the explanation can still name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.language import core
from incentives.language.core import CompareOp, Expr, Origin, Role
from incentives.language.names import CheckError, Scope, Typed, problem
from incentives.rulebook.lowering import Lowering, Path, mark, text_of
from incentives.rulebook.model import Entitlement, RoundingRule
from incentives.rulebook.overlap import overlap
from incentives.values import types as t
from incentives.values.rounding import Mode
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from incentives.diagnostics import Pair
    from incentives.rulebook.files import AmountModel, BandsModel, LookupModel, RowModel

ZERO = core.Const(0, t.MONEY)
FEN = core.Const(1, t.MONEY)
_CEILINGS = {Entitlement.UP_TO, Entitlement.CASE_BY_CASE}


def lower_amount(
    low: Lowering,
    model: AmountModel,
    path: Path,
    scope: Scope,
    rounding: RoundingRule,
    entitlement: Entitlement,
    at_least: Expr | None,
) -> tuple[Expr | None, Expr | None]:
    """Return the amount in whole fen, and what ``less`` takes off it."""
    own_rows = any(row.entitlement is not None for row in model.table or ())
    finish = _pipeline(low, model, path, scope, rounding)
    if own_rows and model.table is not None:
        # Each row is a figure or a ceiling of its own: it is finished before it is either.
        rows = Rows(entitlement, at_least, finish)
        return _table(low, model, path, scope, rows), finish.less
    source = _source(low, model, path, scope)
    if source is None:
        return None, None
    amount = finish(source)
    if entitlement in _CEILINGS:
        origin = Origin(Role.CEILING, _spot(path))
        amount = core.UpTo(at_least or ZERO, amount, span=low.span(path), origin=origin)
    return amount, finish.less


def _spot(path: Path) -> str:
    return ".".join(map(str, path))


def _source(
    low: Lowering,
    model: AmountModel,
    path: Path,
    scope: Scope,
) -> Expr | None:
    if model.fixed is not None:
        return low.value(
            model.fixed,
            (*path, "fixed"),
            scope,
            t.MONEY,
            Origin(Role.FIXED, _spot((*path, "fixed"))),
        )
    if model.formula is not None:
        return low.value(
            model.formula,
            (*path, "formula"),
            scope,
            t.MONEY,
            Origin(Role.FORMULA, _spot((*path, "formula"))),
        )
    if model.bands is not None:
        return _bands(low, model.bands, (*path, "bands"), scope)
    if model.table is not None:
        return _table(low, model, path, scope, None)
    base = low.typed(model.base, (*path, "base"), scope, None)
    rate = low.typed(model.rate, (*path, "rate"), scope, None)
    if base is None or rate is None:
        return None
    kind = t.product(base.type, rate.type)
    if kind is None or kind.kind is not Kind.MONEY:
        low.report(
            "E220",
            (
                f"base × rate is {base.type} × {rate.type}, which is not an amount of money",
                f"“base × rate”是{base.type.zh}×{rate.type.zh}，得不出金额",
            ),
            (*path, "rate"),
            help=("money × ratio, or count × money", "应为金额×比例，或数量×金额"),
        )
        return None
    return core.Mul(
        mark(base.expr, Origin(Role.BASE, _spot((*path, "base")))),
        mark(rate.expr, Origin(Role.RATE, _spot((*path, "rate")))),
        span=low.span(path),
        origin=Origin(Role.RATE, _spot(path)),
    )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What follows the source of an amount, always in one order (LANGUAGE.md 5)."""

    model: AmountModel
    path: Path
    rounding: RoundingRule
    floor: Expr | None
    cap: Expr | None
    less: Expr | None
    minimum: Expr | None

    def __call__(self, amount: Expr) -> Expr:
        """Return the amount in whole fen."""
        cap, less, rounding = self.cap, self.less, self.rounding
        if self.floor is not None:
            amount = core.Max((amount, self.floor), origin=self._origin(Role.FLOOR))
        if cap is not None:
            amount = core.Min((amount, cap), origin=self._origin(Role.CAP))
        if less is not None:
            amount = core.Add((amount, core.Neg(less)), origin=self._origin(Role.LESS))
            amount = core.Max((amount, ZERO), origin=self._origin(Role.NOT_NEGATIVE))
        elif _can_be_negative(self.model):
            amount = core.Max((amount, ZERO), origin=self._origin(Role.NOT_NEGATIVE))
        quantum = core.Const(rounding.quantum, t.MONEY)
        amount = core.Round(amount, quantum, rounding.mode, origin=self._origin(Role.ROUND))
        if cap is not None and _rounding_can_exceed(cap, less, rounding):
            left: Expr = cap if less is None else core.Add((cap, core.Neg(less)))
            left = core.Round(core.Max((left, ZERO)), quantum, Mode.DOWN)
            amount = core.Min((amount, left), origin=self._origin(Role.LEFT))
        if self.minimum is not None:
            below = core.Compare(CompareOp.LT, amount, self.minimum)
            amount = core.If(below, ZERO, amount, origin=self._origin(Role.MINIMUM))
        return amount

    def _origin(self, role: Role) -> Origin:
        return Origin(role, _spot((*self.path, role)))


def _pipeline(
    low: Lowering, model: AmountModel, path: Path, scope: Scope, rounding: RoundingRule
) -> Pipeline:
    def figure(name: str, role: Role) -> Expr | None:
        raw = getattr(model, name)
        if raw is None:
            return None
        return low.value(raw, (*path, name), scope, t.MONEY, Origin(role, _spot((*path, name))))

    figures = [figure(role.value, role) for role in (Role.FLOOR, Role.CAP, Role.LESS, Role.MINIMUM)]
    return Pipeline(model, path, rounding, *figures)


def _can_be_negative(model: AmountModel) -> bool:
    """Say whether a source can be below zero: only figures that a text states cannot."""
    return not (model.fixed is not None and _is_quantity(model.fixed))


def _is_quantity(raw: Any) -> bool:
    return isinstance(raw, str) and raw[:1].isdigit()


def _rounding_can_exceed(cap: Expr, less: Expr | None, rounding: RoundingRule) -> bool:
    if rounding.mode is Mode.DOWN:
        return False
    if less is not None:
        return True
    if isinstance(cap, core.Const):
        values: list[Any] = [cap.value]
    elif isinstance(cap, core.Param):
        values = [dated.value for dated in cap.values]
    else:
        return True
    return any(value % rounding.quantum for value in values)


def _no_money(of: Type, rate: Type | None) -> Pair:
    return (
        f"{of} × {rate or '?'} is not an amount of money",
        f"{of.zh}×{rate.zh if rate else '？'}得不出金额",
    )


# ── bands ────────────────────────────────────────────────────────────────────


def _bands(low: Lowering, model: BandsModel, path: Path, scope: Scope) -> Expr | None:
    of = low.typed(model.of, (*path, "of"), scope, None)
    edges = [
        low.value(edge, (*path, "steps", at, key), scope, None if of is None else of.type)
        for at, step in enumerate(model.steps)
        for key, edge in (("up_to", step.up_to), ("below", step.below))
        if edge is not None
    ]
    rates = [
        low.typed(step.rate, (*path, "steps", at, "rate"), scope, None)
        for at, step in enumerate(model.steps)
    ]
    if of is None or None in edges or None in rates:
        return None
    for at, rate in enumerate(rates):
        kind = t.product(of.type, rate.type) if rate else None
        if kind is None or kind.kind is not Kind.MONEY:
            low.report(
                "E220",
                _no_money(of.type, rate.type if rate else None),
                (*path, "steps", at, "rate"),
            )
            return None
    if not steps_in_order(
        low, list(model.steps), [e for e in edges if e is not None], (*path, "steps")
    ):
        return None
    base = mark(of.expr, Origin(Role.BASE, _spot((*path, "of"))))
    exprs = [rate.expr for rate in rates if rate is not None]
    limits = [edge for edge in edges if edge is not None]
    origin = Origin(Role.BAND, _spot(path))
    if model.mode == "marginal":
        parts = []
        for at, rate_expr in enumerate(exprs):
            slice_: Expr = (
                base if at == 0 else core.Max((core.Add((base, core.Neg(limits[at - 1]))), ZERO))
            )
            if at < len(limits):
                width = limits[at] if at == 0 else core.Add((limits[at], core.Neg(limits[at - 1])))
                slice_ = core.Min((slice_, width))
            parts.append(
                core.Mul(slice_, rate_expr, origin=Origin(Role.BAND, _spot((*path, "steps", at))))
            )
        return parts[0] if len(parts) == 1 else core.Add(tuple(parts), origin=origin)
    values: list[Expr] = [core.Mul(base, rate_expr) for rate_expr in exprs]
    inclusive = [step.up_to is not None for step in model.steps]
    return mark(by_steps(base, limits, inclusive, values), origin)


def by_steps(of: Expr, limits: list[Expr], inclusive: list[bool], values: list[Expr]) -> Expr:
    """Return the value of the step that ``of`` falls in; the last has no limit."""
    result = values[-1]
    for at in range(len(limits) - 1, -1, -1):
        op = CompareOp.LE if inclusive[at] else CompareOp.LT
        result = core.If(core.Compare(op, of, limits[at], span=limits[at].span), values[at], result)
    return result


def steps_in_order(low: Lowering, steps: list[Any], limits: list[Expr], path: Path) -> bool:
    """Report steps that do not ascend, at any date, or leave a hole."""
    last = steps[-1]
    if last.up_to is not None or last.below is not None:
        low.report(
            "E241",
            ("above the last step there is nothing", "最后一档以上没有规定"),
            (*path, len(steps) - 1),
            help=("add a last step without `up_to`", "再加最后一档，不写“up_to”"),
        )
        return False
    for at in range(len(limits) - 1):
        for day in _days((limits[at], limits[at + 1])):
            first, second = _figure(limits[at], day), _figure(limits[at + 1], day)
            if first is not None and second is not None and first >= second:
                low.report(
                    "E240",
                    ("the steps do not ascend", "各档没有从低到高排列"),
                    (*path, at + 1),
                    note=("not above the step before", "不高于前一档"),
                )
                return False
    return True


def _days(nodes: tuple[Expr, ...]) -> list[date]:
    """Return a day in each stretch of time over which the figures do not change."""
    starts = {date.min}
    for node in nodes:
        if isinstance(node, core.Param):
            starts |= {dated.since for dated in node.values if dated.since is not None}
    return sorted(starts)


def _figure(node: Expr, day: date) -> Any:
    if isinstance(node, core.Const):
        return node.value
    if isinstance(node, core.Param):
        return next((dated.value for dated in node.values if dated.holds(day)), None)
    return None


def lookup(low: Lowering, model: LookupModel, path: Path, scope: Scope) -> Typed:
    """Return a figure looked up by another; raises ``CheckError`` as expressions do."""
    of = low.typed(model.of, (*path, "of"), scope, None)
    gives = [
        low.typed(step.gives, (*path, "steps", at, "gives"), scope, None)
        for at, step in enumerate(model.steps)
    ]
    limits = [
        low.value(edge, (*path, "steps", at, key), scope, None if of is None else of.type)
        for at, step in enumerate(model.steps)
        for key, edge in (("up_to", step.up_to), ("below", step.below))
        if edge is not None
    ]
    kind = gives[0].type if gives[0] is not None else None
    for typed in gives[1:]:
        kind = t.join(kind, typed.type) if kind is not None and typed is not None else None
    good = of is not None and kind is not None and None not in limits
    if not good or not steps_in_order(
        low, list(model.steps), [e for e in limits if e is not None], (*path, "steps")
    ):
        raise problem(
            "E242",
            ("this lookup has errors", "查表定义有错误"),
            (low.span(path), ("see the other findings", "见其他几处错误")),
        )
    values = [typed.expr for typed in gives if typed is not None]
    inclusive = [step.up_to is not None for step in model.steps]
    expr = by_steps(
        of.expr if of else values[0], [e for e in limits if e is not None], inclusive, values
    )
    return Typed(mark(expr, Origin(Role.LOOKUP, _spot(path))), kind or t.COUNT)


# ── tables ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a table are read that may be ceilings, each for itself."""

    entitlement: Entitlement
    at_least: Expr | None
    finish: Pipeline


def _table(
    low: Lowering, model: AmountModel, path: Path, scope: Scope, own: Rows | None
) -> Expr | None:
    rows: list[tuple[Expr, Expr, Path]] = []
    otherwise: Expr | None = None
    complete = True
    for at, row in enumerate(model.table or ()):
        here = (*path, "table", at)
        value = _row_value(low, row, here, scope, own)
        if row.otherwise:
            otherwise = value
            complete &= value is not None
            continue
        test = low.value(row.when, (*here, "when"), scope, t.BOOL)
        if test is None or value is None:
            complete = False
        else:
            rows.append((test, value, here))
    if not complete:
        return None
    origin = Origin(Role.TABLE, _spot((*path, "table")))
    span = low.span((*path, "table"))
    if model.hit == "first" and otherwise is None:
        # A row counts where none above it does: with no row left over, no row is a finding.
        tests = [core.All((*(core.Not(above) for above, _, _ in rows[:at]), test))
                 for at, (test, _, _) in enumerate(rows)]  # fmt: skip
        picked = zip(tests, (value for _, value, _ in rows), strict=True)
        return core.Pick(tuple(picked), None, span=span, origin=origin)
    if model.hit == "first":
        result: Expr = otherwise or core.Fail("no-row", span=span)
        for test, value, _ in reversed(rows):
            result = core.If(test, value, result, origin=origin, span=span)
        return result
    for at, (test, _, here) in enumerate(rows):
        for other, _, _ in rows[:at]:
            if overlap(test, other):
                low.report(
                    "E243",
                    ("two rows of this table can hold at once", "表里有两行可能同时成立"),
                    (*here, "when"),
                    help=(
                        'make them exclude each other, or write hit = "first"',
                        '让各行互相排斥，或写 hit = "first"（取第一行）',
                    ),
                )
    return core.Pick(
        tuple((test, value) for test, value, _ in rows), otherwise, span=span, origin=origin
    )


def _row_value(
    low: Lowering, row: RowModel, path: Path, scope: Scope, own: Rows | None
) -> Expr | None:
    value = low.value(row.amount, (*path, "amount"), scope, t.MONEY)
    if value is None:
        return None
    table = Origin(Role.TABLE, _spot(path), text_of(row.says))
    if own is None:
        return mark(value, table)
    word = Entitlement(row.entitlement) if row.entitlement is not None else own.entitlement
    if word not in _CEILINGS:
        return own.finish(mark(value, table))
    least = own.at_least
    if row.at_least is not None:
        least = low.value(row.at_least, (*path, "at_least"), scope, t.MONEY)
    origin = Origin(Role.CEILING, _spot(path), text_of(row.says))
    return core.UpTo(least or ZERO, own.finish(value), span=low.span(path), origin=origin)


def share_total(shares: list[Expr]) -> Fraction | None:
    """Return what shares add up to on the first day it is not one, else one.

    ``None`` where a share is not a figure or a parameter.
    """
    if not all(isinstance(share, core.Const | core.Param) for share in shares):
        return None
    for day in _days(tuple(shares)):
        figures = [_figure(share, day) for share in shares]
        if None not in figures and sum(figures) != 1:
            return Fraction(sum(figures))
    return Fraction(1)


__all__ = ["CheckError", "by_steps", "lookup", "lower_amount", "share_total", "steps_in_order"]
