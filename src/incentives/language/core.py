"""The checked rule language: the one contract between rule files and engines.

Names are resolved, types agree, roundings are explicit, and every node keeps
the place it was written at (outside equality). The evaluator, the derivation,
the digest and the batch take exactly these nodes and trust them; a new node
needs a case in each, and ``assert_never`` makes mypy name them.

Bands, lookups, tables, the pipeline floor-cap-less-round-minimum, and every
library function are *built from* these nodes; ``origin`` says what a node was
built from, so that an explanation can still say "capped" and a mutation can
address ``amount.cap``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

from incentives.values.calendar import Duration

if TYPE_CHECKING:
    from incentives.diagnostics import Span
    from incentives.values.rounding import Mode
    from incentives.values.types import Type


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in Chinese and English; ``en`` falls back to ``zh``."""

    zh: str
    en: str | None = None

    def get(self, lang: str) -> str:
        """Return the text in ``lang`` (``zh`` or ``en``)."""
        return self.en if lang == "en" and self.en is not None else self.zh


class Role(StrEnum):
    """What a core node was built from, in the words of the rule file."""

    DEFINITION = "definition"
    BASE = "base"
    RATE = "rate"
    FIXED = "fixed"
    BAND = "band"
    TABLE = "table"
    FORMULA = "formula"
    LOOKUP = "lookup"
    FLOOR = "floor"
    CAP = "cap"
    LESS = "less"
    NOT_NEGATIVE = "not_negative"
    ROUND = "round"
    LEFT = "left"
    MINIMUM = "minimum"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node comes from: its role, a path into the rule file, and a label."""

    role: Role
    path: str = ""
    says: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has: the place it was written at and what it was built from."""

    span: Span | None = field(default=None, compare=False, repr=False)
    origin: Origin | None = field(default=None, compare=False, repr=False)


class CompareOp(StrEnum):
    """Comparison operators, spelled as in rule files."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class DateFunction(StrEnum):
    """Functions on dates; see ``values.calendar`` for what each means."""

    YEAR_OF = "year_of"
    START_OF = "start_of"
    END_OF = "end_of"
    ADD = "add"
    DAYS_BETWEEN = "days_between"
    MONTHS_BETWEEN = "months_between"
    YEARS_BETWEEN = "years_between"


class Fold(StrEnum):
    """How ``Over`` combines what its body gives for each item or year."""

    SUM = "sum"
    ANY = "any"
    ALL = "all"
    COUNT = "count"
    MIN = "min"
    MAX = "max"


class Per(StrEnum):
    """The time or thing over which payments are counted."""

    ITEM = "item"
    YEAR = "year"
    LIFETIME = "lifetime"


VERSION: Final = 1
"""Raised whenever a node changes its meaning; receipts record it."""

Constant: TypeAlias = bool | int | Fraction | date | str | Duration


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A constant. Money in fen."""

    value: Constant
    type: Type


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a parameter and the days it holds, both included; ``None`` is open."""

    value: Constant | tuple[Constant, ...]
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether ``day`` lies in the period."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Param(Node):
    """A named figure of a rule file, addressed by ``path``; ``by`` selects among dated values.

    ``span`` is where it is used, ``written`` where its values stand: one figure
    that is used in several places has one ``written``.
    """

    path: str
    values: tuple[Dated, ...]
    type: Type
    by: Expr | None = None
    clause: str | None = field(default=None, compare=False, repr=False)
    written: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A fact of the record that ``record`` names: an entity, or a comprehension's name."""

    record: str
    entity: str
    name: str
    type: Type
    year: Expr | None = None


@dataclass(frozen=True, slots=True)
class Var(Node):
    """The year that ``Over`` a span of years is at."""

    name: str


@dataclass(frozen=True, slots=True)
class On(Node):
    """The date of assessment."""


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Kleene's negation."""

    of: Expr


@dataclass(frozen=True, slots=True)
class All(Node):
    """Every operand holds; true of none."""

    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Any(Node):
    """At least ``at_least`` operands hold."""

    of: tuple[Expr, ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``left op right``; the checker guarantees that the types agree."""

    op: CompareOp
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class In(Node):
    """``of`` is one of the constants, or of the parameter's list."""

    of: Expr
    options: Param | tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class Within(Node):
    """The code lies at or below ``ancestor`` in its hierarchy; unknown if it is coarser."""

    code: Expr
    ancestor: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Add(Node):
    """The sum of the operands, exact."""

    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Neg(Node):
    """The operand with its sign changed."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Mul(Node):
    """``left * right``, exact."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Div(Node):
    """``left / right``, an exact rational; a zero divisor is a finding."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Pow(Node):
    """``base ** exponent``, the exponent a whole number of at most 100 in size."""

    base: Expr
    exponent: Expr


@dataclass(frozen=True, slots=True)
class Min(Node):
    """The smallest operand."""

    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Max(Node):
    """The largest operand."""

    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """One of two branches; the hull of both while the test is unknown."""

    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Pick(Node):
    """The one row whose test holds; two are a conflict, none is a finding."""

    rows: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr | None


@dataclass(frozen=True, slots=True)
class Fail(Node):
    """A finding: there is no value here."""

    code: str


@dataclass(frozen=True, slots=True)
class UpTo(Node):
    """A ceiling: somebody decides an amount from ``low`` to ``high``."""

    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class Round(Node):
    """The operand as a multiple of ``quantum``; the only place a value is rounded."""

    of: Expr
    quantum: Expr
    mode: Mode


@dataclass(frozen=True, slots=True)
class DateOp(Node):
    """A function on dates."""

    function: DateFunction
    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a list entity of the profile."""

    entity: str


@dataclass(frozen=True, slots=True)
class Years:
    """The years from ``start`` up to, not including, ``stop``."""

    start: Expr
    stop: Expr


@dataclass(frozen=True, slots=True)
class Over(Node):
    """Fold ``body`` over the items or years for which ``where`` holds."""

    fold: Fold
    source: Items | Years
    name: str
    body: Expr
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class AwardOf(Node):
    """What another incentive gives this applicant, after its total, before groups."""

    incentive: str


@dataclass(frozen=True, slots=True)
class GrantedOf(Node):
    """Whether another incentive is eligible."""

    incentive: str


@dataclass(frozen=True, slots=True)
class ReceivedOf(Node):
    """What was already paid: the sum, or with ``exists`` whether there was a payment."""

    incentive: str
    per: Per
    exists: bool = False


Expr: TypeAlias = (
    Const
    | Param
    | Fact
    | Var
    | On
    | Not
    | All
    | Any
    | Compare
    | In
    | Within
    | Add
    | Neg
    | Mul
    | Div
    | Pow
    | Min
    | Max
    | If
    | Pick
    | Fail
    | UpTo
    | Round
    | DateOp
    | Over
    | AwardOf
    | GrantedOf
    | ReceivedOf
)
