"""Laws of amounts: monotone, capped, rounded once, the same in any unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.small import ENTRY, ON, amount, assess, book, decide, entry, parameters, profile, when

from incentives.engine.derive import Step, derive
from incentives.engine.environment import environment
from incentives.language.core import Role
from incentives.rulebook.profile import Profile
from incentives.values.rounding import Mode, round_to

FEN = st.integers(0, 10**9) | st.sampled_from([0, 1, 49, 50, 99, 100, 10**7, 10**7 + 1])
BANDS = (
    "[incentive.amount]\nbands = { of = 'applicant.spend', mode = \"marginal\", steps = [\n"
    '  { up_to = "1万元", rate = "10%" }, { below = "5万元", rate = "17.5%" }, { rate = "1/3" } ] }\n'
)
SOURCES = {
    "rate": amount(base="applicant.spend", rate="17.5%"),
    "floor and cap": amount(base="applicant.spend", rate="1/3", floor="100元", cap="1234.56元"),
    "minimum": amount(base="applicant.spend", rate="10%", minimum="500元"),
    "marginal bands": BANDS,
    "bands with a cap": BANDS + 'cap = "7777.77元"\n',
    "formula": amount(formula="applicant.spend - applicant.spend * rate", cap="5万元"),
    "coarse rounding": amount(base="applicant.spend", rate="99%", cap="12345元")
    + 'round = { to = "100元", mode = "half_even" }\n',
}
BODIES = {name: ENTRY + parameters(rate='"30%"') + text for name, text in SOURCES.items()}
CAPS = {"floor and cap": 123456, "bands with a cap": 777777, "formula": 5_000_000,
        "coarse rounding": 1_234_500}  # fmt: skip


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}元"


def award(body: str, spend: int) -> int:
    found = decide(body, {"spend": yuan(spend)}).amount
    assert found is not None
    return int(found.fen)


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=60)
@given(a=FEN, b=FEN)
def test_law_01_more_base_never_lowers_the_amount(name: str, a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert award(BODIES[name], low) <= award(BODIES[name], high)


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=60)
@given(spend=FEN)
@example(spend=10**15)
def test_law_03_an_award_is_never_above_its_cap_nor_below_zero(name: str, spend: int) -> None:
    assert 0 <= award(BODIES[name], spend) <= CAPS.get(name, 10**18)


ITEMS = (
    entry(each='"contract"')
    + parameters(rate='"10%"')
    + amount(base="contract.paid", rate="rate", cap="900元")
    + "[[incentive.total]]\ncap = '2000元'\n[[incentive.total]]\ncap = '1000元'\nby = 'contract.result'\n"
)
ROWS = st.lists(st.tuples(FEN | st.none(), st.sampled_from("ab")), max_size=4)


@settings(max_examples=30)
@given(rows=ROWS)
def test_law_03_a_cap_over_items_holds_for_each_and_for_all(
    rows: list[tuple[int | None, str]],
) -> None:
    items = [{"no": str(at), "result": result, **({} if fen is None else {"paid": yuan(fen)})}
             for at, (fen, result) in enumerate(rows)]  # fmt: skip
    decision = decide(ITEMS, {"contract": items})
    assert decision.range is not None
    assert decision.range.high is not None
    assert 0 <= decision.range.low.fen <= decision.range.high.fen <= 200000
    highs = [item.range.high for item in decision.items if item.range]
    assert all(high is not None and high.fen <= 90000 for high in highs)
    results = {result for _, result in rows}
    assert decision.range.high.fen <= 100000 * max(1, len(results))


@settings(max_examples=60)
@given(a=FEN, b=FEN, limit=st.integers(0, 10**8))
def test_law_03_a_joint_cap_holds(a: int, b: int, limit: int) -> None:
    body = (
        ENTRY + amount(formula="applicant.spend") + entry("other")
        + amount(formula="applicant.balance")
        + '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "cap"\n'
        f'limit = "{yuan(limit)}"\nclause = "一"\n'
    )  # fmt: skip
    both = assess(body, {"spend": yuan(a), "balance": yuan(b)})
    fen = [decision.amount.fen for decision in both if decision.amount]
    assert sum(fen) == min(a + b, limit)
    assert both.totals.exact is not None
    assert both.totals.exact.fen == sum(fen)


def capped(step: Step) -> list[tuple[Any, Any]]:
    """Return (before, after) of every cap in a derivation."""
    here = []
    if step.node.origin is not None and step.node.origin.role is Role.CAP and step.of:
        here = [(step.of[0].value, step.value)]
    return here + [pair for part in step.of for pair in capped(part)]


@settings(max_examples=60)
@given(spend=FEN)
def test_law_04_it_is_capped_exactly_when_the_uncapped_amount_is_above(spend: int) -> None:
    body = BODIES["floor and cap"]
    node = book(body).rules.incentives["doc/award"].versions[0].amount
    assert node is not None
    data = Profile(profile({"spend": yuan(spend)}), book(body).vocabulary)
    ((before, after),) = capped(derive(node, environment(data, ON, {}, no_history=True)))
    assert before == max(Fraction(spend, 3), 10000)
    assert (after < before) == (before > 123456)
    assert after == min(before, 123456)


@settings(max_examples=40)
@given(wan=st.integers(0, 10**6), name=st.sampled_from(sorted(BODIES)))
def test_law_23_the_unit_an_amount_is_written_in_has_no_effect(wan: int, name: str) -> None:
    forms = [f"{wan}万元", f"{wan}0000元", f"{wan}0000.00元", f"{wan / 1:.0f}万元"]
    digits = f"{wan:05d}"
    forms.append(f"{digits[:-4]}.{digits[-4:]}亿元")
    found = {decide(BODIES[name], {"spend": form}).amount for form in forms}
    assert len(found) == 1


@pytest.mark.parametrize("op", [">", ">=", "<", "<=", "==", "!="])
@settings(max_examples=25)
@given(threshold=st.integers(1, 10**9))
def test_law_24_one_fen_decides_on_each_side_of_a_threshold(op: str, threshold: int) -> None:
    body = ENTRY + when(f"applicant.spend {op} limit") + amount(fixed="1元")
    body = body.replace("[[incentive.condition]]",
                        parameters(limit=f'"{yuan(threshold)}"') + "[[incentive.condition]]")  # fmt: skip
    for fen in (threshold - 1, threshold, threshold + 1):
        holds = {">": fen > threshold, ">=": fen >= threshold, "<": fen < threshold,
                 "<=": fen <= threshold, "==": fen == threshold, "!=": fen != threshold}[op]  # fmt: skip
        status = decide(body, {"spend": yuan(fen)}).status
        assert status == ("eligible" if holds else "ineligible")


@pytest.mark.parametrize("mode", Mode)
@settings(max_examples=40)
@given(spend=FEN, quantum=st.sampled_from([1, 10, 100, 10000]), rate=st.sampled_from(
    ["17.5%", "1/3", "0.5‰", "7/3"]))  # fmt: skip
def test_law_25_an_amount_is_rounded_once_to_a_whole_number_of_quanta(
    mode: Mode, spend: int, quantum: int, rate: str
) -> None:
    body = ENTRY + amount(base="applicant.spend", rate=rate)
    body += f'round = {{ to = "{yuan(quantum)}", mode = "{mode}" }}\n'
    found = award(body, spend)
    exact = spend * {"17.5%": Fraction(7, 40), "1/3": Fraction(1, 3), "0.5‰": Fraction(1, 2000),
                     "7/3": Fraction(7, 3)}[rate]  # fmt: skip
    assert found % quantum == 0
    off = abs(found - exact)
    assert off < quantum if mode in {Mode.UP, Mode.DOWN} else 2 * off <= quantum
    assert found == round_to(exact, quantum, mode)


@settings(max_examples=40)
@given(cap=st.integers(0, 10**6), less=st.integers(0, 10**6), spend=st.integers(0, 10**7))
@example(cap=150, less=0, spend=10**6)
def test_law_25_rounding_up_never_goes_above_what_is_left_under_the_cap(
    cap: int, less: int, spend: int
) -> None:
    body = ENTRY + amount(base="applicant.spend", rate="1/3", cap=yuan(cap),
                          less="applicant.balance")  # fmt: skip
    body += 'round = { to = "1元", mode = "up" }\n'
    found = decide(body, {"spend": yuan(spend), "balance": yuan(less)}).amount
    assert found is not None
    assert 0 <= found.fen <= max(0, cap - less)
    assert found.fen % 100 == 0
