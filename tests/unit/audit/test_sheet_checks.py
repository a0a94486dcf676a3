"""The list itself: sums, counts, names and codes, payers' shares, units."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.audit.lists import CODE, HEAD, OTHER, audited, contract, firm, firms, row, rulebook
from tests.unit.audit.lists import paid as listed
from tests.unit.audit.test_recompute import checks

from incentives.audit.claims import Settings
from incentives.audit.report import Audit, audit
from incentives.audit.sheet_checks import Check

CONTRACTS = tuple(contract(str(at)) for at in (1, 2, 3))
TOTAL = ["合计", None, None, None]


@pytest.mark.parametrize(
    ("total", "found"),
    [("300000.00", []), ("300000.01", [(Check.TOTAL, (4,))]), ("30万元", [])],
)
def test_a_printed_total_is_the_sum_of_its_rows(total: str, found: Any) -> None:
    rows = [row("150000.00", "1"), row("150000.00", "2"), [*TOTAL, total]]
    assert checks(audited(rows, firm(*CONTRACTS[:2]))) == found


def test_a_total_over_a_row_that_cannot_be_read_is_not_judged() -> None:
    rows = [row("150000.00", "1"), row("约15万", "2"), [*TOTAL, "300000.00"]]
    assert checks(audited(rows, firm(*CONTRACTS[:2]))) == []


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("合计（2笔）", []),
        ("合计（1家）", []),
        ("合计（3笔）", [(Check.COUNT, (4,))]),
        ("合计：2家企业", [(Check.COUNT, (4,))]),
    ],
)
def test_a_printed_count_is_right(word: str, found: Any) -> None:
    rows = [row("150000.00", "1"), row("150000.00", "2"), [word, None, None, None, "30万元"]]
    assert checks(audited(rows, firm(*CONTRACTS[:2]))) == found


@pytest.mark.parametrize(("count", "found"), [(1, []), (2, []), (3, [(Check.COUNT, (4,))])])
def test_a_row_without_a_code_may_be_of_a_firm_counted_already(count: int, found: Any) -> None:
    rows = [row("150000.00", "1"), row("150000.00", "2", code="9.11E+17"), [f"合计（{count}家）"]]
    assert checks(audited(rows, firm(*CONTRACTS[:2]))) == found


def test_one_code_under_two_names() -> None:
    result = audited([row("150000.00", name="示例中心（旧名）")], firm(CONTRACTS[0]))
    assert checks(result) == [(Check.TWO_NAMES, (2,))]


def test_one_name_with_two_codes() -> None:
    rows = [row("150000.00", "1"), row("150000.00", "2", code=OTHER)]
    result = audited(rows, firm(CONTRACTS[0]), firm(CONTRACTS[1], code=OTHER))
    assert checks(result) == [(Check.TWO_CODES, (3,))]


def test_one_contract_paid_to_two_firms() -> None:
    rows = [row("150000.00"), row("150000.00", code=OTHER, name="另一中心")]
    result = audited(rows, firm(CONTRACTS[0]), firm(CONTRACTS[0], code=OTHER, name="另一中心"))
    assert checks(result) == [(Check.SHARED_ITEM, (2, 3))]
    assert result.remarks[0].says.zh == "编号1的款项由示例中心、另一中心分别领取"


def test_firms_that_share_an_item_are_named_once_and_told_apart() -> None:
    rows = [row("1.00"), row("2.00"), row("3.00", code=OTHER)]
    result = audited(rows, firm(CONTRACTS[0]), firm(CONTRACTS[0], code=OTHER))
    (shared,) = (each for each in result.remarks if each.check is Check.SHARED_ITEM)
    assert shared.says.zh == f"编号1的款项由示例中心（{CODE}）、示例中心（{OTHER}）分别领取"


@pytest.mark.parametrize("amount", ["1500000000.00", "15.00"])
def test_ten_thousand_times_off(amount: str) -> None:
    result = audited([row(amount)], firm(CONTRACTS[0]))
    assert checks(result) == [(Check.UNIT_MIXUP, (2,))]


def test_two_rows_alike_are_duplicates_though_nothing_is_known_of_the_firm() -> None:
    rows = [row("150000.00"), row("150000.00")]
    assert checks(audited(rows)) == [(Check.DUPLICATE, (2, 3))]
    assert checks(audited([row("150000.00"), row("150000.00", "2")])) == []


def split(region: str, city: str, *, local: str = "市级财政承担（元）") -> Audit:
    head = [*HEAD, "自治区财政承担（元）", local]
    facts = {"kind": "enterprise", "approved_post_subsidy": {"2024": "100.01元"}}
    paid = listed(head, [*row("100.01", "", policy="已核定的企业研发费用后补助"), region, city])
    return audit(paid, firms(firm(applicant=facts)), rulebook().rules, Settings())


def test_the_payers_shares_add_up_to_the_amount_and_to_the_split() -> None:
    assert split("70.01", "30.00").is_clean
    assert split("70.01", "30.00", local="市县承担（元）").is_clean
    assert checks(split("70.01", "30.01")) == [(Check.SHARES_SUM, (2,))]
    assert checks(split("70.00", "30.01")) == [(Check.SHARES_SPLIT, (2,))]


def test_a_list_may_show_what_one_payer_bears() -> None:
    head = [*HEAD, "市级财政承担（元）"]
    facts = {"kind": "enterprise", "approved_post_subsidy": {"2024": "100.01元"}}
    for city, found in (("30.00", []), ("30.01", [(Check.SHARES_SPLIT, (2,))])):
        own = row("100.01", "", policy="已核定的企业研发费用后补助")
        paid = listed(head, [*own, city])
        result = audit(paid, firms(firm(applicant=facts)), rulebook().rules, Settings())
        assert checks(result) == found


def test_shares_of_a_firm_whose_facts_have_faults_are_let_be() -> None:
    head = [*HEAD, "自治区财政承担（元）", "市级财政承担（元）"]
    paid = listed(head, [*row("5.00"), "3", "2"])
    bad = firm(CONTRACTS[0], applicant={"region": "六"})
    assert checks(audit(paid, firms(bad), rulebook().rules, Settings())) == []


def test_a_column_of_shares_has_its_own_total() -> None:
    head = [*HEAD, "市级财政承担（元）"]
    paid = listed(head, [*row("5", "1"), "5"], [*TOTAL, "5", None, "6"])
    result = audit(paid, firms(), rulebook().rules, Settings())
    assert checks(result) == [(Check.TOTAL, (3,))]
    assert "市级承担" in result.remarks[0].says.zh


def test_a_remark_names_its_cell() -> None:
    result = audited([row("150000.00"), [*TOTAL, "1.00"]], firm(CONTRACTS[0]))
    assert result.remarks[0].place == "paid.csv!E3"
    assert result.remarks[0].stake == 14_999_900
