"""An amount as a sum that anyone can check: the formula, then each figure that changed it.

Follows the recorded derivation through floor, cap, what was received, not below
zero, rounding and minimum, in that order, by the role each node was built for.

The law kept here (``tests/printed``): an independent calculator that reads the
printed lines in order comes to the same amount, to the fen. Whatever changes the
running figure is therefore a line of its own; a line with the tone of a note never
changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.explain import words
from incentives.explain.facts import decided_by
from incentives.explain.formula import ATOM, Formula, row_that_held
from incentives.explain.names import Names, type_of
from incentives.explain.structure import Line, Tone
from incentives.language import core
from incentives.language.core import Role, Text
from incentives.values.types import MONEY
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from incentives.engine.derive import Step

_LABELS: Final = {
    Role.FIXED: Text("定额", "fixed amount"),
    Role.TABLE: Text("对应标准", "amount in that row"),
}


def amount_lines(step: Step, names: Names, *, full: bool = False) -> tuple[Line, ...]:
    """Return the lines of a sum, from its source to the amount that leaves the rule.

    Args:
        step: the derivation of an incentive's amount.
        names: what facts are called.
        full: also say of what changes nothing (a cap not reached is always said).
    """
    writer = _Sum(names, full=full)
    writer.pipe(step)
    return tuple(writer.lines)


def value_text(value: Any) -> Text:
    """Return an amount in words: one figure, a range, or that it cannot be computed."""
    if isinstance(value, Unknown):
        lo, hi = bounds(value)
        if value.faults and lo is None and hi is None:
            return Text("无法计算", "not computable")
        return words.money_range(lo, hi)
    return words.money(value)


def sum_of(values: list[Any], total: Any, label: Text) -> Line:
    """Return the line that adds figures up: ``合计：A + B = C``."""
    parts = [_operand(value) for value in values]
    sums = words.join([words.join(parts, " + ", " + "), value_text(total)], " = ", " = ")
    text = sums if len(parts) > 1 else value_text(total)
    return Line(Text(f"{label.zh}：{text.zh}", f"{label.get('en')}: {text.get('en')}"), Tone.SUM)


def _operand(value: Any) -> Text:
    text = value_text(value)
    if not isinstance(value, Unknown) or text == words.OPEN:
        return text
    return Text(f"（{text.zh}）", f"({text.get('en')})")


class _Sum:
    """Writes the lines of one amount."""

    def __init__(self, names: Names, *, full: bool) -> None:
        self.names = names
        self.full = full
        self.lines: list[Line] = []

    def say(self, zh: str, en: str, tone: Tone = Tone.SUM) -> None:
        """Add a line."""
        self.lines.append(Line(Text(zh, en), tone))

    def pipe(self, step: Step) -> None:
        """Write a step of the pipeline, whatever it was built from before it."""
        role = step.node.origin.role if step.node.origin is not None else None
        match step.node, role:
            case core.UpTo(), _:
                self.ceiling(step)
            case core.If(), Role.MINIMUM:
                self.minimum(step)
            case core.Min(), Role.LEFT:
                self.left(step)
            case core.Round(), Role.ROUND:
                self.rounded(step)
            case core.Max(), Role.NOT_NEGATIVE:
                self.not_negative(step)
            case core.Add(), Role.LESS:
                self.less(step)
            case core.Min(), Role.CAP:
                self.cap(step)
            case core.Max(), Role.FLOOR:
                self.floor(step)
            case core.Add(), Role.BAND:
                self.bands(step)
            case ((core.Pick() | core.If()), Role.TABLE):
                self.table(step)
            case _:
                self.source(step, role)

    # ── sources ──────────────────────────────────────────────────────────────

    def source(self, step: Step, role: Role | None) -> None:
        """Write where the amount comes from: a figure or a formula."""
        formula = Formula(self.names)
        piece = formula.piece(step)
        self.explain(formula)
        if piece.level < ATOM:
            text = words.join([piece.text, value_text(step.value)], " = ", " = ")
            self.lines.append(Line(text, Tone.SUM))
            return
        label = _LABELS.get(role) if role is not None else None
        if label is not None:
            text = Text(
                f"{label.zh}：{piece.text.zh}", f"{label.get('en')}: {piece.text.get('en')}"
            )
        else:
            open_ = piece.text == formula.figure(step)  # a bare range needs no brackets
            text = value_text(step.value) if open_ else piece.text
        self.lines.append(Line(text, Tone.SUM))

    def explain(self, formula: Formula) -> None:
        """Write why a branch was taken and what the named figures are."""
        for test in formula.tests:
            for line in decided_by(test, self.names):
                zh, en = f"适用情形：{line.text.zh}", f"because {line.text.get('en')}"
                self.lines.append(
                    Line(Text(zh, en), line.tone if line.tone is Tone.OPEN else Tone.NOTE)
                )
        self.lines.extend(formula.defined)

    def table(self, step: Step) -> None:
        """Write the row of a table that held, or those that still can."""
        held = row_that_held(step)
        if isinstance(step.node, core.If) and len(step.of) == 2:
            held = (step.of[0] if step.of[0].value is True else None), step.of[1]
        if held is None:
            self.open_rows(step)
            return
        test, value = held
        says = value.node.origin.says if value.node.origin is not None else None
        if says is not None:
            self.say(f"适用：{says.zh}", f"applies: {says.get('en')}", Tone.NOTE)
        elif test is None and isinstance(step.node, core.Pick):
            self.say("适用：其余情形", "applies: otherwise", Tone.NOTE)
        if test is not None:
            for line in decided_by(test, self.names):
                self.lines.append(Line(line.text, Tone.NOTE))
        self.pipe(value)

    def open_rows(self, step: Step) -> None:
        """Write what a table can give while it is not settled which row holds."""
        for part in step.of:
            if type_of(part.node) == MONEY and not isinstance(part.node, core.ReceivedOf):
                origin = part.node.origin
                says = origin.says if origin is not None and origin.says is not None else None
                text = value_text(part.value)
                name = says or Text("另一种情形", "another case")
                self.say(
                    f"可能适用：{name.zh}，{text.zh}",
                    f"may apply: {name.get('en')}, {text.get('en')}",
                    Tone.OPEN,
                )
            elif isinstance(part.value, Unknown):
                self.lines.extend(decided_by(part, self.names))
        text = value_text(step.value)
        self.say(f"尚不能确定适用哪一档：{text.zh}", f"which row applies is open: {text.get('en')}")

    def bands(self, step: Step) -> None:
        """Write a scale as its slices, then their sum."""
        base = _base_of(step)
        if base is not None:
            formula = Formula(self.names)
            text = formula.equation(base)
            self.explain(formula)
            self.say(
                f"分段计算的基数：{text.zh}", f"to be taken in slices: {text.get('en')}", Tone.NOTE
            )
        values = []
        for at, part in enumerate(step.of, 1):
            if part.value == 0:
                continue
            values.append(part.value)
            formula = Formula(self.names)
            size, rate = part.of
            rate_text = formula.piece(rate).inside(3)
            text = words.join([_operand_of(size, self.names), rate_text], " × ", " × ")
            text = words.join([text, value_text(part.value)], " = ", " = ")
            self.say(f"第{at}段：{text.zh}", f"slice {at}: {text.get('en')}")
        if len(values) != 1:
            self.lines.append(
                sum_of(values or [0], step.value, Text("各段合计", "slices together"))
            )

    # ── the pipeline ─────────────────────────────────────────────────────────

    def limit(self, step: Step, zh: str, en: str) -> Text:
        """Return a limit as a figure; one that was computed gets a line of its own first."""
        formula = Formula(self.names)
        piece = formula.piece(step)
        self.explain(formula)
        if piece.level < ATOM:
            text = words.join([piece.text, value_text(step.value)], " = ", " = ")
            self.say(f"{zh}：{text.zh}", f"{en}: {text.get('en')}", Tone.NOTE)
        return value_text(step.value)

    def cap(self, step: Step) -> None:
        """Write what a cap does, and by how much."""
        self.pipe(step.of[0])
        limit = self.limit(step.of[1], "上限", "the cap")
        before, cap = step.of[0].value, step.of[1].value
        if isinstance(before, Unknown) or isinstance(cap, Unknown):
            text = value_text(step.value)
            self.say(
                f"上限{limit.zh}：{text.zh}", f"with the cap of {limit.get('en')}: {text.get('en')}"
            )
        elif before > cap:
            over = words.money(before - cap)
            self.say(
                f"按上限{limit.zh}计，超出的{over.zh}不计",
                f"held to the cap of {limit.get('en')}; {over.get('en')} above it does not count",
            )
        elif before == cap:
            self.say(f"正好等于上限{limit.zh}", f"exactly the cap of {limit.get('en')}")
        else:
            room = words.money(cap - before)
            self.say(
                f"低于上限{limit.zh}，相差{room.zh}",
                f"below the cap of {limit.get('en')} by {room.get('en')}",
            )

    def floor(self, step: Step) -> None:
        """Write what a floor does, and by how much."""
        self.pipe(step.of[0])
        limit = self.limit(step.of[1], "下限", "the floor")
        before, floor = step.of[0].value, step.of[1].value
        if isinstance(before, Unknown) or isinstance(floor, Unknown):
            text = value_text(step.value)
            self.say(
                f"下限{limit.zh}：{text.zh}",
                f"with the floor of {limit.get('en')}: {text.get('en')}",
            )
        elif before < floor:
            more = words.money(floor - before)
            self.say(
                f"按下限{limit.zh}计，增加{more.zh}",
                f"raised to the floor of {limit.get('en')}, {more.get('en')} more",
            )
        else:
            self.say(f"不低于下限{limit.zh}", f"not below the floor of {limit.get('en')}")

    def less(self, step: Step) -> None:
        """Write what is taken off."""
        self.pipe(step.of[0])
        formula = Formula(self.names)
        off = formula.piece(step.of[1].of[0]).inside(2)
        self.explain(formula)
        text = words.join([_operand(step.of[0].value), off], " − ", " − ")
        text = words.join([text, value_text(step.value)], " = ", " = ")
        self.say(f"扣减：{text.zh}", f"less: {text.get('en')}")

    def not_negative(self, step: Step) -> None:
        """Say where an amount fell below zero."""
        self.pipe(step.of[0])
        lo = bounds(step.of[0].value)[0]
        if not isinstance(step.of[0].value, Unknown) and lo < 0:
            zero = words.money(0)
            self.say(f"不足零，按{zero.zh}计", f"below zero, so {zero.get('en')}")

    def rounded(self, step: Step) -> None:
        """Write a rounding that changed the figure."""
        self.pipe(step.of[0])
        before, node = step.of[0].value, step.node
        if before == step.value or not isinstance(node, core.Round) or isinstance(before, Unknown):
            return
        quantum, mode = words.money(step.of[1].value), words.ROUNDING[node.mode]
        old, new = words.money(before), words.money(step.value)
        self.say(
            f"{mode.zh}到{quantum.zh}：{old.zh} → {new.zh}",
            f"{mode.get('en')} to {quantum.get('en')}: {old.get('en')} → {new.get('en')}",
        )

    def left(self, step: Step) -> None:
        """Write where rounding would have gone above what is left under the cap."""
        self.pipe(step.of[0])
        before, room = step.of[0].value, step.of[1].value
        if not isinstance(before, Unknown) and not isinstance(room, Unknown) and before > room:
            text = words.money(room)
            self.say(
                f"进位后不得超过上限，按{text.zh}计",
                f"rounding may not exceed the cap, so {text.get('en')}",
            )

    def minimum(self, step: Step) -> None:
        """Write whether the amount reaches the least that is paid."""
        test = step.of[0]
        amount, least = test.of
        self.pipe(amount)
        limit = self.limit(least, "起付额", "the least that is paid")
        if isinstance(test.value, Unknown):
            self.say(
                f"低于{limit.zh}的不予支付，尚不能确定",
                f"nothing is paid below {limit.get('en')}; open",
                Tone.OPEN,
            )
        elif test.value:
            zero = words.money(0)
            self.say(
                f"低于起付额{limit.zh}，不予支付，按{zero.zh}计",
                f"below the least that is paid, {limit.get('en')}, so {zero.get('en')}",
            )
        elif self.full:
            self.say(
                f"不低于起付额{limit.zh}", f"not below the least that is paid, {limit.get('en')}"
            )

    def ceiling(self, step: Step) -> None:
        """Write a ceiling: what may be given at most, and at least where the text says so."""
        low, high = step.of
        self.pipe(high)
        least = bounds(low.value)[0]
        top = bounds(high.value)[1]
        text = words.UNKNOWN if top is None else words.money(top)
        if top is None:
            self.say(
                "规定没有给出可计算的上限，具体金额由主管部门核定",
                "there is no bound that can be computed; the payer decides the amount",
            )
        elif least:
            low_text = words.money(least)
            self.say(
                f"以上为上限：最高{text.zh}，最低{low_text.zh}，具体由主管部门核定",
                f"this is a ceiling: at most {text.get('en')}, at least {low_text.get('en')}; "
                "the payer decides",
            )
        else:
            self.say(
                f"以上为上限：最高{text.zh}，具体由主管部门核定",
                f"this is a ceiling: at most {text.get('en')}; the payer decides",
            )


def _operand_of(step: Step, names: Names) -> Text:
    return Formula(names).figure(step)


def _base_of(step: Step) -> Step | None:
    """Return the step that a scale is taken of."""
    if step.node.origin is not None and step.node.origin.role is Role.BASE:
        return step
    for part in step.of:
        found = _base_of(part)
        if found is not None:
            return found
    return None
