"""The JSON contract: every key there, amounts as texts, null where nothing is known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.printed.cases import EXAMPLES, ON, all_forms, shipped_rules

from incentives.explain.contract import assessment_data

DECISION = [
    "incentive", "name", "kind", "entitlement", "status", "reason", "amount", "range", "items",
    "conditions", "failed", "missing", "findings", "paid_to", "instalments", "overpaid", "funding",
    "readings", "notes", "group", "clause", "quote", "legal_status",
]  # fmt: skip


@pytest.mark.parametrize("profile", EXAMPLES, ids=lambda path: path.stem)
def test_every_key_is_there(profile: Any) -> None:
    data = assessment_data(shipped_rules().assess(profile, on=ON))
    assert list(data) == [
        "format", "on", "known_on", "rulebook", "applicant", "decisions", "totals", "assumptions", "warnings",
    ]  # fmt: skip
    assert [list(decision) for decision in data["decisions"]] == [DECISION] * len(data["decisions"])
    names = [decision["incentive"] for decision in data["decisions"]]
    assert names == sorted(names)
    assert json.loads(json.dumps(data)) == data
    assert not floats(data)


def floats(data: Any) -> list[float]:
    if isinstance(data, dict):
        return [found for value in data.values() for found in floats(value)]
    if isinstance(data, list):
        return [found for value in data for found in floats(value)]
    return [data] if isinstance(data, float) else []


def test_amounts_are_texts_in_yuan() -> None:
    firm = {"kind": "firm", "region": "640200", "spent": "1234.50元", "level": "middle"}
    data = assessment_data(all_forms().assess({"applicant": firm}, on=ON))
    by_id = {decision["incentive"]: decision for decision in data["decisions"]}
    assert by_id["forms/bands"]["amount"] == "61.73"
    assert by_id["forms/bands"]["range"] == {"low": "61.73", "high": "61.73"}
    assert by_id["forms/table"]["amount"] is None
    assert by_id["forms/items"]["missing"] == ["project"]
    assert data["applicant"] == {"name": None, "kind": "firm", "region": "640200"}


def test_a_refusal_of_money_is_zero_not_null() -> None:
    firm = {"kind": "school", "region": "640200"}
    data = assessment_data(all_forms().assess({"applicant": firm}, on=ON))
    assert {decision["amount"] for decision in data["decisions"]} == {"0.00"}
    assert {decision["reason"] for decision in data["decisions"]} == {"recipient"}


def test_the_group_says_what_it_changed() -> None:
    firm = {"kind": "firm", "region": "640200", "spent": "100万元", "level": "high"}
    data = assessment_data(all_forms().assess({"applicant": firm}, on=ON))
    by_id = {decision["incentive"]: decision for decision in data["decisions"]}
    assert by_id["forms/best"]["amount"] == "0.00"
    assert by_id["forms/best"]["group"] == {
        "id": "forms/either",
        "rule": "highest",
        "before": "10000.00",
        "taken": False,
        "clause": "10",
    }
    assert by_id["forms/second"]["amount"] == "500000.00"
    assert by_id["forms/second"]["group"] is None


def test_only_what_was_asked_for_is_reported() -> None:
    chosen = ["shizuishan-tech-city/technology-contract-award"]
    profile = next(path for path in EXAMPLES if path.stem == "centre")
    data = assessment_data(shipped_rules().assess(profile, on=ON, only=chosen))
    assert [decision["incentive"] for decision in data["decisions"]] == chosen
    assert data["rulebook"]["documents"] == ["shizuishan-tech-city"]
    assert data["rulebook"]["digest"].startswith("sha256:")
