"""Every law of PROPERTIES.md has a row in docs/testing.md, and tests named by its number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
ROW: Final = re.compile(r"^\| ([0-9]+) \| (.+) \| (.+) \|$", re.MULTILINE)
LAWS: Final = range(1, 35)


def rows() -> dict[int, str]:
    """Return the cell with the tests of each law."""
    text = (ROOT / "docs" / "testing.md").read_text("utf-8").partition("## The laws")[2]
    return {int(number): tests for number, _, tests in ROW.findall(text)}


def test_every_law_has_a_row() -> None:
    assert list(rows()) == list(LAWS)


@pytest.mark.parametrize("law", LAWS)
def test_every_law_has_tests_that_bear_its_number(law: int) -> None:
    cell = rows()[law]
    files = re.findall(r"`(tests/[a-z_/]+\.py)`", cell)
    assert files
    named = re.compile(rf"^def test_law_(?:[0-9]{{2}}_and_)*{law:02}_", re.MULTILINE)
    for file in files:
        assert named.search((ROOT / file).read_text("utf-8")), (law, file)
