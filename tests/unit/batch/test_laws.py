"""Laws 17 to 19 of PROPERTIES.md: columns, single engine and any way of cutting the rows agree."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
import tomli
from tests.batch import compare, reference
from tests.batch.compare import Count, Epoch, Generator

import incentives
import incentives.batch
from incentives.batch.single import Single
from incentives.batch.workers import Pool
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from incentives.api import Rulebook

ON = date(2024, 6, 1)
ONLY = (
    "shizuishan-tech-city/technology-contract-award",
    "ningxia-rd-subsidy/approved-post-subsidy",
    "national-small-profit/small-profit-rate",
    "ningxia-technology-trade/registration-body",
)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return incentives.load()


@pytest.fixture(scope="module")
def tables(rulebook: Rulebook) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Some firms with lists, and the units of their columns."""
    epoch = Epoch.begin(Generator(rulebook.rules, 3), ON, 3)
    epoch.lists = {"contract", "received"}
    made = epoch.tables(epoch.picks(40))
    return made, epoch.units(made)


@pytest.fixture(scope="module")
def whole(rulebook: Rulebook, tables: Any) -> pa.Table:
    """The decisions about them, made at one go."""
    return run(rulebook, *tables)


def run(rulebook: Rulebook, tables: Any, units: Any, **keys: Any) -> pa.Table:
    chosen = {"only": ONLY, "items": True, "units": units, **keys}
    return incentives.batch.assess(rulebook, tables, key="id", on=ON, **chosen).to_arrow()


def test_law_17_columns_and_single_engine_agree_on_every_row(rulebook: Rulebook) -> None:
    """A small run of ``python -m tests.batch.compare``: every shipped incentive, items and all."""
    count = Count()
    epoch = Epoch.begin(Generator(rulebook.rules, 1), ON, 2)
    with Pool(rulebook.rules, epoch.settings(items=True)) as pool:
        compare.compare(epoch, 2_000, 2_000, pool, count, items=True)
    assert count.shown == []
    assert count.mismatches == 0
    assert count.firms == 2_000
    assert count.compared > 200_000
    assert count.compared > 5 * count.alone


def test_the_comparison_sees_a_difference(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One answer of the single engine made wrong: the rows of that combination are found."""
    ids = {"shizuishan-tech-city/technology-contract-award"}
    found = Single.rows

    def wrong(self: Single, row: int, *rest: Any) -> Any:
        return [each._replace(failed=("x",)) for each in found(self, row, *rest)]

    monkeypatch.setattr(Single, "rows", wrong)
    count = Count()
    epoch = Epoch.begin(Generator(rulebook.rules, 1), ON, 2)
    with Pool(rulebook.rules, epoch.settings(items=False)) as pool:
        compare.compare(epoch, 50, 50, pool, count, items=False, only=ids)
    assert count.mismatches == count.compared == 50 - count.alone
    assert "'x'" in count.shown[0]


def test_a_batch_is_what_the_reference_says() -> None:
    count = reference.compare(seed=3, firms=12)
    assert count.found == []
    assert count.compared == 12 * len(incentives.load().rules.incentives)


def test_the_comparison_with_the_reference_sees_a_difference() -> None:
    parsed = {
        path.name: tomli.loads(path.read_text("utf-8")) for path in reference.RULES.glob("*.toml")
    }
    facts = {APPLICANT: {"kind": "enterprise", "region": "640521"}}
    row: dict[str, Any] = {
        "applicant": "a",
        "incentive": "zhongning-county/high-tech-recognition-award",
        "status": "eligible",
    }
    row |= dict.fromkeys(reference.FIELDS[1:]) | {"failed": []}
    count = reference.compare_firm(parsed, ON, True, facts, [row])
    assert len(count.found) == 2  # other incentives, and another status


def test_law_18_chunks_threads_and_processes_change_no_row(
    rulebook: Rulebook, tables: Any, whole: pa.Table
) -> None:
    assert run(rulebook, *tables, chunk=15, threads=1).equals(whole)
    assert run(rulebook, *tables, chunk=39, threads=3, workers=2).equals(whole)


def test_law_18_the_order_of_rows_changes_no_row(
    rulebook: Rulebook, tables: Any, whole: pa.Table
) -> None:
    found, units = tables
    order = list(range(len(found[APPLICANT])))
    random.Random(5).shuffle(order)
    shuffled = {**found, APPLICANT: found[APPLICANT].take(order)}
    assert by_firm(run(rulebook, shuffled, units)) == by_firm(whole)


def test_law_18_the_same_firm_twice_is_decided_twice_alike(
    rulebook: Rulebook, tables: Any, whole: pa.Table
) -> None:
    found, units = tables
    twins = {
        name: pa.concat_tables([table, table.set_column(0, "id", _twins(table["id"]))])
        for name, table in found.items()
    }
    rows = by_firm(run(rulebook, twins, units))
    assert len(rows) == 2 * len(found[APPLICANT])
    for key, decided in by_firm(whole).items():
        twin = str(-1 - int(key))
        assert rows[key] == decided
        assert rows[twin] == [{**row, "applicant": twin} for row in decided]


def test_law_19_a_batch_of_two_tables_is_the_two_batches(
    rulebook: Rulebook, tables: Any, whole: pa.Table
) -> None:
    found, units = tables
    first = {name: _firms(table, 15) for name, table in found.items()}
    rest = {name: _firms(table, 15, after=True) for name, table in found.items()}
    parts = [run(rulebook, part, units) for part in (first, rest)]
    assert pa.concat_tables(parts).equals(whole)


def by_firm(table: pa.Table) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        rows.setdefault(row["applicant"], []).append(row)
    return rows


def _firms(table: pa.Table, count: int, *, after: bool = False) -> pa.Table:
    """Return the rows of the first firms, or of those after them."""
    keys = table["id"].to_pylist()
    return table.filter(pa.array([(key >= count) is after for key in keys], pa.bool_()))


def _twins(keys: pa.ChunkedArray) -> pa.Array:
    return pa.array([-1 - key for key in keys.to_pylist()], pa.int64())
