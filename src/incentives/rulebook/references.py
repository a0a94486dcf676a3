"""Ids that point at other entries: they exist, no circle, no member twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from incentives.diagnostics import Finding, Label, Span, fault
from incentives.language import core
from incentives.language.names import meant
from incentives.language.walk import walk
from incentives.rulebook.model import Condition, Group, Incentive, LegalStatus, Split, Version

Refs = Mapping[str, set[tuple[str, Span | None]]]


def check_references(
    incentives: Mapping[str, Incentive],
    groups: Sequence[Group],
    splits: Sequence[Split],
    refs: Refs,
    findings: list[Finding],
) -> None:
    """Report every id that names nothing, and relations that cannot be carried out."""
    known = set(incentives)
    for name, targets in refs.items():
        for target, span in sorted(targets, key=lambda pair: pair[0]):
            _exists(target, known, span, findings)
            if target in incentives and name in incentives:
                _law_leans_on_draft(incentives[name], incentives[target], span, findings)
    for incentive in incentives.values():
        for version in incentive.versions:
            for override in version.overrides:
                _exists(override.incentive, known, version.span, findings)
    _groups(incentives, groups, findings)
    _splits(incentives, splits, findings)


def _exists(target: str, known: Iterable[str], span: Span | None, findings: list[Finding]) -> None:
    names = sorted(known)
    if target in names:
        return
    labels = (Label(span, "names nothing", "没有这一项"),) if span is not None else ()
    findings.append(
        fault(
            "E216",
            (f"there is no incentive `{target}`", f"没有“{target}”这个事项"),
            *labels,
            help=meant(target, names) or ("an id is document/incentive", "编号的写法是“文件/事项”"),
        )
    )


def _law_leans_on_draft(
    incentive: Incentive, target: Incentive, span: Span | None, findings: list[Finding]
) -> None:
    drafts = [each.document.legal_status is LegalStatus.DRAFT for each in (incentive, target)]
    if drafts == [False, True]:
        labels = (Label(span, "this is a draft", "这是征求意见稿"),) if span is not None else ()
        findings.append(
            fault(
                "E273",
                (
                    f"`{incentive.id}` is law and refers to the draft `{target.id}`",
                    f"“{incentive.id}”是正式政策，却引用了征求意见稿“{target.id}”",
                ),
                *labels,
                help=(
                    "a draft never affects a decision of the law",
                    "征求意见稿不能影响正式政策的结论",
                ),
            )
        )


def _groups(
    incentives: Mapping[str, Incentive], groups: Sequence[Group], findings: list[Finding]
) -> None:
    ids = {group.id for group in groups}
    owner: dict[str, Group] = {}
    for group in groups:
        for member in group.members:
            _exists(member, {*incentives, *ids}, group.span, findings)
            if member in owner:
                spans = [s for s in (group.span, owner[member].span) if s is not None]
                findings.append(
                    fault(
                        "E274",
                        (f"`{member}` is a member of two groups", f"“{member}”同时属于两个组合"),
                        *map(Label, spans),
                        help=(
                            "make one group a member of the other",
                            "把其中一个组合作为另一个的成员",
                        ),
                    )
                )
            owner[member] = group
    for group in groups:
        seen = [group.id]
        above = owner.get(group.id)
        while above is not None and above.id not in seen:
            seen.append(above.id)
            above = owner.get(above.id)
        if above is not None and above.id == group.id:
            labels = (Label(group.span),) if group.span else ()
            circle = " → ".join([*seen, group.id])
            said = f"groups form a circle: {circle}", f"组合互相包含，绕成了圈：{circle}"
            findings.append(fault("E270", said, *labels))


def _splits(
    incentives: Mapping[str, Incentive], splits: Sequence[Split], findings: list[Finding]
) -> None:
    owner: dict[str, Span | None] = {
        incentive.id: version.funding.span
        for incentive in incentives.values()
        for version in incentive.versions
        if version.funding is not None
    }
    for split in splits:
        for member in split.of:
            _exists(member, incentives, split.span, findings)
            if member in owner:
                spans = [s for s in (split.span, owner[member]) if s is not None]
                findings.append(
                    fault(
                        "E275",
                        (
                            f"two splits say who pays for `{member}`",
                            f"有两处规定“{member}”由谁分担",
                        ),
                        *map(Label, spans),
                        help=("keep one", "只留一处"),
                    )
                )
            owner[member] = split.span


def asked_per_item(incentive: Incentive, siblings: frozenset[str]) -> Incentive:
    """Return an incentive whose conditions on ``award`` or ``granted`` of siblings are per item."""

    def condition(old: Condition) -> Condition:
        parts = tuple(map(condition, old.parts))
        asks = any(
            isinstance(node, core.AwardOf | core.GrantedOf) and node.incentive in siblings
            for node in walk(old.test)
        )
        return replace(old, parts=parts, per_item=old.per_item or asks)

    def version(old: Version) -> Version:
        return replace(old, conditions=tuple(map(condition, old.conditions)))

    readings = tuple(
        replace(reading, versions=tuple(map(version, reading.versions)))
        for reading in incentive.readings
    )
    return replace(incentive, versions=tuple(map(version, incentive.versions)), readings=readings)
