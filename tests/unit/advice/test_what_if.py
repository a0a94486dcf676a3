"""What would change a decision, case by case, under small rules."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from tests.small import FIRM, HEAD, ON, VOCABULARY, amount, assess, decide, entry, when

from incentives.api import Rulebook
from incentives.diagnostics import Source
from incentives.engine.curve import CurveError
from incentives.engine.outcome import Status
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from incentives.advice.changes import Change, Suggestion
    from incentives.advice.what_if import WhatIf


def rule(test: str, *, parameters: str = "", more: str = "", **keys: str) -> str:
    head = entry(**keys) + (f"[incentive.parameters]\n{parameters}\n" if parameters else "")
    return head + when(test) + amount(fixed="1万元") + more


def found(body: str, facts: dict[str, Any], **keys: Any) -> WhatIf:
    answer: WhatIf = decide(body, facts, **keys).what_if()
    return answer


def load_with_regions(body: str, regions: str) -> Rulebook:
    files = {
        "vocabulary.toml": VOCABULARY,
        "regions.toml": "format = 1\n" + regions,
        "a.toml": HEAD + body,
    }
    return Rulebook(build_rules([Source(name, text) for name, text in files.items()]))


def only(suggestions: tuple[Suggestion, ...]) -> Change:
    (suggestion,) = suggestions
    (change,) = suggestion.changes
    return change


def test_money_rises_to_the_fen() -> None:
    body = rule("applicant.spend > limit", parameters='limit = "50万元"')
    change = only(found(body, {"spend": "30万元"}).singles)
    assert (change.before, change.after, change.size) == (30_000_000, 50_000_001, 20_000_001)


def test_money_falls_to_the_fen() -> None:
    body = rule("applicant.spend < limit", parameters='limit = "50万元"')
    assert only(found(body, {"spend": "60万元"}).singles).after == 49_999_999


def test_a_threshold_inside_a_formula_is_found_exactly() -> None:
    body = rule(
        "applicant.spend * times + applicant.balance >= limit",
        parameters='limit = "1元"\ntimes = 3',
    )
    singles = found(body, {"spend": "0元", "balance": "0元"}).singles
    assert {each.changes[0].path: each.changes[0].after for each in singles} == {
        "applicant.spend": 34,
        "applicant.balance": 100,
    }


def test_a_date_moves_by_days() -> None:
    body = rule("applicant.founded_on >= start", parameters="start = 2022-03-01")
    change = only(found(body, {"founded_on": date(2022, 2, 27)}).singles)
    assert (change.after, change.size) == (date(2022, 3, 1), 2)
    assert "推迟2天" in found(body, {"founded_on": date(2022, 2, 27)}).explain("zh")


def test_a_ratio_moves_by_hundredths_of_a_per_cent() -> None:
    body = rule("applicant.share > limit", parameters='limit = "10%"')
    assert only(found(body, {"share": "1/30"}).singles).after == Fraction(1001, 10000)


def test_choices_that_do_the_same_are_one_suggestion() -> None:
    body = rule('applicant.kind in {"centre", "other"}', recipient='["firm", "centre", "other"]')
    change = only(found(body, {}).singles)
    assert {change.after, *change.also} == {"centre", "other"}


def test_a_region_comes_from_the_rules() -> None:
    regions = '[region.640221]\nname = { zh = "平罗县", en = "Pingluo" }\n'
    body = rule("within(applicant.region, home)", parameters='home = "640221"', where='"anywhere"')
    rulebook = load_with_regions(body, regions)
    answer = rulebook.assess({"applicant": {**FIRM, "region": "640202"}}, ON)["doc/award"].what_if()
    assert only(answer.singles).after == "640221"
    assert "平罗县" in answer.explain("zh")


def test_a_code_of_an_industry_comes_from_the_rules() -> None:
    body = rule("within(applicant.industry, home)", parameters='home = "C39"')
    assert only(found(body, {"industry": "I65"}).singles).after == "C39"


def test_what_cannot_be_changed_is_not_suggested() -> None:
    fixed = VOCABULARY.replace(
        'founded_on = { type = "date",', 'founded_on = { changeable = false, type = "date",'
    )
    body = rule("applicant.founded_on >= start", parameters="start = 2022-03-01")
    facts = {"founded_on": date(2022, 2, 27)}
    assert found(body, facts).singles
    answer = found(body, facts, vocabulary=fixed)
    assert (answer.singles, answer.pairs, answer.together) == ((), (), None)
    assert "都不能使本项符合条件" in answer.explain("zh")


def test_what_cannot_be_changed_can_still_be_learnt() -> None:
    fixed = VOCABULARY.replace(
        'founded_on = { type = "date",', 'founded_on = { changeable = false, type = "date",'
    )
    body = rule("applicant.founded_on >= start", parameters="start = 2025-03-01")
    change = only(found(body, {}, vocabulary=fixed).singles)
    assert (change.before, change.after) == (None, date(2025, 3, 1))


def test_an_item_of_a_list_is_a_fact() -> None:
    body = (
        entry(each='"contract"')
        + when("contract.ok and contract.paid > 0")
        + amount(base="contract.paid", rate="10%")
    )
    contracts = [
        {"no": "甲", "ok": False, "paid": "5万元"},
        {"no": "乙", "ok": False, "paid": "0元"},
    ]
    answer = found(body, {"contract": contracts})
    change = only(answer.singles)
    assert (change.path, change.after) == ("contract[甲].ok", True)
    assert answer.singles[0].effect.own.difference == 500_000


def test_pairs_come_where_no_single_fact_is_enough() -> None:
    body = rule("applicant.small and applicant.staff >= least", parameters="least = 10")
    answer = found(body, {"small": False, "staff": 3})
    assert answer.singles == ()
    (pair,) = answer.pairs
    assert {change.path: change.after for change in pair.changes} == {
        "applicant.small": True,
        "applicant.staff": 10,
    }


def test_three_facts_come_together_and_none_can_be_left_out() -> None:
    body = rule(
        "applicant.small and applicant.honest and applicant.staff >= least", parameters="least = 10"
    )
    answer = found(body, {"small": False, "honest": False, "staff": 3, "spend": "1元"})
    assert answer.singles == answer.pairs == ()
    assert answer.together is not None
    assert {change.path: change.after for change in answer.together.changes} == {
        "applicant.small": True,
        "applicant.honest": True,
        "applicant.staff": 10,
    }


def test_an_unknown_figure_is_told_as_a_range() -> None:
    body = rule(
        "applicant.staff >= least and applicant.staff <= most", parameters="least = 10\nmost = 40"
    )
    answer = found(body, {})
    change = only(answer.singles)
    assert (change.before, change.after, change.until) == (None, 10, 40)
    assert "人数（现在未知）：10至40" in answer.explain("zh")


def test_a_gain_here_that_costs_more_there_is_said() -> None:
    small = rule("applicant.small")
    large = (
        entry(id="large") + when("applicant.small", key="unless", id="d") + amount(fixed="8万元")
    )
    answer = found(small + large, {"small": False})
    effect = answer.singles[0].effect
    assert (effect.gained, effect.lost, effect.is_worse) == (1_000_000, 8_000_000, True)
    text = answer.explain("zh")
    assert "净减少70,000.00元" in text
    assert "! 小微：否 → 是" in text


def test_a_period_that_is_over_is_said_and_nothing_is_suggested() -> None:
    answer = found(rule("applicant.small"), {"small": True}, on=date(2031, 1, 1))
    assert (answer.status, answer.reason, answer.singles) == (Status.NOT_APPLICABLE, "period", ())
    assert "不在执行期内" in answer.explain("zh")


def test_a_search_that_costs_too_much_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incentives.advice.what_if.BUDGET", 8)
    body = rule("applicant.spend > limit and applicant.small", parameters='limit = "50万元"')
    answer = found(body, {"spend": "30万元", "small": False})
    assert not answer.complete
    assert "没有全部查完" in answer.explain("zh")


# ── eligible ─────────────────────────────────────────────────────────────────


def capped(facts: dict[str, Any], more: str = "") -> WhatIf:
    body = (
        entry()
        + when("applicant.staff >= 1")
        + amount(base="applicant.spend", rate="10%", cap="20万元")
    )
    return found(body + more, facts)


def test_the_next_yuan_and_the_cap() -> None:
    _, worth = capped({"spend": "150万元", "staff": 1}).worths
    assert (worth.path, worth.slope) == ("applicant.spend", Fraction(1, 10))
    assert worth.next is not None
    assert (worth.next.at, worth.next.after) == (200_000_000, 20_000_000)
    assert worth.next.slope == Fraction(0)
    assert worth.effect.own.difference == 100_000


def test_above_the_cap_more_is_worth_nothing() -> None:
    _, worth = capped({"spend": "200万元", "staff": 1}).worths
    assert (worth.path, worth.next) == ("applicant.spend", None)
    assert worth.slope == Fraction(0)


def test_a_cliff_is_told() -> None:
    body = entry() + "[incentive.parameters]\nmost = 300\n" + when("applicant.staff <= most")
    body += amount(base="applicant.spend", rate="10%")
    worth = next(
        each
        for each in found(body, {"spend": "10万元", "staff": 300}).worths
        if each.path == "applicant.staff"
    )
    (cliff,) = worth.cliffs
    assert (cliff.at, cliff.before, cliff.after, cliff.loses) == (301, 1_000_000, 0, True)


def test_a_word_that_raises_the_award_is_told() -> None:
    body = entry() + '[incentive.parameters]\nmore = "3万元"\nplain = "1万元"\n'
    body += amount(formula="more if applicant.small else plain")
    answer = found(body, {"small": False})
    assert only(answer.raises).after is True
    assert answer.raises[0].effect.own.difference == 2_000_000


def test_a_date_that_would_lose_it_is_a_margin() -> None:
    body = rule("applicant.founded_on >= start", parameters="start = 2022-03-01")
    (margin,) = found(body, {"founded_on": date(2022, 3, 5)}).margins
    assert (margin.path, margin.at) == ("applicant.founded_on", date(2022, 2, 28))


def test_a_figure_without_a_curve_has_a_margin_instead() -> None:
    """The award over a divisor runs in no straight pieces."""
    body = entry() + '[incentive.parameters]\nleast = "10%"\nonce = "1万元"\n'
    body += when("applicant.spend / applicant.balance >= least")
    body += amount(formula="once * (applicant.spend / applicant.balance)")
    answer = found(body, {"spend": "20万元", "balance": "100万元"})
    assert [worth.path for worth in answer.worths] == ["applicant.spend"]
    assert {(each.path, each.at) for each in answer.margins} == {
        ("applicant.balance", 200_000_001),
        ("applicant.balance", 0),
    }


# ── forms ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "facts", [{"spend": "30万元", "staff": 0}, {"spend": "30万元", "staff": 2}, {}]
)
def test_both_languages_carry_the_same_figures(facts: dict[str, Any]) -> None:
    answer = capped(facts)
    figures = [
        re.findall(r"[0-9][0-9,.]*[0-9]|[0-9]", answer.explain(lang)) for lang in ("zh", "en")
    ]
    assert sorted(figures[0]) == sorted(figures[1])


def test_json_has_texts_in_yuan_and_no_floats() -> None:
    data = json.loads(
        json.dumps(capped({"spend": "30万元", "staff": 0}).to_dict()), parse_float=pytest.fail
    )
    (single,) = data["singles"]
    assert data["format"] == "incentives/what-if/1"
    assert single["changes"][0] | {"label": None} == {
        "fact": "applicant.staff", "label": None, "from": 0, "to": 1, "also": [], "until": None, "change": 1,
    }  # fmt: skip
    assert single["effect"]["own"]["change"] == "30000.00"


def test_a_decision_of_the_library_answers_for_itself() -> None:
    assert repr(
        assess(rule("applicant.small"), {"small": False})["doc/award"].what_if()
    ).startswith("<WhatIf doc/award")


def test_a_figure_is_found_without_its_year_and_several_are_listed() -> None:
    body = entry() + amount(base="applicant.revenue[year - 1]", rate="10%")
    decision = decide(body, {"revenue": {"2023": "100万元"}})
    assert decision.curve("revenue").base == "applicant.revenue.2023"
    both = entry()
    both += amount(base="applicant.revenue[year - 1] + applicant.revenue[year - 2]", rate="10%")
    decision = decide(both, {"revenue": {"2023": "100万元", "2022": "1万元"}})
    with pytest.raises(CurveError, match=r"revenue\.2022, applicant\.revenue\.2023"):
        decision.curve("revenue")


@pytest.mark.parametrize(
    ("ok", "zh", "en"),
    [
        (True, "没有列出的事实也可能影响金额", "others may change the amount too"),
        (False, "可能还有别的办法", "there may be other ways"),
    ],
)
def test_of_a_long_list_some_is_said_soon_and_that_there_may_be_more(
    ok: bool, zh: str, en: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incentives.advice.what_if.BUDGET", 400)
    monkeypatch.setattr("incentives.advice.what_if.BUDGET_OF_FIGURES", 5_000)
    body = (
        entry(each='"contract"')
        + "[incentive.parameters]\nleast = 10\n"
        + when("contract.ok and contract.score >= least")
        + amount(base="contract.paid", rate="10%", cap="3万元")
    )
    contracts = [
        {"no": str(at), "paid": f"{at % 20 + 1}万元", "ok": ok, "score": 5 + at % 20 if ok else 5}
        for at in range(120)
    ]
    answer = found(body, {"contract": contracts})
    assert answer.status is (Status.ELIGIBLE if ok else Status.INELIGIBLE)
    assert not answer.complete
    assert bool(answer.worths) is ok
    assert len(answer.worths) < 10
    for lang, words in (("zh", zh), ("en", en)):
        assert words in re.sub(r"\s*\n\s*", " " if lang == "en" else "", answer.explain(lang))
