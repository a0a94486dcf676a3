"""Text, Markdown, HTML and JSON carry the same lines, in the same order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.printed.cases import EXAMPLES, ON, all_forms, shipped_rules
from tests.unit.explain.rendered import HOSTILE, Page, json_words, read_markdown, sentences

from incentives.explain.assessment import explain_assessment
from incentives.explain.contract import explanation_data
from incentives.explain.decision import explain_decision
from incentives.explain.html import render_html
from incentives.explain.markdown import render_markdown
from incentives.explain.structure import Block, Explanation, Line, Part, Tone
from incentives.explain.text import render_text, visible
from incentives.language.core import Text

if TYPE_CHECKING:
    from pathlib import Path


def words_of(explanation: Explanation, lang: str) -> dict[str, str]:
    """Return the words of each format, without its marks."""
    data = json.loads(json.dumps(explanation_data(explanation)))
    return {
        "text": render_text(explanation, lang, width=100_000),
        "markdown": read_markdown(render_markdown(explanation, lang)).words,
        "page": Page(render_html(explanation, lang, page=True)).words,
        "card": Page(render_html(explanation, lang, page=False)).words,
        "json": "\n".join(visible(each) for each in json_words(data, lang)),
    }


def assert_all_there(explanation: Explanation) -> None:
    for lang in ("zh", "en"):
        for form, words in words_of(explanation, lang).items():
            at = 0
            for each in sentences(explanation):
                wanted = visible(each.get(lang)).strip()
                found = words.find(wanted, at)
                assert found >= 0, f"{form} in {lang} lacks, or has out of order: {wanted}"
                at = found + len(wanted)


@pytest.mark.parametrize("profile", EXAMPLES[::4], ids=lambda path: path.stem)
def test_every_format_has_every_line_of_an_assessment(profile: Path) -> None:
    assessment = shipped_rules().assess(profile, on=ON, drafts=True)
    assert_all_there(explain_assessment(assessment, full=profile == EXAMPLES[0]))


def test_every_format_has_every_line_of_a_decision() -> None:
    firm = {"kind": "firm", "region": "640200", "spent": {"at_least": "1万元"}, "share": "1/3"}
    for decision in all_forms().assess({"applicant": firm}, on=ON):
        assert_all_there(explain_decision(decision))


def simple(text: str) -> Explanation:
    both = Text(text, text)
    lines = (Line(both, Tone.NOTE, both, (Line(both),)), Line(both))
    return Explanation(
        both, Tone.MET, (Block(Part.SUM, both, lines), Block(Part.NOTES, None, lines))
    )


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_is_shown_as_its_characters(text: str) -> None:
    assert_all_there(simple(text))


@pytest.mark.parametrize("render", [render_text, render_markdown])
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_invisible_reaches_a_terminal_or_a_file(render: object, text: str) -> None:
    assert callable(render)
    printed = render(simple(text), "zh")
    assert all(char.isprintable() or char == "\n" for char in printed)


def test_a_third_language_is_refused_by_all() -> None:
    for render in (render_text, render_markdown):
        with pytest.raises(ValueError, match="zh or en"):
            render(simple("x"), "fr")
    with pytest.raises(ValueError, match="zh or en"):
        render_html(simple("x"), "fr", page=True)
