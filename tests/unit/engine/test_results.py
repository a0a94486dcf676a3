"""What a caller gets: answers, items, ranges, totals, readings, findings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.small import ENTRY, ON, amount, assess, book, decide, entry, parameters, profile, when

from incentives.diagnostics import InternalError, UnknownIncentiveError
from incentives.engine.amounts import MoneyRange, money_of, range_of, whole_fen
from incentives.engine.outcome import Status
from incentives.values.money import Money
from incentives.values.unknown import Unknown

FIXED = amount(fixed="1元")
TWO = ENTRY + when("applicant.small") + FIXED + entry("other") + amount(fixed="2元")
ITEMS = entry(each='"contract"') + when("contract.ok", "ok") + amount(formula="contract.paid")


def test_an_assessment_is_a_mapping_by_id_and_iterable() -> None:
    found = assess(TWO, {"small": True})
    assert len(found) == 2
    assert "doc/award" in found
    assert "doc/none" not in found
    assert [d.incentive for d in found] == ["doc/award", "doc/other"] == found.ids
    assert found.decisions[0] is found["doc/award"]
    assert repr(found) == "<Assessment on 2024-06-01: 2 of 2 eligible>"
    assert repr(found["doc/award"]) == "<Decision doc/award: eligible, 1.00元>"
    with pytest.raises(UnknownIncentiveError, match="did you mean 'doc/award'"):
        found["doc/awrd"]
    with pytest.raises(UnknownIncentiveError, match="did you mean 'doc/other'"):
        found["other"]


def test_only_reports_and_totals_what_is_asked_for() -> None:
    found = assess(TWO, {"small": True}, only=["doc/award"])
    assert found.ids == ["doc/award"]
    assert found.totals.exact == Money(100)
    with pytest.raises(UnknownIncentiveError):
        found["doc/other"]
    with pytest.raises(UnknownIncentiveError):
        assess(TWO, only=["doc/none"])
    with pytest.raises(TypeError):
        book(TWO).assess(profile(), "2024-06-01")  # type: ignore[arg-type]


def test_totals_keep_entitlements_and_ceilings_apart() -> None:
    body = (
        TWO + entry("ceiling", entitlement='"up_to"') + amount(fixed="5元")
        + entry("loan", kind='"loan"') + amount(fixed="100元")
        + entry("theirs", paid_to='{ zh = "高校" }') + amount(fixed="100元")
        + entry("status", kind='"treatment"', entitlement='"none"')
    )  # fmt: skip
    totals = assess(body, {"small": True}).totals
    assert (totals.exact, totals.ceiling) == (Money(300), Money(500))
    open_ = assess(body).totals
    assert open_.exact is None
    assert open_.range == MoneyRange(Money(200), Money(300))
    assert not open_.range.is_point
    unbounded = body + entry("case", entitlement='"case_by_case"')
    assert assess(unbounded).totals.ceiling is None


def test_an_item_has_its_own_answer() -> None:
    rows = [
        {"no": "a", "ok": True, "paid": "1元"}, {"no": "b", "ok": False, "paid": "2元"},
        {"no": "c", "paid": "4元"}, {"ok": True},
    ]  # fmt: skip
    decision = decide(ITEMS, {"contract": rows})
    assert decision.status is Status.ELIGIBLE
    shown = [(item.key, item.status, item.failed, item.missing) for item in decision.items]
    assert shown == [
        ("a", "eligible", (), ()), ("b", "ineligible", ("ok",), ()),
        ("c", "undetermined", (), ("contract[c].ok",)),
        ("4", "eligible", (), ("contract[4].paid",)),
    ]  # fmt: skip
    first, _, third, last = decision.items
    assert (first.index, first.amount, first.reason) == (0, Money(100), None)
    assert third.range == MoneyRange(Money(0), Money(400))
    assert last.range == MoneyRange(Money(0), None)
    assert repr(first) == "<Item a: eligible, 1.00元>"
    assert decision.range == MoneyRange(Money(100), None)
    assert decision.missing == ("contract[4].paid", "contract[c].ok")


def test_an_absent_list_is_open_and_an_empty_one_is_not() -> None:
    absent = decide(ITEMS)
    assert (absent.status, absent.missing) == (Status.UNDETERMINED, ("contract",))
    assert absent.range == MoneyRange(Money(0), None)
    none = decide(ITEMS, {"contract": []})
    assert (none.status, none.failed, none.amount) == (Status.INELIGIBLE, ("items",), Money(0))
    assert [c.id for c in none.conditions if c.outcome == "failed"] == ["items"]


def test_readings_are_reported_one_at_a_time() -> None:
    body = ENTRY + parameters(rate='"10%"') + amount(base="applicant.spend", rate="rate") + (
        '[[incentive.reading]]\nid = "narrow"\nsays = { zh = "窄" }\ndefault = true\n'
        '[[incentive.reading]]\nid = "wide"\nsays = { zh = "宽" }\nconfidence = "low"\n'
        'parameters = { rate = "20%" }\n'
        '[[incentive.reading]]\nid = "small"\nsays = { zh = "小微" }\n'
        '[[incentive.reading.condition]]\nid = "s"\nwhen = "applicant.small"\nsays = { zh = "小" }\n'
    )  # fmt: skip
    decision = decide(body, {"spend": "100元", "small": False})
    shown = [(r.id, r.default, str(r.status), str(r.amount)) for r in decision.readings]
    assert shown == [("narrow", True, "eligible", "10.00元"), ("wide", False, "eligible", "20.00元"),
                     ("small", False, "ineligible", "0.00元")]  # fmt: skip


def test_a_zero_divisor_is_a_finding_and_loses_no_other_decision() -> None:
    body = ENTRY + amount(formula="applicant.spend / applicant.staff") + entry("other") + FIXED
    found = assess(body, {"spend": "1元", "staff": 0})
    decision = found["doc/award"]
    assert (decision.status, decision.amount) == (Status.ELIGIBLE, None)
    assert [fault.code for fault in decision.findings] == ["zero-divisor"]
    assert found["doc/other"].amount == Money(100)
    shown = ENTRY + when("applicant.spend / applicant.staff > 0") + FIXED
    open_ = decide(shown, {"spend": "1元", "staff": 0})
    assert (open_.status, open_.missing) == (Status.UNDETERMINED, ())
    assert open_.findings[0].code == "zero-divisor"


def test_a_decided_amount_replaces_the_ceiling_and_one_above_it_is_ignored() -> None:
    body = entry(entitlement='"up_to"') + amount(fixed="5元")
    record = {"incentive": "doc/award", "amount": "3元", "decided_on": date(2024, 5, 1)}
    assert decide(body, {"decided": [record]}).amount == Money(300)
    later = {**record, "amount": "4元", "decided_on": date(2024, 5, 2)}
    assert decide(body, {"decided": [later, record]}).amount == Money(400)
    future = {**record, "decided_on": date(2025, 1, 1)}
    assert decide(body, {"decided": [future]}).is_ceiling
    above = decide(body, {"decided": [{**record, "amount": "6元"}]})
    assert above.is_ceiling
    assert [fault.code for fault in above.findings] == ["decided-above-ceiling"]
    assert decide(body).is_ceiling
    assert decide(body).range == MoneyRange(Money(0), Money(500))


def test_an_override_replaces_what_it_names_while_it_applies() -> None:
    body = ENTRY + FIXED + entry(
        "other", overrides='[{ incentive = "doc/award", when = \'applicant.small\' }]'
    ) + amount(fixed="2元")  # fmt: skip
    assert decide(body, {"small": True}).reason == "superseded"
    assert decide(body, {"small": False}).status is Status.ELIGIBLE
    open_ = decide(body)
    assert (open_.status, open_.missing) == (Status.UNDETERMINED, ("applicant.small",))
    both = body + entry("third", overrides='["doc/award"]') + amount(fixed="3元")
    conflict = decide(both, {"small": True})
    assert [fault.code for fault in conflict.findings] == ["override-conflict"]


def test_once_looks_at_the_past() -> None:
    body = entry(once='"year"') + FIXED
    paid = {"incentive": "doc/award", "amount": "1元", "year": 2024}
    assert decide(body, {"received": [paid]}).failed == ("once",)
    assert decide(body, {"received": [{**paid, "year": 2023}]}).status is Status.ELIGIBLE
    assert decide(body).missing == ("received",)


def test_drafts_are_a_second_pass_and_never_in_totals() -> None:
    from tests.small import HEAD

    draft = (
        HEAD.replace('"doc"', '"plan"').replace("in_force", "draft") + entry() + amount(fixed="9元")
    )
    found = assess(ENTRY + FIXED, more=draft, drafts=True)
    assert found["plan/award"].amount == Money(900)
    assert found["plan/award"].is_draft
    assert found.totals.exact == Money(100)
    assert assess(ENTRY + FIXED, more=draft)["plan/award"].reason == "draft"


def test_what_is_assumed_is_said() -> None:
    head = ('format = 1\n[document]\nid = "doc"\ntitle = { zh = "文件" }\nissuer = { zh = "市" }\n'
            'jurisdiction = "640200"\nlegal_status = "in_force"\n'
            'rounding = { to = "1元", mode = "half_even", basis = "assumed" }\n')  # fmt: skip
    found = assess(ENTRY + FIXED, head=head, assume_no_history=True)
    assert [note.about for note in found.assumptions] == ["history", "effective-from", "rounding"]
    assert "四舍六入五成双" in found.assumptions[2].says.zh
    assert assess(ENTRY + FIXED).assumptions == ()


def test_awards_and_statuses_of_others_are_read() -> None:
    body = (
        ENTRY + amount(formula='award("doc/other") * half') + parameters(half='"50%"')
        + when('granted("doc/other")')
        + entry("other") + when("applicant.small") + amount(formula="applicant.spend")
    )  # fmt: skip
    body = body.replace(amount(formula='award("doc/other") * half') + parameters(half='"50%"'),
                        parameters(half='"50%"') + amount(formula='award("doc/other") * half'))  # fmt: skip
    assert decide(body, {"small": True, "spend": "1元"}).amount == Money(50)
    assert decide(body, {"small": False}).status is Status.INELIGIBLE
    assert decide(body, {"spend": "1元"}).missing == ("applicant.small",)


@pytest.mark.parametrize("fen", [-1, 0.5])
def test_an_amount_that_is_no_whole_fen_is_our_fault(fen: Any) -> None:
    with pytest.raises(InternalError):
        whole_fen(fen)


def test_ranges_and_amounts_of_values() -> None:
    assert money_of(None) is None
    assert money_of(Unknown(lo=0)) is None
    assert range_of(None) is None
    assert range_of(Unknown(hi=5)) == MoneyRange(Money(0), Money(5))
    assert decide(ENTRY + FIXED, on=ON).range.is_point


def test_one_text_is_no_list_of_incentives() -> None:
    with pytest.raises(TypeError, match="list of ids"):
        book(entry() + amount(fixed="1万元")).assess({}, ON, only="doc/award")
