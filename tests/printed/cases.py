"""Rule sets and profiles whose printed explanations are compared in full."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

import incentives

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.api import Rulebook

REPOSITORY: Final = Path(__file__).resolve().parents[2]
HERE: Final = REPOSITORY / "tests" / "printed"
ON: Final = date(2024, 6, 1)
EXAMPLES: Final = sorted((REPOSITORY / "examples").glob("*.toml"))


@cache
def shipped_rules() -> Rulebook:
    return incentives.load()


@cache
def benchmark_rules() -> Rulebook:
    return incentives.load(REPOSITORY / "benchmarks" / "rules" / "incentives")


@cache
def all_forms() -> Rulebook:
    """Return rules with every way to write an amount (``forms.toml``)."""
    folder = HERE / "rules"
    return incentives.load(folder)


def FOUR(facts: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the name of the workload
    """Return a profile for the four incentives of the benchmark; amounts in fen."""
    return {
        "applicant": {
            "kind": "firm",
            "county": "zhongning",
            "year": 2023,
            "ht_status": facts["ht_status"],
            "is_ttc": True,
            "project": "pilot",
            "rd_inv": yuan(facts["rd_inv"]),
            "funds": yuan(facts["funds"]),
            "post_subsidy": yuan(facts["post_subsidy"]),
        },
        "contract": [
            {"uni_firm": True, "performed": yuan(amount)} for amount in facts["performed"]
        ],
    }


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}元"


def every_sum() -> st.SearchStrategy[dict[str, Any]]:
    """Return profiles for ``rules/forms.toml`` with every fact known."""
    money = st.integers(0, 10**10).map(yuan)
    applicant = st.fixed_dictionaries(
        {
            "kind": st.just("firm"),
            "region": st.just("640200"),
            "spent": money,
            "paid_before": money,
            "share": st.sampled_from(["0%", "12.5%", "1/3", "2/7", "100%"]),
            "level": st.sampled_from(["high", "middle", "low"]),
            "revenue": st.fixed_dictionaries(
                {y: st.integers(1, 10**12).map(yuan) for y in ("2021", "2022", "2023")}
            ),
            "staff": st.integers(0, 500),
        }
    )
    item = st.fixed_dictionaries(
        {"cost": money, "result": st.sampled_from(["A", "B"]), "counts": st.booleans()}
    )
    items = st.lists(item, min_size=1, max_size=4)
    return st.fixed_dictionaries({"applicant": applicant, "project": items}).map(_with_a_live_item)


def _with_a_live_item(firm: dict[str, Any]) -> dict[str, Any]:
    firm["project"] = [
        {**item, "no": f"P{at}", "counts": item["counts"] or at == 1}
        for at, item in enumerate(firm["project"], 1)
    ]
    firm["received"] = []
    firm["decided"] = []
    return firm
