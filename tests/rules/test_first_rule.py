"""The pages "write your first rule": every step is done as a reader does it, in both languages.

In a page, a comment before a block says what the block is:

* ``<!-- file: PATH -->``: the whole of a file;
* ``<!-- change: PATH -->``: lines of a file, those with ``-`` go and those with ``+`` come;
* ``<!-- run: COMMAND -->``: what the command prints, and after it ``(exit N)`` unless it is 0.

``INCENTIVES_GOLDEN=write`` puts into the pages what the commands print now.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from typer.testing import CliRunner

from incentives.cli.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("first-rule.md", "first-rule.zh-CN.md")
STEP = re.compile(
    r"<!-- (file|change|run): (.+?)(?: \(exit ([0-9])\))? -->\n+```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL
)  # fmt: skip


class Step(NamedTuple):
    """A block of a page: what kind, of what, how the command ends, and its text."""

    kind: str
    what: str
    code: int
    text: str


def steps(page: str) -> list[Step]:
    found = STEP.findall((DOCS / page).read_text("utf-8"))
    return [Step(kind, what, int(code or 0), text) for kind, what, code, text in found]


def change(path: Path, diff: str) -> None:
    """Change the lines of a file as a block with ``-`` and ``+`` says."""
    lines = diff.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in {" ", "-"})
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in {" ", "+"})
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} does not hold once:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


def printed(command: str) -> tuple[int, str]:
    """Run a command here and return how it ends and what a terminal shows."""
    program, *arguments = shlex.split(command)
    assert program == "incentives"
    done = CliRunner().invoke(make_app(), arguments, prog_name="incentives")
    shown = "\n".join(part.strip("\n") for part in (done.stdout, done.stderr) if part.strip())
    return done.exit_code, "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"


def follow(page: str) -> list[tuple[Step, int, str]]:
    """Take every step of a page here; return each command, how it ended and what it printed."""
    ran = []
    for step in steps(page):
        path = Path(step.what)
        if step.kind == "file":
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.text, "utf-8")
        elif step.kind == "change":
            change(path, step.text)
        else:
            ran.append((step, *printed(step.what)))
    return ran


@pytest.mark.parametrize("page", PAGES)
def test_every_step_of_the_page_is_as_it_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    ran = follow(page)
    if os.environ.get("INCENTIVES_GOLDEN") == "write":
        shown = iter([text for _, _, text in ran])
        path = DOCS / page
        path.write_text(
            STEP.sub(lambda found: _filled(found, shown), path.read_text("utf-8")), "utf-8"
        )
        return
    for step, code, text in ran:
        assert (code, text) == (step.code, step.text), step.what
    rule = (tmp_path / "my-rules" / "sanming.toml").read_text("utf-8")
    assert len(rule.splitlines()) < 40


def _filled(found: re.Match[str], shown: Iterator[str]) -> str:
    if found[1] != "run":
        return found[0]
    return found[0].removesuffix(f"{found[4]}```") + next(shown) + "```"


def test_both_pages_take_the_same_steps() -> None:
    english, chinese = (steps(page) for page in PAGES)
    assert [(s.kind, s.code) for s in english] == [(s.kind, s.code) for s in chinese]
    commands = [
        [s.what.replace("--lang zh", "--lang en") for s in page if s.kind == "run"]
        for page in (english, chinese)
    ]
    assert commands[0] == commands[1]


def test_both_pages_have_the_same_figures() -> None:
    english, chinese = (
        "".join(s.text for s in steps(page) if s.kind != "run" or "check" in s.what)
        for page in PAGES
    )
    for pattern in (
        r"\"[0-9.]+[万元%]*\"",
        r"[0-9][0-9,]*\.[0-9]{2}元",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    ):
        assert set(re.findall(pattern, english)) == set(re.findall(pattern, chinese)) != set()
