"""The cases as data are what the engine decides, and anyone can read them."""

from __future__ import annotations

import json

from tests.corpus.dump import PATH, lines


def test_the_committed_cases_are_what_the_engine_decides() -> None:
    committed = PATH.read_text(encoding="utf-8").splitlines(keepends=True)
    assert committed == list(lines()), "run python -m tests.corpus.dump"


def test_every_line_says_all_that_is_needed() -> None:
    cases = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
    assert len(cases) > 1_000
    assert {tuple(case) for case in cases} == {
        ("incentive", "case", "on", "facts", "reading", "drafts", "assume_no_history", "expected")
    }
    assert {case["expected"]["status"] for case in cases} == {
        "eligible", "ineligible", "undetermined", "not_applicable"}  # fmt: skip
