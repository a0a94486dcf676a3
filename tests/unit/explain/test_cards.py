"""What a notebook shows of money, incentives, rulebooks, decisions and assessments."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest
from tests.printed.cases import EXAMPLES, ON, shipped_rules
from tests.small import ENTRY, amount, book
from tests.unit.explain.rendered import HOSTILE, Page
from tests.unit.explain.test_formats import assert_all_there
from tests.unit.explain.test_html import CARD, check

import incentives
from incentives.api import Incentive
from incentives.authoring.cards import incentive_card, rulebook_card
from incentives.rulebook import model

NAME = "shizuishan-tech-city/technology-contract-award"


def test_everything_shows_itself_as_a_card() -> None:
    rulebook = shipped_rules()
    assessment = rulebook.assess(EXAMPLES[1], on=ON)
    for shown in (rulebook, rulebook[NAME], assessment, assessment[NAME]):
        html = shown._repr_html_()
        assert html is not None
        assert check(html, CARD).words
        assert html.startswith("<article")
    assert incentives.Money(35_000_000)._repr_html_() == "<span>350,000.00元</span>"


def test_the_card_of_an_incentive_says_what_it_gives_to_whom() -> None:
    words = Page(shipped_rules()[NAME]._repr_html_() or "").words
    for said in (
        "技术转移中心",
        "石嘴山市",
        "至2025-12-31止",
        "二（三）6",
        "比例 10%",
        "上限 20万元",
        "10% 给予奖励",
    ):
        assert said in words.replace("\n", "")


@pytest.mark.parametrize("name", sorted(shipped_rules().incentives)[::7])
def test_cards_carry_the_same_lines_in_every_format(name: str) -> None:
    assert_all_there(incentive_card(shipped_rules().rules, shipped_rules()[name]))


def test_the_card_of_a_rulebook_counts_every_incentive_once() -> None:
    card = rulebook_card(shipped_rules().rules, "sha256:0")
    assert_all_there(card)
    counted = [line.figure for line in card.lines() if line.figure is not None]
    assert sum(int(figure.zh.removesuffix("项")) for figure in counted) == len(
        shipped_rules().incentives
    )


@pytest.mark.parametrize("name", [each for each in HOSTILE if each.isprintable()], ids=ascii)
def test_a_hostile_title_stays_words(name: str) -> None:
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    body = ENTRY.replace('zh = "奖励", en = "Award"', f'zh = "{written}", en = "{written}"')
    rulebook = book(body + amount(fixed="5元"))
    page = check(rulebook["doc/award"]._repr_html_() or "", CARD)
    assert name.strip() in page.words


def test_an_incentive_is_equal_to_the_plain_one_and_pickled_as_that() -> None:
    mine, plain = shipped_rules()[NAME], shipped_rules().rules.incentives[NAME]
    assert isinstance(mine, Incentive)
    assert mine == plain
    assert plain == mine
    other = next(name for name in shipped_rules().incentives if name != NAME)
    assert mine != shipped_rules()[other]
    assert mine != NAME
    back = pickle.loads(pickle.dumps(mine))  # noqa: S301 - our own bytes
    assert type(back) is model.Incentive
    assert back == mine
    assert copy.copy(mine) == mine
    assert dataclasses.replace(mine, id="x/y") != mine
    assert dataclasses.replace(mine, id="x/y")._repr_html_() is None
    assert shipped_rules().incentive_digest(NAME).startswith("sha256:")
    assert repr(mine) == f"<Incentive {NAME}: 技术合同奖励>"


def test_the_incentives_of_a_rulebook_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        shipped_rules().incentives[NAME] = None  # type: ignore[index]
