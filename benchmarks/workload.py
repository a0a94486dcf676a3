"""The common workload: 256 seeded profiles, and what each of them is due.

Four incentives, money in whole fen, rounding half up to the fen:

r1  a newly recognised high-tech firm in Zhongning, 2021 to 2025: 1,000,000 yuan; renewed: 300,000
r2  a technology-transfer centre: per contract between a university and a firm 10%, at most 200,000
r3  a pilot project: 30% of the smaller of R&D investment and funds in place, at most 1,000,000
r4  an approved post-subsidy, borne 7:3 by region and city

The generator is that of the peers' runs, call for call: the same seed gives
the same profiles, so figures may be compared.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final, TypedDict

SIZE: Final = 256
COUNTIES: Final = ("zhongning", "shapotou", "haiyuan", "other")
STATUSES: Final = ("new", "renewed", "none")
KINDS: Final = ("pilot", "demo", "none")


class Contract(TypedDict):
    uni_firm: bool
    performed: int


class Profile(TypedDict):
    county: str
    year: int
    ht_status: str
    is_ttc: bool
    kind: str
    rd_inv: int
    funds: int
    s: int
    contracts: list[Contract]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is eligible for r1 to r4, the amounts in fen, the parts of r4, the total."""

    eligible: tuple[bool, bool, bool, bool]
    amounts: tuple[int, int, int]
    region: int
    city: int

    @property
    def total(self) -> int:
        return sum(self.amounts) + self.region + self.city


FIRST: Final[Profile] = {  # three amounts of it are ties of half a fen
    "county": "zhongning",
    "year": 2023,
    "ht_status": "new",
    "is_ttc": True,
    "kind": "pilot",
    "rd_inv": 234_567_895,
    "funds": 300_000_000,
    "s": 100_000_005,
    "contracts": [
        {"uni_firm": True, "performed": 123_456_785},
        {"uni_firm": True, "performed": 500_000_000},
        {"uni_firm": False, "performed": 8_000_005},
    ],
}


def profiles(size: int = SIZE) -> list[Profile]:
    """Return the first ``size`` profiles."""
    seeded = random.Random(7)

    def fen(low: float, high: float) -> int:
        """Draw yuan, uniform in the logarithm, as whole fen."""
        amount: float = low * 100 * (high / low) ** seeded.random()
        return round(amount)

    drawn = [FIRST]
    while len(drawn) < size:
        drawn.append(
            {  # in this order: each entry takes its share of the random numbers
                "county": seeded.choices(COUNTIES, [0.6, 0.2, 0.1, 0.1])[0],
                "year": seeded.randint(2019, 2027),
                "ht_status": seeded.choice(STATUSES),
                "is_ttc": seeded.random() < 0.7,
                "kind": seeded.choice(KINDS),
                "rd_inv": fen(1e4, 5e7),
                "funds": fen(1e4, 5e7),
                "s": fen(1e3, 5e7),
                "contracts": [
                    {"uni_firm": seeded.random() < 0.7, "performed": fen(1e3, 5e6)}
                    for _ in range(3)
                ],
            }
        )
    return drawn[:size]


def expected(profile: Profile) -> Outcome:
    """Return what is due, computed in whole fen."""
    status = profile["ht_status"]
    recognised = (
        profile["county"] == "zhongning"
        and 2021 <= profile["year"] <= 2025
        and status in {"new", "renewed"}
    )
    first = (100_000_000 if status == "new" else 30_000_000) if recognised else 0
    brokered = [c["performed"] for c in profile["contracts"] if c["uni_firm"]]
    centre = profile["is_ttc"] and bool(brokered)
    second = sum(min((fen + 5) // 10, 20_000_000) for fen in brokered) if centre else 0
    pilot = profile["kind"] == "pilot"
    base = min(profile["rd_inv"], profile["funds"])
    third = min((base * 3 + 5) // 10, 100_000_000) if pilot else 0
    region = (profile["s"] * 7 + 5) // 10
    return Outcome(
        eligible=(recognised, centre, pilot, profile["s"] > 0),
        amounts=(first, second, third),
        region=region,
        city=profile["s"] - region,
    )
