"""A model written down as a profile.

The profile is what an applicant would write: amounts in 万元 or 元, dates, words;
it states the facts that were asked for and no others.

The trap: the solver's numbers are unbounded and its ratios have any denominator;
what no profile can hold raises ``UnwritableError``, and the answer is then not decided.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.authoring.proofs.days import Day
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import z3
from incentives.authoring.proofs.world import CODED, Place, Symbol, Truth, Word
from incentives.values.quantity import format_ratio, short_money
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incentives.authoring.proofs.world import World


class UnwritableError(Exception):
    """A value of a model that no profile can state."""


class Reader:
    """Reads the values of one model."""

    def __init__(
        self,
        world: World,
        model: Any,
        moved: Callable[[Place, str, Any, Num], Num] | None = None,
    ) -> None:
        self.world = world
        self.model = model
        self.moved = moved
        self._words = {at: word for word, at in world.words.items()}

    @property
    def on(self) -> date:
        """The date of assessment."""
        return self._day(self.world.on)

    def profile(self) -> dict[str, Any]:
        """Return the profile: entities by name, as ``Profile`` takes them.

        Raises:
            UnwritableError: a value that no profile can state.
        """
        out: dict[str, Any] = {name: [] for name in self.world.empty}
        entities = self.world.vocabulary.entities
        for name, length in self.world.lengths.items():
            out[name] = [{} for _ in range(self.whole(length))]
        facts = self.world.vocabulary.facts
        ordered = sorted(
            self.world.symbols.values(),
            key=lambda s: (facts[s.place.entity, s.spec.name].order, s.place.index or 0),
        )
        for symbol in ordered:
            place = symbol.place
            if place.index is None:
                self._write(out.setdefault(place.entity, {}), symbol)
            elif place.index < len(out.get(place.entity, ())):
                self._write(out[place.entity][place.index], symbol)
        return {name: out[name] for name in entities if name in out}

    def _write(self, record: dict[str, Any], symbol: Symbol) -> None:
        name, spec = symbol.spec.name, symbol.spec
        if not spec.series:
            record[name] = self._fact(symbol, symbol.value, None)
            return
        years = sorted({self.whole(year): year for year in symbol.years.values()}.items())
        record[name] = {
            str(year): self._fact(symbol, self._of_series(symbol, term), term)
            for year, term in years
        }

    def _of_series(self, symbol: Symbol, year: Any) -> Any:
        return self.world.fact(symbol.place, symbol.spec.name, year)

    def _fact(self, symbol: Symbol, value: Any, year: Any) -> Any:
        if isinstance(value, Num) and self.moved is not None:
            value = self.moved(symbol.place, symbol.spec.name, year, value)
        match value:
            case Truth(yes):
                return self.holds(yes)
            case Day():
                return self._day(value)
            case Word(at, kind):
                return self._word(self.whole(at), kind)
            case Num():
                return self._number(symbol.spec.type.kind, self.figure(value))
            case _:
                raise UnwritableError(symbol.spec.path)

    def _word(self, at: int, kind: Kind) -> str:
        if kind in CODED:
            return self.world.codes(kind).codes[at]
        known = self._words.get(at)
        return f"N{at}" if known is None else known

    def _number(self, kind: Kind, value: Fraction) -> Any:
        match kind:
            case Kind.RATIO:
                text = format_ratio(value)
                if sum(char.isdigit() for char in text) > 18:
                    raise UnwritableError(text)
                return text
            case Kind.COUNT:
                return int(value)
            case _:
                return short_money(int(value))

    def _day(self, day: Day) -> date:
        return date(*(self.whole(part) for part in (day.y, day.m, day.d)))

    def holds(self, term: Any) -> bool:
        """Return a truth value of the model."""
        return bool(term if isinstance(term, bool) else z3.is_true(self._value(term)))

    def whole(self, term: Any) -> int:
        """Return a whole number of the model."""
        return term if isinstance(term, int) else int(self._value(term).as_long())

    def figure(self, number: Num) -> Fraction:
        """Return a number of the model, exactly."""
        return self._exact(number.n) / self._exact(number.d)

    def _exact(self, term: Any) -> Fraction:
        if isinstance(term, int | Fraction):
            return Fraction(term)
        value = self._value(term)
        if z3.is_int_value(value):
            return Fraction(value.as_long())
        if z3.is_rational_value(value):
            return Fraction(value.numerator_as_long(), value.denominator_as_long())
        raise UnwritableError(str(value))

    def _value(self, term: Any) -> Any:
        return self.model.eval(term, model_completion=True)


def facts_text(data: Mapping[str, Any]) -> str:
    """Return a profile as TOML, as one would write it by hand."""
    lines: list[str] = []
    for entity, found in data.items():
        if isinstance(found, list):
            if not found:
                lines.insert(0, f"{entity} = []")
            for item in found:
                lines += [f"[[{entity}]]", *_lines(item)]
        elif found:
            lines += [f"[{entity}]", *_lines(found)]
    return "\n".join(lines)


def _lines(record: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_toml(value)}" for name, value in record.items()]


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | date():
            return str(value)
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
        case _:
            return f'"{value}"'
