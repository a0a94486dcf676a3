"""Warnings about tests that decide nothing: conditions that never hold or never fail.

W402 and W403. A test is reported when the engine settles it for the profile
that says nothing. The smallest part that is settled is pointed at, so that one
dead part of an ``or`` is found too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.authoring.expressions import unique, versions_of
from incentives.authoring.written import warning
from incentives.language import core

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.blank import Blank
    from incentives.authoring.loaded import Loaded
    from incentives.diagnostics import Finding, Pair, Span
    from incentives.language.core import Expr
    from incentives.rulebook.model import Condition, Version


def settled_conditions(rulebook: Loaded, blank: Blank) -> Iterator[Finding]:
    """Yield a warning for each condition, part of one, or table row that decides nothing."""
    for incentive in rulebook.rules.incentives.values():
        for version in versions_of(incentive):
            for condition in version.conditions:
                if condition.span is not None:
                    yield from _condition(
                        blank, version, condition, (f"`{condition.id}`", f"条件“{condition.id}”")
                    )
            for test in _row_tests(version):
                yield from _test(
                    blank, version, test, ("this row's test", "这一行的条件"), test.span
                )


def _condition(
    blank: Blank, version: Version, condition: Condition, name: Pair
) -> Iterator[Finding]:
    span = condition.span
    if condition.parts:
        yield from _settled(blank, version, condition.test, name, span)
        for part in condition.parts:
            yield from _condition(blank, version, part, _part(name))
    else:
        yield from _test(blank, version, condition.test, name, span)


def _test(
    blank: Blank, version: Version, test: Expr, name: Pair, span: Span | None
) -> Iterator[Finding]:
    """Yield what is settled: the smallest parts of a test that are, else the whole."""
    parts: tuple[Expr, ...] = ()
    match test:
        case core.All(of) | core.Any(of):
            parts = of
        case core.Not(of):
            parts = (of,)
    below = [
        finding
        for part in parts
        for finding in _test(blank, version, part, _part(name), part.span or span)
    ]
    yield from below or _settled(blank, version, test, name, test.span or span)


def _part(name: Pair) -> Pair:
    return f"a part of {name[0]}", f"{name[1]}的一部分"


def _settled(
    blank: Blank, version: Version, test: Expr, name: Pair, span: Span | None
) -> Iterator[Finding]:
    values = blank.values(test, version)
    if all(value is False for value in values):
        yield warning(
            "W402",
            (f"{name[0]} can never hold, whatever the facts", f"{name[1]}永远不成立"),
            (span, ("always false", "永远为否")),
            help=(
                "compare with the fact's `min`, `max` and `choices` in the vocabulary",
                "与词汇表中的 min、max、choices 对照",
            ),
        )
    elif all(value is True for value in values):
        yield warning(
            "W403",
            (f"{name[0]} can never fail, whatever the facts", f"{name[1]}永远成立"),
            (span, ("always true", "永远为是")),
            help=(
                "leave it out, or compare with the fact's `min`, `max` and `choices`",
                "删去，或与词汇表中的 min、max、choices 对照",
            ),
        )


def _row_tests(version: Version) -> Iterator[Expr]:
    for node in () if version.amount is None else unique(version.amount):
        if isinstance(node, core.Pick):
            yield from (test for test, _ in node.rows)
        elif isinstance(node, core.If) and node.origin and node.origin.role is core.Role.TABLE:
            yield node.test
