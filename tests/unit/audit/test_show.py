"""What an audit prints: what could not be read is said, never shown as nought."""

from __future__ import annotations

from tests.unit.audit.lists import HEAD, audited, contract, firm, firms, row, rulebook
from tests.unit.audit.lists import paid as listed

from incentives.audit.claims import Settings
from incentives.audit.report import audit
from incentives.audit.show import explain_audit
from incentives.explain.text import render_text

FIRM = firm(contract("1"), contract("2"))


def test_an_amount_that_cannot_be_read_is_not_nought() -> None:
    result = audited([row("150000.00"), row("约15万", "2")], FIRM)
    zh = render_text(explain_audit(result), "zh")
    en = render_text(explain_audit(result), "en")
    assert "2笔支付，共150,000.00元（其中1笔金额无法读取，未计入）" in zh
    assert "(1 with an unreadable amount" in en
    assert "涉及0.00元" not in zh.partition("差异（")[2]
    assert "已付0.00元" not in zh.partition("差异（")[2]


def test_what_is_left_of_a_claim_is_not_contradicted() -> None:
    result = audited([row("150000.00"), row("150000.00", day="2024-07-01")], FIRM)
    zh = render_text(explain_audit(result), "zh")
    assert "应付150,000.00元，此前已付150,000.00元，尚余0.00元" in zh
    assert "已付150,000.00元，应付150,000.00元\n" not in zh


def test_a_row_that_names_nobody_says_so_and_one_is_not_many() -> None:
    result = audited([row("1.00", name=None, code=None)], FIRM)
    assert "第2行 未写明单位 · " in render_text(explain_audit(result), "zh")
    en = render_text(explain_audit(result), "en")
    assert "row 2 no firm named · " in en
    assert "1 payment, " in en


def test_the_day_for_what_is_unpaid_is_said_as_it_was_chosen() -> None:
    paid = listed(HEAD, row("150000.00"), row("150000.00", day="2027-06-01"))
    result = audit(paid, firms(FIRM), rulebook().rules, Settings())
    (day,) = (each.zh for each in result.assumptions if "应付未付" in each.zh)
    assert "该项在执行期内最后的日期2024-06-01" in day
