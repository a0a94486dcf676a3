"""The interview: answers as a profile would state them, refusals, going back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.small import ON, amount, book, entry, when

import incentives
from incentives.advice.interview import Interview
from incentives.advice.questions import Question, questions
from incentives.rulebook.facts import FactError

BODY = (
    entry()
    + "[incentive.parameters]\nleast = 10\n"
    + when("applicant.small and applicant.staff >= least")
    + amount(base="applicant.revenue[year - 1]", rate="10%")
    + entry(id="items", each='"contract"')
    + when("contract.ok", id="d")
    + amount(base="contract.paid", rate="10%")
)


def talk(data: dict[str, Any] | None = None) -> Interview:
    rulebook = book(BODY)
    return Interview(data or {}, rulebook.vocabulary, lambda profile: rulebook.assess(profile, ON))


def ask(interview: Interview, path: str) -> Question:
    return next(each for each in questions(interview.assessment) if each.path == path)


def test_the_most_valuable_question_comes_first() -> None:
    question = talk().next()
    assert question is not None
    assert question.path == "applicant.kind"
    assert question.stake is None
    assert set(question.incentives) == {"doc/award", "doc/items"}


@pytest.mark.parametrize(
    ("path", "text", "stated"),
    [
        ("applicant.kind", "企业", "firm"),
        ("applicant.kind", "1", "firm"),
        ("applicant.kind", "firm", "firm"),
        ("applicant.small", "是", True),
        ("applicant.small", "N", False),
        ("applicant.staff", "1,200", 1200),
        ("applicant.revenue.2023", "３２０万元", "３２０万元"),
        ("applicant.region", "640200", "640200"),
    ],
)
def test_an_answer_is_stated_as_in_a_profile(path: str, text: str, stated: Any) -> None:
    interview = talk()
    interview.answer(ask(interview, path), text)
    facts = interview.data["applicant"]
    _, name, *year = path.split(".")
    assert (facts[name][year[0]] if year else facts[name]) == stated


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("applicant.revenue.2023", "320", "E312"),
        ("applicant.revenue.2023", "三百万", "E313"),
        ("applicant.small", "也许", "E315"),
        ("applicant.kind", "公司", "E320"),
        ("applicant.kind", "9", "E320"),
        ("applicant.staff", "-1", "E316"),
        ("applicant.staff", "12.5", "E313"),
        ("applicant.region", "月球", "E321"),
        ("applicant.region", "999999", "E325"),
        ("contract", "几个", "E313"),
        ("contract", "99999", "E303"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused_and_nothing_changes(
    path: str, text: str, code: str
) -> None:
    interview = talk()
    with pytest.raises(FactError) as refused:
        interview.answer(ask(interview, path), text)
    assert refused.value.code == code
    assert refused.value.zh
    assert interview.data == {}
    assert interview.asked == 0


def test_a_list_is_asked_by_its_length_and_then_item_by_item() -> None:
    interview = talk({"applicant": {"kind": "firm", "region": "640200", "small": False}})
    interview.answer(ask(interview, "contract"), "2")
    assert interview.data["contract"] == [{}, {}]
    interview.answer(ask(interview, "contract[2].ok"), "否")
    interview.answer(ask(interview, "contract[1].ok"), "是")
    interview.answer(ask(interview, "contract[1].paid"), "5万元")
    assert interview.data["contract"] == [{"ok": True, "paid": "5万元"}, {"ok": False}]
    assert interview.next() is None
    assert interview.assessment["doc/items"].amount is not None


def test_no_items_settles_a_list() -> None:
    interview = talk({"applicant": {"kind": "firm", "region": "640200", "small": False}})
    interview.answer(ask(interview, "contract"), "没有")
    assert interview.next() is None
    assert interview.assessment["doc/items"].failed == ("items",)


def test_going_back_takes_back_one_answer() -> None:
    interview = talk()
    interview.answer(ask(interview, "applicant.kind"), "企业")
    interview.answer(ask(interview, "applicant.region"), "640200")
    interview.back()
    assert interview.data == {"applicant": {"kind": "firm"}}
    interview.back()
    assert interview.data == {}
    assert not interview.can_go_back


def test_what_is_not_known_is_not_asked_again() -> None:
    interview = talk()
    first = interview.next()
    assert first is not None
    interview.skip(first)
    second = interview.next()
    assert second is not None
    assert second.path != first.path
    interview.back()
    again = interview.next()
    assert again is not None
    assert again.path == first.path


def test_a_region_that_is_too_coarse_is_not_asked_for_ever() -> None:
    interview = talk({"applicant": {"kind": "firm"}})
    interview.answer(ask(interview, "applicant.region"), "640000")
    seen = []
    while (question := interview.next()) is not None:
        seen.append(question.path)
        interview.skip(question)
    assert "applicant.region" not in seen


def test_years_known_before_are_kept() -> None:
    interview = talk({"applicant": {"kind": "firm", "revenue": {"2020": "1元"}}})
    interview.answer(ask(interview, "applicant.revenue.2023"), "3元")
    assert interview.data["applicant"]["revenue"] == {"2020": "1元", "2023": "3元"}


def test_a_region_may_be_named_and_the_name_cut_short() -> None:
    rulebook = incentives.load()
    interview = Interview({}, rulebook.vocabulary, lambda profile: rulebook.assess(profile, ON))
    spec = rulebook.vocabulary.facts["applicant", "region"]
    read = [
        interview.read(spec, text, "applicant.region")
        for text in ("石嘴山市", "石嘴山", "Shizuishan")
    ]
    assert set(read) == {"640200"}
    with pytest.raises(FactError):
        interview.read(spec, "市", "applicant.region")


def test_a_past_payment_is_found_by_the_name_of_its_incentive() -> None:
    interview = talk({"applicant": {"kind": "firm"}})
    spec = book(BODY).vocabulary.facts["received", "incentive"]
    assert interview.read(spec, "award", "received[1].incentive") == "doc/award"
    assert interview.read(spec, "另一项资助", "received[1].incentive") == "另一项资助"


def test_what_is_put_aside_and_still_matters_is_counted() -> None:
    interview = talk({"applicant": {"kind": "firm", "region": "640200", "small": True}})
    while (question := interview.next()) is not None:
        interview.skip(question)
    assert interview.put_aside > 0
    done = talk({"applicant": {"kind": "other"}})
    while (question := done.next()) is not None:
        done.skip(question)
    assert done.put_aside == len({path for each in done.assessment for path in each.missing})


CEILINGS = (
    entry(entitlement='"up_to"', name='{ zh = "甲奖", en = "Award A" }')
    + amount(fixed="5万元")
    + entry("two", entitlement='"up_to"', name='{ zh = "乙奖", en = "Award B" }')
    + amount(fixed="3万元")
)


def ceilings() -> Interview:
    rulebook = book(CEILINGS)
    data = {"applicant": {"kind": "firm", "region": "640200"}}
    return Interview(data, rulebook.vocabulary, lambda profile: rulebook.assess(profile, ON))


def test_of_recorded_decisions_it_is_asked_which_and_never_how_many() -> None:
    question = ceilings().next()
    assert question is not None
    assert question.asks_which
    assert question.incentives == ("doc/award", "doc/two")
    for text in (question.ask.zh, question.ask.get("en")):
        assert "多少项" not in text
        assert "How many" not in text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("无", []),
        ("None", []),
        ("2", ["doc/two"]),
        ("1、2", ["doc/award", "doc/two"]),
        ("2 2", ["doc/two", "doc/two"]),
        ("乙奖", ["doc/two"]),
        ("Award A", ["doc/award"]),
        ("two，1", ["doc/two", "doc/award"]),
    ],
)
def test_decisions_are_named_by_number_name_or_id(text: str, named: list[str]) -> None:
    interview = ceilings()
    interview.answer(ask(interview, "decided"), text)
    assert interview.data["decided"] == [{"incentive": each} for each in named]
    asked = {each.path for each in questions(interview.assessment)}
    wanted = {f"decided[{at}].{name}" for at, _ in enumerate(named, 1)
              for name in ("amount", "decided_on")}  # fmt: skip
    assert asked == wanted


@pytest.mark.parametrize("text", ["3", "00", "丙奖", "1、3", "99999999999"])
def test_a_decision_on_what_is_not_listed_is_refused(text: str) -> None:
    interview = ceilings()
    with pytest.raises(FactError) as refused:
        interview.answer(ask(interview, "decided"), text)
    assert refused.value.code == "E320"
    assert "decided" not in interview.data


def test_what_was_decided_settles_the_ceiling() -> None:
    interview = ceilings()
    interview.answer(ask(interview, "decided"), "1")
    interview.answer(ask(interview, "decided[1].amount"), "2万元")
    interview.answer(ask(interview, "decided[1].decided_on"), "2024-03-01")
    assert interview.next() is None
    assert str(interview.assessment.totals.exact) == "20,000.00元"
