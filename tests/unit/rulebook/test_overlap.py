"""Whether two tests certainly have a common case: yes only where it is proved."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from tests.small import ENTRY, amount, parameters, rules, when

from incentives.rulebook.overlap import overlap

FIGURES = parameters(low='"1元"', high='"2元"', day="2024-01-01")
# two tests, and whether a case for both is certain
PAIRS = [
    ("applicant.small", "applicant.small", True),
    ("applicant.small", "not applicant.small", False),
    ("not applicant.small", "not applicant.small", True),
    ("applicant.small", "applicant.honest", True),
    ('applicant.kind == "firm"', 'applicant.kind == "centre"', False),
    ('applicant.kind == "firm"', 'applicant.kind != "centre"', True),
    ('applicant.kind in {"firm", "centre"}', 'applicant.kind != "firm"', True),
    ('applicant.kind != "firm" and applicant.kind != "centre"', 'applicant.kind in {"firm"}', False),
    ('applicant.name == "甲"', 'applicant.name == "乙"', False),
    ('applicant.name in {"甲"}', 'applicant.name in {"甲", "乙"}', True),
    ("applicant.spend < low", "applicant.spend >= low", False),
    ("applicant.spend <= low", "applicant.spend >= low", True),
    ("applicant.spend < low", "applicant.spend > low", False),
    ("applicant.spend > low", "applicant.spend < high", True),
    ("applicant.spend > high", "applicant.spend < low", False),
    ("applicant.spend == low", "applicant.spend <= high", True),
    ("applicant.spend == low", "applicant.spend == high", False),
    ("applicant.spend != low", "applicant.spend == low", False),
    ("applicant.founded_on < day", "applicant.founded_on >= day", False),
    ("applicant.spend > applicant.balance", "applicant.small", False),  # cannot be analysed
    ("low < applicant.spend <= high", "applicant.spend > high", False),
    ("applicant.small and applicant.spend > low", "applicant.spend > high", True),
]  # fmt: skip


def conditions(*texts: str) -> list[Any]:
    body = ENTRY + FIGURES + "".join(when(text, f"c{at}") for at, text in enumerate(texts))
    version = rules(body + amount(fixed="1元")).incentives["doc/award"].versions[0]
    return [condition.test for condition in version.conditions]


@pytest.mark.parametrize(("first", "second", "certain"), PAIRS)
def test_an_overlap_is_reported_only_when_it_is_certain(
    first: str, second: str, certain: bool
) -> None:
    one, two = conditions(first, second)
    assert overlap(one, two) is certain
    assert overlap(two, one) is certain


def test_what_is_certain_has_a_witness() -> None:
    """Every claim is checked against the amounts around the figures."""
    shapes = [f"applicant.spend {op} {name}" for op in ("<", "<=", "==", ">=", ">")
              for name in ("low", "high")]  # fmt: skip
    nodes = dict(zip(shapes, conditions(*shapes), strict=True))
    ops: dict[str, Any] = {"<": int.__lt__, "<=": int.__le__, "==": int.__eq__, ">=": int.__ge__,
                           ">": int.__gt__}  # fmt: skip

    def holds(shape: str, fen: int) -> bool:
        _, op, name = shape.split()
        return bool(ops[op](fen, {"low": 100, "high": 200}[name]))

    for a, b in itertools.product(shapes, repeat=2):
        witness = any(holds(a, fen) and holds(b, fen) for fen in (0, 99, 100, 101, 199, 200, 201))
        assert overlap(nodes[a], nodes[b]) == witness, (a, b)
