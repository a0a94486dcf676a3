"""A case as text for a rule file, in the way the shipped files are written.

Facts stand on one line for each entity; what is expected stands in one table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from incentives.values.money import Money

if TYPE_CHECKING:
    from datetime import date

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def case_text(
    name: str,
    on: date,
    expect: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    reading: str | None = None,
    assume_no_history: bool = False,
    comments: tuple[str, ...] = (),
) -> str:
    """Return ``[[incentive.case]]`` and its keys, with a line end after each."""
    keys = [("name", value_text(name)), ("on", on.isoformat())]
    if reading is not None:
        keys.append(("reading", value_text(reading)))
    if assume_no_history:
        keys.append(("assume_no_history", "true"))
    keys.append(("expect", value_text(expect)))
    lines = [*(f"# {line}" for line in comments), "[[incentive.case]]", *_aligned(keys)]
    listed = [(f"facts.{key_text(entity)}", value_text(each)) for entity, each in facts.items()]
    return "\n".join([*lines, *_aligned(listed)]) + "\n"


def _aligned(pairs: list[tuple[str, str]]) -> list[str]:
    width = max((len(key) for key, _ in pairs), default=0)
    return [f"{key:{width}} = {value}" for key, value in pairs]


def expected(
    found: Mapping[str, Any], differs: tuple[str, ...] = (), *, has_amount: bool = True
) -> dict[str, Any]:
    """Return what a case should expect, of what came out: the status, and what decides.

    ``differs`` names keys that must be among them.
    """
    status = found["status"]
    keys = ["status"]
    if found.get("reason") is not None:
        keys.append("reason")
    if found.get("amount") is not None:
        keys.append("amount")
    elif has_amount and status in {"eligible", "undetermined"} and found.get("low") is not None:
        keys += ["low", "high"]
    if status == "ineligible" or "failed" in differs:
        keys.append("failed")
    keys += [key for key in differs if key not in keys]
    return {key: _plain(found[key], key) for key in keys}


def _plain(value: Any, key: str) -> Any:
    """Return what came out as a case says it."""
    match value:
        case Money():
            return yuan(value.fen)
        case None if key in {"amount", "low", "high"}:
            return "none"
        case tuple():
            return list(value)
        case dict():
            return {name: _plain(part, key) for name, part in value.items()}
        case _:
            return value


def yuan(fen: int) -> str:
    """Return an amount in yuan with two decimals, as cases write it."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}元"


def key_text(key: Any) -> str:
    """Return a key of a table, quoted where it has to be."""
    text = str(key)
    return text if _BARE.fullmatch(text) else _quoted(text)


def value_text(value: Any) -> str:
    """Return a value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case Mapping():
            if not value:
                return "{}"
            pairs = ", ".join(
                f"{key_text(key)} = {value_text(each)}" for key, each in value.items()
            )
            return f"{{ {pairs} }}"
        case list() | tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case _:
            return str(value)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char, char) for char in str(text)) + '"'
