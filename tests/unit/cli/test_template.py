"""``template`` and a form given to ``check``, as their users call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

Run = Any


def test_a_form_goes_out_and_comes_back(
    run: Run, rules: Path, centre: Path, tmp_path: Path
) -> None:
    form = tmp_path / "form.xlsx"
    done = run("template", centre, "--rules", rules, "--on", "2024-06-01", "-o", form)
    assert (done.code, done.out) == (0, "")
    assert str(form) in done.err
    line = ("--rules", rules, "--on", "2024-06-01", "--format", "json")
    assert run("check", form, *line).out == run("check", centre, *line).out


def test_a_fault_in_the_form_is_bad_data_with_its_cell(
    run: Run, rules: Path, centre: Path, tmp_path: Path
) -> None:
    form = tmp_path / "form.xlsx"
    run("template", centre, "--rules", rules, "--on", "2024-06-01", "-o", form)
    made = openpyxl.load_workbook(form)
    sheet = made["技术合同"]
    column = next(cell.column for cell in sheet[2] if cell.value == "contract.paid")
    cell = sheet.cell(8, column)
    cell.value = "20"
    made.save(form)
    done = run("check", form, "--rules", rules, "--on", "2024-06-01")
    assert (done.code, done.out) == (3, "")
    assert f"技术合同!{cell.coordinate}" in done.err
    assert "E312" in done.err


def test_a_form_is_a_workbook(run: Run, rules: Path, tmp_path: Path) -> None:
    done = run("template", "--rules", rules, "--on", "2024-06-01", "-o", tmp_path / "form.csv")
    assert done.code == 2
    assert ".xlsx" in done.err
    assert list(tmp_path.glob("form*")) == []


def test_check_writes_a_workbook_beside_its_answer(
    run: Run, rules: Path, centre: Path, tmp_path: Path
) -> None:
    line = ("check", centre, "--rules", rules, "--on", "2024-06-01")
    done = run(*line, "-o", tmp_path / "result.xlsx")
    assert (done.code, done.out) == (0, run(*line).out)
    assert openpyxl.load_workbook(tmp_path / "result.xlsx").sheetnames == ["填报", "结果", "依据"]
    assert run(*line, "-o", tmp_path / "result.pdf").code == 2
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_directory_that_is_not_there_is_named(
    run: Run, rules: Path, centre: Path, tmp_path: Path
) -> None:
    form = tmp_path / "none" / "form.xlsx"
    done = run("template", centre, "--rules", rules, "--on", "2024-06-01", "-o", form)
    assert done.code == 2
    assert f"{form}" in done.err
    assert "没有文件夹" in done.err


def test_the_next_step_is_on_the_same_day(
    run: Run, rules: Path, centre: Path, tmp_path: Path
) -> None:
    form = tmp_path / "form.xlsx"
    done = run("template", centre, "--rules", rules, "--on", "2024-06-01", "-o", form)
    assert f"incentives check {form} --on 2024-06-01" in done.err
