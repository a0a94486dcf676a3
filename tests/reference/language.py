"""Facts of one profile and the meaning of expressions over them (LANGUAGE.md 3, 4 and 6).

Nothing is cut short: an evaluation notes every unknown fact it reads (`seen`) and the constants
it compares one with (`cuts`), which is what the refined variant divides into cells.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tests.reference import values as v

PAST = {"incentive": {"type": "text"}, "amount": {"type": "money"}, "item": {"type": "text"}}
BUILT_IN = {
    "received": {**PAST, "year": {"type": "count"}},
    "decided": {**PAST, "decided_on": {"type": "date"}},
}
ORDERED = {"count", "ratio", "money", "date"}
SOMEONE = -1  # the index of an item of a list nobody knows
ARITHMETIC: dict[Any, Any] = {
    ast.Add: v.add,
    ast.Sub: lambda a, b: v.add(a, v.negate(b)),
    ast.Mult: v.multiply,
    ast.Div: v.divide,
    ast.Pow: v.power,
}


def constant(raw: Any) -> Any:
    """Return the meaning of a quantity, number, date or truth value in a file."""
    if isinstance(raw, str):
        return raw if (known := v.quantity(raw)) is None else known
    if isinstance(raw, date):
        return Fraction(raw.toordinal())
    return raw if isinstance(raw, bool) else Fraction(raw)


@dataclass
class Scope:
    """Where an expression stands: its file, its parameters, the items in sight, its date."""

    document: str
    parameters: dict[str, Any]
    items: dict[str, tuple[str, int]]
    as_of: Any


@lru_cache(maxsize=4096)
def tree(text: str) -> ast.expr | None:
    """Return an expression as Python's own parser reads it, None where it is none."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None


class Facts:
    """A profile read through its vocabulary; `assigned` narrows single facts."""

    def __init__(self, vocabulary: Any, profile: Any, assigned: dict[Any, Any]) -> None:
        self.vocabulary, self.profile, self.assigned = vocabulary, profile, assigned
        self.seen: dict[tuple[int, int, int], Any] = {}
        self.cuts: dict[tuple[int, int, int], set[Fraction]] = {}
        tables = {**vocabulary["fact"], **BUILT_IN}
        self.declared = {
            (e, name): fact for e, facts in tables.items() for name, fact in facts.items()
        }
        self.order = {key: at for at, key in enumerate(self.declared)}

    def length(self, entity: str) -> int | None:
        return None if self.profile.get(entity) is None else len(self.profile[entity])

    def keys(self, entity: str) -> list[Any]:
        key = self.vocabulary["entity"].get(entity, {}).get("key")
        count = self.length(entity) or 0
        return [self.fact(entity, i, key) if key else v.UNKNOWN for i in range(count)]

    def range_of(self, entity: str, name: str) -> Any:
        declared = self.declared[entity, name]
        if declared["type"] not in ORDERED:
            choices = declared.get("choices")
            return v.Words(frozenset(choices)) if choices else v.UNKNOWN
        lo: Any = -v.INF if declared.get("signed") else v.ZERO
        hi: Any = v.INF
        if declared["type"] == "date":
            lo, hi = Fraction(1), Fraction(date.max.toordinal())
        return v.between(*(constant(declared[end]) if end in declared else other
                           for end, other in (("min", lo), ("max", hi))))  # fmt: skip

    def fact(self, entity: str, index: int, name: str, year: int = 0) -> Any:
        path = (self.order[entity, name], index, year)
        if path in self.assigned:
            return self.assigned[path]
        holder = self.profile.get(entity) or {}
        raw = {} if index == SOMEONE else holder if isinstance(holder, dict) else holder[index]
        raw = raw.get(name)
        if year:
            raw = {str(k): one for k, one in (raw or {}).items()}.get(str(year))
        known = parse(raw, self.declared[entity, name]["type"])
        whole = self.range_of(entity, name)
        if isinstance(known, v.Span):
            known = v.between(max(known.lo, v.span(whole).lo), min(known.hi, v.span(whole).hi))
        whole = whole if known is None else known
        if index != SOMEONE and (whole is v.UNKNOWN or isinstance(whole, (v.Span, v.Words))):
            whole = replace(whole, fact=path) if isinstance(whole, v.Span) else whole
            self.seen[path] = whole
        return whole

    def compare(self, op: ast.cmpop, a: Any, b: Any) -> Any:
        for one, other in ((a, b), (b, a)):
            if isinstance(one, v.Span) and one.fact:
                found = (other,) if isinstance(other, Fraction) else getattr(other, "among", ())
                self.cuts.setdefault(one.fact, set()).update(found)
        match op:
            case ast.Lt():
                return v.less(a, b)
            case ast.GtE():
                return v.negation(v.less(a, b))
            case ast.Gt():
                return v.less(b, a)
            case ast.LtE():
                return v.negation(v.less(b, a))
            case ast.Eq() | ast.NotEq():
                same = v.equal(a, b)
                return same if isinstance(op, ast.Eq) else v.negation(same)
        found = v.UNKNOWN if b is v.UNKNOWN else v.among(a, b)
        return found if isinstance(op, ast.In) else v.negation(found)

    def cells(self, path: tuple[int, int, int]) -> list[Any]:
        """Divide an unknown fact: every bool and choice, an ordered one at its constants."""
        declared, rest = self.declared[list(self.declared)[path[0]]], self.seen[path]
        if (kind := declared["type"]) not in ORDERED:
            choices = list(declared.get("choices", ()))
            return {"bool": [True, False], "choice": choices}.get(kind, [v.UNKNOWN])
        step = {"ratio": Fraction(0), "money": v.FEN}.get(kind, Fraction(1))
        found: list[Any] = []
        for cut in sorted(self.cuts.get(path, ())):
            exact = not step or cut % step == 0
            below = cut - step if exact else cut // step * step
            if not rest.lo <= cut <= rest.hi:
                continue
            if rest.lo <= below and (step or rest.lo < cut):
                found.append(v.Span(rest.lo, below, rest.lo_open, not step))
            if exact:
                found.append(cut)
            rest = v.Span(below + step * (1 + exact), rest.hi, not step)
        if rest.lo < rest.hi or (rest.lo == rest.hi and not rest.lo_open):
            found.append(rest)
        return [
            v.between(one.lo, one.hi) if isinstance(one, v.Span) and step else one for one in found
        ]


def parse(raw: Any, kind: str) -> Any:
    """Return one entry of a profile: a value, a span of bounds, or None where nothing is said."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, dict):
        lo, hi = (parse(raw.get(end), kind) for end in ("at_least", "at_most"))
        return v.between(-v.INF if lo is None else lo, v.INF if hi is None else hi)
    if isinstance(raw, str) and kind in ORDERED:
        return constant(date.fromisoformat(raw)) if kind == "date" else v.lenient(raw)
    return constant(raw) if kind in ORDERED else raw


class Several:
    """A list in an expression: (value, whether it is there), and perhaps unknown many `more`."""

    def __init__(self, rows: list[tuple[Any, Any]], more: tuple[Any, Any] | None = None) -> None:
        self.rows, self.more = rows, more
        self.endless = False  # too many years, which is a finding

    def aggregate(self, name: str) -> Any:
        if self.endless:
            return v.UNKNOWN if name in ("any", "all") else v.FULL
        more = [self.more] if self.more else []
        rows = self.rows + [(one, v.both(v.UNKNOWN, there)) for one, there in more]
        if name == "any":
            return v.either(*(v.both(there, one) for one, there in rows))
        if name == "all":
            return v.both(*(v.either(v.negation(there), one) for one, there in rows))
        if name in ("min", "max"):
            pick = v.least if name == "min" else v.greatest
            certain = [one for one, there in rows if there is True]
            result = certain[0] if certain else v.FULL
            for one in certain:
                result = pick(result, one)
            for one in [one for one, there in rows if there is v.UNKNOWN and certain]:
                result = v.hull(result, pick(result, one))
            return result
        total: Any = v.ZERO
        for i, (one, there) in enumerate(rows):
            flag = one is v.UNKNOWN or isinstance(one, bool)
            counts = v.both(there, one) if name == "count" and flag else there
            part = Fraction(1) if name == "count" else one
            if counts is v.UNKNOWN:
                many = i == len(self.rows)
                part = v.multiply(part, v.Span(v.ZERO, v.INF)) if many else v.hull(v.ZERO, part)
            total = v.add(total, part) if counts is not False else total
        return total


class Language(Facts):
    """The meaning of expressions; what needs the rules themselves is left to the evaluator."""

    on: Fraction
    names: dict[str, dict[str, tuple[str, Any]]]  # by document: what definitions and parameters say

    def incentive_call(self, name: str, arguments: list[Any], scope: Scope) -> Any:
        raise NotImplementedError

    def value(self, raw: Any, scope: Scope) -> Any:
        """Return the value of a key: a quantity, an expression, a list, or dated values."""
        if isinstance(raw, dict):
            return self.value(raw["value"], scope)
        if isinstance(raw, list) and raw and isinstance(raw[0], dict) and "value" in raw[0]:
            now = v.span(scope.as_of)
            periods = [(one, *bounds(one)) for one in raw]
            live = [one for one, lo, hi in periods if lo <= now.hi and now.lo <= hi]
            values = [self.value(one["value"], scope) for one in live] or [v.UNKNOWN]
            hull = v.hull(*values)
            return replace(hull, among=tuple(values)) if isinstance(hull, v.Span) else hull
        if isinstance(raw, list):
            return [constant(one) for one in raw]
        if isinstance(raw, str) and v.quantity(raw) is None:
            found = tree(raw)
            assert found is not None, raw
            return self.ev(found, scope)
        return constant(raw)

    def name(self, name: str, scope: Scope) -> Any:
        if name in scope.parameters:
            return self.value(scope.parameters[name], scope)
        if name in ("on", "year"):
            return self.on if name == "on" else Fraction(date.fromordinal(int(self.on)).year)
        what, raw = self.names[scope.document][name]
        if what == "parameter":
            return self.value(raw, scope)
        inner = replace(scope, parameters=raw.get("parameters", {}))
        return (
            self.value(raw["value"], inner) if "value" in raw else self.lookup(raw["lookup"], inner)
        )

    def steps(
        self, x: Any, steps: list[dict[str, Any]], scope: Scope
    ) -> list[tuple[Any, Any, Any]]:
        """Return the steps `x` may fall on, each with the part of `x` that falls there."""
        found: list[tuple[Any, Any, Any]] = []
        rest = x
        for step in steps:
            edge = self.value(step.get("up_to", step.get("below", "1")), scope)
            op = ast.LtE() if "up_to" in step else ast.Lt()
            inside = True if not {"up_to", "below"} & set(step) else self.compare(op, x, edge)
            if inside is False:
                rest = v.greatest(rest, edge)
                continue
            found.append((step, rest if inside is True else v.least(rest, edge), inside))
            rest = v.greatest(rest, edge)
            if inside is True:
                return found
        return [*found, (None, v.FULL, True)]

    def lookup(self, table: dict[str, Any], scope: Scope) -> Any:
        steps = self.steps(self.value(table["of"], scope), table["steps"], scope)
        return v.hull(
            *(self.value(step["gives"], scope) if step else v.UNKNOWN for step, _, _ in steps)
        )

    def ev(self, node: ast.expr, scope: Scope) -> Any:
        match node:
            case ast.Constant(str() | bool() as value):
                return value
            case ast.Constant(int() as value):
                return Fraction(value)
            case ast.Name(name):
                return self.name(name, scope)
            case ast.Attribute(ast.Name(holder), fact):
                entity, index = scope.items.get(holder, (holder, 0))
                return self.fact(entity, index, fact)
            case ast.Subscript(ast.Attribute(ast.Name(holder), fact), index):
                return self.series(*scope.items.get(holder, (holder, 0)), fact, index, scope)
            case ast.BoolOp(op, parts):
                outcomes = [self.ev(part, scope) for part in parts]
                return v.both(*outcomes) if isinstance(op, ast.And) else v.either(*outcomes)
            case ast.UnaryOp(op, operand):
                x = self.ev(operand, scope)
                return v.negation(x) if isinstance(op, ast.Not) else v.negate(x)
            case ast.BinOp(left, op, right):
                return ARITHMETIC[type(op)](self.ev(left, scope), self.ev(right, scope))
            case ast.Compare(left, ops, rights):
                sides = [self.ev(side, scope) for side in (left, *rights)]
                return v.both(*map(self.compare, ops, sides, sides[1:]))
            case ast.Set(parts) | ast.List(parts) | ast.Tuple(parts):
                return [self.ev(part, scope) for part in parts]
            case ast.IfExp(test, then, other):
                known = self.ev(test, scope)
                branches = [then] if known is True else [other] if known is False else [then, other]
                return v.hull(*(self.ev(branch, scope) for branch in branches))
            case ast.Call(ast.Name(name), [ast.GeneratorExp(body, [loop])]):
                return self.comprehension(body, loop, scope).aggregate(name)
            case ast.Call(ast.Name(name), arguments):
                return self.call(name, [self.ev(one, scope) for one in arguments], scope)
        raise TypeError(ast.dump(node))

    def series(self, entity: str, index: int, fact: str, at: ast.expr, scope: Scope) -> Any:
        if not isinstance(at, ast.Slice):
            year = v.span(self.ev(at, scope))
            if year.hi - year.lo > 100:
                return self.range_of(entity, fact)
            return v.hull(*(self.fact(entity, index, fact, one)
                            for one in range(int(year.lo), int(year.hi) + 1)))  # fmt: skip
        lo, hi = (self.ev(end, scope) for end in (at.lower, at.upper) if end is not None)
        first, last = v.span(lo).lo, v.span(hi).hi
        if last - first > 200:
            years = Several([])
            years.endless = True
            return years
        each = [Fraction(year) for year in range(-int(-first // 1), -int(-last // 1))]
        return Several(
            [
                (
                    self.fact(entity, index, fact, int(year)),
                    v.both(v.negation(v.less(year, lo)), v.less(year, hi)),
                )
                for year in each
            ]
        )

    def comprehension(self, body: ast.expr, loop: ast.comprehension, scope: Scope) -> Several:
        assert isinstance(loop.iter, ast.Name)
        assert isinstance(loop.target, ast.Name)
        entity, target = loop.iter.id, loop.target.id

        def row(index: int) -> tuple[Any, Any]:
            here = {entity: (entity, index), **scope.items, target: (entity, index)}
            inner = replace(scope, items=here)
            there = v.both(True, *(self.ev(test, inner) for test in loop.ifs))
            counted = isinstance(body, ast.Name) and body.id == target
            return (Fraction(1) if counted else self.ev(body, inner)), there

        count = self.length(entity)
        return (
            Several([], row(SOMEONE)) if count is None else Several([row(i) for i in range(count)])
        )

    def call(self, name: str, given: list[Any], scope: Scope) -> Any:
        if name in ("min", "max", "sum", "any", "all", "count"):
            if len(given) == 1 and isinstance(given[0], Several):
                return given[0].aggregate(name)
            listed = given[0] if len(given) == 1 and isinstance(given[0], list) else given
            return Several([(one, True) for one in listed]).aggregate(name)
        if name == "abs":
            low = v.greatest(given[0], v.negate(given[0]))
            return v.greatest(low, v.ZERO)
        if name in ("award", "granted", "received"):
            return self.incentive_call(name, given, scope)
        if name == "within":
            return v.within(*given)
        if name == "add":
            return v.later(*given)
        if name == "round_to":
            return v.rounded(*given)
        if name in ("year_of", "start_of", "end_of"):
            return v.calendar_of(name, given[0])
        a, b = v.days(given[0]), v.days(given[1])
        if name == "days_between":
            return v.add(b, v.negate(a))
        months = [v.months_between(a.hi, b.lo), v.months_between(a.lo, b.hi)]
        if name == "years_between":
            months = [Fraction(int(one / 12)) for one in months]
        return v.between(*months)


def bounds(period: dict[str, Any] | None) -> tuple[Any, Any]:
    """Return the first and last day of a period that may be open."""
    period = period or {}
    lo, hi = period.get("from"), period.get("until")
    return (-v.INF if lo is None else constant(lo)), (v.INF if hi is None else constant(hi))
