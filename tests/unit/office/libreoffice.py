"""Recalculation by LibreOffice, where it is installed.

``python -m tests.unit.office.libreoffice`` recalculates the result workbook of every
shipped example and compares each formula with what the engine stored; it takes a minute.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path


def missing() -> str | None:
    """Return why LibreOffice cannot be used, ``None`` where it can."""
    if shutil.which("soffice") is None:
        return "LibreOffice (soffice) is not installed"
    return None


def recalculated(path: Path, into: Path) -> Path:
    """Return a copy of a workbook whose formulas LibreOffice computed: none keeps its value."""
    bare = into / f"bare-{path.name}"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(name, data)
    out = into / "recalculated"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        command = ["soffice", f"-env:UserInstallation=file://{home}", "--headless"]
        subprocess.run(
            [*command, "--convert-to", "xlsx", "--outdir", str(out), str(bare)],
            check=True,
            capture_output=True,
            timeout=120,
            env={**os.environ, "HOME": home},
        )
    return out / bare.name


def main() -> int:
    """Recalculate every shipped example."""
    from tests.unit.office.sheets import Sheets

    import incentives
    from incentives.resources import examples_path

    if (reason := missing()) is not None:
        sys.stderr.write(f"{reason}\n")
        return 0
    rulebook = incentives.load()
    wrong = compared = 0
    with tempfile.TemporaryDirectory() as place:
        for example in sorted(examples_path().glob("*.toml")):
            path = Path(place) / f"{example.stem}.xlsx"
            rulebook.assess(example, date(2024, 6, 1)).to_workbook(path)
            sheets, found = Sheets(path), Sheets(recalculated(path, Path(place)))
            for sheet, address in sheets.formulas():
                ours, theirs = sheets.stored(sheet, address), found.stored(sheet, address)
                compared += 1
                if abs(ours - theirs) > 1e-9 * max(1, abs(ours)):
                    wrong += 1
                    sys.stdout.write(f"{example.stem} {sheet}!{address}: {theirs} for {ours}\n")
    sys.stdout.write(f"{compared} formulas recalculated, {wrong} differ\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
