"""When an entry holds: the days it states, those of its document, and that the two agree.

The law kept here: an end that an entry leaves open is its document's, and an end
that it states lies inside its document's. Nobody can tell from two dates that
contradict each other which one is the slip, so the load asks whoever wrote them
instead of taking the longer or the shorter one.

The trap: a period has two open ends. A document without a beginning says nothing
about when it began, so that an entry may begin on any day before its end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import Label, fault
from incentives.rulebook.model import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.rulebook.files import IncentiveModel
    from incentives.rulebook.lowering import Lowering, Path
    from incentives.rulebook.model import Document, Version


def period_of(effective: Any) -> Period:
    """Return the period that a file states."""
    return Period(effective.from_, effective.until, effective.until_published)


def merged(effective: Any, document: Period) -> Period:
    """Return an incentive's period; ends it leaves open are the document's."""
    if effective is None:
        return document
    own = period_of(effective)
    if own.until is None:
        own = replace(own, until=document.until, until_published=document.until_published)
    return own if own.since is not None else replace(own, since=document.since)


def stays_within(low: Lowering, effective: Any, path: Path, document: Document) -> None:
    """Report the ends that an entry states outside its document's period.

    ``path`` is that of the entry's ``effective``.
    """
    if effective is None:
        return
    own, whole = period_of(effective), document.effective
    for key, day in (("from", own.since), ("until", own.until)):
        if day is None or whole.holds(day):
            continue
        early = whole.since is not None and day < whole.since
        bound, limit = ("from", whole.since) if early else ("until", whole.until)
        said = (
            (
                f"`{key}` is {day}, before the document begins on {limit}",
                f"“{key}”为{day}，而本文件{limit}才开始执行",
            )
            if early
            else (
                f"`{key}` is {day}, after the document ends on {limit}",
                f"“{key}”为{day}，而本文件{limit}就已到期",
            )
        )
        low.findings.append(
            fault(
                "E276",
                said,
                Label(low.span((*path, key)), "the incentive's", "事项写的"),
                Label(low.span(("document", "effective", bound)), "the document's", "文件写的"),
                help=(
                    (
                        "look in the text which day is right: leave the incentive's out if it "
                        "is the document's, or mend the document's"
                    ),
                    "请对照原文，看哪个日期是对的：与文件一致的，事项不必写；文件写错的，改文件",
                ),
            )
        )


def none_overlap(
    low: Lowering, versions: Sequence[Version], entries: Sequence[tuple[IncentiveModel, Path]]
) -> None:
    """Report versions of one incentive that hold on the same day."""
    for at, version in enumerate(versions):
        for other in range(at):
            if version.period.meets(versions[other].period):
                name = entries[at][0].id
                low.findings.append(
                    fault(
                        "E272",
                        (
                            f"two versions of `{name}` hold on the same day",
                            f"“{name}”有两个版本在同一天有效",
                        ),
                        Label(low.span(entries[at][1]), "this version", "这个版本"),
                        Label(low.span(entries[other][1]), "overlaps with this", "与这个重叠"),
                        help=(
                            (
                                "`until` is inclusive: the next version begins the day after; "
                                "another incentive needs another id"
                            ),
                            "“until”当天仍有效，下一版本从次日开始；若是另一事项，请另起 id",
                        ),
                    )
                )
