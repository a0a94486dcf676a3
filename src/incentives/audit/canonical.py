"""Canonical JSON (RFC 8785): the one text of a receipt, and reading it back strictly.

The law kept here: a text is accepted only if it is exactly the text that would
be written for what it says, so that no byte of a receipt can change unseen.

The trap: numbers. RFC 8785 writes them as doubles; receipts hold texts, whole
numbers below 2^53, booleans and nulls, and nothing else is let in or out.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final, NoReturn

from incentives.diagnostics import MissingExtraError
from incentives.rulebook.parsers import json_fault
from incentives.rulebook.toml import depth

MAX_BYTES: Final = 64 * 1024 * 1024
SAFE: Final = 2**53 - 1
MAX_DEPTH: Final = 400
_MAX_DIGITS: Final = 16


class NotCanonicalError(ValueError):
    """A text is no canonical JSON; the sentence stands in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def canonical(data: Any) -> bytes:
    """Return JSON data as the bytes of RFC 8785.

    Raises:
        MissingExtraError: the package ``rfc8785`` is not installed.
        ValueError: a number is too large, or a text holds half a character.
    """
    try:
        import rfc8785
    except ImportError:
        raise MissingExtraError(("a receipt", "凭证"), "rfc8785", "receipts") from None
    return rfc8785.dumps(data)


def sha256(raw: bytes) -> str:
    """Return ``sha256:…`` of some bytes."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def digest(data: Any) -> str:
    """Return ``sha256:…`` of the canonical text of JSON data."""
    return sha256(canonical(data))


def read_canonical(raw: bytes) -> Any:
    """Return the data of canonical JSON.

    Raises:
        NotCanonicalError: the bytes are not JSON, or not the canonical text of it.
    """
    if len(raw) > MAX_BYTES:
        raise NotCanonicalError("文件超过 64 MiB", "the file is larger than 64 MiB")
    try:
        data = json.loads(
            raw.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float, parse_int=_whole
        )
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        en, zh = json_fault(error)
        raise NotCanonicalError(f"不是 JSON（{zh}）", f"it is not JSON ({en})") from None
    if depth(data) > MAX_DEPTH:
        raise NotCanonicalError("嵌套太深", "it is nested too deep")
    try:
        same = canonical(data) == raw
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise NotCanonicalError(
            "不是规范形式的 JSON（RFC 8785）：文件被编辑或转存过",
            "it is not in canonical form (RFC 8785): it was edited, or saved anew",
        )
    return data


def _no_float(text: str) -> NoReturn:
    raise NotCanonicalError(f"有小数 {text[:20]}", f"it holds the number {text[:20]}")


def _whole(text: str) -> int:
    if len(text) > _MAX_DIGITS + 1:
        _no_float(text)
    return int(text)
