"""An incentive as a query for people: the whole text, and what the query gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.golden import check
from tests.small import ON, amount, entry, parameters, rules, when
from typer.testing import CliRunner

import incentives
from incentives.authoring.readable_sql import DIALECTS, readable_query
from incentives.cli.app import make_app
from incentives.diagnostics import FindingsError

GOLDEN = Path(__file__).with_name("sql.txt")
BODY = (
    entry(each='"contract"', quote='"每份合同按金额的10%奖励，最高2元"')
    + parameters(least="10", rate='"10%"', most='"2元"')
    + when("applicant.staff >= least", "size")
    + when("contract.ok", "ok")
    + amount(base="contract.paid", rate="rate", cap="most")
)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_whole_text(dialect: str) -> None:
    body = entry(quote='"小微企业奖励2元"') + when("applicant.small") + amount(fixed="2元")
    lang = "en" if dialect == "postgres" else "zh"
    check(GOLDEN, dialect, readable_query(rules(body), "doc/award", ON, dialect, lang).strip("\n"))


def test_the_query_decides() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE TABLE firms AS FROM (VALUES
                (0, '甲', 'firm', '640200', 10), (1, '乙', 'firm', '640200', 9),
                (2, '丙', 'firm', '640200', NULL), (3, '丁', 'centre', '640200', 50)
            ) AS t("row", "key", "applicant.kind", "applicant.region", "applicant.staff");
            CREATE TABLE items_contract AS FROM (VALUES
                (0, 0, 'a', 1005::BIGINT, TRUE), (0, 1, 'b', 9999, TRUE), (2, 0, 'c', 100, TRUE)
            ) AS t("row", "at", "key", "contract.paid", "contract.ok");
        """)
        sql = readable_query(rules(BODY), "doc/award", ON, "duckdb", "zh")
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert [row["status"] for row in found] == [
        "eligible", "ineligible", "undetermined", "not_applicable",
    ]  # fmt: skip
    assert found[0]["amount"] == Decimal("3.01")
    assert found[1]["failed"] == ["size", "items"]
    assert found[2]["missing"] == ["applicant.staff"]
    assert (found[2]["low"], found[2]["high"]) == (Decimal(0), Decimal("0.10"))
    assert found[3]["reason"] == "recipient"


def test_what_a_database_cannot_hold_is_a_finding() -> None:
    share = " * ".join(["applicant.share"] * 4)
    body = entry() + amount(formula=f"applicant.spend * {share}")
    with pytest.raises(FindingsError) as refused:
        readable_query(rules(body), "doc/award", ON, "spark", "zh")
    assert refused.value.findings[0].code == "E801"


def test_the_command_prints_it() -> None:
    name = "shizuishan-tech-city/technology-contract-award"
    ran = CliRunner().invoke(
        make_app(),
        ["rules", "sql", name, "--dialect", "postgres", "--on", "2024-06-01", "--lang", "zh"],
    )
    assert ran.exit_code == 0
    shipped = incentives.load().rules
    assert ran.output == readable_query(shipped, name, date(2024, 6, 1), "postgres", "zh")
