"""A table of a PostgreSQL database, copied into the connection with every value as it is.

Two ways lead there, and both run the same query. Where DuckDB has its own extension for
PostgreSQL, the database is attached, read only; the extension is made anew for each
release of DuckDB, and where there is none for this one the driver of the Arrow project
reads it (the extra ``postgres``).

The law kept (``tests/services/test_database.py``): a value arrives as it stands there or is
refused. The traps, each seen in one of the two ways: ``numeric`` without places arrives
as a double, ``money`` as whole cents without saying so, and the date ``infinity`` as a day
six million years ago. So amounts travel as text, and what no fact can hold is counted first.

Rows come in the order of the primary key, so that two runs number them alike; where there is
none, as the server gives them.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from incentives.diagnostics import Finding, MissingExtraError, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb
    from sqlglot import exp

SCHEMES: Final = ("postgresql", "postgres")
_ATTACHED: Final = "incentives_source"
_DAYS: Final = frozenset({"date", "timestamp", "timestamptz"})
_AS_THEY_ARE: Final = _DAYS | {"bool", "int2", "int4", "int8", "float4", "float8"}
_WIDEST: Final = 38
"""The most digits that a DECIMAL of DuckDB has."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a table is: ``postgresql://user@host/database#schema.table``.

    ``uri``: what libpq connects to; it may hold a password and is never shown. ``shown``: the
    same without one.
    """

    uri: str = field(repr=False)
    schema: str | None
    table: str
    shown: str


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the catalogue of the database has it; ``places``: of a number, if declared."""

    name: str
    type: str
    digits: int | None = None
    places: int | None = None

    @property
    def is_amount(self) -> bool:
        return self.type in {"numeric", "money"}


def is_database(source: object) -> bool:
    """Say whether a source is the address of a database."""
    return isinstance(source, str) and source.partition("://")[0].lower() in SCHEMES


def parse_address(source: str) -> Address:
    """Return the parts of an address.

    Raises:
        TableError: it names no table (E583).
    """
    uri, _, fragment = source.partition("#")
    parts = urlsplit(uri)
    shown = f"postgresql://{parts.hostname or ''}{parts.path}"
    schema, _, table = unquote(fragment).rpartition(".")
    if not table:
        raise _refusal(
            "E583",
            f"{shown} names no table",
            f"{shown} 没有写明是哪张表",
            (f"add it behind `#`: {shown}#firms", f"写在 # 后面：{shown}#firms"),
        )
    return Address(uri, schema or None, table, f"{shown}#{unquote(fragment)}")


def copy_table(
    connection: duckdb.DuckDBPyConnection, source: str, relation: str, row: str
) -> Address:
    """Copy a table of a database into the connection, with a column that numbers its rows.

    Args:
        connection: where the table is made.
        source: the address, see ``Address``.
        relation: what the copy is called; there must be none of this name.
        row: what the column is called that numbers the rows from 0.

    Raises:
        TableError: the database cannot be read (E580), has no such table (E581), or holds a
            value that no fact can have (E582); the address names no table (E583).
        MissingExtraError: neither way to PostgreSQL is installed.
    """
    address = parse_address(source)
    with _client(connection, address) as client:
        columns, order = _described(client, address)
        widths = _measured(client, address, columns)
        query = _reading(address, columns, order)
        client.copy(query.sql("postgres"), relation, _typed(columns, widths, row))
    return address


# ── the two ways ─────────────────────────────────────────────────────────────


class _Client(Protocol):
    """A way into a database."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query of PostgreSQL's gives."""

    def copy(self, query: str, relation: str, selected: Sequence[exp.Expr]) -> None:
        """Make a table of DuckDB's from what a query of PostgreSQL's gives."""


class _Attached:
    """The database attached by DuckDB's own extension."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def _of(self, query: str) -> exp.Table:
        from sqlglot import exp

        text = exp.Literal.string
        called = exp.Anonymous(this="postgres_query", expressions=[text(_ATTACHED), text(query)])
        return exp.Table(this=called)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        from sqlglot import exp

        return self._connection.execute(
            exp.select("*").from_(self._of(query)).sql("duckdb")
        ).fetchall()

    def copy(self, query: str, relation: str, selected: Sequence[exp.Expr]) -> None:
        _create(self._connection, relation, selected, self._of(query))


class _Driven:
    """The database read by the driver of the Arrow project, as record batches."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, cursor: Any) -> None:
        self._connection = connection
        self._cursor = cursor

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(query)
        return list(self._cursor.fetchall())

    def copy(self, query: str, relation: str, selected: Sequence[exp.Expr]) -> None:
        from sqlglot import exp

        self._cursor.execute(query)
        held = f"{relation}_arriving"
        self._connection.register(held, self._cursor.fetch_record_batch())
        try:
            _create(self._connection, relation, selected, exp.to_table(_quoted(held)))
        finally:
            self._connection.unregister(held)


def _create(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    selected: Sequence[exp.Expr],
    of: exp.Expr,
) -> None:
    from sqlglot import exp

    query = exp.select(*selected).from_(of)
    tree = exp.Create(this=exp.to_table(_quoted(relation)), kind="TABLE", expression=query)
    connection.execute(tree.sql("duckdb"))


@contextmanager
def _client(connection: duckdb.DuckDBPyConnection, address: Address) -> Iterator[_Client]:
    """Open the way that is there, the database's own errors told in our words."""
    errors = _errors()
    try:
        if _has_extension(connection):
            with _attached(connection, address):
                yield _Attached(connection)
        else:
            with _driver().connect(address.uri) as there, closing(there.cursor()) as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield _Driven(connection, cursor)
    except errors as error:
        told = _first_line(str(error), address)
        raise _refusal(
            "E580",
            f"{address.shown} cannot be read: {told}",
            f"{address.shown} 无法读取：{told}",
        ) from None


def _errors() -> tuple[type[Exception], ...]:
    """Return what the two ways raise about a database."""
    import duckdb

    found: tuple[type[Exception], ...] = (duckdb.Error,)
    try:
        from adbc_driver_manager import Error
    except ImportError:
        return found
    return (*found, Error)


def _driver() -> Any:
    try:
        import adbc_driver_postgresql.dbapi
    except ImportError:
        what = ("reading from PostgreSQL", "读取 PostgreSQL")
        raise MissingExtraError(what, "adbc-driver-postgresql", "postgres") from None
    return adbc_driver_postgresql.dbapi


def _has_extension(connection: duckdb.DuckDBPyConnection) -> bool:
    """Load DuckDB's extension if it is on this machine for this release; nothing is fetched."""
    import duckdb
    from sqlglot import exp

    packaged = extension_file(duckdb.__version__)
    name = "postgres_scanner" if packaged is None else str(packaged)
    try:
        connection.execute(f"LOAD {exp.Literal.string(name).sql('duckdb')}")
    except duckdb.Error:
        return False
    return True


def extension_file(version: str) -> Path | None:
    """Return the extension for a release of DuckDB that a Python package brought, if one did."""
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("duckdb_extension_postgres_scanner")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        for file in (Path(place) / "extensions" / f"v{version}").glob("*.duckdb_extension"):
            return file
    return None


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, address: Address) -> Iterator[None]:
    from sqlglot import exp

    uri = exp.Literal.string(address.uri).sql("duckdb")
    connection.execute(f"ATTACH {uri} AS {_ATTACHED} (TYPE postgres, READ_ONLY)")
    try:
        yield
    finally:
        connection.execute(f"DETACH {_ATTACHED}")


# ── what is asked ────────────────────────────────────────────────────────────


def _described(client: _Client, address: Address) -> tuple[list[_Column], list[str]]:
    """Return the columns of the table, and those of its primary key in their order."""
    relation = _relation_id(client, address)
    columns = [
        _Column(name, kind, *_digits(kind, int(modifier)))
        for name, kind, modifier in client.rows(
            "SELECT a.attname::text, CASE WHEN t.typtype = 'd' THEN b.typname ELSE t.typname "  # noqa: S608
            "END::text, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END "
            "FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
            "LEFT JOIN pg_type b ON b.oid = t.typbasetype "
            f"WHERE a.attrelid = {relation:d} AND a.attnum > 0 AND NOT a.attisdropped "
            "ORDER BY a.attnum"
        )
    ]
    key = client.rows(
        "SELECT a.attname::text FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k(n, at) "  # noqa: S608
        f"JOIN pg_attribute a ON a.attnum = k.n AND a.attrelid = {relation:d} "
        f"WHERE i.indrelid = {relation:d} AND i.indisprimary ORDER BY k.at"
    )
    return columns, [name for (name,) in key]


def _relation_id(client: _Client, address: Address) -> int:
    """Return the number of the table in the catalogue of the database."""
    there = client.rows(
        "SELECT c.oid::int8, n.nspname::text, c.relname::text, pg_table_is_visible(c.oid) "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    for number, schema, table, visible in there:
        wanted = visible if address.schema is None else schema == address.schema
        if wanted and table == address.table:
            return int(number)
    names = [table if visible else f"{schema}.{table}" for _, schema, table, visible in there]
    near = get_close_matches(address.shown.rpartition("#")[2], names, 1) or [
        name for name in names if name.rpartition(".")[2] == address.table
    ]
    raise _refusal(
        "E581",
        f"{address.shown}: the database has no such table",
        f"{address.shown}：数据库里没有这张表",
        (f"did you mean {near[0]!r}?", f"是不是 {near[0]}？") if near else None,
    )


def _digits(kind: str, modifier: int) -> tuple[int | None, int | None]:
    """Return the digits and places of a ``numeric(38, 2)``; the modifier packs both."""
    if kind != "numeric" or modifier < 4:
        return None, None
    digits, places = divmod(modifier - 4, 1 << 16)
    return (digits, places) if places <= digits <= _WIDEST else (None, None)


def _measured(client: _Client, address: Address, columns: list[_Column]) -> dict[str, int]:
    """Return the places that each undeclared amount needs; refuse what no fact can hold."""
    from sqlglot import exp

    asked: list[exp.Expr] = []
    looked = [column for column in columns if column.type in _DAYS or column.is_amount]
    if not looked:
        return {}
    for at, column in enumerate(looked):
        name = _quoted(column.name)
        if column.type in _DAYS:
            odd, places = f"NOT isfinite({name})", "0"
        else:
            odd = f"({name})::numeric::text IN ('NaN', 'Infinity', '-Infinity')"
            places = f"CASE WHEN NOT {odd} THEN scale(trim_scale(({name})::numeric)) END"
        asked += [
            exp.maybe_parse(f"count(*) FILTER (WHERE {odd}) AS odd_{at}", dialect="postgres"),
            exp.maybe_parse(f"max({places}) AS places_{at}", dialect="postgres"),
        ]
    (found,) = client.rows(exp.select(*asked).from_(_table(address)).sql("postgres"))
    for column, odd_ones in zip(looked, found[::2], strict=True):
        if odd_ones:
            raise _refusal(
                "E582",
                f"{address.shown}: column {column.name!r} has {odd_ones} values that are no "
                "number or day (NaN or infinity)",
                f"{address.shown}：{column.name}列有{odd_ones}个值不是数字或日期"
                "（NaN 或 infinity）",
                ("where nothing is known, store NULL", "不知道的值存为 NULL"),
            )
    return {column.name: int(most or 0) for column, most in zip(looked, found[1::2], strict=True)}


def _reading(address: Address, columns: list[_Column], order: list[str]) -> exp.Select:
    """Return the query that reads the table: amounts and what is no plain value as text."""
    from sqlglot import exp

    selected = []
    for column in columns:
        value: exp.Expr = exp.column(exp.to_identifier(column.name, quoted=True))
        if column.type == "money":
            value = exp.cast(value, "numeric", dialect="postgres")
        if column.type not in _AS_THEY_ARE:
            value = exp.cast(value, "text", dialect="postgres")
        selected.append(exp.alias_(value, column.name, quoted=True))
    query = exp.select(*selected).from_(_table(address))
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in order]
    return query.order_by(*keys) if keys else query


def _typed(columns: list[_Column], widths: dict[str, int], row: str) -> list[exp.Expr]:
    """Return what the copy selects of what arrives: amounts as decimals, and the row's number."""
    from sqlglot import exp

    selected: list[exp.Expr] = []
    for column in columns:
        value: exp.Expr = exp.column(exp.to_identifier(column.name, quoted=True))
        if column.is_amount:
            digits, places = column.digits or _WIDEST, column.places
            places = widths[column.name] if places is None else places
            if places <= digits:
                value = exp.cast(value, f"DECIMAL({digits}, {places})", dialect="duckdb")
        selected.append(exp.alias_(value, column.name, quoted=True))
    number: exp.Expr = exp.maybe_parse("row_number() OVER () - 1", dialect="duckdb")
    return [*selected, exp.alias_(number, row, quoted=True)]


def _table(address: Address) -> exp.Table:
    from sqlglot import exp

    schema = None if address.schema is None else exp.to_identifier(address.schema, quoted=True)
    return exp.Table(this=exp.to_identifier(address.table, quoted=True), db=schema)


def _quoted(name: str) -> str:
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql("postgres")


def _first_line(text: str, address: Address) -> str:
    """Return what a database said, in one line and without what one signs in with."""
    secret = urlsplit(address.uri).password
    line = " ".join(text.split())[:300]
    return line.replace(address.uri, address.shown).replace(secret or address.uri, "…")


def _refusal(code: str, en: str, zh: str, help: tuple[str, str] | None = None) -> TableError:
    remedy = help or (None, None)
    return TableError([Finding(code=code, message=en, zh=zh, help=remedy[0], help_zh=remedy[1])])
