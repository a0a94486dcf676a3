"""What the tools for authors need of a rulebook: its rules, and their compiled plan.

A protocol, because the rulebook itself (``incentives.Rulebook``) stands above
this floor; everything that has these two is good enough, a mutant included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from incentives.engine.plan import Plan
    from incentives.rulebook.model import Rules


class Loaded(Protocol):
    """A loaded rulebook."""

    @property
    def rules(self) -> Rules:
        """The checked rules."""

    @property
    def plan(self) -> Plan:
        """The rules compiled for one profile at a time."""
