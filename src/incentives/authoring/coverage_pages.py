"""The coverage of a text for people: as plain text, and as a page of two columns.

jinja2 escapes every text of the page; it has no script, no address outside, and a
policy that forbids both. On a terminal, what cannot be seen is spelt out.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from incentives.explain.style import DARK, LIGHT
from incentives.explain.text import columns, visible, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.coverage import Citation, Coverage, Sentence

WIDTH: Final = 80
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("原文与规则对照：{}", "Text beside its rules: {}"),
    "figures": ("有数字的 {} 句，其中 {} 句有规则引用", "sentences with figures: {}; cited: {}"),
    "open": ("有数字，没有规则引用", "a figure, and no rule cites it"),
    "lost": ("引文不在原文中", "Quotes that are not in the text"),
    "unquoted": ("没有引文的条目", "Entries without a quote"),
    "text": ("原文", "Text"),
    "rules": ("规则", "Rules"),
}


def word(name: str, lang: str, *figures: object) -> str:
    """Return a fixed text of the report."""
    zh, en = _WORDS[name]
    return (en if lang == "en" else zh).format(*figures)


def as_text(coverage: Coverage, lang: str) -> str:
    """Return the text with a mark before each sentence, and under it what cites it.

    ``✓`` a rule quotes it, ``✗`` it names a figure that no rule quotes.
    """
    out = [
        word("title", lang, coverage.document),
        word("figures", lang, *coverage.figures),
    ]
    for part in coverage.paragraphs:
        out.append("")
        for sentence in part:
            out += _sentence(sentence, coverage, lang)
    for name, indices in (("lost", coverage.lost), ("unquoted", coverage.unquoted)):
        if indices:
            out += ["", word(name, lang)]
            for index in indices:
                out += _indented(f"- {_entry(coverage.citations[index], lang)}", "  ")
    return "\n".join(line.rstrip() for line in out) + "\n"


def _sentence(sentence: Sentence, coverage: Coverage, lang: str) -> Iterator[str]:
    mark = "✗" if sentence.is_open else "✓" if sentence.cited else " "
    first, *rest = wrap(visible(sentence.text), WIDTH - 2)
    yield f"{mark} {first}"
    yield from (f"  {line}" for line in rest)
    if sentence.is_open:
        yield f"    ← {word('open', lang)}"
    for index in sentence.cited:
        yield from _indented(f"→ {_entry(coverage.citations[index], lang)}", "    ")


def _indented(text: str, indent: str) -> Iterator[str]:
    return (indent + line for line in wrap(visible(text), WIDTH - columns(indent)))


def _entry(citation: Citation, lang: str) -> str:
    return f"{_called(citation, lang)}  {citation.entry}  {citation.short_place}"


def _called(citation: Citation, lang: str) -> str:
    """Return an entry's name and clause."""
    name = citation.name.get(lang)
    if not citation.clause:
        return name
    return f"{name} ({citation.clause})" if lang == "en" else f"{name}（{citation.clause}）"


# ── a page ───────────────────────────────────────────────────────────────────


def _colours(palette: dict[str, str]) -> str:
    return ":root{" + ";".join(f"--{name}:{colour}" for name, colour in palette.items()) + "}"


_STYLE: Final = (
    _colours(LIGHT)
    + f"@media (prefers-color-scheme:dark){{{_colours(DARK)}}}"
    + """
body{margin:0 auto;padding:1.5em;max-width:76em;background:var(--paper);color:var(--ink);
font:15px/1.7 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.4em;margin:0}h2{font-size:1.1em}p{margin:.2em 0 1em;color:var(--soft)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.4em .7em;border-top:1px solid var(--line)}
th:first-child{width:62%}td,li{overflow-wrap:anywhere}
.cited{background:var(--tint);border-bottom:2px solid var(--met)}
mark{background:none;color:var(--failed);border-bottom:2px solid var(--failed);font-weight:600}
ul{list-style:none;margin:0;padding:0}li{margin-bottom:.3em}code{font-size:.85em;color:var(--soft)}
.open{color:var(--failed)}
@media print{body{max-width:none;padding:0}tr{break-inside:avoid}}
"""
)
_PAGE: Final = """\
<!doctype html>
<html lang="{{ 'en' if lang == 'en' else 'zh-CN' }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ word("title", lang, it.document)|visible }}</title>
<style>{{ style }}</style>
</head>
<body>
{%- macro entry(citation) -%}
{{ called(citation, lang)|visible }}
<br><code>{{ citation.entry|visible }}<br>{{ citation.short_place|visible }}</code>
{%- endmacro %}
<h1>{{ word("title", lang, it.document)|visible }}</h1>
<p>{{ word("figures", lang, *it.figures) }}</p>
<table>
<thead><tr><th>{{ word("text", lang) }}</th><th>{{ word("rules", lang) }}</th></tr></thead>
<tbody>
{%- for part in it.paragraphs %}
<tr><td>
{%- for sentence in part -%}
{%- if sentence.is_open -%}<mark>{{ sentence.text|visible }}</mark>
{%- elif sentence.cited -%}<span class="cited">{{ sentence.text|visible }}</span>
{%- else -%}{{ sentence.text|visible }}{%- endif -%}
{%- endfor -%}
</td><td><ul>
{%- for sentence in part if sentence.is_open %}
{%- if loop.first %}<li class="open">✗ {{ word("open", lang) }}</li>{% endif %}
{%- endfor %}
{%- for index in cited(part) %}<li>{{ entry(it.citations[index]) }}</li>{% endfor -%}
</ul></td></tr>
{%- endfor %}
</tbody>
</table>
{%- for name, indices in (("lost", it.lost), ("unquoted", it.unquoted)) if indices %}
<h2>{{ word(name, lang) }}</h2>
<ul>{% for index in indices %}<li>{{ entry(it.citations[index]) }}</li>{% endfor %}</ul>
{%- endfor %}
</body>
</html>
"""


def as_html(coverage: Coverage, lang: str) -> str:
    """Return a whole page: the text on the left, what cites it on the right."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    made = Environment(autoescape=True, keep_trailing_newline=True, undefined=StrictUndefined)
    made.filters["visible"] = visible
    return made.from_string(_PAGE).render(
        it=coverage,
        lang=lang,
        word=word,
        cited=_cited,
        called=_called,
        style=Markup(_STYLE),  # noqa: S704 - our own constant
        policy=_policy(),
    )


def _cited(part: tuple[Sentence, ...]) -> list[int]:
    return list(dict.fromkeys(index for sentence in part for index in sentence.cited))


def _policy() -> str:
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
