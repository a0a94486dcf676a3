"""An assessment as a data frame, one row for each decision: of polars, else of pandas.

The law kept here: an amount is an exact ``Decimal`` in yuan with two places, in polars
and in pandas; nothing passes through a binary fraction. ``None`` is no single amount,
or no bound, never zero.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from decimal import Decimal

    from incentives.engine.results import Assessment, Decision
    from incentives.values.money import Money

_MONEY: Final = ("amount", "low", "high")
_LISTS: Final = ("failed", "missing")


def assessment_frame(assessment: Assessment) -> Any:
    """Return one row for each decision, by id.

    Columns: ``incentive``, ``name``, ``name_en``, ``document``, ``clause``, ``kind``,
    ``entitlement``, ``status``, ``reason`` (texts); ``amount``, ``low``, ``high`` (yuan);
    ``failed`` (condition ids), ``missing`` (fact paths).

    Raises:
        MissingExtraError: neither polars nor pandas is installed.
    """
    columns: dict[str, list[Any]] = {}
    for decision in assessment:
        for name, value in _row(decision).items():
            columns.setdefault(name, []).append(value)
    polars = _module("polars")
    if polars is not None:
        return polars.DataFrame(columns, schema=_schema(polars))
    pandas = _module("pandas")
    if pandas is not None:
        return pandas.DataFrame(columns, columns=list(_schema(None)), dtype=object)
    raise MissingExtraError(
        ("a data frame, where pandas is not there,", "没有 pandas 时，数据框"), "polars", "frame"
    )


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def _schema(polars: Any) -> dict[str, Any]:
    """Return the type of each column; without polars the names alone."""
    texts = (
        "incentive", "name", "name_en", "document", "clause", "kind", "entitlement", "status",
        "reason",
    )  # fmt: skip
    if polars is None:
        return dict.fromkeys((*texts, *_MONEY, *_LISTS))
    return {
        **dict.fromkeys(texts, polars.String),
        **dict.fromkeys(_MONEY, polars.Decimal(38, 2)),
        **dict.fromkeys(_LISTS, polars.List(polars.String)),
    }


def _row(decision: Decision) -> dict[str, Any]:
    amounts = decision.range
    return {
        "incentive": decision.incentive,
        "name": decision.name.zh,
        "name_en": decision.name.get("en"),
        "document": decision.rule.document.id,
        "clause": decision.clause,
        "kind": str(decision.kind),
        "entitlement": str(decision.entitlement),
        "status": str(decision.status),
        "reason": decision.reason,
        "amount": _yuan(decision.amount),
        "low": None if amounts is None else _yuan(amounts.low),
        "high": None if amounts is None else _yuan(amounts.high),
        "failed": list(decision.failed),
        "missing": list(decision.missing),
    }


def _yuan(amount: Money | None) -> Decimal | None:
    return None if amount is None else amount.to_decimal()
