"""An explanation says everything: rivals, periods, dates that count, papers, what is at stake."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.printed.cases import EXAMPLES, ON, all_forms, every_sum, shipped_rules
from tests.small import HEAD, amount, assess, decide, entry, parameters

from incentives.explain.worth import worth
from incentives.values.money import Money

CONTRACT_AWARD = "shizuishan-tech-city/technology-contract-award"


def two(rule: str, more: str = "") -> str:
    """Return two incentives over the applicant's spending and balance, in one group."""
    return (
        entry() + amount(formula="applicant.spend")
        + entry("other", name='{ zh = "另一项", en = "The other" }')
        + amount(formula="applicant.balance")
        + f'[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "{rule}"\n'
        f'clause = "五"\n{more}'
    )  # fmt: skip


GROUPS: list[tuple[str, str, tuple[str, str], list[str]]] = [
    ("highest", "", ("3元", "5元"), [
        "就高不重复（五）", "奖励：不采用，“另一项”更高  3.00元 → 0.00元", "✓ 另一项：采用", "5.00元",
    ]),
    ("highest", "", ("5元", "5元"), [
        "✓ 奖励：采用", "另一项：不采用，与“奖励”金额相同，只计一项  5.00元 → 0.00元",
    ]),
    ("cap", 'limit = "6元"', ("4元", "5元"), [
        "合计不超过上限6.00元（五）", "奖励：全额给予", "另一项：只给予上限之内的部分  5.00元 → 2.00元",
    ]),
    ("cap", 'limit = "4元"', ("4元", "5元"), ["另一项：上限已用完，不再给予  5.00元 → 0.00元"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "more", "amounts", "said"), GROUPS)
def test_a_group_says_which_is_taken_and_why(
    rule: str, more: str, amounts: tuple[str, str], said: list[str]
) -> None:
    spend, balance = amounts
    both = assess(two(rule, more), {"spend": spend, "balance": balance})
    for name in ("doc/award", "doc/other"):
        words = " ".join(both[name].explain("zh").split())
        for each in said:
            assert " ".join(each.split()) in words


def test_an_open_group_says_so_and_a_lone_member_says_nothing() -> None:
    both = assess(two("highest"), {"spend": "3元"})
    assert "是否采用尚不能确定" in both["doc/award"].explain("zh")
    alone = assess(two("highest"), {"spend": "3元", "balance": "0元"})
    assert "同组政策" not in alone["doc/award"].explain("zh")


PERIODS = [
    ("from = 2020-01-01, until = 2029-12-31", "执行期：2020-01-01至2029-12-31", "2020-01-01 to"),
    ("until = 2029-12-31", "执行期：至2029-12-31止（起始日未载明）", "until 2029-12-31 (no first"),
    ("from = 2020-01-01", "执行期：自2020-01-01起（截止日未载明）", "from 2020-01-01 (no end"),
    ("", "执行期：起止日期未载明", "no dates are stated"),
]


@pytest.mark.parametrize(("period", "zh", "en"), PERIODS)
def test_until_when_is_always_said(period: str, zh: str, en: str) -> None:
    old = "effective = { from = 2020-01-01, until = 2029-12-31 }"
    assert old in HEAD
    head = HEAD.replace(old, f"effective = {{ {period} }}" if period else "")
    decision = decide(entry() + amount(fixed="5元"), head=head)
    assert zh in decision.explain("zh")
    assert en in decision.explain("en")


def test_the_date_that_counts_is_named() -> None:
    body = entry(dated_by="'applicant.founded_on'") + amount(fixed="5元")
    text = decide(body, {"founded_on": date(2021, 3, 4)}).explain("zh")
    assert "适用的规定和标准看成立 2021-03-04，不看评估日" in text
    per_item = entry(each='"contract"', dated_by="'contract.signed_on'") + amount(
        formula="contract.paid"
    )
    rows = [{"no": "1", "paid": "3元", "signed_on": date(2023, 5, 1)}]
    assert "看签订，不看评估日" in decide(per_item, {"contract": rows}).explain("zh")
    assert "不看评估日" not in decide(per_item, {"contract": []}).explain("zh")
    assert "不看评估日" not in decide(entry() + amount(fixed="5元")).explain("zh")


def test_what_replaces_an_incentive_is_named() -> None:
    body = entry() + amount(fixed="5元") + entry(
        "other", name='{ zh = "另一项", en = "The other" }', overrides='["doc/award"]'
    ) + amount(fixed="6元")  # fmt: skip
    decision = decide(body)
    assert decision.reason == "superseded"
    assert "取代本项的政策：另一项" in decision.explain("zh")
    assert "Replaced by: The other" in decision.explain("en")


def test_what_past_payments_leave_of_a_cap_is_said() -> None:
    body = (
        entry(each='"contract"') + parameters(cap='"4元"') + amount(formula="contract.paid")
        + "[[incentive.total]]\ncap = 'cap'\nper = \"year\"\n"
    )  # fmt: skip
    paid = {"incentive": "doc/award", "amount": "3元", "year": ON.year, "item": "9"}
    rows = [{"no": "1", "paid": "2元"}]
    text = decide(body, {"contract": rows, "received": [paid]}, on=ON).explain("zh")
    assert "合计上限每年4.00元，除去以前领取的还剩1.00元" in text
    assert "按合计上限计：2.00元 → 1.00元" in text
    text = decide(body, {"contract": rows, "received": []}, on=ON).explain("zh")
    assert "还剩" not in text


def contract(number: str, **facts: Any) -> dict[str, Any]:
    return {
        "registration_no": number, "brokered_by_applicant": True, "provider_kind": "university",
        "buyer_kind": "enterprise", **facts,
    }  # fmt: skip


def centre(*contracts: dict[str, Any]) -> dict[str, Any]:
    applicant = {"kind": "technology_transfer_center", "region": "640200"}
    return {"applicant": applicant, "contract": list(contracts)}


def test_papers_are_listed_once_for_each_fact_that_is_used() -> None:
    profile = centre(
        contract("1", performed_amount="1万元"), contract("2", performed_amount="2万元")
    )
    decision = shipped_rules().assess(profile, on=ON)[CONTRACT_AWARD]
    for full in (False, True):
        text = decision.explain("zh", full=full)
        assert text.count("实际履行金额：发票与银行付款凭证") == 1
    refused = shipped_rules().assess({"applicant": {"kind": "enterprise"}}, on=ON)[CONTRACT_AWARD]
    assert "申报材料" not in refused.explain("zh")


def test_how_to_apply_is_said() -> None:
    body = entry(apply='{ zh = "向某局申请", en = "Ask the bureau" }') + amount(fixed="5元")
    assert "申报方式：向某局申请" in decide(body).explain("zh")
    assert "To apply: Ask the bureau" in decide(body).explain("en")


def test_a_missing_fact_is_worth_what_it_can_move() -> None:
    profile = centre(contract("1", performed_amount="100万元"), contract("2"))
    assessment = shipped_rules().assess(profile, on=ON, only=[CONTRACT_AWARD])
    missing = "技术合同2的实际履行金额"
    (line,) = [
        line for line in assessment[CONTRACT_AWARD].explain("zh").splitlines() if missing in line
    ]
    assert line.endswith("金额至多相差200,000.00元")  # the item's own cap, not the whole award
    words = " ".join(assessment.explain("zh").split())
    assert f"{missing} 关系到1项，金额至多相差200,000.00元" in words


@settings(max_examples=40)
@given(
    every_sum(), every_sum(), st.sampled_from(["spent", "paid_before", "share", "level", "staff"])
)
def test_no_fact_moves_an_amount_by_more_than_it_is_worth(
    firm: dict[str, Any], other: dict[str, Any], fact: str
) -> None:
    def with_fact(value: Any) -> dict[str, Any]:
        kept = {name: each for name, each in firm["applicant"].items() if name != fact}
        return {**firm, "applicant": kept if value is None else {**kept, fact: value}}

    unknown = all_forms().assess(with_fact(None), on=ON)
    one = all_forms().assess(with_fact(firm["applicant"][fact]), on=ON)
    two = all_forms().assess(with_fact(other["applicant"][fact]), on=ON)
    for decision in unknown:
        a, b = one[decision.incentive].amount, two[decision.incentive].amount
        assert a is not None
        assert b is not None
        path = f"applicant.{fact}"
        bound = worth(decision, path) if path in decision.missing else Money(0)
        assert bound is None or abs(a - b) <= bound


def test_nobody_pays_for_what_is_refused() -> None:
    name = "ningxia-rd-subsidy/newly-above-scale-rd"
    shown: dict[str, list[bool]] = {}
    for case in shipped_rules()[name].cases:
        decision = shipped_rules().assess(
            dict(case.facts), case.on, assume_no_history=case.assume_no_history
        )[name]
        shown.setdefault(str(decision.status), []).append("资金承担" in decision.explain("zh"))
    assert any(shown["eligible"])
    assert not any(shown["ineligible"] + shown["not_applicable"])


def test_a_reading_that_only_sets_a_ceiling_says_so() -> None:
    profile = next(path for path in EXAMPLES if path.stem == "pilot-funds-above")
    decision = shipped_rules().assess(profile, on=ON)["shizuishan-tech-city/pilot-support"]
    ceiling = next(each for each in decision.readings if each.is_ceiling)
    assert ceiling.range is not None
    assert ceiling.range.high is not None
    text = " ".join(decision.explain("zh").split())
    assert f"最高{ceiling.range.high}，由主管部门核定" in text
    assert f"0.00元至{ceiling.range.high}" not in text


def test_a_missing_list_says_how_to_tell_that_it_is_empty() -> None:
    assessment = shipped_rules().assess({"applicant": {"region": "640200"}}, on=ON)
    text = assessment.explain("zh", full=True)
    for said in ("从未领取的，填 received = []", "尚未核定的，填 decided = []", "填 contract = []"):
        assert said in text
    assert "applicant = []" not in text


def test_a_date_that_selects_the_rule_has_its_paper() -> None:
    name = "zhongning-county/high-tech-recognition-award"
    case = next(each for each in shipped_rules()[name].cases if each.expect["status"] == "eligible")
    text = shipped_rules().assess(dict(case.facts), case.on, drafts=True)[name].explain("zh")
    spec = shipped_rules().vocabulary.facts["certificate", "recognised_on"]
    assert spec.evidence is not None
    assert f"{spec.label.zh}：{spec.evidence.zh}" in text
