"""The fuzz targets on what they start from, and on every input that once broke them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from types import ModuleType

FUZZ: Final = Path(__file__).resolve().parents[2] / "fuzz"


def targets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MODULE: Final = targets()
FOUND: Final = sorted(path for path in (FUZZ / "found").glob("*") if path.is_file())


@pytest.mark.parametrize("target", MODULE.TARGETS)
def test_every_target_runs_on_what_it_starts_from(target: str) -> None:
    starts = MODULE.seeds(target)
    assert starts
    for raw in starts:
        MODULE.TARGETS[target](raw)
        MODULE.TARGETS[target](raw[: len(raw) // 2])


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name[:24])
def test_what_once_broke_a_target_ends_in_a_result_or_an_error_of_ours(path: Path) -> None:
    MODULE.TARGETS[path.name.split("-")[0]](path.read_bytes())


def test_inputs_that_broke_a_target_are_kept() -> None:
    assert FOUND
