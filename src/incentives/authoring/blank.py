"""What can be said of an expression when nothing is known about the applicant.

The engine evaluates it for a profile without a single fact: what is settled
then is settled for everybody, given the vocabulary and its bounds.

The trap: the date of assessment is always a day. ``days_of`` picks days on
both sides of every date a version mentions; what is settled alike on all of
them is taken to be settled always.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.expressions import of_version, unique
from incentives.engine.assess import Options, run
from incentives.engine.compile import compile_expr, item_scope
from incentives.language import core
from incentives.rulebook.profile import Profile, Record
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.authoring.loaded import Loaded
    from incentives.engine.environment import Environment
    from incentives.language.core import Expr
    from incentives.rulebook.model import Version

FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2099, 12, 31)
_DAY: Final = timedelta(days=1)


class Blank:
    """The profile that says nothing, on any date; evaluates expressions for it."""

    def __init__(self, rulebook: Loaded) -> None:
        self._plan = rulebook.plan
        self._profile = Profile({}, rulebook.rules.vocabulary)
        self._done: dict[date, Environment] = {}

    def env(self, day: date, each: str | None = None) -> Environment:
        """Return the environment on ``day``, with an item of which nothing is known."""
        found = self._done.get(day)
        if found is None:
            done = run(self._plan, self._profile, day, Options(drafts=True), drafts=True)
            found = self._done[day] = done.env
        env = dict(found)
        if each is not None:
            item_scope(env, each, 0, self.record(each))
        return env

    def record(self, entity: str) -> Record:
        """Return an item of a list of which nothing is known."""
        return Record(f"{entity}[1]", self._profile.vocabulary.specs[entity])

    def bound(self, env: Environment, over: Iterable[core.Over]) -> Environment:
        """Return ``env`` inside the given folds: at any item, in any year."""
        inner = dict(env)
        for fold in over:
            is_years = isinstance(fold.source, core.Years)
            inner[fold.name] = Unknown() if is_years else self.record(fold.source.entity)  # type: ignore[union-attr]
        return inner

    def values(self, expr: Expr, version: Version) -> list[Any]:
        """Return what an expression of ``version`` comes to, day by day."""
        compiled = compile_expr(expr)
        return [compiled(self.env(day, version.each)) for day in days_of(version)]


def days_of(version: Version) -> tuple[date, ...]:
    """Return the days to look at: the ends of the period, and around each date mentioned."""
    since, until = version.period.since or FIRST, version.period.until or LAST
    days = {since, until}
    for expr in of_version(version):
        for node in unique(expr):
            days |= set(_around(node))
    return tuple(sorted(day for day in days if since <= day <= until)) or (since,)


def _around(node: Expr) -> Iterable[date]:
    found: list[date | None] = []
    if isinstance(node, core.Const) and isinstance(node.value, date):
        found = [node.value]
    if isinstance(node, core.Param):
        found = [day for dated in node.values for day in (dated.since, dated.until)]
        found += [d.value for d in node.values if isinstance(d.value, date)]
    for day in found:
        if day is not None and date.min < day < date.max:
            yield from (day - _DAY, day, day + _DAY)
