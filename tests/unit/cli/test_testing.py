"""``rules test``: failures with their reasons, changes nobody notices, cases at the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.golden import check
from tests.unit.authoring.rulebooks import RULES, VOCABULARY, changed

from incentives.diagnostics import Source
from incentives.rulebook.toml import read_toml

Run = Any
GOLDEN = Path(__file__).with_name("testing.txt")
FAILING = changed('amount = "10万元"', 'amount = "12万元"').replace(
    'status = "ineligible", amount = "0元", failed = ["staff"]', 'status = "eligible"'
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "vocabulary.toml").write_text(VOCABULARY, encoding="utf-8")
    (tmp_path / "doc.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


def compare(name: str, text: str, directory: Path) -> None:
    check(GOLDEN, name, text.replace(str(directory), "rules").strip("\n"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_failures_as_they_are_printed(run: Run, small: Path, lang: str) -> None:
    (small / "doc.toml").write_text(FAILING, encoding="utf-8")
    done = run("rules", "test", "--rules", small, "--lang", lang)
    assert done.code == 1
    compare(f"failures {lang}", done.out, small)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_survivors_as_they_are_printed(run: Run, small: Path, lang: str) -> None:
    done = run("rules", "test", "--mutate", "subsidy", "--rules", small, "--lang", lang)
    assert done.code == 1
    compare(f"survivors {lang}", done.out, small)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_suggestions_as_they_are_printed(run: Run, small: Path, lang: str) -> None:
    done = run("rules", "test", "--suggest", "subsidy", "--rules", small, "--lang", lang)
    assert done.code == 0
    compare("suggestions", done.out, small)


def test_the_results_as_data(run: Run, small: Path) -> None:
    (small / "doc.toml").write_text(FAILING, encoding="utf-8")
    done = run("rules", "test", "--rules", small, "--format", "json")
    data = json.loads(done.out)
    assert (done.code, data["format"], data["cases"], data["failed"]) == (
        1,
        "incentives/cases/1",
        3,
        2,
    )
    below, _, few = data["results"]
    assert below["differences"] == [
        {"key": "amount", "expected": "12万元", "found": "100000.00", "findings": []}
    ]
    assert below["first"] == [
        {"zh": "算式：算得 100,000.00元", "en": "the sum itself: it comes to 100,000.00元"}
    ]
    assert few["first"][0]["en"] == "condition staff (At least ten people): failed"
    assert few["clause"] == "一"


def test_mutation_as_data(run: Run, small: Path) -> None:
    done = run("rules", "test", "--mutate", "--rules", small, "--format", "json")
    data = json.loads(done.out)
    assert (done.code, data["format"]) == (1, "incentives/mutation/1")
    assert data["changes"] == len(data["mutants"])
    counted = {word: data[word] for word in ("killed", "equivalent", "accepted", "survived")}
    assert sum(counted.values()) == data["changes"]
    survivor = next(each for each in data["mutants"] if each["verdict"] == "survived")
    assert survivor["suggested"]["toml"].startswith("# 请确认")


def test_suggestions_as_data(run: Run, small: Path) -> None:
    done = run("rules", "test", "--suggest", "--rules", small, "--format", "json")
    data = json.loads(done.out)
    assert data["format"] == "incentives/boundaries/1"
    assert {each["side"] for each in data["cases"]} <= {"below", "at", "above"}


def test_written_suggestions_load_pass_and_are_not_made_again(run: Run, small: Path) -> None:
    before = (small / "doc.toml").read_text(encoding="utf-8")
    first = run("rules", "test", "--suggest", "--write", "--rules", small)
    after = (small / "doc.toml").read_text(encoding="utf-8")
    assert first.code == 0
    assert after != before
    lines = after.splitlines()
    kept = iter(lines)
    assert all(line in kept for line in before.splitlines()), "a line of the file was touched"
    assert read_toml(Source("doc.toml", after))[2] == []
    assert run("rules", "test", "--rules", small).code == 0
    assert run("rules", "test", "--suggest", "--rules", small).out == ""


@pytest.mark.parametrize("options", [("--mutate", "--suggest"), ("--write",)])
def test_options_that_do_not_go_together_are_usage(
    run: Run, small: Path, options: tuple[str, ...]
) -> None:
    done = run("rules", "test", "--rules", small, *options)
    assert (done.code, done.out) == (2, "")


def test_without_cases_nothing_is_suggested_and_it_is_said(run: Run, small: Path) -> None:
    path = small / "doc.toml"
    path.write_text(path.read_text("utf-8").split("[[incentive.case]]")[0], "utf-8")
    done = run("rules", "test", "--suggest", "--rules", small)
    assert "没有算例可以仿照，未作建议：doc/subsidy" in done.err


def test_a_step_that_changed_nothing_is_not_blamed(run: Run, small: Path) -> None:
    path = small / "doc.toml"
    path.write_text(RULES.replace('amount = "10万元"', 'amount = "9万元"'), "utf-8")
    done = run("rules", "test", "--rules", small)
    assert "最先不符：算式：算得 100,000.00元" in done.out
