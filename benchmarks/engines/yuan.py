"""Facts for engines that take yuan in doubles, and the fen a reader would see."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workload import Profile


def facts(profile: Profile) -> dict[str, Any]:
    money = {name: profile[name] / 100 for name in ("rd_inv", "funds", "s")}
    contracts = [
        {"uni_firm": contract["uni_firm"], "performed": contract["performed"] / 100}
        for contract in profile["contracts"]
    ]
    return {**profile, **money, "contracts": contracts}


def fen(yuan: object) -> int:
    """Round yuan (a double, a Decimal or an int) to the nearest fen."""
    return int((Decimal(str(yuan)) * 100).to_integral_value(ROUND_HALF_UP))
