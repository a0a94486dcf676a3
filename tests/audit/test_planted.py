"""Every planted fault is found and none is invented, on a list small enough for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.audit.planted import KINDS, Generator, found_in, run, write

from incentives.api import load
from incentives.audit.show import audit_data

if TYPE_CHECKING:
    from pathlib import Path


def test_every_planted_fault_is_found_and_none_invented(tmp_path: Path) -> None:
    generated = Generator(seed=7).make(1200)
    planted = write(generated, tmp_path)

    result = run(tmp_path, load().rules)

    assert set(generated.planted) == set(KINDS)
    assert found_in(result) == planted
    rows = audit_data(result)["rows"]
    assert [each["row"] for each in rows if each["row"]] == [
        payment.row for payment in result.paid.payments
    ]


def test_a_list_without_faults_is_clean_of_differences(tmp_path: Path) -> None:
    generator = Generator(seed=1)
    for _ in range(60):
        generator.firm(None)
    planted = write(generator.out, tmp_path)

    assert planted == set()
    assert run(tmp_path, load().rules).is_clean
