"""Caps that hold over several rows, and what was not paid at all.

A yearly or lifetime cap, one payment per result, and what a group of incentives leaves
are the rules' own: the firm is assessed once more with just the items that were paid in
that time, and what the rows add up to is held against that.

The law kept: what one row is already blamed for is not counted again. The trap: an item
that was not paid takes nothing from a cap, so the whole profile would be the wrong one
to compare with.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.classes import Class, Judgement
from incentives.audit.recompute import Verdict
from incentives.diagnostics import ProfileError
from incentives.engine.assess import run
from incentives.engine.outcome import Status
from incentives.engine.results import Decision
from incentives.explain import words
from incentives.language.core import Per, Text
from incentives.rulebook.model import Entitlement
from incentives.rulebook.profile import Profile
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from incentives.audit.answers import Assessor
    from incentives.audit.claims import Claim
    from incentives.audit.firms import Firm
    from incentives.audit.recompute import FirmClaims
    from incentives.rulebook.model import Incentive


_DISCRETION: Final = {Entitlement.UP_TO, Entitlement.CASE_BY_CASE}


@dataclass(frozen=True, slots=True)
class OverCap:
    """Rows of one firm under one incentive that together exceed what its caps leave, in fen."""

    firm: Firm
    incentive: str
    rows: tuple[int, ...]
    year: int | None
    paid: int
    most: int
    excess: int


def over_caps(done: FirmClaims, assessor: Assessor) -> Iterator[OverCap]:
    """Yield where a firm's rows together exceed what the rules give for all of them."""
    by_incentive: dict[str, list[Claim]] = defaultdict(list)
    for claim in done.claims:
        if claim.amount:  # money returned counts too, or an honest correction would look odd
            by_incentive[claim.incentive].append(claim)
    verdicts = {each.payment.row: each for each in done.verdicts if each.payment is not None}
    for name, claims in by_incentive.items():
        rule = assessor.rules.incentives[name]
        if rule.each is None or not _shares_a_cap(rule, assessor):
            continue
        seen: set[tuple[int, ...]] = set()
        for year, several in _times(claims, rule, assessor):
            found = _over(done.firm, rule, several, year, verdicts, assessor)
            if found is not None and found.rows not in seen:
                seen.add(found.rows)
                yield found


def _shares_a_cap(rule: Incentive, assessor: Assessor) -> bool:
    """Whether what items give together can be less than what each gives alone."""
    grouped = any(rule.id in group.members for group in assessor.rules.groups)
    return grouped or any(each.totals or each.distinct is not None for each in rule.versions)


def _times(
    claims: Sequence[Claim], rule: Incentive, assessor: Assessor
) -> Iterator[tuple[int | None, list[Claim]]]:
    """Yield the payments that share a cap: of a year, of a lifetime, or of one day.

    A cap without ``per`` holds within one assessment, so for payments of one day only.
    """
    pers = {total.per for version in rule.versions for total in version.totals}
    pers |= {group.per for group in assessor.rules.groups if rule.id in group.members}
    years: dict[int, list[Claim]] = defaultdict(list)
    days: dict[date, list[Claim]] = defaultdict(list)
    for claim in claims:
        years[claim.on.year].append(claim)
        days[claim.on].append(claim)
    if Per.YEAR in pers:
        yield from sorted(years.items())
    if Per.LIFETIME in pers:
        yield None, list(claims)
    if not pers & {Per.YEAR, Per.LIFETIME}:
        yield from ((None, each) for _, each in sorted(days.items()))


def _over(
    firm: Firm,
    rule: Incentive,
    claims: list[Claim],
    year: int | None,
    verdicts: dict[int, Verdict],
    assessor: Assessor,
) -> OverCap | None:
    if any(claim.payment.item is None for claim in claims):
        return None  # paid in one sum: held against the whole decision already
    on = max(claim.on for claim in claims)
    keys = {claim.payment.item for claim in claims}
    most = _most(firm, rule, keys, on, assessor)
    if most is None:
        return None
    counted = 0
    for claim in claims:
        verdict = verdicts[claim.payment.row]
        blamed = verdict.judgement.difference or 0
        counted += claim.amount - max(blamed, 0)
    if counted <= most:
        return None
    rows = tuple(sorted(claim.payment.row for claim in claims))
    paid = sum(claim.amount for claim in claims)
    return OverCap(firm, rule.id, rows, year, paid, most, counted - most)


def _most(
    firm: Firm, rule: Incentive, keys: set[str | None], on: date, assessor: Assessor
) -> int | None:
    """Return the most that the rules give for these items together, in fen."""
    entity = rule.each or ""
    spec = assessor.rules.vocabulary.entities[entity]
    listed = firm.data.get(entity) or ()
    kept = [
        item
        for at, item in enumerate(listed, start=1)
        if ((item.get(spec.key) if spec.key else None) or str(at)) in keys
    ]
    try:
        profile = Profile(
            {**firm.data, entity: kept}, assessor.rules.vocabulary, allow_extra=firm.allow_extra
        )
    except ProfileError:
        return None  # said of each row already
    done = run(assessor.plan(rule.id), profile, on, assessor.options, drafts=False, only=rule.id)
    decision = Decision(rule, done)
    if decision.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE} or decision.value is None:
        return None  # said of each row already
    high = bounds(decision.value)[1]
    return None if high is None else int(-(-high // 1))


def days_of(
    by_firm: Mapping[str, Sequence[Claim]], assessor: Assessor, on: date | None
) -> list[tuple[str, date]]:
    """Return the incentives whose payments may be missing, each with the day to decide it on.

    Only entitlements; ceilings are nobody's due. The day is ``on``, or without it the
    last one (of each year, where an award belongs to a year) on which the list pays it
    within its period: one wrong date must not hide what everybody else is due.
    """
    pairs = {(claim.incentive, claim.on) for claims in by_firm.values() for claim in claims}
    last: dict[tuple[str, int | None], date] = {}
    for name, day in pairs:
        rule = assessor.rules.incentives[name]
        in_force = any(version.period.holds(day) for version in rule.versions)
        if in_force and rule.entitlement not in _DISCRETION:
            key = name, day.year if assessor.is_annual(name) else None
            last[key] = max(last.get(key, day), day)
    if on is not None:
        return sorted({(name, on) for name, _ in last})
    return sorted((name, day) for (name, _), day in last.items())


class Doubts:
    """The rows that could not be assessed: any of them may be the payment that seems missing."""

    def __init__(self, lacking: Iterable[Verdict]) -> None:
        self._rows: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
        self._items: set[tuple[str | None, str]] = set()
        for each in lacking:
            payment = each.payment
            if payment is None:
                continue
            key = each.firm.key if each.firm is not None else None
            for who in {payment.code, payment.name, key} - {None}:
                self._rows[who or ""].add((each.incentive, each.item))
            if each.item is not None:
                self._items.add((each.incentive, each.item))

    def hold(self, firm: Firm, incentive: str, item: str | None) -> bool:
        """Whether such a row may be this payment."""
        if item is not None and {(incentive, item), (None, item)} & self._items:
            return True
        return any(
            name in {incentive, None} and (item is None or own in {item, None})
            for who in (firm.code, firm.name)
            for name, own in self._rows.get(who or "", ())
        )


def unpaid(
    firm: Firm,
    days: Iterable[tuple[str, date]],
    done: FirmClaims,
    doubts: Doubts,
    assessor: Assessor,
) -> Iterator[Verdict]:
    """Yield what is due to a firm for certain and was not paid, by no row that can be read."""
    for name, day in days:
        try:
            for found in _unpaid(firm, name, day, done, assessor):
                if not doubts.hold(firm, name, found.item):
                    yield found
        except ProfileError:
            return  # a firm whose facts have faults; its payments say so


def _unpaid(
    firm: Firm, name: str, on: date, done: FirmClaims, assessor: Assessor
) -> Iterator[Verdict]:
    rule = assessor.rules.incentives[name]
    if _is_hopeless(rule, firm.profile(assessor.rules.vocabulary)):
        return
    annual = assessor.is_annual(name)
    paid = [
        claim
        for claim in done.claims
        if claim.incentive == name and (not annual or claim.on.year == on.year)
    ]
    if rule.each is None:
        if not paid:
            answer = assessor.answer(firm, name, on)
            yield from _missing(firm, name, None, on, answer.decision.status, answer.decision.value)
        return
    if any(claim.payment.item is None for claim in paid):
        return  # paid in one sum, which has its own verdict
    answer = assessor.answer(firm, name, on)
    if answer.decision.status is not Status.ELIGIBLE:
        return
    keys = {claim.payment.item for claim in paid}
    left = None
    if _shares_a_cap(rule, assessor):
        value = answer.decision.value
        if isinstance(value, Unknown) or value is None:
            return
        left = int(value) - sum(claim.amount for claim in paid)
    for part in answer.parts.values():
        if part.key in keys:
            continue
        value = part.value
        if left is not None and not isinstance(value, Unknown) and value is not None:
            value = max(min(value, left), 0)
            left -= value
        yield from _missing(firm, name, part.key, on, part.status, value)


def _is_hopeless(rule: Incentive, profile: Profile) -> bool:
    """Whether the kind of applicant, or an empty list, already rules an award out.

    Saves most of the time: most firms are of another kind than most incentives.
    """
    kind = profile.applicant.get("kind")
    other = isinstance(kind, str) and kind not in rule.recipient
    return other or (rule.each is not None and profile.lists[rule.each] == ())


def _missing(
    firm: Firm, name: str, item: str | None, on: date, status: Status, value: Any
) -> Iterator[Verdict]:
    """Yield the verdict about an award that is due for certain."""
    if status is not Status.ELIGIBLE or isinstance(value, Unknown) or not value:
        return
    due = int(value)
    money = words.money(due)
    says = Text(
        f"应付{money.zh}，清单中没有这笔支付",
        f"{money.get('en')} is due and the list has no such payment",
    )
    judgement = Judgement(Class.UNPAID, due, due, -due, due, says)
    yield Verdict(None, firm, firm.name or firm.key, name, item, on, judgement)
