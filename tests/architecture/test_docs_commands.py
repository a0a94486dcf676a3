"""The commands in the documents are run, those named in passing exist with their options.

The blocks of ``sh`` and ``console`` of a document are run line by line in one directory, in
which ``docs``, ``examples`` and ``rules`` stand and beside them the tables of
``examples/batch``, as a reader has their own; only lines that call ``incentives`` count. A
comment ``<!-- exit: 1 -->`` before a block says what its last command ends with, and
``<!-- not run: WHY -->`` that it needs something that is not here.
"""

from __future__ import annotations

import re
import shlex
import shutil
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
    """Return the commands of each document, block by block, with what the last ends with."""
    found = []
    for document in DOCUMENTS:
        blocks = [
            (commands(body), int(says) if mark == "exit" else 0)
            for mark, says, body in BLOCK.findall(document.read_text("utf-8"))
            if mark != "not run"
        ]
        blocks = [block for block in blocks if block[0]]
        if blocks:
            found.append(pytest.param(blocks, id=str(document.relative_to(REPOSITORY))))
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


@pytest.mark.parametrize("blocks", shell_blocks())
def test_every_command_of_a_document_runs(
    blocks: list[tuple[list[list[str]], int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("docs", "examples", "rules"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    for table in (REPOSITORY / "examples" / "batch").glob("*.csv"):
        shutil.copy(table, tmp_path)
    monkeypatch.chdir(tmp_path)
    for lines, code in blocks:
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
