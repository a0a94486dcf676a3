"""The workbook recomputes: every formula, worked out again, is the amount that is stored."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from tests.unit.audit.lists import OTHER, audited, contract, firm, row

from incentives.audit.classes import LABELS, Class
from incentives.audit.workbook import difference, write_workbook
from incentives.diagnostics import MissingExtraError
from incentives.tabular.read import read_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.audit.report import Audit

HEAD = 3  # rows above the first payment


def example() -> Audit:
    rows = [
        row("150000.00", "1"),
        row("150000.00", "1", day="2024-09-01"),
        row("99999999999.99", "2"),
        row("70000.01", "3"),
        row("=1+1", "4"),
        row("-5.00", "1", day="2024-10-01"),
        row("150000.00", "6"),
        row("150000.00", "1", code=OTHER, name="=HYPERLINK(1)"),
        row("120000.00", "7"),
    ]
    facts = [
        contract("1"), contract("2"), contract("3", "80万元"), contract("5", "90万元"),
        contract("6", None), contract("7", performed_net_of_tax="120万元"),
    ]  # fmt: skip
    return audited(rows, firm(*facts))


@pytest.fixture(scope="module")
def written(tmp_path_factory: Any) -> tuple[Audit, Path]:
    path: Path = tmp_path_factory.mktemp("audit") / "report.xlsx"
    audit = example()
    write_workbook(audit, path)
    return audit, path


def cells(path: Path, name: str, *, values: bool) -> list[list[Any]]:
    book = openpyxl.load_workbook(path, data_only=values)
    return [[cell.value for cell in line] for line in book[name].iter_rows()]


def fen(value: Any) -> int:
    """Return a stored amount in fen, exactly as its decimal shows it."""
    return int(Fraction(str(value or 0)) * 100)


def test_the_sheets_are_those_an_auditor_files(written: tuple[Audit, Path]) -> None:
    book = openpyxl.load_workbook(written[1])
    assert book.sheetnames == ["总表", "差异", "明细", "清单问题", "依据", "假设"]
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert "共 &N 页" in sheet.oddFooter.center.text


def test_each_difference_is_a_formula_that_comes_to_what_the_audit_found(
    written: tuple[Audit, Path],
) -> None:
    audit, path = written
    formulas = cells(path, "明细", values=False)[HEAD:-1]
    values = cells(path, "明细", values=True)[HEAD:-1]
    assert len(values) == len(audit.verdicts)
    seen = set()
    for verdict, formula, value in zip(audit.verdicts, formulas, values, strict=True):
        paid, earlier, low, high = (fen(each) for each in value[7:11])
        found = verdict.judgement.difference
        if formula[11] is not None:
            seen.add(verdict.kind)
            due = low if "J" in formula[11] else high
            assert paid - max(due - earlier, 0) == fen(value[11]) == found
        assert fen(value[12]) == verdict.judgement.stake
        assert value[13] == LABELS[verdict.kind].zh
    assert seen >= {Class.OVERPAID, Class.UNDERPAID, Class.UNPAID, Class.OTHER_READING}


def test_the_sums_of_the_classes_are_live_and_right(written: tuple[Audit, Path]) -> None:
    audit, path = written
    formulas, values = (cells(path, "总表", values=each) for each in (False, True))
    rows = {line[0]: (line, value) for line, value in zip(formulas, values, strict=True)}
    for each in audit.summaries:
        formula, value = rows[LABELS[each.kind].zh]
        assert formula[2].startswith("=ROUND(SUMIFS(明细!$H")
        assert formula[1].startswith("=COUNTIF(明细!$N")
        assert (value[1], fen(value[2]), fen(value[3])) == (each.count, each.paid, each.stake)
    assert fen(rows["合计"][1][2]) == sum(each.paid for each in audit.verdicts)


def test_no_text_is_a_formula(written: tuple[Audit, Path]) -> None:
    book = openpyxl.load_workbook(written[1])
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    assert str(cell.value).startswith(
                        ("=ROUND(", "=ABS(", "=COUNTIF(", "=SUM(", "=H")
                    )
    names = [line[2] for line in cells(written[1], "明细", values=False)]
    assert "=HYPERLINK(1)" in names


def test_amounts_are_read_back_to_the_fen(written: tuple[Audit, Path]) -> None:
    audit, path = written
    sheet = read_sheet(path, name="明细")
    found = [line[7].value for line in sheet.rows[HEAD:-1]]
    assert [fen(each) for each in found] == [each.paid for each in audit.verdicts]


def test_an_amount_beyond_fifteen_digits_is_text(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(audited([row("12345678901234.56")], firm(contract("1"))), path)
    assert cells(path, "明细", values=False)[HEAD][7] == "12345678901234.56"


def test_a_clean_list_has_an_empty_table_of_differences(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(audited([row("150000.00")], firm(contract("1"))), path)
    assert [line[0] for line in cells(path, "差异", values=True)][HEAD:] == ["合计"]
    assert cells(path, "清单问题", values=True)[HEAD][0] == "无"


def test_the_same_audit_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(example(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_without_the_package_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtraError, match=r"incentives\[excel\]"):
        write_workbook(example(), tmp_path / "report.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [Class.UNCHECKED, Class.WITHIN_CEILING])
def test_where_nothing_is_certain_there_is_no_difference(kind: Class) -> None:
    assert difference(kind, None, 4) is None


def test_what_cannot_be_read_is_blank_and_said_in_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    rows = [row("150000.00"), row("约15万", "2")]
    write_workbook(audited(rows, firm(contract("1"), contract("2"))), path)
    unread = cells(path, "明细", values=True)[HEAD + 1]
    assert (unread[7], unread[12]) == (None, None)
    says = [text for line in cells(path, "总表", values=True) for text in line if text]
    assert any("其中1笔金额无法读取，未计入" in str(text) for text in says)
