"""The hooks of ``.pre-commit-hooks.yaml`` do what they say when they are called as pre-commit does.

pre-commit runs, at the root of the using repository, the entry, its arguments and, unless
``pass_filenames`` is false, the changed files that match ``files``.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from tests.unit.authoring.rulebooks import RULES, VOCABULARY, changed
from typer.testing import CliRunner

from incentives.authoring.layout import layout
from incentives.cli.app import make_app

REPOSITORY = Path(__file__).resolve().parents[2]


def hooks() -> dict[str, dict[str, Any]]:
    """Read the hooks: a list of flat tables, which is all that the file needs."""
    text = (REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8")
    found: dict[str, dict[str, Any]] = {}
    for block in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
        pairs = (line.strip().partition(": ") for line in block.splitlines())
        hook: dict[str, Any] = {key: value for key, _, value in pairs}
        hook["args"] = re.findall(r"[^\s,\[\]]+", hook.get("args", ""))
        found[hook["id"]] = hook
    return found


def called(hook: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    about = hooks()[hook]
    names = [path.relative_to(repository).as_posix() for path in sorted(repository.rglob("*.toml"))]
    passed = [name for name in names if re.search(about["files"], name)]
    program, *entry = shlex.split(about["entry"])
    assert program == "incentives"
    more = [] if about.get("pass_filenames") == "false" else passed
    monkeypatch.chdir(repository)
    monkeypatch.setenv("LANG", "en")
    line = [*entry, *about["args"], *more]
    done = CliRunner().invoke(make_app(), line, prog_name="incentives")
    return done.exit_code, done.output


@pytest.fixture
def using(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "vocabulary.toml").write_text(layout(VOCABULARY), "utf-8")
    (tmp_path / "rules" / "doc.toml").write_text(layout(RULES), "utf-8")
    (tmp_path / "pyproject.toml").write_text("[ project ]\nname='x'\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("hook", ["incentives-fmt", "incentives-lint", "incentives-test"])
def test_good_rules_pass_every_hook(
    hook: str, using: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(hooks()) == {"incentives-fmt", "incentives-lint", "incentives-test"}
    before = {path: path.read_bytes() for path in using.rglob("*.toml")}
    code, said = called(hook, using, monkeypatch)
    assert code == 0, said
    assert {path: path.read_bytes() for path in using.rglob("*.toml")} == before


@pytest.mark.parametrize(
    ("hook", "old", "new", "said"),
    [
        ("incentives-lint", 'cap = "20万元"', 'cap = "20万元"\nspare = 1', "W404"),
        ("incentives-lint", 'kind = "subsidy"', 'knid = "subsidy"', "E102"),
        ("incentives-test", 'amount = "10万元"', 'amount = "11万元"', "below the cap"),
    ],
)
def test_what_is_wrong_stops_a_commit(
    hook: str, old: str, new: str, said: str, using: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (using / "rules" / "doc.toml").write_text(changed(old, new), "utf-8")
    code, shown = called(hook, using, monkeypatch)
    assert code == 1
    assert said in shown


def test_the_layout_hook_changes_files_which_stops_the_commit(
    using: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = using / "rules" / "doc.toml"
    path.write_text(RULES, "utf-8")
    assert called("incentives-fmt", using, monkeypatch)[0] == 0
    assert path.read_text("utf-8") == layout(RULES)  # pre-commit fails a hook that changes a file
