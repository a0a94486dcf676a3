"""PostgreSQL and Spark for the tests that ask for them; ``--services`` lets them run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.services import spark as local_spark
from tests.services.postgres import Postgres, ServiceMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a service, unless it was asked for."""
    if config.getoption("--services"):
        return
    reason = pytest.mark.skip(reason="needs a database server or Java: `make test-services`")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that is empty at first."""
    try:
        server = Postgres()
    except ServiceMissingError as missing:
        pytest.skip(str(missing))
    with server:
        yield server


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Spark session with two workers."""
    try:
        yield from local_spark.session(tmp_path_factory.mktemp("spark"))
    except ServiceMissingError as missing:
        pytest.skip(str(missing))
