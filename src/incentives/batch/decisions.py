"""The table of decisions: its columns, and rows of it as Arrow.

A row is the decision about one incentive for one firm, or (``item`` not null) about one
item of it. Amounts are yuan in exact decimals, null where there is no single amount. A
firm whose facts cannot be read has one row: ``incentive`` null, ``status`` ``"error"``,
``reason`` the code and the sentence. So has a decision that the program failed to make,
with its ``incentive``.

The law kept (``tests/unit/batch/test_single.py``): a row says what the single engine says.
The trap: ``Row`` counts in fen, the table in yuan.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS: Final = (
    "applicant", "incentive", "item", "status", "reason", "amount", "low", "high", "failed",
    "missing", "readings_differ",
)  # fmt: skip
ERROR: Final = "error"
"""The status of a firm that could not be decided."""


class Row(NamedTuple):
    """One row of the table; amounts in fen.

    ``row``: which firm of the input, from 0; ``at``: the item's place in the firm's list,
    ``None`` for the incentive as a whole. With the id they order the table.
    """

    row: int
    applicant: str | None
    incentive: str | None
    at: int | None
    item: str | None
    status: str
    reason: str | None
    amount: int | None = None
    low: int | None = None
    high: int | None = None
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    readings_differ: bool = False


def arrow() -> Any:
    """Return pyarrow.

    Raises:
        MissingExtraError: the extra ``batch`` is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError:
        what = ("deciding tables of firms", "批量评估")
        raise MissingExtraError(what, "pyarrow", "batch") from None
    return pa


@cache
def schema() -> Any:
    """Return the columns of the table with their Arrow types."""
    pa = arrow()
    yuan = pa.decimal128(38, 2)
    types = {name: pa.string() for name in COLUMNS}
    types |= dict.fromkeys(("amount", "low", "high"), yuan)
    types |= dict.fromkeys(("failed", "missing"), pa.list_(pa.string()))
    types["readings_differ"] = pa.bool_()
    return pa.schema(list(types.items()))


@cache
def ordered_schema() -> Any:
    """Return the columns with ``row`` and ``at`` before them: a part of a table not yet whole."""
    pa = arrow()
    order = [pa.field("row", pa.int64()), pa.field("at", pa.int64())]
    return pa.schema([*order, *schema()])


@cache
def told_schema() -> Any:
    """Return the columns of the totals that the single engine tells of some firms."""
    pa = arrow()
    sums = [(name, pa.decimal128(38, 2)) for name in ("low", "high", "ceiling")]
    return pa.schema([("applicant", pa.string()), ("asked", pa.bool_()), *sums])


def ordered(rows: Iterable[Row]) -> Any:
    """Return rows as an Arrow table with the columns of ``ordered_schema``."""
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=False))
    made = []
    for name in ordered_schema().names:
        values = columns.get(name, ())
        made.append([yuan(fen) for fen in values] if name in {"amount", "low", "high"} else values)
    pa = arrow()
    return pa.table(
        [pa.array(each, field.type) for each, field in zip(made, ordered_schema(), strict=True)],
        schema=ordered_schema(),
    )


def fitted(table: Any) -> Any:
    """Return a table as the columns of ``ordered_schema``, of whose types it has narrower ones."""
    kept = ordered_schema()
    return arrow().table([_wider(table[each.name], each.type) for each in kept], schema=kept)


def _wider(column: Any, kind: Any) -> Any:
    pa = arrow()
    same = pa.types.is_decimal128(column.type) and pa.types.is_decimal128(kind)
    if same and column.type.scale == kind.scale and column.type.precision <= kind.precision:
        # The same 16 bytes: only what is said about them differs.
        return pa.chunked_array([chunk.view(kind) for chunk in column.chunks], kind)
    return column.cast(kind)


def yuan(fen: int | None) -> Decimal | None:
    """Return fen as yuan; the context of the host's decimals plays no part."""
    if fen is None:
        return None
    return Decimal((int(fen < 0), tuple(map(int, str(abs(fen)))), -2))
