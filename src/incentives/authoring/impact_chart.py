"""Gains and losses as a picture: one bar for each profile, from the middle to either side.

In the style of ``explain.plot``: plain SVG, every text escaped, no script, no font
file, light and dark. Positions are exact, so the same figures give the same bytes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from incentives.explain.plot import safe, svg_file
from incentives.explain.words import money
from incentives.language.core import Text

if TYPE_CHECKING:
    from incentives.authoring.impact import Impact, Row

WIDTH: Final = 720
TOP: Final = 72
STEP: Final = 28
MIDDLE: Final = 400
REACH: Final = 150
MOST: Final = 30

_STYLE: Final = """
.more{fill:#1a7f37}.less{fill:#cf222e}
@media (prefers-color-scheme:dark){.more{fill:#3fb950}.less{fill:#f85149}}
""".strip()


def impact_svg(found: Impact, lang: str = "zh") -> str:
    """Return the picture of who gains and who loses, the largest changes first."""
    changed = sorted(
        (row for row in found.rows if row.change), key=lambda row: (-abs(row.change), row.name)
    )
    shown = changed[:MOST]
    height = TOP + STEP * max(1, len(shown)) + 24
    title = Text("规则变化的影响", "What the change of rules does").get(lang)
    sums = _sums(found, len(changed) - len(shown)).get(lang)
    parts = [
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>',
        f'<text class="head" x="24" y="28">{safe(title)}</text>',
        f'<text class="soft" x="24" y="50">{safe(sums)}</text>',
        f'<path class="frame" d="M{MIDDLE} {TOP - 8} L{MIDDLE} {height - 16}"/>',
    ]
    largest = max((abs(row.change) for row in shown), default=1)
    for at, row in enumerate(shown):
        parts += _bar(row, TOP + STEP * at, largest, lang)
    return svg_file(WIDTH, height, title, _STYLE, parts)


def _sums(found: Impact, hidden: int) -> Text:
    gain, loss = money(found.gain), money(found.loss)
    zh = f"增加{found.count(1)}份，共{gain.zh}；减少{found.count(-1)}份，共{loss.zh}"
    en = f"{found.count(1)} gain {gain.get('en')}, {found.count(-1)} lose {loss.get('en')}"
    if hidden:
        return Text(f"{zh}；另有{hidden}份未画出", f"{en}; {hidden} more not drawn")
    return Text(zh, en)


def _bar(row: Row, y: int, largest: int, lang: str) -> list[str]:
    length = max(1, int(Fraction(abs(row.change), largest) * REACH))
    more = row.change > 0
    kind = "more" if more else "less"
    x = MIDDLE if more else MIDDLE - length
    amount = ("+" if more else "-") + money(abs(row.change)).get(lang)
    at, anchor = (MIDDLE + length + 6, "start") if more else (MIDDLE - length - 6, "end")
    return [
        f'<text x="24" y="{y + 14}">{safe(_short(row.name))}</text>',
        f'<rect class="{kind}" x="{x}" y="{y}" width="{length}" height="18"/>',
        f'<text x="{at}" y="{y + 14}" text-anchor="{anchor}">{safe(amount)}</text>',
    ]


def _short(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"
