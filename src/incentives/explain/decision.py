"""One decision explained: the outcome, then why, how much, what is missing and what is unclear.

Everything comes from the decision and its recorded derivation; nothing is decided
or computed here. Without ``full`` a reader gets what decided; with it, the facts
behind every condition and every note on how the text was taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.engine.amounts import range_of
from incentives.engine.conditions import Truth
from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.groups import group_block
from incentives.explain.items import award_lines, item_lines
from incentives.explain.names import Names
from incentives.explain.outcome import (
    TONES,
    amount_text,
    condition_line,
    given_text,
    headline,
    missing_line,
    note_line,
    range_text,
    worth_text,
)
from incentives.explain.replay import MOST_ITEMS, awards, other_split, rules_of, subtotal
from incentives.explain.source import papers_block, source_block
from incentives.explain.structure import Block, Explanation, Line, Part, Tone, block
from incentives.explain.sums import value_text
from incentives.explain.worth import worth
from incentives.language.core import Text

if TYPE_CHECKING:
    from incentives.engine.amounts import ReadingResult
    from incentives.engine.funding import FundingPart, InstalmentPart
    from incentives.engine.results import Decision

_LIVE = {Status.ELIGIBLE, Status.UNDETERMINED}


def explain_decision(decision: Decision, *, full: bool = False) -> Explanation:
    """Return the explanation of one decision.

    Args:
        decision: what ``assess`` gave.
        full: also the facts behind conditions that are met, every reading and every note.
    """
    names = Names(rules_of(decision))
    blocks = (
        *source_block(decision, names),
        *_conditions(decision, names, full=full),
        *sum_block(decision, names, full=full),
        *group_block(decision, names),
        *_missing(decision, names),
        *_readings(decision, full=full),
        *_funding(decision, names),
        *_instalments(decision),
        *papers_block(decision, names),
        *_notes(decision, full=full),
        *_findings(decision),
    )
    return Explanation(headline(decision), TONES[decision.status], blocks, decision.incentive)


# ── conditions ───────────────────────────────────────────────────────────────


def _conditions(decision: Decision, names: Names, *, full: bool) -> tuple[Block, ...]:
    lines = [
        condition_line(
            condition, names, facts=full or condition.outcome is not Truth.MET, quote=True
        )
        for condition in decision.conditions
        if decision.status is not Status.NOT_APPLICABLE
        or full
        or condition.id in {"recipient", "jurisdiction"}
    ]
    return block(Part.CONDITIONS, Text("条件", "Conditions"), lines)


# ── the sum ──────────────────────────────────────────────────────────────────


def sum_block(decision: Decision, names: Names, *, full: bool) -> tuple[Block, ...]:
    """Return how the amount comes about, item by item where there are items."""
    if decision.status not in _LIVE or decision.range is None:
        return ()
    found = awards(decision, MOST_ITEMS)
    lines: list[Line] = []
    if decision.rule.each is None or not decision.items:
        lines += award_lines(found[0], names, full=full)
    else:
        lines += item_lines(decision, found, names, full=full)
    lines += _after(decision)
    if not lines:
        return ()
    amount = amount_text(decision) or range_text(decision.range)
    lines.append(Line(Text(f"结果：{amount.zh}", f"Result: {amount.get('en')}"), Tone.RESULT))
    return block(Part.SUM, Text("计算", "The sum"), lines)


def _after(decision: Decision) -> list[Line]:
    """Return what happened to the amount after the items: a purse, a group, an over-payment."""
    lines = []
    if decision.version.budget is not None:
        says = Text(
            "资金总量有限，实际金额视全部申请情况而定",
            "the purse is limited: the amount depends on all applications",
        )
        lines.append(Line(says, Tone.OPEN))
    group = decision.group
    if group is not None:
        rule = words.GROUP_RULE[group.rule]
        before = value_text(subtotal(decision))
        now = value_text(decision.value)
        where = f"（{group.clause}）" if group.clause else ""
        english = f" ({group.clause})" if group.clause else ""
        lines.append(
            Line(
                Text(
                    f"与同组政策{rule.zh}{where}：{before.zh} → {now.zh}",
                    f"with its group, {rule.get('en')}{english}: "
                    f"{before.get('en')} → {now.get('en')}",
                ),
                Tone.SUM,
            )
        )
    if decision.overpaid is not None:
        over = words.money(decision.overpaid.fen)
        says = Text(
            f"已领取的比应得的多{over.zh}", f"{over.get('en')} more was received than is due"
        )
        lines.append(Line(says, Tone.WARNING))
    return lines


# ── what is open ─────────────────────────────────────────────────────────────


def _missing(decision: Decision, names: Names) -> tuple[Block, ...]:
    paths = decision.missing
    lines = [
        missing_line(path, names, worth_text(worth(decision, path))) for path in paths[:MOST_ITEMS]
    ]
    more = len(paths) - len(lines)
    if more:
        says = Text(
            f"另有{more:,}项事实没有逐项列出，用 JSON 可看全部",
            f"{more:,} more facts are not listed one by one; the JSON has them all",
        )
        lines.append(Line(says))
    return block(Part.MISSING, Text("还缺这些事实", "Missing facts"), lines)


def _readings(decision: Decision, *, full: bool) -> tuple[Block, ...]:
    readings = decision.readings
    defaults = [reading for reading in readings if reading.default]
    others = [reading for reading in readings if not reading.default]
    mine = (decision.status, subtotal_range(decision))
    shown = others if full else [each for each in others if (each.status, each.range) != mine]
    lines = [_reading_line(reading) for reading in (defaults if full else []) + shown]
    rest = len(others) - len(shown)
    if rest:
        says = Text(
            f"另有{rest}种理解，结果相同",
            f"{rest} other {'reading gives' if rest == 1 else 'readings give'} the same",
        )
        lines.append(Line(says))
    return block(Part.READINGS, Text("条文的不同理解", "Other readings of the text"), lines)


def subtotal_range(decision: Decision) -> Any:
    """Return the range before groups, which is what readings are compared with."""
    return range_of(subtotal(decision))


def _reading_line(reading: ReadingResult) -> Line:
    sure = words.CONFIDENCE.get(reading.confidence or "")
    more_zh = [
        word for word in ("本结果采用" if reading.default else "", sure.zh if sure else "") if word
    ]
    more_en = [
        word
        for word in ("used here" if reading.default else "", sure.get("en") if sure else "")
        if word
    ]
    zh = f"{reading.says.zh}（{'，'.join(more_zh)}）" if more_zh else reading.says.zh
    en = f"{reading.says.get('en')} ({', '.join(more_en)})" if more_en else reading.says.get("en")
    status = words.STATUS[reading.status]
    given = given_text(reading) if reading.status in _LIVE else None
    figure = status if given is None else given
    if reading.status is Status.UNDETERMINED and given is not None:
        figure = Text(
            f"{status.zh}，{figure.zh}", f"{status.get('en').lower()}, {figure.get('en')}"
        )
    return Line(Text(zh, en), TONES[reading.status], figure)


# ── who pays, and when ───────────────────────────────────────────────────────


def _funding(decision: Decision, names: Names) -> tuple[Block, ...]:
    parts = decision.funding
    if not parts or decision.status not in _LIVE:
        return ()
    lines = [_payer_line(part, names) for part in parts]
    found = parts[0].split
    if found.clause is not None:
        lines.append(Line(Text(f"依据：{found.clause}", f"Under: {found.clause}"), Tone.NOTE))
    for reading in found.readings:
        other = tuple(_payer_line(part, names) for part in other_split(decision, reading))
        says = reading.says
        lines.append(
            Line(
                Text(f"另一种理解：{says.zh}", f"Another reading: {says.get('en')}"),
                Tone.NOTE,
                of=other,
            )
        )
    return block(Part.FUNDING, Text("资金承担", "Who pays"), lines)


def _payer_line(part: FundingPart, names: Names) -> Line:
    payer = names.payer(part.payer)
    share = words.known(part.share, None)
    return Line(
        Text(
            f"{payer.zh}承担{_percent(part.share, share)}",
            f"{payer.get('en')} bears {_percent(part.share, share)}",
        ),
        figure=words.money(part.amount.fen),
    )


def _percent(share: Any, text: Text) -> str:
    return "100%" if share == 1 else "0%" if share == 0 else text.zh


def _instalments(decision: Decision) -> tuple[Block, ...]:
    lines = [_instalment_line(part, at) for at, part in enumerate(decision.instalments, 1)]
    return block(Part.FUNDING, Text("分期支付", "Instalments"), lines)


def _instalment_line(part: InstalmentPart, at: int) -> Line:
    due = {
        True: Text("现在可以支付", "payable now"),
        False: Text("尚不能支付", "not payable now"),
        None: Text("能否支付尚不能确定", "whether it is payable is open"),
    }[part.due]
    zh, en = f"第{at}期，{due.zh}", f"part {at}, {due.get('en')}"
    if part.says is not None:
        zh, en = f"{zh}：{part.says.zh}", f"{en}: {part.says.get('en')}"
    if part.since is not None:
        zh, en = f"{zh}，自{part.since}起", f"{en}, from {part.since}"
    if part.until is not None:
        zh, en = f"{zh}，至{part.until}止", f"{en}, until {part.until}"
    tone = Tone.MET if part.due else Tone.PLAIN
    return Line(Text(zh, en), tone, None if part.amount is None else words.money(part.amount.fen))


# ── notes and findings ───────────────────────────────────────────────────────


def _notes(decision: Decision, *, full: bool) -> tuple[Block, ...]:
    notes = decision.notes
    if not full:
        if not notes:
            return ()
        count = len(notes)
        says = Text(
            f"本条有{count}处原文没有写明，本结果的理解见完整说明",
            f"Points that the text leaves open: {count}; "
            "the full explanation says how each was taken",
        )
        return block(Part.NOTES, None, [Line(says, Tone.NOTE)])
    return block(
        Part.NOTES,
        Text("原文没有写明之处", "What the text leaves open"),
        [note_line(note) for note in notes],
    )


def _findings(decision: Decision) -> tuple[Block, ...]:
    lines = [Line(words.fault_says(fault), Tone.WARNING) for fault in decision.findings]
    return block(Part.FINDINGS, Text("计算中的问题", "What could not be computed"), lines)
