"""A curve of an award as a plain SVG picture: the pieces, the cap, kinks and jumps.

No library, no script, no font file; every text is escaped. Colours follow the
reader's light or dark setting. Money axes are in 万元. Positions are worked out
in exact numbers and written in hundredths of a unit, so the same curve gives the
same bytes everywhere.

The trap: a label never rounds. A kink between two fen is written with its first
decimals and an ellipsis.
"""

from __future__ import annotations

import re
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Final

from incentives.engine.curve import BreakKind
from incentives.language.core import Text
from incentives.values.quantity import short_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.engine.curve import Break, Curve, Segment
    from incentives.engine.forms import Number

WIDTH: Final = 720
HEIGHT: Final = 400
LEFT, RIGHT, TOP, BOTTOM = 88, 692, 64, 336
MAX_LABELS: Final = 8
WAN: Final = 1_000_000

_STYLE: Final = """
.page{fill:#fff}.frame{stroke:#57606a;fill:none}.grid{stroke:#d8dee4;fill:none}
text{fill:#1f2328;font:12px system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
.head{font-size:15px;font-weight:600}.soft{fill:#57606a}
.line{stroke:#0969da;stroke-width:2.5;fill:none;stroke-linecap:round}
.cap{stroke:#bc4c00;stroke-dasharray:6 4;fill:none}.captext{fill:#bc4c00}
.jump{stroke:#cf222e;stroke-dasharray:2 3;fill:none}
.dot{fill:#0969da}.open{fill:#fff;stroke:#cf222e;stroke-width:1.5}.full{fill:#cf222e}
@media (prefers-color-scheme:dark){
.page{fill:#0d1117}.frame{stroke:#8b949e}.grid{stroke:#30363d}text{fill:#e6edf3}
.soft{fill:#9198a1}.line{stroke:#4493f8}.cap{stroke:#f0883e}.captext{fill:#f0883e}
.jump{stroke:#f85149}.dot{fill:#4493f8}.open{fill:#0d1117;stroke:#f85149}.full{fill:#f85149}}
""".strip()

_UNSAFE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_YUAN: Final = Text("（万元）", " (10,000 yuan)")
_CAP: Final = Text("最高", "at most ")
_AWARD: Final = Text("金额", "Amount")
_CEILING: Final = Text("金额上限", "Ceiling")


def curve_svg(curve: Curve, title: Text, base: Text, lang: str = "zh") -> str:
    """Return the picture of a curve.

    Args:
        curve: the award over its base.
        title: the heading, such as the incentive's name.
        base: what the base is called.
        lang: ``zh`` or ``en``.
    """
    return _Picture(curve, lang).draw(title, base)


class _Picture:
    """One drawing: the scales, then the parts from back to front."""

    def __init__(self, curve: Curve, lang: str) -> None:
        self.curve = curve
        self.lang = lang
        self.low = curve.segments[0].start
        self.high = right_end(curve)
        self.shown = [each for each in curve.segments if each.start < self.high]
        self.breaks = [each for each in curve.breaks if self.low < each.at < self.high]
        tops = [max(each.first, self.end(each)[1]) for each in self.shown]
        self.most = max([*tops, 1]) * Fraction(23, 20)
        self.parts: list[str] = []

    def draw(self, title: Text, base: Text) -> str:
        """Return the whole file."""
        unit = _YUAN.get(self.lang)
        award = (_CEILING if self.curve.ceiling else _AWARD).get(self.lang)
        self.parts.append(f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>')
        self.text(LEFT - 64, 28, title.get(self.lang), "head")
        self.text(LEFT - 64, 50, award + unit, "soft")
        self.axes()
        label = base.get(self.lang) + (unit if self.curve.money else "")
        self.text((LEFT + RIGHT) // 2, HEIGHT - 18, label, "soft", "middle")
        self.cap()
        for piece in self.shown:
            self.piece(piece)
        for at, each in enumerate(self.breaks):
            self.mark(each, at)
        return svg_file(WIDTH, HEIGHT, title.get(self.lang), "", self.parts)

    # ── scales ───────────────────────────────────────────────────────────────

    def x(self, value: Number) -> Number:
        """Return the horizontal place of a base figure."""
        return LEFT + Fraction(value - self.low, self.high - self.low) * (RIGHT - LEFT)

    def y(self, value: Number) -> Number:
        """Return the vertical place of an amount."""
        return BOTTOM - Fraction(value) / self.most * (BOTTOM - TOP)

    def end(self, piece: Segment) -> tuple[Number, Number]:
        """Return base and amount where a piece ends inside the picture."""
        if piece.stop is None or piece.last is None or piece.stop > self.high:
            return self.high, piece.line(self.high)
        return piece.stop, piece.last

    # ── parts ────────────────────────────────────────────────────────────────

    def axes(self) -> None:
        """Draw the grid with its figures, and the two axes."""
        for value in _ticks(self.low, self.high):
            at = self.x(value)
            self.path("grid", (at, TOP), (at, BOTTOM))
            shown = _wan(value) if self.curve.money else f"{value:,}"
            self.text(at, BOTTOM + 20, shown, "soft", "middle")
        for value in _ticks(0, int(self.most)):
            at = self.y(value)
            self.path("grid", (LEFT, at), (RIGHT, at))
            self.text(LEFT - 8, at + 4, _wan(value), "soft", "end")
        self.path("frame", (LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM))

    def cap(self) -> None:
        """Draw the level that the curve reaches and keeps."""
        last = self.shown[-1]
        if last.slope or last.first <= 0 or len(self.shown) == 1:
            return
        if any(self.end(each)[1] > last.first for each in self.shown):
            return
        at = self.y(last.first)
        self.path("cap", (LEFT, at), (RIGHT, at))
        self.text(LEFT + 6, at - 6, _CAP.get(self.lang) + short_money(last.first), "captext")

    def piece(self, piece: Segment) -> None:
        """Draw a straight piece; a lone point is a dot."""
        start = (self.x(piece.start), self.y(piece.first))
        stop, amount = self.end(piece)
        if stop == piece.start:
            self.circle("dot", *start)
        else:
            self.path("line", start, (self.x(stop), self.y(amount)))

    def mark(self, each: Break, number: int) -> None:
        """Mark a kink or a jump and write its figures."""
        at, before, after = self.x(each.at), self.y(each.before), self.y(each.after)
        if each.kind is BreakKind.STATUS:
            return
        if each.kind is BreakKind.JUMP:
            self.path("jump", (at, before), (at, after))
            self.path("jump", (at, after), (at, BOTTOM))
            self.circle("open" if each.after < each.before else "full", at, after)
            self.circle("full" if each.after < each.before else "open", at, before)
        else:
            self.path("jump", (at, after), (at, BOTTOM))
            self.circle("dot", at, after)
        if len(self.breaks) > MAX_LABELS:
            return
        right = at > (LEFT + RIGHT) * 3 // 5
        level = BOTTOM - 8 - number % 3 * 18
        text = _where(each, self.curve, self.lang)
        self.text(at + (-6 if right else 6), level, text, "", "end" if right else "start")

    # ── elements ─────────────────────────────────────────────────────────────

    def path(self, kind: str, *points: tuple[Number, Number]) -> None:
        """Draw straight lines through points."""
        places = " L".join(f"{_place(x)} {_place(y)}" for x, y in points)
        self.parts.append(f'<path class="{kind}" d="M{places}"/>')

    def circle(self, kind: str, x: Number, y: Number) -> None:
        """Draw a small circle."""
        self.parts.append(f'<circle class="{kind}" cx="{_place(x)}" cy="{_place(y)}" r="4"/>')

    def text(self, x: Number, y: Number, text: str, kind: str, anchor: str = "start") -> None:
        """Write a text, escaped."""
        style = f' class="{kind}"' if kind else ""
        self.parts.append(
            f'<text{style} x="{_place(x)}" y="{_place(y)}" text-anchor="{anchor}">'
            f"{safe(text)}</text>"
        )


def svg_file(width: int, height: int, title: str, style: str, parts: list[str]) -> str:
    """Return a whole SVG file in the style of this project, from its parts back to front."""
    body = "\n".join(parts)
    rules = _STYLE + ("\n" + style if style else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img">\n'
        f"<title>{safe(title)}</title>\n<style>{rules}</style>\n{body}\n</svg>\n"
    )


def safe(text: str) -> str:
    """Return a text escaped, without characters that no XML may hold."""
    return escape(_UNSAFE.sub("�", text), quote=True)


def _place(value: Number) -> str:
    """Return a coordinate in hundredths, cut off."""
    hundredths = int(Fraction(value) * 100)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}" + (f".{rest:02}".rstrip("0") if rest else "")


def right_end(curve: Curve) -> int:
    """Return where the picture ends: a good way past the last break and the stated figure."""
    low, last = curve.segments[0].start, curve.segments[-1].stop
    marks = [int(each.at) for each in curve.breaks]
    if curve.stated is not None and not marks:
        marks.append(curve.stated)
    usual = 1_000 * WAN if curve.money else 10
    far = max([mark - low for mark in marks if mark - low > 1], default=usual)
    reach = low + max(2, -(-far * 7 // 5)) if curve.money else low + max(far + 2, -(-far * 7 // 5))
    return reach if last is None else min(last, reach)


def _ticks(low: int, high: int) -> Iterator[int]:
    """Yield at most seven round figures from ``low`` to ``high``."""
    step = 1
    factors = (2, 5, 10)
    turn = 0
    scale = 1
    while step * 6 < high - low:
        step = factors[turn] * scale
        turn += 1
        if turn == len(factors):
            turn, scale = 0, scale * 10
    value = -(-low // step) * step
    while value <= high:
        yield value
        value += step


def _wan(fen: Number) -> str:
    """Return fen in 万元, exact, without the unit."""
    whole, rest = divmod(int(fen), WAN)
    return f"{whole:,}" + (f".{rest:06}".rstrip("0") if rest else "")


def _where(each: Break, curve: Curve, lang: str) -> str:
    """Return where a break lies, and what is paid there.

    Of the last figure before a jump and the first after it, the rounder is named.
    """
    last, first, money = int(each.at) - 1, int(each.at), curve.money
    if each.kind is BreakKind.KINK:
        exact = Fraction(each.at).denominator == 1 and curve.segment(first).stop == first
        amount = each.before if exact else each.after
        return f"{_figure(each.at, money=money)} → {short_money(amount)}"
    if _zeros(last) > _zeros(first) or not money:
        text = Text(f"{_figure(last, money=money)}为止", f"up to {_figure(last, money=money)}")
    else:
        text = Text(f"{_figure(first, money=money)}起", f"from {_figure(first, money=money)}")
    return (
        f"{text.get(lang)} → {short_money(each.before if text.zh.endswith('止') else each.after)}"
    )


def _zeros(value: int) -> int:
    digits = str(value)
    return len(digits) - len(digits.rstrip("0"))


def _figure(value: Number, *, money: bool) -> str:
    """Return a figure of the base; one between two fen ends in an ellipsis."""
    exact = Fraction(value)
    whole = exact.numerator // exact.denominator
    dots = "…" if exact.denominator != 1 else ""
    if not money:
        return f"{whole:,}{dots}"
    return f"{_wan(whole)}{dots}万元"
