"""Verifying: what was issued is reproduced, and whatever is altered is named."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tests.small import ENTRY, amount, book, parameters, profile
from tests.unit.audit.conftest import sources

from incentives.audit.canonical import canonical, read_canonical
from incentives.audit.compare import Difference, shared_findings
from incentives.audit.verify import (
    Library,
    ReceiptError,
    Verdict,
    Verification,
    read_receipt,
    verify,
)
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from incentives.api import Rulebook
    from incentives.audit.receipt import Receipt

    Forge = Callable[..., Receipt]

ON = date(2024, 6, 1)
AWARD = "shizuishan-tech-city/technology-contract-award"
RATE = ('rate = "10%"\ncap  = "20万元"', 'rate = "12%"\ncap  = "20万元"')
UNTIL = ("until = 2025-12-31", "until = 2024-05-31")


@pytest.fixture(scope="module")
def library(rulebook: Rulebook) -> Library:
    return Library(rulebook.rules)


def named(done: Verification) -> list[tuple[str, Any, Any]]:
    return [(one.what, one.recorded, one.found) for one in done.differences]


def test_what_was_issued_is_reproduced(receipt: Receipt, library: Library) -> None:
    done = verify(read_receipt(receipt.raw), library)
    assert (done.verdict, done.differences) == (Verdict.REPRODUCED, ())


def test_a_receipt_without_rules_needs_them_at_hand(rulebook: Rulebook, library: Library) -> None:
    issued = rulebook.assess("example:centre", ON).receipt()
    assert verify(issued, library).verdict is Verdict.REPRODUCED
    done = verify(issued, Library(book(ENTRY + amount(fixed="1元")).rules))
    assert done.verdict is Verdict.OTHER_RULES
    assert done.differences[0].code == "E602"


def test_comments_in_the_rules_change_nothing(rulebook: Rulebook, library: Library) -> None:
    issued = rulebook.assess("example:centre", ON).receipt()
    told = sources(shizuishan=("format = 1", "# a remark\nformat = 1"))
    assert verify(issued, Library(build_rules(told), chosen=True)).verdict is Verdict.REPRODUCED
    del library


# ── something is altered, and the digest made anew ───────────────────────────


def _fact(data: Any) -> Any:
    return data["facts"]["written"]["contract"][0]


def _read(data: Any, fact: str) -> Any:
    return next(one for one in data["facts"]["read"] if one["fact"] == fact)


def _decision(data: Any) -> Any:
    decisions = data["assessment"]["decisions"]
    return next(one for one in decisions if one["incentive"] == AWARD)


PERFORMED = "fact contract[2024-0015].performed_amount"


def test_an_altered_statement_is_named(forge: Forge, library: Library) -> None:
    done = verify(forge(lambda d: _fact(d).update(performed_amount="1元")), library)
    assert done.verdict is Verdict.DIFFERENT
    assert done.differences[0].finding.code == "E604"
    assert named(done)[:2] == [
        (PERFORMED, "2000000元", "1元"),
        (PERFORMED, "2000000元", "1元"),
    ]
    assert done.differences[0].label == (
        "技术合同2024-0015的实际履行金额",
        "Technology contract 2024-0015: Amount actually performed",
    )


def test_an_altered_reading_is_named(forge: Forge, library: Library) -> None:
    edit = lambda d: _read(d, PERFORMED.removeprefix("fact ")).update(value="3元")  # noqa: E731
    assert named(verify(forge(edit), library)) == [(PERFORMED, "3元", "2000000元")]


def test_a_statement_and_its_reading_altered_are_named_by_the_derivation(
    forge: Forge, library: Library
) -> None:
    def edit(data: Any) -> None:
        _fact(data).update(performed_amount="100万元")
        _read(data, PERFORMED.removeprefix("fact ")).update(value="1000000元")

    done = verify(forge(edit), library)
    assert named(done)[0] == (PERFORMED, "2000000元", "1000000元")
    first = done.differences[0]
    assert (first.code, first.incentive, first.item, first.clause) == (
        "E605", AWARD, "2024-0015", "二（三）6",
    )  # fmt: skip


def test_an_altered_rate_is_named(forge: Forge, library: Library) -> None:
    def edit(data: Any) -> None:
        for file in data["rules"]:
            file["text"] = file["text"].replace(*RATE)

    done = verify(forge(edit), library)
    assert done.verdict is Verdict.DIFFERENT
    whats = [one.what for one in done.differences]
    assert whats[:2] == ["rulebook", "rulebook shizuishan-tech-city meaning"]
    rate = next(one for one in done.differences if one.what.startswith("parameter "))
    assert rate.what == "parameter technology-contract-award.parameters.rate"
    assert (rate.recorded, rate.found, rate.clause) == ("10%", "12%", "二（三）6")


def test_other_rules_that_are_given_are_named_too(receipt: Receipt) -> None:
    given = Library(build_rules(sources(shizuishan=RATE)), chosen=True)
    done = verify(receipt, given)
    assert done.verdict is Verdict.DIFFERENT
    assert ("parameter technology-contract-award.parameters.rate", "10%", "12%") in named(done)


def test_an_altered_period_is_named(receipt: Receipt) -> None:
    given = Library(build_rules(sources(shizuishan=UNTIL)), chosen=True)
    done = verify(receipt, given)
    award = next(one for one in done.differences if one.incentive == AWARD)
    assert (award.what, award.recorded) == ("derivation", "version 2024-0015")
    share = sources(shizuishan=('share = "70%" }, { payer = "local", share = "30%"',) * 2)
    assert [source.path for source in share] == [source.path for source in sources()]


def test_an_altered_share_is_named(rulebook: Rulebook) -> None:
    issued = rulebook.assess("example:county-share", ON).receipt()
    other = (
        '"70%" }, { payer = "local", share = "30%"',
        '"60%" }, { payer = "local", share = "40%"',
    )
    done = verify(issued, Library(build_rules(sources(shizuishan=other)), chosen=True))
    found = next(one for one in done.differences if one.incentive is not None)
    assert (found.incentive, found.what) == ("ningxia-rd-subsidy/approved-post-subsidy", "figure")
    assert (found.recorded, found.found, found.clause) == ("70%", "60%", "三（二）")


@pytest.mark.parametrize("day", ["2024-06-02", "2026-01-01"])
def test_an_altered_date_is_named(forge: Forge, library: Library, day: str) -> None:
    done = verify(forge(lambda d: d.update(on=day)), library)
    assert named(done)[0] == ("on", "2024-06-01", day)
    assert done.differences[0].code == "E603"


def test_a_date_altered_throughout_is_named_by_the_derivation(
    forge: Forge, library: Library
) -> None:
    def edit(data: Any) -> None:
        data["on"] = data["assessment"]["on"] = "2024-06-02"

    assert named(verify(forge(edit), library))[0] == ("on", "2024-06-01", "2024-06-02")


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (lambda d: _decision(d).update(amount="9.00"), "amount"),
        (lambda d: _decision(d)["items"][0].update(amount="9.00"), "items 1 amount"),
        (lambda d: _decision(d).update(status="ineligible"), "status"),
        (lambda d: _decision(d).pop("quote"), "quote"),
        (lambda d: d["assessment"]["totals"].update(ceiling="9.00"), "totals ceiling"),
        (lambda d: d["assessment"]["decisions"].pop(), "decisions"),
        (lambda d: d["derivations"][AWARD].update(digest="sha256:0"), "derivation"),
        (lambda d: d["derivations"].pop(AWARD), "derivation"),
        (lambda d: d["options"].update(assume_no_history=True), "assumptions"),
        (lambda d: d["options"].update(drafts=1), "options drafts"),
        (lambda d: d["options"].update(more=1), "options more"),
        (lambda d: d["facts"]["written"]["applicant"].pop("name"), "fact applicant.name"),
        (lambda d: d["facts"].update(read=[]), "fact applicant.kind"),
        (lambda d: d["rulebook"].update(meaning="sha256:0"), "rulebook"),
        (lambda d: d["rulebook"]["incentives"].update({AWARD: "sha256:0"}), "rulebook"),
        (lambda d: d["rulebook"].update(files=[]), "rulebook"),
        (lambda d: d["made_by"].update(more=1), "made_by more"),
        (lambda d: d.update(more=1), "more"),
    ],
)
def test_whatever_is_altered_is_found(
    forge: Forge, library: Library, edit: Callable[[Any], None], what: str
) -> None:
    done = verify(forge(edit), library)
    assert done.verdict is Verdict.DIFFERENT
    assert what in [one.what for one in done.differences]


def test_what_an_older_program_issued_is_reproduced(forge: Forge, library: Library) -> None:
    older = forge(lambda d: d["made_by"].update(incentives="0.0.1"))
    done = verify(older, library)
    assert (done.verdict, done.made_by) == (Verdict.REPRODUCED, "0.0.1")


def test_under_another_core_decisions_count(forge: Forge, library: Library) -> None:
    def edit(data: Any) -> None:
        data["made_by"]["core"] = 0
        data["rulebook"]["meaning"] = "sha256:0"
        data["derivations"][AWARD]["entries"] = []

    done = verify(forge(edit), library)
    assert (done.verdict, done.other_core) == (Verdict.REPRODUCED, True)
    older = forge(edit)
    wrong = forge(lambda d: _decision(d).update(amount="9.00"), older)
    assert named(verify(wrong, library)) == [("amount", "9.00", None)]


# ── files that are none ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.update(format="incentives/receipt/2"),
        lambda d: d.pop("rules"),
        lambda d: d.pop("facts"),
        lambda d: d.update(facts=[]),
        lambda d: d.update(on="yesterday"),
        lambda d: d.update(known_on=3),
        lambda d: d.update(rules=[{"name": "a"}]),
        lambda d: d.update(rules={}),
        lambda d: d.update(rules=[{"name": "a", "text": "format ="}]),
        lambda d: d.update(rules=[{"name": "a", "text": "#" * 2**20 + "#"}]),
        lambda d: d.update(rules=[{"name": "a", "text": ""}] * 1001),
        lambda d: d["options"].update(only=["nothing/there"]),
        lambda d: d["options"].update(only=[[]]),
        lambda d: d["options"].update(only=3),
        lambda d: d["facts"].update(written=[]),
        lambda d: d["facts"]["written"].update(applicant=3),
        lambda d: _fact(d).update(performed_amount=3),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    forge: Forge, library: Library, edit: Callable[[Any], None]
) -> None:
    with pytest.raises(ReceiptError) as caught:
        verify(read_receipt(forge(edit).raw), library)
    assert all(finding.zh for finding in caught.value.findings)


@cache
def small() -> tuple[Receipt, Library]:
    body = ENTRY + parameters(rate='"10%"') + amount(base="applicant.spend", rate="rate")
    issued = book(body).assess(profile({"spend": "1万元"}), ON).receipt()
    return issued, Library(book(body).rules)


def odd(data: Any, at: tuple[str | int, ...], value: Any) -> bytes:
    """Return a receipt with a value of any shape somewhere."""
    copy = read_canonical(canonical(data))
    inner = copy
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return canonical(copy)


WHOLE = ("made_by", "options", "rulebook", "rules", "facts", "derivations", "assessment")
PLACES: list[tuple[str | int, ...]] = [
    *((key,) for key in WHOLE),
    ("facts", "read"), ("facts", "written"), ("rulebook", "documents"), ("rulebook", "files"),
    ("rulebook", "documents", "doc"),
    ("derivations", "doc/award"), ("derivations", "doc/award", "entries"),
    ("derivations", "doc/award", "entries", 1), ("derivations", "doc/award", "entries", 1, "step"),
    ("assessment", "decisions"), ("assessment", "decisions", 0), ("assessment", "totals"),
    ("made_by", "core"), ("options", "only"), ("facts", "written", "applicant"),
]  # fmt: skip


@pytest.mark.parametrize(
    "value", [None, 0, "", [], [[]], {}, {"unknown": 1}, [None], [{"fact": 1}]]
)
@pytest.mark.parametrize("at", PLACES, ids=str)
def test_any_shape_anywhere_is_a_finding(at: tuple[str | int, ...], value: Any) -> None:
    issued, at_hand = small()
    raw = odd(issued.data, at, value)
    try:
        done = verify(read_receipt(raw), at_hand)
    except ReceiptError:
        return
    assert done.verdict is Verdict.DIFFERENT or raw == issued.raw
    assert all(finding.zh and finding.message for finding in done.findings)


def test_a_cause_that_some_incentives_share_names_them() -> None:
    found = [
        Difference("parameter cap", "1元", "2元", one, clause=one.upper()) for one in ("a", "b")
    ]
    found += [Difference("parameter cap", "1元", "3元", "c", clause="C"), Difference("on", 1, 2)]
    told = shared_findings(found, 4)
    assert [finding.code for finding in told] == ["E605", "E605", "E603"]
    assert told[0].message == (
        "parameter cap: the receipt has 1元, replayed it is 2元; in 2 incentives: a, b"
    )
    assert told[0].zh == "parameter cap：凭证为 1元，重算为 2元；涉及2项：a、b"
    assert told[1].message == "c, C: parameter cap: the receipt has 1元, replayed it is 3元"
