"""Aligned tables of mixed Chinese and English, 80 cells wide where nobody says otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import typer


def print_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    keep: int = 1,
    fold: Collection[int] | None = None,
) -> None:
    """Print a table on standard output; the first ``keep`` columns are never broken.

    With ``fold`` only the columns at those places are broken: figures stay whole.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for at, head in enumerate(heads):
        table.add_column(
            Text(head), no_wrap=at < keep if fold is None else at not in fold, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False)
    with console.capture() as printed:
        console.print(table)
    typer.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


def print_fields(fields: Iterable[tuple[str, Any]], indent: str = "  ") -> None:
    """Print labelled lines, the labels padded to one width; empty values are left out."""
    from rich.cells import cell_len

    kept = [(label, str(value)) for label, value in fields if value not in {None, ""}]
    width = max((cell_len(label) for label, _ in kept), default=0)
    for label, value in kept:
        pad = " " * (width - cell_len(label))
        print_wrapped(value, f"{indent}{label}{pad}  ", indent + " " * (width + 2))


def print_wrapped(text: str, first: str = "", rest: str = "  ") -> None:
    """Print a text 80 cells wide: ``first`` before it, ``rest`` before each line broken off."""
    from incentives.explain.text import WIDTH, columns, wrap

    room = WIDTH - max(columns(first), columns(rest))
    lines = [part for line in text.splitlines() for part in wrap(line, room)]
    typer.echo("\n".join((rest if at else first) + line for at, line in enumerate(lines)))
