"""A nightly run: every profile of a directory, one line of JSON each, N in and N out.

``python nightly.py PROFILES OUT.jsonl 2024-06-01``. A bad profile comes out with its
findings and loses none of the others; the output appears whole or not at all. Ends
with 1 if a profile was refused.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import incentives


def assess(rulebook: incentives.Rulebook, path: Path, on: date) -> dict[str, Any]:
    """Return one result: the totals and what is eligible, or the findings."""
    try:
        assessment = rulebook.assess(path, on=on)
    except incentives.ProfileError as error:
        return {"profile": path.name, "findings": [str(finding.zh) for finding in error.findings]}
    data = assessment.to_dict()
    eligible = [d["incentive"] for d in data["decisions"] if d["status"] == "eligible"]
    return {"profile": path.name, "totals": data["totals"], "eligible": eligible}


def main(profiles: str, out: str, on: str) -> int:
    """Assess all and write the results."""
    rulebook = incentives.load()
    day = date.fromisoformat(on)
    results = [assess(rulebook, path, day) for path in sorted(Path(profiles).glob("*.toml"))]
    lines = [json.dumps(result, ensure_ascii=False) + "\n" for result in results]
    unfinished = Path(f"{out}.part")
    unfinished.write_text("".join(lines), encoding="utf-8")
    unfinished.replace(out)  # whole or not at all
    return int(any("findings" in result for result in results))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
