"""Where each key and value of a TOML text stands.

tomli gives values without places. ``Locator`` walks over the same text once,
in linear time, and notes for every path (``("incentive", 0, "amount", "cap")``)
where its key and its value are. It never interprets a value.

The law kept here: on any text that tomli accepts, the paths are those of
tomli's result, and the span of a value, read by itself, is that value again.

The walk also guards tomli: it stops with a ``LimitError`` at nesting, long keys
or long numbers that cost a TOML reader much (see ``toml``). On a text that is
not TOML it just stops; tomli then says what is wrong.

The trap: a column in the text of an expression is a column in the file only for
strings without escapes. For others ``inside`` gives the whole value.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from incentives.diagnostics import Span

if TYPE_CHECKING:
    from incentives.diagnostics import Source

Path: TypeAlias = tuple[str | int, ...]

MAX_DEPTH: Final = 12
MAX_KEY_PARTS: Final = 8
MAX_DIGITS: Final = 18
KEY: Final = "\0key"
"""As the last part of a path: the key itself, not its value. No key of a text is this one."""

# Possessive (`++`, `*+`): no pattern ever goes back, so the walk is linear.
_BLANK: Final = re.compile(r"[ \t]*+")
_SKIP: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_GAP: Final = frozenset(("", " ", "\t", "\r", "\n", "#"))
_BARE: Final = re.compile(r"[A-Za-z0-9_-]++")
_PLAIN_KEY: Final = re.compile(r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")
_ESCAPE: Final = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([btnfre\"\\]))"
)
_ESCAPED: Final = dict(zip('btnfre"\\', '\b\t\n\f\r\x1b"\\', strict=True))
TEXT: Final = re.compile(
    r'"""(?:[^\\"]++|\\.|"(?!""))*+"{3,5}+'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}+"
    r'|"(?!"")(?:[^\\"\n]++|\\[^\n])*+"'
    r"|'(?!'')[^'\n]*+'",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^\s,\]}#]++(?:[ ](?=[0-9]{2}:)[^\s,\]}#]++)?+")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-|[0-9]{2}:")
_BASE: Final = re.compile(r"[+-]?0[xXoObB]")


class LimitError(Exception):
    """Something in a TOML text is deeper or longer than rule files need.

    ``message`` and ``help`` are pairs, English and Chinese.
    """

    def __init__(
        self, message: tuple[str, str], help: tuple[str, str], start: int, end: int
    ) -> None:
        super().__init__(message[0])
        self.message, self.help, self.start, self.end = message, help, start, end


class _NotTomlError(Exception):
    """The walk lost its way: the text is not TOML."""


class Locator:
    """The places in one TOML text; a path that is absent has the nearest place around it.

    The text is walked when a place is first asked for: a file without findings
    is never walked.
    """

    __slots__ = ("_keys", "_mentions", "_values", "_walked", "duplicate", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self._keys: dict[Path, tuple[int, int]] = {}
        self._values: dict[Path, tuple[int, int]] = {}
        self._mentions: dict[Path, list[tuple[int, int]]] = {}
        self._walked = False
        self.duplicate: tuple[Path, Span] | None = None

    def walk(self) -> None:
        """Note every place, once. Raises ``LimitError`` as ``locate`` does."""
        if not self._walked:
            self._walked = True
            with suppress(_NotTomlError):
                _Walk(self).document()

    def span(self, path: Path) -> Span:
        """Return the place of the value at ``path``; of a table, its header."""
        return Span(self.source, find=partial(self._value, path))

    def place(self, path: Path) -> Span:
        """Return the place of a value, or with ``KEY`` as the last part that of its key."""
        return self.key_span(path[:-1]) if path and path[-1] == KEY else self.span(path)

    def extent(self, path: Path) -> Span:
        """Return the place of a table from its header to the end of the last value in it."""
        return Span(self.source, find=partial(self._extent, path))

    def is_whole(self, path: Path) -> bool:
        """Say whether nothing else stands between the header of a table and its last value."""
        first, last = self.extent(path).ends
        return all(
            other[: len(path)] == path or path[: len(other)] == other
            for other, (start, _) in self._values.items()
            if first <= start < last
        )

    def mentions(self, path: Path) -> list[Span]:
        """Return every place where the key that ends ``path`` is written, headers included."""
        self._look()
        places = self._mentions.get(path) or [self._key(path)]
        return [Span(self.source, *place) for place in places]

    def rename(self, old: Path, new: Path) -> None:
        """Let what stands at and below ``old`` be found under ``new`` too."""
        self._look()
        for places in (self._keys, self._values):
            for path in [path for path in places if path[: len(old)] == old]:
                places.setdefault((*new, *path[len(old) :]), places[path])

    def key_span(self, path: Path) -> Span:
        """Return the place of the key that ends ``path``; of a list's entry, the entry."""
        return Span(self.source, find=partial(self._key, path))

    def inside(self, path: Path, start: int, end: int) -> Span:
        """Return the place of the characters ``start`` up to ``end`` of the string at ``path``."""
        return Span(self.source, find=partial(self._inside, path, start, end))

    def has(self, path: Path) -> bool:
        """Say whether ``path`` itself stands in the text."""
        self._look()
        return path in self._values

    def _look(self) -> None:
        with suppress(LimitError):  # whoever read the text has reported it
            self.walk()

    def _key(self, path: Path) -> tuple[int, int]:
        self._look()
        return self._keys.get(path) or self._value(path)

    def _value(self, path: Path) -> tuple[int, int]:
        self._look()
        while path:
            place = self._values.get(path)
            if place is not None:
                return place
            path = path[:-1]
        return (0, 0)

    def _extent(self, path: Path) -> tuple[int, int]:
        first, last = self._value(path)
        inner = (place[1] for other, place in self._values.items() if other[: len(path)] == path)
        return first, max((last, *inner))

    def _inside(self, path: Path, start: int, end: int) -> tuple[int, int]:
        first, last = self._value(path)
        text = self.source.text
        quote = text[first : first + 1]
        if quote not in {"'", '"'} or (quote == '"' and "\\" in text[first:last]):
            return first, last
        opening, closing = first + 1, last - 1
        if text.startswith(quote * 3, first) and last - first >= 6:
            if "\r" in text[first:last]:  # one line end in the value, two characters here
                return first, last
            opening, closing = first + 3, last - 3
            opening += text.startswith("\n", opening)
        start = min(max(opening + start, opening), closing)
        return start, min(max(opening + end, start), closing)


def locate(source: Source) -> Locator:
    """Walk over a TOML text and note its places.

    Raises ``LimitError`` where the text is deeper or longer than it may be. On a
    text that is not TOML the locator knows the places before the fault.
    """
    locator = Locator(source)
    locator.walk()
    return locator


class _Walk:
    """One pass over the text; every method starts and ends between two tokens."""

    __slots__ = ("at", "keys", "lists", "locator", "mentions", "tables", "text", "values")

    def __init__(self, locator: Locator) -> None:
        self.locator = locator
        self.text = locator.source.text
        self.keys, self.values = locator._keys, locator._values  # noqa: SLF001 - its builder
        self.mentions = locator._mentions  # noqa: SLF001 - likewise
        self.at = 0
        self.tables: set[Path] = set()  # with a header of their own
        self.lists: dict[Path, int] = {}  # arrays of tables: how many tables so far

    def document(self) -> None:
        table: Path = ()
        text, end = self.text, len(self.text)
        if text.startswith("\ufeff"):
            self.at = 1
        while True:
            self.skip(_SKIP)
            if self.at >= end:
                return
            if text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table, 0)

    def skip(self, pattern: re.Pattern[str]) -> None:
        if self.text[self.at : self.at + 1] in _GAP:  # also at the end of the text
            found = pattern.match(self.text, self.at)
            if found is not None:
                self.at = found.end()

    def take(self, token: str) -> None:
        if not self.text.startswith(token, self.at):
            raise _NotTomlError
        self.at += len(token)

    def header(self) -> Path:
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        parts = self.key()
        self.take("]]" if many else "]")
        path: Path = ()
        for name, first, last in parts[:-1]:  # these tables may have no header of their own
            around = (*path, name)
            self.mentions.setdefault(around, []).append((first, last))
            path = self.entered(around)
            for table in (around, path):
                self.keys.setdefault(table, (first, last))
                self.values.setdefault(table, (start, self.at))
        name, first, last = parts[-1]
        path = (*path, name)
        self.mentions.setdefault(path, []).append((first, last))
        if many:
            self.keys.setdefault(path, (first, last))
            self.values.setdefault(path, (start, self.at))
            count = self.lists.get(path, 0)
            self.lists[path] = count + 1
            path = (*path, count)
        elif path in self.tables:
            self.repeated(path, first, last)
        self.tables.add(path)
        self.keys[path] = (first, last)
        self.values[path] = (start, self.at)
        return path

    def repeated(self, path: Path, first: int, last: int) -> None:
        """Keep the first key that stands twice, and where it stands the second time."""
        if self.locator.duplicate is None:
            self.locator.duplicate = path, Span(self.locator.source, first, last)

    def entered(self, path: Path) -> Path:
        """Return ``path``, or its last table if it is an array of tables."""
        count = self.lists.get(path)
        return path if count is None else (*path, count - 1)

    def key(self) -> list[tuple[str, int, int]]:
        """Read a dotted key; return its parts with their places."""
        parts: list[tuple[str, int, int]] = []
        while True:
            self.skip(_BLANK)
            start = self.at
            found = _BARE.match(self.text, start)
            if found is not None:
                self.at = found.end()
                name = found.group()
            else:
                name = self.quoted()
            parts.append((name, start, self.at))
            self.skip(_BLANK)
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
            if len(parts) == MAX_KEY_PARTS:
                raise LimitError(
                    (f"a key has more than {MAX_KEY_PARTS} parts", f"键名超过{MAX_KEY_PARTS}段"),
                    (
                        "no key of a rule file or a profile is that long",
                        "规则文件和申报资料里没有这么长的键",
                    ),
                    parts[0][1],
                    self.at,
                )
        return parts

    def quoted(self) -> str:
        found = TEXT.match(self.text, self.at)
        if found is None:
            raise _NotTomlError
        self.at = found.end()
        raw = found.group()
        if raw[0] == "'" or "\\" not in raw:
            return raw[1:-1]
        return _ESCAPE.sub(_unescaped, raw[1:-1])

    def pair(self, table: Path, depth: int) -> None:
        found = _PLAIN_KEY.match(self.text, self.at)
        if found is None:
            self.dotted_pair(table, depth)
            return
        path, start = (*table, found[1]), found.end()
        self.at = start
        self.value(path, depth)
        if path in self.keys:
            self.repeated(path, *found.span(1))
        else:
            self.keys[path] = found.span(1)
            self.values[path] = (start, self.at)

    def dotted_pair(self, table: Path, depth: int) -> None:
        parts = self.key()
        self.take("=")
        self.skip(_BLANK)
        path, start = table, self.at
        inner: list[tuple[Path, int, int]] = []
        for name, first, last in parts:
            path = (*path, name)
            inner.append((path, first, last))
            self.mentions.setdefault(path, []).append((first, last))
        self.value(path, depth)
        for name_path, first, last in inner[:-1]:
            self.keys.setdefault(name_path, (first, last))
            self.values.setdefault(name_path, (first, self.at))
        if path in self.keys:
            self.repeated(path, *inner[-1][1:])
        self.keys.setdefault(path, inner[-1][1:])
        self.values.setdefault(path, (start, self.at))

    def value(self, path: Path, depth: int) -> None:
        char = self.text[self.at : self.at + 1]
        if char in {"[", "{"}:
            if depth == MAX_DEPTH:
                raise LimitError(
                    (f"values are nested more than {MAX_DEPTH} deep", f"嵌套超过{MAX_DEPTH}层"),
                    ("no rule file or profile needs that", "规则文件和申报资料用不着"),
                    self.at,
                    self.at + 1,
                )
            self.at += 1
            if char == "[":
                self.array(path, depth + 1)
            else:
                self.inline(path, depth + 1)
            return
        found = (TEXT if char in {'"', "'"} else _PLAIN).match(self.text, self.at)
        if found is None or not char:
            raise _NotTomlError
        self.at = found.end()
        if char.isdigit() or char in {"+", "-"}:
            _number(found.group(), found.start(), found.end())

    def array(self, path: Path, depth: int) -> None:
        index = 0
        while True:
            self.skip(_SKIP)
            if self.text.startswith("]", self.at):
                self.at += 1
                return
            start, entry = self.at, (*path, index)
            self.value(entry, depth)
            self.values.setdefault(entry, (start, self.at))
            index += 1
            self.skip(_SKIP)
            if not self.text.startswith("]", self.at):
                self.take(",")

    def inline(self, path: Path, depth: int) -> None:
        while True:
            self.skip(_SKIP)
            if self.text.startswith("}", self.at):
                self.at += 1
                return
            self.pair(path, depth)
            self.skip(_SKIP)
            if not self.text.startswith("}", self.at):
                self.take(",")


def _number(token: str, start: int, end: int) -> None:
    """Refuse the numbers that a reader would spend its time on."""
    if _BASE.match(token):
        raise LimitError(
            ("numbers are written in decimal digits here", "数字只用十进制"),
            ("write it without 0x, 0o or 0b", "不写 0x、0o、0b"),
            start,
            end,
        )
    if not _DATE.match(token) and sum(char.isdigit() for char in token) > MAX_DIGITS:
        raise LimitError(
            (f"a number has more than {MAX_DIGITS} digits", f"数字超过{MAX_DIGITS}位"),
            ("no figure of a policy is that long", "政策里没有这么长的数"),
            start,
            end,
        )


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is None:
        return _ESCAPED[found[4]]
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"
