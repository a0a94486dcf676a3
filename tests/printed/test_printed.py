"""What is printed, compared in full, in Chinese and in English.

``INCENTIVES_GOLDEN=write pytest tests/printed`` writes what is printed now: read the
difference before it is committed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.golden import check
from tests.printed.cases import EXAMPLES, HERE, ON, all_forms, benchmark_rules, shipped_rules

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.api import Assessment

FIRM: dict[str, Any] = {
    "kind": "firm",
    "county": "zhongning",
    "year": 2023,
    "ht_status": "new",
    "is_ttc": True,
    "project": "demo",
    "rd_inv": "3000000.01元",
    "funds": "180万元",
    "post_subsidy": "100.01元",
}
FORMS: dict[str, Any] = {
    "kind": "firm",
    "region": "640200",
    "spent": "12345678.90元",
    "paid_before": "100万元",
    "share": "1/3",
    "level": "middle",
    "revenue": {"2022": "2000万元", "2023": "3000万元"},
    "staff": 120,
}
PROJECTS = [
    {"no": "P1", "cost": "1000万元", "result": "A", "counts": True},
    {"no": "P2", "cost": "700.01元", "result": "A", "counts": True},
    {"no": "P3", "cost": "900万元", "result": "B", "counts": True},
    {"no": "P4", "cost": "1元", "result": "B", "counts": False},
]


def compare(name: str, assessment: Assessment, *, full: bool) -> None:
    path = HERE / f"{name}.txt"
    for lang in ("zh", "en"):
        check(path, f"assessment {lang}", assessment.explain(lang).strip("\n"))
        for decision in assessment:
            if full or decision.status == "eligible":
                text = decision.explain(lang, full=True).strip("\n")
                check(path, f"{decision.incentive} {lang}", text)


@pytest.mark.parametrize("profile", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_print_as_they_should(profile: Path) -> None:
    compare(profile.stem, shipped_rules().assess(profile, on=ON), full=False)


def test_drafts_are_printed_apart() -> None:
    profile = next(path for path in EXAMPLES if path.stem == "zhongning-new")
    assessment = shipped_rules().assess(profile, on=ON, drafts=True, assume_no_history=True)
    text = assessment.explain("zh")
    assert "【征求意见稿】" in text
    assert (
        text.splitlines()[0]
        == shipped_rules()
        .assess(profile, on=ON, assume_no_history=True)
        .explain("zh")
        .splitlines()[0]
    )


def test_the_benchmark_prints_as_it_should() -> None:
    contracts = [
        {"uni_firm": True, "performed": "1234567.85元"},
        {"uni_firm": True, "performed": "300万元"},
    ]
    profile = {"applicant": FIRM, "contract": contracts}
    compare("four", benchmark_rules().assess(profile, on=ON), full=True)


def test_every_way_to_write_an_amount_prints_as_it_should() -> None:
    profile = {"applicant": FORMS, "project": PROJECTS, "received": [], "decided": []}
    compare("forms", all_forms().assess(profile, on=ON), full=True)


def test_what_is_unknown_prints_as_it_should() -> None:
    open_facts = {
        "kind": "firm",
        "region": "640000",
        "spent": {"at_least": "100万元", "at_most": "2000万元"},
    }
    projects = [{"no": "P1", "cost": "30万元", "result": "A"}, {"no": "P2", "counts": True}]
    assessment = all_forms().assess({"applicant": open_facts, "project": projects}, on=ON)
    compare("forms-unknown", assessment, full=True)


def test_refusals_print_as_they_should() -> None:
    profile = {
        "applicant": {"kind": "firm", "county": "haiyuan", "year": 2019, "ht_status": "none"},
        "contract": [],
    }
    compare("four-refused", benchmark_rules().assess(profile, on=ON), full=True)
