"""The outcome in one sentence, and the lines that decisions and assessments share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.engine.conditions import Truth
from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.facts import decided_by
from incentives.explain.structure import Line, Tone
from incentives.language.core import Text
from incentives.language.names import DECIDED, RECEIVED

if TYPE_CHECKING:
    from incentives.engine.amounts import MoneyRange, ReadingResult
    from incentives.engine.conditions import ConditionOutcome
    from incentives.engine.results import Decision
    from incentives.explain.names import Names
    from incentives.rulebook.model import Note
    from incentives.values.money import Money

TONES: Final = {
    Status.ELIGIBLE: Tone.MET,
    Status.UNDETERMINED: Tone.OPEN,
    Status.INELIGIBLE: Tone.FAILED,
    Status.NOT_APPLICABLE: Tone.PLAIN,
}
TRUTH_TONES: Final = {Truth.MET: Tone.MET, Truth.FAILED: Tone.FAILED, Truth.UNKNOWN: Tone.OPEN}
_MOST_ITEMS: Final = 6
_LISTS: Final = {
    RECEIVED: Text("以前领取过的各项资助；从未领取的", "what was received before; if nothing was"),
    DECIDED: Text(
        "主管部门已经核定的金额；尚未核定的", "amounts that a payer has decided; if none was"
    ),
}


def range_text(amounts: MoneyRange) -> Text:
    """Return an amount, or the range it lies in."""
    return words.money_range(amounts.low.fen, None if amounts.high is None else amounts.high.fen)


def amount_text(decision: Decision) -> Text | None:
    """Return what a decision gives in words, ``None`` where it gives no amount."""
    if decision.status in {Status.INELIGIBLE, Status.NOT_APPLICABLE}:
        return None
    return given_text(decision)


def given_text(of: Decision | ReadingResult) -> Text | None:
    """Return an amount, a range, or a ceiling that somebody decides under."""
    amounts = of.range
    if amounts is None:
        return None
    if of.is_ceiling and not amounts.is_point:
        if amounts.high is None:
            return Text("金额由主管部门核定", "an amount the payer decides")
        if amounts.low:
            both = range_text(amounts)
            return Text(f"{both.zh}，由主管部门核定", f"{both.get('en')}, decided by the payer")
        top = words.money(amounts.high.fen)
        return Text(f"最高{top.zh}，由主管部门核定", f"at most {top.en}, decided by the payer")
    return range_text(amounts)


def headline(decision: Decision) -> Text:
    """Return the outcome and the amount in one sentence."""
    status = words.STATUS[decision.status]
    zh, en = (
        f"{decision.name.zh}：{status.zh}",
        f"{decision.name.get('en')}: {status.get('en').lower()}",
    )
    if decision.reason is not None:
        reason = words.REASON[decision.reason]
        return Text(f"{zh}（{reason.zh}）", f"{en} ({reason.get('en')})")
    if decision.failed:
        count = len(decision.failed)
        plural = "condition is" if count == 1 else "conditions are"
        return Text(f"{zh}（{count}项条件不符合）", f"{en} ({count} {plural} not met)")
    amount = amount_text(decision)
    if amount is not None:
        zh, en = f"{zh}，{amount.zh}", f"{en}, {amount.get('en')}"
    if decision.missing:
        count = len(decision.missing)
        zh = f"{zh}（还缺{count}项事实）"
        en = f"{en} ({count} {'fact is' if count == 1 else 'facts are'} missing)"
    return Text(zh, en)


def condition_line(
    condition: ConditionOutcome,
    names: Names,
    *,
    facts: bool,
    quote: bool,
    clause: str | None = None,
) -> Line:
    """Return a condition with its outcome.

    Args:
        condition: the condition and its derivation.
        names: what facts are called.
        facts: show the figures that decided it.
        quote: show the words of its clause.
        clause: the clause of the incentive, for conditions without one of their own.
    """
    where = condition.clause or clause
    text = condition.says
    if where is not None:
        text = Text(f"{text.zh}（{where}）", f"{text.get('en')} ({where})")
    of: list[Line] = []
    if quote and condition.quote is not None:
        of.append(quote_line(condition.quote))
    if condition.of:
        of += [condition_line(part, names, facts=facts, quote=quote) for part in condition.of]
    elif facts:
        of += fact_lines(condition, names)
    return Line(text, TRUTH_TONES[condition.outcome], of=tuple(of))


def fact_lines(condition: ConditionOutcome, names: Names) -> list[Line]:
    """Return the figures that decided a condition, item by item where it has items."""
    if not condition.items:
        return [line for step in condition.steps for line in decided_by(step, names)]
    out = []
    pairs = list(zip(condition.items, condition.steps, strict=True))
    for key, step in pairs[:_MOST_ITEMS]:
        for line in decided_by(step, names):
            mine = line.text
            text = Text(f"{key}　{mine.zh}", f"{key}  {mine.get('en')}") if len(pairs) > 1 else mine
            out.append(Line(text, line.tone))
    if len(pairs) > _MOST_ITEMS:
        more = len(pairs) - _MOST_ITEMS
        out.append(Line(Text(f"另有{more}项", f"and {more} more")))
    return out


def quote_line(quote: str) -> Line:
    """Return the words of a clause; they stay in the language of the document."""
    return Line(Text(f"原文：“{quote}”", f"Text: “{quote}”"), Tone.QUOTE)


def worth_text(amount: Money | None) -> Text | None:
    """Return what a missing fact is worth; nothing where that is unknown, or no money."""
    if not amount:
        return None
    text = words.money(amount.fen)
    return Text(f"金额至多相差{text.zh}", f"worth up to {text.get('en')}")


def missing_line(path: str, names: Names, worth: Text | None = None) -> Line:
    """Return a missing fact: its label, what to ask, what to bring."""
    label = names.path(path)
    spec, year = names.spec_of(path)
    entity = names.vocabulary.entities.get(path)
    of = [Line(_list_text(path), Tone.NOTE)] if entity is not None and entity.many else []
    if spec is not None and spec.ask is not None:
        ask = Text(
            spec.ask.zh.replace("{year}", year or "该"),
            spec.ask.get("en").replace("{year}", year or "that year"),
        )
        of.append(Line(ask, Tone.NOTE))
    if spec is not None and spec.evidence is not None:
        proof = spec.evidence
        of.append(Line(Text(f"证明材料：{proof.zh}", f"evidence: {proof.get('en')}"), Tone.NOTE))
    return Line(label, Tone.OPEN, worth, tuple(of))


def _list_text(name: str) -> Text:
    """Return how to tell of a list of which nothing is known."""
    says = _LISTS.get(name) or Text("逐项填写；一项也没有的", "list each one; if there is none")
    return Text(f"{says.zh}，填 {name} = []", f"{says.get('en')}, write {name} = []")


def note_line(note: Note) -> Line:
    """Return a note with how sure it is."""
    sure = words.CONFIDENCE.get(note.confidence or "")
    says = note.says
    if sure is not None:
        says = Text(f"{says.zh}（{sure.zh}）", f"{says.get('en')} ({sure.get('en')})")
    return Line(says, Tone.NOTE)
