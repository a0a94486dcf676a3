"""The canonical style of rule files: white space only, never a word of the text.

The style:

* lines end with a line feed, and with nothing before it; the file ends with one;
* at most one blank line together, none at the beginning or the end; one before
  a header, unless a comment stands right above it or it is the header of a table
  within the one that has just begun;
* keys of one table that stand directly below one another have their ``=`` in one
  column; ``name`` and ``facts.contract`` are keys of two tables;
* ``{ a = 1, b = 2 }``, ``[1, 2]``, one space after a comma; line breaks inside a
  list stay where the author put them, each level two spaces further in;
* a comment begins with one space after the ``#``, two spaces after what is before it.

The laws kept here (``tests/property/test_layout.py``): a text laid out again is
the same text; it gives the same TOML values, so the rules mean the same; every
token but white space stays, in its order.

Why not a library: ``tomlkit`` keeps the layout of a text and offers none, and takes
seconds over a hostile kilobyte; ``taplo`` is a program apart, aligns the keys of
different tables, and would change three times as many lines of the rules at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from incentives.authoring.tokens import Kind, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INDENT: Final = "  "
_OPENING: Final = frozenset({"[", "{"})
_CLOSING: Final = frozenset({"]", "}"})


@dataclass(slots=True)
class _Line:
    """A statement: a header, a key with its value, a comment, or nothing at all."""

    key: list[Token] = field(default_factory=list)
    value: list[Token] = field(default_factory=list)
    comment: str = ""
    header: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.key or self.comment or self.header)


def layout(text: str) -> str:
    """Return a TOML text in the canonical style. The text must be TOML."""
    lines = _spaced(list(_lines(text)))
    out: list[str] = []
    for group in _groups(lines):
        widths: dict[str, int] = {}
        for line in group:
            key = _key(line)
            widths[_prefix(key)] = max(widths.get(_prefix(key), 0), cell_len(key))
        out += [_written(line, widths[_prefix(_key(line))]) for line in group]
    return "".join(f"{line}\n" for line in out)


# ── lines ────────────────────────────────────────────────────────────────────


def _lines(text: str) -> Iterator[_Line]:
    line, depth, in_value = _Line(), 0, False
    header = False
    for token in tokens(text):
        if token.kind is Kind.NEWLINE and depth == 0:
            yield line
            line, in_value, header = _Line(), False, False
        elif token.kind is Kind.COMMENT and depth == 0:
            line.comment = _comment(token.text)
        elif token.kind is Kind.BLANK:
            continue
        elif header or (not line.key and not in_value and token.text == "["):
            header = True
            line.header += token.text
        elif not in_value and token.kind is Kind.MARK and token.text == "=":
            in_value = True
        elif in_value:
            line.value.append(token)
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        else:
            line.key.append(token)
    if not line.is_blank:
        yield line


def _spaced(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines with the blank ones that the style wants."""
    out: list[_Line] = []
    for line in lines:
        after = out[-1] if out else None
        if line.is_blank and (after is None or after.is_blank):
            continue
        if line.header and after is not None and not _stands_with(after):
            out.append(_Line())
        out.append(line)
    while out and out[-1].is_blank:
        out.pop()
    return out


def _stands_with(before: _Line) -> bool:
    """Say whether a header may follow a line at once."""
    return before.is_blank or bool(before.header) or not before.key


def _groups(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of lines whose keys stand directly below one another."""
    group: list[_Line] = []
    for line in lines:
        if not line.key:
            yield group
            yield [line]
            group = []
        else:
            group.append(line)
    yield group


def _prefix(key: str) -> str:
    """Return what a dotted key has before its last dot: only keys of one table align."""
    return key.rpartition(".")[0]


def _key(line: _Line) -> str:
    return "".join(token.text for token in line.key)


def _written(line: _Line, width: int) -> str:
    if line.header:
        text = line.header
    elif line.key:
        key = _key(line)
        text = f"{key}{' ' * (width - cell_len(key))} = {_value(line.value)}"
    else:
        return line.comment
    return f"{text}  {line.comment}" if line.comment else text


def _comment(text: str) -> str:
    body = text[1:].rstrip()
    plain = not body or body[0] in "#:! " or not body.strip("=-─")
    return f"#{body}" if plain else f"# {body}"


# ── values ───────────────────────────────────────────────────────────────────


def _value(parts: Sequence[Token]) -> str:
    """Return a value with its inner spacing; its line breaks stay."""
    out: list[str] = []
    opened: list[int] = []  # of each open bracket: how far in its line begins
    here, breaks, before = 0, 0, ""
    for token in parts:
        if token.kind is Kind.NEWLINE:
            breaks += 1
            continue
        mark = token.text if token.kind is Kind.MARK else ""
        around = opened.pop() if mark in _CLOSING and opened else None
        if breaks:
            here = around if around is not None else (opened[-1] + 1 if opened else 0)
            out.append("\n" * min(breaks, 2) + INDENT * here)
        else:
            out.append("  " if token.kind is Kind.COMMENT else _gap(before, token))
        out.append(_comment(token.text) if token.kind is Kind.COMMENT else token.text)
        if mark in _OPENING:
            opened.append(here)
        breaks, before = 0, mark or "x"
    return "".join(out)


def _gap(before: str, token: Token) -> str:
    """Return what stands between two tokens of one line."""
    mark = token.text if token.kind is Kind.MARK else ""
    if not before or mark == ",":
        return ""
    if "=" in {before, mark} or before == ",":
        return " "
    if before == "{" or mark == "}":
        return "" if (before, mark) == ("{", "}") else " "
    return ""
