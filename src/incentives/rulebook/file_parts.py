"""The smaller parts of rule files, and the whole of vocabulary and region files.

See ``files`` for what the models are, the law they keep and the trap; nothing
else imports this module.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from incentives.rulebook.file_schema import Before, Model, Pattern, option

Id: TypeAlias = Annotated[str, Pattern("Id", r"^[a-z0-9][a-z0-9-]*$")]
Text: TypeAlias = Annotated[str, Pattern("Text", r"\S")]
Value: TypeAlias = str | int | date
"""A quantity or an expression as written; a count; a date."""
Many: TypeAlias = tuple[Value, ...]
Kind: TypeAlias = Literal[
    "award", "subsidy", "matching", "voucher", "tax_relief", "deduction", "credit", "loan",
    "insurance", "treatment", "priority", "service",
]  # fmt: skip
Entitlement: TypeAlias = Literal[
    "exact", "up_to", "case_by_case", "by_reference", "none", "exploratory"
]
FactType: TypeAlias = Literal[
    "bool", "count", "ratio", "money", "date", "choice", "region", "industry", "text"
]
Confidence: TypeAlias = Literal["high", "medium", "low"]


class Texts(Model):
    """One text in Chinese and, usually, English."""

    zh: Text
    en: Text | None = None


def _texts(raw: Any) -> Any:
    return {"zh": raw} if isinstance(raw, str) else raw


def _when(raw: Any) -> Any:
    return {"when": raw} if isinstance(raw, str) else raw


def incentive_only(raw: Any) -> Any:
    """Give an entry of ``overrides`` that is a bare id the form of a table."""
    return {"incentive": raw} if isinstance(raw, str) else raw


def _parameter(raw: Any) -> Any:
    """Give every form of a parameter the longest one."""
    if isinstance(raw, dict):
        return {"form": "table", "values": [raw]}
    if isinstance(raw, list) and raw and all(isinstance(entry, dict) for entry in raw):
        return {"form": "dated", "values": raw}
    return {"form": "plain", "values": [{"value": raw}]}


LooseTexts: TypeAlias = Annotated[Texts, Before(_texts)]
"""Texts, or one bare text that is read as the Chinese one."""


class PeriodModel(Model):
    """Both days inclusive, a missing one is open; and the day on which the end was announced."""

    from_: date | None = option(None, alias="from")
    until: date | None = None
    until_published: date | None = None


class RoundingModel(Model):
    """The one rounding of an amount; ``to`` is a quantity of money."""

    to: Text
    mode: Literal["down", "up", "half_up", "half_even"]
    basis: Literal["assumed", "stated"] = "assumed"
    clause: Text | None = None


class DatedValue(Model):
    """A parameter's value and the days, both inclusive, on which it is the value."""

    from_: date | None = option(None, alias="from")
    until: date | None = None
    value: Value | Many
    clause: Text | None = None


class ParameterValues(Model):
    """A parameter as one or more dated values, and the form it was written in."""

    form: Literal["plain", "table", "dated"]
    values: tuple[DatedValue, ...]

    def place(self, index: int) -> tuple[str | int, ...]:
        """Return the path, below the parameter's own, of the value of entry ``index``."""
        if self.form == "plain":
            return ()
        return ("value",) if self.form == "table" else (index, "value")


ParameterModel: TypeAlias = Annotated[ParameterValues, Before(_parameter)]
Parameters: TypeAlias = dict[str, ParameterModel]


# ---------------------------------------------------------------- vocabulary and regions


class EntityModel(Model):
    """The applicant, or an entity of which a profile lists any number."""

    label: Texts
    many: bool = False
    key: Text | None = None


class FactModel(Model):
    """One fact of an entity; ``per`` makes it a series by year."""

    type: FactType
    label: Texts
    per: Literal["year"] | None = None
    ask: Texts | None = None
    evidence: Texts | None = None
    choices: dict[str, Texts] = option(factory=dict)
    min: Value | None = None
    max: Value | None = None
    signed: bool = False
    changeable: bool = True
    check: Literal["uscc"] | None = None
    note: Texts | None = None


class LookupStep(Model):
    """``up_to`` is inclusive, ``below`` exclusive; the last step has neither."""

    up_to: Value | None = None
    below: Value | None = None
    gives: Value


class LookupModel(Model):
    """A figure looked up by another one."""

    of: Value
    steps: tuple[LookupStep, ...] = option(min_length=1)


class DefinitionModel(Model):
    """A named expression, or a lookup, that expressions may use."""

    id: Text
    name: Texts
    value: Value | None = None
    lookup: LookupModel | None = None
    parameters: Parameters = option(factory=dict)
    clause: Text | None = None
    quote: Text | None = None


class VocabularyFile(Model):
    """``vocabulary.toml``."""

    format: Literal[1]
    entity: dict[str, EntityModel] = option(factory=dict)
    fact: dict[str, dict[str, FactModel]] = option(factory=dict)
    definition: tuple[DefinitionModel, ...] = ()
    parameters: Parameters = option(factory=dict)


class RegionModel(Model):
    """One code of GB/T 2260: its names, the days it was in use and what followed it."""

    name: Texts
    from_: date | None = option(None, alias="from")
    until: date | None = None
    successor: Text | None = None


class RegionsFile(Model):
    """``regions.toml``."""

    format: Literal[1]
    region: dict[str, RegionModel] = option(factory=dict)


# ---------------------------------------------------------------- the parts of an incentive


class ConditionModel(Model):
    """A condition with exactly one of ``when unless all any``; parts of one need no id."""

    id: Id | None = None
    says: Texts | None = None
    when: Value | None = None
    unless: Value | None = None
    all_: tuple[Part, ...] | None = option(None, alias="all")
    any_: tuple[Part, ...] | None = option(None, alias="any")
    at_least: int | None = option(None, ge=1)
    clause: Text | None = None
    quote: Text | None = None


Part: TypeAlias = Annotated[ConditionModel, Before(_when)]


class BandStep(Model):
    """``up_to`` is inclusive, ``below`` exclusive; the last step may have neither."""

    up_to: Value | None = None
    below: Value | None = None
    rate: Value


class BandsModel(Model):
    """Rates by slice (``marginal``) or by the slice the whole falls in (``whole``)."""

    of: Value
    mode: Literal["marginal", "whole"]
    steps: tuple[BandStep, ...] = option(min_length=1)


class RowModel(Model):
    """A row of a table: exactly one of ``when`` and ``otherwise``."""

    when: Value | None = None
    otherwise: Literal[True] | None = None
    amount: Value
    says: Texts | None = None
    entitlement: Entitlement | None = None
    at_least: Value | None = None
    clause: Text | None = None


class AmountModel(Model):
    """One source (``fixed``, ``base`` × ``rate``, ``bands``, ``table``, ``formula``); limits."""

    fixed: Value | None = None
    base: Value | None = None
    rate: Value | None = None
    bands: BandsModel | None = None
    table: tuple[RowModel, ...] | None = option(None, min_length=1)
    hit: Literal["unique", "first"] | None = None
    formula: Value | None = None
    floor: Value | None = None
    cap: Value | None = None
    less: Value | None = None
    round: RoundingModel | None = None
    minimum: Value | None = None


class TotalModel(Model):
    """A limit on the sum over items."""

    cap: Value
    per: Literal["year", "lifetime"] | None = None
    by: Value | None = None
    clause: Text | None = None
    quote: Text | None = None


class InstalmentModel(Model):
    """A part of the amount and when it is due: exactly one of ``share`` and ``amount``."""

    share: Value | None = None
    amount: Value | None = None
    from_: date | str | None = option(None, alias="from")
    until: date | str | None = None
    when: Value | None = None
    says: Texts | None = None
    clause: Text | None = None


class BudgetModel(Model):
    """A limited purse: ``amount`` by ``rule``, or ``places`` by ``rank_by``."""

    amount: Value | None = None
    rule: Literal["pro_rata"] | None = None
    places: Value | None = None
    rank_by: Value | None = None
    clause: Text | None = None
    quote: Text | None = None


class ShareModel(Model):
    """What one payer bears."""

    payer: Text
    share: Value


class FundingModel(Model):
    """Who bears the cost of this one incentive."""

    shares: tuple[ShareModel, ...] = option(min_length=1)
    residual: Text
    clause: Text | None = None
    quote: Text | None = None


class OverrideModel(Model):
    """An incentive that this one replaces, when ``when`` holds."""

    incentive: Text
    when: Value | None = None


class NoteModel(Model):
    """What the text leaves open and how it was read."""

    about: Text
    says: Texts
    confidence: Confidence | None = None


class AcceptModel(Model):
    """Changes of the rules that no case notices, or warnings that are meant, and why."""

    because: Texts
    mutation: tuple[Text, ...] = ()
    lint: tuple[Text, ...] = ()


class ExpectModel(Model):
    """What a case expects; only the keys that are given are compared."""

    status: Literal["eligible", "ineligible", "undetermined", "not_applicable"]
    reason: Text | None = None
    amount: Value | None = None
    low: Value | None = None
    high: Value | None = None
    failed: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    funding: dict[str, Value] | None = None


class CaseModel(Model):
    """A worked example; ``facts`` is a profile."""

    name: Text
    on: date
    expect: ExpectModel
    facts: dict[str, Any] = option(factory=dict)
    reading: Id | None = None
    assume_no_history: bool = False
    same_for: dict[str, tuple[Value, ...]] | None = None
