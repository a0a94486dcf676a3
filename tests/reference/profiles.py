"""Seeded random profiles for `generate.rulebook`, with unknowns and bounds; completions of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.reference.generate import CHOICES, DATES, FACTS, KINDS, MONEY, POOLS, RATIO


def known(rng: random.Random, kind: str, name: str) -> Any:
    """Return one value a profile may hold."""
    if kind == "series":
        return {
            str(year): rng.choice(MONEY) for year in (2021, 2022, 2023, 2024) if rng.random() < 0.8
        }
    if kind == "ratio":
        return rng.choice(RATIO)
    return rng.choice(CHOICES.get(name, POOLS.get(kind, ())))


def facts(rng: random.Random, entity: str, share: float) -> dict[str, Any]:
    """Return facts of one holder, some absent, some known within bounds."""
    found = {}
    for name, kind in FACTS[entity].items():
        if name == "no" or rng.random() > share:
            continue
        found[name] = known(rng, kind, name)
        if kind in ("money", "count", "date") and rng.random() < 0.1:
            pool = sorted(POOLS[kind], key=size)
            low, high = sorted(rng.sample(range(len(pool)), 2))
            bounds = {"at_least": pool[low], "at_most": pool[high]}
            found[name] = {k: one for k, one in bounds.items() if rng.random() < 0.8} or found[name]
    return found


def size(value: Any) -> float:
    """Return something to sort pool values of one kind by."""
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, int):
        return value
    return float(value.removesuffix("元").removesuffix("万")) * (10_000 if "万" in value else 1)


def profile(seed: int, incentives: tuple[str, ...], share: float = 0.8) -> dict[str, Any]:
    """Return a random profile; `share` of the facts are given."""
    rng = random.Random(f"profile {seed}")
    made: dict[str, Any] = {"applicant": facts(rng, "applicant", share)}
    made["applicant"].setdefault("kind", rng.choice(KINDS)) if rng.random() < 0.8 else None
    if rng.random() < 0.9:
        made["contract"] = [
            {"no": f"n{i}", **facts(rng, "contract", share)} for i in range(rng.randrange(4))
        ]
    for entity, when in (("received", "year"), ("decided", "decided_on")):
        if rng.random() < 0.6:
            made[entity] = []
            for _ in range(rng.randrange(3)):
                entry: dict[str, Any] = {"incentive": rng.choice(incentives)}
                entry |= {"amount": rng.choice(MONEY[1:]),
                          "item": rng.choice(("n0", "n1", "n9"))}  # fmt: skip
                entry[when] = rng.choice((2022, 2023, 2024) if when == "year" else DATES[2:])
                made[entity].append(entry)
    return made


def complete(seed: int, partial: Mapping[str, Any]) -> dict[str, Any]:
    """Return one completion of a profile: nothing unknown is left, nothing known is changed."""
    rng = random.Random(f"completion {seed}")
    full: dict[str, Any] = {"received": [], "decided": [], **partial}
    if "contract" not in full:
        full["contract"] = [{"no": f"n{i}"} for i in range(rng.randrange(3))]
    holders = [("applicant", full["applicant"]), *(("contract", one) for one in full["contract"])]
    done = [(entity, {**holder}) for entity, holder in holders]
    for entity, holder in done:
        for name, kind in FACTS[entity].items():
            given = holder.get(name)
            if kind == "series":
                years = {str(year): rng.choice(MONEY) for year in range(2015, 2026)}
                holder[name] = {**years, **(given or {})}
            elif isinstance(given, Mapping):
                low, high = (
                    size(given[end]) if end in given else None for end in ("at_least", "at_most")
                )
                fit = [
                    one
                    for one in POOLS[kind]
                    if (low is None or size(one) >= low) and (high is None or size(one) <= high)
                ]
                holder[name] = rng.choice(fit)
            elif given is None:
                holder[name] = known(rng, kind, name)
    full["applicant"] = done[0][1]
    full["contract"] = [holder for _, holder in done[1:]]
    return full
