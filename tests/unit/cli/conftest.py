"""A small rulebook and profiles for the command line, and a way to run it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from incentives.cli.app import make_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VOCABULARY = """\
format = 1
[entity.applicant]
label = { zh = "申报主体", en = "Applicant" }
[entity.contract]
label = { zh = "技术合同", en = "Technology contract" }
many = true
key = "number"
[fact.applicant.kind]
type = "choice"
label = { zh = "主体类型", en = "Kind" }
choices.enterprise = { zh = "企业", en = "Enterprise" }
choices.centre = { zh = "技术转移中心", en = "Centre" }
[fact.applicant.region]
type = "region"
label = { zh = "所在地", en = "Region" }
[fact.applicant.revenue]
type = "money"
per = "year"
label = { zh = "营业收入", en = "Revenue" }
[fact.contract.number]
type = "text"
label = { zh = "合同编号", en = "Number" }
[fact.contract.paid]
type = "money"
label = { zh = "已付金额", en = "Paid" }
"""
REGIONS = """\
format = 1
[region.640200]
name = { zh = "石嘴山市", en = "Shizuishan" }
[region.640202]
name = { zh = "大武口区", en = "Dawukou District" }
"""
RULES = """\
format = 1
[document]
id = "plan"
title = { zh = "科技方案", en = "The plan" }
issuer = { zh = "石嘴山市", en = "Shizuishan" }
jurisdiction = "640200"
legal_status = "in_force"
effective = { until = 2025-12-31 }
rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }

[[incentive]]
id = "contract-award"
name = { zh = "技术合同奖励", en = "Contract award" }
kind = "award"
recipient = ["centre"]
clause = "二（三）6"
quote = "按照实际履行金额的 10% 给予奖励"
entitlement = "exact"
each = "contract"
[incentive.parameters]
rate = { value = "10%", clause = "二（三）6" }
cap = "20万元"
[[incentive.condition]]
id = "paid"
when = 'contract.paid > 0'
says = { zh = "已经付款", en = "Something was paid" }
[incentive.amount]
base = 'contract.paid'
rate = 'rate'
cap = 'cap'
[[incentive.case]]
name = "a tenth"
on = 2024-06-01
expect = { status = "eligible", amount = "15万元" }
[incentive.case.facts.applicant]
kind = "centre"
region = "640200"
[[incentive.case.facts.contract]]
number = "1"
paid = "150万元"

[[incentive]]
id = "firm-award"
name = { zh = "企业奖励", en = "Firm award" }
kind = "subsidy"
recipient = ["enterprise"]
clause = "三"
entitlement = "exact"
[incentive.amount]
fixed = "1万元"

[[fund]]
id = "pool"
name = { zh = "资金池", en = "Pool" }
clause = "四"
amount = 'start * growth ** (year - first)'
[fund.parameters]
start = "1000万元"
growth = "150%"
first = 2023
[[fund.reading]]
id = "flat"
says = { zh = "不增长", en = "No growth" }
amount = 'start'

[[target]]
id = "centres"
metric = { zh = "技术转移中心数量", en = "Centres" }
comparison = ">="
value = 10
unit = { zh = "家", en = "centres" }
region = "640200"
due = 2025
soft = true
clause = "五"
"""
CENTRE = """\
[applicant]
kind = "centre"
region = "640200"
[[contract]]
number = "1"
paid = "150万元"
"""


class Result:
    """What a run printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    directory = tmp_path / "rules"
    directory.mkdir()
    (directory / "vocabulary.toml").write_text(VOCABULARY, "utf-8")
    (directory / "regions.toml").write_text(REGIONS, "utf-8")
    (directory / "plan.toml").write_text(RULES, "utf-8")
    return directory


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    path = tmp_path / "centre.toml"
    path.write_text(CENTRE, "utf-8")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs a command line inside this process."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: Any) -> Result:
        done = CliRunner().invoke(make_app(), [str(arg) for arg in args], prog_name="incentives")
        return Result(done.exit_code, done.stdout, done.stderr)

    return call


@pytest.fixture
def process() -> Callable[..., Result]:
    """Return a function that runs a command line as a process of its own, its output piped."""

    def call(*args: Any, **env: str) -> Result:
        kept = {key: value for key, value in os.environ.items() if key[:3] not in {"LC_", "LAN"}}
        kept.pop("NO_COLOR", None)
        done = subprocess.run(
            [sys.executable, "-m", "incentives", *map(str, args)],
            capture_output=True,
            check=False,
            env={**kept, "PYTHONUTF8": "1", **env},
            timeout=60,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
