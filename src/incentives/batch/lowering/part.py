"""A decision as columns, before it is an answer: ``engine.outcome`` written sideways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incentives.batch.columns import Column, Op
from incentives.batch.lowering import rational
from incentives.batch.lowering.value import (
    NOTHING,
    Gathered,
    Number,
    Truth,
    Waits,
    number,
    union,
    while_,
)
from incentives.engine.reads import name_of

if TYPE_CHECKING:
    from incentives.batch.graph import Columns
    from incentives.rulebook.model import Vocabulary


class RefusedError(Exception):
    """Something that has no exact columns; ``about`` says what, in English and Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.about = (en, zh)


@dataclass(frozen=True, slots=True)
class Part:
    """One item, or the incentive itself.

    ``na``, ``inel``, ``elig`` (never NULL, at most one holds; none: undetermined);
    ``failed``: the ids of failed conditions (WORDS); ``missing``: what its conditions wait for;
    ``value``: what it gives where it is eligible or open, ``None`` for what gives no amount;
    ``sure``: it is undetermined in no row.
    """

    na: Column
    inel: Column
    elig: Column
    reason: Column
    failed: Column
    missing: Waits
    value: Number | None
    hard: Column
    sure: bool = False

    def live(self, columns: Columns) -> Column:
        """Say whether it is eligible or undetermined."""
        return columns.not_(columns.any((self.na, self.inel)))

    def open(self, columns: Columns) -> Column:
        """Say whether it is undetermined."""
        if self.sure:
            return columns.false
        return columns.not_(columns.any((self.na, self.inel, self.elig)))

    def granted(self, columns: Columns) -> Truth:
        """Return whether it is eligible, three-valued."""
        waits = while_(columns, self.open(columns), self.waits(columns))
        v = columns.if_(self.open(columns), columns.null(self.elig.sort), self.elig)
        return Truth(v, waits, self.hard)

    def award(self, columns: Columns) -> Number:
        """Return what it gives: nothing unless it is eligible or open."""
        nothing = rational.fixed(columns, 0)
        if self.value is None:
            return number(columns, nothing, nothing, NOTHING, self.hard)
        live, value = self.live(columns), self.value
        lo = rational.choose(columns, live, value.lo, nothing)
        hi = lo if value.lo == value.hi else rational.choose(columns, live, value.hi, nothing)
        return Number(
            lo,
            hi,
            while_(columns, live, value.waits),
            columns.any((self.hard, value.hard)),
            columns.all((live, value.open)),
            columns.all((live, value.mixed)),
        )

    def waits(self, columns: Columns) -> Waits:
        """Return the facts that can still change it."""
        mine = (
            self.missing if self.value is None else union(columns, (self.missing, self.value.waits))
        )
        return while_(columns, self.live(columns), mine)


@dataclass(frozen=True, slots=True)
class Decided:
    """An incentive decided: ``items`` in the scope of ``each``; ``paid`` what each is paid.

    ``paid`` is ``None`` where a cap over items stands between an item and what it is paid.
    """

    whole: Part
    each: str | None = None
    items: Part | None = None
    paid: Number | None = None


# ── what items wait for ──────────────────────────────────────────────────────


def path_words(columns: Columns, waits: Waits) -> Column:
    """Return the paths of what is waited for as one list, in the order of their names."""
    pairs = []
    for path, truth in sorted(waits.facts.items()):
        entity, bracket, rest = path.partition("[]")
        if not bracket:
            pairs.append((truth, columns.literal(path)))
            continue
        key = columns.read(entity, "key", columns.literal("").sort, sure=True)
        parts = (columns.literal(f"{entity}["), key, columns.literal(f"]{rest}"))
        pairs.append((truth, columns.concat(parts)))
    return columns.joined([columns.words(pairs), *(each.words for each in waits.gathered)])


def gather(columns: Columns, waits: Waits, entity: str) -> Waits:
    """Return for the firm what its items wait for."""
    facts: dict[str, Column] = {}
    own: dict[str, Column] = {}
    for path, truth in waits.facts.items():
        if "[]" in path:
            own[path] = truth
        else:
            facts[path] = columns.fold(Op.ANY, truth, entity)
    if not own and not waits.gathered:
        return Waits(facts)
    inner = Waits(own, waits.gathered)
    names = frozenset(name_of(path.replace("[]", "[0]")) for path in own)
    names = names.union(*(each.names for each in waits.gathered))
    words = columns.fold(Op.GATHER, path_words(columns, inner), entity)
    some = columns.fold(Op.ANY, inner.any(columns), entity)
    return Waits(facts, (Gathered(words, some, names),))


def is_fact(vocabulary: Vocabulary, path: str) -> bool:
    """Whether a path names a fact, not a whole list."""
    return name_of(path.replace("[]", "[0]")) in vocabulary.facts
