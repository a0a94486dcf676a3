"""The firms of a staged input as tasks for the single engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.columns import ROW
from incentives.batch.decisions import arrow
from incentives.batch.inputs.left_out import left_rows
from incentives.batch.inputs.records import profiles, staged_rows
from incentives.batch.sql import trees
from incentives.batch.workers import FIRMS, Case
from incentives.language.names import APPLICANT, DECIDED
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlglot import exp

    from incentives.batch.inputs.stage import StagedInput
    from incentives.batch.staged import Staged
    from incentives.batch.workers import Task
    from incentives.rulebook.model import Vocabulary
else:
    from incentives.batch.sql import sqltree as exp

_WANTED: Final = "wanted"
_REGION: Final = "applicant.region"
KEY: Final = "key"
READ: Final = 50 * FIRMS
"""Firms that are read at once: a source gives many rows almost as fast as few."""


@dataclass(frozen=True, slots=True)
class StagedFirms:
    """Some staged firms as Arrow tables; ``ids``: the incentives to decide, by row."""

    staged: Staged
    tables: Mapping[str, Any]
    ids: Mapping[int, tuple[str, ...]] | None

    def cases(self, vocabulary: Vocabulary) -> Iterator[Case]:
        """Yield the firms as profiles."""
        for row, key, profile in profiles(vocabulary, self.staged, self.tables):
            yield Case(row, key, profile, None if self.ids is None else self.ids[row])


@dataclass(frozen=True, slots=True)
class WrittenFirms:
    """Some firms that are not staged, by what was written of them."""

    found: tuple[Case, ...]

    def cases(self, vocabulary: Vocabulary) -> Iterable[Case]:
        """Return the firms."""
        del vocabulary
        return self.found


class Firms:
    """Every firm of a staged input, in the order of the input."""

    def __init__(self, connection: Any, held: StagedInput) -> None:
        self.connection = connection
        self.held = held
        self.end = self._end()

    def _end(self) -> int:
        """Return the number after the last row's: rows may have holes between them."""
        if self.held.firms.stays:
            return self.held.rows
        row = trees.col(self.held.firms.row)
        query = exp.select(exp.Max(this=row)).from_(trees.table(self.held.firms.relation))
        (last,) = trees.fetch_one(self.connection, query)
        return 0 if last is None else int(last) + 1

    @property
    def is_partly_left(self) -> bool:
        """Whether some firms are not staged."""
        return self.held.bad + self.held.odd > 0

    @property
    def has_decided(self) -> bool:
        """Whether recorded decisions are stated."""
        return DECIDED in self.held.items

    def staged(self, ids: Mapping[int, tuple[str, ...]]) -> Iterator[Task]:
        """Yield tasks for some staged firms, each with the incentives to decide."""
        for some, tables in self._tables(sorted(ids)):
            yield StagedFirms(self.held.staged, tables, {row: ids[row] for row in some})

    def rows(self, first: int, last: int) -> list[int]:
        """Return the numbers of the staged firms among some rows."""
        row = trees.col(ROW)
        query = (
            exp.select(row)
            .from_(trees.table(self.held.staged.firms.relation))
            .where(
                exp.GTE(this=row.copy(), expression=trees.whole(first)),
                exp.LT(this=row.copy(), expression=trees.whole(last)),
            )
        )
        return [number for (number,) in trees.fetch(self.connection, query)]

    def left(self, first: int, last: int) -> Iterator[Task]:
        """Yield tasks for the firms among some rows that are not staged."""
        some: list[Case] = []
        for row, key, facts in left_rows(self.connection, self.held, (first, last)):
            some.append(Case(row, key, facts))
            if len(some) == FIRMS:
                yield WrittenFirms(tuple(some))
                some = []
        if some:
            yield WrittenFirms(tuple(some))

    def among(self, keys: Sequence[str]) -> Iterator[Task]:
        """Yield tasks for the firms with some keys, to decide them whole."""
        wanted = set(keys)
        column = arrow().array(sorted(wanted), arrow().string())
        self.connection.register(_WANTED, arrow().table({KEY: column}))
        relation = trees.table(self.held.staged.firms.relation)
        inside = exp.In(
            this=trees.col(KEY),
            query=exp.select(trees.col(KEY)).from_(trees.table(_WANTED)).subquery(),
        )
        query = exp.select(trees.col(ROW)).from_(relation).where(inside)
        rows = sorted(number for (number,) in trees.fetch(self.connection, query))
        for _, tables in self._tables(rows):
            yield StagedFirms(self.held.staged, tables, None)
        for task in self.left(0, self.end):
            cases = tuple(case for case in task.cases(self.held.vocabulary) if case.key in wanted)
            if cases:
                yield WrittenFirms(cases)

    def regions(self) -> Any:
        """Return where each firm is, as an Arrow table of ``applicant`` and ``region``."""
        region = trees.col(_REGION) if _REGION in self.held.staged.firms.columns else exp.null()
        query = exp.select(
            exp.alias_(trees.col(KEY), APPLICANT, quoted=True),
            exp.alias_(trees.cast(region, trees.VARCHAR), "region", quoted=True),
        ).from_(trees.table(self.held.staged.firms.relation))
        found = trees.arrow(self.connection, query)
        others = [
            {"applicant": case.key, "region": self._region(case.facts)}
            for task in self.left(0, self.end)
            for case in task.cases(self.held.vocabulary)
            if isinstance(case.facts, dict)
        ]
        return arrow().concat_tables([found, arrow().Table.from_pylist(others, found.schema)])

    def _region(self, facts: Mapping[str, Any]) -> str | None:
        found = Profile(facts, self.held.vocabulary).applicant.get("region")
        return found if isinstance(found, str) else None

    def _tables(self, rows: Sequence[int]) -> Iterator[tuple[Sequence[int], dict[str, Any]]]:
        """Yield some rows and their tables, a task's at a time, read many tasks' at once."""
        for at in range(0, len(rows), READ):
            many = rows[at : at + READ]
            column = arrow().array(many, arrow().int64())
            self.connection.register(_WANTED, arrow().table({ROW: column}))
            wanted = exp.select(trees.col(ROW)).from_(trees.table(_WANTED))
            between = (many[0], many[-1] + 1)
            held = staged_rows(self.connection, self.held.staged, between, among=wanted)
            for start in range(0, len(many), FIRMS):
                some = many[start : start + FIRMS]
                yield some, {name: _among(table, some) for name, table in held.items()}


def _among(table: Any, rows: Sequence[int]) -> Any:
    """Return the rows of a table from one firm to another, as a copy: it travels alone."""
    from pyarrow import compute

    after = compute.greater_equal(table[ROW], rows[0])
    return table.filter(compute.and_(after, compute.less_equal(table[ROW], rows[-1])))
