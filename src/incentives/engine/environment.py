"""What an expression is evaluated in: the facts, the date, the results so far.

An environment is a plain dict, for speed: entity name to record, ``LIST`` +
entity to its items, and the few reserved keys below. It belongs to one
assessment and one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from incentives.language import core
from incentives.language.core import CompareOp, Per
from incentives.language.names import AS_OF, RECEIVED
from incentives.language.semantics import add, all_, any_, compare, in_, not_
from incentives.values.unknown import NO_NAMES, Unknown, bounds, failure, hull, unknown_like

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from incentives.rulebook.profile import Profile, Record

Environment: TypeAlias = dict[str, Any]

LIST: Final = "[]"
ON: Final = "<on>"
ITEM: Final = "<item>"
RESULTS: Final = "<results>"
SPECS: Final = "<specs>"


def environment(
    profile: Profile, on: date, results: Mapping[str, Any], *, no_history: bool
) -> Environment:
    """Return the environment of one assessment."""
    env: Environment = {
        ON: on,
        AS_OF: on,
        RESULTS: results,
        ITEM: None,
        SPECS: profile.vocabulary.specs,
    }
    env.update(profile.records)
    for name, items in profile.lists.items():
        env[LIST + name] = items
    if no_history:
        for name in ("received", "decided"):
            if env[LIST + name] is None:
                env[LIST + name] = ()
    return env


def item_key(record: Record) -> str:
    """Return what tells an item from the others: ``2024-0017`` of ``contract[2024-0017]``."""
    return record.path[record.path.index("[") + 1 : -1]


def param_value(node: core.Param, day: Any) -> Any:
    """Return a parameter's value on ``day``; the hull of those an unknown day can select."""
    if node.by is None:
        return node.values[0].value
    if day.__class__ is not Unknown:
        for dated in node.values:
            if dated.holds(day):
                return dated.value
        return failure("parameter-without-value", node.path)
    lo, hi = bounds(day)
    reach = [
        dated.value
        for dated in node.values
        if (hi is None or dated.since is None or dated.since <= hi)
        and (lo is None or dated.until is None or lo <= dated.until)
    ]
    if not reach:
        return failure("parameter-without-value", node.path, day)
    if any(isinstance(value, tuple) for value in reach):
        return reach[0] if all(value == reach[0] for value in reach) else Unknown(day.missing)
    return hull(reach, day)


def fact_value(record: Record, name: str, year: Any) -> Any:
    """Return a series' value in ``year``; the hull over the years an unknown year can be."""
    if year.__class__ is not Unknown:
        return record[name, year]
    lo, hi = bounds(year)
    if lo is None or hi is None or hi - lo > 100:
        spec = record.specs[name].unknown(record.path)
        return Unknown(year.missing | {f"{record.path}.{name}"}, spec.lo, spec.hi, spec.options)
    return hull([record[name, each] for each in range(lo, hi + 1)], year)


def within_missing(node: core.Within, env: Environment) -> frozenset[str]:
    """Return the fact that a code too coarse to tell leaves open."""
    if isinstance(node.code, core.Fact):
        return frozenset({env[node.code.record].path_of(node.code.name)})
    return NO_NAMES


def award_of(node: core.AwardOf, env: Environment) -> Any:
    """Return what another incentive gives, of the same item where both have it."""
    result, item = env[RESULTS][node.incentive], env[ITEM]
    value = result.award
    if item is not None and result.each == item[0]:
        if item[1] >= 0:
            value = result.each_paid[item[1]]
        else:
            value = unknown_like((value,), 0, bounds(value)[1])
    if value.__class__ is Unknown and value.open:  # a ceiling there, a figure like any other here
        return Unknown(value.missing, value.lo, value.hi, None, value.faults)
    return value


def granted_of(node: core.GrantedOf, env: Environment) -> Any:
    """Return whether another incentive is eligible."""
    result, item = env[RESULTS][node.incentive], env[ITEM]
    if item is not None and result.each == item[0] and item[1] >= 0:
        return result.items[item[1]].granted
    return result.granted


def payments(
    env: Environment,
    incentive: str,
    per: Per,
    *,
    year: Any = None,
    item: str | None = None,
    without: Collection[str] | None = (),
) -> list[tuple[Any, Any]] | None:
    """Return (does it count, amount) of each past payment, or ``None`` if the past is unknown.

    ``per`` year counts the payments of ``year`` (default: the year of
    assessment); ``per`` item those for ``item``. Payments for the items in
    ``without`` are left out; ``None`` stands for items nobody knows.
    """
    records = env[LIST + RECEIVED]
    if records is None:
        return None
    found = []
    for record in records:
        tests = [_same(record, "incentive", incentive)]
        if per is Per.YEAR:
            tests.append(_same(record, "year", env[ON].year if year is None else year))
        if item is not None:
            tests.append(_same(record, "item", item))
        if without is None:
            tests.append(Unknown(frozenset({RECEIVED})))
        elif without:
            tests.append(not_(in_(record["item"], without)))
        counts = all_(tests)
        if counts is not False:
            found.append((counts, record["amount"]))
    return found


def _same(record: Record, name: str, value: Any) -> Any:
    return compare(CompareOp.EQ, record[name], value)


def paid(found: list[tuple[Any, Any]] | None) -> Any:
    """Return the sum of payments; unknown from zero up while the past is unknown."""
    if found is None:
        return Unknown(frozenset({RECEIVED}), 0, None)
    return add(
        [amount if counts is True else hull([0, amount], counts) for counts, amount in found]
    )


def received_of(node: core.ReceivedOf, env: Environment) -> Any:
    """Return what was already paid, or whether anything was."""
    item = env[ITEM]
    found = payments(
        env, node.incentive, node.per, item=item[2] if node.per is Per.ITEM and item else None
    )
    if not node.exists:
        return paid(found)
    if found is None:
        return Unknown(frozenset({RECEIVED}))
    return any_([counts for counts, _ in found])
