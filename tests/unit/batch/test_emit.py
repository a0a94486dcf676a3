"""The SQL of columns gives, in the database, what the columns mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.unit.batch.columns_by_hand import APPLICANT, ByHand
from tests.unit.batch.databases import STAGED, run_sql
from tests.unit.batch.graphs import LISTS, MOST_ITEMS, Graph

from incentives.batch.sql.emit import DIALECTS, select

if TYPE_CHECKING:
    from incentives.batch.columns import Column


def compare(dialect: str, seed: int, size: int, firms: int, service: Any = None) -> None:
    """Hold what a database gives for a random graph against what the graph means."""
    graph = Graph(seed, widest=DIALECTS[dialect].widest)
    graph.grow(size)
    longest = graph.random.choice((1, MOST_ITEMS))
    lists = {name: replace(table, longest=longest) for name, table in STAGED.lists.items()}
    staged = replace(STAGED, lists=lists)
    data = graph.rows(firms, longest)
    by_hand = ByHand(data)
    for scope in (APPLICANT, *LISTS):
        outputs = {f"o{number}": node for number, node in enumerate(_newest(graph, scope))}
        query = select(outputs, staged, dialect, ordered=True)
        found = run_sql(dialect, query, data, graph.reads, service)
        expected: list[tuple[Any, ...]] = []
        for firm in data.firms:
            if scope == APPLICANT:
                values = [by_hand(node, firm) for node in outputs.values()]
                expected.append((firm["row"], firm["key"], *values))
                continue
            for item in data.of(scope, firm):
                values = [by_hand(node, firm, item) for node in outputs.values()]
                expected.append((firm["row"], item["at"], item["key"], *values))
        assert found == expected


def _newest(graph: Graph, scope: str) -> list[Column]:
    """Return some of the nodes made last, at least one of the scope itself."""
    newest = [graph.pools[scope, sort][-1] for _, sort in graph.pools if graph.pools[scope, sort]]
    return [*dict.fromkeys(newest), *graph.pools[scope, newest[0].sort][-3:]]


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from((5, 30, 80)))
def test_duckdb_gives_what_columns_mean(seed: int, size: int) -> None:
    compare("duckdb", seed, size, firms=5)


def test_postgres_computes_every_layer_once() -> None:
    """It writes a table that is read once out where it is read: many layers filled its memory."""
    graph = Graph(1)
    graph.grow(60)
    outputs = {f"o{number}": node for number, node in enumerate(_newest(graph, APPLICANT))}
    tables = list(select(outputs, STAGED, "postgres").find_all(exp.CTE))
    assert len(tables) > 3
    assert all(table.args.get("materialized") for table in tables)
