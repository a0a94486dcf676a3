"""``rules …``, ``funds``, ``targets``: what a rulebook says, listed and shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

if TYPE_CHECKING:
    from pathlib import Path

Run = Any


def ids(run: Run, rules: Path, *options: str) -> list[str]:
    done = run("rules", "list", "--rules", rules, "--format", "json", *options)
    assert done.code == 0
    return [row["incentive"].partition("/")[2] for row in json.loads(done.out)]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ["contract-award", "firm-award"]),
        (("--kind", "subsidy"), ["firm-award"]),
        (("--recipient", "centre"), ["contract-award"]),
        (("--document", "plan"), ["contract-award", "firm-award"]),
        (("--status", "draft"), []),
        (("--status", "in_force"), ["contract-award", "firm-award"]),
        (("--region", "640202"), ["contract-award", "firm-award"]),
        (("--region", "640000"), ["contract-award", "firm-award"]),
        (("--region", "110000"), []),
        (("--region", "石嘴山市"), ["contract-award", "firm-award"]),
        (("--on", "2025-12-31"), ["contract-award", "firm-award"]),
        (("--on", "2026-01-01"), []),
    ],
    ids=lambda value: "-".join(value) or "none",
)
def test_filters(run: Run, rules: Path, options: tuple[str, ...], found: list[str]) -> None:
    assert ids(run, rules, *options) == found


@pytest.mark.parametrize("option", ["--kind", "--status", "--recipient", "--document", "--region"])
def test_a_filter_that_nothing_can_match_is_usage(run: Run, rules: Path, option: str) -> None:
    done = run("rules", "list", "--rules", rules, option, "awrd")
    assert (done.code, done.out) == (2, "")
    assert "awrd" in done.err


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("999999", "640200（石嘴山市）"),
        ("640299", "640202（大武口区）"),
        ("64020", "640202（大武口区）"),
        ("石咀山市", "640200（石嘴山市）"),
    ],
)
def test_a_region_that_nobody_has_is_usage_with_the_nearest(
    run: Run, rules: Path, text: str, near: str
) -> None:
    done = run("rules", "list", "--rules", rules, "--region", text)
    assert (done.code, done.out) == (2, "")
    assert text in done.err
    assert near in done.err


def test_a_name_of_a_region_may_be_cut_short(run: Run, rules: Path) -> None:
    assert ids(run, rules, "--region", "石嘴") == ids(run, rules, "--region", "640200")


def test_the_list_is_aligned_and_narrow(run: Run, rules: Path) -> None:
    done = run("rules", "list", "--rules", rules)
    lines = done.out.splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert "\x1b" not in done.out
    head = next(line for line in lines if line.startswith("编号"))
    columns = {cell_len(line[: line.index(word)]) for line, word in (
        (head, "名称"),
        (next(line for line in lines if line.startswith("contract-award")), "技术合同奖励"),
        (next(line for line in lines if line.startswith("firm-award")), "企业奖励"),
    )}  # fmt: skip
    assert len(columns) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_tells_everything(run: Run, rules: Path, lang: str) -> None:
    done = run("rules", "show", "contract-award", "--rules", rules, "--lang", lang)
    assert done.code == 0
    for part in (
        "plan/contract-award",
        "二（三）6",
        "按照实际履行金额的 10% 给予奖励",
        "contract.paid > 0",
        "rate",
        {"zh": "10%（二（三）6）", "en": "10% (二（三）6)"}[lang],
        "20万元",
        "a tenth",
        "amount = 15万元",
        "2025-12-31",
        f"{rules / 'plan.toml'}:11:1",
        {"zh": "已经付款", "en": "Something was paid"}[lang],
        {"zh": "技术转移中心", "en": "Centre"}[lang],
    ):
        assert part in done.out


def test_show_as_data(run: Run, rules: Path) -> None:
    line = ("rules", "show", "plan/contract-award", "--rules", rules, "--format", "json")
    version = json.loads(run(*line).out)["versions"][0]
    assert version["amount"] == [
        {"part": "base", "is": "contract.paid"},
        {"part": "rate", "is": "rate"},
        {"part": "cap", "is": "cap"},
    ]
    assert [item["clause"] for item in version["parameters"]] == ["二（三）6", None]


def test_an_unknown_incentive_is_usage_with_the_nearest(run: Run, rules: Path) -> None:
    done = run("rules", "show", "contract-awards", "--rules", rules)
    assert (done.code, done.out) == (2, "")
    assert "plan/contract-award" in done.err


def test_cases_that_pass_and_fail(run: Run, rules: Path) -> None:
    assert run("rules", "test", "--rules", rules).code == 0
    path = rules / "plan.toml"
    path.write_text(
        path.read_text("utf-8").replace('amount = "15万元"', 'amount = "16万元"'), "utf-8"
    )
    done = run("rules", "test", "--rules", rules)
    assert done.code == 1
    assert "a tenth" in done.out
    assert run("rules", "test", "--rules", rules, "--only", "firm-award").code == 0


def test_lint_prints_its_findings_as_the_result(run: Run, rules: Path) -> None:
    done = run("rules", "lint", "--rules", rules)
    assert done.code == 1
    assert "W411" in done.out  # firm-award has no case
    assert "W411" not in done.err.replace("incentives error", "")[:20]


@pytest.mark.parametrize("command", [("rules", "lint"), ("rules", "list"), ("funds",), ("check",)])
def test_broken_rules_are_all_told(
    run: Run, rules: Path, centre: Path, command: tuple[str, ...]
) -> None:
    path = rules / "plan.toml"
    text = path.read_text("utf-8")
    text = text.replace("contract.paid > 0", "contract.piad > 0").replace("'cap'", "'cpa'")
    path.write_text(text, "utf-8")
    done = run(*command, *([centre] if command == ("check",) else []), "--rules", rules)
    assert (done.code, done.out) == (1, "")
    assert done.err.count("E216") >= 2
    assert "plan.toml:" in done.err
    assert "^" in done.err


@pytest.mark.parametrize("name", ["output", "profile", "rules", "vocabulary", "regions"])
def test_schemas_are_json(run: Run, rules: Path, name: str) -> None:
    done = run("rules", "schema", name, "--rules", rules)
    assert done.code == 0
    assert json.loads(done.out)


def test_a_schema_of_something_else_is_usage(run: Run, rules: Path) -> None:
    assert run("rules", "schema", "nothing", "--rules", rules).code == 2


def test_funds_on_a_date_and_in_a_year(run: Run, rules: Path) -> None:
    done = run("funds", "--rules", rules, "--year", "2025")
    assert "22,500,000.00元" in done.out
    assert "10,000,000.00元" in done.out  # the other reading
    data = json.loads(run("funds", "--rules", rules, "--on", "2024-01-01", "--format", "json").out)
    assert data[0]["amount"] == "15000000.00"
    assert data[0]["in_period"] is True
    assert run("funds", "--rules", rules, "--year", "2025", "--on", "2025-01-01").code == 2
    assert run("funds", "--rules", rules, "--year", "0").code == 2


def test_a_fund_finer_than_a_fen_is_rounded_as_its_document_says(run: Run, rules: Path) -> None:
    data = json.loads(run("funds", "--rules", rules, "--year", "2043", "--format", "json").out)
    assert data[0]["amount"] == f"{(10**9 * 3**20 * 2 + 2**20) // (2 * 2**20) / 100:.2f}"


@pytest.mark.parametrize(("lang", "shown"), [("zh", "≥ 10家左右"), ("en", "≥ 10 centres or so")])
def test_targets(run: Run, rules: Path, lang: str, shown: str) -> None:
    done = run("targets", "--rules", rules, "--lang", lang)
    assert done.code == 0
    assert shown in done.out
    assert "2025" in done.out
    data = json.loads(run("targets", "--rules", rules, "--format", "json").out)
    assert (data[0]["soft"], data[0]["due"], data[0]["value"]) == (True, 2025, "10")


VERSIONS = """
[[incentive]]
id = "rd"
name = { zh = "研发补助", en = "R&D subsidy" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "六"
entitlement = "exact"
effective = { until = 2023-12-31 }
[incentive.amount]
fixed = "1万元"

[[incentive]]
id = "rd"
name = { zh = "研发补助", en = "R&D subsidy" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "六（修订）"
entitlement = "exact"
effective = { from = 2024-01-01 }
[incentive.parameters]
least = [{ until = 2024-06-30, value = "1万元" }, { from = 2024-07-01, value = "2万元" }]
[[incentive.condition]]
id = "large-or-centre"
says = { zh = "两项之一", en = "One of two" }
any = [
  { when = 'applicant.revenue[year - 1] >= least', says = { zh = "收入达标", en = "Revenue" } },
  { when = 'applicant.kind == "centre"', says = { zh = "转移中心", en = "A centre" } },
  'applicant.revenue[year - 2] >= least',
]
[incentive.amount]
bands = { of = 'applicant.revenue[year - 1]', mode = "marginal", steps = [
  { up_to = "1000万元", rate = "5%" },
  { rate = "2.5%" },
] }
"""


def test_versions_parts_and_dated_figures_are_shown(run: Run, rules: Path) -> None:
    with (rules / "plan.toml").open("a", encoding="utf-8") as file:
        file.write(VERSIONS)
    done = run("rules", "show", "rd", "--rules", rules)
    assert done.code == 0
    for part in (
        "起始未载明 — 2023-12-31",
        "2024-01-01 — 2025-12-31",
        "六（修订）",
        "收入达标",
        "applicant.revenue[year - 1] >= least",
        "1万元（至2024-06-30）",
        "2万元（2024-07-01起）",
        "定额  1万元",
        'up_to = "1000万元", rate = "5%"',
    ):
        assert part in done.out
    assert done.out.count("applicant.revenue[year - 2] >= least") == 1  # no words but its own


TABLED = """
[[incentive]]
id = "tabled"
name = { zh = "分类补助", en = "Subsidy by class" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "七"
entitlement = "exact"
effective = { until = 2023-12-31 }
once = "lifetime"
[incentive.parameters]
least = "10万元"
[[incentive.condition]]
id = "no-centre"
unless = 'applicant.kind == "centre"'
says = { zh = "不是转移中心", en = "No centre" }
[incentive.amount]
table = [
  { when = 'applicant.revenue[year] >= least', amount = "2万元", says = { zh = "收入达标", en = "Revenue reached" } },
  { otherwise = true, amount = "1万元", says = { zh = "其他企业", en = "Other firms" } },
]
[[incentive.total]]
cap = "3万元"
per = "year"
"""


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh", ("起始未载明 — 2023-12-31", "收入达标", "其余 → 1万元", "3万元（每年）", "终身")),
        ("en", ("not stated — 2023-12-31", "Revenue reached", "otherwise → 1万元", "(a year)")),
    ],
)
def test_unless_own_periods_and_tables_are_told_as_they_are(
    run: Run, rules: Path, lang: str, parts: tuple[str, ...]
) -> None:
    with (rules / "plan.toml").open("a", encoding="utf-8") as file:
        file.write(TABLED)
    done = run("rules", "show", "tabled", "--rules", rules, "--lang", lang)
    for part in (*parts, 'not (applicant.kind == "centre")', ">= least → 2万元"):
        assert part in done.out
    assert "says =" not in done.out
    listed = json.loads(run("rules", "list", "--rules", rules, "--format", "json").out)
    assert next(row for row in listed if row["incentive"] == "plan/tabled")["effective"] == {
        "from": None,
        "until": "2023-12-31",
    }


def test_a_region_without_a_name_is_told_once(run: Run, rules: Path) -> None:
    (rules / "regions.toml").unlink()
    done = run("rules", "show", "firm-award", "--rules", rules)
    assert "640200 640200" not in done.out
    assert "640200" in done.out


def test_a_filter_given_in_chinese_is_told_its_word(run: Run, rules: Path) -> None:
    for option, given, word in (
        ("--kind", "奖励", "award（奖励）"),
        ("--status", "现行有效", "in_force（现行有效）"),
        ("--recipient", "企业", "enterprise（企业）"),
    ):
        done = run("rules", "list", "--rules", rules, option, given)
        assert done.code == 2
        assert done.err.strip().endswith(f"可选：{word}")


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("zh", "20万元（终身，按 contract.number 分别计）"),
        ("en", "(lifetime, for each contract.num"),
    ],
)
def test_a_cap_for_each_value_is_no_cap_on_everything(
    run: Run, rules: Path, lang: str, shown: str
) -> None:
    path = rules / "plan.toml"
    total = "[[incentive.total]]\ncap = '20万元'\nper = 'lifetime'\nby = 'contract.number'\n"
    head, mark, rest = path.read_text("utf-8").partition("[[incentive.case]]")
    path.write_text(head + total + mark + rest, "utf-8")
    done = run("rules", "show", "contract-award", "--rules", rules, "--lang", lang)
    assert shown in " ".join(done.out.split()).replace("' ", "").replace("'", "")
