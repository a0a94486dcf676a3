"""What ``incentives/receipt/1`` keeps of the JSON contract: these keys, for good.

The contract grows; a receipt of yesterday must be reached again tomorrow. So
receipts hold a fixed part of it: a new key of the contract changes no receipt,
and enters a new format of receipts or none. Sentences that the program writes
(of assumptions, warnings, failed computations and conditions) are left out: a
better sentence changes no decision. What the rules say themselves is kept.
"""

from __future__ import annotations

from typing import Any, Final

Shape = dict[str, Any]

_RANGE: Final[Shape] = {"low": None, "high": None}
_SAYS: Final[Shape] = {"zh": None, "en": None}
_NOTE: Final[Shape] = {"about": None, "says": _SAYS, "confidence": None}
_CONDITION: Final[Shape] = {
    "id": None, "outcome": None, "clause": None, "quote": None,
}  # fmt: skip
_CONDITION["of"] = [_CONDITION]
_ITEM: Final[Shape] = {
    "key": None, "status": None, "reason": None, "amount": None, "range": _RANGE,
    "failed": None, "missing": None, "clause": None,
}  # fmt: skip
_DECISION: Final[Shape] = {
    "incentive": None, "name": _SAYS, "kind": None, "entitlement": None, "status": None,
    "reason": None, "amount": None, "range": _RANGE, "items": [_ITEM],
    "conditions": [_CONDITION], "failed": None, "missing": None,
    "findings": [{"code": None}], "paid_to": _SAYS,
    "instalments": [{"amount": None, "from": None, "until": None, "due": None, "says": _SAYS}],
    "overpaid": None, "funding": [{"payer": None, "amount": None}],
    "readings": [{
        "id": None, "default": None, "status": None, "amount": None, "range": _RANGE,
        "says": _SAYS, "confidence": None,
    }],
    "notes": [_NOTE],
    "group": {"id": None, "rule": None, "before": None, "taken": None, "clause": None},
    "clause": None, "quote": None, "legal_status": None,
}  # fmt: skip
_ASSESSMENT: Final[Shape] = {
    "format": None, "on": None,
    "applicant": {"name": None, "kind": None, "region": None},
    "decisions": [_DECISION],
    "totals": {"exact": None, "range": _RANGE, "ceiling": None},
    "assumptions": [{"about": None}],
    "warnings": [{"code": None, "where": None}],
}  # fmt: skip


def kept(assessment: dict[str, Any]) -> dict[str, Any]:
    """Return what a receipt keeps of an assessment in the shape of the contract.

    Places in rule files are left out: they are no part of a meaning. Warnings are
    put in order: a profile's keys have none.
    """
    data: dict[str, Any] = _project(assessment, _ASSESSMENT)
    data["warnings"].sort(key=lambda one: (str(one["where"]), one["code"]))
    return data


def _project(value: Any, shape: Any) -> Any:
    if value is None or shape is None:
        return value
    if isinstance(shape, list):
        return [_project(part, shape[0]) for part in value]
    return {key: _project(value[key], inner) for key, inner in shape.items()}
