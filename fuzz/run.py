"""Fuzz one target for a number of seconds: ``python fuzz/run.py TARGET SECONDS``; or all in turn.

Guided by coverage of the library (atheris). Prints executions and coverage; a
crash is kept in ``fuzz/found/TARGET-…`` and ends the run. What is found becomes a
test by staying there (``tests/threats/test_fuzz_seeds.py`` runs every file of it).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["incentives", "tomli"]):
    sys.path.insert(0, str(Path(__file__).parent))
    from targets import TARGETS, seeds

FOUND = Path(__file__).parent / "found"


def one(target: str, seconds: int) -> None:
    """Fuzz in this process; atheris ends it."""
    FOUND.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, raw in enumerate(seeds(target)):
            (Path(folder) / str(number)).write_bytes(raw)
        options = [
            f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=4096", "-max_len=65536",
            f"-artifact_prefix={FOUND}/{target}-", "-print_final_stats=1", "-verbosity=0",
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, folder], TARGETS[target])
        atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Run one target, or each of them in a process of its own."""
    if len(arguments) == 2:
        one(arguments[0], int(arguments[1]))
        return 0
    seconds = arguments[0] if arguments else "60"
    status = 0
    for target in TARGETS:
        print(f"== {target}, {seconds} s", flush=True)
        own = [sys.executable, __file__, target, seconds]
        status |= subprocess.run(own, check=False).returncode
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
