"""Engine against reference on generated rulebooks and profiles.

Run as a script it prints how many evaluations were compared (one incentive decided by
both for one profile on one day) and the seeds that differ:
``python -m tests.reference.differential --rulebooks 1000``.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import tomli
from tests.reference import evaluator, generate, profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

from incentives.diagnostics import RulebookError, Source
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment, Decision
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

OTHER_DAYS: Final = (
    date(2020, 2, 29), date(2021, 12, 31), date(2023, 1, 31), date(2024, 1, 1), date(2024, 5, 31),
    date(2024, 6, 2), date(2025, 3, 31), date(2025, 4, 1), date(2035, 12, 31),
)  # fmt: skip


def engine_answer(decision: Decision) -> dict[str, Any]:
    """Return a decision in the reference's terms, amounts in fen."""
    span = decision.range
    return {
        "status": str(decision.status),
        "reason": decision.reason,
        "amount": decision.amount.fen if decision.amount is not None else None,
        "low": span.low.fen if span is not None else None,
        "high": span.high.fen if span is not None and span.high is not None else None,
        "failed": list(decision.failed),
    }


def differences(
    seed: int, per_rulebook: int, days: tuple[date, ...] = (generate.ON,), refined: int = 1
) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield (incentive or "", profile, engine, reference) for each decision that is compared.

    ``engine`` and ``reference`` are ``None`` where the two agree. Each profile is decided on
    every day; one in ``refined`` of them with its cells as well.
    """
    files = generate.rulebook(seed)
    try:
        sources = [Source(name, text) for name, text in files.items()]
        rules = build_rules(sources)
    except RulebookError as error:
        yield "", None, str(error), None
        return
    plan = Plan(rules)
    parsed = {name: tomli.loads(text) for name, text in files.items()}
    for number in range(per_rulebook):
        facts = profiles.profile(seed * 1000 + number, tuple(rules.incentives))
        profile = Profile(facts, rules.vocabulary)
        for day, refine in itertools.product(days, (False, True)):
            if refine and number % refined:
                continue
            assessment = Assessment(plan, profile, day, Options(refine=refine))
            expected = evaluator.assess(parsed, facts, day, refine=refine)
            for decision in assessment:
                ours, theirs = engine_answer(decision), expected[decision.incentive]
                if ours == theirs:
                    yield decision.incentive, facts, None, None
                else:
                    name = f"{decision.incentive} on {day} refine={refine}"
                    yield name, facts, ours, theirs


def only_sharper(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether two refined answers are one within the other.

    Both take the longest list of open facts that makes at most 64 cells. The engine lists
    those its answer still waits for, the reference those it reads, so that either may fit
    one more.
    """
    settled = [one for one in (ours, theirs) if one["status"] != "undetermined"]
    ends = [(one["low"] or 0, one["high"]) for one in (ours, theirs)]
    (low, high), (other_low, other_high) = ends
    apart = (high is not None and high < other_low) or (other_high is not None and other_high < low)
    return len({one["status"] for one in settled}) <= 1 and not apart


@dataclass
class Count:
    """What comparing some rulebooks came to; ``found`` tells each difference."""

    compared: int = 0
    refused: int = 0
    sharper: int = 0
    found: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Count what others were found."""
        self.compared += other.compared
        self.refused += other.refused
        self.sharper += other.sharper
        self.found += other.found
        self.seeds += other.seeds


def compare(seed: int, per_rulebook: int, refined: int) -> Count:
    """Compare one generated rulebook, on the day of the profiles and on two others."""
    count = Count()
    days = (generate.ON, *random.Random(f"days {seed}").sample(OTHER_DAYS, 2))
    for name, facts, ours, theirs in differences(seed, per_rulebook, days, refined):
        if isinstance(ours, str):
            if "E243" in ours:
                count.refused += 1  # rows that provably overlap
            else:
                count.found.append(f"seed {seed}: {ours}")
            continue
        count.compared += 1
        if ours is not None and name.endswith("refine=True") and only_sharper(ours, theirs):
            count.sharper += 1
        elif ours is not None:
            found = f"seed {seed} {name}\n  engine    {ours}\n  reference {theirs}\n  {facts}"
            count.found.append(found)
    count.seeds = [seed] if count.found else []
    return count


def main() -> int:
    """Compare and print the count, the seeds and the first differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rulebooks", type=int, default=200, help="how many to generate")
    parser.add_argument("--profiles", type=int, default=5, help="for each rulebook, on three days")
    parser.add_argument("--refined", type=int, default=1, help="one profile in so many with cells")
    parser.add_argument("--seed", type=int, default=0, help="of the first rulebook")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=1e6, help="stop after so long")
    options = parser.parse_args()
    count, began, told = Count(), time.monotonic(), 0.0
    one = partial(compare, per_rulebook=options.profiles, refined=options.refined)
    seeds = range(options.seed, options.seed + options.rulebooks)
    last = options.seed - 1
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for found in pool.imap(one, seeds):  # in order, so that an early end is a range of seeds
            count.add(found)
            last += 1
            for at, text in enumerate(found.found, start=len(count.found) - len(found.found)):
                shown = text if at < 5 else text.splitlines()[0]
                print(shown, flush=True)  # noqa: T201 (a script)
            minutes = (time.monotonic() - began) / 60
            if last == seeds[-1] or minutes >= options.minutes or minutes - told >= 1:
                told = minutes
                print(  # noqa: T201 (a script)
                    f"{count.compared} evaluations compared, {len(count.found)} differ,"
                    f" {count.sharper} only in sharpness (seeds {options.seed} to {last},"
                    f" {count.refused} rightly refused, {minutes:.1f} minutes)",
                    flush=True,
                )
            if minutes >= options.minutes:
                break
    if count.seeds:
        print("seeds that differ:", *count.seeds)  # noqa: T201 (a script)
    return 1 if count.found else 0


if __name__ == "__main__":
    sys.exit(main())
