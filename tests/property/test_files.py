"""Laws of files: form has no meaning, and any bytes end in the documented errors."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.small import ENTRY, HEAD, ON, VOCABULARY, amount, book, entry, parameters, rules, when

from incentives.api import Rulebook, load
from incentives.diagnostics import ProfileError, RulebookError, Source
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile, parse_profile

TEXT = (
    ENTRY + parameters(rate='"10%"', cap='"20万元"', words='["firm", "centre"]')
    + when("applicant.small and applicant.kind in words") + amount(
        base="applicant.spend", rate="rate", cap="cap") + entry("other") + amount(fixed="1元")
)  # fmt: skip


def reformatted(text: str, rng: random.Random) -> str:
    """Return the same TOML with other blanks, comments and empty lines."""
    out = []
    for line in text.splitlines():
        key, equals, value = line.partition(" = ")
        if equals and not key.strip().startswith("["):
            line = f"{key}{' ' * rng.randrange(3)}={' ' * rng.randrange(3)}{value}"  # noqa: PLW2901
        out += [" " * rng.randrange(3) + line + rng.choice(["", "  # 注：rate = 1", "\t"])]
        out += rng.choice([[], [""], ["# [incentive.amount]"]])
    return "\n".join(out)


@settings(max_examples=30)
@given(st.integers(0, 10**9))
def test_law_14_blanks_and_comments_do_not_change_the_digests(seed: int) -> None:
    found = Rulebook(rules(reformatted(TEXT, random.Random(seed)) + "\n"))
    assert found.digest == book(TEXT).digest
    assert found.text_digest == book(TEXT).text_digest


@settings(max_examples=30)
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_law_14_another_figure_is_another_digest(a: int, b: int) -> None:
    one, two = (Rulebook(rules(TEXT.replace("20万元", f"{x}元"))).digest for x in (a, b))
    assert (one == two) == (a == b)


def test_law_15_the_same_text_loads_to_equal_rules() -> None:
    assert rules(TEXT) == rules(TEXT)


# ── law 29: any bytes, any JSON ──────────────────────────────────────────────

PIECES = ["[[incentive]]", "[incentive.amount]", "fixed = ", "'applicant.spend'", '"1元"', "\n", "=",
          "{", "}", "[", "]", "'", '"', "#", "\\", "\x00", "\u202e", "\ufeff", "1e999", "0x1", "nan",
          "when = ", "'sum(c.paid for c in contract'", "a.b.c.d", "2024-13-01", ",", "１", "，",
          "base = ", "[incentive.parameters]", "[[group]]", 'members = ["doc/award"]', "'**'"]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25))
@example(["[" * 2000])
@example(["a", ".a" * 500, "=1"])
def test_law_29_any_text_as_a_rule_file_ends_in_the_documented_error(pieces: list[str]) -> None:
    text = "".join(pieces)
    for body in (text, HEAD + text, HEAD + ENTRY + text):
        try:
            build_rules([Source("vocabulary.toml", VOCABULARY), Source("a.toml", body)])
        except RulebookError as error:
            assert str(error)


@settings(max_examples=60)
@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00")
@example("format = 1\n".encode("utf-16"))
def test_law_29_any_bytes_as_a_rule_file_end_in_the_documented_error(raw: bytes) -> None:
    path = _folder() / "a.toml"
    path.write_bytes(raw)
    with pytest.raises(RulebookError):
        load(path)


@cache
def _folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp())


@settings(max_examples=200)
@given(st.text(st.sampled_from("applicant.smkyrevu()[]{}<>=!+-*/ \"'0123,:#@;\\if else and or not\n＞，中\x00"),
               max_size=60))  # fmt: skip
@example("applicant.spend " + "- 1 " * 190)
@example("not " * 190 + "applicant.small")
@example("f'{applicant.name}'")
@example("(x := 1)")
@example("\t\n ")
def test_law_29_any_text_as_an_expression_ends_in_the_documented_error(text: str) -> None:
    body = HEAD + ENTRY + when("@").replace("'@'", json.dumps(text)) + amount(fixed="1元")
    try:
        tomli.loads(body)
    except tomli.TOMLDecodeError:
        return
    try:
        build_rules([Source("vocabulary.toml", VOCABULARY), Source("a.toml", body)])
    except RulebookError as error:
        assert str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["1元", "20万元", "10%", "firm", "640200", "C39", "2024-05-01", "1e9元", "-0元"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["at_least", "at_most", "2024", "no", "paid"]) | st.text(max_size=4),
                      inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
NAMES = ["kind", "name", "region", "industry", "small", "staff", "share", "spend", "balance",
         "revenue", "founded_on"]  # fmt: skip
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "applicant": st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4) | JSON,
        "contract": st.lists(st.dictionaries(st.sampled_from(["no", "paid", "ok", "score"]), JSON),
                             max_size=3) | JSON,
        "received": JSON, "decided": JSON,
    },
)  # fmt: skip


def outcome(data: Any) -> Any:
    """Assess what is a profile; a text for anything that is refused."""
    try:
        return book(TEXT).assess(data, ON)
    except ProfileError as error:
        return str(error)


@settings(max_examples=200)
@given(LIKELY)
def test_law_29_any_json_as_facts_ends_in_the_documented_error(data: Any) -> None:
    found = outcome(data)
    if not isinstance(found, str):
        assert found.to_dict()


@settings(max_examples=100)
@given(JSON)
def test_law_29_any_json_at_all_as_a_profile(data: Any) -> None:
    vocabulary = book(TEXT).vocabulary
    try:
        Profile(data, vocabulary)
    except ProfileError as error:
        assert str(error)
    try:
        parsed, locate = parse_profile(Source("p.json", json.dumps(data)))
        Profile(parsed, vocabulary, locate=locate)
    except ProfileError as error:
        assert str(error)


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_law_29_any_text_as_a_profile_file(text: str) -> None:
    for name in ("p.toml", "p.json"):
        try:
            parse_profile(Source(name, text))
        except ProfileError as error:
            assert str(error)
