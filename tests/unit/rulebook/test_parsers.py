"""What parsers say reaches nobody in their own words: provoked, one fault of each kind."""

from __future__ import annotations

import json
import re

import pytest
from tests.golden import speaks_chinese

from incentives.audit.canonical import NotCanonicalError, read_canonical
from incentives.diagnostics import ProfileError, Source
from incentives.rulebook.parsers import json_fault, toml_fault
from incentives.rulebook.profile import parse_profile

JSON = {
    '{"a": 1,}': "第1行第",
    "{a: 1}": "第1行第2列：此处应为带双引号的键",
    '{\n"a" 1}': "第2行第5列：键和值之间缺少冒号",
    '{"a": 1 "b": 2}': "第1行第9列：两项之间缺少逗号",
    "[1 2]": "第1行第4列：两项之间缺少逗号",
    "": "第1行第1列：此处应有一个值",
    '{"a": }': "第1行第7列：此处应有一个值",
    '{"a": "x': "第1行第7列：从此处开始的文字没有收尾的双引号",
    '{"a": 1} x': "第1行第10列：JSON 到此处之前已经结束",
    '{"a": "\t"}': "第1行第8列：文字里有换行或制表符",
    '{"a": "\\q"}': "第1行第8列：反斜杠用法不对",
    '{"a": "\\u12"}': "反斜杠用法不对",
    "[" * 100_000: "嵌套层数太多",
    '{"a": 1' + "0" * 5_000 + "}": "有一个数的位数太多",
}  # fmt: skip
LATIN = re.compile("[A-Za-z]{2,}")
OWN = {"JSON", "BOM", "UTF", "true", "false", "null", "json"}


@pytest.mark.parametrize("text", JSON, ids=lambda text: text[:12])
def test_a_fault_of_json_is_told_in_chinese(text: str) -> None:
    with pytest.raises(ProfileError) as found:
        parse_profile(Source("a.json", text))
    (finding,) = found.value.findings
    assert JSON[text] in finding.zh
    assert set(LATIN.findall(finding.zh)) <= OWN, finding.zh
    speaks_chinese([finding])


@pytest.mark.parametrize("text", JSON, ids=lambda text: text[:12])
def test_a_receipt_that_is_no_json_is_told_the_same(text: str) -> None:
    with pytest.raises(NotCanonicalError) as found:
        read_canonical(text.encode())
    assert set(LATIN.findall(found.value.zh)) <= OWN, found.value.zh
    assert not re.search("Expecting|delimiter|char [0-9]", found.value.en)


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(NotCanonicalError) as found:
        read_canonical(b"{\xff")
    assert found.value.zh == "不是 JSON（第2个字节不是 UTF-8 编码）"
    assert found.value.en == "it is not JSON (byte 2 is no part of UTF-8)"


def test_what_a_parser_says_anew_is_told_by_its_place() -> None:
    error = json.JSONDecodeError("Something quite new", "{\n  x", 4)
    assert json_fault(error) == (
        "line 2, column 3: this is not written as it should be",
        "第2行第3列：此处写法不对",
    )
    assert json_fault(OSError("quite another")) == (
        "this is not written as it should be",
        "此处写法不对",
    )
    assert toml_fault("something quite new") == "此处写法不对"


TOML = [
    "x", "a = 1 b = 2", "a", "[a", "[[a]", "a = [1", "a = {b = 1", "a =", "= 1", "a = 2024-13-01",
    'a = "\\q"', 'a = "\\u12"', 'a = "\\ud800"', 'a = "x', "a = 'x", 'a = """x', 'a = "\x01"',
    "a = 1\na = 2", "a = {b = 1, b = 2}", "[a]\n[a]", "a = {}\n[a.b]", "a = 1\n[a]", "a.b = 1\na = 2",
    "a = 1\n# \x01",
]  # fmt: skip


@pytest.mark.parametrize("text", TOML)
def test_a_fault_of_toml_is_told_in_chinese(text: str) -> None:
    with pytest.raises(ProfileError) as found:
        parse_profile(Source("a.toml", text))
    for finding in found.value.findings:
        assert set(LATIN.findall(finding.zh)) <= {"TOML", "UTF"}, finding.zh
        assert "解析器" not in finding.zh
