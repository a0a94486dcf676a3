"""Curves under small rules: every construct followed exactly, or refused with its reason."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from tests.small import ON, amount, book, decide, entry, profile, when

from incentives.diagnostics import UnknownIncentiveError
from incentives.engine.curve import BreakKind, Curve, CurveError, curve
from incentives.engine.forms import Form, Reach, extreme, gap, negative, over, rounded, times, total
from incentives.rulebook.profile import Profile
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEND = {"spend": "40万元", "staff": 5, "balance": "1万元", "revenue": {"2023": "1元"}}
CONTRACTS = [{"no": "1", "paid": "3万元", "ok": True}, {"no": "2", "paid": "5万元", "ok": False}]


def parameters(**values: str) -> str:
    return "[incentive.parameters]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())


def drawn(body: str, facts: dict[str, Any], base: str) -> Curve:
    rulebook = book(body)
    return curve(
        rulebook.plan,
        "doc/award",
        base,
        Profile(profile(facts), rulebook.vocabulary),
        ON,
        assume_no_history=True,
    )


def engine(body: str, facts: dict[str, Any], base: str, x: int) -> int:
    rulebook = book(body)
    moved = Profile(profile(facts), rulebook.vocabulary).with_facts({base: x})
    high = rulebook.assess(moved, ON, assume_no_history=True)["doc/award"].range
    assert high is not None
    assert high.high is not None
    return high.high.fen


def places(found: Curve) -> Iterator[int]:
    low, high = found.segments[0].start, found.segments[-1].stop
    wanted = {low, low + 1, 10**6, 12_345_678, 10**9}
    wanted |= {int(each.at) + step for each in found.breaks for step in (-2, -1, 0, 1, 2)}
    yield from (x for x in sorted(wanted) if x >= low and (high is None or x <= high))


BANDS = 'bands = { of = "applicant.spend", mode = "%s", steps = [ { up_to = "10万元", rate = "10%%" }, { below = "50万元", rate = "5%%" }, { rate = "1%%" } ] }\n'
TABLE = """hit = "unique"
table = [
  { when = 'applicant.spend >= many', amount = 'much', says = { zh = "多" } },
  { otherwise = true, amount = 'little', says = { zh = "少" } },
]
"""
FOLLOWED = {
    "cap": entry() + amount(base="applicant.spend", rate="10%", cap="3万元"),
    "floor": entry() + amount(base="applicant.spend", rate="10%", floor="3万元"),
    "minimum": entry() + amount(base="applicant.spend", rate="10%", minimum="3万元"),
    "less": entry() + amount(base="applicant.spend", rate="10%", less="applicant.balance"),
    "marginal": entry() + "[incentive.amount]\n" + BANDS % "marginal",
    "whole": entry() + 'decreasing = "text"\n[incentive.amount]\n' + BANDS % "whole",
    "table": entry() + parameters(many='"30万元"', much='"3万元"', little='"1万元"') + "[incentive.amount]\n" + TABLE,
    "if": entry() + parameters(many='"30万元"') + amount(formula="applicant.spend / (1 + 1) if applicant.spend > many else applicant.balance"),
    "difference": entry() + amount(formula="max(applicant.spend - applicant.balance, applicant.balance)"),
    "abs": entry() + amount(formula="abs(applicant.spend - applicant.balance)"),
    "rounded": entry() + parameters(step='"1000元"') + amount(formula='round_to(applicant.spend / (1 + 1 + 1), step, "down")'),
    "in": entry() + parameters(some='["40万元", "41万元"]') + when("applicant.spend in some") + amount(fixed="1万元"),
    "equal": entry() + parameters(just='"40万元"') + when("applicant.spend == just") + amount(fixed="1万元"),
    "unequal": entry() + parameters(just='"40万元"') + when("applicant.spend != just") + amount(fixed="1万元"),
    "quotient": entry() + parameters(least='"1/7"') + when("applicant.balance / applicant.spend >= least") + amount(fixed="1万元"),
    "other": entry() + amount(formula='award("doc/base")') + entry(id="base") + amount(base="applicant.spend", rate="10%", cap="2万元"),
    "granted": entry() + when('granted("doc/base")') + amount(fixed="1万元") + entry(id="base") + parameters(least='"20万元"') + when("applicant.spend >= least", id="d") + amount(fixed="1元"),
    "two of three": entry() + parameters(a='"20万元"', b='"30万元"') + "[[incentive.condition]]\nid = \"c\"\nat_least = 2\nany = [ 'applicant.spend >= a', 'applicant.spend >= b', 'not applicant.small' ]\nsays = { zh = \"条件\" }\n" + amount(fixed="1万元"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOLLOWED)
def test_the_engine_is_on_the_curve(name: str) -> None:
    facts = {**SPEND, "small": True}
    found = drawn(FOLLOWED[name], facts, "applicant.spend")
    assert not found.is_flat
    for x in places(found):
        piece = found.segment(x)
        assert (
            abs(engine(FOLLOWED[name], facts, "applicant.spend", x) - piece.line(x)) <= piece.slack
        ), x


LISTS = {
    "each": entry(each='"contract"') + when("contract.ok or contract.paid > 0") + amount(base="contract.paid", rate="10%", cap="1万元"),
    "total": entry(each='"contract"') + amount(base="contract.paid", rate="10%") + '[[incentive.total]]\ncap = "6000元"\n',
    "per year": entry(each='"contract"') + amount(base="contract.paid", rate="10%") + '[[incentive.total]]\nper = "year"\ncap = "6000元"\n',
    "sum": entry() + amount(formula="sum(c.paid for c in contract if c.ok)"),
    "most": entry() + amount(formula="max(sum(c.paid for c in contract), applicant.balance)"),
    "any": entry() + parameters(many='"4万元"') + when("any(c.paid > many and c.ok for c in contract)") + amount(fixed="1万元"),
    "all": entry() + parameters(many='"4万元"') + when("all(c.paid > many for c in contract)") + amount(fixed="1万元"),
    "count": entry() + parameters(many='"4万元"', each='"1万元"') + amount(formula="count(c.paid > many for c in contract) * each"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_the_engine_is_on_the_curve_over_an_item(name: str) -> None:
    facts = {**SPEND, "contract": CONTRACTS}
    base = "contract[1].paid"
    found = drawn(LISTS[name], facts, base)
    assert not found.is_flat
    for x in places(found):
        piece = found.segment(x)
        assert abs(engine(LISTS[name], facts, base, x) - piece.line(x)) <= piece.slack, x


REFUSED = {
    "multiplied": (amount(formula="applicant.spend * (applicant.spend / applicant.balance)"), "multiplied"),
    "quotient": (amount(formula="applicant.balance * (applicant.balance / applicant.spend)"), "quotient"),
    "added": (amount(formula="applicant.balance * (applicant.balance / applicant.spend) + applicant.spend"), "added"),
    "unknown": (when("applicant.honest") + amount(fixed="1元"), "applicant.honest"),
    "figure": (amount(formula="applicant.spend + applicant.revenue[year - 1 - 1]"), "applicant.revenue.2022"),
    "no amount": ("", "no amount"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_runs_in_no_straight_pieces_is_refused(name: str) -> None:
    body, says = REFUSED[name]
    head = entry(entitlement='"none"', kind='"treatment"') if name == "no amount" else entry()
    with pytest.raises(CurveError, match=says) as refused:
        drawn(head + body, SPEND, "applicant.spend")
    assert refused.value.zh


def test_distinct_items_have_no_curve() -> None:
    body = entry(each='"contract"', distinct="'contract.result'", keep='"first"') + amount(
        base="contract.paid", rate="10%"
    )
    items = [{**each, "result": "A"} for each in CONTRACTS]
    with pytest.raises(CurveError, match="one item per value"):
        drawn(body, {"contract": items}, "contract[1].paid")


def test_what_replaces_it_ends_the_curve() -> None:
    other = entry(
        id="other", overrides="[{ incentive = \"doc/award\", when = 'applicant.spend > limit' }]"
    )
    body = (
        entry()
        + amount(base="applicant.spend", rate="10%")
        + other
        + parameters(limit='"50万元"')
        + amount(fixed="1元")
    )
    found = drawn(body, SPEND, "applicant.spend")
    assert found.breaks[-1].at == 50_000_001
    assert found.breaks[-1].kind is BreakKind.JUMP
    assert found.segments[-1].first == 0


def test_a_past_payment_does_not_move() -> None:
    with pytest.raises(CurveError, match="no place"):
        drawn(
            FOLLOWED["cap"],
            {**SPEND, "received": [{"incentive": "doc/award", "amount": "1元"}]},
            "received[1].amount",
        )


def test_an_unknown_incentive_is_named() -> None:
    rulebook = book(FOLLOWED["cap"])
    with pytest.raises(UnknownIncentiveError, match="did you mean 'doc/award'"):
        curve(
            rulebook.plan,
            "doc/awards",
            "applicant.spend",
            Profile(profile(SPEND), rulebook.vocabulary),
            ON,
        )


def test_the_curve_does_not_reach_below_its_start() -> None:
    with pytest.raises(ValueError, match="does not reach -1"):
        drawn(FOLLOWED["cap"], SPEND, "applicant.spend").segment(-1)


def test_a_decision_gives_its_curve() -> None:
    assert decide(FOLLOWED["cap"], {"spend": "1元"}).curve().base == "applicant.spend"


# ── forms ────────────────────────────────────────────────────────────────────


def line(level: int, slope: int, x: int = 0) -> Form:
    return Form(level + slope * x, (level, slope))


def test_forms_that_cancel_are_plain_numbers() -> None:
    assert total([line(3, 2), negative(line(1, 2))]) == 2


def test_a_quotient_times_a_number_stays_one() -> None:
    reach = Reach(1)
    half = over(6, line(1, 1, 1), reach)
    assert isinstance(half, Form)
    scaled = times(half, 2)
    assert isinstance(scaled, Form)
    assert scaled.at == 6


def test_quotients_with_one_divisor_add_up() -> None:
    reach = Reach(1)
    below = line(1, 1, 1)
    found = total([over(6, below, reach), over(line(2, 1, 1), below, reach), 1])
    assert isinstance(found, Form)
    assert found.at == Fraction(6, 2) + Fraction(3, 2) + 1


def test_quotients_with_different_divisors_are_refused() -> None:
    reach = Reach(1)
    parts = [over(6, line(1, 1, 1), reach), over(6, line(2, 1, 1), reach)]
    with pytest.raises(CurveError, match="different divisors"):
        total(parts)
    with pytest.raises(CurveError, match="compared"):
        gap(over(6, line(1, 1, 1), reach), line(0, 1, 1))


def test_a_divisor_of_zero_is_refused() -> None:
    with pytest.raises(CurveError, match="a divisor is zero"):
        over(1, 0, Reach(0))


def test_the_reach_ends_before_another_value_takes_over() -> None:
    reach = Reach(0)
    least = extreme([line(0, 1), 10], reach, largest=False)
    assert isinstance(least, Form)
    assert reach.last == 9  # at ten they are equal, and the other could be named


@pytest.mark.parametrize("mode", [Mode.DOWN, Mode.UP, Mode.HALF_UP, Mode.HALF_EVEN])
def test_a_rounded_line_stays_within_its_slack(mode: Mode) -> None:
    found = rounded(Form(Fraction(7, 3), (0, Fraction(1, 3))), 1, mode)
    assert found.exact is not None
    for x in range(40):
        assert abs(found.exact(x) - Fraction(x, 3)) <= found.slack


def test_a_line_of_whole_steps_is_not_rounded() -> None:
    assert rounded(line(10, 5), 5, Mode.DOWN) == line(10, 5)
