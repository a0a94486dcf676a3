"""Add receipts to the corpus that every later release must reproduce.

``python -m tests.receipts.make`` writes those that are not there yet and never
touches one that is: a receipt is a promise. To keep another assessment, add a
line to ``KEPT``; to give up one, ask whoever relies on receipts first.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.small import amount, book, entry, parameters, profile, when

import incentives
from incentives.audit.canonical import read_canonical
from incentives.audit.receipt import sealed

if TYPE_CHECKING:
    from collections.abc import Callable

    from incentives.api import Assessment

PLACE = Path(__file__).resolve().parent / "v1"
ALTERED = PLACE.with_name("altered")
RULES = Path(__file__).resolve().parents[2] / "rules"
TECH_CITY = ("ningxia-rd-subsidy-2022", "shizuishan-tech-city-2023")
APPROVED = "ningxia-rd-subsidy/approved-post-subsidy"
ON = date(2024, 6, 1)
VERSIONS = (
    entry(effective="{ until = 2023-12-31, until_published = 2024-05-01 }")
    + parameters(
        rate="[{ until = 2022-12-31, value = '7/3' }, { from = 2023-01-01, value = '3.5%' }]"
    )
    + amount(base="applicant.spend", rate="rate", cap="20万元")
    + entry(effective="{ from = 2024-01-01 }", published="2024-05-01")
    + amount(base="applicant.spend", rate="5%", cap="30万元")
)
ITEMS = (
    entry(each='"contract"', dated_by='"contract.signed_on"')
    + when("contract.ok")
    + amount(base="contract.paid", rate="1/3", less='received("doc/award", "year")')
    + '[[incentive.total]]\ncap = "25万元"\nper = "year"\n'
    + '[[incentive.reading]]\nid = "half"\nsays = { zh = "按一半" }\namount.formula = "contract.paid / (1 + 1)"\n'
    + entry("other", kind='"subsidy"')
    + when("applicant.honest")
    + amount(fixed="3万元")
    + '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "highest"\nclause = "五"\n'
    + '[[split]]\nid = "s"\nof = ["doc/award"]\nresidual = "640000"\nclause = "六"\n'
    + 'shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]\n'
)
CONTRACTS: list[dict[str, Any]] = [
    {"no": "a", "paid": "1,234,567.89元", "ok": True, "signed_on": "2024-02-29"},
    {"no": "b", "paid": {"at_least": "10万元", "at_most": "20万元"}, "signed_on": "2024-05"},
    {"paid": "０．０１亿元", "ok": True, "signed_on": "2023-12-31"},
]


def shipped(example: str, **options: Any) -> Assessment:
    """Return an assessment by a few of the shipped documents."""
    files = [RULES / f"{name}.toml" for name in ("vocabulary", "regions", *TECH_CITY)]
    return incentives.load(*files).assess(f"example:{example}", ON, **options)


def small(body: str, facts: dict[str, Any], **options: Any) -> Assessment:
    """Return an assessment by a small rulebook."""
    on = options.pop("on", ON)
    return book(body).assess(profile(facts), on, **options)


KEPT: dict[str, Callable[[], Assessment]] = {
    "centre": lambda: shipped("centre"),
    "county-share": lambda: shipped("county-share", only=[APPROVED]),
    "items": lambda: small(
        ITEMS,
        {
            "contract": CONTRACTS,
            "honest": True,
            "received": [
                {"incentive": "doc/award", "amount": "1元", "year": 2024, "item": "z"},
            ],
        },
    ),
    "nothing-known": lambda: small(ITEMS, {}, assume_no_history=True, drafts=True),
    "version-of-then": lambda: small(VERSIONS, {"spend": "1,234,567.89元"}, on=date(2023, 3, 1)),
    "later-version": lambda: small(VERSIONS, {"spend": "1,234,567.89元"}),
    "as-known-then": lambda: small(
        VERSIONS, {"spend": "1,234,567.89元"}, on=date(2024, 3, 1), known_on=date(2024, 3, 15)
    ),
    "refused": lambda: small(ITEMS, {"contract": [], "honest": False}),
    "extra-facts": lambda: small(
        VERSIONS, {"spend": "1元", "staff": 10**17, "unheard_of": 1}, allow_extra=True
    ),
}


def altered() -> None:
    """Write what the documentation shows: a changed byte, and a changed rate under a new digest."""
    ALTERED.mkdir(exist_ok=True)
    kept = (PLACE / "items.json").read_bytes()
    (ALTERED / "amount.json").write_bytes(kept.replace(b'"411521.63"', b'"911521.63"', 1))
    data = read_canonical((PLACE / "later-version.json").read_bytes())
    for file in data["rules"]:
        file["text"] = file["text"].replace("rate = '5%'", "rate = '6%'")
    (ALTERED / "rate.json").write_bytes(sealed(data).raw)


def main() -> int:
    """Write what is not there yet."""
    for name, assessment in KEPT.items():
        path = PLACE / f"{name}.json"
        if not path.exists():
            path.write_bytes(assessment().receipt(embed_rules=True).raw)
            print(f"added {path.name}")  # noqa: T201 (a script)
    altered()
    return 0


if __name__ == "__main__":
    sys.exit(main())
