"""Region codes of a table that a profile would warn of, each told once, with how many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.batch.inputs.relations import joined
from incentives.batch.sql import trees
from incentives.diagnostics import Finding, Severity
from incentives.rulebook.regions import doubted
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import duckdb
    from sqlglot import exp

    from incentives.batch.inputs.checks import Checked
    from incentives.batch.inputs.sources import Raw
    from incentives.rulebook.model import Region
else:
    from incentives.batch.sql import sqltree as exp


LISTED: Final = 20
"""How many codes of a column are told, those of most rows; of the others their number."""


def region_warnings(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    columns: Iterable[Checked],
    regions: Mapping[str, Region],
) -> Iterator[Finding]:
    """Yield a warning for each code that was given up, or can hardly be right (E324, E325)."""
    for each in columns:
        if each.column.spec.type.kind is not Kind.REGION or not each.stated:
            continue
        told = _doubted(connection, raw, each, regions)
        for code, (en, zh), rows in told[:LISTED]:
            yield _warning(raw, each, code, f"{en} ({_rows(rows)})", f"{zh}（{rows:,} 行）")
        if len(told) > LISTED:
            more, rows = len(told) - LISTED, sum(rows for *_, rows in told[LISTED:])
            yield _warning(
                raw,
                each,
                "E325",
                f"{more:,} more codes are to be checked ({_rows(rows)})",
                f"另有 {more:,} 个代码需要核对（{rows:,} 行）",
            )


def _doubted(
    connection: duckdb.DuckDBPyConnection, raw: Raw, column: Checked, regions: Mapping[str, Region]
) -> list[tuple[str, tuple[str, str], int]]:
    """Return the finding's code, its words and the rows of each region that is doubted."""
    rows = exp.alias_(exp.Count(this=exp.Star()), "rows", quoted=True)
    query = exp.select(exp.alias_(column.value.copy(), "code", quoted=True), rows)
    query = joined(query.from_(trees.table(raw.relation)), [column]).group_by(trees.whole(1))
    found = []
    for region, count in trees.fetch(connection, query):
        why = None if region is None else doubted(region, regions)
        if why is not None:
            found.append((-count, region, why))
    return [(code, words, -count) for count, _, (code, words) in sorted(found)]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _warning(raw: Raw, column: Checked, code: str, en: str, zh: str) -> Finding:
    name = column.column.name[:60]
    fact = f"{raw.shown}: {name}" if raw.shown else name
    return Finding(code=code, message=en, zh=zh, fact=fact, severity=Severity.WARNING)
