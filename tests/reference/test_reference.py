"""The reference evaluator against figures worked out by hand, and against its own laws."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import tomli
from tests.reference import generate, profiles
from tests.reference import values as v
from tests.reference.evaluator import assess

ON = date(2024, 6, 1)
VOCABULARY = """
[entity.applicant]
[entity.contract]
many = true
key = "no"
[fact.applicant.kind]
type = "choice"
choices.centre = {}
choices.firm = {}
[fact.applicant.region]
type = "region"
[fact.applicant.small]
type = "bool"
[fact.applicant.honest]
type = "bool"
[fact.applicant.spend]
type = "money"
[fact.applicant.staff]
type = "count"
[fact.applicant.share]
type = "ratio"
[fact.applicant.revenue]
type = "money"
per = "year"
[fact.applicant.founded_on]
type = "date"
[fact.contract.no]
type = "text"
[fact.contract.paid]
type = "money"
[fact.contract.ok]
type = "bool"
[fact.contract.result_no]
type = "text"
[fact.contract.signed_on]
type = "date"
"""
DOCUMENT = """
[document]
id = "d"
jurisdiction = "640200"
legal_status = "in_force"
rounding = { to = "0.01元", mode = "half_up" }
"""
PLAIN = 'kind = "award"\nrecipient = ["centre"]\nentitlement = "exact"\n'
TEN_PERCENT = f"""
[[incentive]]
id = "a"
{PLAIN}each = "contract"
[incentive.parameters]
rate = "10%"
cap = "20万元"
[[incentive.condition]]
id = "ok"
when = 'contract.ok'
[incentive.amount]
base = 'contract.paid'
rate = 'rate'
cap = 'cap'
"""
CENTRE = {"kind": "centre", "region": "640200"}


def decide(rules: str, profile: dict[str, Any], key: str = "d/a", **options: Any) -> dict[str, Any]:
    files = {"vocabulary.toml": tomli.loads(VOCABULARY), "d.toml": tomli.loads(DOCUMENT + rules)}
    found: dict[str, Any] = assess(files, profile, options.pop("on", ON), **options)[key]
    return found


def simple(amount: str, more: str = "", head: str = "") -> str:
    return f'[[incentive]]\nid = "a"\n{PLAIN}{head}\n{more}\n[incentive.amount]\n{amount}\n'


def worth(rules: str, *, key: str = "d/a", items: Any = None, **facts: Any) -> Any:
    """Return the amount in fen, or the ends of its range."""
    listed = {} if items is None else {"contract": items}
    found = decide(rules, {"applicant": {**CENTRE, **facts}, "received": [], **listed}, key)
    return (found["low"], found["high"]) if found["amount"] is None else found["amount"]


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ("1500000.00元", 15_000_000),
        ("2000000.05元", 20_000_000),
        ("1234567.85元", 12_345_679),
        (None, (0, 20_000_000)),
        ({"at_least": "180万元", "at_most": "260万元"}, (18_000_000, 20_000_000)),
    ],
)
def test_ten_percent_capped_at_200_000_yuan(paid: Any, expected: Any) -> None:
    profile = {"applicant": CENTRE, "contract": [{"no": "1", "ok": True, "paid": paid}]}
    for refine in (False, True):
        found = decide(TEN_PERCENT, profile, refine=refine)
        assert found["status"] == "eligible"
        low, high = (expected, expected) if isinstance(expected, int) else expected
        assert (found["low"], found["high"]) == (low, high)
        assert found["amount"] == (low if low == high else None)


def test_the_example_of_the_product_page() -> None:
    items = [{"no": "1", "ok": True, "paid": "150万元"}, {"no": "2", "ok": True, "paid": "300万元"}]
    assert worth(TEN_PERCENT, items=items) == 35_000_000


@pytest.mark.parametrize(
    ("contracts", "status", "failed"),
    [
        ([], "ineligible", ["items"]),
        ([{"ok": False}], "ineligible", ["ok"]),
        ([{"ok": False}, {}], "undetermined", []),
        ([{"ok": True}, {"ok": False}, {}], "eligible", []),
        (None, "undetermined", []),
    ],
)
def test_status_over_items(contracts: Any, status: str, failed: list[str]) -> None:
    found = decide(TEN_PERCENT, {"applicant": CENTRE, "contract": contracts})
    assert (found["status"], found["failed"]) == (status, failed)


@pytest.mark.parametrize(
    ("facts", "status", "reason"),
    [
        ({"kind": "firm", "region": "650000"}, "not_applicable", "jurisdiction"),
        ({"kind": "firm", "region": "640221"}, "not_applicable", "recipient"),
        ({"kind": "centre", "region": "640000"}, "undetermined", None),
        ({"region": "640200"}, "undetermined", None),
        ({"kind": "centre", "region": "640221"}, "eligible", None),
    ],
)
def test_applicability(facts: Any, status: str, reason: Any) -> None:
    found = decide(simple("fixed = '1元'"), {"applicant": facts})
    assert (found["status"], found["reason"]) == (status, reason)


def test_a_failed_condition_stands_while_applicability_is_open() -> None:
    rules = simple("fixed = '1元'", "[[incentive.condition]]\nid = 's'\nwhen = 'applicant.small'")
    found = decide(rules, {"applicant": {"region": "640200", "small": False}})
    assert (found["status"], found["failed"], found["amount"]) == ("ineligible", ["s"], 0)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("fixed = '100元'\nfloor = '500元'\ncap = '300元'", 30_000),
        ("fixed = '900元'\ncap = '300元'\nless = '100元'", 20_000),
        ("fixed = '100元'\nless = '300元'", 0),
        ("fixed = '99.99元'\nminimum = '100元'", 0),
        ("base = 'applicant.spend'\nrate = '1/3'", 3_334),  # 33.335 half up
        ("base = 'applicant.spend'\nrate = '1/3'\ncap = '33.333元'", None),
        ("formula = 'applicant.spend / applicant.staff'", (0, None)),
        ("formula = 'applicant.spend * 0'", 0),
    ],
)
def test_amount_in_its_order(amount: str, expected: Any) -> None:
    if expected is None:  # never above what is left under the cap
        amount, expected = (
            "base = 'applicant.spend'\nrate = '1/3'\ncap = 'applicant.spend / 4'",
            2_500,
        )
    assert worth(simple(amount), spend="100.005元" if expected == 3_334 else "100元") == expected


def test_bands() -> None:
    steps = "steps = [{ up_to = '1000万元', rate = '5%' }, { rate = '2.5%' }] }"
    for mode, spend, expected in (
        ("marginal", "1000万元", 50_000_000),
        ("marginal", "3000万元", 100_000_000),
        ("whole", "1000万元", 50_000_000),
        ("whole", "1000万0.04元", 25_000_000),
    ):
        rules = simple(f"bands = {{ of = 'applicant.spend', mode = '{mode}', {steps}")
        paid = "10000000.04元" if spend.endswith("0.04元") else spend
        assert worth(rules, spend=paid) == expected
    wide = {"at_least": "500万元", "at_most": "2000万元"}
    assert worth(
        simple(f"bands = {{ of = 'applicant.spend', mode = 'marginal', {steps}"), spend=wide
    ) == (
        25_000_000,
        75_000_000,
    )


def test_table_rows() -> None:
    rows = (
        "table = [{ when = 'applicant.small', amount = '5元' }, "
        "{ when = 'applicant.honest', amount = '9元', entitlement = 'up_to' }, "
        "{ otherwise = true, amount = '1元' }]"
    )
    assert worth(simple(rows), small=True, honest=False) == 500
    assert worth(simple(rows), small=False, honest=True) == (0, 900)
    assert worth(simple(rows), small=False, honest=False) == 100
    assert worth(simple(rows), small=True, honest=True) == (0, None)  # two rows: a finding
    assert worth(simple(rows), small=False) == (0, 900)
    assert worth(simple(rows + "\nhit = 'first'"), small=True, honest=True) == 500


def test_ceiling_and_decision() -> None:
    rules = simple("fixed = '100元'", head="at_least = '10元'").replace('"exact"', '"up_to"')
    assert worth(rules) == (1_000, 10_000)
    for paid, day, expected in (
        ("60元", date(2024, 5, 1), 6_000),
        ("60元", date(2024, 7, 1), None),
        ("101元", date(2024, 5, 1), None),
    ):
        entry = {"incentive": "d/a", "amount": paid, "decided_on": day}
        found = decide(rules, {"applicant": CENTRE, "decided": [entry]})
        assert found["amount"] == expected
    by_case = simple("", head="").replace('"exact"', '"case_by_case"')
    assert worth(by_case) == (0, None)


def test_totals_and_history() -> None:
    total = '[[incentive.total]]\ncap = "25万元"\nper = "year"\n'
    items = [{"no": str(i), "ok": True, "paid": "200万元"} for i in range(2)]
    assert worth(TEN_PERCENT + total, items=items) == 25_000_000
    profile: dict[str, Any] = {"applicant": CENTRE, "contract": items}
    assert decide(TEN_PERCENT + total, profile)["high"] == 25_000_000
    past = {"incentive": "d/a", "amount": "10万元", "year": 2024, "item": "9"}
    assert decide(TEN_PERCENT + total, {**profile, "received": [past]})["amount"] == 15_000_000
    under = {**past, "item": "0"}  # an item under assessment does not lower its own cap
    assert decide(TEN_PERCENT + total, {**profile, "received": [under]})["amount"] == 25_000_000
    last_year = {**past, "year": 2023}
    assert decide(TEN_PERCENT + total, {**profile, "received": [last_year]})["amount"] == 25_000_000


def test_distinct() -> None:
    items = [
        {"no": "1", "ok": True, "paid": "10万元", "result_no": "r"},
        {"no": "2", "ok": True, "paid": "30万元", "result_no": "r"},
        {"no": "3", "ok": True, "paid": "20万元", "result_no": "s"},
    ]
    for keep, expected in (("first", 3_000_000), ("largest", 5_000_000)):
        head = f"each = 'contract'\ndistinct = 'contract.result_no'\nkeep = '{keep}'"
        rules = TEN_PERCENT.replace('each = "contract"', head)
        assert worth(rules, items=items) == expected


def test_once() -> None:
    rules = simple("fixed = '1元'", head="once = 'lifetime'")
    assert decide(rules, {"applicant": CENTRE})["status"] == "undetermined"
    assert decide(rules, {"applicant": CENTRE}, assume_no_history=True)["status"] == "eligible"
    past = {"incentive": "d/a", "amount": "1元", "year": 2020}
    assert decide(rules, {"applicant": CENTRE, "received": [past]})["failed"] == ["once"]


def test_versions_by_the_date_of_the_item() -> None:
    def version(period: str, figure: str) -> str:
        head = f"each = 'contract'\ndated_by = 'contract.signed_on'\neffective = {{ {period} }}"
        return simple(f"fixed = '{figure}'", head=head)

    rules = version("until = 2022-12-31", "1元") + version("from = 2023-01-01", "3元")
    days = (date(2022, 12, 31), date(2023, 1, 1))
    assert worth(rules, items=[{"no": str(day), "signed_on": day} for day in days]) == 400
    assert worth(rules, items=[{"no": "1"}]) == (100, 300)
    late = version("from = 2023-01-01", "3元")
    assert worth(late, items=[{"no": "1"}]) == (0, 300)
    assert (
        decide(late, {"applicant": CENTRE, "contract": [{"signed_on": days[0]}]})["reason"]
        == "period"
    )


GROUP = '[[group]]\nid = "g"\nmembers = ["d/a", "d/b"]\n'


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("rule = 'highest'", 0, 9_000),
        ("rule = 'cap'\nlimit = '100元'", 6_000, 4_000),
        ("rule = 'top_up'", 0, 7_000),
    ],
)
def test_groups(rule: str, first: int, second: int) -> None:
    other = simple("fixed = '90元'").replace('"a"', '"b"')
    rules = simple("fixed = '60元'") + other + GROUP + rule
    past = {"incentive": "d/a", "amount": "20元", "year": 2023}
    profile = {"applicant": CENTRE, "received": [past]}
    assert [decide(rules, profile, key)["amount"] for key in ("d/a", "d/b")] == [first, second]


def test_overrides_award_and_granted() -> None:
    other = simple('formula = \'award("d/a") + award("d/a")\'').replace('"a"', '"b"', 1)
    assert worth(simple("fixed = '2元'") + other, key="d/b") == 400
    override = simple("fixed = '9元'", head='overrides = ["d/a"]').replace('"a"', '"b"', 1)
    found = decide(simple("fixed = '2元'") + override, {"applicant": CENTRE})
    assert (found["status"], found["reason"]) == ("not_applicable", "superseded")


def test_refinement_cuts_at_constants() -> None:
    rules = simple("fixed = 'high if applicant.spend >= edge else low'",
                   "[incentive.parameters]\nedge = '50元'\nhigh = '9元'\nlow = '2元'\n"
                   "[[incentive.condition]]\nid = 's'\n"
                   "when = 'applicant.spend < edge or applicant.spend >= edge'")  # fmt: skip
    assert decide(rules, {"applicant": CENTRE})["status"] == "undetermined"
    fine = decide(rules, {"applicant": CENTRE}, refine=True)
    assert (fine["status"], fine["low"], fine["high"]) == ("eligible", 200, 900)


def test_calendar_and_rounding() -> None:
    leap, jan = (Fraction(day.toordinal()) for day in (date(2020, 2, 29), date(2023, 1, 31)))
    assert date.fromordinal(int(v.later(leap, ("year", 1)))) == date(2021, 2, 28)
    assert date.fromordinal(int(v.later(jan, ("month", 1)))) == date(2023, 2, 28)
    assert v.months_between(jan, v.later(jan, ("month", 1))) == 1
    assert v.months_between(v.later(jan, ("day", 27)), jan) == 0
    half = Fraction(5, 2)
    for mode, expected in (("down", 2), ("up", 3), ("half_up", 3), ("half_even", 2)):
        assert v.rounded(half, Fraction(1), mode) == expected
        assert v.rounded(-half, Fraction(1), mode) == -expected


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("640221", "640200", True), ("640221", "640000", True), ("640000", "640200", v.UNKNOWN),
        ("650000", "640200", False), ("C391", "C39", True), ("C", "C39", v.UNKNOWN),
        ("I65", "C39", False), ("640200", "100000", True), ("100000", "640000", v.UNKNOWN),
    ],
)  # fmt: skip
def test_within(code: str, ancestor: str, expected: Any) -> None:
    assert v.within(code, ancestor) is expected


def inside(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    if outer["low"] is None or inner["low"] is None:
        return outer["low"] is inner["low"]
    bounded = outer["high"] is None or (
        inner["high"] is not None and inner["high"] <= outer["high"]
    )
    return bool(inner["low"] >= outer["low"] and bounded)


@pytest.mark.parametrize("seed", range(60))
def test_ranges_hold_every_completion_and_refined_ranges_lie_within(seed: int) -> None:
    texts = generate.rulebook(seed, conflicts=False)
    rules = {name: tomli.loads(text) for name, text in texts.items()}
    keys = tuple(assess(rules, {}, ON))
    profile = profiles.profile(seed, keys)
    plain, fine = assess(rules, profile, ON), assess(rules, profile, ON, refine=True)
    assert all(inside(fine[key], plain[key]) for key in keys)
    full = assess(rules, profiles.complete(seed, profile), ON)
    for key in keys:
        for one in (plain[key], fine[key]):
            assert inside(full[key], one), (key, one, full[key])
            allowed = {one["status"]} | ({"not_applicable"} if one["failed"] else set())
            assert one["status"] == "undetermined" or full[key]["status"] in allowed
