"""The style sheet of cards and pages: one palette for light, one for dark.

The law kept here (``tests/unit/explain/test_html.py``): every colour of text stands
out from both grounds by 4.5 to 1 or more (WCAG AA).

The trap: a notebook has styles of its own for lists and headings; the doubled class
outweighs them, and nothing here may touch what is outside a card.
"""

from __future__ import annotations

from typing import Final

LIGHT: Final = {
    "paper": "#ffffff",
    "tint": "#f6f8fa",
    "line": "#d1d9e0",
    "ink": "#1f2328",
    "soft": "#59636e",
    "met": "#1a7f37",
    "failed": "#c21c2c",
    "open": "#8a5d00",
    "warning": "#a84300",
    "result": "#0757ba",
}
DARK: Final = {
    "paper": "#14181d",
    "tint": "#1d232b",
    "line": "#3d444d",
    "ink": "#e6edf3",
    "soft": "#a3acb6",
    "met": "#4ac26b",
    "failed": "#ff7b72",
    "open": "#e0ac3e",
    "warning": "#f59d52",
    "result": "#79b8ff",
}
_RULES: Final = """
&{background:var(--paper);color:var(--ink);border:1px solid var(--line);border-radius:8px;
font:14px/1.65 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei",
"Noto Sans CJK SC",sans-serif;max-width:60em;margin:.5em 0;padding:0 1.25em 1em;
overflow-wrap:anywhere;text-align:left}
& *{box-sizing:border-box}
& header{display:flex;gap:.6em;margin:0 -1.25em;padding:.9em 1.25em;background:var(--tint);
border-bottom:1px solid var(--line);border-left:4px solid var(--soft);border-radius:8px 8px 0 0}
& header.met{border-left-color:var(--met)}
& header.failed{border-left-color:var(--failed)}
& header.open{border-left-color:var(--open)}
& h1{font-size:1.2em;line-height:1.45;font-weight:650;margin:0;padding:0;border:0;color:inherit}
& header .mark{font-size:1.2em;line-height:1.45}
& h2{font-size:1em;line-height:1.5;font-weight:650;margin:1.3em 0 .35em;padding:0;border:0;
color:inherit}
& section{margin:.8em 0 0;padding:0}
& ul{list-style:none;margin:0;padding:0}
& li{margin:0;padding:0}
& ul ul{margin:0 0 .35em .55em;padding-left:.85em;border-left:1px solid var(--line)}
& .row,& summary{display:flex;align-items:baseline;gap:.5em;padding:.13em 0}
& summary{cursor:pointer;font-weight:600;border-top:1px solid var(--line);padding:.4em 0}
& summary::-webkit-details-marker{display:none}
& summary::after{content:"▾";color:var(--soft);order:9;transform:rotate(-90deg)}
& details[open]>summary::after{transform:none}
& .says{flex:1 1 auto;min-width:0}
& .figure{flex:0 1 auto;margin-left:auto;text-align:right;font-weight:600;padding-left:1em}
& .n{white-space:nowrap;font-variant-numeric:tabular-nums}
& .mark{flex:none;width:1em;text-align:center;font-weight:700;color:var(--soft)}
& .met>.mark,& .met>.row>.mark,& .met>details>summary>.mark{color:var(--met)}
& .failed>.mark,& .failed>.row>.mark,& .failed>details>summary>.mark{color:var(--failed)}
& .open>.mark,& .open>.row>.mark,& .open>details>summary>.mark{color:var(--open)}
& .warning>.row>.mark,& .warning>.row>.says{color:var(--warning)}
& .result>.row{margin-top:.3em;padding-top:.4em;border-top:1px solid var(--line);font-weight:650}
& .result>.row>.mark{color:var(--result)}
& .title>.row{font-weight:650;margin-top:.4em}
& .quote>.row>.says{color:var(--soft);border-left:3px solid var(--line);padding-left:.7em}
& .note>.row>.says{color:var(--soft)}
& section.not_applicable,& section.assumptions{font-size:.93em}
@media(max-width:36em){& .row,& summary{flex-wrap:wrap}& .figure{flex-basis:100%}
& .says{flex-basis:70%}}
@media print{&{border:0;max-width:none;padding:0}& header{margin:0}
& .row,& summary{break-inside:avoid-page}
& details::details-content{content-visibility:visible;height:auto}
& summary::after{content:""}}
"""
_PAGE: Final = """
body{margin:0;padding:1.5em 1em;background:#eef1f4}
body>.incentives.incentives{margin:0 auto}
@media(prefers-color-scheme:dark){body{background:#0b0e12}}
@media print{body{padding:0;background:#fff}}
"""


def _colours(palette: dict[str, str]) -> str:
    return "{" + ";".join(f"--{name}:{colour}" for name, colour in palette.items()) + "}"


def _sheet() -> str:
    light, dark = _colours(LIGHT), _colours(DARK)
    return (
        f"&{light}"
        f"@media screen and (prefers-color-scheme:dark){{&{dark}}}"
        # a notebook's own theme outweighs that of the system
        f'[data-jp-theme-light="true"] &{light}'
        f'[data-jp-theme-light="false"] &,.vscode-dark &{dark}{_RULES}'
    ).replace("&", ".incentives.incentives")


CARD_STYLE: Final = _sheet()
PAGE_STYLE: Final = CARD_STYLE + _PAGE
