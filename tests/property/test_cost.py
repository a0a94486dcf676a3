"""Law 30: what an evaluation takes, counted, never exceeds the bound that is fixed at load."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts import Facts
from tests.reference import generate, profiles
from tests.small import ENTRY, assess, book, error, parameters, when

import incentives
from incentives.diagnostics import ProfileError, RulebookError, Source
from incentives.engine import compile as compiling
from incentives.engine import environment, history, items, plan, quick, stack
from incentives.engine.assess import Options
from incentives.engine.budget import MAX_STEPS
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.language.cost import Cost, cost_of, steps
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.rulebook.model import Rules

FIXED = "[incentive.amount]\nfixed = '1元'\n"
ON = date(2024, 6, 1)


class Counter:
    """Steps taken so far: closures called, and records of the past looked at."""

    def __init__(self) -> None:
        self.steps = 0

    def watched(self, run: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return a closure that counts itself."""

        def counted(env: Any) -> Any:
            self.steps += 1
            return run(env)

        return counted


@contextmanager
def counting() -> Iterator[Counter]:
    """Count every node that is evaluated of the plans that are compiled inside."""
    counter = Counter()
    with pytest.MonkeyPatch.context() as patch:
        closure, known = compiling.compile_expr, quick.compile_known
        payments, decided = environment.payments, history.decided_amount

        def compile_expr(node: Any) -> Any:
            return counter.watched(closure(node))

        def compile_known(node: Any) -> Any:
            scaled = known(node)
            return quick.Scaled(counter.watched(scaled.run), scaled.scale)

        def looked_at(env: Any, *rest: Any, **keys: Any) -> Any:
            counter.steps += len(env["[]received"] or ())
            return payments(env, *rest, **keys)

        def decision(ceiling: Any, incentive: str, env: Any) -> Any:
            counter.steps += len(env["[]decided"] or ())
            return decided(ceiling, incentive, env)

        for module in (compiling, plan, stack):
            patch.setattr(module, "compile_expr", compile_expr)
        for module in (environment, items, stack):
            patch.setattr(module, "payments", looked_at)
        patch.setattr(quick, "compile_known", compile_known)
        patch.setattr("incentives.engine.decide.decided_amount", decision)
        yield counter


def settle(assessment: Assessment) -> None:
    """Have everything decided that is put off until somebody looks."""
    for decision in assessment:
        assert decision.status
        assert decision.missing is not None
    assert assessment.totals is not None


def within_bound(counted: Plan, counter: Counter, profile: Profile, on: date) -> None:
    """Assess with and without refinement; hold the steps against the bounds."""
    lengths = profile.lengths
    for refine in (False, True):
        counter.steps = 0
        settle(Assessment(counted, profile, on, Options(refine=refine)))
        costs = counted.costs
        bound = costs.assessment(lengths) if refine else costs.compositional(lengths)
        assert 0 < counter.steps <= bound, (refine, counter.steps, bound)


@pytest.mark.parametrize("share", [0.5, 0.95, 1.0])
def test_law_30_the_shipped_rules_take_no_more_steps_than_their_bound(share: float) -> None:
    rules = incentives.load().rules
    profile = Facts(rules).profile(random.Random(f"cost {share}"), share)
    with counting() as counter:
        within_bound(Plan(rules), counter, profile, ON)


def generated(seed: int) -> Rules | None:
    try:
        return build_rules([Source(*each) for each in generate.rulebook(seed).items()])
    except RulebookError:  # rows that provably overlap
        return None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_law_30_generated_rulebooks_take_no_more_steps_than_their_bound(seed: int) -> None:
    rules = generated(seed)
    if rules is None:
        return
    with counting() as counter:
        counted = Plan(rules)
        for number in range(3):
            facts = profiles.profile(seed * 10 + number, tuple(rules.incentives))
            within_bound(counted, counter, Profile(facts, rules.vocabulary), generate.ON)


def test_law_30_a_sum_inside_a_sum_multiplies() -> None:
    inner = '[[definition]]\nid = "good"\nname = { zh = "合格" }\nvalue = \'count(d.ok for d in contract)\'\n'
    body = inner + ENTRY + "[incentive.amount]\nformula = 'sum(c.paid * good for c in contract)'\n"
    rules = book(body).rules
    amount = rules.incentives["doc/award"].versions[0].amount
    found = cost_of(amount)
    assert found.parts["contract", "contract"] > 0
    assert found.at({"contract": 100}) - found.at({"contract": 1}) > 100 * 100
    with counting() as counter:
        counted = Plan(rules)
        facts = {"kind": "firm", "region": "640200"}
        contracts = [{"no": f"{n}", "paid": "1元", "ok": True} for n in range(40)]
        profile = Profile({"applicant": facts, "contract": contracts}, rules.vocabulary)
        within_bound(counted, counter, profile, ON)
        assert counter.steps > 40 * 40


def test_law_30_a_bound_is_written_as_a_sum() -> None:
    assert str(steps(1) + steps(1200, "b", "a") + steps(3, "a")) == "1 + 3 × a + 1,200 × a × b"
    assert str(Cost()) == "0"
    assert (steps(2, "a") + steps(5)).at({"a": 10}) == 25
    assert steps(2, "a").at({}) == 2  # an unknown list is evaluated once, for any item of it


def test_law_30_a_profile_that_would_take_too_long_is_refused_before_it_is_read() -> None:
    rulebook = incentives.load()
    applicant = {"kind": "technology_transfer_center", "region": "640200"}
    many: list[Any] = [{"performed_amount": object()}] * 100_000  # not looked at
    with pytest.raises(ProfileError, match="E327") as found:
        rulebook.assess({"applicant": applicant, "contract": many}, on=ON)
    (finding,) = found.value.findings
    assert finding.fact == "contract"
    assert f"{MAX_STEPS:,}" in finding.message
    assert f"{MAX_STEPS:,}" in finding.zh
    assert rulebook.plan.costs.compositional({"contract": 10_000}) < MAX_STEPS / 2


def test_law_30_ten_thousand_contracts_are_assessed() -> None:
    rulebook = incentives.load()
    applicant = {"kind": "technology_transfer_center", "region": "640200"}
    contract = {
        "performed_amount": "150万元", "brokered_by_applicant": True,
        "provider_kind": "university", "buyer_kind": "enterprise",
    }  # fmt: skip
    contracts = [{"registration_no": f"{n}", **contract} for n in range(10_000)]
    found = rulebook.assess({"applicant": applicant, "contract": contracts}, on=ON)
    assert (
        str(found["shizuishan-tech-city/technology-contract-award"].amount) == "1,500,000,000.00元"
    )


def test_law_30_a_slice_of_too_many_years_is_a_finding_not_a_hang() -> None:
    body = (
        ENTRY
        + parameters(least="'1元'")
        + "[incentive.amount]\nformula = 'sum(applicant.revenue[year - applicant.staff : year])'\n"
    )
    decision = assess(body, {"staff": 10**17, "revenue": {2023: "1元"}})["doc/award"]
    assert [fault.code for fault in decision.findings] == ["too-many-years"]
    assert decision.amount is None
    assert "200" in decision.explain("zh")
    assert "200 years" in decision.explain("en")
    few = assess(body, {"staff": 2, "revenue": {2022: "1元", 2023: "2元"}})["doc/award"]
    assert str(few.amount) == "3.00元"


def test_law_30_a_rule_of_too_many_steps_is_refused_at_load() -> None:
    wide = " + ".join(["applicant.spend"] * 60)
    doubled = "".join(
        f'[[definition]]\nid = "d{at}"\nname = {{ zh = "甲" }}\n'
        f"value = '{wide if not at else f'd{at - 1} + d{at - 1}'}'\n"
        for at in range(10)
    )
    conditions = "".join(when(f"d9 > {n}", f"c{n}") for n in (0, 1) for _ in "a")
    assert "E211" not in error(doubled + ENTRY + conditions + FIXED)
    more = "".join(when("d9 > 0", f"c{n}") for n in range(3))
    assert "E211" in error(doubled + ENTRY + more + FIXED)
