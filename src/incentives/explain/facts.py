"""What decided a condition: the facts and figures, each with its label.

Only what decided is shown: of a failed conjunction the parts that failed, of an
open one the open parts. A comparison that failed is written as what is true
(``到位资金 180万元 ＜ 200万元``), so that no line states a falsehood.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from incentives.explain import words
from incentives.explain.formula import Formula
from incentives.explain.names import Names, type_of
from incentives.explain.structure import Line, Tone
from incentives.language import core
from incentives.language.core import CompareOp, Fold, Text
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.engine.derive import Step

_DISCRETE: Final = {Kind.CHOICE, Kind.TEXT, Kind.REGION, Kind.INDUSTRY, Kind.BOOL}
_FLIPPED: Final = {
    CompareOp.EQ: CompareOp.EQ,
    CompareOp.NE: CompareOp.NE,
    CompareOp.LT: CompareOp.GT,
    CompareOp.LE: CompareOp.GE,
    CompareOp.GT: CompareOp.LT,
    CompareOp.GE: CompareOp.LE,
}
_MOST: Final = 8


def decided_by(step: Step, names: Names) -> tuple[Line, ...]:
    """Return the facts that settle, or leave open, what a condition's derivation came to."""
    return tuple(dict.fromkeys(_facts(step, names)))[:_MOST]


def _facts(step: Step, names: Names) -> list[Line]:
    match step.node:
        case core.All() | core.Any():
            return [line for part in _deciding(step) for line in _facts(part, names)]
        case core.Not():
            return _facts(step.of[0], names)
        case core.Compare():
            return _compare(step, names)
        case core.In():
            return [_listed(step, names)]
        case core.Within():
            return [_within(step, names)]
        case core.Fact():
            return [_line(names.fact(step), _value(step, names), step.value)]
        case core.If():
            return [line for part in step.of for line in _facts(part, names)]
        case core.Pick():
            return [
                line
                for part in step.of
                if isinstance(part.value, bool)
                for line in _facts(part, names)
            ]
        case core.Over():
            return _over(step, names)
        case core.GrantedOf(incentive):
            name = names.incentive(incentive)
            return [_line(Text(f"“{name.zh}”", name.get("en")), _granted(step.value), step.value)]
        case core.ReceivedOf():
            return [_line(Text("以前领取本项", "received before"), _yes_no(step.value), step.value)]
        case _:
            return []


def _tone(value: Any) -> Tone:
    return Tone.OPEN if isinstance(value, Unknown) else Tone.PLAIN


def _line(label: Text, value: Text, settled: Any) -> Line:
    return Line(
        Text(f"{label.zh}：{value.zh}", f"{label.get('en')}: {value.get('en')}"), _tone(settled)
    )


def _value(step: Step, names: Names) -> Text:
    return names.value(step.value, type_of(step.node), names.spec(step.node))


def _yes_no(value: Any) -> Text:
    if isinstance(value, Unknown):
        return words.UNKNOWN
    return words.YES if value else words.NO


def _granted(value: Any) -> Text:
    word = "undetermined" if isinstance(value, Unknown) else "eligible" if value else "ineligible"
    return words.STATUS[word]


def _deciding(step: Step) -> list[Step]:
    """Return the parts of ``and``/``or`` that settle it, or that leave it open."""
    if isinstance(step.value, Unknown):
        return [part for part in step.of if isinstance(part.value, Unknown)]
    same = [part for part in step.of if part.value is step.value]
    return same or list(step.of)


# ── comparisons ──────────────────────────────────────────────────────────────


def _compare(step: Step, names: Names) -> list[Line]:
    if not isinstance(step.node, core.Compare):
        return []
    op, (left, right) = step.node.op, step.of
    if not _varies(left) and _varies(right):
        op, left, right = _FLIPPED[op], right, left
    kind = type_of(left.node)
    if kind is not None and kind.kind in _DISCRETE:
        return [_equality(step, op, left, right, names)]
    formula = Formula(names)
    pieces = formula.piece(left).text, formula.piece(right).text
    if right.value == 0 and kind is not None and isinstance(right.node, core.Const):
        pieces = pieces[0], names.value(0, kind)  # a plain 0 fits every type
    chosen = [line for test in formula.tests for line in _facts(test, names)]
    if isinstance(step.value, Unknown):
        text = _asked(pieces[0], words.COMPARE[op], pieces[1])
    else:
        sign = words.COMPARE[op if step.value else words.OPPOSITE[op]]
        text = words.join([pieces[0], sign, pieces[1]], " ", " ")
    return [*chosen, *formula.defined, Line(text, _tone(step.value))]


def _asked(left: Text, sign: Text, right: Text) -> Text:
    return Text(
        f"{left.zh}，看是否{sign.zh}{right.zh}",
        f"{left.get('en')}; is it {sign.get('en')} {right.get('en')}?",
    )


def _varies(step: Step) -> bool:
    if isinstance(step.node, core.Const | core.Param | core.On):
        return False
    return isinstance(step.node, core.Fact) or not step.of or any(map(_varies, step.of))


def _label(step: Step, names: Names) -> Text:
    if isinstance(step.node, core.Fact):
        return names.fact(step)
    return Formula(names).piece(step).text


def _equality(step: Step, op: CompareOp, left: Step, right: Step, names: Names) -> Line:
    spec = names.spec(left.node) or names.spec(right.node)
    kind = type_of(left.node)
    mine = names.value(left.value, kind, spec)
    other = names.value(right.value, type_of(right.node), spec)
    label = _label(left, names)
    if isinstance(step.value, Unknown):
        ask = Text(
            f"{mine.zh}（看是否为{other.zh}）", f"{mine.get('en')} (is it {other.get('en')}?)"
        )
        return _line(label, ask, step.value)
    same = step.value is (op is CompareOp.EQ)
    if same:
        return _line(label, mine, step.value)
    return _line(
        label,
        Text(f"{mine.zh}，不是{other.zh}", f"{mine.get('en')}, not {other.get('en')}"),
        step.value,
    )


def _listed(step: Step, names: Names) -> Line:
    of, *options = step.of
    spec, kind = names.spec(of.node), type_of(of.node)
    mine = names.value(of.value, kind, spec)
    label = _label(of, names)
    if step.value is True:
        return _line(label, mine, step.value)
    if len(options) == 1 and isinstance(options[0].value, tuple):
        listed = names.value(options[0].value, kind, spec)
    else:
        listed = words.join([names.value(option.value, kind, spec) for option in options])
    if isinstance(step.value, Unknown):
        more = Text(
            f"{mine.zh}（看是否为{listed.zh}）",
            f"{mine.get('en')} (is it one of: {listed.get('en')}?)",
        )
    else:
        more = Text(f"{mine.zh}（限于{listed.zh}）", f"{mine.get('en')} (only: {listed.get('en')})")
    return _line(label, more, step.value)


def _within(step: Step, names: Names) -> Line:
    code, ancestor = step.of
    label = _label(code, names)
    mine = names.value(code.value, type_of(code.node), names.spec(code.node))
    area = names.value(ancestor.value, type_of(ancestor.node))
    if isinstance(step.value, Unknown):
        ask = Text(
            f"{mine.zh}（看是否在{area.zh}内）",
            f"{mine.get('en')} (is it within {area.get('en')}?)",
        )
        return _line(label, ask, step.value)
    if step.value:
        return _line(
            label,
            Text(f"{mine.zh}，在{area.zh}内", f"{mine.get('en')}, within {area.get('en')}"),
            True,
        )
    return _line(
        label,
        Text(f"{mine.zh}，不在{area.zh}内", f"{mine.get('en')}, not within {area.get('en')}"),
        False,
    )


def _over(step: Step, names: Names) -> list[Line]:
    node = step.node
    if not isinstance(node, core.Over) or not isinstance(node.source, core.Items):
        return [line for part in step.of for line in _facts(part, names)]
    label = names.path(node.source.entity)
    if not step.of:
        none = (
            words.UNKNOWN
            if isinstance(step.value, Unknown)
            else Text("没有符合的", "none that counts")
        )
        return [_line(label, none, step.value)]
    if isinstance(step.value, Unknown) or node.fold not in {Fold.ANY, Fold.ALL}:
        chosen = [part for part in step.of if isinstance(part.value, Unknown)] or list(step.of)
    else:
        chosen = [part for part in step.of if part.value is step.value] or list(step.of)
    lines: list[Line] = []
    for part in chosen:
        of = tuple(line for inner in part.of for line in _facts(inner, names))
        lines.extend(replace(line, tone=_tone(part.value)) for line in of)
    return lines
