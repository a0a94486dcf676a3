"""The commands in the documents are run, those named in passing exist with their options.

A block of ``sh`` or ``console`` is run line by line in a directory of its own, in which
``docs``, ``examples`` and ``rules`` stand; only lines that call ``incentives`` count. A
comment ``<!-- exit: 1 -->`` before a block says what its last command ends with, and
``<!-- not run: WHY -->`` that it needs something that is not here.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from incentives.cli.app import make_app

REPOSITORY: Final = Path(__file__).resolve().parents[2]
DOCUMENTS: Final = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/**/*.md"),
        *REPOSITORY.glob("benchmarks/*.md"),
    ]
)
BLOCK: Final = re.compile(
    r"(?:<!-- (exit|not run): (.+?) -->\n+)?^ *```(?:sh|console|bash|shell)\n(.*?)^ *```",
    re.MULTILINE | re.DOTALL,
)
FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN: Final = re.compile(r"(?<!`)`(incentives [^`\n]+)`(?!`)")


def commands(block: str) -> list[list[str]]:
    """Return the arguments of each line that calls ``incentives``."""
    joined = block.replace("\\\n", " ")
    lines = (line.strip().removeprefix("$ ") for line in joined.splitlines())
    return [
        shlex.split(line, comments=True)[1:] for line in lines if line.startswith("incentives ")
    ]


def shell_blocks() -> list[Any]:
    found = []
    for document in DOCUMENTS:
        name = str(document.relative_to(REPOSITORY))
        for mark, says, body in BLOCK.findall(document.read_text("utf-8")):
            lines = commands(body)
            if lines and mark == "not run":
                reason = pytest.mark.skip(reason=says)
                found.append(pytest.param(lines, 0, id=name, marks=reason))
            elif lines:
                found.append(pytest.param(lines, int(says or 0), id=name))
    return found


def mentioned() -> list[Any]:
    """Return the commands that the prose names, and those that cannot be run here."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        lines = set(SPAN.findall(FENCED.sub("", text)))
        for mark, _, body in BLOCK.findall(text):
            if mark == "not run":
                lines |= {shlex.join(["incentives", *each]) for each in commands(body)}
        name = document.relative_to(REPOSITORY)
        found += [pytest.param(line, id=f"{name}: {line[:50]}") for line in sorted(lines)]
    return found


@pytest.mark.parametrize(("lines", "code"), shell_blocks())
def test_every_command_of_a_block_runs(
    lines: list[list[str]], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("docs", "examples", "rules"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    monkeypatch.chdir(tmp_path)
    for at, arguments in enumerate(lines, start=1):
        ended = CliRunner().invoke(make_app(), arguments, prog_name="incentives")
        wanted = code if at == len(lines) else 0
        assert ended.exit_code == wanted, f"{shlex.join(arguments)}\n{ended.output[-2000:]}"


@pytest.mark.parametrize("line", mentioned())
def test_a_command_named_in_passing_exists_with_its_options(line: str) -> None:
    command: Any = get_command(make_app())
    known = {"--lang", "--debug", "--help", "-h"} | {
        option for param in command.params for option in param.opts
    }
    for word in re.sub(r"[…\[\]|]", " ", line).split()[1:]:
        inner = getattr(command, "commands", {})
        if word in inner:
            command = inner[word]
            known |= {option for param in command.params for option in param.opts}
        elif inner:
            assert re.match(r"[A-Z.…]|--", word), f"there is no command {word!r} in {line!r}"
            break
    for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line):
        assert option in known, f"{option} in {line!r}"


def test_a_wrong_command_is_seen() -> None:
    assert commands("$ incentives check x \\\n  --on 2024-06-01  # why\npip install .\n") == [
        ["check", "x", "--on", "2024-06-01"]
    ]
    assert shell_blocks()
    assert mentioned()
    for line in ("incentives chek X", "incentives check X --onn D", "incentives rules lists"):
        with pytest.raises(AssertionError):
            test_a_command_named_in_passing_exists_with_its_options(line)
