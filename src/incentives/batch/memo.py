"""Decisions of the single engine kept by the facts that they read.

An incentive reads a few facts of a firm. Two firms that say the same of those get the same
decision, however else they differ; in a table in which a fact is missing for many, that is
most of what is left to the single engine.

The law kept (``tests/unit/batch/test_memo.py``): a kept decision is the one that would be
made. The trap: what is read is every fact that any version, reading or group of the
incentive, or of one that bears on it, mentions; lists count with every fact of every item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.engine.focus import bearing_on
from incentives.engine.reads import expressions
from incentives.language import core
from incentives.language.names import APPLICANT, DECIDED, RECEIVED
from incentives.language.walk import walk

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from incentives.batch.decisions import Row
    from incentives.language.core import Expr
    from incentives.rulebook.model import Rules
    from incentives.rulebook.profile import Profile

MOST: Final = 100_000
"""Decisions that are kept at once; then all are forgotten."""
_ALWAYS: Final = frozenset({(APPLICANT, "kind"), (APPLICANT, "region")})


class Memo:
    """What was decided, by incentive and by what the incentive reads of a firm."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._reads: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._kept: dict[Hashable, list[Row]] = {}

    def key(self, incentive: str, profile: Profile) -> Hashable:
        """Return what the decision about an incentive depends on."""
        found = self._reads.get(incentive)
        if found is None:
            found = self._reads[incentive] = facts_read(self._rules, incentive)
        names, lists = found
        said = tuple(
            sorted(
                ((name, value) for name, value in profile.applicant.items() if _of(name) in names),
                key=_by_name,
            )
        )
        return incentive, said, tuple(map(_items, (profile.lists.get(each) for each in lists)))

    def get(self, key: Hashable) -> list[Row] | None:
        """Return what was decided, ``None`` where nothing is kept."""
        return self._kept.get(key)

    def keep(self, key: Hashable, rows: list[Row]) -> None:
        """Keep what was decided."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = rows


def facts_read(rules: Rules, incentive: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the facts of the applicant, and the lists, that a decision can depend on."""
    found = {(entity, name) for entity, name in _read(rules, incentive)} | _ALWAYS
    lists = {entity for entity, _ in found if entity != APPLICANT} | {RECEIVED, DECIDED}
    names = frozenset(name for entity, name in found if entity == APPLICANT)
    return names, tuple(sorted(lists))


def _read(rules: Rules, incentive: str) -> Iterator[tuple[str, str]]:
    """Yield entity and name of each fact; of an entity that is only gone through, no name."""
    needed, groups = bearing_on(rules, incentive)
    for name in needed:
        owner = rules.incentives[name]
        for versions in (owner.versions, *(each.versions for each in owner.readings)):
            for version in versions:
                if version.each is not None:
                    yield version.each, ""
                for expr, _ in expressions(version):
                    yield from _in(expr)
    for group in groups:
        if group.limit is not None:
            yield from _in(group.limit)


def _in(expr: Expr) -> Iterator[tuple[str, str]]:
    for node in walk(expr):
        match node:
            case core.Fact():
                yield node.entity, node.name
            case core.Over(source=core.Items(entity)):
                yield entity, ""


def _of(key: Any) -> str:
    name: str = key[0] if isinstance(key, tuple) else key
    return name


def _by_name(stated: tuple[Any, Any]) -> tuple[str, int]:
    name = stated[0]
    return name if isinstance(name, tuple) else (name, 0)


def _items(items: Any) -> Hashable:
    if items is None:
        return None
    return tuple((item.path, tuple(item.items())) for item in items)
