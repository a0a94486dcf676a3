"""What staged relations are put together from: keys, values, mappings, firms left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from incentives.batch.columns import ROW
from incentives.batch.inputs.reading import BAD
from incentives.batch.inputs.sources import pyarrow
from incentives.batch.sql import trees
from incentives.batch.staged import StagedColumn

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb
    from sqlglot import exp

    from incentives.batch.inputs.checks import Checked
    from incentives.batch.inputs.headers import Layout
    from incentives.batch.inputs.sources import Raw
else:
    from incentives.batch.sql import sqltree as exp

KEY: Final = "key"
BLANKS: Final = " \t\r\n\u3000"


def column_of(checked: Checked) -> StagedColumn:
    """Return what is said of a column that has been looked at."""
    column = checked.column
    return StagedColumn(
        column.path, column.spec, column.year, checked.nulls, checked.low, checked.high,
        checked.scale,
    )  # fmt: skip


def key_text(raw: Raw, layout: Layout, of: str | None = None) -> exp.Expr:
    """Return the firm's key as text, without blanks around it; NULL for a blank one."""
    cell = trees.col(layout.key, of)
    if raw.columns[layout.key].id != "varchar":
        return trees.cast(cell, "VARCHAR")
    if not layout.blanks:
        return cell
    trimmed = trees.call("trim", cell, trees.text(BLANKS))
    return trees.call("nullif", trimmed, trees.text(""))


def with_blanks(connection: duckdb.DuckDBPyConnection, raw: Raw, layout: Layout) -> Layout:
    """Return the layout with ``blanks`` settled: whether keys have blanks around them."""
    if raw.columns[layout.key].id != "varchar":
        return replace(layout, blanks=False)
    query = exp.select(trees.call("count_if", _is_blank(trees.col(layout.key))))
    (blanks,) = trees.fetch_one(connection, query.from_(trees.table(raw.relation)))
    return replace(layout, blanks=bool(blanks))


def differ(connection: duckdb.DuckDBPyConnection, raw: Raw, layout: Layout) -> bool:
    """Say whether keys are sure to differ: they ascend, by themselves or by their length first.

    To look at that costs less than counting the different ones. In whatever order a scan
    gives them.
    """
    cell = trees.col(layout.key)
    orders: list[exp.Expr] = [cell]
    if raw.columns[layout.key].id == "varchar":
        orders.append(trees.call("row", trees.call("length", cell), cell))
    return not layout.blanks and any(_ascends(connection, raw, cell, each) for each in orders)


def _ascends(
    connection: duckdb.DuckDBPyConnection, raw: Raw, cell: exp.Expr, order: exp.Expr
) -> bool:
    up = exp.GT(this=order, expression=_before(order))
    inner = exp.select(
        exp.alias_(cell.copy(), KEY, quoted=True), exp.alias_(up, "up", quoted=True)
    ).from_(trees.table(raw.relation))
    query = exp.select(
        exp.Count(this=exp.Star()),
        exp.Count(this=trees.col(KEY)),
        trees.call("count_if", trees.col("up")),
    ).from_(inner.subquery("keys"))
    count, filled, ascending = trees.fetch_one(connection, query)
    return bool(filled == count and (ascending or 0) == count - 1)


def _before(value: exp.Expr) -> exp.Expr:
    return exp.Window(this=trees.call("lag", value.copy()))


def _is_blank(cell: exp.Expr) -> exp.Expr:
    """Whether a text is blank or has blanks around it; what sorts before ``!`` begins with one."""
    first = exp.LT(this=cell.copy(), expression=trees.text("!"))
    wide = trees.call("prefix", cell, trees.text("\u3000"))
    last = [trees.call("suffix", cell, trees.text(blank)) for blank in BLANKS]
    return exp.or_(first, wide, *last)


def leave(
    connection: duckdb.DuckDBPyConnection,
    left: str,
    rows: exp.Query,
    *,
    bad: exp.Expr | None = None,
    keyless: bool = False,
) -> None:
    """Add firms to those left out; ``rows`` gives their ``row`` and what ``bad`` reads."""
    query = exp.select(
        trees.col(ROW), bad or exp.true(), exp.convert(keyless)
    ).from_(rows.subquery("found"))  # fmt: skip
    tree = exp.Insert(this=trees.table(left), expression=query)
    trees.run(connection, tree)


def leave_rows(
    connection: duckdb.DuckDBPyConnection,
    left: str,
    raw: Raw,
    layout: Layout,
    of: tuple[str, str] | None = None,
) -> None:
    """Leave out the firms with a cell that has no exact meaning.

    ``of``: for items, the relation that has their firms, and its column of them.
    """
    used = {layout.key, *(each.name for each in layout.facts)}
    rows = sorted({fault.row for fault in raw.faults if fault.column in used})
    if not rows:
        return
    arrow = pyarrow()
    connection.register("fault_rows", arrow.table({ROW: arrow.array(rows, arrow.int64())}))
    found = exp.select(trees.col(ROW)).from_(trees.table("fault_rows"))
    if of is not None:
        firm = exp.alias_(trees.col(of[1], of[0]), ROW, quoted=True)
        found = (
            exp.select(firm)
            .from_(trees.table(of[0]))
            .where(exp.In(this=trees.col(raw.row, of[0]), query=found.subquery()))
        )
    leave(connection, left, found)
    connection.unregister("fault_rows")


def leave_faults(
    connection: duckdb.DuckDBPyConnection,
    left: str,
    raw: Raw,
    checked: Checked,
    row: exp.Expr,
) -> None:
    """Leave out the firms with an odd or bad cell in a column of ``raw``."""
    mapping = checked.mapping or ""
    fault = trees.col("fault", mapping)
    rows = (
        exp.select(
            exp.alias_(row, ROW, quoted=True),
            exp.alias_(exp.EQ(this=fault, expression=trees.whole(BAD)), "bad", quoted=True),
        )
        .from_(trees.table(raw.relation))
        .join(
            trees.table(mapping),
            on=exp.EQ(this=trees.col("raw", mapping), expression=checked.key.copy()),
        )
        .where(exp.GT(this=fault.copy(), expression=trees.whole(0)))
    )
    leave(connection, left, rows, bad=trees.col("bad"))


def stated_name(entity: str) -> str:
    """Return the column of ``firms`` that says whether a firm's list is known."""
    return f"stated {entity}"


def values_of(checked: Iterable[Checked]) -> list[exp.Expr]:
    """Return the staged columns, called by their paths."""
    return [
        exp.alias_(each.value.copy(), each.column.path, quoted=True)
        for each in checked
        if each.stated
    ]


def joined(query: exp.Select, checked: Iterable[Checked]) -> exp.Select:
    """Join the mappings that staged columns take values from."""
    for each in checked:
        if each.mapping is not None and each.joins and each.stated:
            raw = trees.col("raw", each.mapping)
            query = query.join(
                trees.table(each.mapping),
                on=exp.EQ(this=raw, expression=each.key.copy()),
                join_type="left",
            )
    return query


def without(query: exp.Select, row: exp.Expr, left: str) -> exp.Select:
    """Leave the rows of a relation out of a query."""
    return query.join(
        trees.table(left),
        on=exp.EQ(this=trees.col(ROW, left), expression=row.copy()),
        join_type="anti",
    )
