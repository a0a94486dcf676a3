"""Cards and pages: nothing but words and our style, readable in the light and in the dark."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from tests.printed.cases import EXAMPLES, ON, shipped_rules
from tests.unit.explain.rendered import HOSTILE, Page
from tests.unit.explain.test_formats import simple

from incentives.explain.html import render_html
from incentives.explain.style import CARD_STYLE, DARK, LIGHT

CARD = {
    "article", "style", "header", "section", "h1", "h2", "ul", "li", "div", "span", "strong",
    "details", "summary",
}  # fmt: skip
PAGE = CARD | {"html", "head", "body", "meta", "title"}
ATTRIBUTES = {
    "class", "lang", "role", "aria-label", "aria-hidden", "open", "charset", "http-equiv",
    "content", "name",
}  # fmt: skip


def check(html: str, tags: set[str]) -> Page:
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= tags
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert not page.comments
    assert not re.search(r"url\(|@import|https?:|//", "".join(page.styles))
    return page


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_name_opens_no_element(text: str) -> None:
    html = render_html(simple(text), "zh", page=True)
    page = check(html, PAGE)
    assert [tag for tag, _ in page.tags].count("title") == 1
    check(render_html(simple(text), "zh", page=False), CARD)


def test_the_hostile_firm_is_shown_as_it_is_called() -> None:
    name = "<img src=x onerror=alert(1)>"
    number = "=1+1</li><script>x</script>"
    contract = {
        "registration_no": number, "performed_amount": "10万元", "brokered_by_applicant": True,
        "provider_kind": "university", "buyer_kind": "enterprise",
    }  # fmt: skip
    centre = {"name": name, "kind": "technology_transfer_center", "region": "640200"}
    assessment = shipped_rules().assess({"applicant": centre, "contract": [contract]}, on=ON)
    decision = assessment["shizuishan-tech-city/technology-contract-award"]
    for lang in ("zh", "en"):
        assert name in check(assessment.to_html(lang), PAGE).words
        for shown in (assessment, decision):
            assert number in check(shown.to_html(lang, full=True), PAGE).words
            assert number in check(shown.to_html(lang, page=False), CARD).words
            assert number.replace("<", r"\<").replace(">", r"\>") in shown.to_markdown(lang)
    assert number in check(decision._repr_html_(), CARD).words
    assert name in check(assessment._repr_html_(), CARD).words


def test_a_page_may_be_styled_by_its_own_sheet_and_nothing_else() -> None:
    page = check(shipped_rules().assess(EXAMPLES[0], on=ON).to_html(), PAGE)
    policy = next(
        attributes["content"] or ""
        for _, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    (style,) = page.styles
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]


def test_the_language_is_declared() -> None:
    assessment = shipped_rules().assess(EXAMPLES[0], on=ON)
    assert '<html lang="zh-CN">' in assessment.to_html()
    assert '<html lang="en">' in assessment.to_html("en")


def test_the_style_stays_inside_a_card() -> None:
    plain = re.sub(r"@media[^{]*\{", "", CARD_STYLE)
    rules = [each.strip("} \n") for each in re.findall(r"([^{}]+)\{", plain)]
    selectors = [part.strip() for rule in rules for part in rule.split(",")]
    assert len(selectors) > 30
    assert all(".incentives.incentives" in each for each in selectors)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    line = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_every_colour_of_text_stands_out(palette: dict[str, str], ground: str) -> None:
    for name in set(palette) - {"paper", "tint", "line"}:
        a, b = sorted((luminance(palette[name]), luminance(palette[ground])))
        assert (b + 0.05) / (a + 0.05) >= 4.5, name
