"""The nodes that need the values of all their operands, and what each does with them.

``operands`` and ``apply`` together are the meaning of every such node; the
compiled closures and the recorded derivation both go through them. ``If``,
``Pick`` and ``Over`` evaluate what they need and are spelled out in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from incentives.language import core, semantics
from incentives.values.unknown import unknown_like

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.language.core import Expr

Strict: TypeAlias = (
    core.Not
    | core.All
    | core.Any
    | core.Compare
    | core.In
    | core.Within
    | core.Add
    | core.Neg
    | core.Mul
    | core.Div
    | core.Pow
    | core.Min
    | core.Max
    | core.UpTo
    | core.Round
    | core.DateOp
)


def operands(node: Strict) -> tuple[Expr, ...]:
    """Return the operands of a strict node, in the order ``apply`` takes their values."""
    match node:
        case core.Compare() | core.Mul() | core.Div():
            return (node.left, node.right)
        case core.All() | core.Any() | core.Add() | core.Min() | core.Max():
            return node.of
        case core.Not() | core.Neg():
            return (node.of,)
        case core.In(of, options):
            return (of, options) if isinstance(options, core.Param) else (of, *options)
        case core.Within(code, ancestor):
            return (code, ancestor)
        case core.Pow(base, exponent):
            return (base, exponent)
        case core.UpTo(low, high):
            return (low, high)
        case core.Round():
            return (node.of, node.quantum)
        case core.DateOp(_, parts):
            return parts
        case _:
            assert_never(node)


def apply(node: Strict, values: Sequence[Any]) -> Any:
    """Return what ``node`` makes of the values of its operands."""
    match node:
        case core.Compare():
            return semantics.compare(node.op, values[0], values[1])
        case core.Mul():
            return semantics.mul(values[0], values[1])
        case core.Round():
            return semantics.round_(values[0], values[1], node.mode)
        case core.Not():
            return semantics.not_(values[0])
        case core.All():
            return semantics.all_(values)
        case core.Any():
            return semantics.any_(values, node.at_least)
        case core.In():
            listed = values[1] if isinstance(node.options, core.Param) else values[1:]
            if semantics.is_unknown(listed):
                return unknown_like((values[0], listed))
            return semantics.in_(values[0], listed)
        case core.Within():
            return semantics.within(node.type.kind, values[0], values[1])
        case core.Add():
            return semantics.add(values)
        case core.Neg():
            return semantics.neg(values[0])
        case core.Div():
            return semantics.div(values[0], values[1], place(node))
        case core.Pow():
            return semantics.power(values[0], values[1], place(node))
        case core.Min():
            return semantics.minimum(values, place(node))
        case core.Max():
            return semantics.maximum(values, place(node))
        case core.UpTo():
            return semantics.up_to(values[0], values[1])
        case core.DateOp():
            return semantics.date_op(node.function, values, place(node))
        case _:
            assert_never(node)


def place(node: Expr) -> str:
    """Return where a node stands, for a finding: file, line and column."""
    return str(node.span) if node.span is not None else ""
