"""A picture as PNG, from the same SVG, through resvg (extra ``plot``).

The trap: resvg leaves out or boxes characters that no installed font has, without
a word. So one Chinese character is drawn first, and where it looks like a
character that does not exist there is no picture, but a sentence.
"""

from __future__ import annotations

from typing import Any

from incentives.diagnostics import IncentivesError, MissingExtraError

_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="30"'
    ' font-size="28" font-family="Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif">'
    "{}</text></svg>"
)
ZOOM = 2


class NoFontError(IncentivesError):
    """No installed font has Chinese characters; ``zh`` says so in Chinese."""

    def __init__(self) -> None:
        super().__init__(
            "no installed font has Chinese characters, so the picture would have boxes for words:"
            " install one (such as Noto Sans CJK), or ask for SVG"
        )
        self.zh = (
            "没有找到带汉字的字体，图中的文字会成为方框；"
            "请安装一种（如思源黑体 Noto Sans CJK），或改要 SVG"
        )


def svg_png(svg: str) -> bytes:
    """Return a picture as PNG, twice its nominal size.

    Raises:
        MissingExtraError: resvg is not installed.
        NoFontError: the picture has Chinese characters and no installed font has.
    """
    try:
        import resvg_py
    except ImportError:
        raise MissingExtraError(("drawing a PNG", "画 PNG "), "resvg_py", "plot") from None
    if any("\u2e80" <= char <= "\u9fff" for char in svg) and not _has_chinese(resvg_py):
        raise NoFontError
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM, background="#ffffff"))


def _has_chinese(resvg: Any) -> bool:
    """Say whether a Chinese character is drawn as something else than one that does not exist."""
    drawn, nothing = (resvg.svg_to_bytes(svg_string=_PROBE.format(char)) for char in "政\ue000")
    return bool(drawn != nothing)
