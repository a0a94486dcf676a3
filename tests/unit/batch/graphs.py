"""Random graphs of columns and random rows for them, from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.unit.batch.columns_by_hand import APPLICANT, Data, Record

from incentives.batch.columns import LONGEST, WIDEST, Column, Op, Sort, Span, WidthError
from incentives.batch.graph import Columns

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS = ("contract", "project")
MOST_ITEMS = 4
_WORDS = ("", "a", "b", "it's", 'say "no"', "back\\slash", "中宁县", "Ab", "𠀀x", "a;--")
_SPANS: tuple[Span, ...] = (
    (0, 5),
    (-3, 3),
    (0, 10**12),
    (0, LONGEST),
    (-LONGEST, LONGEST),
    (1, 10**25),
    (-(2**126), 2**126),
    (0, WIDEST),
)
_SCALARS = (Sort.TRUTH, Sort.WHOLE, Sort.DAY, Sort.WORD)


@dataclass
class Graph:
    """Nodes by scope and sort, and the facts that they read."""

    seed: int
    widest: int = WIDEST
    columns: Columns = field(default_factory=Columns)
    pools: dict[tuple[str, Sort], list[Column]] = field(default_factory=dict)
    reads: dict[str, list[Column]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        for scope in ("", APPLICANT, *LISTS):
            for sort in Sort:
                self.pools[scope, sort] = []
            self.reads[scope] = []
        self._leaves()

    def _leaves(self) -> None:
        columns, pick = self.columns, self.random
        for value in (True, False, 0, 1, 100, LONGEST, self.widest, date(2024, 2, 29), *_WORDS[:5]):
            self.keep(columns.literal(value))
        for sort in _SCALARS:
            self.keep(columns.null(sort))
        self.keep(columns.words(()))
        for scope in (APPLICANT, *LISTS):
            for sort in _SCALARS:
                for number in range(2):
                    low, high = pick.choice(_SPANS)
                    span = (low, min(high, self.widest)) if sort is Sort.WHOLE else None
                    name = f"{scope}.{sort}.{number}"
                    node = columns.read(scope, name, sort, sure=pick.random() < 0.3, span=span)
                    self.keep(node)
                    self.reads[scope].append(node)

    def keep(self, node: Column) -> None:
        self.pools[node.scope, node.sort].append(node)

    def _one(self, makers: list[Callable[[], Column]]) -> Column:
        return self.random.choice(makers)()

    def pick(self, sort: Sort, scope: str, *, own: bool = False) -> Column:
        """Take a node that can stand in a scope, rather a new one; ``own``: of the scope."""
        scopes = [scope] if own else [scope, scope, APPLICANT, ""]
        pools = [self.pools[each, sort] for each in scopes if self.pools[each, sort]]
        pool = self.random.choice(pools)
        return pool[max(self.random.randrange(len(pool)), self.random.randrange(len(pool)))]

    def sure(self, sort: Sort, scope: str) -> Column:
        node = self.pick(sort, scope)
        if node.sure:
            return node
        if sort is Sort.TRUTH:
            return self.random.choice((self.columns.holds, self.columns.fails))(node)
        fallback = next(each for each in self.pools["", sort] if each.sure)
        return self.columns.coalesce((node, fallback))

    def grow(self, many: int) -> None:
        """Add nodes; those that would need more than 127 bits are passed over."""
        makers: list[Callable[[str], Column | None]] = [
            self._truth,
            self._whole,
            self._choice,
            self._day,
            self._word,
            self._fold,
            self._window,
        ]
        for _ in range(many):
            scope = self.random.choice((APPLICANT, *LISTS))
            try:
                node = self.random.choice(makers)(scope)
            except WidthError:
                continue
            if node is not None and self._fits(node):
                self.keep(node)

    def _fits(self, node: Column) -> bool:
        """Say whether a database of this width holds a node and its quotients."""
        if node.span is None:
            return True
        most = self.widest if node.op is not Op.QUOTIENT or self.widest == WIDEST else 10**32 - 1
        return max(-node.span[0], node.span[1]) <= most

    def _truth(self, scope: str) -> Column:
        columns, pick = self.columns, self.random
        some = [self.pick(Sort.TRUTH, scope) for _ in range(pick.randint(2, 4))]
        sort = pick.choice(_SCALARS)
        left, right = self.pick(sort, scope), self.pick(sort, scope)
        options = [1, 0, 5, LONGEST] if sort is Sort.WHOLE else ["a", "it's", "中宁县"]
        if sort in {Sort.TRUTH, Sort.DAY}:
            options = []
        return self._one(
            [
                lambda: columns.all(some),
                lambda: columns.any(some),
                lambda: columns.not_(some[0]),
                lambda: columns.is_null(left),
                lambda: columns.holds(some[0]),
                lambda: columns.eq(left, right),
                lambda: (columns.eq if sort is Sort.TRUTH else columns.lt)(left, right),
                lambda: (columns.eq if sort is Sort.TRUTH else columns.le)(left, right),
                lambda: columns.in_(left, options),
            ]
        )

    def _whole(self, scope: str) -> Column | None:
        columns, pick = self.columns, self.random
        left, right = self.pick(Sort.WHOLE, scope), self.pick(Sort.WHOLE, scope)
        kind = pick.randrange(6)
        if kind == 0:
            return columns.add(left, right)
        if kind == 1:
            return columns.sub(left, right)
        if kind == 2:
            return columns.mul(left, right)
        if kind == 3:
            return columns.abs(left)
        if kind == 4:
            return columns.neg(left)
        if left.span is None or right.span is None or left.span[0] < 0 or right.span[0] < 1:
            return None
        return columns.quotient(left, right)

    def _choice(self, scope: str) -> Column:
        columns, pick = self.columns, self.random
        sort = pick.choice(list(Sort))
        some = [self.pick(sort, scope) for _ in range(pick.randint(2, 3))]
        if sort is Sort.WORDS or pick.random() < 0.4:
            return columns.if_(self.sure(Sort.TRUTH, scope), some[0], some[1])
        if sort is Sort.TRUTH or pick.random() < 0.3:
            return columns.coalesce(some)
        return pick.choice((columns.least, columns.greatest))(some)

    def _day(self, scope: str) -> Column:
        columns, pick = self.columns, self.random
        day, other = self.pick(Sort.DAY, scope), self.pick(Sort.DAY, scope)
        year = columns.of_days(Op.YEAR, [day], Sort.WHOLE, (1, 9999))
        month = columns.of_days(Op.MONTH, [other], Sort.WHOLE, (1, 12))
        of_month = columns.of_days(Op.DAY_OF_MONTH, [other], Sort.WHOLE, (1, 31))
        first = columns.literal(pick.randint(1, 28))
        moved = columns.literal(pick.randint(-30, 30))
        return self._one(
            [
                lambda: year,
                lambda: month,
                lambda: of_month,
                lambda: columns.of_days(Op.MAKE_DAY, [year, month, first], Sort.DAY),
                lambda: columns.of_days(Op.ADD_MONTHS, [day, moved], Sort.DAY),
                lambda: columns.of_days(Op.ADD_DAYS, [day, of_month], Sort.DAY),
                lambda: columns.of_days(
                    Op.DAYS_FROM, [day, other], Sort.WHOLE, (-4_000_000, 4_000_000)
                ),
            ]
        )

    def _word(self, scope: str) -> Column:
        columns, pick = self.columns, self.random
        word = self.pick(Sort.WORD, scope)
        lists = [self.pick(Sort.WORDS, scope) for _ in range(2)]
        parts = [self.pick(pick.choice((Sort.WORD, Sort.WHOLE)), scope) for _ in range(2)]
        pairs = [
            (self.sure(Sort.TRUTH, scope), self.sure(Sort.WORD, scope))
            for _ in range(pick.randint(1, 4))
        ]
        many = pick.randint(1, 4)
        numbers = [self.pick(Sort.WHOLE, scope) for _ in range(many)]
        ranks = [
            columns.add(columns.mul(each, columns.literal(many)), columns.literal(place))
            for place, each in enumerate(numbers)
        ]
        ranked = [(rank, self.sure(Sort.WORD, scope)) for rank in ranks]
        return self._one(
            [
                lambda: columns.prefix(word, pick.randint(0, 3)),
                lambda: columns.concat([word, *parts]),
                lambda: columns.words(pairs),
                lambda: columns.words(pairs),
                lambda: columns.joined(lists),
                lambda: columns.sorted(lists[0]),
                lambda: columns.ranked(ranked),
            ]
        )

    def _fold(self, scope: str) -> Column:
        columns, pick = self.columns, self.random
        entity = pick.choice(LISTS) if scope == APPLICANT else scope
        truth = self.pick(Sort.TRUTH, entity)
        number = self.pick(Sort.WHOLE, entity)
        words = self.pick(Sort.WORDS, entity)
        low, high = number.span or (0, 0)
        span = (MOST_ITEMS * min(low, 0), MOST_ITEMS * max(high, 0))
        return self._one(
            [
                lambda: columns.fold(Op.ANY, truth, entity),
                lambda: columns.fold(Op.SUM, number, entity, span),
                lambda: columns.fold(Op.SMALLEST, number, entity, number.span),
                lambda: columns.fold(Op.GATHER, words, entity),
            ]
        )

    def _window(self, scope: str) -> Column | None:
        columns, pick = self.columns, self.random
        if scope == APPLICANT:
            return None
        by = [self.pick(pick.choice(_SCALARS), scope) for _ in range(pick.randrange(3))]
        if pick.random() < 0.5:
            of = self.pick(Sort.WHOLE, scope, own=True)
            low, high = of.span or (0, 0)
            span = (MOST_ITEMS * min(low, 0), MOST_ITEMS * max(high, 0))
            return columns.window_sum(of, by, span)
        order = [self.pick(pick.choice(_SCALARS), scope, own=True)]
        order += [self.pick(pick.choice(_SCALARS), scope) for _ in range(pick.randrange(2))]
        return columns.window_place(by, order, MOST_ITEMS)

    # ── rows ─────────────────────────────────────────────────────────────────

    def rows(self, firms: int, longest: int = MOST_ITEMS) -> Data:
        """Return rows for the facts, extremes and NULL among them."""
        made = [
            {"row": row, "key": f"firm {row}", **self._facts(APPLICANT)} for row in range(firms)
        ]
        items: dict[str, list[Record]] = {}
        for scope in LISTS:
            items[scope] = [
                {"row": row, "at": at, "key": f"item {at}", **self._facts(scope)}
                for row in range(firms)
                for at in range(min(longest, self.random.choice((0, 1, 2, MOST_ITEMS))))
            ]
            self.random.shuffle(items[scope])
        return Data(made, items)

    def _facts(self, scope: str) -> dict[str, Any]:
        return {str(node.value): self._value(node) for node in self.reads[scope]}

    def _value(self, node: Column) -> Any:
        pick = self.random
        if not node.sure and pick.random() < 0.3:
            return None
        match node.sort:
            case Sort.TRUTH:
                return pick.random() < 0.5
            case Sort.WHOLE:
                assert node.span is not None
                low, high = node.span
                return pick.choice((low, high, min(low + 1, high), pick.randint(low, high)))
            case Sort.DAY:
                return date(2000, 2, 29) + timedelta(days=pick.choice((0, 366, 9_000, 1)))
            case _:
                return pick.choice(_WORDS)
