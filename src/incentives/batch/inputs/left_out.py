"""The firms that are not in the staged relations, with their cells as they were written.

A *bad* firm comes back with its findings, each at its cell; an *odd* one with the facts
as a profile states them, for the single engine. Which is which a profile says, built
from the same cells, so that a table refuses exactly what a profile refuses.

The trap: a firm without a key of its own has no items, for nobody knows whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from incentives.batch.columns import ROW
from incentives.batch.inputs.relations import KEY, key_text
from incentives.batch.sql import trees
from incentives.diagnostics import Finding, ProfileError, Source, Span
from incentives.language.names import APPLICANT
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb
    from sqlglot import exp

    from incentives.batch.inputs.headers import FactColumn, Layout
    from incentives.batch.inputs.sources import Raw
    from incentives.batch.inputs.stage import StagedInput
    from incentives.rulebook.model import Vocabulary
else:
    from incentives.batch.sql import sqltree as exp

FIRM: Final = "_firm"
_CHUNK: Final = 2_000
_NAMED: Final = 3


class LeftRow(NamedTuple):
    """A firm left out. ``facts``: the data of its profile, or the findings against it."""

    row: int
    key: str | None
    facts: Mapping[str, Any] | tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of cells: its columns, and what each makes of a cell."""

    raw: Raw
    columns: tuple[FactColumn, ...]
    reads: tuple[Callable[[Any], Any], ...]

    @classmethod
    def of(cls, raw: Raw, layout: Layout) -> _Table:
        """Return the table of a layout."""
        return cls(raw, layout.facts, tuple(each.route().read for each in layout.facts))

    def facts(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Return the facts of a row as a profile states them; blank cells are not stated."""
        found: dict[str, Any] = {}
        for column, read, cell in zip(self.columns, self.reads, cells, strict=True):
            said = None if cell is None else read(cell)
            if said is None:
                continue
            if column.year is None:
                found[column.spec.name] = said
            else:
                found.setdefault(column.spec.name, {})[str(column.year)] = said
        return found

    def find(self, names: Sequence[str]) -> int | None:
        """Return the number of the column of a fact, or of one year of it."""
        for at, column in enumerate(self.columns):
            year = None if column.year is None else str(column.year)
            if column.spec.name == names[0] and (len(names) == 1 or year == names[1]):
                return at
        return None


def keep_cells(
    connection: duckdb.DuckDBPyConnection,
    left: str,
    raw: Raw,
    layout: Layout,
    lists: Sequence[str] = (),
) -> None:
    """Keep the cells of the firms left out, in the order of the rows, as ``<left>_firms``."""
    row = trees.col(raw.row, raw.relation)
    query = (
        exp.select(
            exp.alias_(row, ROW, quoted=True),
            exp.alias_(key_text(raw, layout, raw.relation), KEY, quoted=True),
            trees.col("keyless", left),
            *(
                exp.alias_(exp.Is(this=trees.col(each), expression=exp.null()), f"no {each}",
                           quoted=True)
                for each in lists
            ),
            *_cells(layout),
        )
        .from_(trees.table(raw.relation))
        .join(trees.table(left), on=exp.EQ(this=row.copy(), expression=trees.col(ROW, left)))
        .order_by(row.copy())
    )  # fmt: skip
    trees.create(connection, "TABLE", f"{left}_firms", query)


def keep_items(
    connection: duckdb.DuckDBPyConnection, left: str, of: str, raw: Raw, layout: Layout
) -> None:
    """Keep the cells of their items, by firm and place, as ``<left>_<of>``."""
    firm, at = trees.col(FIRM, of), trees.col(raw.row, of)
    query = (
        exp.select(
            exp.alias_(firm, ROW, quoted=True), exp.alias_(at, "at", quoted=True), *_cells(layout)
        )
        .from_(trees.table(of))
        .join(trees.table(left), on=exp.EQ(this=firm.copy(), expression=trees.col(ROW, left)))
        .order_by(firm.copy(), at.copy())
    )
    trees.create(connection, "TABLE", f"{left}_{of}", query)


def _cells(layout: Layout) -> list[exp.Expr]:
    return [
        exp.alias_(column.route().key, f"c{at}", quoted=True)
        for at, column in enumerate(layout.facts)
    ]


def left_rows(
    connection: duckdb.DuckDBPyConnection, staged: StagedInput, rows: tuple[int, int] | None = None
) -> Iterator[LeftRow]:
    """Yield the firms left out, in the order of their rows.

    Args:
        connection: where the input was staged.
        staged: the input.
        rows: the first row, and the one after the last; without it all.
    """
    if staged.bad + staged.odd == 0:
        return
    first, last = rows or (0, 2**62)
    reader = _Reader(staged)
    while True:
        chunk = trees.fetch(
            connection,
            _of(f"{staged.left}_firms", first, last).order_by(trees.col(ROW)).limit(_CHUNK),
        )
        if not chunk:
            return
        end = int(chunk[-1][0]) + 1
        items = {
            entity: _by_firm(
                trees.fetch(
                    connection,
                    _of(f"{staged.left}_raw_{entity}_of", first, end).order_by(
                        trees.col(ROW), trees.col("at")
                    ),
                )
            )
            for entity in staged.items
        }
        doubles = _doubles(connection, staged.left, first, end)
        for line in chunk:
            yield reader.row(line, items, doubles)
        first = end


def _of(relation: str, first: int, last: int) -> exp.Select:
    row = trees.col(ROW)
    return (
        exp.select("*")
        .from_(trees.table(relation))
        .where(
            exp.GTE(this=row, expression=trees.whole(first)),
            exp.LT(this=row.copy(), expression=trees.whole(last)),
        )
    )


def _by_firm(lines: list[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for line in lines:
        found.setdefault(line[0], []).append(line[1:])
    return found


def _doubles(
    connection: duckdb.DuckDBPyConnection, left: str, first: int, last: int
) -> dict[str, list[int]]:
    """Return the first rows of each key that stands more than once among some rows' keys."""
    cells = trees.table(f"{left}_firms")
    keys = _of(f"{left}_firms", first, last).select(trees.col(KEY), append=False)
    query = (
        exp.select(
            trees.col(KEY),
            trees.call(
                "list_slice",
                trees.call("list_sort", trees.call("list", trees.col(ROW))),
                trees.whole(1),
                trees.whole(_NAMED + 1),
            ),
        )
        .from_(cells)
        .where(trees.col("keyless"), exp.In(this=trees.col(KEY), query=keys.subquery()))
        .group_by(trees.col(KEY))
    )
    return dict(trees.fetch(connection, query))


class _Reader:
    """Makes profiles of the cells of firms left out."""

    def __init__(self, staged: StagedInput) -> None:
        self.vocabulary: Vocabulary = staged.vocabulary
        self.firms = _Table.of(staged.firms, staged.layout)
        self.key = staged.layout.key
        self.nested = staged.layout.lists
        self.items = {
            entity: _Table.of(each.raw, each.layout) for entity, each in staged.items.items()
        }
        self.faults: dict[tuple[str, int], tuple[Finding, ...]] = {}
        for entity, table in ((APPLICANT, self.firms), *self.items.items()):
            used = {self.key if entity == APPLICANT else "", *(c.name for c in table.columns)}
            for fault in table.raw.faults:
                if fault.column in used:
                    at = entity, fault.row
                    self.faults[at] = (*self.faults.get(at, ()), fault.finding)

    def row(
        self,
        line: Sequence[Any],
        items: Mapping[str, Mapping[int, list[tuple[Any, ...]]]],
        doubles: Mapping[str, list[int]],
    ) -> LeftRow:
        """Return one firm: its facts, or its findings."""
        row, key, keyless, *rest = line
        absent = dict(zip(self.nested, rest, strict=False))
        cells = rest[len(self.nested) :]
        data: dict[str, Any] = {APPLICANT: self.firms.facts(cells)}
        own = {entity: items[entity].get(row, []) for entity in self.items}
        for entity, lines in own.items():
            if not keyless and not absent.get(entity, False):
                data[entity] = [self.items[entity].facts(each[1:]) for each in lines]
        findings = self._key_findings(row, key, doubles) if keyless else ()

        def locate(keys: tuple[str | int, ...]) -> Span | None:
            return self._span(row, cells, own, keys)

        findings += self._faults(APPLICANT, row)
        for entity, lines in own.items():
            findings += tuple(one for each in lines for one in self._faults(entity, each[0]))
        try:
            Profile(data, self.vocabulary, locate=locate)
        except ProfileError as error:
            findings += error.findings
        return LeftRow(row, key, findings or data)

    def _faults(self, entity: str, row: int) -> tuple[Finding, ...]:
        return self.faults.get((entity, row), ())

    def _key_findings(
        self, row: int, key: str | None, doubles: Mapping[str, list[int]]
    ) -> tuple[Finding, ...]:
        place = f"{self.firms.raw.shown} {self.firms.raw.place(row, self.key)}"
        if key is None:
            return (
                Finding(
                    code="E540",
                    message="the firm has no key, so nothing can be told apart by it",
                    zh="该企业没有编号，无法与其他企业区分",
                    fact=place,
                    help=f"fill in `{self.key}`",
                    help_zh=f"请填写“{self.key}”",
                ),
            )
        others = [self.firms.raw.place(other, self.key) for other in doubles[key] if other != row][
            :_NAMED
        ]
        return (
            Finding(
                code="E541",
                message=f"the key {key} stands more than once: also {', '.join(others)}",
                zh=f"编号 {key} 重复：另见 {'、'.join(others)}",
                fact=place,
                help="keep the row that is right, or correct the key",
                help_zh="请保留正确的一行，或更正编号",
            ),
        )

    def _span(
        self,
        row: int,
        cells: Sequence[Any],
        items: Mapping[str, list[tuple[Any, ...]]],
        keys: tuple[str | int, ...],
    ) -> Span | None:
        """Return the cell of a fact, as findings point at places."""
        entity, *rest = keys
        names = [str(each) for each in rest if not isinstance(each, int)]
        if not names:
            return None
        if entity == APPLICANT:
            table, number, line = self.firms, row, cells
        else:
            table = self.items[str(entity)]
            at, *held = items[str(entity)][next(each for each in rest if isinstance(each, int))]
            number, line = at, held
        found = table.find(names)
        if found is None:
            return None
        name = table.columns[found].name
        place = table.raw.place(number, name)
        if entity in self.nested:
            place = f"{self.firms.raw.place(row, self.nested[str(entity)])}[{number}].{name}"
        shown = "" if line[found] is None else str(line[found])
        return Span(Source(table.raw.shown, shown, cell=place), 0, len(shown))
