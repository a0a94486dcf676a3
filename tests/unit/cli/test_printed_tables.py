"""What is printed for people: columns that line up, 80 wide, and no colours into a pipe."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

Run = Any

LINES = [
    ("rules", "list"),
    ("rules", "list", "--region", "640200"),
    ("rules", "show", "technology-contract-award"),
    ("funds",),
    ("targets",),
    ("examples",),
    ("error", "E212"),
    ("check", "example:zhongning-new", "--on", "2024-06-01"),
    ("explain", "example:centre", "technology-contract-award", "--on", "2024-06-01"),
]

CODE = "      contract.provider_kind in"  # an expression stands as it was written
IN_ENGLISH = [LINES[0], LINES[2], LINES[-1]]


@pytest.mark.parametrize(
    ("lang", "line"),
    [("zh", line) for line in LINES] + [("en", line) for line in IN_ENGLISH],
    ids=str,
)
def test_a_pipe_gets_words_alone_and_a_terminal_no_wide_line(
    run: Run, line: tuple[str, ...], lang: str
) -> None:
    done = run(*line, "--lang", lang)
    assert done.code == 0, done.err
    assert done.out
    assert all(char.isprintable() or char in "\n\u3000" for char in done.out)
    wide = [row for row in done.out.splitlines() if cell_len(row) > 80]
    assert [row for row in wide if not row.startswith(CODE)] == []


def starts(row: str) -> list[int]:
    """Return the columns of a terminal at which the cells of a row begin."""
    found, at, gap = [], 0, 2
    for char in row:
        if char == " ":
            gap += 1
        else:
            if gap >= 2:
                found.append(at)
            gap = 0
        at += cell_len(char)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_cells_of_a_table_begin_in_the_same_columns(run: Run, lang: str) -> None:
    head = {"zh": "编号", "en": "Id"}[lang]
    tables = run("rules", "list", "--lang", lang).out.split("\n\n")
    assert len(tables) > 10
    for table in tables:
        rows = table.splitlines()
        at = next(n for n, row in enumerate(rows) if row.startswith(head))
        allowed = set(starts(rows[at]))
        assert len(allowed) == 4
        for row in rows[at + 1 :]:
            assert set(starts(row)) <= allowed, row
