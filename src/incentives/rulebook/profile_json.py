"""A profile written as JSON: read strictly, so that no key is lost to another of its name."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import Finding, ProfileError
from incentives.rulebook.parsers import json_fault

if TYPE_CHECKING:
    from incentives.diagnostics import Source


class _TwiceError(ValueError):
    """A key of a JSON object stands twice."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_json(source: Source) -> dict[str, Any]:
    """Return the facts of a JSON text.

    Raises:
        ProfileError: it is no JSON, no table, or a key stands twice (E300, E301).
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _TwiceError(Counter(name for name, _ in pairs).most_common(1)[0][0])
        return found

    try:
        data = json.loads(source.text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        why = json_fault(error)
        if isinstance(error, _TwiceError):
            why = f"the key {error.key!r} stands twice", f"键“{error.key}”出现了两次"
        finding = Finding(
            code="E300",
            message=f"{source.path} is not JSON: {why[0]}",
            zh=f"{source.path} 不是有效的 JSON：{why[1]}",
        )
        raise ProfileError([finding]) from None
    if not isinstance(data, dict):
        raise ProfileError(
            [Finding(code="E301", message="a profile is a table of facts", zh="申报资料应为事实表")]
        )
    return data
