"""Who pays and when: splits, the county's share, instalments."""

from __future__ import annotations

from datetime import date

import pytest
from tests.small import ENTRY, HEAD, amount, decide, parameters

from incentives.engine.split import payer_of, split

SPEND = ENTRY + amount(formula="applicant.spend")
SPLIT = """\
[[split]]
id = "s"
of = ["doc/award"]
shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]
residual = "640000"
clause = "一"
"""


@pytest.mark.parametrize(
    ("amount_", "parts"), [(10001, [7001, 3000]), (0, [0, 0]), (1, [1, 0]), (5, [4, 1])]
)
def test_largest_remainder_and_ties(amount_: int, parts: list[int]) -> None:
    from fractions import Fraction

    shares = [("640000", Fraction(7, 10)), ("local", Fraction(3, 10))]
    assert [fen for _, fen in split(amount_, shares, "640000")] == parts


@pytest.mark.parametrize(
    ("name", "region", "payer"),
    [
        ("640000", None, "640000"),
        ("local", "640221", "640221"),
        ("local", "640200", "640200"),
        ("local", "640000", None),
        ("local", "100000", None),
        ("local", None, None),
    ],
)
def test_local_is_the_county_else_the_city_else_unknown(
    name: str, region: str | None, payer: str | None
) -> None:
    assert payer_of(name, region) == payer


def test_a_split_binds_in_its_document_s_region_and_time() -> None:
    facts = {"spend": "100.01元", "region": "640221"}
    parts = decide(SPEND + SPLIT, facts).funding
    assert [(part.payer, part.amount.fen) for part in parts] == [
        ("640000", 7001), ("640221", 3000)]  # fmt: skip
    assert parts[0].split.clause == "一"
    elsewhere = HEAD.replace('"doc"', '"other"').replace("640200", "640500") + SPLIT
    assert decide(SPEND, facts, more=elsewhere).funding == ()
    later = HEAD.replace('"doc"', '"other"').replace("2020-01-01", "2025-01-01") + SPLIT
    assert decide(SPEND, facts, more=later).funding == ()
    assert decide(SPEND + SPLIT, {"region": "640221"}).funding == ()


def test_a_share_may_be_a_parameter_by_date() -> None:
    body = SPEND + (
        "[incentive.funding]\nshares = [{ payer = 'a', share = 'high' }, { payer = 'b', share = 'low' }]"
        "\nresidual = 'a'\n"
    )
    body = body.replace(amount(formula="applicant.spend"),
                        parameters(high='"70%"', low='"30%"') + amount(formula="applicant.spend"))  # fmt: skip
    parts = decide(body, {"spend": "0.01元"}).funding
    assert [(part.payer, part.amount.fen) for part in parts] == [("a", 1), ("b", 0)]


INSTALMENTS = (
    SPEND
    + """\
[[incentive.instalment]]
share = "60%"
says = { zh = "首期" }
[[incentive.instalment]]
share = "40%"
from = 2025-01-01
until = 2026-12-31
when = 'applicant.small'
"""
)


def test_instalments_add_up_and_say_what_is_due() -> None:
    first, second = decide(INSTALMENTS, {"spend": "0.03元"}).instalments
    assert (first.amount.fen, second.amount.fen) == (2, 1)
    assert (first.due, second.due) == (True, False)
    assert (second.since, second.until) == (date(2025, 1, 1), date(2026, 12, 31))
    open_ = decide(INSTALMENTS, {"spend": "1元"}, on=date(2025, 6, 1)).instalments[1]
    assert open_.due is None
    for small in (True, False):
        facts = {"spend": "1元", "small": small}
        assert decide(INSTALMENTS, facts, on=date(2025, 6, 1)).instalments[1].due is small
    assert decide(INSTALMENTS).instalments == ()


def test_instalments_of_fixed_amounts_and_of_shares_that_are_no_whole() -> None:
    fixed = SPEND + "[[incentive.instalment]]\namount = '1元'\n"
    assert decide(fixed, {"spend": "5元"}).instalments[0].amount.fen == 100
    part = SPEND + "[[incentive.instalment]]\nshare = '1/3'\n"
    assert decide(part, {"spend": "1元"}).instalments[0].amount.fen == 33
    unknown = SPEND + "[[incentive.instalment]]\nshare = 'applicant.share'\n"
    assert decide(unknown, {"spend": "1元"}).instalments[0].amount is None
