"""Checks of the list itself: sums, counts, names and codes, payers' shares, odd amounts.

They hold whatever the rules say, save the declared split and the period, which are the
rules'. Each check names the rows or cells it is about and the money at stake.

The trap: a total is compared only where every row under it could be read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from incentives.audit.classes import Class
from incentives.audit.fields import LOCAL, PAYERS
from incentives.diagnostics import ProfileError
from incentives.engine.funding import funding_of
from incentives.explain import words
from incentives.language.core import Text
from incentives.values.codes import region_level
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from incentives.audit.answers import Assessor
    from incentives.audit.caps import OverCap
    from incentives.audit.firms import Firms
    from incentives.audit.paid import PaidList, Payment, Printed
    from incentives.audit.recompute import FirmClaims, Verdict


class Check(StrEnum):
    """What a check found; stable words."""

    TOTAL = "total"
    COUNT = "count"
    DUPLICATE = "duplicate"
    TWO_NAMES = "two_names"
    TWO_CODES = "two_codes"
    SHARES_SUM = "shares_sum"
    SHARES_SPLIT = "shares_split"
    OVER_CAP = "over_cap"
    OUTSIDE_PERIOD = "outside_period"
    NOT_POSITIVE = "not_positive"
    UNIT_MIXUP = "unit_mixup"
    SHARED_ITEM = "shared_item"


LABELS: Final = {
    Check.TOTAL: Text("合计与各行之和不符", "A printed total is not the sum of its rows"),
    Check.COUNT: Text("笔数或户数不符", "A printed count is wrong"),
    Check.DUPLICATE: Text("重复支付", "Paid more than once"),
    Check.TWO_NAMES: Text("同一代码有不同名称", "One code under two names"),
    Check.TWO_CODES: Text("同一名称有不同代码", "One name with two codes"),
    Check.SHARES_SUM: Text("各级承担之和与金额不符", "The payers' shares do not add up"),
    Check.SHARES_SPLIT: Text(
        "各级承担与规定比例不符", "The payers' shares are not the declared split"
    ),
    Check.OVER_CAP: Text("多行合计超过上限", "Several rows together exceed a cap"),
    Check.OUTSIDE_PERIOD: Text("日期不在政策执行期内", "A date outside the period"),
    Check.NOT_POSITIVE: Text("金额为零或负数", "An amount of nought or below"),
    Check.UNIT_MIXUP: Text("疑似元与万元混淆", "Perhaps 元 and 万元 confused"),
    Check.SHARED_ITEM: Text("同一编号由两家单位领取", "One item paid to two firms"),
}

_LEVELS: Final = ("country", "province", "city", "county")
_WAN: Final = 10_000


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found in the list: what, in which rows, and the money at stake in fen."""

    check: Check
    rows: tuple[int, ...]
    place: str
    says: Text
    stake: int = 0


def sheet_checks(paid: PaidList, firms: Firms) -> Iterator[Remark]:
    """Yield what is odd about a list, whatever the rules say."""
    yield from _totals(paid)
    yield from _names(paid, firms)
    for payment in paid.payments:
        yield from _amount(payment)
        yield from _shares_sum(payment, len(paid.columns.payers))


# ── sums and counts ──────────────────────────────────────────────────────────


def _totals(paid: PaidList) -> Iterator[Remark]:
    by_row = {payment.row: payment for payment in paid.payments}
    for printed in paid.printed:
        rows = [by_row[row] for row in printed.covers]
        if printed.count is not None:
            yield from _count(printed, rows)
        for payer in (None, *paid.columns.payers):
            yield from _total(printed, rows, payer)


def _total(printed: Printed, rows: Sequence[Payment], payer: str | None) -> Iterator[Remark]:
    """Compare a printed total, of the amounts or of one payer's shares."""
    if payer is None:
        shown, parts = printed.amount, [payment.amount for payment in rows]
    else:
        shown = dict(printed.shares).get(payer)
        parts = [dict(payment.shares).get(payer, 0) for payment in rows]
    known = [part for part in parts if part is not None]
    if shown is None or len(known) < len(parts) or sum(known) == shown:
        return
    summed, stood = words.money(sum(known)), words.money(shown)
    gap = words.money(abs(shown - sum(known)))
    whose = Text("", "") if payer is None else Text(
        f"（{PAYERS[payer].zh}承担）", f" (borne by {PAYERS[payer].get('en')})"
    )  # fmt: skip
    says = Text(
        f"{printed.label}{whose.zh}写的是{stood.zh}，所含{len(rows)}行之和为{summed.zh}，相差{gap.zh}",
        f"{printed.label}{whose.get('en')} says {stood.get('en')}; its {len(rows)} rows add up to "
        f"{summed.get('en')}, {gap.get('en')} apart",
    )
    yield Remark(Check.TOTAL, (printed.row,), printed.place, says, abs(shown - sum(known)))


def _count(printed: Printed, rows: Sequence[Payment]) -> Iterator[Remark]:
    real = most = len(rows)
    if printed.counts_firms:
        codes = {payment.code for payment in rows if payment.code is not None}
        named = {payment.name for payment in rows if payment.code is None}
        # A row without a code may be of a firm whose code stands in another.
        real, most = (len(codes), len(codes) + len(named)) if codes else (len(named), len(named))
    if printed.count is None or real <= printed.count <= most:
        return
    unit = Text("家", "firms") if printed.counts_firms else Text("笔", "payments")
    zh, en = (f"{real}", f"{real}") if real == most else (f"{real}至{most}", f"{real} to {most}")
    says = Text(
        f"{printed.label}写的是{printed.count}{unit.zh}，实有{zh}{unit.zh}",
        f"{printed.label} says {printed.count} {unit.get('en')}; there are {en}",
    )
    yield Remark(Check.COUNT, (printed.row,), printed.place, says)


# ── who was paid ─────────────────────────────────────────────────────────────


def _names(paid: PaidList, firms: Firms) -> Iterator[Remark]:
    names: dict[str, dict[str, list[Payment]]] = defaultdict(lambda: defaultdict(list))
    codes: dict[str, dict[str, list[Payment]]] = defaultdict(lambda: defaultdict(list))
    for payment in paid.payments:
        if payment.code is not None and payment.name is not None:
            names[payment.code][payment.name].append(payment)
            codes[payment.name][payment.code].append(payment)
    for code, by_name in names.items():
        firm = firms.by_code.get(code)
        own = firm.name if firm is not None and firm.name is not None else next(iter(by_name))
        for name, payments in by_name.items():
            if name != own:
                yield _two(Check.TWO_NAMES, payments, code, own, name)
    for name, by_code in codes.items():
        if len(by_code) > 1:
            first = next((code for code in by_code if code in firms.by_code), next(iter(by_code)))
            for code, payments in by_code.items():
                if code != first:
                    yield _two(Check.TWO_CODES, payments, name, first, code)


def _two(check: Check, payments: Sequence[Payment], one: str, first: str, other: str) -> Remark:
    rows = tuple(payment.row for payment in payments)
    kind = Text("名称", "names") if check is Check.TWO_NAMES else Text("代码", "codes")
    says = Text(
        f"{one}有两个{kind.zh}：“{first}”与“{other}”",
        f"{one} has two {kind.get('en')}: `{first}` and `{other}`",
    )
    stake = sum(max(payment.amount or 0, 0) for payment in payments)
    return Remark(check, rows, payments[0].place, says, stake)


# ── single amounts ───────────────────────────────────────────────────────────


def _amount(payment: Payment) -> Iterator[Remark]:
    if payment.amount is not None and payment.amount <= 0:
        money = words.money(payment.amount)
        says = Text(f"金额为{money.zh}", f"the amount is {money.get('en')}")
        place = payment.amount_place or payment.place
        yield Remark(Check.NOT_POSITIVE, (payment.row,), place, says, abs(payment.amount))


def _shares_sum(payment: Payment, payers: int) -> Iterator[Remark]:
    if payers < 2 or not payment.shares or payment.amount is None or payment.findings:
        return
    total = sum(fen for _, fen in payment.shares)
    if total != payment.amount:
        summed, whole = words.money(total), words.money(payment.amount)
        says = Text(
            f"各级承担合计{summed.zh}，金额为{whole.zh}",
            f"the shares add up to {summed.get('en')}, the amount is {whole.get('en')}",
        )
        gap = abs(total - payment.amount)
        yield Remark(Check.SHARES_SUM, (payment.row,), payment.place, says, gap)


# ── what the rules show about the list ───────────────────────────────────────


def shares_split(done: FirmClaims, assessor: Assessor) -> Iterator[Remark]:
    """Yield the rows whose shares add up, but not by the declared split."""
    for claim in done.claims:
        payment = claim.payment
        shares = dict(payment.shares)
        whole = len(shares) == 1 or sum(shares.values()) == claim.amount
        if not shares or claim.amount <= 0 or not whole:
            continue
        try:
            answer = assessor.answer(done.firm, claim.incentive, claim.on)
        except ProfileError:
            return  # the firm's verdicts say so
        rule = answer.decision
        parts = funding_of(answer.run, rule.version, claim.incentive, Money(claim.amount))
        if not parts:
            continue
        due: dict[str, int] = defaultdict(int)
        for part in parts:
            level = LOCAL if part.payer is None else _level(part.payer)
            due[level] += part.amount.fen
        if not PAYERS.keys() >= due.keys():
            continue  # a payer that is no level of government has no column
        columns = _by_column(due, shares)
        if len(shares) == 1:  # a list may show what one of them bears, and no more
            columns = {name: fen for name, fen in columns.items() if name in shares}
        if columns != {k: v for k, v in shares.items() if v}:
            listed = [_share(payer, fen) for payer, fen in due.items()]
            text = words.join(listed)
            says = Text(f"按规定应为：{text.zh}", f"by the declared split: {text.get('en')}")
            gap = max(abs(columns.get(k, 0) - shares.get(k, 0)) for k in {*columns, *shares})
            yield Remark(Check.SHARES_SPLIT, (payment.row,), payment.place, says, gap)


def _by_column(due: dict[str, int], shares: dict[str, int]) -> dict[str, int]:
    """Return the split as the list's columns have it: city and county may stand in one."""
    found: dict[str, int] = defaultdict(int)
    for level, fen in due.items():
        name = level
        if level not in shares and level in {"city", "county"} and LOCAL in shares:
            name = LOCAL
        elif level == LOCAL and LOCAL not in shares:
            name = next((each for each in ("county", "city") if each in shares), LOCAL)
        found[name] += fen
    return {name: fen for name, fen in found.items() if fen}


def _level(payer: str) -> str:
    if len(payer) == 6 and payer.isdigit():
        return _LEVELS[region_level(payer)]
    return payer


def _share(payer: str, fen: int) -> Text:
    label, money = PAYERS.get(payer, words.both(payer)), words.money(fen)
    return Text(f"{label.zh}{money.zh}", f"{label.get('en')} {money.get('en')}")


def judged(verdicts: Iterable[Verdict]) -> Iterator[Remark]:
    """Yield what the verdicts show: duplicates, dates, units, one item paid to two firms."""
    seen: dict[tuple[object, ...], int] = {}
    for each in verdicts:
        payment = each.payment
        if payment is None:
            continue
        if each.reason == "period":
            says = Text(
                f"{each.on}不在该政策的执行期内", f"{each.on} lies outside the incentive's period"
            )
            yield Remark(Check.OUTSIDE_PERIOD, (payment.row,), payment.place, says, each.paid)
        key = (payment.code or payment.name, payment.policy, payment.item, payment.on, each.paid)
        before = _first_row(each, seen.setdefault(key, payment.row))
        if before is not None:
            says = Text(
                f"与第{before}行是同一笔，已经付过", f"the same claim as row {before}, paid already"
            )
            rows = (before, payment.row)
            yield Remark(Check.DUPLICATE, rows, payment.place, says, each.paid)
        yield from _unit(each, payment)
    yield from _shared_items(verdicts)


def _first_row(verdict: Verdict, alike: int) -> int | None:
    """Return the row that had paid the whole claim of this one before, if there is one.

    Instalments that stay within what is due are none. Where nothing could be worked
    out, only a row with the same firm, incentive, item, day and amount is.
    """
    payment = verdict.payment
    if payment is None or verdict.paid <= 0:
        return None
    if verdict.kind in {Class.OVERPAID, Class.ABOVE_CEILING}:
        return verdict.before if verdict.judgement.difference == verdict.paid else None
    if verdict.kind in {Class.INELIGIBLE, Class.UNCHECKED} and alike != payment.row:
        return alike
    return None


def _unit(verdict: Verdict, payment: Payment) -> Iterator[Remark]:
    due, paid = verdict.judgement.high, verdict.paid
    wrong = verdict.kind in {Class.OVERPAID, Class.UNDERPAID, Class.ABOVE_CEILING}
    if wrong and due and (paid == due * _WAN or paid * _WAN == due):
        money = words.money(due)
        says = Text(f"与应付{money.zh}正好相差一万倍", f"ten thousand times off {money.get('en')}")
        yield Remark(Check.UNIT_MIXUP, (payment.row,), payment.place, says, abs(paid - due))


def _shared_items(verdicts: Iterable[Verdict]) -> Iterator[Remark]:
    """One item, such as a contract, paid to two firms under one incentive."""
    firms: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for each in verdicts:
        if each.payment is not None and each.incentive is not None and each.item is not None:
            firms[each.incentive, each.item].append(each)
    for (_, item), several in firms.items():
        keys = {each.payment.code or each.who for each in several if each.payment is not None}
        if len(keys) > 1:
            rows = tuple(each.payment.row for each in several if each.payment is not None)
            who = words.join([words.both(who) for who in _told_apart(several)])
            says = Text(
                f"编号{item}的款项由{who.zh}分别领取",
                f"item {item} was paid to {who.get('en')}",
            )
            last = several[-1]
            place = last.payment.place if last.payment is not None else ""
            yield Remark(Check.SHARED_ITEM, rows, place, says, last.paid)


def _told_apart(several: Iterable[Verdict]) -> list[str]:
    """Return each firm once; with its code, where another has the same name."""
    pairs = {
        each.payment.code or each.who: each.who for each in several if each.payment is not None
    }
    names = list(pairs.values())
    return [
        f"{name}（{key}）" if names.count(name) > 1 and key != name else name
        for key, name in pairs.items()
    ]


def over_cap(found: OverCap, paid: PaidList, assessor: Assessor) -> Remark:
    """Return the remark about rows that together exceed a cap."""
    name = assessor.names.incentive(found.incentive)
    total, most = words.money(found.paid), words.money(found.most)
    when = Text(f"{found.year}年", f" in {found.year}") if found.year is not None else Text("", "")
    over = words.money(found.excess)
    says = Text(
        f"{found.firm.name or found.firm.key}{when.zh}“{name.zh}”共付{total.zh}，"
        f"按规定合计至多{most.zh}，超出{over.zh}",
        f"{found.firm.name or found.firm.key} was paid {total.get('en')}{when.get('en')} under "
        f"{name.get('en')}; together at most {most.get('en')} is due, {over.get('en')} less",
    )
    last = found.rows[-1]
    place = next(payment.place for payment in paid.payments if payment.row == last)
    return Remark(Check.OVER_CAP, found.rows, place, says, found.excess)
