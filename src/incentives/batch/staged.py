"""What a staged input is: tables whose columns are facts in one exact form.

The relations are DuckDB's (or a dialect's): a row a firm in ``firms``, a row an item in
``items_<entity>``. Every relation has ``row``; ``firms`` has ``key`` (the caller's, as
text), items have ``at`` (0, 1, … within the firm's list, in the order given) and ``key``
(what the engine calls the item: its key, or where it has none its place counted from 1).

A fact's column is called by its path: ``applicant.revenue.2024``,
``contract.performed_amount``. bool is BOOLEAN; date is DATE; choice, region, industry
and text are VARCHAR; count, money (in fen) and ratio (times ``scale``) are whole numbers
in the narrowest of BIGINT and HUGEINT. NULL is unknown. Values have been checked: what a
profile would refuse is not in these relations, nor what has no single value in them
(bounds, days known to the month); such rows are decided one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.language.names import FactSpec


@dataclass(frozen=True, slots=True)
class StagedColumn:
    """A fact as a column.

    ``nulls``: some row does not state it. ``low``/``high``: the extremes of a count, of
    money in fen or of a ratio times ``scale``; ``None`` where no row states it.
    """

    path: str
    spec: FactSpec
    year: int | None = None
    nulls: bool = True
    low: int | None = None
    high: int | None = None
    scale: int = 1


@dataclass(frozen=True, slots=True)
class StagedTable:
    """The firms, or the items of one entity; columns by path, facts that no column states left out.

    ``relation``: its name. ``longest``: the most items that one firm has. ``stated``: the
    column of ``firms`` that says whether a firm's list is known (TRUE or FALSE, never
    NULL); ``None`` where every firm's is.
    """

    entity: str
    relation: str
    columns: Mapping[str, StagedColumn]
    rows: int
    longest: int = 1
    stated: str | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """A whole input: lists that are not here are unknown for every firm."""

    firms: StagedTable
    lists: Mapping[str, StagedTable] = field(default_factory=dict)
