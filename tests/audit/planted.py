"""A list of payments with planted faults, audited: every fault found, none invented.

    python -m tests.audit.planted --payments 100000

writes a paid list and the tables of profiles, audits them as ``incentives audit`` does,
and compares. The amounts that are due are computed here from whole fen, by the clauses
and not by the engine. Sixteen kinds of faults, one in a hundred payments.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.api import load
from incentives.audit.claims import Settings
from incentives.audit.classes import Class
from incentives.audit.firms import read_firms
from incentives.audit.paid import read_paid
from incentives.audit.report import Audit, audit
from incentives.audit.sheet_checks import Check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.rulebook.model import Rules

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WAN: Final = 1_000_000  # fen
Tag = tuple[str, object]
QUIET: Final = {Class.REPRODUCED, Class.WITHIN_CEILING}

AWARD: Final = "技术合同奖励"
PILOT: Final = "中试熟化项目引导支持"
BUYER: Final = "技术受让方补助"
APPROVED: Final = "已核定的企业研发费用后补助"
KINDS: Final = (
    "overpaid", "underpaid", "ineligible", "duplicate", "unpaid", "unit_mixup", "above_ceiling",
    "other_reading", "two_names", "two_codes", "shares_sum", "shares_split", "outside_period",
    "over_cap", "missing_fact", "broken_code",
)  # fmt: skip


def code_of(number: int) -> str:
    """Return a credit code with the check character of GB 32100."""
    base = f"91640200MA{number:07d}"
    total = sum(ALPHABET.index(char) * pow(3, at, 31) for at, char in enumerate(base))
    return base + ALPHABET[-total % 31]


def yuan(fen: int) -> str:
    sign, size = "-" if fen < 0 else "", abs(fen)
    return f"{sign}{size // 100}.{size % 100:02d}"


@dataclass
class Row:
    name: str
    code: str
    policy: str
    item: str
    amount: int
    day: str = "2024-06-01"
    shares: tuple[int, int] | None = None
    tags: tuple[str, ...] = ()


@dataclass
class Generated:
    """The tables of one list, and what an audit of it has to find."""

    firms: list[list[str]] = field(default_factory=list)
    contracts: list[list[str]] = field(default_factory=list)
    projects: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    unpaid: set[Tag] = field(default_factory=set)
    planted: Counter[str] = field(default_factory=Counter)
    totals: int = 0


class Generator:
    """Makes firms one after another; each plants the fault it is asked for, or none."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.out = Generated()
        self.serial = 0

    def make(self, payments: int) -> Generated:
        faults = max(payments // 100, len(KINDS))
        kinds = [KINDS[at % len(KINDS)] for at in range(faults)]
        every = max(payments // faults, 1)
        while len(self.out.rows) < payments:
            due = len(self.out.rows) // every
            kind = kinds.pop() if kinds and len(kinds) > faults - 1 - due else None
            self.firm(kind)
            if kind is not None:
                self.out.planted[kind] += 1
        for kind in kinds:
            self.firm(kind)
            self.out.planted[kind] += 1
        return self.out

    def firm(self, kind: str | None) -> None:
        self.serial += 1
        code, name = code_of(self.serial), f"示例单位{self.serial}"
        match kind:
            case "above_ceiling" | "over_cap":
                self.buyer(code, name, kind)
            case "other_reading":
                self.pilot(code, name, kind)
            case "shares_sum" | "shares_split":
                self.approved(code, name, kind)
            case None:
                makers = (self.centre, self.centre, self.pilot, self.buyer, self.approved)
                self.random.choice(makers)(code, name, None)
            case _:
                self.centre(code, name, kind)

    def applicant(self, code: str, name: str, kind: str, approved: str = "") -> None:
        self.out.firms.append([code, name, kind, "640200", approved])

    def pay(self, *args: Any, **more: Any) -> None:
        self.out.rows.append(Row(*args, **more))

    # ── 按照实际履行金额的10%给予奖励，单个合同最高不超过20万元 ──────────────────

    def centre(self, code: str, name: str, kind: str | None) -> None:
        shown = name
        if kind == "two_names":
            shown = name + "（曾用名）"
        if kind == "two_codes":  # a name that a firm before it bears too
            name = shown = self.twin()
        self.applicant(code, name, "技术转移中心")
        for at in range(1 if kind == "two_codes" else self.random.randint(1, 5)):
            item = f"2024-{self.serial:06d}-{at + 1}"
            performed = self.random.randint(10_000_00, 3_000_000_00)
            due = min((performed + 5) // 10, 20 * WAN)
            first = kind if at == 0 else None
            provider = (
                "企业" if first == "ineligible" else self.random.choice(["高等学校", "科研院所"])
            )
            known = "" if first == "missing_fact" else yuan(performed)
            self.out.contracts.append([code, item, known, "是", provider, "企业", *[""] * 4])
            if first == "unpaid":
                self.out.unpaid.add((Class.UNPAID, item))
            else:
                self.award_row(code, name if at else shown, item, due, first)

    def award_row(self, code: str, name: str, item: str, due: int, kind: str | None) -> None:
        delta = self.random.randint(1, 500_000)
        match kind:
            case "overpaid":
                self.pay(name, code, AWARD, item, due + delta, tags=(Class.OVERPAID,))
            case "underpaid":
                short = max(due - delta, 1)
                self.pay(name, code, AWARD, item, short, tags=(Class.UNDERPAID,))
            case "ineligible":
                self.pay(name, code, AWARD, item, due, tags=(Class.INELIGIBLE,))
            case "duplicate":
                self.pay(name, code, AWARD, item, due)
                tags = (Class.OVERPAID, Check.DUPLICATE)
                self.pay(name, code, AWARD, item, due, day="2024-09-01", tags=tags)
            case "unit_mixup":
                tags = (Class.OVERPAID, Check.UNIT_MIXUP)
                self.pay(name, code, AWARD, item, due * 10_000, tags=tags)
            case "outside_period":
                tags = (Class.INELIGIBLE, Check.OUTSIDE_PERIOD)
                self.pay(name, code, AWARD, item, due, day="2026-01-01", tags=tags)
            case "missing_fact":
                self.pay(name, code, AWARD, item, 15 * WAN, tags=(Class.UNCHECKED,))
            case "broken_code":
                self.pay(name, "9.1640200E+17", AWARD, item, due, tags=(Class.UNCHECKED,))
            case "two_names":
                self.pay(name, code, AWARD, item, due, tags=(Check.TWO_NAMES,))
            case "two_codes":
                self.pay(name, code, AWARD, item, due, tags=(Check.TWO_CODES,))
            case _:
                self.pay(name, code, AWARD, item, due)

    def twin(self) -> str:
        """Make a firm for another to share its name with, and return the name."""
        number = 5_000_000 + self.serial
        name = f"示例同名单位{number}"
        item = f"2024-{number}-1"
        self.applicant(code_of(number), name, "技术转移中心")
        self.out.contracts.append(
            [code_of(number), item, yuan(WAN * 100), "是", "高等学校", "企业", *[""] * 4]
        )
        self.pay(name, code_of(number), AWARD, item, 10 * WAN)
        return name

    # ── 按其研发投入和资金到位等情况给予30%、最高不超过100万元 ──────────────────

    def pilot(self, code: str, name: str, kind: str | None) -> None:
        self.applicant(code, name, "企业")
        item = f"ZS-{self.serial:06d}"
        spent = self.random.randint(100_000_00, 2_000_000_00)
        funds = spent // 2 if kind else self.random.randint(100_000_00, 4_000_000_00)
        self.out.projects.append([code, item, "中试熟化项目", "640200", yuan(spent), yuan(funds)])
        base = spent if kind else min(spent, funds)
        due = min((base * 3 + 5) // 10, 100 * WAN)
        tags = (Class.OTHER_READING,) if kind else ()
        self.pay(name, code, PILOT, item, due, day="2024-07-15", tags=tags)

    # ── 最高30%，同一企业每年不超过500万元 ──────────────────────────────────────

    def buyer(self, code: str, name: str, kind: str | None) -> None:
        self.applicant(code, name, "企业")
        count = 3 if kind == "over_cap" else 1
        for at in range(count):
            item = f"SR-{self.serial:06d}-{at + 1}"
            paid = 700 * WAN if kind == "over_cap" else self.random.randint(100_000_00, 900 * WAN)
            row = [code, item, "", "", "高等学校", "企业", "受让方", "转让", yuan(paid), "否"]
            self.out.contracts.append(row)
            top = paid * 3 // 10
            tags: tuple[str, ...] = ()
            amount = top * self.random.randint(50, 100) // 100
            if kind == "above_ceiling":
                amount, tags = top + 100, (Class.ABOVE_CEILING,)
            if kind == "over_cap":
                amount, tags = top, (Check.OVER_CAP,) if at == count - 1 else ()
            self.pay(name, code, BUYER, item, amount, tags=tags)

    # ── 自治区与市县按7:3承担 ────────────────────────────────────────────────────

    def approved(self, code: str, name: str, kind: str | None) -> None:
        amount = self.random.randint(10_000_00, 3_000_000_00)
        self.applicant(code, name, "企业", yuan(amount))
        upper = (amount * 7 + 5) // 10  # the larger remainder; a tie goes to the region
        shares = upper, amount - upper
        tags: tuple[str, ...] = ()
        if kind == "shares_sum":
            shares, tags = (upper, amount - upper - 100), (Check.SHARES_SUM,)
        if kind == "shares_split":
            shares, tags = (amount - upper, upper), (Check.SHARES_SPLIT,)
        self.pay(name, code, APPROVED, "", amount, shares=shares, tags=tags)


PAID_HEAD: Final = [
    "序号", "企业名称", "统一社会信用代码", "政策项目", "合同编号", "兑现金额（元）", "拨付日期",
    "自治区财政承担（元）", "市级财政承担（元）",
]  # fmt: skip


def write(generated: Generated, place: Path) -> set[Tag]:
    """Write the tables and return what an audit has to find, by row of the list."""
    _table(
        place / "firms.csv",
        ["统一社会信用代码", "名称", "主体类型", "注册地", "核定的研发费用后补助（元）.2024"],
        generated.firms,
    )
    _table(
        place / "contracts.csv",
        ["统一社会信用代码", "合同登记编号", "实际履行金额（元）", "由申报主体促成", "技术提供方类型",
         "技术受让方类型", "contract.applicant_role", "contract.mode", "contract.paid_amount（元）",
         "contract.result_subsidised"],
        generated.contracts,
    )  # fmt: skip
    _table(
        place / "projects.csv",
        [
            "统一社会信用代码",
            "项目编号",
            "项目类型",
            "项目实施地",
            "项目研发投入（元）",
            "项目到位资金（元）",
        ],
        generated.projects,
    )
    found: set[Tag] = set(generated.unpaid)
    lines: list[list[str]] = []
    since = 0
    for at, row in enumerate(generated.rows):
        shares = ["", ""] if row.shares is None else [yuan(part) for part in row.shares]
        lines.append(
            [
                str(at + 1),
                row.name,
                row.code,
                row.policy,
                row.item,
                yuan(row.amount),
                row.day,
                *shares,
            ]
        )
        found |= {(tag, len(lines) + 1) for tag in row.tags}
        if at % 1000 == 999:
            part = sum(each.amount for each in generated.rows[since : at + 1])
            wrong = at % 7000 == 6999
            lines.append(["小计", "", "", "", "", yuan(part + 100 * wrong), "", "", ""])
            if wrong:
                found.add((Check.TOTAL, len(lines) + 1))
                generated.totals += 1
            since = at + 1
    total = yuan(sum(each.amount for each in generated.rows))
    lines.append([f"合计（{len(generated.rows)}笔）", "", "", "", "", total, "", "", ""])
    _table(place / "paid.csv", PAID_HEAD, lines)
    return found


def _table(path: Path, head: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(rows)


def run(place: Path, rules: Rules) -> Audit:
    """Audit the tables as the command does."""
    paid = read_paid(place / "paid.csv")
    tables = [
        str(place / "firms.csv"),
        f"contract={place / 'contracts.csv'}",
        f"project={place / 'projects.csv'}",
    ]
    return audit(paid, read_firms(tables, rules.vocabulary), rules, Settings())


def found_in(result: Audit) -> set[Tag]:
    """Return what an audit found, as the generator says what it planted."""
    found: set[Tag] = set()
    for each in result.verdicts:
        if each.kind not in QUIET:
            found.add((each.kind, each.item if each.payment is None else each.payment.row))
    found |= {(each.check, each.rows[-1]) for each in result.remarks}
    return found


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    gc.set_threshold(200_000)  # as the command does
    rules = load().rules
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        generated = Generator(options.seed).make(options.payments)
        planted = write(generated, place)
        began, before = time.perf_counter(), time.process_time()
        result = run(place, rules)
        took, busy = time.perf_counter() - began, time.process_time() - before
    found = found_in(result)
    faults = sum(generated.planted.values()) + generated.totals
    say(
        f"{len(result.paid.payments)} payments, {result.firms} firms: "
        f"{took:.1f} s, {busy:.1f} s of one processor"
    )
    say(f"{faults} faults of {len(generated.planted) + 1} kinds planted")
    say(f"{len(planted - found)} not found, {len(found - planted)} invented")
    for tag in [*sorted(planted - found, key=str)[:10], *sorted(found - planted, key=str)[:10]]:
        say(f"  {'missed' if tag in planted else 'invented'} {tag}")
    return 0 if planted == found else 1


if __name__ == "__main__":
    sys.exit(main())
