"""The cases of the shipped rules notice when one written thing is changed.

Three incentives of different make here, in full; every one with
``incentives rules test --mutate`` (figures in docs/testing.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import incentives
from incentives.authoring.mutation import mutate
from incentives.authoring.mutation_text import mutation_text

if TYPE_CHECKING:
    from incentives.rulebook.model import Rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return incentives.load().rules


@pytest.mark.parametrize(
    "incentive",
    [
        "shizuishan-tech-city/technology-contract-award",
        "zhongning-county/high-tech-recognition-award",
        "national-technology-transfer/transfer-income",
    ],
)
def test_law_34_every_change_is_noticed_or_justified(rules: Rules, incentive: str) -> None:
    found = mutate(rules, [incentive])
    assert len(found.outcomes) > 20
    assert found.is_clean, mutation_text(found, rules, "en")


def test_every_justification_has_both_languages(rules: Rules) -> None:
    accepted = [each for one in rules.incentives.values() for each in one.accepted]
    assert accepted
    assert all(each.because.zh and each.because.en for each in accepted)
