"""The catalogue of the docs: complete, and what the generator prints."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import incentives

REPOSITORY = Path(__file__).resolve().parents[2]
INDEX = REPOSITORY / "docs" / "catalogue" / "index.md"
ID = r"(?:SZS|ZN|TL|NX24|NX18)-[0-9]{2}"
DOCUMENTS = {
    "NX24": "ningxia-action-plan",
    "SZS": "shizuishan-tech-city",
    "TL": "tongliao-rd-action",
    "NX18": "ningxia-work-points",
    "ZN": "zhongning-county",
}


@pytest.fixture(scope="session")
def measures(shared: Path) -> str:
    return (shared / "policies" / "seed-measures.md").read_text(encoding="utf-8")


def catalogued(text: str) -> set[str]:
    """Return the ids of the clauses, from headings and from the first cell of tables."""
    headings = re.findall(rf"^### ({ID}) ", text, re.MULTILINE)
    return {*headings, *re.findall(rf"^\| ({ID}) \|", text, re.MULTILINE)}


def plain(text: str) -> str:
    """Return the characters that both spellings of a quote share."""
    return re.sub(r"[\W_]", "", text)


def test_every_catalogued_clause_has_an_entry(measures: str) -> None:
    wanted = catalogued(measures)
    listed = dict(
        re.findall(rf"^\| ({ID}) \| \[([^\]]+)\]", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert len(wanted) > 60
    assert wanted - set(listed) == set()


def test_every_kpi_row_has_a_target(measures: str) -> None:
    section = measures.split("## A6")[1].split("## A7", maxsplit=1)[0]
    rows = re.findall(r"^\| (NX24|SZS|TL|NX18|ZN) \| [^|]+ \| ([^|]+) \|", section, re.MULTILINE)
    targets = incentives.load().rules.targets
    assert len(rows) > 25
    lacking = [
        (seed, quote)
        for seed, quote in rows
        if not any(
            target.document.id == DOCUMENTS[seed]
            and target.quote
            and (plain(target.quote) in plain(quote) or plain(quote) in plain(target.quote))
            for target in targets
        )
    ]
    assert lacking == []


def test_every_listed_entry_exists() -> None:
    rules = incentives.load().rules
    known = {*rules.incentives, *rules.documents}
    known |= {f"{f.document.id}/{f.id.split('/')[-1]}" for f in rules.funds}
    known |= {f"{t.document.id}/{t.id.split('/')[-1]}" for t in rules.targets}
    known |= {f"{s.document.id}/{s.id.split('/')[-1]}" for s in rules.splits if s.document}
    listed = re.findall(r"\| \[([^\]]+)\]\([^)]+\.md\) \|", INDEX.read_text(encoding="utf-8"))
    assert listed
    assert set(listed) - known == set()


def test_the_committed_pages_are_what_the_generator_prints() -> None:
    place = REPOSITORY / "docs" / "make_catalogue.py"
    spec = importlib.util.spec_from_file_location("make_catalogue", place)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.files(incentives.load())
    stale = [
        path
        for path, text in found.items()
        if not (REPOSITORY / "docs" / path).is_file()
        or (REPOSITORY / "docs" / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make catalogue`"
    kept = {
        path.relative_to(REPOSITORY / "docs").as_posix()
        for path in (REPOSITORY / "docs" / "catalogue").rglob("*")
        if path.is_file()
    }
    assert kept <= set(found)
