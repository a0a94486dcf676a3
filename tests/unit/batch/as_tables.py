"""Profiles written as tables, each kind of source: what staging is held against."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from incentives.language.names import APPLICANT
from incentives.rulebook.facts import read_fact
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary

ARROW = {Kind.BOOL: pa.bool_(), Kind.COUNT: pa.int64(), Kind.DATE: pa.date32()}


def cells(vocabulary: Vocabulary, entity: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row by path: series as a column a year."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        spec = vocabulary.specs[entity][name]
        if spec.series:
            found |= {f"{spec.path}.{year}": each for year, each in value.items()}
        else:
            found[spec.path] = value
    return found


def rows(
    vocabulary: Vocabulary, data: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table, with the firm's key as ``id``."""
    tables: dict[str, list[dict[str, Any]]] = {APPLICANT: []}
    for number, one in enumerate(data):
        key = {"id": f"F{number}"}
        tables[APPLICANT].append(key | cells(vocabulary, APPLICANT, one[APPLICANT]))
        for name, entity in vocabulary.entities.items():
            if entity.many and name in one:
                tables.setdefault(name, [])
                tables[name] += [key | cells(vocabulary, name, item) for item in one[name]]
    return tables


def headers(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(["id", *(name for line in lines for name in line)]))


def spec_of(vocabulary: Vocabulary, path: str) -> FactSpec:
    entity, name, *_ = path.split(".")
    return vocabulary.specs[entity][name]


def units(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], vocabulary: Vocabulary
) -> dict[str, str]:
    """Return the unit of each column of typed amounts and ratios."""
    found = {}
    for lines in tables.values():
        for name in headers(lines)[1:]:
            kind = spec_of(vocabulary, name).type.kind
            if kind is Kind.MONEY:
                found[name] = "元" if len(name) % 2 else "分"
    return found


def typed(
    vocabulary: Vocabulary, lines: Sequence[Mapping[str, Any]], unit: Mapping[str, str]
) -> pa.Table:
    """Return a table of typed columns: DATE, BOOLEAN, BIGINT, DECIMAL, and text for the rest."""
    columns = {}
    for name in headers(lines):
        values = [line.get(name) for line in lines]
        kind = None if name == "id" else spec_of(vocabulary, name).type.kind
        if kind is Kind.MONEY:
            fen = [
                None if v is None else read_fact(spec_of(vocabulary, name), v, name) for v in values
            ]
            columns[name] = (
                pa.array(fen, pa.int64())
                if unit[name] == "分"
                else pa.array(
                    [None if v is None else Decimal(v).scaleb(-2) for v in fen],
                    pa.decimal128(18, 2),
                )
            )
        else:
            columns[name] = pa.array(values, ARROW.get(kind, pa.string()) if kind else pa.string())
    return pa.table(columns)


def text_of(value: Any) -> str:
    return (
        {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def texts(lines: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return a table of texts, as a CSV file has them."""
    return pa.table(
        {
            name: pa.array([text_of(line[name]) if name in line else None for line in lines])
            if lines
            else pa.array([], pa.string())
            for name in headers(lines)
        }
    )


def nested(
    vocabulary: Vocabulary,
    data: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    unit: Mapping[str, str],
) -> pa.Table:
    """Return one table whose items stand in lists."""
    table = typed(vocabulary, tables[APPLICANT], unit)
    for entity, lines in tables.items():
        if entity == APPLICANT:
            continue
        items = typed(vocabulary, lines, unit).drop_columns(["id"]).to_struct_array()
        counts = [len(one[entity]) if entity in one else None for one in data]
        ends = [0]
        for count in counts:
            ends.append(ends[-1] + (count or 0))
        struct = items.combine_chunks()
        lists = [
            None if count is None else struct[ends[at] : ends[at + 1]].to_pylist()
            for at, count in enumerate(counts)
        ]
        table = table.append_column(entity, pa.array(lists, pa.list_(struct.type)))
    return table


def write_csv(path: Path, table: pa.Table, *, encoding: str = "utf-8", bom: bool = False) -> Path:
    """Write texts as CSV."""
    plain = path.with_suffix(".plain")
    arrow_csv.write_csv(table, plain)
    text = plain.read_text("utf-8")
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode(encoding))
    return path


def write_parquet(path: Path, table: pa.Table) -> Path:
    """Write a table as Parquet, in several row groups."""
    parquet.write_table(table, path, row_group_size=max(1, table.num_rows // 3))
    return path


def records(profile: Any) -> Iterator[Any]:
    """Yield everything a profile says, with the path of each record."""
    for name, record in profile.records.items():
        yield name, record.path, dict(record)
    for name, items in profile.lists.items():
        yield name, None if items is None else [(item.path, dict(item)) for item in items]
