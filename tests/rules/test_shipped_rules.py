"""The shipped rules: every case passes, every quote is found, every clause has its entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

import incentives
from incentives import Status
from incentives.authoring.cases import run_cases
from incentives.authoring.lint import lint_rules
from incentives.authoring.texts import missing_quotes, plain
from incentives.authoring.written import read_written
from incentives.diagnostics import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from incentives.rulebook.model import Incentive

SZS: Final = "shizuishan-tech-city"
LAST_DAY: Final = date(2025, 12, 31)
AFTER: Final = date(2026, 6, 1)

CLAUSE: Final = re.compile(r"\b(?:SZS|ZN|TL|NX24|NX18)-\d\d\b")


@pytest.fixture(scope="module")
def rulebook() -> incentives.Rulebook:
    return incentives.load()


def test_every_case_passes(rulebook: incentives.Rulebook) -> None:
    results = run_cases(rulebook)
    assert len(results) > 100
    assert [result.text("en") for result in results if not result.passed] == []


def test_nothing_is_warned_of_that_its_entry_does_not_mean(rulebook: incentives.Rulebook) -> None:
    assert [render(each) for each in lint_rules(rulebook)] == []


def test_every_quote_is_found_in_its_source(rulebook: incentives.Rulebook, shared: Path) -> None:
    seeds = shared / "seeds"
    named = [document.source.get("name", "") for document in rulebook.documents.values()]
    assert any((seeds / name).is_file() for name in named if name)
    found = missing_quotes(read_written(rulebook.rules), seeds)
    assert [render(each) for each in found] == []


# ── the Shizuishan plan ends with 2025 ───────────────────────────────────────


def of_plan(rulebook: incentives.Rulebook) -> list[Incentive]:
    return [each for each in rulebook.incentives.values() if each.document.id == SZS]


def test_nothing_of_the_plan_is_eligible_in_2026(rulebook: incentives.Rulebook) -> None:
    assert of_plan(rulebook)
    for incentive in of_plan(rulebook):
        for case in incentive.cases:
            try:
                profile = rulebook.profile(dict(case.facts))
            except incentives.ProfileError:
                continue
            late = rulebook.assess(profile, on=AFTER, assume_no_history=case.assume_no_history)
            assert late[incentive.id].status is Status.NOT_APPLICABLE, case.name
            assert late[incentive.id].reason == "period", case.name


def test_the_same_case_is_eligible_on_the_last_day(rulebook: incentives.Rulebook) -> None:
    eligible = set()
    for incentive in of_plan(rulebook):
        for case in incentive.cases:
            if case.expect.get("status") == "eligible" and case.reading is None:
                found = rulebook.assess(
                    dict(case.facts), on=LAST_DAY, assume_no_history=case.assume_no_history
                )
                if found[incentive.id].status is Status.ELIGIBLE:
                    eligible.add(incentive.id)
    assert f"{SZS}/technology-contract-award" in eligible
    assert len(eligible) >= 3


# ── every clause of the documents has its place ──────────────────────────────


@dataclass(frozen=True, slots=True)
class Seed:
    """One source document: its key in the list of measures, its file, and the rule files' text."""

    key: str
    source: str
    rules: str


def measures(shared: Path) -> str:
    return (shared / "policies" / "seed-measures.md").read_text(encoding="utf-8")


def encoded(shared: Path, repository: Path) -> list[Seed]:
    """Return the documents of the list that have a rule file."""
    row = re.compile(r"^\| (SZS|ZN|TL|NX24|NX18) \| (\S+\.txt) \|", re.MULTILINE)
    listed = row.findall(measures(shared))
    texts = [path.read_text(encoding="utf-8") for path in (repository / "rules").glob("*.toml")]
    seeds = []
    for key, source in listed:
        rules = "\n".join(text for text in texts if source in text)
        if rules:
            seeds.append(Seed(key, source, rules))
    return seeds


def comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.lstrip().startswith("#"))


def test_every_clause_id_stands_in_a_comment(shared: Path, repository: Path) -> None:
    seeds = encoded(shared, repository)
    assert {"SZS", "ZN"} <= {seed.key for seed in seeds}
    listed = set(CLAUSE.findall(measures(shared)))
    for seed in seeds:
        own = {clause for clause in listed if clause.startswith(f"{seed.key}-")}
        missing = own - set(CLAUSE.findall(comments(seed.rules)))
        assert missing == set(), seed.key


def targets_listed(shared: Path) -> Iterator[tuple[str, str]]:
    """Yield key and quote of each row of the table of targets."""
    text = measures(shared)
    table = text[text.index("## A6.") : text.index("## A7.")]
    for row in table.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch("SZS|ZN|TL|NX24|NX18", cells[0]):
            yield cells[0], cells[2]


def bare(text: Any) -> str:
    """Return a quote without white space and punctuation, which rows and quotes set differently."""
    return re.sub(r"[^\w%.&]", "", plain(str(text)))


def share(row: str, quote: str) -> bool:
    """Say whether a quote and a row are about the same words."""
    return any(
        bare(part) in bare(other)
        for one, other in ((row, quote), (quote, row))
        for part in re.split(r"[，,、；;。]", one)
        if len(bare(part)) >= 8
    )


def test_every_kpi_is_a_target(
    rulebook: incentives.Rulebook, shared: Path, repository: Path
) -> None:
    rows = list(targets_listed(shared))
    assert len(rows) > 20
    for seed in encoded(shared, repository):
        quotes = [
            target.quote or ""
            for target in rulebook.rules.targets
            if target.document.source.get("name") == seed.source
        ]
        own = [quote for key, quote in rows if key == seed.key]
        assert [row for row in own if not any(share(row, quote) for quote in quotes)] == []
