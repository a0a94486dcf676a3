"""``rules coverage`` as a rule author runs it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Any
TEXT = "三、按照实际履行金额的 10%\n给予奖励。另给3万元。\n"


@pytest.fixture
def source(rules: Path) -> Path:
    path = rules.parent / "plan.txt"
    path.write_text(TEXT, "utf-8")
    plan = rules / "plan.toml"
    named = f'source = {{ name = "plan.txt", sha256 = "{sha256(TEXT.encode()).hexdigest()}" }}\n'
    text = plan.read_text("utf-8").replace("effective =", named + "effective =", 1)
    plan.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_beside_the_rules(run: Run, rules: Path, source: Path, lang: str) -> None:
    line = ("rules", "coverage", "plan", "--rules", rules, "--source", source, "--lang", lang)
    done = run(*line)
    assert done.code == 0
    assert "✓ 三、按照实际履行金额的 10%" in done.out
    assert "✗ 另给3万元。" in done.out
    assert done.err == ""
    data = json.loads(run(*line, "--format", "json").out)
    assert (data["sentences_with_figures"], data["cited_of_these"]) == (2, 1)
    assert run(*line, "--format", "html").out.startswith("<!doctype html>")


@pytest.mark.parametrize(("lang", "said"), [("zh", "--source"), ("en", "not shipped")])
def test_without_a_source_the_rules_say_which_it_is(
    run: Run, rules: Path, source: Path, lang: str, said: str
) -> None:
    done = run("rules", "coverage", "plan", "--rules", rules, "--lang", lang)
    assert (done.code, done.out) == (2, "")
    assert source.name in done.err
    assert said in done.err


def test_another_text_than_the_rules_were_written_from_is_told(
    run: Run, rules: Path, source: Path
) -> None:
    source.write_text(TEXT + "改了一个字", "utf-8")
    done = run("rules", "coverage", "plan", "--rules", rules, "--source", source)
    assert done.code == 0
    assert "sha256" in done.err


def test_what_is_not_there_is_usage(run: Run, rules: Path, source: Path) -> None:
    assert run("rules", "coverage", "paln", "--rules", rules, "--source", source).code == 2
    assert run("rules", "coverage", "plan", "--rules", rules, "--source", "none.txt").code == 2
