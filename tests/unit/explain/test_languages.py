"""Chinese and English carry the same figures, dates and clauses, line by line."""

from __future__ import annotations

import re
from collections import Counter
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
def test_both_languages_carry_the_same_figures(
    firm: dict[str, Any], drop: set[str], kind: str, region: str
) -> None:
    check(all_forms().assess(thinned(firm, drop, kind, region), on=ON))


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
