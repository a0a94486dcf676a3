"""A curve as a small chart of block characters, for a terminal of 80 columns.

Each column stands for one figure of the base, the same distance apart, and is as
high as the award there, in eighths of a line: read off the curve, not drawn
between points. A jump therefore shows as a step, not as a slope.

The trap: a column is a sample; where exactly a jump lies is in the table of pieces.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from incentives.explain.plot import right_end
from incentives.explain.text import columns
from incentives.values.quantity import short_money

if TYPE_CHECKING:
    from incentives.engine.curve import Curve

WIDTH: Final = 80
ROWS: Final = 10
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_WAN: Final = 1_000_000


def curve_chart(curve: Curve, lang: str = "zh", *, width: int = WIDTH) -> str:
    """Return the chart: amounts upwards, the figure to the right, a mark where it stands now."""
    low, high = curve.segments[0].start, max(right_end(curve), curve.stated or 0)
    most = _most(curve, low, high)
    labels = [short_money(int(most)), short_money(int(most / 2)), "0"]
    margin = max(map(columns, labels)) + 1
    across = width - margin - 1
    places = [low + (high - low) * at // (across - 1) for at in range(across)]
    heights = [_eighths(curve.segment(x).line(x), most) for x in places]
    lines = []
    for row in range(ROWS, 0, -1):
        label = labels[0] if row == ROWS else labels[1] if row == ROWS // 2 else ""
        cells = "".join(_EIGHTHS[max(0, min(8, height - 8 * (row - 1)))] for height in heights)
        lines.append(f"{_right(label, margin)}│{cells}")
    lines.append(f"{_right(labels[2], margin)}└{'─' * across}")
    lines.append(_axis(curve, low, high, margin, across))
    if curve.stated is not None:
        at = (curve.stated - low) * (across - 1) // max(1, high - low)
        now = "现值" if lang == "zh" else "now"
        mark = f"▲ {now}" if at + 2 + columns(now) <= across else f"{now} ▲"
        indent = at if mark[0] == "▲" else at + 1 - columns(mark)
        lines.append(" " * (margin + 1 + indent) + mark)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _most(curve: Curve, low: int, high: int) -> Fraction:
    """Return the largest amount from ``low`` to ``high``: at an end of some piece."""
    found = [curve.segment(x).line(x) for x in (low, high)]
    for piece in curve.segments:
        if piece.start <= high:
            found.append(Fraction(piece.first))
        if piece.last is not None and piece.stop is not None and piece.stop <= high:
            found.append(Fraction(piece.last))
    return max([*found, Fraction(1)])


def _eighths(amount: Fraction, most: Fraction) -> int:
    """Return a height in eighths of a line; what is more than nothing is at least one."""
    if amount <= 0:
        return 0
    return max(1, int(amount * ROWS * 8 / most))


def _axis(curve: Curve, low: int, high: int, margin: int, across: int) -> str:
    """Return the line of figures below the axis: left, middle, right."""
    middle = low + (high - low) // 2
    left, centre, right = (_figure(value, curve) for value in (low, middle, high))
    line = " " * (margin + 1) + left
    at = margin + 1 + across // 2 - columns(centre) // 2
    if at > columns(line):
        line += " " * (at - columns(line)) + centre
    end = margin + 1 + across - columns(right)
    return line + " " * max(1, end - columns(line)) + right


def _figure(value: int, curve: Curve) -> str:
    return (
        short_money(value - value % _WAN if value > _WAN else value)
        if curve.money
        else f"{value:,}"
    )


def _right(text: str, width: int) -> str:
    return " " * (width - 1 - columns(text)) + text + " "
