"""Printing: widths in columns, figures never torn, no line begins with a closing mark."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.explain.structure import Block, Explanation, Line, Part, Tone
from incentives.explain.text import columns, render_text, wrap
from incentives.language.core import Text

words = st.lists(
    st.sampled_from(
        [
            "符合条件",
            "，",
            "（",
            "二（三）6",
            "）",
            "1,234,567.89元",
            " ",
            "word",
            "。",
            "10%",
            "“原文”",
            " × ",
        ]
    )
).map("".join)


@given(words, st.integers(20, 80))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")


@given(words, st.integers(40, 80))
def test_no_figure_is_torn_and_no_line_begins_with_a_closing_mark(text: str, width: int) -> None:
    lines = wrap(text, width)
    torn = [line for line in lines if re.search(r"\d[,.]$|^[,.]\d|^元", line)]
    assert not [line for line in torn if "1,234,567.89元" not in line and not line.startswith("元")]
    for line in lines[1:]:
        assert line[:1] not in "，。）”" or not line


def test_chinese_is_two_columns_wide() -> None:
    assert columns("技术合同 2024") == 13
    assert columns("“原文”") == 8


def test_figures_stand_in_one_column() -> None:
    lines = (
        Line(Text("长长的名称", "a long name"), Tone.MET, Text("1.00元", "1.00元")),
        Line(Text("名", "n"), Tone.MET, Text("1,000.00元", "1,000.00元")),
    )
    explanation = Explanation(
        Text("题", "T"), Tone.MET, (Block(Part.SUM, Text("计算", "Sum"), lines),)
    )
    for lang in ("zh", "en"):
        rows = render_text(explanation, lang).splitlines()[-2:]
        assert columns(rows[0]) == columns(rows[1])


def test_only_two_languages_are_known() -> None:
    with pytest.raises(ValueError, match="zh or en"):
        render_text(Explanation(Text("题"), Tone.PLAIN, ()), "fr")
