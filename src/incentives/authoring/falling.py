"""Warnings about amounts that fall as their base rises, where nothing says so (W414).

The base (``base``, or the ``of`` of bands) is replaced by figures around every
constant of the amount, where its kinks are, and the engine computes the
amounts. What is reported is a witness: two figures, the larger of which gives
certainly less. Formulas have no base and are not looked at.

Not promised: that every fall is found; the figures are around the constants
and their quotients by the rates.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.blank import Blank, days_of
from incentives.authoring.expressions import substitute, unique, versions_of
from incentives.authoring.written import warning
from incentives.engine.compile import compile_expr
from incentives.language import core
from incentives.rulebook.profile import Record
from incentives.values import types as t
from incentives.values.money import format_fen
from incentives.values.types import Kind
from incentives.values.unknown import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.loaded import Loaded
    from incentives.diagnostics import Finding
    from incentives.engine.environment import Environment
    from incentives.language.core import Expr
    from incentives.rulebook.model import Version

MAX_CELLS: Final = 32
MAX_POINTS: Final = 400


def falling_amounts(rulebook: Loaded, blank: Blank) -> Iterator[Finding]:
    """Yield a warning for each amount that can fall as its base rises without saying so."""
    for incentive in rulebook.rules.incentives.values():
        for version in versions_of(incentive):
            if version.amount is None or version.decreasing is not None:
                continue
            for base in _bases(version.amount):
                witness = _fall(blank, version, version.amount, base)
                if witness is not None:
                    yield _finding(incentive.id, version, base, witness)


def _finding(
    name: str, version: Version, base: Expr, witness: tuple[Any, Any, Any, Any]
) -> Finding:
    (x, y), (a, b) = witness[:2], witness[2:]
    shown = [format_fen(value, lang="en") for value in (a, b)]
    return warning(
        "W414",
        (
            (
                f"{name} gives less when its base rises: at least {shown[0]} at {_shown(base, x)}, "
                f"at most {shown[1]} at {_shown(base, y)}"
            ),
            (
                f"{name} 的基数增加，金额反而减少：{_shown(base, x)} 时至少 {shown[0]}，"
                f"{_shown(base, y)} 时至多 {shown[1]}"
            ),
        ),
        (base.span or version.span, ("this rises", "基数")),
        help=(
            'if the text means it, add decreasing = "why"',
            '原文确实如此的，写 decreasing = "理由"',
        ),
    )


def _shown(base: Expr, value: Any) -> str:
    return format_fen(value, lang="en") if _is_money(base) else str(value)


def _is_money(base: Expr) -> bool:
    kinds = [
        n.type.kind for n in unique(base) if isinstance(n, core.Fact | core.Const | core.Param)
    ]
    return Kind.MONEY in kinds


def _bases(amount: Expr) -> list[Expr]:
    found: list[Expr] = []
    for node in unique(amount):
        is_base = node.origin is not None and node.origin.role is core.Role.BASE
        if is_base and node not in found:
            found.append(node)
    return found


def _fall(
    blank: Blank, version: Version, amount: Expr, base: Expr
) -> tuple[Any, Any, Any, Any] | None:
    """Return two figures of the base, ascending, and the amounts, certainly descending."""
    day = days_of(version)[-1]
    whole = blank.env(day, version.each)
    points = _points(amount, bounds(compile_expr(base)(whole)))
    curve = [compile_expr(substitute(amount, base, core.Const(x, t.MONEY))) for x in points]
    for env in _cells(whole, amount, base):
        best: tuple[Any, Any] | None = None
        for x, at in zip(points, curve, strict=True):
            lo, hi = bounds(at(env))
            if best is not None and hi is not None and hi < best[1]:
                return best[0], x, best[1], hi
            if lo is not None and (best is None or lo >= best[1]):
                best = (x, lo)
    return None


def _points(amount: Expr, reach: tuple[Any, Any]) -> list[Any]:
    """Return figures for the base: around each constant, and each divided by each rate."""
    figures: set[Any] = set()
    rates: set[Any] = {1}
    for node in unique(amount):
        for value in _numbers(node):
            (rates if isinstance(value, Fraction) and abs(value) < 10 else figures).add(value)
    near: set[Any] = {0}
    for figure in figures:
        for rate in rates:
            middle = Fraction(figure) / rate if rate else Fraction(figure)
            whole = middle.numerator // middle.denominator
            near |= {whole - 1, whole, whole + 1, whole + 2}
    lo, hi = reach
    inside = [x for x in near if (lo is None or lo <= x) and (hi is None or x <= hi)]
    return sorted(inside)[:MAX_POINTS]


def _numbers(node: Expr) -> list[Any]:
    if isinstance(node, core.Const):
        values: list[Any] = [node.value]
    elif isinstance(node, core.Param):
        values = [dated.value for dated in node.values]
    else:
        return []
    return [v for v in values if isinstance(v, int | Fraction) and not isinstance(v, bool)]


def _cells(env: Environment, amount: Expr, base: Expr) -> Iterator[Environment]:
    """Yield environments in which the words and truth values beside the base are chosen."""
    yield env
    own = {(n.record, n.name) for n in unique(base) if isinstance(n, core.Fact)}
    axes: dict[tuple[str, str], list[Any]] = {}
    size = 1
    for node in unique(amount):
        if not isinstance(node, core.Fact) or node.year is not None:
            continue
        key = (node.record, node.name)
        choices = _choices(node)
        known = isinstance(env.get(node.record), Record)
        if key in own or key in axes or not choices or not known:
            continue
        if size * len(choices) > MAX_CELLS:
            break
        size *= len(choices)
        axes[key] = choices
    for values in product(*axes.values()):
        inner = dict(env)
        for (record, name), value in zip(axes, values, strict=True):
            old = inner[record]
            inner[record] = Record(old.path, old.specs)
            inner[record].update({**old, name: value})
        yield inner


def _choices(fact: core.Fact) -> list[Any]:
    if fact.type.kind is Kind.BOOL:
        return [False, True]
    if fact.type.kind is Kind.CHOICE:
        return sorted(fact.type.options or ())
    return []
