"""The documents tell the truth: paths, names, links and printed output exist.

In a document, a code span is a claim when it looks like a path of the
repository (``engine/decide.py`` may leave out ``src/incentives``) or like a
name of the package (``incentives.load``). A python block must run from the
root of the repository. A comment ``<!-- output of: COMMAND -->`` before a text
block says what printed it.
"""

from __future__ import annotations

import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = REPOSITORY / "src" / "incentives"
DOCUMENTS: Final = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/**/*.md"),
        *REPOSITORY.glob("benchmarks/*.md"),
    ]
)
ILLUSTRATIONS: Final = {"my-rules/"}  # directories of the reader's own

SPAN: Final = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
NAME: Final = re.compile(r"incentives(\.\w+)+")
PATH: Final = re.compile(r"[\w.*-]+(/[\w.*-]+)*/?")
SUFFIXES: Final = (".py", ".toml", ".md", ".json", ".yml", ".cfg")
OUTPUT: Final = re.compile(
    r"<!-- output of: (.+?) -->\n+```text\n(.*?)^```", re.MULTILINE | re.DOTALL
)
PLACEHOLDER: Final = "(to be filled with real output)\n"


def prose(text: str) -> str:
    return BLOCK.sub("", text)


def spans(text: str) -> set[str]:
    return set(SPAN.findall(prose(text)))


def is_path(text: str) -> bool:
    """Whether a code span claims that a file or directory exists."""
    if text in ILLUSTRATIONS or not PATH.fullmatch(text) or text.startswith(("*", ".venv")):
        return False
    if "/" not in text:
        return text.endswith(".md")
    first, _, _ = text.partition("/")
    known = (REPOSITORY / first).is_dir() or (PACKAGE / first).is_dir()
    return known or text.endswith((*SUFFIXES, "/"))


def path_exists(text: str, beside: Path) -> bool:
    roots = (REPOSITORY, PACKAGE, beside)
    return any(any(root.glob(text.rstrip("/"))) for root in roots)


def name_exists(name: str) -> bool:
    """Whether ``name`` is a module of the package, or something inside one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            if not hasattr(found, attribute):
                return attribute in getattr(found, "__annotations__", {})
            found = getattr(found, attribute)
        return True
    return False


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as forges make them."""
    headings = re.findall(r"^#+ +(.+?) *$", prose(text), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {word.replace(" ", "-") for word in words}


def label(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def blocks(language: str) -> list[tuple[str, str]]:
    return [
        (label(document), body)
        for document in DOCUMENTS
        for kind, body in BLOCK.findall(document.read_text(encoding="utf-8"))
        if kind == language
    ]


def outputs() -> list[tuple[str, str, str]]:
    return [
        (label(document), command, printed)
        for document in DOCUMENTS
        for command, printed in OUTPUT.findall(document.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=label)
def test_every_path_exists(document: Path) -> None:
    claimed = {text for text in spans(document.read_text(encoding="utf-8")) if is_path(text)}
    assert {text for text in claimed if not path_exists(text, document.parent)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=label)
def test_every_name_exists(document: Path) -> None:
    words = (text.split("(")[0] for text in spans(document.read_text(encoding="utf-8")))
    claimed = {word for word in words if NAME.fullmatch(word)}
    assert {word for word in claimed if not name_exists(word)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=label)
def test_every_local_link_resolves(document: Path) -> None:
    broken = []
    for link in LINK.findall(prose(document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        path = document.parent / place if place else document
        if not path.exists() or (
            anchor and anchor not in anchors(path.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    assert broken == []


def test_every_module_has_its_line_in_the_picture() -> None:
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" or path.read_text(encoding="utf-8").count("\n") > 20
    }
    assert modules - spans(text) == set()


def test_the_readme_is_short() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert len((REPOSITORY / name).read_text(encoding="utf-8").splitlines()) < 150


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python from the root of the repository, as a pipe of 80 columns sees it."""
    return subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("document", "code"), blocks("python"))
def test_every_python_block_runs(document: str, code: str) -> None:
    ended = run("-c", code)
    assert ended.returncode == 0, f"{document}:\n{ended.stderr}"


CONSOLES: Final = [path for path in DOCUMENTS if "\n>>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("document", CONSOLES, ids=label)
def test_every_console_shows_what_python_answers(document: Path) -> None:
    failed, tried = doctest.testfile(str(document), module_relative=False, encoding="utf-8")
    assert tried
    assert not failed


@pytest.mark.parametrize(("document", "command", "printed"), outputs())
def test_every_printed_output_is_what_the_command_prints(
    document: str, command: str, printed: str
) -> None:
    if printed == PLACEHOLDER:
        pytest.skip(f"{document}: the output of `{command}` is not filled in yet")
    program, *arguments = shlex.split(command)
    assert program == "incentives"
    ended = run("-m", "incentives", *arguments)
    assert [line.rstrip() for line in ended.stdout.splitlines()] == printed.splitlines(), (
        ended.stderr
    )


# The guards themselves: a false claim must be seen.
@pytest.mark.parametrize("text", ["src/", "values/nothing.py", "no-such/x.toml", "docs/x", "X.md"])
def test_a_path_is_a_claim(text: str) -> None:
    assert is_path(text)


@pytest.mark.parametrize("text", ["document/incentive", "base × rate", "my-rules/", "a | b", "5/6"])
def test_other_words_are_no_claim(text: str) -> None:
    assert not is_path(text)


def test_a_missing_path_is_seen() -> None:
    assert path_exists("diagnostics.py", REPOSITORY)
    assert path_exists("docs/decisions/*.md", REPOSITORY)
    assert not path_exists("values/nothing.py", REPOSITORY)


def test_a_missing_name_is_seen() -> None:
    assert name_exists("incentives.diagnostics.Span.line_and_column")
    assert name_exists("incentives.diagnostics.Finding.code")
    assert not name_exists("incentives.diagnostics.Spam")
    assert not name_exists("incentives.nothing")


def test_anchors_are_made_as_forges_make_them() -> None:
    assert anchors("## The command line\n\n## 从源码安装？\n") == {"the-command-line", "从源码安装"}
