"""A list as it was filed: payments, printed totals, and rows set aside; nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.audit.lists import AWARD, CODE, HEAD, paid, row, sheet

from incentives.audit.faults import AuditError
from incentives.audit.paid import paid_from


def test_a_row_becomes_a_payment() -> None:
    (payment,) = paid(HEAD, row("150000.00")).payments
    assert (payment.row, payment.name, payment.code) == (2, "示例中心", CODE)
    assert (payment.policy, payment.item, payment.amount) == (AWARD, "1", 15_000_000)
    assert payment.on == date(2024, 6, 1)
    assert payment.findings == ()
    assert payment.amount_place == "paid.csv!E2"


def test_payments_totals_and_rows_set_aside_are_all_rows() -> None:
    listed = paid(
        ["兑现清单"],
        HEAD,
        ["一、技术合同奖励"],
        row("1"),
        [],
        row("2"),
        ["小计", None, None, None, "3"],
        ["二、其他"],
        row("4"),
        ["小 计：1笔", None, None, None, "4"],
        ["合计", None, None, None, "7"],
        ["制表人：甲", None, "审核人：乙"],
    )
    assert [payment.row for payment in listed.payments] == [4, 6, 9]
    assert [(each.row, each.covers) for each in listed.printed] == [
        (7, (4, 6)), (10, (9,)), (11, (4, 6, 9)),
    ]  # fmt: skip
    assert listed.printed[1].count == 1
    assert listed.set_aside == ("A3", "A8", "A12")


def test_totals_of_one_level_and_a_whole_one() -> None:
    sums = ["合计", None, None, None, "1"]
    listed = paid(HEAD, row("1"), sums, row("1"), sums, sums)
    assert [each.covers for each in listed.printed] == [(2,), (4,), (2, 4)]


def test_a_total_above_the_rows_is_of_all() -> None:
    listed = paid(HEAD, ["合计（2家）", None, None, None, "3"], row("1"), row("2"))
    (printed,) = listed.printed
    assert (printed.covers, printed.count, printed.counts_firms) == ((3, 4), 2, True)


def test_a_total_may_stand_in_the_firms_column() -> None:
    head = ["序号", *HEAD]
    listed = paid(head, ["1", *row("1")], ["", "合计", None, None, None, "1"])
    assert [each.row for each in listed.printed] == [3]


@pytest.mark.parametrize(
    "word", ["小计（技术合同）", "本页小计", "技术合同奖励小计：", "总 计（大写）"]
)
def test_a_total_may_have_a_name(word: str) -> None:
    listed = paid(HEAD, row("1"), [word, None, None, None, "1"])
    assert [(each.row, each.covers) for each in listed.printed] == [(3, (2,))]
    assert listed.printed[0].label == "".join(word.split()).rstrip("：")


@pytest.mark.parametrize("word", ["其中：技术合同小计", "某合计公司", "小计（3笔以外）"])
def test_what_is_not_plainly_a_total_stays_a_payment(word: str) -> None:
    listed = paid(HEAD, row("1"), [word, None, None, None, "1"])
    assert [each.row for each in listed.payments] == [2, 3]


def test_a_firm_with_a_code_is_no_total() -> None:
    listed = paid(HEAD, row("1", name="石嘴山总计"))
    assert [each.name for each in listed.payments] == ["石嘴山总计"]


def test_a_heading_once_more_and_a_foot_below_the_amounts_are_no_payments() -> None:
    listed = paid(HEAD, row("1"), HEAD, row("2"), ["制表人：", None, None, None, "审核人："])
    assert [each.row for each in listed.payments] == [2, 4]
    assert listed.set_aside == ("A3", "A5")


def test_a_name_merged_downward_is_read_in_each_row() -> None:
    listed = paid(
        HEAD, row("1", "1"), [None, None, AWARD, "2", "2", "2024-06-01"],
        merged=[(2, 1, 3, 1), (2, 2, 3, 2)],
    )  # fmt: skip
    assert [(each.name, each.code) for each in listed.payments] == [("示例中心", CODE)] * 2


def test_an_amount_merged_downward_is_paid_once_only() -> None:
    listed = paid(HEAD, row("1", "1"), row(None, "2"), merged=[(2, 5, 3, 5)])
    first, second = listed.payments
    assert first.amount == 100
    assert (second.amount, second.findings[0].code) == (None, "E628")


def test_what_cannot_be_read_stays_with_its_row() -> None:
    listed = paid(
        HEAD,
        row("约20万", code="9.11E+17", day="45444"),
        row("2"),
    )
    first, second = listed.payments
    assert [item.code for item in first.findings] == ["E628", "E626", "E627"]
    assert [item.fact for item in first.findings] == ["paid.csv!E2", "paid.csv!B2", "paid.csv!F2"]
    assert second.findings == ()


def test_a_column_without_a_unit_is_refused_once() -> None:
    head = [name.replace("（元）", "") for name in HEAD]
    with pytest.raises(AuditError) as found:
        paid(head, row("1"), row("2"))
    assert [item.code for item in found.value.findings] == ["E624"]
    assert paid_from(sheet(head, row("1")), {}, "万元").payments[0].amount == 1_000_000
    assert paid(head, row("1万元")).payments[0].amount == 1_000_000


def test_the_day_of_the_decision_goes_before_the_day_of_payment() -> None:
    listed = paid([*HEAD, "认定日期"], [*row("1"), "2024-05-01"])
    assert listed.payments[0].on == date(2024, 5, 1)
    assert listed.date_field == "decided_on"


def test_shares_are_read_by_payer() -> None:
    listed = paid([*HEAD, "自治区财政承担（元）", "市级财政承担（元）"], [*row("10"), "7", "3"])
    assert listed.payments[0].shares == (("province", 700), ("city", 300))
