"""Staging: what is left out and why, and what the relations then hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.small import rules

from incentives.batch.inputs.left_out import left_rows
from incentives.batch.inputs.stage import StagedInput, stage
from incentives.diagnostics import Finding, TableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from incentives.rulebook.model import Vocabulary

VOCABULARY: Vocabulary = rules("").vocabulary


def staged(firms: Any, key: str = "id", **tables: Any) -> tuple[StagedInput, Any]:
    connection = duckdb.connect()
    how = {name: tables.pop(name) for name in ("units", "allow_extra") if name in tables}
    sources = {"applicant": table(firms), **{name: table(each) for name, each in tables.items()}}
    return stage(connection, VOCABULARY, sources, key=key, **how), connection


def table(columns: Any) -> Any:
    return pa.table(columns) if isinstance(columns, dict) else columns


def left(found: tuple[StagedInput, Any]) -> dict[int, Any]:
    result = {}
    for each in left_rows(found[1], found[0]):
        facts = each.facts
        result[each.row] = [one.code for one in facts] if isinstance(facts, tuple) else facts
    return result


def firms_of(found: tuple[StagedInput, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = found[1].sql("FROM firms ORDER BY row").fetchall()
    return rows


def refused(firms: Any, **tables: Any) -> list[Finding]:
    with pytest.raises(TableError) as caught:
        staged(firms, **tables)
    return list(caught.value.findings)


# ── headers ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("columns", "code", "near"),
    [
        ({"staf": [1]}, "E530", "staff"),
        ({"人数": [1], "staff": [1]}, "E532", "keep"),
        ({"spend": [1.5]}, "E534", "元"),
        ({"spend": [1]}, "E535", "--unit applicant.spend=元"),
        ({"share": [1]}, "E535", "--unit applicant.share=%"),
        ({"spend": [Decimal("1.5")]}, "E535", "--unit applicant.spend=元"),
        ({"small": [1]}, "E536", "BOOLEAN"),
        ({"founded_on": pa.array([0], pa.timestamp("us"))}, "E536", "DATE"),
        ({"region": [640200]}, "E536", "texts"),
        ({"kind": [["firm"]]}, "E536", "texts"),
    ],
)
def test_headers_that_are_refused(columns: dict[str, Any], code: str, near: str) -> None:
    (finding,) = refused({"id": ["a"], **columns})
    assert finding.code == code
    assert near in (finding.help or "")
    assert finding.zh


def test_texts_of_bare_numbers_are_no_amounts() -> None:
    (finding,) = refused({"id": ["a", "b", "c"], "spend": ["3200", None, "1,200.50"]})
    assert (finding.code, finding.fact) == ("E535", "applicant: spend")
    assert "--unit applicant.spend=元" in (finding.help or "")
    found = staged({"id": ["a", "b"], "spend": ["3200", "32万元"]})
    assert left(found) == {0: ["E312"]}
    units = {"applicant.spend": "元"}
    assert firms_of(staged({"id": ["a"], "spend": ["3200"]}, units=units)) == [(0, "a", 320_000)]


def test_every_header_is_refused_at_once() -> None:
    found = refused({"id": ["a"], "staf": [1], "spend": [1.0]}, contract={"id": ["a"], "x": [1]})
    assert [each.code for each in found] == ["E530", "E534", "E530"]


def test_tables_of_what_no_table_can_hold() -> None:
    firms = pa.table({"id": ["a"]})
    for tables in ({"applicant": firms, "contracts": firms}, {"contract": firms}):
        with pytest.raises(TableError) as caught:
            stage(duckdb.connect(), VOCABULARY, tables, key="id")
        assert [each.code for each in caught.value.findings] == ["E539"]


def test_a_list_that_is_given_twice() -> None:
    lists = pa.array([[{"no": "1"}]])
    (finding,) = refused({"id": ["a"], "contract": lists}, contract={"id": ["a"], "no": ["1"]})
    assert finding.code == "E532"


def test_columns_that_mean_nothing_are_passed_over_when_asked() -> None:
    found = staged({"id": ["a"], "staf": [1]}, allow_extra=True)
    assert firms_of(found) == [(0, "a")]


def test_a_key_that_no_table_has() -> None:
    assert [each.code for each in refused({"no": ["a"], "staff": [1]})] == ["E533", "E530"]
    assert [each.code for each in refused({"id": [1.5]})] == ["E533"]
    assert [each.code for each in refused({"id": ["a"]}, contract={"no": ["1"]})] == ["E533"]


@pytest.mark.parametrize(
    ("units", "codes"),
    [
        ({"spend": "万"}, ["E537"]),
        ({"spend": "%"}, ["E537"]),
        ({"spend": "元", "balance": "元"}, ["E537"]),
        ({"applicant.spend": "元"}, []),
    ],
)
def test_units_that_are_none(units: Mapping[str, str], codes: list[str]) -> None:
    columns = {"id": ["a"], "spend": [1]}
    if not codes:
        assert firms_of(staged(columns, units=units)) == [(0, "a", 100)]
    else:
        assert [each.code for each in refused(columns, units=units)][: len(codes)] == codes


def test_a_heading_and_a_declaration_that_differ() -> None:
    (finding,) = refused({"id": ["a"], "支出（万元）": [1]}, units={"支出（万元）": "元"})
    assert finding.code == "E537"
    assert "万元" in finding.message


# ── cells ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "unit", "cells", "values"),
    [
        ("spend", "分", pa.array([1, None]), [1, None]),
        ("spend", "元", pa.array([7, 0]), [700, 0]),
        ("spend", "万元", pa.array([7, 10**11]), [7_000_000, 10**17]),
        ("spend", "亿元", pa.array([7, 10**11]), [70_000_000_000, 10**21]),
        ("spend", "元", pa.array([Decimal("0.01"), Decimal("1.50")]), [1, 150]),
        ("spend", "元", pa.array([Decimal("0.0100"), Decimal("1.5000")]), [1, 150]),
        ("spend", "万元", pa.array([Decimal("0.000001"), None]), [1, None]),
        ("balance", "元", pa.array([Decimal("-0.01"), None]), [-1, None]),
        ("spend", None, pa.array(["1.5万元", "1,234.50元"]), [1_500_000, 123_450]),
        ("spend", None, pa.array(["１元", " 2元 "]), [100, 200]),
        ("spend", None, pa.array(["", "  "]), None),
        ("spend", "万元", pa.array(["1.5", "2元"]), [1_500_000, 200]),
        ("spend", "分", pa.array(["150", "1,500"]), [150, 1500]),
        ("spend", None, pa.array(["999999999999999999亿元", "1元"]), [(10**18 - 1) * 10**10, 100]),
        ("share", None, pa.array(["3.5%", "7/3"]), [21, 1400]),
        ("share", "%", pa.array([Decimal("3.5"), Decimal("100.0")]), [35, 1000]),
        ("share", "‰", pa.array([5, 1000]), [5, 1000]),
        ("share", "1", pa.array([Decimal("0.175"), Decimal("1.000")]), [175, 1000]),
        ("share", "%", pa.array(["3.5", "7"]), [7, 14]),
        ("staff", None, pa.array([1, 2], pa.int8()), [1, 2]),
        ("staff", None, pa.array([1, 2], pa.uint64()), [1, 2]),
        ("staff", None, pa.array([Decimal("1.0"), Decimal("2.0")]), [1, 2]),
        ("staff", None, pa.array(["1", "2"]), [1, 2]),
        ("small", None, pa.array(["是", "FALSE"]), [True, False]),
        ("small", None, pa.array([True, None]), [True, None]),
        ("kind", None, pa.array(["企业", "centre"]), ["firm", "centre"]),
        ("kind", None, pa.array(["firm", None]).dictionary_encode(), ["firm", None]),
        ("region", None, pa.array([" 640200", "110000"]), ["640200", "110000"]),
        ("industry", None, pa.array(["C39", "39"]), ["C39", "39"]),
        ("name", None, pa.array(["甲&乙", "𠀀氏"]), ["甲&乙", "𠀀氏"]),
        ("name", None, pa.array(["甲", ""]), ["甲", None]),
        ("founded_on", None, pa.array(["2024-05-01", "2024年5月2日"]),
         [date(2024, 5, 1), date(2024, 5, 2)]),
        ("founded_on", None, pa.array([date(2024, 5, 1), None]), [date(2024, 5, 1), None]),
    ],
)  # fmt: skip
def test_cells_that_are_values(name: str, unit: str | None, cells: Any, values: Any) -> None:
    found = staged({"id": ["a", "b"], name: cells}, units={name: unit} if unit else {})
    assert left(found) == {}
    if values is None:
        assert f"applicant.{name}" not in found[0].staged.firms.columns
        return
    assert [row[2] for row in firms_of(found)] == values
    column = found[0].staged.firms.columns[f"applicant.{name}"]
    assert column.nulls == (None in values)
    numbers = [value for value in values if type(value) is int]
    if numbers:
        assert (column.low, column.high) == (min(numbers), max(numbers))


@pytest.mark.parametrize(
    ("name", "unit", "cell", "code"),
    [
        ("spend", "元", pa.array([Decimal("0.001")]), "E314"),
        ("spend", "元", pa.array([Decimal("-0.01")]), "E316"),
        ("spend", "元", pa.array([10**17 * 9 + 1]), None),
        ("spend", "元", pa.array([10**18]), "E314"),
        ("spend", "分", pa.array([10**18]), "E314"),
        ("spend", None, pa.array(["1.2.3元"]), "E314"),
        ("share", "1", pa.array([Decimal("-0.5")]), "E316"),
        ("staff", None, pa.array([-1]), "E316"),
        ("staff", None, pa.array([10**18]), "E314"),
        ("staff", None, pa.array([Decimal("1.5")]), "E313"),
        ("staff", None, pa.array(["1.5"]), "E313"),
        ("small", None, pa.array(["maybe"]), "E315"),
        ("kind", None, pa.array(["farm"]), "E320"),
        ("region", None, pa.array(["064020"]), "E321"),
        ("industry", None, pa.array(["Z1"]), "E321"),
        ("name", None, pa.array(["甲\u202e乙"]), "E322"),
        ("founded_on", None, pa.array(["2023-02-29"]), "E313"),
    ],
)
def test_cells_that_a_profile_refuses(
    name: str, unit: str | None, cell: Any, code: str | None
) -> None:
    cells = pa.concat_arrays([cell, pa.nulls(1, cell.type)])
    found = staged({"id": ["a", "b"], name: cells}, units={name: unit} if unit else {})
    assert left(found) == ({} if code is None else {0: [code]})
    assert (found[0].bad, found[0].odd) == (int(code is not None), 0)
    assert found[0].staged.firms.rows + found[0].bad == found[0].rows == 2


def test_a_day_beyond_the_calendar_is_a_bad_row() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE f AS SELECT * FROM (VALUES ('a', DATE 'infinity'), ('b', DATE '2024-01-01'),"
        " ('c', DATE '20000-01-01')) t(id, founded_on)"
    ).fetchall()
    result = stage(connection, VOCABULARY, {"applicant": connection.table("f")}, key="id")
    assert left((result, connection)) == {0: ["E313"], 2: ["E313"]}
    assert connection.sql("FROM firms").fetchall() == [(1, "b", date(2024, 1, 1))]


def test_what_has_no_single_value_is_odd() -> None:
    found = staged({"id": ["a", "b", "c"], "founded_on": ["2024-05", "2024-05-01", "2023年"]})
    assert left(found) == {
        0: {"applicant": {"founded_on": "2024-05"}},
        2: {"applicant": {"founded_on": "2023年"}},
    }
    assert (found[0].bad, found[0].odd) == (0, 2)


def test_bounds_are_odd_unless_they_meet() -> None:
    bounds = [
        {"at_least": Decimal("1.5"), "at_most": Decimal("2.5")},
        {"at_least": None, "at_most": Decimal("2.5")},
        {"at_least": Decimal(2), "at_most": Decimal(2)},
        {"at_least": None, "at_most": None},
        None,
        {"at_least": Decimal(3), "at_most": Decimal(1)},
    ]
    ends = pa.decimal128(10, 2)
    cells = pa.array(bounds, pa.struct([("at_least", ends), ("at_most", ends)]))
    found = staged({"id": list("abcdef"), "支出（万元）": cells, "staff": [1] * 6})
    assert left(found) == {
        0: {"applicant": {"spend": {"at_least": "1.5万元", "at_most": "2.5万元"}, "staff": 1}},
        1: {"applicant": {"spend": {"at_most": "2.5万元"}, "staff": 1}},
        5: ["E317"],
    }
    assert [row[2] for row in firms_of(found)] == [2_000_000, None, None]
    only = pa.array([{"at_least": date(2024, 1, 1)}], pa.struct([("at_least", pa.date32())]))
    assert left(staged({"id": ["a"], "founded_on": only})) == {
        0: {"applicant": {"founded_on": {"at_least": "2024-01-01"}}}
    }
    assert [f.code for f in refused({"id": ["a"], "small": only})] == ["E536"]


def test_ratios_of_too_many_denominators_are_odd() -> None:
    primes = [101, 103, 107, 109, 113, 127, 131, 137]
    found = staged({"id": list("abcdefgh"), "share": [f"1/{each}" for each in primes]})
    assert 0 < found[0].odd < 8
    assert found[0].staged.firms.columns["applicant.share"].scale <= 10**12
    assert {row: facts["applicant"]["share"] for row, facts in left(found).items()} == {
        row: f"1/{primes[row]}" for row in left(found)
    }


# ── keys and items ───────────────────────────────────────────────────────────


def test_firms_without_a_key_of_their_own_are_bad() -> None:
    found = staged({"id": ["a", None, " ", "b", "a", "c"], "staff": [1, 2, 3, 4, 5, -6]})
    assert left(found) == {0: ["E541"], 1: ["E540"], 2: ["E540"], 4: ["E541"], 5: ["E316"]}
    assert firms_of(found) == [(3, "b", 4)]


def test_items_find_their_firm_in_the_order_given() -> None:
    found = staged(
        {"id": [2, 1, 3]}, contract={"id": [1, 2, 1], "no": ["x", "y", "z"], "paid": ["1元"] * 3}
    )
    assert found[1].sql(
        'SELECT row, "at", key, "contract.no" FROM items_contract ORDER BY ALL'
    ).fetchall() == [
        (0, 0, "y", "y"),
        (1, 0, "x", "x"),
        (1, 1, "z", "z"),
    ]
    assert found[0].staged.lists["contract"].longest == 2
    assert firms_of(found) == [(0, "2"), (1, "1"), (2, "3")]


def test_a_bad_item_leaves_its_firm_out_with_the_item_named() -> None:
    found = staged(
        {"id": ["a", "b"]},
        contract={"id": ["a", "a", "b"], "no": ["1", "2", "1"], "score": [41, 1, 2]},
    )
    ((row, _, facts),) = list(left_rows(found[1], found[0]))
    assert row == 0
    assert isinstance(facts, tuple)
    assert [(each.code, each.fact) for each in facts] == [("E316", "contract[1].score")]
    assert str(facts[0].labels[0].span) == "contract #1 score"
    assert found[1].sql("SELECT count(*) FROM items_contract").fetchall() == [(1,)]


def test_two_items_with_one_key_leave_their_firm_out() -> None:
    found = staged({"id": ["a", "b"]}, contract={"id": ["a", "a", "b"], "no": ["1", "1", "1"]})
    assert left(found) == {0: ["E304"]}


def test_too_many_items_leave_their_firm_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incentives.batch.inputs.items.MAX_ITEMS", 3)
    monkeypatch.setattr("incentives.rulebook.profile.MAX_ITEMS", 3)
    many = {"id": ["a"] * 4 + ["b"] * 3, "no": list("1234567")}
    assert left(staged({"id": ["a", "b"]}, contract=many)) == {0: ["E303"]}


def test_items_of_no_firm_are_counted_and_named() -> None:
    items = {"id": ["z", None, "a"] + ["y"] * 30, "no": [str(n) for n in range(33)]}
    found = staged({"id": ["a"]}, contract=items)
    (finding,) = found[0].findings
    assert finding.code == "E542"
    assert "32 items" in finding.message
    assert "and 12 more" in finding.message
    assert "z (#1 id)" in finding.message
    assert found[0].staged.lists["contract"].rows == 1


def test_items_of_a_doubled_firm_are_nobody_s() -> None:
    found = staged({"id": ["a", "a", "b"]}, contract={"id": ["a"], "no": ["1"]})
    assert left(found) == {0: ["E541"], 1: ["E541"]}
    assert found[0].findings == ()


def test_nested_lists_may_be_unknown_or_empty() -> None:
    lists = pa.array([[{"no": "1", "paid": "2元"}], [], None])
    found = staged({"id": ["a", "b", "c"], "contract": lists})
    assert firms_of(found) == [(0, "a", True), (1, "b", True), (2, "c", False)]
    assert found[0].staged.lists["contract"].stated == "stated contract"


def test_a_bad_item_of_a_nested_list_is_named_with_its_firm() -> None:
    found = staged(
        {"id": ["a", "b"], "contract": [[], [{"no": "1", "score": 2}, {"no": "2", "score": 41}]]}
    )
    ((row, _, facts),) = list(left_rows(found[1], found[0]))
    assert row == 1
    assert isinstance(facts, tuple)
    assert str(facts[0].labels[0].span) == "applicant: contract #2 contract[2].score"


def test_past_payments_are_a_table_like_any() -> None:
    found = staged(
        {"id": ["a"]},
        received={
            "id": ["a"],
            "incentive": ["d/one"],
            "amount": ["5元"],
            "year": [2023],
            "item": [None],
        },
    )
    assert found[1].sql("FROM items_received").fetchall()[0][:3] == ("1", 0, 0)
    assert list(found[0].staged.lists["received"].columns) == [
        "received.incentive", "received.amount", "received.year",
    ]  # fmt: skip


def test_a_later_input_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    connection = duckdb.connect()
    first = {"applicant": pa.table({"id": ["a"], "staff": ["x"]})}
    assert stage(connection, VOCABULARY, first, key="id").bad == 1
    path = tmp_path / "firms.csv"
    path.write_text("id,staff\na,1\n")
    assert stage(connection, VOCABULARY, {"applicant": path}, key="id").bad == 0
    assert stage(connection, VOCABULARY, first, key="id").bad == 1


def test_an_input_without_rows() -> None:
    empty = pa.table({"id": pa.array([], pa.string()), "staff": pa.array([], pa.int64())})
    found = staged(empty, contract=pa.table({"id": pa.array([], pa.string())}))
    assert (found[0].rows, found[0].staged.firms.rows) == (0, 0)
    assert firms_of(found) == []


# ── sheets ───────────────────────────────────────────────────────────────────


def of_file(path: Path, text: str, **how: Any) -> tuple[StagedInput, Any]:
    path.write_bytes(text.encode(how.pop("write", "utf-8")))
    connection = duckdb.connect()
    return stage(connection, VOCABULARY, {"applicant": path}, key="id", **how), connection


def test_addresses_in_a_sheet_count_its_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    found = of_file(path, 'id,名称,staff\na,"甲\n公司",1\n\n,,\nb,乙,x\n')
    assert found[0].rows == 2
    ((row, key, facts),) = list(left_rows(found[1], found[0], (1, 9)))
    assert (row, key) == (3, "b")
    assert isinstance(facts, tuple)
    assert str(facts[0].labels[0].span) == f"{path} C5"


def test_lost_characters_leave_their_row_out(tmp_path: Path) -> None:
    found = of_file(tmp_path / "firms.csv", "id,name,staff\na,甲\ufffd,1\nb,乙,2\n")
    assert left(found) == {0: ["E513"]}


def test_a_workbook_s_faulty_cells_leave_their_rows_out(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "firms.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "staff", "支出（万元）", "founded_on"])
        sheet.write_row(1, 0, ["a", 12, 1.5])
        sheet.write_datetime(1, 3, date(2024, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(2, 0, ["b", 1234567890123456789, 2])
        sheet.write_row(3, 0, ["c", 3, 0.1234567])
        sheet.write_row(4, 0, ["d"])
    connection = duckdb.connect()
    result = stage(connection, VOCABULARY, {"applicant": path}, key="id")
    assert firms_of((result, connection)) == [
        (0, "a", 12, 1_500_000, date(2024, 5, 1)),
        (3, "d", None, None, None),
    ]
    assert left((result, connection)) == {1: ["E511"], 2: ["E314"]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id,staff,\na,1,2\n", "E516"),
        ("id,staff,Staff\na,1,2\n", "E514"),
        ("id,staff,staff\na,1,2\n", "E514"),
        ("id,staff\na,1,2\n", "E506"),
        ('id,staff\na,"1\n', "E507"),
        ("id,staff\na,\x00\n", "E505"),
        ("", "E533"),
    ],
)
def test_csv_files_that_are_refused(text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        of_file(tmp_path / "firms.csv", text)
    assert [each.code for each in caught.value.findings] == [code]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-8"])
def test_encodings_that_show_themselves(encoding: str, tmp_path: Path) -> None:
    found = of_file(tmp_path / "firms.csv", "id,名称\na,甲公司\n", write=encoding)
    assert firms_of(found) == [(0, "a", "甲公司")]
    if encoding == "gb18030":
        with pytest.raises(TableError) as caught:
            of_file(tmp_path / "firms.csv", "id,名称\na,甲公司\n", write=encoding, encoding="utf-8")
        assert caught.value.findings[0].code == "E504"
        assert "line 1" in caught.value.findings[0].message


# ── several files ────────────────────────────────────────────────────────────


def test_the_files_below_a_directory_are_one_table(tmp_path: Path) -> None:
    for region, ids in (("640200", ["a", "b"]), ("640221", ["c"])):
        (tmp_path / f"region={region}").mkdir()
        parquet.write_table(
            pa.table({"id": ids, "staff": list(range(len(ids)))}),
            tmp_path / f"region={region}" / "part-0[1].parquet",
        )
    connection = duckdb.connect()
    result = stage(connection, VOCABULARY, {"applicant": tmp_path}, key="id")
    assert list(result.staged.firms.columns) == ["applicant.staff", "applicant.region"]
    assert firms_of((result, connection)) == [
        (0, "a", 0, "640200"),
        (1, "b", 1, "640200"),
        (2, "c", 0, "640221"),
    ]


def test_files_with_other_columns_are_no_one_table(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"id": ["a"], "staff": [1]}), tmp_path / "a.parquet")
    parquet.write_table(pa.table({"id": ["b"]}), tmp_path / "b.parquet")
    with pytest.raises(TableError) as caught:
        stage(duckdb.connect(), VOCABULARY, {"applicant": tmp_path}, key="id")
    assert caught.value.findings[0].code == "E538"
    assert "staff" in caught.value.findings[0].message
    (tmp_path / "none").mkdir()
    with pytest.raises(TableError) as caught:
        stage(duckdb.connect(), VOCABULARY, {"applicant": tmp_path / "none"}, key="id")
    assert caught.value.findings[0].code == "E501"


def test_a_relation_of_duckdb_s() -> None:
    connection = duckdb.connect()
    other = duckdb.connect()
    for each in (connection, other):
        relation = each.sql("SELECT 'a' AS id, 3 AS staff")
        result = stage(connection, VOCABULARY, {"applicant": relation}, key="id")
        assert firms_of((result, connection)) == [(0, "a", 3)]


def test_a_reader_of_record_batches_is_read_once() -> None:
    reader = pa.table({"id": ["a", "b"], "staff": [1, 2]}).to_reader(max_chunksize=1)
    found = staged(reader)
    assert firms_of(found) == [(0, "a", 1), (1, "b", 2)]
    with pytest.raises(TypeError, match="not dict"):
        stage(duckdb.connect(), VOCABULARY, {"applicant": {"id": ["a"]}}, key="id")
