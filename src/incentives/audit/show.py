"""An audit as text for people and as JSON for programs, from one result.

The law kept: both languages carry the same figures. The trap: money at stake is never
added over classes: what was paid too much and what was not paid at all are no one sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.audit.classes import LABELS, Class
from incentives.audit.sheet_checks import LABELS as CHECKS
from incentives.explain import words
from incentives.explain.structure import Block, Explanation, Line, Part, Tone
from incentives.language.core import Text
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.audit.recompute import Verdict
    from incentives.audit.report import Audit, Summary
    from incentives.audit.sheet_checks import Remark

SHOWN: Final = 40
"""How many differences and remarks the text shows; the workbook has them all."""

STAKES: Final = {
    Class.REPRODUCED: None,
    Class.OVERPAID: Text("多付", "too much"),
    Class.UNDERPAID: Text("少付", "too little"),
    Class.INELIGIBLE: Text("不应付", "not due"),
    Class.UNPAID: Text("应付未付", "due and unpaid"),
    Class.ABOVE_CEILING: Text("超出", "above"),
    Class.WITHIN_CEILING: None,
    Class.OTHER_READING: Text("与采用的理解相差", "apart from the reading used"),
    Class.UNCHECKED: Text("涉及", "concerned"),
}
_TONES: Final = {
    Class.REPRODUCED: Tone.MET,
    Class.WITHIN_CEILING: Tone.MET,
    Class.OTHER_READING: Tone.OPEN,
    Class.UNCHECKED: Tone.OPEN,
}


def explain_audit(audit: Audit) -> Explanation:
    """Return an audit as the structure that every explanation is."""
    count, clean = len(audit.paid.payments), audit.is_clean
    total = words.money(sum(payment.amount or 0 for payment in audit.paid.payments))
    differences, remarks = audit.differences, sorted(audit.remarks, key=lambda r: -r.stake)
    unread = audit.paid.unread
    left_out = Text("", "")
    if unread:
        left_out = Text(
            f"（其中{unread}笔金额无法读取，未计入）",
            f" ({unread} with an unreadable amount, not counted in)",
        )
    headline = Text(
        f"{audit.paid.source}：{count}笔支付，共{total.zh}{left_out.zh}，"
        + (
            "全部相符"
            if clean
            else f"{len(audit.differences)}项差异、{len(audit.remarks)}处清单问题"
        ),
        f"{audit.paid.source}: {_several(count, 'payment')}, {total.get('en')} in all"
        f"{left_out.get('en')}, "
        + (
            "everything agrees"
            if clean
            else f"{_several(len(differences), 'difference')}, "
            f"{_several(len(remarks), 'remark')} on the list"
        ),
    )
    blocks = [
        Block(Part.SUM, Text("分类", "Classes"), tuple(map(_summary, audit.summaries))),
        *_block(
            Part.FINDINGS,
            Text("差异（按涉及金额排序）", "Differences, most at stake first"),
            [_difference(each, audit) for each in differences[:SHOWN]],
            len(differences),
        ),
        *_block(
            Part.WARNINGS,
            Text("清单本身的问题", "Remarks on the list itself"),
            [_remark(each) for each in remarks[:SHOWN]],
            len(remarks),
        ),
        *_block(
            Part.ASSUMPTIONS,
            Text("假设", "Assumptions"),
            [Line(each, Tone.NOTE) for each in audit.assumptions],
            0,
        ),
    ]
    return Explanation(headline, Tone.MET if clean else Tone.FAILED, tuple(blocks))


def _several(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _block(part: Part, title: Text, lines: list[Line], count: int) -> Iterable[Block]:
    if not lines:
        return
    more = count - len(lines)
    if more > 0:
        says = Text(f"另有{more}项，见工作簿（-o）", f"{more} more in the workbook (-o)")
        lines = [*lines, Line(says, Tone.NOTE)]
    yield Block(part, title, tuple(lines))


def _summary(each: Summary) -> Line:
    label, paid = LABELS[each.kind], words.money(each.paid)
    stake, what = words.money(each.stake), STAKES[each.kind]
    zh, en = f"{label.zh}：{each.count}笔", f"{label.get('en')}: {each.count}"
    if each.kind is not Class.UNPAID:
        zh, en = f"{zh}，已付{paid.zh}", f"{en}, {paid.get('en')} paid"
    figure = None
    if what is not None:
        figure = Text(f"{what.zh}{stake.zh}", f"{stake.get('en')} {what.get('en')}")
    return Line(Text(zh, en), _TONES.get(each.kind, Tone.FAILED), figure)


def where(each: Verdict) -> Text:
    """Return where a verdict stands in the list: its row, or that it has none."""
    if each.payment is None:
        return Text("未列入清单", "not in the list")
    return Text(f"第{each.payment.row}行", f"row {each.payment.row}")


def title_of(each: Verdict, audit: Audit) -> Text:
    """Return the name of the incentive that a verdict is about, as the rules have it."""
    if each.incentive is None:
        return words.both((each.payment.policy if each.payment is not None else None) or "—")
    return audit.assessor.names.incentive(each.incentive)


def _difference(each: Verdict, audit: Audit) -> Line:
    label, row, title = LABELS[each.kind], where(each), title_of(each, audit)
    item = f" {each.item}" if each.item else ""
    who = Text(each.who or "未写明单位", each.who or "no firm named")
    zh = f"{row.zh} {who.zh} · {title.zh}{item}：{label.zh}"
    en = f"{row.get('en')} {who.get('en')} · {title.get('en')}{item}: {label.get('en')}"
    of = [Line(text) for text in _comparison(each)]
    what = STAKES[each.kind]
    stake = words.money(each.judgement.stake)
    figure = None
    if what is not None and not each.is_unread:
        figure = Text(f"{what.zh}{stake.zh}", f"{stake.get('en')} {what.get('en')}")
    return Line(Text(zh, en), _TONES.get(each.kind, Tone.FAILED), figure, tuple(of))


def _comparison(each: Verdict) -> list[Text]:
    """Return what was paid and due, and why; one line where the reason is the amount itself."""
    paid, low, high = words.money(each.paid), each.judgement.low, each.judgement.high
    why = each.judgement.why
    if each.kind is Class.UNPAID:
        return [why]
    shown = Text(f"已付{paid.zh}", f"{paid.get('en')} paid")
    if each.is_unread:
        return [why]  # it names the cell; nothing is known to have been paid, nor that nothing was
    if low is None:
        return [shown, why]
    due = words.money_range(low, high)
    own = Text(f"{shown.zh}，应付{due.zh}", f"{shown.get('en')}, {due.get('en')} due")
    if each.earlier and why.zh.startswith(f"应付{due.zh}，"):
        return [shown, why]  # what is left of the due counts here, and the reason says it
    return [own] if why.zh == f"应付{due.zh}" else [own, why]


def _remark(each: Remark) -> Line:
    label = CHECKS[each.check]
    text = Text(f"{each.place} {label.zh}", f"{each.place} {label.get('en')}")
    figure = words.money(each.stake) if each.stake else None
    return Line(text, Tone.WARNING, figure, (Line(each.says),))


def audit_data(audit: Audit) -> dict[str, Any]:
    """Return an audit as JSON (``incentives/audit/1``); amounts are texts in yuan."""
    return {
        "format": "incentives/audit/1",
        "source": audit.paid.source,
        "sheet": audit.paid.sheet or None,
        "rulebook": {"digest": audit.digest},
        "payments": len(audit.paid.payments),
        "profiles": audit.firms,
        "classes": [
            {
                "class": str(each.kind),
                "count": each.count,
                "paid": _yuan(each.paid),
                "stake": _yuan(each.stake),
            }
            for each in audit.summaries
        ],
        "rows": [_row(each) for each in audit.verdicts],
        "remarks": [
            {
                "check": str(each.check),
                "rows": list(each.rows),
                "place": each.place,
                "says": _text(each.says),
                "stake": _yuan(each.stake),
            }
            for each in audit.remarks
        ],
        "assumptions": [_text(each) for each in audit.assumptions],
    }


def _row(each: Verdict) -> dict[str, Any]:
    payment, judgement = each.payment, each.judgement
    reading = judgement.reading
    return {
        "row": None if payment is None else payment.row,
        "code": (payment.code if payment is not None else None)
        or (each.firm.code if each.firm is not None else None),
        "name": each.who or None,
        "incentive": each.incentive,
        "item": each.item,
        "on": None if each.on is None else each.on.isoformat(),
        "class": str(each.kind),
        "paid": None if payment is None or payment.amount is None else _yuan(payment.amount),
        "due": None
        if judgement.low is None
        else {"low": _yuan(judgement.low), "high": _yuan(judgement.high)},
        "difference": _yuan(judgement.difference),
        "stake": _yuan(judgement.stake),
        "why": _text(judgement.why),
        "reading": None if reading is None else {"id": reading.id, "says": _text(reading.says)},
        "missing": list(each.missing),
        "findings": [
            {"code": item.code, "place": item.fact, "message": item.message, "zh": item.zh}
            for item in each.findings
        ],
    }


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{Money(fen):plain}"


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.get("en")}
