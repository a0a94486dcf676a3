"""The worked cases as data: what another implementation of the rule language can run.

``python -m tests.corpus.dump`` writes ``cases.jsonl``, one case a line: the incentive,
the date, the facts as in a profile (dates as texts), the options, and what the
decision comes to. A case of a reading expects what that reading gives, before groups.
A test compares the file with what the engine decides.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import incentives
from incentives.api import Decision
from incentives.authoring.cases import run_of_case
from incentives.engine.focus import plan_for
from incentives.rulebook.model import LegalStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH: Final = Path(__file__).with_name("cases.jsonl")
KEPT: Final = ("status", "reason", "amount", "range", "failed", "missing")


def lines() -> Iterator[str]:
    """Yield the lines of the file, in the order of the rules."""
    rules = incentives.load().rules
    for incentive in sorted(rules.incentives.values(), key=lambda each: each.id):
        plan = plan_for(rules, incentive.id)
        for case in incentive.cases:
            found = Decision(incentive, run_of_case(plan, case)).to_dict()
            data = {
                "incentive": incentive.id,
                "case": case.name,
                "on": case.on,
                "facts": case.facts,
                "reading": case.reading,
                "drafts": incentive.document.legal_status is LegalStatus.DRAFT,
                "assume_no_history": case.assume_no_history,
                "expected": {key: found[key] for key in KEPT},
            }
            yield json.dumps(data, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


def main() -> None:
    """Write the file."""
    PATH.write_text("".join(lines()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
