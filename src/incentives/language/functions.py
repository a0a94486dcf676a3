"""The entry to the checker, and the library functions, each built into core nodes.

One entry per function in ``FUNCTIONS``; a new function is one function here,
and needs nothing in the engine unless it needs a new core node.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from incentives.diagnostics import NO_NOTE
from incentives.language import core
from incentives.language.check import Checker, Function
from incentives.language.core import DateFunction, Expr, Fold, Per
from incentives.language.names import CheckError, Scope, Typed, problem
from incentives.language.syntax import Columns, parse
from incentives.values import types as t
from incentives.values.rounding import Mode
from incentives.values.types import Kind, Type

_YEAR_NAME: Final = "year of the span"


def _arguments(checker: Checker, node: ast.Call, count: int, usage: str) -> list[ast.expr]:
    if len(node.args) != count:
        raise _usage(checker, node, usage)
    return node.args


def _usage(checker: Checker, node: ast.Call, *usages: str) -> CheckError:
    quoted = "或".join(f"“{usage}”" for usage in usages)
    return problem(
        "E224",
        ("this function is used otherwise", "这个函数不是这样用的"),
        (checker.span(node), NO_NOTE),
        help=(f"write {' or '.join(usages)}", f"写成{quoted}"),
    )


def _text(checker: Checker, node: ast.expr, usage: str, call: ast.Call) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise _usage(checker, call, usage)


# ── folds ────────────────────────────────────────────────────────────────────


def _over(checker: Checker, node: ast.Call, fold: Fold) -> Typed | None:
    """Build a fold over a comprehension or a span of years; ``None`` for plain arguments."""
    if len(node.args) != 1:
        return None
    argument = node.args[0]
    if isinstance(argument, ast.GeneratorExp):
        if fold in {Fold.MIN, Fold.MAX}:
            raise checker.refuse(
                argument,
                (
                    "a comprehension stands inside sum, any, all or count",
                    "“for … in …”的逐项写法只能放在 sum、any、all 或 count 里",
                ),
            )
        return _over_items(checker, argument, fold)
    if isinstance(argument, ast.Subscript) and isinstance(argument.slice, ast.Slice):
        return _over_years(checker, argument, argument.slice, fold)
    return None


def _over_items(checker: Checker, node: ast.GeneratorExp, fold: Fold) -> Typed:
    scope = checker.scope
    generator = node.generators[0]
    simple = len(node.generators) == 1 and not generator.is_async
    if scope.bound or not simple:
        raise checker.refuse(
            node,
            ("one comprehension at a time", "逐项计算只能有一层"),
            (
                "give the inner one a name with [[definition]]",
                "里面一层写成 [[definition]]，起个名字",
            ),
        )
    target, source = generator.target, generator.iter
    if not isinstance(target, ast.Name) or not isinstance(source, ast.Name):
        raise checker.refuse(
            node,
            (
                "a comprehension runs over a list of the vocabulary",
                "逐项计算只能针对词汇表里的列表",
            ),
        )
    spec = scope.entities.get(source.id)
    if spec is None or not spec.many:
        lists = sorted(name for name, entity in scope.entities.items() if entity.many)
        raise checker.refuse(
            source,
            (
                f"`{source.id}` is not a list of the vocabulary",
                f"“{source.id}”不是词汇表里的列表",
            ),
            (f"the lists are: {', '.join(lists)}", f"列表有：{'、'.join(lists)}"),
        )
    if target.id in scope.entities or target.id in scope.names or target.id in FUNCTIONS:
        raise checker.refuse(
            target,
            (f"`{target.id}` already means something", f"“{target.id}”已有别的意思"),
            ("choose another name", "换一个名称"),
        )
    inner = Checker(scope.within(bound={target.id: source.id}), checker.columns, FUNCTIONS)
    tests = tuple(inner.boolean(test) for test in generator.ifs)
    where = None if not tests else tests[0] if len(tests) == 1 else core.All(tests)
    body = inner.check(node.elt)
    return _folded(checker, node, fold, core.Items(source.id), target.id, body, where)


def _over_years(checker: Checker, node: ast.Subscript, span: ast.Slice, fold: Fold) -> Typed:
    if (
        not isinstance(node.value, ast.Attribute)
        or span.lower is None
        or span.upper is None
        or span.step is not None
    ):
        raise checker.refuse(
            node,
            ("a span of years has two ends", "一段年份要写明首尾"),
            (
                "write applicant.revenue[year - 3 : year]",
                "写成“applicant.revenue[year - 3 : year]”",
            ),
        )
    record, spec = checker.fact(node.value)
    if not spec.series:
        raise checker.refuse(
            node,
            (
                f"`{spec.path}` has one value, not one a year",
                f"“{spec.path}”只有一个值，不分年度",
            ),
        )
    start, stop = checker.year(span.lower), checker.year(span.upper)
    fact = core.Fact(
        record, spec.entity, spec.name, spec.type, core.Var(_YEAR_NAME), span=checker.span(node)
    )
    return _folded(
        checker, node, fold, core.Years(start, stop), _YEAR_NAME, Typed(fact, spec.type), None
    )


def _folded(
    checker: Checker,
    node: ast.expr,
    fold: Fold,
    source: core.Items | core.Years,
    name: str,
    body: Typed,
    where: Expr | None,
) -> Typed:
    kind: Type
    if fold in {Fold.ANY, Fold.ALL}:
        checker.require(body, t.BOOL, node)
        kind = t.BOOL
    elif fold is Fold.COUNT:
        if body.type.kind is not Kind.BOOL:  # counting the items themselves: their value is idle
            body = Typed(core.All(()), t.BOOL)
        kind = t.COUNT
    else:
        allowed = t.NUMERIC if fold is Fold.SUM else t.ORDERED
        if body.type.many or body.type.kind not in allowed:
            raise checker.mismatch(
                "E220", (f"{fold} needs amounts", f"“{fold}”里应为数额"), (node, body)
            )
        kind = body.type
    return Typed(core.Over(fold, source, name, body.expr, where, span=checker.span(node)), kind)


def _extreme(fold: Fold) -> Function:
    usages = f"{fold}(a, b)", f"{fold}(applicant.revenue[year - 3 : year])"

    def build(checker: Checker, node: ast.Call) -> Typed:
        over = _over(checker, node, fold)
        if over is not None:
            return over
        if len(node.args) < 2:
            raise _usage(checker, node, *usages)
        parts = [checker.check(argument) for argument in node.args]
        kind = parts[0].type
        for argument, part in zip(node.args, parts, strict=True):
            both = t.join(kind, part.type)
            if both is None or both.kind not in t.ORDERED:
                raise checker.mismatch(
                    "E220",
                    (
                        f"{fold} of {kind} and {part.type}",
                        f"“{fold}”里有{kind.zh}，又有{part.type.zh}",
                    ),
                    (node.args[0], parts[0]),
                    (argument, part),
                )
            kind = both
        exprs = tuple(part.expr for part in parts)
        make = core.Min if fold is Fold.MIN else core.Max
        return Typed(make(exprs, span=checker.span(node)), kind)

    return build


def _sum(checker: Checker, node: ast.Call) -> Typed:
    over = _over(checker, node, Fold.SUM)
    if over is None:
        raise _usage(
            checker,
            node,
            "sum(c.paid for c in contract)",
            "sum(applicant.revenue[year - 3 : year])",
        )
    return over


def _logical(fold: Fold) -> Function:
    def build(checker: Checker, node: ast.Call) -> Typed:
        over = _over(checker, node, fold)
        if over is not None:
            return over
        if not node.args:
            raise _usage(checker, node, f"{fold}(x.ok for x in contract)", f"{fold}(a, b)")
        parts = tuple(checker.boolean(argument) for argument in node.args)
        span = checker.span(node)
        if fold is Fold.ANY:
            return Typed(core.Any(parts, span=span), t.BOOL)
        if fold is Fold.ALL:
            return Typed(core.All(parts, span=span), t.BOOL)
        one, none = core.Const(1, t.COUNT), core.Const(0, t.COUNT)
        return Typed(
            core.Add(tuple(core.If(part, one, none) for part in parts), span=span), t.COUNT
        )

    return build


def _abs(checker: Checker, node: ast.Call) -> Typed:
    (argument,) = _arguments(checker, node, 1, "abs(x)")
    typed = checker.check(argument)
    if typed.type.many or typed.type.kind not in t.NUMERIC:
        raise checker.mismatch(
            "E220", ("abs needs an amount", "“abs”里应为数额"), (argument, typed)
        )
    # The zero changes no value; it keeps a range that reaches below from losing its lower end.
    parts = (typed.expr, core.Neg(typed.expr), core.Const(0, typed.type))
    return Typed(core.Max(parts, span=checker.span(node)), typed.type)


# ── dates, places, rounding ──────────────────────────────────────────────────

_DATES: Final[dict[DateFunction, tuple[tuple[Type, ...], Type, str]]] = {
    DateFunction.YEAR_OF: ((t.DATE,), t.YEAR, "year_of(date)"),
    DateFunction.START_OF: ((t.COUNT,), t.DATE, "start_of(year)"),
    DateFunction.END_OF: ((t.COUNT,), t.DATE, "end_of(year)"),
    DateFunction.ADD: ((t.DATE, t.DURATION), t.DATE, "add(date, duration)"),
    DateFunction.DAYS_BETWEEN: ((t.DATE, t.DATE), t.COUNT, "days_between(a, b)"),
    DateFunction.MONTHS_BETWEEN: ((t.DATE, t.DATE), t.COUNT, "months_between(a, b)"),
    DateFunction.YEARS_BETWEEN: ((t.DATE, t.DATE), t.COUNT, "years_between(a, b)"),
}


def _date_function(function: DateFunction) -> Function:
    wanted, gives, usage = _DATES[function]

    def build(checker: Checker, node: ast.Call) -> Typed:
        arguments = _arguments(checker, node, len(wanted), usage)
        parts = tuple(
            checker.require(checker.check(argument), kind, argument).expr
            for argument, kind in zip(arguments, wanted, strict=True)
        )
        return Typed(core.DateOp(function, parts, span=checker.span(node)), gives)

    return build


def _within(checker: Checker, node: ast.Call) -> Typed:
    usage = 'within(applicant.region, "640000")'
    code_node, ancestor_node = _arguments(checker, node, 2, usage)
    code = checker.check(code_node)
    if code.type.many or code.type.kind not in {Kind.REGION, Kind.INDUSTRY}:
        raise checker.mismatch(
            "E220",
            ("within needs a region or an industry", "“within”里应为地区或行业"),
            (code_node, code),
        )
    ancestor = checker.check(ancestor_node, code.type)
    if (
        ancestor.type.many
        and ancestor.type.kind is code.type.kind
        and isinstance(ancestor.expr, core.Param)
    ):
        raise checker.refuse(
            ancestor_node,
            ("within takes one place, not a list", "“within”只认一个地方，不能是列表"),
            ("write any of them with `or`", "分开写，用“or”连接"),
        )
    checker.require(ancestor, code.type, ancestor_node)
    return Typed(core.Within(code.expr, ancestor.expr, code.type, span=checker.span(node)), t.BOOL)


def _round_to(checker: Checker, node: ast.Call) -> Typed:
    usage = 'round_to(x, quantum, "half_up")'
    value_node, quantum_node, mode_node = _arguments(checker, node, 3, usage)
    value, quantum = checker.check(value_node), checker.check(quantum_node)
    kind = t.join(value.type, quantum.type)
    if kind is None or kind.kind not in t.NUMERIC:
        raise checker.mismatch(
            "E220",
            ("a value and its quantum are of one kind", "取整的数与取整单位应是同一种"),
            (value_node, value),
            (quantum_node, quantum),
        )
    if any(figure <= 0 for figure in _figures(quantum.expr)):
        raise checker.refuse(
            quantum_node,
            ("a quantum is more than zero", "取整单位应大于零"),
            ('write what to round to, such as "0.01元"', "请写取整到多少，如“0.01元”"),
        )
    word = _text(checker, mode_node, usage, node)
    if word not in set(Mode):
        raise checker.refuse(
            mode_node,
            (f'"{word}" is no rounding', f"“{word}”不是取整方式"),
            (f"one of: {', '.join(Mode)}", f"可选：{'、'.join(Mode)}"),
        )
    return Typed(core.Round(value.expr, quantum.expr, Mode(word), span=checker.span(node)), kind)


def _figures(of: Expr) -> list[Any]:
    """Return what a constant or a parameter can be; nothing of what is known later only."""
    match of:
        case core.Const(value=value):
            return [value]
        case core.Param(values=values):
            return [dated.value for dated in values]
        case _:
            return []


# ── other incentives ─────────────────────────────────────────────────────────


def _award(checker: Checker, node: ast.Call) -> Typed:
    (argument,) = _arguments(checker, node, 1, 'award("document/incentive")')
    name = _text(checker, argument, 'award("document/incentive")', node)
    checker.scope.refs.add((name, checker.span(argument)))
    return Typed(core.AwardOf(name, span=checker.span(node)), t.MONEY)


def _granted(checker: Checker, node: ast.Call) -> Typed:
    (argument,) = _arguments(checker, node, 1, 'granted("document/incentive")')
    name = _text(checker, argument, 'granted("document/incentive")', node)
    checker.scope.refs.add((name, checker.span(argument)))
    return Typed(core.GrantedOf(name, span=checker.span(node)), t.BOOL)


def _received(checker: Checker, node: ast.Call) -> Typed:
    usage = 'received("document/incentive", "year")'
    name_node, per_node = _arguments(checker, node, 2, usage)
    name = _text(checker, name_node, usage, node)
    per = _text(checker, per_node, usage, node)
    if per not in {Per.YEAR, Per.LIFETIME}:
        raise checker.refuse(
            per_node,
            (f'"{per}" is no time', f"“{per}”不是时间范围"),
            ('"year" or "lifetime"', "写“year”（本年度）或“lifetime”（历来）"),
        )
    return Typed(core.ReceivedOf(name, Per(per), span=checker.span(node)), t.MONEY)


FUNCTIONS: Final[dict[str, Function]] = {
    **{str(fold): _extreme(fold) for fold in (Fold.MIN, Fold.MAX)},
    **{str(fold): _logical(fold) for fold in (Fold.ANY, Fold.ALL, Fold.COUNT)},
    **{str(function): _date_function(function) for function in DateFunction},
    "sum": _sum,
    "abs": _abs,
    "within": _within,
    "round_to": _round_to,
    "award": _award,
    "granted": _granted,
    "received": _received,
}
"""The library functions by name."""

NAMES: Final = frozenset(FUNCTIONS)


def check(text: str, scope: Scope, expected: Type | None = None) -> Typed:
    """Parse and check one expression; ``expected`` gives text literals their meaning.

    Raises:
        CheckError: with one finding, pointing at the place in the file.
    """
    tree = parse(text, scope.place)
    checker = Checker(scope, Columns(text, scope.place), FUNCTIONS)
    try:
        typed = checker.check(tree, expected)
    except RecursionError:
        raise problem(
            "E211",
            ("this expression is nested too deeply", "表达式嵌套太深"),
            (scope.place(0, len(text)), NO_NOTE),
        ) from None
    return typed if expected is None else checker.require(typed, expected, tree)
