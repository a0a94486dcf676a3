"""A loaded rulebook: checked, immutable data that every engine reads.

Nothing here needs Python to be understood, and nothing looks back at the
files but the spans. Money is in fen; every expression is core.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.diagnostics import Finding, Source, Span
    from incentives.language.core import Const, Expr, Per, Text
    from incentives.language.names import EntitySpec, FactSpec
    from incentives.values.rounding import Mode


class LegalStatus(StrEnum):
    """Whether a document is law."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    DRAFT = "draft"
    HISTORICAL = "historical"


class Kind(StrEnum):
    """What an incentive is; the monetary kinds enter totals."""

    AWARD = "award"
    SUBSIDY = "subsidy"
    MATCHING = "matching"
    VOUCHER = "voucher"
    TAX_RELIEF = "tax_relief"
    DEDUCTION = "deduction"
    CREDIT = "credit"
    LOAN = "loan"
    INSURANCE = "insurance"
    TREATMENT = "treatment"
    PRIORITY = "priority"
    SERVICE = "service"


MONETARY: Final = frozenset(
    {Kind.AWARD, Kind.SUBSIDY, Kind.MATCHING, Kind.VOUCHER, Kind.TAX_RELIEF}
)


class Entitlement(StrEnum):
    """How far the text binds the payer."""

    EXACT = "exact"
    UP_TO = "up_to"
    CASE_BY_CASE = "case_by_case"
    BY_REFERENCE = "by_reference"
    NONE = "none"
    EXPLORATORY = "exploratory"


class Keep(StrEnum):
    """Which item of several with one value is paid."""

    FIRST = "first"
    LARGEST = "largest"


class GroupRule(StrEnum):
    """How the members of a group share one payment."""

    HIGHEST = "highest"
    CAP = "cap"
    TOP_UP = "top_up"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included; ``None`` is open.

    ``until_published`` is the day on which the end was announced, where that is
    not the day of the rest.
    """

    since: date | None = None
    until: date | None = None
    until_published: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether ``day`` lies in the period."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def meets(self, other: Period) -> bool:
        """Say whether the two periods share a day."""
        return (self.since or date.min) <= (other.until or date.max) and (
            other.since or date.min
        ) <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """How final amounts are rounded: quantum in fen, mode, and whether the text says so."""

    quantum: int
    mode: Mode
    basis: str
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document."""

    id: str
    title: Text
    issuer: Text
    jurisdiction: str
    legal_status: LegalStatus
    effective: Period
    published: date | None
    rounding: RoundingRule | None
    source: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: its test, and the parts that ``any``/``all`` were written with."""

    id: str
    says: Text
    test: Expr
    parts: tuple[Condition, ...] = ()
    at_least: int | None = None
    per_item: bool = False
    clause: str | None = None
    quote: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """A cap over items: per value of ``by``, per year or lifetime."""

    cap: Expr
    per: Per | None = None
    by: Expr | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an award: a share of it or an amount, and when it falls due."""

    share: Expr | None
    amount: Expr | None
    since: Expr | None
    until: Expr | None
    when: Expr | None
    says: Text | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A payer's part of the cost."""

    payer: str
    share: Expr


@dataclass(frozen=True, slots=True)
class Split:
    """Who bears the cost; a tie of largest-remainder rounding goes to ``residual``.

    With ``document`` it binds payers in that document's region and period only;
    an incentive's own ``funding`` has none.
    """

    id: str
    of: tuple[str, ...]
    shares: tuple[Share, ...]
    residual: str
    clause: str | None = None
    quote: str | None = None
    name: Text | None = None
    notes: tuple[Note, ...] = ()
    readings: tuple[SplitReading, ...] = ()
    document: Document | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SplitReading:
    """Another way to read who bears the cost."""

    id: str
    says: Text
    shares: tuple[Share, ...]
    residual: str
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """A limited purse: one profile alone gets from zero to its full amount."""

    amount: Expr | None
    rule: str | None
    places: Expr | None
    rank_by: Expr | None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the text leaves open, and how it was taken."""

    about: str
    says: Text
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """This incentive replaces ``incentive`` while ``when`` holds."""

    incentive: str
    when: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An incentive as it reads during one period, under one reading."""

    period: Period
    published: date | None
    name: Text
    applicability: tuple[Condition, ...]
    conditions: tuple[Condition, ...]
    entitlement: Entitlement
    amount: Expr | None
    each: str | None
    dated_by: Expr | None
    once: Per | None
    distinct: Expr | None
    keep: Keep
    totals: tuple[Total, ...]
    instalments: tuple[Instalment, ...]
    budget: Budget | None
    overrides: tuple[Override, ...]
    funding: Split | None
    paid_to: Text | None
    refers_to: Text | None
    clause: str
    quote: str | None
    notes: tuple[Note, ...]
    decreasing: str | None
    less: Expr | None = None
    apply: Text | None = None
    summary: Text | None = None
    rounding: RoundingRule | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of an ambiguous text: the versions it makes; the default is the entry itself.

    ``entry`` is where the entry stands that it is a reading of.
    """

    id: str
    says: Text
    default: bool
    versions: tuple[Version, ...]
    question: str | None = None
    confidence: str | None = None
    entry: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example inside a rule file: facts, a date, and what must come out."""

    name: str
    incentive: str
    on: date
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    reading: str | None = None
    assume_no_history: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is meant, and why: changes no case notices, by their ids; warnings, by their codes."""

    mutations: tuple[str, ...]
    warnings: tuple[str, ...]
    because: Text
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Incentive:
    """An incentive: one or more versions by date, and its readings."""

    id: str
    document: Document
    kind: Kind
    recipient: tuple[str, ...]
    versions: tuple[Version, ...]
    readings: tuple[Reading, ...] = ()
    cases: tuple[Case, ...] = ()
    depends_on: frozenset[str] = frozenset()
    accepted: tuple[Accepted, ...] = ()

    @property
    def name(self) -> Text:
        """The name of the newest version."""
        return self.versions[-1].name

    @property
    def each(self) -> str | None:
        """The list entity that is assessed item by item, if any."""
        return self.versions[0].each

    @property
    def entitlement(self) -> Entitlement:
        """How far the text binds the payer; one for all versions."""
        return self.versions[0].entitlement

    @property
    def is_monetary(self) -> bool:
        """Whether what it gives is money to the applicant, counted in totals."""
        return self.kind in MONETARY and self.versions[0].paid_to is None


@dataclass(frozen=True, slots=True)
class Group:
    """Incentives that share one payment; a member may be another group."""

    id: str
    members: tuple[str, ...]
    rule: GroupRule
    limit: Expr | None
    per: Per | None
    clause: str | None = None
    quote: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class FundReading:
    """Another way to read a fund's figures."""

    id: str
    says: Text
    amount: Expr | None
    lending_capacity: Expr | None
    default: bool = False
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Fund:
    """Public money: a risk pool, a special fund."""

    id: str
    document: Document
    name: Text
    clause: str
    quote: str | None
    amount: Expr | None
    lending_capacity: Expr | None
    year: int | None = None
    pays: Text | None = None
    readings: tuple[FundReading, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A KPI of a plan; never mixed with what an applicant receives."""

    id: str
    document: Document
    metric: Text
    comparison: str | None
    value: Const | None
    unit: Text | None
    region: str | None
    due: int | None
    soft: bool
    clause: str
    quote: str | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative region of GB/T 2260."""

    code: str
    name: Text
    period: Period = Period()
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The entities and facts a profile may state."""

    entities: Mapping[str, EntitySpec]
    facts: Mapping[tuple[str, str], FactSpec]
    regions: Mapping[str, Region] = field(default_factory=dict)
    specs: Mapping[str, Mapping[str, FactSpec]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the facts by entity, in declared order."""
        specs: dict[str, dict[str, FactSpec]] = {name: {} for name in self.entities}
        for (entity, name), spec in self.facts.items():
            specs[entity][name] = spec
        object.__setattr__(self, "specs", specs)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that was loaded, in an order that fits ``award`` and ``granted``.

    ``sources`` are the files it was loaded from, in the order they were read.
    """

    vocabulary: Vocabulary
    documents: Mapping[str, Document]
    incentives: Mapping[str, Incentive]
    groups: tuple[Group, ...]
    splits: tuple[Split, ...]
    funds: tuple[Fund, ...]
    targets: tuple[Target, ...]
    warnings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = field(default=(), compare=False, repr=False)
