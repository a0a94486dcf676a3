"""Writing rule files anew, for commands that change them: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

from incentives.cli.frame import UsageProblemError
from incentives.diagnostics import RulebookError
from incentives.rulebook.toml import decode

_BOM = b"\xef\xbb\xbf"


def differences(changed: Mapping[str, tuple[str, str]]) -> str:
    """Return what changes as a unified diff, file by file."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for path, (before, after) in changed.items()
        for line in unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), path, path
        )
    )


def rewrite(path: Path, before: str, after: str, *, as_found: bool = True) -> None:
    """Put ``after`` in the place of the file that was read as ``before``.

    Args:
        path: the file; a link is followed.
        before: its text as the reader gave it, line ends made one.
        after: its new text.
        as_found: keep the file's own line ends and byte order mark.

    Raises:
        UsageProblemError: the file has changed since it was read.
        OSError: it cannot be written; it is then as it was.
    """
    place = path.resolve()
    raw = place.read_bytes()
    try:
        now = decode(raw, str(path)).text
    except RulebookError:
        now = None
    if now != before:
        raise UsageProblemError(
            f"{path} 在读取之后被改动，没有写入", f"{path} was changed meanwhile; nothing written"
        )
    data = after.encode()
    if as_found:
        if raw.count(b"\r\n") == raw.count(b"\n") > 0:
            data = data.replace(b"\n", b"\r\n")
        if raw.startswith(_BOM):
            data = _BOM + data
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(place.stat().st_mode & 0o7777)
        Path(name).replace(place)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
