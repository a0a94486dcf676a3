"""Attacks and accidents in rule files, each row of the threat list tried."""

from __future__ import annotations

import ast
import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from tests.small import (
    ENTRY,
    HEAD,
    VOCABULARY,
    amount,
    assess,
    decide,
    entry,
    error,
    parameters,
    rules,
    when,
)

from incentives.api import load
from incentives.diagnostics import RulebookError, Source
from incentives.language.functions import NAMES
from incentives.language.syntax import ALLOWED
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from pathlib import Path

FIXED = amount(fixed="1元")


def codes(text: str) -> list[str]:
    return re.findall(r"error\[(E\d+)\]", text)


@pytest.mark.parametrize(
    "attack",
    [
        "a = " + "[" * 2000 + "]" * 2000,
        "a = " + "{a=" * 500 + "1" + "}" * 500,
        ".".join(["a"] * 20_000) + " = 1",
        "[" + ".".join(["a"] * 2000) + "]",
        "a = '" + "x" * (1 << 20) + "'",
        ("[[a]]\n" * 200_000),
    ],
    ids=["arrays", "tables", "dotted key", "dotted header", "size", "tables in a list"],
)
def test_threat_01_deep_or_long_toml_is_one_quick_error(attack: str) -> None:
    began = time.perf_counter()
    with pytest.raises(RulebookError) as found:
        build_rules([Source("a.toml", attack)])
    assert [finding.code for finding in found.value.findings] == ["E001"]
    assert time.perf_counter() - began < 1.5


@pytest.mark.parametrize("number", ["9" * 19, "0xff", "0o7", "0b1", "1" * 5000, "0x" + "f" * 10**5])
def test_threat_02_huge_and_disguised_integers_are_refused(number: str) -> None:
    assert codes(error(ENTRY + f"[incentive.parameters]\na = {number}\n" + FIXED)) == ["E001"]


@pytest.mark.parametrize("number", ["0.1", "1e999999999", "inf", "-nan", "1e3"])
def test_threat_03_floats_are_refused_with_what_to_write(number: str) -> None:
    text = error(ENTRY + f"[incentive.parameters]\nrate = {number}\n" + FIXED)
    assert codes(text) == ["E010"]
    assert "rate = " + number in text


def test_threat_05_a_misspelt_key_is_an_error_with_the_nearest() -> None:
    text = error(ENTRY + FIXED + 'capp = "1元"\n')
    assert codes(text) == ["E102"]
    assert "did you mean `cap`?" in text


def test_threat_06_two_meanings_of_one_name_show_both_places() -> None:
    text = error(ENTRY + FIXED, more=HEAD + entry("other") + FIXED)
    assert codes(text) == ["E234"]
    assert "--> a.toml:2:1" in text
    assert "--> b.toml:2:1" in text
    both = error(ENTRY + FIXED + ENTRY + FIXED)
    assert codes(both) == ["E272"]
    assert both.count("--> a.toml:") == 2


def test_threat_07_overlapping_periods_are_errors_and_gaps_are_outside() -> None:
    early = entry(effective="{ until = 2022-12-31 }") + FIXED
    assert codes(error(early + entry(effective="{ from = 2022-12-31 }") + FIXED)) == ["E272"]
    assert decide(early).reason == "period"


def test_threat_08_circles_are_found_when_loading_and_shown() -> None:
    circle = "".join(
        entry(name) + when(f'granted("doc/{other}")') + FIXED
        for name, other in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    text = error(circle)
    assert codes(text) == ["E270"]
    for name in "abc":
        assert f"doc/{name}" in text
    override = entry("a", overrides='["doc/b"]') + FIXED + entry("b", overrides='["doc/a"]') + FIXED
    assert codes(error(override)) == ["E270"]


INJECTIONS = [
    "__import__('os').system('true')", "().__class__.__bases__", "applicant.__class__",
    "f'{applicant.name}'", "(lambda: applicant.small)()", "[x for x in contract]",
    "(y := applicant.small)", "eval('1')", "applicant.small if True else exit()",
    "open", "contract[0].ok", "applicant.name % ()", "*applicant", "{**applicant}",
    "print(applicant.small)", "applicant.small; applicant.small", "applicant.small or ...",
    "b'firm' == applicant.kind", "1j == 0", "sum.__globals__", "await applicant.small",
    "applicant.name.format", "{c.ok for c in contract}", "yield applicant.small", "not`x`",
]  # fmt: skip


@pytest.mark.parametrize("attack", INJECTIONS)
def test_threat_09_nothing_but_the_rule_language_is_an_expression(attack: str) -> None:
    found = codes(error(ENTRY + when("on == on").replace("'on == on'", json.dumps(attack)) + FIXED))
    assert found
    assert all(code.startswith("E2") for code in found), found


def test_threat_09_the_set_of_nodes_is_closed() -> None:
    names = {node.__name__ for node in ALLOWED}
    assert names.isdisjoint({"Lambda", "NamedExpr", "JoinedStr", "ListComp", "Await", "Yield",
                             "Starred", "DictComp", "SetComp", "Dict", "List", "Tuple"})  # fmt: skip
    assert all(issubclass(node, ast.AST) for node in ALLOWED)
    assert NAMES.isdisjoint({"eval", "exec", "open", "getattr", "print", "__import__"})


def test_threat_09_a_template_in_a_text_is_only_a_text() -> None:
    body = ENTRY.replace("奖励", "{{ 7 * 7 }}{% raw %}{year}") + FIXED
    assert "{{ 7 * 7 }}{% raw %}{year}" in decide(body).explain("zh")


def test_threat_10_shared_parts_cannot_blow_up_the_cost() -> None:
    chain = "".join(
        f'[[definition]]\nid = "d{at}"\nname = {{ zh = "甲" }}\n'
        f"value = '{'applicant.spend' if not at else f'd{at - 1} + d{at - 1}'}'\n"
        for at in range(40)
    )
    began = time.perf_counter()
    assert "E211" in codes(error(chain + ENTRY + amount(formula="d39")))
    assert time.perf_counter() - began < 2


def test_threat_11_a_text_is_compared_not_matched() -> None:
    body = ENTRY + when('applicant.name in {"(a+)+$"}') + FIXED
    assert decide(body, {"name": "a" * 50}).status == "ineligible"
    assert decide(body, {"name": "(a+)+$"}).status == "eligible"


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\U000e0041"])
def test_threat_12_invisible_and_direction_changing_characters_are_refused(char: str) -> None:
    for body in (ENTRY.replace("奖励", f"奖{char}励") + FIXED,
                 ENTRY + when(f'applicant.name == "{char}"') + FIXED,
                 ENTRY + f'[incentive.parameters]\n"ra{char}te" = "1元"\n' + FIXED):  # fmt: skip
        assert "E012" in codes(error(body))


def test_threat_12_texts_are_in_normal_form_and_ids_are_plain() -> None:
    assert "E012" in codes(error(ENTRY.replace("Award", "Cafe\u0301") + FIXED))
    for name in ("Award", "аward", "a_b", "-a", ""):  # the second begins with a Cyrillic letter
        assert codes(error(ENTRY.replace('id = "award"', f'id = "{name}"') + FIXED)) == ["E103"]
    assert codes(error(ENTRY + when("аpplicant.small") + FIXED)) == ["E216"]


def test_threat_12_a_comment_or_a_look_alike_hides_nothing_in_an_expression() -> None:
    hidden = when("''applicant.small # and\n and applicant.honest''")
    assert codes(error(ENTRY + hidden + FIXED)) == ["E212"]
    assert codes(error(ENTRY + when("applicant.ｓmall") + FIXED)) == ["E213"]


def test_threat_13_only_toml_files_of_the_folder_itself_are_read(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.toml").write_text(VOCABULARY, "utf-8")
    (tmp_path / "a.toml").write_text(HEAD + ENTRY + FIXED, "utf-8")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.toml").write_text("not toml", "utf-8")
    assert list(load(tmp_path).incentives) == ["doc/award"]
    (tmp_path / "a.toml").write_text('include = "../../etc/passwd"\n' + HEAD + ENTRY, "utf-8")
    with pytest.raises(RulebookError, match="E102"):
        load(tmp_path)


def test_threat_04_a_share_that_only_looks_whole_is_refused() -> None:
    text = error(ENTRY + FIXED + "[incentive.funding]\nresidual = 'b'\nshares = [{ payer = 'a',"
                 " share = '0.333333' }, { payer = 'b', share = '0.666666' }]\n")  # fmt: skip
    assert codes(text) == ["E260"]


def test_a_dated_figure_and_a_deep_but_legal_expression_can_still_be_assessed() -> None:
    deep = "not " * 190 + "applicant.small"
    assert decide(ENTRY + when(deep) + FIXED, {"small": True}).status == "eligible"
    wide = " + ".join(["applicant.spend"] * 60)
    found = assess(ENTRY + parameters(few="2") + amount(formula=wide), {"spend": "1元"})
    assert str(found["doc/award"].amount) == "60.00元"
    assert rules(ENTRY + FIXED).incentives
