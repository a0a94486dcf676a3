"""Columns evaluated one value at a time, from the docstrings of ``columns.py`` alone."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from incentives.batch.columns import FOLDS, Column, Op, Sort

Record = Mapping[str, Any]
APPLICANT = "applicant"


@dataclass(frozen=True)
class Data:
    """Firms with ``row`` and ``key``; items by list, each with ``row``, ``at`` and ``key``."""

    firms: Sequence[Record]
    items: Mapping[str, Sequence[Record]]

    def of(self, scope: str, firm: Record) -> list[Record]:
        found = [item for item in self.items[scope] if item["row"] == firm["row"]]
        return sorted(found, key=lambda item: int(item["at"]))


@dataclass
class ByHand:
    data: Data
    _known: dict[tuple[Column, int, int | None], Any] = field(default_factory=dict)

    def __call__(self, node: Column, firm: Record, item: Record | None = None) -> Any:
        key = (node, firm["row"], None if item is None else item["at"])
        if key not in self._known:
            self._known[key] = self._value(node, firm, item)
        return self._known[key]

    def _value(self, node: Column, firm: Record, item: Record | None) -> Any:
        if node.op is Op.LITERAL:
            return node.value
        if node.op is Op.READ:
            record = firm if node.scope == APPLICANT else item
            assert record is not None
            return record[str(node.value)]
        if node.op in FOLDS:
            scope = str(node.value)
            return _fold(
                node, [self(node.args[0], firm, each) for each in self.data.of(scope, firm)]
            )
        if node.op is Op.WINDOW_SUM:
            assert item is not None
            of, *by = node.args
            same = self._same(by, node.scope, firm, item)
            return sum(value for each in same if (value := self(of, firm, each)) is not None)
        if node.op is Op.WINDOW_PLACE:
            assert item is not None
            many = int(str(node.args[0].value))
            same = self._same(node.args[1 : 1 + many], node.scope, firm, item)
            order = node.args[1 + many :]
            same.sort(key=lambda each: int(each["at"]))
            for column in reversed(order):
                same.sort(key=lambda each: _rank(self(column, firm, each)), reverse=True)
            return 1 + [each["at"] for each in same].index(item["at"])
        return _apply(node, [self(arg, firm, item) for arg in node.args])

    def _same(self, by: Sequence[Column], scope: str, firm: Record, item: Record) -> list[Record]:
        def group(each: Record) -> list[Any]:
            return [self(column, firm, each) for column in by]

        return [each for each in self.data.of(scope, firm) if group(each) == group(item)]


def _rank(value: Any) -> tuple[bool, Any]:
    """Largest first, NULL last."""
    return (value is not None, 0 if value is None else value)


def _fold(node: Column, values: list[Any]) -> Any:
    known = [value for value in values if value is not None]
    match node.op:
        case Op.SUM:
            return sum(known)
        case Op.ANY:
            return any(known)
        case Op.SMALLEST:
            return min(known, default=None)
        case _:
            return [word for words in known for word in words]


def _apply(node: Column, args: list[Any]) -> Any:
    match node.op:
        case Op.AND:
            return False if False in args else None if None in args else True
        case Op.OR:
            return True if True in args else None if None in args else False
        case Op.IS_NULL:
            return args[0] is None
        case Op.IF:
            assert args[0] is not None
            return args[1] if args[0] else args[2]
        case Op.COALESCE:
            return next((arg for arg in args if arg is not None), None)
        case Op.LEAST | Op.GREATEST:
            known = [arg for arg in args if arg is not None]
            return (min if node.op is Op.LEAST else max)(known, default=None)
        case Op.WORDS:
            assert None not in args[::2]
            return [word for truth, word in zip(args[::2], args[1::2], strict=True) if truth]
        case Op.JOINED:
            return [word for words in args for word in words]
        case Op.SORTED:
            return sorted(set(args[0]))
        case Op.RANKED:
            pairs = zip(args[::2], args[1::2], strict=True)
            known = [(number, word) for number, word in pairs if number is not None]
            assert len({number for number, _ in known}) == len(known)
            return [word for _, word in sorted(known)]
        case _:
            return None if None in args else _strict(node, args)


def _strict(node: Column, args: list[Any]) -> Any:
    match node.op, args:
        case Op.NOT, [a]:
            return not a
        case Op.EQ, [a, b]:
            return a == b
        case Op.LT, [a, b]:
            return a < b
        case Op.LE, [a, b]:
            return a <= b
        case Op.IN, [a, *options]:
            return a in options
        case Op.CONCAT, _:
            return "".join(map(str, args))
        case Op.PREFIX, [word, length]:
            return word[:length]
    if node.sort is Sort.DAY or Sort.DAY in {arg.sort for arg in node.args}:
        return _day(node, args)
    value = _number(node, args)
    assert node.span is not None
    assert node.span[0] <= value <= node.span[1], "the span is no proof"
    return value


def _number(node: Column, args: list[int]) -> int:
    match node.op, args:
        case Op.ADD, [a, b]:
            return a + b
        case Op.SUB, [a, b]:
            return a - b
        case Op.MUL, [a, b]:
            return a * b
        case Op.ABS, [a]:
            return abs(a)
        case Op.QUOTIENT, [a, b]:
            return a // b
    raise AssertionError(node)


def _day(node: Column, args: list[Any]) -> Any:
    match node.op, args:
        case Op.YEAR, [day]:
            return day.year
        case Op.MONTH, [day]:
            return day.month
        case Op.DAY_OF_MONTH, [day]:
            return day.day
        case Op.MAKE_DAY, [year, month, day]:
            return date(year, month, day)
        case Op.ADD_DAYS, [day, days]:
            return day + timedelta(days=days)
        case Op.DAYS_FROM, [start, end]:
            return (end - start).days
        case Op.ADD_MONTHS, [day, months]:
            year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            return date(year, month + 1, min(day.day, last))
    raise AssertionError(node)
