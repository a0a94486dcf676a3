"""A batch shares a limited purse among its firms; one part of a batch leaves it open."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.small import FIRM, ON, amount, book, entry

import incentives.batch
from incentives.batch.again import again
from incentives.batch.purse.budget import Claim, pro_rata

if TYPE_CHECKING:
    from pathlib import Path

SPENDS = ["100.00元", "33.33元", "0.10元", "100.00元", "77.77元", "0元"]
CLAIMS = [1000, 333, 1, 1000, 778, 0]
BASE = amount(base="applicant.spend", rate="10%")
POOL = '[incentive.budget]\namount = "20元"\nrule = "pro_rata"\n'
PLACES = '[incentive.budget]\nplaces = 2\nrank_by = "applicant.staff"\n'
BODY = entry() + BASE + POOL + entry("other") + BASE


def firms(**columns: Any) -> Any:
    count = len(next(iter(columns.values()))) if columns else len(SPENDS)
    plain = {
        "id": [f"{n}" for n in range(count)],
        "kind": ["firm"] * count,
        "region": ["640200"] * count,
        "spend": SPENDS[:count],
    }
    return pa.table({**plain, **columns})


def decided(
    body: str, table: Any, incentive: str = "doc/award", **keys: Any
) -> list[tuple[Any, ...]]:
    """Return (status, amount, low, high) of each firm, in fen."""
    made = incentives.batch.assess(book(body), {"applicant": table}, key="id", on=ON, **keys)
    rows = [row for row in made.to_arrow().to_pylist() if row["incentive"] == incentive]
    return [
        (row["status"], *(fen(row[name]) for name in ("amount", "low", "high"))) for row in rows
    ]


def fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


def paid(*parts: int) -> list[tuple[Any, ...]]:
    return [("eligible", part, part, part) for part in parts]


@pytest.mark.parametrize("chunk", [None, 1, 4])
def test_a_purse_too_small_is_shared_to_the_fen(chunk: int | None) -> None:
    purse = pro_rata(2000, Counter(Claim(fen, fen) for fen in CLAIMS))
    expected = [purse.of(Claim(fen, fen))[0] for fen in CLAIMS]
    assert decided(BODY, firms(), chunk=chunk) == paid(*expected)
    assert sum(expected) in {1999, 2000}
    assert decided(BODY, firms(), "doc/other", chunk=chunk) == paid(*CLAIMS)


def test_a_purse_that_suffices_pays_in_full() -> None:
    assert decided(BODY, firms(spend=SPENDS[1:3])) == paid(333, 1)


def test_who_is_not_settled_leaves_the_others_open() -> None:
    table = firms(spend=["100.00元", "150.00元"], kind=["firm", None])
    assert decided(BODY, table) == [
        ("eligible", None, 800, 1000),
        ("undetermined", None, 0, 1200),
    ]


def test_a_row_that_cannot_be_read_is_no_member_and_that_is_said() -> None:
    table = firms(spend=["200.00元", "much"])
    assert decided(BODY, table) == paid(2000)
    made = incentives.batch.assess(book(BODY), {"applicant": table}, key="id", on=ON)
    (finding,) = made.findings
    assert finding.code == "E803"
    assert "without 1 firm with" in finding.message
    assert "1 户" in finding.zh
    no_purse = incentives.batch.assess(book(entry() + BASE), {"applicant": table}, key="id", on=ON)
    assert not no_purse.findings


def test_places_go_to_the_highest_and_who_is_level_is_open() -> None:
    body = entry() + BASE + PLACES
    made = decided(body, firms(staff=[5, 9, 7, 1, 7, 0]))
    assert made == [
        *paid(0),
        *paid(333),
        ("eligible", None, 0, 1),
        *paid(0),
        ("eligible", None, 0, 778),
        *paid(0),
    ]


def test_a_rank_that_is_not_known_keeps_a_place_from_the_last_only() -> None:
    made = decided(entry() + BASE + PLACES, firms(spend=SPENDS[:3], staff=[3, None, 1]))
    assert [row[2:] for row in made] == [(1000, 1000), (0, 333), (0, 1)]


def test_a_purse_that_cannot_be_shared_keeps_its_range_and_says_why() -> None:
    group = '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nrule = "highest"\nclause = "三"\n'
    made = incentives.batch.assess(book(BODY + group), {"applicant": firms()}, key="id", on=ON)
    assert {name: each.code for name, each in made.refused.items()} == {"doc/award": "E802"}
    assert not made.findings
    row = made.to_arrow().to_pylist()[0]
    assert (row["amount"], row["low"]) == (None, Decimal("0.00"))


def test_an_explanation_does_not_call_a_purse_cases() -> None:
    decision = book(BODY).assess({"applicant": {**FIRM, "spend": "100元"}}, ON)["doc/award"]
    assert "purse is limited" in decision.explain(lang="en")
    assert "case by case" not in decision.explain(lang="en")
    assert "逐种情形" not in decision.explain(lang="zh")


def test_one_part_of_a_batch_leaves_its_purses_open() -> None:
    batches = firms().to_batches()
    made = incentives.batch.evaluate_batches(batches, book(BODY), key="id", on=ON)
    rows = [
        row for row in pa.Table.from_batches(made).to_pylist() if row["incentive"] == "doc/award"
    ]
    assert [(fen(row["low"]), fen(row["high"])) for row in rows] == [(0, claim) for claim in CLAIMS]


def test_a_row_of_a_shared_purse_is_reached_again(tmp_path: Path) -> None:
    parquet.write_table(firms(), tmp_path / "firms.parquet")
    tables = {"applicant": str(tmp_path / "firms.parquet")}
    rulebook, output = book(BODY), tmp_path / "decisions.parquet"
    made = incentives.batch.assess(rulebook, tables, key="id", on=ON, output=output)
    assert made.to_arrow()["amount"].to_pylist()[0] == Decimal("6.43")
    first = again(output, 1, rulebook.rules, tables)
    assert (first.differences, first.shared) == ((), True)
    other = again(output, 2, rulebook.rules, tables)
    assert (other.differences, other.shared) == ((), False)


def test_what_one_firm_could_never_get_is_a_difference(tmp_path: Path) -> None:
    parquet.write_table(firms(), tmp_path / "firms.parquet")
    tables = {"applicant": str(tmp_path / "firms.parquet")}
    rulebook, output = book(BODY), tmp_path / "decisions.parquet"
    made = incentives.batch.assess(rulebook, tables, key="id", on=ON, output=output).to_arrow()
    twice = pa.array(
        [Decimal("11.00"), *made["amount"].to_pylist()[1:]], made.schema.field("amount").type
    )
    changed = made.set_column(made.schema.get_field_index("amount"), "amount", twice)
    changed = changed.set_column(made.schema.get_field_index("high"), "high", twice)
    parquet.write_table(
        changed.replace_schema_metadata(parquet.read_schema(output).metadata), output
    )
    assert set(again(output, 1, rulebook.rules, tables).differences) == {"amount", "low", "high"}
