"""Record batches in and out: however the rows are cut, the decisions are those of one run."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small import ON, amount, book, entry

import incentives.batch
from incentives.batch.decisions import schema
from incentives.batch.stream import gathered
from incentives.diagnostics import UnknownIncentiveError

if TYPE_CHECKING:
    from pathlib import Path

BODY = entry("award") + amount(base="applicant.spend", rate="10%")
FIRMS = pa.table(
    {
        "id": [f"firm-{n}" for n in range(12)],
        "applicant.kind": ["firm", "firm", "other", None] * 3,
        "applicant.region": ["640200", "640200", "640200", "nowhere"] * 3,
        "applicant.spend": [f"{n}00元" if n % 3 else None for n in range(12)],
    }
)


def embedded() -> Any:
    return incentives.batch.assess(book(BODY), {"applicant": FIRMS}, key="id", on=ON).to_arrow()


@settings(max_examples=8)
@given(st.lists(st.integers(0, 12), max_size=4), st.integers(1, 13))
def test_however_the_rows_are_cut_the_decisions_are_the_same(cuts: list[int], rows: int) -> None:
    ends = [0, *sorted(cuts), 12]
    batches = [batch for a, b in pairwise(ends) for batch in FIRMS.slice(a, b - a).to_batches()]
    made = incentives.batch.evaluate_batches(iter(batches), book(BODY), key="id", on=ON, rows=rows)
    assert pa.Table.from_batches(made, schema()) == embedded()


def test_an_evaluator_travels_to_another_process_whole() -> None:
    ours = incentives.batch.evaluator(book(BODY), key="id", on=ON, items=True)
    there = pickle.loads(pickle.dumps(ours))  # noqa: S301 (ours)
    assert pa.Table.from_batches(there(iter(FIRMS.to_batches()))) == embedded()
    assert "bytes" in repr(there)
    assert there.schema == schema()
    assert list(there(iter([]))) == []


def test_a_schema_for_spark_names_every_column() -> None:
    kinds = {
        "string": "string",
        "boolean": "bool",
        "array<string>": "list<item: string>",
        "decimal(38,2)": "decimal128(38, 2)",
    }
    written = incentives.batch.evaluator(book(BODY), key="id", on=ON).spark_schema
    pairs = [each.split(" ") for each in written.split(", ")]
    assert [(name, kinds[kind]) for name, kind in pairs] == [
        (f.name, str(f.type)) for f in schema()
    ]


def test_rules_are_read_where_the_evaluator_is_made(repository: Path) -> None:
    made = incentives.batch.evaluator(repository / "rules", key="id", on=ON)
    assert len(made.held.rules.incentives) > 10
    with pytest.raises(UnknownIncentiveError):
        incentives.batch.evaluator(book(BODY), key="id", on=ON, only=["doc/nothing"])
    with pytest.raises(TypeError):
        incentives.batch.evaluator(book(BODY), key="id", on="2024-06-01")  # type: ignore[arg-type]


def test_rows_are_gathered_into_tables_of_a_size() -> None:
    sizes = [table.num_rows for table in gathered(FIRMS.to_batches(max_chunksize=2), 5)]
    assert sizes == [6, 6]
    assert [table.num_rows for table in gathered(FIRMS.to_batches(), 5)] == [5, 5, 2]
    empty = pa.record_batch([pa.array([], pa.string())], names=["id"])
    assert list(gathered([empty], 5)) == []
