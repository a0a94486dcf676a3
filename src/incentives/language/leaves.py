"""What stands alone in an expression: words, names, facts and years, resolved in a scope.

The trap: a fact of a list means nothing without its item, and a fact with one value
a year nothing without its year; both are refused here, never guessed.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from incentives.language import core
from incentives.language.check_tools import Tools
from incentives.language.core import DateFunction, Expr
from incentives.language.names import (
    ANY_ITEM,
    Definition,
    FactSpec,
    Parameter,
    Typed,
    meant,
    problem,
)
from incentives.values import types as t
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from incentives.diagnostics import Pair, Span

_NOT_KNOWN: Final[Pair] = ("not in the vocabulary", "词汇表里没有")


class Leaves(Tools, ABC):
    """Checks what has no operands, or only a year."""

    @abstractmethod
    def check(self, node: ast.expr, expected: Type | None = None) -> Typed:
        """Return the core expression and type of any node."""

    def constant(self, node: ast.Constant, expected: Type | None) -> Typed:
        """Return 0, 1, or a word that its other side gives a meaning."""
        value, span = node.value, self.span(node)
        if isinstance(value, bool) or value is None:
            raise self.refuse(
                node,
                (f"`{value}` is not needed", f"不必写“{value}”"),
                ("write `x` or `not x`", "直接写“x”或“not x”"),
            )
        if isinstance(value, int):
            if value == 0:
                return Typed(core.Const(0, t.ZERO, span=span), t.ZERO)
            if value == 1:
                return Typed(core.Const(1, t.COUNT, span=span), t.COUNT)
            raise problem(
                "E215",
                (f"the figure {value} stands in an expression", f"表达式里直接写了数字{value}"),
                (span, ("only 0, 1 and offsets of years may", "只能出现0、1和年份的加减")),
                help=(
                    "give it a name under `parameters`, with its clause",
                    "写到“parameters”里，起个名字，注明条款",
                ),
            )
        if isinstance(value, str):
            return self._word(node, value, expected)
        raise problem(
            "E215",
            (
                f"{value!r} is not a figure of the rule language",
                f"规则语言里没有 {value!r} 这种数",
            ),
            (span, ("not exact", "不精确")),
            help=(
                'write it as a parameter, e.g. rate = "17.5%"',
                '写成标准，如 rate = "17.5%"',
            ),
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
                (f'the text "{value}" has no meaning here', f"文本“{value}”在这里没有意义"),
                (
                    "compare it with a fact, or name a figure under `parameters`",
                    "拿它与事实比较；数额写到“parameters”里",
                ),
            )
        kind = expected.element()
        self.word_fits(value, kind, self.span(node))
        return Typed(core.Const(value, kind, span=self.span(node)), kind)

    def name(self, node: ast.Name) -> Typed:
        """Return what a name stands for: a day, a year, a parameter or a definition."""
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
            raise self.refuse(
                node,
                (f"`{name}` is not a value", f"“{name}”不是一个值"),
                (f"write `{name}.some_fact`", f"请写“{name}.事实名”"),
            )
        raise problem(
            "E216",
            (f"nothing is called `{name}`", f"没有叫“{name}”的东西"),
            (span, ("not a parameter, definition or entity", "不是标准、定义，也不是实体")),
            help=meant(name, [*self.scope.names, "on", "year"]),
        )

    def _expand(self, definition: Definition, span: Span | None) -> Typed:
        if definition.id in self.scope.expanding:
            cycle = " → ".join([*self.scope.expanding, definition.id])
            raise problem(
                "E217",
                (f"definitions refer to one another: {cycle}", f"定义互相引用：{cycle}"),
                (span, ("closes the circle", "到这里绕成了圈")),
            )
        inner = self.scope.within(expanding=(*self.scope.expanding, definition.id))
        return definition.expand(inner)

    def fact(self, node: ast.Attribute) -> tuple[str, FactSpec]:
        """Return the record and the declaration that ``record.fact`` names."""
        if not isinstance(node.value, ast.Name):
            raise self.refuse(
                node,
                (
                    "only `entity.fact` may be written with a dot",
                    "带点的名称只能写成“实体.事实”",
                ),
            )
        record = node.value.id
        entity = self.scope.bound.get(record, record)
        spec = self.scope.entities.get(entity)
        if spec is None:
            raise problem(
                "E216",
                (f"there is no entity `{entity}`", f"没有“{entity}”这个实体"),
                (self.span(node.value), _NOT_KNOWN),
                help=meant(entity, self.scope.entities),
            )
        if spec.many and record == entity and self.scope.item not in {entity, ANY_ITEM}:
            raise problem(
                "E218",
                (f"`{entity}` is a list", f"“{entity}”是列表"),
                (self.span(node), ("which item is meant?", "指的是哪一项？")),
                help=(
                    f'write sum(x.{node.attr} for x in {entity}), or each = "{entity}"',
                    f'合计写“sum(x.{node.attr} for x in {entity})”，逐项评估写 each = "{entity}"',
                ),
            )
        fact = self.scope.facts.get((entity, node.attr))
        if fact is None:
            names = [name for owner, name in self.scope.facts if owner == entity]
            raise problem(
                "E216",
                (f"`{entity}` has no fact `{node.attr}`", f"“{entity}”没有“{node.attr}”这项事实"),
                (self.span(node), _NOT_KNOWN),
                help=meant(node.attr, names, f"{entity}."),
            )
        return record, fact

    def single(self, node: ast.Attribute) -> Typed:
        """Return a fact that has one value."""
        record, fact = self.fact(node)
        if fact.series:
            raise problem(
                "E219",
                (f"`{fact.path}` has one value a year", f"“{fact.path}”每年一个值"),
                (self.span(node), ("which year?", "指的是哪一年？")),
                help=(f"write {fact.path}[year - 1]", f"写成“{fact.path}[year - 1]”"),
            )
        expr = core.Fact(record, fact.entity, fact.name, fact.type, span=self.span(node))
        return Typed(expr, fact.type)

    def series(self, node: ast.Subscript) -> Typed:
        """Return a fact of one year."""
        if not isinstance(node.value, ast.Attribute):
            raise self.refuse(
                node,
                (
                    "only a fact with one value a year takes [ ]",
                    "只有每年一个值的事实才能带 [ ]",
                ),
            )
        record, fact = self.fact(node.value)
        if not fact.series:
            raise self.refuse(
                node,
                (
                    f"`{fact.path}` has one value, not one a year",
                    f"“{fact.path}”只有一个值，不分年度",
                ),
                (f"write {fact.path}", f"写成“{fact.path}”"),
            )
        if isinstance(node.slice, ast.Slice):
            raise self.refuse(
                node,
                (
                    "several years need sum, min, max, any, all or count around them",
                    "取几年的值，要放在 sum、min、max、any、all 或 count 里",
                ),
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
                ("a year is counted from the assessment", "年份要从评估日算起"),
                (self.span(node), ("an absolute year", "写死的年份")),
                help=(
                    "write `year - 1`, or the year of a date",
                    "写“year - 1”，或某个日期的年份",
                ),
            )
        return typed.expr
