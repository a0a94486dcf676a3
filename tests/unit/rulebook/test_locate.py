"""The law of ``locate``: the paths are tomli's, and a value's place holds that value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from incentives.diagnostics import Source
from incentives.rulebook.locate import LimitError, Locator, locate

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = """\
# 说明
format = 1
a.b.c = 'x + y'   # dotted

[document] # header
id = "d"
title = { zh = "标题 # no comment", en = 'Title' }
days = [ 2024-05-01, # first
  2025-12-31,
]

[[incentive]]
id = 'one'
[incentive.amount]
base = 'contract.amount'
bands = { of = "x", steps = [ { up_to = "1万元", rate = "5%" },
  { rate = "2%" } ] }
[[incentive.condition]]
when = "a \\"b\\" c"
[[incentive.condition]]
when = '''
first
second'''

[[incentive]]
"id" = "two"
[incentive.case.facts.applicant]
revenue = { 2023 = "1元", "2024" = \"\"\"2元\"\"\" }
"""


def place(locator: Locator, *path: str | int) -> str:
    span = locator.span(path)
    return span.source.text[span.start : span.end]


@pytest.fixture(scope="module")
def locator() -> Locator:
    return locate(Source("a.toml", TEXT))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("format",), "1"),
        (("a", "b", "c"), "'x + y'"),
        (("document",), "[document]"),
        (("document", "title", "zh"), '"标题 # no comment"'),
        (("document", "days", 1), "2025-12-31"),
        (("incentive",), "[[incentive]]"),
        (("incentive", 0, "amount"), "[incentive.amount]"),
        (("incentive", 0, "amount", "bands", "steps", 1, "rate"), '"2%"'),
        (("incentive", 0, "condition", 1), "[[incentive.condition]]"),
        (("incentive", 1, "id"), '"two"'),
        (("incentive", 1, "case", "facts", "applicant", "revenue", "2024"), '"""2元"""'),
    ],
)
def test_span_of_a_value(locator: Locator, path: tuple[str | int, ...], text: str) -> None:
    assert place(locator, *path) == text


def test_an_absent_path_has_the_nearest_place_around_it(locator: Locator) -> None:
    assert place(locator, "incentive", 0, "amount", "cap") == "[incentive.amount]"
    assert place(locator, "document", "title", "zh", "value") == '"标题 # no comment"'
    assert not locator.has(("incentive", 0, "amount", "cap"))
    assert locator.has(("incentive", 0, "amount"))


def test_span_of_a_key(locator: Locator) -> None:
    def key(*path: str | int) -> str:
        span = locator.key_span(path)
        return TEXT[span.start : span.end]

    assert key("a", "b", "c") == "c"
    assert key("a", "b") == "b"
    assert key("incentive", 1, "id") == '"id"'
    assert key("incentive", 0, "amount") == "amount"
    assert key("document", "days", 0) == "2024-05-01"


def test_a_column_in_an_expression_is_a_column_in_the_file(locator: Locator) -> None:
    span = locator.inside(("a", "b", "c"), 4, 5)
    assert TEXT[span.start : span.end] == "y"
    assert span.line_and_column() == (3, 14)
    span = locator.inside(("incentive", 0, "condition", 1, "when"), 6, 12)
    assert TEXT[span.start : span.end] == "second"
    span = locator.inside(("incentive", 1, "case", "facts", "applicant", "revenue", "2024"), 0, 1)
    assert TEXT[span.start : span.end] == "2"


def test_inside_never_leaves_the_string(locator: Locator) -> None:
    span = locator.inside(("a", "b", "c"), 2, 99)
    assert TEXT[span.start : span.end] == "+ y"
    span = locator.inside(("a", "b", "c"), 50, 99)
    assert span.start == span.end


def test_inside_a_string_with_escapes_is_the_whole_of_it(locator: Locator) -> None:
    span = locator.inside(("incentive", 0, "condition", 0, "when"), 0, 1)
    assert TEXT[span.start : span.end] == '"a \\"b\\" c"'


@pytest.mark.parametrize("value", ["[" * 13 + "]" * 13, "{a=" * 13 + "1" + "}" * 13])
def test_nesting_has_a_limit(value: str) -> None:
    with pytest.raises(LimitError, match="nested"):
        locate(Source("a.toml", f"a = {value}"))
    locate(Source("a.toml", "a = " + "[" * 12 + "]" * 12))


def test_keys_and_numbers_have_limits() -> None:
    for text in ("a.a.a.a.a.a.a.a.a = 1", "[a.a.a.a.a.a.a.a.a]"):
        with pytest.raises(LimitError, match="parts"):
            locate(Source("a.toml", text))
    with pytest.raises(LimitError, match="18 digits"):
        locate(Source("a.toml", f"a = [1, {'9' * 19}]"))
    with pytest.raises(LimitError, match="decimal"):
        locate(Source("a.toml", "a = 0xff"))
    for text in ("a = " + "9" * 18, "a.a.a.a.a.a.a.a = 1", "a = 2024-01-01T00:00:00.123456+08:00"):
        locate(Source("a.toml", text))


def paths(
    node: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in entries:
        yield (*path, key), value
        if isinstance(value, (dict, list)):
            yield from paths(value, (*path, key))


def check_against_tomli(text: str) -> None:
    data = tomli.loads(text)
    found = locate(Source("a.toml", text))
    for path, value in paths(data):
        assert found.has(path), path
        if not isinstance(value, (dict, list)):
            span = found.span(path)
            assert tomli.loads("v = " + text[span.start : span.end])["v"] == value


def test_the_paths_are_those_of_tomli() -> None:
    check_against_tomli(TEXT)


def test_the_shipped_rules_are_located(repository: Any) -> None:
    for path in (repository / "rules").glob("*.toml"):
        check_against_tomli(path.read_text("utf-8"))


KEYS = st.sampled_from(["a", "b", "c-1", "2024", '"q.q"', "'l l'", '"\\u0061x"', '""'])
DOTTED = st.lists(KEYS, min_size=1, max_size=3).map(" . ".join)
SCALARS = st.sampled_from(
    [
        "1",
        "-2",
        "+3",
        "true",
        "2024-05-01",
        "2024-05-01 07:32:00",
        "1.5e3",
        "07:32:00",
        "inf",
        '"a"',
        "'b'",
        '""',
        "''",
        '"中文"',
        '"\\" \\\\"',
        "''''q''''",
        "'# no'",
        '"] } ="',
        '"""x"""',
        '""""q""""',
        "'''\n'l'\n'''",
        '"""\n\\"\\""""',
        '"""a\n# b = 1\n"""',
    ]
)
GAP = st.sampled_from(["", " ", "\t", " # c\n", "\n"])


def joined(parts: list[str], gaps: list[str], ends: str) -> str:
    body = ",".join(f"{gaps[0]}{part}{gaps[1]}" for part in parts)
    return f"{ends[0]}{body}{ends[1]}"


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.builds(
            joined,
            st.lists(inner, max_size=3),
            st.lists(GAP, min_size=2, max_size=2),
            st.just("[]"),
        ),
        st.lists(st.tuples(KEYS, inner), max_size=3, unique_by=lambda pair: pair[0]).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
        ),
    ),
    max_leaves=6,
)
LINES = st.one_of(
    st.tuples(DOTTED, VALUES).map(lambda pair: f"{pair[0]}\t= {pair[1]} # end"),
    DOTTED.map(lambda key: f"[ {key} ]"),
    DOTTED.map(lambda key: f"  [[{key}]]"),
    st.just("# comment = [1"),
    st.just(""),
)


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_law_paths_and_values_agree_with_tomli(text: str) -> None:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        locate(Source("a.toml", text))
        return
    check_against_tomli(text)


@given(st.text(st.sampled_from("a\"'\\[]{}=,.#\n \t1-:Tu0\r"), max_size=60))
def test_law_any_text_is_walked_over(text: str) -> None:
    try:
        found = locate(Source("a.toml", text))
    except LimitError:
        return
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError:
        return
    if "\r" not in text:
        for path, _ in paths(data):
            assert found.has(path)
