"""Decisions and assessments as JSON: the contract ``incentives/assessment/1``.

A contract: keys may be added, none changed. Amounts are texts in yuan with two
decimals, ``null`` where there is no single one; dates are ISO texts; nothing is
a float. What a key means stands in ``docs`` under the JSON of ``check``.

The trap: ``amount`` is ``"0.00"``, not ``null``, where an incentive that gives
money is refused; and a ceiling is a range, never an amount.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.explain.words import fault_says
from incentives.rulebook.digest import meaning_digest

if TYPE_CHECKING:
    from datetime import date

    from incentives.diagnostics import Finding
    from incentives.engine.amounts import GroupResult, MoneyRange, ReadingResult
    from incentives.engine.conditions import ConditionOutcome
    from incentives.engine.funding import FundingPart, InstalmentPart
    from incentives.engine.results import Assessment, Decision, ItemResult
    from incentives.explain.structure import Explanation, Line
    from incentives.language.core import Text
    from incentives.rulebook.model import Note
    from incentives.rulebook.profile import Profile
    from incentives.values.money import Money
    from incentives.values.unknown import Fault

FORMAT: Final = "incentives/assessment/1"
Data = dict[str, Any]


def assessment_data(assessment: Assessment) -> Data:
    """Return an assessment in the shape of the contract; decisions sort by id."""
    totals = assessment.totals
    return {
        "format": FORMAT,
        "on": assessment.on.isoformat(),
        "known_on": _day(assessment.options.known_on),
        "rulebook": _rulebook(assessment),
        "applicant": _applicant(assessment.profile),
        "decisions": [decision_data(decision) for decision in assessment],
        "totals": {
            "exact": _yuan(totals.exact),
            "range": _range(totals.range),
            "ceiling": _yuan(totals.ceiling),
        },
        "assumptions": [_note(note) for note in assessment.assumptions],
        "warnings": [_warning(finding) for finding in assessment.warnings],
    }


def decision_data(decision: Decision) -> Data:
    """Return one decision in the shape of the contract."""
    return {
        "incentive": decision.incentive,
        "name": _says(decision.name),
        "kind": str(decision.kind),
        "entitlement": str(decision.entitlement),
        "status": str(decision.status),
        "reason": decision.reason,
        "amount": _yuan(decision.amount),
        "range": _range(decision.range),
        "items": [_item(item) for item in decision.items],
        "conditions": [_condition(condition) for condition in decision.conditions],
        "failed": list(decision.failed),
        "missing": list(decision.missing),
        "findings": [_fault(fault) for fault in decision.findings],
        "paid_to": None if decision.paid_to is None else _says(decision.paid_to),
        "instalments": [_instalment(part) for part in decision.instalments],
        "overpaid": _yuan(decision.overpaid),
        "funding": [_payer(part) for part in decision.funding],
        "readings": readings_data(decision.readings),
        "notes": [_note(note) for note in decision.notes],
        "group": None if decision.group is None else _group(decision.group),
        "clause": decision.clause,
        "quote": decision.quote,
        "legal_status": str(decision.legal_status),
    }


def explanation_data(explanation: Explanation) -> Data:
    """Return the lines of an explanation: what the text, the page and the Markdown say."""
    return {
        "headline": _says(explanation.headline),
        "tone": str(explanation.tone),
        "blocks": [
            {
                "part": str(block.part),
                "title": None if block.title is None else _says(block.title),
                "lines": [_line(line) for line in block.lines],
            }
            for block in explanation.blocks
        ],
    }


def _line(line: Line) -> Data:
    return {
        "says": _says(line.text),
        "tone": str(line.tone),
        "figure": None if line.figure is None else _says(line.figure),
        "of": [_line(below) for below in line.of],
    }


def readings_data(readings: tuple[ReadingResult, ...]) -> list[Data]:
    """Return the readings, defaults first, else as listed."""
    return [_reading(reading) for reading in sorted(readings, key=lambda each: not each.default)]


def _rulebook(assessment: Assessment) -> Data:
    rules = assessment._plan.rules  # noqa: SLF001 - the rulebook's front adds the digest, kept
    front = getattr(assessment, "rulebook", None)
    chosen = set(assessment.only or ())
    documents = (
        {incentive.document.id for incentive in map(rules.incentives.__getitem__, chosen)}
        if chosen
        else set(rules.documents)
    )
    return {
        "digest": front.digest if front is not None else meaning_digest(rules),
        "documents": sorted(documents),
    }


def _applicant(profile: Profile) -> Data:
    facts = profile.applicant

    def stated(name: str) -> str | None:
        value = facts.get(name)
        return value if isinstance(value, str) else None

    return {name: stated(name) for name in ("name", "kind", "region")}


def _yuan(amount: Money | None) -> str | None:
    return None if amount is None else format(amount, "plain")


def _range(amounts: MoneyRange | None) -> Data | None:
    if amounts is None:
        return None
    return {"low": _yuan(amounts.low), "high": _yuan(amounts.high)}


def _says(text: Text) -> Data:
    return {"zh": text.zh, "en": text.get("en")}


def _item(item: ItemResult) -> Data:
    return {
        "key": item.key,
        "status": str(item.status),
        "reason": item.reason,
        "amount": _yuan(item.amount),
        "range": _range(item.range),
        "failed": list(item.failed),
        "missing": list(item.missing),
        "clause": item.clause,
    }


def _condition(condition: ConditionOutcome) -> Data:
    return {
        "id": condition.id,
        "outcome": str(condition.outcome),
        "says": _says(condition.says),
        "of": [_condition(part) for part in condition.of],
        "clause": condition.clause,
        "quote": condition.quote,
    }


def _fault(fault: Fault) -> Data:
    return {"code": fault.code, "says": _says(fault_says(fault)), "where": fault.place or None}


def _instalment(part: InstalmentPart) -> Data:
    return {
        "amount": _yuan(part.amount),
        "from": _day(part.since),
        "until": _day(part.until),
        "due": part.due,
        "says": None if part.says is None else _says(part.says),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _payer(part: FundingPart) -> Data:
    return {"payer": part.payer, "amount": _yuan(part.amount)}


def _reading(reading: ReadingResult) -> Data:
    return {
        "id": reading.id,
        "default": reading.default,
        "status": str(reading.status),
        "amount": _yuan(reading.amount),
        "range": _range(reading.range),
        "says": _says(reading.says),
        "confidence": reading.confidence,
    }


def _note(note: Note) -> Data:
    return {"about": note.about, "says": _says(note.says), "confidence": note.confidence}


def _group(group: GroupResult) -> Data:
    return {
        "id": group.id,
        "rule": str(group.rule),
        "before": _yuan(group.before),
        "taken": group.taken,
        "clause": group.clause,
    }


def _warning(finding: Finding) -> Data:
    return {
        "code": finding.code,
        "says": {"zh": finding.zh, "en": finding.message},
        "where": finding.fact,
    }
