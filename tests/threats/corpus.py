"""Everything the shipped cases and examples come to, as one digest: run under odd surroundings.

``python -m tests.threats.corpus [thread] [decimal] [digits]`` prints the number of
decisions and a SHA-256 over their JSON and over the explanations of the examples:
in a thread with a small stack, in a spoilt decimal context, without the
interpreter's limit of digits. Opening any file for writing is refused while it
runs, so that a read-only disk is enough.
"""

from __future__ import annotations

import decimal
import hashlib
import json
import sys
import threading
from datetime import date
from typing import Any, Final

import incentives
from incentives.api import Decision
from incentives.authoring.cases import run_of_case
from incentives.engine.focus import plan_for
from incentives.resources import examples_path

ON: Final = date(2024, 6, 1)
SMALL_STACK: Final = 64 * 1024


def refuse_writing(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop the process from opening a file for writing."""
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise PermissionError(f"a read-only disk: {arguments[0]}")


def digest() -> str:
    """Return the count and the digest."""
    rulebook = incentives.load()
    found = hashlib.sha256()
    count = 0
    for incentive in rulebook.rules.incentives.values():
        plan = plan_for(rulebook.rules, incentive.id)
        for case in incentive.cases:
            decision = Decision(incentive, run_of_case(plan, case))
            found.update(json.dumps(decision.to_dict(), ensure_ascii=False).encode())
            count += 1
    for path in sorted(examples_path().glob("*.toml")):
        assessment = rulebook.assess(f"example:{path.stem}", on=ON)
        text = json.dumps(assessment.to_dict(), ensure_ascii=False)
        text += assessment.explain("zh") + assessment.explain("en")
        found.update(text.encode())
        count += 1
    return f"{count} {found.hexdigest()}"


def main(*words: str) -> None:
    """Print the digest as it comes out under what ``words`` ask for."""
    sys.addaudithook(refuse_writing)
    if "decimal" in words:
        decimal.setcontext(decimal.Context(prec=1, rounding=decimal.ROUND_UP, Emax=2, traps=[]))
    if "digits" in words:
        sys.set_int_max_str_digits(0)
    out: list[str] = []
    if "thread" in words:
        threading.stack_size(SMALL_STACK)
        worker = threading.Thread(target=lambda: out.append(digest()))
        worker.start()
        worker.join()
    else:
        out.append(digest())
    sys.stdout.write("".join(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
