"""Sharper answers for one profile: the hull over cells of the unknown facts.

Each unknown truth value or choice takes each of its values, each unknown
amount, count or date is cut at the constants it is compared with directly;
the answer is the hull over all cells, and never wider than the compositional
one. Facts are taken in vocabulary order, then item order, as long as the
cells number at most 64, fewer for long lists (``engine.budget``): the first
fact that does not fit ends the list. (Skipping it instead would let a fact that
is learnt later widen a range.)
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

from incentives.engine.environment import LIST, Environment
from incentives.engine.outcome import Outcome, Part, Status, common, lasting
from incentives.rulebook.profile import Record
from incentives.values.types import Kind
from incentives.values.unknown import NO_NAMES, Unknown, bounds, hull, missing_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.language.names import FactSpec

Place = tuple[str, int | None, Any]
"""Where a fact stands: entity, item index or ``None``, key in the record."""


def refine(
    outcome: Outcome,
    env: Environment,
    cut: dict[tuple[str, str], set[Any]],
    again: Callable[[Environment], Outcome],
    most: int,
) -> Outcome:
    """Return ``outcome`` sharpened by at most ``most`` cells; ``again`` decides in one."""
    axes = _axes(outcome, env, cut, most)
    if not axes:
        return outcome
    cells = [
        again(_with(env, zip([place for place, _ in axes], values, strict=True)))
        for values in product(*(values for _, values in axes))
    ]
    return _combine_outcome(outcome, cells)


def _axes(
    outcome: Outcome, env: Environment, cut: dict[tuple[str, str], set[Any]], most: int
) -> list[tuple[Place, list[Any]]]:
    unknown = sorted(
        _unknown_facts(outcome.missing | missing_in(outcome.value), env), key=lambda x: x[0]
    )
    axes: list[tuple[Place, list[Any]]] = []
    size = 1
    for _, place, spec, value in unknown:
        cells = cells_of(spec, value, cut.get((spec.entity, spec.name), set()))
        size *= len(cells)
        if size > most:
            break
        if len(cells) > 1:
            axes.append((place, cells))
    return axes


def _unknown_facts(
    missing: frozenset[str], env: Environment
) -> Iterator[tuple[tuple[int, int, int], Place, FactSpec, Unknown]]:
    """Yield the facts behind paths, with what sorts them: vocabulary, item, year."""
    places: dict[str, dict[str, list[tuple[int | None, Record]]]] = {}
    for path in missing:
        entity = path.split(".", 1)[0].split("[", 1)[0]
        records = places.get(entity)
        if records is None:
            records = places[entity] = _records(entity, env)
        for at, sign in enumerate(path):
            for index, record in records.get(path[:at], ()) if sign == "." else ():
                name, _, year = path[at + 1 :].partition(".")
                spec = record.specs.get(name)
                if spec is None:
                    continue
                key = (name, int(year)) if year else name
                value = record[key]
                if isinstance(value, Unknown):
                    order = (spec.order, index or 0, int(year or 0))
                    yield order, (entity, index, key), spec, value


def _records(entity: str, env: Environment) -> dict[str, list[tuple[int | None, Record]]]:
    """Return the records of an entity by their paths, each with its index in the list."""
    if isinstance(env.get(entity), Record):
        return {env[entity].path: [(None, env[entity])]}
    found: dict[str, list[tuple[int | None, Record]]] = {}
    for index, record in enumerate(env.get(LIST + entity) or ()):
        found.setdefault(record.path, []).append((index, record))
    return found


def cells_of(spec: FactSpec, value: Unknown, constants: set[Any]) -> list[Any]:
    """Return what an unknown fact is divided into: each word, or the pieces between constants."""
    match spec.type.kind:
        case Kind.BOOL:
            return [True, False]
        case Kind.CHOICE:
            return sorted(value.options or ())
        case Kind.MONEY | Kind.COUNT | Kind.DATE:
            return _pieces(
                value,
                sorted(constants, key=_sort_key),
                step=timedelta(1) if spec.type.kind is Kind.DATE else 1,
            )
        case Kind.RATIO:
            return _open_pieces(value, sorted(constants))
        case _:
            return [value]


def _sort_key(constant: Any) -> Any:
    return constant


def _pieces(value: Unknown, constants: list[Any], *, step: Any) -> list[Any]:
    """Cut a range of whole units at each constant inside it: below, at, above."""
    pieces: list[Any] = []
    lo = value.lo
    for constant in constants:
        whole = constant if isinstance(constant, date) else -(-constant // 1)
        if (lo is not None and whole < lo) or (value.hi is not None and whole > value.hi):
            continue
        if lo is None or lo < whole:
            pieces.append(_piece(value, lo, whole - step))
        if whole == constant:
            pieces.append(whole)
            lo = whole + step
        else:
            lo = whole
    if lo is None or value.hi is None or lo <= value.hi:
        pieces.append(_piece(value, lo, value.hi))
    return pieces


def _open_pieces(value: Unknown, constants: list[Any]) -> list[Any]:
    """Cut a range of ratios at each constant inside it: strictly below, at, strictly above."""
    pieces: list[Any] = []
    lo, above = value.lo, False
    for constant in constants:
        if (lo is not None and constant < lo) or (value.hi is not None and constant > value.hi):
            continue
        if lo is None or lo < constant:
            pieces.append(Unknown(value.missing, lo, constant, above=above, below=True))
        pieces.append(constant)
        lo, above = constant, True
    if lo is None or value.hi is None or lo < value.hi or not above:
        pieces.append(replace(value, lo=lo, above=above))
    return pieces


def _piece(value: Unknown, lo: Any, hi: Any) -> Any:
    return lo if lo is not None and lo == hi else Unknown(value.missing, lo, hi)


def _with(env: Environment, values: Any) -> Environment:
    """Return a copy of ``env`` in which some facts have other values."""
    out = dict(env)
    copies: dict[tuple[str, int | None], Record] = {}
    for (entity, index, key), value in values:
        record = copies.get((entity, index))
        if record is None:
            old = out[entity] if index is None else out[LIST + entity][index]
            record = copies[entity, index] = Record(old.path, old.specs)
            record.update(old)
            if index is None:
                out[entity] = record
            else:
                items = list(out[LIST + entity])
                items[index] = record
                out[LIST + entity] = tuple(items)
        record[key] = value
    return out


# ── the hull over cells ──────────────────────────────────────────────────────


def _combine_outcome(whole: Outcome, cells: list[Outcome]) -> Outcome:
    """Return what the cells agree on; where they are one item or none, all of it."""
    out = copy(whole)
    _combine(out, cells)
    out.items = tuple(copy(item) for item in whole.items)
    for at, item in enumerate(out.items):
        _combine(item, [cell.items[at] for cell in cells])
    if len({len(cell.paid) for cell in cells} | {len(whole.paid)}) == 1:
        out.paid = tuple(
            (key, year, hull([cell.paid[at][2] for cell in cells]))
            for at, (key, year, _) in enumerate(whole.paid)
        )
    out.each_paid = tuple(map(hull, zip(*(cell.each_paid for cell in cells), strict=True)))
    return out


def _inside(outer: Any, value: Any) -> Any:
    """Return a refined range within the one it sharpens; a cell's finding may reach beyond it."""
    (lo, hi), (low, high) = bounds(outer), bounds(value)
    low = lo if low is None else low if lo is None else max(lo, low)
    high = hi if high is None else high if hi is None else min(hi, high)
    if low is not None and high is not None and low > high:
        return outer
    if (low, high) == bounds(value):
        return value
    return low if low == high else replace(value, lo=low, hi=high)


def _combine(whole: Part, cells: list[Any]) -> None:
    """Settle a status that every cell agrees on; narrow the amount to the hull."""
    statuses = {cell.status for cell in cells}
    refused = statuses <= {Status.INELIGIBLE, Status.NOT_APPLICABLE}
    if statuses == {Status.NOT_APPLICABLE}:
        whole.status, whole.reason = Status.NOT_APPLICABLE, lasting(cell.reason for cell in cells)
    elif refused:
        whole.status = Status.INELIGIBLE
        whole.failed = common(cell.failed for cell in cells if cell.status is Status.INELIGIBLE)
    elif len(statuses) == 1:
        whole.status = statuses.pop()
    if whole.value is not None:
        value = _inside(whole.value, hull([cell.value for cell in cells]))
        if isinstance(value, Unknown):
            missing = whole.missing if value.missing or value.lo != value.hi else value.missing
            value = replace(value, missing=missing)
        whole.value = value
    if refused:
        whole.missing = NO_NAMES
    elif whole.status is Status.ELIGIBLE:
        whole.missing = missing_in(whole.value)
    if whole.status is not Status.UNDETERMINED:
        whole.faults = frozenset().union(*(cell.faults for cell in cells))
