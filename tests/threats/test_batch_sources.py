"""Threats 29, 30, 36 and 37, as far as they are of the tables of a batch."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.small import rules

from incentives.batch.inputs import footer
from incentives.batch.inputs.left_out import left_rows
from incentives.batch.inputs.stage import StagedInput, stage
from incentives.diagnostics import TableError

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = rules("").vocabulary


def staged(source: Any, key: str = "id", **how: Any) -> tuple[Any, StagedInput]:
    connection = duckdb.connect()
    return connection, stage(connection, VOCABULARY, {"applicant": source}, key=key, **how)


def refusal(source: Any) -> str:
    with pytest.raises(TableError) as caught:
        staged(source)
    (finding,) = caught.value.findings
    assert finding.zh
    return finding.code


def test_29_a_small_file_that_unpacks_to_much_is_refused_by_its_footer(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    zeros = pa.Array.from_buffers(pa.int64(), 10**7, [None, pa.py_buffer(bytes(8 * 10**7))])
    parquet.write_table(
        pa.table({"id": zeros}), path, use_dictionary=False, compression="zstd", compression_level=9
    )
    assert path.stat().st_size < 80_000
    assert refusal(path) == "E502"


@pytest.mark.parametrize("limit", ["MAX_GROUP_ROWS", "MAX_GROUP_BYTES"])
def test_29_a_row_group_has_a_limit(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "firms.parquet"
    parquet.write_table(pa.table({"id": list(range(100)), "staff": list(range(100))}), path)
    monkeypatch.setattr(footer, limit, 50)
    assert refusal(path) == "E502"


def test_29_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    parquet.write_table(pa.table({"id": list(range(100))}), path)
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(path) == "E500"


def test_29_the_memory_limit_holds_while_many_keys_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    numbers = list(range(300_000))
    random.Random(1).shuffle(numbers)
    parquet.write_table(pa.table({"id": [f"firm {n:030}" for n in numbers]}), path)
    connection = duckdb.connect(config={"memory_limit": "64MB", "temp_directory": str(tmp_path)})
    result = stage(connection, VOCABULARY, {"applicant": path}, key="id")
    assert (result.rows, result.bad, result.odd) == (300_000, 0, 0)


def test_30_extension_types_are_refused_by_name(tmp_path: Path) -> None:
    class Odd(pa.ExtensionType):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(pa.int64(), "incentives.odd")

        def __arrow_ext_serialize__(self) -> bytes:
            return b""

    odd = pa.ExtensionArray.from_storage(Odd(), pa.array([1], pa.int64()))
    table = pa.table({"id": ["a"], "staff": odd})
    assert refusal(table) == "E509"
    parquet.write_table(table, tmp_path / "odd.parquet")
    assert refusal(tmp_path / "odd.parquet") == "E509"
    nested = pa.table({"id": ["a"], "contract": pa.ListArray.from_arrays([0, 1], odd)})
    assert refusal(nested) == "E509"


def test_36_a_bad_row_never_loses_the_others() -> None:
    rng = random.Random(36)
    good = {
        "kind": "firm", "staff": "12", "spend": "1.5万元", "share": "3%", "small": "是",
        "founded_on": "2024-05-01", "region": "640200", "industry": "C39", "revenue.2024": "2元",
    }  # fmt: skip
    broken = {
        "kind": "farm", "staff": "-1", "spend": "12", "share": "x", "small": "1",
        "founded_on": "2023-02-29", "region": "0640", "industry": "Z9", "revenue.2024": "0.001元",
    }  # fmt: skip
    lines, expected = [], set()
    for number in range(200):
        line = {"id": f"F{number}", **good}
        if rng.random() < 0.3:
            name = rng.choice(sorted(broken))
            line[name] = broken[name]
            expected.add(number)
        lines.append(line)
    connection, result = staged(pa.Table.from_pylist(lines))
    left = list(left_rows(connection, result))
    assert {each.row for each in left} == expected
    assert all(isinstance(each.facts, tuple) and len(each.facts) == 1 for each in left)
    kept = [row for (row,) in connection.sql("SELECT row FROM firms ORDER BY row").fetchall()]
    assert sorted([*kept, *expected]) == list(range(200))


@pytest.mark.parametrize(
    "name",
    ['x"; DROP TABLE firms; --', "a' OR '1'='1", "select * from t", "a.b", "表\n二", "%s", ";"],
)
def test_37_names_are_names_whatever_stands_in_them(name: str, tmp_path: Path) -> None:
    table = pa.table({name: ["a", "b"], f"{name} 2": ["1", "2"], "staff": ["1", "x"]})
    connection, result = staged(table, name, allow_extra=True)
    assert (result.rows, result.bad) == (2, 1)
    assert connection.sql("FROM firms").fetchall() == [(0, "a", 1)]
    path = tmp_path / f"{name.replace('/', '')}.parquet"
    parquet.write_table(table, path)
    assert staged(path, name, allow_extra=True)[1].bad == 1


def test_37_cells_are_values_whatever_stands_in_them() -> None:
    cells = ["'; DROP TABLE firms; --", "x'", '"', "\\", "企业"]
    table = pa.table({"id": cells, "name": cells, "kind": cells})
    connection, result = staged(table)
    assert (result.rows, result.bad) == (5, 4)
    assert connection.sql("FROM firms").fetchall() == [(4, "企业", "企业", "firm")]


def test_37_a_source_that_is_no_file_is_not_looked_up() -> None:
    with pytest.raises(FileNotFoundError):
        staged("https://example.org/firms.parquet")
    with pytest.raises(FileNotFoundError):
        staged("*.parquet")
