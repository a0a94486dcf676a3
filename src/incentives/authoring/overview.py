"""What a rulebook says about its incentives, as plain data: one row each, or everything about one.

Texts are kept in both languages, figures as they are in explanations, and
expressions as they were written in the rule file. Nothing is evaluated here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.expressions import of_version, unique
from incentives.explain.words import duration_text, known
from incentives.language import core
from incentives.language.core import Role, Text
from incentives.language.names import APPLICANT
from incentives.rulebook.cost import decision_cost
from incentives.rulebook.toml import read_toml
from incentives.values.calendar import Duration
from incentives.values.codes import region_within
from incentives.values.quantity import short_money
from incentives.values.types import Kind as Type

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from incentives.diagnostics import Span
    from incentives.rulebook.model import Case, Condition, Incentive, Period, Rules, Version

Data = dict[str, Any]

_AMOUNT: Final = (
    Role.FIXED, Role.BASE, Role.RATE, Role.BAND, Role.TABLE, Role.FORMULA,
    Role.FLOOR, Role.CAP, Role.LESS, Role.MINIMUM,
)  # fmt: skip
_ROW: Final = ("when", "amount", "entitlement", "at_least")


def select(
    rules: Rules,
    *,
    region: str | None = None,
    kind: str | None = None,
    recipient: str | None = None,
    status: str | None = None,
    on: date | None = None,
    document: str | None = None,
) -> list[Incentive]:
    """Return the incentives that fit every given filter, by id.

    ``region`` keeps those an applicant of that region may fall under; ``on``
    those that have a version on that day within their document's period.
    """

    def fits(incentive: Incentive) -> bool:
        of = incentive.document
        return (
            (region is None or _reaches(incentive, region))
            and kind in {None, str(incentive.kind)}
            and (recipient is None or recipient in incentive.recipient)
            and status in {None, str(of.legal_status)}
            and document in {None, of.id}
            and (on is None or any(version.period.holds(on) for version in incentive.versions))
        )

    return [
        rules.incentives[name] for name in sorted(rules.incentives) if fits(rules.incentives[name])
    ]


def _reaches(incentive: Incentive, region: str) -> bool:
    version = incentive.versions[-1]
    bound = any(condition.id == "jurisdiction" for condition in version.applicability)
    return not bound or region_within(region, incentive.document.jurisdiction) is not False


def row(incentive: Incentive) -> Data:
    """Return one line about an incentive."""
    document = incentive.document
    return {
        "incentive": incentive.id,
        "name": both(incentive.name),
        "kind": str(incentive.kind),
        "entitlement": str(incentive.entitlement),
        "recipient": list(incentive.recipient),
        "document": document.id,
        "title": both(document.title),
        "jurisdiction": document.jurisdiction,
        "legal_status": str(document.legal_status),
        "effective": _span_of(incentive.versions),
        "clause": incentive.versions[-1].clause,
    }


def overview(rules: Rules, incentive: Incentive) -> Data:
    """Return everything the rulebook says about one incentive."""
    document = incentive.document
    choices = {}
    kinds = rules.vocabulary.facts.get((APPLICANT, "kind"))
    if kinds is not None:
        choices = {
            word: both(kinds.choices[word]) for word in incentive.recipient if word in kinds.choices
        }
    region = rules.vocabulary.regions.get(document.jurisdiction)
    return {
        **row(incentive),
        "issuer": both(document.issuer),
        "published": None if document.published is None else document.published.isoformat(),
        "source": dict(document.source),
        "region": None if region is None else both(region.name),
        "recipients": choices,
        "each": incentive.each,
        "versions": [_version(incentive, version) for version in incentive.versions],
        "readings": [
            {
                "id": reading.id,
                "says": both(reading.says),
                "default": reading.default,
                "question": reading.question,
                "confidence": reading.confidence,
            }
            for reading in incentive.readings
        ],
        "groups": [group.id for group in rules.groups if incentive.id in group.members],
        "splits": [split.id for split in rules.splits if incentive.id in split.of],
        "depends_on": sorted(incentive.depends_on),
        "cases": [_case(case) for case in incentive.cases],
    }


def _version(incentive: Incentive, version: Version) -> Data:
    return {
        "effective": _period(version.period),
        "name": both(version.name),
        "summary": both(version.summary),
        "clause": version.clause,
        "quote": version.quote,
        "conditions": [_condition(condition) for condition in version.conditions],
        "amount": list(_amount(version)),
        "rounding": _rounding(incentive, version),
        "totals": [
            {
                "cap": _bare(written(total.cap)),
                "per": _word(total.per),
                "by": written(total.by),
                "clause": total.clause,
            }
            for total in version.totals
        ],
        "once": _word(version.once),
        "dated_by": written(version.dated_by),
        "parameters": list(_parameters(version)),
        "instalments": [
            {
                "share": written(part.share),
                "amount": written(part.amount),
                "from": written(part.since),
            }
            for part in version.instalments
        ],
        "overrides": [override.incentive for override in version.overrides],
        "paid_to": both(version.paid_to),
        "refers_to": both(version.refers_to),
        "apply": both(version.apply),
        "notes": [
            {"about": note.about, "says": both(note.says), "confidence": note.confidence}
            for note in version.notes
        ],
        "place": place(version.span),
        "steps": str(decision_cost([version])),
    }


def both(text: Text | None) -> Data | None:
    """Return a text in both languages, ``None`` where there is none."""
    return None if text is None else {"zh": text.zh, "en": text.en}


def written(expr: core.Expr | None) -> str | None:
    """Return an expression as it stands in the rule file; ``None`` where it has no place.

    An ``unless`` is told with its ``not``: its words alone would say the opposite.
    """
    if expr is None or expr.span is None:
        return None
    text = expr.span.source.text[expr.span.start : expr.span.end]
    unless = isinstance(expr, core.Not) and expr.of.span == expr.span
    return f"not ({text})" if unless else text


def place(span: Span | None) -> str | None:
    """Return file, line and column."""
    return None if span is None else str(span)


def _word(value: Any) -> str | None:
    return None if value is None else str(value)


def _period(period: Period) -> Data:
    return {
        "from": None if period.since is None else period.since.isoformat(),
        "until": None if period.until is None else period.until.isoformat(),
    }


def _span_of(versions: tuple[Version, ...]) -> Data:
    """Return the first and the last day of all versions; ``None`` is open."""
    since = [version.period.since for version in versions]
    until = [version.period.until for version in versions]
    first = None if None in since else min(day for day in since if day is not None)
    last = None if None in until else max(day for day in until if day is not None)
    return {
        "from": None if first is None else first.isoformat(),
        "until": None if last is None else last.isoformat(),
    }


def _condition(condition: Condition) -> Data:
    return {
        "id": condition.id,
        "says": both(condition.says),
        "test": None if condition.parts else written(condition.test),
        "at_least": condition.at_least,
        "clause": condition.clause,
        "of": [_condition(part) for part in condition.parts],
    }


def _amount(version: Version) -> Iterator[Data]:
    """Yield the parts of an amount in the words of the rule file, each once, in its order."""
    if version.amount is None:
        return
    found: dict[tuple[int, str], Data] = {}
    for node in unique(version.amount):
        origin = node.origin
        if origin is None or origin.role not in _AMOUNT:
            continue
        text = _bands(version, origin.path) if origin.role is Role.BAND else written(node)
        row_of_table = origin.role is Role.TABLE and not isinstance(node, core.Pick | core.If)
        if text is None or row_of_table or text.startswith("[incentive"):
            continue
        text = _bare(text)
        part: Data = {"part": str(origin.role), "is": text}
        if origin.role is Role.TABLE:
            part["rows"] = _table_rows(text)
        found[_AMOUNT.index(origin.role), text] = part
    for key in sorted(found):
        yield found[key]


def _table_rows(text: str) -> list[Data]:
    """Return the rows of a table as data; none where they stand as tables of their own."""
    import tomli

    try:
        rows = tomli.loads(f"rows = {text}")["rows"]
    except tomli.TOMLDecodeError:
        return []
    return [{**dict.fromkeys(_ROW), **row, "says": _says(row.get("says"))} for row in rows]


def _says(written: Any) -> Data | None:
    """Return a text as it is written in a row: in one language or both."""
    if written is None:
        return None
    return {"zh": written, "en": None} if isinstance(written, str) else {"en": None, **written}


def _bare(text: str | None) -> str:
    """Return a figure without its quotation marks, an expression as it is."""
    text = text or ""
    quoted = text.count('"') == 2 and text[0] == text[-1]
    return text.removeprefix('"').removesuffix('"') if quoted else text


def _bands(version: Version, path: str) -> str | None:
    """Return the table of bands as it stands in the file; its node has no place."""
    if version.span is None:
        return None
    _, locator, _ = read_toml(version.span.source)
    keys = tuple(int(key) if key.isdigit() else key for key in path.split("."))
    while keys and keys[-1] != "bands":
        keys = keys[:-1]
    span = locator.span(keys)
    return span.source.text[span.start : span.end] if keys else None


def _rounding(incentive: Incentive, version: Version) -> Data | None:
    rule = version.rounding or incentive.document.rounding
    if rule is None or version.amount is None:
        return None
    return {
        "to": short_money(rule.quantum),
        "mode": str(rule.mode),
        "basis": rule.basis,
        "clause": rule.clause,
    }


def _parameters(version: Version) -> Iterator[Data]:
    seen: set[str] = set()
    for expr in of_version(version):
        for node in unique(expr):
            if isinstance(node, core.Param) and node.path not in seen:
                seen.add(node.path)
                yield {
                    "name": node.path,
                    "clause": node.clause,
                    "values": [
                        {**_period_of(dated), "value": _figure(dated.value, node)}
                        for dated in node.values
                    ],
                }


def _period_of(dated: core.Dated) -> Data:
    return {
        "from": None if dated.since is None else dated.since.isoformat(),
        "until": None if dated.until is None else dated.until.isoformat(),
    }


def _figure(value: Any, node: core.Param) -> Data:
    if isinstance(value, tuple):
        parts = [_figure(part, node) for part in value]
        return {"zh": "、".join(p["zh"] for p in parts), "en": ", ".join(p["en"] for p in parts)}
    if node.type.kind is Type.MONEY and isinstance(value, int):
        return {"zh": short_money(value), "en": short_money(value)}
    text = duration_text(value) if isinstance(value, Duration) else known(value, node.type)
    return {"zh": text.zh, "en": text.get("en")}


def _case(case: Case) -> Data:
    return {
        "name": case.name,
        "on": case.on.isoformat(),
        "expect": {key: _plain(value) for key, value in case.expect.items()},
        "reading": case.reading,
        "place": place(case.span),
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
