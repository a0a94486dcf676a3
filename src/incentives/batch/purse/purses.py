"""Which limited purses a batch can share, and what ranks its firms.

A batch decides every firm as if these purses had no bottom (``Purses.rules``); what each
would get is its claim, and ``batch/purse/sharing.py`` shares the purse among the claims. A purse
that this cannot be said of stays with its rule: each firm gets the range from zero to its
full amount, as one firm alone does, and a finding says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import floor
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import Label, fault
from incentives.engine.assess import Options, run
from incentives.engine.compile import compile_expr
from incentives.engine.environment import ON
from incentives.engine.focus import plan_for
from incentives.language import core
from incentives.language.names import AS_OF
from incentives.language.walk import mentions, walk
from incentives.rulebook.model import LegalStatus
from incentives.rulebook.profile import Profile
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from incentives.batch.single import Settings
    from incentives.batch.workers import Case
    from incentives.diagnostics import Finding
    from incentives.language.core import Expr
    from incentives.rulebook.model import Budget, Incentive, Rules


@dataclass(frozen=True, slots=True)
class Limit:
    """A purse that a batch shares: ``amount`` in fen, or ``places`` by the firms' ``rank``."""

    incentive: str
    amount: int | None = None
    places: int | None = None
    rank: Expr | None = None


@dataclass(frozen=True, slots=True)
class Purses:
    """The purses of a rulebook on a day.

    ``rules``: those that claims are made by. ``limits``: what is shared, by incentive.
    ``kept``: the purses that cannot be shared, each with the finding that says why.
    """

    rules: Rules
    limits: Mapping[str, Limit] = field(default_factory=dict)
    kept: Mapping[str, Finding] = field(default_factory=dict)


def purses_of(rules: Rules, settings: Settings) -> Purses:
    """Return what a batch can share on its day, of the incentives that it reports."""
    limits: dict[str, Limit] = {}
    kept: dict[str, Finding] = {}
    incentives = dict(rules.incentives)
    for name, incentive in rules.incentives.items():
        if settings.only is not None and name not in settings.only:
            continue
        budget = _budget(incentive, settings.on, drafts=settings.drafts)
        if budget is None:
            continue
        found = _limit(rules, incentive, budget, settings.on)
        if isinstance(found, Limit):
            limits[name] = found
            incentives[name] = _boundless(incentive)
        else:
            kept[name] = _finding(incentive, found)
    return Purses(replace(rules, incentives=incentives) if limits else rules, limits, kept)


def _budget(incentive: Incentive, on: date, *, drafts: bool) -> Budget | None:
    """Return the purse of the version in force on a day, if its incentive has an amount."""
    if incentive.document.legal_status is LegalStatus.DRAFT and not drafts:
        return None
    for version in incentive.versions:
        live = version.dated_by is not None or version.period.holds(on)
        if live and version.budget is not None and version.amount is not None:
            return version.budget
    return None


def _limit(rules: Rules, incentive: Incentive, budget: Budget, on: date) -> Limit | tuple[str, str]:
    """Return a purse as figures, or why it cannot be shared, in English and Chinese."""
    name = incentive.id
    if incentive.versions[0].dated_by is not None:
        return "its version is chosen item by item", "适用的版本按每一项的日期确定"
    if any(name in group.members for group in rules.groups):
        return "it is in a group with other incentives", "与其他政策同属一组"
    if any(name in other.depends_on for other in rules.incentives.values()):
        return "another incentive depends on it", "另一项政策以它为依据"
    if budget.amount is not None:
        amount = _figure(budget.amount, on)
        if amount is not None:
            return Limit(name, amount=amount)
        return "its total depends on the facts of a firm", "总额取决于企业的情况"
    places, rank = budget.places, budget.rank_by
    count = None if places is None else _figure(places, on)
    if count is None or rank is None:
        return "its places depend on the facts of a firm", "名额取决于企业的情况"
    if incentive.each is not None and mentions(rank, incentive.each):
        return "it ranks items, not firms", "排名的是各个项目，不是企业"
    return Limit(name, places=count, rank=rank)


_OF_A_FIRM = (core.Fact, core.Over, core.AwardOf, core.GrantedOf, core.ReceivedOf)


def _figure(node: Expr, on: date) -> int | None:
    """Return what an expression comes to for everybody alike; a part of a fen is dropped."""
    if any(isinstance(part, _OF_A_FIRM) for part in walk(node)):
        return None
    value = compile_expr(node)({ON: on, AS_OF: on})
    return None if isinstance(value, Unknown) or value < 0 else floor(value)


def _boundless(incentive: Incentive) -> Incentive:
    """Return an incentive without its purse."""
    return replace(
        incentive,
        versions=tuple(replace(version, budget=None) for version in incentive.versions),
        readings=tuple(
            replace(
                reading,
                versions=tuple(replace(version, budget=None) for version in reading.versions),
            )
            for reading in incentive.readings
        ),
    )


def _finding(incentive: Incentive, why: tuple[str, str]) -> Finding:
    text = (
        f"the limited purse of `{incentive.id}` is not shared among the firms: {why[0]}",
        f"“{incentive.id}”的资金总量没有在各户之间分配：{why[1]}",
    )
    span = incentive.versions[-1].span
    return fault("E802", text, *(() if span is None else (Label(span),)))


def left_out_of(purses: Purses, errors: int) -> tuple[Finding, ...]:
    """Return what has to be said where firms with faults were no members of a shared purse."""
    if not purses.limits or not errors:
        return ()
    names = ", ".join(f"`{name}`" for name in purses.limits)
    zh = "、".join(f"“{name}”" for name in purses.limits)
    firms = "1 firm with faults" if errors == 1 else f"{errors:,} firms with faults"
    text = (
        f"the purse of {names} was shared without {firms}",
        f"{zh} 的资金总量分配时，没有计入资料有误的 {errors:,} 户",
    )
    remedy = (
        "mend those rows and run again before anybody is paid",
        "更正这些行并重新计算之后，再兑付",
    )
    return (fault("E803", text, help=remedy),)


class Ranks:
    """What ranks firms, worked out one by one."""

    def __init__(self, purses: Purses, settings: Settings) -> None:
        self._settings = settings
        self._vocabulary = purses.rules.vocabulary
        self._found = {
            name: (
                plan_for(purses.rules, name),
                purses.rules.incentives[name].document.legal_status is LegalStatus.DRAFT,
                compile_expr(limit.rank),
            )
            for name, limit in purses.limits.items()
            if limit.rank is not None
        }

    @property
    def incentives(self) -> frozenset[str]:
        """The incentives whose firms are ranked."""
        return frozenset(self._found)

    def of(self, cases: Iterable[Case], incentive: str) -> dict[str | None, Any]:
        """Return the ends of each firm's rank by its key.

        A firm that cannot be read has none: it is no member.
        """
        plan, is_draft, rank = self._found[incentive]
        chosen = self._settings
        options = Options(assume_no_history=chosen.assume_no_history, refine=False)
        found: dict[str | None, Any] = {}
        for case in cases:
            if isinstance(case.facts, tuple):
                continue
            facts = case.facts
            profile = facts if isinstance(facts, Profile) else Profile(facts, self._vocabulary)
            this = run(plan, profile, chosen.on, options, drafts=is_draft, only=incentive)
            found[case.key] = bounds(rank(this.env))
        return found
