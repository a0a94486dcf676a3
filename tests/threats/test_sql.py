"""Names and texts that are SQL to whoever joins strings: here they stay names and texts."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot import exp
from tests.small import ON, amount, entry, rules

from incentives.authoring.readable_sql import readable_query
from incentives.batch.columns import Sort
from incentives.batch.graph import Columns
from incentives.batch.sql.emit import select
from incentives.batch.staged import Staged, StagedTable

HOSTILE = ['a"; DROP TABLE firms; --', "a'; DROP TABLE firms; --", "`x`", "a\\", "--", "/* a", "",
           "row", "Key", "firms_1", "c1", "applicant.x.2024", "列；名", "a\nb", "select"]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in HOSTILE if name])
def test_threat_37_a_column_of_any_name_is_only_a_column(name: str) -> None:
    columns = Columns()
    read = columns.read("applicant", name, Sort.WORD, sure=False)
    asked = columns.literal(name)
    outputs = {"same": columns.eq(read, asked), "all": columns.concat([read, asked])}
    staged = Staged(StagedTable("applicant", name, {}, rows=1))
    with duckdb.connect() as connection:
        own = '"' + name.replace('"', '""') + '"'
        keys = "" if name == "row" else 'CAST(0 AS BIGINT) AS "row", '
        keys += "" if name == "Key" else "'k' AS \"key\", "
        connection.execute(f"CREATE TABLE {own} AS SELECT {keys}$1 AS {own}", [name])
        connection.execute("CREATE TABLE IF NOT EXISTS firms (still INT)")
        found = connection.execute(select(outputs, staged).sql("duckdb")).fetchall()
        assert [row[2:] for row in found] == [(True, name * 2)]
        connection.execute("FROM firms")


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_threat_37_a_literal_of_any_text_is_one_literal(dialect: str, text: str) -> None:
    columns = Columns()
    read = columns.read("applicant", "applicant.name", Sort.WORD, sure=False)
    staged = Staged(StagedTable("applicant", "firms", {}, rows=1))
    sql = select({"same": columns.eq(read, columns.literal(text))}, staged, dialect).sql(dialect)
    [parsed] = sqlglot.parse(sql, read=dialect)
    assert parsed is not None
    assert [found.this for found in parsed.find_all(exp.Literal)] == [text]


def test_threat_37_a_text_of_a_rule_file_stays_inside_its_comment() -> None:
    hostile = "x */ '; DROP TABLE firms; \\n); DROP TABLE firms; -- "
    body = entry(clause=f'"{hostile}"', quote=f'"{hostile}"') + amount(fixed="1元")
    sql = readable_query(rules(body), "doc/award", ON, "duckdb", "zh")
    assert sql.count("DROP") == 4
    outside = [line for line in sql.splitlines() if not line.startswith("--")]
    assert "DROP" not in "\n".join(outside)
