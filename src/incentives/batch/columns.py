"""Column expressions: what the rules become before they are SQL of any dialect.

An expression is a node of a graph in which equal nodes are one node, so what two
rules ask is computed once. Every whole number carries the least and greatest value
it can have, proved from the facts' own extremes; the emitter picks the width by it,
and what needs more than 127 bits is refused (``WidthError``), never wrapped.

A node lives in a scope: ``applicant`` (a row a firm) or a list entity (a row an
item). What an item's node takes from the firm is joined to it; ``total`` and the
other folds bring an item's node back to the firm. ``round`` counts how often that
has happened: a node of round 2 is computed after the folds of round 1.

The law of NULL: it is *not known*, for a truth, or *no bound*, for an end of a range.
AND and OR are Kleene's; comparisons and arithmetic of NULL are NULL; LEAST and
GREATEST pass over it; the test of IF and the truths of WORDS are never NULL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

Literal = bool | int | date | str
Span = tuple[int, int]
"""The least and the greatest value of a whole number, both included."""

WIDEST: Final = 2**127 - 1
LONGEST: Final = 2**63 - 1
ROW: Final = "row"
"""The column that says which row of the input a firm is, and whose an item is."""


class WidthError(Exception):
    """A whole number may need more than 127 bits."""


class Sort(StrEnum):
    """What the values of a node are."""

    TRUTH = "truth"
    WHOLE = "whole"
    DAY = "day"
    WORD = "word"
    WORDS = "words"


class Op(StrEnum):
    """What a node does to its arguments."""

    LITERAL = "literal"
    READ = "read"
    AND = "and"
    OR = "or"
    NOT = "not"
    IS_NULL = "is_null"
    EQ = "eq"
    LT = "lt"
    LE = "le"
    IN = "in"
    """``args[0]`` is one of the literals ``args[1:]``."""
    IF = "if"
    """test, then, otherwise; the test is never NULL."""
    COALESCE = "coalesce"
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    ABS = "abs"
    QUOTIENT = "quotient"
    """Whole part of ``args[0] / args[1]``: neither is negative, the divisor not zero."""
    LEAST = "least"
    GREATEST = "greatest"
    YEAR = "year"
    MONTH = "month"
    DAY_OF_MONTH = "day_of_month"
    MAKE_DAY = "make_day"
    """The day of (year, month, day of month)."""
    ADD_MONTHS = "add_months"
    """A day and a number of months; clipped to the last day of the month."""
    ADD_DAYS = "add_days"
    DAYS_FROM = "days_from"
    """How many days ``args[1]`` lies after ``args[0]``."""
    PREFIX = "prefix"
    """The first ``args[1]`` characters (a literal) of a word."""
    CONCAT = "concat"
    """Words one after another as one word; WHOLE arguments in decimal digits."""
    WORDS = "words"
    """truth, word, truth, word …: the words whose truth is TRUE, in this order."""
    JOINED = "joined"
    """Lists of words one after another."""
    SORTED = "sorted"
    """A list of words sorted by code points, each once."""
    RANKED = "ranked"
    """whole, word, whole, word …: the words whose number is not NULL, in the numbers' order."""
    SUM = "sum"
    ANY = "any"
    SMALLEST = "smallest"
    GATHER = "gather"
    """Of a firm's items: see ``fold``."""
    WINDOW_SUM = "window_sum"
    WINDOW_PLACE = "window_place"
    """Among a firm's items: see ``window_sum`` and ``window_place``."""


FOLDS: Final = frozenset({Op.SUM, Op.ANY, Op.SMALLEST, Op.GATHER})
WINDOWS: Final = frozenset({Op.WINDOW_SUM, Op.WINDOW_PLACE})


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One node. Equal nodes are the same object; made by ``graph.Columns`` only.

    ``value``: of a literal (``None`` is NULL), or the name of the column read.
    ``span``: of a WHOLE node that is not NULL everywhere. ``sure``: never NULL.
    ``scope``: ``""`` for what is the same everywhere.
    """

    op: Op
    args: tuple[Column, ...]
    sort: Sort
    scope: str = ""
    round: int = 0
    value: Literal | None = None
    span: Span | None = None
    sure: bool = False

    def __repr__(self) -> str:
        inner = self.value if not self.args else ", ".join(map(repr, self.args))
        return f"{self.op}({inner})"
