"""A recorded computation as a formula: ``实际履行金额 1,500,000.00元 × 10%``.

The law kept here (``tests/printed/calculator.py`` replays it): every operand ends
with its exact figure, operators stand between spaces, and what stands after ``=``
is what the engine came to. A label is always *before* its figure.

Named definitions and the branches that were taken do not fit on the line:
``Formula`` keeps them, and whoever prints the line prints them above it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from incentives.explain import words
from incentives.explain.names import Names, type_of
from incentives.explain.structure import Line, Tone
from incentives.language import core
from incentives.language.core import DateFunction, Fold, Role, Text
from incentives.values.types import BOOL
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.engine.derive import Step

SUM: Final = 1
PRODUCT: Final = 2
SIGN: Final = 3
CALL: Final = 4
ATOM: Final = 5

_MOST_PARTS: Final = 24
_EXTREMES: Final = {
    (True, False): Text("较小值", "the smaller of "),
    (True, True): Text("最小值", "the smallest of "),
    (False, False): Text("较大值", "the larger of "),
    (False, True): Text("最大值", "the largest of "),
}
_SPANS: Final = {
    DateFunction.DAYS_BETWEEN: Text("天数", "days"),
    DateFunction.MONTHS_BETWEEN: Text("满月数", "full months"),
    DateFunction.YEARS_BETWEEN: Text("满年数", "full years"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a formula and how tightly it holds together."""

    text: Text
    level: int = ATOM

    def inside(self, level: int) -> Text:
        """Return the part as an operand of something that binds at ``level``."""
        if self.level >= level:
            return self.text
        return words.wrap(words.both("("), self.text, words.both(")"))


@dataclass(slots=True)
class Formula:
    """Writes formulas; keeps the definitions they use and the tests that chose a branch."""

    names: Names
    defined: list[Line] = field(default_factory=list)
    tests: list[Step] = field(default_factory=list)

    def piece(self, step: Step) -> Piece:
        """Return what a step computed, as a formula of the figures it used."""
        origin = step.node.origin
        if origin is not None and origin.role is Role.DEFINITION and origin.says is not None:
            return self._definition(step, origin.says)
        return self._node(step)

    def equation(self, step: Step) -> Text:
        """Return ``formula = value``, or the figure alone where nothing was computed."""
        piece = self.piece(step)
        if piece.level == ATOM:
            return piece.text
        return words.join([piece.text, self.figure(step)], " = ", " = ")

    def figure(self, step: Step) -> Text:
        """Return the value of a step, as an operand."""
        return operand(
            self.names.value(step.value, type_of(step.node), self.names.spec(step.node)), step.value
        )

    def atom(self, label: Text, step: Step) -> Piece:
        """Return a figure with a label before it."""
        return Piece(words.join([label, self.figure(step)], " ", " "))

    # ── nodes ────────────────────────────────────────────────────────────────

    def _definition(self, step: Step, name: Text) -> Piece:
        piece = self._node(step)
        if piece.level == ATOM:
            body = piece.text
        else:
            body = words.join([piece.text, self.figure(step)], " = ", " = ")
        line = Line(words.wrap(Text(f"{name.zh}：", f"{name.get('en')}: "), body), Tone.NOTE)
        if line not in self.defined:
            self.defined.append(line)
        return self.atom(name, step)

    def _node(self, step: Step) -> Piece:
        match step.node:
            case core.Fact():
                return self.atom(self.names.fact(step), step)
            case core.On():
                return self.atom(Text("评估日", "the date of assessment"), step)
            case core.Add():
                return self._sum(step)
            case core.Neg():
                inner = self.piece(step.of[0]).inside(SIGN)
                return Piece(words.wrap(words.both("−"), inner), SIGN)
            case core.Mul():
                return self._product(step, " × ")
            case core.Div():
                return self._product(step, " ÷ ")
            case core.Pow():
                return self._product(step, " ^ ")
            case core.Min() | core.Max():
                return self._extreme(step, [self.piece(part) for part in step.of])
            case core.Round():
                return self._rounded(step)
            case core.If() | core.Pick():
                return self._branch(step)
            case core.Over():
                return self._over(step)
            case core.DateOp():
                return self._date(step)
            case core.AwardOf(incentive):
                return self.atom(self._gives(incentive), step)
            case core.ReceivedOf():
                return self.atom(Text("已领取", "already received"), step)
            case core.UpTo():
                return self.piece(step.of[1])
            case _:
                return Piece(self.figure(step))

    def _gives(self, incentive: str) -> Text:
        name = self.names.incentive(incentive)
        return Text(f"“{name.zh}”应得", f"due under {name.get('en')}")

    def _sum(self, step: Step) -> Piece:
        text: Text | None = None
        for part in step.of:
            minus = isinstance(part.node, core.Neg) and part.node.origin is None
            piece = self.piece(part.of[0] if minus else part)
            own = piece.inside(PRODUCT if minus else SUM)
            if text is None:
                text = words.wrap(words.both("−"), own) if minus else own
            else:
                text = words.join([text, own], *((" − ", " − ") if minus else (" + ", " + ")))
        return Piece(text or self.figure(step), SUM if len(step.of) > 1 else ATOM)

    def _product(self, step: Step, sign: str) -> Piece:
        left, right = (self.piece(part) for part in step.of)
        tight = ATOM if sign == " ^ " else PRODUCT
        return Piece(
            words.join([left.inside(tight), right.inside(PRODUCT + 1)], sign, sign), PRODUCT
        )

    def _extreme(self, step: Step, pieces: list[Piece]) -> Piece:
        if len(pieces) == 1:
            return pieces[0]
        node = step.node
        small = isinstance(node, core.Min) or (
            isinstance(node, core.Over) and node.fold is Fold.MIN
        )
        word = _EXTREMES[small, len(pieces) > 2]
        listed = words.join([piece.text for piece in pieces], ", ", ", ")
        inner = words.wrap(words.both("("), listed, words.both(")"))
        return Piece(words.wrap(word, inner), CALL)

    def _rounded(self, step: Step) -> Piece:
        of, quantum = step.of
        node = step.node
        mode = words.ROUNDING[node.mode] if isinstance(node, core.Round) else words.both("")
        inner = self.piece(of).text
        if of.value == step.value:
            return self.piece(of)
        step_text = self.figure(quantum)
        head = Text(f"{mode.zh}到{step_text.zh}(", f"{mode.get('en')} to {step_text.get('en')}(")
        return Piece(words.wrap(head, inner, words.both(")")), CALL)

    def _branch(self, step: Step) -> Piece:
        """Return the branch that was taken; while that is open, the range of all."""
        if isinstance(step.node, core.If) and len(step.of) == 2:
            self.tests.append(step.of[0])
            return self.piece(step.of[1])
        held = row_that_held(step)
        if held is not None:
            test, value = held
            if test is not None:
                self.tests.append(test)
            return self.piece(value)
        self.tests.extend(part for part in step.of if type_of(part.node) == BOOL)
        return Piece(self.figure(step))

    def _over(self, step: Step) -> Piece:
        node = step.node
        if not isinstance(node, core.Over):
            return Piece(self.figure(step))
        entries = entries_of(step)
        if node.fold is Fold.COUNT and isinstance(node.source, core.Items):
            label = self.names.path(node.source.entity)
            return self.atom(Text(f"{label.zh}计数", f"{label.get('en')} counted"), step)
        plain = len(entries) == len([part for part in step.of if part.node is node.body])
        if not entries or not plain or len(entries) > _MOST_PARTS:
            return self.atom(Text("合计", "in all"), step) if entries else Piece(self.figure(step))
        pieces = [self.piece(part) for part in entries]
        if node.fold is Fold.SUM:
            if len(pieces) == 1:
                return pieces[0]
            return Piece(words.join([piece.inside(SUM) for piece in pieces], " + ", " + "), SUM)
        return self._extreme(step, pieces)

    def _date(self, step: Step) -> Piece:
        node = step.node
        if not isinstance(node, core.DateOp):
            return Piece(self.figure(step))
        parts = [self.piece(part).text for part in step.of]
        unit = _SPANS.get(node.function)
        if unit is not None:
            label = Text(
                f"{parts[0].zh}至{parts[1].zh}的{unit.zh}",
                f"{unit.get('en')} from {parts[0].get('en')} to {parts[1].get('en')}",
            )
            return self.atom(label, step)
        if node.function is DateFunction.ADD:
            label = Text(
                f"{parts[0].zh}加{parts[1].zh}", f"{parts[0].get('en')} plus {parts[1].get('en')}"
            )
            return self.atom(words.wrap(label, Text("，即", ", that is")), step)
        return Piece(self.figure(step))


def operand(text: Text, value: Any) -> Text:
    """Return a figure so that it stays one operand: ranges and sums stand in brackets."""
    if isinstance(value, Unknown):
        if text == words.UNKNOWN:
            return text
        return Text(f"（{text.zh}）", f"({text.get('en')})")
    en = text.get("en")
    return Text(text.zh, f"({en})") if " + " in en and not en.startswith("-(") else text


def row_that_held(step: Step) -> tuple[Step | None, Step] | None:
    """Return the test and the value of the row of a table that held; ``None`` while it is open."""
    if not isinstance(step.node, core.Pick):
        return None
    if len(step.of) == 2 and step.of[0].value is True:
        return step.of[0], step.of[1]
    if len(step.of) == 1 and step.of[0].node is step.node.otherwise:
        return None, step.of[0]
    return None


def entries_of(step: Step) -> list[Step]:
    """Return what a fold came to for each item or year that counts for certain."""
    node = step.node
    if not isinstance(node, core.Over):
        return []
    parts = [part for part in step.of if part.node is node.body]
    if isinstance(node.source, core.Years):
        return parts
    found = []
    for part in parts:
        if len(part.of) == 2 and node.where is not None and part.of[0].value is not True:
            continue
        found.append(part.of[-1])
    return found
