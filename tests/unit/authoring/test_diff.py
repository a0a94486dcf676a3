"""What changed between two rulebooks: named with its clause, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.reference import generate
from tests.small import ENTRY, HEAD, VOCABULARY, amount, entry, rules, when

from incentives.authoring.diff import Entry, compare_rules, touched
from incentives.diagnostics import RulebookError, Source
from incentives.rulebook.digest import meaning_digest, text_digest
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from incentives.rulebook.model import Rules

RATE = "[incentive.parameters]\nrate = '10%'\ncap = [{ until = 2024-12-31, value = '20万元' }, { from = 2025-01-01, value = '30万元' }]\n"
BODY = (
    ENTRY
    + RATE
    + when("applicant.staff >= 1")
    + amount(base="applicant.spend", rate="rate", cap="cap")
)
SPLIT = """\
[[split]]
id = "s"
of = ["doc/award"]
residual = "640000"
clause = "六"
shares = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]
"""


def changes(old: Rules, new: Rules) -> list[tuple[str, str, str, str | None]]:
    """Return what, old and new, and the clause of every change, in English."""
    return [
        (f"{one.id} {change.what}", change.old.get("en"), change.new.get("en"), change.clause)
        for one in compare_rules(old, new)
        for change in one.changes
    ]


def changed(old: str, new: str, **keys: Any) -> list[tuple[str, str, str, str | None]]:
    body = BODY + SPLIT
    assert old in body
    return changes(rules(body, **keys), rules(body.replace(old, new), **keys))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("'10%'", "'12%'", ("doc/award amount parameter rate", "10%", "12%", "二")),
        (
            "value = '20万元'", "value = '25万元'",
            (
                "doc/award amount parameter cap",
                "… 2024-12-31: 200,000.00元; 2025-01-01 …: 300,000.00元",
                "… 2024-12-31: 250,000.00元; 2025-01-01 …: 300,000.00元", "二",
            ),
        ),
        (
            "applicant.staff >= 1", "applicant.staff > 1",
            ("doc/award conditions c", "applicant.staff >= 1", "applicant.staff > 1", "二"),
        ),
        (
            "applicant.staff >= 1", "applicant.staff >= 1 and applicant.honest",
            (
                "doc/award conditions c", "applicant.staff >= 1",
                "applicant.staff >= 1 and applicant.honest", "二",
            ),
        ),
        ('recipient = ["firm"]', 'recipient = ["firm", "other"]', None),
        ('kind = "award"', 'kind = "subsidy"', ("doc/award kind", "award", "subsidy", None)),
        (
            'entitlement = "exact"', 'entitlement = "up_to"', None,
        ),
        (
            'entitlement = "exact"', 'entitlement = "exact"\neffective = { from = 2021-01-01 }',
            ("doc/award period", "2020-01-01 … 2029-12-31", "2021-01-01 … 2029-12-31", "二"),
        ),
        ('share = "70%"', 'share = "70%" , payer = "640000"', "E"),
        ('residual = "640000"', 'residual = "local"', ("doc/s residual", "640000", "local", "六")),
        (
            "base = 'applicant.spend'", "base = 'applicant.spend * applicant.share'",
            (
                "doc/award amount", "applicant.spend", "applicant.spend * applicant.share", "二",
            ),
        ),
    ],
)  # fmt: skip
def test_a_change_is_named(old: str, new: str, found: Any) -> None:
    if found == "E":
        with pytest.raises(RulebookError):
            changed(old, new)
        return
    given = changed(old, new)
    assert given
    if found is not None:
        assert found in given, given


def test_shares_are_named_by_their_payer() -> None:
    given = changed(
        'share = "70%" }, { payer = "local", share = "30%"',
        'share = "60%" }, { payer = "local", share = "40%"',
    )
    assert given == [
        ("doc/s shares 640000 share", "70%", "60%", "六"),
        ("doc/s shares local share", "30%", "40%", "六"),
    ]


def test_a_condition_comes_and_goes() -> None:
    more = BODY + when("applicant.honest", id="honest")
    assert changes(rules(BODY), rules(more)) == [
        ("doc/award conditions honest", "(none)", "Condition [applicant.honest]", "二")
    ]
    assert changes(rules(more), rules(BODY))[0][1:3] == ("Condition [applicant.honest]", "(none)")


def test_incentives_and_facts_come_and_go() -> None:
    more = BODY + entry("other") + amount(fixed="1万元")
    fact = VOCABULARY + 'extra = { type = "bool", label = { zh = "另" } }\n'
    found = compare_rules(rules(BODY), rules(more, vocabulary=fact))
    assert [(one.kind, one.id, one.state) for one in found] == [
        ("incentive", "doc/other", "added"),
        ("fact", "contract.extra", "added"),
    ]
    assert [one.state for one in compare_rules(rules(more, vocabulary=fact), rules(BODY))] == [
        "removed", "removed",
    ]  # fmt: skip


def test_words_are_no_meaning() -> None:
    other = BODY.replace(
        'name = { zh = "奖励", en = "Award" }', 'name = { zh = "奖金", en = "Bonus" }'
    )
    assert [
        (one.id, one.state, one.changes) for one in compare_rules(rules(BODY), rules(other))
    ] == [("doc/award", "words", ())]
    told = "# a remark\n" + BODY
    assert compare_rules(rules(BODY), rules(told)) == ()


def test_a_new_end_of_the_document_is_told_once() -> None:
    later = HEAD.replace("2029-12-31", "2031-12-31")
    assert changes(rules(BODY), rules(BODY, head=later)) == [
        ("doc effective", "2020-01-01 … 2029-12-31", "2020-01-01 … 2031-12-31", None)
    ]


def test_a_definition_is_named() -> None:
    definition = "[[definition]]\nid = 'big'\nname = { zh = '大', en = 'big' }\nvalue = 'applicant.spend > limit'\n[definition.parameters]\nlimit = '1万元'\n"
    body = ENTRY + when("big") + amount(fixed="1元")
    old, new = (
        rules(body, head=HEAD + one) for one in (definition, definition.replace("1万元", "2万元"))
    )
    assert changes(old, new) == [
        (
            "doc/award conditions c definition 大 parameter limit",
            "10,000.00元",
            "20,000.00元",
            "二",
        )
    ]


def test_readings_tell_only_what_is_theirs() -> None:
    reading = "[[incentive.reading]]\nid = 'half'\nsays = { zh = '一半' }\namount.formula = 'applicant.spend * rate{0}'\n"
    two, three = reading.replace("{0}", ""), reading.replace("{0}", " * rate")
    old, new = rules(BODY + two), rules((BODY + three).replace("'10%'", "'12%'"))
    assert [what for what, *_ in changes(old, new)] == [
        "doc/award amount parameter rate", "doc/award readings half amount",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_there_is_a_difference_exactly_where_the_digests_differ(seed: int) -> None:
    """Of generated rulebooks with one figure changed, and with none."""
    files = generate.rulebook(seed)
    try:
        old = build_rules([Source(name, text) for name, text in files.items()])
    except RulebookError:
        return
    again = build_rules([Source(name, "# \n" + text) for name, text in files.items()])
    assert compare_rules(old, again) == ()
    for before, after in (
        ("'50万元'", "'51万元'"),
        ("<=", "<"),
        (" 3\n", " 2\n"),
        ("min(", "max("),
    ):
        other = {name: text.replace(before, after, 1) for name, text in files.items()}
        try:
            new = build_rules([Source(name, text) for name, text in other.items()])
        except RulebookError:
            continue
        found = compare_rules(old, new)
        meant = [one for one in found if one.state != "words"]
        assert bool(meant) == (meaning_digest(old) != meaning_digest(new))
        assert bool(found) == (text_digest(old) != text_digest(new))
        assert all(one.changes for one in meant if one.state == "changed")
        assert all(_is_told(one) for one in meant)


def _is_told(one: Entry) -> bool:
    return all(change.old != change.new for change in one.changes)


def test_what_a_change_touches() -> None:
    asks = (
        entry("asks")
        + amount(formula='award("doc/award") / share')
        + "[incentive.parameters]\nshare = 2\n"
    )
    group = (
        '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/mate"]\nrule = "highest"\nclause = "1"\n'
    )
    body = (
        BODY
        + asks
        + entry("mate")
        + amount(fixed="1元")
        + entry("free")
        + amount(fixed="1元")
        + group
    )
    old, new = rules(body), rules(body.replace("'10%'", "'12%'"))
    assert touched(old, new, compare_rules(old, new)) == {"doc/award", "doc/asks", "doc/mate"}
    assert touched(old, old, compare_rules(old, old)) == set()


def test_a_condition_turned_round_does_not_look_the_same() -> None:
    body = ENTRY + when("applicant.staff >= 1") + amount(fixed="1万元")
    (change,) = changes(rules(body), rules(body.replace("when = ", "unless = ", 1)))
    assert change[1:3] == ("applicant.staff >= 1", "not (applicant.staff >= 1)")
