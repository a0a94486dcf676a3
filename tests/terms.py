"""The facts of a profile put into terms of the solver, for tests of the encoding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from incentives.authoring.expressions import of_version
from incentives.authoring.proofs.days import FIRST, LAST, Day
from incentives.authoring.proofs.decision import Decided
from incentives.authoring.proofs.encode import Encoder
from incentives.authoring.proofs.ground import as_if_granted, related
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import disj, z3
from incentives.authoring.proofs.world import Truth, Word, World
from incentives.values.codes import CodeError
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from datetime import date

    from incentives.rulebook.model import Incentive, Rules
    from incentives.rulebook.profile import Profile


class Encoded:
    """An incentive as terms, ready to be compared with the engine profile by profile."""

    def __init__(self, rules: Rules, incentive: Incentive, items: int = 3) -> None:
        owners = related(rules, incentive.id)
        named = [e for o in owners for v in o.versions for e in of_version(v)]
        self.world = World(rules.vocabulary, named, items)
        self.encoder = Encoder(self.world)
        self.decided = Decided(rules, incentive, self.encoder)
        decided = self.decided
        self.terms: dict[str, Any] = {
            "eligible": decided.eligible,
            "ineligible": decided.ineligible,
            "undetermined": decided.undetermined,
            "settled": decided.settled,
        }
        self.award = decided.award() if decided.has_amount else None
        self.terms["vague"] = disj(self.encoder.vague)

    def put(self, profile: Profile, on: date) -> dict[str, Any] | None:
        """Return what the terms come to for a profile.

        ``None`` where it does not state every fact, or lies outside the bounds.
        """
        pairs = self._pairs(profile, on)
        if pairs is None:
            return None
        series = self._series(profile, pairs)
        if series is None:
            return None
        found = {name: self._settle(term, pairs, series) for name, term in self.terms.items()}
        answer = {name: bool(z3.is_true(term)) for name, term in found.items()}
        status = next((s for s in ("eligible", "ineligible", "undetermined") if answer[s]), None)
        amount = None
        if self.award is not None and answer["settled"]:
            amount = tuple(
                self._exact(end.n, pairs, series) / self._exact(end.d, pairs, series)
                for end in (self.award.lo, self.award.hi)
            )
        return {"status": status or "not_applicable", "amount": amount, "vague": answer["vague"]}

    def _settle(self, term: Any, pairs: list[Any], series: list[Any]) -> Any:
        term = z3.BoolVal(term) if isinstance(term, bool) else term
        inner = z3.simplify(z3.substitute(term, *pairs))
        return z3.simplify(z3.substitute(inner, *series)) if series else inner

    def _exact(self, term: Any, pairs: list[Any], series: list[Any]) -> Fraction:
        if isinstance(term, int):
            return Fraction(term)
        return Fraction(str(self._settle(term, pairs, series)))

    def _pairs(self, profile: Profile, on: date) -> list[Any] | None:
        pairs: list[Any] = []
        if not _day(pairs, self.world.on, on):
            return None
        for name, length in self.world.lengths.items():
            items = profile.lists[name]
            if items is None or len(items) > self.world.items:
                return None
            pairs.append((length, z3.IntVal(len(items))))
        for symbol in self.world.symbols.values():
            record = _record(profile, symbol.place)
            if record is None or symbol.spec.series:
                continue
            value = record[symbol.spec.name]
            if value.__class__ is Unknown or not self._equal(pairs, symbol.value, value):
                return None
        return pairs

    def _series(self, profile: Profile, pairs: list[Any]) -> list[Any] | None:
        """Return values for the years that a series is asked in, once these are known."""
        found: list[Any] = []
        for symbol in self.world.symbols.values():
            record = _record(profile, symbol.place)
            if record is None or not symbol.spec.series:
                continue
            for term in symbol.years.values():
                year = term if isinstance(term, int) else z3.simplify(z3.substitute(term, *pairs))
                at = year if isinstance(year, int) else year.as_long()
                value = record[symbol.spec.name, at]
                whole = self.world._value(symbol.spec, symbol.function(z3.IntVal(at)))
                if value.__class__ is Unknown or not self._equal(found, whole, value):
                    return None
        return found

    def _equal(self, pairs: list[Any], found: Any, value: Any) -> bool:
        match found:
            case Truth(yes):
                pairs.append((yes, z3.BoolVal(value)))
            case Day():
                return _day(pairs, found, value)
            case Word(at, kind):
                try:
                    pairs.append((at, z3.IntVal(self.world.word(value, kind).at)))
                except (KeyError, CodeError):
                    return False
            case Num(n):
                exact = Fraction(value)
                whole = z3.is_int(n)
                put = z3.IntVal(value) if whole else z3.Q(exact.numerator, exact.denominator)
                pairs.append((n, put))
        return True


def granted(rules: Rules, incentive: Incentive) -> tuple[Rules, Incentive]:
    """Return the rules in which an entry that is only listed is granted."""
    from dataclasses import replace

    one = as_if_granted(incentive)
    return replace(rules, incentives={**rules.incentives, one.id: one}), one


def _record(profile: Profile, place: Any) -> Any:
    if place.index is None:
        return profile.records[place.entity]
    items = profile.lists[place.entity] or ()
    return items[place.index] if place.index < len(items) else None


def _day(pairs: list[Any], day: Day, value: date) -> bool:
    parts = ((day.y, value.year), (day.m, value.month), (day.d, value.day))
    pairs += [(term, z3.IntVal(part)) for term, part in parts]
    return FIRST <= value <= LAST
