"""One profile at a time: this library, plain Python and two other rule engines.

Machines drift by half within seconds. So all engines run in one process, in
short turns, round after round; a ratio is taken within each round and only
then the median over the rounds. Cold figures are fresh processes.

    python benchmarks/run.py [--rounds 7] [--slice-ms 150] [--json FILE] [--no-cold]
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

START: Final = time.perf_counter_ns()
ENGINES: Final = ("plain", "ours", "zen_graph", "rule_engine_steps")
BASE: Final = "plain"  # ratios are against it
COLD_RUNS: Final = 5


@dataclass(slots=True)
class Runner:
    """One variant of one engine, ready to run."""

    name: str
    call: Callable[[Any], Any]
    inputs: list[Any]
    wrong: int
    rounds: list[float] = field(default_factory=list)  # median µs of each round


def module(engine: str) -> Any:
    return importlib.import_module(f"engines.{engine}")


def ready(engine: str) -> tuple[list[Runner], str]:
    """Return the runners of an engine, or none and the reason."""
    from workload import expected, profiles

    try:
        code = module(engine)
    except ImportError as error:
        return [], f"not installed ({error})"
    drawn = profiles()
    due = [expected(profile) for profile in drawn]
    runners = []
    for variant in code.VARIANTS:
        call = code.load(variant)
        inputs = [code.prepare(variant, profile) for profile in drawn]
        got = [code.read(call(given)) for given in inputs]
        wrong = sum(one != other for one, other in zip(got, due, strict=True))
        name = engine if len(code.VARIANTS) == 1 else f"{engine} · {variant}"
        runners.append(Runner(name, call, inputs, wrong))
    return runners, ""


def turn(runner: Runner, budget_ns: int) -> float:
    """Return the median µs per call over one turn; the inputs rotate.

    A sample is one pass over enough inputs to last about 20 µs or more, so the
    clock's own cost stays below one per cent.
    """
    clock, call, inputs = time.perf_counter_ns, runner.call, runner.inputs
    begin = clock()
    for given in inputs[:16]:
        call(given)
    each = max(1, (clock() - begin) // 16)
    size = max(1, -(-20_000 // each))
    samples: list[float] = []
    at, end = 0, clock() + budget_ns
    while clock() < end or len(samples) < 5:
        chunk = [inputs[(at + step) % len(inputs)] for step in range(size)]
        at += size
        begin = clock()
        for given in chunk:
            call(given)
        samples.append((clock() - begin) / size / 1000)
    return median(samples)


def measure(runners: list[Runner], rounds: int, slice_ms: int) -> None:
    """Let the runners take turns; the order turns too, so none is always first."""
    gc.collect()
    gc.freeze()  # what is loaded is no engine's garbage
    for number in range(rounds):
        shift = number % len(runners)
        for runner in runners[shift:] + runners[:shift]:
            runner.rounds.append(turn(runner, slice_ms * 1_000_000))


def cold_child(engine: str) -> None:
    """In a fresh process: import, load the rules, assess one profile; print the ms of each."""
    from workload import FIRST

    clock, marks = time.perf_counter_ns, [START]
    code = module(engine)
    marks.append(clock())
    variant = code.VARIANTS[0]
    call = code.load(variant)
    marks.append(clock())
    given = code.prepare(variant, FIRST)
    begin = clock()
    call(given)
    steps = [marks[1] - marks[0], marks[2] - marks[1], clock() - begin]
    print(json.dumps([step / 1e6 for step in steps]))


def cold(engine: str) -> list[float]:
    """Return the median ms of COLD_RUNS fresh processes: wall, import, rules, first call."""
    runs = []
    for _ in range(COLD_RUNS + 1):  # the first one warms the file cache
        begin = time.perf_counter_ns()
        run = subprocess.run(
            [sys.executable, __file__, "--cold-child", engine],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        runs.append([(time.perf_counter_ns() - begin) / 1e6, *json.loads(run.stdout)])
    return [median(column) for column in zip(*runs[1:], strict=True)]


def report(runners: list[Runner]) -> list[dict[str, Any]]:
    """Print the warm figures; ratios are medians of the rounds' own ratios."""
    base = next(runner for runner in runners if runner.name == BASE)
    rows = []
    print("\n| engine | median µs | best – worst round | times plain | wrong of 256 |")
    print("|---|--:|--:|--:|--:|")
    for runner in runners:
        ratios = [mine / its for mine, its in zip(runner.rounds, base.rounds, strict=True)]
        row = {
            "engine": runner.name,
            "median_us": median(runner.rounds),
            "best_us": min(runner.rounds),
            "worst_us": max(runner.rounds),
            "ratio": median(ratios),
            "ratios": ratios,
            "wrong": runner.wrong,
        }
        rows.append(row)
        spread = f"{row['best_us']:,.1f} – {row['worst_us']:,.1f}"
        print(
            f"| {runner.name} | {row['median_us']:,.1f} | {spread} "
            f"| {row['ratio']:,.1f} | {runner.wrong} |"
        )
    return rows


def report_cold(engines: list[str]) -> list[dict[str, Any]]:
    """Print the cold figures."""
    rows = []
    print("\n| cold start, ms | whole process | import | rules | first profile |")
    print("|---|--:|--:|--:|--:|")
    for engine in engines:
        wall, imports, rules, first = cold(engine)
        rows.append({"engine": engine, "wall": wall, "import": imports, "rules": rules})
        rows[-1]["first"] = first
        print(f"| {engine} | {wall:.0f} | {imports:.1f} | {rules:.1f} | {first:.2f} |")
    return rows


def main() -> int:
    """Run, print tables, and fail when this library gave a wrong amount."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--slice-ms", type=int, default=150)
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures here")
    parser.add_argument("--no-cold", action="store_true")
    parser.add_argument("--cold-child", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cold_child:
        cold_child(options.cold_child)
        return 0
    runners: list[Runner] = []
    present = []
    for engine in ENGINES:
        found, reason = ready(engine)
        if found:
            present.append(engine)
            runners += found
        else:
            print(f"skipped {engine}: {reason}")
    measure(runners, options.rounds, options.slice_ms)
    figures = {"warm": report(runners), "cold": []}
    if not options.no_cold:
        figures["cold"] = report_cold(present)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return int(any(runner.wrong for runner in runners if runner.name.startswith("ours")))


if __name__ == "__main__":
    sys.exit(main())
