"""The shape of an entry of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Both:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one code means; ``bad`` and ``good`` are lines of TOML."""

    code: str
    title: Both
    why: Both
    remedy: Both
    bad: str
    good: str


Pair = tuple[str, str]


def entry(code: str, title: Pair, why: Pair, remedy: Pair, bad: str, good: str) -> Entry:
    """Return an entry; each text is (Chinese, English)."""
    return Entry(code, Both(*title), Both(*why), Both(*remedy), bad, good)
