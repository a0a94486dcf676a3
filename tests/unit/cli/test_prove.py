"""``rules prove``: what is printed, in both languages and as data, and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.golden import check

z3 = pytest.importorskip("z3", reason="the extra `prove` is not installed")

GOLDEN = Path(__file__).with_name("prove.txt")
Run = Any


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_says_everything_about_an_incentive(run: Run, rules: Path, lang: str) -> None:
    done = run("--lang", lang, "rules", "prove", "contract-award", "--rules", rules)
    assert done.code == 0
    check(GOLDEN, f"contract-award {lang}", done.out.rstrip("\n"))


def with_cliff(rules: Path) -> Path:
    path = rules / "plan.toml"
    text = path.read_text("utf-8").replace(
        "when = 'contract.paid > 0'", "when = 'contract.paid <= most'"
    )
    path.write_text(text.replace('cap = "20万元"', 'cap = "20万元"\nmost = "100万元"'), "utf-8")
    return rules


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_of_them_print_faults_and_a_table(run: Run, rules: Path, lang: str) -> None:
    done = run("--lang", lang, "rules", "prove", "--all", "--rules", with_cliff(rules))
    assert done.code == 1
    check(GOLDEN, f"all {lang}", done.out.rstrip("\n"))


def test_as_data(run: Run, rules: Path) -> None:
    done = run(
        "rules", "prove", "contract-award", "--rules", with_cliff(rules),
        "--only", "monotone", "--format", "json",
    )  # fmt: skip
    assert done.code == 1
    data = json.loads(done.out)
    assert data["format"] == "incentives/proofs/1"
    (answer,) = data["reports"][0]["answers"]
    assert (answer["verdict"], answer["code"]) == ("refuted", "E704")
    low, high = answer["witnesses"]
    assert (low["status"], low["low"]) == ("eligible", "100000.00")
    assert (high["status"], high["failed"]) == ("ineligible", ["paid"])


def test_older_rules_are_compared_where_it_is_asked(run: Run, rules: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for path in rules.iterdir():
        text = path.read_text("utf-8").replace('cap = "20万元"', 'cap = "10万元"')
        (old / path.name).write_text(text, "utf-8")
    ask = (
        "rules",
        "prove",
        "contract-award",
        "--rules",
        rules,
        "--against",
        old,
        "--only",
        "versions",
    )
    assert run(*ask).code == 1
    done = run(*ask, "--where", 'applicant.kind != "centre"', "--lang", "en")
    assert done.code == 0
    assert 'the same where applicant.kind != "centre" as [the old rules]' in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("contract-award", "--all"),
        ("nothing",),
        ("contract-award", "--only", "reach,tallest"),
        ("contract-award", "--timeout", "0"),
        ("contract-award", "--items", "9"),
    ],
)
def test_what_cannot_be_asked_is_usage(run: Run, rules: Path, arguments: tuple[str, ...]) -> None:
    done = run("rules", "prove", *arguments, "--rules", rules)
    assert (done.code, done.out) == (2, "")


def test_a_region_that_is_wrong_is_a_finding(run: Run, rules: Path) -> None:
    done = run(
        "rules",
        "prove",
        "contract-award",
        "--rules",
        rules,
        "--where",
        "applicant.revnue[year] > 0",
    )
    assert done.code == 1
    assert "--where:1:1" in done.err


def test_without_the_solver_one_sentence_says_so(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    done = run("rules", "prove", "--all", "--rules", rules)
    assert (done.code, done.out) == (2, "")
    assert "pip install 'incentives[prove]'" in done.err
