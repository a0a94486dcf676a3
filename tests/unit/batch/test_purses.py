"""Which purses a batch can share, why it keeps others, and what ranks its firms."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from tests.small import FIRM, ON, amount, book, entry, faults

from incentives.batch.purse.purses import Limit, Purses, Ranks, purses_of
from incentives.batch.single import Settings
from incentives.batch.workers import Case

if TYPE_CHECKING:
    from incentives.diagnostics import Finding

BASE = amount(base="applicant.spend", rate="10%")


def purse(**keys: str) -> str:
    lines = [f"{key} = {value}" for key, value in keys.items()]
    return "\n".join(["[incentive.budget]", *lines, ""])


POOL = purse(amount='"100万元"', rule='"pro_rata"')
PLACES = purse(places="2", rank_by="'applicant.spend / applicant.revenue[year - 1]'")


def purses(body: str, **keys: Any) -> Purses:
    return purses_of(book(body).rules, Settings(ON, **keys))


def why(body: str) -> str:
    kept = purses(body).kept
    assert list(kept) == ["doc/award"]
    assert kept["doc/award"].code == "E802"
    return kept["doc/award"].message.rpartition(": ")[2]


def test_a_sum_or_places_by_rank_are_shared() -> None:
    body = entry() + BASE + POOL + entry("other") + BASE + PLACES + entry("third") + BASE
    found = purses(body)
    assert found.limits["doc/award"] == Limit("doc/award", amount=100_000_000)
    assert found.limits["doc/other"].places == 2
    assert set(found.limits) == {"doc/award", "doc/other"}
    assert not found.kept
    assert all(each.versions[0].budget is None for each in found.rules.incentives.values())
    assert set(purses(body, only=("doc/other",)).limits) == {"doc/other"}


def test_a_figure_may_be_a_dated_parameter() -> None:
    dated = '[incentive.parameters]\npool = [{ until = 2023-12-31, value = "5元" }, { from = 2024-01-01, value = "7元" }]\n'
    body = entry() + dated + BASE + purse(amount="'pool'", rule='"pro_rata"')
    assert purses(body).limits["doc/award"].amount == 700


def test_what_cannot_be_shared_says_why() -> None:
    group = '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "highest"\nclause = "三"\n'
    assert "group" in why(entry() + BASE + POOL + entry("other") + BASE + group)
    award = "[incentive.amount]\nformula = 'award(\"doc/award\")'\n"
    assert "depends on it" in why(entry() + BASE + POOL + entry("other") + award)
    assert "facts of a firm" in why(
        entry() + BASE + purse(amount="'applicant.spend'", rule='"pro_rata"')
    )
    places = purse(places="'applicant.staff'", rank_by="'applicant.spend'")
    assert "facts of a firm" in why(entry() + BASE + places)
    each = entry(each='"contract"') + amount(base="contract.paid", rate="10%")
    assert "items, not firms" in why(each + purse(places="2", rank_by="'contract.paid'"))
    dated = entry(each='"contract"', dated_by="'contract.signed_on'") + amount(
        base="contract.paid", rate="10%"
    )
    assert "item by item" in why(dated + POOL)


def test_what_is_not_in_force_or_has_no_amount_has_no_purse() -> None:
    ended = entry(effective="{ until = 2023-12-31 }")
    assert not purses(ended + BASE + POOL).limits
    nothing = entry(entitlement='"none"', kind='"priority"')
    assert not purses(nothing + purse(places="2", rank_by="'applicant.spend'")).limits


def ends(facts: dict[str, Any] | tuple[Finding, ...]) -> Any:
    found = purses(entry() + BASE + PLACES)
    case = Case(0, "a", {"applicant": {**FIRM, **facts}} if isinstance(facts, dict) else facts)
    return Ranks(found, Settings(ON)).of([case], "doc/award")


def test_a_rank_is_exact_or_within_its_ends() -> None:
    third = {"spend": "1元", "revenue": {"2023": "3元"}}
    assert ends(third) == {"a": (Fraction(1, 3), Fraction(1, 3))}
    within = {"spend": {"at_least": "1元", "at_most": "2元"}, "revenue": {"2023": "4元"}}
    assert ends(within) == {"a": (Fraction(1, 4), Fraction(1, 2))}
    assert ends({"spend": "1元"})["a"][1] is None
    assert ends({"spend": "1元", "revenue": {"2023": "0元"}}) == {"a": (None, None)}
    assert ends(()) == {}


@pytest.mark.parametrize("rank", ["applicant.kind", "applicant.founded_on", "applicant.small"])
def test_what_ranks_is_a_figure(rank: str) -> None:
    (finding,) = faults(entry() + BASE + purse(places="2", rank_by=f"'{rank}'"))
    assert finding.code == "E220"
    span = finding.labels[0].span
    assert rank in span.source.text[span.start : span.end]
