"""Write docs/schemas from the models of the files; ``make catalogue``.

The first line of each shipped rule file names its schema, so that an editor knows
every key. ``files`` returns every schema by its path below ``docs``; a test compares
it with what is committed. The schema of profiles is left out: it belongs to a
vocabulary, and ``incentives rules schema profile`` prints it.
"""

# ruff: noqa: INP001 - a script, no package
from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import incentives
from incentives.authoring.schema import schema

DOCS: Final = Path(__file__).resolve().parent
NAMES: Final = ("rules", "vocabulary", "regions", "output")


def files(rulebook: incentives.Rulebook) -> dict[str, str]:
    """Return the text of every schema by its path below ``docs``."""
    return {
        f"schemas/{name}.schema.json": json.dumps(
            schema(name, rulebook), ensure_ascii=False, indent=1
        )
        + "\n"
        for name in NAMES
    }


def main() -> None:
    """Write every schema."""
    for name, text in files(incentives.load()).items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
