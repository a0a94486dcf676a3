"""Every payment of a list worked out again: its profile, its date, its incentive, its class.

Rows that pay one claim (one firm, one incentive, one item or, where the amount belongs
to a year, one year) use it up in the order of their dates; so a second payment of one
contract is too much, and two instalments of one award are right.

The law kept (``tests/audit/planted.py``): every payment of the list has exactly one
verdict. What a row lacks, or what cannot be read in it, makes it one that cannot be
checked, never one that is left out.

The trap: ``received`` in a profile is what was paid *before* this list. Where the only
condition that fails is that nothing was received before, and the profile holds a payment
just like the row, it may be the row itself: then nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from incentives.audit.claims import Claim, day_of, incentive_of, names_of
from incentives.audit.classes import Class, Due, Judgement, judge
from incentives.diagnostics import ProfileError, render
from incentives.engine.outcome import Status
from incentives.language.core import Text
from incentives.language.names import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from incentives.audit.answers import Answer, Assessor
    from incentives.audit.claims import Settings
    from incentives.audit.firms import Firm, Firms
    from incentives.audit.paid import PaidList, Payment
    from incentives.diagnostics import Finding
    from incentives.rulebook.model import Rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """One payment, or one award that was not paid, and what the comparison came to.

    ``payment`` is ``None`` for what was not paid; ``missing`` holds fact paths. ``reason``
    is why the incentive is not applicable, ``before`` the row that paid the same claim
    first, and ``earlier`` what was paid for it before, in fen.
    """

    payment: Payment | None
    firm: Firm | None
    who: str
    incentive: str | None
    item: str | None
    on: date | None
    judgement: Judgement
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    before: int | None = None
    earlier: int = 0

    @property
    def kind(self) -> Class:
        """The class."""
        return self.judgement.kind

    @property
    def paid(self) -> int:
        """What was paid, in fen."""
        return 0 if self.payment is None else self.payment.amount or 0

    @property
    def is_unread(self) -> bool:
        """Whether it is a row whose amount cannot be read: neither nought nor anything else."""
        return self.payment is not None and self.payment.amount is None


@dataclass(slots=True)
class FirmClaims:
    """The payments of one firm that could be assessed, with their verdicts."""

    firm: Firm
    claims: list[Claim]
    verdicts: list[Verdict]


def sort_claims(
    paid: PaidList, firms: Firms, rules: Rules, settings: Settings
) -> tuple[list[Verdict], dict[str, list[Claim]]]:
    """Return the payments that say too little to be assessed, and the others by firm."""
    known = names_of(rules)
    lacking: list[Verdict] = []
    by_firm: dict[str, list[Claim]] = defaultdict(list)
    for payment in paid.payments:
        found = _claim(payment, firms, settings, known)
        if isinstance(found, Verdict):
            lacking.append(found)
        else:
            by_firm[found.firm.key].append(found)
    return lacking, by_firm


def judge_firm(firm: Firm, claims: list[Claim], assessor: Assessor) -> FirmClaims:
    """Return a verdict for each payment of one firm."""
    groups: dict[tuple[Any, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        year = claim.on.year if assessor.is_annual(claim.incentive) else None
        item = claim.payment.item if assessor.rules.incentives[claim.incentive].each else None
        groups[claim.incentive, item, year].append(claim)
    verdicts = [verdict for each in groups.values() for verdict in _judge_claim(each, assessor)]
    return FirmClaims(firm, claims, verdicts)


def _judge_claim(rows: list[Claim], assessor: Assessor) -> Iterator[Verdict]:
    rows.sort(key=lambda claim: (claim.on, claim.payment.row))
    earlier = 0
    for at, claim in enumerate(rows):
        follows = any(later.amount > 0 for later in rows[at + 1 :])
        before = next((each.payment.row for each in rows[:at] if each.amount > 0), None)
        verdict = _verdict(claim, assessor, earlier=earlier, follows=follows)
        yield verdict if before is None else replace(verdict, before=before, earlier=earlier)
        earlier += max(claim.amount, 0)


def _verdict(claim: Claim, assessor: Assessor, *, earlier: int, follows: bool) -> Verdict:
    payment = claim.payment
    if payment.year not in {None, claim.on.year} and assessor.reads_year(claim.incentive):
        says = Text(
            f"年度为{payment.year}，日期为{claim.on}：该项按年份计算，不能确定按哪一年",
            f"the year is {payment.year}, the date {claim.on}: the award depends on the year, "
            "and which one is meant is open",
        )
        return _unchecked(payment, claim.firm, claim.incentive, claim.on, says)
    if claim.amount < 0:
        says = Text("金额为负，可能是退回或冲销", "a negative amount, perhaps money returned")
        return _unchecked(payment, claim.firm, claim.incentive, claim.on, says)
    try:
        answer = assessor.answer(claim.firm, claim.incentive, claim.on)
    except ProfileError as error:
        return _faulty(claim, error)
    each = assessor.rules.incentives[claim.incentive].each
    item = payment.item if each else None
    due = answer.due(item)
    if due is None:
        label = assessor.names.path(each or "")
        says = Text(f"资料中没有{label.zh} {item}", f"the profile has no {label.get('en')} {item}")
        return _unchecked(
            payment, claim.firm, claim.incentive, claim.on, says, missing=(f"{each}[{item}]",)
        )
    if _may_be_itself(answer, due, claim):
        says = Text(
            "资料的已领资金里有一笔与本行相同，可能就是本笔，不能据以认定重复领取",
            "the profile's past payments hold one just like this row, which may be this very one",
        )
        return _unchecked(payment, claim.firm, claim.incentive, claim.on, says, missing=(RECEIVED,))
    judgement = judge(
        claim.amount,
        due,
        earlier=earlier,
        more_follows=follows,
        reading=lambda amount: answer.reading(amount, item),
    )
    return Verdict(
        payment,
        claim.firm,
        payment.who or claim.firm.name or "",
        claim.incentive,
        payment.item,
        claim.on,
        judgement,
        due.missing,
        payment.findings,
        due.reason,
    )


def _may_be_itself(answer: Answer, due: Due, claim: Claim) -> bool:
    """Whether ``once`` alone failed, and the profile's history holds a payment like the row."""
    if due.status is not Status.INELIGIBLE or answer.decision.failed != ("once",):
        return False
    received = answer.run.profile.lists.get(RECEIVED) or ()
    return any(
        record["incentive"] == claim.incentive and record["amount"] == claim.amount
        for record in received
    )


def _faulty(claim: Claim, error: ProfileError) -> Verdict:
    first = error.findings[0]
    count = len(error.findings)
    says = Text(
        f"资料有{count}处错误：{(render(first, 'zh')).splitlines()[0]}",
        f"the profile has {count} faults: {render(first, 'en').splitlines()[0]}",
    )
    return _unchecked(
        claim.payment, claim.firm, claim.incentive, claim.on, says, findings=error.findings
    )


def _unchecked(
    payment: Payment,
    firm: Firm | None,
    incentive: str | None,
    on: date | None,
    why: Text,
    *,
    missing: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Verdict:
    stake = abs(payment.amount or 0)
    judgement = Judgement(Class.UNCHECKED, None, None, None, stake, why)
    who = payment.who or (firm.name if firm is not None else None) or ""
    every = (*payment.findings, *findings)
    return Verdict(payment, firm, who, incentive, payment.item, on, judgement, missing, every)


def _claim(
    payment: Payment,
    firms: Firms,
    settings: Settings,
    known: Mapping[str, Sequence[str]],
) -> Claim | Verdict:
    """Return a payment with its firm, incentive and day; a verdict that says which it lacks."""
    unreadable = any(item.code == "E626" for item in payment.findings)
    firm = None if unreadable else firms.find(payment.code, payment.name)
    incentive = incentive_of(payment, settings, known)
    day = day_of(payment, settings)
    if payment.findings:
        first = payment.findings[0]
        says = Text(f"{first.fact}：{first.zh or first.message}", f"{first.fact}: {first.message}")
    elif payment.amount is None:
        says = Text("金额为空", "the amount is empty")
    elif isinstance(incentive, Text):
        says = incentive
    elif firm is None:
        says = Text("没有该企业的资料", "there is no profile of this firm")
    elif isinstance(day, Text):
        says = day
    else:
        return Claim(payment, firm, incentive, day)
    return _unchecked(
        payment,
        firm,
        incentive if isinstance(incentive, str) else None,
        day if isinstance(day, date) else None,
        says,
    )
