"""The recorded evaluation comes to what the compiled one comes to."""

from __future__ import annotations

import itertools
import random
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tests.facts import Facts, expressions
from tests.reference import generate
from tests.small import ENTRY, ON, amount, book, entry, parameters, profile, rules, when

import incentives
from incentives.engine.assess import Options, run
from incentives.engine.compile import compile_expr, item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import ITEM, LIST, environment
from incentives.engine.plan import Plan
from incentives.language.core import Fact
from incentives.language.walk import size, walk
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from incentives.language.core import Expr
    from incentives.rulebook.model import Rules

STATED: list[dict[str, Any]] = [
    {},
    {"small": True, "spend": "1元", "staff": 0, "balance": "-1元"},
    {"honest": False, "spend": {"at_least": "99万元", "at_most": "101万元"}, "share": "50%"},
    {"small": False, "honest": True, "spend": "100万元", "balance": "100万元", "share": "100%",
     "staff": 1},
]  # fmt: skip


def steps(step: Step) -> int:
    """Return how many nodes were evaluated."""
    return 1 + sum(map(steps, step.of))


def agree(node: Expr, env: dict[str, Any]) -> Step:
    """Compare the two evaluations of one expression."""
    step = derive(node, env)
    value = compile_expr(node)(env)
    assert step.value == value
    assert step.value.__class__ == value.__class__ or step.value == value
    return step


@cache
def small_expressions() -> list[Expr]:
    """Return every small expression, checked: many conditions of one incentive."""
    texts = list(dict.fromkeys(generate.expressions(1)))
    found: list[Expr] = []
    for at in range(0, len(texts), 200):
        body = (
            ENTRY
            + parameters(limit='"100万元"')
            + "".join(when(text, f"c{index}") for index, text in enumerate(texts[at : at + 200]))
        )
        version = rules(body + amount(fixed="1元")).incentives["doc/award"].versions[0]
        found += [condition.test for condition in version.conditions]
    return found


@pytest.mark.parametrize("stated", STATED, ids=range(len(STATED)))
def test_derivation_is_evaluation_on_every_small_expression(stated: dict[str, Any]) -> None:
    vocabulary = book(ENTRY + amount(fixed="1元")).vocabulary
    env = environment(Profile(profile(stated), vocabulary), ON, {}, no_history=False)
    nodes = small_expressions()
    assert len(nodes) > 400
    for node in nodes:
        step = agree(node, env)
        assert steps(step) <= size(node)  # law 30: what was measured is within the bound


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return incentives.load().rules


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_derivation_is_evaluation_on_the_shipped_rules(shipped: Rules, share: float) -> None:
    plan, facts, rng = Plan(shipped), Facts(shipped), random.Random(3)
    for turn in range(2):
        known = facts.profile(rng, share)
        on = (date(2024, 6, 1), date(2022, 1, 1))[turn]
        done = run(plan, known, on, Options(), drafts=True)
        for incentive in shipped.incentives.values():
            for node in expressions(incentive.versions[-1]):
                env = dict(done.env)
                mentioned = {each.record for each in walk(node) if isinstance(each, Fact)}
                if incentive.each in mentioned:
                    items = env[LIST + str(incentive.each)]
                    if not items:
                        continue
                    item_scope(env, str(incentive.each), 0, items[0])
                else:
                    env[ITEM] = None
                agree(node, env)


FORMS = [
    "sum(c.paid for c in contract if c.ok)", "sum(c.paid for c in contract)",
    "count(c.ok for c in contract) * limit", "sum(applicant.revenue[year - few : year])",
    "min(applicant.revenue[year - few : year])", "max(applicant.revenue[year - few : year])",
    "sum(applicant.revenue[max(year - few, year_of(applicant.founded_on)) : year])",
    "limit if any(c.ok for c in contract) else applicant.spend",
    "limit if all(c.ok for c in contract if c.score > 0) else applicant.spend",
    "limit * applicant.share ** few",
    "limit if applicant.kind in words else applicant.spend",
    "limit if within(applicant.region, place) else applicant.spend",
    "limit if within(applicant.industry, trade) else applicant.spend",
    'received("doc/award", "year") + applicant.spend', "dated * applicant.share",
    "applicant.revenue[year_of(applicant.founded_on)]", "abs(applicant.balance)",
    'round_to(applicant.spend / few, limit, "half_even")', "applicant.spend / applicant.staff",
    "years_between(applicant.founded_on, on) * limit",
    "limit if add(applicant.founded_on, span) <= on else applicant.spend",
]  # fmt: skip
MORE = parameters(
    limit='"100元"', few="3", words='["firm"]', place='"640221"', trade='"C39"', span='"3 years"',
    dated='[{ until = 2023-12-31, value = "1元" }, { from = 2024-01-01, value = "2元" }]',
)  # fmt: skip
LISTS: list[dict[str, Any]] = [
    {},
    {"contract": []},
    {"contract": [{"no": "1", "paid": "5元", "ok": True}, {"no": "2", "paid": "7元"}]},
    {"contract": [{"no": "1", "ok": False, "score": 3}], "received": [
        {"incentive": "doc/award", "amount": "3元", "year": 2024}, {"amount": "4元"}]},
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_derivation_is_evaluation_on_every_form(form: str) -> None:
    body = ENTRY + MORE + amount(formula=form)
    node = rules(body).incentives["doc/award"].versions[0].amount
    assert node is not None
    vocabulary = book(body).vocabulary
    for facts, lists in itertools.product(STATED, LISTS):
        more = {"revenue": {2022: "3元", 2023: "0元"}, "region": "640200", "industry": "C3911",
                "founded_on": {"at_least": date(2020, 1, 1), "at_most": date(2022, 6, 1)}}  # fmt: skip
        for extra in ({}, more):
            data = profile({**facts, **extra, **lists})
            env = environment(Profile(data, vocabulary), ON, {}, no_history=False)
            step = agree(node, env)
            items = len(lists.get("contract") or ()) + len(range(2015, 2025))
            assert steps(step) <= size(node) * (1 + items)


def test_tables_and_ceilings_derive_too() -> None:
    table = entry(entitlement='"up_to"') + (
        "[incentive.amount]\ntable = [ { when = 'applicant.spend > applicant.balance', amount = \"1元\" },"
        " { when = 'applicant.honest', amount = 'applicant.spend' } ]\n"
    )
    first = table.replace("[incentive.amount]", '[incentive.amount]\nhit = "first"')
    for body in (table, first):
        node = rules(body).incentives["doc/award"].versions[0].amount
        assert node is not None
        for stated in STATED:
            data = Profile(profile(stated), book(body).vocabulary)
            agree(node, environment(data, ON, {}, no_history=False))
