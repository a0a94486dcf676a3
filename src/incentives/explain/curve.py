"""A curve of an award in words: every straight piece, every bend and jump, exactly.

The figures are those of ``engine.curve``; nothing is computed here. JSON has the
same pieces (``incentives/curve/1``), with amounts in yuan.

The trap: a piece between two bends is exact; where amounts are rounded the line
may be off by ``slack`` between its ends, and that is said.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.engine.curve import BreakKind
from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.structure import Explanation, Line, Part, Tone, block
from incentives.language.core import Text
from incentives.values.money import Money
from incentives.values.quantity import decimal_digits, exact_decimal, format_ratio

if TYPE_CHECKING:
    from incentives.engine.curve import Break, Curve, Segment


def explain_curve(curve: Curve, name: Text, base: Text) -> Explanation:
    """Return a curve as an explanation.

    Args:
        curve: the award over its base.
        name: what the incentive is called.
        base: what the figure is called.
    """
    kind = Text("金额上限", "ceiling") if curve.ceiling else Text("金额", "amount")
    head = Text(
        f"{name.zh}：{kind.zh}随{base.zh}的变化",
        f"{name.get('en')}: {kind.get('en')} by {base.get('en')}",
    )
    notes = []
    if curve.stated is not None:
        here = curve.segment(curve.stated)
        amount = here.first if curve.stated == here.start else here.line(curve.stated)
        if here.slack == 0 or curve.stated in {here.start, here.stop}:
            now = words.money(here.last if curve.stated == here.stop else amount)
            at = figure(curve.stated, money=curve.money)
            notes.append(
                Line(
                    Text(f"现为{at.zh}：{now.zh}", f"now {at.get('en')}: {now.get('en')}"),
                    Tone.RESULT,
                )
            )
    if any(piece.slack for piece in curve.segments):
        notes.append(
            Line(
                Text(
                    "金额经取整，各段中间可与直线相差不足一个取整单位",
                    "amounts are rounded: between its ends a piece may be off by less than"
                    " what is rounded to",
                ),
                Tone.NOTE,
            )
        )
    pieces = [_piece(piece, curve) for piece in curve.segments]
    breaks = [_break(each, curve) for each in curve.breaks]
    return Explanation(
        head,
        Tone.PLAIN,
        (
            *block(Part.CURVE, Text("分段", "Pieces"), pieces),
            *block(Part.CURVE, Text("转折", "Turns"), breaks),
            *block(Part.NOTES, Text("说明", "Notes") if notes else None, notes),
        ),
        curve.incentive,
    )


def figure(value: Any, *, money: bool) -> Text:
    """Return a figure of the base in words."""
    return words.money(value) if money else words.number(value)


def slope_text(slope: Fraction, *, money: bool) -> Text:
    """Return what one yuan, or one unit, more is worth."""
    if slope == 0:
        return Text("不变", "does not change")
    size = abs(slope)
    if money:
        plain = exact_decimal(size, most=8)
        shown = plain or f"{decimal_digits(size.numerator)}/{decimal_digits(size.denominator)}"
        worth, unit = words.both(f"{shown}元"), "1元"
    else:
        worth, unit = words.money(size), "1"
    zh, en = ("增加", "gives") if slope > 0 else ("减少", "costs")
    return Text(f"每增加{unit}，{zh}{worth.zh}", f"each {unit} more {en} {worth.get('en')}")


def _piece(piece: Segment, curve: Curve) -> Line:
    start = figure(piece.start, money=curve.money)
    first = words.money(piece.first)
    if piece.stop is None or piece.last is None:
        span = Text(f"{start.zh}以上", f"from {start.get('en')}")
        amounts = first
    elif piece.stop == piece.start:
        span, amounts = start, first
    else:
        stop, last = figure(piece.stop, money=curve.money), words.money(piece.last)
        span = Text(f"{start.zh}至{stop.zh}", f"{start.get('en')} to {stop.get('en')}")
        amounts = (
            first
            if piece.first == piece.last
            else Text(f"{first.zh}至{last.zh}", f"{first.get('en')} to {last.get('en')}")
        )
    if piece.status is not Status.ELIGIBLE:
        status = words.STATUS[piece.status]
        text = Text(f"{span.zh}：{status.zh}", f"{span.get('en')}: {status.get('en').lower()}")
        return Line(text, Tone.FAILED, amounts)
    slope = slope_text(Fraction(piece.slope), money=curve.money)
    return Line(
        Text(f"{span.zh}：{slope.zh}", f"{span.get('en')}: {slope.get('en')}"),
        Tone.MET,
        amounts,
    )


def _break(each: Break, curve: Curve) -> Line:
    at = figure(each.at, money=curve.money)
    before, after = words.money(each.before), words.money(each.after)
    if each.kind is BreakKind.KINK:
        text = Text(f"{at.zh}：转折，{after.zh}", f"{at.get('en')}: a bend, {after.get('en')}")
        return Line(text, Tone.NOTE)
    if each.before == each.after:
        text = Text(
            f"{at.zh}起：结论改变，金额仍为{after.zh}",
            f"from {at.get('en')}: the outcome changes, the amount stays {after.get('en')}",
        )
        return Line(text, Tone.NOTE)
    text = Text(
        f"{at.zh}起：{before.zh} → {after.zh}",
        f"from {at.get('en')}: {before.get('en')} → {after.get('en')}",
    )
    return Line(text, Tone.WARNING if each.after < each.before else Tone.NOTE)


def curve_data(curve: Curve) -> dict[str, Any]:
    """Return a curve for JSON: amounts in yuan, figures in yuan or as whole numbers."""
    return {
        "format": "incentives/curve/1",
        "incentive": curve.incentive,
        "fact": curve.base,
        "unit": "yuan" if curve.money else "count",
        "ceiling": curve.ceiling,
        "stated": _plain(curve.stated, curve),
        "pieces": [
            {
                "from": _plain(piece.start, curve),
                "to": _plain(piece.stop, curve),
                "status": str(piece.status),
                "first": _plain_fen(piece.first),
                "last": _plain_fen(piece.last),
                "slope": format_ratio(piece.slope) if curve.money else _plain_fen(piece.slope),
                "slack": _plain_fen(piece.slack),
            }
            for piece in curve.segments
        ],
        "turns": [
            {
                "kind": str(each.kind),
                "at": _plain(each.at, curve),
                "before": _plain_fen(each.before),
                "after": _plain_fen(each.after),
            }
            for each in curve.breaks
        ],
    }


def _plain(value: Any, curve: Curve) -> Any:
    if value is None or curve.money:
        return _plain_fen(value)
    return value if isinstance(value, int) else format_ratio(value)


def _plain_fen(fen: Any) -> str | None:
    """Return yuan with two decimals; finer than a fen as an exact decimal or fraction of yuan."""
    if fen is None:
        return None
    if fen == int(fen):
        return str(Money(int(fen)).to_decimal())
    exact = Fraction(fen) / 100
    return exact_decimal(exact, most=8) or f"{exact.numerator}/{exact.denominator}"
