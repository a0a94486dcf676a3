"""What the shipped cases expect, reached by the evaluator that shares no code with the engine.

A case's own document is enough to decide it, but for the few that other
documents bear on: those are decided with the whole rulebook. Every ninth case
is decided here; ``python -m tests.rules.test_cases_by_reference`` decides all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import tomli
from tests.reference.evaluator import assess

import incentives
from incentives.engine.focus import bearing_on
from incentives.rulebook.model import LegalStatus
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.rulebook.model import Case, Rules

RULES: Final = Path(__file__).resolve().parents[2] / "rules"
STEP: Final = 9
MONEY: Final = ("amount", "low", "high")


def files() -> dict[str, Any]:
    paths = sorted(RULES.glob("*.toml"))
    return {path.name: tomli.loads(path.read_text(encoding="utf-8")) for path in paths}


def differences(rules: Rules, step: int = 1) -> Iterator[str]:
    """Yield what every ``step``-th case expects and the reference does not give."""
    every = files()
    cases = [case for name in sorted(rules.incentives) for case in rules.incentives[name].cases]
    for case in cases[::step]:
        if case.reading is None and case.facts.keys():
            yield from compare(rules, case, every)


def compare(rules: Rules, case: Case, every: dict[str, Any]) -> Iterator[str]:
    incentive = rules.incentives[case.incentive]
    needed, _ = bearing_on(rules, case.incentive)
    documents = {name.partition("/")[0] for name in needed}
    kept = {
        name: file
        for name, file in every.items()
        if "document" not in file or file["document"]["id"] in documents
    }
    found = assess(
        kept,
        dict(case.facts),
        case.on,
        refine=True,
        drafts=incentive.document.legal_status is LegalStatus.DRAFT,
        assume_no_history=case.assume_no_history,
    )[case.incentive]
    for key, expected in case.expect.items():
        if key in {"status", "reason"}:
            same = found[key] == expected
        elif key in MONEY:
            fen = None if expected == "none" else Money.parse(expected).fen
            same = found[key] == fen
        elif key == "failed":
            same = sorted(found[key]) == sorted(expected)
        else:
            continue
        if not same:
            yield f"{case.incentive} · {case.name}: {key} {expected!r}, reference {found[key]!r}"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return incentives.load().rules


def test_the_reference_gives_what_the_cases_expect(rules: Rules) -> None:
    assert list(differences(rules, STEP)) == []


if __name__ == "__main__":
    for line in differences(incentives.load().rules):
        print(line)  # noqa: T201 - a run by hand
