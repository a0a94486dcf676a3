# ruff: noqa: D102 - each method is described where `Dialect` has it
"""Spark SQL in ANSI mode: whole numbers of 38 digits, an integral ``DIV`` that gives a BIGINT.

A product or quotient of decimals may lose digits after the point, never before it: with
whole numbers on both sides of a product nothing can be lost, and a quotient is made only
of a number that the divisor goes into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.batch.columns import LONGEST, Span, WidthError
from incentives.batch.sql.dialects import BIGINT, Dialect, call, cast, filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp
else:
    from incentives.batch.sql import sqltree as exp

_WIDE: Final = "DECIMAL(38, 0)"
_QUOTIENT: Final = "CAST((:left - :left % :right) / :right AS DECIMAL(38, 0))"
_GATHER: Final = (
    "FLATTEN(TRANSFORM(ARRAY_SORT(COLLECT_LIST(STRUCT(:at AS at, :one AS one))"
    " FILTER (WHERE :some)), each -> each.one))"
)
_RANKED: Final = (
    "TRANSFORM(ARRAY_SORT(FILTER(:pairs, each -> NOT each.number IS NULL)), each -> each.word)"
)


class Spark(Dialect):
    """Spark SQL, 3.5 or later, with ``spark.sql.ansi.enabled``."""

    name = "spark"
    widest = 10**38 - 1
    materialized = False
    casts_reads = False

    def wide(self) -> exp.DataType:
        return exp.DataType.build(_WIDE)

    def quotient(
        self, left: exp.Expression, right: exp.Expression, span: Span, *, wide: bool
    ) -> exp.Expression:
        if not wide or span[1] <= LONGEST:
            return exp.IntDiv(this=left, expression=right)
        if span[1] >= 10**32:  # Spark keeps six digits after the point
            raise WidthError
        return filled(_QUOTIENT, self.name, left=exp.Paren(this=left), right=exp.Paren(this=right))

    def sum(self, of: exp.Expression, *, wide: bool, result: bool) -> tuple[exp.Expression, bool]:
        if result and not wide:
            return exp.Sum(this=cast(of, _WIDE)), True
        return exp.Sum(this=of), wide

    def part(self, name: str, day: exp.Expression) -> exp.Expression:
        return cast(super().part(name, day), BIGINT)

    def make_day(self, parts: Sequence[exp.Expression]) -> exp.Expression:
        return super().make_day([cast(part, "INT") for part in parts])

    def add_months(self, day: exp.Expression, months: exp.Expression) -> exp.Expression:
        return call("ADD_MONTHS", day, cast(months, "INT"))

    def add_days(self, day: exp.Expression, days: exp.Expression) -> exp.Expression:
        return call("DATE_ADD", day, cast(days, "INT"))

    def days_from(self, start: exp.Expression, end: exp.Expression) -> exp.Expression:
        return cast(call("DATEDIFF", end, start), BIGINT)

    def chosen(
        self, truths: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        return call("ARRAY_COMPACT", self.cases(truths, words))

    def joined(self, lists: Sequence[exp.Expression]) -> exp.Expression:
        return call("CONCAT", *lists)

    def arranged(self, of: exp.Expression) -> exp.Expression:
        return call("ARRAY_SORT", call("ARRAY_DISTINCT", of))

    def ranked(
        self, numbers: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        pairs = [
            filled("STRUCT(:number AS number, :word AS word)", self.name, number=each, word=word)
            for each, word in zip(numbers, words, strict=True)
        ]
        return filled(_RANKED, self.name, pairs=exp.Array(expressions=pairs))

    def gather(
        self, of: exp.Expression, some: exp.Expression, at: exp.Expression
    ) -> exp.Expression:
        return filled(_GATHER, self.name, one=of, some=some, at=at)
