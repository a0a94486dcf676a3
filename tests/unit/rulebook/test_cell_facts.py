"""A cell as a profile would have it: a unit only where the column has one, nothing guessed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.small import rules

from incentives.rulebook.cell_facts import from_number, from_text
from incentives.rulebook.headings import Headings, heading

SPECS = rules("").vocabulary.specs["applicant"]


@pytest.mark.parametrize(
    ("name", "unit", "text", "said"),
    [
        ("spend", None, " 12 ", "12"),
        ("spend", None, "12元", "12元"),
        ("spend", "万元", "1,200.5", "1,200.5万元"),
        ("spend", "万元", "12元", "12元"),
        ("spend", "分", "1", "0.01元"),
        ("spend", "分", "-1,234.5", "-12.345元"),
        ("spend", "分", "1,2,3", "1,2,3元"),
        ("share", "%", "3.5", "3.5%"),
        ("share", "1", "3", "3/1"),
        ("share", "1", "0.3", "0.3"),
        ("share", None, "15", "15"),
        ("staff", None, "12", 12),
        ("staff", None, "1.5", "1.5"),
        ("staff", None, "9" * 19, "9" * 19),
        ("small", None, "是", True),
        ("small", None, "False", False),
        ("small", None, "1", "1"),
        ("kind", None, "企业", "firm"),
        ("kind", None, "firm", "firm"),
        ("kind", None, "公司", "公司"),
        ("region", None, " 640200", "640200"),
        ("name", None, "  ", None),
        ("founded_on", None, "2024-05", "2024-05"),
    ],
)
def test_texts(name: str, unit: str | None, text: str, said: Any) -> None:
    found = from_text(SPECS[name], unit, text)
    assert (found, type(found)) == (said, type(said))


@pytest.mark.parametrize(
    ("name", "unit", "number", "said"),
    [
        ("spend", None, 12, 12),
        ("spend", None, Decimal("1.5"), "1.5"),
        ("spend", "万元", Decimal("1.50"), "1.5万元"),
        ("spend", "分", 150, "1.50元"),
        ("spend", "元", 10**19, f"{10**19}元"),
        ("share", "%", Decimal("3.500"), "3.5%"),
        ("share", "1", 3, "3/1"),
        ("share", None, Fraction(1, 3), "1/3"),
        ("staff", None, Decimal("3.0"), 3),
        ("staff", None, Decimal("3.5"), "3.5"),
    ],
)
def test_numbers(name: str, unit: str | None, number: Any, said: Any) -> None:
    found = from_number(SPECS[name], unit, number)
    assert (found, type(found)) == (said, type(said))


@pytest.mark.parametrize(
    ("text", "words", "unit"),
    [
        ("营业收入（万元）.2024", "营业收入.2024", "万元"),
        ("占比(％)", "占比", "%"),
        ("支出，单位：元", "支出", "元"),
        ("Revenue 2024", "revenue2024", None),
        ("得分（千元）", "得分(千元)", None),
    ],
)
def test_headings(text: str, words: str, unit: str | None) -> None:
    found = heading(text)
    assert (found.text, found.unit) == (words, unit)


@pytest.mark.parametrize(
    ("text", "name", "year"),
    [
        ("applicant.revenue.2024", "revenue", 2024),
        ("revenue.2024", "revenue", 2024),
        ("2024年度收入", "revenue", 2024),
        ("收入（万元）.2024年", "revenue", 2024),
        ("人数", "staff", None),
        ("人数.2024", None, None),
        ("revenue", None, None),
    ],
)
def test_what_a_heading_names(text: str, name: str | None, year: int | None) -> None:
    meaning = Headings("applicant", SPECS).read(text)
    assert [spec.name for spec in meaning.facts] == ([] if name is None else [name])
    assert name is None or meaning.year == year
