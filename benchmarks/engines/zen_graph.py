"""zen-engine: a decision table and expression nodes; amounts are yuan in doubles.

``trace`` asks for its trace. ``key`` is its fast path: a static loader, evaluated by key.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zen

from engines.yuan import facts, fen
from workload import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from workload import Profile

VARIANTS = ("key", "trace")
GRAPH = Path(__file__).parents[1] / "rules" / "zen.json"


def load(variant: str) -> Callable[[Any], Any]:
    content = {"four": json.loads(GRAPH.read_text(encoding="utf-8"))}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
    if variant == "trace":
        return lambda given: engine.evaluate("four", given, {"trace": True})
    return lambda given: engine.evaluate("four", given)


def prepare(_variant: str, profile: Profile) -> Any:
    return facts(profile)


def read(answer: Any) -> Outcome:
    result = answer["result"]
    return Outcome(
        eligible=(bool(result["e1"]), bool(result["e2"]), bool(result["e3"]), bool(result["e4"])),
        amounts=(fen(result["a1"]), fen(result["a2"]), fen(result["a3"])),
        region=fen(result["region"]),
        city=fen(result["city"]),
    )
