"""Batch against the reference evaluator, decision by decision, on the shipped rules.

Firms are put together from the patterns of ``compare``, decided as a batch with whatever
the columns leave to the single engine, and each by the reference evaluator, which shares no
code with either. A batch gives the compositional decision; where that is open and
refinement settles it, the refined one.

``python -m tests.batch.reference --firms 10000`` prints the decisions compared and the first
differences.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from tests.batch.compare import COMMON, DAYS, Epoch, Generator, batched
from tests.reference import evaluator
from tests.reference.differential import only_sharper

import incentives
import incentives.batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import pyarrow as pa

RULES = Path(__file__).parents[2] / "rules"
FIELDS = ("status", "reason", "amount", "low", "high", "failed")
PATTERNS = 4


@dataclass(slots=True)
class Count:
    """What was compared; ``settled``: by refinement; ``sharper``: one answer within the other."""

    firms: int = 0
    compared: int = 0
    settled: int = 0
    sharper: int = 0
    found: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Count what was compared elsewhere."""
        self.firms += other.firms
        self.compared += other.compared
        self.settled += other.settled
        self.sharper += other.sharper
        self.found += other.found


def firms_of(epoch: Epoch, picks: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the firms of some picks as profiles."""
    for pick in picks.to_pylist():
        chosen = {name: pick[f"p{at}"] for at, name in enumerate(COMMON)}
        chosen |= dict(zip(epoch.documents, pick["own"], strict=True))
        yield epoch.generator.profile(chosen, epoch.lists)


def answer(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a batch in the reference's terms, amounts in fen."""
    found = {name: row[name] for name in FIELDS}
    for name in ("amount", "low", "high"):
        found[name] = None if row[name] is None else int(row[name] * 100)
    return found


def compare_firm(
    parsed: dict[str, Any],
    on: date,
    no_history: bool,
    facts: dict[str, Any],
    rows: list[dict[str, Any]],
) -> Count:
    """Hold the rows of one firm against the reference."""
    count = Count(firms=1, compared=len(rows))
    plain = evaluator.assess(parsed, facts, on, assume_no_history=no_history)
    refined: dict[str, Any] = {}
    if {row["incentive"] for row in rows} != plain.keys():
        count.found.append(f"{on}: other incentives\n  {facts}")
    for row in rows:
        ours, name = answer(row), row["incentive"]
        theirs = plain[name]
        if ours == theirs:
            continue
        is_open = theirs["status"] == "undetermined" or theirs["low"] != theirs["high"]
        if is_open:
            refined = refined or evaluator.assess(
                parsed, facts, on, refine=True, assume_no_history=no_history
            )
            theirs = refined[name]
        if is_open and ours == theirs:
            count.settled += 1
        elif is_open and only_sharper(ours, theirs):
            count.sharper += 1
        else:
            count.found.append(
                f"{name} on {on}\n  batch     {ours}\n  reference {theirs}\n  {facts}"
            )
    return count


def compare(seed: int, firms: int) -> Count:
    """Compare the firms of one set of patterns."""
    rulebook = incentives.load()
    generator = Generator(rulebook.rules, seed)
    epoch = Epoch.begin(generator, random.Random(seed).choice(DAYS), PATTERNS)
    picks = epoch.picks(firms)
    tables = epoch.tables(picks)
    made = incentives.batch.assess(
        rulebook,
        tables,
        key="id",
        on=epoch.on,
        assume_no_history=epoch.no_history,
        units=epoch.units(tables),
    )
    rows = made.to_arrow().to_pylist()
    parsed = {path.name: tomli.loads(path.read_text("utf-8")) for path in RULES.glob("*.toml")}
    count = Count()
    own = batched(iter(rows), len(rows) // firms)
    for facts, mine in zip(firms_of(epoch, picks), own, strict=True):
        count.add(compare_firm(parsed, epoch.on, epoch.no_history, facts, mine))
    return count


def main() -> int:
    """Compare and print what was compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=1_000)
    parser.add_argument("--each", type=int, default=250, help="firms of one set of patterns")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    count, began = Count(), time.perf_counter()
    seeds = range(options.seed, options.seed + -(-options.firms // options.each))
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        for one in pool.map(compare, seeds, repeat(options.each)):
            count.add(one)
    print(  # noqa: T201
        f"seeds {seeds.start} to {seeds.stop - 1}: {count.firms:,} firms, {count.compared:,} "
        f"decisions compared, {len(count.found)} differ; {count.settled:,} settled by refinement, "
        f"{count.sharper:,} differ in sharpness only; {time.perf_counter() - began:.0f} s"
    )
    for text in count.found[:10]:
        print(text)  # noqa: T201
    return 1 if count.found else 0


if __name__ == "__main__":
    sys.exit(main())
