"""The slips that are made outside expressions: whole keys of an entry, and relations.

Periods, recipients, the jurisdiction, conditions left out, caps over items,
rounding, what replaces what, the rule and members of a group, who bears the
cost.

The law kept: what a document says once for all its incentives (its period,
jurisdiction and rounding) is one site, used by each of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.mutant import Draft, Make, members_of
from incentives.authoring.neighbours import figure_text, regions_near
from incentives.authoring.rewrite import rewritten, with_versions
from incentives.authoring.slips import Change, Slip, having
from incentives.language import core
from incentives.language.core import Per, Role
from incentives.rulebook.model import GroupRule, Keep
from incentives.values import types as t
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from incentives.rulebook.model import (
        Condition,
        Group,
        Incentive,
        RoundingRule,
        Rules,
        Split,
        Version,
    )

Drafts = dict[Any, Draft]
Found = tuple[Any, str, Slip, Any]
"""A key, a place, a slip whose change takes a version, and a span."""

_MODES: Final = {
    Mode.HALF_UP: (Mode.DOWN, Mode.UP, Mode.HALF_EVEN),
    Mode.HALF_EVEN: (Mode.DOWN, Mode.UP, Mode.HALF_UP),
    Mode.DOWN: (Mode.HALF_UP, Mode.UP),
    Mode.UP: (Mode.HALF_UP, Mode.DOWN),
}
_RULES: Final = {
    GroupRule.HIGHEST: GroupRule.TOP_UP,
    GroupRule.TOP_UP: GroupRule.HIGHEST,
}
_OTHER: Final = {Per.YEAR: Per.LIFETIME, Per.LIFETIME: Per.YEAR, Per.ITEM: Per.LIFETIME}


def structural(rules: Rules) -> Drafts:
    """Return the slips of every incentive, group and split, by key."""
    drafts: Drafts = {}
    for name in sorted(rules.incentives):
        incentive = rules.incentives[name]
        for version in incentive.versions:
            for key, place, slip, span in _of_version(incentive, version):
                found = drafts.get(key)
                if found is None:
                    drafts[key] = Draft(place, slip, span, {name: None}, _on_versions(slip))
                else:
                    found.users.setdefault(name, None)
        for number, version in enumerate(_only_read(incentive)):
            for key, place, slip, span in _conditions(incentive, version, f"#{number}"):
                drafts.setdefault(key, Draft(place, slip, span, {name: None}, _on_versions(slip)))
    for group in rules.groups:
        _of_group(rules, group, drafts)
    for split in rules.splits:
        _of_split(split, drafts)
    return drafts


def _only_read(incentive: Incentive) -> Iterator[Version]:
    """Yield the versions that only another reading has."""
    own = {id(version) for version in incentive.versions}
    for reading in incentive.readings:
        yield from (version for version in reading.versions if id(version) not in own)


def _on_versions(slip: Slip) -> Make:
    def make(users: tuple[str, ...]) -> Callable[[Rules], Rules]:
        def apply(rules: Rules) -> Rules:
            changed = dict(rules.incentives)
            for name in users:
                changed[name] = with_versions(changed[name], slip.change)
            return replace(rules, incentives=changed)

        return apply

    return make


def _of_version(incentive: Incentive, version: Version) -> Iterator[Found]:
    yield from _period(incentive, version)
    yield from _applicability(incentive, version)
    yield from _conditions(incentive, version, "")
    yield from _rounding(incentive, version)
    yield from _totals(incentive, version)
    yield from _single_keys(incentive, version)
    yield from _overrides(incentive, version)
    if version.funding is not None:
        yield from _funding(incentive, version)


# ── when and for whom ────────────────────────────────────────────────────────


def _period(incentive: Incentive, version: Version) -> Iterator[Found]:
    document = incentive.document
    for key, word in (("since", "from"), ("until", "until")):
        day: date | None = getattr(version.period, key)
        if day is None:
            continue
        shared = day == getattr(document.effective, key)
        owner = document.id if shared else incentive.id
        place = f"document.effective.{word}" if shared else f"effective.{word}"
        for days in (-1, 1):
            other = day + timedelta(days=days)

            def change(found: Version, key: str = key, day: Any = day, other: Any = other) -> Any:
                if getattr(found.period, key) != day:
                    return found
                return replace(found, period=replace(found.period, **{key: other}))

            span = document.span if shared else version.span
            slip = Slip(str(day), str(other), change)
            yield (owner, "period", key, day, other), place, slip, span


def _applicability(incentive: Incentive, version: Version) -> Iterator[Found]:
    document = incentive.document
    for condition in version.applicability:
        match condition.test:
            case core.Within(_, core.Const(code)):
                for other in regions_near(str(code)):
                    yield (
                        (document.id, "jurisdiction", other),
                        "document.jurisdiction",
                        Slip(str(code), other, _to_region(other)),
                        document.span,
                    )
            case core.In(_, tuple() as options):
                yield (
                    (incentive.id, "recipient"),
                    "recipient",
                    Slip("every recipient", None, _without_condition(condition, first=True)),
                    version.span,
                )
                for option in options if len(options) > 1 else ():
                    yield (
                        (incentive.id, "recipient", option.value),
                        "recipient",
                        Slip(f'"{option.value}"', None, _without_recipient(option)),
                        version.span,
                    )


def _to_region(code: str) -> Callable[[Version], Version]:
    def one(condition: Condition) -> Condition:
        if condition.id != "jurisdiction" or not isinstance(condition.test, core.Within):
            return condition
        ancestor = core.Const(code, t.REGION)
        return replace(condition, test=replace(condition.test, ancestor=ancestor))

    return lambda version: replace(version, applicability=tuple(map(one, version.applicability)))


def _without_recipient(option: core.Const) -> Callable[[Version], Version]:
    def one(condition: Condition) -> Condition:
        test = condition.test
        if condition.id != "recipient" or not isinstance(test, core.In):
            return condition
        options = test.options if isinstance(test.options, tuple) else ()
        kept = tuple(each for each in options if each.value != option.value)
        return replace(condition, test=replace(test, options=kept))

    return lambda version: replace(version, applicability=tuple(map(one, version.applicability)))


# ── conditions ───────────────────────────────────────────────────────────────


def _conditions(incentive: Incentive, version: Version, number: str) -> Iterator[Found]:
    own = {(c.id, c.span) for v in incentive.versions for c in v.conditions}
    reading = next((r.id for r in incentive.readings if any(v is version for v in r.versions)), "")
    for condition in version.conditions:
        if number and (condition.id, condition.span) in own:
            continue
        prefix = f"reading.{reading}." if number else ""
        name = "once" if condition.id == "once" else f"condition.{condition.id}"
        yield (
            (incentive.id, "condition", condition.id, condition.span),
            prefix + name,
            Slip("the condition", None, _without_condition(condition)),
            condition.span or version.span,
        )
    if version.once is not None and not number:
        yield _once(incentive, version, version.once)


def _without_condition(
    condition: Condition, *, first: bool = False
) -> Callable[[Version], Version]:
    """Leave out a condition, in every version and reading that has the same one."""
    name = "applicability" if first else "conditions"

    def change(version: Version) -> Version:
        kept = tuple(
            each
            for each in getattr(version, name)
            if each.id != condition.id or (each.span or each.id) != (condition.span or each.id)
        )
        changed: Version = having(**{name: kept})(version)
        return changed

    return change


def _once(incentive: Incentive, version: Version, per: Per) -> Found:
    other = _OTHER[per]

    def one(node: Any) -> Any:
        own = isinstance(node, core.ReceivedOf) and node.incentive == incentive.id
        return replace(node, per=other) if own else node

    def change(found: Version) -> Version:
        conditions = tuple(
            replace(rewritten(c, one), per_item=other is Per.ITEM) if c.id == "once" else c
            for c in found.conditions
        )
        return replace(found, conditions=conditions, once=other)

    return (incentive.id, "once", version.span), "once", Slip(per, other, change), version.span


# ── money ────────────────────────────────────────────────────────────────────


def _rounding(incentive: Incentive, version: Version) -> Iterator[Found]:
    rule = version.rounding
    if rule is None or version.amount is None:
        return
    shared = rule == incentive.document.rounding
    owner: Any = incentive.document.id if shared else (incentive.id, version.span)
    place = "document.rounding" if shared else "amount.round"
    span = incentive.document.span if shared else version.span
    for mode in _MODES[rule.mode]:
        slip = Slip(str(rule.mode), str(mode), _rounded(rule, replace(rule, mode=mode)))
        yield (owner, "mode", mode), f"{place}.mode", slip, span
    quantum = 100 if rule.quantum == 1 else 1
    slip = Slip(
        figure_text(rule.quantum, t.MONEY),
        figure_text(quantum, t.MONEY),
        _rounded(rule, replace(rule, quantum=quantum)),
    )
    yield (owner, "quantum", quantum), f"{place}.to", slip, span


def _rounded(old: RoundingRule, new: RoundingRule) -> Callable[[Version], Version]:
    """Round by another rule, where the old one is in use."""

    def change(node: Any) -> Any:
        final = isinstance(node, core.Round) and node.origin and node.origin.role is Role.ROUND
        if not final:
            return node
        return replace(node, quantum=core.Const(new.quantum, t.MONEY), mode=new.mode)

    return lambda version: (
        replace(version, amount=rewritten(version.amount, change), rounding=new)
        if version.rounding == old
        else version
    )


def _totals(incentive: Incentive, version: Version) -> Iterator[Found]:
    for at, total in enumerate(version.totals):
        key = (incentive.id, "total", at, version.period)

        def changed(change: Callable[[Any], Any], at: int = at) -> Callable[[Version], Version]:
            def one(found: Version) -> Version:
                totals = found.totals[:at] + change(found.totals[at]) + found.totals[at + 1 :]
                return replace(found, totals=totals)

            return lambda found: one(found) if at < len(found.totals) else found

        place, span = "total", version.span
        yield (*key, "drop"), place, Slip("the total", None, changed(lambda _: ())), span
        if total.per is not None:
            other = having(per=_OTHER[total.per])
            slip = Slip(total.per, _OTHER[total.per], changed(_single(other)))
            yield (*key, "per"), "total.per", slip, span
        if total.by is not None:
            slip = Slip("by", None, changed(lambda x: (replace(x, by=None),)))
            yield (*key, "by"), "total.by", slip, span


def _single(change: Change) -> Change:
    """Return the change of one part as one that gives a list of parts."""
    return lambda part: (change(part),)


def _single_keys(incentive: Incentive, version: Version) -> Iterator[Found]:
    span = version.span
    key = (incentive.id, version.period)
    if version.distinct is not None:
        slip = Slip("distinct", None, having(distinct=None))
        yield (*key, "distinct"), "distinct", slip, span
        keep = Keep.FIRST if version.keep is Keep.LARGEST else Keep.LARGEST
        slip = Slip(version.keep, keep, having(keep=keep))
        yield (*key, "keep"), "keep", slip, span
    if version.dated_by is not None:
        slip = Slip("dated_by", None, having(dated_by=None))
        yield (incentive.id, "dated_by"), "dated_by", slip, span
    if version.budget is not None:
        slip = Slip("the budget", None, having(budget=None))
        yield (*key, "budget"), "budget", slip, span


# ── relations ────────────────────────────────────────────────────────────────


def _overrides(incentive: Incentive, version: Version) -> Iterator[Found]:
    for override in version.overrides:
        name = override.incentive

        def drop(found: Version, name: str = name) -> Version:
            kept = tuple(each for each in found.overrides if each.incentive != name)
            return replace(found, overrides=kept)

        key = (incentive.id, "overrides", name)
        yield key, "overrides", Slip(name, None, drop), version.span
        if override.when is not None:

            def always(found: Version, name: str = name) -> Version:
                overrides = tuple(
                    replace(each, when=None) if each.incentive == name else each
                    for each in found.overrides
                )
                return replace(found, overrides=overrides)

            slip = Slip("when", None, always)
            yield (*key, "when"), f"overrides.{name}", slip, version.span


def _of_group(rules: Rules, group: Group, drafts: Drafts) -> None:
    users = dict.fromkeys(members_of(rules, group.id))
    place = f"group.{group.id.partition('/')[2]}"
    options: list[tuple[str, Slip]] = []
    if group.rule in _RULES:
        rule = _RULES[group.rule]
        options.append((".rule", Slip(group.rule, rule, having(rule=rule))))
    if group.per is not None:
        per = _OTHER[group.per]
        options.append((".per", Slip(group.per, per, having(per=per))))
    for member in group.members:

        def without(found: Group, member: str = member) -> Group:
            return replace(found, members=tuple(m for m in found.members if m != member))

        options.append((".members", Slip(member, None, without)))
    for number, (key, slip) in enumerate(options):
        drafts[group.id, number] = Draft(
            place + key, slip, group.span, users, _on_relation("groups", group.id, slip)
        )


def _on_relation(kind: str, name: str, slip: Slip) -> Make:
    def apply(rules: Rules) -> Rules:
        changed = tuple(
            slip.change(each) if each.id == name else each for each in getattr(rules, kind)
        )
        rewritten_rules: Rules = having(**{kind: changed})(rules)
        return rewritten_rules

    return lambda users: apply  # noqa: ARG005 - a relation names its own


def _of_split(split: Split, drafts: Drafts) -> None:
    place = f"split.{split.id.partition('/')[2]}"
    users = dict.fromkeys(split.of)
    for number, (key, slip) in enumerate(_share_slips(split)):
        drafts[split.id, "split", number] = Draft(
            place + key, slip, split.span, users, _on_relation("splits", split.id, slip)
        )


def _funding(incentive: Incentive, version: Version) -> Iterator[Found]:
    split = version.funding
    if split is None:
        return
    for number, (key, slip) in enumerate(_share_slips(split)):

        def change(found: Version, slip: Slip = slip) -> Version:
            return replace(found, funding=slip.change(found.funding))

        yield (
            (incentive.id, "funding", version.period, number),
            f"funding{key}",
            replace(slip, change=change),
            split.span or version.span,
        )


def _share_slips(split: Split) -> Iterator[tuple[str, Slip]]:
    """Yield a tenth moved from each payer to the next, and another payer for the odd fen."""
    size = len(split.shares)
    for at, share in enumerate(split.shares if size > 1 else ()):
        other = split.shares[(at + 1) % size]

        def moved(found: Split, at: int = at) -> Split:
            shares = list(found.shares)
            to = (at + 1) % len(shares)
            shares[at] = _scaled(shares[at], -1)
            shares[to] = _scaled(shares[to], 1)
            return replace(found, shares=tuple(shares))

        yield ".shares", Slip(f"{share.payer}", f"a hundredth to {other.payer}", moved)
    for share in split.shares:
        if share.payer != split.residual:
            payer = share.payer
            yield (
                ".residual",
                Slip(
                    split.residual,
                    payer,
                    having(residual=payer),
                ),
            )


def _scaled(share: Any, sign: int) -> Any:
    """Move a hundredth of the whole to or from a payer."""
    from fractions import Fraction

    hundredth = core.Const(Fraction(sign, 100), t.RATIO)
    return replace(share, share=core.Add((share.share, hundredth)))
