"""A scheduled job: verify every receipt of a directory and fail if one is not reproduced.

``python verify_receipts.py RECEIPTS``. Made of functions without state, as a workflow
engine calls them: list, verify each, report.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def receipts(folder: str) -> list[Path]:
    """Return the receipts to verify."""
    return sorted(Path(folder).glob("*.json"))


def verify(path: Path) -> tuple[str, bool, str]:
    """Return the name, whether it was reproduced, and what the command said."""
    command = [sys.executable, "-m", "incentives", "--lang", "en", "verify", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return path.name, done.returncode == 0, done.stdout + done.stderr


def main(folder: str) -> int:
    """Verify all; print those that were not reproduced."""
    results = [verify(path) for path in receipts(folder)]
    for name, reproduced, said in results:
        if not reproduced:
            sys.stdout.write(f"{name}: not reproduced\n{said}\n")
    sys.stdout.write(f"{sum(ok for _, ok, _ in results)} of {len(results)} reproduced\n")
    return int(not all(ok for _, ok, _ in results))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
