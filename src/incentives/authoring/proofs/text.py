"""Reports as text: a line for each property, and the profiles that refute one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.proofs import words
from incentives.authoring.proofs.profiles import facts_text
from incentives.authoring.proofs.results import CODES, Property, Verdict
from incentives.explain.words import STATUS
from incentives.values.money import format_fen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incentives.authoring.proofs.results import Answer, Report, Witness
    from incentives.language.core import Text

_MARKS: Final = {
    Verdict.PROVED: "✓",
    Verdict.REFUTED: "✗",
    Verdict.UNDECIDED: "?",
    Verdict.NOT_ASKED: "·",
}


def render(report: Report, lang: str, *, brief: bool = False) -> str:
    """Return a report as text in ``zh`` or ``en``.

    ``brief``: only what is a fault or not decided, and nothing at all where that
    leaves no line.
    """
    lines: list[str] = []
    for asked in Property:
        answers = [answer for answer in report.answers if answer.property is asked]
        shown = [a for a in answers if a.fault or a.verdict is Verdict.UNDECIDED or not brief]
        proved = [answer for answer in shown if answer.verdict is Verdict.PROVED]
        plain = [answer for answer in proved if not answer.fault]
        if plain:
            lines.append(_line(plain[0], _together(plain, lang), lang))
            if asked is Property.REACH:
                lines += _witnesses(plain[0], lang)
        for answer in shown:
            if answer not in plain:
                lines.append(_line(answer, answer.says.get(lang), lang))
                lines += _witnesses(answer, lang)
    if not lines:
        return ""
    head = f"{report.incentive} · {report.name.get(lang)} · {report.clause}"
    note = ("；" if lang == "zh" else "; ").join(limit.get(lang) for limit in report.limits)
    label = "  范围：" if lang == "zh" else "  Limits: "
    return "\n".join([head, *lines, *([f"{label}{note}"] if note else [])])


def _line(answer: Answer, says: str, lang: str) -> str:
    title = words.TITLES[answer.property].get(lang)
    colon = "：" if lang == "zh" else ": "
    code = f" [{CODES[answer.property]}]" if answer.fault else ""
    # A refutation that is no fault (readings are meant to differ) is told, not flagged.
    plain = answer.verdict is Verdict.REFUTED and not answer.fault
    mark = "!" if plain else "✗" if answer.fault else _MARKS[answer.verdict]
    if answer.verdict is Verdict.UNDECIDED and answer.subject:
        says = f"{answer.subject}{colon}{says}"
    return f"  {mark} {title}{colon}{says}{code}"


def _together(proved: Sequence[Answer], lang: str) -> str:
    """Return what several proofs say in one line."""
    if proved[0].property is Property.REDUNDANT:
        return words.all_needed(len(proved)).get(lang)
    if proved[0].property is Property.REACH and len(proved) > 1:
        others = [answer.subject for answer in proved if answer.subject]
        return words.reached_as_read(proved[0].says, others).get(lang)
    sentences = dict.fromkeys(answer.says.get(lang) for answer in proved)
    return ("；" if lang == "zh" else "; ").join(sentences)


def _witnesses(answer: Answer, lang: str) -> list[str]:
    lines: list[str] = []
    before: Witness | None = None
    for witness in answer.witnesses:
        lines.append(f"      {_result(witness, lang)}")
        if before is None:
            lines += [f"        {line}" for line in facts_text(witness.profile).splitlines()]
        else:
            lines += [f"        {path} = {value}" for path, value in _changed(before, witness)]
        before = witness
    return lines


def _result(witness: Witness, lang: str) -> str:
    parts = [witness.label.get(lang), str(witness.on), STATUS[witness.status].get(lang)]
    if witness.failed:
        parts[-1] += f" ({words.listed(witness.failed, lang)})"
    if witness.status == "eligible":
        parts += _amount(witness, lang)
    return " · ".join(parts)


def _amount(witness: Witness, lang: str) -> list[str]:
    if witness.low is None:
        return []
    if witness.low == witness.high:
        return [format_fen(witness.low, lang=lang)]
    low = format_fen(witness.low, lang=lang)
    high = "…" if witness.high is None else format_fen(witness.high, lang=lang)
    return [f"{low} – {high}"]


def _changed(before: Witness, after: Witness) -> list[tuple[str, Any]]:
    """Return the facts that differ between two profiles of one shape."""
    old, new = _flat(before.profile), _flat(after.profile)
    return [(path, value) for path, value in new.items() if old.get(path) != value]


def _flat(data: Any, path: str = "") -> dict[str, Any]:
    if isinstance(data, dict):
        inner = [(f"{path}.{key}" if path else str(key), value) for key, value in data.items()]
    elif isinstance(data, list):
        inner = [(f"{path}[{at + 1}]", value) for at, value in enumerate(data)]
    else:
        return {path: data}
    return {name: value for key, each in inner for name, value in _flat(each, key).items()}


def counts(reports: Iterable[Report]) -> dict[Property, dict[Verdict, int]]:
    """Return how many incentives came out how, for each property."""
    found = {asked: dict.fromkeys(Verdict, 0) for asked in Property}
    for report in reports:
        for asked, each in found.items():
            each[report.verdict(asked)] += 1
    return found


def summary(
    reports: Sequence[Report], asked: Sequence[Property], lang: str
) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of the table of counts."""
    head = "性质" if lang == "zh" else "Property"
    heads = [head, *(words.VERDICTS[verdict].get(lang) for verdict in Verdict)]
    found = counts(reports)
    rows = [
        [words.PROPERTIES[each].get(lang), *(str(found[each][verdict]) for verdict in Verdict)]
        for each in asked
    ]
    return heads, rows


def data(report: Report) -> dict[str, Any]:
    """Return a report as plain data, for programs."""
    return {
        "incentive": report.incentive,
        "name": _both(report.name),
        "clause": report.clause,
        "limits": [_both(limit) for limit in report.limits],
        "answers": [
            {
                "property": str(answer.property),
                "subject": answer.subject or None,
                "verdict": str(answer.verdict),
                "code": CODES[answer.property] if answer.fault else None,
                "says": _both(answer.says),
                "witnesses": [_witness(witness) for witness in answer.witnesses],
            }
            for answer in report.answers
        ],
    }


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "label": _both(witness.label),
        "on": str(witness.on),
        "profile": _plain(witness.profile),
        "status": witness.status,
        "failed": list(witness.failed),
        "low": _yuan(witness.low),
        "high": _yuan(witness.high),
    }


def _yuan(fen: int | None) -> str | None:
    if fen is None:
        return None
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | str) else str(value)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.get("zh"), "en": text.get("en")}
