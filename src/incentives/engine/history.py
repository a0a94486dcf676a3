"""Recorded decisions: what turns a ceiling into an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.engine.environment import ITEM, LIST, ON, Environment
from incentives.language.names import DECIDED
from incentives.values.unknown import Fault, Unknown, unknown_like

if TYPE_CHECKING:
    from incentives.rulebook.profile import Record


def decided_amount(ceiling: Unknown, incentive: str, env: Environment) -> Any:
    """Return what was decided under a ceiling by the date of assessment.

    The newest decision counts. One above the ceiling is a finding and is
    ignored; while the list of decisions is unknown the ceiling stays open and
    waits for it.
    """
    records = env[LIST + DECIDED]
    if records is None:
        return Unknown(
            ceiling.missing | {DECIDED}, ceiling.lo, ceiling.hi, None, ceiling.faults, open=True
        )
    found = [record for record in records if _matches(record, incentive, env)]
    if not found:
        return ceiling
    newest = max(found, key=lambda record: record["decided_on"])
    amount = newest["amount"]
    if amount.__class__ is Unknown:
        return unknown_like((amount, ceiling), ceiling.lo, ceiling.hi)
    if ceiling.hi is not None and amount > ceiling.hi:
        fault = Fault("decided-above-ceiling", newest.path)
        return Unknown(
            ceiling.missing, ceiling.lo, ceiling.hi, None, ceiling.faults | {fault}, open=True
        )
    return amount


def _matches(record: Record, incentive: str, env: Environment) -> bool:
    day, item = record["decided_on"], env[ITEM]
    if record["incentive"] != incentive or day.__class__ is Unknown or day > env[ON]:
        return False
    return item is None or record["item"] == item[2]
