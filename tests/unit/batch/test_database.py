"""Addresses of database tables: what they mean, and what of them is ever shown."""

from __future__ import annotations

import pytest

from incentives.batch.inputs.database import is_database, parse_address
from incentives.batch.provenance import Input
from incentives.diagnostics import TableError

ADDRESS = "postgresql://clerk:geheim@db.example:5433/grants?sslmode=require#public.firms"


def test_an_address_names_a_table_and_perhaps_its_schema() -> None:
    found = parse_address(ADDRESS)
    assert (found.schema, found.table) == ("public", "firms")
    assert found.uri == ADDRESS.partition("#")[0]
    assert found.shown == "postgresql://db.example/grants#public.firms"
    assert parse_address("postgres:///grants#%E4%BC%81%E4%B8%9A").table == "企业"
    assert parse_address("postgres:///grants#firms").schema is None


@pytest.mark.parametrize("source", ["postgresql://db/grants", "postgres://db/grants#"])
def test_an_address_without_a_table_is_refused(source: str) -> None:
    with pytest.raises(TableError) as caught:
        parse_address(source)
    (finding,) = caught.value.findings
    assert finding.code == "E583"
    assert "#firms" in (finding.help or "")
    assert "#firms" in (finding.help_zh or "")


def test_only_addresses_of_the_database_we_read_are_taken_for_one() -> None:
    assert is_database(ADDRESS)
    assert is_database("POSTGRES://db/grants#firms")
    assert not is_database("firms.parquet")
    assert not is_database("mysql://db/grants#firms")
    assert not is_database(b"postgres://db/grants#firms")


def test_what_decisions_say_about_their_input_has_no_password() -> None:
    kept = Input.of("applicant", ADDRESS)
    assert kept.name == "postgresql://db.example/grants#public.firms"
    assert "geheim" not in repr(kept)
    assert "geheim" not in repr(parse_address(ADDRESS))
