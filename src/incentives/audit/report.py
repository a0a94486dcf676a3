"""A list of payments audited: the one result that the text, the workbook and the papers show.

The law kept (``tests/audit/planted.py``): each payment has one verdict, the counts and
sums of the classes are those of the verdicts, and the order of firms and files changes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.audit.answers import Assessor
from incentives.audit.caps import Doubts, days_of, over_caps, unpaid
from incentives.audit.classes import CONCLUSIVE, Class
from incentives.audit.recompute import judge_firm, sort_claims
from incentives.audit.sheet_checks import Remark, judged, over_cap, shares_split, sheet_checks
from incentives.diagnostics import InternalError
from incentives.engine.assumptions import assumed_of
from incentives.language.core import Text
from incentives.rulebook.digest import meaning_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from incentives.audit.claims import Settings
    from incentives.audit.firms import Firms
    from incentives.audit.paid import PaidList
    from incentives.audit.recompute import Verdict
    from incentives.rulebook.model import Rules


@dataclass(frozen=True, slots=True)
class Summary:
    """One class in figures: how many, what was paid in it and what is at stake, in fen."""

    kind: Class
    count: int
    paid: int
    stake: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit came to; ``verdicts`` in the order of the list, what is unpaid last."""

    paid: PaidList
    verdicts: tuple[Verdict, ...]
    remarks: tuple[Remark, ...]
    assumptions: tuple[Text, ...]
    assessor: Assessor
    firms: int

    @property
    def rules(self) -> Rules:
        """The rules that were applied."""
        return self.assessor.rules

    @property
    def digest(self) -> str:
        """What the rules mean, as ``sha256:…``."""
        return meaning_digest(self.rules)

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """Every class that occurs, in the order of ``Class``."""
        found: dict[Class, list[Verdict]] = defaultdict(list)
        for each in self.verdicts:
            found[each.kind].append(each)
        return tuple(
            Summary(
                kind,
                len(found[kind]),
                sum(each.paid for each in found[kind]),
                sum(each.judgement.stake for each in found[kind]),
            )
            for kind in Class
            if kind in found
        )

    @property
    def differences(self) -> tuple[Verdict, ...]:
        """What is not simply right, most money at stake first."""
        quiet = {Class.REPRODUCED, Class.WITHIN_CEILING}
        return by_stake(each for each in self.verdicts if each.kind not in quiet)

    @property
    def is_clean(self) -> bool:
        """Whether every payment is right, as far as the rules fix it, and the list is sound."""
        return not self.differences and not self.remarks


def by_stake(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return verdicts with the most money at stake first: certain ones before open ones."""

    def order(each: Verdict) -> tuple[Any, ...]:
        row = each.payment.row if each.payment is not None else 0
        return (
            -each.judgement.stake,
            each.kind not in CONCLUSIVE,
            row == 0,
            row,
            each.who,
            each.incentive or "",
            each.item or "",
        )

    return tuple(sorted(verdicts, key=order))


def audit(paid: PaidList, firms: Firms, rules: Rules, settings: Settings) -> Audit:
    """Recompute a list of payments.

    Args:
        paid: the list.
        firms: the facts about the firms.
        rules: the rules.
        settings: what the reader declared.
    """
    assessor = Assessor(rules, assume_no_history=settings.assume_no_history)
    verdicts, by_firm = sort_claims(paid, firms, rules, settings)
    days = days_of(by_firm, assessor, settings.on)
    doubts = Doubts(verdicts)
    remarks = list(sheet_checks(paid, firms))
    missing: list[Verdict] = []
    for firm in firms:
        claims = by_firm.get(firm.key, [])
        done = judge_firm(firm, claims, assessor)
        verdicts += done.verdicts
        remarks += (over_cap(each, paid, assessor) for each in over_caps(done, assessor))
        remarks += shares_split(done, assessor)
        missing += unpaid(firm, days, done, doubts, assessor)
    verdicts.sort(key=lambda each: each.payment.row if each.payment is not None else 0)
    if len(verdicts) != len(paid.payments):
        raise InternalError(f"{len(paid.payments)} payments have {len(verdicts)} verdicts")
    remarks += judged(verdicts)
    missing.sort(key=lambda each: (each.incentive or "", each.who, each.item or ""))
    return Audit(
        paid,
        (*verdicts, *missing),
        tuple(sorted(remarks, key=lambda each: (each.rows, each.check))),
        tuple(_assumptions(paid, verdicts, days, settings, assessor)),
        assessor,
        len(firms),
    )


def _assumptions(
    paid: PaidList,
    verdicts: Sequence[Verdict],
    days: Sequence[tuple[str, date]],
    settings: Settings,
    assessor: Assessor,
) -> list[Text]:
    """Return everything that was taken for granted."""
    rules = assessor.rules
    used = {each.incentive for each in verdicts if each.incentive is not None}
    documents = [rules.incentives[name].document for name in sorted(used)]
    return [
        *_of_days(paid, days, settings, rules),
        *_of_history(settings),
        *(note.says for note in assumed_of(documents, assessor.options)),
        *_of_columns(paid),
    ]


def _of_days(
    paid: PaidList, days: Sequence[tuple[str, date]], settings: Settings, rules: Rules
) -> Iterator[Text]:
    if paid.date_field is not None:
        column = paid.columns.fields[paid.date_field]
        yield Text(
            f"按“{column.text}”（{column.address}）当日有效的规定评估",
            f"assessed by the rules in force on the day under `{column.text}` ({column.address})",
        )
    if settings.on is not None:
        yield Text(
            f"没有完整日期的行按{settings.on}评估；未付事项也按该日认定",
            f"rows without a whole date are assessed on {settings.on}; so is what is unpaid",
        )
        return
    for name, day in days:
        title = rules.incentives[name].name
        yield Text(
            f"“{title.zh}”是否有应付未付，按清单中该项在执行期内最后的日期{day}认定",
            f"whether {title.get('en')} is unpaid is decided on {day}, the last day in "
            "the list on which it is paid within its period",
        )


def _of_history(settings: Settings) -> Iterator[Text]:
    if settings.assume_no_history:
        yield Text(
            "资料未写已领资金的，按此前未领取过处理",
            "where a profile says nothing of the past, nothing was received before",
        )
    for said, meant in settings.means.items():
        yield Text(f"“{said}”按 {meant} 核对", f"`{said}` is taken for {meant}")


def _of_columns(paid: PaidList) -> Iterator[Text]:
    if paid.columns.unused:
        listed = "、".join(" ".join(column.text.split()) for column in paid.columns.unused)
        yield Text(f"未使用的列：{listed}", f"columns not used: {listed}")
    if paid.set_aside:
        listed, count = "、".join(paid.set_aside[:20]), len(paid.set_aside)
        yield Text(
            f"没有金额和代码、未作为支付处理的行（{count}行）：{listed}",
            f"rows without amount and code, not taken for payments ({count}): {listed}",
        )
