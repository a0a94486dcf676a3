"""The facts of a profile inside a receipt: as they were written, and as they were read.

*Written* keeps the original text (``"５００万元"`` stays ``"５００万元"``), so that an
auditor sees what the applicant stated; *read* is what the engine took it for.
Facts that the vocabulary does not know leave their name and nothing else: they
had no effect but a warning.

The law kept here: a profile made from what is written reads as the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.canonical import SAFE
from incentives.audit.steps import value_data
from incentives.rulebook.facts import quoted

if TYPE_CHECKING:
    from incentives.rulebook.model import Vocabulary
    from incentives.rulebook.profile import Profile

Data = dict[str, Any]

_LONG: Final = "#"
"""The key of a whole number too long for JSON: ``{"#": "123456789012345678"}``."""


def written(profile: Profile) -> Data:
    """Return the facts as they were stated, as JSON data."""
    entities = profile.vocabulary.entities
    out: Data = {}
    for name, raw in profile.data.items():
        entity = entities.get(name)
        if entity is None:
            out[_key(name)] = None
        elif raw is None:
            continue
        elif entity.many:
            out[name] = [_record(item, name, profile.vocabulary) for item in raw]
        else:
            out[name] = _record(raw, name, profile.vocabulary)
    return out


def _record(raw: Mapping[str, Any], entity: str, vocabulary: Vocabulary) -> Data:
    specs = vocabulary.specs[entity]
    return {
        _key(name): _plain(value) if name in specs else None
        for name, value in raw.items()
        if value is not None or name not in specs
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE:
        return {_LONG: str(value)}
    return value


def _key(name: Any) -> str:
    text = name if isinstance(name, str) else quoted(name)
    return text.encode("utf-8", "backslashreplace").decode()


def facts_of(data: Any) -> Any:
    """Return what ``written`` gave as the facts a profile is made of."""
    if isinstance(data, Mapping):
        if set(data) == {_LONG} and isinstance(data[_LONG], str) and data[_LONG].isdecimal():
            return int(data[_LONG])
        return {key: facts_of(value) for key, value in data.items()}
    return [facts_of(part) for part in data] if isinstance(data, list) else data


def read(profile: Profile) -> list[Data]:
    """Return every stated fact with the value it was read as, by path."""
    out = []
    for record in profile.all_records():
        for key, value in record.items():
            spec = record.specs[key[0] if isinstance(key, tuple) else key]
            out.append({"fact": record.path_of(key), "value": value_data(value, spec.type)})
    return sorted(out, key=lambda one: str(one["fact"]))
