"""The floor: the four rules by hand in whole fen, no validation, no reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workload import expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from workload import Outcome, Profile

VARIANTS = ("plain",)


def load(_variant: str) -> Callable[[Profile], Outcome]:
    return expected


def prepare(_variant: str, profile: Profile) -> Profile:
    return profile


def read(result: Outcome) -> Outcome:
    return result
