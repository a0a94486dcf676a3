"""Chinese and English carry the same figures, dates and clauses, line by line."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.printed.cases import EXAMPLES, ON, all_forms, every_sum, shipped_rules

from incentives.explain.assessment import explain_assessment
from incentives.explain.decision import explain_decision

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.api import Assessment
    from incentives.explain.structure import Explanation
    from incentives.language.core import Text

FIGURES = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")


def figures(text: str) -> Counter[str]:
    return Counter(FIGURES.findall(text))


def assert_same(text: Text) -> None:
    assert figures(text.zh) == figures(text.get("en")), text


def texts(explanation: Explanation) -> list[Text]:
    found = [explanation.headline]
    found += [block.title for block in explanation.blocks if block.title is not None]
    for line in explanation.lines():
        found += [line.text] if line.figure is None else [line.text, line.figure]
    return found


def check(assessment: Assessment) -> None:
    for full in (False, True):
        for text in texts(explain_assessment(assessment, full=full)):
            assert_same(text)
        for decision in assessment:
            for text in texts(explain_decision(decision, full=full)):
                assert_same(text)


def thinned(firm: dict[str, Any], drop: set[str], kind: str, region: str) -> dict[str, Any]:
    applicant = {name: value for name, value in firm["applicant"].items() if name not in drop}
    applicant |= {"kind": kind, "region": region}
    rest = {name: value for name, value in firm.items() if name not in drop | {"applicant"}}
    return {"applicant": applicant, **rest}


@given(
    every_sum(),
    st.sets(
        st.sampled_from(
            ["spent", "paid_before", "share", "level", "revenue", "staff", "project", "received"]
        )
    ),
    st.sampled_from(["firm", "school"]),
    st.sampled_from(["640200", "640000", "100000", "150000"]),
)
def test_law_31_both_languages_carry_the_same_figures(
    firm: dict[str, Any], drop: set[str], kind: str, region: str
) -> None:
    check(all_forms().assess(thinned(firm, drop, kind, region), on=ON))


MONTHS = {
    month: at
    for at, month in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        1,
    )
}
SCALES = {"万": 10**4, "亿": 10**8, "million": 10**6, "billion": 10**9}
DIGITS = "零一二三四五六七八九"
NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(?:\s*(万|亿|million|billion))?")


def article(numeral: str) -> str:
    tens, mark, ones = numeral.rpartition("十")
    return str(
        (DIGITS.index(tens) if tens else 1) * 10 * bool(mark) + (DIGITS.find(ones) if ones else 0)
    )


def meant(text: str) -> set[Fraction]:
    """Return the numbers that a sentence names, however they are written: 500万, 5 million."""
    months = "|".join(MONTHS)
    text = re.sub(
        rf"(?<=\d )(?:{months})\b|\b(?:{months})(?= \d)", lambda m: f" {MONTHS[m[0]]} ", text
    )
    text = re.sub(r"第([一二三四五六七八九十]+)条", lambda m: f" {article(m[1])} ", text)
    return {
        Fraction(number.replace(",", "")) * SCALES.get(scale, 1)
        for number, scale in NUMBER.findall(text)
    }


def test_numbers_are_read_however_they_are_written() -> None:
    assert meant("2024年1月21日，500万元，第九十条") == meant(
        "article 90: 5 million yuan, 21 January 2024"
    )
    assert meant("5000万元") == {Fraction(5 * 10**7)}
    assert meant("第四条") == {Fraction(4)}
    assert meant("30万元") != meant("300 yuan")


@pytest.mark.parametrize("document", sorted(shipped_rules().documents))
def test_every_case_says_the_same_numbers_in_both_languages(document: str) -> None:
    differing = {}
    for name, incentive in shipped_rules().incentives.items():
        if incentive.document.id != document:
            continue
        seen = {str(case.expect.get("status")): case for case in reversed(incentive.cases)}
        for case in seen.values():
            draft = incentive.document.legal_status == "draft"
            assessment = shipped_rules().assess(
                dict(case.facts), case.on, drafts=draft, assume_no_history=case.assume_no_history
            )
            for text in texts(explain_decision(assessment[name], full=True)):
                if meant(text.zh) != meant(text.get("en")):
                    differing[text.zh] = text.get("en")
    assert differing == {}


@pytest.mark.parametrize("profile", EXAMPLES, ids=lambda path: path.stem)
def test_sums_of_the_shipped_rules_carry_the_same_figures(profile: Path) -> None:
    for decision in shipped_rules().assess(profile, on=ON):
        explanation = explain_decision(decision)
        assert_same(explanation.headline)
        for block in explanation.blocks:
            if block.part == "sum":
                for line in block.lines:
                    assert_same(line.text)
                    for below in line.of:
                        assert_same(below.text)
