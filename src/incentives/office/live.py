"""A recorded sum as spreadsheet formulas that come to the same fen.

Every figure is a whole number over a whole number, in two cells, so that a program
which computes in doubles makes no error: all products stay below 10^14. A rounding is
then a whole division. What a formula refers to is a fact's cell, a row above, or a
figure of the rules.

The laws kept here (``tests/unit/office/test_result.py``, ``tests/property/test_live.py``):
the figure of every row is what the engine came to, and an independent reading of the
formulas gives it again. The derivation is the source; no rule is known here.

The traps: 2^53 is not the bound, because LibreOffice takes quotients that agree in 15
digits for the same; and a branch is the one that was taken, so a changed fact that would
change a condition or a row of a table needs a new assessment (the sheet says so).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm, prod
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import InternalError
from incentives.explain import words
from incentives.explain.formula import entries_of, row_that_held
from incentives.explain.names import Names, type_of
from incentives.language import core
from incentives.language.core import Fold, Role, Text
from incentives.values.rounding import Mode, round_to
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incentives.engine.derive import Step

LIMIT: Final = 10**14
"""The largest whole number that a formula may come across."""

Number = int | Fraction


class NotLiveError(Exception):
    """A sum that no formula here can recompute exactly; ``says`` tells the reader why."""

    def __init__(self, says: Text) -> None:
        super().__init__(says.get("en"))
        self.says = says


@dataclass(frozen=True, slots=True)
class Num:
    """A figure as two parts of formulas, what they are worth now, and how a row names it.

    ``n`` and ``d`` are what the formulas ``top`` and ``below`` come to: not reduced.
    """

    top: str
    below: str
    n: int
    d: int
    says: Text

    @property
    def exact(self) -> Fraction:
        """What the figure is worth."""
        return Fraction(self.n, self.d)

    @property
    def fixed_below(self) -> int | None:
        """The denominator where it is the same whatever is entered."""
        return int(self.below) if self.below.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the recomputation: a figure, and whether it is money (in fen)."""

    says: Text
    num: Num
    is_money: bool


_SAYS: Final = {
    Role.CAP: Text("不超过上限", "at most the cap"),
    Role.FLOOR: Text("不低于下限", "at least the floor"),
    Role.LESS: Text("扣减", "less"),
    Role.NOT_NEGATIVE: Text("不低于零", "not below zero"),
    Role.LEFT: Text("进位后不超过上限", "rounding stays within the cap"),
    Role.MINIMUM: Text("低于起付额的不予支付", "nothing below the least that is paid"),
    Role.BAND: Text("分段", "slice"),
}
_FOLDS: Final = {
    Fold.SUM: Text("逐项合计", "added up"),
    Fold.MIN: Text("取最小", "the smallest"),
    Fold.MAX: Text("取最大", "the largest"),
}
_MOST_PARTS: Final = 50
_MOST_CHARACTERS: Final = 8_000  # Excel refuses a workbook with a formula over 8,192
_TOO_LARGE: Final = Text(
    "数值过大，表格软件不能准确计算", "the figures are too large for exact formulas"
)
_OPEN: Final = Text(
    "有的事实尚不知道，金额是一个范围", "a fact is not known: the amount is a range"
)


class Live:
    """Translates one sum; its rows stand one below the other from ``first``.

    Args:
        names: what facts and figures are called.
        facts: the parts of formulas for facts that have a cell, by path.
        awards: those for what other incentives came to, by id.
        first: the number of the first row, from 1.
    """

    def __init__(
        self,
        names: Names,
        facts: Mapping[str, Num],
        awards: Mapping[str, Num],
        first: int,
    ) -> None:
        self.names = names
        self.facts = facts
        self.awards = awards
        self.first = first
        self.rows: list[Row] = []
        self.item = words.both("")  # which item the next rows are about
        self.factor = 1

    def final(self, step: Step) -> Num:
        """Return a sum in whole fen, in a row of its own.

        Raises:
            NotLiveError: it is open, or its figures are too large.
        """
        found = self.num(step)
        if found.exact.denominator != 1:
            raise InternalError(f"a sum of {found.exact} fen is not whole")
        is_row = bool(self.rows) and found.top == f"D{self.first + len(self.rows) - 1}"
        return found if is_row else self.row(found.says, found, is_money=True)

    def num(self, step: Step) -> Num:
        """Return the figure of a step, with rows for what it is computed from."""
        if isinstance(step.value, Unknown):
            raise NotLiveError(_OPEN)
        found = self._node(step)
        if found.exact != step.value:
            raise InternalError(f"a formula gives {found.exact}, the engine {step.value}")
        return found

    def row(self, says: Text, value: Num, *, is_money: bool) -> Num:
        """Put a figure into a row of its own and return the cells."""
        self._bound(value.n, value.d)
        if max(len(value.top), len(value.below)) > _MOST_CHARACTERS:
            raise NotLiveError(Text("算式过长", "the formula is too long"))
        number = self.first + len(self.rows)
        self.rows.append(Row(words.join([self.item, says], "", ""), value, is_money))
        label = words.both(f"({len(self.rows)})")
        below = value.below if value.fixed_below is not None else f"E{number}"
        return Num(f"D{number}", below, value.n, value.d, label)

    def add(self, says: Text, parts: Sequence[Num]) -> Num:
        """Return a sum of amounts in a row of its own."""
        return self._folded(says, parts, Fold.SUM, is_money=True)

    def least(self, says: Text, parts: Sequence[Num]) -> Num:
        """Return the smallest of amounts in a row of its own."""
        return self._folded(says, parts, Fold.MIN, is_money=True)

    def _folded(self, says: Text, parts: Sequence[Num], fold: Fold, *, is_money: bool) -> Num:
        """Return what many figures come to; too many for one formula go through rows of part."""
        while len(parts) > _MOST_PARTS:
            parts = [
                self._folded(says, parts[at : at + _MOST_PARTS], fold, is_money=is_money)
                for at in range(0, len(parts), _MOST_PARTS)
            ]
        sign = " + " if fold is Fold.SUM else ", "
        listed = words.join([part.says for part in parts], sign, sign)
        text = Text(f"{says.zh}：{listed.zh}", f"{says.get('en')}: {listed.get('en')}")
        value = self._sum(parts) if fold is Fold.SUM else self._extreme(parts, fold.value.upper())
        return self.row(text, value, is_money=is_money)

    # ── nodes ─────────────────────────────────────────────────────────────────

    def _node(self, step: Step) -> Num:
        match step.node:
            case core.Fact():
                found = self.facts.get(step.label)
                return (
                    self._constant(step)
                    if found is None
                    else replace(found, says=self.names.fact(step))
                )
            case core.AwardOf(incentive):
                return self._award(step, incentive)
            case core.Add() | core.Mul() | core.Div() | core.Min() | core.Max() | core.Neg():
                return self._arithmetic(step)
            case core.Round():
                return self._rounded(step)
            case core.If() | core.Pick():
                return self._branch(step)
            case core.Over():
                return self._over(step)
            case core.UpTo():
                raise NotLiveError(_OPEN)
            case _:
                return self._constant(step)

    def _arithmetic(self, step: Step) -> Num:
        parts = [self.num(part) for part in step.of]
        if len(parts) == 1 and not isinstance(step.node, core.Neg):
            return parts[0]
        match step.node:
            case core.Add():
                value, sign = self._sum(parts), " + "
            case core.Mul():
                value, sign = self._product(*parts), " × "
            case core.Div():
                value, sign = self._quotient(*parts), " ÷ "
            case core.Neg():
                top = "-" + parts[0].top if parts[0].top[0] != "-" else f"(-{parts[0].top})"
                says = words.wrap(words.both("−"), parts[0].says)
                return Num(f"({top})", parts[0].below, -parts[0].n, parts[0].d, says)
            case core.Min():
                value, sign = self._extreme(parts, "MIN"), ", "
            case _:
                value, sign = self._extreme(parts, "MAX"), ", "
        return self.row(self._says(step, parts, sign), value, is_money=_is_money(step))

    def _says(self, step: Step, parts: Sequence[Num], sign: str) -> Text:
        """Return how a row reads: what it is for, then its operands by label or row."""
        listed = words.join([part.says for part in parts], sign, sign)
        listed = Text(listed.zh.replace(" + −", " − "), listed.get("en").replace(" + −", " − "))
        if isinstance(step.node, core.Min | core.Max):
            small = isinstance(step.node, core.Min)
            word = Text("取小", "the smaller of ") if small else Text("取大", "the larger of ")
            listed = words.wrap(Text(f"{word.zh}(", f"{word.en}("), listed, words.both(")"))
        return self._named(step, listed)

    def _named(self, step: Step, listed: Text) -> Text:
        origin = step.node.origin
        name = None
        if origin is not None:
            name = origin.says if origin.role is Role.DEFINITION else _SAYS.get(origin.role)
        if name is None:
            return listed
        return Text(f"{name.zh}：{listed.zh}", f"{name.get('en')}: {listed.get('en')}")

    def _award(self, step: Step, incentive: str) -> Num:
        found = self.awards.get(incentive)
        if found is None or found.exact != step.value:
            return self._constant(step)
        name = self.names.incentive(incentive)
        says = Text(f"“{name.zh}”应得", f"due under {name.get('en')}")
        return Num(found.top, found.below, found.n, found.d, says)

    def _constant(self, step: Step) -> Num:
        value = step.value
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise InternalError(f"{type(step.node).__name__} gives no figure")
        spec = self.names.spec(step.node)
        figure = self.names.value(value, type_of(step.node), spec)
        says = figure
        if isinstance(step.node, core.Fact):
            says = words.join([self.names.fact(step), figure], " ", " ")
        elif isinstance(step.node, core.ReceivedOf):
            says = words.join([Text("已领取", "already received"), figure], " ", " ")
        return constant(value, says)

    def _branch(self, step: Step) -> Num:
        origin = step.node.origin
        if isinstance(step.node, core.If) and origin is not None and origin.role is Role.MINIMUM:
            return self._minimum(step)
        if isinstance(step.node, core.If):
            return self.num(step.of[1])
        held = row_that_held(step)
        if held is None:
            return self._constant(step)
        return self.num(held[1])

    def _minimum(self, step: Step) -> Num:
        """Return the amount, or nothing where it is below the least that is paid."""
        amount, least = (self.num(part) for part in step.of[0].of)
        left, right = self._compared(amount, least)
        paid = 0 if amount.exact < least.exact else amount.n
        top = f"IF({left}<{right},0,{amount.top})"
        value = Num(top, amount.below, paid, amount.d, amount.says)
        listed = words.join([amount.says, least.says], ", ", ", ")
        return self.row(self._named(step, listed), value, is_money=True)

    def _over(self, step: Step) -> Num:
        node = step.node
        if not isinstance(node, core.Over) or node.fold not in _FOLDS:
            return self._constant(step)
        parts = [self.num(part) for part in entries_of(step)]
        if not parts:
            return self._constant(step)
        if len(parts) == 1:
            return parts[0]
        return self._folded(_FOLDS[node.fold], parts, node.fold, is_money=_is_money(step))

    # ── arithmetic of two whole numbers ───────────────────────────────────────

    def _sum(self, parts: Sequence[Num]) -> Num:
        alike = self._alike(parts)
        top = "+".join(part.top for part in alike)
        return Num(top, alike[0].below, sum(part.n for part in alike), alike[0].d, parts[0].says)

    def _product(self, left: Num, right: Num) -> Num:
        top, below = _times(left.top, right.top), _times(left.below, right.below)
        return Num(top, below, left.n * right.n, left.d * right.d, left.says)

    def _quotient(self, left: Num, right: Num) -> Num:
        if right.n <= 0:
            raise NotLiveError(Text("除数不是正数", "a divisor is not above zero"))
        top, below = _times(left.top, right.below), _times(left.below, right.top)
        return Num(top, below, left.n * right.d, left.d * right.n, left.says)

    def _extreme(self, parts: Sequence[Num], function: str) -> Num:
        alike = self._alike(parts)
        choose = min if function == "MIN" else max
        top = f"{function}({','.join(part.top for part in alike)})"
        return Num(top, alike[0].below, choose(part.n for part in alike), alike[0].d, parts[0].says)

    def _alike(self, parts: Sequence[Num]) -> list[Num]:
        """Return figures over one denominator."""
        if all(part.fixed_below is not None for part in parts):
            below = lcm(*(part.d for part in parts))
            by = [(str(below // part.d), below // part.d) for part in parts]
            self._factor(*(factor for _, factor in by))
        else:
            below = prod(part.d for part in parts)
            by = []
            for at in range(len(parts)):
                others = [part for other, part in enumerate(parts) if other != at]
                by.append((_product_of(others), prod(part.d for part in others)))
        text = str(below) if parts[0].fixed_below is not None else ""
        if any(part.fixed_below is None for part in parts):
            text = _product_of(parts)
        alike = [
            Num(_times(part.top, name), text, part.n * factor, below, part.says)
            for part, (name, factor) in zip(parts, by, strict=True)
        ]
        self._bound(below, *(part.n for part in alike))
        return alike

    def _compared(self, left: Num, right: Num) -> tuple[str, str]:
        alike = self._alike([left, right])
        return alike[0].top, alike[1].top

    def _rounded(self, step: Step) -> Num:
        of, quantum = (self.num(part) for part in step.of)
        node = step.node
        if not isinstance(node, core.Round):
            raise InternalError("only a rounding rounds")
        if not quantum.top.isdecimal() or quantum.fixed_below is None:
            raise NotLiveError(Text("取整单位随事实变化", "the step of rounding depends on facts"))
        if of.fixed_below == 1 and quantum.n == 1:
            return of  # whole already
        self._bound(4 * of.n * quantum.d, 4 * of.d * quantum.n)
        self._factor(4 * quantum.d, 4 * quantum.n if of.fixed_below is None else 1)
        steps = round_to(of.exact / quantum.exact, 1, node.mode).numerator
        count = _count(_times(of.top, quantum.below), _times(of.below, quantum.top), node.mode)
        top = _times(count, quantum.top)
        value = Num(top, quantum.below, steps * quantum.n, quantum.d, of.says)
        mode = words.ROUNDING[node.mode]
        says = Text(
            f"{mode.zh}到{quantum.says.zh}：{of.says.zh}",
            f"{mode.get('en')} to {quantum.says.get('en')}: {of.says.get('en')}",
        )
        return self.row(says, value, is_money=_is_money(step))

    def _bound(self, *numbers: int) -> None:
        if any(abs(number) > LIMIT for number in numbers):
            raise NotLiveError(_TOO_LARGE)

    def _factor(self, *factors: int) -> None:
        self.factor = max((self.factor, *factors))

    def check(self) -> None:
        """Raise ``NotLiveError`` where a row is larger than all its formulas can take."""
        if any(max(abs(row.num.n), row.num.d) > self.most for row in self.rows):
            raise NotLiveError(_TOO_LARGE)

    @property
    def most(self) -> int:
        """The largest figure in a row up to which every formula stays exact."""
        return LIMIT // self.factor


def constant(value: Number, says: Text) -> Num:
    """Return a figure of the rules, or one that is not recomputed."""
    if max(abs(value.numerator), value.denominator) > LIMIT:
        raise NotLiveError(_TOO_LARGE)
    top = str(value.numerator)
    return Num(
        top if value >= 0 else f"({top})",
        str(value.denominator),
        value.numerator,
        value.denominator,
        says,
    )


def _is_money(step: Step) -> bool:
    kind = type_of(step.node)
    return kind is not None and kind.kind is Kind.MONEY


def _times(left: str, right: str) -> str:
    """Return a product as part of a formula, ones left out and whole numbers multiplied."""
    if left == "1":
        return right
    if right == "1":
        return left
    if left == "0" or right == "0":
        return "0"
    if left.isdecimal() and right.isdecimal():
        return str(int(left) * int(right))
    return f"{_tight(left)}*{_tight(right)}"


def _product_of(parts: Sequence[Num]) -> str:
    """Return the product of denominators."""
    text = "1"
    for part in parts:
        text = _times(text, part.below)
    return text


def _tight(text: str) -> str:
    """Return a part in brackets unless it binds tighter than a product."""
    loose, depth = False, 0
    for char in text:
        depth += (char == "(") - (char == ")")
        loose |= depth == 0 and char in "+-"
    return f"({text})" if loose else text


def _count(a: str, b: str, mode: Mode) -> str:
    """Return how many steps ``a/b`` is rounded to; away from zero means from both sides."""
    size, by = f"ABS({a})", b if b.isalnum() else f"({b})"
    match mode:
        case Mode.DOWN:
            count = f"INT({size}/{by})"
        case Mode.UP:
            count = f"INT(({size}+{by}-1)/{by})"
        case Mode.HALF_UP:
            count = f"INT((2*{size}+{by})/(2*{by}))"
        case _:
            whole = f"INT({size}/{by})"
            twice = f"2*({size}-{whole}*{by})"
            count = f"({whole}+IF({twice}>{by},1,IF({twice}={by},MOD({whole},2),0)))"
    return f"SIGN({a})*{count}"
