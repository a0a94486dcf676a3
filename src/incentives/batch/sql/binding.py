"""Which nodes of a graph get a column of their own, and where each is computed.

The nodes of the firms are computed in stages: the first reads the table of firms, each
further one adds the folds over items of the stage before. The items of a list have
stages likewise, each joined with the firms' stage of the same number. A stage is a
chain of layers, because an SQL ``SELECT`` cannot use what it computes.

A node used twice gets a column, so the text grows with the nodes and not with the paths
through them; so does what items take from their firm, and what would nest too deep.
Everything is computed as late as its users allow: what a stage passes on is copied, and
there are fewer facts than results.

The trap: an inlined node lives where its user does, so a node is placed after all its
users (args stand before users in ``nodes``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from incentives.batch.columns import FOLDS, WINDOWS, Column, Op
from incentives.diagnostics import InternalError
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEEPEST: Final = 16
"""Nodes inside one another in one expression."""
_SLIGHT: Final = frozenset({Op.NOT, Op.IS_NULL})

Place = tuple[str, int]
"""A scope and the number of its stage."""


@dataclass(slots=True)
class Stage:
    """One stage of one scope.

    ``layers``: the nodes computed, layer by layer. ``taken``: of an item's stage, the
    firm's nodes joined to it. ``folds``: of a firm's stage, by list, the folds added first.
    """

    layers: list[list[Column]] = field(default_factory=list)
    taken: dict[Column, None] = field(default_factory=dict)
    folds: dict[str, list[Column]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where everything is computed. ``nodes``: all, arguments before their users."""

    nodes: tuple[Column, ...]
    bound: frozenset[Column]
    stages: Mapping[Place, Stage]
    last: Mapping[str, int]
    """The number of a scope's last stage."""


def home(column: Column) -> str:
    """Return the scope in which a node is computed; constants count as the firm's."""
    return column.scope or APPLICANT


def is_leaf(column: Column) -> bool:
    """Say whether a node stands for itself: a constant, a fact, the empty list."""
    return not column.args


def bind(outputs: Mapping[str, Iterable[Column]]) -> Binding:
    """Place the nodes that outputs need; outputs by the scope whose rows show them."""
    return _Binder(outputs).binding()


class _Binder:
    def __init__(self, outputs: Mapping[str, Iterable[Column]]) -> None:
        self._outputs = {scope: tuple(columns) for scope, columns in outputs.items()}
        self._nodes = nodes_of(column for each in self._outputs.values() for column in each)
        self._last = {
            scope: max((column.round for column in columns), default=0)
            for scope, columns in self._outputs.items()
        }
        rounds = [node.round for node in self._nodes]
        self._last[APPLICANT] = max(rounds, default=0)
        self._uses: dict[Column, int] = dict.fromkeys(self._nodes, 0)
        self._stage: dict[Column, int] = {}
        self._stages: dict[Place, Stage] = {(APPLICANT, 0): Stage()}
        self._crossing: set[Column] = set()

    def binding(self) -> Binding:
        self._place()
        bound = self._bound()
        for number in range(1, self._last[APPLICANT] + 1):
            self._stages.setdefault((APPLICANT, number), Stage())
        self._layer(bound)
        for scope, number in self._stages:
            self._last[scope] = max(self._last.get(scope, 0), number)
        return Binding(self._nodes, bound, self._stages, self._last)

    # ── where ────────────────────────────────────────────────────────────────

    def _place(self) -> None:
        """Give every node the earliest stage at which something needs it."""
        for scope, columns in self._outputs.items():
            for column in columns:
                self._need(column, (scope, self._last[scope]))
        for node in reversed(self._nodes):
            if node.op in FOLDS:
                entity, number = str(node.value), node.args[0].round
                folds = self._stages.setdefault((APPLICANT, number + 1), Stage()).folds
                folds.setdefault(entity, []).append(node)
                for arg in node.args:
                    self._need(arg, (entity, number))
            else:
                for arg in node.args:
                    self._need(arg, (home(node), self._stage[node]))

    def _need(self, node: Column, place: Place) -> None:
        """Say that a node is used at a place."""
        scope, number = place
        self._stages.setdefault(place, Stage())
        self._uses[node] += 1
        known = self._stage.get(node)
        self._stage[node] = number if known is None else min(known, number)
        if home(node) == scope or (is_leaf(node) and not node.scope):
            return
        if scope == APPLICANT:
            raise InternalError(f"a firm has many of {node!r}")
        self._crossing.add(node)
        self._stages[place].taken[node] = None

    # ── which ────────────────────────────────────────────────────────────────

    def _bound(self) -> frozenset[Column]:
        bound: set[Column] = set()
        depth: dict[Column, int] = {}
        for node in self._nodes:
            deep = 1 + max((depth[arg] for arg in node.args), default=0)
            if node.op in FOLDS:
                deep = 0
            elif node.op in WINDOWS or (
                not is_leaf(node)
                and (node in self._crossing or deep > DEEPEST or self._often(node, bound))
            ):
                bound.add(node)
                deep = 0
            depth[node] = 0 if is_leaf(node) else deep
        return frozenset(bound)

    def _often(self, node: Column, bound: set[Column]) -> bool:
        """Say whether a node is used more than once, and worth a column."""
        if self._uses[node] < 2:
            return False
        if node.op in _SLIGHT:
            arg = node.args[0]
            return not (arg in bound or is_leaf(arg) or arg.op in FOLDS)
        return True

    # ── in which order ───────────────────────────────────────────────────────

    def _layer(self, bound: frozenset[Column]) -> None:
        """Put bound nodes into layers: each as late as those that use it allow."""
        height: dict[Column, int] = {}
        for node in reversed(self._nodes):
            if node.op in FOLDS or is_leaf(node):
                continue
            mine = height.get(node, 0)
            if node in bound:
                mine += 1
                place = (home(node), self._stage[node])
                layers = self._stages[place].layers
                while len(layers) < mine:
                    layers.append([])
                layers[mine - 1].append(node)
            for arg in node.args:
                if home(arg) == home(node) and self._stage[arg] == self._stage[node]:
                    height[arg] = max(height.get(arg, 0), mine)
        for stage in self._stages.values():
            stage.layers.reverse()
            for layer in stage.layers:
                layer.reverse()


def nodes_of(roots: Iterable[Column]) -> tuple[Column, ...]:
    """Return every node once, arguments before their users."""
    found: dict[Column, None] = {}
    for root in roots:
        stack: list[tuple[Column, int]] = [(root, 0)]
        while stack:
            node, at = stack.pop()
            if node in found:
                continue
            args: Sequence[Column] = node.args
            while at < len(args) and args[at] in found:
                at += 1
            if at == len(args):
                found[node] = None
            else:
                stack += ((node, at + 1), (args[at], 0))
    return tuple(found)
