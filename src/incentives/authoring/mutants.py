"""Every mutant of a rulebook: the same rules with one written thing changed.

A mutant has an id that stays the same while what it changes stays the same:
where, what stood there, what stands there now. ``[[incentive.accept]]`` names
mutants by it. One written place is one site, however often it is used: the
mutant changes every incentive that uses it, and the case that notices may be
any one's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.expressions import versions_of
from incentives.authoring.mutant import Apply, Draft, Make, Mutant, members_of
from incentives.authoring.rewrite import rewritten, site_of, with_versions
from incentives.authoring.slips import slips
from incentives.authoring.structure import structural
from incentives.diagnostics import Source, Span
from incentives.language import core
from incentives.language.core import Role
from incentives.language.walk import children
from incentives.rulebook.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incentives.authoring.rewrite import Site
    from incentives.authoring.slips import Slip
    from incentives.language.core import Expr
    from incentives.rulebook.locate import Locator
    from incentives.rulebook.model import Incentive, Rules, Version

_INDEX: Final = re.compile(r"^incentive\.\d+\.(reading\.\d+\.)?")


def mutants(rules: Rules, only: Iterable[str] | None = None) -> tuple[Mutant, ...]:
    """Return the mutants that change one of the incentives ``only`` names, or any.

    The order is that of the incentives by id, then of what is written in each.
    """
    drafts: dict[Any, Draft] = {}
    for name in sorted(rules.incentives):
        incentive = rules.incentives[name]
        span = incentive.versions[0].span
        source = None if span is None else span.source
        for key, place, node, slip in _of_incentive(incentive):
            _note(drafts, key, place, slip, name, _on_nodes(key[0], slip), node, source)
    drafts.update(structural(rules))
    drafts.update(list(_of_limits(rules, drafts)))
    chosen = None if only is None else frozenset(only)
    wanted = [d for d in drafts.values() if chosen is None or not chosen.isdisjoint(d.users)]
    return tuple(_named(sorted(wanted, key=lambda draft: next(iter(draft.users)))))


def _named(drafts: Iterable[Draft]) -> Iterator[Mutant]:
    seen: dict[tuple[str, str], int] = {}
    for draft in drafts:
        slip, users = draft.slip, tuple(draft.users)
        change = f"drop {slip.before}" if slip.after is None else f"{slip.before} -> {slip.after}"
        name = f"{draft.place}{slip.key}: {change}"
        owner = users[0] if len(users) == 1 else ""
        count = seen[owner, name] = seen.get((owner, name), 0) + 1
        changed = None if draft.node is None else slip.change(draft.node)
        yield Mutant(
            name if count == 1 else f"{name} #{count}",
            draft.place,
            slip.before,
            slip.after,
            slip.span or draft.span,
            users,
            draft.make(users),
            draft.node,
            changed,
        )


def _note(
    drafts: dict[Any, Draft],
    key: Any,
    place: str,
    slip: Slip,
    user: str,
    make: Make,
    node: Expr,
    source: Source | None,
) -> None:
    found = drafts.get(key)
    if found is None:
        span = node.written if isinstance(node, core.Param) else node.span
        if span is None and node.origin is not None and source is not None:
            span = _place(source, node.origin.path)
        drafts[key] = Draft(place, slip, span, {user: None}, make, node)
    else:
        found.users.setdefault(user, None)


def _place(source: Source, path: str) -> Span:
    """Return where the path of an origin stands in its file, found when somebody looks."""
    keys = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
    return Span(source, find=lambda: _locator(source).span(keys).ends)


@lru_cache(maxsize=64)
def _locator(source: Source) -> Locator:
    return read_toml(source)[1]


# ── expressions ──────────────────────────────────────────────────────────────


def _of_incentive(incentive: Incentive) -> Iterator[tuple[Any, str, Expr, Slip]]:
    """Yield each slip that can be made in the expressions of an incentive, with its key."""
    seen: set[int] = set()
    document, name = incentive.document.id, incentive.id.partition("/")[2]
    for version, reading in _versions(incentive):
        prefix = f"reading.{reading}." if reading else ""
        for root, at in _roots(version):
            for node, place in _placed(root, prefix + at, prefix, name, seen):
                site = site_of(node, document)
                if site is None:
                    continue
                for number, slip in enumerate(slips(node)):
                    yield (site, number, slip.before, slip.after), place, node, slip


def _versions(incentive: Incentive) -> Iterator[tuple[Version, str | None]]:
    """Yield each version, with the reading that makes it where it is none of the entry's own."""
    own = {id(version) for version in incentive.versions}
    of = {id(v): reading.id for reading in incentive.readings for v in reading.versions}
    for version in versions_of(incentive):
        yield version, None if id(version) in own else of[id(version)]


def _roots(version: Version) -> Iterator[tuple[Expr, str]]:
    """Yield the expressions of a version and where they stand in the entry."""
    for condition in version.conditions:
        yield condition.test, f"condition.{condition.id}"
    if version.amount is not None:
        yield version.amount, "amount"
    if version.dated_by is not None:
        yield version.dated_by, "dated_by"
    if version.distinct is not None:
        yield version.distinct, "distinct"
    for total in version.totals:
        yield total.cap, "total.cap"
        if total.by is not None:
            yield total.by, "total.by"
    for number, part in enumerate(version.instalments, start=1):
        for key in ("share", "amount", "since", "until", "when"):
            if (expr := getattr(part, key)) is not None:
                yield expr, f"instalment[{number}].{key}"
    for override in version.overrides:
        if override.when is not None:
            yield override.when, f"overrides.{override.incentive}.when"


def _placed(
    node: Expr, place: str, prefix: str, owner: str, seen: set[int]
) -> Iterator[tuple[Expr, str]]:
    """Yield the nodes below one, each once, with the keys they stand at."""
    if id(node) in seen:
        return
    seen.add(id(node))
    origin = node.origin
    if origin is not None and origin.role is Role.DEFINITION:
        place = origin.path
    elif origin is not None and origin.path.startswith("incentive."):
        place = prefix + _INDEX.sub("", origin.path)
    if isinstance(node, core.Param):
        yield node, _of_parameter(node.path, prefix, owner)
    else:
        yield node, place
    for child in children(node):
        yield from _placed(child, place, prefix, owner, seen)


def _of_parameter(path: str, prefix: str, owner: str) -> str:
    """Return where a parameter stands, seen from the entry that uses it."""
    name = path.rpartition(".parameters.")[2]
    if path.startswith("definition."):
        return path
    if path.startswith(f"{owner}.parameters."):
        return f"parameters.{name}"
    if path.startswith(f"{owner}."):
        return f"{prefix}parameters.{name}"
    return f"file.parameters.{path.removeprefix('parameters.')}"


def _on_nodes(site: Site, slip: Slip) -> Make:
    """Return what makes the change of a slip wherever its site is used."""

    def make(users: tuple[str, ...]) -> Apply:
        def apply(rules: Rules) -> Rules:
            changed = dict(rules.incentives)
            for name in users:
                changed[name] = _with_slip(changed[name], site, slip)
            return replace(rules, incentives=changed)

        return apply

    return make


def _with_slip(incentive: Incentive, site: Site, slip: Slip) -> Incentive:
    done: dict[int, Any] = {}
    kind, document = site[0], incentive.document.id

    def change(node: Any) -> Any:
        if type(node).__name__ != kind or site_of(node, document) != site:
            return node
        return slip.change(node)

    return with_versions(incentive, lambda version: rewritten(version, change, done))


# ── the limits of groups ────────────────────────────────────────────────────────


def _of_limits(rules: Rules, drafts: dict[Any, Draft]) -> Iterator[tuple[Any, Draft]]:
    """Yield the slips in the limits of groups."""
    for group in rules.groups:
        if group.limit is None:
            continue
        users = dict.fromkeys(members_of(rules, group.id))
        document = group.id.partition("/")[0]
        short = group.id.partition("/")[2]
        for node, place in _placed(group.limit, f"group.{short}.limit", "", "", set()):
            site = site_of(node, document)
            for number, slip in enumerate(slips(node) if site is not None else ()):
                key = (site, number, slip.before, slip.after)
                if site is not None and key not in drafts and users:
                    make = _on_group(group.id, site, slip, document)
                    span = node.written if isinstance(node, core.Param) else node.span
                    yield key, Draft(place, slip, span, users, make, node)


def _on_group(name: str, site: Site, slip: Slip, document: str) -> Make:
    def change(node: Any) -> Any:
        return slip.change(node) if site_of(node, document) == site else node

    def apply(rules: Rules) -> Rules:
        groups = tuple(
            rewritten(group, change) if group.id == name else group for group in rules.groups
        )
        return replace(rules, groups=groups)

    return lambda users: apply  # noqa: ARG005 - a group has its own members
