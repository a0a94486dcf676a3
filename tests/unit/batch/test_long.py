"""The decisions table: a row for each firm and incentive, and for items, in order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from incentives.batch.columns import LONGEST, Column, Op, Sort, WidthError
from incentives.batch.graph import Columns
from incentives.batch.lowered import Answer, Lowered, LoweredIncentive
from incentives.batch.sql.long import DECISION, decisions
from incentives.batch.staged import Staged, StagedTable
from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGED = Staged(
    StagedTable("applicant", "firms", {}, rows=3),
    {"contract": StagedTable("contract", "items_contract", {}, rows=3, longest=2)},
)


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE TABLE firms AS FROM (VALUES
                (0, '甲', 1000::BIGINT), (1, '乙', NULL), (2, '丙', 5)
            ) AS t("row", "key", "applicant.sales");
            CREATE TABLE items_contract AS FROM (VALUES
                (2, 0, 'x', 7::BIGINT), (0, 1, 'b', 30), (0, 0, 'a', 20)
            ) AS t("row", "at", "key", "contract.paid");
        """)
        yield connection


def _answer(columns: Columns, amount: Column, failed: Column | None = None) -> Answer:
    return Answer(
        status=columns.literal("eligible"),
        reason=columns.null(Sort.WORD),
        amount=amount,
        low=columns.coalesce((amount, columns.literal(0))),
        high=amount,
        failed=failed or columns.words(()),
        missing=columns.words([(columns.is_null(amount), columns.literal("applicant.sales"))]),
        differs=columns.false,
        alone=columns.is_null(amount),
    )


def _lowered(columns: Columns) -> Lowered:
    sales = columns.read("applicant", "applicant.sales", Sort.WHOLE, sure=False, span=(0, 10**9))
    paid = columns.read("contract", "contract.paid", Sort.WHOLE, sure=True, span=(0, 10**9))
    small = columns.words([(columns.lt(paid, columns.literal(10)), columns.literal("size"))])
    total = columns.fold(Op.SUM, paid, "contract", (0, 2 * 10**9))
    return Lowered(
        (
            LoweredIncentive(
                "d/second",
                _answer(columns, total),
                each="contract",
                items=_answer(columns, paid, small),
            ),
            LoweredIncentive("d/first", _answer(columns, sales)),
        ),
        {},
    )


def _rows(database: duckdb.DuckDBPyConnection, **options: Any) -> list[dict[str, Any]]:
    query = decisions(_lowered(Columns()), STAGED, **options)
    found = database.execute(query.sql("duckdb"))
    assert [column[0] for column in found.description or ()] == list(DECISION)
    return [dict(zip(DECISION, row, strict=True)) for row in found.fetchall()]


def test_firms_in_input_order_and_incentives_by_id(database: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(database)
    assert [(row["applicant"], row["incentive"], row["amount"]) for row in rows] == [
        ("甲", "d/first", Decimal("10.00")),
        ("甲", "d/second", Decimal("0.50")),
        ("乙", "d/first", None),
        ("乙", "d/second", Decimal("0.00")),
        ("丙", "d/first", Decimal("0.05")),
        ("丙", "d/second", Decimal("0.07")),
    ]
    unknown = rows[2]
    assert unknown["low"] == Decimal(0)
    assert unknown["high"] is None
    assert unknown["missing"] == ["applicant.sales"]
    assert unknown["alone"]
    assert unknown["failed"] == []


def test_items_follow_their_decision_in_the_order_of_the_list(
    database: duckdb.DuckDBPyConnection,
) -> None:
    rows = _rows(database, items=True)
    second = [row for row in rows if row["incentive"] == "d/second"]
    assert [(row["applicant"], row["item"], row["amount"], row["failed"]) for row in second] == [
        ("甲", None, Decimal("0.50"), []),
        ("甲", "a", Decimal("0.20"), []),
        ("甲", "b", Decimal("0.30"), []),
        ("乙", None, Decimal("0.00"), []),
        ("丙", None, Decimal("0.07"), []),
        ("丙", "x", Decimal("0.07"), ["size"]),
    ]
    assert [row["at"] for row in second] == [None, 0, 1, None, None, 0]
    assert [row["row"] for row in rows] == sorted(row["row"] for row in rows)


@pytest.mark.parametrize("items", [False, True])
def test_chunks_are_the_whole(database: duckdb.DuckDBPyConnection, items: bool) -> None:
    whole = _rows(database, items=items)
    query = decisions(_lowered(Columns()), STAGED, rows=True, items=items).sql("duckdb")
    found = []
    for start, stop in ((0, 1), (1, 9)):
        for name, row in (("start", start), ("stop", stop)):
            database.execute(f"SET VARIABLE {name} = $1", [row])
        found += database.execute(query).fetchall()
    assert found == [tuple(row.values()) for row in whole]


def test_one_incentive_alone(database: duckdb.DuckDBPyConnection) -> None:
    lowered = Lowered(_lowered(Columns()).incentives[1:], {})
    rows = database.execute(decisions(lowered, STAGED).sql("duckdb")).fetchall()
    assert [row[:2] for row in rows] == [(key, "d/first") for key in "甲乙丙"]


def test_amounts_are_as_narrow_as_proved_and_never_a_float(
    database: duckdb.DuckDBPyConnection,
) -> None:
    columns = Columns()
    widest = columns.mul(columns.literal(LONGEST), columns.literal(10**15))
    for amount, kind in ((columns.literal(123), "DECIMAL(18,2)"), (widest, "DECIMAL(38,2)")):
        lowered = Lowered((LoweredIncentive("d/a", _answer(columns, amount)),), {})
        query = decisions(lowered, STAGED).sql("duckdb")
        database.execute(f"CREATE OR REPLACE TEMP TABLE made AS {query}")
        [(found, value)] = database.execute(
            "SELECT DISTINCT typeof(amount), amount FROM made"
        ).fetchall()
        assert found == kind
        assert value * 100 == amount.value


def test_an_amount_beyond_all_decimals_is_refused() -> None:
    columns = Columns()
    amount = columns.literal(10**35)
    lowered = Lowered((LoweredIncentive("d/a", _answer(columns, amount)),), {})
    with pytest.raises(WidthError):
        decisions(lowered, STAGED)


def test_nothing_lowered_is_our_fault() -> None:
    with pytest.raises(InternalError):
        decisions(Lowered((), {}), STAGED)


def test_order_holds_over_many_row_groups_and_threads(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("""
        SET threads = 4;
        INSERT INTO firms SELECT 3 + range, 'k' || range, range FROM range(300000);
        INSERT INTO items_contract SELECT 3 + range, 0, 'x', range FROM range(0, 300000, 2);
    """)
    query = decisions(_lowered(Columns()), STAGED).sql("duckdb")
    found = database.sql(query).to_arrow_table().select(["row", "incentive"])
    rows, incentives = (column.to_pylist() for column in found.columns)
    assert rows == [row for row in range(300_003) for _ in range(2)]
    assert incentives == ["d/first", "d/second"] * 300_003
