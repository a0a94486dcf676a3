"""The form as people fill it in: every fault names its cell, blank is unknown."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from tests.small import ENTRY, ON, VOCABULARY, amount, book, entry, when

import incentives
from incentives.catalogue import CATALOGUE
from incentives.diagnostics import MissingExtraError, ProfileError, UnknownIncentiveError, render
from incentives.office import layout
from incentives.office.needed import needed
from incentives.tabular.read import read_sheets
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOOK = book(
    ENTRY
    + when("applicant.honest and applicant.share > 0")
    + when("applicant.revenue[year_of(on) - 1] > 0 and applicant.staff > 1", id="d")
    + amount(base="sum(x.paid for x in contract if x.ok)", rate="10%")
)
FULL: dict[str, Any] = {
    "applicant": {
        "kind": "firm", "name": "=1+1", "region": "640200", "honest": True, "share": "7.5%",
        "staff": 12, "spend": "20万元", "revenue": {"2023": "1234567.85元"},
        "founded_on": "2016-09-20", "industry": "C39",
    },
    "contract": [
        {"no": "007", "paid": "10万元", "ok": True},
        {"no": "008", "paid": {"at_least": "1万元", "at_most": "2万元"}},
    ],
    "received": [],
}  # fmt: skip


def form(path: Path, change: Callable[[Any], None] | None = None, facts: Any = None) -> Path:
    """Write a form from a profile, and change it as a person would."""
    BOOK.write_form(path, ON, profile=FULL if facts is None else facts)
    if change is not None:
        made = openpyxl.load_workbook(path)
        change(made)
        made.save(path)
    return path


def address(made: Any, fact: str, sheet: str = "申报主体") -> str:
    """Return the cell of a fact on the applicant's sheet, or by ``fact.year`` by year."""
    name, _, year = fact.partition(":")
    for row in made[sheet].iter_rows():
        if row[0].value == f"applicant.{name}":
            code = next(c for c in made[sheet][layout.CODES_ROW] if c.value == (year or "value"))
            return f"{code.column_letter}{row[0].row}"
    raise AssertionError(fact)


def put(fact: str, value: Any, sheet: str = "申报主体") -> Callable[[Any], None]:
    def change(made: Any) -> None:
        made[sheet][address(made, fact, sheet)] = value

    return change


def refused(path: Path, change: Callable[[Any], None]) -> list[Any]:
    with pytest.raises(ProfileError) as found:
        BOOK.profile(form(path, change))
    for finding in found.value.findings:
        assert finding.code in CATALOGUE
        assert finding.zh
    return list(found.value.findings)


def test_it_asks_what_the_incentives_read_and_no_more() -> None:
    asked = needed(BOOK.rules, ON)
    assert asked.facts == {
        ("applicant", name)
        for name in ("kind", "name", "region", "honest", "share", "revenue", "staff")
    } | {("contract", "no"), ("contract", "paid"), ("contract", "ok")}
    assert asked.years["applicant", "revenue"] == {2023}


def test_years_of_a_span_are_asked_and_those_of_facts_guessed_wide() -> None:
    rules = book(
        ENTRY + amount(base="sum(applicant.revenue[year_of(on) - 3 : year_of(on)])", rate="1%")
    ).rules
    assert needed(rules, ON).years["applicant", "revenue"] == {2021, 2022, 2023}
    rules = book(
        ENTRY + amount(base="applicant.revenue[year_of(applicant.founded_on)]", rate="1%")
    ).rules
    assert needed(rules, ON).years["applicant", "revenue"] == {2021, 2022, 2023, 2024}


def test_what_depends_on_another_incentive_asks_for_its_facts_too() -> None:
    body = entry("first") + amount(base="applicant.spend", rate="1%")
    body += entry("second") + amount(base='award("doc/first")', rate="1%")
    assert ("applicant", "spend") in needed(book(body).rules, ON, ["doc/second"]).facts
    body = entry(once='"lifetime"') + amount(fixed="1万元")
    assert ("received", "incentive") in needed(book(body).rules, ON).facts


def test_a_company_called_like_a_formula_is_that_text(tmp_path: Path) -> None:
    profile = BOOK.profile(form(tmp_path / "a.xlsx"))
    assert profile.applicant["name"] == "=1+1"
    assert profile.lists["received"] == ()
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["申报主体"]
    assert cell[address({"申报主体": cell}, "name")].data_type == "s"


def test_a_blank_form_states_nothing(tmp_path: Path) -> None:
    BOOK.write_form(tmp_path / "a.xlsx", ON)
    profile = BOOK.profile(tmp_path / "a.xlsx")
    assert list(profile.known()) == []
    assert set(profile.lists.values()) == {None}
    assert isinstance(profile.applicant["spend"], Unknown)


@pytest.mark.parametrize("word", ["不知道", "未知", "Unknown", "  "])
def test_not_known_may_be_written_out(tmp_path: Path, word: str) -> None:
    profile = BOOK.profile(form(tmp_path / "a.xlsx", put("honest", word)))
    assert "honest" not in profile.applicant


@pytest.mark.parametrize(
    ("fact", "value", "code", "says"),
    [
        ("spend", "20", "E312", "20万元"),
        ("spend", 20, "E312", "20万元"),
        ("spend", 0.1, "E312", "0.1"),
        ("spend", "/", "E521", "0元"),
        ("spend", "无", "E521", "留空"),
        ("spend", "-5元", "E316", "最小值"),
        ("staff", "—", "E521", "0"),
        ("staff", "十二", "E313", "整数"),
        ("staff", 12.5, "E313", "12.5"),
        ("honest", "无", "E521", "“是”或“否”"),
        ("honest", "有", "E315", "“是”或“否”"),
        ("honest", 1, "E313", "1"),
        ("share", "3.5", "E522", "3.5%"),
        ("share", 0.035, "E522", "3.5%"),
        ("share", "3.5%%", "E314", ""),
        ("name", 7, "E524", "文本"),
        ("industry", 111, "E524", "文本"),
        ("founded_on", "2023-02-29", "E313", "日期"),
        ("founded_on", 45413, "E313", ""),
        ("kind", "公司", "E320", "企业"),
        ("region", "石嘴山", "E321", "六位"),
        ("name", 9.11101e17, "E511", "营业执照"),
        ("name", "=1/0", "E512", "重新计算"),
        ("name", "#REF!", "E510", "公式"),
    ],
)
def test_a_fault_names_its_cell_and_says_what_to_write(
    tmp_path: Path, fact: str, value: Any, code: str, says: str
) -> None:
    path = tmp_path / "a.xlsx"
    (finding,) = refused(path, put(fact, value))
    text = render(finding, "zh")
    assert finding.code == code
    assert f"申报主体!{address(openpyxl.load_workbook(path), fact)}" in text
    assert says in text
    if code[1] == "3":  # the findings of a profile file, with their fact
        assert finding.fact == f"applicant.{fact}"


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        put("spend", "20")(made)
        put("share", "3.5")(made)
        put("revenue:2023", "三千", "逐年数据")(made)
        made["合同"]["D8"] = "x"

    found = refused(tmp_path / "a.xlsx", change)
    assert sorted(finding.code for finding in found) == ["E312", "E313", "E313", "E522"]
    where = {finding.fact for finding in found}
    assert {"contract[007].paid", "applicant.revenue.2023"} <= where
    assert "合同!D8" in " ".join(render(finding) for finding in found)


def test_the_same_facts_in_a_file_give_the_same_findings(tmp_path: Path) -> None:
    bad = {"applicant": {"spend": "20", "kind": "公司", "region": "石嘴山"}}
    with pytest.raises(ProfileError) as expected:
        BOOK.profile(bad)

    def change(made: Any) -> None:
        for fact, value in bad["applicant"].items():
            put(fact, value)(made)

    found = refused(tmp_path / "a.xlsx", change)
    plain = {(item.code, item.fact, item.message, item.zh, item.help_zh) for item in found}
    assert plain == {
        (item.code, item.fact, item.message, item.zh, item.help_zh)
        for item in expected.value.findings
    }


def test_a_fact_that_stands_twice_is_refused_with_both_cells(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        sheet = made["申报主体"]
        sheet["A60"], sheet[f"{address(made, 'spend')[0]}60"] = "applicant.spend", "30万元"

    (finding,) = refused(tmp_path / "a.xlsx", change)
    assert finding.code == "E523"
    assert len(finding.labels) == 2
    assert "申报主体!E60" in render(finding)


def test_rows_may_be_sorted_added_and_labels_changed(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        sheet = made["申报主体"]
        sheet.insert_rows(7, 3)
        sheet["C5"] = "改了名称"
        made["合同"].move_range("A8:K9", rows=40)

    changed = BOOK.profile(form(tmp_path / "a.xlsx", change))
    assert dict(changed.applicant) == dict(BOOK.profile(FULL).applicant)
    found = changed.lists["contract"]
    assert found is not None
    assert [item["no"] for item in found] == ["007", "008"]


def count(value: Any) -> Callable[[Any], None]:
    def change(made: Any) -> None:
        made["合同"]["E4"] = value

    return change


@pytest.mark.parametrize(("value", "length"), [(None, 2), (2, 2), (5, 5), ("3", 3)])
def test_how_many_items_there_are(tmp_path: Path, value: Any, length: int) -> None:
    found = BOOK.profile(form(tmp_path / "a.xlsx", count(value))).lists["contract"]
    assert found is not None
    assert len(found) == length


@pytest.mark.parametrize("value", [0, 1, "无", "两份", -1, 2.5, 10**6])
def test_a_count_that_does_not_fit_is_refused(tmp_path: Path, value: Any) -> None:
    (finding,) = refused(tmp_path / "a.xlsx", count(value))
    assert finding.code == "E525"
    assert "合同!" in render(finding)


def test_none_is_said_with_zero_and_nothing_with_blank(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"applicant": {}, "contract": []}
    assert BOOK.profile(form(tmp_path / "a.xlsx", None, facts)).lists["contract"] == ()
    assert BOOK.profile(form(tmp_path / "b.xlsx", count(None), facts)).lists["contract"] is None


@pytest.mark.parametrize(
    ("sheet", "cell", "code"),
    [
        ("申报主体", "E2", "2024"),
        ("逐年数据", "E2", "value"),
        ("合同", "C2", "contract.no.2024.x"),
        ("申报主体", "A6", "contract.paid"),
        ("申报主体", "A6", "applicant.name.x"),
    ],
)
def test_damaged_codes_are_refused_never_guessed_at(
    tmp_path: Path, sheet: str, cell: str, code: str
) -> None:
    def change(made: Any) -> None:
        made[sheet][cell] = code

    codes = {finding.code for finding in refused(tmp_path / "a.xlsx", change)}
    assert codes & {"E526", "E307"}


@pytest.mark.parametrize("code", ["count:nothing", "count:", "count:applicant"])
def test_a_list_that_the_rules_do_not_know(tmp_path: Path, code: str) -> None:
    def change(made: Any) -> None:
        made["合同"]["A4"] = code

    with contextlib.suppress(ProfileError):
        found = BOOK.profile(form(tmp_path / "a.xlsx", change))
        assert found.lists["contract"] is None


def test_another_workbook_is_no_form(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(ProfileError) as found:
        BOOK.profile(tmp_path / "a.xlsx")
    assert [item.code for item in found.value.findings] == ["E520"]
    (tmp_path / "b.xlsx").write_bytes(b"PK")
    with pytest.raises(ProfileError) as found:
        BOOK.profile(tmp_path / "b.xlsx")
    assert [item.code for item in found.value.findings] == ["E500"]


def test_a_form_of_other_rules_says_which_facts_are_not_known(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx")
    other = book(
        ENTRY + amount(fixed="1万元"), vocabulary=VOCABULARY.replace("staff =", "people =")
    )
    with pytest.raises(ProfileError) as found:
        other.profile(path)
    (finding,) = found.value.findings
    assert (finding.code, finding.fact) == ("E307", "applicant.staff")
    assert "申报主体!E" in render(finding)
    assert "staff" in str(other.profile(path, allow_extra=True).warnings)


def test_hostile_labels_make_sheets_and_drop_downs_all_the_same(tmp_path: Path) -> None:
    vocabulary = VOCABULARY.replace(
        'zh = "合同"', 'zh = "\'[合同]:*?/\\\\一份很长很长很长很长很长很长很长很长很长的名称"'
    )
    vocabulary = vocabulary.replace('zh = "申报主体"', 'zh = "History"').replace(
        'zh = "中心"', 'zh = "企业"'
    )
    rules = book(
        ENTRY + amount(base="sum(x.paid for x in contract)", rate="1%"), vocabulary=vocabulary
    )
    facts = {"applicant": {"kind": "centre"}, "contract": [{"paid": "1元"}]}
    rules.write_form(tmp_path / "a.xlsx", ON, profile=facts)
    names = [sheet.name for sheet in read_sheets(tmp_path / "a.xlsx")]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "History" not in names
    profile = rules.profile(tmp_path / "a.xlsx")
    assert profile.applicant["kind"] == "centre"  # 企业（centre）: two labels are the same


def test_the_same_form_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        form(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_shipped_examples_go_through_the_form(tmp_path: Path, lang: str) -> None:
    rulebook = incentives.load()
    for name in ("centre", "zhongning-manufacturer"):
        expected = rulebook.profile(f"example:{name}")
        rulebook.write_form(tmp_path / "a.xlsx", ON, lang=lang, profile=expected)
        found = rulebook.profile(tmp_path / "a.xlsx")
        assert sorted(map(repr, found.known())) == sorted(map(repr, expected.known()))
        assert {name: items and len(items) for name, items in found.lists.items()} == {
            name: items and len(items) for name, items in expected.lists.items()
        }


def test_an_incentive_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownIncentiveError):
        BOOK.write_form(tmp_path / "a.xlsx", ON, only=["doc/none"])


@pytest.mark.parametrize("package", ["xlsxwriter", "python_calamine"])
def test_without_the_extra_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    path = form(tmp_path / "a.xlsx")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'incentives\[excel\]'"):
        BOOK.profile(path) if package == "python_calamine" else form(path)
