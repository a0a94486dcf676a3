"""Receipts over a small rulebook: made once, and a way to forge them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from incentives.api import Rulebook
from incentives.audit.canonical import read_canonical
from incentives.audit.receipt import Receipt, sealed
from incentives.diagnostics import Source
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from collections.abc import Callable

ON = date(2024, 6, 1)
SHIPPED = Path(__file__).resolve().parents[3] / "rules"
FILES = (
    "ningxia-rd-subsidy-2022.toml", "regions.toml", "shizuishan-tech-city-2023.toml",
    "vocabulary.toml",
)  # fmt: skip


def sources(**changed: tuple[str, str]) -> list[Source]:
    """Return some shipped files; ``vocabulary=(old, new)`` changes a text in one of them."""
    found = []
    for name in FILES:
        text = (SHIPPED / name).read_text("utf-8")
        old, new = changed.get(name.split("-")[0].removesuffix(".toml"), ("", ""))
        assert old in text
        found.append(Source(name, text.replace(old, new, 1) if old else text))
    return found


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return Rulebook(build_rules(sources()))


@pytest.fixture(scope="session")
def receipt(rulebook: Rulebook) -> Receipt:
    """Return a receipt with its rules inside."""
    return rulebook.assess("example:centre", ON).receipt(embed_rules=True)


@pytest.fixture
def forge(receipt: Receipt) -> Callable[..., Receipt]:
    """Return a function that changes a receipt and gives it a new digest, as a forger would."""

    def change(edit: Callable[[Any], None], of: Receipt = receipt) -> Receipt:
        data = read_canonical(of.raw)
        edit(data)
        return sealed(data)

    return change
