"""Proofs about small rules: each property proved where it holds, refuted where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.small import HEAD, VOCABULARY, amount, book, entry, parameters, rules, when

from incentives.diagnostics import InternalError, MissingExtraError, RulebookError

pytest.importorskip("z3", reason="the extra `prove` is not installed")

from incentives.authoring.proofs.ground import Ground, Limits, Side
from incentives.authoring.proofs.prove import prove
from incentives.authoring.proofs.region import region
from incentives.authoring.proofs.results import Answer, Property, Report, Verdict
from incentives.authoring.proofs.text import render

if TYPE_CHECKING:
    from datetime import date

    from incentives.rulebook.model import Rules

NONE = entry(entitlement='"none"')
EACH = entry(each='"contract"')
CAPPED = parameters(rate='"10%"', cap='"20万元"')
PLAIN = amount(base="contract.paid", rate="rate", cap="cap")


def ask(body: str, *asked: Property, **keys: Any) -> Report:
    found = rules(body, **{k: keys.pop(k) for k in ("head", "vocabulary") if k in keys})
    return of(found, *asked, **keys)


def of(found: Rules, *asked: Property, **keys: Any) -> Report:
    return prove(found, found.incentives["doc/award"], asked or tuple(Property), **keys)


def only(report: Report, asked: Property) -> Answer:
    (answer,) = [answer for answer in report.answers if answer.property is asked]
    return answer


# ── reach ────────────────────────────────────────────────────────────────────


def test_an_incentive_is_reached_by_a_profile_that_the_engine_grants_it() -> None:
    body = (
        entry() + when("applicant.staff >= least") + parameters(least="30") + amount(fixed="1万元")
    )
    answer = only(ask(body, Property.REACH), Property.REACH)
    assert answer.verdict is Verdict.PROVED
    (witness,) = answer.witnesses
    assert (witness.status, witness.low) == ("eligible", 10**6)
    decision = book(body).assess(witness.profile, witness.on)["doc/award"]
    assert str(decision.status) == "eligible"


def test_conditions_that_exclude_each_other_are_named() -> None:
    body = (
        NONE
        + when("applicant.honest", "honest")
        + when("applicant.staff > most", "many")
        + when("applicant.staff < least", "few")
        + parameters(most="300", least="10")
    )
    answer = only(ask(body, Property.REACH), Property.REACH)
    assert (answer.verdict, answer.fault) == (Verdict.REFUTED, True)
    assert "many, few" in answer.says.get("en")
    assert "honest" not in answer.says.get("en")


def test_an_award_that_is_always_zero_is_a_fault() -> None:
    body = entry() + amount(formula="min(applicant.spend, 0)")
    answer = only(ask(body, Property.REACH), Property.REACH)
    assert (answer.verdict, answer.fault) == (Verdict.REFUTED, True)
    assert "nothing" in answer.says.get("en")


def test_a_reading_under_which_nobody_is_granted_it_is_a_fault() -> None:
    body = (
        NONE
        + when("applicant.staff >= ten", "ten")
        + parameters(ten="10")
        + """\
[[incentive.reading]]
id = "strict"
says = { zh = "不足十人", en = "below ten" }
[[incentive.reading.condition]]
id = "few"
when = 'applicant.staff < ten'
says = { zh = "不足十人", en = "below ten" }
"""
    )
    entry_, strict = [a for a in ask(body, Property.REACH).answers if a.property is Property.REACH]
    assert entry_.verdict is Verdict.PROVED
    assert (strict.subject, strict.verdict, strict.fault) == ("strict", Verdict.REFUTED, True)
    assert "under [strict]" in strict.says.get("en")


def test_a_profile_with_longer_lists_is_not_ruled_out() -> None:
    body = NONE + when("count(c.ok for c in contract) >= three") + parameters(three="3")
    answer = only(ask(body, Property.REACH), Property.REACH)
    assert (answer.verdict, answer.fault) == (Verdict.UNDECIDED, False)
    assert "up to 2 items in a list (contract)" in answer.says.get("en")
    longer = ask(body, Property.REACH, limits=Limits(items=3))
    assert only(longer, Property.REACH).verdict is Verdict.PROVED


# ── redundant conditions ─────────────────────────────────────────────────────


def redundant(body: str, **keys: Any) -> dict[str, Answer]:
    report = ask(body, Property.REDUNDANT, **keys)
    return {answer.subject: answer for answer in report.answers}


def test_a_condition_that_the_others_imply_is_redundant_and_they_are_named() -> None:
    found = redundant(
        NONE
        + when("applicant.revenue[year - 1] > 0", "some")
        + when("applicant.revenue[year - 1] > applicant.revenue[year - 2]", "rise")
        + when("applicant.honest", "honest")
    )
    assert found["some"].fault
    assert "wherever these do: rise" in found["some"].says.get("en")
    assert [found[name].verdict for name in ("rise", "honest")] == [Verdict.PROVED] * 2
    assert found["honest"].witnesses[0].failed == ("honest",)


def test_a_part_of_a_condition_can_be_redundant() -> None:
    body = (
        NONE
        + parameters(ten="10", twenty="20")
        + """\
[[incentive.condition]]
id = "size"
says = { zh = "规模", en = "Size" }
any = [
  { id = "big", when = 'applicant.staff >= twenty' },
  { id = "small", when = 'applicant.small' },
  { id = "bigger", when = 'applicant.staff > twenty and applicant.honest' },
]
"""
    )
    found = redundant(body)
    assert found["size"].verdict is Verdict.PROVED
    verdicts = {name: found[f"size.{name}"].verdict for name in ("big", "small", "bigger")}
    assert verdicts == {
        "big": Verdict.PROVED,
        "small": Verdict.PROVED,
        "bigger": Verdict.REFUTED,
    }


def test_parts_of_and_and_or_are_asked_about_by_their_words() -> None:
    test = "applicant.honest and (applicant.staff >= ten or applicant.staff > twenty)"
    found = redundant(NONE + parameters(ten="10", twenty="20") + when(test))
    assert found["c: applicant.honest"].verdict is Verdict.PROVED
    verdicts = {name.rpartition(": ")[2]: answer.verdict for name, answer in found.items()}
    assert verdicts["applicant.staff >= ten"] is Verdict.PROVED
    assert verdicts["applicant.staff > twenty"] is Verdict.REFUTED


def test_a_guard_that_the_other_conditions_imply_still_guards() -> None:
    found = redundant(
        NONE
        + parameters(ten="10", least='"5%"')
        + when("applicant.staff >= ten", "staff")
        + when("applicant.staff > 0 and applicant.share / applicant.staff < least", "share")
    )
    answer = found["share: applicant.staff > 0"]
    assert answer.verdict is Verdict.PROVED
    assert "guards a computation" in answer.says.get("en")


def test_a_condition_that_another_reading_needs_is_no_fault() -> None:
    body = (
        NONE
        + when("applicant.staff >= 1", "some")
        + when("applicant.staff >= least", "least")
        + parameters(least="5")
        + """\
[[incentive.reading]]
id = "loose"
says = { zh = "不限人数", en = "any number" }
drop = ["least"]
"""
    )
    found = redundant(body)["some"]
    assert (found.verdict, found.fault) == (Verdict.REFUTED, False)
    assert "under `loose`" in found.says.get("en")


# ── bounds ───────────────────────────────────────────────────────────────────


def test_an_amount_keeps_its_cap_and_the_cap_over_items() -> None:
    body = EACH + CAPPED + PLAIN + '[[incentive.total]]\ncap = "30万元"\nper = "year"\n'
    report = ask(body, Property.BOUNDS)
    verdicts = {answer.subject: answer.verdict for answer in report.answers}
    assert verdicts == dict.fromkeys(("zero", "cap", "total"), Verdict.PROVED)
    assert any("contract, received" in limit.get("en") for limit in report.limits)


# ── falling amounts ──────────────────────────────────────────────────────────


def test_a_cliff_is_shown_from_both_sides() -> None:
    body = (
        entry()
        + """\
[incentive.amount]
bands = { of = 'applicant.spend', mode = "whole", steps = [ { up_to = "100万元", rate = "10%" }, { rate = "5%" } ] }
"""
    )
    answer = only(ask(body, Property.MONOTONE), Property.MONOTONE)
    assert answer.fault
    low, high = answer.witnesses
    assert (low.profile["applicant"]["spend"], low.low) == ("100万元", 10**7)
    assert (high.profile["applicant"]["spend"], high.low) == ("1000000.01元", 5 * 10**6)


def test_a_fall_that_the_rule_owns_up_to_is_no_fault() -> None:
    body = entry(decreasing='"门槛"') + when("applicant.spend <= most", "most")
    body += parameters(most='"10万元"', rate='"10%"') + amount(base="applicant.spend", rate="rate")
    answer = only(ask(body, Property.MONOTONE), Property.MONOTONE)
    assert (answer.verdict, answer.fault) == (Verdict.REFUTED, False)
    assert "most no longer holds (as the rule says)" in answer.says.get("en")


def test_marginal_bands_never_fall_and_a_negative_part_is_no_question() -> None:
    body = (
        entry()
        + """\
[incentive.amount]
bands = { of = 'applicant.spend - applicant.revenue[year]', mode = "marginal", steps = [ { up_to = "100万元", rate = "10%" }, { rate = "5%" } ] }
"""
    )
    report = ask(body, Property.MONOTONE)
    verdicts = {answer.subject: answer.verdict for answer in report.answers}
    assert verdicts == {
        "applicant.spend": Verdict.PROVED,
        "applicant.revenue": Verdict.PROVED,
    }


# ── rows of a table ──────────────────────────────────────────────────────────


def table(first: str, second: str, rest: str = "") -> str:
    return (
        entry()
        + parameters(ten="10", two="2", three="3")
        + f"""\
[incentive.amount]
hit = "unique"
table = [
  {{ when = '{first}', amount = "1万元" }},
  {{ when = '{second}', amount = "2万元" }},
{rest}]
"""
    )


def test_rows_that_meet_and_rows_that_leave_a_hole() -> None:
    half = "applicant.staff * two >= ten"
    report = ask(table(half, "applicant.staff * three <= ten * two"), Property.OVERLAP)
    verdicts = {answer.subject: answer.verdict for answer in report.answers}
    assert verdicts == {"rows": Verdict.REFUTED, "no-row": Verdict.PROVED}
    (twice,) = [answer for answer in report.answers if answer.subject == "rows"]
    assert 5 <= twice.witnesses[0].profile["applicant"]["staff"] <= 6
    report = ask(table(half, "applicant.staff * three < ten"), Property.OVERLAP)
    verdicts = {answer.subject: answer.verdict for answer in report.answers}
    assert verdicts == {"rows": Verdict.PROVED, "no-row": Verdict.REFUTED}


# ── readings and versions ────────────────────────────────────────────────────

READING = """\
[[incentive.reading]]
id = "higher"
says = { zh = "上限三十万", en = "a cap of 300,000" }
parameters = { cap = "30万元" }
"""


def test_a_reading_differs_somewhere_and_agrees_in_a_region() -> None:
    found = rules(
        entry() + CAPPED + amount(base="applicant.spend", rate="rate", cap="cap") + READING
    )
    one = found.incentives["doc/award"]
    differs = only(of(found, Property.READINGS), Property.READINGS)
    assert (differs.verdict, differs.fault) == (Verdict.REFUTED, False)
    entry_, other = differs.witnesses
    assert entry_.profile == other.profile
    assert entry_.low == 2 * 10**7 < (other.low or 0)
    for text, verdict in (
        ("applicant.spend * rate <= cap", Verdict.PROVED),
        ("applicant.spend <= limit", Verdict.REFUTED),
    ):
        place = region(found, one, text, ["limit=201万元"])
        answer = only(of(found, Property.READINGS, where=place), Property.READINGS)
        assert (answer.verdict, answer.fault) == (verdict, verdict is Verdict.REFUTED)


def test_a_reading_that_never_differs_is_a_fault() -> None:
    body = entry() + CAPPED + amount(base="applicant.spend", rate="rate", cap="cap")
    answer = only(
        ask(body + READING.replace("30万元", "20万元"), Property.READINGS), Property.READINGS
    )
    assert (answer.verdict, answer.fault) == (Verdict.PROVED, True)


@pytest.mark.parametrize("text", ["applicant.spent > 0", "applicant.spend", "applicant.spend > 5"])
def test_a_region_that_is_no_test_points_at_the_place(text: str) -> None:
    found = rules(NONE)
    with pytest.raises(RulebookError) as error:
        region(found, found.incentives["doc/award"], text)
    assert "--where:1:" in str(error.value)


@pytest.mark.parametrize("given", ["limit", "limit=", "limit=much", "1=20万元", "limit=20万"])
def test_a_figure_that_is_none_is_refused(given: str) -> None:
    found = rules(NONE)
    with pytest.raises(RulebookError) as error:
        region(found, found.incentives["doc/award"], "applicant.spend <= limit", [given])
    assert "--let" in str(error.value)


def test_old_rules_are_compared_where_they_should_be_the_same() -> None:
    body = entry() + CAPPED + amount(base="applicant.spend", rate="rate", cap="cap")
    new, old = rules(body), rules(body.replace('"20万元"', '"15万元"'))
    place = region(new, new.incentives["doc/award"], "applicant.spend <= limit", ["limit=150万元"])
    inside = only(of(new, Property.VERSIONS, old=old, where=place), Property.VERSIONS)
    assert inside.verdict is Verdict.PROVED
    anywhere = only(of(new, Property.VERSIONS, old=old), Property.VERSIONS)
    assert anywhere.fault
    now, before = anywhere.witnesses
    assert (before.low or 0) == 15 * 10**6 < (now.low or 0)


def test_rules_that_cannot_be_compared_say_why() -> None:
    new = rules(entry() + amount(formula="applicant.spend"))
    vocabulary = VOCABULARY.replace("spend = {", "cost = {")
    renamed = rules(entry() + amount(formula="applicant.cost"), vocabulary=vocabulary)
    answer = only(of(new, Property.VERSIONS, old=renamed), Property.VERSIONS)
    assert answer.verdict is Verdict.UNDECIDED
    assert "applicant.cost" in answer.says.get("en")
    without = rules(entry("other") + amount(fixed="1万元"))
    answer = only(of(new, Property.VERSIONS, old=without), Property.VERSIONS)
    assert (answer.verdict, answer.says.get("en")) == (
        Verdict.NOT_ASKED,
        "the old rules do not have it",
    )


def test_a_word_that_the_old_rules_lack_leaves_it_undecided() -> None:
    fewer = VOCABULARY.replace(', other = { zh = "其他" }', "")
    body = entry(recipient='["firm", "other"]') + amount(fixed="1万元")
    old = rules(entry() + amount(fixed="1万元"), vocabulary=fewer)
    answer = only(of(rules(body), Property.VERSIONS, old=old), Property.VERSIONS)
    assert answer.verdict is Verdict.UNDECIDED


def test_versions_of_one_incentive_are_compared_as_if_each_always_held() -> None:
    one = entry(effective="{ until = 2023-12-31 }") + amount(fixed="1万元")
    two = entry(effective="{ from = 2024-01-01 }") + amount(fixed="2万元")
    answer = only(ask(one + two, Property.VERSIONS), Property.VERSIONS)
    assert [witness.low for witness in answer.witnesses] == [2 * 10**6, 10**6]


# ── what cannot be told, and who checks ──────────────────────────────────────


def test_what_the_solver_cannot_be_told_is_said() -> None:
    body = entry() + parameters(span='"90 days"') + when("add(applicant.founded_on, span) > on")
    report = ask(body + amount(fixed="1万元"))
    assert {answer.verdict for answer in report.answers} == {Verdict.UNDECIDED}
    assert "a date moved by days" in render(report, "en")
    assert "加若干日的日期" in render(report, "zh")


def test_a_version_without_an_amount_beside_one_with_it_is_not_guessed() -> None:
    one = entry(entitlement='"case_by_case"', effective="{ until = 2023-12-31 }")
    two = entry(entitlement='"case_by_case"', effective="{ from = 2024-01-01 }")
    report = ask(one + two + amount(fixed="2万元"), Property.BOUNDS)
    assert report.verdict(Property.BOUNDS) is Verdict.UNDECIDED
    assert "a version without an amount" in render(report, "en")


def test_the_results_of_other_incentives_are_followed() -> None:
    other = entry("other") + when("applicant.small", "small")
    other += parameters(rate='"10%"') + amount(base="applicant.spend", rate="rate", cap="1万元")
    body = entry() + when('granted("doc/other")', "too") + parameters(half='"50%"')
    report = ask(other + body + amount(formula='award("doc/other") * half'))
    assert report.verdict(Property.REDUNDANT) is Verdict.PROVED
    witness = report.answers[0].witnesses[0]
    assert witness.profile["applicant"]["small"] is True
    assert 0 < (witness.low or 0) <= 5 * 10**5


def test_a_ceiling_of_another_incentive_is_left_out_and_that_is_said() -> None:
    other = entry("other", entitlement='"up_to"') + amount(base="applicant.spend", rate="100%")
    body = entry() + parameters(half='"50%"') + amount(formula='award("doc/other") * half')
    report = ask(other + body, Property.BOUNDS)
    assert any("stays open" in limit.get("en") for limit in report.limits)


def test_profiles_in_which_a_computation_fails_are_left_out_and_that_is_said() -> None:
    body = entry() + amount(formula="min(applicant.spend, applicant.spend / applicant.staff)")
    report = ask(body, Property.BOUNDS)
    assert report.verdict(Property.BOUNDS) is Verdict.PROVED
    assert any("computation fails" in limit.get("en") for limit in report.limits)


def test_a_guard_before_a_division_is_followed() -> None:
    test = "applicant.spend > 0 and applicant.revenue[year] / applicant.spend >= least"
    body = NONE + when(test, "share") + parameters(least='"5%"')
    report = ask(body, Property.REACH, Property.REDUNDANT)
    assert report.verdict(Property.REDUNDANT) is Verdict.PROVED
    assert not any("fails" in limit.get("en") for limit in report.limits)


def test_an_engine_that_says_otherwise_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The replay is what makes an answer safe: a wrong encoding must not survive it."""
    body = entry() + when("applicant.honest", "honest") + amount(fixed="1万元")
    right = Side.outcome

    def wrong(side: Side, data: dict[str, Any], on: date) -> Any:
        data["applicant"]["honest"] = not data["applicant"]["honest"]
        return right(side, data, on)

    monkeypatch.setattr(Side, "outcome", wrong)
    with pytest.raises(InternalError, match="disagree about doc/award"):
        ask(body, Property.REACH)


def test_a_question_without_time_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    from incentives.authoring.proofs.solver import Solver

    monkeypatch.setattr(Solver, "model", lambda *_: None)
    report = ask(EACH + CAPPED + PLAIN + when("contract.ok"))
    asked = (Property.REACH, Property.REDUNDANT, Property.BOUNDS, Property.MONOTONE)
    assert {report.verdict(each) for each in asked} == {Verdict.UNDECIDED}


def test_without_the_package_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(MissingExtraError, match=r"incentives\[prove\]"):
        ask(NONE)


# ── the language, piece by piece ─────────────────────────────────────────────

PIECES = {
    "region": when('within(applicant.region, "640221") or applicant.region == "640200"'),
    "industry": when('within(applicant.industry, "C39") and not within(applicant.industry, "391")'),
    "ratio": when("applicant.share >= least") + parameters(least='"12.5%"'),
    "dates": when("months_between(applicant.founded_on, on) >= least and applicant.founded_on > start_of(year - 1)")
    + parameters(least="13"),
    "years": when("years_between(applicant.founded_on, on) == 0 and add(applicant.founded_on, span) > on")
    + parameters(span='"6 months"'),
    "days": when("days_between(applicant.founded_on, on) == least") + parameters(least="366"),
    "signed": when("applicant.balance < 0") + amount(formula="abs(applicant.balance)"),
    "sum-of-years": when("sum(applicant.revenue[max(year - 3, year_of(applicant.founded_on)) : year]) > least")
    + parameters(least='"10万元"'),
    "comprehension": when("count(c.ok for c in contract if c.paid > 0) >= least and all(c.ok for c in contract)")
    + parameters(least="1"),
    "text": when('applicant.name == "甲" or applicant.name in names') + parameters(names='["乙", "丙"]'),
    "received": when('received("doc/award", "year") > 0 and received("doc/award", "lifetime") < most')
    + parameters(most='"10万元"'),
    "rounded": when('round_to(applicant.spend * third, unit, "half_even") == unit')
    + parameters(third='"1/3"', unit='"1万元"'),
    "power": when("applicant.spend * applicant.share ** two >= least")
    + parameters(two="2", least='"1万元"'),
    "chained": when("least <= applicant.staff < most") + parameters(least="3", most="4"),
}  # fmt: skip


@pytest.mark.parametrize("name", PIECES)
def test_each_piece_of_the_language_is_reached_and_replayed(name: str) -> None:
    body = PIECES[name]
    if "[incentive.amount]" not in body:
        body += amount(fixed="1万元")
    report = ask(entry() + body, Property.REACH, Property.REDUNDANT)
    assert only(report, Property.REACH).verdict is Verdict.PROVED
    assert report.verdict(Property.REDUNDANT) is Verdict.PROVED


def test_one_item_per_value_and_a_cap_per_value_are_followed() -> None:
    body = (
        entry(
            each='"contract"',
            distinct="'contract.result'",
            keep='"first"',
            dated_by="'contract.signed_on'",
        )
        + CAPPED
        + PLAIN
        + "[[incentive.total]]\ncap = '30万元'\nper = 'lifetime'\nby = 'contract.result'\n"
    )
    report = ask(body, Property.REACH, Property.BOUNDS, limits=Limits(items=3))
    assert {answer.verdict for answer in report.answers} == {Verdict.PROVED}


def test_what_replaces_an_incentive_is_followed() -> None:
    better = (
        entry("better", overrides="['doc/award']")
        + when("applicant.small", "small")
        + amount(fixed="2万元")
    )
    body = better + entry() + when("applicant.spend > 0", "spend") + amount(fixed="1万元")
    found = rules(body.replace("overrides = ['doc/award']",
                               "overrides = [{ incentive = 'doc/award', when = 'applicant.small' }]"))  # fmt: skip
    report = of(found, Property.REACH)
    assert only(report, Property.REACH).witnesses[0].profile["applicant"]["small"] is False


def test_an_entry_that_is_only_listed_is_asked_about_as_if_granted() -> None:
    head = HEAD.replace('"in_force"', '"historical"')
    report = ask(NONE + when("applicant.honest", "honest"), Property.REACH, head=head)
    assert report.verdict(Property.REACH) is Verdict.PROVED
    assert any("as if granted" in limit.get("en") for limit in report.limits)


def test_a_fact_s_least_and_most_are_kept() -> None:
    vocabulary = VOCABULARY.replace('label = { zh = "人数" }', 'label = { zh = "人数" }, max = 50')
    body = NONE + when("applicant.staff > most", "most") + parameters(most="50")
    report = ask(body, Property.REACH, vocabulary=vocabulary)
    assert report.verdict(Property.REACH) is Verdict.REFUTED


def test_a_ground_is_made_for_each_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both versions of an incentive are looked at for redundant conditions."""
    del monkeypatch
    one = entry(entitlement='"none"', effective="{ until = 2023-12-31 }") + when(
        "applicant.honest or not applicant.honest", "idle"
    )
    two = entry(entitlement='"none"', effective="{ from = 2024-01-01 }") + when(
        "applicant.honest", "honest"
    )
    found = rules(one + two)
    ground = Ground(found, found.incentives["doc/award"])
    assert len(ground.main.decided.items[0]) == 2
    assert {a.subject: a.verdict for a in of(found, Property.REDUNDANT).answers} == {
        "idle": Verdict.REFUTED,
        "idle: applicant.honest": Verdict.PROVED,
        "idle: not applicant.honest": Verdict.PROVED,
        "honest": Verdict.PROVED,
    }


def test_reports_compare_by_value() -> None:
    found = rules(entry() + amount(fixed="1万元"))
    assert of(found, Property.BOUNDS) == of(found, Property.BOUNDS)
    assert replace(of(found, Property.BOUNDS), clause="三").clause == "三"
