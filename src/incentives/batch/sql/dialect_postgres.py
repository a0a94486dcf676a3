# ruff: noqa: D102 - each method is described where `Dialect` has it
"""PostgreSQL: NUMERIC has no bound; texts compare by the locale unless a collation is named.

It has no array of lists of different lengths: lists of a firm's items are collected as
JSON and taken apart again, which loses nothing, for they hold texts only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.batch.sql.dialects import BIGINT, Dialect, call, cast, filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from incentives.batch.columns import Span
else:
    from incentives.batch.sql import sqltree as exp

_ARRANGED: Final = (
    'ARRAY(SELECT DISTINCT word COLLATE "C" AS word FROM UNNEST(:words) AS words(word) ORDER BY 1)'
)
_RANKED: Final = (
    "ARRAY(SELECT word FROM UNNEST(:numbers, :words) AS ranked(number, word)"
    " WHERE NOT number IS NULL ORDER BY number)"
)
_GATHERED: Final = (
    "ARRAY(SELECT words.word FROM JSONB_ARRAY_ELEMENTS(:words) WITH ORDINALITY AS lists(list, at)"
    " CROSS JOIN LATERAL JSONB_ARRAY_ELEMENTS_TEXT(lists.list) WITH ORDINALITY"
    " AS words(word, place) ORDER BY lists.at, words.place)"
)


class Postgres(Dialect):
    """PostgreSQL, 12 or later."""

    name = "postgres"
    inlines = True
    casts_reads = False

    def wide(self) -> exp.DataType:
        return exp.DataType.build("DECIMAL")

    def yuan(self, fen: exp.Expression, span: Span) -> exp.Expression:
        del span
        product = exp.Mul(this=exp.Paren(this=fen), expression=exp.Literal.number("0.01"))
        return cast(product, "DECIMAL(38, 2)")

    def quotient(
        self, left: exp.Expression, right: exp.Expression, span: Span, *, wide: bool
    ) -> exp.Expression:
        del span
        if wide:
            return call("DIV", left, right)
        return exp.Div(this=left, expression=right, typed=True, safe=False)

    def part(self, name: str, day: exp.Expression) -> exp.Expression:
        return cast(super().part(name, day), BIGINT)

    def make_day(self, parts: Sequence[exp.Expression]) -> exp.Expression:
        return super().make_day([cast(part, "INT") for part in parts])

    def add_months(self, day: exp.Expression, months: exp.Expression) -> exp.Expression:
        some = call("MAKE_INTERVAL", exp.Literal.number(0), cast(months, "INT"))
        return cast(exp.Add(this=day, expression=some), "DATE")

    def days_from(self, start: exp.Expression, end: exp.Expression) -> exp.Expression:
        return cast(super().days_from(start, end), BIGINT)

    def ordered(self, of: exp.Expression) -> exp.Expression:
        return exp.Paren(this=exp.Collate(this=of, expression=exp.to_identifier("C", quoted=True)))

    def chosen(
        self, truths: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        return call("ARRAY_REMOVE", self.cases(truths, words), exp.Null())

    def joined(self, lists: Sequence[exp.Expression]) -> exp.Expression:
        joined = lists[0]
        for each in lists[1:]:
            joined = call("ARRAY_CAT", joined, each)
        return joined

    def arranged(self, of: exp.Expression) -> exp.Expression:
        return filled(_ARRANGED, self.name, words=of)

    def ranked(
        self, numbers: Sequence[exp.Expression], words: Sequence[exp.Expression]
    ) -> exp.Expression:
        lists = (exp.Array(expressions=list(each)) for each in (numbers, words))
        return filled(_RANKED, self.name, **dict(zip(("numbers", "words"), lists, strict=True)))

    def gather(
        self, of: exp.Expression, some: exp.Expression, at: exp.Expression
    ) -> exp.Expression:
        gathered = "JSONB_AGG(TO_JSONB(:one) ORDER BY :at) FILTER (WHERE :some)"
        return filled(gathered, self.name, one=of, some=some, at=at)

    def gathered(self, value: exp.Expression) -> exp.Expression:
        return filled(_GATHERED, self.name, words=value)
