"""The second clock: a rulebook as it was known on a day.

What was published later is as if it were not there: documents, versions with
their readings, groups, splits, funds and targets, and the ends of periods that
were announced later (``until_published``). What refers to an incentive that was
not known gets nothing of it: ``award`` is zero and ``granted`` is false, as of
one that nobody is eligible for.

The laws kept here: on a day by which everything was published the rulebook is
the same object; what is known never shrinks as the day moves on, ends apart;
and no end that the text itself states is ever put off, so that nobody becomes
eligible by a guess.

The trap: rules without ``published`` count as known since they took effect, and
those without a beginning as known at all times. That is an assumption, and the
assessment says so.
"""

from __future__ import annotations

import operator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from incentives.language import core
from incentives.language.core import Text
from incentives.language.walk import mentions, walk
from incentives.rulebook.model import Condition, Document, LegalStatus, Override, Period
from incentives.values.types import BOOL, MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.language.core import Expr
    from incentives.rulebook.model import Group, Incentive, Rules, Version


def publication(document: Document, version: Version | None = None) -> date | None:
    """Return since when a document, or a version in it, is known; ``None``: at all times."""
    if version is None:
        return document.published or document.effective.since
    return version.published or version.period.since


def publications(rules: Rules) -> list[date]:
    """Return every day on which something became known, in order."""
    found: set[date | None] = set()
    for document in rules.documents.values():
        found |= {publication(document), document.effective.until_published}
    for incentive in rules.incentives.values():
        for version in incentive.versions:
            found |= {publication(incentive.document, version), version.period.until_published}
    return sorted(day for day in found if day is not None)


def rules_known_on(rules: Rules, day: date) -> Rules:
    """Return the rules as they were known on ``day``."""
    return _Known(rules, day).rules()


class _Known:
    """One day's knowledge of a rulebook."""

    def __init__(self, rules: Rules, day: date) -> None:
        self.all = rules
        self.day = day
        self.documents = {
            name: self.document(each)
            for name, each in rules.documents.items()
            if self.knows(publication(each))
        }
        found = {name: self.versions(each) for name, each in rules.incentives.items()}
        self.kept = {name: versions for name, versions in found.items() if versions}
        self.gone = frozenset(rules.incentives.keys() - self.kept.keys())

    def knows(self, published: date | None) -> bool:
        """Say whether something was known; ``None`` is known at all times."""
        return published is None or published <= self.day

    def rules(self) -> Rules:
        """Return what is left, in the same order."""
        here = self.here
        splits = [here(each) for each in self.all.splits if self.holds(each.document)]
        return replace(
            self.all,
            documents=self.documents,
            incentives={name: self.incentive(self.all.incentives[name]) for name in self.kept},
            groups=tuple(self.groups()),
            splits=tuple(replace(one, of=self.among(one.of)) for one in splits),
            funds=tuple(here(each) for each in self.all.funds if self.holds(each.document)),
            targets=tuple(here(each) for each in self.all.targets if self.holds(each.document)),
        )

    def holds(self, document: Document | None) -> bool:
        """Say whether a document was known; what has none always was."""
        return document is None or document.id in self.documents

    def among(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the incentives that were known."""
        return tuple(name for name in names if name in self.kept)

    # ── documents and versions ───────────────────────────────────────────────

    def document(self, document: Document) -> Document:
        """Return a document without an end, or a repeal, that was announced later."""
        effective = document.effective
        if self.knows(effective.until_published):
            return document
        status = document.legal_status
        if status is LegalStatus.REPEALED:
            status = LegalStatus.IN_FORCE
        return replace(document, effective=Period(effective.since), legal_status=status)

    def versions(self, incentive: Incentive) -> tuple[Version, ...]:
        """Return the versions of an incentive that were known."""
        if incentive.document.id not in self.documents:
            return ()
        return self.among_versions(incentive, incentive.versions)

    def among_versions(
        self, incentive: Incentive, versions: tuple[Version, ...]
    ) -> tuple[Version, ...]:
        """Return the known ones, each with the end that was known, none over the next."""
        kept = [one for one in versions if self.knows(publication(incentive.document, one))]
        otherwise = self.documents[incentive.document.id].effective
        found = []
        for one, after in zip_longest(kept, kept[1:]):
            period = one.period
            if not self.knows(period.until_published):
                period = Period(period.since, otherwise.until, otherwise.until_published)
                start = None if after is None else after.period.since
                if start is not None and (period.until is None or period.until >= start):
                    period = Period(period.since, start - timedelta(days=1))
            found.append(one if period is one.period else replace(one, period=period))
        return tuple(found)

    def incentive(self, incentive: Incentive) -> Incentive:
        """Return an incentive of known versions, that refers to known incentives only."""
        entries = {version.span for version in self.kept[incentive.id]}
        readings = tuple(
            replace(reading, versions=self.among_versions(incentive, reading.versions))
            for reading in incentive.readings
            if reading.entry in entries
        )
        kept: Incentive = self.here(
            replace(incentive, versions=self.kept[incentive.id], readings=readings)
        )
        return replace(kept, depends_on=incentive.depends_on - self.gone)

    # ── what refers to what ──────────────────────────────────────────────────

    def groups(self) -> Iterator[Group]:
        """Yield the known groups that have known members."""
        alive = {each.id: each for each in self.all.groups if self.holds(each.document)}
        emptied = True
        while emptied:
            emptied = False
            for name, group in tuple(alive.items()):
                members = tuple(m for m in group.members if m in self.kept or m in alive)
                alive[name] = replace(group, members=members)
                if not members:
                    del alive[name]
                    emptied = True
        yield from (self.here(group) for group in alive.values())

    def here(self, entry: Any) -> Any:
        """Return an entry under its document as it was known, without unknown references."""
        document = entry.document
        known = None if document is None else self.documents[document.id]
        if known is not document:
            entry = replace(entry, document=known)
        return self.rewritten(entry, getattr(entry, "each", None)) if self.gone else entry

    def rewritten(self, value: Any, each: str | None) -> Any:
        """Return a value without what refers to unknown incentives; the same if nothing does."""
        match value:
            case core.AwardOf(incentive=name) if name in self.gone:
                return core.Const(0, MONEY, span=value.span, origin=value.origin)
            case core.GrantedOf(incentive=name) if name in self.gone:
                return core.Const(False, BOOL, span=value.span, origin=value.origin)
            case tuple():
                parts = tuple(self.rewritten(one, each) for one in value if self.stays(one))
                same = len(parts) == len(value) and all(map(operator.is_, parts, value))
                return value if same else parts
            case Document() | Text() | Period():
                return value
            case _ if not is_dataclass(value) or isinstance(value, type):
                return value
        changed = {
            one.name: new
            for one in fields(value)
            if one.init
            and (new := self.rewritten(old := getattr(value, one.name), each)) is not old
        }
        if changed and isinstance(value, Condition):
            changed["per_item"] = self.per_item(changed.get("test", value.test), each)
        return replace(value, **changed) if changed else value

    def stays(self, value: Any) -> bool:
        """Say whether an entry of a list stays: an override of what was known, and all else."""
        return not isinstance(value, Override) or value.incentive in self.kept

    def per_item(self, test: Expr, each: str | None) -> bool:
        """Say whether a condition is about an item, or asks a sibling about one."""
        asked = {
            node.incentive for node in walk(test) if isinstance(node, core.AwardOf | core.GrantedOf)
        }
        siblings = {name for name in asked if self.all.incentives[name].each == each}
        return each is not None and (mentions(test, each) or bool(siblings))
