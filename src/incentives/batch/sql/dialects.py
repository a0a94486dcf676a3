"""What the three databases call things: types, and the functions that differ.

All three raise when a whole number outgrows its type, Spark only in ANSI mode; the
widths are proved before, so none ever does. Spark's widest whole number has 38 digits,
the others hold every number of 127 bits; what a dialect cannot hold is refused.

The trap: names alone do not make functions equal. ``DIV`` of Spark gives a BIGINT whatever
it divides, ``+`` of DuckDB with a DATE takes no BIGINT, and texts compare by the locale of
a PostgreSQL database unless a collation is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.batch.columns import LONGEST, WIDEST, Sort, Span, WidthError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from incentives.batch.columns import Column
else:
    from incentives.batch.sql import sqltree as exp

BIGINT: Final = "BIGINT"


def call(name: str, *args: exp.Expression) -> exp.Expression:
    """Return a call of a function by the name that the database knows."""
    return exp.Anonymous(this=name, expressions=list(args))


def cast(of: exp.Expression, to: exp.DataType | str) -> exp.Expression:
    """Return a checked conversion."""
    return exp.Cast(this=of, to=to if isinstance(to, exp.DataType) else exp.DataType.build(to))


def text(value: str) -> exp.Expression:
    """Return a text literal."""
    return exp.Literal.string(value)


def filled(template: str, dialect: str, **values: exp.Expression) -> exp.Expression:
    """Return an expression written in a dialect, with trees in place of its ``:names``."""
    made = exp.Paren(this=exp.maybe_parse(template, dialect=dialect))
    for hole in list(made.find_all(exp.Placeholder)):
        hole.replace(values[hole.name].copy())
    inner: exp.Expression = made.this
    return inner


class Dialect:
    """DuckDB, and what the other two have in common with it."""

    name = "duckdb"
    widest = WIDEST
    materialized = True
    """Whether a common table can be told to be computed once."""
    inlines = False
    """Whether a common table that is read once is written out where it is read, each of its
    expressions as often as it is used there: many layers would grow beyond all memory."""
    casts_reads = True
    """Whether columns are read through a conversion, which costs nothing if none is needed."""

    # ── types ────────────────────────────────────────────────────────────────

    def is_wide(self, span: Span | None) -> bool:
        """Say whether whole numbers of a span need more than a BIGINT.

        Raises:
            WidthError: this database has no type for them.
        """
        if span is None:
            return False
        most = max(-span[0], span[1])
        if most > self.widest:
            raise WidthError
        return most > LONGEST

    def wide(self) -> exp.DataType:
        """Return the type of whole numbers that a BIGINT does not hold."""
        return exp.DataType.build("INT128")

    def whole(self, wide: bool) -> exp.DataType:
        """Return a type of whole numbers."""
        return self.wide() if wide else exp.DataType.build(BIGINT)

    def type_of(self, column: Column) -> exp.DataType:
        """Return the type of a node's values."""
        match column.sort:
            case Sort.TRUTH:
                return exp.DataType.build("BOOLEAN")
            case Sort.WHOLE:
                return self.whole(self.is_wide(column.span))
            case Sort.DAY:
                return exp.DataType.build("DATE")
            case Sort.WORD:
                return exp.DataType.build("TEXT")
            case Sort.WORDS:
                return exp.DataType.build("ARRAY<TEXT>")

    def yuan(self, fen: exp.Expression, span: Span) -> exp.Expression:
        """Return whole fen as exact yuan with two decimals: times 0.01, never a division.

        Raises:
            WidthError: more than 35 digits of fen.
        """
        most = max(-span[0], span[1])
        if most >= 10**35:
            raise WidthError
        digits = 15 if most < 10**15 else 35
        hundredth = cast(exp.Literal.number("0.01"), "DECIMAL(3, 2)")
        product = exp.Mul(this=cast(fen, f"DECIMAL({digits}, 0)"), expression=hundredth)
        return cast(product, f"DECIMAL({digits + 3}, 2)")

    # ── whole numbers ────────────────────────────────────────────────────────

    def quotient(
        self, left: exp.Expression, right: exp.Expression, span: Span, *, wide: bool
    ) -> exp.Expression:
        """Return the whole part of a quotient; ``wide``: one of the two is."""
        del span, wide
        return exp.IntDiv(this=left, expression=right)

    def sum(self, of: exp.Expression, *, wide: bool, result: bool) -> tuple[exp.Expression, bool]:
        """Return a sum over rows, and whether it comes out wide."""
        del wide, result
        return exp.Sum(this=of), True

    # ── days ─────────────────────────────────────────────────────────────────

    def part(self, name: str, day: exp.Expression) -> exp.Expression:
        """Return the YEAR, MONTH or DAY of a day as a BIGINT."""
        return exp.Extract(this=exp.Var(this=name), expression=day)

    def make_day(self, parts: Sequence[exp.Expression]) -> exp.Expression:
        """Return the day of a year, month and day of the month."""
        return call("MAKE_DATE", *parts)

    def add_months(self, day: exp.Expression, months: exp.Expression) -> exp.Expression:
        """Return a day some months on, clipped to the end of the month."""
        return cast(exp.Add(this=day, expression=call("TO_MONTHS", months)), "DATE")

    def add_days(self, day: exp.Expression, days: exp.Expression) -> exp.Expression:
        """Return a day some days on."""
        return exp.Paren(this=exp.Add(this=day, expression=cast(days, "INT")))

    def days_from(self, start: exp.Expression, end: exp.Expression) -> exp.Expression:
        """Return how many days one day lies after another, as a BIGINT."""
        return exp.Paren(this=exp.Sub(this=end, expression=start))

    # ── words ────────────────────────────────────────────────────────────────

    def ordered(self, of: exp.Expression) -> exp.Expression:
        """Return a word so that it compares by code points."""
        return of

    def empty(self) -> exp.Expression:
        """Return the empty list of words."""
        return cast(exp.Array(expressions=[]), "ARRAY<TEXT>")

    def chosen(
        self, truths: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        """Return the list of the words whose truth holds."""
        return call(
            "LIST_WHERE", exp.Array(expressions=list(words)), exp.Array(expressions=list(truths))
        )

    def joined(self, lists: Sequence[exp.Expression]) -> exp.Expression:
        """Return lists one after another."""
        return call("LIST_CONCAT", *lists)

    def arranged(self, of: exp.Expression) -> exp.Expression:
        """Return a list sorted by code points, each word once."""
        return call("LIST_SORT", call("LIST_DISTINCT", of))

    def ranked(
        self, numbers: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        """Return the list of the words whose number is not NULL, in the numbers' order."""
        places = call("LIST_GRADE_UP", exp.Array(expressions=list(numbers)))
        known = [exp.Not(this=exp.Is(this=each.copy(), expression=exp.null())) for each in numbers]
        lists = [exp.Array(expressions=list(words)), exp.Array(expressions=known)]
        return call("LIST_WHERE", *(call("LIST_SELECT", each, places.copy()) for each in lists))

    # ── a firm's items ───────────────────────────────────────────────────────

    def gather(
        self, of: exp.Expression, some: exp.Expression, at: exp.Expression
    ) -> exp.Expression:
        """Return the lists of a group one after another; NULL where there is none.

        ``some``: whether a list is there, that is not NULL.
        """
        order = exp.Order(this=of, expressions=[exp.Ordered(this=at)])
        made = exp.Filter(this=call("LIST", order), expression=exp.Where(this=some))
        return call("FLATTEN", made)

    def gathered(self, value: exp.Expression) -> exp.Expression:
        """Return what ``gather`` came to as a list, empty where there was none."""
        return exp.Coalesce(this=value, expressions=[self.empty()])

    # ── for the other two ────────────────────────────────────────────────────

    def cases(
        self, truths: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        """Return a list with NULL in place of each word whose truth does not hold."""
        return exp.Array(
            expressions=[
                exp.Case(ifs=[exp.If(this=truth, true=word)])
                for truth, word in zip(truths, words, strict=True)
            ]
        )
