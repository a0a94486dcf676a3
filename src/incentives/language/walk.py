"""Walking core expressions."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from incentives.language import core

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.language.core import Expr

_SKIPPED: Final = frozenset({"span", "origin"})


def children(node: Expr) -> Iterator[Expr]:
    """Yield the expressions directly below ``node``."""
    for field in fields(node):
        if field.name not in _SKIPPED:
            yield from _nodes(getattr(node, field.name))


def _nodes(value: Any) -> Iterator[Any]:
    if isinstance(value, core.Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif isinstance(value, core.Years):
        yield from (value.start, value.stop)


def walk(node: Expr) -> Iterator[Expr]:
    """Yield ``node`` and every expression below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def size(node: Expr, seen: dict[int, int] | None = None) -> int:
    """Return how many nodes an evaluation visits: shared parts count each time."""
    seen = {} if seen is None else seen
    found = seen.get(id(node))
    if found is None:
        found = seen[id(node)] = 1 + sum(size(child, seen) for child in children(node))
    return found


def mentions(node: Expr, record: str) -> bool:
    """Say whether an expression reads a fact of ``record``, or a payment for the item."""
    for each in walk(node):
        if isinstance(each, core.Fact) and each.record == record:
            return True
        if isinstance(each, core.ReceivedOf) and each.per is core.Per.ITEM:
            return True
    return False
