"""The services really start: what the other tests of this directory stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.services.postgres import Postgres


def test_postgres_runs_on_a_socket_of_its_own(postgres: Postgres) -> None:
    assert postgres.sql("select 6 * 7").strip() == "42"
    assert postgres.sql("show listen_addresses").strip() == ""
    assert postgres.sql("show data_directory").strip() == str(postgres.home / "data")


def test_postgres_says_what_a_script_did_wrong(postgres: Postgres) -> None:
    with pytest.raises(RuntimeError, match="nowhere"):
        postgres.sql("select * from nowhere")


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_hands_batches_to_several_processes(spark: Any) -> None:
    def own_process(batches: Iterator[Any]) -> Iterator[Any]:
        import os

        import pyarrow as pa

        for batch in batches:
            who = pa.array([os.getpid()] * len(batch), pa.int64())
            yield pa.record_batch({"id": batch.column("id"), "process": who})

    rows = spark.range(0, 1000, 1, 4).mapInArrow(own_process, "id long, process long").collect()
    assert sorted(row.id for row in rows) == list(range(1000))
    assert len({row.process for row in rows}) >= 2
