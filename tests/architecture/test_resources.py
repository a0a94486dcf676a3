"""The rules and examples are found in a wheel and in a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incentives import resources
from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from pathlib import Path


def package(root: Path, place: str) -> Path:
    """Make an empty package below ``root``, as ``place`` says."""
    path = root / place / "incentives"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with two examples and a file that is none."""
    directory = package(tmp_path, "site-packages") / "examples"
    directory.mkdir()
    for name in ("centre.toml", "firm.toml", "notes.md"):
        (directory / name).touch()
    monkeypatch.setattr(resources, "PACKAGE", directory.parent)
    return directory


def test_an_installed_package_uses_its_own_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = package(tmp_path, "src")
    (installed / "rules").mkdir()
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", installed)

    assert resources.rules_path() == installed / "rules"


def test_a_checkout_uses_the_directory_beside_src(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PACKAGE", package(tmp_path, "src"))
    (tmp_path / "rules").mkdir()

    assert resources.rules_path() == tmp_path / "rules"


def test_an_installed_package_looks_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PACKAGE", package(tmp_path, "site-packages"))
    (tmp_path / "rules").mkdir()

    with pytest.raises(InternalError, match="lacks its directory 'rules'"):
        resources.rules_path()


def test_this_checkout_has_both() -> None:
    assert (resources.rules_path() / "vocabulary.toml").is_file()
    assert (resources.examples_path() / "centre.toml").is_file()


def test_an_example_is_found_by_name(examples: Path) -> None:
    assert resources.example_path("centre") == examples / "centre.toml"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("center", "did you mean 'centre'"),
        ("notes", "there are: centre, firm"),
        ("../centre", "did you mean 'centre'"),
        ("/etc/passwd", "there are: centre, firm"),
        ("", "there are: centre, firm"),
    ],
)
@pytest.mark.usefixtures("examples")
def test_any_other_name_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(resources.UnknownExampleError, match=hint):
        resources.example_path(name)
