"""Suggested cases at the figures of the rules, as text for a rule file and as plain data.

Every suggestion asks a person to confirm it against the clause, in both
languages: the file is read by both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.boundaries import Side
from incentives.authoring.case_text import case_text, expected
from incentives.authoring.insert import with_cases
from incentives.authoring.layout import layout
from incentives.language.core import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.authoring.boundaries import Boundary
    from incentives.rulebook.model import Rules

Data = dict[str, Any]

_SIDES: Final = {
    Side.BELOW: Text("略低于", "just below"),
    Side.AT: Text("恰好是", "exactly"),
    Side.ABOVE: Text("略高于", "just above"),
}
_DAYS: Final = {
    ("from", Side.BELOW): Text("施行前一天", "the day before it begins"),
    ("from", Side.AT): Text("施行首日", "the first day"),
    ("until", Side.AT): Text("最后一天", "the last day"),
    ("until", Side.ABOVE): Text("期满次日", "the day after the last"),
}


def _says(found: Boundary) -> Text:
    """Return where a suggested case stands."""
    word = found.about.partition(" ")[0]
    if found.fact == "on" and (word, found.side) in _DAYS:
        day = _DAYS[word, found.side]
        return Text(f"{day.zh} {found.value}", f"{day.get('en')}, {found.value}")
    side = _SIDES[found.side]
    where = f"{found.about}: {found.fact} {found.value}"
    return Text(f"{side.zh} {where}", f"{side.get('en')} {where}")


def suggestion(found: Boundary) -> str:
    """Return one suggested case as TOML, with a comment that asks for confirmation."""
    says = _says(found)
    case = found.case
    return case_text(
        name_of(found),
        case.on,
        expected(found.gives),
        case.facts,
        assume_no_history=case.assume_no_history,
        comments=(f"请确认 / please confirm（{found.clause}）：{says.zh} / {says.get('en')}",),
    )


def name_of(found: Boundary) -> str:
    """Return the name of a suggested case; whoever confirms it finds a better one."""
    return _says(found).get("en")


def suggestions_text(every: Iterable[Boundary]) -> str:
    """Return suggested cases as TOML, incentive by incentive."""
    parts: list[str] = []
    last = ""
    for found in every:
        if found.incentive != last:
            last = found.incentive
            parts.append(f"# ── {last}\n")
        parts.append(suggestion(found))
    return "\n".join(parts)


def suggestions_data(every: Iterable[Boundary]) -> list[Data]:
    """Return suggested cases as plain data (``incentives/boundaries/1``, one entry each)."""
    return [
        {
            "incentive": found.incentive,
            "clause": found.clause,
            "about": found.about,
            "side": str(found.side),
            "fact": found.fact,
            "value": found.value,
            "near": found.near.name,
            "on": found.case.on.isoformat(),
            "gives": expected(found.gives),
            "toml": suggestion(found),
        }
        for found in every
    ]


def written_into(rules: Rules, every: Iterable[Boundary]) -> dict[str, tuple[str, str]]:
    """Return the files that suggested cases go into, by path: the text before and after."""
    texts: dict[str, str] = {}
    places: dict[str, dict[int, str]] = {}
    for found in every:
        last = rules.incentives[found.incentive].cases[-1].span
        if last is None:
            continue
        texts[last.source.path] = last.source.text
        at = places.setdefault(last.source.path, {})
        at[last.start] = "\n".join(filter(None, (at.get(last.start), suggestion(found))))
    return {
        path: (text, with_cases(text, {at: layout(cases) for at, cases in places[path].items()}))
        for path, text in texts.items()
    }
