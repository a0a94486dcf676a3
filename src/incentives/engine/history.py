"""Recorded decisions: what turns a ceiling into an amount."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from incentives.engine.environment import ITEM, LIST, ON, Environment
from incentives.language.core import CompareOp
from incentives.language.names import DECIDED
from incentives.language.semantics import all_, compare
from incentives.values.unknown import Fault, Unknown, bounds, hull, unknown_like

if TYPE_CHECKING:
    from incentives.rulebook.profile import Record


def decided_amount(ceiling: Unknown, incentive: str, env: Environment) -> Any:
    """Return what was decided under a ceiling by the date of assessment.

    The newest decision counts, of one day the last listed. One above the
    ceiling is a finding and is ignored. One that may be for something else, or
    above a ceiling that is itself not known, leaves the ceiling open, as an
    unknown list of decisions does.
    """
    records = env[LIST + DECIDED]
    if records is None:
        return replace(ceiling, missing=ceiling.missing | {DECIDED})
    newest: Record | None = None
    doubts: list[Any] = []
    faults = ceiling.faults
    for record in records:
        fits = all_([_is_for(record, incentive, env), _within(ceiling, record["amount"])])
        if fits is True:
            if newest is None or _day(newest) <= _day(record):
                newest = record
        elif fits is not False:
            doubts += [record["amount"], fits]
        elif _is_for(record, incentive, env) is True:
            faults |= {Fault("decided-above-ceiling", record.path)}
    if doubts:
        return hull([ceiling, *doubts[::2]], *doubts[1::2])
    if newest is not None:
        return newest["amount"]
    return replace(ceiling, faults=faults)


def _day(record: Record) -> Any:
    return bounds(record["decided_on"])[0]


def _is_for(record: Record, incentive: str, env: Environment) -> Any:
    """Say whether a decision is about this incentive and item, and made by now."""
    tests = [
        compare(CompareOp.EQ, record["incentive"], incentive),
        compare(CompareOp.LE, record["decided_on"], env[ON]),
    ]
    if env[ITEM] is not None:
        tests.append(compare(CompareOp.EQ, record["item"], env[ITEM][2]))
    return all_(tests)


def _within(ceiling: Unknown, amount: Any) -> Any:
    """Say whether an amount is at most the ceiling, of which only a range may be known."""
    low, high = bounds(amount)
    if ceiling.hi is None and not ceiling.missing and not ceiling.faults:
        return True  # none is stated
    # Rounding after a row of a table loses ``least``; a ceiling that waits for nothing is its top.
    least = ceiling.least if ceiling.missing or ceiling.faults else ceiling.hi
    if high is not None and least is not None and high <= least:
        return True
    if low is not None and ceiling.hi is not None and low > ceiling.hi:
        return False
    return unknown_like((ceiling, amount))
