"""Syntax to core: names resolved, types agreed, spans kept.

Each method takes a syntax node and returns a ``Typed`` core expression or raises
``CheckError`` with the operands and what they are. What has no operands is in
``leaves.py``, functions are in ``functions.py``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, TypeAlias

from incentives.language import core
from incentives.language.core import CompareOp, Expr
from incentives.language.leaves import Leaves
from incentives.language.names import (
    Scope,
    Typed,
    meant,
    problem,
)
from incentives.values import types as t
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incentives.diagnostics import Pair
    from incentives.language.syntax import Columns

_OPERATORS: Final[dict[type[ast.cmpop], CompareOp]] = {
    ast.Eq: CompareOp.EQ,
    ast.NotEq: CompareOp.NE,
    ast.Lt: CompareOp.LT,
    ast.LtE: CompareOp.LE,
    ast.Gt: CompareOp.GT,
    ast.GtE: CompareOp.GE,
}

_NO_LIST: Final[Pair] = ("`in` needs a list", "“in”后面应是列表")
_ADD_DURATION: Final[Pair] = (
    "a date and a duration: write add(date, duration)",
    "日期加期限写成“add(日期, 期限)”",
)

Function: TypeAlias = "Callable[[Checker, ast.Call], Typed]"
"""Checks one call of a library function."""


class Checker(Leaves):
    """Checks the nodes of one expression in one scope."""

    def __init__(self, scope: Scope, columns: Columns, functions: Mapping[str, Function]) -> None:
        super().__init__(scope, columns)
        self.functions = functions

    def check(self, node: ast.expr, expected: Type | None = None) -> Typed:
        """Return the core expression and type of ``node``."""
        match node:
            case ast.Constant():
                return self.constant(node, expected)
            case ast.Name():
                return self.name(node)
            case ast.Attribute():
                return self.single(node)
            case ast.Subscript():
                return self.series(node)
            case ast.BoolOp():
                return self._logic(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.IfExp():
                return self._choice(node, expected)
            case ast.Call():
                return self._call(node)
            case _:
                name = type(node).__name__
                raise self.refuse(node, (f"`{name}` cannot stand here", "这里不能用这种写法"))

    def boolean(self, node: ast.expr) -> Expr:
        """Return the core of a node that must be true or false."""
        return self.require(self.check(node), t.BOOL, node).expr

    # ── operators ────────────────────────────────────────────────────────────

    def _logic(self, node: ast.BoolOp) -> Typed:
        parts = tuple(self.boolean(value) for value in node.values)
        span = self.span(node)
        if isinstance(node.op, ast.And):
            return Typed(core.All(parts, span=span), t.BOOL)
        return Typed(core.Any(parts, span=span), t.BOOL)

    def _unary(self, node: ast.UnaryOp) -> Typed:
        span = self.span(node)
        if isinstance(node.op, ast.Not):
            return Typed(core.Not(self.boolean(node.operand), span=span), t.BOOL)
        if not isinstance(node.op, ast.USub):
            raise self.refuse(
                node,
                (
                    "of the signs only `-` and `not` may stand here",
                    "前面只能加“-”或“not”",
                ),
            )
        typed = self.check(node.operand)
        if typed.type.many or typed.type.kind not in t.NUMERIC:
            raise self.mismatch(
                "E220",
                ("only an amount can be negated", "只有数额才能取负"),
                (node.operand, typed),
            )
        return Typed(core.Neg(typed.expr, span=span), typed.type)

    def _pair(self, left: ast.expr, right: ast.expr) -> tuple[Typed, Typed]:
        """Check two operands; a literal word takes its meaning from the other side."""
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            second = self.check(right)
            return self.check(left, second.type), second
        first = self.check(left)
        return first, self.check(right, first.type)

    def _compare(self, node: ast.Compare) -> Typed:
        tests = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                test: Expr = self._membership(left, right, node)
                tests.append(
                    core.Not(test, span=self.span(node)) if isinstance(op, ast.NotIn) else test
                )
            else:
                tests.append(self._comparison(left, op, right, node))
            left = right
        if len(tests) == 1:
            return Typed(tests[0], t.BOOL)
        return Typed(core.All(tuple(tests), span=self.span(node)), t.BOOL)

    def _comparison(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr, node: ast.Compare
    ) -> Expr:
        if type(op) not in _OPERATORS:
            raise self.refuse(
                node,
                ("`is` is not part of the rule language", "规则语言里没有“is”"),
                ("write `==`", "请写“==”"),
            )
        word = _OPERATORS[type(op)]
        first, second = self._pair(left, right)
        both = t.join(first.type, second.type)
        if both is None:
            raise self.mismatch(
                "E222",
                (
                    f"cannot compare {first.type} with {second.type}",
                    f"{first.type.zh}不能与{second.type.zh}比较",
                ),
                (left, first),
                (right, second),
            )
        if word not in {CompareOp.EQ, CompareOp.NE} and both.kind not in t.ORDERED:
            raise self.mismatch(
                "E222",
                (
                    f"a {both} has no order: only == and != apply",
                    f"{both.zh}没有大小，只能用“==”和“!=”",
                ),
                (left, first),
                (right, second),
            )
        span = self.span(left)
        if len(node.ops) == 1:
            span = self.span(node)
        return core.Compare(word, first.expr, second.expr, span=span)

    def _membership(self, left: ast.expr, right: ast.expr, node: ast.Compare) -> Expr:
        first = self.check(left)
        span = self.span(node)
        if isinstance(right, ast.Name):
            listed = self.check(right)
            if not isinstance(listed.expr, core.Param) or not listed.type.many:
                raise self.mismatch("E223", _NO_LIST, (right, listed))
            if t.join(first.type, listed.type.element()) is None and not self._words_of(
                first, listed, right
            ):
                raise self.mismatch(
                    "E222",
                    (
                        f"cannot look for {first.type} in {listed.type}",
                        f"不能在{listed.type.zh}里找{first.type.zh}",
                    ),
                    (left, first),
                    (right, listed),
                )
            return core.In(first.expr, listed.expr, span=span)
        if not isinstance(right, ast.Set):
            raise self.refuse(
                right,
                _NO_LIST,
                (
                    'write in {"a", "b"} or the name of a list',
                    '写成 in {"a", "b"}，或写列表的名称',
                ),
            )
        members = [self.check(item, first.type) for item in right.elts]
        for item, member in zip(right.elts, members, strict=True):
            if t.join(first.type, member.type) is None:
                raise self.mismatch(
                    "E222",
                    (
                        f"cannot compare {first.type} with {member.type}",
                        f"{first.type.zh}不能与{member.type.zh}比较",
                    ),
                    (left, first),
                    (item, member),
                )
        consts = tuple(m.expr for m in members if isinstance(m.expr, core.Const))
        if len(consts) == len(members):
            return core.In(first.expr, consts, span=span)
        return core.Any(
            tuple(core.Compare(CompareOp.EQ, first.expr, m.expr, span=span) for m in members),
            span=span,
        )

    def _words_of(self, first: Typed, listed: Typed, node: ast.expr) -> bool:
        """Accept a list of texts where a choice is looked up, if each is one of its words."""
        if listed.type.kind is not Kind.TEXT or first.type.kind is not Kind.CHOICE:
            return False
        if isinstance(listed.expr, core.Param):
            for item in listed.expr.values:
                for word in item.value if isinstance(item.value, tuple) else ():
                    self.word_fits(str(word), first.type, self.span(node))
        return True

    def _arithmetic(self, node: ast.BinOp) -> Typed:
        span = self.span(node)
        if isinstance(node.op, ast.Add | ast.Sub):
            return self._sum(node)
        left, right = self.check(node.left), self.check(node.right)
        operands = ((node.left, left), (node.right, right))
        kind: Type | None
        match node.op:
            case ast.Mult():
                kind = t.product(left.type, right.type)
                if kind is None:
                    raise self.mismatch(
                        "E220",
                        (
                            f"cannot multiply {left.type} by {right.type}",
                            f"{left.type.zh}不能乘以{right.type.zh}",
                        ),
                        *operands,
                    )
                return Typed(core.Mul(left.expr, right.expr, span=span), kind)
            case ast.Div():
                kind = t.quotient(left.type, right.type)
                if kind is None:
                    raise self.mismatch(
                        "E220",
                        (
                            f"cannot divide {left.type} by {right.type}",
                            f"{left.type.zh}不能除以{right.type.zh}",
                        ),
                        *operands,
                    )
                return Typed(core.Div(left.expr, right.expr, span=span), kind)
            case ast.Pow():
                plain = {Kind.COUNT, Kind.RATIO}
                if left.type.kind not in plain or right.type.kind not in {Kind.COUNT, Kind.ZERO}:
                    raise self.mismatch(
                        "E220",
                        ("only a ratio to the power of a count", "乘方只能是比例的若干次方"),
                        *operands,
                    )
                return Typed(core.Pow(left.expr, right.expr, span=span), t.RATIO)
            case _:
                raise self.refuse(
                    node,
                    (
                        "of the operators only + - * / ** may stand here",
                        "运算符只能用 +、-、*、/、**",
                    ),
                )

    def _sum(self, node: ast.BinOp) -> Typed:
        left = self.check(node.left)
        if left.type.year and _offset(node.right) is not None:
            right = Typed(
                core.Const(_offset(node.right) or 0, t.COUNT, span=self.span(node.right)), t.COUNT
            )
            kind: Type | None = t.YEAR
        else:
            right = self.check(node.right)
            kind = t.join(left.type, right.type)
        if kind is None or kind.kind not in t.NUMERIC:
            en, zh = ("add", "相加") if isinstance(node.op, ast.Add) else ("subtract", "相减")
            dated = Kind.DATE in {left.type.kind, right.type.kind}
            raise self.mismatch(
                "E220",
                (
                    f"cannot {en} {left.type} and {right.type}",
                    f"{left.type.zh}与{right.type.zh}不能{zh}",
                ),
                (node.left, left),
                (node.right, right),
                help=_ADD_DURATION if dated else None,
            )
        second = right.expr if isinstance(node.op, ast.Add) else core.Neg(right.expr)
        return Typed(core.Add((left.expr, second), span=self.span(node)), kind)

    def _choice(self, node: ast.IfExp, expected: Type | None) -> Typed:
        test = self.boolean(node.test)
        then = self.check(node.body, expected)
        otherwise = self.check(node.orelse, expected or then.type)
        kind = t.join(then.type, otherwise.type)
        if kind is None:
            raise self.mismatch(
                "E220",
                (
                    f"the branches are {then.type} and {otherwise.type}",
                    f"两个分支种类不同：{then.type.zh}与{otherwise.type.zh}",
                ),
                (node.body, then),
                (node.orelse, otherwise),
            )
        return Typed(core.If(test, then.expr, otherwise.expr, span=self.span(node)), kind)

    def _call(self, node: ast.Call) -> Typed:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.refuse(
                node,
                (
                    "only the functions of the rule language can be called",
                    "只能用规则语言里的函数",
                ),
            )
        function = self.functions.get(node.func.id)
        if function is None:
            raise problem(
                "E216",
                (f"there is no function `{node.func.id}`", f"没有“{node.func.id}”这个函数"),
                (self.span(node), ("not in the language", "规则语言里没有")),
                help=meant(node.func.id, self.functions),
            )
        return function(self, node)


def _offset(node: ast.expr) -> int | None:
    """Return a whole number written as such: the only place another figure may stand."""
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value <= 100:
        return node.value
    return None
