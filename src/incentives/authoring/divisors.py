"""Warnings about divisors that can be zero (W407).

A divisor is suspect when its range, given the vocabulary, contains zero. Then
zero is put in its place everywhere in the version and the engine says what
comes of it: if a condition fails anyway, or the fault is absorbed (``revenue >
0 and cost / revenue > rate``; ``a / b if b > 0 else 0``), it is guarded.

Not promised: that a divisor reported here is zero for any real applicant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.authoring.blank import Blank, days_of
from incentives.authoring.expressions import of_version, substitute, versions_of
from incentives.authoring.written import warning
from incentives.engine.compile import compile_expr
from incentives.language import core
from incentives.language.strict import place
from incentives.language.walk import children
from incentives.values import types as t
from incentives.values.unknown import bounds, faults_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from incentives.authoring.loaded import Loaded
    from incentives.diagnostics import Finding
    from incentives.language.core import Expr
    from incentives.rulebook.model import Version

Folds = tuple[core.Over, ...]
_ZERO = core.Const(0, t.COUNT)


def zero_divisors(rulebook: Loaded, blank: Blank) -> Iterator[Finding]:
    """Yield a warning for each division whose divisor can be zero where nothing guards it."""
    for incentive in rulebook.rules.incentives.values():
        for version in versions_of(incentive):
            for root in of_version(version):
                for node, folds in _divisions(root, (), set()):
                    if _is_open(blank, version, root, node, folds):
                        yield warning(
                            "W407",
                            (
                                f"a divisor in {incentive.id} can be zero",
                                f"{incentive.id} 有一个除数可能为零",
                            ),
                            (
                                node.right.span or node.span or version.span,
                                ("zero is possible here", "这里可能为零"),
                            ),
                            help=(
                                (
                                    "add a condition that it is above zero, or a `min` in the "
                                    "vocabulary where zero cannot be"
                                ),
                                "加一个大于零的条件；本来就不会为零的，在词汇表中写 min",
                            ),
                        )


def _divisions(expr: Expr, folds: Folds, seen: set[int]) -> Iterator[tuple[core.Div, Folds]]:
    if id(expr) in seen:
        return
    seen.add(id(expr))
    if isinstance(expr, core.Div):
        yield expr, folds
    inner = (*folds, expr) if isinstance(expr, core.Over) else folds
    for child in children(expr):
        yield from _divisions(child, inner, seen)


def _is_open(blank: Blank, version: Version, root: Expr, node: core.Div, folds: Folds) -> bool:
    return any(
        _can_be_zero(blank, version, node, folds, day)
        and not _guarded(blank, version, root, node, folds, day)
        for day in days_of(version)
    )


def _can_be_zero(blank: Blank, version: Version, node: core.Div, folds: Folds, day: date) -> bool:
    env = blank.bound(blank.env(day, version.each), folds)
    lo, hi = bounds(compile_expr(node.right)(env))
    return (lo is None or lo <= 0) and (hi is None or hi >= 0)


def _guarded(
    blank: Blank, version: Version, root: Expr, node: core.Div, folds: Folds, day: date
) -> bool:
    """Say whether nothing is lost when the divisor is zero."""
    env = blank.env(day, version.each)

    def at_zero(expr: Expr, inside: Folds) -> Any:
        return compile_expr(substitute(expr, node.right, _ZERO))(blank.bound(env, inside))

    if any(at_zero(condition.test, ()) is False for condition in version.conditions):
        return True
    years = [fold for fold in folds if isinstance(fold.source, core.Years)]
    spot = place(node)
    if any(fault.place == spot for fault in faults_in(at_zero(root, ()))):
        return False
    # A span of years that is not known drops what its body came to: look inside it.
    return not any(
        fault.place == spot
        for fold in years
        for fault in faults_in(at_zero(fold.body, folds[: folds.index(fold) + 1]))
    )
