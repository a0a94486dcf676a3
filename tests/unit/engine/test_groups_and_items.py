"""Caps over items, one item per value, groups within groups, and cells."""

from __future__ import annotations

from typing import Any

import pytest
from tests.small import ENTRY, amount, assess, decide, entry, parameters, when

from incentives.engine.items import fill
from incentives.engine.outcome import Status
from incentives.values.money import Money
from incentives.values.unknown import Unknown, bounds

PER_RESULT = entry(each='"contract"', distinct="'contract.result'", keep='"{}"') + amount(
    formula="contract.paid"
)
ROWS = [{"no": "1", "paid": "2元", "result": "a"}, {"no": "2", "paid": "3元", "result": "a"},
        {"no": "3", "paid": "5元", "result": "b"}]  # fmt: skip


@pytest.mark.parametrize(("keep", "fen"), [("first", 700), ("largest", 800)])
def test_one_item_per_value(keep: str, fen: int) -> None:
    assert decide(PER_RESULT.replace("{}", keep), {"contract": ROWS}).amount == Money(fen)


@pytest.mark.parametrize(("keep", "low", "high"), [("first", 500, 700), ("largest", 500, 700)])
def test_an_item_of_an_unknown_value_may_belong_to_any_group(
    keep: str, low: int, high: int
) -> None:
    rows = [{"no": "1", "paid": "2元"}, {"no": "3", "paid": "5元", "result": "b"}]
    found = decide(PER_RESULT.replace("{}", keep), {"contract": rows})
    lo, hi = found.range.low.fen, found.range.high.fen
    assert hi == high
    assert lo <= low
    for label in ("a", "b"):
        full = [{**rows[0], "result": label}, rows[1]]
        fen = decide(PER_RESULT.replace("{}", keep), {"contract": full}).amount.fen
        assert lo <= fen <= hi


YEARLY = (
    entry(each='"contract"', dated_by="'contract.signed_on'") + parameters(cap='"4元"')
    + amount(formula="contract.paid") + "[[incentive.total]]\ncap = 'cap'\nper = \"year\"\n"
)  # fmt: skip


def test_a_yearly_cap_counts_each_year_and_the_past() -> None:
    from datetime import date

    rows: list[dict[str, Any]] = [
        {"no": "1", "paid": "3元", "signed_on": date(2023, 5, 1)},
        {"no": "2", "paid": "3元", "signed_on": date(2024, 1, 1)},
        {"no": "3", "paid": "3元", "signed_on": date(2024, 2, 1)},
    ]
    assert decide(YEARLY, {"contract": rows, "received": []}).amount == Money(700)
    paid = {"incentive": "doc/award", "amount": "2元", "year": 2024, "item": "9"}
    assert decide(YEARLY, {"contract": rows, "received": [paid]}).amount == Money(500)
    own = {**paid, "item": "3"}  # what was paid for an item under assessment is not counted
    assert decide(YEARLY, {"contract": rows, "received": [own]}).amount == Money(700)
    over = decide(YEARLY, {"contract": rows, "received": [{**paid, "amount": "6元"}]})
    assert over.amount == Money(300)
    assert over.overpaid == Money(200)
    assert decide(YEARLY, {"contract": rows, "received": []}).overpaid is None
    undated = [{"no": "1", "paid": "3元"}]
    found = decide(YEARLY, {"contract": undated, "received": []})
    assert (found.range.low, found.range.high) == (Money(0), Money(300))


def test_what_is_left_of_a_cap_is_used_up_in_listed_order() -> None:
    assert fill([3, 3, 3], 5) == [3, 2, 0]
    first, second = fill([Unknown(lo=1, hi=4), 3], 5)
    assert bounds(first) == (1, 4)
    assert bounds(second) == (1, 3)
    assert bounds(fill([Unknown(lo=0), 3], 5)[1]) == (0, 3)
    assert bounds(fill([2, 3], Unknown(lo=1))[0]) == (1, 2)


NESTED = (
    "".join(entry(name) + amount(formula=f"applicant.{fact}")
            for name, fact in (("a", "spend"), ("b", "balance")))
    + entry("c") + parameters(three='"3元"') + amount(fixed="three")
    + '[[group]]\nid = "outer"\nmembers = ["doc/inner", "doc/c"]\nrule = "cap"\nlimit = "4元"\n'
    'clause = "一"\n'
    '[[group]]\nid = "inner"\nmembers = ["doc/a", "doc/b"]\nrule = "highest"\nclause = "二"\n'
)  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "expected"), [(1, 2, (0, 200, 200)), (5, 2, (400, 0, 0)), (3, 3, (300, 0, 100))]
)
def test_a_group_in_a_group_hands_on_what_it_is_allowed(
    a: int, b: int, expected: tuple[int, ...]
) -> None:
    found = assess(NESTED, {"spend": f"{a}元", "balance": f"{b}元"})
    assert tuple(found[f"doc/{name}"].amount.fen for name in "abc") == expected
    assert found.totals.exact == Money(sum(expected))


def test_a_top_up_is_the_highest_less_what_was_received() -> None:
    body = (
        ENTRY + amount(formula="applicant.spend") + entry("other") + amount(fixed="2元")
        + '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "top_up"\nclause = "一"\n'
    )  # fmt: skip
    paid = {"incentive": "doc/other", "amount": "2元", "year": 2023}
    found = assess(body, {"spend": "5元", "received": [paid]})
    assert (found["doc/award"].amount, found["doc/other"].amount) == (Money(300), Money(0))
    group = found["doc/award"].group
    assert group is not None
    assert (group.id, group.rule, group.before, group.taken) == (
        "doc/g",
        "top_up",
        Money(500),
        True,
    )
    open_ = assess(body, {"spend": "5元"})["doc/award"]
    assert (open_.range.low, open_.range.high) == (Money(0), Money(500))
    assert "received" in open_.missing


def test_cells_settle_what_every_case_agrees_on() -> None:
    excluded = (
        ENTRY + when("applicant.small or not applicant.small", "always") + amount(fixed="1元")
    )
    assert decide(excluded).status is Status.ELIGIBLE
    assert decide(excluded).missing == ()
    table = (
        ENTRY
        + parameters(limit='"100元"')
        + amount(
            formula="(applicant.spend if applicant.spend < limit else limit) - applicant.spend / two"
        )
        .replace("two", "one + one")
        .replace("/ one + one", "* one")
        + ""
    )
    table = table.replace("limit = ", 'one = "50%"\nlimit = ')
    body = table.replace("applicant.spend * one", "min(applicant.spend, limit) * one")
    found = decide(body, {"spend": {"at_least": "0元", "at_most": "200元"}})
    assert found.range.high <= Money(10000)


def test_a_condition_of_parts_shows_them() -> None:
    body = ENTRY + (
        '[[incentive.condition]]\nid = "c"\nsays = { zh = "两项之一" }\nat_least = 1\n'
        "any = [ { id = 'a', when = 'applicant.small', says = { zh = '小' } },"
        " { id = 'b', when = 'applicant.honest', says = { zh = '诚' } } ]\n"
    ) + amount(fixed="1元")  # fmt: skip
    (condition,) = [one for one in decide(body, {"small": False}).conditions if one.id == "c"]
    assert condition.outcome == "unknown"
    assert [(part.id, str(part.outcome)) for part in condition.of] == [
        ("a", "failed"),
        ("b", "unknown"),
    ]
    per_item = body.replace(ENTRY, entry(each='"contract"')).replace(
        "applicant.small", "contract.ok"
    )
    rows = [{"no": "1", "ok": False}, {"no": "2", "ok": True}]
    decision = decide(per_item, {"contract": rows, "honest": False})
    (condition,) = [one for one in decision.conditions if one.id == "c"]
    assert (condition.outcome, condition.items) == ("met", ("2",))
    assert [str(part.outcome) for part in condition.of] == ["met", "failed"]
