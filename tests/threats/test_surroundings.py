"""Threats 41 and 42: a host that changed everything gets the same bytes; many callers too.

What is compared is ``tests.threats.corpus``: every case of the shipped rules and
every example, as JSON and in words. The digest itself is not kept: it changes with
every rule.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import incentives

if TYPE_CHECKING:
    from incentives import Rulebook

REPOSITORY: Final = Path(__file__).resolve().parents[2]
ON: Final = date(2024, 6, 1)

# what it is → environment, options of the interpreter, words for the corpus
SURROUNDINGS: Final = {
    "no home, the C locale, another hash seed, far east": (
        {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, (), (),
    ),
    "Turkish, far west, assertions off": (
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Etc/GMT+12", "PYTHONHASHSEED": "4242"}, ("-OO",), (),
    ),
    "every warning an error, a spoilt decimal context": (
        {"PYTHONHASHSEED": "0"}, ("-W", "error"), ("decimal",),
    ),
    "a thread with 64 KiB of stack, no limit of digits": (
        {"PYTHONHASHSEED": "random"}, ("-X", "dev"), ("thread", "digits"),
    ),
}  # fmt: skip


def corpus(environment: dict[str, str], options: tuple[str, ...], words: tuple[str, ...]) -> str:
    """Return what the corpus prints, in a process with no environment but the one given."""
    own = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, *options, "-m", "tests.threats.corpus", *words],
        cwd=REPOSITORY, env=own | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def plain() -> str:
    return corpus({"LC_ALL": "C.UTF-8"}, (), ())


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_threat_41_42_surroundings_change_no_byte(name: str) -> None:
    assert corpus(*SURROUNDINGS[name]) == plain()


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return incentives.load()


def explained(rulebook: Rulebook, name: str) -> str:
    assessment = rulebook.assess(f"example:{name}", on=ON)
    return f"{assessment.to_dict()}{assessment.explain('zh')}"


NAMES: Final = ("centre", "county-share", "zhongning-manufacturer", "almost-unknown")


def test_one_rulebook_serves_many_threads_at_once(rulebook: Rulebook) -> None:
    fresh = incentives.load()  # nothing worked out yet: the first use races too
    start = threading.Barrier(8)

    def work(at: int) -> str:
        start.wait()
        return explained(fresh, NAMES[at % len(NAMES)])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(8)))
    assert found == [explained(rulebook, NAMES[at % len(NAMES)]) for at in range(8)]


def test_a_rulebook_and_an_assessment_go_to_other_processes(rulebook: Rulebook) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(explained, rulebook, "centre").result()
    assert found == explained(rulebook, "centre")
    assessment = rulebook.assess("example:centre", on=ON)
    copied = pickle.loads(pickle.dumps(assessment))  # noqa: S301 - our own bytes
    assert copied.to_dict() == assessment.to_dict()
    assert copied.explain("en") == assessment.explain("en")
    assert pickle.loads(pickle.dumps(rulebook)).digest == rulebook.digest  # noqa: S301


def test_a_rulebook_cannot_be_changed(rulebook: Rulebook) -> None:
    incentive = next(iter(rulebook.incentives.values()))
    with pytest.raises(FrozenInstanceError):
        incentive.id = "other/id"  # type: ignore[misc]
    with pytest.raises(TypeError):
        rulebook.incentives["other/id"] = incentive  # type: ignore[index]
    with pytest.raises(AttributeError):
        rulebook.rules = incentive  # type: ignore[assignment,misc]
