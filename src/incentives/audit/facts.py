"""The facts that decisions about one firm read, in words, each with where it was taken from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.audit.answers import expressions_of
from incentives.language import core
from incentives.language.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incentives.audit.answers import Assessor
    from incentives.audit.firms import Firm
    from incentives.rulebook.profile import Record


def stated(firm: Firm, incentives: Iterable[str], assessor: Assessor) -> Iterator[tuple[str, ...]]:
    """Yield (fact, value, place) of every stated fact that these incentives can read.

    Raises:
        ProfileError: the firm's facts have faults.
    """
    wanted = {
        (node.entity, node.name)
        for incentive in incentives
        for version in assessor.rules.incentives[incentive].versions
        for expression in expressions_of(version)
        for node in walk(expression)
        if isinstance(node, core.Fact)
    }
    profile = firm.profile(assessor.rules.vocabulary)
    for entity, record in profile.records.items():
        yield from _of(record, (entity,), entity, wanted, firm, assessor)
    for entity, items in profile.lists.items():
        for index, record in enumerate(items or ()):
            yield from _of(record, (entity, index), entity, wanted, firm, assessor)


def _of(
    record: Record,
    keys: tuple[str | int, ...],
    entity: str,
    wanted: set[tuple[str, str]],
    firm: Firm,
    assessor: Assessor,
) -> Iterator[tuple[str, ...]]:
    for key, value in record.items():
        name, year = key if isinstance(key, tuple) else (key, None)
        if (entity, name) not in wanted:
            continue
        spec = record.specs[name]
        place = firm.place_of((*keys, name, *(() if year is None else (str(year),))))
        label = assessor.names.path(record.path_of(key)).zh
        yield label, _shown(value, spec, assessor), place


def _shown(value: Any, spec: Any, assessor: Assessor) -> str:
    return assessor.names.value(value, spec.type, spec).zh
