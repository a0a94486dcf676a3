"""What the heading of a column says: a fact by its path or its label, a year, a unit.

``applicant.revenue.2024``, ``revenue.2024``, ``营业收入.2024``, ``2024年营业收入`` and
``营业收入（万元）.2024`` name facts; the unit in brackets is the column's. Nothing is
matched by likeness: a heading is one of these or it means nothing.

The trap: a label may belong to two facts. Then all of them are returned, and whoever
reads the table refuses the heading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incentives.language.names import FactSpec

_NARROW: Final = str.maketrans("（）：，％", "():,%")
_UNIT: Final = re.compile(
    r"[(（](?:单位[:：]?)?(亿元|万元|元|分|%|‰)[)）]|[,，、/]?单位[:：]?(亿元|万元|元|分|%|‰)"
)
_YEAR_AFTER: Final = re.compile(r"(.+?)[.．]([12][0-9]{3})年?")
_YEAR_BEFORE: Final = re.compile(r"([12][0-9]{3})年度?(.+)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart: its words, and the unit that stands in it."""

    text: str
    unit: str | None = None


def heading(text: str) -> Heading:
    """Return a heading without spaces, line breaks and case, and its unit, if any."""
    joined = plain(text)
    found = _UNIT.search(joined)
    if found is None:
        return Heading(joined)
    rest = joined[: found.start()] + joined[found.end() :]
    return Heading(rest, found[1] or found[2])


def plain(text: str) -> str:
    """Return a heading without spaces, line breaks and case, its marks narrow."""
    return "".join(text.split()).translate(_NARROW).lower()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The facts that a heading can name, and the year; no fact where it means nothing."""

    facts: tuple[FactSpec, ...]
    year: int | None = None


class Headings:
    """Reads the headings of tables of one entity.

    Args:
        entity: whose facts stand in the table.
        specs: these facts, by name.
    """

    def __init__(self, entity: str, specs: Mapping[str, FactSpec]) -> None:
        self.entity = entity
        self.specs = specs
        labels: dict[str, list[FactSpec]] = defaultdict(list)
        for spec in specs.values():
            for word in {spec.label.zh, spec.label.get("en")}:
                labels[heading(word).text].append(spec)
        self._labels: Mapping[str, Sequence[FactSpec]] = labels

    def read(self, text: str, also: Mapping[str, str] | None = None) -> Meaning:
        """Return what a heading names.

        Args:
            text: the heading as it stands.
            also: further words for facts: the word as ``heading`` writes it, the fact's name.
        """
        words = heading(text).text
        after, before = _YEAR_AFTER.fullmatch(words), _YEAR_BEFORE.fullmatch(words)
        word, year = words, None
        if after is not None:
            word, year = after[1], int(after[2])
        elif before is not None:
            word, year = before[2], int(before[1])
        spec = self.specs.get(word.removeprefix(f"{self.entity}."))
        if spec is None and also is not None:
            spec = self.specs.get(also.get(word, ""))
        found = [spec] if spec is not None else list(self._labels.get(word, ()))
        fitting = tuple(each for each in found if each.series == (year is not None))
        return Meaning(fitting, year)

    @property
    def known(self) -> tuple[str, ...]:
        """The words that a heading can be: names, then Chinese labels."""
        return (*self.specs, *(spec.label.zh for spec in self.specs.values()))
