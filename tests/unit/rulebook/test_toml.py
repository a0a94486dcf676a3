"""TOML in, data or findings out: limits, refused values, characters nobody can see."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.golden import speaks_chinese

from incentives.diagnostics import Finding, RulebookError, Source, render
from incentives.rulebook.toml import MAX_BYTES, MAX_FINDINGS, decode, read_source, read_toml

if TYPE_CHECKING:
    from pathlib import Path


def findings(text: str) -> list[Finding]:
    found = read_toml(Source("a.toml", text))[2]
    speaks_chinese(found)
    return found


def only(text: str) -> Finding:
    (finding,) = findings(text)
    return finding


def shown(finding: Finding) -> list[str]:
    span_texts = []
    for label in finding.labels:
        span = label.span
        span_texts.append(span.source.text[span.start : span.end])
    return span_texts


def test_good_text_gives_data() -> None:
    data, locator, found = read_toml(Source("a.toml", "a = '1'\nb = [2025-01-01]\n"))
    assert data == {"a": "1", "b": [date(2025, 1, 1)]}
    assert found == []
    assert str(locator.span(("b", 0))) == "a.toml:2:6"


@pytest.mark.parametrize(
    "text", ["a = ", "a = [", "= 1", "a 1", "a = 'x", "[a", "a = 1 b = 2", "a = tru"]
)
def test_text_that_is_not_toml(text: str) -> None:
    finding = only("x = 1\n" + text)
    assert finding.code == "E001"
    assert finding.labels[0].span.line_and_column()[0] == 2


@pytest.mark.parametrize(
    ("text", "mark", "help"),
    [
        ("a ＝ 1", "＝", "full-width `＝`: write `=`"),
        ("a = “x”", "“", 'full-width `“`: write `"`'),
        ("a = [1，2]", "，", "full-width `，`: write `,`"),
        ("［a］", "［", "full-width `［`: write `[`"),
    ],
)
def test_full_width_punctuation_is_named(text: str, mark: str, help: str) -> None:
    finding = only(text)
    assert (finding.code, finding.help, shown(finding)) == ("E001", help, [mark])


def test_a_key_given_twice_shows_both_places() -> None:
    finding = only("[t]\na = 1\nb = 2\na = 3\n")
    assert render(finding) == (
        "error[E001]: `a` stands twice in the same table\n"
        "  --> a.toml:4:1\n"
        "   | a = 3\n"
        "   | ^ again here\n"
        "  --> a.toml:2:1\n"
        "   | a = 1\n"
        "   | ^ first here\n"
        "   = help: keep one of the two"
    )
    assert only("[t]\n[u]\n[t]\n").labels[0].span.line_and_column() == (3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 1000 + "]" * 1000,
        "a = " + "[" * 100_000,
        "a = " + "{b=" * 1000,
        ".".join("a" * 20_000) + " = 1",
        "[" + ".".join("a" * 300_000) + "]",
        "a = " + "9" * 500_000,
        "a = 0x" + "f" * 500_000,
        "a = " + "9" * 5000 + " b",
        "#" * (MAX_BYTES + 1),
        "#" + "中" * (MAX_BYTES // 2),
        '"""\\' * 100_000,
        "'''" * 99_999 + "'",
        'a = "' + "\\" * 500_001,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    data, _, found = read_toml(Source("a.toml", text))
    assert data is None
    assert [finding.code for finding in found] == ["E001"]
    assert time.perf_counter() - start < 2


def test_floats_are_refused_with_what_to_write() -> None:
    found = findings("a = 0.175\nb = [1e9, nan, -inf]\nc = { d = 1e999999999 }")
    assert [finding.code for finding in found] == ["E010"] * 5
    assert found[0].help == 'write "0.175" for a ratio, or with a unit for money: "0.175万元"'
    assert [shown(finding) for finding in found] == [
        ["0.175"],
        ["1e9"],
        ["nan"],
        ["-inf"],
        ["1e999999999"],
    ]


def test_times_are_refused() -> None:
    found = findings("a = 2025-01-01T00:00:00Z\nb = 07:30:00\nc = 2025-01-01 00:00:00")
    assert [finding.code for finding in found] == ["E011"] * 3
    assert found[0].help == "write 2025-01-01"


def test_profiles_keep_floats_and_times_for_their_own_checks() -> None:
    data, _, found = read_toml(Source("a.toml", "a = 0.5\nb = 07:30:00"), profile=True)
    assert data is not None
    assert isinstance(data["a"], float)
    assert found == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a = 'x\u202ey'", 7),
        ("'a\u200b' = 1", 3),
        ("a = 1 # \u2066 hidden", 9),
        ("a = '\ufeff'", 6),
        ("a = '\u3164'", 6),
        ("a = '\u2028'", 6),
        ("a = '\U000e0101'", 6),
        ("a = '\u0085'", 6),
        ("a = '\ue000'", 6),
    ],
)
def test_characters_that_cannot_be_seen(text: str, column: int) -> None:
    finding = only(text)
    assert finding.code == "E012"
    assert finding.labels[0].span.start == column - 1
    assert finding.labels[0].note.startswith("U+")


def test_an_escape_brings_in_nothing_invisible_either() -> None:
    finding = only('a = "x\\u202ey"')
    assert (finding.code, shown(finding)) == ("E012", ['"x\\u202ey"'])
    assert only('"a\\u200b" = 1').code == "E012"
    assert only('a = "e\\u0301"').code == "E012"
    assert findings('a = "tab\\t, line\\n"\nb = "\\u4e2d"') == []


def test_text_is_composed() -> None:
    finding = only("b = 1\na = 'cafe\u0301'")
    assert finding.code == "E012"
    assert finding.labels[0].span.line_and_column()[0] == 2
    assert finding.help == "write: a = 'caf\u00e9'"
    assert only("a = '\uf900'").code == "E012"  # a compatibility ideograph
    assert findings("a = '中文，。（）“”《》、—…　％'") == []


def test_findings_have_a_limit() -> None:
    assert len(findings("a = '" + "\u200bx" * 10_000 + "'")) == MAX_FINDINGS


def test_everything_is_found_at_once() -> None:
    found = findings("a = 0.5\nb = '\u200b'\nc = 07:00:00\n")
    assert sorted(finding.code for finding in found) == ["E010", "E011", "E012"]


def test_bytes_that_are_not_utf8() -> None:
    with pytest.raises(RulebookError) as caught:
        decode("a = 1\nb = '中文'".encode("gb18030"), "a.toml")
    (finding,) = caught.value.findings
    assert finding.code == "E002"
    assert finding.message == "the file is not UTF-8: byte 11 is 0xd6"
    assert finding.help == "the file looks like GB18030 (GBK): save it as UTF-8"
    assert finding.labels[0].span.line_and_column() == (2, 6)
    with pytest.raises(RulebookError, match="UTF-16"):
        decode("a = 1".encode("utf-16"), "a.toml")
    with pytest.raises(RulebookError, match="1 MiB"):
        decode(b"#" * (MAX_BYTES + 1), "a.toml")


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = '''x\r\ny'''\r\n")
    source = read_source(path, shown="rules/a.toml")
    assert (source.path, source.text) == ("rules/a.toml", "a = 1\nb = '''x\ny'''\n")
    assert read_toml(source)[0] == {"a": 1, "b": "x\ny"}


@given(
    st.text(max_size=80)
    | st.text(st.sampled_from("a\"'\\[]{}=,.#\n \t1-:Te0\r\u202e中＝"), max_size=80)
)
def test_law_any_text_gives_data_or_findings(text: str) -> None:
    data, locator, found = read_toml(Source("a.toml", text))
    assert (data is None) <= bool(found)
    for finding in found:
        assert all(0 <= label.span.start <= label.span.end <= len(text) for label in finding.labels)
        render(finding)
    assert locator.span(()).start == 0


@given(st.binary(max_size=80))
def test_law_any_bytes_give_a_source_or_one_finding(raw: bytes) -> None:
    try:
        read_toml(decode(raw, "a.toml"))
    except RulebookError as error:
        found = error.findings
    else:
        return
    assert [finding.code for finding in found] == ["E002"]
    assert render(found[0])


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("a = 2025/12/31", "write the date as 2025-12-31", "日期写成 2025-12-31，不加引号"),
        ("a = 2025-6-30", "write the date as 2025-06-30", "日期写成 2025-06-30，不加引号"),
        (
            "a = { b = 2023年1月1日 }",
            "write the date as 2023-01-01",
            "日期写成 2023-01-01，不加引号",
        ),
        ("a = 2025-02-30", "there is no such day: 2025-02-30", "日历上没有这一天：2025-02-30"),
        ('a = "甲', "a text begins and ends with", "文字前后都要有半角引号"),
        ('a = ["x"、"y"]', "write `,` for `、`", "“、”请改为“,”"),
        ("a = 20万元", 'in quotation marks: "20万元"', '带单位的数要加半角引号："20万元"'),
        ("a = 10%", 'in quotation marks: "10%"', '带单位的数要加半角引号："10%"'),
        ('条款 = "x"', "what should `条款` be?", "键名用英文：“条款”"),
        ('a = { 甲 = "x" }', "what should `甲` be?", "键名用英文：“甲”"),
        ("a = 奖励", 'put the text in quotation marks: "奖励"', '文字要加半角引号："奖励"'),
        ("a = True", "write true", "请写小写的 true"),
        ("a =\nb = 1", "a value is missing", "后面没有写值"),
        ('a = { b = "x" c = "y" }', "a comma or a closing bracket", "漏了逗号或右括号"),
        ('a = "甲"乙"丙，丁"', "a quotation mark inside the text", "里面的引号请用“”"),
    ],
)
def test_what_to_write_instead_is_told(text: str, en: str, zh: str) -> None:
    finding = only(text + "\n")
    assert finding.code == "E001"
    assert en in (finding.help or "")
    assert zh in (finding.help_zh or "")
    assert finding.edits == ()
