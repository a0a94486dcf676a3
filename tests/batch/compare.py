"""Batch against single engine, decision by decision, over millions of generated firms.

A firm is put together from a few patterns: one of what it is, one of its figures, one of
its lists, and one for the facts that only one document reads. So there are more firms
than could ever be decided one by one, and yet each decision depends on so few patterns
that the single engine can decide every combination that occurs, once. Every decision the
columns give is compared with it, in the database, in every column. What the columns
leave to the single engine is counted apart: there is nothing to compare.

Patterns come from the cases of the rules, from random facts near the figures the rules
mention, and from the ends of what a fact may be; each epoch has new ones.

``python -m tests.batch.compare --rows 10000000 --seed 1`` prints the decisions compared,
the mismatches and the first differences.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
from tests.facts import Facts

import incentives
from incentives.batch.decisions import ordered
from incentives.batch.inputs.stage import stage
from incentives.batch.lowering.lower import lower
from incentives.batch.single import Settings
from incentives.batch.sql.long import decisions
from incentives.batch.workers import Case, Pool, decide
from incentives.engine.assess import Options
from incentives.engine.focus import bearing_on
from incentives.engine.plan import Plan
from incentives.engine.reads import expressions
from incentives.language import core
from incentives.language.names import APPLICANT, DECIDED, RECEIVED
from incentives.language.walk import walk
from incentives.rulebook.facts import read_fact
from incentives.values.types import NUMERIC, Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Incentive, Rules, Vocabulary

DAYS = (date(2024, 6, 1), date(2024, 12, 31), date(2025, 3, 1), date(2022, 1, 1))
Fact = tuple[str, str]
"""Entity and fact; a list as a whole is (entity, "")."""
IDENTITY = "what it is"
FIGURES = "figures"
LISTS = "lists"
COMMON = (IDENTITY, FIGURES, LISTS)
COLUMNS = (
    "status", "reason", "amount", "low", "high", "failed", "missing", "readings_differ",
)  # fmt: skip


@dataclass(slots=True)
class Group:
    """Facts that vary together, and the patterns they have in this epoch."""

    facts: set[Fact]
    patterns: list[dict[str, Any]] = field(default_factory=list)


def facts_of(incentive: Incentive) -> set[Fact]:
    """Return the facts that any version or reading of an incentive reads."""
    found: set[Fact] = set()
    for versions in (incentive.versions, *(each.versions for each in incentive.readings)):
        for version in versions:
            if version.each is not None:
                found.add((version.each, ""))
            for expr, _ in expressions(version):
                for node in walk(expr):
                    if isinstance(node, core.Fact):
                        whole = node.entity == APPLICANT
                        found.add((node.entity, node.name if whole else ""))
    return found | {(RECEIVED, ""), (DECIDED, "")}


class Generator:
    """Makes patterns for a rulebook, and knows which of them an incentive reads."""

    def __init__(self, rules: Rules, seed: int) -> None:
        self.rules = rules
        self.rng = random.Random(seed)
        self.facts = Facts(rules)
        self.reads = {
            name: set().union(*(facts_of(rules.incentives[x]) for x in bearing_on(rules, name)[0]))
            for name in rules.incentives
        }
        self.groups = self._groups()
        self.groups_of = {
            name: tuple(g for g, group in self.groups.items() if group.facts & read)
            for name, read in self.reads.items()
        }

    def _groups(self) -> dict[str, Group]:
        by_fact: dict[Fact, set[str]] = {}
        for name, read in self.reads.items():
            for fact in read:
                by_fact.setdefault(fact, set()).add(name.partition("/")[0])
        groups: dict[str, Group] = {}
        for (entity, name), documents in sorted(by_fact.items()):
            if not name:
                place = LISTS
            elif len(documents) == 1:
                place = next(iter(documents))
            else:
                kind = self.rules.vocabulary.specs[entity][name].type.kind
                place = FIGURES if kind in NUMERIC else IDENTITY
            groups.setdefault(place, Group(set())).facts.add((entity, name))
        return groups

    def renew(self, most: int) -> None:
        """Give every group new patterns, few enough that the combinations can be decided."""
        cases = [case.facts for each in self.rules.incentives.values() for case in each.cases]
        for group in self.groups.values():
            mine = [facts for facts in cases if any(self._states(facts, f) for f in group.facts)]
            group.patterns = [self._pattern(group, mine) for _ in range(most)]

    @staticmethod
    def _states(facts: Mapping[str, Any], fact: Fact) -> bool:
        entity, name = fact
        return entity in facts and (not name or name in facts[entity])

    def _pattern(self, group: Group, cases: list[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the facts of one pattern: those of a case, random ones, or some of each."""
        rng = self.rng
        case = rng.choice(cases) if cases and rng.random() < 0.6 else {}
        fill = rng.choice((0.0, 0.7, 1.0)) if case else rng.choice((0.4, 0.9, 1.0))
        out: dict[str, Any] = {}
        for entity, name in sorted(group.facts):
            if not name:
                out[entity] = self._list(entity, case, fill)
            elif self._states(case, (entity, name)):
                if self._is_one_value(entity, name, case[entity][name]):
                    out.setdefault(entity, {})[name] = case[entity][name]
            elif rng.random() < fill:
                out.setdefault(entity, {})[name] = self._value(entity, name)
        return out

    def _list(self, entity: str, case: Mapping[str, Any], fill: float) -> list[Any]:
        rng = self.rng
        items = [
            {name: said for name, said in item.items() if self._is_one_value(entity, name, said)}
            for item in case.get(entity, ())
        ]
        count = 0 if rng.random() < 0.2 else rng.randrange(4)
        if entity in {RECEIVED, DECIDED}:
            made = [self._payment(entity) for _ in range(count)] if rng.random() < 0.5 else []
        else:
            made = [
                {
                    name: self._value(entity, name)
                    for name, spec in self.rules.vocabulary.specs[entity].items()
                    if rng.random() < max(fill, 0.5) and not spec.check
                }
                for _ in range(count)
            ]
        whole = [*items, *made]
        key = self.rules.vocabulary.entities[entity].key
        if key is not None:
            for number, item in enumerate(whole):
                item[key] = f"n{number}"
        return whole

    def _payment(self, entity: str) -> dict[str, Any]:
        """Return a past payment or a recorded decision about some incentive."""
        rng = self.rng
        found: dict[str, Any] = {"incentive": rng.choice(sorted(self.rules.incentives))}
        specs = self.rules.vocabulary.specs[entity]
        for name in specs:
            if name != "incentive" and rng.random() < 0.85:
                found[name] = (
                    f"n{rng.randrange(3)}" if name == "item" else self._value(entity, name)
                )
        if "year" in found:
            found["year"] = rng.choice((2022, 2023, 2024))
        return found

    def _value(self, entity: str, name: str) -> Any:
        spec = self.rules.vocabulary.specs[entity][name]
        if spec.series:
            years = range(2019, 2026)
            return {str(year): self._one(spec) for year in years if self.rng.random() < 0.9}
        return self._one(spec)

    def _is_one_value(self, entity: str, name: str, said: Any) -> bool:
        """Whether a fact has one value: no bounds, no month for a day."""
        spec = self.rules.vocabulary.specs[entity][name]
        values = said.values() if spec.series else [said]
        return not any(isinstance(read_fact(spec, each, name), Unknown) for each in values)

    def _one(self, spec: FactSpec) -> Any:
        if self.rng.random() < 0.05 and spec.type.kind is Kind.MONEY:
            return self.rng.choice(("0元", "0.01元", "9999999999999.99元"))
        return self.facts.value(self.rng, spec)

    def profile(self, chosen: Mapping[str, int], lists: set[str]) -> dict[str, Any]:
        """Return the firm of some patterns, by group; other groups are not stated."""
        out: dict[str, Any] = {APPLICANT: {}}
        for name, at in chosen.items():
            for entity, facts in self.groups[name].patterns[at].items():
                if entity == APPLICANT:
                    out[APPLICANT] |= facts
                elif entity in lists:
                    out[entity] = facts
        return out


@dataclass(slots=True)
class Epoch:
    """One set of patterns, and what the single engine makes of their combinations.

    ``most``: patterns of each group. A combination of what one incentive reads is a number:
    the digits of its patterns, of a group that it does not read the digit is zero.
    """

    generator: Generator
    on: date
    most: int
    lists: set[str]
    no_history: bool
    documents: list[str]

    @classmethod
    def begin(cls, generator: Generator, on: date, most: int) -> Epoch:
        """Make new patterns, and leave some lists unknown to every firm."""
        rng = generator.rng
        generator.renew(most)
        many = [each.name for each in generator.rules.vocabulary.entities.values() if each.many]
        lists = {name for name in many if rng.random() < 0.8}
        own = sorted(generator.groups.keys() - {*COMMON})
        return cls(generator, on, most, lists, rng.random() < 0.5, own)

    def weights(self, incentive: str) -> tuple[int, int, int, int, int]:
        """Return the weights of identity, figures, lists and own facts, and whose own they are."""
        read = self.generator.groups_of[incentive]
        places = [self.most**3, self.most**2, self.most]
        known = [w if name in read else 0 for w, name in zip(places, COMMON, strict=True)]
        own = [at for at, name in enumerate(self.documents) if name in read]
        if len(own) > 1:
            raise ValueError(f"{incentive} reads what belongs to several documents")
        return known[0], known[1], known[2], int(bool(own)), own[0] if own else 0

    def cases(self, incentive: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every combination of what an incentive reads, with the firm it makes."""
        *weights, own = self.weights(incentive)
        names = [*COMMON, self.documents[own]]
        spans = [range(self.most) if weight else (0,) for weight in weights]
        for places in product(*spans):
            chosen = {n: at for n, at, w in zip(names, places, weights, strict=True) if w}
            number = sum(at * w for at, w in zip(places, weights, strict=True))
            yield number, self.generator.profile(chosen, self.lists)

    def expected(self, ids: Iterable[str], pool: Pool) -> pa.Table:
        """Return what the single engine says of every combination, with ``row`` its number."""
        tasks = (
            Written(tuple(Case(number, name, data, (name,)) for number, data in some))
            for name in ids
            for some in batched(self.cases(name), 200)
        )
        return pa.concat_tables([ordered([]), *decide(pool, tasks)])

    def settings(self, *, items: bool) -> Settings:
        """Return what was chosen for all."""
        return Settings(self.on, assume_no_history=self.no_history, items=items)

    def units(self, tables: Mapping[str, pa.Table]) -> dict[str, str]:
        """Return the unit of each column of money."""
        specs = self.generator.rules.vocabulary.specs
        return {
            name: "分"
            for entity, table in tables.items()
            for name in table.column_names
            if name != "id" and specs[entity][name.split(".")[1]].type.kind is Kind.MONEY
        }

    # ── the firms ────────────────────────────────────────────────────────────

    def picks(self, rows: int) -> pa.Table:
        """Return the patterns of some firms: a column for each common group, a list of own ones."""
        rng = np.random.default_rng(self.generator.rng.getrandbits(64))
        made = {f"p{at}": pa.array(rng.integers(self.most, size=rows)) for at in range(len(COMMON))}
        own = rng.integers(self.most, size=rows * len(self.documents))
        made["own"] = pa.FixedSizeListArray.from_arrays(pa.array(own), len(self.documents))
        return pa.table({"row": pa.array(range(rows), pa.int64()), **made})

    def tables(self, picks: pa.Table) -> dict[str, pa.Table]:
        """Return the firms and their items as typed tables."""
        vocabulary = self.generator.rules.vocabulary
        own = picks["own"].combine_chunks().flatten().to_numpy().reshape(len(picks), -1)
        firms: dict[str, Any] = {"id": picks["row"]}
        for name, group in self.generator.groups.items():
            at = COMMON.index(name) if name in COMMON else None
            where = pa.array(own[:, self.documents.index(name)]) if at is None else picks[f"p{at}"]
            lines = [pattern.get(APPLICANT, {}) for pattern in group.patterns]
            for path, column in columns(vocabulary, APPLICANT, lines).items():
                firms[path] = column.take(where)
        found = {APPLICANT: pa.table(firms)}
        patterns = self.generator.groups[LISTS].patterns
        for entity in self.lists & {name for name, _ in self.generator.groups[LISTS].facts}:
            found[entity] = self._items(entity, patterns, picks)
        return found

    def _items(self, entity: str, patterns: list[dict[str, Any]], picks: pa.Table) -> pa.Table:
        lines = [(at, item) for at, each in enumerate(patterns) for item in each.get(entity, ())]
        table = pa.table(
            {
                "pattern": pa.array([at for at, _ in lines], pa.int64()),
                "place": pa.array(range(len(lines)), pa.int64()),
                **columns(self.generator.rules.vocabulary, entity, [item for _, item in lines]),
            }
        )
        with duckdb.connect() as connection:
            connection.register("picks", picks.select(["row", "p2"]))
            connection.register("patterns", table)
            return connection.sql(
                "SELECT picks.row AS id, patterns.* EXCLUDE (pattern, place) FROM picks "
                "JOIN patterns ON p2 = pattern ORDER BY picks.row, place"
            ).to_arrow_table()


@dataclass(frozen=True, slots=True)
class Written:
    """Some firms as mappings."""

    found: tuple[Case, ...]

    def cases(self, vocabulary: Vocabulary) -> Iterable[Case]:
        """Return the firms."""
        del vocabulary
        return self.found


TYPES = {
    Kind.BOOL: pa.bool_(),
    Kind.COUNT: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.MONEY: pa.int64(),
}


def columns(
    vocabulary: Vocabulary, entity: str, lines: Sequence[Mapping[str, Any]]
) -> dict[str, pa.Array]:
    """Return facts as typed columns by path: money in fen, ratios and words as text."""
    found: dict[str, list[Any]] = {}
    kinds: dict[str, Kind] = {}
    for at, line in enumerate(lines):
        for name, said in line.items():
            spec = vocabulary.specs[entity][name]
            years = said.items() if spec.series else [("", said)]
            for year, value in years:
                path = f"{spec.path}.{year}" if year else spec.path
                kinds[path] = spec.type.kind
                exact = read_fact(spec, value, path)
                if spec.type.kind is Kind.RATIO:
                    exact = str(Fraction(exact))
                found.setdefault(path, [None] * len(lines))[at] = exact
    return {
        path: pa.array(values, TYPES.get(kinds[path], pa.string()))
        for path, values in found.items()
    }


def batched(of: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of up to so many."""
    while some := list(islice(of, size)):
        yield some


# ── comparing ────────────────────────────────────────────────────────────────

_DIFFER = " OR ".join(f"r.{name} IS DISTINCT FROM e.{name}" for name in COLUMNS)
_COMPARED = f"""
CREATE OR REPLACE TEMP TABLE compared AS
SELECT r.incentive, r.row, r."at", r.alone, w.incentive IS NULL OR e.row IS NULL AS lost,
  NOT r.alone AND ({_DIFFER}) AS differs, e.row AS combination
FROM result AS r JOIN picks AS p ON p.row = r.row
LEFT JOIN weights AS w ON w.incentive = r.incentive
LEFT JOIN expected AS e ON e.incentive = r.incentive AND coalesce(e."at", -1) = coalesce(r."at", -1)
  AND e.row = p.p0 * w.w0 + p.p1 * w.w1 + p.p2 * w.w2 + p.own[w.document + 1] * w.w3
"""  # noqa: S608 - of constants


@dataclass(slots=True)
class Count:
    """What was compared so far."""

    firms: int = 0
    compared: int = 0
    alone: int = 0
    mismatches: int = 0
    answers: int = 0
    refused: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)


def compare(
    epoch: Epoch,
    rows: int,
    chunk: int,
    pool: Pool,
    count: Count,
    *,
    items: bool,
    only: set[str] | None = None,
) -> None:
    """Compare the decisions about some generated firms with the single engine."""
    rules = epoch.generator.rules
    ids = sorted(rules.incentives if only is None else only)
    expected = epoch.expected(ids, pool)
    count.answers += expected.num_rows
    names = ("incentive", "w0", "w1", "w2", "w3", "document")
    weights = zip(*((name, *epoch.weights(name)) for name in ids), strict=True)
    weighed = pa.table(dict(zip(names, map(list, weights), strict=True)))
    options = Options(False, epoch.no_history, refine=False)
    for first in range(0, rows, chunk):
        picks = epoch.picks(min(chunk, rows - first))
        with duckdb.connect() as connection:
            tables = epoch.tables(picks)
            units = epoch.units(tables)
            held = stage(connection, rules.vocabulary, tables, key="id", units=units)
            if held.bad or held.odd:
                raise ValueError(f"{held.bad} bad and {held.odd} odd firms")
            lowered = lower(Plan(rules), epoch.on, options, held.staged, ids)
            count.refused |= {*lowered.refused}
            connection.register("picks", picks)
            connection.register("expected", expected)
            connection.register("weights", weighed)
            query = decisions(lowered, held.staged, items=items).sql("duckdb")
            connection.execute(f"CREATE OR REPLACE TEMP VIEW result AS {query}").fetchall()
            connection.execute(_COMPARED).fetchall()
            _add(connection, count, epoch, len(lowered.incentives) * len(picks))


def _add(connection: Any, count: Count, epoch: Epoch, wholes: int) -> None:
    """Count what was compared, and keep the first differences."""
    told = connection.execute(
        "SELECT count(*) FILTER (NOT alone), count(*) FILTER (alone), "
        'count(*) FILTER (differs OR lost), count(*) FILTER (WHERE "at" IS NULL), '
        "count(DISTINCT row) FROM compared"
    ).fetchall()
    ((compared, alone, differing, whole, firms),) = told
    count.firms += firms
    count.compared += compared
    count.alone += alone
    count.mismatches += differing + abs(whole - wholes)
    if differing and len(count.shown) < 10:
        found = (
            connection.sql(
                "SELECT c.combination, r.* FROM compared AS c JOIN result AS r USING (incentive, row) "
                'WHERE (c.differs OR c.lost) AND c."at" IS NOT DISTINCT FROM r."at" '
                'QUALIFY row_number() OVER (PARTITION BY incentive ORDER BY row, c."at") = 1 LIMIT 5'
            )
            .to_arrow_table()
            .to_pylist()
        )
        for row in found:
            expected = connection.execute(
                "SELECT * FROM expected WHERE incentive = ? AND row = ? "
                'AND "at" IS NOT DISTINCT FROM ?',
                [row["incentive"], row["combination"], row["at"]],
            ).fetchall()
            facts = dict(epoch.cases(row["incentive"])).get(row["combination"])
            count.shown.append(f"{row}\n  single engine: {expected}\n  {facts}")


def main() -> int:
    """Compare and print what was compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--chunk", type=int, default=100_000)
    parser.add_argument("--patterns", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rules = incentives.load().rules
    count, began = Count(), time.perf_counter()
    for number in range(options.epochs):
        seed = options.seed + number
        epoch = Epoch.begin(
            Generator(rules, seed), random.Random(seed).choice(DAYS), options.patterns
        )
        with Pool(rules, epoch.settings(items=True), options.workers) as pool:
            compare(epoch, options.rows // options.epochs, options.chunk, pool, count, items=True)
        print(_told(count, time.perf_counter() - began, f"seed {seed}"), flush=True)  # noqa: T201
    for text in count.shown:
        print(text)  # noqa: T201
    return 1 if count.mismatches else 0


def _told(count: Count, seconds: float, where: str) -> str:
    return (
        f"{where}: {count.firms:,} firms, {count.compared:,} decisions compared, "
        f"{count.mismatches:,} mismatches; {count.alone:,} left to the single engine, "
        f"{len(count.refused)} incentives refused; {count.answers:,} answers of the single engine; "
        f"{seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
