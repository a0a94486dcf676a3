"""The items of a decision: how each amount comes about, and what they come to together.

The law kept here: the figures printed add up to the amount, whatever is left out. Of
a long list the first ``MOST_ITEMS`` are explained one by one; the others are counted
and added up, with the ids of those that get nothing.

The trap: an item's figure here is what it is worth by itself, before caps over items.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.facts import decided_by
from incentives.explain.outcome import TONES
from incentives.explain.replay import MOST_ITEMS, cap_of, room_of, subtotal, tests_at
from incentives.explain.structure import Line, Tone
from incentives.explain.sums import amount_lines, sum_of, value_text
from incentives.language.core import Per, Text
from incentives.language.semantics import add
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.engine.results import Decision
    from incentives.explain.names import Names
    from incentives.explain.replay import Award
    from incentives.rulebook.model import Total

_LIVE: Final = {Status.ELIGIBLE, Status.UNDETERMINED}
_MOST_NAMED: Final = 20
_PER: Final = {
    Per.YEAR: Text("每年", "a year"),
    Per.LIFETIME: Text("累计", "over a lifetime"),
    Per.ITEM: Text("每项", "an item"),
}


def item_lines(
    decision: Decision, found: Sequence[Award], names: Names, *, full: bool
) -> list[Line]:
    """Return the items, at most ``MOST_ITEMS`` of them one by one, and their sum."""
    shown, rest = found[:MOST_ITEMS], found[MOST_ITEMS:]
    lines = [_item_line(decision, award, names, full=full) for award in shown]
    if rest:
        lines.append(_rest_line(decision, rest, names))
    return lines + _together(decision, shown, rest)


def _rest_line(decision: Decision, rest: Sequence[Award], names: Names) -> Line:
    """Return how many items are not explained, by status, what they get, and who gets nothing."""
    label = names.path(decision.rule.each or "")
    count = f"{len(rest):,}"
    text = Text(
        f"其余{count}项{label.zh}没有逐项列出，用 JSON 可看全部",
        f"{label.get('en')}: {count} more are not listed one by one; the JSON has them all",
    )
    by_status: dict[Status, list[Award]] = defaultdict(list)
    for award in rest:
        by_status[award.part.status].append(award)
    of = []
    for status in Status:
        mine = by_status.get(status)
        if not mine:
            continue
        says = words.STATUS[status]
        zh, en = f"{says.zh}{len(mine):,}项", f"{says.get('en').lower()}: {len(mine):,}"
        if status is not Status.ELIGIBLE:
            keys = [award.part.key for award in mine[:_MOST_NAMED]]
            more = len(mine) > len(keys)
            zh += f"：{'、'.join(keys)}{'等' if more else ''}"
            en += f" ({', '.join(keys)}{', …' if more else ''})"
        figure = value_text(add(_values(decision, mine))) if status in _LIVE else None
        of.append(Line(Text(zh, en), TONES[status], figure))
    return Line(text, Tone.PLAIN, of=tuple(of))


def _values(decision: Decision, found: Iterable[Award]) -> list[Any]:
    """Return what each item adds to the sum."""
    distinct = decision.version.distinct is not None
    live = [award for award in found if award.part.status in _LIVE]
    return [award.paid if distinct else award.part.award for award in live]


def award_lines(award: Award, names: Names, *, full: bool) -> list[Line]:
    """Return how the amount of an item, or of an incentive without items, comes about."""
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
    elif value_text(value) != value_text(computed) and not _has_purse(award):
        text = value_text(value)
        lines.append(
            Line(Text(f"逐种情形计算：{text.zh}", f"case by case: {text.get('en')}"), Tone.SUM)
        )
    return lines


def _has_purse(award: Award) -> bool:
    """Say whether a limited purse made a range of the amount; a line of its own says so."""
    version = award.part.version
    return version is not None and version.budget is not None


def _item_line(decision: Decision, award: Award, names: Names, *, full: bool) -> Line:
    part = award.part
    label = names.path(decision.rule.each or "")
    text = Text(f"{label.zh} {part.key}", f"{label.get('en')} {part.key}")
    of: list[Line] = []
    if part.status in _LIVE:
        of += award_lines(award, names, full=full)
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


def _together(decision: Decision, shown: Sequence[Award], rest: Sequence[Award]) -> list[Line]:
    """Return the lines that add the items up and hold them to the caps over items."""
    values = _values(decision, shown)
    label = Text("合计", "together")
    distinct = decision.version.distinct is not None
    totals = decision.version.totals
    after = subtotal(decision)
    together = after if distinct or not totals else add([*values, *_values(decision, rest)])
    if rest:
        values = [add(values), add(_values(decision, rest))]
        label = Text(
            f"合计（所列{len(shown)}项与其余{len(rest):,}项）",
            f"together (the {len(shown)} listed, and the other {len(rest):,})",
        )
    lines = []
    if len(values) > 1:
        lines.append(sum_of(values, together, label))
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
