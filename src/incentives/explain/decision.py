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
from incentives.explain.facts import decided_by
from incentives.explain.groups import group_block
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
from incentives.explain.replay import (
    awards,
    cap_of,
    other_split,
    room_of,
    rules_of,
    subtotal,
    tests_at,
)
from incentives.explain.source import papers_block, source_block
from incentives.explain.structure import Block, Explanation, Line, Part, Tone, block
from incentives.explain.sums import amount_lines, sum_of, value_text
from incentives.explain.worth import worth
from incentives.language.core import Per, Text
from incentives.language.semantics import add
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.engine.amounts import ReadingResult
    from incentives.engine.funding import FundingPart, InstalmentPart
    from incentives.engine.results import Decision
    from incentives.explain.replay import Award
    from incentives.rulebook.model import Total

_LIVE = {Status.ELIGIBLE, Status.UNDETERMINED}
_PER = {
    Per.YEAR: Text("每年", "a year"),
    Per.LIFETIME: Text("累计", "over a lifetime"),
    Per.ITEM: Text("每项", "an item"),
}


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
    found = awards(decision)
    lines: list[Line] = []
    if decision.rule.each is None or not decision.items:
        lines += _award_lines(found[0], names, full=full)
    else:
        lines += [_item_line(decision, award, names, full=full) for award in found]
        lines += _together(decision, found)
    lines += _after(decision)
    if not lines:
        return ()
    amount = amount_text(decision) or range_text(decision.range)
    lines.append(Line(Text(f"结果：{amount.zh}", f"Result: {amount.get('en')}"), Tone.RESULT))
    return block(Part.SUM, Text("计算", "The sum"), lines)


def _award_lines(award: Award, names: Names, *, full: bool) -> list[Line]:
    if award.step is None:
        return []
    lines = list(amount_lines(award.step, names, full=full))
    value, computed = award.part.value, award.step.value
    is_open = isinstance(computed, Unknown) and computed.open
    if is_open and not (isinstance(value, Unknown) and value.open):
        text = value_text(value)
        lines.append(Line(Text(f"已核定：{text.zh}", f"decided: {text.get('en')}"), Tone.SUM))
    elif award.part.status is Status.UNDETERMINED and not is_open:
        text = value_text(value)
        zh, en = "条件尚未全部确定", "not every condition is settled"
        lines.append(Line(Text(f"{zh}：{text.zh}", f"{en}: {text.get('en')}"), Tone.OPEN))
    elif value_text(value) != value_text(computed):
        text = value_text(value)
        lines.append(
            Line(Text(f"逐种情形计算：{text.zh}", f"case by case: {text.get('en')}"), Tone.SUM)
        )
    return lines


def _item_line(decision: Decision, award: Award, names: Names, *, full: bool) -> Line:
    part = award.part
    label = names.path(decision.rule.each or "")
    text = Text(f"{label.zh} {part.key}", f"{label.get('en')} {part.key}")
    of: list[Line] = []
    if part.status in _LIVE:
        of += _award_lines(award, names, full=full)
    elif part.reason is not None:
        reason = words.REASON[part.reason]
        text = Text(
            f"{text.zh}：不适用（{reason.zh}）",
            f"{text.get('en')}: not applicable ({reason.get('en')})",
        )
    if part.status in {Status.INELIGIBLE, Status.UNDETERMINED}:
        for condition, step in tests_at(decision, part):
            tone = Tone.FAILED if part.status is Status.INELIGIBLE else Tone.OPEN
            of.append(Line(condition.says, tone, of=decided_by(step, names)))
    given = part.award
    distinct = decision.version.distinct is not None and part.status in _LIVE
    if distinct and value_text(award.paid) != value_text(given):
        of.append(_one_per_value(decision, given, award.paid))
        given = award.paid
    figure = None if part.status is Status.NOT_APPLICABLE else value_text(given)
    return Line(text, TONES[part.status], figure, tuple(of))


def _one_per_value(decision: Decision, before: Any, after: Any) -> Line:
    old, new = value_text(before), value_text(after)
    zh, en = "同一对象只计一项", "one is paid for each"
    if decision.version.totals:
        zh, en = f"{zh}，并按合计上限计", f"{en}, within the cap on all together"
    return Line(
        Text(f"{zh}：{old.zh} → {new.zh}", f"{en}: {old.get('en')} → {new.get('en')}"), Tone.SUM
    )


def _together(decision: Decision, found: tuple[Award, ...]) -> list[Line]:
    """Return the lines that add the items up and hold them to the caps over items."""
    live = [award for award in found if award.part.status in _LIVE]
    distinct = decision.version.distinct is not None
    values: list[Any] = [award.paid if distinct else award.part.award for award in live]
    lines = []
    after = subtotal(decision)
    totals = decision.version.totals
    together = after if distinct or not totals else _added(values)
    if len(values) > 1:
        lines.append(sum_of(values, together, Text("合计", "together")))
    if totals and not distinct:
        lines += [_total_line(decision, total) for total in totals]
        if together != after:
            old, new = value_text(together), value_text(after)
            lines.append(
                Line(
                    Text(
                        f"按合计上限计：{old.zh} → {new.zh}",
                        f"held to it: {old.get('en')} → {new.get('en')}",
                    ),
                    Tone.SUM,
                )
            )
    return lines


def _added(values: list[Any]) -> Any:
    return add(values)


def _total_line(decision: Decision, total: Total) -> Line:
    cap, room = cap_of(total, decision), room_of(total, decision)
    per = _PER.get(total.per) if total.per is not None else None
    text = value_text(cap)
    zh = f"合计上限{per.zh if per else ''}{text.zh}"
    en = f"the cap on all together is {text.get('en')}{' ' + per.get('en') if per else ''}"
    if total.clause:
        zh, en = f"{zh}（{total.clause}）", f"{en} ({total.clause})"
    if room is not None and room != cap:
        left = value_text(room)
        zh, en = f"{zh}，除去以前领取的还剩{left.zh}", f"{en}; past payments leave {left.get('en')}"
    return Line(Text(zh, en), Tone.NOTE)


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
    lines = [
        missing_line(path, names, worth_text(worth(decision, path))) for path in decision.missing
    ]
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
