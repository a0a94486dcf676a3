"""What a rulebook means, as one short text: two rulebooks that mean the same have the same digest.

``meaning`` covers the checked core, with every order that matters, and nothing
of comments, white space, file names or the order of files; ``texts`` covers
what people read: labels, quotes, notes, cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from incentives.diagnostics import Finding, Span
from incentives.language.core import Origin, Text
from incentives.language.names import FactSpec
from incentives.rulebook.model import Accepted, Case, Document, Incentive, Note, Rules

_TEXTS: Final = (Text, Note, Case, Accepted)
_WORDS: Final = frozenset(
    {"clause", "quote", "cases", "notes", "confidence", "source", "decreasing", "warnings", "order"}
    | {"accepted"}
)
_PLACES: Final = (Span, Origin, Finding)


def meaning_digest(rules: Rules) -> str:
    """Return ``sha256:…`` of what the rules mean."""
    return _digest(_canonical(rules, texts=False))


def text_digest(rules: Rules) -> str:
    """Return ``sha256:…`` of everything the rules say, meaning and words."""
    return _digest(_canonical(rules, texts=True))


def incentive_digest(incentive: Incentive) -> str:
    """Return ``sha256:…`` of what one incentive means."""
    return _digest(_canonical(incentive, texts=False))


def same_meaning(one: Any, other: Any) -> bool:
    """Say whether two parts of rulebooks mean the same."""
    return bool(_canonical(one, texts=False) == _canonical(other, texts=False))


def same_texts(one: Any, other: Any) -> bool:
    """Say whether two parts of rulebooks say the same, meaning and words."""
    return bool(_canonical(one, texts=True) == _canonical(other, texts=True))


def meaning_fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that are part of its meaning."""
    return {
        field.name: part
        for field in fields(value)
        if field.compare
        and field.name not in _WORDS
        and not isinstance(part := getattr(value, field.name), (*_TEXTS, *_PLACES))
    }


def document_digests(rules: Rules, document: str) -> tuple[str, str]:
    """Return the two digests of one document with everything it holds: meaning, texts."""
    of = rules.documents[document]
    mine: list[Any] = [of]
    mine += [each for each in rules.incentives.values() if each.document.id == document]
    for many in (rules.groups, rules.splits, rules.funds, rules.targets):
        mine += [
            each for each in many if each.document is not None and each.document.id == document
        ]
    return _digest(_canonical(mine, texts=False)), _digest(_canonical(mine, texts=True))


def vocabulary_digest(rules: Rules) -> str:
    """Return ``sha256:…`` of the vocabulary: its facts, words and regions.

    Unlike the meaning it covers the order of the facts too, on which depends how
    far ranges over unknown facts are narrowed.
    """
    return _digest(_canonical(rules.vocabulary, texts=True))


def _digest(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any, *, texts: bool) -> Any:
    """Return a value as JSON data: exact numbers as text, sets and mappings sorted."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | Fraction):
        return f"#{value}"
    if isinstance(value, date):
        return f"@{value.isoformat()}"
    if isinstance(value, tuple | list):
        return [_canonical(part, texts=texts) for part in value if texts or not _is_text(part)]
    if isinstance(value, frozenset | set):
        return sorted(_canonical(part, texts=texts) for part in value)
    if isinstance(value, Mapping):
        pairs = sorted((str(key), _canonical(part, texts=texts)) for key, part in value.items())
        return [list(pair) for pair in pairs]
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__, **_fields(value, texts=texts)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _fields(value: Any, *, texts: bool) -> dict[str, Any]:
    out = {}
    for field in fields(value):
        part = getattr(value, field.name)
        skipped = not texts and (field.name in _WORDS or _is_text(part))
        if not skipped and field.compare and not isinstance(part, _PLACES):
            out[field.name] = _canonical(part, texts=texts)
    if isinstance(value, FactSpec) and not texts:
        out["choices"] = sorted(value.choices)
    if isinstance(value, Incentive):
        out["document"] = value.document.id
        if not value.accepted:  # so that the digests of rulebooks without any stay what they were
            out.pop("accepted", None)
    if isinstance(value, Document) and not texts:
        out.pop("span", None)
    return out


def _is_text(value: Any) -> bool:
    return isinstance(value, _TEXTS)
