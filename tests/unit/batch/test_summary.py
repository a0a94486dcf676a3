"""What decisions come to: a firm's figures are those of its assessment, parts add up."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from tests.facts import Facts
from tests.small import ON, amount, book, entry, when

import incentives
import incentives.batch
from incentives.batch.decisions import yuan
from incentives.batch.single import Settings, Single
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.rulebook.profile import Profile

SPLIT = """\
[[split]]
id = "seven-three"
of = ["doc/award"]
shares = [ { payer = "640000", share = "70%" }, { payer = "local", share = "30%" } ]
residual = "640000"
clause = "三"
"""
GROUP = """\
[[group]]
id = "g"
members = ["doc/award", "doc/other"]
rule = "highest"
clause = "四"
"""
BODY = (
    entry("award")
    + when("applicant.honest")
    + amount(base="applicant.spend", rate="10%")
    + entry("other")
    + amount(base="applicant.revenue[year - 1]", rate="1%")
    + entry("ceiling", entitlement='"up_to"')
    + amount(fixed="3万元")
    + entry("deduction", kind='"deduction"')
    + amount(fixed="5万元")
)
NAMES = ("kind", "region", "honest", "spend", "revenue.2023")
FIRMS: dict[str, tuple[Any, ...]] = {
    "a": ("firm", "640202", True, "1000.05元", "1万元"),
    "b": ("firm", "640221", True, "1000.15元", "200万元"),
    "c": ("firm", None, True, "1000元", "0元"),
    "d": ("firm", "640202", None, "500元", None),
    "e": ("other", "640202", True, "500元", "0元"),
    "f": ("nothing", "640202", True, "500元", "0元"),
    "g": ("firm", "640200", True, "10元", "0元"),
}


def run(body: str = BODY + SPLIT) -> Any:
    columns = dict(zip(NAMES, map(list, zip(*FIRMS.values(), strict=True)), strict=True))
    table = pa.table({"id": list(FIRMS), **columns})
    return incentives.batch.assess(book(body), {"applicant": table}, key="id", on=ON)


def data(key: str) -> dict[str, Any]:
    facts = {k: v for k, v in zip(NAMES, FIRMS[key], strict=True) if v is not None}
    revenue = facts.pop("revenue.2023", None)
    series = {} if revenue is None else {"revenue": {2023: revenue}}
    return {"applicant": {**facts, **series}}


@pytest.mark.parametrize("body", [BODY, BODY + SPLIT, BODY + GROUP])
def test_a_firms_figures_are_those_of_its_assessment(body: str) -> None:
    rows = {row["applicant"]: row for row in run(body).summary().to_pylist()}
    assert list(rows) == list(FIRMS)
    assert rows["f"].pop("error").startswith("E320 applicant.kind")
    assert set(rows.pop("f").values()) == {"f", None}
    rules = book(body).rules
    for key, row in rows.items():
        found = Assessment(
            Plan(rules), Profile(data(key), rules.vocabulary), ON, Options(refine=False)
        )
        _same_totals(row, found)
        statuses = Counter(str(decision.status) for decision in found)
        assert {name: row[name] for name in statuses} == statuses


def _same_totals(row: dict[str, Any], found: Assessment) -> None:
    told = found.totals
    high = told.range.high
    assert row["low"] == yuan(told.range.low.fen)
    assert row["high"] == (None if high is None else yuan(high.fen))
    assert row["exact"] == (None if told.exact is None else yuan(told.exact.fen))
    assert row["ceiling"] == (None if told.ceiling is None else yuan(told.ceiling.fen))


def test_open_members_of_a_group_are_not_added_up() -> None:
    """Of two that share one payment only one is paid: between 50 and 50 yuan, or more."""
    row = next(row for row in run(BODY + GROUP).summary().to_pylist() if row["applicant"] == "d")
    alone = next(row for row in run(BODY).summary().to_pylist() if row["applicant"] == "d")
    assert row["high"] is None
    assert (row["low"], alone["low"]) == (Decimal("0.00"), Decimal("0.00"))


def test_totals_by_incentive_region_and_payer_agree() -> None:
    rows = run().totals("en").to_pylist()
    parts: dict[str, list[Any]] = {"incentive": [], "region": [], "payer": []}
    for row in rows:
        parts[row["part"]].append(row)
    settled = {
        name: sum(row["settled"] for row in found if row["counts"]) for name, found in parts.items()
    }
    assert settled["incentive"] == settled["region"] == settled["payer"] == Decimal("20301.03")
    award = next(row for row in parts["incentive"] if row["key"] == "doc/award")
    assert (award["name"], award["eligible"], award["settled"]) == ("Award", 3, Decimal("201.03"))
    deduction = next(row for row in parts["incentive"] if row["key"] == "doc/deduction")
    assert not deduction["counts"]
    assert deduction["settled"] == Decimal("200000.00")
    assert {row["key"] for row in parts["region"]} == {"640200", "640202", "640221", None}


def test_each_award_is_split_by_itself() -> None:
    """Two awards of 100.01 and 100.02 yuan, and one of a yuan where the county is not known."""
    rows = [row for row in run().totals("en").to_pylist() if row["part"] == "payer"]
    found = {(row["key"], row["name"]): (row["eligible"], str(row["settled"])) for row in rows}
    assert found == {
        ("640000", "640000"): (3, "140.72"),
        ("640202", "640202"): (1, "30.00"),
        ("640221", "640221"): (1, "30.01"),
        ("640200", "640200"): (1, "0.30"),
        (None, "no split is stated"): (2, "20100.00"),
    }


def test_random_firms_of_the_shipped_rules_total_as_one_assessment_does() -> None:
    rules = incentives.load().rules
    facts, rng, plan = Facts(rules), random.Random(11), Plan(rules)
    for share in (0.5, 1.0):
        profile = facts.profile(rng, share)
        told = Single(rules, Settings(ON)).totals(profile)
        assert told == Assessment(plan, profile, ON, Options(refine=False)).totals
