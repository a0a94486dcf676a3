"""Who gains and who loses: sums to the fen, and nothing guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small import ENTRY, amount, book, entry, profile

from incentives.authoring.impact import Impact, Pair, impact
from incentives.authoring.impact_chart import MOST, impact_svg
from incentives.cli.differences import BAR, bar

if TYPE_CHECKING:
    from incentives.api import Rulebook

ON = date(2024, 6, 1)
SPLIT = """\
[[split]]
id = "s"
of = ["doc/award"]
residual = "640000"
clause = "六"
shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]
"""


def rulebook(rate: str, fixed: str = "1万元") -> Rulebook:
    body = ENTRY + amount(base="applicant.spend", rate=rate, cap="20万元")
    return book(body + entry("other") + amount(fixed=fixed) + SPLIT)


def pairs(facts: dict[str, dict[str, Any]], old: Rulebook, new: Rulebook) -> list[Pair]:
    return [
        Pair(name, old.assess(profile(one), ON), new.assess(profile(one), ON))
        for name, one in facts.items()
    ]


FACTS = {
    "small": {"spend": "100.05元"},
    "capped": {"spend": "1000万元"},
    "nothing": {"spend": "0元"},
    "not-known": {},
}


def found() -> Impact:
    return impact(pairs(FACTS, rulebook("10%"), rulebook("15%", "9000元")))


def test_who_gains_and_who_loses() -> None:
    got = found()
    assert [(row.name, row.old, row.new, row.change) for row in got.rows] == [
        ("small", 1_001_001, 901_501, -99_500),
        ("capped", 21_000_000, 20_900_000, -100_000),
        ("nothing", 1_000_000, 900_000, -100_000),
        ("not-known", 1_000_000, 900_000, -100_000),
    ]
    assert [one.incentive for one in got.rows[-1].open] == ["doc/award"]
    assert (got.gain, got.loss) == (0, 399_500)
    assert (got.count(1), got.count(-1), got.count(0), got.open) == (0, 4, 0, 1)
    assert got.incentives["doc/award"] == (20_001_001, 20_001_501)
    assert got.payers["640000"][1] - got.payers["640000"][0] == 350
    assert got.to_dict()["profiles"][0]["change"] == "-995.00"


def test_what_is_open_is_not_called_unchanged() -> None:
    facts = {"not-known": {}, "known": {"spend": "0元"}}
    wider = book(ENTRY + amount(base="applicant.spend", rate="10%", cap="30万元"))
    old = book(ENTRY + amount(base="applicant.spend", rate="10%", cap="20万元"))
    got = impact(pairs(facts, old, wider))
    assert (got.count(0), got.open) == (1, 1)
    (left,) = got.rows[0].open
    assert (left.old.zh, left.new.zh) == ("0.00元至200,000.00元", "0.00元至300,000.00元")


AMOUNTS = st.integers(0, 10**9).map(lambda fen: f"{fen // 100}.{fen % 100:02}元")


@settings(max_examples=20)
@given(st.lists(AMOUNTS, max_size=4), st.sampled_from(["3%", "10%", "7/37"]))
def test_the_sums_agree_to_the_fen(spends: list[str], rate: str) -> None:
    facts = {f"p{at}": {"spend": spend} for at, spend in enumerate(spends)}
    got = impact(pairs(facts, rulebook("10%"), rulebook(rate)))
    whole = sum(row.change for row in got.rows)
    assert got.gain - got.loss == whole
    for sums in (got.incentives, got.payers):
        assert sum(new - old for old, new in sums.values()) == whole


def test_one_that_cannot_be_read_loses_no_other() -> None:
    pair = pairs({"small": FACTS["small"]}, rulebook("10%"), rulebook("15%"))[0]
    got = impact([Pair("bad", None, pair.new, "E313 …"), pair])
    assert [(row.name, row.problem) for row in got.rows] == [("bad", "E313 …"), ("small", None)]
    assert got.gain == 500


def test_the_picture_is_safe_and_says_the_sums() -> None:
    old, new = rulebook("10%"), rulebook("15%")
    facts = {f"<b>&{at}": {"spend": f"{at + 1}万元"} for at in range(MOST + 2)}
    many = pairs(facts, old, new)
    got = impact(many)
    for lang in ("zh", "en"):
        svg = impact_svg(got, lang)
        root = ET.fromstring(svg)  # noqa: S314 - our own
        assert "script" not in svg
        bars = [one for one in root.iter() if one.get("class") == "more"]
        assert len(bars) == MOST
        widths = [int(one.get("width") or "") for one in bars]
        assert widths == sorted(widths, reverse=True)
    assert "2" in re.findall("另有([0-9]+)份未画出", impact_svg(got))
    assert impact_svg(impact([]))


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
@settings(max_examples=30)
def test_a_bar_is_as_long_as_its_change(change: int, more: int) -> None:
    drawn = bar(change, abs(change) + more - 1 if change else more)
    assert len(drawn) <= BAR + 1
    assert bool(drawn) == bool(change)
    if change:
        assert drawn[0] == ("+" if change > 0 else "-")
