"""Profiles behind a list: from files and tables, by credit code, each fact with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.audit.lists import CODE, OTHER, contract, firm, rulebook

from incentives.audit.faults import AuditError
from incentives.audit.firms import gather, read_firms
from incentives.diagnostics import ProfileError, TableError

if TYPE_CHECKING:
    from pathlib import Path

TOML = f"""\
[applicant]
kind = "technology_transfer_center"
name = "示例中心"
uscc = "{CODE}"
region = "640200"
revenue = {{ 2023 = "3200万元" }}
[[contract]]
registration_no = "1"
performed_amount = "150万元"
brokered_by_applicant = true
provider_kind = "university"
buyer_kind = "enterprise"
"""
FIRMS = f"""\
统一社会信用代码,名称,主体类型,applicant.region,营业收入（万元）.2023
{CODE},示例中心,技术转移中心,640200,3200
"""
CONTRACTS = f"""\
信用代码,合同登记编号,实际履行金额（万元）,由申报主体促成,contract.provider_kind,技术受让方类型
{CODE},1,150,是,university,企业
"""


def tables(place: Path, *, people: str = FIRMS, items: str = CONTRACTS) -> list[str]:
    (place / "firms.csv").write_text(people, "utf-8")
    (place / "contracts.csv").write_text(items, "utf-8")
    return [str(place / "firms.csv"), f"contract={place / 'contracts.csv'}"]


def read(paths: list[str], **more: Any) -> Any:
    return read_firms(paths, rulebook().vocabulary, **more)


def refused(paths: list[str], **more: Any) -> str:
    with pytest.raises(AuditError) as found:
        read(paths, **more)
    first = found.value.findings[0]
    return f"{first.code} {first.fact} {first.message}"


def test_a_row_says_what_the_profile_with_the_same_facts_says(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(TOML, "utf-8")
    vocabulary = rulebook().vocabulary
    file = read([str(tmp_path / "one.toml")]).by_code[CODE].profile(vocabulary)
    table = read(tables(tmp_path)).by_code[CODE].profile(vocabulary)
    assert dict(file.known()) == dict(table.known())


def test_a_workbook_holds_firms_and_items_by_the_names_of_its_sheets(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "firms.xlsx"
    book = xlsxwriter.Workbook(path)
    for name, text in (("申报单位", FIRMS), ("技术合同", CONTRACTS)):
        page = book.add_worksheet(name)
        for at, line in enumerate(text.splitlines()):
            page.write_row(at, 0, line.split(","))
    book.close()
    vocabulary = rulebook().vocabulary
    table = read(tables(tmp_path)).by_code[CODE].profile(vocabulary)
    found = read([str(path)]).by_code[CODE]
    assert dict(found.profile(vocabulary).known()) == dict(table.known())
    assert found.place_of(("contract", 0, "performed_amount")) == f"{path}!技术合同!C2"


def test_each_fact_has_its_place(tmp_path: Path) -> None:
    found = read(tables(tmp_path)).by_code[CODE]
    assert found.place_of(("applicant", "region")) == f"{tmp_path}/firms.csv!D2"
    assert found.place_of(("applicant", "revenue", "2023")) == f"{tmp_path}/firms.csv!E2"
    (tmp_path / "one.toml").write_text(TOML, "utf-8")
    found = read([str(tmp_path / "one.toml")]).by_code[CODE]
    assert found.place_of(("contract", 0, "performed_amount")) == f"{tmp_path}/one.toml:9"


def test_a_directory_holds_profiles(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(TOML, "utf-8")
    (tmp_path / "two.json").write_text(
        f'{{"applicant": {{"name": "另一中心", "uscc": "{OTHER}"}}}}', "utf-8"
    )
    (tmp_path / "notes.md").write_text("x", "utf-8")
    assert set(read([str(tmp_path)]).by_code) == {CODE, OTHER}


def test_two_profiles_of_one_code_are_refused(tmp_path: Path) -> None:
    text = FIRMS + FIRMS.splitlines()[1] + "\n"
    found = refused(tables(tmp_path, people=text))
    assert found.startswith("E631")
    assert "firms.csv!A2" in found
    assert "firms.csv!A3" in found


def test_a_firm_without_code_is_found_by_name_only_by_a_row_without_one() -> None:
    nameless = firm(contract("1"), code=None)
    known = gather([nameless])
    assert known.find(None, "示例中心") is nameless
    assert known.find(CODE, "示例中心") is None
    assert gather([firm(), firm(code=OTHER)]).find(None, "示例中心") is None
    with pytest.raises(AuditError):
        gather([nameless, firm(code=None)])


@pytest.mark.parametrize(
    ("people", "code"),
    [
        (FIRMS.replace("营业收入（万元）.2023", "去年收入"), "E632"),
        (FIRMS.replace("营业收入（万元）.2023", "营业收入（万元）"), "E632"),
        (FIRMS.replace("统一社会信用代码", "税号"), "E632"),
        (FIRMS.replace("applicant.region", "主体类型"), "E632"),
        (FIRMS.replace("名称", "信用代码"), "E632"),
    ],
)
def test_a_column_that_means_nothing_is_refused(tmp_path: Path, people: str, code: str) -> None:
    assert refused(tables(tmp_path, people=people)).startswith(code)


def test_extra_columns_may_be_passed_over(tmp_path: Path) -> None:
    people = FIRMS.replace("名称", "经办人", 1)
    assert CODE in read(tables(tmp_path, people=people), allow_extra=True).by_code


def test_an_item_of_no_firm_is_refused(tmp_path: Path) -> None:
    text = CONTRACTS + CONTRACTS.splitlines()[1].replace(CODE, OTHER)
    assert refused(tables(tmp_path, items=text)).startswith("E633")


@pytest.mark.parametrize(
    ("people", "code"),
    [
        (FIRMS.replace("（万元）", ""), "E312"),  # no unit: never guessed
        (FIRMS.replace("技术转移中心", "技术中心"), "E320"),
        (FIRMS.replace("640200,", "石嘴山,"), "E321"),
    ],
)
def test_a_cell_that_cannot_be_read_spoils_its_own_firm(
    tmp_path: Path, people: str, code: str
) -> None:
    found = read(tables(tmp_path, people=people)).by_code[CODE]
    with pytest.raises(ProfileError) as error:
        found.profile(rulebook().vocabulary)
    (finding,) = error.value.findings
    assert finding.code == code
    assert "firms.csv!" in finding.labels[0].span.source.path


def test_a_blank_cell_is_unknown(tmp_path: Path) -> None:
    people = FIRMS.replace("3200\n", "\n")
    found = read(tables(tmp_path, people=people)).by_code[CODE]
    assert "revenue" not in found.data["applicant"]


def test_a_table_of_items_lists_all_of_them(tmp_path: Path) -> None:
    people = FIRMS + f"{OTHER},另一中心,技术转移中心,640200,\n"
    assert read(tables(tmp_path, people=people)).by_code[OTHER].data["contract"] == []


def test_a_declared_encoding_is_for_tables_that_do_not_show_theirs(tmp_path: Path) -> None:
    table, other = tmp_path / "utf8.csv", tmp_path / "gbk.csv"
    table.write_text(FIRMS, encoding="utf-8")
    # 〇 stands in GB 18030 and not in GB 2312, so that this file's encoding is not sure.
    other.write_text(FIRMS.replace(CODE, OTHER).replace("示例", "〇例"), encoding="gb18030")
    paths = [str(table), str(other)]
    read = read_firms(paths, rulebook().vocabulary, encoding="gb18030")
    assert [each.name for each in read] == ["示例中心", "〇例中心"]
    with pytest.raises(TableError):
        read_firms(paths, rulebook().vocabulary)
