"""Small lists of payments as sheets, and a rulebook to audit them by."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from incentives.api import Rulebook, load
from incentives.audit.claims import Settings
from incentives.audit.firms import Firm, Firms, gather
from incentives.audit.paid import PaidList, paid_from
from incentives.audit.report import Audit, audit
from incentives.tabular.cells import Cell, CellKind, empty_cell, text_cell
from incentives.tabular.read import MergedRange, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CODE = "91640200MA0000001W"
OTHER = "91640200MA00000020"
HEAD = ["企业名称", "统一社会信用代码", "政策项目", "合同编号", "兑现金额（元）", "拨付日期"]
AWARD = "技术合同奖励"


def cell(value: Any, row: int = 1, column: int = 1) -> Cell:
    """Return a cell: a text, a number, a date, or nothing."""
    match value:
        case None | "":
            return empty_cell(row, column)
        case str():
            return text_cell(value, row, column)
        case date():
            return Cell(value.isoformat(), CellKind.DATE, value, row, column)
        case bool():
            return Cell("TRUE" if value else "FALSE", CellKind.BOOL, value, row, column)
        case int() | Fraction():
            return Cell(str(value), CellKind.NUMBER, value, row, column)
        case _:
            raise TypeError(value)


def sheet(*rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    width = max(len(row) for row in rows)
    cells = tuple(
        tuple(
            cell(row[at - 1] if at <= len(row) else None, number, at) for at in range(1, width + 1)
        )
        for number, row in enumerate(rows, start=1)
    )
    return Sheet("", "paid.csv", cells, tuple(MergedRange(*each) for each in merged))


def paid(*rows: Sequence[Any], declared: Mapping[str, str] | None = None, **more: Any) -> PaidList:
    return paid_from(sheet(*rows, **more), declared or {})


@cache
def rulebook() -> Rulebook:
    return load()


def contract(number: str, performed: str | None = "1500000.00元", **more: Any) -> dict[str, Any]:
    facts = {
        "registration_no": number,
        "performed_amount": performed,
        "brokered_by_applicant": True,
        "provider_kind": "university",
        "buyer_kind": "enterprise",
        **more,
    }
    return {name: value for name, value in facts.items() if value is not None}


def firm(
    *contracts: Mapping[str, Any], code: str | None = CODE, name: str = "示例中心", **more: Any
) -> Firm:
    facts: dict[str, Any] = {
        "kind": "technology_transfer_center",
        "region": "640200",
        "name": name,
        **more.pop("applicant", {}),
    }
    data = {"applicant": facts, "contract": list(contracts), **more}
    return Firm(code, name, data, "firms.csv")


def firms(*each: Firm) -> Firms:
    return gather(each)


def row(amount: Any, item: Any = "1", day: Any = "2024-06-01", **more: Any) -> list[Any]:
    """Return a row of ``HEAD``."""
    values = {"name": "示例中心", "code": CODE, "policy": AWARD, **more}
    return [values["name"], values["code"], values["policy"], item, amount, day]


def audited(rows: Sequence[Sequence[Any]], *each: Firm, **settings: Any) -> Audit:
    """Audit rows of ``HEAD`` against profiles."""
    return audit(paid(HEAD, *rows), firms(*each), rulebook().rules, Settings(**settings))
