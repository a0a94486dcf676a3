"""What the names in an expression can mean: facts, parameters, definitions, ``on``, ``year``.

A ``Scope`` is what an expression sees at its place in a rule file. It is
built by the rulebook and read by the checker.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import Edit, Finding, Label, Pair, Span, fault
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from incentives.language.core import Dated, Expr, Text
    from incentives.values.types import Type

RESERVED: Final = frozenset({"on", "year"})
APPLICANT: Final = "applicant"
ANY_ITEM: Final = "*"
RECEIVED: Final = "received"
DECIDED: Final = "decided"
AS_OF: Final = "<as of>"  # the day that selects the figure of a cap over items


@dataclass(frozen=True, slots=True)
class EntitySpec:
    """An entity of the vocabulary; ``key`` names the text fact that tells items apart."""

    name: str
    label: Text
    many: bool = False
    key: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact of the vocabulary.

    ``lo``/``hi`` bound it, in fen, ratios, counts or dates; ``check`` names a
    check character scheme (``uscc``); ``order`` is its place in the vocabulary.
    """

    entity: str
    name: str
    type: Type
    label: Text
    series: bool = False
    ask: Text | None = None
    evidence: Text | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    lo: Any = None
    hi: Any = None
    changeable: bool = True
    check: str | None = None
    order: int = 0
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def path(self) -> str:
        """The fact's name with its entity: ``applicant.revenue``."""
        return f"{self.entity}.{self.name}"

    def unknown(self, path: str) -> Unknown:
        """Return the value of this fact while nothing is known about it."""
        return Unknown(frozenset({path}), self.lo, self.hi, self.type.options)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named figure: its path in the rule file and its values by date."""

    path: str
    values: tuple[Dated, ...]
    type: Type
    clause: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def is_dated(self) -> bool:
        """Whether the value depends on a date."""
        return len(self.values) > 1 or any(
            item.since is not None or item.until is not None for item in self.values
        )

    def during(self, since: date | None, until: date | None) -> tuple[Dated, ...]:
        """Return the values that some day from ``since`` to ``until`` can select."""
        return tuple(
            item
            for item in self.values
            if (item.since is None or until is None or item.since <= until)
            and (item.until is None or since is None or since <= item.until)
        )

    def gap(self, since: date | None, until: date | None) -> date | None:
        """Return the first day from ``since`` to ``until`` without a value, if any."""
        day = since or date.min
        for item in sorted(self.values, key=lambda item: item.since or date.min):
            if (item.since or date.min) > day:
                return day
            if item.until is None:
                return None
            day = max(day, date.fromordinal(min(item.until.toordinal() + 1, date.max.toordinal())))
        return day if until is None or day <= until else None


@dataclass(frozen=True, slots=True)
class Typed:
    """A checked expression and its type."""

    expr: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression; ``expand`` checks it in the scope of its use."""

    id: str
    name: Text
    expand: Callable[[Scope], Typed]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use.

    ``item`` is the entity of ``each``; ``since`` and ``until`` bound the days on
    which the expression is used at all; ``bound`` maps a comprehension's name to
    its entity; ``by`` selects among dated values (``None``: the assessment
    date); ``refs`` collects the incentives that ``award`` and ``granted`` name.
    """

    entities: Mapping[str, EntitySpec]
    facts: Mapping[tuple[str, str], FactSpec]
    names: Mapping[str, Parameter | Definition]
    place: Callable[[int, int], Span | None]
    item: str | None = None
    by: Expr | None = None
    since: date | None = None
    until: date | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    expanding: tuple[str, ...] = ()
    refs: set[tuple[str, Span | None]] = field(default_factory=set)

    def within(self, **changes: Any) -> Scope:
        """Return this scope with some of its parts replaced."""
        return replace(self, **changes)


class CheckError(Exception):
    """One finding about one expression; the checker stops at the first."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def problem(
    code: str,
    message: Pair,
    *places: tuple[Span | None, Pair],
    help: Pair | None = None,
    instead: str | None = None,
) -> CheckError:
    """Return the error for a finding that points at the given places.

    Texts are pairs, English and Chinese. ``instead`` is what mends it in the first
    place, where that takes no judgement.
    """
    labels = tuple(Label(span, *note) for span, note in places if span is not None)
    edits = (Edit(labels[0].span, instead),) if labels and instead is not None else ()
    return CheckError(fault(code, message, *labels, help=help, edits=edits))


def meant(name: str, known: Iterable[str], before: str = "") -> Pair | None:
    """Return the help that offers the known name nearest to ``name``, if one is near."""
    near = get_close_matches(name, list(known), 1)
    if not near:
        return None
    return f"did you mean `{before}{near[0]}`?", f"是否应为“{before}{near[0]}”？"


def is_name(text: str, functions: frozenset[str]) -> bool:
    """Say whether ``text`` may name an entity, fact, definition or parameter."""
    plain = (
        text.isascii()
        and text[:1].islower()
        and all(char.islower() or char.isdigit() or char == "_" for char in text)
    )
    return plain and not keyword.iskeyword(text) and text not in RESERVED | functions
