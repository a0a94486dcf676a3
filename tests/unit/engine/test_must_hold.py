"""What the library was asked for, word for word: figures, unknowns, digests, clear errors."""

from __future__ import annotations

from typing import Any

import pytest
from tests.small import (
    ENTRY,
    HEAD,
    VOCABULARY,
    amount,
    assess,
    book,
    decide,
    entry,
    parameters,
    profile,
    rules,
    when,
)

from incentives.diagnostics import ProfileError, Source
from incentives.engine.outcome import Status
from incentives.rulebook.digest import meaning_digest, text_digest
from incentives.rulebook.load import build_rules
from incentives.values.money import Money

CONTRACT = (
    entry(each='"contract"')
    + parameters(rate='"10%"', cap='"20万元"')
    + when("contract.ok", "met")
    + amount(base="contract.paid", rate="rate", cap="cap")
)
FUNDING = """\
[incentive.funding]
shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]
residual = "640000"
"""
SHARED = ENTRY + amount(formula="applicant.spend") + FUNDING


def contract(paid: Any) -> Any:
    return decide(CONTRACT, {"contract": [{"no": "1", "ok": True, "paid": paid}]})


# ── ten percent, at most 200,000 yuan ────────────────────────────────────────


@pytest.mark.parametrize(
    ("paid", "award"),
    [
        ("1500000.00元", "150000.00"),
        ("2000000.00元", "200000.00"),
        ("2000000.05元", "200000.00"),
        ("1234567.85元", "123456.79"),
        ("0元", "0.00"),
        ("0.05元", "0.01"),
        ("0.04元", "0.00"),
        ("9999亿元", "200000.00"),
    ],
)
def test_ten_percent_of_a_contract_to_the_fen(paid: str, award: str) -> None:
    decision = contract(paid)
    assert decision.status is Status.ELIGIBLE
    assert decision.amount == Money.yuan(award)
    assert decision.range.is_point
    assert decision.missing == ()


def test_an_unknown_amount_is_eligible_from_nothing_to_the_cap() -> None:
    decision = contract(None)
    assert decision.status is Status.ELIGIBLE
    assert decision.amount is None
    assert (decision.range.low, decision.range.high) == (Money(0), Money.parse("20万元"))
    assert decision.missing == ("contract[1].paid",)


def test_an_amount_within_bounds_gives_a_range() -> None:
    decision = contract({"at_least": "180万元", "at_most": "260万元"})
    assert decision.status is Status.ELIGIBLE
    assert (decision.range.low, decision.range.high) == (
        Money.parse("18万元"),
        Money.parse("20万元"),
    )
    above = contract({"at_least": "200万元", "at_most": "260万元"})
    assert above.amount == Money.parse("20万元")
    assert above.missing == ()


def test_seven_to_three_of_an_odd_fen() -> None:
    parts = decide(SHARED, {"spend": "100.01元", "region": "640221"}).funding
    assert [(part.payer, str(part.amount)) for part in parts] == [
        ("640000", "70.01元"), ("640221", "30.00元")]  # fmt: skip
    assert decide(SHARED).funding == ()


# ── unknown facts ────────────────────────────────────────────────────────────

PAIR = ENTRY + when("applicant.small", "a") + when("applicant.honest", "b") + amount(fixed="1元")


def test_an_unknown_fact_beside_a_failed_condition_is_not_missing() -> None:
    decision = decide(PAIR, {"small": False})
    assert (decision.status, decision.failed, decision.missing) == (Status.INELIGIBLE, ("a",), ())
    joined = ENTRY + when("applicant.small and applicant.honest") + amount(fixed="1元")
    decision = decide(joined, {"small": False})
    assert (decision.status, decision.missing) == (Status.INELIGIBLE, ())


def test_an_unknown_fact_that_decides_is_listed_and_the_decision_is_open() -> None:
    decision = decide(PAIR, {"small": True})
    assert decision.status is Status.UNDETERMINED
    assert decision.failed == ()
    assert decision.missing == ("applicant.honest",)
    assert decision.range is not None
    assert (decision.range.low, decision.range.high) == (Money(0), Money(100))


def test_every_failed_condition_is_listed() -> None:
    assert decide(PAIR, {"small": False, "honest": False}).failed == ("a", "b")


def test_a_known_fact_that_settles_takes_the_unknown_one_off_the_list() -> None:
    either = ENTRY + when("applicant.small or applicant.honest") + amount(fixed="1元")
    decision = decide(either, {"small": True})
    assert (decision.status, decision.missing) == (Status.ELIGIBLE, ())


def test_nothing_known_is_undetermined_and_lists_what_decides() -> None:
    decision = assess(PAIR, {"kind": None, "region": None})["doc/award"]
    assert decision.status is Status.UNDETERMINED
    assert decision.missing == (
        "applicant.honest", "applicant.kind", "applicant.region", "applicant.small")  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"kind": "centre"}, "recipient"), ({"region": "640100"}, "jurisdiction")],
)
def test_a_known_mismatch_is_not_applicable(facts: dict[str, Any], reason: str) -> None:
    decision = decide(PAIR, facts)
    assert (decision.status, decision.reason) == (Status.NOT_APPLICABLE, reason)
    assert (decision.failed, decision.missing, decision.amount) == ((), (), Money(0))


def test_a_coarser_region_leaves_it_open() -> None:
    decision = decide(PAIR, {"region": "640000", "small": True, "honest": True})
    assert decision.status is Status.UNDETERMINED
    assert decision.missing == ("applicant.region",)


# ── digests ──────────────────────────────────────────────────────────────────

BODY = (
    CONTRACT
    + when("applicant.small", "small")
    + '[[incentive.note]]\nabout = "a"\nsays = { zh = "注" }\n'
)
TWO = entry(
    "other", overrides="[{ incentive = \"doc/award\", when = 'applicant.honest' }]"
) + amount(fixed="1万元")
GROUP = (
    '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "highest"\nclause = "一"\n'
)
WHOLE = BODY + TWO + GROUP + '[parameters]\nlevel = "5%"\n'


def digest(body: str = WHOLE, head: str = HEAD, vocabulary: str = VOCABULARY) -> str:
    return meaning_digest(rules(body, head=head, vocabulary=vocabulary))


def test_the_digest_ignores_comments_blanks_quotes_and_key_order() -> None:
    same = [
        WHOLE.replace("\n", "   # 注\n"),
        WHOLE.replace("\n", "\n\n"),
        WHOLE.replace(" = ", "="),
        WHOLE.replace('rate = "10%"\n', "rate = '''10%'''\n"),
        WHOLE.replace('rate = "10%"\ncap = "20万元"', 'cap = "20万元"\nrate = "10%"'),
        WHOLE.replace('"10%"', '"0.1"').replace('"20万元"', '"200000元"'),
        WHOLE.replace("contract.ok", "(contract.ok)"),
    ]
    assert {digest(text) for text in same} == {digest()}


def test_the_digest_ignores_the_names_and_the_order_of_files() -> None:
    files = [Source("vocabulary.toml", VOCABULARY), Source("a.toml", HEAD + WHOLE)]
    other = [Source("z/vocabulary.toml", VOCABULARY), Source("0.toml", HEAD + WHOLE)]
    assert meaning_digest(build_rules(files)) == meaning_digest(build_rules(reversed(other)))
    assert meaning_digest(build_rules([*files, *other])) == meaning_digest(build_rules(files))


WORDS = {
    "label": ('zh = "奖励", en = "Award"', 'zh = "奖金", en = "Prize"'),
    "note": ('zh = "注"', 'zh = "另注"'),
    "clause": ('clause = "二"', 'clause = "三"'),
    "quote": ('clause = "二"', 'clause = "二"\nquote = "按实际履行金额给予奖励"'),
    "says": ('zh = "条件"', 'zh = "另一条件"'),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_change_the_second_digest_only(name: str) -> None:
    old, new = WORDS[name]
    assert old in WHOLE
    changed = WHOLE.replace(old, new)
    assert digest(changed) == digest()
    assert text_digest(rules(changed)) != text_digest(rules(WHOLE))


MEANING = {
    "rate": ('"10%"', '"11%"'),
    "cap": ('"20万元"', '"20.01万元"'),
    "condition": ("contract.ok", "not contract.ok"),
    "condition dropped": (when("applicant.small", "small"), ""),
    "condition id": ('id = "met"', 'id = "meets"'),
    "entitlement": ('entitlement = "exact"\neach', 'entitlement = "up_to"\neach'),
    "kind": ('kind = "award"\nrecipient = ["firm"]\nclause = "二"\nentitlement = "exact"\neach',
             'kind = "loan"\nrecipient = ["firm"]\nclause = "二"\nentitlement = "exact"\neach'),
    "recipient": ('recipient = ["firm"]', 'recipient = ["firm", "centre"]'),
    "amount": ("1万元", "2万元"),
    "group rule": ('rule = "highest"', 'rule = "top_up"'),
    "order of a group": ('"doc/award", "doc/other"]\nrule', '"doc/other", "doc/award"]\nrule'),
    "override": ("applicant.honest", "applicant.small"),
    "each": ('each = "contract"\n', 'each = "contract"\nonce = "year"\n'),
    "payee": ('each = "contract"\n', 'each = "contract"\npaid_to = { zh = "高校" }\n'),
    "where": ('each = "contract"\n', 'each = "contract"\nwhere = "anywhere"\n'),
    "total": (GROUP, '[[incentive.total]]\ncap = "1元"\n' + GROUP),
    "split": (GROUP, FUNDING + GROUP),
    "instalment": (GROUP, '[[incentive.instalment]]\nshare = "100%"\n' + GROUP),
    "floor": ("fixed = '1万元'", "fixed = '1万元'\nminimum = '1元'"),
    "period": (GROUP, "[incentive.effective]\nuntil = 2028-01-01\n" + GROUP),
}  # fmt: skip


@pytest.mark.parametrize("name", MEANING)
def test_a_change_of_meaning_changes_the_digest(name: str) -> None:
    old, new = MEANING[name]
    assert old in WHOLE
    assert digest(WHOLE.replace(old, new, 1)) != digest()


HEADS = {
    "jurisdiction": ("640200", "640300"),
    "legal status": ("in_force", "draft"),
    "from": ("2020-01-01", "2020-01-02"),
    "until": ("2029-12-31", "2029-12-30"),
    "quantum": ("0.01元", "1元"),
    "mode": ("half_up", "down"),
    "id": ('"doc"', '"dock"'),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_change_of_the_document_changes_the_digest(name: str) -> None:
    old, new = HEADS[name]
    body = WHOLE.replace("doc/", "dock/") if name == "id" else WHOLE
    assert digest(body, head=HEAD.replace(old, new)) != digest()


VOCABULARIES = {
    "bound": ("max = 40", "max = 41"),
    "type": ('score = { type = "count"', 'score = { type = "ratio"'),
    "sign": ("signed = true", "signed = false"),
    "choice": ('other = { zh = "其他" }', 'other = { zh = "其他" }, more = { zh = "更多" }'),
    "changeable": ("signed = true", "signed = true, changeable = false"),
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_change_of_the_vocabulary_changes_the_digest(name: str) -> None:
    old, new = VOCABULARIES[name]
    assert old in VOCABULARY
    assert digest(vocabulary=VOCABULARY.replace(old, new)) != digest()


def test_a_label_of_the_vocabulary_does_not_change_the_meaning() -> None:
    assert digest(vocabulary=VOCABULARY.replace("中心", "技术中心")) == digest()


# ── one clear error each ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"spend": 0.1}, "applicant.spend: 0.1 is a floating-point number, which is not exact"),
        ({"staff": True}, "applicant.staff: yes or no stands where a number is needed"),
        ({"small": "true"}, "applicant.small: true or false is needed, not 'true'"),
        ({"staff": float("nan")}, "applicant.staff: nan is a floating-point number"),
        ({"spend": 5000}, "applicant.spend: the amount 5000 has no unit"),
        ({"kind": "frim"}, 'applicant.kind: "frim" is not one of the choices'),
        ({"spend": "-1元"}, "applicant.spend: -1.00元 is below the least this can be"),
        ({"spend": {"at_least": "2元", "at_most": "1元"}}, "applicant.spend: at_least (2.00元) is"),
        ({"smal": True}, "applicant.smal: the vocabulary has no such fact"),
    ],
)
def test_a_bad_profile_gives_one_clear_error(facts: dict[str, Any], says: str) -> None:
    with pytest.raises(ProfileError) as found:
        book(PAIR).profile(profile(facts))
    assert len(found.value.findings) == 1
    assert says in str(found.value)
