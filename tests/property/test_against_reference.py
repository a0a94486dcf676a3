"""The engine against the reference evaluator, which shares no code with it.

Rulebooks are generated from a seed; the same seeds run everywhere. A longer run
is ``make differential``.
"""

from __future__ import annotations

from typing import Any

import pytest
import tomli
from tests.reference import evaluator, generate, profiles
from tests.reference.differential import differences, engine_answer

from incentives.diagnostics import Source
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

BLOCKS, PER_BLOCK = 6, 10


def say(text: str) -> None:
    print(text)  # noqa: T201 (shown by `pytest -s`)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_generated_rulebooks(block: int) -> None:
    compared, refused, differing = 0, 0, []
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        for name, facts, ours, theirs in differences(seed, 3):
            if isinstance(ours, str):
                assert "E243" in ours, ours  # rows that provably overlap are rightly refused
                refused += 1
                continue
            compared += 1
            if ours is not None:
                differing.append((seed, name, ours, theirs, facts))
    say(f"{compared} decisions compared, {refused} rulebooks refused, {len(differing)} differ")
    assert compared > 100
    assert not differing, differing[0]


DOCUMENT = """\
format = 1
[document]
id = "doc"
title = { zh = "文件" }
issuer = { zh = "某市" }
jurisdiction = "640200"
legal_status = "in_force"
effective = { from = 2020-01-01, until = 2029-12-31 }
rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }
[parameters]
limit = "100万元"
"""
FACTS: tuple[dict[str, Any], ...] = (
    {},
    {"kind": "firm", "small": True, "spend": "100万元", "balance": "-50万元", "staff": 0},
    {"kind": "other", "honest": False, "spend": "99.99万元", "share": "7/3", "staff": 3},
    {
        "small": False,
        "spend": {"at_least": "100万元"},
        "balance": {"at_least": "-50万元", "at_most": "50万元"},
        "share": "100%",
        "staff": {"at_most": 1},
    },
)


def document(expressions: list[str]) -> str:
    """Return a document with one incentive for each expression."""
    entries = [
        f"""
[[incentive]]
id = "i{at}"
name = {{ zh = "奖励" }}
kind = "award"
clause = "一"
recipient = ["firm", "centre", "other"]
entitlement = "none"
where = "anywhere"
[[incentive.condition]]
id = "c"
says = {{ zh = "条件" }}
when = '{test}'
"""
        for at, test in enumerate(expressions)
    ]
    return DOCUMENT + "".join(entries)


def test_every_small_expression() -> None:
    expressions = list(generate.expressions(1))
    files = {
        "vocabulary.toml": generate.rulebook(0)["vocabulary.toml"],
        "doc.toml": document(expressions),
    }
    plan = Plan(build_rules([Source(name, text) for name, text in files.items()]))
    parsed = {name: tomli.loads(text) for name, text in files.items()}
    for facts in FACTS:
        profile = {"applicant": facts}
        expected = evaluator.assess(parsed, profile, generate.ON)
        assessment = Assessment(
            plan, Profile(profile, plan.rules.vocabulary), generate.ON, Options(refine=False)
        )
        for at, test in enumerate(expressions):
            key = f"doc/i{at}"
            assert engine_answer(assessment[key]) == expected[key], (test, facts)
    say(f"{len(expressions)} expressions, {len(FACTS)} profiles")


def test_profiles_name_every_kind_of_fact() -> None:
    made = [profiles.profile(seed, ("alpha/i0",)) for seed in range(50)]
    given = {name for one in made for name in one["applicant"]}
    assert given == set(generate.FACTS["applicant"])
