"""Where rows come from: a file, an Arrow table or a DuckDB relation, as one raw relation.

A raw relation has the source's own columns and one that numbers the rows from 0 in the
order given. A Parquet file and an Arrow table stay where they are; anything else is
copied once into the connection.

The trap: a Parquet file of some kilobytes can claim petabytes. Its footer is measured
before any page is read, and an Arrow extension type, which may run code, is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.batch import trees
from incentives.batch.cells import CellType
from incentives.batch.database import copy_table, is_database
from incentives.diagnostics import Finding, MissingExtraError, TableError
from incentives.tabular.cells import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    import pyarrow as pa
    from sqlglot import exp

    from incentives.batch.sheets import CellFault
else:
    from incentives.batch import sqltree as exp

Source = Any
"""A path, the address of a table of a database (``database``), a pyarrow Table or
RecordBatchReader, or a DuckDB relation."""

ROW: Final = "_row"


@dataclass(frozen=True, slots=True)
class Raw:
    """A source in the connection, before anything is known of its columns.

    ``row``: the column that numbers the rows. ``places``: of a sheet, where each column stands
    in it, from 0; its row 0 is the second of the sheet. ``stays``: reading it again costs
    little memory. ``faults``: cells without an exact meaning.
    """

    relation: str
    shown: str
    row: str
    columns: Mapping[str, CellType]
    rows: int
    places: tuple[int, ...] = ()
    stays: bool = False
    faults: tuple[CellFault, ...] = ()

    def place(self, row: int, column: str) -> str:
        """Return where a cell is, as messages say it: ``C7``, or ``#6 revenue.2024``."""
        if self.places:
            return address_of(row + 2, self.places[list(self.columns).index(column)] + 1)
        return f"#{row + 1} {column}"


def open_source(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    relation: str,
    shown: str,
    *,
    encoding: str | None = None,
) -> Raw:
    """Make a source a relation of the connection.

    Args:
        connection: where the relation is made.
        source: see ``Source``; a path's ending says what the file is.
        relation: what it is called; an earlier one of this name is replaced.
        shown: what messages call a source that has no path.
        encoding: of CSV files that do not show theirs.

    Raises:
        TableError: no table, or one beyond the limits.
        MissingExtraError: a package is not installed.
        OSError: the file cannot be read.
    """
    if is_database(source):
        return _database(connection, source, relation)
    if isinstance(source, str | PathLike):
        path = Path(fspath(source))
        if path.suffix.lower() == ".parquet":
            return _parquet(connection, path, relation)
        return _sheet(connection, path, relation, encoding)
    arrow = pyarrow()
    if isinstance(source, arrow.Table):
        return _arrow(connection, source, relation, shown)
    if isinstance(source, arrow.RecordBatchReader | arrow.RecordBatch):
        return _arrow(connection, _gathered(source), relation, shown)
    if hasattr(source, "to_arrow_table"):
        return _arrow(connection, source.to_arrow_table(), relation, shown)
    raise TypeError(f"a table is a path, an Arrow table or a relation, not {type(source).__name__}")


def pyarrow() -> Any:
    """Return the pyarrow package.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError(("batch", "批量计算"), "pyarrow", "batch") from None
    return pa


def _gathered(source: Any) -> pa.Table:
    arrow = pyarrow()
    if isinstance(source, arrow.RecordBatch):
        return arrow.Table.from_batches([source])
    return source.read_all()


def _row_name(columns: list[str]) -> str:
    found = ROW
    while found in {column.lower() for column in columns}:
        found += "_"
    return found


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path, relation: str) -> Raw:
    from incentives.batch.footer import measure_parquet

    rows, names = measure_parquet(path)
    row = _row_name(names)
    reader = exp.Table(this=trees.call("read_parquet", trees.text(str(path))))
    query = exp.select(
        *(trees.col(name) for name in names),
        exp.alias_(trees.col("file_row_number"), row, quoted=True),
    ).from_(reader)
    trees.create(connection, "VIEW", relation, query)
    return Raw(relation, str(path), row, _types(connection, relation, row), rows, stays=True)


def _database(connection: duckdb.DuckDBPyConnection, source: str, relation: str) -> Raw:
    trees.drop(connection, "TABLE", relation)
    trees.drop(connection, "VIEW", relation)
    address = copy_table(connection, source, relation, ROW)
    types = _types(connection, relation, ROW)
    return Raw(relation, address.shown, ROW, types, _count(connection, relation))


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    query = exp.select(exp.Count(this=exp.Star())).from_(trees.table(relation))
    return int(trees.fetch_one(connection, query)[0])


def _arrow(
    connection: duckdb.DuckDBPyConnection, source: pa.Table, relation: str, shown: str
) -> Raw:
    from incentives.batch.footer import check_fields

    check_fields(source.schema, shown)
    row = _row_name(source.column_names)
    numbered_by = trees.call("range", trees.whole(source.num_rows))
    numbers = trees.arrow(connection, exp.select("range").from_(exp.Table(this=numbered_by)))
    numbered = source.append_column(row, numbers.column(0))
    held = f"{relation}_held"
    connection.register(held, numbered)
    trees.create(connection, "VIEW", relation, exp.select("*").from_(trees.table(held)))
    types = _types(connection, relation, row)
    return Raw(relation, shown, row, types, source.num_rows, stays=True)


def _sheet(
    connection: duckdb.DuckDBPyConnection, path: Path, relation: str, encoding: str | None
) -> Raw:
    from incentives.batch.sheets import copy_sheet

    made = copy_sheet(connection, path, relation, encoding)
    types = _types(connection, relation, made.row)
    return Raw(
        relation, str(path), made.row, types, made.rows, tuple(made.columns.values()),
        faults=tuple(made.faults),
    )  # fmt: skip


def _types(connection: duckdb.DuckDBPyConnection, relation: str, row: str) -> dict[str, CellType]:
    opened = connection.table(trees.name(relation).sql("duckdb"))
    return {
        name: cell_type(kind)
        for name, kind in zip(opened.columns, opened.types, strict=True)
        if name != row
    }


def cell_type(kind: Any) -> CellType:
    """Return what DuckDB calls the type of a column."""
    if kind.id == "decimal":
        parts = dict(kind.children)
        return CellType("decimal", int(parts["precision"]), int(parts["scale"]))
    return CellType(str(kind.id).strip('"').lower())


def bad_source(code: str, en: str, zh: str, help: tuple[str, str] | None = None) -> TableError:
    """Return the refusal of a whole source."""
    remedy = help or (None, None)
    return TableError([Finding(code=code, message=en, zh=zh, help=remedy[0], help_zh=remedy[1])])
