"""What a mutant is: the same rules with one written thing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from incentives.rulebook.model import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.slips import Slip
    from incentives.diagnostics import Span
    from incentives.language.core import Expr

Apply: TypeAlias = Callable[[Rules], Rules]
Make: TypeAlias = Callable[[tuple[str, ...]], Apply]
"""What makes the change, once the incentives that use the place are known."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: ``after`` is ``None`` where ``before`` is left out.

    ``users`` are the incentives that hold what is changed; ``apply`` makes the
    changed rules. ``node`` and ``changed`` are the node and its replacement,
    where the change is one of an expression.
    """

    id: str
    place: str
    before: str
    after: str | None
    span: Span | None
    users: tuple[str, ...]
    apply: Apply
    node: Expr | None = None
    changed: Expr | None = None

    def __repr__(self) -> str:
        return f"<Mutant {self.id}>"


@dataclass(slots=True)
class Draft:
    """A mutant in the making: who uses it is known once every incentive was looked at."""

    place: str
    slip: Slip
    span: Span | None
    users: dict[str, None]
    make: Make
    node: Expr | None = None


def members_of(rules: Rules, group: str) -> Iterator[str]:
    """Yield the incentives of a group, and of the groups in it."""
    by_id = {each.id: each for each in rules.groups}
    for member in by_id[group].members:
        if member in by_id:
            yield from members_of(rules, member)
        else:
            yield member
