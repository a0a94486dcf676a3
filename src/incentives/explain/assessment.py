"""A whole assessment explained, for the applicant: totals, what, why not, what is missing.

Every decision appears once: what can be had with its sum, what is open with the
facts that decide it and the money at stake, what was refused with every failed
condition, its clause and the quoted words, and the rest in a line for each reason.
Drafts stand apart and never enter a total.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from incentives.engine.conditions import Truth
from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.decision import explain_decision, subtotal_range, sum_block
from incentives.explain.names import Names
from incentives.explain.outcome import (
    amount_text,
    condition_line,
    missing_line,
    note_line,
    quote_line,
    range_text,
    worth_text,
)
from incentives.explain.replay import MOST_ITEMS, rules_of
from incentives.explain.source import under_line
from incentives.explain.structure import Block, Explanation, Line, Part, Tone, block
from incentives.explain.worth import worth_of_all
from incentives.language.core import Text

if TYPE_CHECKING:
    from incentives.diagnostics import Finding
    from incentives.engine.amounts import Totals
    from incentives.engine.results import Assessment, Decision

_LISTED: Final = 8
_STATED: Final = ("name", "kind", "region")


def explain_assessment(assessment: Assessment, *, full: bool = False) -> Explanation:
    """Return the explanation of a whole assessment.

    Args:
        assessment: what ``assess`` gave.
        full: the whole derivation of every decision that is not out of the question,
            every missing fact and every incentive that does not apply.
    """
    names = Names(rules_of(assessment))
    law = [decision for decision in assessment if not decision.is_draft]
    drafts = [decision for decision in assessment if decision.is_draft]
    found = {status: [each for each in law if each.status is status] for status in Status}
    blocks = (
        *_applicant(assessment, names),
        *_eligible(found[Status.ELIGIBLE], names, full=full),
        *_undetermined(found[Status.UNDETERMINED], names, full=full),
        *_ineligible(found[Status.INELIGIBLE], names, full=full),
        *_not_applicable(found[Status.NOT_APPLICABLE], full=full),
        *_drafts(assessment, drafts, names, full=full),
        *_missing(law, names, full=full),
        *_assumptions(assessment),
        *_warnings(assessment.warnings),
    )
    tone = (
        Tone.MET
        if found[Status.ELIGIBLE]
        else Tone.OPEN
        if found[Status.UNDETERMINED]
        else Tone.PLAIN
    )
    return Explanation(_headline(assessment, found), tone, blocks)


def _headline(assessment: Assessment, found: dict[Status, list[Decision]]) -> Text:
    on = assessment.on.isoformat()
    sums = _totals(assessment.totals)
    eligible, open_ = len(found[Status.ELIGIBLE]), len(found[Status.UNDETERMINED])
    known_on = assessment.options.known_on
    when = words.both(on)
    if known_on is not None:
        when = Text(
            f"{on}（按{known_on}及以前公布的规定）", f"{on} (by the rules published by {known_on})"
        )
    return Text(
        f"截至{when.zh}：{sums.zh}。符合条件{eligible}项，待定{open_}项。",
        f"On {when.get('en')}: {sums.get('en')}. Eligible: {eligible}, undetermined: {open_}.",
    )


def _totals(totals: Totals) -> Text:
    exact = range_text(totals.range)
    if exact == words.OPEN:
        exact = Text("的金额尚不能确定", "not known yet")
    zh, en = f"按规定标准可得{exact.zh}", f"due by entitlement: {exact.get('en')}"
    if totals.ceiling is None:
        return Text(
            f"{zh}；另有由主管部门核定的资助，上限未知",
            f"{en}; besides, amounts that a payer decides, of unknown bound",
        )
    if totals.ceiling:
        top = words.money(totals.ceiling.fen)
        return Text(
            f"{zh}；另有由主管部门核定的资助，最高{top.zh}",
            f"{en}; besides, amounts that a payer decides, at most {top.get('en')}",
        )
    return Text(zh, en)


def _applicant(assessment: Assessment, names: Names) -> tuple[Block, ...]:
    record = assessment.profile.applicant
    parts = []
    for name in _STATED:
        spec = record.specs.get(name)
        value = record.get(name)
        if spec is not None and isinstance(value, str):
            parts.append(names.value(value, spec.type, spec))
    if not parts:
        return ()
    who = words.join(parts, "，", ", ")
    line = Line(Text(f"申报主体：{who.zh}", f"Applicant: {who.get('en')}"))
    return block(Part.APPLICANT, None, [line])


def _title(zh: str, en: str, count: int) -> Text:
    return Text(f"{zh}（{count}项）", f"{en} ({count})")


def _whole(decision: Decision) -> tuple[Line, ...]:
    """Return the whole derivation of a decision, as lines below its name."""
    return tuple(
        line
        for part in explain_decision(decision, full=True).blocks
        for line in (
            part.lines if part.title is None else (Line(part.title, Tone.TITLE, of=part.lines),)
        )
    )


# ── what can be had ──────────────────────────────────────────────────────────


def _eligible(decisions: list[Decision], names: Names, *, full: bool) -> tuple[Block, ...]:
    lines = [_granted(decision, names, full=full) for decision in decisions]
    return block(Part.ELIGIBLE, _title("符合条件", "Eligible", len(lines)), lines)


def _granted(decision: Decision, names: Names, *, full: bool) -> Line:
    if full:
        return Line(decision.name, Tone.MET, amount_text(decision), _whole(decision))
    of = [under_line(decision, names, Tone.NOTE, until=True)]
    if decision.paid_to is not None:
        payee = decision.paid_to
        of.append(
            Line(
                Text(
                    f"支付给：{payee.zh}（不计入合计）",
                    f"paid to: {payee.get('en')} (not in the totals)",
                ),
                Tone.NOTE,
            )
        )
    elif not decision.rule.is_monetary and decision.range is not None:
        of.append(
            Line(
                Text(
                    "不是付给申报主体的资金，不计入合计",
                    "no money to the applicant: not in the totals",
                ),
                Tone.NOTE,
            )
        )
    for part in sum_block(decision, names, full=False):
        of += [line for line in part.lines if line.tone is not Tone.RESULT]
    mine = (decision.status, subtotal_range(decision))
    differ = [each for each in decision.readings if (each.status, each.range) != mine]
    if differ:
        of.append(
            Line(
                Text(
                    f"条文另有{len(differ)}种理解，结果不同，见“{decision.name.zh}”的详细说明",
                    f"readings of the text that would give another result: {len(differ)}; "
                    "see its own explanation",
                ),
                Tone.NOTE,
            )
        )
    return Line(decision.name, Tone.MET, amount_text(decision), tuple(of))


# ── what is open ─────────────────────────────────────────────────────────────


def _undetermined(decisions: list[Decision], names: Names, *, full: bool) -> tuple[Block, ...]:
    ordered = sorted(decisions, key=_stakes)
    lines = [_open(decision, names, full=full) for decision in ordered]
    return block(Part.UNDETERMINED, _title("待定", "Undetermined", len(lines)), lines)


def _stakes(decision: Decision) -> tuple[bool, bool, int, str]:
    """Sort what may be worth most first: no upper bound, then by it, then no amount at all."""
    amounts = decision.range
    high = None if amounts is None else amounts.high
    bounded = high is not None
    return amounts is None, bounded, -high.fen if high is not None else 0, decision.incentive


def _open(decision: Decision, names: Names, *, full: bool) -> Line:
    if full:
        return Line(decision.name, Tone.OPEN, amount_text(decision), _whole(decision))
    of = [under_line(decision, names, Tone.NOTE, until=True)]
    if decision.missing:
        of.append(_decided_by(decision, names))
    of += [Line(words.fault_says(fault), Tone.WARNING) for fault in decision.findings]
    return Line(decision.name, Tone.OPEN, amount_text(decision), tuple(of))


def _decided_by(decision: Decision, names: Names) -> Line:
    paths = decision.missing
    shown = paths if len(paths) <= _LISTED + 1 else paths[:_LISTED]
    facts = words.join([names.path(path) for path in shown], "；", "; ")
    zh, en = f"取决于：{facts.zh}", f"decided by: {facts.get('en')}"
    if len(shown) < len(paths):
        zh, en = f"{zh}等{len(paths)}项事实", f"{en}; {len(paths)} facts in all"
    return Line(Text(zh, en), Tone.OPEN)


# ── what was refused ─────────────────────────────────────────────────────────


def _ineligible(decisions: list[Decision], names: Names, *, full: bool) -> tuple[Block, ...]:
    lines = [_refused(decision, names, full=full) for decision in decisions]
    return block(Part.INELIGIBLE, _title("不符合条件", "Not eligible", len(lines)), lines)


def _refused(decision: Decision, names: Names, *, full: bool) -> Line:
    if full:
        return Line(decision.name, Tone.FAILED, of=_whole(decision))
    of = [under_line(decision, names, Tone.NOTE, until=True)]
    shown = [
        each
        for each in decision.conditions
        if each.outcome is Truth.FAILED or each.id in decision.failed
    ]
    quoted = False
    for condition in shown:
        of.append(condition_line(condition, names, facts=True, quote=True, clause=decision.clause))
        quoted |= condition.quote is not None
    if not quoted and decision.quote is not None:
        of.append(quote_line(decision.quote))
    return Line(decision.name, Tone.FAILED, of=tuple(of))


def _not_applicable(decisions: list[Decision], *, full: bool) -> tuple[Block, ...]:
    by_reason: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_reason[decision.reason or ""].append(decision)
    lines = []
    for reason in (each for each in words.REASON if each in by_reason):
        members = by_reason[reason]
        says = words.REASON[reason]
        shown = members if full else members[:_LISTED]
        listed = words.join([decision.name for decision in shown], "、", "; ")
        more = len(members) - len(shown)
        tail = Text(f"等{len(members)}项", f"; {len(members)} in all") if more else words.both("")
        lines.append(
            Line(
                Text(
                    f"{says.zh}：{listed.zh}{tail.zh}",
                    f"{says.get('en')}: {listed.get('en')}{tail.get('en')}",
                )
            )
        )
    return block(Part.NOT_APPLICABLE, _title("不适用", "Not applicable", len(decisions)), lines)


# ── drafts ───────────────────────────────────────────────────────────────────


def _drafts(
    assessment: Assessment, drafts: list[Decision], names: Names, *, full: bool
) -> tuple[Block, ...]:
    if not drafts:
        return ()
    if not assessment.options.drafts:
        count = len(drafts)
        says = Text(
            f"另有征求意见稿{count}项，尚未生效，本次未评估",
            f"Incentives in drafts, which are not law yet and were not assessed: {count}",
        )
        return block(Part.DRAFTS, None, [Line(says)])
    lines = []
    for decision in drafts:
        if decision.status is Status.NOT_APPLICABLE and not full:
            continue
        if decision.status is Status.ELIGIBLE:
            line = _granted(decision, names, full=full)
        elif decision.status is Status.UNDETERMINED:
            line = _open(decision, names, full=full)
        elif decision.status is Status.INELIGIBLE:
            line = _refused(decision, names, full=full)
        else:
            line = Line(
                decision.name, of=(Line(words.REASON[decision.reason or "draft"], Tone.NOTE),)
            )
        text = Text(f"【征求意见稿】{line.text.zh}", f"[draft] {line.text.get('en')}")
        lines.append(Line(text, line.tone, line.figure, line.of))
    title = Text("征求意见稿（尚未生效，不计入合计）", "Drafts (not law yet, in no total)")
    return block(Part.DRAFTS, title, lines or [Line(Text("没有适用的", "none applies"))])


# ── what is missing, assumed, odd ────────────────────────────────────────────


def _missing(decisions: list[Decision], names: Names, *, full: bool) -> tuple[Block, ...]:
    waiting: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        for path in decision.missing:
            waiting[path].append(decision)
    ordered = sorted(waiting, key=lambda path: (-len(waiting[path]), path))
    shown = ordered[: MOST_ITEMS if full else 2 * _LISTED]
    lines = [missing_line(path, names, _bears_on(waiting[path], path)) for path in shown]
    more = len(ordered) - len(shown)
    if more:
        says = Text(f"另有{more}项事实，见完整说明", f"{more} more in the full explanation")
        if full:
            says = Text(
                f"另有{more:,}项事实没有逐项列出，用 JSON 可看全部",
                f"{more:,} more facts are not listed one by one; the JSON has them all",
            )
        lines.append(Line(says))
    return block(Part.MISSING, _title("还缺这些事实", "Missing facts", len(ordered)), lines)


def _bears_on(decisions: list[Decision], path: str) -> Text:
    count, money = len(decisions), worth_text(worth_of_all(decisions, path))
    zh, en = f"关系到{count}项", f"bears on {count}"
    return Text(zh, en) if money is None else Text(f"{zh}，{money.zh}", f"{en}, {money.get('en')}")


def _assumptions(assessment: Assessment) -> tuple[Block, ...]:
    lines = [note_line(note) for note in assessment.assumptions]
    return block(Part.ASSUMPTIONS, Text("本结果的假定", "What is assumed"), lines)


def _warnings(warnings: tuple[Finding, ...]) -> tuple[Block, ...]:
    lines = []
    for finding in warnings:
        where = f"{finding.fact}：" if finding.fact else ""
        english = f"{finding.fact}: " if finding.fact else ""
        lines.append(
            Line(
                Text(f"{where}{finding.zh}", f"{english}{finding.message}"),
                Tone.WARNING,
            )
        )
    return block(Part.WARNINGS, Text("提示", "Warnings"), lines)
