"""An assessment as a data frame: exact decimals, never a binary fraction."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

import pytest
from tests.printed.cases import ON, all_forms, shipped_rules

from incentives.diagnostics import MissingExtraError

FIRM: dict[str, Any] = {
    "applicant": {"kind": "firm", "region": "640200", "spent": "1234.50元", "level": "middle"}
}


def test_polars_gets_exact_decimals() -> None:
    polars = pytest.importorskip("polars")
    frame = all_forms().assess(FIRM, on=ON).to_frame()
    assert isinstance(frame, polars.DataFrame)
    assert frame.schema["amount"] == polars.Decimal(38, 2)
    rows = {row["incentive"]: row for row in frame.to_dicts()}
    assert rows["forms/bands"]["amount"] == Decimal("61.73")
    assert rows["forms/table"]["amount"] is None
    assert rows["forms/items"]["missing"] == ["project"]
    assert list(rows) == sorted(rows)


def test_without_polars_pandas_gets_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    assessment = all_forms().assess(FIRM, on=ON)
    expected = assessment.to_frame().to_dicts()
    monkeypatch.setitem(sys.modules, "polars", None)
    frame = assessment.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.to_dict("records") == expected
    assert type(frame["amount"][0]) is Decimal


def test_without_either_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("polars", "pandas"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"incentives\[frame\]"):
        all_forms().assess(FIRM, on=ON).to_frame()


def test_a_report_of_nothing_has_the_columns_all_the_same() -> None:
    frame = shipped_rules().assess({"applicant": {}}, on=ON, only=[]).to_frame()
    assert len(frame) == 0
    assert "amount" in frame.columns
