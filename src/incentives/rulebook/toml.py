"""Read a TOML text: limits first, then tomli, then what no rule file may hold.

Refused, with the place and every one of them at once: floats (binary fractions
are never exact money), datetimes and times (a decision has a date), invisible,
direction-changing and unassigned characters anywhere in the file, comments
included, and text or keys that are not in Unicode's composed form (NFC): two
texts that look the same must be the same.

The law kept here: whatever the bytes, the answer is data or findings, never an
exception of another kind, in time linear in the size of the file.

The trap: a refused value is replaced in the data (a float by its own text, a
datetime by its day), so that the checks which follow do not report it again.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import tomli

from incentives.diagnostics import (
    NO_NOTE,
    Edit,
    Finding,
    Label,
    Pair,
    RulebookError,
    Source,
    Span,
    fault,
)
from incentives.rulebook.locate import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_KEY_PARTS,
    LimitError,
    Locator,
    Path,
)
from incentives.rulebook.parsers import toml_fault
from incentives.rulebook.toml_help import ends_early, remedy

if TYPE_CHECKING:
    from os import PathLike

MAX_BYTES: Final = 1 << 20
MAX_FINDINGS: Final = 100

_POSITION: Final = re.compile(r"\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Blank, but not of the category "format": fillers, the empty Braille cell, variation selectors.
_BLANKS: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
_FULL_WIDTH: Final = {
    "＝": "=", "＂": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "＇": "'", "，": ",", "．": ".",
    "。": ".", "：": "=", "［": "[", "］": "]", "【": "[", "】": "]", "｛": "{", "｝": "}",
    "＃": "#", "\u3000": "a space",
}  # fmt: skip
_FIGURES: Final = {chr(at): chr(at - 0xFEE0) for at in (*range(0xFF10, 0xFF1A), 0xFF0D)}
_FIGURE: Final = re.compile("[0-9０-９－+-]+")
"""A whole number or a date, perhaps in full-width digits."""


class FloatText(str):
    """The text of a float that was refused; stands in its place in the data."""

    __slots__ = ()


def read_source(path: str | PathLike[str], *, shown: str | None = None) -> Source:
    r"""Read a UTF-8 text file; ``shown`` is the path for messages.

    A byte order mark at its beginning is dropped, and line ends become ``\n``.
    Raises ``RulebookError`` with one finding when the file is too large (E001)
    or not UTF-8 (E002), and ``OSError`` when it cannot be read.
    """
    name = str(path) if shown is None else shown
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs an import
        raw = file.read(MAX_BYTES + 1)
    return decode(raw, name)


def decode(raw: bytes, name: str) -> Source:
    """Return the bytes of a file as a source. Raises as ``read_source`` does."""
    if len(raw) > MAX_BYTES:
        raise RulebookError([_too_large(Source(name, ""))])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RulebookError([_not_utf8(raw, name, error)]) from None
    return Source(name, text.removeprefix("\ufeff").replace("\r\n", "\n"))


def read_toml(
    source: Source, *, profile: bool = False
) -> tuple[dict[str, Any] | None, Locator, list[Finding]]:
    """Return the data of a TOML text, its places and everything that is wrong with it.

    The data is None when the text is not TOML or beyond the limits (E001). With
    ``profile``, floats and datetimes stay in the data as they are: the profile's
    own checks refuse them with the path of the fact.
    """
    if len(source.text) > MAX_BYTES or len(source.text.encode("utf-8", "replace")) > MAX_BYTES:
        return None, Locator(source), [_too_large(source)]
    locator = Locator(source)
    beyond = _beyond(locator) if _suspicious(source.text) else None
    if beyond is not None:
        return None, locator, [beyond]
    findings = _characters(source)
    try:
        data = tomli.loads(source.text, parse_float=float if profile else FloatText)
    except tomli.TOMLDecodeError as error:
        return None, locator, [_beyond(locator) or _not_toml(source, locator, error), *findings]
    except (RecursionError, ValueError):  # ValueError: digits beyond the interpreter's own limit
        span = Span(source, 0, 0)
        too_deep = "the file is nested too deep to be read", "文件嵌套太深，读不出来"
        deep = _finding("E001", too_deep, span)
        return None, locator, [_beyond(locator) or deep]
    if depth(data) > MAX_DEPTH:
        beyond = _beyond(locator)
        if beyond is not None:
            return None, locator, [beyond]
    _Values(locator, findings, profile=profile).look(data, ())
    findings.sort(key=lambda finding: finding.labels[0].span.start)
    return data, locator, findings


_LONG_NUMBER: Final = re.compile(r"[0-9_]{19}")


def _suspicious(text: str) -> bool:
    """Say whether a text may hold what would take tomli long: only then is it walked first.

    Long numbers and long dotted keys; deep nesting ends in tomli's own error.
    """
    return (
        any(prefix in text for prefix in ("0x", "0o", "0b"))
        or _LONG_NUMBER.search(text) is not None
        or any(line.count(".") >= MAX_KEY_PARTS for line in text.split("\n"))
    )


def _beyond(locator: Locator) -> Finding | None:
    """Return the finding about a text deeper or longer than it may be, if it is."""
    try:
        locator.walk()
    except LimitError as error:
        span = Span(locator.source, error.start, error.end)
        return _finding("E001", error.message, span, help=error.help)
    return None


def depth(data: Any) -> int:
    """Return how deep tables and lists are nested; counted level by level, without recursion."""
    found = 0
    level: list[Any] = [data] if isinstance(data, dict | list) else []
    while level:
        found += 1
        inner: list[Any] = []
        for node in level:
            inner += node.values() if isinstance(node, dict) else node
        level = [each for each in inner if isinstance(each, dict | list)]
    return found


class _Values:
    """Looks at everything in the data, and puts something harmless for what is refused."""

    __slots__ = ("escapes", "findings", "locator", "profile")

    def __init__(self, locator: Locator, findings: list[Finding], *, profile: bool) -> None:
        self.locator, self.findings, self.profile = locator, findings, profile
        self.escapes = "\\" in locator.source.text

    def look(self, node: dict[str, Any] | list[Any], path: Path) -> None:
        if len(self.findings) > MAX_FINDINGS:
            return
        entries: Any = node.items() if isinstance(node, dict) else enumerate(node)
        refused: list[tuple[Any, Any]] = []
        for key, value in entries:
            kind = type(value)
            if self.escapes and isinstance(key, str):
                _escaped(key, self.locator.key_span((*path, key)), self.findings)
            if kind is str:
                if self.escapes:
                    _escaped(value, self.locator.span((*path, key)), self.findings)
            elif kind is dict or kind is list:
                self.look(value, (*path, key))
            elif kind is not bool and kind is not date:
                refused.append((key, value))
        for key, value in refused[: MAX_FINDINGS + 1]:
            harmless = self.refuse(value, (*path, key))
            if harmless is not value:
                node[key] = harmless

    def refuse(self, value: Any, path: Path) -> Any:
        if isinstance(value, FloatText):
            self.findings.append(_float(value, self.locator.span(path)))
        elif isinstance(value, (datetime, time)) and not self.profile:
            self.findings.append(_time(value, self.locator.span(path)))
            return value.date() if isinstance(value, datetime) else value.isoformat()
        elif isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
            message = f"a number has more than {MAX_DIGITS} digits", f"数字超过{MAX_DIGITS}位"
            self.findings.append(_finding("E001", message, self.locator.span(path)))
            return 0
        return value


def _float(value: FloatText, span: Span) -> Finding:
    if re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", value):
        help = (
            f'write "{value}" for a ratio, or with a unit for money: "{value}万元"',
            f'比例写 "{value}"，金额带单位写 "{value}万元"',
        )
    else:
        help = (
            'write the figure in quotation marks and in full: "0.175", "7/3", "20万元"',
            '加引号写全："0.175"、"7/3"、"20万元"',
        )
    shown = value[:40]
    message = f"`{shown}` is a float, which is not exact", f"{shown} 是浮点数，存不准"
    return _finding("E010", message, span, help=help)


def _time(value: datetime | time, span: Span) -> Finding:
    kind = ("a time", "时刻") if isinstance(value, time) else ("a date with a time", "带时刻的日期")
    day = value.date().isoformat() if isinstance(value, datetime) else None
    help = (
        (f"write {day}", f"写 {day}") if day else ("write a date: 2025-12-31", "写日期：2025-12-31")
    )
    message = f"{kind[0]} stands where only a day is meant", f"这里只要日期，写的是{kind[1]}"
    return _finding("E011", message, span, help=help)


def _invisible(char: str) -> bool:
    if char in "\t\n\r" or " " <= char <= "~":
        return False
    return (
        unicodedata.category(char) in _REFUSED
        or char in _BLANKS
        or "\U000e0100" <= char <= ("\U000e01ef")
    )


_REFUSED: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def _characters(source: Source) -> list[Finding]:
    """Report the characters in the file that cannot be seen or that are not composed."""
    text = source.text
    if text.isascii() and text.isprintable():
        return []
    findings: list[Finding] = []
    bad = {char for char in set(text) if _invisible(char)}
    if bad:
        runs = re.finditer("[" + "".join(map(re.escape, sorted(bad))) + "]+", text)
        for found in runs:
            findings.append(_unseen(found[0], Span(source, *found.span())))
            if len(findings) == MAX_FINDINGS:
                return findings
    if not unicodedata.is_normalized("NFC", text):
        findings += _uncomposed(source)
    return findings


def _uncomposed(source: Source) -> list[Finding]:
    findings: list[Finding] = []
    start = 0
    for line in source.text.splitlines(keepends=True):
        if not unicodedata.is_normalized("NFC", line):
            first = next(
                (at for at, char in enumerate(line) if unicodedata.normalize("NFC", char) != char),
                next((at for at, char in enumerate(line) if unicodedata.combining(char)), 0),
            )
            span = Span(source, start + first, start + first + 1)
            findings.append(_composed(line.strip(), span))
        start += len(line)
        if len(findings) == MAX_FINDINGS:
            break
    return findings


def _escaped(text: str, span: Span, findings: list[Finding]) -> None:
    r"""Report what an escape (``\u202e``) brings into a value; the rest was seen in the file."""
    if text.isascii() and text.isprintable():
        return
    written = span.source.text[span.start : span.end]
    if "\\" not in written or len(findings) >= MAX_FINDINGS:
        return
    bad = next((char for char in text if _invisible(char)), None)
    if bad is not None and bad not in written:
        findings.append(_unseen(bad, span))
    elif not unicodedata.is_normalized("NFC", text) and unicodedata.is_normalized("NFC", written):
        findings.append(_composed(text, span))


def _unseen(chars: str, span: Span) -> Finding:
    names = ", ".join(dict.fromkeys(f"U+{ord(char):04X} {_name(char)}".strip() for char in chars))
    return _finding(
        "E012",
        (
            "the text holds a character that cannot be seen, changes direction or is unassigned",
            "有看不见、改变方向或未定义的字符",
        ),
        span,
        note=(names[:100], f"“{names[:100]}”"),
        help=("delete it", "删掉它"),
        instead="" if span.source.text[span.start : span.end] == chars else None,
    )


def _composed(text: str, span: Span) -> Finding:
    composed = unicodedata.normalize("NFC", text)[:80]
    return _finding(
        "E012",
        ("the text is not in Unicode's composed form (NFC)", "文字不是 Unicode 的合成形式（NFC）"),
        span,
        help=(f"write: {composed}", f"写成：{composed}"),
    )


def _name(char: str) -> str:
    return unicodedata.name(char, "").lower()


def _not_toml(source: Source, locator: Locator, error: tomli.TOMLDecodeError) -> Finding:
    if locator.duplicate is not None:
        return _twice(locator, *locator.duplicate)
    message = _POSITION.sub("", str(error)).strip()
    found = _POSITION.search(str(error))
    start = len(source.text)
    if found is not None and found[1]:
        start = _offset(source.text, int(found[1]), int(found[2]))
    char = source.text[start : start + 1]
    line_start = source.text.rfind("\n", 0, start) + 1
    line_end = source.text.find("\n", start)
    line = source.text[line_start : None if line_end < 0 else line_end]
    if (figure := _figure(source, start)) is not None:
        return figure
    wide = next((c for c in char + line.split("#")[0] if c in _FULL_WIDTH), None)
    if (
        wide is not None
        and not ends_early(line)
        and (char in _FULL_WIDTH or not char.isascii() or char == "\n")
    ):
        if char != wide:
            start = line_start + line.index(wide)
        span = Span(source, start, start + 1)
        plain = _FULL_WIDTH[wide]
        shown = "空格" if plain == "a space" else f"“{plain}”"
        return Finding(
            code="E001",
            message="this is not TOML",
            zh="这里不是 TOML 的写法",
            labels=(Label(span, ""),),
            help=f"full-width `{wide}`: write `{plain}`",
            help_zh=f"全角的“{wide}”请改为半角的{shown}",
            edits=_narrowed(source, start) if char == wide else (),
        )
    span = Span(source, start, min(start + 1, len(source.text)))
    said = f"{message[:1].lower()}{message[1:200]}"
    return _finding(
        "E001",
        (f"this is not TOML: {said}", f"这里不是 TOML 的写法：{toml_fault(message)}"),
        span,
        help=remedy(line, message),
    )


def _figure(source: Source, start: int) -> Finding | None:
    """Return the finding of a number or date in full-width digits, if that is the fault."""
    line_start = source.text.rfind("\n", 0, start) + 1
    for found in _FIGURE.finditer(source.text, line_start):
        first, last = found.span()
        wide = [at for at in range(first, last) if source.text[at] in _FIGURES]
        if first > start:
            break
        if not wide or last <= start:
            continue
        plain = "".join(_FIGURES.get(char, char) for char in found[0])
        return fault(
            "E001",
            ("this is not TOML", "这里不是 TOML 的写法"),
            Label(Span(source, first, last)),
            help=(
                f"full-width `{found[0]}`: write `{plain}`",
                f"全角的“{found[0]}”请改为“{plain}”",
            ),
            edits=(Edit(Span(source, first, last), plain),),
        )
    return None


_PAIR: Final = re.compile("([“”＂])[^“”＂\"\\\\\n]*([“”＂])|([‘’＇])[^‘’＇'\n]*([‘’＇])")


def _narrowed(source: Source, start: int) -> tuple[Edit, ...]:
    """Return the edits for the full-width mark at ``start``: both of a pair of quotes, or none."""
    plain = _FULL_WIDTH[source.text[start]]
    if plain not in {'"', "'"}:
        return (Edit(Span(source, start, start + 1), " " if plain == "a space" else plain),)
    pair = _PAIR.match(source.text, start)
    if pair is None:
        return ()
    return tuple(Edit(Span(source, at, at + 1), plain) for at in (start, pair.end() - 1))


def _twice(locator: Locator, path: Path, again: Span) -> Finding:
    return Finding(
        code="E001",
        message=f"`{path[-1]}` stands twice in the same table",
        zh=f"同一个表里“{path[-1]}”写了两次",
        labels=(
            Label(again, "again here", "又写在这里"),
            Label(locator.key_span(path), "first here", "先写在这里"),
        ),
        help="keep one of the two",
        help_zh="只留一处",
    )


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _too_large(source: Source) -> Finding:
    return _finding(
        "E001",
        ("the file is larger than 1 MiB", "文件大于1 MiB"),
        Span(source, 0, 0),
        help=("one file holds the rules of one policy document", "一个文件只写一份政策的规则"),
    )


def _not_utf8(raw: bytes, name: str, error: UnicodeDecodeError) -> Finding:
    before = raw[: error.start].decode("utf-8", "replace")
    source = Source(name, raw.decode("utf-8", "replace"))
    help = "save the file as UTF-8", "另存为 UTF-8"
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        help = "the file looks like UTF-16: save it as UTF-8", "文件像是 UTF-16：另存为 UTF-8"
    else:
        try:
            raw.decode("gb18030")
            help = (
                "the file looks like GB18030 (GBK): save it as UTF-8",
                "文件像是 GB18030（GBK）：另存为 UTF-8",
            )
        except UnicodeDecodeError:
            pass
    byte = f"0x{raw[error.start]:02x}"
    return _finding(
        "E002",
        (
            f"the file is not UTF-8: byte {error.start} is {byte}",
            f"文件不是 UTF-8：第{error.start}字节是 {byte}",
        ),
        Span(source, len(before), len(before) + 1),
        help=help,
    )


def _finding(
    code: str,
    message: Pair,
    span: Span,
    *,
    note: Pair = NO_NOTE,
    help: Pair | None = None,
    instead: str | None = None,
) -> Finding:
    """Return a finding at one place; texts are pairs, English and Chinese.

    ``instead`` mends it there without any judgement.
    """
    edits = () if instead is None else (Edit(span, instead),)
    return fault(code, message, Label(span, *note), help=help, edits=edits)


def iso_day(text: str) -> bool:
    """Say whether a text is a date that was put in quotation marks."""
    if not _ISO_DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
