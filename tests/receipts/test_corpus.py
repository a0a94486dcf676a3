"""Every receipt that was ever kept is reproduced.

A failure here means that a receipt in somebody's archive cannot be reproduced by
this version. If digests or derivations are written otherwise while every decision
is the same, raise ``incentives.language.core.VERSION``; if a decision came out
otherwise, the change is wrong.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.receipts.make import KEPT, PLACE
from tests.small import ENTRY, amount, book

from incentives.audit.verify import Library, Verdict, read_receipt, verify

if TYPE_CHECKING:
    from pathlib import Path

RECEIPTS = sorted(PLACE.glob("*.json"))


@cache
def library() -> Library:
    return Library(book(ENTRY + amount(fixed="1元")).rules)


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: path.stem)
def test_every_receipt_is_reproduced(path: Path) -> None:
    done = verify(read_receipt(path.read_bytes()), library())
    assert (done.verdict, named(done.differences)) == (Verdict.REPRODUCED, [])


def named(differences: tuple[object, ...]) -> list[str]:
    return [str(one) for one in differences]


def test_the_corpus_is_complete() -> None:
    """``python -m tests.receipts.make`` adds what is missing and changes nothing."""
    assert {path.stem for path in RECEIPTS} >= set(KEPT)


def test_what_is_in_the_corpus_tells_apart() -> None:
    decided = [
        (decision["status"], decision["amount"])
        for path in RECEIPTS
        for decision in read_receipt(path.read_bytes()).data["assessment"]["decisions"]
    ]
    assert {status for status, _ in decided} == {
        "eligible", "ineligible", "undetermined", "not_applicable",
    }  # fmt: skip
    assert len({amount for _, amount in decided}) > 4
