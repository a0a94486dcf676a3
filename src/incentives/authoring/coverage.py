"""The text of a document beside what encodes it: which sentence which rule quotes.

The source is cut into sentences; a sentence is cited when a quote of the rule
file covers part of it, white space, page breaks and asterisks apart (as in
``texts.stands_in``). A sentence with a figure that no quote reaches stands out:
either nobody encoded it, or an entry lacks its quote.

Not promised: that a cited sentence is encoded whole, or rightly. A figure is a
number before a unit (``20万元``, ``七成``, ``3年内``); dates, numbers of documents and
of paragraphs are none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.texts import OMISSION, plain
from incentives.authoring.written import tables
from incentives.language.core import Text
from incentives.rulebook.lowering import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from incentives.authoring.written import Path, Written
    from incentives.rulebook.file_schema import Model

FORMAT: Final = "incentives/coverage/1"
_DIGITS: Final = r"[0-9０-９][0-9０-９,，.．]*"
_WORDS: Final = r"[一二三四五六七八九十百千]+"
_UNIT: Final = (
    r"(?:个?百分点|[%％‰]|万?亿?元|万|亿|倍|个?(?:工作日|日|天|月|季度)(?:内|以上|以下)?|年(?:内|以上|期)"
    r"|[家个项件人名户次条类台套亩吨分])"
)
_SURE: Final = r"(?:个?百分点|万?亿?元|倍|成(?![果立员功本效分])|个(?:工作日|月)|年(?:内|以上|期))"
_FIGURE: Final = re.compile(
    rf"{_DIGITS}\s*[多余]?\s*{_UNIT}|{_WORDS}[多余]?{_SURE}|百分之(?:{_DIGITS}|{_WORDS})"
)
_NO_FIGURE: Final = re.compile(
    r"[0-9０-９]{4}\s*年(?:度|底|末|初)?|[0-9０-９]{1,2}\s*月(?:底|末)?(?:\s*[0-9０-９]{1,2}\s*日)?"
    r"|[〔\[（(][0-9０-９]{4}[〕\]）)]\s*[0-9０-９]+\s*号|第[0-9０-９一二三四五六七八九十百]+[条章节项款]"
)
_ENTRIES: Final = frozenset({"incentive", "group", "split", "fund", "target"})
_SENTENCE: Final = re.compile(r"[^。；;！!？?\n]*[。；;！!？?]?\n*")


@dataclass(frozen=True, slots=True)
class Citation:
    """An entry of the rule file: its key and id, its name, clause and quote, and its place."""

    entry: str
    name: Text
    clause: str
    quote: str
    place: str

    @property
    def short_place(self) -> str:
        """Its place with the name of the file only: ``plan.toml:12:9``."""
        return self.place.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the source: the entries that quote it, and whether it names a figure."""

    text: str
    cited: tuple[int, ...]
    has_figure: bool

    @property
    def is_open(self) -> bool:
        """Whether it names a figure that no rule cites."""
        return self.has_figure and not self.cited


@dataclass(frozen=True, slots=True)
class Coverage:
    """A document's text, paragraph by paragraph, beside what the rules quote of it.

    ``lost`` are citations whose quote is not in the text, ``unquoted`` entries
    that have none; both index ``citations``.
    """

    document: str
    citations: tuple[Citation, ...]
    paragraphs: tuple[tuple[Sentence, ...], ...]
    lost: tuple[int, ...]
    unquoted: tuple[int, ...]

    @property
    def figures(self) -> tuple[int, int]:
        """How many sentences name a figure, and how many of these are cited."""
        named = [each for part in self.paragraphs for each in part if each.has_figure]
        return len(named), sum(bool(each.cited) for each in named)


def cover(text: str, file: Written) -> Coverage:
    """Return the text of a document beside the entries of its rule file."""
    citations = tuple(_citations(file))
    kept = [at for at, char in enumerate(text) if char != "*" and not char.isspace()]
    flat = plain(text)
    reached: list[tuple[int, int, int]] = []
    lost = []
    for index, citation in enumerate(citations):
        places = _places(citation.quote, flat) if citation.quote else []
        if places is None:
            lost.append(index)
        reached += [(kept[start], kept[end - 1] + 1, index) for start, end in places or ()]
    return Coverage(
        file.document or "",
        citations,
        tuple(_paragraphs(text, sorted(reached))),
        tuple(lost),
        tuple(index for index, citation in enumerate(citations) if not citation.quote),
    )


def _citations(file: Written) -> Iterator[Citation]:
    """Yield each quote with its entry, and each entry that has no quote at all."""
    for path, table in tables(file.model):
        is_entry = len(path) == 2 and path[0] in _ENTRIES
        if not is_entry and not (len(path) == 2 and path[0] == "definition"):
            continue
        entry, name = f"{path[0]} {getattr(table, 'id', '')}", _name(table)
        clause = getattr(table, "clause", None) or ""
        quoted = list(_quotes(file, path, clause))
        for inner, own, quote in quoted:
            place = str(file.locator.span((*inner, "quote")))
            yield Citation(_part(entry, path, inner), name, own, quote, place)
        if is_entry and not quoted:
            yield Citation(entry, name, clause, "", str(file.locator.span(path)))


def _name(table: Model) -> Text:
    """Return what people call an entry; its id where it has no name."""
    texts = getattr(table, "name", None) or getattr(table, "metric", None)
    return text_of(texts) or Text(str(getattr(table, "id", "")))


def _quotes(file: Written, path: Path, clause: str) -> Iterator[tuple[Path, str, str]]:
    for inner, table in tables(file.model):
        quote = getattr(table, "quote", None)
        if inner[: len(path)] == path and quote is not None:
            yield inner, getattr(table, "clause", None) or clause, quote


def _part(entry: str, path: Path, inner: Path) -> str:
    """Return an entry with the part of it that has the quote: ``… condition``."""
    return " ".join((entry, *(step for step in inner[len(path) :] if isinstance(step, str))))


def _places(quote: str, flat: str) -> list[tuple[int, int]] | None:
    """Return where the parts of a quote stand in a text without white space, in their order."""
    at, found = 0, []
    for part in filter(None, map(plain, quote.split(OMISSION))):
        start = flat.find(part, at)
        if start < 0:
            return None
        at = start + len(part)
        found.append((start, at))
    return found


def _paragraphs(
    text: str, reached: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[Sentence, ...]]:
    at = 0
    for line in text.split("\n"):
        sentences = tuple(_sentences(line, at, reached))
        if sentences:
            yield sentences
        at += len(line) + 1


def _sentences(line: str, at: int, reached: Sequence[tuple[int, int, int]]) -> Iterator[Sentence]:
    for found in _SENTENCE.finditer(line):
        said = found[0].replace("\f", " ").strip()  # a form feed is where a page ended
        if not plain(said):
            continue
        start, end = at + found.start(), at + found.end()
        upto = reached[: bisect_right(reached, (end,))]
        cited = sorted({index for first, last, index in upto if last > start and first < end})
        yield Sentence(said, tuple(cited), names_figure(said))


def names_figure(sentence: str) -> bool:
    """Say whether a sentence names a figure that a rule could state."""
    return _FIGURE.search(_NO_FIGURE.sub("·", sentence)) is not None


def as_data(coverage: Coverage) -> dict[str, Any]:
    """Return a coverage as JSON data (``incentives/coverage/1``)."""
    named, cited = coverage.figures
    return {
        "format": FORMAT,
        "document": coverage.document,
        "sentences_with_figures": named,
        "cited_of_these": cited,
        "citations": [
            {
                "entry": each.entry,
                "name": {"zh": each.name.zh, "en": each.name.get("en")},
                "clause": each.clause or None,
                "quote": each.quote or None,
                "place": each.place,
            }
            for each in coverage.citations
        ],
        "quotes_not_found": list(coverage.lost),
        "entries_without_quote": list(coverage.unquoted),
        "paragraphs": [
            [
                {"text": each.text, "cited_by": list(each.cited), "has_figure": each.has_figure}
                for each in part
            ]
            for part in coverage.paragraphs
        ],
    }
