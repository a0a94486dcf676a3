"""Can two conditions hold at once? Proved only where each is a plain test of single facts.

``overlap`` says yes only when it is certain: every test compares one fact
with constants. Anything else is left to the evaluation, which reports the
conflict when it happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from incentives.language import core
from incentives.language.core import CompareOp, Expr


@dataclass(slots=True)
class _Room:
    """What a conjunction leaves to one fact."""

    words: frozenset[Any] | None = None
    lo: tuple[Any, bool] | None = None
    hi: tuple[Any, bool] | None = None
    truth: bool | None = None

    def is_empty(self) -> bool:
        if self.words is not None and not self.words:
            return True
        if self.lo is None or self.hi is None:
            return False
        return self.lo[0] > self.hi[0] or (self.lo[0] == self.hi[0] and (self.lo[1] or self.hi[1]))


_Key = tuple[str, str, Any]


def overlap(first: Expr, second: Expr) -> bool:
    """Say whether two tests certainly have a common case."""
    rooms: dict[_Key, _Room] = {}
    if not (_narrow(first, rooms) and _narrow(second, rooms)):
        return False
    return not any(room.is_empty() for room in rooms.values())


def _narrow(test: Expr, rooms: dict[_Key, _Room]) -> bool:
    """Narrow the rooms by a test; false where it cannot be analysed or is empty."""
    match test:
        case core.All(of):
            return all(_narrow(part, rooms) for part in of)
        case core.Fact() | core.Not(core.Fact()):
            fact = test if isinstance(test, core.Fact) else test.of
            room = _room(fact, rooms)
            truth = isinstance(test, core.Fact)
            clash = room.truth is not None and room.truth is not truth
            room.truth = truth
            return not clash
        case core.In(core.Fact() as fact, tuple() as options):
            return _words(_room(fact, rooms), frozenset(option.value for option in options))
        case core.Compare(op, core.Fact() as fact, core.Const(value)):
            return _compare(_room(fact, rooms), op, value)
        case core.Compare(op, core.Fact() as fact, core.Param(_, values, _, None)):
            return _compare(_room(fact, rooms), op, values[0].value)
        case _:
            return False


def _room(fact: Any, rooms: dict[_Key, _Room]) -> _Room:
    room = rooms.setdefault((fact.record, fact.name, fact.year), _Room())
    if room.words is None and fact.type.options is not None:
        room.words = fact.type.options
    return room


def _words(room: _Room, words: frozenset[Any]) -> bool:
    room.words = words if room.words is None else room.words & words
    return bool(room.words)


def _compare(room: _Room, op: CompareOp, value: Any) -> bool:
    if isinstance(value, str):
        if op is CompareOp.EQ:
            return _words(room, frozenset({value}))
        return room.words is not None and _words(room, room.words - {value})
    match op:
        case CompareOp.EQ:
            room.lo = _most(room.lo, (value, False))
            room.hi = _least(room.hi, (value, False))
        case CompareOp.LT | CompareOp.LE:
            room.hi = _least(room.hi, (value, op is CompareOp.LT))
        case CompareOp.GT | CompareOp.GE:
            room.lo = _most(room.lo, (value, op is CompareOp.GT))
        case CompareOp.NE:
            return False
    return not room.is_empty()


def _most(old: tuple[Any, bool] | None, new: tuple[Any, bool]) -> tuple[Any, bool]:
    return new if old is None else max(old, new)


def _least(old: tuple[Any, bool] | None, new: tuple[Any, bool]) -> tuple[Any, bool]:
    return new if old is None else min(old, new, key=lambda end: (end[0], not end[1]))
