"""Warnings about what nobody uses: parameters (W404), definitions (W405), facts (W406).

Names of a vocabulary carry no edits: rules that are not loaded now may use them.

Used is what the checked core reaches. A definition is used when a node that
stands inside it is part of some expression; a parameter when a node bears its
path. So a name that is only mentioned by something unused is unused too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from incentives.authoring.expressions import of_rules, unique
from incentives.authoring.removal import without_key, without_table
from incentives.authoring.written import Path, Written, warning
from incentives.diagnostics import NO_NOTE
from incentives.language import core
from incentives.language.names import APPLICANT
from incentives.rulebook.files import RegionsFile, RuleFile, VocabularyFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from incentives.diagnostics import Finding, Source
    from incentives.rulebook.files import Parameters
    from incentives.rulebook.model import Rules

_NEEDED: Final = {(APPLICANT, "kind"), (APPLICANT, "region"), (APPLICANT, "name")}


@dataclass(slots=True)
class Used:
    """What the expressions of a rulebook reach."""

    facts: set[tuple[str, str]] = field(default_factory=set)
    parameters: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    places: dict[str, set[int]] = field(default_factory=dict)

    def inside(self, source: Source, start: int, end: int) -> bool:
        """Say whether some node stands between two places of a file."""
        return any(start <= at < end for at in self.places.get(source.path, ()))

    def figure(self, path: str, sources: set[str], start: int = 0, end: int | None = None) -> bool:
        """Say whether a parameter is read in one of the files, between two places."""
        return any(
            name in sources and start <= at and (end is None or at < end)
            for name, at in self.parameters.get(path, ())
        )


def used_by(rules: Rules) -> Used:
    """Return what the expressions of a rulebook reach."""
    used, seen = Used(), set[int]()
    for expr in list(of_rules(rules)):
        for node in unique(expr, seen):
            if isinstance(node, core.Fact):
                used.facts.add((node.entity, node.name))
            if node.span is None:
                continue
            name, at = node.span.source.path, node.span.start
            used.places.setdefault(name, set()).add(at)
            if isinstance(node, core.Param):
                used.parameters.setdefault(node.path, set()).add((name, at))
    return used


def unused(rules: Rules, files: Sequence[Written]) -> Iterator[Finding]:
    """Yield a warning for each parameter, definition and fact that nothing uses."""
    used = used_by(rules)
    for file in files:
        if not isinstance(file.model, RegionsFile):
            yield from _shared_figures(file, files, used)
            yield from _definitions(file, used)
        if isinstance(file.model, RuleFile):
            yield from _own_figures(file, file.model, used)
    yield from _facts(rules, used)


def _shared_figures(file: Written, files: Sequence[Written], used: Used) -> Iterator[Finding]:
    """Yield unused parameters of a whole file; a vocabulary's are seen from every other file."""
    for name in _parameters(file):
        sources = {file.source.path}
        if isinstance(file.model, VocabularyFile):
            sources |= {other.source.path for other in files if name not in _parameters(other)}
        if not used.figure(f"parameters.{name}", sources):
            yield _parameter(file, ("parameters", name))


def _parameters(file: Written) -> Parameters:
    return {} if isinstance(file.model, RegionsFile) else file.model.parameters


def _definitions(file: Written, used: Used) -> Iterator[Finding]:
    if isinstance(file.model, RegionsFile):
        return
    for at, model in enumerate(file.model.definition):
        path: Path = ("definition", at)
        key = "lookup" if model.lookup is not None else "value"
        places = [file.locator.span((*path, key))]
        if model.lookup is not None:
            places += [
                file.locator.span((*path, key, "of")),
                *(
                    file.locator.span((*path, key, "steps", step, "gives"))
                    for step in range(len(model.lookup.steps))
                ),
            ]
        if not any(used.inside(file.source, span.start, span.end) for span in places):
            yield warning(
                "W405",
                (f"nothing uses the definition `{model.id}`", f"定义“{model.id}”没有用到"),
                (file.locator.span((*path, "id")), NO_NOTE),
                help=(
                    "leave it out, or use it where it was meant",
                    "删去，或在该用的表达式里引用",
                ),
                edits=without_table(file, path) if isinstance(file.model, RuleFile) else (),
            )
            continue
        for name in model.parameters:
            if not used.figure(f"definition.{model.id}.parameters.{name}", {file.source.path}):
                yield _parameter(file, (*path, "parameters", name))


def _own_figures(file: Written, model: RuleFile, used: Used) -> Iterator[Finding]:
    """Yield unused parameters of incentives, their readings, and funds."""
    starts = [file.locator.span(("incentive", at)).start for at in range(len(model.incentive))]
    reach = list(pairwise([*starts, len(file.source.text)]))
    here = {file.source.path}
    for at, entry in enumerate(model.incentive):
        start, end = reach[at]
        for name in entry.parameters:
            if not used.figure(f"{entry.id}.parameters.{name}", here, start, end):
                yield _parameter(file, ("incentive", at, "parameters", name))
        for index, reading in enumerate(entry.reading):
            for name in reading.parameters:
                path = f"{entry.id}.{reading.id}.parameters.{name}"
                if not used.figure(path, here, start, end):
                    yield _parameter(file, ("incentive", at, "reading", index, "parameters", name))
    for at, fund in enumerate(model.fund):
        for name in fund.parameters:
            if not used.figure(f"{fund.id}.parameters.{name}", here):
                yield _parameter(file, ("fund", at, "parameters", name))


def _parameter(file: Written, path: Path) -> Finding:
    return warning(
        "W404",
        (f"nothing uses the parameter `{path[-1]}`", f"参数“{path[-1]}”没有用到"),
        (file.locator.key_span(path), NO_NOTE),
        help=(
            "leave it out; if the text states the figure, use it where it counts",
            "删去；原文确有这个数的，用在该用的地方",
        ),
        edits=without_key(file, path) if isinstance(file.model, RuleFile) else (),
    )


def _facts(rules: Rules, used: Used) -> Iterator[Finding]:
    vocabulary = rules.vocabulary
    keys = {(entity.name, entity.key) for entity in vocabulary.entities.values()}
    for (entity, name), spec in vocabulary.facts.items():
        free = spec.span is None or spec.check is not None or (entity, name) in keys | _NEEDED
        if not free and (entity, name) not in used.facts:
            yield warning(
                "W406",
                (f"no rule asks for `{spec.path}`", f"没有规则用到“{spec.path}”"),
                (spec.span, NO_NOTE),
                help=(
                    "leave the fact out: people would fill in what nobody reads",
                    "从词汇表中删去，免得申报人填写没人看的内容",
                ),
            )
