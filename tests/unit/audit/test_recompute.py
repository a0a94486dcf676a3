"""Each payment in its class: what was paid against what the rules give."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.small import FIRM, book, entry
from tests.unit.audit.lists import (
    AWARD,
    CODE,
    HEAD,
    OTHER,
    audited,
    contract,
    firm,
    firms,
    paid,
    row,
    rulebook,
)

from incentives.audit.claims import Settings
from incentives.audit.classes import Class
from incentives.audit.firms import Firm
from incentives.audit.report import Audit, audit
from incentives.audit.sheet_checks import Check

GRANT = "高校科技资源转移转化机构启动费用"
TALENT = "高层次创业创新人才和团队研发资金扶持"
PILOT = "中试熟化项目引导支持"
BUYER = "技术受让方补助"


def classes(result: Audit) -> list[tuple[str, int]]:
    """Return class and money at stake of each verdict."""
    return [(each.kind, each.judgement.stake) for each in result.verdicts]


def checks(result: Audit) -> list[tuple[str, tuple[int, ...]]]:
    return [(each.check, each.rows) for each in result.remarks]


def test_a_payment_that_is_right_is_reproduced() -> None:
    result = audited([row("150000.00")], firm(contract("1")))
    assert classes(result) == [(Class.REPRODUCED, 0)]
    assert result.is_clean


@pytest.mark.parametrize(
    ("amount", "kind", "stake"),
    [
        ("150000.01", Class.OVERPAID, 1),
        ("149999.99", Class.UNDERPAID, 1),
        ("0.00", Class.UNDERPAID, 15_000_000),
        ("200000.00", Class.OVERPAID, 5_000_000),
    ],
)
def test_one_fen_is_a_difference(amount: str, kind: Class, stake: int) -> None:
    result = audited([row(amount)], firm(contract("1")))
    assert classes(result) == [(kind, stake)]


def test_paid_though_not_eligible_says_what_is_not_met() -> None:
    result = audited([row("150000.00")], firm(contract("1", provider_kind="enterprise")))
    assert classes(result) == [(Class.INELIGIBLE, 15_000_000)]
    assert "高校、科研院所与企业签订" in result.verdicts[0].judgement.why.zh


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"applicant": {"region": "150500"}}, "地区"),
        ({"applicant": {"kind": "enterprise"}}, "支持对象"),
    ],
)
def test_what_does_not_apply_is_not_due(more: dict[str, Any], word: str) -> None:
    result = audited([row("150000.00")], firm(contract("1"), **more))
    assert classes(result) == [(Class.INELIGIBLE, 15_000_000)]
    assert word in result.verdicts[0].judgement.why.zh


def test_a_day_outside_the_period_is_said() -> None:
    result = audited([row("150000.00", day="2026-01-01")], firm(contract("1")))
    assert classes(result) == [(Class.INELIGIBLE, 15_000_000)]
    assert checks(result) == [(Check.OUTSIDE_PERIOD, (2,))]


def test_a_contract_paid_twice_is_a_duplicate_of_the_earlier_day() -> None:
    rows = [row("150000.00", day="2024-09-01"), row("150000.00", day="2024-06-01")]
    result = audited(rows, firm(contract("1")))
    assert classes(result) == [(Class.OVERPAID, 15_000_000), (Class.REPRODUCED, 0)]
    assert checks(result) == [(Check.DUPLICATE, (3, 2))]


def test_instalments_within_what_is_due_are_right() -> None:
    rows = [row("100000.00"), row("50000.00", day="2024-09-01")]
    result = audited(rows, firm(contract("1")))
    assert classes(result) == [(Class.REPRODUCED, 0)] * 2
    assert result.is_clean


def test_instalments_that_stay_short_are_short_at_the_last() -> None:
    rows = [row("100000.00"), row("40000.00", day="2024-09-01")]
    result = audited(rows, firm(contract("1")))
    assert classes(result) == [(Class.REPRODUCED, 0), (Class.UNDERPAID, 1_000_000)]


def test_a_missing_fact_leaves_a_range_and_its_name() -> None:
    result = audited([row("150000.00")], firm(contract("1", performed=None)))
    (verdict,) = result.verdicts
    assert verdict.kind is Class.UNCHECKED
    assert (verdict.judgement.low, verdict.judgement.high) == (0, 20_000_000)
    assert verdict.missing == ("contract[1].performed_amount",)


def test_above_the_most_that_missing_facts_allow_is_too_much_all_the_same() -> None:
    result = audited([row("250000.00")], firm(contract("1", performed=None)))
    assert classes(result) == [(Class.OVERPAID, 5_000_000)]


def test_below_the_least_is_too_little_all_the_same() -> None:
    within = {"at_least": "180万元", "at_most": "190万元"}
    facts = contract("1")
    facts["performed_amount"] = within
    result = audited([row("170000.00")], firm(facts))
    assert classes(result) == [(Class.UNDERPAID, 1_000_000)]


def test_an_item_that_the_profile_lacks_cannot_be_checked() -> None:
    result = audited([row("150000.00", "2")], firm(contract("1")))
    assert classes(result) == [(Class.UNCHECKED, 15_000_000), (Class.UNPAID, 15_000_000)]
    assert result.verdicts[0].missing == ("contract[2]",)


def test_what_is_due_and_not_in_the_list_is_unpaid() -> None:
    result = audited([row("150000.00")], firm(contract("1"), contract("2", "80万元")))
    assert classes(result) == [(Class.REPRODUCED, 0), (Class.UNPAID, 8_000_000)]
    assert result.verdicts[1].item == "2"


@pytest.mark.parametrize(
    "bad",
    [
        row("约8万", "2"),
        row("80000.00", "2", day="昨天"),
        row("80000.00", "2", code="9.1E+17"),
        row("80000.00", "2", policy="无此项"),
        row("80000.00", None, policy="无此项"),
    ],
)
def test_what_a_row_that_cannot_be_read_may_have_paid_is_not_called_unpaid(bad: Any) -> None:
    result = audited([row("150000.00"), bad], firm(contract("1"), contract("2", "80万元")))
    assert [each.kind for each in result.verdicts] == [Class.REPRODUCED, Class.UNCHECKED]


def test_one_wrong_date_hides_nothing_that_is_unpaid() -> None:
    rows = [row("150000.00"), row("150000.00", "2", day="2044-06-01")]
    result = audited(rows, firm(contract("1"), contract("2"), contract("3")))
    assert [each.item for each in result.verdicts if each.kind is Class.UNPAID] == ["3"]


def test_a_payment_without_item_stands_for_all_of_them() -> None:
    result = audited([row("300000.00", "")], firm(contract("1"), contract("2")))
    assert classes(result) == [(Class.REPRODUCED, 0)]


def test_another_reading_explains_a_payment_and_says_which() -> None:
    facts = contract("1", performed_net_of_tax="1200000.00元")
    result = audited([row("120000.00")], firm(facts))
    (verdict,) = result.verdicts
    assert verdict.kind is Class.OTHER_READING
    assert verdict.judgement.reading is not None
    assert verdict.judgement.reading.id == "net-of-tax"
    assert verdict.judgement.stake == 3_000_000


def talent(**more: Any) -> Any:
    facts = {
        "kind": "talent_team", "high_level": True, "brings_technology": True,
        "brings_result": True, "brings_project": True, "founded_local_tech_firm": True, **more,
    }  # fmt: skip
    return firm(applicant=facts)


@pytest.mark.parametrize(
    ("amount", "kind", "stake"),
    [
        ("1000000.00", Class.WITHIN_CEILING, 0),
        ("0.01", Class.WITHIN_CEILING, 0),
        ("1000000.01", Class.ABOVE_CEILING, 1),
    ],
)
def test_a_ceiling_binds_from_above_only(amount: str, kind: Class, stake: int) -> None:
    result = audited([row(amount, "", policy=TALENT)], talent())
    assert classes(result) == [(kind, stake)]


def test_a_ceiling_is_nobodys_due() -> None:
    other = talent()
    other.code, other.name = OTHER, "另一团队"
    result = audited([row("1000.00", "", policy=TALENT)], talent(), other)
    assert classes(result) == [(Class.WITHIN_CEILING, 0)]


def test_under_a_ceiling_a_reading_is_another_way_to_be_within_it() -> None:
    result = audited([row("1000.00", "", policy=TALENT)], talent(brings_result=False))
    assert [each.kind for each in result.verdicts] == [Class.OTHER_READING]
    assert result.verdicts[0].judgement.reading is not None
    assert result.verdicts[0].judgement.reading.id == "any-one"


def test_a_recorded_decision_makes_a_ceiling_an_amount() -> None:
    decided = [
        {
            "incentive": "shizuishan-tech-city/high-level-talent-support",
            "amount": "60万元",
            "decided_on": date(2024, 5, 1),
        }
    ]
    team = talent()
    team.data = {**team.data, "decided": decided}
    result = audited([row("600000.00", "", policy=TALENT)], team)
    assert classes(result) == [(Class.REPRODUCED, 0)]


def grant(**more: Any) -> Any:
    facts = {"kind": "university_transfer_body", "city_agreement": True, "landed": True}
    return firm(applicant=facts, **more)


def test_the_past_is_unknown_unless_it_is_said_or_assumed() -> None:
    rows = [row("200000.00", "", policy=GRANT)]
    assert classes(audited(rows, grant())) == [(Class.UNCHECKED, 20_000_000)]
    assert classes(audited(rows, grant(received=[]))) == [(Class.REPRODUCED, 0)]
    assumed = audited(rows, grant(), assume_no_history=True)
    assert classes(assumed) == [(Class.REPRODUCED, 0)]
    assert any("此前未领取过" in each.zh for each in assumed.assumptions)


def test_an_award_once_in_a_lifetime_paid_in_two_years_is_a_duplicate() -> None:
    rows = [
        row("200000.00", "", policy=GRANT, day="2023-06-01"),
        row("200000.00", "", policy=GRANT, day="2024-06-01"),
    ]
    result = audited(rows, grant(received=[]))
    assert classes(result) == [(Class.REPRODUCED, 0), (Class.OVERPAID, 20_000_000)]
    assert checks(result) == [(Check.DUPLICATE, (2, 3))]


def test_a_past_payment_just_like_the_row_may_be_the_row_itself() -> None:
    received = [
        {
            "incentive": "shizuishan-tech-city/transfer-body-start-up-grant",
            "amount": "20万元",
            "year": 2024,
        }
    ]
    rows = [row("200000.00", "", policy=GRANT)]
    assert [each.kind for each in audited(rows, grant(received=received)).verdicts] == [
        Class.UNCHECKED
    ]
    received[0]["amount"] = "10万元"
    assert classes(audited(rows, grant(received=received))) == [(Class.INELIGIBLE, 20_000_000)]


def test_the_incentive_is_named_whole_or_declared() -> None:
    one = firm(contract("1"))
    for name in (AWARD, "technology-contract-award", "Technology contract award"):
        assert classes(audited([row("150000.00", policy=name)], one)) == [(Class.REPRODUCED, 0)]
    result = audited([row("150000.00", policy="技术合同奖")], one)
    assert classes(result) == [(Class.UNCHECKED, 15_000_000)]
    assert "technology-contract-award" in result.verdicts[0].judgement.why.zh
    means = {"技术合同奖": "shizuishan-tech-city/technology-contract-award"}
    declared = audited([row("150000.00", policy="技术合同奖")], one, means=means)
    assert classes(declared) == [(Class.REPRODUCED, 0)]


def test_a_name_of_several_incentives_is_not_guessed() -> None:
    name = "首次认定国家高新技术企业奖补"
    result = audited([row("1.00", policy=name)], firm(contract("1")))
    assert "不止一项" in result.verdicts[0].judgement.why.zh


def test_a_month_is_no_day_unless_one_in_it_is_given() -> None:
    one = firm(contract("1"))
    result = audited([row("150000.00", day="2024年6月")], one)
    assert classes(result) == [(Class.UNCHECKED, 15_000_000)]
    for day, kind in ((date(2024, 6, 30), Class.REPRODUCED), (date(2024, 7, 1), Class.UNCHECKED)):
        assert audited([row("150000.00", day="2024年6月")], one, on=day).verdicts[0].kind is kind


def yearly(amount: str, year: str, day: str | None, **settings: Any) -> Audit:
    facts = {"kind": "enterprise", "approved_post_subsidy": {"2023": "100元", "2024": "200元"}}
    own = row(amount, "", policy="已核定的企业研发费用后补助", day=day)
    listed = paid([*HEAD, "年度"], [*own, year])
    return audit(listed, firms(firm(applicant=facts)), rulebook().rules, Settings(**settings))


def test_the_year_of_a_row_and_its_date_have_to_agree_where_the_year_decides() -> None:
    assert classes(yearly("200.00", "2024", "2024-06-01")) == [(Class.REPRODUCED, 0)]
    assert classes(yearly("100.00", "2023", "2024-06-01")) == [(Class.UNCHECKED, 10_000)]


def test_a_year_alone_is_no_day_and_no_other_years_day_is_taken() -> None:
    last = date(2024, 12, 31)
    assert classes(yearly("200.00", "2024", None)) == [(Class.UNCHECKED, 20_000)]
    assert classes(yearly("200.00", "2024", None, on=last)) == [(Class.REPRODUCED, 0)]
    assert yearly("100.00", "2023", None, on=last).verdicts[0].kind is Class.UNCHECKED


def test_a_year_that_decides_nothing_may_differ() -> None:
    listed = paid([*HEAD, "年度"], [*row("150000.00"), "2023"])
    result = audit(listed, firms(firm(contract("1"))), rulebook().rules, Settings())
    assert classes(result) == [(Class.REPRODUCED, 0)]


def test_a_profile_with_faults_spoils_its_own_rows_only() -> None:
    bad = firm(contract("1"), code=OTHER, name="另一中心", applicant={"region": "六四"})
    rows = [row("150000.00"), row("150000.00", code=OTHER, name="另一中心")]
    result = audited(rows, firm(contract("1")), bad)
    assert [each.kind for each in result.verdicts] == [Class.REPRODUCED, Class.UNCHECKED]
    assert result.verdicts[1].findings[0].code == "E321"


def test_a_negative_amount_is_never_judged() -> None:
    result = audited([row("-150000.00")], firm(contract("1")))
    assert [each.kind for each in result.verdicts] == [Class.UNCHECKED]
    assert checks(result) == [(Check.NOT_POSITIVE, (2,))]


def deals(*paid_amounts: str) -> Any:
    facts = [
        {
            "registration_no": str(at), "applicant_role": "buyer", "mode": "transfer",
            "paid_amount": amount, "result_subsidised": False,
        }
        for at, amount in enumerate(paid_amounts, start=1)
    ]  # fmt: skip
    return firm(*facts, applicant={"kind": "enterprise", "region": "640200"})


def test_a_yearly_cap_holds_over_the_rows_of_a_year() -> None:
    firm_ = deals("1000万元", "1000万元")
    rows = [row("3000000.00", each, policy=BUYER) for each in ("1", "2")]
    result = audited(rows, firm_)
    assert [each.kind for each in result.verdicts] == [Class.WITHIN_CEILING] * 2
    assert [(each.check, each.rows, each.stake) for each in result.remarks] == [
        (Check.OVER_CAP, (2, 3), 100_000_000)
    ]


def test_a_yearly_cap_does_not_join_two_years() -> None:
    rows = [
        row("3000000.00", "1", policy=BUYER, day="2023-06-01"),
        row("3000000.00", "2", policy=BUYER, day="2024-06-01"),
    ]
    assert audited(rows, deals("1000万元", "1000万元")).is_clean


def test_money_returned_counts_toward_the_cap() -> None:
    rows = [
        row("3000000.00", "1", policy=BUYER),
        row("3000000.00", "2", policy=BUYER),
        row("-1000000.00", "2", policy=BUYER, day="2024-07-01"),
    ]
    found = [each.check for each in audited(rows, deals("1000万元", "1000万元")).remarks]
    assert found == [Check.NOT_POSITIVE]


CAPPED = """
[[incentive.total]]
cap = 'together'
"""


@pytest.mark.parametrize(("second", "found"), [("2024-06-01", 1), ("2024-07-01", 0)])
def test_a_cap_without_a_time_holds_within_one_day(second: str, found: int) -> None:
    text = (
        entry("award", each='"contract"')
        + '[incentive.parameters]\ntogether = "150元"\n'
        + '[incentive.amount]\nfixed = "100元"\n'
        + CAPPED
    )
    facts = {"applicant": FIRM, "contract": [{"no": "1"}, {"no": "2"}]}
    known = firms(Firm(CODE, "示例中心", facts, "a.toml"))
    rows = [row("100.00", "1", policy="奖励"), row("100.00", "2", policy="奖励", day=second)]
    result = audit(paid(HEAD, *rows), known, book(text).rules, Settings())
    assert [each.check for each in result.remarks] == [Check.OVER_CAP] * found


def test_a_cap_is_not_counted_where_a_row_is_blamed_already() -> None:
    result = audited([row("6000000.00", "1", policy=BUYER)], deals("1000万元"))
    assert classes(result) == [(Class.ABOVE_CEILING, 300_000_000)]
    assert result.remarks == ()


def test_the_order_of_firms_changes_nothing() -> None:
    rows = [row("150000.00"), row("80000.00", code=OTHER, name="另一中心")]
    each = [firm(contract("1")), firm(contract("1"), code=OTHER, name="另一中心")]

    def result(order: list[Any]) -> Any:
        listed = paid(HEAD, *rows)
        done = audit(listed, firms(*order), rulebook().rules, Settings())
        return [(one.kind, one.who, one.judgement) for one in done.verdicts], done.remarks

    assert result(each) == result(each[::-1])


def test_differences_are_sorted_by_what_is_at_stake() -> None:
    rows = [row("150000.01"), row("170000.00", "2"), row("150000.00", "3")]
    facts = [contract(str(at)) for at in (1, 2, 3)]
    result = audited(rows, firm(*facts, code=CODE))
    assert [each.judgement.stake for each in result.differences] == [2_000_000, 1]
    assert sum(each.stake for each in result.summaries) == 2_000_001


PARTS = """
[[incentive.instalment]]
share = "60%"
from  = 2024-01-01
[[incentive.instalment]]
share = "40%"
from  = 2025-01-01
"""


@pytest.mark.parametrize(
    ("amount", "kind"),
    [("60.00", Class.REPRODUCED), ("100.00", Class.REPRODUCED), ("59.99", Class.UNDERPAID)],
)
def test_an_award_paid_in_parts_is_right_from_what_is_due_by_the_day(
    amount: str, kind: Class
) -> None:
    rules = book(entry("award") + '[incentive.amount]\nfixed = "100元"\n' + PARTS).rules
    known = firms(Firm(CODE, "甲", {"applicant": FIRM}, "a.toml"))
    result = audit(paid(HEAD, row(amount, "", policy="奖励")), known, rules, Settings())
    assert [each.kind for each in result.verdicts] == [kind]
