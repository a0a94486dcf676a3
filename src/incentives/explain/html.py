"""An explanation as HTML: a card for a notebook, a whole page for a file.

The laws kept here: jinja2 escapes every text, at this one place, and nothing is ever
marked as safe but our own style sheet; no script, no inline style, no address outside
the page. A page carries a policy that forbids all of these to whatever might slip in.

The trap: a notebook may drop the style sheet (one that is not trusted, a forge's
preview), so the bare elements and the marks alone must read well.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from incentives.explain.structure import Part, Tone
from incentives.explain.style import CARD_STYLE, PAGE_STYLE
from incentives.explain.text import FIGURE, MARKS, known_language, visible
from incentives.language.core import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Template

    from incentives.explain.structure import Explanation

_SPOKEN: Final = {
    Tone.MET: Text("符合", "met"),
    Tone.FAILED: Text("不符合", "not met"),
    Tone.OPEN: Text("待定", "open"),
    Tone.WARNING: Text("提示", "warning"),
    Tone.RESULT: Text("结果", "result"),
}
_FIGURE: Final = re.compile(f"({FIGURE})")
_FOLDED: Final = frozenset({Part.ELIGIBLE, Part.UNDETERMINED, Part.INELIGIBLE, Part.DRAFTS})

_CARD: Final = """\
{%- macro words(text) -%}
{%- for piece, is_figure in text|pieces -%}
{%- if is_figure -%}<span class="n">{{ piece }}</span>{%- else -%}{{ piece }}{%- endif -%}
{%- endfor -%}
{%- endmacro -%}
{%- macro row(line) -%}
{%- if line.tone in marks -%}
<span class="mark"
{%- if line.tone in spoken %} role="img" aria-label="{{ spoken[line.tone].get(lang) }}"{% endif -%}
>{{ marks[line.tone] }}</span>
{%- endif -%}
<span class="says">{{ words(line.text) }}</span>
{%- if line.figure is not none %} <strong class="figure">{{ words(line.figure) }}</strong>
{%- endif -%}
{%- endmacro -%}
{%- macro list(lines, fold, open) -%}
<ul>
{%- for line in lines %}
<li class="{{ line.tone }}">
{%- if fold and line.of -%}
<details{% if open %} open{% endif %}><summary>{{ row(line) }}</summary>
{{- list(line.of, false, true) }}</details>
{%- else -%}
<div class="row">{{ row(line) }}</div>
{%- if line.of %}{{ list(line.of, false, true) }}{% endif -%}
{%- endif -%}
</li>
{%- endfor %}
</ul>
{%- endmacro -%}
<article class="incentives" lang="{{ 'zh-CN' if lang == 'zh' else 'en' }}">
{%- if not page %}<style>{{ card_style }}</style>{% endif %}
<header class="{{ explanation.tone }}">
{%- if explanation.tone in marks -%}
<span class="mark" aria-hidden="true">{{ marks[explanation.tone] }}</span>
{%- endif -%}
<h1>{{ words(explanation.headline) }}</h1></header>
{%- for block in explanation.blocks %}
<section class="{{ block.part }}">
{%- if block.title is not none %}<h2>{{ words(block.title) }}</h2>{% endif %}
{{ list(block.lines, block.part in folded, page or block.part == "eligible") }}
</section>
{%- endfor %}
</article>"""

_PAGE: Final = """\
<!doctype html>
<html lang="{{ 'zh-CN' if lang == 'zh' else 'en' }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ explanation.headline|shown }}</title>
<style>{{ page_style }}</style>
</head>
<body>
{% include "card" %}
</body>
</html>
"""


def render_html(explanation: Explanation, lang: str, *, page: bool) -> str:
    """Return an explanation as HTML.

    Args:
        explanation: what ``explain_decision`` or ``explain_assessment`` gave.
        lang: ``zh`` or ``en``.
        page: a whole page with its head; else an element that brings its own style.

    Raises:
        ValueError: ``lang`` is neither.
    """
    known_language(lang)
    return _template("page" if page else "card", lang).render(
        explanation=explanation, lang=lang, page=page
    )


@cache
def _template(name: str, lang: str) -> Template:
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        loader=DictLoader({"card": _CARD, "page": _PAGE}),
        undefined=StrictUndefined,
    )

    def pieces(text: Text) -> Iterator[tuple[str, bool]]:
        parts = _FIGURE.split(visible(text.get(lang)))
        return ((part, at % 2 == 1) for at, part in enumerate(parts) if part)

    made.filters["pieces"] = pieces
    made.filters["shown"] = lambda text: visible(text.get(lang))
    constants: dict[str, Any] = {
        "marks": {tone: mark.strip() for tone, mark in MARKS.items()},
        "spoken": _SPOKEN,
        "folded": _FOLDED,
        "card_style": Markup(CARD_STYLE),  # noqa: S704 - our own constant
        "page_style": Markup(PAGE_STYLE),  # noqa: S704 - likewise
        "policy": _policy(),
    }
    made.globals.update(constants)
    return made.get_template(name)


def _policy() -> str:
    """Return what the page may do: be styled by exactly our sheet, and nothing else."""
    digest = b64encode(sha256(PAGE_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
