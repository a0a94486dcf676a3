"""Rewriting the expressions of an entry, wherever they stand in it.

A rule file says a thing once and the checked core may hold it many times: a
definition is expanded at each use, a reading repeats what it does not change.
``site_of`` tells which nodes were written in one place, so that a change of
that place changes all of them.

The trap: spans are outside equality. Two nodes that are equal may stand in two
places, and are two sites.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from incentives.language import core
from incentives.rulebook.model import (
    Budget,
    Condition,
    Group,
    Incentive,
    Instalment,
    Override,
    Share,
    Split,
    SplitReading,
    Total,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from incentives.language.core import Expr

Site: TypeAlias = tuple[Any, ...]

_HOLDERS: Final = (
    Budget, Condition, Group, Instalment, Override, Share, Split, SplitReading, Total, Version,
    core.Years,
)  # fmt: skip

_PLAIN: Final = frozenset(
    {"type", "op", "path", "values", "value", "name", "says", "notes", "document", "period"}
)


def rewritten(value: Any, change: Callable[[Any], Any], done: dict[int, Any] | None = None) -> Any:
    """Return a version, a group, an expression … with ``change`` applied to every node.

    ``change`` takes a node whose parts are changed already, and returns it or
    another. What stays as it was is the same object. ``done`` may be shared by
    calls that rewrite parts of one whole, as long as those are alive.
    """
    done = {} if done is None else done
    if isinstance(value, tuple):
        parts = tuple([rewritten(part, change, done) for part in value])
        return value if all(map(_is, parts, value)) else parts
    is_node = isinstance(value, core.Node)
    if not is_node and not isinstance(value, _HOLDERS):
        return value
    found = done.get(id(value))
    if found is None:
        found = _rebuilt(value, change, done)
        done[id(value)] = found = change(found) if is_node else found
    return found


def _rebuilt(value: Any, change: Callable[[Any], Any], done: dict[int, Any]) -> Any:
    kind: type = type(value)
    parts = {
        name: part
        for name in _names(kind)
        if (part := rewritten(old := getattr(value, name), change, done)) is not old
    }
    return replace(value, **parts) if parts else value


def _is(left: Any, right: Any) -> bool:
    return left is right


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields that can hold expressions."""
    return tuple(field.name for field in fields(kind) if field.compare and field.name not in _PLAIN)


def with_versions(incentive: Incentive, change: Callable[[Version], Version]) -> Incentive:
    """Return an incentive with every version changed, those of its readings too."""
    done: dict[int, Version] = {}

    def one(version: Version) -> Version:
        if id(version) not in done:
            done[id(version)] = change(version)
        return done[id(version)]

    readings = tuple(
        replace(reading, versions=tuple(map(one, reading.versions)))
        for reading in incentive.readings
    )
    return replace(incentive, versions=tuple(map(one, incentive.versions)), readings=readings)


def site_of(node: Expr, document: str) -> Site | None:
    """Return what tells one written place from another; ``None`` for what nobody wrote.

    A figure used in several places is one site: where its value stands.
    """
    if isinstance(node, core.Param):
        span = node.written
        return None if span is None else ("Param", span.source.path, *span.ends)
    origin, span = node.origin, node.span
    role = None if origin is None else origin.role
    if isinstance(node, core.If) and role is core.Role.TABLE:
        span = node.test.span  # the rows of a table are nested, and share a place
    if span is not None:
        detail = node.op if isinstance(node, core.Compare) else role
        return (type(node).__name__, detail, span.source.path, *span.ends)
    if origin is None or not origin.path:
        return None
    return (type(node).__name__, role, document, origin.path)
