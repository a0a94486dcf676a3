"""``audit``: its options, its exit codes, and the example that is shipped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from incentives.resources import examples_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLACE = examples_path() / "audit"
EXAMPLE = [
    "audit", PLACE / "paid.csv", "--profiles", PLACE / "firms.csv",
    "--profiles", f"contract={PLACE / 'contracts.csv'}",
    "--profiles", f"project={PLACE / 'projects.csv'}",
]  # fmt: skip
PROFILE = """\
[applicant]
uscc = "91640200MA0000001W"
name = "示例中心"
kind = "centre"
region = "640200"
[[contract]]
number = "1"
paid = "150万元"
"""


@pytest.fixture
def profile(tmp_path: Path, rules: Path) -> Path:
    vocabulary = rules / "vocabulary.toml"
    text = vocabulary.read_text("utf-8")
    extra = (
        '[fact.applicant.uscc]\ntype = "text"\ncheck = "uscc"\nlabel = { zh = "代码", en = "Code" }\n'
        '[fact.applicant.name]\ntype = "text"\nlabel = { zh = "名称", en = "Name" }\n'
    )
    vocabulary.write_text(text + extra, "utf-8")
    path = tmp_path / "one.toml"
    path.write_text(PROFILE, "utf-8")
    return path


def paid(place: Path, text: str) -> Path:
    path = place / "paid.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_example_shows_each_class(run: Callable[..., Any]) -> None:
    done = run(*EXAMPLE, "--lang", "zh", "--format", "json")
    assert done.code == 1
    data = json.loads(done.out)
    assert data["format"] == "incentives/audit/1"
    assert {each["class"]: each["count"] for each in data["classes"]} == {
        "reproduced": 2, "overpaid": 1, "underpaid": 2, "paid_ineligible": 1,
        "eligible_unpaid": 1, "within_ceiling": 1, "other_reading": 1, "unchecked": 1,
    }  # fmt: skip
    assert [each["check"] for each in data["remarks"]] == ["duplicate", "two_names", "total"]


def test_a_list_that_is_right_ends_with_zero(
    run: Callable[..., Any], tmp_path: Path, rules: Path, profile: Path
) -> None:
    text = "企业名称,合同编号,信用代码,兑现金额（万元）\n示例中心,1,91640200MA0000001W,15\n"
    options = ["--rules", rules, "--incentive", "contract-award", "--on", "2024-06-01"]
    done = run("audit", paid(tmp_path, text), "--profiles", profile, *options, "--lang", "en")
    assert done.code == 0, done.err
    assert "everything agrees" in done.out


def test_what_is_not_said_can_be_declared(
    run: Callable[..., Any], tmp_path: Path, rules: Path, profile: Path
) -> None:
    text = "企业名称,合同,代码,实发数,事项\n示例中心,1,91640200MA0000001W,15,技术合同奖\n"
    options = [
        "--rules", rules, "--on", "2024-06-01", "--unit", "万元", "--map", "实发数=amount",
        "--map", "C=code", "--map", "合同=item", "--map", "事项=policy",
        "--means", "技术合同奖=contract-award",
    ]  # fmt: skip
    done = run("audit", paid(tmp_path, text), "--profiles", profile, *options, "--lang", "zh")
    assert done.code == 0, done.out + done.err
    assert "“技术合同奖”按 plan/contract-award 核对" in done.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--map", "实发数"], "--map"),
        (["--unit", "千元"], "--unit"),
        (["--on", "昨天"], "--on"),
        (["--means", "甲=no-such-award"], "no-such-award"),
    ],
)
def test_options_that_mean_nothing_are_usage_errors(
    run: Callable[..., Any], options: list[str], words: str
) -> None:
    done = run(*EXAMPLE, *options, "--lang", "zh")
    assert done.code == 2
    assert words in done.err


def test_a_list_that_cannot_be_read_is_bad_data(run: Callable[..., Any], tmp_path: Path) -> None:
    done = run("audit", paid(tmp_path, "甲,乙\n1,2\n"), *EXAMPLE[2:], "--lang", "zh")
    assert done.code == 3
    assert "E620" in done.err


def test_a_workbook_and_papers_are_written_where_asked(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    report, papers = tmp_path / "report.xlsx", tmp_path / "papers"
    done = run(*EXAMPLE, "-o", report, "--papers", papers, "--lang", "zh")
    assert done.code == 1
    assert report.is_file()
    assert len(list(papers.glob("*.docx"))) == 6
    assert f"底稿：{papers}，6份" in done.err


def test_both_languages_carry_the_same_figures(run: Callable[..., Any]) -> None:
    import re

    def figures(lang: str) -> list[str]:
        return sorted(re.findall(r"[0-9][0-9,]*\.[0-9]{2}", run(*EXAMPLE, "--lang", lang).out))

    assert figures("zh") == figures("en")


@pytest.mark.parametrize(
    ("options", "zh", "en"),
    [
        (["-o", "report.csv"], "文件名应以 .xlsx 结尾", "its name ends with .xlsx"),
        (["--papers", "taken"], "是文件", "is a file"),
        (["-o", "none/report.xlsx"], "没有文件夹 ", "there is no directory "),
    ],
)
def test_a_place_that_cannot_be_written_to_is_named(
    run: Callable[..., Any], tmp_path: Path, options: list[str], zh: str, en: str
) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    option, name = options
    for lang, sentence in (("zh", zh), ("en", en)):
        done = run(*EXAMPLE, option, tmp_path / name, "--lang", lang)
        assert done.code == 2
        assert sentence in done.err
        assert ".incentives-" not in done.err
    assert not (tmp_path / "report.csv").exists()
