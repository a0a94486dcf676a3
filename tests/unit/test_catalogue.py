"""The catalogue has one entry for each code, complete in both languages."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import tomli

from incentives.catalogue import CATALOGUE, Entry, nearest, page_of
from incentives.catalogue.files import ENTRIES
from incentives.diagnostics import Source
from incentives.rulebook.files import read_file

FRAME = """\
format = 1
[document]
id = "d"
title = { zh = "标题" }
issuer = { zh = "单位" }
jurisdiction = "640200"
legal_status = "in_force"
"""
ENTRY = {
    "id": '"one"',
    "name": '{ zh = "奖励" }',
    "kind": '"award"',
    "recipient": '["enterprise"]',
    "clause": '"一"',
    "entitlement": '"exact"',
}
NOT_ONE_FILE = {"E002", "E003", "E004", "E109"}


def codes(lines: str, *, incomplete: bool) -> set[str]:
    """Return the codes for an incentive with the lines of an example."""
    own = lines.removeprefix("[[incentive]]\n")
    head = "" if own.startswith("[") else own
    given = set(re.findall(r"^(\w+) ", head, re.MULTILINE))
    rest = [f"{key} = {value}" for key, value in ENTRY.items() if key not in given]
    if lines.startswith("[[incentive]]") and incomplete:
        rest = [line for line in rest if not line.startswith("clause")]
    text = "\n".join((FRAME, "[[incentive]]", *rest, own))
    return {finding.code for finding in read_file(Source("a.toml", text))[2]}


def test_every_key_is_the_entry_s_own_code() -> None:
    assert all(code == entry.code for code, entry in CATALOGUE.items())
    assert len(CATALOGUE) >= len(ENTRIES)
    assert all(re.fullmatch(r"[EW][0-9]{3}", code) for code in CATALOGUE)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_entries_are_complete(entry: Entry) -> None:
    for text in (entry.title, entry.why, entry.remedy):
        assert text.zh.strip()
        assert text.en.strip()
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
    assert entry.bad != entry.good


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if entry.code not in NOT_ONE_FILE],
    ids=lambda entry: entry.code,
)
def test_examples_show_what_they_say(entry: Entry) -> None:
    bad, good = entry.bad, entry.good
    if bad.startswith("on = "):  # a line of a case
        frame = '[[incentive.case]]\nname = "a"\nexpect = { status = "eligible" }\n'
        bad, good = frame + bad, frame + good
    assert entry.code in codes(bad, incomplete=True)
    assert entry.code not in codes(good, incomplete=False)


def test_examples_of_files_are_toml() -> None:
    assert tomli.loads(CATALOGUE["E010"].good) == {"rate": "17.5%"}


def used_codes() -> set[str]:
    """Return every code that stands in the sources, the catalogue left out."""
    package = Path(__file__).parents[2] / "src" / "incentives"
    return {
        code
        for path in package.rglob("*.py")
        if "catalogue" not in path.parts
        for code in re.findall(r'"([EW][0-9]{3})"', path.read_text("utf-8"))
    }


def test_every_code_in_use_has_its_entry_and_none_is_left_over() -> None:
    assert used_codes() == set(CATALOGUE)


def test_a_code_is_found_in_any_case() -> None:
    assert page_of(" e212") is CATALOGUE["E212"]
    assert page_of("E999") is None


def test_a_code_that_is_not_there_leads_to_those_near_it() -> None:
    assert nearest("e21") == ("E210", "E211", "E212")
    assert nearest("E225") == ("E224", "E223", "E222")
    assert nearest("nonsense") == ()


def test_the_committed_page_is_what_the_generator_writes() -> None:
    path = Path(__file__).resolve().parents[2] / "docs" / "make_errors.py"
    spec = importlib.util.spec_from_file_location("make_errors", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run make catalogue"
