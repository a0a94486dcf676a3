"""rule-engine: ten expressions in order, each result a name for the next ones.

It has no rounding function, so half up is spelled with ``//``; decimals inside.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rule_engine

from engines.yuan import facts, fen
from workload import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from workload import Profile

VARIANTS = ("steps",)
RULES = Path(__file__).parents[1] / "rules" / "rule_engine.json"


def load(_variant: str) -> Callable[[Any], Any]:
    context = rule_engine.Context()
    texts = json.loads(RULES.read_text(encoding="utf-8"))
    steps = [(name, rule_engine.Rule(text, context=context).evaluate) for name, text in texts]

    def evaluate(given: dict[str, Any]) -> dict[str, Any]:
        thing = dict(given)
        for name, step in steps:
            thing[name] = step(thing)
        return thing

    return evaluate


def prepare(_variant: str, profile: Profile) -> Any:
    return facts(profile)


def read(result: Any) -> Outcome:
    return Outcome(
        eligible=(bool(result["e1"]), bool(result["e2"]), bool(result["e3"]), bool(result["e4"])),
        amounts=(fen(result["a1"]), fen(result["a2"]), fen(result["a3"])),
        region=fen(result["region"]),
        city=fen(result["city"]),
    )
