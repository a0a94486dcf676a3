"""What may stand in the files of a rules directory, key by key (LANGUAGE.md §1, §3 and §5).

The models say which keys exist and what sort of TOML value each holds. They
keep expressions and quantities as the text that was written: what a text means
is the business of ``language`` and of the lowering. Nothing past the lowering
sees a model.

The law kept here: ``read_file`` returns a model or findings, never both and
never an exception, and *every* finding of a file at once. Faults between keys
(exactly one of, one needs the other) are found in ``file_checks`` on the plain
data, so that a misspelt key elsewhere does not hide them.

The trap: some things may be written in a short form, and the model has the long
one. A parameter ``rate = "10%"`` is ``ParameterModel(values=(DatedValue(...),))``,
an entry of ``overrides`` or of ``any`` may be a bare text. Ask
``ParameterModel.place(i)`` for the place of a value; for the others the long
path is good enough, because the locator falls back to the nearest place that
exists. The models are no ``pydantic.BaseModel``: see ``file_schema`` for why.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date  # noqa: TC003 - annotations are read when a validator is built
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic_core import ValidationError

from incentives.diagnostics import Finding, fault
from incentives.rulebook import file_checks
from incentives.rulebook.file_parts import (
    AcceptModel,
    AmountModel,
    BandsModel,
    BandStep,
    BudgetModel,
    CaseModel,
    ConditionModel,
    Confidence,
    DatedValue,
    DefinitionModel,
    Entitlement,
    EntityModel,
    ExpectModel,
    FactModel,
    FundingModel,
    Id,
    InstalmentModel,
    Kind,
    LookupModel,
    LookupStep,
    LooseTexts,
    NoteModel,
    OverrideModel,
    ParameterModel,
    Parameters,
    ParameterValues,
    PeriodModel,
    RegionModel,
    RegionsFile,
    RoundingModel,
    RowModel,
    ShareModel,
    Text,
    Texts,
    TotalModel,
    Value,
    VocabularyFile,
    incentive_only,
)
from incentives.rulebook.file_schema import Before, Model, option
from incentives.rulebook.toml import MAX_FINDINGS, read_toml

if TYPE_CHECKING:
    from incentives.diagnostics import Source
    from incentives.rulebook.locate import Locator

__all__ = [
    "AcceptModel",
    "AmountModel",
    "AnyFile",
    "BandStep",
    "BandsModel",
    "BudgetModel",
    "CaseModel",
    "ConditionModel",
    "DatedValue",
    "DefinitionModel",
    "DocumentModel",
    "EntityModel",
    "ExpectModel",
    "FactModel",
    "FundModel",
    "FundReadingModel",
    "FundingModel",
    "GroupModel",
    "IncentiveModel",
    "InstalmentModel",
    "LookupModel",
    "LookupStep",
    "NoteModel",
    "OverrideModel",
    "ParameterModel",
    "ParameterValues",
    "Parameters",
    "PeriodModel",
    "ReadingModel",
    "RegionModel",
    "RegionsFile",
    "RoundingModel",
    "RowModel",
    "RuleFile",
    "ShareModel",
    "SourceModel",
    "SplitModel",
    "TargetModel",
    "Texts",
    "TotalModel",
    "Value",
    "VocabularyFile",
    "file_kind",
    "read_file",
]


class _Keys(Model):
    """Every key that a reading may change: all of an incentive's but a few."""

    name: Texts | None = None
    kind: Kind | None = None
    recipient: tuple[Text, ...] | None = option(None, min_length=1)
    clause: Text | None = None
    quote: Text | None = None
    entitlement: Entitlement | None = None
    each: Text | None = None
    dated_by: Text | None = None
    where: Literal["anywhere"] | None = None
    effective: PeriodModel | None = None
    published: date | None = None
    paid_to: LooseTexts | None = None
    refers_to: LooseTexts | None = None
    at_least: Value | None = None
    decreasing: LooseTexts | None = None
    once: Literal["lifetime", "year", "item"] | None = None
    distinct: Text | None = None
    keep: Literal["first", "largest"] | None = None
    overrides: tuple[Annotated[OverrideModel, Before(incentive_only)], ...] = ()
    parameters: Parameters = option(factory=dict)
    condition: tuple[ConditionModel, ...] = ()
    amount: AmountModel | None = None
    total: tuple[TotalModel, ...] = ()
    instalment: tuple[InstalmentModel, ...] = ()
    budget: BudgetModel | None = None
    funding: FundingModel | None = None
    note: tuple[NoteModel, ...] = ()


class ReadingModel(_Keys):
    """Another reading of the text; ``model_fields_set`` tells which keys it changes."""

    id: Id
    says: Texts
    confidence: Confidence | None = None
    question: Id | None = None
    default: bool = False
    drop: tuple[Id, ...] = ()


class IncentiveModel(_Keys):
    """One incentive, or one version of it."""

    id: Id
    name: Texts
    kind: Kind
    recipient: tuple[Text, ...] = option(min_length=1)
    clause: Text
    entitlement: Entitlement
    summary: Texts | None = None
    apply: LooseTexts | None = None
    reading: tuple[ReadingModel, ...] = ()
    case: tuple[CaseModel, ...] = ()
    accept: tuple[AcceptModel, ...] = ()


# ---------------------------------------------------------------- a rule file


class SourceModel(Model):
    """The document's text, as it was read."""

    name: Text
    sha256: Text | None = None


class DocumentModel(Model):
    """The policy document whose incentives the file holds."""

    id: Id
    title: Texts
    issuer: Texts
    jurisdiction: Text
    legal_status: Literal["in_force", "repealed", "draft", "historical"]
    effective: PeriodModel = option(factory=dict)
    published: date | None = None
    source: SourceModel | None = None
    rounding: RoundingModel | None = None


class SplitReadingModel(Model):
    """Another reading of who bears the cost."""

    id: Id
    says: Texts
    shares: tuple[ShareModel, ...] = option(min_length=1)
    residual: Text
    confidence: Confidence | None = None


class SplitModel(Model):
    """Who bears the cost, for incentives of any document."""

    id: Id
    of: tuple[Text, ...] = option(min_length=1)
    shares: tuple[ShareModel, ...] = option(min_length=1)
    residual: Text
    name: Texts | None = None
    clause: Text | None = None
    quote: Text | None = None
    reading: tuple[SplitReadingModel, ...] = ()
    note: tuple[NoteModel, ...] = ()


class GroupModel(Model):
    """Incentives that are not simply added up."""

    id: Id
    members: tuple[Text, ...] = option(min_length=1)
    rule: Literal["highest", "cap", "top_up"]
    limit: Value | None = None
    per: Literal["item", "year", "lifetime"] | None = None
    name: Texts | None = None
    clause: Text | None = None
    quote: Text | None = None
    note: tuple[NoteModel, ...] = ()


def _pays(raw: Any) -> Any:
    """Take a list of incentives for a text: what a fund pays is told, never computed."""
    if isinstance(raw, list) and raw and all(isinstance(entry, str) for entry in raw):
        return {"zh": "、".join(raw), "en": ", ".join(raw)}
    return {"zh": raw} if isinstance(raw, str) else raw


class _FundKeys(Model):
    """What a reading of a fund may change."""

    amount: Value | None = None
    year: int | None = None
    lending_capacity: Value | None = None
    pays: Annotated[Texts, Before(_pays)] | None = None
    parameters: Parameters = option(factory=dict)


class FundReadingModel(_FundKeys):
    """Another reading of a fund's text."""

    id: Id
    says: Texts
    confidence: Confidence | None = None
    question: Id | None = None
    default: bool = False


class FundModel(_FundKeys):
    """Public money: a risk pool, a special fund."""

    id: Id
    name: Texts
    clause: Text
    quote: Text | None = None
    reading: tuple[FundReadingModel, ...] = ()
    note: tuple[NoteModel, ...] = ()


class TargetModel(Model):
    """A KPI target; without ``value`` the text names no figure."""

    id: Id
    metric: Texts
    clause: Text
    quote: Text | None = None
    comparison: Literal[">=", ">", "==", "<=", "<"] | None = None
    value: Value | None = None
    unit: LooseTexts | None = None
    region: Text | None = None
    due: int | None = None
    soft: bool = False
    note: tuple[NoteModel, ...] = ()


class RuleFile(Model):
    """One policy document's file."""

    format: Literal[1]
    document: DocumentModel
    parameters: Parameters = option(factory=dict)
    definition: tuple[DefinitionModel, ...] = ()
    incentive: tuple[IncentiveModel, ...] = ()
    group: tuple[GroupModel, ...] = ()
    split: tuple[SplitModel, ...] = ()
    fund: tuple[FundModel, ...] = ()
    target: tuple[TargetModel, ...] = ()


AnyFile: TypeAlias = RuleFile | VocabularyFile | RegionsFile


def read_file(source: Source) -> tuple[AnyFile | None, Locator, list[Finding]]:
    """Read one file of a rules directory.

    Returns the model (None when there is any finding), the locator for places
    in the file, and the findings, in the order of the file. Never raises.
    """
    model, locator, findings = read_as_meant(source)
    return (None if findings else model), locator, findings


def read_as_meant(source: Source) -> tuple[AnyFile | None, Locator, list[Finding]]:
    """Read one file as ``read_file`` does, with the model that was probably meant.

    When nothing but misspelt keys is wrong and each has one near name, the model
    has the values under those names: what is wrong inside them is then told in the
    same round. Such a model may be checked, never used.
    """
    data, locator, findings = read_toml(source)
    if data is None:
        return None, locator, findings
    kind = file_kind(source.path, data)
    model: AnyFile | None = None
    meant: AnyFile | None = None
    mended: dict[str, Any] | None = None
    wrong: list[Finding] = []
    try:
        model = kind.model_validate(data)
    except ValidationError as error:
        from incentives.rulebook.file_errors import respelt, translate

        wrong = translate(kind, error, data, locator)
        mended = respelt(kind, error, data, locator) if not findings else None
    between = file_checks.check(mended or data, kind.__name__, locator)
    if mended is not None and not between:
        with suppress(ValidationError):
            meant = kind.model_validate(mended)
    findings += [*between, *wrong]
    findings.sort(key=_place)
    if len(findings) > MAX_FINDINGS:
        said = (
            f"there are more than {MAX_FINDINGS} findings; the others are not shown",
            f"错误超过{MAX_FINDINGS}处，其余不再列出",
        )
        findings[MAX_FINDINGS:] = [fault("E004", said)]
    return (meant if findings else model), locator, findings


def file_kind(path: str, data: dict[str, Any]) -> type[AnyFile]:
    """Tell by the name of a file, then by what is in it, which model it has."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    if name == "vocabulary.toml":
        return VocabularyFile
    if name == "regions.toml":
        return RegionsFile
    if "document" not in data:
        if "entity" in data or "fact" in data:
            return VocabularyFile
        if "region" in data:
            return RegionsFile
    return RuleFile


def _place(finding: Finding) -> tuple[int, str]:
    start = finding.labels[0].span.start if finding.labels else 0
    return start, finding.code
