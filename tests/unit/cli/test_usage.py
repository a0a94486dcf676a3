"""What typer says by itself: Chinese where the run speaks Chinese, its own English otherwise."""

from __future__ import annotations

import re
from typing import Any

import pytest

Run = Any

LINES: dict[str, tuple[str, ...]] = {
    "缺少 PROFILE": ("check",),
    "没有选项 --nope；是否应为 --on？": ("check", "--nope", "x"),
    "没有选项 --xyz": ("--xyz",),
    "没有命令 nope": ("nope",),
    "没有命令 chek；是否应为 check？": ("chek",),
    "没有命令 lst；是否应为 list？": ("rules", "lst"),
    "多出了参数：b": ("check", "a", "b"),
    "选项 --on 后面要有值": ("check", "x", "--on"),
    "选项 --drafts 后面不能有值": ("check", "x", "--drafts=1"),
    "--format 的值不对：没有“xml”，可选：text、json、html、markdown": (
        "check", "x", "--format", "xml",
    ),
    "--lang 的值不对：没有“fr”，可选：zh、en": ("check", "x", "--lang", "fr"),
    "--year 的值不对：应为整数": ("funds", "--year", "abc"),
    "--timeout 的值不对：不能小于 1": ("rules", "prove", "--timeout", "0"),
    "--items 的值不对：不能大于 5": ("rules", "prove", "--items", "9"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "line"), LINES.items(), ids=LINES)
def test_an_error_of_the_command_line_is_chinese(
    run: Run, said: str, line: tuple[str, ...]
) -> None:
    done = run(*line)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == f"错误：{said}"
    if len(done.err.splitlines()) > 1:
        assert done.err.startswith("用法：incentives")
    assert not re.search("Usage|Error|Try '|OPTIONS|ARGS", done.err)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_in_english_it_is_typers_own(run: Run, line: tuple[str, ...]) -> None:
    lang = () if "--lang" in line else ("--lang", "en")
    if not lang:
        return
    done = run(*line, *lang)
    assert done.code == 2
    assert "Error: " in done.err
    assert not re.search("[一-鿿]", done.err)


COMMANDS = [(), ("check",), ("rules",), ("rules", "prove"), ("ask",), ("audit",), ("verify",)]


@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_has_no_english_of_typers(run: Run, line: tuple[str, ...]) -> None:
    done = run(*line, "--help")
    assert done.code == 0
    assert done.out.startswith("用法：incentives")
    english = "Usage|Options|Commands|Arguments|default|required|OPTIONS|COMMAND|ARGS"
    assert not re.search(english, done.out), done.out
    assert "选项：" in done.out
    assert re.search("Usage: incentives.*Options:", run(*line, "-h", "--lang", "en").out, re.DOTALL)


def test_without_a_command_the_help_is_printed(run: Run) -> None:
    for line in ((), ("rules",)):
        done = run(*line)
        assert done.code == 2
        assert "命令：" in done.err + done.out


def test_remarks_about_an_option_are_chinese(run: Run) -> None:
    told = run("rules", "prove", "-h").out
    assert "（默认 10，至少 1）" in told
    assert "（默认 2，1 到 5）" in told
    assert "（必填）" in run("check", "-h").out
