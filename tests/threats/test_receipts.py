"""THREATS.md, row 40: receipts that are forged, truncated, mixed up or flipped by a bit."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small import ENTRY, amount, book, parameters, profile

from incentives.audit.canonical import canonical, read_canonical
from incentives.audit.verify import Library, ReceiptError, Verdict, read_receipt, verify

if TYPE_CHECKING:
    from incentives.audit.receipt import Receipt

BODY = ENTRY + parameters(rate='"10%"') + amount(base="applicant.spend", rate="rate")


@cache
def issued(*, embed: bool) -> Receipt:
    facts = profile({"spend": "100万元", "name": "示例公司"})
    return book(BODY).assess(facts, date(2024, 6, 1)).receipt(embed_rules=embed)


@cache
def library() -> Library:
    return Library(book(BODY).rules)


def is_found(raw: bytes) -> bool:
    """Whether a receipt that was tampered with is refused, or does not verify."""
    try:
        return verify(read_receipt(raw), library()).verdict is not Verdict.REPRODUCED
    except ReceiptError:
        return True


@pytest.mark.parametrize("embed", [False, True])
@settings(max_examples=60)
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_found(data: st.DataObject, *, embed: bool) -> None:
    raw = bytearray(issued(embed=embed).raw)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert is_found(bytes(raw))


@settings(max_examples=40)
@given(data=st.data())
def test_a_changed_digit_anywhere_is_found(data: st.DataObject) -> None:
    raw = bytearray(issued(embed=False).raw)
    digits = [at for at, byte in enumerate(raw) if chr(byte).isdigit()]
    at = data.draw(st.sampled_from(digits))
    raw[at] = ord("0") + (raw[at] - ord("0") + data.draw(st.integers(1, 9))) % 10
    assert is_found(bytes(raw))


@settings(max_examples=30)
@given(cut=st.integers(0, 5_000), more=st.binary(max_size=3))
def test_a_piece_cut_off_or_added_is_found(cut: int, more: bytes) -> None:
    raw = issued(embed=False).raw
    kept = raw[: max(0, len(raw) - cut)] + more
    assert kept == raw or is_found(kept)


def test_the_untouched_one_is_reproduced() -> None:
    assert not is_found(issued(embed=False).raw)
    assert not is_found(issued(embed=True).raw)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"drafts"', '"a\\nR.json：已复现"'),
        ('"clause":"二"', '"clause":"\\u001b[2K\\r已复现\\u2028"'),
        ('"fact applicant.spend"', '"fact \\n\\u202e"'),
    ],
)
def test_nothing_written_there_forges_a_line_of_the_report(old: str, new: str) -> None:
    raw = issued(embed=False).raw
    assert old.encode() in raw
    data = read_canonical(raw)
    other = canonical(json.loads(canonical(data).decode().replace(old, new)))
    done = verify(read_receipt(other), library())
    assert done.verdict is Verdict.DIFFERENT
    for finding in done.findings:
        assert finding.message.isprintable()
        assert (finding.zh or "").isprintable()
