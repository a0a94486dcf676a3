"""A graph of columns as one SQL query: a chain of common tables, each a stage or a layer.

``firms_1`` reads the firms, ``contract_1`` the items of a list; later numbers add what
earlier ones made possible. Every table is read once: what two later tables need is kept
(``MATERIALIZED``) where the database can be told so. The query is a tree of sqlglot; no
name and no value is ever joined into a string.

The trap: joins keep no order. Whoever needs rows in order asks for it (``ordered``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from incentives.batch.columns import FOLDS, ROW, WINDOWS, Column, Op, Sort
from incentives.batch.sql.binding import Binding, Stage, bind
from incentives.batch.sql.dialect_postgres import Postgres
from incentives.batch.sql.dialect_spark import Spark
from incentives.batch.sql.dialects import Dialect, call, cast, text
from incentives.batch.sql.spelling import Speller
from incentives.diagnostics import InternalError
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlglot import exp

    from incentives.batch.staged import Staged, StagedTable
else:
    from incentives.batch.sql import sqltree as exp

KEY: Final = "key"
AT: Final = "at"
START: Final = "start"
STOP: Final = "stop"
"""Variables of a DuckDB session that say which firms a query is for: ``row`` from, up to before."""
DIALECTS: Final = {dialect.name: dialect for dialect in (Dialect(), Postgres(), Spark())}
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_RESERVED: Final = frozenset({ROW, KEY, AT})


def select(
    outputs: Mapping[str, Column],
    staged: Staged,
    dialect: str = "duckdb",
    *,
    ordered: bool = False,
) -> exp.Select:
    """Return the query of some columns: a row a firm, or a row an item where one is an item's.

    Before them stand ``row`` and ``key``; for items ``row``, ``at`` and ``key``, the item's.

    Raises:
        WidthError: the dialect has no whole number that wide.
        InternalError: columns of two lists.
    """
    scopes = {column.scope for column in outputs.values()} - {"", APPLICANT}
    if len(scopes) > 1:
        raise InternalError(f"items of two lists in one row: {sorted(scopes)}")
    scope = next(iter(scopes), APPLICANT)
    tables = Tables({scope: outputs.values()}, staged, DIALECTS[dialect])
    shown = [named(tables.spell(column), name) for name, column in outputs.items()]
    keys = tables.keys(scope)
    query = exp.Select(expressions=[*keys, *shown]).from_(tables.of(scope), copy=False)
    if ordered:
        order = [exp.Ordered(this=key.copy()) for key in keys if key.name != KEY]
        query.set("order", exp.Order(expressions=order))
    return tables.finish(query)


def identifier(name: str) -> exp.Identifier:
    """Return a name as an identifier, quoted unless it is plain and means nothing else."""
    return exp.to_identifier(name, quoted=name in _RESERVED or not _PLAIN.match(name))


def column_of(name: str, table: str | None = None) -> exp.Column:
    """Return a reference to a column."""
    return exp.Column(this=identifier(name), table=table and identifier(table))


def named(value: exp.Expression, name: str) -> exp.Expression:
    """Return a value with the name of its column."""
    return exp.Alias(this=value, alias=identifier(name))


def alias(name: str) -> exp.TableAlias:
    """Return a name for a table."""
    return exp.TableAlias(this=identifier(name))


class Tables:
    """The common tables of a query, and the columns in them."""

    def __init__(
        self,
        outputs: Mapping[str, Iterable[Column]],
        staged: Staged,
        dialect: Dialect,
        *,
        rows: bool = False,
    ) -> None:
        self._staged, self._dialect, self._rows = staged, dialect, rows
        self._binding: Binding = bind(outputs)
        self._ctes: list[exp.CTE] = []
        self._used: dict[str, int] = {}
        self._current: dict[str, str] = {}
        self._taken: dict[str, set[Column]] = {}
        self._names = self._named()
        self.spell = Speller(dialect, self._column)
        self.typed = self.spell.typed
        for number in range(self._binding.last[APPLICANT] + 1):
            self._firms(number)
            for scope, at in sorted(self._binding.stages):
                if at == number and scope != APPLICANT:
                    self._items(scope, self._binding.stages[scope, at])

    def keys(self, scope: str) -> list[exp.Column]:
        """Return the columns that say which firm, or which item of which firm."""
        return [column_of(name) for name in ((ROW, KEY) if scope == APPLICANT else (ROW, AT, KEY))]

    def of(self, scope: str) -> exp.Table:
        """Return the last table of a scope."""
        if scope not in self._current:
            self._read(scope)
        return self._from(self._current[scope])

    def scopes(self) -> set[str]:
        """Return the scopes that the query reads."""
        return set(self._current)

    def finish(self, query: exp.Select) -> exp.Select:
        """Put the common tables before a query over them."""
        for cte in self._ctes:
            often = self._dialect.inlines or self._used.get(cte.alias, 0) > 1
            if self._dialect.materialized and often:
                cte.set("materialized", True)
        query.set("with_", exp.With(expressions=self._ctes))
        return query

    # ── names ────────────────────────────────────────────────────────────────

    def _named(self) -> dict[Column, str]:
        """Return the column of each node that has one; no two are alike but for case."""
        taken = {*_RESERVED, *(table.relation.casefold() for table in self._all_tables())}
        names: dict[Column, str] = {}
        for number, node in enumerate(self._binding.nodes, 1):
            if node.op is Op.READ:
                name = str(node.value)
                if name in _RESERVED and (name != KEY or node.scope != APPLICANT):
                    names[node] = name
                    continue
                name = "firm_key" if name == KEY else name
            elif node in self._binding.bound or node.op in FOLDS:
                name = f"c{number}"
            else:
                continue
            while name.casefold() in taken:
                name += "_"
            taken.add(name.casefold())
            names[node] = name
        self._taken_names = taken
        return names

    def _all_tables(self) -> list[StagedTable]:
        return [self._staged.firms, *self._staged.lists.values()]

    def _column(self, node: Column) -> exp.Expression | None:
        name = self._names.get(node)
        return None if name is None else column_of(name)

    # ── tables ───────────────────────────────────────────────────────────────

    def _add(self, scope: str, query: exp.Select, stem: str | None = None) -> str:
        """Add a common table; return its name."""
        stem = stem or ("firms" if scope == APPLICANT else scope)
        number = 1
        while f"{stem}_{number}".casefold() in self._taken_names:
            number += 1
        name = f"{stem}_{number}"
        self._taken_names.add(name.casefold())
        self._ctes.append(exp.CTE(this=query, alias=alias(name)))
        return name

    def _from(self, name: str, called: str | None = None) -> exp.Table:
        self._used[name] = self._used.get(name, 0) + 1
        table = exp.Table(this=identifier(name))
        if called:
            table.set("alias", alias(called))
        return table

    def _read(self, scope: str) -> None:
        """Begin with what is staged: the keys and the facts that something reads."""
        if scope != APPLICANT and scope not in self._staged.lists:
            raise InternalError(f"no table of {scope}")
        table = self._staged.firms if scope == APPLICANT else self._staged.lists[scope]
        facts: list[exp.Expression] = [*self.keys(scope)]
        for node, name in self._names.items():
            if node.op is not Op.READ or node.scope != scope or name in _RESERVED:
                continue
            fact: exp.Expression = column_of(str(node.value))
            if self._dialect.casts_reads and node.sort is Sort.WHOLE:
                fact = cast(fact, self._dialect.type_of(node))
            is_plain = fact.key == "column" and node.value == name
            facts.append(fact if is_plain else named(fact, name))
        query = exp.Select(expressions=facts)
        query.from_(exp.Table(this=identifier(table.relation)), copy=False)
        if self._rows:
            query.where(_within(), copy=False)
        self._current[scope] = self._add(scope, query)

    def _firms(self, number: int) -> None:
        stage = self._binding.stages[APPLICANT, number]
        if number == 0:
            self._read(APPLICANT)
        elif stage.folds:
            self._fold(stage)
        self._layers(APPLICANT, stage)

    def _fold(self, stage: Stage) -> None:
        """Join what a firm's items come to, with the neutral value where it has none."""
        shown: list[exp.Expression] = [_all("firm")]
        joins: list[tuple[exp.Table, str]] = []
        for scope, folds in stage.folds.items():
            # Of one item there is nothing to group.
            many = self._staged.lists[scope].longest > 1 or any(f.op is Op.GATHER for f in folds)
            found: list[exp.Expression] = [column_of(ROW)]
            name = f"of_{scope}"
            for fold in folds:
                alias = self._names[fold]
                made = self.spell.fold(fold, column_of(AT)) if many else self.spell.only(fold)
                found.append(named(made, alias))
                known = self.spell.folded(fold, column_of(alias, name))
                shown.append(named(known, alias))
            query = exp.Select(expressions=found).from_(self.of(scope), copy=False)
            if many:
                query.set("group", exp.Group(expressions=[column_of(ROW)]))
            joins.append((self._from(self._add(scope, query, name), name), name))
        query = exp.Select(expressions=shown).from_(
            self._from(self._current[APPLICANT], "firm"), copy=False
        )
        for table, name in joins:
            same = exp.EQ(this=column_of(ROW, name), expression=column_of(ROW, "firm"))
            query.join(table, on=same, join_type="left", copy=False)
        self._current[APPLICANT] = self._add(APPLICANT, query)

    def _items(self, scope: str, stage: Stage) -> None:
        if scope not in self._current:
            self._read(scope)
        taken = self._taken.setdefault(scope, set())
        new = [node for node in stage.taken if node not in taken]
        taken.update(new)
        if new:
            shown = [column_of(self._names[node], "firm") for node in new]
            query = exp.Select(expressions=[_all("item"), *shown])
            query.from_(self._from(self._current[scope], "item"), copy=False)
            same = exp.EQ(this=column_of(ROW, "firm"), expression=column_of(ROW, "item"))
            query.join(self._from(self._current[APPLICANT], "firm"), on=same, copy=False)
            self._current[scope] = self._add(scope, query)
        self._layers(scope, stage)

    def _layers(self, scope: str, stage: Stage) -> None:
        for layer in stage.layers:
            shown: list[exp.Expression] = [exp.Star()]
            for node in layer:
                if node.op in WINDOWS and scope == APPLICANT:
                    raise InternalError(f"a window over firms: {node!r}")
                made = (
                    self.spell.window(node, column_of(ROW), column_of(AT))
                    if node.op in WINDOWS
                    else self.spell.inner(node)
                )
                shown.append(named(made, self._names[node]))
            query = exp.Select(expressions=shown)
            query.from_(self._from(self._current[scope]), copy=False)
            self._current[scope] = self._add(scope, query)


def _within() -> exp.Expression:
    start, stop = (call("GETVARIABLE", text(name)) for name in (START, STOP))
    return exp.And(
        this=exp.GTE(this=column_of(ROW), expression=start),
        expression=exp.LT(this=column_of(ROW), expression=stop),
    )


def _all(table: str) -> exp.Expression:
    return exp.Column(this=exp.Star(), table=identifier(table))
