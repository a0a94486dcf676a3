"""The second clock: engine against reference, and what a later amendment may not change."""

from __future__ import annotations

import random
import re
from datetime import date
from functools import cache
from typing import Any

import pytest
import tomli
from tests.reference import evaluator, generate, profiles
from tests.reference.differential import engine_answer, only_sharper
from tests.small import ENTRY, HEAD, amount, book, entry, profile, rules, when

from incentives.diagnostics import RulebookError, Source
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.rulebook.known import publications, rules_known_on
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

DAYS = [date(year, month, 15) for year in (2021, 2023, 2024) for month in (3, 9)]
KNOWN = [date(2020, 1, 1), date(2022, 1, 1), date(2023, 6, 1), date(2024, 5, 1), date(2030, 1, 1)]


def published(files: dict[str, str], seed: int) -> dict[str, str]:
    """Return files whose documents, entries and ends were published on days of their own."""
    rng = random.Random(f"published {seed}")

    def head(found: re.Match[str]) -> str:
        line = f"published = {rng.choice(DAYS)}\n"
        return found[0] + (line if rng.random() < (0.3 if "document" in found[0] else 0.6) else "")

    def end(found: re.Match[str]) -> str:
        more = f", until_published = {rng.choice(DAYS)}"
        return found[0] + (more if rng.random() < 0.5 else "")

    out = {}
    for name, text in files.items():
        dated = re.sub(r"^\[document\]\n|^\[\[incentive\]\]\n", head, text, flags=re.MULTILINE)
        out[name] = re.sub(r"until = [0-9-]{10}(?=[ }])", end, dated)
    return out


@pytest.mark.parametrize("seed", range(24))
def test_engine_and_reference_know_the_same(seed: int) -> None:
    files = published(generate.rulebook(seed), seed)
    try:
        found = build_rules([Source(name, text) for name, text in files.items()])
    except RulebookError as error:
        assert "E243" in str(error)  # rows that provably overlap
        return
    plan, parsed = Plan(found), {name: tomli.loads(text) for name, text in files.items()}
    facts = profiles.profile(seed, tuple(found.incentives))
    stated = Profile(facts, found.vocabulary)
    for known_on in KNOWN:
        for refine in (False, True):
            options = Options(refine=refine, known_on=known_on)
            ours = Assessment(plan, stated, generate.ON, options)
            theirs = evaluator.assess(parsed, facts, generate.ON, refine=refine, known_on=known_on)
            assert set(ours.ids) == set(theirs)
            for decision in ours:
                one, other = engine_answer(decision), theirs[decision.incentive]
                assert one == other or (refine and only_sharper(one, other)), (
                    known_on, decision.incentive, one, other, facts,
                )  # fmt: skip


@pytest.mark.parametrize("seed", range(0, 24, 4))
def test_knowledge_grows_with_the_day(seed: int) -> None:
    files = published(generate.rulebook(seed), seed)
    try:
        found = build_rules([Source(name, text) for name, text in files.items()])
    except RulebookError:
        return
    before: set[tuple[str, Any]] = set()
    for day in publications(found):
        known = {
            (name, version.period.since)
            for name, one in rules_known_on(found, day).incentives.items()
            for version in one.versions
        }
        assert before <= known
        before = known
    assert Plan(found).known_on(date.max) is not None
    everything = {
        (name, version.period.since)
        for name, one in found.incentives.items()
        for version in one.versions
    }
    assert before == everything


# ── amendments ───────────────────────────────────────────────────────────────

FIRST = entry(effective="{ until = 2023-12-31, until_published = 2024-05-01 }") + amount(
    fixed="1万元"
)
STATED = entry(effective="{ until = 2023-12-31 }") + amount(fixed="1万元")
SECOND = entry(effective="{ from = 2024-01-01 }", published="2024-05-01") + amount(fixed="2万元")
MARCH, JUNE = date(2024, 3, 1), date(2024, 6, 1)


@cache
def amended(body: str) -> Any:
    return book(body, head=HEAD.replace("[document]", "[document]\npublished = 2020-01-01"))


def given(body: str, on: date, known_on: date | None) -> tuple[str, str | None]:
    decision = amended(body).assess(profile(), on, known_on=known_on)["doc/award"]
    return str(decision.status), None if decision.amount is None else format(
        decision.amount, "plain"
    )


def test_a_later_amendment_does_not_rewrite_an_earlier_decision() -> None:
    """As decided in March; since May the same day is under the second version."""
    assert given(ENTRY + amount(fixed="1万元"), MARCH, None) == ("eligible", "10000.00")
    assert given(FIRST + SECOND, MARCH, MARCH) == ("eligible", "10000.00")
    assert given(FIRST + SECOND, MARCH, JUNE) == ("eligible", "20000.00")
    assert given(FIRST + SECOND, MARCH, None) == ("eligible", "20000.00")


def test_an_end_that_the_text_states_is_never_put_off() -> None:
    """What ended by itself had ended: nobody knew of the second version in March."""
    assert given(STATED + SECOND, MARCH, MARCH) == ("not_applicable", "0.00")
    assert given(STATED + SECOND, MARCH, JUNE) == ("eligible", "20000.00")


def test_a_repeal_that_was_announced_later() -> None:
    head = HEAD.replace('legal_status = "in_force"', 'legal_status = "repealed"').replace(
        "until = 2029-12-31 }", "until = 2023-12-31, until_published = 2024-05-01 }"
    )
    found = book(ENTRY + amount(fixed="1万元"), head=head)

    def decide(known: date | None) -> Any:
        return found.assess(profile(), MARCH, known_on=known)["doc/award"]

    assert str(decide(None).status) == "not_applicable"
    assert str(decide(JUNE).status) == "not_applicable"
    early = decide(MARCH)
    assert (str(early.status), str(early.legal_status)) == ("eligible", "in_force")


def test_at_first_nothing_may_be_known() -> None:
    early = amended(FIRST + SECOND).assess(profile(), MARCH, known_on=date(2019, 12, 31))
    assert early.ids == []
    assert early.totals.exact is not None
    assert not early.totals.exact


def test_what_was_not_known_replaces_gives_and_grants_nothing() -> None:
    later = entry("later", published="2024-05-01", overrides='["doc/award"]') + amount(
        fixed="9万元"
    )
    asks = entry("asks") + when('granted("doc/later")') + amount(formula='award("doc/later") + one')
    asks += '[incentive.parameters]\none = "1元"\n'
    group = '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/later"]\nrule = "highest"\nclause = "1"\n'
    found = amended(ENTRY + amount(fixed="1万元") + later + asks + group)
    early = found.assess(profile(), MARCH, known_on=MARCH)
    assert early.ids == ["doc/asks", "doc/award"]
    assert str(early["doc/award"].status) == "eligible"
    assert early["doc/award"].group is None
    assert (str(early["doc/asks"].status), early["doc/asks"].failed) == ("ineligible", ("c",))
    now = found.assess(profile(), MARCH)
    assert now["doc/award"].reason == "superseded"
    assert str(now["doc/asks"].status) == "eligible"


def test_a_reading_of_an_unknown_entry_is_unknown() -> None:
    reading = (
        '[[incentive.reading]]\nid = "r{0}"\nsays = {{ zh = "另一" }}\namount.fixed = "{0}万元"\n'
    )
    found = amended(FIRST + reading.format(3) + SECOND + reading.format(4))
    early = found.assess(profile(), MARCH, known_on=MARCH)["doc/award"]
    assert [one.id for one in early.readings] == ["r3"]
    assert {one.id for one in found.assess(profile(), MARCH)["doc/award"].readings} == {"r3", "r4"}


def test_what_has_no_day_of_publication_is_known_since_it_took_effect_and_said_so() -> None:
    found = book(ENTRY + amount(fixed="1万元"))
    assert found.assess(profile(), MARCH, known_on=date(2019, 12, 31)).ids == []
    known = found.assess(profile(), MARCH, known_on=date(2020, 1, 1))
    assert known.ids == ["doc/award"]
    assert [note.about for note in known.assumptions] == ["published"]
    assert known.to_dict()["known_on"] == "2020-01-01"
    assert "按2020-01-01及以前公布的规定" in known.explain()
    assert "by the rules published by 2020-01-01" in known.explain("en")
    now = found.assess(profile(), MARCH)
    assert (now.assumptions, now.to_dict()["known_on"]) == ((), None)


def test_when_all_is_known_the_rulebook_is_the_same() -> None:
    plan = amended(FIRST + SECOND).plan
    assert plan.known_on(date(2024, 5, 1)) is plan
    assert plan.known_on(date(2024, 4, 30)) is plan.known_on(date(2020, 1, 1)) is not plan
    assert plan.known_on(None) is plan


def test_an_end_announced_later_needs_an_end() -> None:
    body = entry(effective="{ until_published = 2024-05-01 }") + amount(fixed="1元")
    with pytest.raises(RulebookError, match="E106"):
        rules(body)
