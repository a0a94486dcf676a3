"""The maker of column expressions: equal nodes once, what is settled settled, widths proved."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from incentives.batch.columns import WIDEST, Column, Literal, Op, Sort, Span, WidthError
from incentives.diagnostics import InternalError
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def _fits(span: Span) -> Span:
    if span[0] < -WIDEST or span[1] > WIDEST:
        raise WidthError
    return span


class Columns:
    """Makes nodes, each once, with what is settled already settled."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Column] = {}
        self.true = self.literal(True)
        self.false = self.literal(False)

    def _node(
        self,
        op: Op,
        args: tuple[Column, ...],
        sort: Sort,
        *,
        scope: str | None = None,
        round: int | None = None,
        value: Literal | None = None,
        span: Span | None = None,
        sure: bool = False,
    ) -> Column:
        if scope is None:
            scope = _scope(args)
        if round is None:
            round = max((arg.round for arg in args), default=0)
        key = (op, tuple(map(id, args)), sort, scope, type(value), value)
        found = self._known.get(key)
        if found is None:
            span = None if span is None else _fits(span)
            found = Column(op, args, sort, scope, round, value, span, sure)
            self._known[key] = found
        return found

    # ── leaves ───────────────────────────────────────────────────────────────

    def literal(self, value: Literal) -> Column:
        """Return a constant."""
        match value:
            case bool():
                return self._node(Op.LITERAL, (), Sort.TRUTH, value=value, sure=True)
            case int():
                span = (value, value)
                return self._node(Op.LITERAL, (), Sort.WHOLE, value=value, span=span, sure=True)
            case date():
                return self._node(Op.LITERAL, (), Sort.DAY, value=value, sure=True)
            case str():
                return self._node(Op.LITERAL, (), Sort.WORD, value=value, sure=True)

    def null(self, sort: Sort) -> Column:
        """Return NULL."""
        return self._node(Op.LITERAL, (), sort)

    def read(
        self, scope: str, name: str, sort: Sort, *, sure: bool, span: Span | None = None
    ) -> Column:
        """Return a column of the staged table of a scope."""
        return self._node(Op.READ, (), sort, scope=scope, value=name, span=span, sure=sure)

    # ── truths ───────────────────────────────────────────────────────────────

    def all(self, of: Iterable[Column]) -> Column:
        """Return Kleene's AND."""
        return self._joined(Op.AND, of, self.true, self.false)

    def any(self, of: Iterable[Column]) -> Column:
        """Return Kleene's OR."""
        return self._joined(Op.OR, of, self.false, self.true)

    def _joined(self, op: Op, of: Iterable[Column], neutral: Column, settles: Column) -> Column:
        parts: dict[int, Column] = {}
        for each in of:
            for part in each.args if each.op is op else (each,):
                if part is settles:
                    return settles
                if part is not neutral:
                    parts[id(part)] = part
        if not parts:
            return neutral
        if len(parts) == 1:
            return next(iter(parts.values()))
        if any(
            part.op is Op.NOT and part.sure and id(part.args[0]) in parts for part in parts.values()
        ):
            return settles
        args = tuple(parts.values())
        return self._node(op, args, Sort.TRUTH, sure=all(part.sure for part in args))

    def not_(self, of: Column) -> Column:
        """Return the negation; NULL stays NULL."""
        if of.op is Op.LITERAL:
            return of if of.value is None else self.literal(not of.value)
        if of.op is Op.NOT:
            return of.args[0]
        return self._node(Op.NOT, (of,), Sort.TRUTH, sure=of.sure)

    def is_null(self, of: Column) -> Column:
        """Say whether a value is NULL."""
        if of.sure:
            return self.false
        if of.op is Op.LITERAL:
            return self.true
        if of.op is Op.IF and all(each.sure or _is_null(each) for each in of.args[1:]):
            test, then, otherwise = of.args
            return self.if_(test, self.is_null(then), self.is_null(otherwise))
        return self._node(Op.IS_NULL, (of,), Sort.TRUTH, sure=True)

    def holds(self, of: Column) -> Column:
        """Say whether a truth is TRUE: never NULL."""
        return of if of.sure else self.coalesce((of, self.false))

    def fails(self, of: Column) -> Column:
        """Say whether a truth is FALSE: never NULL."""
        return self.not_(of) if of.sure else self.coalesce((self.not_(of), self.false))

    # ── comparison ───────────────────────────────────────────────────────────

    def eq(self, left: Column, right: Column) -> Column:
        """Return ``left = right``."""
        return self._compared(Op.EQ, left, right)

    def lt(self, left: Column, right: Column) -> Column:
        """Return ``left < right``."""
        return self._compared(Op.LT, left, right)

    def le(self, left: Column, right: Column) -> Column:
        """Return ``left <= right``."""
        return self._compared(Op.LE, left, right)

    def _compared(self, op: Op, left: Column, right: Column) -> Column:
        settled = _settled(op, left, right)
        if settled is not None:
            return self.literal(settled)
        if _is_null(left) or _is_null(right):
            return self.null(Sort.TRUTH)
        return self._node(op, (left, right), Sort.TRUTH, sure=left.sure and right.sure)

    def in_(self, of: Column, options: Sequence[Literal]) -> Column:
        """Say whether a value is one of some constants."""
        if of.op is Op.LITERAL:
            return self.null(Sort.TRUTH) if of.value is None else self.literal(of.value in options)
        if not options:
            return self.if_(self.is_null(of), self.null(Sort.TRUTH), self.false)
        if len(options) == 1:
            return self.eq(of, self.literal(options[0]))
        args = (of, *map(self.literal, options))
        return self._node(Op.IN, args, Sort.TRUTH, sure=of.sure)

    # ── choice ───────────────────────────────────────────────────────────────

    def if_(self, test: Column, then: Column, otherwise: Column) -> Column:
        """Return one of two values; the test must not be NULL.

        Raises:
            InternalError: the test can be NULL.
        """
        if not test.sure:
            raise InternalError(f"a test that can be NULL: {test!r}")
        if then is otherwise or test is self.true:
            return then
        if test is self.false:
            return otherwise
        if test.op is Op.NOT:
            return self.if_(test.args[0], otherwise, then)
        if then is self.true and otherwise.sure:
            return self.any((test, otherwise))
        if then is self.false and otherwise.sure:
            return self.all((self.not_(test), otherwise))
        if otherwise is self.false and then.sure:
            return self.all((test, then))
        if otherwise is self.true and then.sure:
            return self.any((self.not_(test), then))
        sure = then.sure and otherwise.sure
        span = _around((then, otherwise))
        return self._node(Op.IF, (test, then, otherwise), then.sort, span=span, sure=sure)

    def coalesce(self, of: Sequence[Column]) -> Column:
        """Return the first value that is not NULL."""
        kept: list[Column] = []
        for each in of:
            if not _is_null(each):
                kept.append(each)
            if each.sure:
                break
        if not kept:
            return of[0]
        if len(kept) == 1:
            return kept[0]
        sure = kept[-1].sure
        return self._node(Op.COALESCE, tuple(kept), kept[0].sort, span=_around(kept), sure=sure)

    # ── whole numbers ────────────────────────────────────────────────────────

    def add(self, left: Column, right: Column) -> Column:
        """Return the sum."""
        if _is_zero(left):
            return right
        if _is_zero(right):
            return left
        return self._whole(Op.ADD, left, right, lambda a, b: a + b)

    def sub(self, left: Column, right: Column) -> Column:
        """Return the difference."""
        return left if _is_zero(right) else self._whole(Op.SUB, left, right, lambda a, b: a - b)

    def mul(self, left: Column, right: Column) -> Column:
        """Return the product."""
        for one, other in ((left, right), (right, left)):
            if one.value == 1 and one.op is Op.LITERAL:
                return other
        return self._whole(Op.MUL, left, right, lambda a, b: a * b)

    def _whole(
        self, op: Op, left: Column, right: Column, apply: Callable[[int, int], int]
    ) -> Column:
        if left.span is None or right.span is None:
            return self.null(Sort.WHOLE)
        corners = [apply(a, b) for a in left.span for b in right.span]
        span = (min(corners), max(corners))
        if left.op is right.op is Op.LITERAL:
            return self.literal(_fits(span)[0])
        return self._node(op, (left, right), Sort.WHOLE, span=span, sure=left.sure and right.sure)

    def neg(self, of: Column) -> Column:
        """Return the number with its sign changed."""
        return self.sub(self.literal(0), of)

    def abs(self, of: Column) -> Column:
        """Return the number without its sign."""
        if of.span is None or of.span[0] >= 0:
            return of
        low, high = of.span
        span = (0 if high >= 0 else -high, max(-low, high))
        return self._node(Op.ABS, (of,), Sort.WHOLE, span=span, sure=of.sure)

    def quotient(self, left: Column, right: Column) -> Column:
        """Return the whole part of a quotient of numbers that are not negative.

        Raises:
            InternalError: one of them can be negative, or the divisor zero.
        """
        if left.span is None or right.span is None:
            return self.null(Sort.WHOLE)
        if left.span[0] < 0 or right.span[0] < 1:
            raise InternalError(f"a quotient of {left.span} by {right.span}")
        if right.span == (1, 1):
            return left
        span = (left.span[0] // right.span[1], left.span[1] // right.span[0])
        if span[0] == span[1] and left.op is right.op is Op.LITERAL:
            return self.literal(span[0])
        sure = left.sure and right.sure
        return self._node(Op.QUOTIENT, (left, right), Sort.WHOLE, span=span, sure=sure)

    def least(self, of: Sequence[Column]) -> Column:
        """Return the smallest value that is not NULL."""
        return self._extreme(Op.LEAST, of, min)

    def greatest(self, of: Sequence[Column]) -> Column:
        """Return the largest value that is not NULL."""
        return self._extreme(Op.GREATEST, of, max)

    def _extreme(self, op: Op, of: Sequence[Column], best: Callable[..., int]) -> Column:
        kept = list({id(each): each for each in of if not _is_null(each)}.values())
        if not kept:
            return of[0]
        if len(kept) == 1:
            return kept[0]
        sure = any(each.sure for each in kept)
        span = None
        if kept[0].sort is Sort.WHOLE:
            spans = [each.span or (0, 0) for each in kept]
            if all(each.sure for each in kept):
                span = (best(low for low, _ in spans), best(high for _, high in spans))
                always = [e for e in kept if e.span is not None and e.span == span]
                if span[0] == span[1] and always:
                    return always[0]
            else:
                span = (min(low for low, _ in spans), max(high for _, high in spans))
        return self._node(op, tuple(kept), kept[0].sort, span=span, sure=sure)

    # ── days and words ───────────────────────────────────────────────────────

    def of_days(
        self, op: Op, args: Sequence[Column], sort: Sort, span: Span | None = None
    ) -> Column:
        """Return a function on days (``Op.YEAR`` … ``Op.DAYS_FROM``); settle constants before."""
        if any(map(_is_null, args)):
            return self.null(sort)
        return self._node(op, tuple(args), sort, span=span, sure=all(arg.sure for arg in args))

    def prefix(self, of: Column, length: int) -> Column:
        """Return the first characters of a word."""
        return self._node(Op.PREFIX, (of, self.literal(length)), Sort.WORD, sure=of.sure)

    def concat(self, of: Sequence[Column]) -> Column:
        """Return words as one word."""
        return self._node(Op.CONCAT, tuple(of), Sort.WORD, sure=all(each.sure for each in of))

    def words(self, pairs: Iterable[tuple[Column, Column]]) -> Column:
        """Return the list of the words whose truth holds; truths must not be NULL."""
        flat = [part for truth, word in pairs if truth is not self.false for part in (truth, word)]
        if not all(truth.sure for truth in flat[::2]):
            raise InternalError("a word whose truth can be NULL")
        return self._node(Op.WORDS, tuple(flat), Sort.WORDS, sure=True)

    def joined(self, of: Iterable[Column]) -> Column:
        """Return lists of words as one list."""
        kept = [each for each in of if each.op is not Op.WORDS or each.args]
        if not kept:
            return self.words(())
        return (
            kept[0] if len(kept) == 1 else self._node(Op.JOINED, tuple(kept), Sort.WORDS, sure=True)
        )

    def sorted(self, of: Column) -> Column:
        """Return a list of words sorted by code points, each once."""
        if of.op is Op.WORDS and _ascend(of.args[1::2]):
            return of
        return self._node(Op.SORTED, (of,), Sort.WORDS, sure=True)

    def ranked(self, pairs: Sequence[tuple[Column, Column]]) -> Column:
        """Return the words whose number is not NULL, in the order of their numbers.

        Two numbers of one row must not be equal.
        """
        kept = [(number.span, number, word) for number, word in pairs if number.span is not None]
        kept.sort(key=lambda each: each[0])
        if all(one[0][1] < other[0][0] for one, other in pairwise(kept)):
            return self.words((self.not_(self.is_null(number)), word) for _, number, word in kept)
        flat = [part for _, *pair in kept for part in pair]
        return self._node(Op.RANKED, tuple(flat), Sort.WORDS, sure=True)

    # ── items ────────────────────────────────────────────────────────────────

    def fold(self, op: Op, of: Column, scope: str, span: Span | None = None) -> Column:
        """Return what a firm's items come to, NULL passed over; of none: 0, FALSE (ANY), NULL, [].

        ``SUM``; ``ANY``: whether one is TRUE; ``SMALLEST`` of whole numbers; ``GATHER``:
        lists of words joined in the items' order.
        """
        settled = self._of_none(op, of)
        if settled is not None:
            return settled
        args: tuple[Column, ...] = (of,)
        if op is Op.ANY and of.scope != scope and of is not self.true:
            return self.all((self.holds(of), self.fold(Op.ANY, self.true, scope)))
        if op is Op.GATHER:  # most items have no word: what is gathered says so first
            some = self._has_words(of)
            args = (self.if_(some, of, self.null(Sort.WORDS)), some)
        after, sort, sure = of.round + 1, of.sort, op is not Op.SMALLEST
        return self._node(
            op, args, sort, scope=APPLICANT, round=after, value=scope, span=span, sure=sure
        )

    def _has_words(self, of: Column) -> Column:
        """Say whether a list can have a word."""
        match of.op:
            case Op.WORDS:
                return self.any(of.args[::2])
            case Op.JOINED:
                return self.any(map(self._has_words, of.args))
            case Op.IF:
                test, then, otherwise = of.args
                return self.if_(test, self._has_words(then), self._has_words(otherwise))
            case _:
                return self.true

    def _of_none(self, op: Op, of: Column) -> Column | None:
        """Return a fold that comes to the same for any items as for none."""
        match op:
            case Op.ANY if of is self.false:
                return self.false
            case Op.SUM if _is_zero(of):
                return of
            case Op.SMALLEST if _is_null(of):
                return of
            case Op.GATHER if of.op is Op.WORDS and not of.args:
                return of
            case _:
                return None

    def window_sum(
        self, of: Column, by: Sequence[Column], span: Span, *, scope: str | None = None
    ) -> Column:
        """Return the sum over those of the firm's items that agree in ``by``; passes over NULL.

        ``scope`` is the list, where nothing in the arguments says so.
        """
        args = (of, *by)
        return self._node(Op.WINDOW_SUM, args, Sort.WHOLE, scope=scope, span=span, sure=True)

    def window_place(
        self,
        by: Sequence[Column],
        order: Sequence[Column],
        most: int,
        *,
        scope: str | None = None,
    ) -> Column:
        """Return the place (from 1) among the firm's items that agree in ``by``.

        Ordered by ``order`` (largest first, FALSE after TRUE), then as the items are listed.
        """
        args = (self.literal(len(by)), *by, *order)
        span = (1, max(1, most))
        return self._node(Op.WINDOW_PLACE, args, Sort.WHOLE, scope=scope, span=span, sure=True)


def _scope(args: Iterable[Column]) -> str:
    scopes = {arg.scope for arg in args} - {""}
    lists = scopes - {APPLICANT}
    if len(lists) > 1:
        raise InternalError(f"items of two lists in one row: {sorted(lists)}")
    return next(iter(lists or scopes), "")


def _ascend(words: Sequence[Column]) -> bool:
    """Say whether words are constants, each after the one before."""
    known = [str(word.value) for word in words if word.op is Op.LITERAL]
    return len(known) == len(words) and all(a < b for a, b in pairwise(known))


def _is_null(column: Column) -> bool:
    return column.op is Op.LITERAL and column.value is None


def _is_zero(column: Column) -> bool:
    return column.op is Op.LITERAL and column.sort is Sort.WHOLE and column.value == 0


def _around(of: Iterable[Column]) -> Span | None:
    spans = [each.span for each in of if each.span is not None]
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def _settled(op: Op, left: Column, right: Column) -> bool | None:
    """Settle a comparison of values that are never NULL by their spans, or of literals."""
    if left.op is right.op is Op.LITERAL and left.value is not None and right.value is not None:
        a, b = left.value, right.value
        return a == b if op is Op.EQ else a < b if op is Op.LT else a <= b  # type: ignore[operator]
    if not (left.sure and right.sure) or left.span is None or right.span is None:
        return None
    (alo, ahi), (blo, bhi) = left.span, right.span
    match op:
        case Op.EQ:
            return False if ahi < blo or bhi < alo else None
        case Op.LT:
            return True if ahi < blo else False if alo >= bhi else None
        case _:
            return True if ahi <= blo else False if alo > bhi else None
