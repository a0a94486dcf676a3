"""Write docs/catalogue and docs/examples.md from the shipped rules; ``make catalogue``.

``files`` returns every generated file by its path below ``docs``; the test of
the catalogue compares it with what is committed.
"""

# ruff: noqa: INP001 - a script, no package
from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import incentives
from incentives.authoring.pages import pages

DOCS: Final = Path(__file__).resolve().parent
EXAMPLES: Final = (
    ("zhongning-manufacturer", (date(2022, 6, 1), date(2024, 6, 1), date(2026, 6, 1))),
    ("centre", (date(2024, 3, 1), date(2024, 12, 31), date(2026, 1, 1))),
    ("tongliao-above-scale", (date(2024, 6, 1),)),
)


def files(rulebook: incentives.Rulebook) -> dict[str, str]:
    """Return the text of every generated file by its path below ``docs``."""
    found = {f"catalogue/{path}": text for path, text in pages(rulebook).items()}
    return {**found, "examples.md": examples(rulebook)}


def examples(rulebook: incentives.Rulebook) -> str:
    """Return the assessments of the shipped examples, as the program prints them."""
    lines = [
        "# 示例 · Examples",
        "",
        (
            "由程序生成（`make catalogue`），请勿手工修改。"
            "Printed by the program; do not edit by hand."
        ),
    ]
    for name, days in EXAMPLES:
        lines += ["", f"## {name}"]
        for day in days:
            done = rulebook.assess(f"example:{name}", on=day)
            lines += ["", f"### {name} {day.isoformat()}"]
            for lang in ("zh", "en"):
                lines += ["", "```text", done.explain(lang).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write every file, and remove pages and pictures that no rule asks for any more."""
    found = files(incentives.load())
    for path in (DOCS / "catalogue").rglob("*"):
        if path.is_file() and path.relative_to(DOCS).as_posix() not in found:
            path.unlink()
    for name, text in found.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
