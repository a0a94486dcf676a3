"""Attacks and accidents in lists of payments, each row of the threat list tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.audit.lists import CODE, HEAD, OTHER, audited, contract, firm, row, rulebook

from incentives.audit.claims import Settings
from incentives.audit.classes import Class
from incentives.audit.faults import AuditError
from incentives.audit.firms import read_firms
from incentives.audit.paid import read_paid
from incentives.audit.report import audit
from incentives.audit.sheet_checks import Check
from incentives.diagnostics import TableError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("code", ["9.11101E+17", "911101000000000000", "91640200MA00000010"])
def test_threat_26_a_broken_code_finds_no_firm_and_names_its_cell(code: str) -> None:
    result = audited([row("150000.00", code=code)], firm(contract("1")))
    verdict = result.verdicts[0]
    assert verdict.kind is Class.UNCHECKED
    assert verdict.firm is None  # not even by its name
    assert verdict.findings[0].code == "E626"
    assert verdict.findings[0].fact == "paid.csv!B2"


def test_threat_26_a_code_stored_as_a_number_is_refused_though_all_digits_show(
    tmp_path: Path,
) -> None:
    import xlsxwriter

    path = tmp_path / "paid.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(
        1, 0, ["示例中心", 911640200000000001, "技术合同奖励", "1", 150000, "2024-06-01"]
    )
    book.close()
    (payment,) = read_paid(path).payments
    assert payment.code is None
    assert [(item.code, item.fact) for item in payment.findings] == [("E626", f"{path}!Sheet1!B2")]


def test_threat_27_one_firm_under_two_names_shares_one_cap() -> None:
    facts = [
        {
            "registration_no": str(at), "applicant_role": "buyer", "mode": "transfer",
            "paid_amount": "1000万元", "result_subsidised": False,
        }
        for at in (1, 2)
    ]  # fmt: skip
    one = firm(*facts, applicant={"kind": "enterprise"}, name="示例公司")
    names = ("示例公司", "示例公司（旧名）")
    rows = [
        row("3000000.00", str(at), policy="技术受让方补助", name=name)
        for at, name in enumerate(names, start=1)
    ]
    found = {each.check: each for each in audited(rows, one).remarks}
    assert found[Check.TWO_NAMES].rows == (3,)
    assert found[Check.OVER_CAP].stake == 100_000_000


def test_threat_27_an_unsaid_past_is_unknown_and_grants_nothing() -> None:
    facts = {"kind": "university_transfer_body", "city_agreement": True, "landed": True}
    rows = [row("200000.00", "", policy="高校科技资源转移转化机构启动费用")]
    (verdict,) = audited(rows, firm(applicant=facts)).verdicts
    assert (verdict.kind, verdict.missing) == (Class.UNCHECKED, ("received",))


def test_threat_28_contracts_split_under_a_cap_are_each_judged_and_listed() -> None:
    """Splitting cannot be told from several contracts; what was paid for each is shown."""
    parts = [contract(str(at), "200万元") for at in (1, 2, 3)]
    result = audited([row("200000.00", str(at)) for at in (1, 2, 3)], firm(*parts))
    assert [each.judgement.why.zh for each in result.verdicts] == ["应付200,000.00元"] * 3


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("企业名称,兑现金额（元）\n甲,1\n乙,2,3\n", "E506", "row 3"),
        ("企业名称,兑现金额（元）\n甲\x00,1\n", "E505", "line 2"),
    ],
)
def test_threat_35_ragged_rows_and_null_bytes_are_refused_with_their_place(
    tmp_path: Path, text: str, code: str, place: str
) -> None:
    path = tmp_path / "paid.csv"
    path.write_bytes(text.encode())
    with pytest.raises(TableError) as found:
        read_paid(path)
    assert found.value.findings[0].code == code
    assert place in found.value.findings[0].message


def test_threat_35_two_columns_of_one_heading_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "paid.csv"
    path.write_text("企业名称,兑现金额（元）,兑现金额（元）\n甲,1,2\n", "utf-8")
    with pytest.raises(AuditError) as found:
        read_paid(path)
    assert [(item.code, item.fact) for item in found.value.findings] == [("E621", f"{path}!C1")]


def test_threat_35_a_name_with_a_line_break_stays_one_row(tmp_path: Path) -> None:
    path = tmp_path / "paid.csv"
    path.write_text('企业名称,兑现金额（元）\n"甲\n公司",1\n乙,2\n', "utf-8")
    assert [(each.row, each.amount) for each in read_paid(path).payments] == [(2, 100), (3, 200)]


def test_threat_34_a_list_in_gbk_is_read_or_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "paid.csv"
    path.write_bytes("企业名称,兑现金额（元）\n示例中心,150000.00\n".encode("gbk"))
    assert read_paid(path, encoding="gb18030").payments[0].name == "示例中心"


def test_threat_36_one_bad_row_loses_no_other() -> None:
    good = [row("150000.00", str(at)) for at in range(1, 6)]
    bad: list[list[Any]] = [
        row("#REF!"), row(None), row("1", code="x"), row("1", day="昨天"), row("1", policy="无此项"),
        row("1", code=OTHER), row("1万5"), row("1" * 40),
    ]  # fmt: skip
    firms = firm(*(contract(str(at)) for at in range(1, 6)))
    result = audited([*good[:2], *bad, *good[2:]], firms)
    kinds = [each.kind for each in result.verdicts]
    assert len(kinds) == 13
    assert kinds[:2] + kinds[10:] == [Class.REPRODUCED] * 5
    assert set(kinds[2:10]) == {Class.UNCHECKED}
    assert all(each.judgement.why.zh for each in result.verdicts)


def test_threat_33_names_from_outside_never_become_markup_or_formulas() -> None:
    name = "=HYPERLINK(1)<img onerror=x>"
    result = audited([row("150000.00", name=name)], firm(contract("1")))
    assert result.verdicts[0].who == name  # text it stays; writers escape it


def test_a_messy_sheet_is_read_correctly(tmp_path: Path) -> None:
    """Merged headings, blank rows, subtotals between rows, 万元 in cells, GBK profiles."""
    import xlsxwriter

    path = tmp_path / "paid.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("兑现")
    bold = book.add_format({"bold": True})
    page.merge_range("A1:G1", "2024年科技政策兑现清单", bold)
    page.write("A2", "单位：万元")
    for column, text in enumerate(["序号", "企业名称", "统一社会信用代码", "政策项目", "合同编号"]):
        page.merge_range(2, column, 3, column, text, bold)
    page.merge_range("F3:G3", "各级财政承担", bold)
    page.write_row("F4", ["自治区", "市级"])
    page.merge_range("H3:H4", "兑现金额", bold)
    page.merge_range("I3:I4", "认定日期", bold)
    page.merge_range("B5:B7", "示例中心")
    page.merge_range("C5:C7", CODE)
    page.merge_range("D5:D7", "技术合同奖励")
    for line, (item, amount) in enumerate([("1", 15), ("2", "8万元"), ("3", "200,000.00元")], 4):
        page.write(line, 0, line - 3)
        page.write(line, 4, item)
        page.write(line, 7, amount)
        page.write(line, 8, "2024-06-01")
    page.write("A9", "小计（3笔）")
    page.write("H9", 43)
    page.write("A11", "制表人：")
    book.close()
    profiles = tmp_path / "firms.csv"
    profiles.write_bytes(
        f"信用代码,名称,主体类型,注册地\n{CODE},示例中心,技术转移中心,640200\n".encode("gbk")
    )
    items = tmp_path / "contracts.csv"
    lines = [
        f"{CODE},{at},{amount},是,高等学校,企业"
        for at, amount in enumerate((150, 80, 260), start=1)
    ]
    head = "信用代码,合同登记编号,实际履行金额（万元）,由申报主体促成,技术提供方类型,技术受让方类型"
    items.write_bytes("\n".join([head, *lines]).encode("gbk"))

    paths = [str(profiles), f"contract={items}"]
    firms = read_firms(paths, rulebook().vocabulary, encoding="gb18030")
    result = audit(read_paid(path), firms, rulebook().rules, Settings())

    assert [each.kind for each in result.verdicts] == [Class.REPRODUCED] * 3
    assert result.is_clean
