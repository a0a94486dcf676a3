"""What every incentive gives one applicant on one day, written from LANGUAGE.md 5 and 7 alone.

`assess` takes the parsed files of a rules directory and a profile as TOML or JSON would give it.
Law: with nothing unknown an amount is a point; a span holds the result of every completion.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import replace
from datetime import date  # noqa: TC003
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tests.reference import values as v
from tests.reference.known import announced, in_hand, told
from tests.reference.language import SOMEONE, Language, Scope, bounds, tree
from tests.reference.relations import (
    Groups,
    Result,
    Totals,
    doubt,
    join,
    nothing,
    over_items,
    total_of,
)

WITHOUT_AMOUNT = ("exploratory", "by_reference", "none")


@lru_cache(maxsize=4096)
def speaking(text: str) -> list[ast.AST]:
    """Return the parts of an expression that can name something."""
    return [node for node in ast.walk(tree(text) or ast.Constant(0))
            if isinstance(node, (ast.Attribute, ast.Call, ast.Name))]  # fmt: skip


class Evaluator(Language):
    """One profile under one rulebook on one day."""

    def __init__(self, rules: Any, profile: Any, on: date, options: Any, assigned: Any) -> None:
        super().__init__(rules["vocabulary.toml"], profile, assigned)
        self.rules, self.options, self.on = rules, options, Fraction(on.toordinal())
        self.versions: dict[str, list[tuple[Any, Any, Any]]] = {}
        self.groups: dict[str, tuple[Any, Any]] = {}
        self.settled: dict[str, Result] = {}
        self.brief = False  # whether only applicability is asked for
        self.names = {}
        known = options.get("known_on")
        for file in (one for one in rules.values() if "document" in one):
            document = file["document"]
            if known is not None and announced(document, {}) > known:
                continue
            document = {**document, "effective": told(document.get("effective", {}), known)}
            names = self.names.setdefault(document["id"], {})
            for source in (self.vocabulary, file):
                names |= {one["id"]: ("definition", one) for one in source.get("definition", [])}
                names |= {k: ("parameter", one) for k, one in source.get("parameters", {}).items()}
            first, last = bounds(document["effective"])
            if document["legal_status"] != "historical" and first <= self.on <= last:
                self.groups |= {one["id"]: (document, one) for one in file.get("group", [])}
            for written in in_hand(document, file.get("incentive", []), known):
                key, entry = f"{document['id']}/{written['id']}", self.read(document, written)
                lo, hi = zip(
                    bounds(document.get("effective")), bounds(entry.get("effective")), strict=True
                )
                version = (document, entry, (max(lo), min(hi)))
                self.versions.setdefault(key, []).append(version)
                self.versions[key].sort(key=lambda one: one[2][0])

    def read(self, document: Any, incentive: Any) -> Any:
        """Return an incentive as the chosen reading has it."""
        wanted = self.options.get("readings", {}).get(f"{document['id']}/{incentive['id']}")
        for reading in (one for one in incentive.get("reading", []) if one["id"] == wanted):
            changed = {
                **incentive,
                **{k: one for k, one in reading.items() if k not in ("id", "condition")},
            }
            changed["parameters"] = {
                **incentive.get("parameters", {}),
                **reading.get("parameters", {}),
            }
            own = {one["id"]: one for one in incentive.get("condition", [])}
            own |= {one["id"]: one for one in reading.get("condition", [])}
            changed["condition"] = [
                one for k, one in own.items() if k not in reading.get("drop", [])
            ]
            return changed
        return incentive

    # -- one incentive ------------------------------------------------------------------------

    def scope(self, document: Any, entry: Any, items: Any, as_of: Any) -> Scope:
        return Scope(document["id"], entry.get("parameters", {}), items, as_of)

    def mentions(self, entry: Any, entity: str | None, document: str, raw: Any) -> bool:
        """Whether a key concerns an item of `entity`, through definitions and awards too."""
        if entity is None or not isinstance(raw, (str, dict, list)):
            return False
        if not isinstance(raw, str):
            parts = raw.values() if isinstance(raw, dict) else raw
            return any(self.mentions(entry, entity, document, one) for one in parts)
        for node in speaking(raw):
            match node:
                case ast.Attribute(ast.Name(holder)) if holder == entity:
                    return True
                case ast.Call(ast.Name("award" | "granted"), [ast.Constant(str() as key)]):
                    if key in self.versions and self.versions[key][0][1].get("each") == entity:
                        return True
                case ast.Name(name):
                    own, moves = entry.get("parameters", {}), entry.get("moves", False)
                    what, inner = self.names[document].get(name, ("", {}))
                    what, inner = ("parameter", own[name]) if name in own else (what, inner)
                    dated = isinstance(inner, list) and isinstance(inner[0], dict)
                    if moves and what == "parameter" and dated:
                        return True  # selected by the item's date
                    if what != "definition":
                        continue
                    within = {"parameters": inner.get("parameters", {}), "moves": moves}
                    told = {k: inner.get(k) for k in ("value", "lookup")}
                    if self.mentions(within, entity, document, told):
                        return True
        return False

    def reach(self, key: str, items: Any) -> Result:
        """Judge one item, or the applicant, by every version its selecting date may reach."""
        document, entry, _ = self.versions[key][0]
        written, when = entry.get("dated_by"), self.on
        unseen = not items and self.mentions(entry, entry.get("each"), document["id"], written)
        if written and not unseen:
            when = self.value(written, self.scope(document, entry, items, self.on))
        s = v.span(when)
        results, covered, gap = [], s.lo, False
        for (doc, version, (first, last)), days in self.reached(key, s):
            results.append(self.judge(key, doc, version, items, days))
            gap = gap or first > covered
            covered = last if isinstance(last, float) else last + 1
        if unseen and not results:
            results.append(self.judge(key, *self.versions[key][-1][:2], items, self.on))
        elif gap or covered <= s.hi:
            results.append(Result("not_applicable", "period", self.zero(entry), applies=False))
        return replace(join(results), when=s)

    def reached(self, key: str, s: Any) -> list[tuple[Any, Any]]:
        """Return the versions some days may select, each with the days it can be."""
        return [((doc, version, (first, last)), v.between(max(first, s.lo), min(last, s.hi)))
                for doc, version, (first, last) in self.versions[key]
                if first <= s.hi and s.lo <= last]  # fmt: skip

    def zero(self, entry: Any) -> Any:
        figures = entry["entitlement"] == "case_by_case" or "amount" in entry
        return v.ZERO if figures and entry["entitlement"] not in WITHOUT_AMOUNT else None

    def judge(self, key: str, document: Any, entry: Any, items: Any, as_of: Any) -> Result:
        """Apply one version to one item, or without one to what concerns no item."""
        scope, zero = self.scope(document, entry, items, as_of), self.zero(entry)
        lawful = {"draft": self.options.get("drafts", False), "historical": False}
        tests = {document["legal_status"]: lawful.get(document["legal_status"], True)}
        if entry.get("where") != "anywhere":
            region = self.fact("applicant", 0, "region")
            tests["jurisdiction"] = v.within(region, document["jurisdiction"])
        kind = self.fact("applicant", 0, "kind")
        able = {*self.declared["applicant", "kind"].get("choices", ())} <= {*entry["recipient"]}
        tests["recipient"] = able or v.either(*(v.equal(kind, one) for one in entry["recipient"]))
        for reason, outcome in tests.items():
            if outcome is False:
                return Result("not_applicable", reason, zero, applies=False)
        applies, outcomes = v.both(*tests.values()), []
        if self.brief:
            return Result("eligible", None, zero, applies=applies)
        each = entry.get("each")
        moves = self.mentions(entry, each, document["id"], entry.get("dated_by"))
        for one in entry.get("condition", []):
            shared = not self.mentions({**entry, "moves": moves}, each, document["id"], one)
            if shared or items:
                outcomes.append((one["id"], self.outcome(one, scope), shared))
        if entry.get("once", "item") != "item" or ("once" in entry and items):
            outcomes.append(("once", self.once(key, entry, items), entry["once"] != "item"))
        failed = [name for name, outcome, _ in outcomes if outcome is False]
        if failed:
            shared_ones = [name for name, outcome, shared in outcomes if shared and name in failed]
            failed = [*shared_ones, *(name for name in failed if name not in shared_ones)]
            return Result("ineligible", None, zero, failed, applies)
        amount, competes = zero, True
        if zero is not None and (items or "each" not in entry):
            amount, competes = self.award(key, document, entry, scope)
        result = Result("eligible", None, amount, applies=applies, competes=competes)
        known = v.both(applies, *(outcome for _, outcome, _ in outcomes)) is True
        return result if known else doubt(result)

    def outcome(self, condition: Any, scope: Scope) -> Any:
        if isinstance(condition, str):
            return self.value(condition, scope)
        if "when" in condition:
            return self.value(condition["when"], scope)
        if "unless" in condition:
            return v.negation(self.value(condition["unless"], scope))
        parts = [self.outcome(one, scope) for one in condition.get("all", condition.get("any"))]
        if "all" in condition:
            return v.both(*parts)
        met, needed = sum(one is True for one in parts), condition.get("at_least", 1)
        unclear = sum(one is v.UNKNOWN for one in parts)
        return True if met >= needed else v.UNKNOWN if met + unclear >= needed else False

    # -- the past -----------------------------------------------------------------------------

    def past(self, entity: str, key: str, without: Any = (), **which: Any) -> list[tuple[int, Any]]:
        """Return the entries that may be meant, each with whether it is (`which` facts match)."""
        found = []
        for i in range(self.length(entity) or 0):
            wanted = {"incentive": key, **{k: one for k, one in which.items() if one is not None}}
            match = [v.equal(self.fact(entity, i, name), one) for name, one in wanted.items()]
            match += [v.negation(v.equal(self.fact(entity, i, "item"), one)) for one in without]
            found.append((i, v.both(*match)))
        return [one for one in found if one[1] is not False]

    def paid(self, key: str, without: Any = (), year: Any = None, item: Any = None) -> Any:
        if self.length("received") is None:
            return v.Span(v.ZERO, v.INF)
        rows = self.past("received", key, without or (), year=year, item=item)
        sums = [(self.fact("received", i, "amount"), sure) for i, sure in rows]
        if without is None:  # nobody knows which of them are for items under assessment
            sums = [(one, v.UNKNOWN) for one, _ in sums]
        return total_of([one if sure is True else v.hull(v.ZERO, one) for one, sure in sums])

    def once(self, key: str, entry: Any, items: Any) -> Any:
        if self.length("received") is None:
            return v.UNKNOWN
        which = {"year": v.calendar_of("year_of", self.on)} if entry["once"] == "year" else {}
        which |= {"item": self.item_key(entry, items)} if entry["once"] == "item" else {}
        return v.negation(v.either(*(sure for _, sure in self.past("received", key, **which))))

    def item_key(self, entry: Any, items: Any) -> Any:
        """Return the key of the item in hand: None where the incentive has no items."""
        index = items[entry["each"]][1] if "each" in entry else None
        if index is None or index == SOMEONE:
            return v.UNKNOWN if index == SOMEONE else None
        return self.keys(entry["each"])[index]

    # -- the amount ---------------------------------------------------------------------------

    def award(self, key: str, document: Any, entry: Any, scope: Scope) -> tuple[Any, Any]:
        """Return what is due if eligible, and whether it is an entitlement (or decided)."""
        amount, results, kinds = entry.get("amount", {}), [], []
        rounding = amount.get("round") or entry.get("rounding") or document["rounding"]
        own = any("entitlement" in row for row in amount.get("table", ()))
        figures = self.figures(amount, scope)
        for row, value in figures:
            if own and row == {}:  # a finding, of full range
                return v.Span(v.ZERO, v.INF), True
            figure = self.pipeline(value, amount, rounding, scope)
            if row.get("entitlement", entry["entitlement"]) != "exact":
                least = row.get("at_least", entry.get("at_least"))
                least = v.ZERO if least is None else self.value(least, scope)
                open_ = v.between(v.span(v.least(least, figure)).lo, v.span(figure).hi)
                stated = figure if amount else v.Span(v.INF, v.INF)
                item = self.item_key(entry, scope.items)
                alone = len(figures) == 1  # else it may be no ceiling at all
                figure, competes = self.decision(key, item, stated, open_, alone)
                kinds.append(competes)
            elif figure != v.ZERO:
                kinds.append(True)
            results.append(figure)
        return v.hull(*results), v.hull(*kinds) if kinds else True

    def decision(
        self, key: str, item: Any, ceiling: Any, open_: Any, sure_of_row: bool
    ) -> tuple[Any, Any]:
        """Return what a recorded decision, the latest that holds, makes of a ceiling; whether."""
        best, doubts = None, []
        if not isinstance(open_, v.Span):
            return open_, True
        for i, sure in self.past("decided", key, item=item):
            day, paid = self.fact("decided", i, "decided_on"), self.fact("decided", i, "amount")
            fits = v.both(sure, v.negation(v.less(self.on, day)), v.negation(v.less(ceiling, paid)),
                          sure_of_row or v.UNKNOWN)  # fmt: skip
            if fits is True and (best is None or best[0] <= v.span(day).lo):
                best = (v.span(day).lo, paid)
            doubts += [paid] if fits is v.UNKNOWN else []
        if doubts:
            return v.hull(open_, *doubts), v.UNKNOWN
        return (open_, False) if best is None else (best[1], True)

    def figures(self, amount: Any, scope: Scope) -> list[tuple[Any, Any]]:
        """Return every figure the source may give, with the terms of its row of a table."""
        if "table" in amount:
            return self.rows(amount, scope)
        if "bands" in amount:
            return [({}, self.bands(amount["bands"], scope))]
        if "base" in amount:
            return [
                ({}, v.multiply(*(self.value(amount.get(k, 1), scope) for k in ("base", "rate"))))
            ]
        written = amount.get("fixed", amount.get("formula"))
        return [({}, v.Span(v.ZERO, v.INF) if written is None else self.value(written, scope))]

    def rows(self, amount: Any, scope: Scope) -> list[tuple[Any, Any]]:
        rows = [
            (one, self.value(one["when"], scope) if "when" in one else True)
            for one in amount["table"]
        ]
        if amount.get("hit", "unique") == "unique":
            met = [one for one, outcome in rows if outcome is True and "when" in one]
            rows = [] if len(met) > 1 else [one for one in rows if "when" in one[0] or not met]
        kept = []
        for row, outcome in rows:
            kept += [(row, self.value(row["amount"], scope))] if outcome is not False else []
            if outcome is True and amount.get("hit") == "first":
                break
        return kept or [({}, v.FULL)]

    def bands(self, bands: Any, scope: Scope) -> Any:
        x: Any = self.value(bands["of"], scope)
        total: Any = v.ZERO
        below: Any = v.ZERO
        if bands["mode"] == "whole":
            parts = self.steps(x, bands["steps"], scope)
            return v.hull(*(v.multiply(x, self.value(step["rate"], scope)) if step else v.FULL
                            for step, _, _ in parts))  # fmt: skip
        for step in bands["steps"]:
            edge = step.get("up_to", step.get("below"))
            edge = v.Span(v.INF, v.INF) if edge is None else self.value(edge, scope)
            part = v.greatest(v.add(v.least(x, edge), v.negate(below)), v.ZERO)
            total, below = v.add(total, v.multiply(part, self.value(step["rate"], scope))), edge
        return total

    def pipeline(self, x: Any, amount: Any, rounding: Any, scope: Scope) -> Any:
        quantum, mode = self.value(rounding["to"], scope), rounding["mode"]
        x = v.greatest(x, self.value(amount["floor"], scope)) if "floor" in amount else x
        room = self.value(amount["cap"], scope) if "cap" in amount else v.Span(v.INF, v.INF)
        taken = v.negate(self.value(amount.get("less", 0), scope))
        x = v.greatest(v.add(v.least(x, room), taken), v.ZERO)
        room = v.rounded(v.add(room, taken), quantum, "down")
        x = v.greatest(v.least(v.rounded(x, quantum, mode), room), v.ZERO)
        small = v.less(x, self.value(amount["minimum"], scope)) if "minimum" in amount else False
        return x if small is False else v.ZERO if small is True else v.hull(v.ZERO, x)

    # -- items and their totals ---------------------------------------------------------------

    def own(self, key: str) -> Result:
        """Return the decision before anything replaces it."""
        entry = self.versions[key][0][1]
        if (entity := entry.get("each")) is None:
            results = [self.reach(key, {})]
        elif (count := self.length(entity)) == 0:
            base = self.reach(key, {})
            failed = [*base.failed, "items"]
            empty = replace(base, status="ineligible", amount=self.zero(entry), failed=failed)
            return base if base.status == "not_applicable" else empty
        else:
            indices = [SOMEONE] if count is None else range(count)
            results = [self.reach(key, {entity: (entity, i)}) for i in indices]
        amount = None if self.zero(entry) is None else self.sum(key, results, entity)
        if entity is not None:
            decision = over_items(results)
            generic = self.length(entity) is None
            items, when = ([], results[0].when) if generic else (results, None)
            results = [replace(decision, amount=amount, items=items, when=when)]
            results = [doubt(results[0])] if generic else results
        payable = results[0].status in ("eligible", "undetermined")
        amount = amount if payable and amount is not None else self.zero(entry)
        amount = v.hull(v.ZERO, amount) if amount is not None and "budget" in entry else amount
        settled = not isinstance(amount, v.Span)  # one figure competes, whatever it was made of
        return replace(results[0], amount=amount, competes=settled or results[0].competes)

    def sum(self, key: str, results: list[Result], entity: str | None) -> Any:
        """Return what the items come to under the caps over them."""
        totals = Totals(self, key, results)
        if entity is None or self.length(entity) is not None:
            return totals.apply()
        found = []
        for (document, entry, period), days in self.reached(key, v.span(results[0].when)):
            one = self.judge(key, document, entry, {entity: (entity, SOMEONE)}, days)
            found.append((document, entry, period, replace(one, when=results[0].when)))
        return totals.crowd(found)

    # -- relations ----------------------------------------------------------------------------

    def decide(self, key: str) -> Result:
        """Return the decision before groups, with what replaces it taken into account."""
        if key not in self.settled:
            own, kind = self.own(key), self.versions[key][0][1]["entitlement"]
            live = self.superseded(key)
            if own.status != "not_applicable" and (live is True or kind in WITHOUT_AMOUNT[:2]):
                own = nothing(own, "superseded" if live is True else kind)
            self.settled[key] = doubt(own) if live is v.UNKNOWN else own
        return self.settled[key]

    def replacing(self, key: str, target: str) -> Any:
        """Whether an incentive is live and replaces the target, by the versions it may stand in."""
        head = self.versions[key][0]
        if head[1]["entitlement"] in WITHOUT_AMOUNT[:2] or head[0]["legal_status"] == "historical":
            return False
        dated = self.mentions(head[1], head[1].get("each"), head[0]["id"], head[1].get("dated_by"))
        if dated and self.length(head[1]["each"]) == 0:
            return False  # no item is in its period
        self.brief, before = True, self.brief
        own = self.own(key)
        self.brief = before
        days, says = own.when if own.when and not own.items else v.FULL, []
        for document, entry, (first, last) in self.versions[key]:
            listed = [{"incentive": one} if isinstance(one, str) else one
                      for one in entry.get("overrides", [])]  # fmt: skip
            if first <= days.hi and days.lo <= last:
                scope = self.scope(document, entry, {}, self.on)
                whens = [self.value(one["when"], scope) if "when" in one else True
                         for one in listed if one["incentive"] == target]  # fmt: skip
                says.append(v.either(*whens))
        replaces = v.hull(*says) if says else False
        if v.both(own.applies, replaces) is False:
            return False
        return v.both(own.applies, replaces, v.negation(self.superseded(key)))

    def superseded(self, key: str) -> Any:
        def draft(one: str) -> bool:
            return bool(self.versions[one][0][0]["legal_status"] == "draft")

        naming = [
            other
            for other, versions in self.versions.items()
            if draft(other) <= draft(key)
            and any(key in str(entry.get("overrides")) for _, entry, _ in versions)
        ]
        live = [self.replacing(other, key) for other in naming]
        alive, unclear = sum(one is True for one in live), sum(one is v.UNKNOWN for one in live)
        return v.UNKNOWN if unclear or alive > 1 else alive == 1

    def incentive_call(self, name: str, arguments: list[Any], scope: Scope) -> Any:
        key = arguments[0]
        if name == "received":
            year = v.calendar_of("year_of", self.on) if arguments[1] == "year" else None
            return self.paid(key, year=year)
        if key not in self.versions:  # not known yet: as if nobody got it
            return False if name == "granted" else v.ZERO
        result, each = self.decide(key), self.versions[key][0][1].get("each")
        index = scope.items.get(each, ("", None))[1]
        if index == SOMEONE and name == "award" and result.amount is not None:
            return v.hull(v.ZERO, result.amount)
        if index is not None and result.items:
            result = result.items[index]
        if name == "granted":
            return v.UNKNOWN if result.status == "undetermined" else result.status == "eligible"
        return v.ZERO if result.amount is None else result.amount


def refined(evaluator: Evaluator, key: str, fresh: Any) -> Result:
    """Return the hull over the cells of what is unknown, up to 64 of them."""
    plain = evaluator.decide(key)
    if plain.status != "undetermined" and not isinstance(plain.amount, v.Span):
        return plain
    chosen: list[tuple[Any, list[Any]]] = []
    count = 1
    for path in sorted(evaluator.seen):
        cells = evaluator.cells(path)
        count *= len(cells)
        if count > 64:
            break
        chosen += [(path, cells)] if len(cells) > 1 else []
    every = itertools.product(*(cells for _, cells in chosen))
    paths = [path for path, _ in chosen]
    result = join([fresh(dict(zip(paths, one, strict=True))).decide(key) for one in every])
    if plain.amount is None:
        return result
    inner, outer = v.span(result.amount), v.span(plain.amount)  # a finding may reach beyond it
    ends = max(inner.lo, outer.lo), min(inner.hi, outer.hi)
    return replace(result, amount=v.between(*ends) if ends[0] <= ends[1] else plain.amount)


def fen(end: Any) -> int | None:
    if isinstance(end, float):
        return None
    if (end * 100).denominator != 1:
        raise ArithmeticError(f"{end} is not in whole fen")
    return int(end * 100)


def assess(
    rules: Any, profile: Any, on: date, *, refine: bool = False, **options: Any
) -> dict[str, Any]:
    """Return per incentive its status, reason, amount, low, high (fen) and failed conditions.

    Options: `drafts`, `assume_no_history` (booleans), `readings` ({incentive: reading}),
    `known_on` (a date: what was published later is as if it were not there).
    """
    if options.get("assume_no_history"):
        profile = {"received": [], **profile}

    def fresh(assigned: Any) -> Evaluator:
        return Evaluator(rules, profile, on, options, assigned)

    evaluator = fresh({})
    results = {one: refined(fresh({}), one, fresh) if refine else evaluator.decide(one)
               for one in sorted(evaluator.versions)}  # fmt: skip
    Groups(evaluator, results).apply()
    report = {}
    for key, one in results.items():
        ends = (
            (None, None)
            if one.amount is None
            else (fen(v.span(one.amount).lo), fen(v.span(one.amount).hi))
        )
        amount = ends[0] if ends[0] == ends[1] else None
        report[key] = {"status": one.status, "reason": one.reason, "amount": amount,
                       "low": ends[0], "high": ends[1], "failed": one.failed}  # fmt: skip
    return report
