"""What is wrong with the keys of a file is told whole, at once and word for word."""

from __future__ import annotations

from typing import Any

import pytest
from tests.golden import speaks_chinese

from incentives.diagnostics import Finding, Source, render
from incentives.rulebook.files import read_file

HEAD = """\
format = 1
[document]
id           = "tech-city"
title        = { zh = "科技强市方案", en = "City of science" }
issuer       = { zh = "石嘴山市" }
jurisdiction = "640200"
legal_status = "in_force"
effective    = { until = 2025-12-31 }
source       = { name = "001.txt", sha256 = "aecd0930" }
rounding     = { to = "0.01元", mode = "half_up", basis = "assumed" }
"""
ENTRY = """\
[[incentive]]
id          = "contract-award"
name        = { zh = "技术合同奖励", en = "Contract award" }
kind        = "award"
recipient   = ["technology_transfer_center"]
clause      = "二（三）6"
entitlement = "exact"
"""


def read(text: str, name: str = "a.toml") -> tuple[Any, list[Finding]]:
    model, _, found = read_file(Source(name, text))
    speaks_chinese(found)
    return model, found


def codes(text: str) -> list[str]:
    return [finding.code for finding in read(text)[1]]


def only(text: str) -> Finding:
    (finding,) = read(text)[1]
    return finding


GOLDEN = [
    (
        ENTRY.replace('clause      = "二（三）6"\n', "")
        + '[incentive.amount]\nfixed = "1元"\nclause = "二"\n',
        """\
error[E102]: `[incentive.amount]` has no key `clause`
  --> a.toml:19:1
   | clause = "二"
   | ^^^^^^
   = help: `clause` stands inside `[incentive.amount]`: move it above""",
    ),
    (
        ENTRY + '[incentive.amount]\nfixed = "1元"\ncapp = "1元"\n',
        """\
error[E102]: `[incentive.amount]` has no key `capp`
  --> a.toml:20:1
   | capp = "1元"
   | ^^^^
   = help: did you mean `cap`?""",
    ),
    (
        ENTRY + "base = 'x'\n",
        """\
error[E102]: `[incentive]` has no key `base`
  --> a.toml:18:1
   | base = 'x'
   | ^^^^
   = help: `base` belongs to `[incentive.amount]`""",
    ),
    (
        ENTRY.replace("kind  ", "kinds "),
        """\
error[E102]: `[incentive]` has no key `kinds`
  --> a.toml:14:1
   | kinds       = "award"
   | ^^^^^
   = help: did you mean `kind`?""",
    ),
    (
        ENTRY.replace('clause      = "二（三）6"\n', ""),
        """\
error[E101]: `[incentive]` has no `clause`
  --> a.toml:11:1
   | [[incentive]]
   | ^^^^^^^^^^^^^ in this table
   = help: add `clause`""",
    ),
    (
        ENTRY.replace('"exact"', '"upto"'),
        """\
error[E105]: `incentive.entitlement` cannot be "upto"
  --> a.toml:17:15
   | entitlement = "upto"
   |               ^^^^^^ one of: exact, up_to, case_by_case, by_reference, none, exploratory
   = help: did you mean "up_to"?""",
    ),
    (
        ENTRY.replace('"contract-award"', '"Contract_Award"'),
        """\
error[E103]: `incentive.id` is no id: 'Contract_Award'
  --> a.toml:12:15
   | id          = "Contract_Award"
   |               ^^^^^^^^^^^^^^^^ small letters, digits and -; a letter or digit first
   = help: write "contract-award\"""",
    ),
    (
        ENTRY.replace('{ zh = "技术合同奖励", en = "Contract award" }', '"技术合同奖励"'),
        """\
error[E104]: `incentive.name` is a table, not a text
  --> a.toml:13:15
   | name        = "技术合同奖励"
   |               ^^^^^^^^^^^^^^
   = help: write { zh = "…", en = "…" }""",
    ),
    (
        ENTRY.replace('["technology_transfer_center"]', '"enterprise"'),
        """\
error[E104]: `incentive.recipient` is a list, not a text
  --> a.toml:15:15
   | recipient   = "enterprise"
   |               ^^^^^^^^^^^^
   = help: write ["enterprise"]""",
    ),
    (
        ENTRY + 'effective = { from = "2024-01-01" }\n',
        """\
error[E104]: `incentive.effective.from` is a date, not a text
  --> a.toml:18:22
   | effective = { from = "2024-01-01" }
   |                      ^^^^^^^^^^^^
   = help: a date has no quotation marks: 2024-01-01""",
    ),
    (
        ENTRY + "[incentive.amount]\nfixed = \"1元\"\nformula = 'x'\n",
        """\
error[E106]: the amount has `fixed` and `formula`
  --> a.toml:19:1
   | fixed = "1元"
   | ^^^^^ one of them
  --> a.toml:20:1
   | formula = 'x'
   | ^^^^^^^ or this one
   = help: keep one of `fixed`, `base`, `bands`, `table`, `formula`""",
    ),
    (
        ENTRY.replace('"二（三）6"', '" "'),
        """\
error[E107]: `incentive.clause` is empty
  --> a.toml:16:15
   | clause      = " "
   |               ^^^
   = help: write it or delete the key""",
    ),
    (
        ENTRY + "[incentive.parameters]\nrate = 0.1\n",
        """\
error[E010]: `0.1` is a float, which is not exact
  --> a.toml:19:8
   | rate = 0.1
   |        ^^^
   = help: write "0.1" for a ratio, or with a unit for money: "0.1万元\"""",
    ),
]


@pytest.mark.parametrize(("text", "expected"), GOLDEN)
def test_golden_findings(text: str, expected: str) -> None:
    assert render(only(HEAD + text)) == expected


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("[[incentive.condition]]\nid = 'a'\nsays = { zh = '一' }\n", "E106", "none of"),
        ("[[incentive.condition]]\nwhen = 'a'\nsays = { zh = '一' }\n", "E101", "no `id`"),
        ("[[incentive.condition]]\nid = 'a'\nwhen = 'a'\n", "E101", "no `says`"),
        ("[[incentive.condition]]\nid = 'a'\nsays = { zh = '一' }\nany = []\n", "E107", "empty"),
        (
            "[[incentive.condition]]\nid = 'a'\nsays = { zh = '一' }\nany = ['a']\nat_least = 2\n",
            "E108",
            "2 of 1",
        ),
        (
            "[[incentive.condition]]\nid = 'a'\nsays = { zh = '一' }\nall = ['a']\nat_least = 1\n",
            "E106",
            "only with `any`",
        ),
        (
            "[[incentive.condition]]\nid = 'a'\nsays = { zh = '一' }\nany = ['a', {}]\n",
            "E106",
            "none of",
        ),
        ("[incentive.amount]\nbase = 'a'\n", "E106", "only with `rate`"),
        ("[incentive.amount]\ncap = 'a'\n", "E106", "none of"),
        ("[incentive.amount]\nfixed = 'a'\nhit = 'first'\n", "E106", "only with `table`"),
        (
            (
                "[incentive.amount]\ntable = [{ otherwise = true, amount = 'a' },"
                " { when = 'b', amount = 'a' }]\n"
            ),
            "E108",
            "never read",
        ),
        ("[incentive.amount]\ntable = [{ amount = 'a' }]\n", "E106", "the row has none"),
        (
            (
                "[incentive.amount]\nbands = { of = 'a', mode = 'whole',"
                " steps = [{ rate = '1%' }, { rate = '2%' }] }\n"
            ),
            "E106",
            "without a bound",
        ),
        (
            (
                "[incentive.amount]\nbands = { of = 'a', mode = 'whole', steps = "
                "[{ up_to = '1元', below = '1元', rate = '1%' }, { rate = '2%' }] }\n"
            ),
            "E106",
            "`up_to` and `below`",
        ),
        (
            "[incentive.amount]\nbands = { of = 'a', mode = 'whole', steps = [] }\n",
            "E107",
            "empty list",
        ),
        ("[[incentive.instalment]]\nfrom = 2024-01-01\n", "E106", "the instalment has none"),
        ("[incentive.budget]\namount = '1元'\n", "E106", "only with `rule`"),
        ("[incentive.budget]\nplaces = 20\n", "E106", "only with `rank_by`"),
        ("keep = 'first'\n", "E106", "only with `distinct`"),
        ("effective = { from = 2025-01-01, until = 2024-01-01 }\n", "E108", "before it begins"),
        (
            (
                "[[incentive.reading]]\nid = 'a'\nsays = { zh = '一' }\ndefault = true\n"
                "[[incentive.reading]]\nid = 'b'\nsays = { zh = '二' }\ndefault = true\n"
            ),
            "E106",
            "two readings",
        ),
        (
            "[[incentive.reading]]\nid = 'a'\nsays = { zh = '一' }\nrecipients = ['b']\n",
            "E102",
            "recipients",
        ),
        ("[incentive.parameters]\na = true\n", "E104", "not true or false"),
        ("[incentive.parameters]\na = [true]\n", "E104", "not true or false"),
        ("[incentive.parameters]\na = { value = 1, clauses = '一' }\n", "E102", "clauses"),
        ("[incentive.parameters.a]\nclause = '一'\n", "E101", "no `value`"),
        ("[[incentive.amount]]\nfixed = '1元'\n", "E104", "is a table, not a list"),
        ("[incentive.condition]\nid = 'a'\n", "E104", "is a list, not a table"),
        ("where = 'nowhere'\n", "E105", "nowhere"),
        ("distinct = true\n", "E104", "a text, not true or false"),
    ],
)
def test_faults_of_an_incentive(text: str, code: str, part: str) -> None:
    found = [finding for finding in read(HEAD + ENTRY + text)[1] if part in finding.message]
    assert [finding.code for finding in found][:1] == [code], read(HEAD + ENTRY + text)[1]


def test_faults_do_not_hide_one_another() -> None:
    text = HEAD.replace('"in_force"', '"inforce"') + ENTRY.replace("kind  ", "kinds ")
    text += "[incentive.amount]\nfixed = 0.5\nformula = 'x'\n[[group]]\nid = 'g'\nrule = 'cap'\n"
    assert codes(text) == ["E105", "E102", "E106", "E010", "E101"]


def test_findings_have_a_limit() -> None:
    keys_ = "".join(f"key_{index} = 1\n" for index in range(5000))
    found = codes(HEAD + ENTRY + keys_)
    assert (len(found), found[-1]) == (101, "E004")


@pytest.mark.parametrize(
    ("body", "zh", "help_zh"),
    [
        (ENTRY + '[incentive.amount]\nfixed = "1元"\ncapp = "1元"\n', "[incentive.amount] 没有“capp”这个键", "是否应为“cap”？"),
        (ENTRY.replace("kind  ", "knid  "), "[incentive] 没有“knid”这个键", "是否应为“kind”？"),
        (ENTRY.replace('clause      = "二（三）6"\n', ""), "[incentive] 缺少“clause”", "补上“clause”"),
        (ENTRY.replace('"award"', '"awrd"'), '“incentive.kind”不能是 "awrd"', "是否应为“award”？"),
        (ENTRY.replace('["technology_transfer_center"]', '"a"'), "“incentive.recipient”应为列表，不能是文本", '写成 ["a"]'),
        (ENTRY + "once = 0.5\n", "0.5 是浮点数，存不准", None),
        (ENTRY + "published = 2024-06-01T00:00:00\n", "这里只要日期，写的是带时刻的日期", "写 2024-06-01"),
        (ENTRY + "each ＝ 'x'\n", "这里不是 TOML 的写法", "全角的“＝”请改为半角的“=”"),
        (ENTRY + 'each = "x"\neach = "y"\n', "同一个表里“each”写了两次", "只留一处"),
    ],
)  # fmt: skip
def test_key_findings_speak_chinese(body: str, zh: str, help_zh: str | None) -> None:
    found = [each for each in read(HEAD + body)[1] if each.zh == zh]
    assert found, [each.zh for each in read(HEAD + body)[1]]
    assert help_zh is None or found[0].help_zh == help_zh
