"""Every finding about a profile: its whole text in a file, and what the profile should say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.golden import check, sections
from tests.small import ENTRY, VOCABULARY, amount, rules

from incentives.diagnostics import ProfileError, Source, render
from incentives.language.core import Text
from incentives.rulebook.model import Period, Region
from incentives.rulebook.profile import MAX_ITEMS, Profile, parse_profile
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.rulebook.model import Vocabulary

GOLDEN = Path(__file__).with_name("profile_findings.txt")
TEXT = VOCABULARY.replace(
    'share = { type = "ratio", label = { zh = "占比" } }',
    'share = { type = "ratio", label = { zh = "占比" }, max = "50%" }\n'
    'code = { type = "text", label = { zh = "统一社会信用代码" }, check = "uscc" }\n'
    'opened = { type = "date", label = { zh = "开业" }, min = 2000-01-01 }\n'
    'fee = { type = "money", label = { zh = "费用" }, max = "10万元" }',
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return rules(ENTRY + amount(fixed="1元"), vocabulary=TEXT).vocabulary


def read(text: str, vocabulary: Vocabulary, name: str = "p.toml") -> Profile:
    data, locate = parse_profile(Source(name, text))
    return Profile(data, vocabulary, path=name, locate=locate)


# name → lines of [applicant] that are refused, and lines that are taken
FACTS = {
    "E305 one value for a series": ('revenue = "1万元"', 'revenue = { 2023 = "1万元" }'),
    "E306 no year": ('revenue = { "23" = "1万元" }', 'revenue = { "2023" = "1万元" }'),
    "E307 unknown fact": ('spendd = "1万元"', 'spend = "1万元"'),
    "E307 list in a table": ("contract = []", 'name = "red"'),
    "E307 unknown fact far away": ('colour = "red"', 'name = "red"'),
    "E311 truth for money": ("spend = true", 'spend = "0元"'),
    "E311 truth for a count": ("staff = true", "staff = 1"),
    "E312 no unit": ("spend = 5000", 'spend = "5000元"'),
    "E312 no unit in a text": ('spend = "5,000"', 'spend = "5,000元"'),
    "E313 ratio for money": ('spend = "10%"', 'spend = "10元"'),
    "E313 list for money": ("spend = [1]", 'spend = "1元"'),
    "E313 text for a count": ('staff = "40"', "staff = 40"),
    "E313 money for a ratio": ('share = "10元"', 'share = "10%"'),
    "E313 number for a text": ("name = 5", 'name = "5"'),
    "E313 word for a date": ('founded_on = "昨天"', "founded_on = 2024-01-01"),
    "E313 Feb 29": ('founded_on = "2023-02-29"', 'founded_on = "2024-02-29"'),
    "E313 Excel serial": ("founded_on = 45292", "founded_on = 2024-01-01"),
    "E313 number for a choice": ("kind = 1", 'kind = "firm"'),
    "E314 finer than a fen": ('spend = "0.001元"', 'spend = "0.01元"'),
    "E314 grouping": ('spend = "1,00元"', 'spend = "1,000元"'),
    "E315 text for a truth": ('small = "true"', "small = true"),
    "E315 number for a truth": ("small = 1", "small = true"),
    "E316 below": ('spend = "-1元"', 'spend = "1元"'),
    "E316 above": ('fee = "11万元"', 'fee = "10万元"'),
    "E316 ratio above": ('share = "60%"', 'share = "50%"'),
    "E316 date below": ("opened = 1999-12-31", "opened = 2000-01-01"),
    "E317 crossed bounds": ('spend = { at_least = "2元", at_most = "1元" }',
                            'spend = { at_least = "1元", at_most = "2元" }'),
    "E328 too long": (f'name = "{"甲" * 10_001}"', 'name = "甲"'),
    "E318 table": ('spend = { low = "1元" }', 'spend = { at_least = "1元" }'),
    "E318 bounds of a text": ('name = { at_least = "a" }', 'name = "a"'),
    "E320 choice": ('kind = "frim"', 'kind = "firm"'),
    "E320 label for a word": ('kind = "企业"', 'kind = "firm"'),
    "E320 far away": ('kind = "xyz"', 'kind = "centre"'),
    "E321 region": ('region = "6402"', 'region = "640200"'),
    "E321 region as a number": ("region = 640200", 'region = "640200"'),
    "E321 industry": ('industry = "制造业"', 'industry = "C39"'),
    "E323 check character": ('code = "91110000600037341A"', 'code = "91110000600037341L"'),
    "E323 from a spreadsheet": ('code = "9.11E+17"', 'code = "91110000600037341L"'),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_a_bad_fact_is_explained_and_a_good_one_is_taken(name: str, vocabulary: Vocabulary) -> None:
    bad, good = FACTS[name]
    with pytest.raises(ProfileError) as found:
        read(f"[applicant]\n{bad}\n", vocabulary)
    (finding,) = found.value.findings
    check(GOLDEN, name, render(finding) + "\n" + render(finding, "zh"))
    assert finding.code == name[:4]
    read(f"[applicant]\n{good}\n", vocabulary)


DATA: dict[str, Any] = {
    "E301 no table": [],
    "E301 applicant": {"applicant": "firm"},
    "E301 item": {"contract": ["2024-0017"]},
    "E302 list": {"contract": {"no": "1"}},
    "E302 text for a list": {"contract": "1"},
    "E303 too many": {"contract": [{}] * (MAX_ITEMS + 1)},
    "E304 twice": {"contract": [{"no": "1"}, {"no": "2"}, {"no": "1"}]},
    "E307 entity": {"aplicant": {}},
    "E310 float for money": {"applicant": {"spend": 0.1}},
    "E310 float for a ratio": {"applicant": {"share": 0.145}},
    "E310 not a number": {"applicant": {"staff": float("nan")}},
    "E310 infinity": {"applicant": {"balance": float("inf")}},
    "E310 float for a bound": {"applicant": {"spend": {"at_least": 0.5}}},
    "E319 time of day": {"applicant": {"founded_on": datetime(2024, 5, 1, 8)}},  # noqa: DTZ001
    "E306 truth for a year": {"applicant": {"revenue": {True: "1元"}}},
    "E306 year twice": {"applicant": {"revenue": {2024: "1元", "2024": "2元"}}},
    "E306 Arabic-Indic year": {"applicant": {"revenue": {"٢٠٢٤": "1元"}}},
    "E322 invisible": {"applicant": {"name": "\u200b甲"}},
    "E314 digits": {"applicant": {"staff": 10**18}},
    "E314 huge number": {"applicant": {"spend": 10**5000}},
    "E314 huge count": {"applicant": {"staff": -(10**5000)}},
    "E315 huge number": {"applicant": {"small": 10**5000}},
    "E321 huge number": {"applicant": {"region": 10**5000}},
    "E306 huge year": {"applicant": {"revenue": {10**5000: "1元"}}},
}


@pytest.mark.parametrize("name", DATA)
def test_bad_data_is_explained(name: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(ProfileError) as found:
        Profile(DATA[name], vocabulary)
    (finding,) = found.value.findings
    check(GOLDEN, name, render(finding) + "\n" + render(finding, "zh"))
    assert finding.code == name[:4]


TEXTS = {
    "E300 JSON": ("p.json", '{"applicant": '),
    "E300 key twice": ("p.json", '{"applicant": {"kind": "firm", "kind": "centre"}}'),
    "E301 JSON list": ("p.json", "[]"),
    "E310 float": ("p.toml", "[applicant]\nspend = 0.1\n"),
    "E319 TOML time of day": ("p.toml", "[applicant]\nfounded_on = 2024-05-01T08:00:00\n"),
    "E012 invisible": ("p.toml", '[applicant]\nname = "\\u200b甲"\n'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_bad_text_is_explained(name: str, vocabulary: Vocabulary) -> None:
    file, text = TEXTS[name]
    with pytest.raises(ProfileError) as found:
        read(text, vocabulary, file)
    check(GOLDEN, name, str(found.value))
    assert f"[{name[:4]}]" in str(found.value)


def test_deep_json_is_refused_not_crashed_on(vocabulary: Vocabulary) -> None:
    with pytest.raises(ProfileError):
        read(
            '{"applicant": {"spend": ' + "[" * 100_000 + "]" * 100_000 + "}}", vocabulary, "p.json"
        )
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for fact in ("spend", "small", "region", "kind", "name", "founded_on"):
        with pytest.raises(ProfileError):
            Profile({"applicant": {fact: deep}}, vocabulary)


def test_every_fault_comes_at_once_with_its_line(vocabulary: Vocabulary) -> None:
    text = '[applicant]\nspend = 5\nsmall = "no"\nkind = "x"\n[[contract]]\npaid = true\n'
    with pytest.raises(ProfileError) as found:
        read(text, vocabulary)
    assert re.findall(r"error\[(E\d+)\]: (\S+):", str(found.value)) == [
        ("E312", "applicant.spend"), ("E315", "applicant.small"), ("E320", "applicant.kind"),
        ("E311", "contract[1].paid"),
    ]  # fmt: skip
    assert re.findall(r"p\.toml:(\d+):", str(found.value)) == ["2", "3", "4", "6"]


def test_extra_facts_are_warnings_when_allowed(vocabulary: Vocabulary) -> None:
    profile = Profile({"applicant": {"smal": True}, "plan": 1}, vocabulary, allow_extra=True)
    assert [(str(w.severity), w.fact) for w in profile.warnings] == [
        ("warning", "plan"), ("warning", "applicant.smal")]  # fmt: skip


def test_a_region_code_given_up_is_a_warning_that_names_its_successor(
    vocabulary: Vocabulary,
) -> None:
    def region(code: str, zh: str, *, until: date | None = None, now: str | None = None) -> Region:
        return Region(code, Text(zh, zh), Period(None, until), now)

    dated = replace(
        vocabulary,
        regions={
            "640322": region("640322", "中宁县旧代码", until=date(2003, 12, 31), now="640521"),
            "640222": region("640222", "陶乐县", until=date(2003, 12, 31)),
            "640521": region("640521", "中宁县"),
        },
    )

    def warned(code: str) -> list[tuple[str, str, str | None]]:
        found = Profile({"applicant": {"region": code}}, dated).warnings
        return [(w.code, str(w.severity), w.zh) for w in found]

    assert warned("640322") == [
        ("E324", "warning", "640322（中宁县旧代码）只用到 2003-12-31，现为 640521（中宁县）")
    ]
    assert warned("640222") == [("E324", "warning", "640222（陶乐县）只用到 2003-12-31")]
    assert warned("640521") == []
    assert warned("640529") == [
        ("E325", "warning", "640529 不在规则所列的同市区县之中，请与营业执照核对")
    ]
    assert warned("640500") == warned("150502") == warned("440300") == []
    assert warned("999999") == [
        ("E325", "warning",
         "999999 的前两位不是任何省、自治区、直辖市的代码，请与营业执照核对")
    ]  # fmt: skip


def test_a_date_after_the_assessment_is_a_warning(vocabulary: Vocabulary) -> None:
    facts = {"applicant": {"founded_on": date(2024, 6, 2)}}
    profile = Profile(facts, vocabulary)
    assert profile.after(date(2024, 6, 2)) == ()
    assert [(w.code, w.fact, w.zh) for w in profile.after(date(2024, 6, 1))] == [
        ("E326", "applicant.founded_on", "2024-06-02 晚于评估日期 2024-06-01")
    ]


@pytest.mark.parametrize("blank", [None, "", " ", "　"])
def test_blank_is_unknown_never_zero(blank: Any, vocabulary: Vocabulary) -> None:
    facts = {"spend": blank, "small": blank, "staff": blank, "revenue": {"2023": blank}}
    record = Profile({"applicant": facts}, vocabulary).applicant
    for key in ("spend", "small", "staff", ("revenue", 2023)):
        assert isinstance(record[key], Unknown), key
    assert record["spend"].lo == 0
    assert record["balance"].lo is None


def test_what_is_taken_becomes_exact_values(vocabulary: Vocabulary) -> None:
    facts = {
        "spend": "５００万元", "share": "12.5%", "founded_on": "2024年5月1日", "staff": 40,
        "opened": "2024年5月", "balance": "-1,234.50元", "region": " 640200 ",
        "revenue": {2023: "1亿元", "2024": {"at_least": "1元", "at_most": "1元"}},
    }  # fmt: skip
    record = Profile({"applicant": facts}, vocabulary).applicant
    assert record["spend"] == 500_0000_00
    assert record["share"] == Fraction(1, 8)
    assert record["founded_on"] == date(2024, 5, 1)
    opened = record["opened"]
    assert (opened.lo, opened.hi) == (date(2024, 5, 1), date(2024, 5, 31))
    assert record["balance"] == -123450
    assert record["region"] == "640200"
    assert record["revenue", 2023] == 10**10
    assert record["revenue", 2024] == 100


def test_unknown_facts_know_their_paths(vocabulary: Vocabulary) -> None:
    profile = Profile({"contract": [{"no": "2024-1"}, {}]}, vocabulary)
    first, second = profile.lists["contract"] or ()
    assert first["paid"].missing == {"contract[2024-1].paid"}
    assert second["paid"].missing == {"contract[2].paid"}
    assert profile.applicant["revenue", 2024].missing == {"applicant.revenue.2024"}
    assert profile.lists["received"] is None
    assert repr(profile) == "<Profile>"
    named = Profile({"applicant": {"name": "甲"}}, vocabulary)
    assert repr(named) == "<Profile '甲'>"
    assert list(named.known()) == [("applicant.name", "甲")]


def test_a_sentence_about_a_profile_can_always_be_written_out(vocabulary: Vocabulary) -> None:
    for text in ('{"\\ud800": 1}', '{"applicant": {"kind": "\\ud800"}}',
                 '{"applicant": {"\\ud800": 1}}', '{"contract": [{"no": "\\ud800"}]}',
                 '{"applicant": {"revenue": {"\\ud800": 1}}}'):  # fmt: skip
        with pytest.raises(ProfileError) as found:
            Profile(json.loads(text), vocabulary)
        assert str(found.value).encode()
        assert "".join(render(each, "zh") for each in found.value.findings).encode()


def test_every_code_of_profiles_has_a_bad_example(repository: Path) -> None:
    raised = set()
    for path in (repository / "src" / "incentives" / "rulebook").glob("*.py"):
        raised |= set(re.findall(r'"(E3\d\d)"', path.read_text("utf-8")))
    shown = " ".join(sections(GOLDEN).values())
    raised -= {"E324", "E325", "E326"}  # warnings, shown above
    raised -= {"E329"}  # after a hundred others: tests/threats/test_facts.py
    assert raised == set(re.findall(r"error\[(E3\d\d)\]", shown))
