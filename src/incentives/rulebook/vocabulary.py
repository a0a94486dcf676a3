"""Vocabulary and region files to the facts that profiles may state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import Finding, Label, Pair, fault
from incentives.language.core import Const, Text
from incentives.language.functions import NAMES
from incentives.language.names import (
    APPLICANT,
    DECIDED,
    RECEIVED,
    RESERVED,
    EntitySpec,
    FactSpec,
    is_name,
)
from incentives.rulebook.lowering import Lowering, Path, text_of
from incentives.rulebook.model import Period, Region
from incentives.values.types import NUMERIC, ORDERED, Kind, Type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.rulebook.files import FactModel, RegionsFile, VocabularyFile
    from incentives.rulebook.locate import Locator

Entities = dict[str, EntitySpec]
Facts = dict[tuple[str, str], FactSpec]


# Facts of the two built-in lists: entity, name, kind, label and question in both languages.
_FACTS: Final = (
    (RECEIVED, "incentive", Kind.TEXT, "政策条目", "Incentive", "领取的是哪一项？", "Which incentive was it?"),
    (RECEIVED, "amount", Kind.MONEY, "金额", "Amount", "领取了多少？", "How much was received?"),
    (RECEIVED, "year", Kind.COUNT, "年度", "Year", "是哪一年度的？", "For which year?"),
    (RECEIVED, "item", Kind.TEXT, "对应项目", "Item", "对应哪个合同或项目？", "For which contract or project?"),
    (DECIDED, "incentive", Kind.TEXT, "政策条目", "Incentive", "核定的是哪一项？", "Which incentive was decided?"),
    (DECIDED, "amount", Kind.MONEY, "金额", "Amount", "核定金额是多少？", "What amount was decided?"),
    (DECIDED, "decided_on", Kind.DATE, "决定日期", "Decided on", "何时核定的？", "When was it decided?"),
    (DECIDED, "item", Kind.TEXT, "对应项目", "Item", "对应哪个合同或项目？", "For which contract or project?"),
)  # fmt: skip


def built_in() -> tuple[Entities, Facts]:
    """Return the two lists every vocabulary has: past payments and recorded decisions."""
    entities = {
        RECEIVED: EntitySpec(RECEIVED, Text("已获资助", "Payments received"), many=True),
        DECIDED: EntitySpec(DECIDED, Text("已作决定", "Decisions recorded"), many=True),
    }
    facts = {}
    for entity, name, kind, zh, en, ask_zh, ask_en in _FACTS:
        lo = 0 if kind in NUMERIC else None
        label, ask = Text(zh, en), Text(ask_zh, ask_en)
        spec = FactSpec(entity, name, Type(kind), label, ask=ask, lo=lo, order=10**6)
        facts[entity, name] = spec
    return entities, facts


_BUILT_IN: Final = (RECEIVED, DECIDED)


def lower_vocabulary(
    files: Iterable[tuple[VocabularyFile, Locator]], findings: list[Finding]
) -> tuple[Entities, Facts]:
    """Merge vocabulary files; one name with two meanings is an error that shows both places."""
    entities, facts = built_in()
    for model, locator in files:
        low = Lowering(locator, findings, entities, facts)
        for name, entity in model.entity.items():
            path: Path = ("entity", name)
            spec = EntitySpec(
                name, text_of(entity.label) or Text(name), entity.many, entity.key, low.span(path)
            )
            if name in _BUILT_IN:
                low.report(
                    "E250", (f"`{name}` is built in", f"“{name}”是内置的，不能重新定义"), path
                )
                continue
            _name(low, name, path)
            if name in entities and entities[name] != spec:
                _clash(findings, (f"entity `{name}`", f"实体“{name}”"), spec, entities[name])
            else:
                entities.setdefault(name, spec)
        for owner, table in model.fact.items():
            for name, fact in table.items():
                path = ("fact", owner, name)
                _name(low, name, path)
                read = _lower_fact(low, owner, name, fact, path, len(facts))
                old = facts.get((owner, name))
                if owner not in model.entity and owner not in entities:
                    low.report(
                        "E251", (f"there is no entity `{owner}`", f"没有“{owner}”这个实体"), path
                    )
                elif old is not None and _meaning(old) != _meaning(read):
                    what = f"fact `{owner}.{name}`", f"事实“{owner}.{name}”"
                    _clash(findings, what, read, old)
                else:
                    facts.setdefault((owner, name), read)
    _complete(entities, facts, findings)
    return entities, facts


def _meaning(spec: FactSpec) -> Any:
    return (spec.type, spec.series, spec.lo, spec.hi, spec.label, spec.changeable)


def _name(low: Lowering, name: str, path: Path) -> None:
    # A fact always stands behind its entity, so `contract.year` is not the year.
    is_fact = path[0] == "fact"
    if not is_name(name, NAMES) and not (is_fact and name in RESERVED):
        low.no_name(name, path, key=True)


def _clash(findings: list[Finding], what: Pair, new: Any, old: Any) -> None:
    places = (new.span, ("here", "在这里")), (old.span, ("and here", "又在这里"))
    labels = (Label(span, *note) for span, note in places if span)
    findings.append(
        fault(
            "E234",
            (f"the {what[0]} has two meanings", f"{what[1]}有两种意思"),
            *labels,
            help=("keep one, or use two names", "只留一处，或用两个名称"),
        )
    )


def _complete(entities: Entities, facts: Facts, findings: list[Finding]) -> None:
    if APPLICANT not in entities:
        findings.append(
            fault(
                "E252",
                ("the vocabulary has no entity `applicant`", "词汇表里没有“applicant”这个实体"),
                help=(
                    "add [entity.applicant] to vocabulary.toml",
                    "在 vocabulary.toml 里补上 [entity.applicant]",
                ),
            )
        )
    for name, entity in entities.items():
        if entity.key is not None:
            spec = facts.get((name, entity.key))
            if spec is None or spec.type.kind is not Kind.TEXT:
                labels = (Label(entity.span),) if entity.span else ()
                said = (
                    f"the key `{entity.key}` of `{name}` is not a text fact",
                    f"“{name}”的编号“{entity.key}”不是种类为文本的事实",
                )
                findings.append(fault("E253", said, *labels))


def _lower_fact(
    low: Lowering, entity: str, name: str, model: FactModel, path: Path, order: int
) -> FactSpec:
    kind = Kind(model.type)
    options = frozenset(model.choices) if kind is Kind.CHOICE else None
    if kind is Kind.CHOICE and not model.choices:
        low.report(
            "E254",
            ("a choice lists its words", "种类为选项的事实要列出各个选项"),
            path,
            help=(
                'add choices.word = { zh = "…", en = "…" }',
                '补上 choices.选项 = { zh = "…", en = "…" }',
            ),
        )
    if kind is not Kind.CHOICE and model.choices:
        low.report(
            "E254",
            (f"a {kind} has no choices", f"种类为{kind.zh}的事实没有选项"),
            (*path, "choices"),
            help=('write type = "choice"', '写成 type = "choice"'),
        )
    fact_type = Type(kind, options)
    lo = _bound(low, model.min, (*path, "min"), fact_type)
    hi = _bound(low, model.max, (*path, "max"), fact_type)
    if lo is None and kind in NUMERIC and not model.signed:
        lo = 0
    if lo is not None and hi is not None and lo > hi:
        low.report("E255", ("min is above max", "“min”大于“max”"), (*path, "min"))
    return FactSpec(
        entity,
        name,
        fact_type,
        text_of(model.label) or Text(name),
        series=model.per is not None,
        ask=text_of(model.ask),
        evidence=text_of(model.evidence),
        choices={word: text_of(label) or Text(word) for word, label in model.choices.items()},
        lo=lo,
        hi=hi,
        changeable=model.changeable,
        check=model.check,
        order=order,
        span=low.span(path),
    )


def _bound(low: Lowering, raw: Any, path: Path, kind: Type) -> Any:
    if raw is None:
        return None
    if kind.kind not in ORDERED:
        low.report(
            "E255",
            (f"a {kind} has no least or most", f"种类为{kind.zh}的事实没有最小值和最大值"),
            path,
        )
        return None
    typed = low.typed(raw, path, low.scope({}, path), kind)
    return typed.expr.value if typed is not None and isinstance(typed.expr, Const) else None


def lower_regions(
    files: Iterable[tuple[RegionsFile, Locator]], findings: list[Finding]
) -> dict[str, Region]:
    """Merge region files."""
    out: dict[str, Region] = {}
    spots: dict[str, Label] = {}
    for model, locator in files:
        for code, item in model.region.items():
            label = Label(locator.span(("region", code)))
            region = Region(
                code,
                Text(item.name.zh, item.name.en),
                Period(item.from_, item.until),
                item.successor,
            )
            if out.setdefault(code, region) != region:
                said = f"the region {code} has two meanings", f"地区{code}有两种意思"
                findings.append(fault("E234", said, label, spots[code]))
            spots.setdefault(code, label)
    for code, region in out.items():
        if region.successor is not None and region.successor not in out:
            said = (
                f"{code} is followed by {region.successor}, which is not listed",
                f"{code}之后改为{region.successor}，而后者没有列出",
            )
            findings.append(fault("E251", said, spots[code]))
    return out
