"""Warnings about figures and dates that are probably slips.

Gaps between versions (W401), rates that look like rounded fractions (W413),
roundings that are said to be stated but cite no clause (W415).
"""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.written import Path, Written, tables, warning
from incentives.rulebook.file_parts import CaseModel, RoundingModel, Texts
from incentives.values.quantity import QuantityError, QuantityKind, format_ratio, read_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from incentives.diagnostics import Finding, Pair
    from incentives.rulebook.file_schema import Model
    from incentives.rulebook.model import Rules

REPEATING: Final = 6
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,17}\.([0-9]{1,17})[%‰]?")


def gaps(rules: Rules) -> Iterator[Finding]:
    """Yield a warning for each gap between two versions of an incentive."""
    for incentive in rules.incentives.values():
        for before, after in pairwise(incentive.versions):
            if before.period.until is None or after.period.since is None:
                continue
            first = before.period.until + timedelta(days=1)
            if first < after.period.since:
                last = after.period.since - timedelta(days=1)
                yield warning(
                    "W401",
                    (
                        f"no version of {incentive.id} holds from {first} to {last}",
                        f"{incentive.id} 在 {first} 至 {last} 没有有效的版本",
                    ),
                    (before.span, _both("ends on", before.period.until, "止")),
                    (after.span, _both("begins on", after.period.since, "起")),
                    help=(
                        "if the text leaves this gap, say so in a note; `until` is inclusive",
                        "原文确有空档的，写一条说明；until 含当日",
                    ),
                )


def _both(words: str, day: date, end: str) -> Pair:
    return f"{words} {day}", f"{day} {end}"


def unclaused_roundings(files: Sequence[Written]) -> Iterator[Finding]:
    """Yield a warning for each rounding that the text is said to state, without its clause."""
    for file in files:
        for path, table in tables(file.model):
            if isinstance(table, RoundingModel) and table.basis == "stated" and not table.clause:
                yield warning(
                    "W415",
                    (
                        "the rounding is stated, but not where",
                        "尾数处理写明出自原文，却没有写哪一条",
                    ),
                    (file.locator.span(path), ("no clause", "缺 clause")),
                    help=(
                        'add clause = "…", or write basis = "assumed"',
                        '加 clause = "…"，或写 basis = "assumed"',
                    ),
                )


def rounded_rates(files: Sequence[Written]) -> Iterator[Finding]:
    """Yield a warning for each ratio written as a rounded repeating decimal."""
    for file in files:
        for path, table in tables(file.model):
            if "case" in path or isinstance(table, Texts | CaseModel):
                continue
            for where, text in _texts(table, path):
                fraction = rounded_fraction(text)
                if fraction is not None:
                    shown = format_ratio(fraction)
                    exact = f"{fraction.numerator}/{fraction.denominator}"
                    yield warning(
                        "W413",
                        (f"{text} looks like a rounded fraction", f"{text} 像是四舍五入过的分数"),
                        (file.locator.span(where), (f"is this {shown}?", f"是不是 {shown}？")),
                        help=(
                            f'write "{exact}": a rounded rate gives the wrong fen',
                            f'写成 "{exact}"：四舍五入过的比例会差几分钱',
                        ),
                    )


def _texts(table: Model, path: Path) -> Iterator[tuple[Path, str]]:
    for name in sorted(table.model_fields_set):
        value: Any = getattr(table, name)
        for index, part in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(part, str):
                yield ((*path, name, index) if isinstance(value, tuple) else (*path, name)), part


def rounded_fraction(text: str) -> Fraction | None:
    """Return the fraction that a decimal such as ``0.054054`` was probably rounded from.

    The digits after the point, the last of which may be rounded up, repeat a
    pattern for at least six digits; zeros and nines are no pattern.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    try:
        quantity = read_quantity(text)
    except QuantityError:
        return None
    if quantity is None or quantity.kind is not QuantityKind.RATIO:
        return None
    digits = match[1]
    for lead in range(len(digits) - REPEATING + 1):
        found = _period(digits[lead:])
        if found is not None:
            return _exact(text, digits, lead, found)
    return None


def _period(digits: str) -> int | None:
    """Return the length of the pattern that all of ``digits`` repeat, the last perhaps rounded."""
    for size in range(1, len(digits) // 2 + 1):
        pattern = digits[:size]
        if set(pattern) in ({"0"}, {"9"}):
            continue
        endless = (pattern * len(digits))[: len(digits)]
        following = (pattern * 2)[len(digits) % size]
        rounded = str(int(endless) + 1).zfill(len(digits)) if following >= "5" else endless
        if len(digits) >= REPEATING and digits in {endless, rounded}:
            return size
    return None


def _exact(text: str, digits: str, lead: int, size: int) -> Fraction:
    """Return the value of a decimal whose pattern goes on for ever."""
    whole, _, tail = text.partition(".")
    unit = {"%": 100, "‰": 1000}.get(tail[-1], 1)
    nines: int = 10**size - 1
    repeating = Fraction(int(digits[lead : lead + size]), nines)
    after = (Fraction(int(digits[:lead] or "0")) + repeating) / 10**lead
    sign = -1 if whole.startswith("-") else 1
    value: Fraction = sign * (abs(int(whole)) + after) / unit
    return value
