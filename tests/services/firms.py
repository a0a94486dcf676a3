"""Firms with contracts for the tests of services: every status comes about, and rows that are wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

UNITS = {
    "applicant.revenue.2023": "元",
    "applicant.rd_expense.2023": "元",
    "applicant.rd_expense.2022": "元",
    "contract.performed_amount": "元",
}
COUNTIES = ("640202", "640205", "640221", "150502")
CONTRACT = pa.struct(
    {
        "registration_no": pa.string(),
        "performed_amount": pa.decimal128(18, 2),
        "brokered_by_applicant": pa.bool_(),
        "provider_kind": pa.string(),
        "buyer_kind": pa.string(),
    }
)


def table(count: int, seed: int = 1) -> Any:
    """Return firms as an Arrow table: facts by path, contracts nested, one county in ``county``."""
    draw = Random(seed)
    rows = [_firm(draw, number) for number in range(count)]
    kinds: dict[str, Any] = {
        "id": pa.string(),
        "applicant.kind": pa.string(),
        "applicant.region": pa.string(),
        "applicant.founded_on": pa.date32(),
        "applicant.revenue.2023": pa.decimal128(20, 2),
        "applicant.rd_expense.2023": pa.decimal128(20, 2),
        "applicant.rd_expense.2022": pa.decimal128(20, 2),
        "contract": pa.list_(CONTRACT),
        "county": pa.string(),
    }
    return pa.table(
        {name: pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()}
    )


def _firm(draw: Random, number: int) -> dict[str, Any]:
    county = draw.choice(COUNTIES)
    kind = draw.choice(["enterprise", "technology_transfer_center", "university", None])
    if draw.random() < 0.01:
        kind = "circus"  # no kind that there is
    return {
        "id": f"{number:06d}",
        "applicant.kind": kind,
        "applicant.region": county if draw.random() < 0.9 else None,
        "applicant.founded_on": date(draw.randint(1990, 2024), draw.randint(1, 12), 28)
        if draw.random() < 0.8
        else None,
        "applicant.revenue.2023": _yuan(draw, 9),
        "applicant.rd_expense.2023": _yuan(draw, 8),
        "applicant.rd_expense.2022": _yuan(draw, 8),
        "contract": [_contract(draw, at) for at in range(draw.randint(0, 3))]
        if draw.random() < 0.8
        else None,
        "county": county,
    }


def _yuan(draw: Random, digits: int) -> Decimal | None:
    return (
        None
        if draw.random() < 0.2
        else Decimal(draw.randrange(10 ** draw.randint(2, digits + 2))).scaleb(-2)
    )


def _contract(draw: Random, at: int) -> dict[str, Any]:
    return {
        "registration_no": f"2024-{at}",
        "performed_amount": _yuan(draw, 7),
        "brokered_by_applicant": draw.choice([True, True, False, None]),
        "provider_kind": draw.choice(["university", "research_institute", "enterprise", None]),
        "buyer_kind": draw.choice(["enterprise", "enterprise", "university", None]),
    }
