"""This library.

``mapping`` validates the facts on each call, ``profile`` did so before,
``derived`` keeps the whole derivation of every condition and amount, and
``trace`` is ``mapping`` with every decision explained as text.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import incentives
from workload import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from workload import Profile

VARIANTS = ("mapping", "profile", "derived", "trace")
RULES = Path(__file__).parents[1] / "rules" / "incentives"
ON = date(2024, 6, 1)


def load(variant: str) -> Callable[[Any], Any]:
    rulebook = incentives.load(RULES)

    def assess(facts: Any) -> Any:
        return rulebook.assess(facts, on=ON)

    def trace(facts: Any) -> Any:
        assessment = rulebook.assess(facts, on=ON)
        for decision in assessment:
            decision.explain(lang="zh")
        return assessment

    def derived(facts: Any) -> Any:
        from incentives.explain.replay import awards  # only here: the cold figures are without it

        assessment = rulebook.assess(facts, on=ON)
        for decision in assessment:
            _ = decision.conditions, awards(decision)
        return assessment

    return {"trace": trace, "derived": derived}.get(variant, assess)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}元"


def prepare(variant: str, profile: Profile) -> Any:
    facts = {
        "applicant": {
            "kind": "firm",
            "county": profile["county"],
            "year": profile["year"],
            "ht_status": profile["ht_status"],
            "is_ttc": profile["is_ttc"],
            "project": profile["kind"],
            "rd_inv": yuan(profile["rd_inv"]),
            "funds": yuan(profile["funds"]),
            "post_subsidy": yuan(profile["s"]),
        },
        "contract": [
            {"uni_firm": contract["uni_firm"], "performed": yuan(contract["performed"])}
            for contract in profile["contracts"]
        ],
    }
    if variant in {"profile", "derived"}:
        return incentives.Profile(facts, incentives.load(RULES).vocabulary)
    return facts


def read(assessment: Any) -> Outcome:
    decisions = [assessment[f"four/r{number}"] for number in range(1, 5)]
    first, second, third = (decision.amount.fen for decision in decisions[:3])
    parts = {part.payer: part.amount.fen for part in decisions[3].funding or ()}
    eligible = [str(decision.status) == "eligible" for decision in decisions]
    return Outcome(
        eligible=(eligible[0], eligible[1], eligible[2], eligible[3]),
        amounts=(first, second, third),
        region=parts.get("region", 0),
        city=parts.get("city", 0),
    )
