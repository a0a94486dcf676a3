"""What a file of decisions says about itself: by which rules, on which day, from which inputs.

Kept as JSON in the metadata of the Parquet file, so that one row can be explained later
and whoever does it learns whether the inputs or the rules have changed since. No path of
a machine is kept: an input is named as it was given, or by its file name alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.inputs.database import is_database, parse_address
from incentives.resources import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.batch.single import Settings

METADATA: Final = b"incentives"
FORMAT: Final = "incentives/decisions/1"
HASHED: Final = 256 * 2**20
"""Files up to this many bytes are named by their SHA-256 too; larger ones by their size."""


@dataclass(frozen=True, slots=True)
class Input:
    """One table that was read: what it holds, its name as given, and what tells it from others.

    ``name`` is ``None`` for a table that was handed over in memory.
    """

    entity: str
    name: str | None
    bytes: int | None = None
    sha256: str | None = None

    @classmethod
    def of(cls, entity: str, source: Any) -> Input:
        """Return the input as it is now."""
        if not isinstance(source, str | PathLike):
            return cls(entity, None)
        if is_database(source):
            return cls(entity, parse_address(fspath(source)).shown)
        given = Path(fspath(source))
        name = given.name if given.is_absolute() else given.as_posix()
        if not given.is_file():  # a directory of files, a pattern
            return cls(entity, name)
        size = given.stat().st_size
        if size > HASHED:
            return cls(entity, name, size)
        with given.open("rb") as stream:
            return cls(entity, name, size, hashlib.file_digest(stream, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Provenance:
    """How decisions came about; ``reading`` holds what the caller said about the inputs."""

    digest: str
    on: date
    key: str
    inputs: tuple[Input, ...]
    drafts: bool = False
    assume_no_history: bool = False
    items: bool = False
    only: tuple[str, ...] | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)
    version: str = __version__

    @classmethod
    def of(
        cls,
        digest: str,
        settings: Settings,
        tables: Mapping[str, Any],
        key: str,
        reading: Mapping[str, Any],
    ) -> Provenance:
        """Return the provenance of a run that begins; ``digest``: what the rules mean."""
        return cls(
            digest,
            settings.on,
            key,
            tuple(Input.of(entity, source) for entity, source in tables.items()),
            settings.drafts,
            settings.assume_no_history,
            settings.items,
            settings.only,
            reading,
        )

    def to_bytes(self) -> bytes:
        """Return the JSON that the file keeps."""
        data = {"format": FORMAT, **asdict(self), "on": self.on.isoformat()}
        return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_metadata(cls, metadata: Mapping[bytes, bytes] | None) -> Provenance | None:
        """Return what the metadata of a Parquet file say; ``None`` if it is none of ours."""
        try:
            data = json.loads((metadata or {})[METADATA])
            if data.pop("format") != FORMAT:
                return None
            data["on"] = date.fromisoformat(data["on"])
            data["inputs"] = tuple(Input(**each) for each in data["inputs"])
            data["only"] = None if data["only"] is None else tuple(data["only"])
            return cls(**data)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
