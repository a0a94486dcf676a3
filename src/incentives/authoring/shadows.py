"""Warnings about names that hide another one (W420).

Inside a file its own parameters come before those of the vocabulary, inside an
incentive its own before those of the file. That is lawful and sometimes meant;
but whoever reads ``rate`` in an expression may look at the wrong figure, and an
auditor who changes the shared one changes nothing here. Readings are left out:
to replace figures by name is what they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.authoring.written import Path, Written, warning
from incentives.rulebook.files import RegionsFile, RuleFile, VocabularyFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from incentives.diagnostics import Finding, Span
    from incentives.rulebook.files import Parameters

Seen = dict[str, "Span"]


def shadows(files: Sequence[Written]) -> Iterator[Finding]:
    """Yield a warning for each parameter that hides a name from further out."""
    shared: Seen = {}
    for file in files:
        if isinstance(file.model, VocabularyFile):
            shared |= _names(file)
    for file in files:
        if isinstance(file.model, RegionsFile):
            continue
        outer = dict(shared)
        if isinstance(file.model, RuleFile):
            yield from _hidden(file, file.model.parameters, ("parameters",), shared)
            outer |= _names(file)
        for at, definition in enumerate(file.model.definition):
            path: Path = ("definition", at, "parameters")
            yield from _hidden(file, definition.parameters, path, outer)
        if isinstance(file.model, RuleFile):
            for at, entry in enumerate(file.model.incentive):
                yield from _hidden(file, entry.parameters, ("incentive", at, "parameters"), outer)
            for at, fund in enumerate(file.model.fund):
                yield from _hidden(file, fund.parameters, ("fund", at, "parameters"), outer)


def _names(file: Written) -> Seen:
    """Return the names that a whole file defines, and where."""
    if isinstance(file.model, RegionsFile):
        return {}
    found = {name: file.locator.key_span(("parameters", name)) for name in file.model.parameters}
    for at, definition in enumerate(file.model.definition):
        found[definition.id] = file.locator.span(("definition", at, "id"))
    return found


def _hidden(
    file: Written, parameters: Parameters, path: Path, outer: Mapping[str, Span]
) -> Iterator[Finding]:
    for name in parameters:
        if name in outer:
            yield warning(
                "W420",
                (
                    f"`{name}` hides another one of that name",
                    f"“{name}”盖住了外层的同名参数或定义",
                ),
                (file.locator.key_span((*path, name)), ("this one counts here", "这里用的是它")),
                (outer[name], ("and not this one", "不是这个")),
                help=(
                    "give it a name of its own, or leave it out and use the shared one",
                    "换一个名字；两处本来是同一个数的，删去这里的",
                ),
            )
