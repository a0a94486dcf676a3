"""What every check needs: places, refusals, and the sentences about what does not fit."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from incentives.language import core
from incentives.language.names import CheckError, Scope, Typed, problem
from incentives.values import codes
from incentives.values import types as t
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    import ast

    from incentives.diagnostics import Pair, Span
    from incentives.language.syntax import Columns


def describe(typed: Typed) -> Pair:
    """Return what an operand is, for a message: its type and where it comes from."""
    match typed.expr:
        case core.Fact(entity=entity, name=fact):
            name = f"{entity}.{fact}"
        case core.Param(path=path):
            name = path.rpartition(".")[2]
        case _:
            return f"this is {article(typed.type)}", f"此处为{typed.type.zh}"
    return f"`{name}` is {article(typed.type)}", f"“{name}”为{typed.type.zh}"


def article(kind: Type) -> str:
    """Return a type with its article, as a message says it."""
    words = {"money": "money", "text": "text", "industry": "an industry code", "zero": "0"}
    return words.get(str(kind), f"a {kind}")


class Tools:
    """The places and the sentences of one expression in one scope."""

    def __init__(self, scope: Scope, columns: Columns) -> None:
        self.scope = scope
        self.columns = columns

    def span(self, node: ast.expr) -> Span | None:
        """Return where ``node`` stands in its file."""
        return self.columns.span(node)

    def refuse(self, node: ast.expr, message: Pair, help: Pair | None = None) -> CheckError:
        """Return the error for something that cannot stand where it does."""
        return problem("E212", message, (self.span(node), ("here", "在这里")), help=help)

    def require(self, typed: Typed, expected: Type, node: ast.expr) -> Typed:
        """Return ``typed`` if its type fits where ``expected`` is needed."""
        fits = t.join(typed.type, expected)
        narrower = expected.kind is Kind.COUNT and typed.type.kind is Kind.RATIO
        if fits is None or narrower:
            raise problem(
                "E220",
                (f"{article(expected)} is needed here", f"此处应为{expected.zh}"),
                (self.span(node), describe(typed)),
                *self._declared(typed),
            )
        return typed

    def mismatch(
        self,
        code: str,
        message: Pair,
        *operands: tuple[ast.expr, Typed],
        help: Pair | None = None,
    ) -> CheckError:
        """Return the error that shows each operand, what it is and where it is declared."""
        return problem(
            code,
            message,
            *((self.span(node), describe(typed)) for node, typed in operands),
            *self._declared(*(typed for _, typed in operands)),
            help=help,
        )

    def _declared(self, *operands: Typed) -> list[tuple[Span | None, Pair]]:
        """Return where the facts among the operands are declared."""
        out: list[tuple[Span | None, Pair]] = []
        for operand in operands:
            if isinstance(operand.expr, core.Fact):
                spec = self.scope.facts[operand.expr.entity, operand.expr.name]
                note = f"declared here as {spec.type}", f"词汇表登记为{spec.type.zh}"
                out.append((spec.span, note))
        return out

    def word_fits(self, value: str, kind: Type, span: Span | None) -> None:
        """Raise unless ``value`` is a word that ``kind`` can be."""
        if kind.kind is Kind.CHOICE and kind.options is not None and value not in kind.options:
            near = get_close_matches(value, sorted(kind.options), 1)
            words = sorted(kind.options)
            raise problem(
                "E221",
                (f'"{value}" is not one of the choices', f"“{value}”不在选项之中"),
                (span, (f"one of: {', '.join(words)}", f"可选：{'、'.join(words)}")),
                help=(f'did you mean "{near[0]}"?', f"是否应为“{near[0]}”？") if near else None,
            )
        if kind.kind is Kind.REGION and not (len(value) == 6 and value.isdigit()):
            raise problem(
                "E221",
                (f'"{value}" is not a region code', f"“{value}”不是行政区划代码"),
                (span, ("six digits of GB/T 2260", "应为 GB/T 2260 的六位数字")),
            )
        if kind.kind is Kind.INDUSTRY and not codes.is_industry(value):
            raise problem(
                "E221",
                (f'"{value}" is not an industry code', f"“{value}”不是行业代码"),
                (span, ("e.g. C39, GB/T 4754", "应为 GB/T 4754 的代码，如“C39”")),
            )
