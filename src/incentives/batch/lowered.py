"""What the lowering makes of a rulebook: for each incentive, the columns of its decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incentives.batch.columns import Column
    from incentives.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns of one decision, or of one item of it.

    ``status`` (WORD, never NULL), ``reason`` (WORD), ``amount``, ``low``, ``high`` (WHOLE, in
    fen; NULL as in the JSON contract), ``failed``, ``missing`` (WORDS), ``differs`` (TRUTH,
    never NULL: another reading gives another status, or another range of its amount, both
    before groups), ``alone`` (TRUTH, never
    NULL: only the single engine settles this row; the other columns then hold what is
    known without it).
    """

    status: Column
    reason: Column
    amount: Column
    low: Column
    high: Column
    failed: Column
    missing: Column
    differs: Column
    alone: Column


@dataclass(frozen=True, slots=True)
class LoweredIncentive:
    """An incentive as columns; ``items`` are in the scope of its list entity, ``each``."""

    id: str
    answer: Answer
    each: str | None = None
    items: Answer | None = None


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rulebook on a day as columns over one staged input.

    ``refused``: what has no exact columns, by id, each with the finding that says why and
    where; the single engine decides these.
    """

    incentives: tuple[LoweredIncentive, ...]
    refused: dict[str, Finding]
