"""``error``, ``examples``, ``version``, help, languages, colour and pipes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from incentives.catalogue import CATALOGUE
from incentives.cli.app import make_app
from incentives.cli.frame import hoist, language
from incentives.cli.words import HELP
from incentives.resources import examples_path

if TYPE_CHECKING:
    from pathlib import Path

Run = Any


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_its_page(run: Run, code: str) -> None:
    entry = CATALOGUE[code]
    done = run("error", code.lower())
    assert (done.code, done.err) == (0, "")
    assert together(entry.title.zh) in together(done.out)
    assert together(entry.remedy.en) in together(run("error", code, "--lang", "en").out)


def together(text: str) -> str:
    """Return a text without the breaks and spaces of its lines."""
    return "".join(text.split())


def test_an_unknown_code_is_usage_with_the_nearest(run: Run) -> None:
    done = run("error", "E21", "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "E210, E211, E212" in done.err


def test_a_word_for_a_failed_computation_has_its_sentence(run: Run) -> None:
    assert "除数为零" in run("error", "zero-divisor").out


def test_examples_are_listed_with_a_line_each(run: Run) -> None:
    data = json.loads(run("examples", "--format", "json").out)
    assert [each["name"] for each in data] == sorted(p.stem for p in examples_path().glob("*.toml"))
    assert all(each["about"] for each in data)
    assert "example:centre" in run("examples").out


def test_version_names_the_rules(process: Any) -> None:
    import incentives

    done = process("version")
    assert done.code == 0
    assert incentives.__version__ in done.out
    assert "sha256:" in done.out


def texts(command: Any) -> set[str]:
    """Return every text of the help of a command and those below it, in paragraphs."""
    found = {" ".join(part.split()) for part in (command.help or "").split("\n\n")}
    for param in command.params:
        found |= {" ".join((getattr(param, "help", None) or "").split())}
    for inner in getattr(command, "commands", {}).values():
        found |= texts(inner)
    return found - {""}


def test_all_help_is_in_chinese_too() -> None:
    from typer.main import get_command

    assert texts(get_command(make_app())) <= set(HELP)


@pytest.mark.parametrize(("lang", "said"), [("zh", "评估一份申报资料"), ("en", "Assess a profile")])
def test_help_speaks_the_language(run: Run, lang: str, said: str) -> None:
    assert said in run("--help", "--lang", lang).out
    assert said in run("check", "--help", f"--lang={lang}").out
    assert run("--lang", lang).code in {0, 2}


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_locale_or_chinese(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], lang: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert language([]) == lang
    assert language(["--lang", "en"]) == "en"


def test_options_for_all_may_stand_anywhere() -> None:
    assert hoist(["check", "p", "--lang", "en", "--debug"]) == (
        ["--lang", "en", "--debug"],
        ["check", "p"],
    )
    assert hoist(["check", "--", "--debug"]) == ([], ["check", "--", "--debug"])


# ── a process of its own ─────────────────────────────────────────────────────


def test_a_process_leaves_with_the_exit_code(process: Any, rules: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[applicant]\nkind = 0.5\n", "utf-8")
    check = ("check", broken, "--on", "2024-06-01", "--rules")
    assert process(*check, rules).code == 3
    assert process(*check, tmp_path / "absent").code == 1
    assert process("check").code == 2
    assert process("rules", "list", "--rules", rules).code == 0


def test_a_check_imports_nothing_that_draws(rules: Path, centre: Path) -> None:
    """The command line starts afresh each time: what draws tables and pages may wait."""
    line = ["check", str(centre), "--rules", str(rules), "--on", "2024-06-01", "--format", "json"]
    command = [sys.executable, "-X", "importtime", "-m", "incentives", *line]
    done = subprocess.run(command, capture_output=True, check=True)
    imported = {text.rpartition("|")[2].strip() for text in done.stderr.decode().splitlines()}
    assert "typer" in imported
    assert {name for name in imported if name.split(".")[0] in {"rich", "jinja2"}} == set()


def test_a_pipe_gets_no_colour(process: Any, rules: Path) -> None:
    for line in (("rules", "list", "--rules", rules), ("rules", "lint", "--rules", rules)):
        assert "\x1b" not in process(*line).out


def test_a_narrow_encoding_is_no_crash(process: Any, rules: Path) -> None:
    done = process("rules", "list", "--rules", rules, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.code == 0
    assert "contract-award" in done.out


def test_a_reader_that_has_read_enough_is_no_error(rules: Path) -> None:
    command = [sys.executable, "-m", "incentives", "rules", "list", "--rules", str(rules)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        err = started.stderr.read()
    assert b"Error" not in err
    assert started.returncode == 0


def on_a_terminal(rules: Path, **env: str) -> bytes:
    """Return what a terminal would get on both streams."""
    ours, theirs = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [sys.executable, "-m", "incentives", "rules", "lint", "--rules", str(rules)]
    subprocess.run(
        command, stdout=theirs, stderr=theirs, check=False, env={**kept, "TERM": "xterm", **env}
    )
    os.close(theirs)
    read = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        read += part
    os.close(ours)
    return read


def test_a_terminal_gets_colour_unless_it_says_no(rules: Path) -> None:
    assert b"\x1b[" in on_a_terminal(rules)
    assert b"\x1b[" not in on_a_terminal(rules, NO_COLOR="1")
