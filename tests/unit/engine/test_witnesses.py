"""One small rule for each difference that the reference evaluator has shown.

Each was wrong in the engine once; the figures are worked out by hand.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.small import HEAD, amount, assess, decide, entry, parameters, when

from incentives.engine.outcome import Status

EACH = {"each": '"contract"'}
UP_TO = {"entitlement": '"up_to"'}
OPEN: dict[str, Any] = {"received": [], "decided": []}


def ends(decision: Any) -> tuple[int, int | None]:
    """Return the ends of a range in yuan."""
    span = decision.range
    return span.low.fen // 100, None if span.high is None else span.high.fen // 100


def group(rule: str, *members: str, **keys: str) -> str:
    listed = ", ".join(f'"doc/{member}"' for member in members)
    more = "".join(f"{key} = '{value}'\n" for key, value in keys.items())
    return f"[[group]]\nid = 'g'\nmembers = [{listed}]\nrule = '{rule}'\nclause = '三'\n{more}"


def total(**keys: str) -> str:
    return "[[incentive.total]]\n" + "".join(f"{k} = '{v}'\n" for k, v in keys.items())


# ── groups ───────────────────────────────────────────────────────────────────


def test_a_group_gives_no_amount_to_what_has_none() -> None:
    status_only = entry(entitlement='"none"')
    body = status_only + entry("other") + amount(fixed="5元") + group("highest", "award", "other")
    decision = decide(body, OPEN)
    assert (decision.amount, decision.range) == (None, None)


def test_a_group_of_a_draft_does_not_touch_the_law() -> None:
    head = HEAD.replace('"doc"', '"plan"').replace('"in_force"', '"draft"')
    body = entry() + amount(fixed="5元")
    draft = head + entry() + amount(fixed="9元")
    draft += group("cap", "award", limit="1元").replace(
        '["doc/award"]', '["doc/award", "plan/award"]'
    )
    assert ends(decide(body, OPEN, more=draft)) == (5, 5)


def test_a_cap_does_not_count_payments_for_the_items_under_assessment() -> None:
    body = entry(**EACH) + amount(fixed="5元") + group("cap", "award", limit="8元", per="lifetime")
    paid = {"incentive": "doc/award", "amount": "4元", "year": 2023}
    for item, expected in (("1", 5), ("9", 4)):
        facts = {**OPEN, "contract": [{"no": "1"}], "received": [{**paid, "item": item}]}
        assert ends(decide(body, facts)) == (expected, expected)


def test_payments_of_an_unknown_year_may_share_a_cap_or_not() -> None:
    body = entry(dated_by="'applicant.founded_on'") + amount(fixed="5元")
    body += entry("other") + amount(fixed="5元")
    body += group("cap", "other", "award", limit="6元", per="year")
    found = assess(body, OPEN)
    assert ends(found["doc/other"]) == (5, 5)
    assert ends(found["doc/award"]) == (0, 5)


# ── what replaces what ───────────────────────────────────────────────────────


def replacing(*, more: str = "", **keys: str) -> str:
    """Return a target and one that replaces it."""
    return entry() + amount(fixed="5元") + entry("new", overrides='["doc/award"]', **keys) + more


def test_the_date_of_the_one_that_replaces_says_whether_it_is_in_its_period() -> None:
    body = replacing(
        dated_by="'applicant.founded_on'",
        effective="{ from = 2024-01-01 }",
        more=amount(fixed="9元"),
    )
    for founded, status in (
        (date(2023, 5, 1), Status.ELIGIBLE),
        (date(2024, 5, 1), Status.NOT_APPLICABLE),
        (None, Status.UNDETERMINED),
    ):
        assert decide(body, {**OPEN, "founded_on": founded}).status is status


@pytest.mark.parametrize("word", ["exploratory", "by_reference"])
def test_what_is_not_in_force_replaces_nothing(word: str) -> None:
    more = {"refers_to": "{ zh = '另文' }"} if word == "by_reference" else {}
    assert decide(replacing(entitlement=f'"{word}"', **more), OPEN).status is Status.ELIGIBLE


def test_a_second_one_that_may_replace_it_too_leaves_it_open() -> None:
    both = replacing(more=amount(fixed="9元"))
    override = "[{ incentive = 'doc/award', when = 'applicant.small' }]"
    both += entry("newer", overrides=override) + amount(fixed="8元")
    assert decide(both, OPEN).status is Status.UNDETERMINED
    assert decide(both, {**OPEN, "small": False}).reason == "superseded"


# ── items and caps over them ─────────────────────────────────────────────────


def test_two_caps_keep_what_is_known_of_the_sum() -> None:
    body = entry(at_least="'1元'", **EACH, **UP_TO) + amount(fixed="100元")
    body += total(cap="150元") + total(cap="120元", per="lifetime")
    facts = {**OPEN, "contract": [{"no": "1"}, {"no": "2"}, {"no": "3"}]}
    assert ends(decide(body, facts)) == (3, 120)


def test_a_cap_is_that_of_the_version_of_its_items() -> None:
    dated = {**EACH, "dated_by": "'contract.signed_on'"}
    old = (
        entry(effective="{ until = 2022-12-31 }", **dated)
        + amount(fixed="100元")
        + total(cap="30元")
    )
    new = (
        entry(effective="{ from = 2023-01-01 }", **dated)
        + amount(fixed="100元")
        + total(cap="50元")
    )
    items = [{"no": str(year), "signed_on": date(year, 5, 1)} for year in (2022, 2023)]
    assert ends(decide(old + new, {**OPEN, "contract": items})) == (80, 80)


def test_a_dated_cap_of_a_year_is_that_of_the_year() -> None:
    body = entry(dated_by="'contract.signed_on'", **EACH)
    body += parameters(
        cap="[{ until = 2023-12-31, value = '10元' }, { from = 2024-01-01, value = '20元' }]"
    )
    body += amount(fixed="100元") + total(cap="cap", per="year")
    items = [{"no": str(year), "signed_on": date(year, 5, 1)} for year in (2023, 2024)]
    assert ends(decide(body, {**OPEN, "contract": items})) == (30, 30)


def test_the_kept_item_may_be_in_a_year_whose_cap_is_used_up() -> None:
    keep = {
        "distinct": "'contract.result'",
        "keep": '"largest"',
        "dated_by": "'contract.signed_on'",
    }
    body = entry(**EACH, **keep) + amount(formula="contract.paid") + total(cap="60元", per="year")
    items = [
        {"no": "1", "result": "r", "signed_on": date(2023, 5, 1)},
        {"no": "2", "result": "r", "signed_on": date(2024, 5, 1), "paid": "50元"},
    ]
    past = {"incentive": "doc/award", "amount": "60元", "year": 2023, "item": "9"}
    facts = {**OPEN, "contract": items, "received": [past]}
    assert ends(decide(body, facts)) == (0, 50)
    items[0]["paid"] = "90元"  # it is the larger, and its year has nothing left
    assert ends(decide(body, facts)) == (0, 0)


def test_an_unknown_value_that_is_shared_is_waited_for() -> None:
    body = entry(**EACH, distinct="'contract.result'", keep='"first"') + amount(fixed="5元")
    decision = decide(body, {**OPEN, "contract": [{"no": "1", "result": "r"}, {"no": "2"}]})
    assert (ends(decision), decision.missing) == ((5, 10), ("contract[2].result",))


def test_what_may_be_replaced_is_replaced_as_a_whole() -> None:
    override = "[{ incentive = 'doc/award', when = 'applicant.share > 0' }]"
    body = (
        entry(**EACH)
        + amount(fixed="9元")
        + total(cap="12元")
        + total(cap="9元", by="contract.result")
    )
    body += entry("new", overrides=override) + amount(fixed="1元")
    items = [{"no": "1", "result": "r"}, {"no": "2", "result": "s"}]
    assert ends(decide(body, {**OPEN, "contract": items})) == (0, 12)


def test_what_fails_for_any_item_is_settled_while_the_list_is_unknown() -> None:
    body = entry(**EACH) + when("contract.ok and applicant.small") + amount(fixed="5元")
    assert decide(body, {**OPEN, "small": False}).status is Status.INELIGIBLE
    assert ends(decide(body, {**OPEN, "small": True})) == (0, None)


def test_without_items_an_item_is_what_is_missing() -> None:
    body = entry(dated_by="'contract.signed_on'", effective="{ until = 2023-12-31 }", **EACH)
    decision = decide(body + amount(fixed="5元"), {**OPEN, "contract": []})
    assert (decision.status, decision.failed) == (Status.INELIGIBLE, ("items",))


# ── other incentives ─────────────────────────────────────────────────────────


def test_a_condition_on_another_asks_about_the_same_item() -> None:
    first = entry("first", **EACH) + when("contract.ok") + amount(fixed="1元")
    body = first + entry(**EACH) + when('granted("doc/first")') + amount(fixed="5元")
    facts = {**OPEN, "contract": [{"no": "1", "ok": True}, {"no": "2", "ok": False}]}
    assert ends(decide(body, facts)) == (5, 5)


def test_the_award_for_an_item_is_what_its_total_leaves() -> None:
    first = entry("first", **EACH) + amount(fixed="10元") + total(cap="15元")
    body = first + entry(**EACH) + amount(formula='award("doc/first")')
    facts = {**OPEN, "contract": [{"no": "1"}, {"no": "2"}]}
    assert ends(decide(body, facts)) == (15, 15)


def test_what_builds_on_a_ceiling_is_an_entitlement_of_its_own() -> None:
    body = entry("first", **UP_TO) + amount(fixed="10元")
    body += entry() + amount(formula='award("doc/first")')
    found = assess(body, OPEN)
    assert (found["doc/first"].is_ceiling, found["doc/award"].is_ceiling) == (True, False)
    assert ends(found["doc/award"]) == (0, 10)


# ── ceilings ─────────────────────────────────────────────────────────────────


def test_an_older_decision_counts_where_the_newest_is_above_the_ceiling() -> None:
    body = entry(**UP_TO) + amount(fixed="100元")
    rows = [
        {"incentive": "doc/award", "amount": "60元", "decided_on": date(2024, 1, 1)},
        {"incentive": "doc/award", "amount": "101元", "decided_on": date(2024, 2, 1)},
    ]
    assert ends(decide(body, {**OPEN, "decided": rows})) == (60, 60)


def test_a_decision_counts_where_it_is_surely_under_the_ceiling() -> None:
    body = entry(**UP_TO) + amount(formula="applicant.spend")
    spend = {"at_least": "50元", "at_most": "90元"}
    for paid, expected in (("40元", (40, 40)), ("70元", (0, 90))):
        row = {"incentive": "doc/award", "amount": paid, "decided_on": date(2024, 1, 1)}
        assert ends(decide(body, {**OPEN, "spend": spend, "decided": [row]})) == expected


def test_a_decision_of_an_unknown_day_leaves_the_ceiling_open() -> None:
    body = entry(**UP_TO) + amount(fixed="100元")
    row = {"incentive": "doc/award", "amount": "60元"}
    assert ends(decide(body, {**OPEN, "decided": [row]})) == (0, 100)


def test_at_least_is_never_above_the_ceiling() -> None:
    body = entry(at_least="'10元'", **UP_TO) + amount(formula="applicant.spend")
    assert ends(decide(body, {**OPEN, "spend": {"at_most": "90元"}})) == (0, 90)


def test_a_row_is_a_ceiling_after_its_floor() -> None:
    rows = "table = [{ when = 'applicant.small', amount = '20元', entitlement = 'up_to', says = "
    rows += "{ zh = '小' } }, { otherwise = true, amount = '0元', says = { zh = '余' } }]\n"
    body = entry() + f"[incentive.amount]\n{rows}floor = '50元'\n"
    assert ends(decide(body, {**OPEN, "small": True})) == (0, 50)


def test_unknown_rows_give_the_hull_of_their_amounts() -> None:
    rows = "table = [{ when = 'applicant.small', amount = '20元', says = { zh = '小' } }]\n"
    body = entry() + f"[incentive.amount]\n{rows}hit = 'first'\n"
    assert ends(decide(body, OPEN)) == (20, 20)
    assert decide(body, {**OPEN, "small": False}).amount is None


def test_a_row_that_may_be_a_ceiling_may_stand_beside_the_others() -> None:
    rows = "table = [{ when = 'applicant.small', amount = '20元', entitlement = 'up_to', says = "
    rows += "{ zh = '小' } }, { otherwise = true, amount = '30元', says = { zh = '余' } }]\n"
    body = entry() + f"[incentive.amount]\n{rows}" + entry("other") + amount(fixed="25元")
    found = assess(body + group("highest", "award", "other"), OPEN)
    assert ends(found["doc/other"]) == (0, 25)
    assert ends(found["doc/award"]) == (0, 30)
    assert found.totals.exact is None


# ── versions and refinement ──────────────────────────────────────────────────


def test_versions_that_both_fail_share_what_fails_in_both() -> None:
    dated = {"dated_by": "'applicant.founded_on'"}
    small, honest = when("applicant.small", "small"), when("applicant.honest", "honest")
    old = entry(effective="{ until = 2022-12-31 }", **dated) + small + honest + amount(fixed="1元")
    new = entry(effective="{ from = 2023-01-01 }", **dated) + small + amount(fixed="2元")
    decision = decide(old + new, {**OPEN, "small": False, "honest": False})
    assert decision.failed == ("small",)


def test_a_dated_figure_is_one_of_its_versions_period() -> None:
    figure = "[{ until = 2022-12-31, value = '1元' }, { from = 2023-01-01, value = '7元' }]"
    body = entry(effective="{ from = 2023-06-01 }", dated_by="'applicant.founded_on'")
    body += parameters(figure=figure) + amount(formula="figure")
    founded = {"at_least": date(2023, 7, 1), "at_most": date(2024, 1, 1)}
    assert ends(decide(body, {**OPEN, "founded_on": founded})) == (7, 7)
    assert ends(decide(body, OPEN)) == (0, 7)


def test_cells_decide_the_incentives_that_are_asked_about_again() -> None:
    first = entry("first", entitlement='"none"') + when("applicant.small")
    body = (
        first + entry() + when('granted("doc/first") or not applicant.small') + amount(fixed="5元")
    )
    assert decide(body, OPEN).status is Status.ELIGIBLE


def test_cells_decide_what_replaces_again() -> None:
    override = "[{ incentive = 'doc/award', when = 'applicant.small' }]"
    body = entry() + when("applicant.small") + amount(fixed="5元")
    body += entry("new", overrides=override) + amount(fixed="9元")
    decision = decide(body, OPEN)
    assert (decision.status, decision.failed) == (Status.INELIGIBLE, ("c",))


def test_a_ratio_is_cut_at_its_constants_too() -> None:
    body = entry() + parameters(edge="'10%'")
    body += when("applicant.share < edge or applicant.share >= edge") + amount(fixed="5元")
    assert decide(body, OPEN).status is Status.ELIGIBLE


def test_an_equality_of_two_branches_is_worth_a_cell() -> None:
    body = entry() + parameters(low="2", high="8", edge="5")
    body += when("(low if applicant.small else high) == edge") + amount(fixed="5元")
    assert decide(body, OPEN).status is Status.INELIGIBLE


def test_the_absolute_value_of_anything_is_not_negative() -> None:
    body = entry() + when("abs(applicant.balance) >= 0") + amount(fixed="5元")
    assert decide(body, OPEN).status is Status.ELIGIBLE
