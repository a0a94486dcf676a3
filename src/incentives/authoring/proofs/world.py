"""The facts as terms: every known profile at once, up to so many items in a list.

``World`` makes one variable for each fact that is asked for (a series is a
function of the year) and collects what the vocabulary says of it.

The law kept: ``domain`` holds of exactly the profiles that state every fact
asked for, within the bounds that are ours and not the vocabulary's: items in a
list, digits of a number, dates (``days.FIRST`` to ``days.LAST``). The trap:
``domain`` grows while expressions are encoded; read it after the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.proofs import days
from incentives.authoring.proofs.codes import Classes
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import disj, implies, neg, z3
from incentives.language import core
from incentives.language.core import Text
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.authoring.proofs.days import Day
    from incentives.language.core import Expr
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary

MOST: Final = 10**18 - 1
"""The largest number of fen or pieces: 18 digits, as profiles may have them."""

CODED: Final = frozenset({Kind.REGION, Kind.INDUSTRY})


class NotEncodableError(Exception):
    """Something that the solver cannot be told exactly; ``says`` names it in two languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.says = Text(zh, en)


def refused(node: object) -> NotEncodableError:
    """Return the error for a node in a place where it cannot be told."""
    name = type(node).__name__
    return NotEncodableError(f"算式 {name}", f"the expression {name}")


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth value: when it holds and when it does not; neither, while it is not known."""

    yes: Any
    no: Any


@dataclass(frozen=True, slots=True)
class Word:
    """A choice, text, region or industry: the number of the word or of the class of codes."""

    at: Any
    kind: Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A record: its entity, and which item of a list it is."""

    entity: str
    index: int | None = None


Value = Truth | Num | Word | days.Day
Key = tuple[Place, str]


@dataclass(slots=True)
class Symbol:
    """A fact that was asked for; a series has a function, and the years it was asked in."""

    place: Place
    spec: FactSpec
    value: Any = None
    function: Any = None
    years: dict[Any, Any] = field(default_factory=dict)


class World:
    """Every known profile, as terms.

    Args:
        vocabulary: what a profile may state.
        named: every expression that will be encoded; the codes in them are told apart.
        items: how many items a list has at most.
    """

    def __init__(self, vocabulary: Vocabulary, named: Iterable[Expr], items: int) -> None:
        self.vocabulary = vocabulary
        self.items = items
        self.domain: list[Any] = []
        self.symbols: dict[Key, Symbol] = {}
        self.lengths: dict[str, Any] = {}
        self.words: dict[str, int] = {}
        self.empty: set[str] = set()  # lists that every profile states to be empty
        self._named = list(named)
        self._classes: dict[Kind, Classes] = {}
        self.on, inside = days.symbol("on")
        self.domain += inside

    def codes(self, kind: Kind) -> Classes:
        """Return the classes of regions or of industries."""
        found = self._classes.get(kind)
        if found is None:
            known = sorted(self.vocabulary.regions) if kind is Kind.REGION else []
            found = self._classes[kind] = Classes(kind, _codes(self._named, kind), known)
        return found

    # ── words ────────────────────────────────────────────────────────────────

    def word(self, text: str, kind: Kind) -> Word:
        """Return a word that a rule writes."""
        if kind in CODED:
            return Word(self.codes(kind).index(text), kind)
        return Word(self.words.setdefault(text, len(self.words)), kind)

    # ── lists ────────────────────────────────────────────────────────────────

    def length(self, entity: str) -> Any:
        """Return how many items a list has."""
        found = self.lengths.get(entity)
        if found is None:
            found = self.lengths[entity] = z3.Int(f"{entity}.length")
            self.domain += [found >= 0, found <= self.items]
        return found

    def places(self, entity: str) -> list[tuple[Any, Place]]:
        """Return the items that a list can have, each with when it is there."""
        length = self.length(entity)
        return [(length > at, Place(entity, at)) for at in range(self.items)]

    def item_key(self, place: Place) -> Word:
        """Return what tells an item from the others, as the engine does."""
        key = self.vocabulary.entities[place.entity].key
        if key is None:
            return self.word(str((place.index or 0) + 1), Kind.TEXT)
        value = self.fact(place, key)
        if not isinstance(value, Word):
            raise TypeError(f"the key of {place.entity} is no text")
        return value

    # ── facts ────────────────────────────────────────────────────────────────

    def fact(self, place: Place, name: str, year: Any = None) -> Value:
        """Return a fact of a record, in ``year`` (a term) where it is a series."""
        symbol = self.symbols.get((place, name))
        if symbol is None:
            symbol = self.symbols[place, name] = self._symbol(place, name)
        if not symbol.spec.series:
            found: Value = symbol.value
            return found
        term = symbol.function(year)
        key = year if isinstance(year, int) else ("term", year.get_id())
        if key not in symbol.years:
            symbol.years[key] = year
            if not isinstance(year, int):
                self.domain += [year >= 1, year <= 9999]
            self.domain += self._range(symbol.spec, term)
        return self._value(symbol.spec, term)

    def _symbol(self, place: Place, name: str) -> Symbol:
        spec = self.vocabulary.facts[place.entity, name]
        path = name if place.index is None else f"{place.index}.{name}"
        path = f"{place.entity}.{path}"
        if spec.check is not None:
            raise NotEncodableError(f"{path} 带校验码", f"{path} has a check character")
        if spec.series:
            return Symbol(place, spec, function=self._function(spec, path))
        if spec.type.kind is Kind.DATE:
            day, inside = days.symbol(path)
            self.domain += [*inside, *_between(spec, day)]
            return Symbol(place, spec, day)
        term = z3.Const(path, _sort(spec.type.kind))
        self.domain += self._range(spec, term)
        symbol = Symbol(place, spec, self._value(spec, term))
        if self.vocabulary.entities[place.entity].key == name:
            self._tell_apart(place, name, term)
        return symbol

    def _function(self, spec: FactSpec, path: str) -> Any:
        if spec.type.kind is Kind.DATE:
            raise NotEncodableError(f"{path} 是按年填写的日期", f"{path} is a date for each year")
        return z3.Function(path, z3.IntSort(), _sort(spec.type.kind))

    def _tell_apart(self, place: Place, name: str, term: Any) -> None:
        """Say that no two items of a list have one key."""
        length = self.length(place.entity)
        for (other, known), symbol in self.symbols.items():
            if other.entity == place.entity and known == name and symbol.value is not None:
                both = max(other.index or 0, place.index or 0)
                self.domain.append(implies(length > both, symbol.value.at != term))

    def _value(self, spec: FactSpec, term: Any) -> Value:
        match spec.type.kind:
            case Kind.BOOL:
                return Truth(term, neg(term))
            case Kind.MONEY | Kind.COUNT | Kind.RATIO:
                return Num(term)
            case _:
                return Word(term, spec.type.kind)

    def _range(self, spec: FactSpec, term: Any) -> list[Any]:
        match spec.type.kind:
            case Kind.BOOL:
                return []
            case Kind.CHOICE:
                words = (self.word(word, Kind.CHOICE).at for word in spec.choices)
                return [disj([term == at for at in words])]
            case Kind.TEXT:
                return [term >= 0]
            case Kind.REGION | Kind.INDUSTRY:
                return [term >= 0, term < len(self.codes(spec.type.kind).codes)]
            case _:
                low = -MOST if spec.lo is None else spec.lo
                high = MOST if spec.hi is None else spec.hi
                return [term >= _figure(low), term <= _figure(high)]


def _figure(value: Any) -> Any:
    if isinstance(value, Fraction) and value.denominator != 1:
        return z3.Q(value.numerator, value.denominator)
    return int(value)


def _between(spec: FactSpec, day: Day) -> list[Any]:
    return [days.holds(spec.lo, spec.hi, day)]


def _sort(kind: Kind) -> Any:
    match kind:
        case Kind.BOOL:
            return z3.BoolSort()
        case Kind.RATIO:
            return z3.RealSort()
        case _:
            return z3.IntSort()


def _codes(exprs: Iterable[Expr], kind: Kind) -> set[str]:
    """Return the regions or industries that expressions name."""
    from incentives.authoring.expressions import unique

    seen: set[int] = set()
    found: set[str] = set()
    for expr in exprs:
        for node in unique(expr, seen):
            match node:
                case core.Const(str(value), kind_of):
                    values: tuple[Any, ...] = (value,)
                case core.Param(_, dated, kind_of):
                    values = tuple(each.value for each in dated)
                case _:
                    continue
            if kind_of.kind is kind:
                flat = (v if isinstance(v, tuple) else (v,) for v in values)
                found |= {code for each in flat for code in each}
    return found
