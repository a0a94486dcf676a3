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
from urllib.parse import unquote

from incentives.batch.inputs.cells import CellType
from incentives.batch.inputs.database import copy_table, is_database
from incentives.batch.sql import trees
from incentives.diagnostics import Finding, MissingExtraError, TableError
from incentives.rulebook.facts import BOUNDS
from incentives.tabular.cells import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    import pyarrow as pa
    from sqlglot import exp

    from incentives.batch.inputs.sheets import CellFault
else:
    from incentives.batch.sql import sqltree as exp

Source = Any
"""A path (of a directory: every Parquet file below it), the address of a table of a database
(``database``), a pyarrow Table or RecordBatchReader, or a DuckDB relation."""

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
        if path.is_dir():
            files = sorted(each for each in path.rglob("*.parquet") if _is_data(each, path))
            if not files:
                raise bad_source(
                    "E501",
                    f"{path} is a directory without a .parquet file",
                    f"目录 {path} 中没有 .parquet 文件",
                )
            return _parquet(connection, files, relation, str(path), path)
        if path.suffix.lower() == ".parquet":
            return _parquet(connection, [path], relation, str(path))
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


def _parquet(
    connection: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    relation: str,
    shown: str,
    root: Path | None = None,
) -> Raw:
    """Make the view of one file, or of several that together are one table.

    A query for each file, so that a range of rows reads the files, and in them the row
    groups, that hold it.
    """
    from incentives.batch.inputs.footer import measure_parquet

    measured = [measure_parquet(path) for path in paths]
    names = measured[0][1]
    parts = [{} if root is None else _parts(path.relative_to(root)) for path in paths]
    row = _row_name([*names, *(name for part in parts for name in part)])
    first = 0
    queries: list[exp.Query] = []
    for path, (rows, own), part in zip(paths, measured, parts, strict=True):
        if set(own) != set(names) or part.keys() != parts[0].keys():
            raise _other_columns(path, paths[0], sorted(set(own) ^ set(names)))
        queries.append(_one_file(path, names, part, row, first))
        first += rows
    query = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False)
    trees.create(connection, "VIEW", relation, query)
    return Raw(relation, shown, row, _types(connection, relation, row), first, stays=True)


def _one_file(
    path: Path, names: Sequence[str], part: Mapping[str, str], row: str, first: int
) -> exp.Select:
    number: exp.Expr = trees.col("file_row_number")
    if first:
        number = exp.Add(this=number, expression=trees.whole(first))
    reader = exp.Table(this=trees.call("read_parquet", trees.text(_literal(path))))
    return exp.select(
        *(trees.col(name) for name in names),
        *(exp.alias_(trees.text(value), name, quoted=True) for name, value in part.items()),
        exp.alias_(number, row, quoted=True),
    ).from_(reader)


def _literal(path: Path) -> str:
    """Return a path that DuckDB takes for no pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _is_data(path: Path, root: Path) -> bool:
    """Say whether a file is no scrap of a program: ``_temporary``, ``.part``."""
    return not any(name.startswith(("_", ".")) for name in path.relative_to(root).parts)


def _parts(path: Path) -> dict[str, str]:
    """Return what the names of a file's directories say: ``region=640200`` is a column."""
    found = {}
    for name in path.parts[:-1]:
        key, mark, value = name.partition("=")
        if mark and key:
            found[key] = unquote(value)
    return found


def _other_columns(path: Path, first: Path, names: list[str]) -> TableError:
    listed = ", ".join(names[:10])
    return bad_source(
        "E538",
        f"{path} has not the columns of {first}: {listed}",
        f"{path} 与 {first} 的列不一致：{listed}",
        ("write all files of a table with the same columns", "同一张表的各个文件应有相同的列"),
    )


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
    from incentives.batch.inputs.footer import check_fields

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
    from incentives.batch.inputs.sheets import copy_sheet

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
    found = str(kind.id).strip('"').lower()
    if found == "struct" and {name for name, _ in kind.children} <= set(BOUNDS):
        return CellType("bounds", ends=tuple((name, cell_type(of)) for name, of in kind.children))
    return CellType(found)


def bad_source(code: str, en: str, zh: str, help: tuple[str, str] | None = None) -> TableError:
    """Return the refusal of a whole source."""
    remedy = help or (None, None)
    return TableError([Finding(code=code, message=en, zh=zh, help=remedy[0], help_zh=remedy[1])])
