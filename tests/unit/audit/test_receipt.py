"""Receipts: the same bytes whatever the surroundings, and everything in them is text."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small import ENTRY, amount, book, profile

from incentives.api import Rulebook
from incentives.audit.canonical import NotCanonicalError, canonical, read_canonical
from incentives.audit.verify import Library, Verdict, verify
from incentives.diagnostics import Source
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from incentives.audit.receipt import Receipt

ON = date(2024, 6, 1)
DOCUMENTS = ("ningxia-rd-subsidy-2022.toml", "shizuishan-tech-city-2023.toml")
BODY = ENTRY + amount(base="applicant.spend", rate="10%", cap="20万元")
ROOT = Path(__file__).resolve().parents[3]
PRINT = """
import sys
sys.path.insert(0, {source!r})
from datetime import date
from decimal import Context, Inexact, getcontext, setcontext
{hostile}
import incentives
rulebook = incentives.load(*{files!r})
for name in ("centre", "almost-unknown"):
    receipt = rulebook.assess("example:" + name, date(2024, 6, 1)).receipt(embed_rules=True)
    sys.stdout.write(receipt.digest + " " + str(len(receipt.raw)) + "\\n")
"""
HOSTILE: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "as it is": ((), {}, ""),
    "far away, optimised, another hash seed": (
        ("-OO",), {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"},
        "",
    ),
    "no utf-8, long numbers, a tiny decimal context that traps": (
        ("-X", "utf8=0"),
        {"LC_ALL": "C", "PYTHONINTMAXSTRDIGITS": "0", "PYTHONHASHSEED": "1", "TZ": "UTC+12"},
        "setcontext(Context(prec=5, traps=[Inexact]))",
    ),
}  # fmt: skip


def printed(python: str, hostile: str, tmp: Path) -> str:
    options, env, code = HOSTILE[hostile]
    names = ("vocabulary.toml", "regions.toml", *DOCUMENTS)
    files = [str(ROOT / "rules" / name) for name in names]
    script = PRINT.format(source=str(ROOT / "src"), files=files, hostile=code)
    done = subprocess.run(
        [python, *options, "-c", script], cwd=tmp, env={**os.environ, **env},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_law_16_the_same_bytes_in_any_surroundings(tmp_path: Path) -> None:
    found = {name: printed(sys.executable, name, tmp_path) for name in HOSTILE}
    assert set(found.values()) == {found["as it is"]}
    assert found["as it is"].count("sha256:") == 2


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14", "3.15"])
def test_law_16_the_same_bytes_on_every_python(version: str, tmp_path: Path) -> None:
    python = shutil.which(f"python{version}")
    if python is None or f"{sys.version_info.major}.{sys.version_info.minor}" == version:
        pytest.skip(f"python{version} is this one, or not here")
    needed = "import pydantic, tomli, rfc8785"
    if subprocess.run([python, "-c", needed], capture_output=True, check=False).returncode:
        pytest.skip(f"python{version} lacks what the library needs")
    assert printed(python, "as it is", tmp_path) == printed(sys.executable, "as it is", tmp_path)


def numbers(data: Any) -> list[Any]:
    if isinstance(data, dict | list):
        parts = data.values() if isinstance(data, dict) else data
        return [found for part in parts for found in numbers(part)]
    return [data] if isinstance(data, float) else []


def test_a_receipt_holds_no_float_and_says_all(receipt: Receipt) -> None:
    data = json.loads(receipt.raw)
    assert data == receipt.data
    assert numbers(data) == []
    assert data["format"] == "incentives/receipt/1"
    assert (data["on"], data["known_on"]) == ("2024-06-01", None)
    ranges = {one["incentive"]: one["range"] for one in data["assessment"]["decisions"]}
    award = ranges["shizuishan-tech-city/technology-contract-award"]
    assert award == {"low": "523456.79", "high": "723456.79"}
    assert len(data["derivations"]) == len(data["assessment"]["decisions"])
    assert [file["name"] for file in data["rules"]] == sorted(f["name"] for f in data["rules"])
    assert "/" not in "".join(file["name"] for file in data["rules"])


def test_where_the_rules_lie_changes_nothing(tmp_path: Path) -> None:
    body = ENTRY + amount(formula="applicant.spend * (applicant.spend / applicant.balance)")
    facts = profile({"spend": "1万元", "balance": "0元"})
    raw = book(body).assess(facts, ON).receipt(embed_rules=True).raw
    moved = [
        Source(str(tmp_path / f"{at}" / source.path), source.text)
        for at, source in enumerate(book(body).rules.sources)
    ]
    assert Rulebook(build_rules(moved)).assess(facts, ON).receipt(embed_rules=True).raw == raw
    assert b"zero-divisor" in raw


def test_the_original_text_is_kept_beside_the_reading() -> None:
    facts = profile({"spend": "５００万元", "revenue": {2024: "1亿元"}, "founded_on": "2020-05"})
    data = book(BODY).assess(facts, ON).receipt().data
    assert data["facts"]["written"]["applicant"]["spend"] == "５００万元"
    read = {one["fact"]: one["value"] for one in data["facts"]["read"]}
    assert read["applicant.spend"] == "5000000元"
    assert read["applicant.revenue.2024"] == "100000000元"
    assert read["applicant.founded_on"]["low"] == "2020-05-01"
    assert data["rules"] is None


def test_the_order_of_keys_in_a_profile_changes_nothing() -> None:
    facts = profile({"spend": "1万元", "staff": 10**17, "odd": 1.5, "名": 2})
    turned = {"applicant": dict(reversed(facts["applicant"].items()))}
    one, other = (
        book(BODY).assess(each, ON, allow_extra=True).receipt() for each in (facts, turned)
    )
    assert one.raw == other.raw
    assert one.data["facts"]["written"]["applicant"]["staff"] == {"#": str(10**17)}
    assert one.data["facts"]["written"]["applicant"]["odd"] is None
    assert verify(one, Library(book(BODY).rules)).verdict is Verdict.REPRODUCED


def test_half_a_character_in_a_name_nobody_knows() -> None:
    facts = {**profile({"\ud800": 1}), "\udfff": 2}
    issued = book(BODY).assess(facts, ON, allow_extra=True).receipt()
    assert verify(issued, Library(book(BODY).rules)).verdict is Verdict.REPRODUCED


def test_history_and_options_are_replayed() -> None:
    paid = [{"incentive": "doc/award", "amount": "1万元", "year": 2023}]
    for facts, keys in (
        (profile({"spend": "1万元", "received": paid}), {}),
        (profile({}), {"assume_no_history": True, "drafts": True}),
        (profile({"contract": []}), {"only": ["doc/award"]}),
    ):
        issued = book(BODY).assess(facts, ON, **keys).receipt()
        assert verify(issued, Library(book(BODY).rules)).verdict is Verdict.REPRODUCED


# ── canonical JSON ───────────────────────────────────────────────────────────

TEXTS = st.text('ab"\\\x00\x7f\né名\uffff𝄞', max_size=4)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50)
@given(DATA)
def test_canonical_json_is_read_back(data: Any) -> None:
    assert read_canonical(canonical(data)) == data


@pytest.mark.parametrize(
    "raw",
    [
        b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1}\n', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}',
        b'{"a":1,"a":1}', b"[9007199254740992]", b"[" * 5000, b"[" * 500 + b"]" * 500, b"\xff", b"",
        b'{"a":"\\u0041"}', b"-0", b"1" * 5000, b'"\\ud800"', b'"\xed\xa0\x80"',
    ],
)  # fmt: skip
def test_any_other_text_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonicalError) as caught:
        read_canonical(raw)
    assert caught.value.zh


def test_without_the_package_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc8785", None)
    with pytest.raises(ImportError, match=r"pip install 'incentives\[receipts\]'"):
        canonical({})
