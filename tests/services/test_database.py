"""Tables of a real PostgreSQL: every value arrives as it stands there, or is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp
from tests.services import firms

import incentives
import incentives.batch
from incentives.batch.inputs.database import copy_table
from incentives.diagnostics import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.services.postgres import Postgres

SCRIPT = """\
CREATE TYPE kind AS ENUM ('enterprise', 'university');
CREATE DOMAIN yuan AS numeric(20, 2);
CREATE TABLE "企业" (
    "编号" text PRIMARY KEY, kind kind, region char(8), small bool, staff bigint, revenue yuan,
    spend numeric, fee money, founded_on date, share double precision, card uuid, tags text[]
);
INSERT INTO "企业" VALUES
    ('B', 'university', '640200', true, 9007199254740993, 90071992547409.93, 0.00000001, 12.30,
     '2020-02-29', 0.5, '00000000-0000-0000-0000-000000000001', '{a,b}'),
    ('A', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('C', 'enterprise', '6402', false, -1, -0.01, 123456789012345678901234567890, 0, '0001-01-01',
     0, NULL, '{}');
CREATE SCHEMA grants;
CREATE TABLE grants.firms (id int PRIMARY KEY, ends_on date, amount numeric, at timestamp);
INSERT INTO grants.firms VALUES (1, '2024-01-01', 1, now());
"""
EXPECTED = [
    ("A", *[None] * 11, 0),
    ("B", "university", "640200", True, 9007199254740993, Decimal("90071992547409.93"),
     Decimal("0.00000001"), Decimal("12.30"), date(2020, 2, 29), 0.5,
     "00000000-0000-0000-0000-000000000001", "{a,b}", 1),
    ("C", "enterprise", "6402", False, -1, Decimal("-0.01"),
     Decimal(123456789012345678901234567890), Decimal(0), date(1, 1, 1), 0.0, None, "{}", 2),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Postgres:
    """A server with two tables of firms."""
    pytest.importorskip("adbc_driver_postgresql", reason="pip install 'incentives[postgres]'")
    postgres.sql(SCRIPT)
    return postgres


def copied(source: str) -> Any:
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    copy_table(connection, source, "copied", "row")
    return connection.table("copied")


def refused(source: str) -> tuple[str, str, str]:
    with pytest.raises(TableError) as caught:
        copied(source)
    (finding,) = caught.value.findings
    return str(finding.code), finding.message, finding.help or ""


def test_every_value_arrives_exactly_in_the_order_of_the_key(server: Postgres) -> None:
    found = copied(f"{server.uri}#企业")
    assert found.fetchall() == EXPECTED
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    assert kinds["revenue"] == "DECIMAL(20,2)"
    assert kinds["spend"] == "DECIMAL(38,8)"
    assert kinds["share"] == "DOUBLE"


def test_a_table_of_another_schema_and_none(server: Postgres) -> None:
    assert copied(f"{server.uri}#grants.firms").fetchall()[0][0] == 1
    assert refused(f"{server.uri}#grants.firm")[0] == "E581"
    code, message, help = refused(f"{server.uri}#firms")
    assert (code, help) == ("E581", "did you mean 'grants.firms'?")
    assert str(server.home) not in message
    assert refused(server.uri)[0] == "E583"


@pytest.mark.parametrize(
    "change",
    ["ends_on = 'infinity'", "ends_on = '-infinity'", "amount = 'NaN'", "at = 'infinity'"],
)
def test_what_is_no_number_or_day_is_refused(server: Postgres, change: str) -> None:
    server.sql(f"UPDATE grants.firms SET {change}")  # noqa: S608 (ours, from the list above)
    try:
        code, message, _ = refused(f"{server.uri}#grants.firms")
        assert code == "E582"
        assert change.partition(" ")[0] in message
    finally:
        server.sql("UPDATE grants.firms SET ends_on = NULL, amount = NULL, at = NULL")


def test_an_empty_table_has_columns_and_no_rows(server: Postgres) -> None:
    server.sql("CREATE TABLE nobody (id int, amount numeric)")
    assert copied(f"{server.uri}#nobody").fetchall() == []
    server.sql("CREATE VIEW everybody AS SELECT * FROM grants.firms")
    assert len(copied(f"{server.uri}#everybody").fetchall()) == 1


def test_what_one_signs_in_with_is_never_shown(server: Postgres) -> None:
    uri = f"postgresql://someone:geheim@/postgres?host={server.home}/elsewhere#firms"
    code, message, _ = refused(uri)
    assert code == "E580"
    assert "geheim" not in message
    assert "someone:" not in message


def test_nothing_is_left_in_the_connection_or_the_database(server: Postgres) -> None:
    connection = duckdb.connect()
    copy_table(connection, f"{server.uri}#企业", "copied", "row")
    assert connection.execute("SHOW TABLES").fetchall() == [("copied",)]
    assert {
        name
        for (name,) in connection.execute(
            "SELECT database_name FROM duckdb_databases() WHERE NOT internal"
        ).fetchall()
    } == {"memory"}
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()"
    assert server.sql(waiting).strip() == "0"


def test_a_batch_over_two_tables_decides_what_it_does_in_memory(server: Postgres) -> None:
    made = firms.table(200).drop_columns(["county"])
    lists = made["contract"].combine_chunks()
    contracts = [
        {"id": key, **item}
        for key, items in zip(made["id"].to_pylist(), lists.to_pylist(), strict=True)
        for item in items or []
    ]
    tables = {
        "applicant": made.drop_columns(["contract"]),
        "contract": pa.Table.from_pylist(
            contracts, pa.schema([("id", pa.string()), *lists.type.value_type])
        ),
    }
    into_postgres(server, tables)
    sources = {name: f"{server.uri}#batch_{name}" for name in tables}
    units = {**firms.UNITS, "performed_amount": "元"}
    del units["contract.performed_amount"]
    rulebook = incentives.load()
    only = [name for name, each in rulebook.rules.incentives.items() if each.each == "contract"]
    choices: Any = {"key": "id", "on": date(2024, 6, 1), "units": units, "only": only}
    ours = incentives.batch.assess(rulebook, sources, items=True, **choices)
    expected = incentives.batch.assess(rulebook, tables, items=True, **choices)
    assert ours.to_arrow().equals(expected.to_arrow())
    assert ours.counts.errors == expected.counts.errors > 0
    shown = [each.name for each in ours.provenance.inputs]
    assert shown == [f"postgresql:///postgres#batch_{name}" for name in tables]


def into_postgres(server: Postgres, tables: Mapping[str, Any]) -> None:
    """Make Arrow tables tables of PostgreSQL, whose rows come in the same order."""
    import adbc_driver_postgresql.dbapi

    kinds = {"string": "text", "bool": "boolean", "date32[day]": "date"}
    with adbc_driver_postgresql.dbapi.connect(server.uri) as there, there.cursor() as cursor:
        for name, table in tables.items():
            columns = [
                exp.ColumnDef(
                    this=exp.to_identifier(field.name, quoted=True),
                    kind=exp.DataType.build(kinds.get(str(field.type), "numeric")),
                )
                for field in table.schema
            ]
            relation = exp.to_table(f"batch_{name}")
            schema = exp.Schema(this=relation, expressions=columns)
            cursor.execute(exp.Create(this=schema, kind="TABLE").sql("postgres"))
            rows = [
                exp.Tuple(expressions=[exp.convert(value) for value in row.values()])
                for row in table.to_pylist()
            ]
            values = exp.Values(expressions=rows)
            cursor.execute(exp.Insert(this=relation, expression=values).sql("postgres"))
        there.commit()


def test_duckdbs_own_extension_gives_the_same(server: Postgres, repository: Path) -> None:
    place = Path(os.environ.get("INCENTIVES_DUCKDB", repository / ".venv" / "duckdb-attach"))
    if not place.is_dir():
        pytest.skip("there is no DuckDB with its PostgreSQL extension here: `make test-services`")
    path = os.pathsep.join([str(place), str(repository / "src"), str(repository)])
    done = subprocess.run(
        [sys.executable, repository / "tests" / "services" / "attach.py", f"{server.uri}#企业"],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["extension"].startswith(str(place))
    found = copied(f"{server.uri}#企业")
    assert told["types"] == dict(zip(found.columns, map(str, found.types), strict=True))
    assert told["rows"] == [[str(value) for value in row] for row in found.fetchall()]
