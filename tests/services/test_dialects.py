"""What the rules say as SQL, every shipped incentive: three databases, the same rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.services import dialects, firms

import incentives
from incentives.batch.lowering.lower import lower
from incentives.batch.sql.emit import select
from incentives.batch.sql.long import FIELDS
from incentives.engine.assess import Options
from incentives.engine.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp
    from tests.services.dialects import Staging
    from tests.services.postgres import Postgres

    from incentives.batch.lowered import Answer, LoweredIncentive

ON = date(2024, 6, 1)
TOGETHER = {"postgres": 6, "spark": 1}
"""How many incentives one query asks for: Spark's planning grows faster than the query."""


@pytest.fixture(scope="module")
def staging() -> Staging:
    """Firms with contracts, staged."""
    return dialects.Staging(
        incentives.load().rules.vocabulary, firms.table(60).drop_columns(["county"])
    )


@pytest.fixture(scope="module")
def lowered(staging: Staging) -> tuple[LoweredIncentive, ...]:
    """Every shipped incentive that has columns."""
    plan = Plan(incentives.load().rules)
    return lower(plan, ON, Options(refine=False), staging.staged).incentives


def outputs(answers: dict[str, Answer]) -> dict[str, Any]:
    return {
        f"{field}_{at}": get(answer)
        for at, answer in enumerate(answers.values())
        for field, get in FIELDS.items()
    }


def queries(
    staging: Staging, lowered: tuple[LoweredIncentive, ...], dialect: str, together: int
) -> Iterator[tuple[list[str], exp.Select]]:
    """Yield queries that together ask for every decision, and every decision about an item."""
    by_scope: dict[str, dict[str, Answer]] = {"": {one.id: one.answer for one in lowered}}
    for one in lowered:
        if one.each is not None and one.items is not None:
            by_scope.setdefault(one.each, {})[one.id] = one.items
    for answers in by_scope.values():
        ids = list(answers)
        for at in range(0, len(ids), together):
            some = {name: answers[name] for name in ids[at : at + together]}
            yield list(some), select(outputs(some), staging.staged, dialect, ordered=True)


def compare(staging: Staging, lowered: Any, dialect: str, run: Any) -> int:
    """Run every query in DuckDB and elsewhere; return how many rows were compared."""
    count, together = 0, TOGETHER[dialect]
    pairs = zip(
        queries(staging, lowered, "duckdb", together),
        queries(staging, lowered, dialect, together),
        strict=True,
    )
    for (names, ours), (_, theirs) in pairs:
        expected = staging.rows(ours)
        assert run(theirs) == expected, names
        count += len(expected) * len(names)
    return count


def test_postgres_gives_what_duckdb_gives(
    postgres: Postgres, staging: Staging, lowered: Any
) -> None:
    staging.into_postgres(postgres)
    count = compare(
        staging, lowered, "postgres", lambda query: dialects.in_postgres(postgres, query)
    )
    assert count > 50 * 60


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_gives_what_duckdb_gives(
    spark: Any, staging: Staging, lowered: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    staging.into_spark(spark, tmp_path_factory.mktemp("relations"))
    count = compare(staging, lowered, "spark", lambda query: dialects.in_spark(spark, query))
    assert count > 50 * 60
