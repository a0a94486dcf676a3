"""Syntax to core: names resolved, types agreed, spans kept.

Each ``_check_*`` takes a syntax node and returns a ``Typed`` core expression
or raises ``CheckError`` with the operands and what they are. Functions are in
``functions.py``.
"""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias

from incentives.language import core
from incentives.language.check_tools import Tools
from incentives.language.core import CompareOp, DateFunction, Expr
from incentives.language.names import (
    ANY_ITEM,
    CheckError,
    Definition,
    FactSpec,
    Parameter,
    Scope,
    Typed,
    problem,
)
from incentives.values import types as t
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incentives.diagnostics import Span
    from incentives.language.syntax import Columns

_OPERATORS: Final[dict[type[ast.cmpop], CompareOp]] = {
    ast.Eq: CompareOp.EQ,
    ast.NotEq: CompareOp.NE,
    ast.Lt: CompareOp.LT,
    ast.LtE: CompareOp.LE,
    ast.Gt: CompareOp.GT,
    ast.GtE: CompareOp.GE,
}

Function: TypeAlias = "Callable[[Checker, ast.Call], Typed]"
"""Checks one call of a library function."""


class Checker(Tools):
    """Checks the nodes of one expression in one scope."""

    def __init__(self, scope: Scope, columns: Columns, functions: Mapping[str, Function]) -> None:
        super().__init__(scope, columns)
        self.functions = functions

    def check(self, node: ast.expr, expected: Type | None = None) -> Typed:
        """Return the core expression and type of ``node``."""
        match node:
            case ast.Constant():
                return self._constant(node, expected)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._fact(node)
            case ast.Subscript():
                return self._series(node)
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
                raise self.refuse(node, f"`{type(node).__name__}` cannot stand here")

    def boolean(self, node: ast.expr) -> Expr:
        """Return the core of a node that must be true or false."""
        return self.require(self.check(node), t.BOOL, node).expr

    # ── leaves ───────────────────────────────────────────────────────────────

    def _constant(self, node: ast.Constant, expected: Type | None) -> Typed:
        value, span = node.value, self.span(node)
        if isinstance(value, bool) or value is None:
            raise self.refuse(node, f"`{value}` is not needed", "write `x` or `not x`")
        if isinstance(value, int):
            if value == 0:
                return Typed(core.Const(0, t.ZERO, span=span), t.ZERO)
            if value == 1:
                return Typed(core.Const(1, t.COUNT, span=span), t.COUNT)
            raise problem(
                "E215",
                f"the figure {value} stands in an expression",
                (span, "only 0, 1 and offsets of years may"),
                help="give it a name under `parameters`, with its clause",
            )
        if isinstance(value, str):
            return self._word(node, value, expected)
        raise problem(
            "E215",
            f"{value!r} is not a figure of the rule language",
            (span, "not exact"),
            help='write it as a parameter, e.g. rate = "17.5%"',
        )

    def _word(self, node: ast.Constant, value: str, expected: Type | None) -> Typed:
        if expected is None or expected.kind not in {
            Kind.CHOICE,
            Kind.TEXT,
            Kind.REGION,
            Kind.INDUSTRY,
        }:
            raise self.refuse(
                node,
                f'the text "{value}" has no meaning here',
                "compare it with a fact, or name a figure under `parameters`",
            )
        kind = expected.element()
        self.word_fits(value, kind, self.span(node))
        return Typed(core.Const(value, kind, span=self.span(node)), kind)

    def _name(self, node: ast.Name) -> Typed:
        name, span = node.id, self.span(node)
        if name == "on":
            return Typed(core.On(span=span), t.DATE)
        if name == "year":
            return Typed(core.DateOp(DateFunction.YEAR_OF, (core.On(),), span=span), t.YEAR)
        known = self.scope.names.get(name)
        if isinstance(known, Parameter):
            by = (self.scope.by or core.On()) if known.is_dated else None
            values = known.during(self.scope.since, self.scope.until) or known.values
            figure = core.Param(
                known.path, values, known.type, by, known.clause, known.span, span=span
            )
            return Typed(figure, known.type)
        if isinstance(known, Definition):
            return self._expand(known, span)
        if name in self.scope.entities or name in self.scope.bound:
            raise self.refuse(node, f"`{name}` is not a value", f"write `{name}.some_fact`")
        near = get_close_matches(name, [*self.scope.names, "on", "year"], 1)
        raise problem(
            "E216",
            f"nothing is called `{name}`",
            (span, "not a parameter, definition or entity"),
            help=f"did you mean `{near[0]}`?" if near else None,
        )

    def _expand(self, definition: Definition, span: Span | None) -> Typed:
        if definition.id in self.scope.expanding:
            cycle = " → ".join([*self.scope.expanding, definition.id])
            raise problem(
                "E217", f"definitions refer to one another: {cycle}", (span, "closes the circle")
            )
        inner = self.scope.within(expanding=(*self.scope.expanding, definition.id))
        return definition.expand(inner)

    def fact(self, node: ast.Attribute) -> tuple[str, FactSpec]:
        """Return the record and the declaration that ``record.fact`` names."""
        if not isinstance(node.value, ast.Name):
            raise self.refuse(node, "only `entity.fact` may be written with a dot")
        record = node.value.id
        entity = self.scope.bound.get(record, record)
        spec = self.scope.entities.get(entity)
        if spec is None:
            near = get_close_matches(entity, [*self.scope.entities], 1)
            raise problem(
                "E216",
                f"there is no entity `{entity}`",
                (self.span(node.value), "not in the vocabulary"),
                help=f"did you mean `{near[0]}`?" if near else None,
            )
        if spec.many and record == entity and self.scope.item not in {entity, ANY_ITEM}:
            raise problem(
                "E218",
                f"`{entity}` is a list",
                (self.span(node), "which item is meant?"),
                help=f'write sum(x.{node.attr} for x in {entity}), or each = "{entity}"',
            )
        fact = self.scope.facts.get((entity, node.attr))
        if fact is None:
            names = [name for owner, name in self.scope.facts if owner == entity]
            near = get_close_matches(node.attr, names, 1)
            raise problem(
                "E216",
                f"`{entity}` has no fact `{node.attr}`",
                (self.span(node), "not in the vocabulary"),
                help=f"did you mean `{entity}.{near[0]}`?" if near else None,
            )
        return record, fact

    def _fact(self, node: ast.Attribute) -> Typed:
        record, fact = self.fact(node)
        if fact.series:
            raise problem(
                "E219",
                f"`{fact.path}` has one value a year",
                (self.span(node), "which year?"),
                help=f"write {fact.path}[year - 1]",
            )
        expr = core.Fact(record, fact.entity, fact.name, fact.type, span=self.span(node))
        return Typed(expr, fact.type)

    def _series(self, node: ast.Subscript) -> Typed:
        if not isinstance(node.value, ast.Attribute):
            raise self.refuse(node, "only a fact with one value a year takes [ ]")
        record, fact = self.fact(node.value)
        if not fact.series:
            raise self.refuse(
                node, f"`{fact.path}` has one value, not one a year", f"write {fact.path}"
            )
        if isinstance(node.slice, ast.Slice):
            raise self.refuse(
                node, "several years need sum, min, max, any, all or count around them"
            )
        year = self.year(node.slice)
        expr = core.Fact(record, fact.entity, fact.name, fact.type, year, span=self.span(node))
        return Typed(expr, fact.type)

    def year(self, node: ast.expr) -> Expr:
        """Return a year that moves with the assessment or with a fact."""
        typed = self.require(self.check(node), t.COUNT, node)
        if isinstance(typed.expr, core.Const | core.Param):
            raise problem(
                "E219",
                "a year is counted from the assessment",
                (self.span(node), "an absolute year"),
                help="write `year - 1`, or the year of a date",
            )
        return typed.expr

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
            raise self.refuse(node, "of the signs only `-` and `not` may stand here")
        typed = self.check(node.operand)
        if typed.type.many or typed.type.kind not in t.NUMERIC:
            raise self.mismatch("E220", "only an amount can be negated", (node.operand, typed))
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
            raise self.refuse(node, "`is` is not part of the rule language", "write `==`")
        word = _OPERATORS[type(op)]
        first, second = self._pair(left, right)
        both = t.join(first.type, second.type)
        if both is None:
            raise self.mismatch(
                "E222",
                f"cannot compare {first.type} with {second.type}",
                (left, first),
                (right, second),
            )
        if word not in {CompareOp.EQ, CompareOp.NE} and both.kind not in t.ORDERED:
            raise self.mismatch(
                "E222",
                f"a {both} has no order: only == and != apply",
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
                raise self.mismatch("E223", "`in` needs a list", (right, listed))
            if t.join(first.type, listed.type.element()) is None and not self._words_of(
                first, listed, right
            ):
                raise self.mismatch(
                    "E222",
                    f"cannot look for {first.type} in {listed.type}",
                    (left, first),
                    (right, listed),
                )
            return core.In(first.expr, listed.expr, span=span)
        if not isinstance(right, ast.Set):
            raise self.refuse(
                right, "`in` needs a list", 'write in {"a", "b"} or the name of a list'
            )
        members = [self.check(item, first.type) for item in right.elts]
        for item, member in zip(right.elts, members, strict=True):
            if t.join(first.type, member.type) is None:
                raise self.mismatch(
                    "E222",
                    f"cannot compare {first.type} with {member.type}",
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
                        "E220", f"cannot multiply {left.type} by {right.type}", *operands
                    )
                return Typed(core.Mul(left.expr, right.expr, span=span), kind)
            case ast.Div():
                kind = t.quotient(left.type, right.type)
                if kind is None:
                    raise self.mismatch(
                        "E220", f"cannot divide {left.type} by {right.type}", *operands
                    )
                return Typed(core.Div(left.expr, right.expr, span=span), kind)
            case ast.Pow():
                plain = {Kind.COUNT, Kind.RATIO}
                if left.type.kind not in plain or right.type.kind not in {Kind.COUNT, Kind.ZERO}:
                    raise self.mismatch("E220", "only a ratio to the power of a count", *operands)
                return Typed(core.Pow(left.expr, right.expr, span=span), t.RATIO)
            case _:
                raise self.refuse(node, "of the operators only + - * / ** may stand here")

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
            word = "add" if isinstance(node.op, ast.Add) else "subtract"
            helps = (
                "a date and a duration: write add(date, duration)"
                if Kind.DATE in {left.type.kind, right.type.kind}
                else None
            )
            error = self.mismatch(
                "E220",
                f"cannot {word} {left.type} and {right.type}",
                (node.left, left),
                (node.right, right),
            )
            raise error if helps is None else _with_help(error, helps)
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
                f"the branches are {then.type} and {otherwise.type}",
                (node.body, then),
                (node.orelse, otherwise),
            )
        return Typed(core.If(test, then.expr, otherwise.expr, span=self.span(node)), kind)

    def _call(self, node: ast.Call) -> Typed:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.refuse(node, "only the functions of the rule language can be called")
        function = self.functions.get(node.func.id)
        if function is None:
            near = get_close_matches(node.func.id, [*self.functions], 1)
            raise problem(
                "E216",
                f"there is no function `{node.func.id}`",
                (self.span(node), "not in the language"),
                help=f"did you mean `{near[0]}`?" if near else None,
            )
        return function(self, node)


def _offset(node: ast.expr) -> int | None:
    """Return a whole number written as such: the only place another figure may stand."""
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value <= 100:
        return node.value
    return None


def _with_help(error: CheckError, help: str) -> CheckError:
    finding = error.finding
    return problem(
        finding.code,
        finding.message,
        *((label.span, label.note) for label in finding.labels),
        help=help,
    )
