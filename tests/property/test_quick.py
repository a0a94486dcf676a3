"""Where the quick path answers, its answer is the general one."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.facts import Facts
from tests.reference import generate, profiles
from tests.small import ENTRY, amount, book, entry, parameters, profile, rules, when
from tests.small import ON as DAY

import incentives
from incentives.engine.assess import Options, run
from incentives.engine.environment import ON
from incentives.engine.plan import Plan
from incentives.engine.quick import Answer, NotQuickError, compile_known, quick_plan
from incentives.language import core
from incentives.rulebook.load import load_rules
from incentives.rulebook.profile import Profile
from incentives.values import types as t
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.rulebook.model import Rules

DAYS = (date(2021, 3, 1), date(2023, 12, 31), date(2024, 6, 1), date(2030, 1, 1))


def compare(plan: Plan, profile: Profile, on: date, *, drafts: bool = False) -> int:
    """Compare every incentive; return how many the quick path answered."""
    done = run(plan, profile, on, Options(), drafts=drafts)
    for name, answer in done.answers.items():
        full = done.outcomes[name]  # the general path, worked out because it is asked for
        assert answer == Answer(full.status, full.reason, full.value, full.failed), name
        assert full.is_settled
    return len(done.answers)


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return incentives.load().rules


@pytest.mark.parametrize("share", [1.0, 0.9, 0.5])
def test_the_quick_path_is_the_general_path_on_the_shipped_rules(
    shipped: Rules, share: float
) -> None:
    facts, plan, rng = Facts(shipped), Plan(shipped), random.Random(7)
    answered = 0
    for turn in range(25):
        answered += compare(plan, facts.profile(rng, share), DAYS[turn % 4], drafts=turn % 2 == 0)
    assert answered > 100


def test_the_quick_path_is_the_general_path_on_the_benchmark_rules(repository: Path) -> None:
    found = load_rules([repository / "benchmarks" / "rules" / "incentives"])
    facts, plan, rng = Facts(found), Plan(found), random.Random(8)
    answered = sum(compare(plan, facts.profile(rng, 0.97), DAY) for _ in range(150))
    assert answered > 400


@pytest.mark.parametrize("seed", range(12))
def test_the_quick_path_is_the_general_path_on_generated_rules(seed: int) -> None:
    from incentives.diagnostics import RulebookError, Source
    from incentives.rulebook.load import build_rules

    files = generate.rulebook(seed)
    try:
        found = build_rules([Source(name, text) for name, text in files.items()])
    except RulebookError:
        return  # an overlap or a circle that the load proves
    plan = Plan(found)
    for number in range(6):
        facts = profiles.profile(seed * 100 + number, tuple(found.incentives), share=1.0)
        compare(plan, Profile(facts, found.vocabulary), generate.ON)


# ── what it takes and what it leaves ─────────────────────────────────────────

EXPRESSIONS = [
    "applicant.spend * rate", "applicant.spend / limit * limit", "min(applicant.spend, limit)",
    "max(applicant.spend, limit, applicant.balance)", "max(applicant.spend, -applicant.balance)",
    "applicant.spend + applicant.balance - limit", "limit if applicant.small else applicant.spend",
    "applicant.share * limit", "applicant.revenue[year - 1] * rate", "applicant.staff * limit",
    'round_to(applicant.spend * rate, limit, "up")', "min(applicant.spend, limit, limit)",
    "limit if applicant.share in shares else applicant.spend",
    'limit if applicant.kind in {"firm"} and within(applicant.region, "640200") else limit',
    "limit if applicant.founded_on < on and not applicant.small else applicant.spend",
    "limit if applicant.small or applicant.honest else applicant.spend",
    "applicant.spend ** few * limit if applicant.small else limit",
    "limit / (applicant.staff * limit) * limit",
]  # fmt: skip


@pytest.mark.parametrize("formula", [e for e in EXPRESSIONS if "**" not in e])
@pytest.mark.parametrize("mode", Mode)
def test_every_construct_gives_what_the_general_path_gives(formula: str, mode: Mode) -> None:
    body = ENTRY + parameters(rate='"17.5%"', limit='"333.33元"', shares='["1/3", "50%"]')
    body += amount(formula=formula, cap="100万元")
    body += f'round = {{ to = "0.01元", mode = "{mode}" }}\n'
    plan, vocabulary = book(body).plan, book(body).vocabulary
    rng = random.Random(formula)
    for _ in range(12):
        facts = {
            "spend": rng.choice(["0元", "0.05元", "1234567.85元", "333.33元"]),
            "balance": rng.choice(["-0.05元", "-3333.33元", "7元"]),
            "share": rng.choice(["1/3", "0%", "12.5%"]), "staff": rng.choice([0, 1, 7]),
            "small": rng.random() < 0.5, "honest": rng.random() < 0.5,
            "revenue": {2023: "0.15元"}, "founded_on": date(2020, 1, 1),
            "region": rng.choice(["640200", "640000", "640221"]),
        }  # fmt: skip
        compare(plan, Profile(profile(facts), vocabulary), DAY)


def test_history_dates_ceilings_and_caps_over_items_are_left_to_the_general_path() -> None:
    left = [
        entry(once='"year"') + amount(fixed="1元"),
        entry(each='"contract"', dated_by="'contract.signed_on'") + amount(fixed="1元"),
        entry(each='"contract"', distinct="'contract.result'", keep='"first"')
        + amount(fixed="1元"),
        entry(each='"contract"') + amount(fixed="1元") + "[[incentive.total]]\ncap = '1元'\n",
        ENTRY + amount(fixed="1元") + "[incentive.budget]\namount = '1元'\nrule = 'pro_rata'\n",
        ENTRY + when("any(c.ok for c in contract)") + amount(fixed="1元"),
        entry(overrides='["doc/other"]')
        + amount(fixed="1元")
        + entry("other")
        + amount(fixed="1元"),
    ]
    for body in left:
        version = rules(body).incentives["doc/award"].versions[0]
        assert quick_plan(version, None) is None
    ceiling = book(entry(entitlement='"up_to"') + amount(fixed="1元"))
    checked = ceiling.profile(profile())
    assert (
        ceiling.plan.incentives[0].quick({**checked.known_facts, ON: DAY}, DAY, drafts=False)
        is None
    )


def test_constructs_without_a_quick_form_say_so() -> None:
    one = core.Const(1, t.COUNT)
    third = core.Fact("applicant", "applicant", "share", t.RATIO)
    tenth = core.Mul(third, core.Const(generate_tenth(), t.RATIO))
    for node in (
        core.Pow(one, one), core.Round(one, third, Mode.UP),
        core.In(core.Mul(one, core.Const(generate_tenth(), t.RATIO)), (one,)),
        core.Fact("applicant", "applicant", "revenue", t.MONEY, core.Mul(one, tenth)),
    ):  # fmt: skip
        with pytest.raises(NotQuickError):
            compile_known(node)


def generate_tenth() -> Any:
    from fractions import Fraction

    return Fraction(1, 10)
