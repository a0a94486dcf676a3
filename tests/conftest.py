"""Fixtures for every test, and how long the property tests search."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]

# Deadlines measure the machine, not the code. `--hypothesis-profile=nightly` searches longer.
settings.register_profile("default", deadline=None)
settings.register_profile("nightly", deadline=None, max_examples=5_000)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever has them ask for the tests that need real services."""
    parser.addoption(
        "--services", action="store_true", help="run tests/services: PostgreSQL and Spark"
    )


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the policy documents, which is not part of the repository."""
    path = REPOSITORY.parent / "shared"
    if not path.is_dir():
        pytest.skip(f"the policy documents are not beside the checkout ({path.name}/ is absent)")
    return path
