"""The law of staging: a staged row read back is the profile that states the same facts."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.facts import Facts
from tests.unit.batch import as_tables

import incentives
from incentives.batch.inputs.left_out import left_rows
from incentives.batch.inputs.records import profiles, staged_rows
from incentives.batch.inputs.stage import StagedInput, stage
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from incentives.rulebook.model import Rules, Vocabulary


@pytest.fixture(scope="module")
def rules() -> Rules:
    return incentives.load().rules


def made(rules: Rules, seed: int, count: int = 12) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    facts = Facts(rules)
    data = [facts.data(rng, rng.choice((0.3, 0.8, 1.0))) for _ in range(count)]
    for one in data:
        for facts in (
            one["applicant"],
            *(each for v in one.values() if isinstance(v, list) for each in v),
        ):
            for value in facts.values():  # of the years, few are enough
                if isinstance(value, dict):
                    for year in set(value) - {2022, 2024}:
                        del value[year]
    for one in data:  # a table of items is known for every firm
        for name, entity in rules.vocabulary.entities.items():
            if entity.many:
                one.setdefault(name, [])
    return data


def read_back(
    connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, staged: StagedInput
) -> dict[str | None, Profile]:
    tables = staged_rows(connection, staged.staged)
    found: dict[str | None, Profile] = {
        key: profile for _, key, profile in profiles(vocabulary, staged.staged, tables)
    }
    for left in left_rows(connection, staged):
        assert not isinstance(left.facts, tuple), left.facts
        found[left.key] = Profile(left.facts, vocabulary)
    return found


def same(
    rules: Rules, data: list[dict[str, Any]], tables: Mapping[str, Any], **how: Any
) -> StagedInput:
    """Stage, read back, and hold every firm against its profile."""
    connection = duckdb.connect()
    for entity, each in rules.vocabulary.entities.items():
        if each.many and entity not in tables:
            for one in data:
                one.pop(entity, None)
    staged = stage(connection, rules.vocabulary, tables, key="id", **how)
    found = read_back(connection, rules.vocabulary, staged)
    assert staged.bad == 0
    assert staged.rows == len(found) == len(data)
    for number, one in enumerate(data):
        expected = list(as_tables.records(Profile(one, rules.vocabulary)))
        assert list(as_tables.records(found[f"F{number}"])) == expected
    return staged


@pytest.mark.parametrize("seed", range(2))
def test_typed_columns_of_parquet_files(rules: Rules, seed: int, tmp_path: Path) -> None:
    data = made(rules, seed)
    lines = as_tables.rows(rules.vocabulary, data)
    unit = as_tables.units(lines, rules.vocabulary)
    tables = {
        name: as_tables.write_parquet(
            tmp_path / f"{name}.parquet", as_tables.typed(rules.vocabulary, each, unit)
        )
        for name, each in lines.items()
    }
    staged = same(rules, data, tables, units=unit)
    assert staged.odd == 0


@pytest.mark.parametrize("seed", range(2))
def test_typed_columns_of_arrow_tables(rules: Rules, seed: int) -> None:
    data = made(rules, seed)
    lines = as_tables.rows(rules.vocabulary, data)
    unit = as_tables.units(lines, rules.vocabulary)
    tables = {n: as_tables.typed(rules.vocabulary, each, unit) for n, each in lines.items()}
    same(rules, data, tables, units=unit)


@pytest.mark.parametrize(
    ("encoding", "bom"), [("utf-8", False), ("utf-8", True), ("gb18030", False)]
)
def test_texts_of_csv_files(rules: Rules, encoding: str, bom: bool, tmp_path: Path) -> None:
    data = made(rules, 7)
    lines = as_tables.rows(rules.vocabulary, data)
    tables = {
        name: as_tables.write_csv(
            tmp_path / f"{name}.csv", as_tables.texts(each), encoding=encoding, bom=bom
        )
        for name, each in lines.items()
    }
    same(rules, data, tables, encoding=encoding)


def test_items_in_nested_lists(rules: Rules) -> None:
    data = made(rules, 11)
    for number, one in enumerate(data):  # nested lists may be unknown firm by firm
        if number % 3 == 0:
            del one["contract"]
    for one in data:
        del one["received"], one["decided"]
    lines = as_tables.rows(rules.vocabulary, data)
    unit = as_tables.units(lines, rules.vocabulary)
    table = as_tables.nested(rules.vocabulary, data, lines, unit)
    connection = duckdb.connect()
    staged = stage(connection, rules.vocabulary, {"applicant": table}, key="id", units=unit)
    found = read_back(connection, rules.vocabulary, staged)
    for number, one in enumerate(data):
        expected = list(as_tables.records(Profile(one, rules.vocabulary)))
        assert list(as_tables.records(found[f"F{number}"])) == expected
