"""The result workbook: what it says, and that its formulas come to the fen."""

from __future__ import annotations

import random
import re
import zipfile
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from tests.facts import Facts
from tests.printed.cases import all_forms
from tests.reference import generate
from tests.small import ENTRY, ON, amount, book, entry, parameters, profile
from tests.unit.office.libreoffice import missing, recalculated
from tests.unit.office.sheets import NotAvailableError, Sheets

import incentives
from incentives.diagnostics import Source
from incentives.rulebook.facts import MAX_TEXT
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = (
    "centre",
    "tongliao-above-scale",
    "zhongning-manufacturer",
)  # the others: libreoffice.py


@pytest.fixture(scope="module")
def rulebook() -> incentives.Rulebook:
    return incentives.load()


def differences(path: Path, *, snap: bool = False) -> list[str]:
    """Return the formulas whose stored value is not what an independent reading gives."""
    sheets = Sheets(path, snap=snap)
    found = []
    for sheet, address in sheets.formulas():
        value, stored = sheets.value(sheet, address), sheets.stored(sheet, address)
        slack = 0 if sheet == "结果" or address[0] != "C" else max(1, abs(value)) / 10**11
        if abs(value - stored) > slack:
            found.append(f"{sheet}!{address}: {value} for {stored}")
    return found


def row_of(path: Path, name: str) -> dict[str, Any]:
    """Return the row of the sheet 结果 that an incentive, or the totals, stand in."""
    return next(
        row for row in Sheets(path).rows("结果").values() if str(row.get("B")).startswith(name)
    )


def says(path: Path, words: str) -> bool:
    """Tell whether some row of the sheet 依据 says this."""
    return any(words in str(row.get("B")) for row in Sheets(path).rows("依据").values())


def address_of(sheets: Sheets, fact: str) -> str:
    """Return the cell of a fact on the sheet 填报."""
    return next(f"C{at}" for at, row in sheets.rows("填报").items() if row.get("E") == fact)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_recomputes_and_agrees_with_the_engine(
    rulebook: incentives.Rulebook, tmp_path: Path, name: str
) -> None:
    assessment = rulebook.assess(f"example:{name}", ON)
    path = tmp_path / "r.xlsx"
    assessment.to_workbook(path)
    assert differences(path) == []
    for row in Sheets(path).rows("结果").values():
        if not str(row.get("A", "")).isdecimal():
            continue
        (decision,) = [
            each for each in assessment
            if each.name.zh == row["B"] and row["C"].endswith(f"　{each.clause}")
        ]  # fmt: skip
        amounts = decision.range
        if isinstance(row.get("E"), float):
            assert amounts is not None
            assert round(row["E"] * 100) == amounts.low.fen
        if isinstance(row.get("F"), float):
            assert amounts is not None
            assert amounts.high is not None
            assert round(row["F"] * 100) == amounts.high.fen
        if isinstance(row.get("G"), float):
            assert decision.is_ceiling
    assert round(row_of(path, "合计")["E"] * 100) == assessment.totals.range.low.fen


def test_no_reason_to_fear_a_program_that_takes_near_numbers_for_whole(
    rulebook: incentives.Rulebook, tmp_path: Path
) -> None:
    rulebook.assess("example:centre", ON).to_workbook(tmp_path / "r.xlsx")
    assert differences(tmp_path / "r.xlsx", snap=True) == []


@pytest.mark.parametrize("amount_", ["0元", "1234567.85元", "2000000.01元", "980万元", "0.05元"])
def test_a_changed_figure_gives_what_a_new_assessment_gives(
    rulebook: incentives.Rulebook, tmp_path: Path, amount_: str
) -> None:
    data = {
        "applicant": {"kind": "technology_transfer_center", "region": "640200"},
        "contract": [
            {
                "registration_no": "1", "performed_amount": "150万元", "provider_kind": "university",
                "brokered_by_applicant": True, "buyer_kind": "enterprise",
            }
        ],
    }  # fmt: skip
    name = "shizuishan-tech-city/technology-contract-award"
    path = tmp_path / "r.xlsx"
    rulebook.assess(data, ON).to_workbook(path)
    data["contract"][0]["performed_amount"] = amount_  # type: ignore[index]
    expected = rulebook.assess(data, ON)[name].amount
    assert expected is not None
    sheets = Sheets(path)
    yuan = Fraction(amount_.removesuffix("万元").removesuffix("元"))
    yuan *= 10_000 if "万" in amount_ else 1
    sheets.change("填报", address_of(sheets, "contract[1].performed_amount"), yuan * 1.0)
    at = next(at for at, row in sheets.rows("结果").items() if row.get("B") == "技术合同奖励")
    assert round(sheets.value("结果", f"E{at}") * 100) == expected.fen


def test_every_form_an_amount_can_have_recomputes(tmp_path: Path) -> None:
    rules = all_forms()
    facts = Facts(rules.rules)
    for seed in range(6):
        rules.assess(facts.profile(random.Random(seed)), ON).to_workbook(tmp_path / "r.xlsx")
        assert differences(tmp_path / "r.xlsx") == []


@pytest.mark.parametrize("seed", [3, 11])
def test_generated_rules_recompute(tmp_path: Path, seed: int) -> None:
    """Seed 3 rounds up to 1元 over a denominator: ``/E38*100`` lacked its brackets."""
    texts = generate.rulebook(seed).items()
    rules = incentives.Rulebook(build_rules([Source(name, text) for name, text in texts]))
    rng = random.Random(seed)
    for _ in range(2):
        rules.assess(Facts(rules.rules).profile(rng), ON).to_workbook(tmp_path / "r.xlsx")
        assert differences(tmp_path / "r.xlsx") == []


@pytest.mark.parametrize("mode", ["down", "up", "half_up", "half_even"])
def test_every_mode_at_its_edges(tmp_path: Path, mode: str) -> None:
    body = ENTRY + amount(base="applicant.spend", rate="12.5%")
    body += f'round = {{ to = "1元", mode = "{mode}" }}\n'
    rules = book(body)
    for spend in ("4.00元", "12.00元", "3.99元", "4.01元", "0元", "20.00元"):
        assessment = rules.assess(profile({"spend": spend}), ON)
        assessment.to_workbook(tmp_path / "r.xlsx")
        assert differences(tmp_path / "r.xlsx") == []
        found = assessment["doc/award"].amount
        assert found is not None
        assert round(row_of(tmp_path / "r.xlsx", "奖励")["E"] * 100) == found.fen


def test_figures_too_large_are_plain_and_say_so(tmp_path: Path) -> None:
    rules = book(ENTRY + amount(base="applicant.spend", rate="3/7"))
    path = tmp_path / "r.xlsx"
    rules.assess(profile({"spend": "99999亿元"}), ON).to_workbook(path)
    assert Sheets(path).formulas() == [("结果", "E7"), ("结果", "F7"), ("结果", "G7")]
    assert says(path, "数值过大")
    rules.assess(profile({"spend": "7元"}), ON).to_workbook(path)
    sheets = Sheets(path)
    sheets.change("填报", address_of(sheets, "applicant.spend"), 10.0**13)
    with pytest.raises(NotAvailableError):  # an error, never a wrong amount
        sheets.value("结果", "E6")


def test_entitlements_and_ceilings_are_never_added(tmp_path: Path) -> None:
    body = entry("fixed") + amount(fixed="1万元")
    body += entry("ceiling", name='{ zh = "最高奖" }', entitlement='"up_to"') + amount(
        base="applicant.spend", rate="50%"
    )
    path = tmp_path / "r.xlsx"
    assessment = book(body).assess(profile({"spend": "8.01元"}), ON)
    assessment.to_workbook(path)
    assert [row_of(path, "奖励").get(column) for column in "EFG"] == [10000, 10000, None]
    assert [row_of(path, "最高奖").get(column) for column in "EFG"] == [None, None, 4.01]
    assert [row_of(path, "合计").get(column) for column in "EFG"] == [10000, 10000, 4.01]
    assert differences(path) == []


def test_a_long_list_is_summed_in_parts(tmp_path: Path) -> None:
    """Excel refuses a workbook with a formula over 8,192 characters."""
    body = entry(each='"contract"') + amount(base="contract.paid", rate="10%")
    body += entry("all", name='{ zh = "合奖" }') + amount(
        base="sum(c.paid for c in contract)", rate="1%"
    )
    paid = [{"no": f"n{at}", "paid": f"{at}.05元"} for at in range(1, 131)]
    facts = {"applicant": profile({})["applicant"], "contract": paid}
    path = tmp_path / "r.xlsx"
    assessment = book(body).assess(facts, ON)
    assessment.to_workbook(path)
    sheets = Sheets(path)
    formulas = [sheets.cells[sheet][address].formula or "" for sheet, address in sheets.formulas()]
    assert max(map(len, formulas)) < 2_500
    assert differences(path) == []
    for name, id in (("奖励", "doc/award"), ("合奖", "doc/all")):
        found = assessment[id].amount
        assert found is not None
        assert round(row_of(path, name)["E"] * 100) == found.fen


def test_the_result_says_which_rules_and_when_they_were_known(tmp_path: Path) -> None:
    rules = book(ENTRY + amount(base="applicant.spend", rate="10%"))
    rules.assess(profile({}), ON, known_on=ON).to_workbook(tmp_path / "r.xlsx")
    heads = [row.get("A") for row in Sheets(tmp_path / "r.xlsx").rows("结果").values()][:4]
    assert heads[2:] == [
        "评估日期：2024-06-01（按2024-06-01及以前公布的规定）", f"规则摘要：{rules.digest}"
    ]  # fmt: skip


def test_what_is_settled_in_a_group_is_a_plain_figure(tmp_path: Path) -> None:
    body = entry("a") + amount(base="applicant.spend", rate="10%")
    body += entry("b", name='{ zh = "另一奖" }') + amount(base="applicant.spend", rate="20%")
    body += '[[group]]\nid = "g"\nrule = "highest"\nmembers = ["doc/a", "doc/b"]\nclause = "三"\n'
    path = tmp_path / "r.xlsx"
    book(body).assess(profile({"spend": "100元"}), ON).to_workbook(path)
    assert row_of(path, "奖励")["E"] == 0
    assert row_of(path, "另一奖")["E"] == 20
    assert says(path, "同组政策")
    assert differences(path) == []


def test_a_cap_on_all_items_recomputes(tmp_path: Path) -> None:
    body = entry(each='"contract"') + parameters(cap='"3元"')
    body += amount(base="contract.paid", rate="10%") + "[[incentive.total]]\ncap = 'cap'\n"
    facts = {
        "applicant": profile({})["applicant"],
        "contract": [{"paid": "10元"}, {"paid": "25元"}],
    }
    path = tmp_path / "r.xlsx"
    book(body).assess(facts, ON).to_workbook(path)
    sheets = Sheets(path)
    assert sheets.value("结果", "E6") == 3
    sheets.change("填报", address_of(sheets, "contract[2].paid"), 5.0)
    assert sheets.value("结果", "E6") == 1.5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_are_shown_as_those_characters(tmp_path: Path, lang: str) -> None:
    rules = book(ENTRY + amount(base="applicant.spend", rate="10%"))
    facts = profile({"spend": "1元", "name": '=HYPERLINK("http://x","甲")'})
    path = tmp_path / "r.xlsx"
    rules.assess(facts, ON).to_workbook(path, lang)
    made = openpyxl.load_workbook(path)
    shown = [
        cell for sheet in made for row in sheet.iter_rows() for cell in row
        if isinstance(cell.value, str) and "HYPERLINK" in cell.value
    ]  # fmt: skip
    assert shown
    assert all(cell.data_type == "s" for cell in shown)
    assert all(cell.hyperlink is None for cell in shown)


def test_the_longest_text_of_a_profile_stands_whole(tmp_path: Path) -> None:
    rules = book(ENTRY + amount(base="applicant.spend", rate="10%"))
    facts = profile({"spend": "1元", "name": "甲" * MAX_TEXT})
    rules.assess(facts, ON).to_workbook(tmp_path / "r.xlsx")
    row = next(r for r in Sheets(tmp_path / "r.xlsx").rows("填报").values() if r.get("B") == "名称")
    assert row["C"] == "甲" * MAX_TEXT
    with zipfile.ZipFile(tmp_path / "r.xlsx") as file:
        sheets = [file.read(f"xl/worksheets/sheet{at}.xml").decode() for at in (1, 2, 3)]
    heights = [int(found) for text in sheets for found in re.findall(r' ht="(\d+)', text)]
    assert max(heights) <= 409
    rules.write_form(tmp_path / "f.xlsx", ON, profile=facts)
    assert (tmp_path / "f.xlsx").exists()


def test_none_is_a_fact_that_the_result_shows(tmp_path: Path) -> None:
    rules = book(ENTRY + amount(base="applicant.spend", rate="10%"))
    facts = {**profile({"spend": "1元"}), "received": [], "contract": [{"paid": "1元"}]}
    rules.assess(facts, ON).to_workbook(tmp_path / "r.xlsx")
    rows = Sheets(tmp_path / "r.xlsx").rows("填报").values()
    assert {(row.get("E"), row.get("C")) for row in rows} >= {
        ("received", "没有"),
        ("contract", "1项"),
    }
    assert differences(tmp_path / "r.xlsx") == []


def test_the_same_result_is_the_same_bytes(rulebook: incentives.Rulebook, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        rulebook.assess("example:centre", ON).to_workbook(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_libreoffice_comes_to_the_same_fen(rulebook: incentives.Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    rulebook.assess("example:centre", ON).to_workbook(path)
    sheets, found = Sheets(path), Sheets(recalculated(path, tmp_path))
    compared = 0
    for sheet, address in sheets.formulas():
        expected = sheets.stored(sheet, address)
        assert found.stored(sheet, address) == pytest.approx(expected, abs=1e-9)
        compared += 1
    assert compared > 20
