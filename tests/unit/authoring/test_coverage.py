"""A text beside its rules: which sentence is cited, which stands out, in each form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import golden
from tests.unit.authoring.rulebooks import RULES, changed

from incentives.authoring.coverage import Coverage, as_data, cover, names_figure
from incentives.authoring.coverage_pages import as_html, as_text
from incentives.authoring.texts import plain, stands_in
from incentives.authoring.written import Written
from incentives.diagnostics import Source
from incentives.rulebook.files import RuleFile, read_file
from incentives.rulebook.toml import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).with_name("coverage.txt")
REPOSITORY = Path(__file__).resolve().parents[3]
SEEDS = REPOSITORY.parent / "shared" / "seeds"
TEXT = """\
某市支持办法 <b>（2024年）</b>

一、**按费用的10%

给予补助**，最高\f不超过 20 万元。人数达到10人的方可申报；每年6月30日前受理。
二、对首次认定的，一次性给予五万元奖励。
三、本办法自2024年1月1日起施行，由市科技局〔2024〕3号文解释。
"""
MORE = """\
[[incentive]]
id = "no-quote"
name = { zh = "无引文", en = "No quote" }
kind = "award"
recipient = ["enterprise"]
clause = "四"
entitlement = "none"

[[target]]
id = "lost"
metric = { zh = "指标", en = "Metric" }
clause = "五"
quote = "原文没有这句话"
"""
CONDITION = 'says = { zh = "人数达到10人", en = "At least ten people" }'


def written(rules: str) -> Written:
    source = Source("doc.toml", rules)
    model, locator, findings = read_file(source)
    assert isinstance(model, RuleFile), findings
    return Written(source, model, locator)


def covered(text: str = TEXT, rules: str = RULES + MORE) -> Coverage:
    return cover(text, written(rules))


def sentences(found: Coverage) -> dict[str, tuple[tuple[str, ...], bool]]:
    return {
        each.text: (tuple(found.citations[at].entry for at in each.cited), each.is_open)
        for part in found.paragraphs
        for each in part
    }


def test_sentences_are_cited_by_what_quotes_them_and_open_figures_stand_out() -> None:
    assert sentences(covered()) == {
        "某市支持办法 <b>（2024年）</b>": ((), False),
        "一、**按费用的10%": (("incentive subsidy",), False),
        "给予补助**，最高 不超过 20 万元。": (("incentive subsidy",), False),
        "人数达到10人的方可申报；": ((), True),
        "每年6月30日前受理。": ((), False),
        "二、对首次认定的，一次性给予五万元奖励。": ((), True),
        "三、本办法自2024年1月1日起施行，由市科技局〔2024〕3号文解释。": ((), False),
    }
    found = covered()
    assert found.figures == (4, 2)
    assert [found.citations[at].entry for at in found.lost] == ["target lost"]
    assert [found.citations[at].entry for at in found.unquoted] == ["incentive no-quote"]


def test_a_condition_s_own_quote_counts_with_its_clause() -> None:
    quoted = changed(
        CONDITION, CONDITION + '\nquote = "人数达到10人……方可申报"\nclause = "一（一）"'
    )
    found = covered(rules=quoted)
    assert sentences(found)["人数达到10人的方可申报；"] == (("incentive subsidy condition",), False)
    assert "一（一）" in [each.clause for each in found.citations]


@pytest.mark.parametrize(
    "text",
    ["给予10%奖励", "不超过 20 万元", "最高５００万元", "五万元", "3年内", "提高0.5个百分点", "千分之一即1‰",
     "达到120家", "三倍", "七成以上", "百分之五", "100 项以上", "20万", "15个工作日内"],
)  # fmt: skip
def test_figures(text: str) -> None:
    assert names_figure(text)


@pytest.mark.parametrize(
    "text",
    ["2024年6月30日", "到2025年", "〔2022〕4号", "1. 加强攻关", "第一季度", "一棵树", "第二十条", "（三）重点任务",
     "党的二十大", "2018 年度", "成果转化", "三项改革"],
)  # fmt: skip
def test_no_figures(text: str) -> None:
    assert not names_figure(text)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(plain(TEXT)) - 1), st.integers(1, 30), st.data())
def test_whatever_is_quoted_is_found_however_it_is_spaced(at: int, size: int, data: Any) -> None:
    words = plain(TEXT)[at : at + size]
    spaced = "".join(char + data.draw(st.sampled_from(["", " ", "　"])) for char in words)
    quoted = changed('quote = "按费用的10%给予补助，最高不超过20万元"', f"quote = '{spaced}'")
    found = covered(rules=quoted)
    assert stands_in(spaced, plain(TEXT))
    assert found.lost == ()
    cited = [each for part in found.paragraphs for each in part if each.cited]
    assert plain(words) in plain("".join(e.text for p in found.paragraphs for e in p))
    assert cited
    assert plain("".join(each.text for each in cited)).find(plain(words)) >= 0


def test_every_sentence_of_the_text_is_kept() -> None:
    assert plain("".join(sentences(covered()))) == plain(TEXT)


def test_the_data_is_complete() -> None:
    data = as_data(covered())
    assert data["format"] == "incentives/coverage/1"
    assert (data["sentences_with_figures"], data["cited_of_these"]) == (4, 2)
    assert data["citations"][0]["place"] == "doc.toml:16:9"
    assert data["paragraphs"][1][0] == {
        "text": "一、**按费用的10%",
        "cited_by": [0],
        "has_figure": True,
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_text(lang: str) -> None:
    golden.check(GOLDEN, f"text {lang}", as_text(covered(), lang).rstrip())


class Page(HTMLParser):
    """Collects the elements of a page, their attributes, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_escaped_and_has_no_script_and_no_address(lang: str) -> None:
    hostile = TEXT.replace("五万元", "五万元<script>alert(1)</script><img src=x onerror=y>")
    page = as_html(covered(hostile), lang)
    read = Page()
    read.feed(page)
    assert {tag for tag, _ in read.elements}.isdisjoint({"script", "img", "b", "a", "link"})
    assert not any(
        name.startswith(("on", "src", "href", "style")) for _, a in read.elements for name in a
    )
    assert "http://" not in page
    assert "https://" not in page
    assert "<script>alert(1)</script>" in "".join(read.words)
    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert len(marked) == 2
    assert "default-src 'none'" in page.replace("&#39;", "'")


def documents() -> Iterator[Path]:
    for path in sorted((REPOSITORY / "rules").glob("*.toml")):
        if re.search(r"^source +=", path.read_text("utf-8"), re.MULTILINE):
            yield path


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the source texts are not beside the repository")
@pytest.mark.parametrize("path", list(documents()), ids=lambda path: path.stem)
def test_every_quote_of_the_shipped_rules_is_in_its_source(path: Path) -> None:
    file = written(path.read_text("utf-8"))
    assert isinstance(file.model, RuleFile)
    assert file.model.document.source is not None
    text = read_source(SEEDS / file.model.document.source.name).text
    found = cover(text, file)
    assert found.lost == ()
    named, cited = found.figures
    assert 0 < cited <= named
