"""The items of one list entity: a table of their own with the firm's key, or lists in the firms'.

Either way they become rows with the number of their firm and their place in its list.
Checked as a profile checks a list: no two items of a firm with one key, at most
100,000 of them. An item of no firm is a finding, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.columns import ROW
from incentives.batch.inputs.cells import CellType
from incentives.batch.inputs.checks import Checked, check
from incentives.batch.inputs.left_out import FIRM
from incentives.batch.inputs.relations import (
    KEY,
    column_of,
    joined,
    key_text,
    leave,
    leave_faults,
    leave_rows,
    stated_name,
    values_of,
    with_blanks,
)
from incentives.batch.inputs.sources import Raw, cell_type
from incentives.batch.sql import trees
from incentives.batch.staged import StagedTable
from incentives.diagnostics import Finding
from incentives.rulebook.profile import MAX_ITEMS

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp

    from incentives.batch.inputs.headers import HeaderReader, Layout
    from incentives.language.names import EntitySpec
else:
    from incentives.batch.sql import sqltree as exp

AT: Final = "at"
LISTED: Final = 20
"""How many items of no firm are named."""


@dataclass(frozen=True, slots=True)
class StagedItems:
    """The items of an entity as they came, and then as they were staged.

    ``nested``: they stand in lists of the firms' table; ``raw`` then has the column ``FIRM``.
    """

    entity: str
    raw: Raw
    layout: Layout
    nested: bool = False
    checked: tuple[Checked, ...] = ()
    relation: str = ""
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @classmethod
    def of_table(cls, reader: HeaderReader, entity: str, raw: Raw) -> StagedItems:
        """Read the header of a table of items; what is wrong goes to the reader."""
        return cls(entity, raw, reader.read(raw.shown, entity, raw.columns))

    @classmethod
    def of_lists(
        cls,
        connection: duckdb.DuckDBPyConnection,
        reader: HeaderReader,
        entity: str,
        firms: Raw,
        column: str,
    ) -> StagedItems:
        """Take the items out of a column of lists, into a table with a row each."""
        raw = _unnested(connection, entity, firms, column)
        columns = {name: kind for name, kind in raw.columns.items() if name != FIRM}
        return cls(entity, raw, reader.read(raw.shown, entity, columns, key=FIRM), nested=True)

    def of_firms(self) -> exp.Select:
        """Return the items with a firm, ``FIRM`` being the firm's row, before any is left out."""
        relation = self.raw.relation
        if self.nested:
            return exp.select("*").from_(trees.table(relation))
        return (
            exp.select(exp.alias_(trees.col(ROW, "firm_keys"), FIRM, quoted=True),
                       exp.Column(this=exp.Star(), table=trees.name(relation)))
            .from_(trees.table(relation))
            .join(
                trees.table("firm_keys"),
                on=exp.EQ(
                    this=trees.col(KEY, "firm_keys"),
                    expression=key_text(self.raw, self.layout, relation),
                ),
            )
        )  # fmt: skip

    def table(
        self, connection: duckdb.DuckDBPyConnection, left: str | None, stated: str | None
    ) -> StagedTable:
        """Return what is said of the staged table, the firms left out taken from it."""
        items = trees.table(self.relation)
        if left is not None:
            gone = exp.select(trees.col(ROW)).from_(trees.table(left)).subquery()
            tree = exp.Delete(
                this=items.copy(), where=exp.Where(this=exp.In(this=trees.col(ROW), query=gone))
            )
            trees.run(connection, tree)
        query = exp.select(
            exp.Count(this=exp.Star()),
            exp.func("COALESCE", exp.Max(this=trees.col(AT)), trees.whole(-1)),
        ).from_(items)
        rows, last = trees.fetch_one(connection, query)
        columns = {each.column.path: column_of(each) for each in self.checked if each.stated}
        return StagedTable(
            self.entity, self.relation, columns, int(rows), int(last) + 1,
            None if stated is None else stated_name(self.entity),
        )  # fmt: skip


def _unnested(connection: duckdb.DuckDBPyConnection, entity: str, firms: Raw, column: str) -> Raw:
    """Make the table of the items in a column of lists."""
    relation = f"raw_{entity}"
    opened = connection.table(trees.name(firms.relation).sql("duckdb"))
    child: Any = dict(opened.types[opened.columns.index(column)].children)["child"]
    names = [name for name, _ in child.children] if child.id == "struct" else []
    numbered = exp.select(
        exp.alias_(trees.col(firms.row), FIRM, quoted=True),
        exp.alias_(trees.call("generate_subscripts", trees.col(column), trees.whole(1)), AT),
        exp.alias_(trees.call("unnest", trees.col(column)), "item", quoted=True),
    ).from_(trees.table(firms.relation))
    query = exp.select(
        trees.col(FIRM),
        exp.alias_(trees.col(AT), ROW + "_in_list", quoted=True),
        *(exp.alias_(_part(name), name, quoted=True) for name in names),
    ).from_(numbered.subquery("items"))  # fmt: skip
    trees.create(connection, "TABLE", relation, query)
    count = trees.fetch_one(
        connection, exp.select(exp.Count(this=exp.Star())).from_(trees.table(relation))
    )
    types: dict[str, CellType] = {FIRM: CellType("bigint")}
    types |= {name: cell_type(kind) for name, kind in child.children} if names else {}
    return Raw(relation, f"{firms.shown}: {column}", ROW + "_in_list", types, int(count[0]))


def _part(name: str) -> exp.Expr:
    return trees.call("struct_extract", trees.col("item"), trees.text(name))


def stage_items(
    connection: duckdb.DuckDBPyConnection,
    entity: EntitySpec,
    items: StagedItems,
    left: str,
    findings: list[Finding],
) -> StagedItems:
    """Make ``items_<entity>`` and leave out the firms whose list a profile would refuse."""
    if not items.nested:
        items = replace(items, layout=with_blanks(connection, items.raw, items.layout))
    checked = check(connection, items.raw, items.layout.facts)
    of = f"raw_{items.entity}_of"
    trees.create(connection, "VIEW", of, items.of_firms())
    number = exp.Window(
        this=trees.call("row_number"),
        partition_by=[trees.col(FIRM, of)],
        order=exp.Order(expressions=[exp.Ordered(this=trees.col(items.raw.row, of))]),
    )
    at = exp.Sub(this=number, expression=trees.whole(1))
    query = exp.select(
        exp.alias_(trees.col(FIRM, of), ROW, quoted=True),
        exp.alias_(trees.cast(exp.Paren(this=at), "BIGINT"), AT, quoted=True),
        *values_of(checked),
    ).from_(trees.table(of))
    query = joined(query, checked)
    relation = f"items_{items.entity}"
    trees.create(connection, "TABLE", relation, _with_key(query, entity, checked))
    for each in checked:
        if each.mapping is not None and each.left:
            source = replace(items.raw, relation=of)
            leave_faults(connection, left, source, each, trees.col(FIRM, of))
    leave_rows(connection, left, items.raw, items.layout, (of, FIRM))
    leave(connection, left, _crowded(relation))
    if entity.key is not None and any(each.column.spec.name == entity.key for each in checked):
        leave(connection, left, _doubled(relation, f"{items.entity}.{entity.key}"))
    done = replace(items, checked=checked, relation=relation)
    if not items.nested:
        findings += _of_no_firm(connection, done)
    return done


def _with_key(query: exp.Select, entity: EntitySpec, checked: tuple[Checked, ...]) -> exp.Select:
    """Add what the engine calls the item, in the order of firms and lists."""
    path = f"{entity.name}.{entity.key}"
    has = any(each.column.path == path and each.stated for each in checked)
    next_at = exp.Add(this=trees.col(AT, "items"), expression=trees.whole(1))
    at = trees.cast(exp.Paren(this=next_at), "VARCHAR")
    key = exp.func("COALESCE", trees.col(path, "items"), at) if has else at
    every = exp.Column(this=exp.Star(), table=trees.name("items"))
    return (
        exp.select(exp.alias_(key, KEY, quoted=True), every)
        .from_(query.subquery("items"))
        .order_by(trees.col(ROW, "items"), trees.col(AT, "items"))
    )  # fmt: skip


def _crowded(relation: str) -> exp.Query:
    """Return the firms with more items than a profile may have."""
    return (
        exp.select(trees.col(ROW))
        .distinct()
        .from_(trees.table(relation))
        .where(exp.GTE(this=trees.col(AT), expression=trees.whole(MAX_ITEMS)))
    )


def _doubled(relation: str, path: str) -> exp.Query:
    """Return the firms two of whose items have one key."""
    return (
        exp.select(trees.col(ROW))
        .from_(trees.table(relation))
        .where(exp.not_(exp.Is(this=trees.col(path), expression=exp.null())))
        .group_by(trees.col(ROW), trees.col(path))
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=trees.whole(1)))
    )


def _of_no_firm(connection: duckdb.DuckDBPyConnection, items: StagedItems) -> list[Finding]:
    """Return the finding about items whose firm is not there, the first of them named."""
    placed = trees.fetch_one(
        connection, exp.select(exp.Count(this=exp.Star())).from_(trees.table(items.relation))
    )
    if placed[0] == items.raw.rows:
        return []
    key = key_text(items.raw, items.layout, items.raw.relation)
    lost = exp.select(
        exp.alias_(key, KEY, quoted=True),
        exp.alias_(trees.col(items.raw.row, items.raw.relation), ROW, quoted=True),
    ).from_(trees.table(items.raw.relation)).join(
        trees.table("firm_keys_all"),
        on=exp.EQ(this=trees.col(KEY, "firm_keys_all"), expression=key.copy()),
        join_type="anti",
    )  # fmt: skip
    counted = trees.fetch_one(
        connection, exp.select(exp.Count(this=exp.Star())).from_(lost.subquery("lost"))
    )
    if not counted[0]:
        return []
    first = trees.fetch(
        connection,
        exp.select(trees.col(KEY), trees.col(ROW))
        .from_(lost.subquery("lost"))
        .order_by(trees.col(ROW))
        .limit(LISTED),
    )
    return [_lost(items, int(counted[0]), first)]


def _lost(items: StagedItems, count: int, first: list[tuple[Any, ...]]) -> Finding:
    places = [(key, items.raw.place(row, items.layout.key)) for key, row in first]
    listed = ", ".join(f"{key or '-'} ({place})" for key, place in places)
    listed_zh = "、".join(f"{key or '空'}（{place}）" for key, place in places)
    more = count - len(first)
    said = f"{count} items of `{items.entity}` are"
    if count == 1:
        said = f"1 item of `{items.entity}` is"
    rest, rest_zh = (f" and {more} more", f"，另有 {more} 项") if more else ("", "")
    return Finding(
        code="E542",
        message=f"{said} of no firm of the input: {listed}{rest}",
        zh=f"“{items.entity}”有 {count} 项不属于任何一家企业：{listed_zh}{rest_zh}",
        fact=items.raw.shown,
        help="add the firm, or correct the key",
        help_zh="请补充该企业，或更正编号",
    )
