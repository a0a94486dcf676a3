"""What a reader of a format sees: its words without marks, and the elements it is made of."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.explain.structure import Explanation
    from incentives.language.core import Text

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "=1+1",
    '"><svg onload=alert(1)>',
    "</style><script>alert(1)</script>",
    "<!-- x -->",
    "&lt;b&gt; &amp; &#60;",
    "{{ 7 * 7 }}{% raw %}",
    "[x](https://a.example)",
    "![x](https://a.example/x.png)",
    "<https://a.example>",
    "https://a.example/x",
    "www.a.example",
    "javascript:alert(1)",
    "# heading",
    "1. one",
    "2) two",
    "- item",
    "+ item",
    "* item",
    "> quote",
    "---",
    "***",
    "===",
    "```",
    "~~~",
    "    code",
    "`code`",
    "**bold** _slanted_ ~~struck~~",
    "| a | b |",
    "$x^2$",
    "C:\\data\\",
    "a\\",
    "[^1]: note",
    "[ ] done",
    "first\nsecond\r\nthird",
    "left\u202eright\u2066x",
    "in\u200bvisible\u2028line",
    "\x1b[31mred\x07",
    "\ud800",
]


class Page(HTMLParser):
    """The words of a piece of HTML, and its tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.styles: list[str] = []
        self.comments: list[str] = []
        self.hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.hidden = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.hidden = self.hidden and tag != "style"

    def handle_data(self, data: str) -> None:
        if self.hidden:
            self.styles.append(data)
        else:
            self.words += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def read_markdown(text: str) -> Page:
    """Return what a forge would show: CommonMark with tables, tasks left out, tags let through."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Page(reader.render(text))


def json_words(value: Any, lang: str) -> Iterator[str]:
    """Yield every text of an explanation's data, in one language, in order."""
    if isinstance(value, dict):
        if value.keys() == {"zh", "en"}:
            yield value[lang]
        else:
            for each in value.values():
                yield from json_words(each, lang)
    elif isinstance(value, list):
        for each in value:
            yield from json_words(each, lang)


def sentences(explanation: Explanation) -> Iterator[Text]:
    """Yield every text of an explanation in the order it is read."""
    yield explanation.headline
    for block in explanation.blocks:
        if block.title is not None:
            yield block.title
        for line in block.lines:
            for each in line.walk():
                yield each.text
                if each.figure is not None:
                    yield each.figure
