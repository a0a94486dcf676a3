"""One node as an SQL expression: what the docstrings of ``columns.py`` say, in a dialect.

A whole number always comes out in the type that its span asks for; a bare literal alone
has none, because a database reads ``1`` as narrower than a BIGINT. An operation whose
result needs more room than its arguments has is done on widened arguments: widening the
result would come too late.

Traps: sqlglot rewrites functions that it believes to differ between databases (its LEAST
guards against NULL), so those are called by name. And ``CASE WHEN t THEN 1 ELSE 2 END`` is
a 32-bit number to all three databases, and what is then multiplied with another such
overflows: one branch is converted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from incentives.batch.columns import Column, Op, Sort
from incentives.batch.sql.dialects import call, cast, text
from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot import exp

    from incentives.batch.sql.dialects import Dialect
else:
    from incentives.batch.sql import sqltree as exp

_JOINING: Final = ("and", "or", "not")
_COMPARING: Final = ("eq", "lt", "lte", "is", "in")
_COUNTING: Final = ("add", "sub", "mul", "div", "intdiv", "dpipe", "neg")


def literal(column: Column, dialect: Dialect) -> exp.Expression:
    """Return a constant; NULL with its type."""
    value = column.value
    match value:
        case None:
            return cast(exp.Null(), dialect.type_of(column))
        case bool():
            return exp.Boolean(this=value)
        case int():
            dialect.is_wide((value, value))
            return exp.Literal.number(value)
        case str():
            return text(value)
        case _:
            return cast(text(value.isoformat()), "DATE")


def both(parts: Sequence[exp.Expression], how: type[exp.And | exp.Or]) -> exp.Expression:
    """Return truths joined by AND or OR, parenthesised where somebody could misread them."""
    other = "or" if how is exp.And else "and"
    first, *rest = (_within(part, (other,)) for part in parts)
    joined: exp.Expression = first
    for part in rest:
        joined = how(this=joined, expression=part)
    return joined


def _within(part: exp.Expression, kinds: tuple[str, ...]) -> exp.Expression:
    return exp.Paren(this=part) if part.key in kinds else part


def _side(part: exp.Expression) -> exp.Expression:
    return _within(part, _JOINING + _COMPARING)


def _operand(part: exp.Expression) -> exp.Expression:
    return _within(part, _JOINING + _COMPARING + _COUNTING)


def _case(test: exp.Expression, then: exp.Expression, otherwise: exp.Expression) -> exp.Expression:
    """Return a choice; one inside the last branch goes on instead of nesting."""
    ifs, default = [exp.If(this=test, true=then)], otherwise
    if otherwise.key == "case" and otherwise.args.get("default") is not None:
        ifs, default = [*ifs, *otherwise.args["ifs"]], otherwise.args["default"]
    return exp.Case(ifs=ifs, default=default)


class Speller:
    """Spells nodes; ``named`` gives the column of those that have one."""

    def __init__(self, dialect: Dialect, named: Callable[[Column], exp.Expression | None]) -> None:
        self._dialect = dialect
        self._named = named

    def __call__(self, column: Column) -> exp.Expression:
        """Return the expression of a node: its column where it has one."""
        return self._named(column) or self.inner(column)

    def typed(self, column: Column) -> exp.Expression:
        """Return the expression of a node in its own type, also of a bare constant."""
        spelled = self(column)
        if column.op is Op.LITERAL and column.value is not None:
            return cast(spelled, self._dialect.type_of(column))
        return spelled

    def inner(self, column: Column) -> exp.Expression:
        """Return what a node computes from its arguments, also where it has a column."""
        if column.op is Op.LITERAL:
            return literal(column, self._dialect)
        args = [self(arg) for arg in column.args]
        match column.sort:
            case Sort.TRUTH:
                return self._truth(column, args)
            case Sort.WHOLE:
                return self._whole(column, args)
            case Sort.DAY:
                return self._day(column, args)
            case Sort.WORD:
                return self._word(column, args)
            case Sort.WORDS:
                return self._words(column, args)
            case _:
                assert_never(column.sort)

    def _common(self, column: Column, args: list[exp.Expression]) -> exp.Expression:
        """Return what every sort has."""
        match column.op:
            case Op.IF:
                test, then, otherwise = args
                return _case(test, then, otherwise)
            case Op.COALESCE:
                return exp.Coalesce(this=args[0], expressions=args[1:])
            case Op.LEAST:
                return call("LEAST", *args)
            case Op.GREATEST:
                return call("GREATEST", *args)
            case _:
                raise InternalError(f"{column.op} is no expression of sort {column.sort}")

    def _truth(self, column: Column, args: list[exp.Expression]) -> exp.Expression:
        match column.op:
            case Op.AND:
                return both(args, exp.And)
            case Op.OR:
                return both(args, exp.Or)
            case Op.NOT:
                return exp.Not(this=_operand(args[0]))
            case Op.IS_NULL:
                return exp.Is(this=_operand(args[0]), expression=exp.Null())
            case Op.EQ:
                return exp.EQ(this=_side(args[0]), expression=_side(args[1]))
            case Op.LT | Op.LE:
                how = exp.LT if column.op is Op.LT else exp.LTE
                if column.args[0].sort is Sort.WORD:
                    args = [self._dialect.ordered(arg) for arg in args]
                return how(this=_side(args[0]), expression=_side(args[1]))
            case Op.IN:
                return exp.In(this=_operand(args[0]), expressions=args[1:])
            case _:
                return self._common(column, args)

    def _whole(self, column: Column, args: list[exp.Expression]) -> exp.Expression:
        """Return a whole number in the type of its span."""
        numbers = [i for i, arg in enumerate(column.args) if arg.sort is Sort.WHOLE]
        some_wide = any(self._is_wide(column.args[i]) for i in numbers)
        wide = self._is_wide(column)
        bare = all(column.args[i].op is Op.LITERAL for i in numbers)
        if numbers and (bare or (wide and not some_wide)):
            args[numbers[0]] = cast(args[numbers[0]], self._dialect.whole(wide or some_wide))
        made = self._counted(column, args, some_wide)
        return cast(made, self._dialect.whole(False)) if some_wide and not wide else made

    def _is_wide(self, column: Column) -> bool:
        return self._dialect.is_wide(column.span)

    def _counted(
        self, column: Column, args: list[exp.Expression], some_wide: bool
    ) -> exp.Expression:
        match column.op:
            case Op.ADD:
                return exp.Add(this=_operand(args[0]), expression=_operand(args[1]))
            case Op.SUB:
                return exp.Sub(this=_operand(args[0]), expression=_operand(args[1]))
            case Op.MUL:
                return exp.Mul(this=_operand(args[0]), expression=_operand(args[1]))
            case Op.QUOTIENT:
                left, right = _operand(args[0]), _operand(args[1])
                span = column.span or (0, 0)
                return self._dialect.quotient(left, right, span, wide=some_wide)
            case Op.ABS:
                return exp.Abs(this=args[0])
            case Op.YEAR | Op.MONTH:
                return self._dialect.part(column.op.value.upper(), args[0])
            case Op.DAY_OF_MONTH:
                return self._dialect.part("DAY", args[0])
            case Op.DAYS_FROM:
                return self._dialect.days_from(_operand(args[0]), _operand(args[1]))
            case _:
                return self._common(column, args)

    def _day(self, column: Column, args: list[exp.Expression]) -> exp.Expression:
        match column.op:
            case Op.MAKE_DAY:
                return self._dialect.make_day(args)
            case Op.ADD_MONTHS:
                return self._dialect.add_months(_operand(args[0]), args[1])
            case Op.ADD_DAYS:
                return self._dialect.add_days(_operand(args[0]), args[1])
            case _:
                return self._common(column, args)

    def _word(self, column: Column, args: list[exp.Expression]) -> exp.Expression:
        match column.op:
            case Op.PREFIX:
                return exp.Left(this=args[0], expression=args[1])
            case Op.CONCAT:
                words = [
                    cast(arg, "TEXT") if of.sort is Sort.WHOLE else _operand(arg)
                    for of, arg in zip(column.args, args, strict=True)
                ]
                joined = words[0]
                for word in words[1:]:
                    joined = exp.DPipe(this=joined, expression=word, safe=True)
                return joined
            case Op.LEAST | Op.GREATEST:
                args[0] = self._dialect.ordered(args[0])
                return self._common(column, args)
            case _:
                return self._common(column, args)

    def _words(self, column: Column, args: list[exp.Expression]) -> exp.Expression:
        match column.op:
            case Op.WORDS if not args:
                return self._dialect.empty()
            case Op.WORDS:
                return self._dialect.chosen(args[::2], args[1::2])
            case Op.JOINED:
                return self._dialect.joined(args)
            case Op.SORTED:
                return self._dialect.arranged(args[0])
            case Op.RANKED:
                return self._dialect.ranked(args[::2], args[1::2])
            case _:
                return self._common(column, args)

    # ── items ────────────────────────────────────────────────────────────────

    def fold(self, column: Column, at: exp.Expression) -> exp.Expression:
        """Return a fold as an aggregate of a firm's items, without its neutral value."""
        of = self.typed(column.args[0])
        match column.op:
            case Op.SUM:
                return self._sum(column, of)
            case Op.ANY:
                return exp.LogicalOr(this=of)
            case Op.SMALLEST:
                return exp.Min(this=of)
            case Op.GATHER:
                return self._dialect.gather(of, self.typed(column.args[1]), at)
            case _:
                raise InternalError(f"{column.op} is no fold")

    def only(self, column: Column) -> exp.Expression:
        """Return a fold of a firm's only item."""
        return cast(self.typed(column.args[0]), self._dialect.type_of(column))

    def folded(self, column: Column, value: exp.Expression) -> exp.Expression:
        """Return a fold's value where the firm may have no items."""
        match column.op:
            case Op.SUM:
                neutral: exp.Expression = exp.Literal.number(0)
            case Op.ANY:
                neutral = exp.Boolean(this=False)
            case Op.GATHER:
                return self._dialect.gathered(value)
            case Op.SMALLEST:
                return value
            case _:
                raise InternalError(f"{column.op} is no fold")
        return exp.Coalesce(this=value, expressions=[neutral])

    def _sum(
        self, column: Column, of: exp.Expression, over: exp.Window | None = None
    ) -> exp.Expression:
        """Return a sum over rows, in the type of its span."""
        wide, arg = self._is_wide(column), column.args[0]
        made, made_wide = self._dialect.sum(of, wide=self._is_wide(arg), result=wide)
        if over is not None:
            over.set("this", made)
            made = over
        if made_wide != wide:
            made = cast(made, self._dialect.whole(wide))
        return made

    def window(self, column: Column, row: exp.Expression, at: exp.Expression) -> exp.Expression:
        """Return a window over the items of a firm."""
        if column.op is Op.WINDOW_SUM:
            over = exp.Window(partition_by=[row, *map(self.typed, column.args[1:])])
            total = self._sum(column, self.typed(column.args[0]), over)
            return exp.Coalesce(this=total, expressions=[exp.Literal.number(0)])
        many = column.args[0].value
        if not isinstance(many, int):
            raise InternalError("a place without the number of its keys")
        by, order = column.args[1 : 1 + many], column.args[1 + many :]
        keys = [exp.Ordered(this=self._key(each), desc=True, nulls_first=False) for each in order]
        return exp.Window(
            this=exp.RowNumber(),
            partition_by=[row, *map(self.typed, by)],
            order=exp.Order(expressions=[*keys, exp.Ordered(this=at)]),
        )

    def _key(self, column: Column) -> exp.Expression:
        spelled = self.typed(column)
        return self._dialect.ordered(spelled) if column.sort is Sort.WORD else spelled
