"""Tables to staged relations: every row checked as a profile, none lost for another's fault.

``stage`` makes the relations that ``staged`` describes. A firm whose row, or one of whose
items, has a cell that a profile would refuse is *bad*; one with a cell that is known but
has no single value is *odd*. Both are kept out of the relations and can be read back
with what was written (``left_out``), the odd ones for the single engine.

The law kept (``tests/property/test_staging.py``): a staged row read back as a profile is
the profile that states the same facts.

The trap: rows are numbered in the order given, with holes where rows were left out or a
sheet had blank lines. Nothing may take the number for a count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from incentives.batch.columns import ROW
from incentives.batch.inputs.checks import Checked, check
from incentives.batch.inputs.headers import HeaderReader, Layout, check_entities
from incentives.batch.inputs.items import StagedItems, stage_items
from incentives.batch.inputs.left_out import keep_cells, keep_items
from incentives.batch.inputs.regions import region_warnings
from incentives.batch.inputs.relations import (
    KEY,
    column_of,
    differ,
    joined,
    key_text,
    leave,
    leave_faults,
    leave_rows,
    stated_name,
    values_of,
    with_blanks,
    without,
)
from incentives.batch.inputs.sources import Raw, Source, open_source
from incentives.batch.sql import trees
from incentives.batch.staged import Staged, StagedTable
from incentives.diagnostics import TableError
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb
    from sqlglot import exp

    from incentives.diagnostics import Finding
    from incentives.rulebook.model import Vocabulary
else:
    from incentives.batch.sql import sqltree as exp

FIRMS: Final = "firms"


@dataclass(frozen=True, slots=True)
class StagedInput:
    """An input that has been staged.

    ``staged``: the relations. ``rows``: the firms given, those left out included. ``bad`` and
    ``odd``: how many were left out. ``findings``: what is wrong beyond single
    firms, and region codes that a profile would warn of.
    ``left``: the relation of the rows left out (``row``, ``bad``, ``keyless``: no key of its own).
    ``firms`` and ``items``: the tables as they came, for ``left_out``.
    """

    staged: Staged
    vocabulary: Vocabulary
    rows: int
    bad: int
    odd: int
    findings: tuple[Finding, ...]
    left: str
    firms: Raw
    layout: Layout
    items: Mapping[str, StagedItems]


def stage(
    connection: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    tables: Mapping[str, Source],
    *,
    key: str,
    units: Mapping[str, str] | None = None,
    allow_extra: bool = False,
    encoding: str | None = None,
) -> StagedInput:
    """Stage an input: the firms, and the items of any number of list entities.

    Args:
        connection: an in-memory connection; relations ``firms``, ``items_…`` and ``raw_…`` are
            made in it, in the place of earlier ones.
        vocabulary: what may be stated.
        tables: by entity (``applicant`` is needed): a path, an Arrow table or reader, or a
            DuckDB relation. A list entity with a table is known for every firm.
        key: the heading of the column that tells the firms apart; tables of items have it too.
        units: of columns of bare numbers, by heading or path: 元, 万元, 亿元, 分, %, ‰, 1.
        allow_extra: columns that mean nothing are passed over.
        encoding: of CSV files that do not show theirs.

    Raises:
        TableError: a source that cannot be read, or headers that mean nothing or two things
            (E530 to E539), all of them at once.
        MissingExtraError: a package is not installed.
        OSError: a file cannot be read.
    """
    check_entities(vocabulary, tables)
    raws = {
        entity: open_source(connection, source, f"raw_{entity}", entity, encoding=encoding)
        for entity, source in tables.items()
    }
    reader = HeaderReader(vocabulary, key, units or {}, allow_extra=allow_extra)
    firms = raws.pop(APPLICANT)
    layout = reader.read(firms.shown, APPLICANT, firms.columns)
    items = [StagedItems.of_table(reader, entity, raw) for entity, raw in raws.items()]
    if not reader.findings:
        items += [
            StagedItems.of_lists(connection, reader, entity, firms, column)
            for entity, column in layout.lists.items()
        ]
        reader.unused_units()
    if reader.findings:
        raise TableError(reader.findings)
    return _staged(connection, vocabulary, firms, layout, items)


def _staged(
    connection: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    firms: Raw,
    layout: Layout,
    items: Sequence[StagedItems],
) -> StagedInput:
    left = "left_out"
    layout = with_blanks(connection, firms, layout)
    checked = check(connection, firms, layout.facts)
    _start_left(connection, left, firms, layout, checked)
    _keys(connection, left)
    findings = [*region_warnings(connection, firms, checked, vocabulary.regions)]
    staged_items = {}
    for each in items:
        staged_items[each.entity] = done = stage_items(
            connection, vocabulary.entities[each.entity], each, left, findings
        )
        owned = replace(done.raw, relation=f"raw_{done.entity}_of")
        findings += region_warnings(connection, owned, done.checked, vocabulary.regions)
    bad, odd = _count_left(connection, left)
    if bad + odd:
        keep_cells(connection, left, firms, layout, tuple(layout.lists.values()))
        for each in staged_items.values():
            keep_items(connection, left, f"raw_{each.entity}_of", each.raw, each.layout)
    relation = _firms(connection, firms, layout, checked, left if bad + odd else None)
    lists = {
        entity: each.table(connection, left if bad + odd else None, layout.lists.get(entity))
        for entity, each in staged_items.items()
    }
    columns = {each.column.path: column_of(each) for each in checked if each.stated}
    table = StagedTable(APPLICANT, relation, columns, firms.rows - bad - odd)
    return StagedInput(
        Staged(table, lists), vocabulary, firms.rows, bad, odd, tuple(findings),
        left, firms, layout, staged_items,
    )  # fmt: skip


def _start_left(
    connection: duckdb.DuckDBPyConnection,
    left: str,
    firms: Raw,
    layout: Layout,
    checked: Iterable[Checked],
) -> None:
    """Make the relation of the firms left out, with those that their own row leaves out."""
    key = key_text(firms, layout)
    row = exp.alias_(trees.col(firms.row), ROW, quoted=True)
    keyed = exp.select(row, exp.alias_(key, KEY, quoted=True)).from_(trees.table(firms.relation))
    trees.create(connection, "VIEW", "firm_keys_all", keyed)
    empty = exp.select(
        exp.alias_(trees.cast(exp.null(), "BIGINT"), ROW, quoted=True),
        exp.alias_(exp.true(), "bad", quoted=True),
        exp.alias_(exp.true(), "keyless", quoted=True),
    ).limit(0)
    trees.create(connection, "TABLE", left, empty)
    if not differ(connection, firms, layout):
        every = trees.table("firm_keys_all")
        no_key = exp.Is(this=trees.col(KEY), expression=exp.null())
        leave(connection, left, exp.select(trees.col(ROW)).from_(every).where(no_key), keyless=True)
        if _has_doubles(connection):
            leave(connection, left, _doubled(), keyless=True)
    leave_rows(connection, left, firms, layout)
    for each in checked:
        if each.mapping is not None and each.left:
            leave_faults(connection, left, firms, each, trees.col(firms.row, firms.relation))


def _has_doubles(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether two firms may have one key: by the hash of it, which is small to count."""
    hashed = exp.alias_(trees.call("hash", trees.col(KEY)), "h", quoted=True)
    filled = exp.not_(exp.Is(this=trees.col(KEY), expression=exp.null()))
    inner = exp.select(hashed).from_(trees.table("firm_keys_all")).where(filled)
    query = exp.select(
        exp.Count(this=exp.Star()), exp.Count(this=exp.Distinct(expressions=[trees.col("h")]))
    ).from_(inner.subquery("hashed"))
    count, different = trees.fetch_one(connection, query)
    return bool(count != different)


def _doubled() -> exp.Query:
    """Return the rows of the firms whose key stands more than once."""
    keys = (
        exp.select(trees.col(KEY))
        .from_(trees.table("firm_keys_all"))
        .group_by(trees.col(KEY))
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=trees.whole(1)))
    )
    return (
        exp.select(trees.col(ROW))
        .from_(trees.table("firm_keys_all"))
        .where(exp.In(this=trees.col(KEY), query=keys.subquery()))
    )


def _keys(connection: duckdb.DuckDBPyConnection, left: str) -> None:
    """Make the view of the keys that are one firm's: what items are joined with."""
    keyless = exp.select(trees.col(ROW)).from_(trees.table(left)).where(trees.col("keyless"))
    query = exp.select(trees.col(ROW), trees.col(KEY)).from_(trees.table("firm_keys_all"))
    found = trees.fetch_one(
        connection, exp.select(exp.Count(this=exp.Star())).from_(keyless.subquery("k"))
    )
    if found[0]:
        query = query.where(exp.not_(exp.In(this=trees.col(ROW), query=keyless.subquery())))
    trees.create(connection, "VIEW", "firm_keys", query)


def _count_left(connection: duckdb.DuckDBPyConnection, left: str) -> tuple[int, int]:
    """Join what is said of one firm, and return how many are bad and how many odd."""
    query = (
        exp.select(
            trees.col(ROW),
            exp.alias_(trees.call("bool_or", trees.col("bad")), "bad", quoted=True),
            exp.alias_(trees.call("bool_or", trees.col("keyless")), "keyless", quoted=True),
        )
        .from_(trees.table(left))
        .group_by(trees.col(ROW))
    )
    trees.create(connection, "TABLE", f"{left}_once", query)
    trees.create(connection, "TABLE", left, exp.select("*").from_(trees.table(f"{left}_once")))
    trees.drop(connection, "TABLE", f"{left}_once")
    count = exp.select(
        trees.call("count_if", trees.col("bad")), trees.call("count_if", exp.not_(trees.col("bad")))
    ).from_(trees.table(left))
    bad, odd = trees.fetch_one(connection, count)
    return int(bad or 0), int(odd or 0)


def _firms(
    connection: duckdb.DuckDBPyConnection,
    firms: Raw,
    layout: Layout,
    checked: Sequence[Checked],
    left: str | None,
) -> str:
    """Make ``firms``: a view where the source can be read again, else a table."""
    row = trees.col(firms.row, firms.relation)
    query = exp.select(
        exp.alias_(row, ROW, quoted=True),
        exp.alias_(key_text(firms, layout, firms.relation), KEY, quoted=True),
        *values_of(checked),
        *(
            exp.alias_(exp.not_(exp.Is(this=trees.col(column), expression=exp.null())),
                       stated_name(entity), quoted=True)
            for entity, column in layout.lists.items()
        ),
    ).from_(trees.table(firms.relation))  # fmt: skip
    query = joined(query, checked)
    if left is not None:
        query = without(query, row, left)
    copied = not firms.stays or any(each.joins for each in checked)
    trees.create(connection, "TABLE" if copied else "VIEW", FIRMS, query)
    return FIRMS
