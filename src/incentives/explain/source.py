"""Where a decision stands: its document and clause, until when it holds, and with which papers.

The law kept here: a period that the document leaves open is said to be open, never
left out; a date that selects the rule and is not that of the assessment is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.outcome import quote_line
from incentives.explain.replay import MOST_ITEMS, awards, replaced_by, selecting_date
from incentives.explain.structure import Block, Line, Part, Tone, block
from incentives.language import core
from incentives.language.core import Text
from incentives.rulebook.model import Entitlement, LegalStatus
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.engine.derive import Step
    from incentives.engine.results import Decision
    from incentives.explain.names import Names
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Period, Version


def source_block(decision: Decision, names: Names) -> tuple[Block, ...]:
    """Return the document, the clause, the period and the quoted words of a decision."""
    version = decision.version
    lines = [
        under_line(decision, names),
        _period_line(decision, names),
        *_replaced(decision, names),
    ]
    if decision.entitlement is not Entitlement.EXACT:
        says = words.ENTITLEMENT[decision.entitlement]
        lines.append(Line(Text(f"性质：{says.zh}", f"Nature: {says.get('en')}")))
    if version.refers_to is not None:
        refers = version.refers_to
        lines.append(Line(Text(f"执行文件：{refers.zh}", f"Refers to: {refers.get('en')}")))
    if decision.paid_to is not None:
        payee = decision.paid_to
        lines.append(
            Line(
                Text(
                    f"支付给：{payee.zh}（不计入申报主体合计）",
                    f"Paid to: {payee.get('en')} (not in the applicant's totals)",
                )
            )
        )
    if decision.quote is not None:
        lines.append(quote_line(decision.quote))
    return block(Part.SOURCE, None, lines)


def under_line(
    decision: Decision, names: Names, tone: Tone = Tone.PLAIN, *, until: bool = False
) -> Line:
    """Return the document and the clause of a decision; with ``until`` the end of its period."""
    title = names.document(decision.rule.document)
    zh, en = f"{title.zh}{decision.clause}", f"{title.get('en')}, {decision.clause}"
    if decision.legal_status is not LegalStatus.IN_FORCE:
        status = words.LEGAL_STATUS[decision.legal_status]
        zh, en = f"{zh}【{status.zh}】", f"{en} [{status.get('en')}]"
    end = decision.version.period.until
    if until and end is not None:
        return Line(Text(f"依据（执行至{end}）：{zh}", f"Under (until {end}): {en}"), tone)
    return Line(Text(f"依据：{zh}", f"Under: {en}"), tone)


def period_text(period: Period) -> Text:
    """Return from when and until when an incentive holds; an end that is not stated is said."""
    since, until = period.since, period.until
    if since is None and until is None:
        return Text("起止日期未载明", "no dates are stated")
    if since is None:
        return Text(f"至{until}止（起始日未载明）", f"until {until} (no first day is stated)")
    if until is None:
        return Text(f"自{since}起（截止日未载明）", f"from {since} (no end is stated)")
    return Text(f"{since}至{until}", f"{since} to {until}")


def _period_line(decision: Decision, names: Names) -> Line:
    period = period_text(decision.version.period)
    text = Text(f"执行期：{period.zh}", f"In force: {period.get('en')}")
    step = selecting_date(decision)
    if step is None:
        return Line(text)
    by = _date_name(step, decision.version, names)
    more = Text(
        f"适用的规定和标准看{by.zh}，不看评估日",
        f"the rules and figures are those of {by.get('en')}, not of the date of assessment",
    )
    return Line(text, of=(Line(more, Tone.NOTE),))


def _date_name(step: Step, version: Version, names: Names) -> Text:
    """Return what selects the version: a fact by its label, with its date where it is one."""
    known = not isinstance(step.value, Unknown)
    if isinstance(step.node, core.Fact):
        label = names.fact(step)
        if version.each is not None or not known:
            return label
        return Text(f"{label.zh} {step.value}", f"{label.get('en')} {step.value}")
    return words.day_text(step.value) if known else words.UNKNOWN


def _replaced(decision: Decision, names: Names) -> list[Line]:
    if decision.reason != "superseded":
        return []
    found = words.join([names.incentive(each) for each in replaced_by(decision)], "、", "; ")
    return [Line(Text(f"取代本项的政策：{found.zh}", f"Replaced by: {found.get('en')}"))]


# ── papers ───────────────────────────────────────────────────────────────────


def papers_block(decision: Decision, names: Names) -> tuple[Block, ...]:
    """Return how to apply, and what proves each fact that was stated and used."""
    if decision.status not in {Status.ELIGIBLE, Status.UNDETERMINED}:
        return ()
    lines = []
    apply = decision.version.apply
    if apply is not None:
        lines.append(Line(Text(f"申报方式：{apply.zh}", f"To apply: {apply.get('en')}")))
    for spec in {spec.path: spec for spec in _stated(decision, names)}.values():
        if spec.evidence is not None:
            label, proof = spec.label, spec.evidence
            text = Text(f"{label.zh}：{proof.zh}", f"{label.get('en')}: {proof.get('en')}")
            lines.append(Line(text))
    return block(Part.PAPERS, Text("申报材料", "Papers to bring"), lines)


def _stated(decision: Decision, names: Names) -> Iterator[FactSpec]:
    """Yield the facts that are stated and that the conditions and the amount read."""
    steps = [step for condition in decision.conditions for step in condition.steps]
    found = awards(decision, MOST_ITEMS)
    steps += [award.step for award in found if award.step is not None]
    steps += [step for step in (selecting_date(decision),) if step is not None]
    steps.reverse()
    while steps:
        step = steps.pop()
        spec = names.spec(step.node)
        if spec is not None and not isinstance(step.value, Unknown):
            yield spec
        steps += reversed(step.of)
