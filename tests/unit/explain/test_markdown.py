"""Markdown that shows what it was given, whatever that is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.explain.rendered import HOSTILE, read_markdown
from tests.unit.explain.test_formats import simple

from incentives.explain.markdown import escape, render_markdown
from incentives.explain.structure import Explanation, Tone
from incentives.explain.text import visible
from incentives.language.core import Text

OURS = {"h1", "h2", "ul", "li", "p", "strong"}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_name_opens_no_element(text: str) -> None:
    page = read_markdown(render_markdown(simple(text), "zh"))
    assert {tag for tag, _ in page.tags} <= OURS
    assert [tag for tag, _ in page.tags].count("h2") == 1
    assert not page.comments


@settings(max_examples=60)
@given(
    st.text(st.sampled_from("\\`*_[]()<>&|~$#!.:/-+=1a@'\"\n\t\u3000“元（")),
    st.sampled_from([0, 1, 2]),
)
def test_a_text_comes_back_as_it_was(text: str, place: int) -> None:
    body = visible(text).strip()
    written = [f"# {escape(text)}", f"- {escape(text)}", f"- x **{escape(text)}**"][place]
    page = read_markdown(written + "\n")
    if not body and place:
        return
    shown = page.words.strip().removeprefix("x ")
    assert shown == body, written


def test_plain_texts_stay_readable() -> None:
    for text in (
        "实际履行金额 2,000,000.00元 × 10% = 200,000.00元",
        "二（三）6",
        "0.00元至1.5万元",
    ):
        assert escape(text) == text


def test_the_shape() -> None:
    text = render_markdown(Explanation(Text("一句话", "A line"), Tone.MET, ()), "en")
    assert text == "# A line\n"
