"""What was received before a list, as far as it takes from an award of the list.

A cap per year or over a lifetime, a group's cap, and what an amount is lowered by count
past payments. The engine has taken them off what is due; here they are looked up
once more, by the engine's own reading of the past, so that a paper can show the figure.

The law kept: which payments count is the engine's answer (``payments``). The trap: what
earlier rows of the same list paid is something else, and is not in ``due``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import compile_expr, item_scope
from incentives.engine.environment import LIST, item_key, paid, payments
from incentives.explain.replay import environment_of, group_of
from incentives.language import core
from incentives.language.core import Per
from incentives.language.walk import walk
from incentives.rulebook.model import GroupRule
from incentives.values.unknown import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.audit.answers import Answer
    from incentives.engine.environment import Environment
    from incentives.rulebook.model import Group, Rules, Version


@dataclass(frozen=True, slots=True)
class Span:
    """Payments of one incentive, of a year or of all time.

    ``apart``: without those for the items under assessment, which are no past of a cap.
    """

    incentive: str
    per: Per
    apart: bool


def received_before(answer: Answer, item: str | None, rules: Rules) -> int:
    """Return what past payments take from an award, in fen; of amounts not known, the least.

    Args:
        answer: the decision.
        item: the item of the award, where it has one.
        rules: the rulebook, for groups.
    """
    decision = answer.decision
    version, env = decision.version, environment_of(decision)
    year = _year(version, item, env)
    spans: dict[str, Span] = {}
    for span in _spans(decision.incentive, version, group_of(decision), rules):
        known = spans.setdefault(span.incentive, span)
        if known.per is Per.YEAR:
            spans[span.incentive] = span
    total = 0
    for span in spans.values():
        without = _items(rules.incentives[span.incentive].each, env) if span.apart else ()
        found = payments(env, span.incentive, span.per, year=year, without=without)
        total += 0 if found is None else int(bounds(paid(found))[0] or 0)
    return total


def _spans(incentive: str, version: Version, group: Group | None, rules: Rules) -> Iterator[Span]:
    """Yield whose past payments count, and of what time."""
    for total in version.totals:
        if total.per is not None:
            yield Span(incentive, total.per, apart=True)
    expressions = (version.amount, version.less, *(total.cap for total in version.totals))
    for expression in expressions:
        for node in walk(expression) if expression is not None else ():
            if isinstance(node, core.ReceivedOf) and not node.exists:
                yield Span(node.incentive, node.per, apart=False)
    if group is None:
        return
    capped = group.rule is GroupRule.CAP and group.per in {Per.YEAR, Per.LIFETIME}
    if capped or group.rule is GroupRule.TOP_UP:
        for name in _leaves(group, rules):
            yield Span(name, group.per or Per.LIFETIME, apart=capped)


def _leaves(group: Group, rules: Rules) -> Iterator[str]:
    inner = {each.id: each for each in rules.groups}
    for member in group.members:
        if member in inner:
            yield from _leaves(inner[member], rules)
        else:
            yield member


def _items(entity: str | None, env: Environment) -> list[str]:
    records = env.get(LIST + entity) if entity else None
    return [item_key(record) for record in records or ()]


def _year(version: Version, item: str | None, env: Environment) -> Any:
    """Return the year that an award belongs to: of its item's date, else of the assessment."""
    if version.dated_by is None or version.each is None:
        return None
    for index, record in enumerate(env[LIST + version.each] or ()):
        if item_key(record) == item:
            scope = dict(env)
            item_scope(scope, version.each, index, record)
            day = compile_expr(version.dated_by)(scope)
            return day.year if isinstance(day, date) else None
    return None
