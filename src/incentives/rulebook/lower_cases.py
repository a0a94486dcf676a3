"""The cases of an entry, and the changes that it says no case can notice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from incentives.language.core import Text
from incentives.rulebook.lowering import Lowering, Path, text_of
from incentives.rulebook.model import Accepted, Case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.rulebook.files import IncentiveModel


def lower_cases(low: Lowering, name: str, entry: IncentiveModel, path: Path) -> list[Case]:
    """Return the cases of an entry, one with ``same_for`` followed by its variations."""
    cases = []
    for at, model in enumerate(entry.case):
        case = Case(
            model.name,
            name,
            model.on,
            model.facts,
            {key: getattr(model.expect, key) for key in sorted(model.expect.model_fields_set)},
            model.reading,
            model.assume_no_history,
            low.span((*path, "case", at)),
        )
        cases.append(case)
        cases += [
            replace(case, name=f"{case.name} ({value})", facts=_with_fact(case.facts, fact, value))
            for fact, values in (model.same_for or {}).items()
            for value in values
        ]
    return cases


def _with_fact(facts: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a case's facts with one fact of a single entity changed: ``applicant.kind``."""
    entity, _, fact = path.partition(".")
    stated = facts.get(entity)
    return {**facts, entity: {**(stated if isinstance(stated, dict) else {}), fact: value}}


def lower_accepted(low: Lowering, entry: IncentiveModel, path: Path) -> list[Accepted]:
    """Return what an entry says about changes that no case notices."""
    return [
        Accepted(
            model.mutation,
            model.lint,
            text_of(model.because) or Text(""),
            low.span((*path, "accept", at)),
        )
        for at, model in enumerate(entry.accept)
    ]
