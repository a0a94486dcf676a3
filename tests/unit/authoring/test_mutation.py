"""Mutation: what is changed, who notices, what is proved, what is accepted, what is suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tomli
from tests.unit.authoring.rulebooks import CASES, DOCUMENT, INCENTIVE, RULES, changed, rulebook

from incentives.authoring.cases import run_cases
from incentives.authoring.mutants import mutants
from incentives.authoring.mutation import Mutation, Outcome, Verdict, mutate
from incentives.authoring.mutation_text import mutation_data, mutation_text, suggested

if TYPE_CHECKING:
    from incentives.authoring.witness import Witness

PROVING = """\
[[incentive.case]]
name = "a fen below the cap"
on = 2024-06-01
expect = { status = "eligible", amount = "199999.99元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "1999999.90元", staff = 10 }
[[incentive.case]]
name = "half a fen is rounded up"
on = 2024-06-01
expect = { status = "eligible", amount = "0.03元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "0.25元", staff = 10 }
[[incentive.case]]
name = "less than half a fen is dropped"
on = 2024-06-01
expect = { status = "eligible", amount = "0.01元" }
facts.applicant = { kind = "enterprise", region = "640200", cost = "0.14元", staff = 10 }
[[incentive.case]]
name = "a college"
on = 2024-06-01
expect = { status = "not_applicable", reason = "recipient" }
facts.applicant = { kind = "college", region = "640200", cost = "100万元", staff = 10 }
[[incentive.case]]
name = "another city"
on = 2024-06-01
expect = { status = "not_applicable", reason = "jurisdiction" }
facts.applicant = { kind = "enterprise", region = "640300", cost = "100万元", staff = 10 }
[[incentive.case]]
name = "another province"
on = 2024-06-01
expect = { status = "not_applicable", reason = "jurisdiction" }
facts.applicant = { kind = "enterprise", region = "150200", cost = "100万元", staff = 10 }
"""


def run(rules: str = RULES + PROVING) -> Mutation:
    return mutate(rulebook(rules).rules)


def survivors(rules: str) -> dict[str, Outcome]:
    return {outcome.id: outcome for outcome in run(rules).survivors}


def test_every_kind_of_change_is_made_once() -> None:
    assert [mutant.id for mutant in mutants(rulebook().rules)] == [
        "condition.staff: >= -> >",
        "condition.staff: >= -> <",
        "parameters.staff_min: 10 -> 9",
        "parameters.staff_min: 10 -> 11",
        "amount.not_negative: drop not_negative",
        "amount.cap: drop cap",
        "parameters.rate: 10% -> 9.9%",
        "parameters.rate: 10% -> 10.1%",
        "parameters.cap: 20万元 -> 199999.99元",
        "parameters.cap: 20万元 -> 200000.01元",
        "document.jurisdiction: 640200 -> 640300",
        "document.jurisdiction: 640200 -> 640000",
        "recipient: drop every recipient",
        "condition.staff: drop the condition",
        "document.rounding.mode: half_up -> down",
        "document.rounding.mode: half_up -> up",
        "document.rounding.mode: half_up -> half_even",
        "document.rounding.to: 0.01元 -> 1元",
    ]


def test_cases_at_the_figures_notice_everything() -> None:
    found = run()
    assert [outcome.id for outcome in found.survivors] == []
    assert found.is_clean
    assert found.count(Verdict.EQUIVALENT) == 1


@pytest.mark.parametrize(
    ("name", "mutation"),
    [
        ("too few people", "parameters.staff_min: 10 -> 9"),
        ("half a fen is rounded up", "document.rounding.mode: half_up -> half_even"),
        ("less than half a fen is dropped", "document.rounding.mode: half_up -> up"),
        ("a college", "recipient: drop every recipient"),
        ("another city", "document.jurisdiction: 640200 -> 640000"),
    ],
)
def test_without_its_case_a_change_survives_and_the_suggested_case_kills_it(
    name: str, mutation: str
) -> None:
    parts = (CASES + PROVING).split("[[incentive.case]]\n")
    kept = "[[incentive.case]]\n".join(part for part in parts if f'"{name}"' not in part)
    rules = DOCUMENT + INCENTIVE + kept
    found = survivors(rules)
    witness = found[mutation].witness
    assert witness is not None
    assert mutation not in survivors(rules + suggestion(witness))


def suggestion(witness: Witness) -> str:
    text = suggested(witness, "en")
    assert set(tomli.loads(text)["incentive"]["case"][0]) <= {"name", "on", "expect", "facts"}
    return text


def test_a_suggested_case_passes_as_the_rules_stand() -> None:
    for outcome in survivors(RULES).values():
        assert outcome.witness is not None, outcome.id
        results = run_cases(rulebook(RULES + suggestion(outcome.witness)))
        assert all(result.passed for result in results), outcome.id


def test_what_cannot_be_negative_is_proved_and_what_can_is_not() -> None:
    verdicts = {outcome.id: outcome for outcome in run().outcomes}
    proved = verdicts["amount.not_negative: drop not_negative"]
    assert (proved.verdict, str(proved.because and proved.because.en)) == (
        Verdict.EQUIVALENT,
        "this is never below zero",
    )
    signed = 'type = "money"\nsigned = true\nlabel = { zh = "费用"'
    from tests.unit.authoring.rulebooks import VOCABULARY

    vocabulary = changed('type = "money"\nlabel = { zh = "费用"', signed, VOCABULARY)
    found = mutate(rulebook(RULES, vocabulary).rules)
    assert "amount.not_negative: drop not_negative" in {o.id for o in found.survivors}


ACCEPT = """\
[[incentive.accept]]
mutation = ["document.jurisdiction: 640200 -> 640000", "no such: change"]
because = { zh = "外地企业由市科技局另行答复", en = "The bureau answers firms from elsewhere" }
"""


def test_a_survivor_is_accepted_with_a_reason_and_an_idle_acceptance_is_reported() -> None:
    rules = RULES + PROVING
    parts = rules.split("[[incentive.case]]\n")
    rules = "[[incentive.case]]\n".join(part for part in parts if '"another city"' not in part)
    found = run(rules + ACCEPT)
    accepted = [o for o in found.outcomes if o.verdict is Verdict.ACCEPTED]
    assert [o.id for o in accepted] == ["document.jurisdiction: 640200 -> 640000"]
    assert [mutation for mutation, _ in found.idle] == ["no such: change"]
    assert not found.is_clean
    assert "no such: change" in mutation_text(found, rulebook(rules).rules, "en")


def test_an_acceptance_changes_the_words_and_not_the_meaning() -> None:
    plain, accepting = rulebook(), rulebook(RULES + ACCEPT)
    assert plain.digest == accepting.digest
    assert plain.text_digest != accepting.text_digest


def test_a_case_that_fails_already_proves_nothing() -> None:
    rules = changed('amount = "10万元"', 'amount = "11万元"')
    found = mutate(rulebook(rules).rules)
    assert [case.name for case in found.failing] == ["below the cap"]
    assert not found.is_clean


def test_two_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rulebook().rules
    alone = mutate(rules)
    monkeypatch.setattr("incentives.authoring.mutation.MANY", 1)
    together = mutate(rules, workers=2)
    assert mutation_data(alone) == mutation_data(together)


def test_who_pays_is_seen_by_a_case_that_expects_it() -> None:
    funding = """\
[incentive.funding]
shares = [ { payer = "640000", share = "70%" }, { payer = "local", share = "30%" } ]
residual = "640000"
"""
    case = """\
[[incentive.case]]
name = "seven to three of an odd fen"
on = 2024-06-01
expect = { status = "eligible", amount = "0.05元", funding = { 640000 = "0.04元", 640200 = "0.01元" } }
facts.applicant = { kind = "enterprise", region = "640200", cost = "0.50元", staff = 10 }
"""
    rules = changed("[[incentive.case]]", funding + "[[incentive.case]]", RULES + PROVING)
    assert set(survivors(rules)) == {
        "funding.shares: 640000 -> a hundredth to local",
        "funding.shares: local -> a hundredth to 640000",
        "funding.residual: 640000 -> local",
    }
    case += (
        case.replace("odd fen", "million")
        .replace("0.50", "1000")
        .replace(
            '"0.05元", funding = { 640000 = "0.04元", 640200 = "0.01元" }',
            '"100元", funding = { 640000 = "70元", 640200 = "30元" }',
        )
    )
    assert set(survivors(rules + case)) == set()


def test_without_a_case_none_is_sought_and_what_is_left_out_is_named() -> None:
    rules = rulebook(DOCUMENT + INCENTIVE).rules
    told = mutation_text(mutate(rules), rules, "zh")
    assert "还没有算例，无从建议" in told
    assert "附近没有找到" not in told
    for words in ("去掉 对象的限定", "去掉 这个条件", "去掉 上限"):
        assert words in told
    assert "without this condition" in mutation_text(mutate(rules), rules, "en")


def test_what_is_subtracted_is_named() -> None:
    entry = INCENTIVE.replace("base = 'applicant.cost'", "base = 'applicant.cost - cap'")
    assert "amount.base: drop -cap" in {one.id for one in mutants(rulebook(DOCUMENT + entry).rules)}
