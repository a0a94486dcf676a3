"""Rule files as they were written: the models and the places of their keys.

A loaded rulebook keeps what rules mean, and spans. What is written but means
nothing (a parameter nobody uses, a text without English, a quote) is read
again, from the sources those spans point into, by the reader that the loader
uses. No disk is touched.

The trap: a file that defines nothing with a span (a vocabulary of parameters
only) cannot be found this way and is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import Edit, Finding, Label, Pair, Severity, Source, Span
from incentives.rulebook.file_schema import Model, keys
from incentives.rulebook.files import AnyFile, RuleFile, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.rulebook.locate import Locator
    from incentives.rulebook.model import Rules

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One file: its model, and where its keys stand."""

    source: Source
    model: AnyFile
    locator: Locator

    @property
    def document(self) -> str | None:
        """The id of the document a rule file is about."""
        return self.model.document.id if isinstance(self.model, RuleFile) else None


def read_written(rules: Rules) -> tuple[Written, ...]:
    """Return the files of a rulebook, by path."""
    spans: list[Span | None] = [document.span for document in rules.documents.values()]
    spans += [fact.span for fact in rules.vocabulary.facts.values()]
    spans += [entity.span for entity in rules.vocabulary.entities.values()]
    sources = {id(span.source): span.source for span in spans if span is not None}
    found = []
    for source in sorted(sources.values(), key=lambda each: each.path):
        model, locator, _ = read_file(source)
        if model is not None:
            found.append(Written(source, model, locator))
    return tuple(found)


def tables(model: Model, path: Path = ()) -> Iterator[tuple[Path, Model]]:
    """Yield every table of a file with its path, the outer before the inner."""
    yield path, model
    for name, (_, option) in keys(type(model)).items():
        value = getattr(model, f"{name}_" if option.alias else name)
        yield from _below(value, (*path, name))


def _below(value: Any, path: Path) -> Iterator[tuple[Path, Model]]:
    match value:
        case Model():
            yield from tables(value, path)
        case tuple():
            for index, part in enumerate(value):
                yield from _below(part, (*path, index))
        case dict():
            for key, part in value.items():
                yield from _below(part, (*path, key))


def warning(
    code: str,
    message: Pair,
    *places: tuple[Span | None, Pair],
    help: Pair,
    edits: tuple[Edit, ...] = (),
) -> Finding:
    """Return a warning for whoever writes rules, pointing at the given places.

    Every text is a pair, English and Chinese.
    """
    return Finding(
        code=code,
        message=message[0],
        zh=message[1],
        labels=tuple(Label(span, *note) for span, note in places if span is not None),
        help=help[0],
        help_zh=help[1],
        severity=Severity.WARNING,
        edits=edits,
    )
