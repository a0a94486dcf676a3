"""A kept decision is the one that would be made; a fact that it reads makes it another."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.facts import Facts
from tests.small import ON, amount, entry, rules, when

import incentives
from incentives.batch import memo, single
from incentives.batch.memo import Memo
from incentives.batch.single import Settings, Single
from incentives.language.names import APPLICANT
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    import pytest


def test_a_kept_decision_is_the_one_that_would_be_made() -> None:
    """Firms alike but for a few facts, by one engine that remembers and by fresh ones."""
    book = incentives.load().rules
    facts, rng = Facts(book), random.Random(2)
    remembers = Single(book, Settings(ON, items=True))
    first, second = facts.data(rng, 0.7), facts.data(rng, 0.7)
    firms = [first, second]
    shared = sorted(first[APPLICANT].keys() & second[APPLICANT].keys())
    firms += [
        {**first, APPLICANT: {**first[APPLICANT], name: second[APPLICANT][name]}}
        for name in rng.sample(shared, 8)
    ]
    firms += [{**first, "contract": second.get("contract", [])}, first]
    names = rng.sample(sorted(book.incentives), 25)
    for row, data in enumerate(firms):
        profile = Profile(data, book.vocabulary)
        fresh = Single(book, Settings(ON, items=True))
        assert remembers.rows(row, str(row), profile, names) == fresh.rows(
            row, str(row), profile, names
        )


def test_what_an_incentive_does_not_read_is_not_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    body = entry() + when("applicant.small") + amount(base="applicant.spend", rate="10%")
    more = "".join(entry(f"other-{at}") + amount(fixed="1元") for at in range(4))
    book = rules(body + more)
    made: list[str] = []
    found = single._Firm.rows

    def counted(self: Any, row: int, key: Any, incentive: str) -> Any:
        made.append(key)
        return found(self, row, key, incentive)

    monkeypatch.setattr(single._Firm, "rows", counted)
    engine = Single(book, Settings(ON))
    firm = {"kind": "firm", "region": "640200", "spend": "10元"}
    changes: dict[str, dict[str, Any]] = {
        "a": {},
        "name": {"name": "甲"},
        "staff": {"staff": 3},
        "small": {"small": True},
        "spend": {"small": True, "spend": "11元"},
        "again": {"spend": "10.00元"},
    }
    for key, change in changes.items():
        profile = Profile({APPLICANT: {**firm, **change}}, book.vocabulary)
        (row,) = engine.rows(0, key, profile, ["doc/award"])
        assert row.applicant == key
    assert made == ["a", "small", "spend"]


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MOST", 2)
    kept = Memo(rules(entry() + amount(fixed="1元")))
    for place in range(3):
        kept.keep(place, [])
    assert [kept.get(place) for place in range(3)] == [None, None, []]
