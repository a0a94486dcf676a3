"""The single engine as rows: what one firm alone gets, for many firms, in any process."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.facts import Facts
from tests.small import ON, amount, entry, rules, when

from incentives.batch.decisions import ERROR, Row, ordered, schema
from incentives.batch.single import Settings, Single
from incentives.batch.workers import Case, Pool, decide
from incentives.engine.assess import Options
from incentives.engine.plan import IncentivePlan, Plan
from incentives.engine.results import Assessment
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.rulebook.model import Vocabulary

ROOT = Path(__file__).parents[3]
READING = """\
[[incentive.reading]]
id = "wide"
says = { zh = "较宽的理解", en = "The wide reading" }
confidence = "low"
[[incentive.reading]]
id = "narrow"
says = { zh = "本条的理解", en = "The reading of the entry" }
confidence = "high"
default = true
"""
BODY = (
    entry("award")
    + when("applicant.small or not applicant.small or applicant.honest")
    + amount(base="applicant.spend", rate='"10%"'.strip('"'))
)


@dataclass(frozen=True)
class Few:
    """Some firms as mappings."""

    found: tuple[Case, ...]

    def cases(self, vocabulary: Vocabulary) -> Iterable[Case]:
        del vocabulary
        return self.found


def firm(**facts: Any) -> dict[str, Any]:
    return {"applicant": {"kind": "firm", "region": "640200", **facts}}


def rows(body: str, data: dict[str, Any], **settings: Any) -> list[Row]:
    book = rules(body)
    return Single(book, Settings(ON, **settings)).rows(0, "a", Profile(data, book.vocabulary))


def test_what_only_refinement_settles_is_taken_refined() -> None:
    """A test that holds whichever way a fact turns out: Kleene's logic alone leaves it open."""
    (row,) = rows(BODY, firm(spend="100万元"))
    book = rules(BODY)
    profile = Profile(firm(spend="100万元"), book.vocabulary)
    plain = Assessment(Plan(book), profile, ON, Options(refine=False))["doc/award"]
    assert plain.status == "undetermined"
    assert (row.status, row.amount, row.missing) == ("eligible", 10_000_000, ())


def test_what_stays_open_is_the_compositional_answer() -> None:
    (row,) = rows(entry() + when("applicant.small") + amount(fixed="10万元"), firm())
    assert (row.status, row.amount, row.low, row.high) == ("undetermined", None, 0, 10_000_000)
    assert row.missing == ("applicant.small",)


def test_random_firms_say_what_one_assessment_says() -> None:
    """Every row is the compositional decision, or the refined one where only that settles it."""
    from incentives import load

    book = load().rules
    facts, rng, plan = Facts(book), random.Random(7), Plan(book)
    single = Single(book, Settings(ON))
    for share in (0.2, 0.9, 1.0):
        profile = facts.profile(rng, share)
        plain = Assessment(plan, profile, ON, Options(refine=False))
        refined = Assessment(plan, profile, ON, Options())
        for row in single.rows(3, "k", profile):
            assert row.incentive is not None
            one, two = plain[row.incentive], refined[row.incentive]
            opens = one.status == "undetermined" or (one.amount is None and one.range is not None)
            closes = opens and (
                (one.status == "undetermined" != two.status)
                or (one.amount is None and two.amount is not None)
            )
            want = two if closes else one
            assert row.status == want.status
            assert row.amount == (None if want.amount is None else want.amount.fen)
            assert (row.reason, row.failed, row.missing) == (
                want.reason, want.failed, want.missing,
            )  # fmt: skip


def test_items_follow_their_decision_in_the_order_of_the_list() -> None:
    body = entry(each='"contract"') + when("contract.ok") + amount(base="contract.paid", rate="10%")
    listed = [{"no": "b", "paid": "10元", "ok": True}, {"no": "a", "paid": "20元", "ok": False}]
    whole, first, second = rows(body, {**firm(), "contract": listed}, items=True)
    assert (whole.item, whole.amount) == (None, 100)
    assert (first.item, first.at, first.amount) == ("b", 0, 100)
    assert (second.item, second.at, second.failed) == ("a", 1, ("c",))


def test_a_reading_with_another_amount_is_told() -> None:
    reading = READING.replace(
        'confidence = "low"\n', 'confidence = "low"\namount = { fixed = "20万元" }\n', 1
    )
    body = entry() + amount(fixed="10万元") + reading
    (row,) = rows(body, firm())
    assert row.readings_differ
    (row,) = rows(body.replace('"20万元"', '"10万元"'), firm())
    assert not row.readings_differ


def test_one_incentive_alone_is_decided_as_among_all() -> None:
    from incentives import load

    book = load().rules
    profile = Facts(book).profile(random.Random(3), 0.8)
    single = Single(book, Settings(ON))
    every = {row.incentive: row for row in single.rows(0, "k", profile)}
    for name in random.Random(1).sample(sorted(every), 8):  # type: ignore[type-var]
        assert single.rows(0, "k", profile, [str(name)]) == [every[name]]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_firm_with_faults_has_one_row_and_loses_no_other(workers: int) -> None:
    cases = [
        Case(0, "good", firm(spend="1万元")),
        Case(1, "bad", firm(spend=3.5, staff="many", small=3, share="x")),
        Case(2, None, firm(spend="1万元")),
    ]
    tasks = [Few((case,)) for case in cases]
    with Pool(rules(BODY), Settings(ON, lang="en"), workers) as pool:
        tables = list(decide(pool, tasks))
    found = [row for table in tables for row in table.to_pylist()]
    assert [row["status"] for row in found] == ["eligible", ERROR, "eligible"]
    assert found[0]["amount"] == Decimal("1000.00")
    assert found[1]["reason"].startswith("E3")
    assert found[1]["reason"].endswith("; (+1)")
    assert found[1]["incentive"] is None
    assert found[2]["applicant"] is None


UNGUARDED = """\
from datetime import date
import incentives
import incentives.batch

incentives.batch.assess(
    incentives.load(), {"applicant": "examples/batch/firms.csv"},
    key="统一社会信用代码", on=date(2024, 6, 1), workers=2,
)
"""


def test_a_script_without_a_guard_ends_and_says_so(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert b'no `if __name__ == "__main__":`' in done.stderr


def test_a_fault_of_the_program_is_that_decisions_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    body = entry("award") + amount(fixed="1元") + entry("broken") + amount(fixed="2元")
    told = IncentivePlan.quick

    def fail(self: IncentivePlan, *rest: Any, **keys: Any) -> Any:
        if self.id == "doc/broken":
            raise ZeroDivisionError("oh")
        return told(self, *rest, **keys)

    monkeypatch.setattr(IncentivePlan, "quick", fail)
    with Pool(rules(body), Settings(ON, lang="en")) as pool:
        (table,) = decide(pool, [Few((Case(5, "k", firm()),))])
    good, bad = table.to_pylist()
    assert (good["incentive"], good["amount"]) == ("doc/award", Decimal("1.00"))
    assert bad["reason"].startswith("E590 this could not be decided; the fault is the program's")
    assert (bad["row"], bad["incentive"], bad["status"]) == (5, "doc/broken", ERROR)


def test_amounts_are_exact_whatever_the_host_does_to_decimals() -> None:
    import decimal

    fen = 123_456_789_012_345_678_901_234_567_891
    with decimal.localcontext() as context:
        context.prec = 5
        table = ordered([Row(0, "a", "i", None, None, "eligible", None, fen, -fen, 0)])
    assert table["amount"][0].as_py() == Decimal("1234567890123456789012345678.91")
    assert table["low"][0].as_py() == Decimal("-1234567890123456789012345678.91")
    assert str(table["high"][0].as_py()) == "0.00"
    assert table.select(schema().names).schema == schema()
