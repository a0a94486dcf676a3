"""The slips one can make at one node of the core: a sign, a figure, a word, a part left out.

A slip is a replacement for the node as it is written in one place; the same
slip is made wherever that place is used (``rewrite.site_of``).

Left out on purpose: nodes that only the lowering makes (the slices of marginal
bands, the rounding of what is left under a cap). What they are made from is
written somewhere, and slips are made there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from incentives.authoring.neighbours import COMPARISONS, figure_text, neighbours
from incentives.language import core
from incentives.language.core import DateFunction, Fold, Per, Role
from incentives.values import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.diagnostics import Span
    from incentives.language.core import Expr

MAX_SHOWN: Final = 60
_LIMBS: Final = {
    Role.FLOOR, Role.CAP, Role.LESS, Role.NOT_NEGATIVE, Role.LEFT
}  # fmt: skip
_FOLDS: Final = {Fold.ANY: Fold.ALL, Fold.ALL: Fold.ANY, Fold.MIN: Fold.MAX, Fold.MAX: Fold.MIN}
_DATES: Final = {
    DateFunction.START_OF: DateFunction.END_OF,
    DateFunction.END_OF: DateFunction.START_OF,
}
_PERIODS: Final = {Per.YEAR: Per.LIFETIME, Per.LIFETIME: Per.YEAR, Per.ITEM: Per.LIFETIME}


Change: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Slip:
    """One replacement: what stood there, what stands there now (``None``: it is left out)."""

    before: str
    after: str | None
    change: Change
    key: str = ""
    span: Span | None = None


def having(**keys: Any) -> Change:
    """Return the change that gives something other keys."""
    return lambda found: replace(found, **keys)


def without(name: str, at: int) -> Change:
    """Return the change that leaves one part out of a tuple."""

    def change(found: Any) -> Any:
        parts = getattr(found, name)
        return replace(found, **{name: parts[:at] + parts[at + 1 :]})

    return change


def slips(node: Expr) -> Iterator[Slip]:
    """Yield the slips that can be made at one node."""
    match node:
        case core.Const():
            yield from _constant(node)
        case core.Param():
            yield from _parameter(node)
        case core.Compare(op):
            for other in COMPARISONS[op]:
                yield Slip(op, other, having(op=other))
        case core.All() | core.Any() | core.Not() | core.In() | core.Within():
            yield from _logic(node)
        case core.Fact() | core.GrantedOf():
            yield from _truth(node)
        case core.Min() | core.Max() | core.Add() | core.UpTo():
            yield from _amounts(node)
        case core.If() | core.Pick():
            yield from _rows(node)
        case core.Over(fold, _, _, _, where):
            if where is not None:
                yield Slip(f"if {shown(where)}", None, having(where=None))
            if fold in _FOLDS:
                yield Slip(fold, _FOLDS[fold], having(fold=_FOLDS[fold]))
        case core.DateOp(function):
            if function in _DATES:
                yield Slip(function, _DATES[function], having(function=_DATES[function]))
        case core.ReceivedOf(per=per):
            yield Slip(per, _PERIODS[per], having(per=_PERIODS[per]))
        case _:  # Mul, Div, Pow, Neg, Round, Var, On, Fail, AwardOf: their operands are changed
            return


def shown(node: Expr) -> str:
    """Return what is written at a node, on one line."""
    span = node.span
    if span is None and isinstance(node, core.Neg):  # the second operand of `a - b`
        return f"-{shown(node.of)}"
    text = "" if span is None else " ".join(span.source.text[span.start : span.end].split())
    text = text or type(node).__name__.lower()
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


# ── figures ──────────────────────────────────────────────────────────────────


def _constant(node: core.Const) -> Iterator[Slip]:
    for other in neighbours(node.value, node.type):
        yield Slip(
            figure_text(node.value, node.type),
            figure_text(other, node.type),
            having(value=other),
        )


def _parameter(node: core.Param) -> Iterator[Slip]:
    for dated in node.values:
        for other in neighbours(dated.value, node.type):
            if other == 0:  # no text names a figure that is nothing; a quantum cannot be
                continue
            new = replace(dated, value=other)
            yield Slip(
                figure_text(dated.value, node.type),
                figure_text(other, node.type),
                _with_value(dated, new),
                key=_during(dated),
            )
        if dated.until is not None:
            for days in (-1, 1):
                yield _later(dated.until, days)


def _during(dated: core.Dated) -> str:
    """Return the period of a dated value, to tell it from the others."""
    if dated.since is None and dated.until is None:
        return ""
    return f"[{dated.since or ''}..{dated.until or ''}]"


def _with_value(old: core.Dated, new: core.Dated) -> Change:
    def change(node: core.Param) -> core.Param:
        return replace(node, values=tuple(new if each == old else each for each in node.values))

    return change


def _later(last: date, days: int) -> Slip:
    """Move the last day of a dated value, and the first of the next with it."""
    day = timedelta(days=days)

    def moved(each: core.Dated) -> core.Dated:
        if each.until == last:
            return replace(each, until=last + day)
        if each.since == last + timedelta(days=1):
            return replace(each, since=each.since + day)
        return each

    return Slip(
        f"until {last}",
        f"until {last + day}",
        lambda found: replace(found, values=tuple(map(moved, found.values))),
    )


# ── conditions ───────────────────────────────────────────────────────────────


def _logic(node: Expr) -> Iterator[Slip]:
    match node:
        case core.All(of):
            if len(of) > 1:
                yield Slip("and", "or", lambda found: core.Any(found.of, span=found.span))
            yield from _without(of)
        case core.Any(of, least):
            if len(of) > 1 and least == 1:
                yield Slip("or", "and", lambda found: core.All(found.of, span=found.span))
            for other in (least - 1, least + 1):
                if least > 1 and other <= len(of):
                    yield Slip(
                        f"at_least {least}",
                        f"at_least {other}",
                        having(at_least=other),
                    )
            if least < len(of):
                yield from _without(of)
        case core.Not(of):
            yield Slip(f"not {shown(of)}", shown(of), lambda found: found.of)
        case core.In(_, options):
            if isinstance(options, tuple) and len(options) > 1:
                yield from _without(options, "options")
            yield from _negated(node)
        case core.Within():
            yield from _negated(node)


def _without(parts: tuple[Expr, ...], name: str = "of") -> Iterator[Slip]:
    for at, part in enumerate(parts):
        if len(parts) > 1:
            yield Slip(
                _word(part),
                None,
                without(name, at),
                span=part.span,
            )


def _word(node: Expr) -> str:
    return f'"{node.value}"' if isinstance(node, core.Const) else shown(node)


def _truth(node: Expr) -> Iterator[Slip]:
    """Turn a truth value round; a fact of any other type has nothing to change."""
    if isinstance(node, core.GrantedOf) or (isinstance(node, core.Fact) and node.type == t.BOOL):
        yield from _negated(node)


def _negated(node: Expr) -> Iterator[Slip]:
    yield Slip(shown(node), f"not {shown(node)}", lambda found: core.Not(found, span=found.span))


# ── amounts ──────────────────────────────────────────────────────────────────


def _amounts(node: Expr) -> Iterator[Slip]:
    role = None if node.origin is None else node.origin.role
    match node:
        case core.Min((first, *_)) | core.Max((first, *_)) | core.Add((first, *_)) if (
            role in _LIMBS
        ):
            del first
            yield Slip(str(role), None, lambda found: found.of[0])
        case core.UpTo():
            yield Slip("a ceiling", "an amount", lambda found: found.high)
        case core.Min(of) | core.Max(of) if node.span is not None and len(of) > 1:
            low, high = ("min", "max") if isinstance(node, core.Min) else ("max", "min")
            other = core.Max if isinstance(node, core.Min) else core.Min
            yield Slip(
                low, high, lambda found: other(found.of, span=found.span, origin=found.origin)
            )
            yield from _without(of)
        case core.Add(of) if node.span is not None and not any(map(_is_offset, of)):
            yield from _without(of)


def _is_offset(node: Expr) -> bool:
    """Say whether an operand is a bare figure, as in `year - 1`: the figure itself is changed."""
    return isinstance(node, core.Const) or (
        isinstance(node, core.Neg) and isinstance(node.of, core.Const)
    )


def _rows(node: Expr) -> Iterator[Slip]:
    role = None if node.origin is None else node.origin.role
    match node:
        case core.Pick(rows):
            for at, (test, _) in enumerate(rows):
                if len(rows) > 1:
                    yield Slip(
                        f"row {shown(test)}",
                        None,
                        without("rows", at),
                        span=test.span,
                    )
        case core.If() if role is Role.TABLE:
            yield Slip(
                f"row {shown(node.test)}", None, lambda found: found.otherwise, span=node.test.span
            )
        case core.If() if role is Role.MINIMUM:
            yield Slip("minimum", None, lambda found: found.otherwise)
        case core.If() if node.span is not None and role is not Role.LOOKUP:
            yield Slip(
                f"if {shown(node.test)}",
                f"if not ({shown(node.test)})",
                lambda found: replace(found, then=found.otherwise, otherwise=found.then),
            )
