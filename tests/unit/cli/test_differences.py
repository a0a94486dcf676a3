"""``rules diff`` as a person or a script runs it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def changed(rules: Path) -> Path:
    place = rules.with_name("changed")
    shutil.copytree(rules, place)
    plan = place / "plan.toml"
    text = plan.read_text("utf-8").replace('"10%"', '"12%"', 1)
    plan.write_text(text.replace('fixed = "1万元"', 'fixed = "5000元"'), "utf-8")
    return place


def test_nothing_changed(run: Callable[..., Any], rules: Path) -> None:
    done = run("rules", "diff", rules, rules, "--lang", "en")
    assert (done.code, done.out) == (0, "the two rulebooks mean and say the same\n")


def test_what_changed(run: Callable[..., Any], rules: Path, changed: Path) -> None:
    done = run("rules", "diff", rules, changed, "--lang", "en")
    assert done.code == 1
    assert done.out == (
        "changed: incentive plan/contract-award (Contract award)\n"
        "    amount, parameter rate: 10% → 12% [二（三）6]\n"
        "changed: incentive plan/firm-award (Firm award)\n"
        "    amount: 10,000.00元 → 5,000.00元 [三]\n"
    )
    done = run("rules", "diff", rules, changed, "--lang", "zh")
    assert done.out == (
        "变化：事项 plan/contract-award（技术合同奖励）\n"
        "    金额，参数 rate：10% → 12%〔二（三）6〕\n"
        "变化：事项 plan/firm-award（企业奖励）\n"
        "    金额：10,000.00元 → 5,000.00元〔三〕\n"
    )


def test_what_it_does_to_profiles(
    run: Callable[..., Any], rules: Path, changed: Path, centre: Path
) -> None:
    place = centre.with_name("profiles")
    place.mkdir()
    shutil.copy(centre, place / "centre.toml")
    firm = '[applicant]\nkind = "enterprise"\nregion = "640200"\n'
    (place / "firm.toml").write_text(firm, "utf-8")
    (place / "bad.json").write_text('{"applicant": {"kind": 3}}', "utf-8")
    (place / "open.toml").write_text(
        centre.read_text("utf-8").replace('paid = "150万元"', ""), "utf-8"
    )
    svg = centre.with_name("impact.svg")
    options = ("--on", place, "--date", "2024-06-01", "--svg", svg)
    done = run("rules", "diff", rules, changed, *options, "--lang", "en")
    assert done.code == 1
    assert (
        "Impact on 4 profiles: 1 gain 30,000.00元 in all, 1 lose 5,000.00元 in all, 0 unchanged"
        in done.out
    )
    lines = {line.split("  ")[0]: line for line in done.out.splitlines()}
    assert lines["centre"].split() == [
        "centre",
        "150,000.00元",
        "180,000.00元",
        "30,000.00元",
        "+" + "█" * 12,
    ]
    assert lines["firm"].split()[-1] == "-██"
    assert "E3" in lines["bad"]
    assert "more open" in done.out
    assert svg.read_text("utf-8").startswith("<svg")
    done = run("rules", "diff", rules, changed, *options, "--format", "json")
    data = json.loads(done.out)
    assert data["impact"]["gain"] == "30000.00"
    assert [one["id"] for one in data["entries"]] == ["plan/contract-award", "plan/firm-award"]


def test_what_cannot_be_asked(run: Callable[..., Any], rules: Path, tmp_path: Path) -> None:
    assert run("rules", "diff", rules, rules, "--svg", tmp_path / "a.svg").code == 2
    (tmp_path / "empty").mkdir()
    assert run("rules", "diff", rules, rules, "--on", tmp_path / "empty").code == 2
    assert run("rules", "diff", rules, tmp_path / "none").code == 1
    assert run("rules", "diff", rules, rules, "--date", "2024-06-01").code == 2


def test_firms_of_a_table_are_assessed_by_both(
    run: Callable[..., Any], repository: Path, tmp_path: Path
) -> None:
    shipped, place = repository / "rules", tmp_path / "rules"
    shutil.copytree(shipped, place)
    plan = place / "shizuishan-tech-city-2023.toml"
    plan.write_text(plan.read_text("utf-8").replace('rate = "10%"', 'rate = "12%"', 1), "utf-8")
    lists = repository / "examples" / "audit"
    tables = ("--on", lists / "firms.csv", "--on", f"contract={lists / 'contracts.csv'}")
    done = run("rules", "diff", shipped, place, *tables, "--date", "2024-06-01", "--lang", "en")
    assert done.code == 1
    assert "Impact on 6 profiles: 2 gain 43,691.35元 in all" in done.out
    assert "523,456.79元  548,148.14元  24,691.35元" in done.out, "figures stay whole"


def test_a_profile_with_faults_is_counted_as_one(
    run: Callable[..., Any], rules: Path, changed: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[applicant]\nnothing = 1\n", "utf-8")
    options = ["--on", bad, "--date", "2024-06-01"]
    done = run("rules", "diff", rules, changed, *options, "--lang", "en")
    assert "Impact on 1 profile: " in done.out
    assert "; 1 with faults, not assessed" in done.out
    done = run("rules", "diff", rules, changed, *options, "--lang", "zh")
    assert "；资料有误、未能评估的 1 份" in done.out
