"""Walking core expressions."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from incentives.language import core

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.language.core import Expr

_SKIPPED: Final = frozenset(
    {"span", "origin", "type", "op", "mode", "path", "values", "value", "record", "entity", "name"}
    | {"at_least", "function", "fold", "incentive", "per", "exists", "clause", "written"}
)


@cache
def _below(kind: type) -> tuple[str, ...]:
    """Return the fields of a node that can hold expressions."""
    names = (field.name for field in fields(kind))
    return tuple(name for name in names if name not in _SKIPPED)


def children(node: Expr) -> list[Expr]:
    """Return the expressions directly below ``node``."""
    out: list[Expr] = []
    kind: type = type(node)
    for name in _below(kind):
        _gather(getattr(node, name), out)
    return out


def _gather(value: Any, out: list[Expr]) -> None:
    if isinstance(value, core.Node):
        out.append(value)  # type: ignore[arg-type]
    elif isinstance(value, tuple):
        for part in value:
            _gather(part, out)
    elif isinstance(value, core.Years):
        out += [value.start, value.stop]


def walk(node: Expr) -> Iterator[Expr]:
    """Yield ``node`` and every expression below it, each before what is below it."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(children(each))


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
