"""Sharper answers for one profile: the hull over cells of the unknown facts.

Each unknown truth value or choice takes each of its values, each unknown
amount, count or date is cut at the constants it is compared with directly;
the answer is the hull over all cells, and never wider than the compositional
one. Facts are taken in vocabulary order, then item order, as long as the
cells number at most ``MAX_CELLS``: the first fact that does not fit ends the
list. (Skipping it instead would let a fact that is learnt later widen a range.)
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.environment import LIST, Environment
from incentives.engine.outcome import Outcome, Part, Status
from incentives.rulebook.profile import Record
from incentives.values.types import Kind
from incentives.values.unknown import NO_NAMES, Unknown, hull, missing_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.language.names import FactSpec

MAX_CELLS: Final = 64

Place = tuple[str, int | None, Any]
"""Where a fact stands: entity, item index or ``None``, key in the record."""


def refine(
    outcome: Outcome,
    env: Environment,
    cut: dict[tuple[str, str], set[Any]],
    again: Callable[[Environment], Outcome],
) -> Outcome:
    """Return ``outcome`` sharpened by its cells; ``again`` decides in an environment."""
    axes = _axes(outcome, env, cut)
    if not axes:
        return outcome
    cells = [
        again(_with(env, zip([place for place, _ in axes], values, strict=True)))
        for values in product(*(values for _, values in axes))
    ]
    return _combine_outcome(outcome, cells)


def _axes(
    outcome: Outcome, env: Environment, cut: dict[tuple[str, str], set[Any]]
) -> list[tuple[Place, list[Any]]]:
    unknown = sorted(
        _unknown_facts(outcome.missing | missing_in(outcome.value), env), key=lambda x: x[0]
    )
    axes: list[tuple[Place, list[Any]]] = []
    size = 1
    for _, place, spec, value in unknown:
        cells = _cells(spec, value, cut.get((spec.entity, spec.name), set()))
        size *= len(cells)
        if size > MAX_CELLS:
            break
        if len(cells) > 1:
            axes.append((place, cells))
    return axes


def _unknown_facts(
    missing: frozenset[str], env: Environment
) -> Iterator[tuple[tuple[int, int, int], Place, FactSpec, Unknown]]:
    """Yield the facts behind paths, with what sorts them: vocabulary, item, year."""
    for path in missing:
        entity = path.split(".", 1)[0].split("[", 1)[0]
        items = env.get(LIST + entity)
        if "[" in path:
            records: list[tuple[int | None, Record]] = list(enumerate(items or ()))
        else:
            records = [(None, env[entity])] if isinstance(env.get(entity), Record) else []
        for index, record in records:
            if path.startswith(record.path + "."):
                name, _, year = path[len(record.path) + 1 :].partition(".")
                spec = record.specs.get(name)
                if spec is None:
                    continue
                key = (name, int(year)) if year else name
                value = record[key]
                if isinstance(value, Unknown):
                    yield (
                        (spec.order, index or 0, int(year or 0)),
                        (entity, index, key),
                        spec,
                        value,
                    )


def _cells(spec: FactSpec, value: Unknown, constants: set[Any]) -> list[Any]:
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
    _combine(whole, cells)
    for at, item in enumerate(whole.items):
        _combine(item, [cell.items[at] for cell in cells])
    if len({len(cell.paid) for cell in cells} | {len(whole.paid)}) == 1:
        whole.paid = tuple(
            (key, year, hull([cell.paid[at][2] for cell in cells]))
            for at, (key, year, _) in enumerate(whole.paid)
        )
    return whole


def _combine(whole: Part, cells: list[Any]) -> None:
    """Settle a status that every cell agrees on; narrow the amount to the hull."""
    statuses = {(cell.status, cell.reason) for cell in cells}
    if len(statuses) == 1:
        whole.status, whole.reason = next(iter(statuses))
        whole.failed = tuple(dict.fromkeys(name for cell in cells for name in cell.failed))
    if whole.value is not None:
        waiting = Unknown(whole.missing)
        whole.value = hull([cell.value for cell in cells])
        if isinstance(whole.value, Unknown):
            value = whole.value
            missing = (
                missing_in(waiting) if value.missing or value.lo != value.hi else value.missing
            )
            whole.value = Unknown(missing, value.lo, value.hi, None, value.faults, value.open)
    if whole.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
        whole.missing = NO_NAMES
    elif whole.status is Status.ELIGIBLE:
        whole.missing = missing_in(whole.value)
    if whole.status is not Status.UNDETERMINED:
        whole.faults = frozenset().union(*(cell.faults for cell in cells))
