"""From what a file says to what it means: values, parameters and definitions.

``Lowering`` is the tool the other ``lower_*`` modules share: it reads a value
at a path of one file, in a scope, and turns whatever is wrong into findings
that point at the place. It never raises; a value that cannot be lowered is
``None`` and the load ends with every finding.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import NO_NOTE, Finding, Label, Pair, Span, fault
from incentives.language import core
from incentives.language.core import Dated, Expr, Origin, Role, Text
from incentives.language.functions import NAMES, check
from incentives.language.names import (
    ANY_ITEM,
    CheckError,
    Definition,
    EntitySpec,
    FactSpec,
    Parameter,
    Scope,
    Typed,
    is_name,
    problem,
)
from incentives.language.walk import size
from incentives.values import types as t
from incentives.values.quantity import QuantityError, QuantityKind, bare_number, read_quantity
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incentives.rulebook.files import DefinitionModel, Parameters, Texts
    from incentives.rulebook.locate import Locator

MAX_COST: Final = 100_000
Path = tuple[str | int, ...]
Names = dict[str, Parameter | Definition]

_FIGURES: Final[Pair] = (
    (
        'a parameter holds a figure such as "20万元", "10%", 5000, "12 months",'
        " a date, a region, or a list"
    ),
    '标准应为数值，如 "20万元"、"10%"、5000、"12个月"，或日期、地区代码、列表',
)
QUANTITIES: Final = {
    QuantityKind.MONEY: t.MONEY,
    QuantityKind.RATIO: t.RATIO,
    QuantityKind.DURATION: t.DURATION,
    QuantityKind.REGION: t.REGION,
    QuantityKind.INDUSTRY: t.INDUSTRY,
}


def text_of(model: Texts | None) -> Text | None:
    """Return a label of a file as a ``Text``."""
    return None if model is None else Text(model.zh, model.en)


class Lowering:
    """Reads values of one file; keeps the findings of the whole load."""

    def __init__(
        self,
        locator: Locator,
        findings: list[Finding],
        entities: Mapping[str, EntitySpec],
        facts: Mapping[tuple[str, str], FactSpec],
    ) -> None:
        self.locator = locator
        self.findings = findings
        self.entities = entities
        self.facts = facts
        self.broken: set[str] = set()
        """Parameters that were reported: where they are used there is nothing more to say."""

    def span(self, path: Path) -> Span:
        """Return where the value at ``path`` stands."""
        return self.locator.span(path)

    def report(
        self,
        code: str,
        message: Pair,
        path: Path,
        *,
        note: Pair = NO_NOTE,
        help: Pair | None = None,
        key: bool = False,
    ) -> None:
        """Keep an error about the value at ``path``, or about its key."""
        label = Label(self.locator.key_span(path) if key else self.span(path), *note)
        self.findings.append(fault(code, message, label, help=help))

    def no_name(self, name: str, path: Path, *, key: bool = False) -> None:
        """Report what cannot be a name."""
        self.report(
            "E103",
            (f"`{name}` cannot be a name", f"“{name}”不能作名称"),
            path,
            help=(
                "lower case letters, digits and _; no word of the language",
                "用小写字母、数字和 _；不能用规则语言自己的词",
            ),
            key=key,
        )

    def twice(self, name: str, path: Path) -> None:
        """Report a name that is there already."""
        self.report("E234", (f"`{name}` is defined twice", f"“{name}”定义了两次"), path)

    def scope(self, names: Names, path: Path, **more: Any) -> Scope:
        """Return the scope of an expression that stands at ``path``."""
        return Scope(
            entities=self.entities,
            facts=self.facts,
            names=names,
            place=lambda start, end: self.locator.inside(path, start, end),
            **more,
        )

    # ── values ───────────────────────────────────────────────────────────────

    def value(
        self,
        raw: Any,
        path: Path,
        scope: Scope,
        expected: Type | None,
        origin: Origin | None = None,
    ) -> Expr | None:
        """Return a quantity or an expression as core, ``None`` where it is wrong."""
        typed = self.typed(raw, path, scope, expected)
        if typed is None:
            return None
        return mark(typed.expr, origin) if origin is not None else typed.expr

    def _told(self, finding: Finding) -> bool:
        """Say whether a name is not there only because its own figure was reported."""
        span = finding.labels[0].span
        return finding.code == "E216" and span.source.text[span.start : span.end] in self.broken

    def typed(self, raw: Any, path: Path, scope: Scope, expected: Type | None) -> Typed | None:
        """Return a quantity or an expression with its type."""
        scope = scope.within(place=lambda start, end: self.locator.inside(path, start, end))
        try:
            if expected == t.MONEY and _lacks_unit(raw):
                raise _without_unit(raw, self.span(path))
            read = self._quantity(raw, path)
            if read is None:
                read = check(raw, scope, expected)
            elif expected is not None:
                fits = t.join(read.type, expected)
                narrower = expected.kind is Kind.COUNT and read.type.kind is Kind.RATIO
                if fits is None or narrower:
                    raise _misfit(expected, read.type, self.span(path))
        except CheckError as error:
            if not self._told(error.finding):
                self.findings.append(error.finding)
            return None
        if size(read.expr) > MAX_COST:
            self.report(
                "E211",
                (
                    f"this comes to more than {MAX_COST} steps for one item",
                    f"算一项就要超过{MAX_COST}步",
                ),
                path,
            )
            return None
        return read

    def _quantity(self, raw: Any, path: Path) -> Typed | None:
        span = self.span(path)
        if isinstance(raw, bool):
            raise problem(
                "E230",
                ("true and false are not values here", "这里不能写“true”或“false”"),
                (span, NO_NOTE),
            )
        if isinstance(raw, int):
            return Typed(core.Const(raw, t.COUNT, span=span), t.COUNT)
        if isinstance(raw, date):
            return Typed(core.Const(raw, t.DATE, span=span), t.DATE)
        try:
            quantity = read_quantity(raw)
        except QuantityError as error:
            said, remedy = error.texts
            quote = span.source.text[span.start : span.start + 1]
            whole = error.instead and span.source.text[span.start : span.end] == quote + raw + quote
            instead = f"{quote}{error.instead}{quote}" if whole else None
            raise problem("E230", said, (span, NO_NOTE), help=remedy, instead=instead) from None
        if quantity is None:
            return None
        kind = QUANTITIES[quantity.kind]
        return Typed(core.Const(quantity.value, kind, span=span), kind)

    # ── parameters ───────────────────────────────────────────────────────────

    def parameters(self, models: Parameters, path: Path, owner: str) -> Names:
        """Return the parameters of a table by name."""
        out: Names = {}
        for name, model in models.items():
            here = (*path, name)
            if not is_name(name, NAMES):
                self.no_name(name, here, key=True)
                continue
            values, kinds = [], set()
            for index, entry in enumerate(model.values):
                read = self._parameter_value(entry.value, (*here, *model.place(index)))
                if read is not None:
                    values.append(Dated(read[0], entry.from_, entry.until))
                    kinds.add(read[1])
            if len(kinds) > 1:
                both = sorted(kinds, key=str)
                self.report(
                    "E232",
                    (
                        f"the values of `{name}` are {' and '.join(map(str, both))}",
                        f"“{name}”的各个值种类不同：{'、'.join(kind.zh for kind in both)}",
                    ),
                    here,
                )
            if len(values) != len(model.values) or len(kinds) != 1:
                self.broken.add(name)
                continue
            self._periods(name, values, here)
            clause = model.values[0].clause
            spot = f"{owner}.parameters.{name}" if owner else f"parameters.{name}"
            out[name] = Parameter(spot, tuple(values), kinds.pop(), clause, self.span(here))
        return out

    def _parameter_value(self, raw: Any, path: Path) -> tuple[Any, Type] | None:
        if isinstance(raw, tuple):
            parts = [self._parameter_value(part, (*path, index)) for index, part in enumerate(raw)]
            read = [part for part in parts if part is not None]
            if len(read) != len(raw):
                return None
            kinds = {kind for _, kind in read}
            if len(kinds) != 1:
                self.report(
                    "E232",
                    ("a list holds values of one kind", "同一个列表里的值应是同一种"),
                    path,
                )
                return None
            kind = kinds.pop()
            return tuple(value for value, _ in read), Type(kind.kind, many=True)
        try:
            found = self._quantity(raw, path)
        except CheckError as error:
            self.findings.append(error.finding)
            return None
        if found is not None and isinstance(found.expr, core.Const):
            return found.expr.value, found.type
        inside_list = bool(path) and isinstance(path[-1], int)
        if inside_list:
            return raw, t.TEXT
        number = bare_number(raw)
        self.report(
            "E231",
            (f'"{raw}" is not a quantity', f"“{raw}”不是可用的数值"),
            path,
            help=_FIGURES
            if number is None
            else (
                (
                    f'money has a unit: "{number}元" or "{number}万元"; a number of people or '
                    f"things stands without quotation marks: {number}"
                ),
                f'金额要有单位："{number}元" 或 "{number}万元"；人数、件数不加引号：{number}',
            ),
        )
        return None

    def _periods(self, name: str, values: list[Dated], path: Path) -> None:
        ordered = sorted(values, key=lambda item: item.since or date.min)
        for before, after in itertools.pairwise(ordered):
            if before.until is None or (after.since or date.min) <= before.until:
                self.report(
                    "E233",
                    (
                        f"two values of `{name}` hold on {after.since or 'all days'}",
                        f"“{name}”在{after.since or '每一天'}有两个值",
                    ),
                    path,
                )

    # ── definitions ──────────────────────────────────────────────────────────

    def declare(self, models: tuple[DefinitionModel, ...], names: Names) -> dict[int, Definition]:
        """Add the definitions of a file to ``names``, which they see too; return them by index.

        Their bodies are read by ``expand_each``, when every name is there.
        """
        found: dict[int, Definition] = {}
        for index, model in enumerate(models):
            path: Path = ("definition", index)
            if not is_name(model.id, NAMES):
                self.no_name(model.id, (*path, "id"))
                continue
            if model.id in names:
                self.twice(model.id, (*path, "id"))
                continue
            own = self.parameters(model.parameters, (*path, "parameters"), f"definition.{model.id}")
            text = text_of(model.name) or Text(model.id)
            names[model.id] = found[index] = Definition(
                model.id, text, self._expander(model, path, names, own), self.span((*path, "id"))
            )
        return found

    def expand_each(self, definitions: Mapping[int, Definition], names: Names) -> None:
        """Check each definition by itself, used or not."""
        for index, definition in definitions.items():
            scope = self.scope(
                names, ("definition", index), item=ANY_ITEM, expanding=(definition.id,)
            )
            try:
                definition.expand(scope)
            except CheckError as error:
                self.findings.append(error.finding)

    def _expander(
        self, model: DefinitionModel, path: Path, names: Names, own: Names
    ) -> Callable[[Scope], Typed]:
        done: dict[tuple[Any, ...], tuple[Expr | None, Typed, set[Any]]] = {}

        def expand(use: Scope) -> Typed:
            key = (use.item, id(use.by), use.since, use.until)
            found = done.get(key)
            if found is None:
                scope = self.scope(
                    {**names, **own},
                    path,
                    item=use.item,
                    by=use.by,
                    since=use.since,
                    until=use.until,
                    expanding=use.expanding,
                )
                typed = self._body(model, path, scope)
                origin = Origin(Role.DEFINITION, f"definition.{model.id}", text_of(model.name))
                typed = Typed(mark(typed.expr, origin), typed.type)
                found = done[key] = (use.by, typed, scope.refs)
            use.refs.update(found[2])
            return found[1]

        return expand

    def _body(self, model: DefinitionModel, path: Path, scope: Scope) -> Typed:
        if model.lookup is not None:
            from incentives.rulebook.lower_amount import lookup

            return lookup(self, model.lookup, (*path, "lookup"), scope)
        raw, here = model.value, (*path, "value")
        quantity = self._quantity(raw, here)
        if quantity is not None:
            return quantity
        at = scope.within(place=lambda start, end: self.locator.inside(here, start, end))
        return check(str(raw), at)


def _misfit(expected: Type, given: Type, span: Span) -> CheckError:
    """Return the error for a quantity of another kind than is needed."""
    return problem(
        "E220",
        (
            f"{_needed(expected)} is needed here, not {_needed(given)}",
            f"此处应为{expected.zh}，不能是{given.zh}",
        ),
        (span, NO_NOTE),
    )


def _lacks_unit(raw: Any) -> bool:
    """Say whether a value for money is a number alone; the expression `0` needs no unit."""
    if isinstance(raw, str):
        number = bare_number(raw)
        return number is not None and number.strip("0") != ""
    return isinstance(raw, int) and not isinstance(raw, bool)


def _without_unit(raw: str | int, span: Span) -> CheckError:
    """Return the error for money without a unit: nobody knows whether it is 元 or 万元."""
    number = bare_number(str(raw)) or ""
    help = (
        f'write "{number}元" or "{number}万元", whichever the text says',
        f'按原文写 "{number}元" 或 "{number}万元"',
    )
    if not number.strip("-0."):
        help = 'write "0元"', '写 "0元"'
    said = f"`{raw}` is meant as money and has no unit", f"“{raw}”应为金额，却没有单位"
    return problem("E220", said, (span, NO_NOTE), help=help)


def _needed(kind: Type) -> str:
    return "money" if kind.kind is Kind.MONEY else f"a {kind}"


def mark(node: Expr, origin: Origin) -> Expr:
    """Return ``node`` with an origin; the outermost one counts."""
    return replace(node, origin=origin)
