"""The SQL of columns in PostgreSQL and in Spark gives what the columns mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.batch.test_emit import compare

if TYPE_CHECKING:
    from tests.services.postgres import Postgres


@pytest.mark.parametrize("seed", range(15))
def test_postgres_gives_what_columns_mean(postgres: Postgres, seed: int) -> None:
    compare("postgres", seed, size=60, firms=5, service=postgres)


@pytest.mark.parametrize("seed", range(2))
def test_spark_gives_what_columns_mean(spark: Any, seed: int) -> None:
    compare("spark", seed, size=30, firms=3, service=spark)
