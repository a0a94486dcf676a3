"""Warnings about cases: none at all (W411), or none on one side of a threshold (W412).

A threshold is a comparison with a figure, a cap, a floor, an edge of marginal
bands, or a cap over items. The engine's recorded derivation of every case says
on which side of each it came out; nothing is computed here.

A comparison with 0 is no threshold: 0 is no figure of a text, but the guard of
a division or of an amount.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.cases import run_of_case
from incentives.authoring.expressions import is_fixed, versions_of
from incentives.authoring.written import Written, warning
from incentives.diagnostics import NO_NOTE, ProfileError
from incentives.engine.compile import item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import LIST
from incentives.engine.focus import plan_for
from incentives.engine.outcome import Outcome, Status
from incentives.language import core
from incentives.language.core import CompareOp, Role
from incentives.language.names import DECIDED
from incentives.language.strict import operands
from incentives.language.walk import children
from incentives.values.unknown import Unknown, bounds, missing_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from incentives.authoring.loaded import Loaded
    from incentives.diagnostics import Finding, Span
    from incentives.engine.assess import Run
    from incentives.engine.environment import Environment
    from incentives.language.core import Expr
    from incentives.rulebook.model import Incentive, Version

Key = tuple[Any, ...]
_ORDER: Final = {CompareOp.LT, CompareOp.LE, CompareOp.GT, CompareOp.GE}
_CLAMPS: Final = {Role.CAP, Role.FLOOR}
_BOTH: Final = frozenset({"below", "above"})


def untested(rulebook: Loaded, files: Sequence[Written]) -> Iterator[Finding]:
    """Yield a warning for each incentive without cases, each threshold without both sides."""
    sides: dict[Key, set[str]] = {}
    for incentive in rulebook.rules.incentives.values():
        if not incentive.cases:
            yield warning(
                "W411",
                (f"{incentive.id} has no case", f"{incentive.id} 没有算例"),
                (incentive.versions[0].span, NO_NOTE),
                help=(
                    "add [[incentive.case]]: facts, a date, and what must come out",
                    "加 [[incentive.case]]：事实、日期和应得的结论",
                ),
            )
        plan = plan_for(rulebook.rules, incentive.id)
        for case in incentive.cases:
            try:
                done = run_of_case(plan, case)
            except ProfileError:
                continue
            _note(done, incentive, sides)
    yield from _missing(rulebook, {file.document: file for file in files}, sides)


def _missing(
    rulebook: Loaded, files: Mapping[str | None, Written], sides: Mapping[Key, set[str]]
) -> Iterator[Finding]:
    reported: set[Key] = set()
    for incentive in rulebook.rules.incentives.values():
        if not incentive.cases:
            continue
        for version in versions_of(incentive):
            for key, span in _sites(incentive, version, files):
                lacking = _BOTH - sides.get(key, set())
                if lacking and key not in reported:
                    reported.add(key)
                    yield warning(
                        "W412",
                        (
                            (
                                f"no case of {incentive.id} is {' or '.join(sorted(lacking))} "
                                "this threshold"
                            ),
                            f"{incentive.id} 没有算例落在这个门槛的{_sides_zh(lacking)}",
                        ),
                        (span or version.span, NO_NOTE),
                        help=(
                            "add a case on each side, best a fen or a day from it",
                            "两侧各加一个算例，最好只差一分钱或一天",
                        ),
                    )


def _sides_zh(sides: set[str] | frozenset[str]) -> str:
    return "、".join({"above": "上侧", "below": "下侧"}[side] for side in sorted(sides))


# ── where thresholds are ─────────────────────────────────────────────────────


def _sites(
    incentive: Incentive, version: Version, files: Mapping[str | None, Written]
) -> Iterator[tuple[Key, Span | None]]:
    document = incentive.document.id
    roots = [condition.test for condition in version.conditions]
    if version.amount is not None:
        roots.append(version.amount)
    seen: set[tuple[int, str]] = set()
    for root in roots:
        for key, node in thresholds_in(root, document, "", seen):
            yield key, node.span or _spot(files.get(document), key)
    if version.totals:
        yield _total_key(incentive), version.span


def thresholds_in(
    node: Expr, document: str, above: str, seen: set[tuple[int, str]]
) -> Iterator[tuple[Key, Expr]]:
    """Yield the thresholds of an expression, each with what tells it from others.

    ``above`` is the path of what stands around it; ``seen`` what to pass over.
    """
    if (id(node), above) in seen:
        return
    seen.add((id(node), above))
    here = node.origin.path if node.origin is not None and node.origin.path else above
    if _is_threshold(node, above):
        yield _key(node, document, here), node
    for child in children(node):
        yield from thresholds_in(child, document, here, seen)


def _is_threshold(node: Expr, above: str) -> bool:
    match node:
        case core.Compare(op, left, right):
            zero = any(isinstance(end, core.Const) and end.value == 0 for end in (left, right))
            return op in _ORDER and not zero and is_fixed(left) is not is_fixed(right)
        case core.Min((_, _)) | core.Max((_, _)):
            is_clamp = node.origin is not None and node.origin.role in _CLAMPS
            return is_clamp or (isinstance(node, core.Min) and _is_band(above))
        case _:
            return False


def _is_band(path: str) -> bool:
    parts = path.split(".")
    return parts[-2:-1] == ["steps"] and "bands" in parts


def _key(node: Expr, document: str, path: str) -> Key:
    if isinstance(node, core.Compare) and node.span is not None:
        return (node.span.source.path, node.span.start, node.span.end)
    return (document, path, type(node).__name__)


def _spot(file: Written | None, key: Key) -> Span | None:
    """Return where the path of an origin stands in its file."""
    if file is None or len(key) != 3 or not isinstance(key[1], str):
        return None
    parts = (int(part) if part.isdecimal() else part for part in key[1].split("."))
    return file.locator.span(tuple(parts))


def _total_key(incentive: Incentive) -> Key:
    return (incentive.id, "total")


# ── on which side a case came out ────────────────────────────────────────────


def _note(done: Run, incentive: Incentive, sides: dict[Key, set[str]]) -> None:
    """Keep the side of each threshold that a case came out on."""
    outcome, env = done.outcomes[incentive.id], dict(done.env)
    if incentive.each is None:
        version = outcome.version
        if version is not None:
            _walk(version, outcome.status, env, incentive, sides)
            if version.totals and version.amount is not None:
                _total(incentive, outcome, [derive(version.amount, env).value], sides)
        return
    for item in outcome.items:
        if item.version is not None:
            record = env[LIST + incentive.each][item.index]
            item_scope(env, incentive.each, item.index, record)
            _walk(item.version, item.status, env, incentive, sides)
    if outcome.items:
        _total(incentive, outcome, [item.award for item in outcome.items], sides)


def _total(
    incentive: Incentive, outcome: Outcome, before: Sequence[Any], sides: dict[Key, set[str]]
) -> None:
    """Keep whether the caps over items took something from what the items came to."""
    ends = [bounds(value)[1] for value in before]
    most = bounds(outcome.value)[1]  # of a ceiling, what it can come to
    open_facts = missing_in(outcome.value).union(*map(missing_in, before)) - {DECIDED}
    if outcome.status is Status.ELIGIBLE and not open_facts and None not in (most, *ends):
        sides.setdefault(_total_key(incentive), set()).add("above" if most < sum(ends) else "below")


def _walk(
    version: Version,
    status: Status,
    env: Environment,
    incentive: Incentive,
    sides: dict[Key, set[str]],
) -> None:
    if status is Status.NOT_APPLICABLE:
        return
    roots = [condition.test for condition in version.conditions]
    if version.amount is not None and status is not Status.INELIGIBLE:
        roots.append(version.amount)
    for root in roots:
        for key, side in _sides(derive(root, env), incentive.document.id, "", env):
            sides.setdefault(key, set()).add(side)


def _sides(
    step: Step, document: str, above: str, env: Environment | None
) -> Iterator[tuple[Key, str]]:
    """Yield each threshold of a derivation with its side; ``env`` is what it was made in."""
    node = step.node
    here = node.origin.path if node.origin is not None and node.origin.path else above
    if _is_threshold(node, above):
        side = _side(step)
        if side is not None:
            yield _key(node, document, here), side
    inner = None if isinstance(node, core.Over) else env
    for part in step.of:
        yield from _sides(part, document, here, inner)
    if isinstance(node, core.Over) and env is not None:
        for inside, part in _passed_over(node, env):
            yield from _sides(part, document, here, inside)


def _passed_over(node: core.Over, env: Environment) -> Iterator[tuple[Environment, Step]]:
    """Yield how each item fared at ``where``: a derivation drops those that were left out."""
    if node.where is None or isinstance(node.source, core.Years):
        return
    for record in env[LIST + node.source.entity] or ():
        inside = {**env, node.name: record}
        yield inside, derive(node.where, inside)


def _side(step: Step) -> str | None:
    """Return the side of one threshold; ``None`` while it is open."""
    node = step.node
    if isinstance(node, core.Compare):
        if not isinstance(step.value, bool):
            return None
        rising = node.op in {CompareOp.GT, CompareOp.GE}
        return "above" if step.value is (rising is not is_fixed(node.left)) else "below"
    if not isinstance(node, core.Min | core.Max):
        return None
    values = [part.value for part in step.of]
    same = [part.node for part in step.of] == list(operands(node))
    if not same or any(isinstance(value, Unknown) for value in values):
        return None
    return "below" if values[0] < values[1] else "above"
