"""The same rules over millions of rows: lowered to columns, run as SQL.

>>> import incentives.batch
>>> table = incentives.batch.assess(rulebook, {"applicant": "firms.parquet"}, key="id", on=day)

Names are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from incentives.batch.result import Decisions
    from incentives.batch.run import assess
    from incentives.batch.stream import Evaluator, evaluate_batches, evaluator

__all__ = ["Decisions", "Evaluator", "assess", "evaluate_batches", "evaluator"]

_HOMES = {
    "Decisions": "result",
    "Evaluator": "stream",
    "assess": "run",
    "evaluate_batches": "stream",
    "evaluator": "stream",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'incentives.batch' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"incentives.batch.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
