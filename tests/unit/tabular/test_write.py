"""What is written out: no formulas, no halves."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.tabular.read import read_sheet
from incentives.tabular.write import STARTS_A_FORMULA, Value, guarded, write_csv, write_whole
from incentives.values.money import Money

if TYPE_CHECKING:
    from pathlib import Path


@given(
    st.text()
    | st.sampled_from(STARTS_A_FORMULA).flatmap(lambda sign: st.text(max_size=20).map(sign.__add__))
)
def test_no_text_starts_a_formula_and_nothing_else_changes(text: str) -> None:
    out = guarded(text)
    assert not out.startswith(STARTS_A_FORMULA)
    assert out in {text, f"'{text}"}


def test_values_are_written_exactly_and_numbers_without_apostrophe(tmp_path: Path) -> None:
    row: list[Value] = [
        "=1+1",
        -5,
        Money(-123_456),
        Fraction(-7, 8),
        date(2024, 5, 1),
        True,
        None,
        "-",
        "甲,乙",
    ]
    write_csv(tmp_path / "a.csv", [f"列{n}" for n in range(len(row))], [row])
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (_, line) = csv.reader(raw.decode("utf-8-sig").splitlines())
    assert line == ["'=1+1", "-5", "-1234.56", "-0.875", "2024-05-01", "TRUE", "", "'-", "甲,乙"]
    assert [cell.text for cell in read_sheet(tmp_path / "a.csv").rows[1]] == [
        text or None for text in line
    ]


def test_what_has_no_exact_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1/3"):
        write_csv(tmp_path / "a.csv", ["a"], [[Fraction(1, 3)]])
    with pytest.raises(ValueError, match="row 2 has 2 cells, not 1"):
        write_csv(tmp_path / "a.csv", ["a"], [["x", "y"]])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def fails(file: Path) -> None:
        file.write_text("half", encoding="utf-8")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_whole(path, fails)
    assert path.read_text(encoding="utf-8") == "old"

    def works(file: Path) -> None:
        file.write_text("new", encoding="utf-8")

    write_whole(path, works)
    assert path.read_text(encoding="utf-8") == "new"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]
