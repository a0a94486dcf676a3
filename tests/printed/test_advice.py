"""What would change a decision, as it is printed, in Chinese and in English."""

from __future__ import annotations

import pytest
from tests.golden import check
from tests.printed.cases import HERE, ON, shipped_rules

from incentives.explain.text import columns

WHAT_IF = (
    ("almost-unknown", "national-small-profit/small-profit-rate"),
    ("centre", "shizuishan-tech-city/technology-contract-award"),
    ("pilot-funds-below", "shizuishan-tech-city/pilot-support"),
    ("pilot-funds-below", "shizuishan-tech-city/progress-award-bonus"),
    ("tongliao-above-scale", "ningxia-finance/interest-subsidy"),
    ("zhongning-manufacturer", "national-high-tech/recognition"),
    ("zhongning-manufacturer", "ningxia-high-tech/agricultural-high-tech"),
    ("zhongning-manufacturer", "ningxia-rd-subsidy/above-scale-added-rd"),
)


@pytest.mark.parametrize(("profile", "incentive"), WHAT_IF)
def test_what_would_change_it_prints_as_it_should(profile: str, incentive: str) -> None:
    assessment = shipped_rules().assess(f"example:{profile}", on=ON, assume_no_history=True)
    found = assessment[incentive].what_if()
    for lang in ("zh", "en"):
        text = found.explain(lang)
        assert max(map(columns, text.splitlines())) <= 80
        check(HERE / "what-if.txt", f"{profile} {incentive} {lang}", text.strip("\n"))
