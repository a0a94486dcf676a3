"""The heading of a list: recognised by its words, declared, or refused with its cells."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.audit.lists import HEAD, row, sheet

from incentives.audit.columns import find_columns
from incentives.audit.faults import AuditError
from incentives.audit.fields import HEADINGS, Field, field_of, heading, payer_of


def refused(*rows: list[Any], declared: dict[str, str] | None = None) -> str:
    with pytest.raises(AuditError) as found:
        find_columns(sheet(*rows), declared or {})
    first = found.value.findings[0]
    return f"{first.code} {first.fact} {first.message} {first.help}"


def test_headings_are_recognised_whatever_spaces_and_brackets_they_have() -> None:
    columns = find_columns(
        sheet(["序号", "企业 名称", "统一社会\n信用代码", "兑现金额(万元)", "经办人"], ["1"]), {}
    )
    assert {name: column.index for name, column in columns.fields.items()} == {
        Field.NAME: 1, Field.CODE: 2, Field.AMOUNT: 3,
    }  # fmt: skip
    assert columns.fields[Field.AMOUNT].unit == "万元"
    assert [column.text for column in columns.unused] == ["经办人"]


def test_english_headings_are_recognised() -> None:
    columns = find_columns(sheet(["Firm", "Credit code", "Amount paid (元)", "Date"], ["x"]), {})
    assert set(columns.fields) == {Field.NAME, Field.CODE, Field.AMOUNT, Field.PAID_ON}


def test_a_title_above_gives_the_unit() -> None:
    title = ["2024年兑现清单"]
    columns = find_columns(sheet(title, ["单位：万元"], [], ["企业名称", "兑现金额"]), {})
    assert (columns.after, columns.unit) == (4, "万元")


def test_a_unit_in_one_heading_is_no_other_headings_unit() -> None:
    head = ["企业名称", "兑现金额", "市级承担（单位：万元）"]
    columns = find_columns(sheet(head, ["甲", "1", "1"]), {})
    assert (columns.unit, columns.fields[Field.AMOUNT].unit) == (None, None)
    assert columns.payers["city"].unit == "万元"


def test_two_units_in_the_title_are_none() -> None:
    columns = find_columns(sheet(["单位：万元", "单位：元"], ["企业名称", "兑现金额"]), {})
    assert columns.unit is None


def test_a_heading_of_two_rows_is_read_together() -> None:
    columns = find_columns(
        sheet(
            ["企业名称", "信用代码", "兑现金额（万元）", "各级财政承担（元）", None],
            [None, None, "合计", "自治区", "市级"],
            ["甲", "", "1", "1", "1"],
        ),
        {},
    )
    assert columns.after == 2
    assert {payer: column.index for payer, column in columns.payers.items()} == {
        "province": 3, "city": 4,
    }  # fmt: skip
    assert columns.payers["city"].unit == "元"


def test_two_columns_for_one_thing_are_refused_with_both_cells() -> None:
    text = refused(["企业名称", "兑现金额", "拨付金额"], ["甲", "1", "2"])
    assert text.startswith("E621 paid.csv!C1 B1 `兑现金额` and C1 `拨付金额`")
    assert '--map "C=amount"' in text


@pytest.mark.parametrize("said", ["C", "拨付金额"])
def test_a_declaration_settles_it(said: str) -> None:
    rows = sheet(["企业名称", "兑现金额", "拨付金额"], ["甲", "1", "2"])
    columns = find_columns(rows, {said: "amount"})
    assert columns.fields[Field.AMOUNT].index == 2
    assert [column.text for column in columns.unused] == ["兑现金额"]


def test_an_unknown_heading_is_never_guessed() -> None:
    text = refused(["企业名称", "核定数"], ["甲", "1"])
    assert text.startswith("E620")
    assert "核定数" in text
    rows = sheet(["企业名称", "核定数"], ["甲", "1"])
    assert find_columns(rows, {"核定数": "兑现金额"}).fields[Field.AMOUNT].index == 1


def test_a_declaration_that_fits_nothing_is_refused() -> None:
    assert refused(HEAD, row("1"), declared={"Z": "remark"}).startswith("E625")
    assert refused(HEAD, row("1"), declared={"实付": "amount"}).startswith("E625")


@pytest.mark.parametrize("text", ["合同金额", "申报金额", "核定金额", "应付金额", "企业"])
def test_near_misses_are_no_headings(text: str) -> None:
    assert heading(text).text not in HEADINGS


@pytest.mark.parametrize(
    ("text", "above", "payer"),
    [
        ("自治区财政承担", "", "province"),
        ("市级配套", "", "city"),
        ("县(区)承担", "", "county"),
        ("市县承担", "", "local"),
        ("中央资金", "", "country"),
        ("市级", "各级财政承担", "city"),
        ("市级", "", None),
        ("市级名称", "各级财政承担", None),
        ("市场主体", "", None),
    ],
)
def test_a_payer_is_named_whole(text: str, above: str, payer: str | None) -> None:
    assert payer_of(text, above) == payer


def test_fields_are_declared_by_word_or_heading() -> None:
    assert field_of("amount") == "amount"
    assert field_of("拨付金额") == "amount"
    assert field_of("payer:市级") == "payer:city"
    assert field_of("nothing") is None
