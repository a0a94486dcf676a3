"""Attacks and accidents in profiles, each row of the threat list tried."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from tests.small import (
    ENTRY,
    VOCABULARY,
    amount,
    assess,
    book,
    decide,
    entry,
    parameters,
    profile,
    rules,
)

from incentives.diagnostics import ProfileError, Source
from incentives.engine.amounts import MoneyRange
from incentives.rulebook.profile import Profile, parse_profile
from incentives.values.money import Money
from incentives.values.unknown import Unknown

SPEND = ENTRY + amount(base="applicant.spend", rate="14.5%")
VOCAB = VOCABULARY.replace(
    "honest =", 'code = { type = "text", label = { zh = "代码" }, check = "uscc" }\nhonest ='
)


def refused(facts: dict[str, Any], vocabulary: str = VOCABULARY) -> str:
    """Return the code and sentence of the one error."""
    with pytest.raises(ProfileError) as found:
        book(SPEND, vocabulary=vocabulary).profile(profile(facts))
    (finding,) = found.value.findings
    return f"{finding.code} {finding.message} {finding.help or ''}"


@pytest.mark.parametrize("value", [0.1 + 0.2, 0.145, 1.0, -0.0, 1e300])
def test_threat_16_floats_are_refused(value: float) -> None:
    for fact in ("spend", "share", "staff", "balance"):
        assert refused({fact: value}).startswith("E310")
    assert 'write it as text: "0.145元"' in refused({"spend": 0.145})
    assert "as text" not in refused({"spend": 1e300})  # that text would be refused too


@pytest.mark.parametrize("value", [Decimal("0.1"), Fraction(1, 3), 1j, b"1", object(), {1, 2}])
def test_threat_16_other_numbers_of_python_are_refused_not_guessed(value: Any) -> None:
    assert refused({"spend": value}).startswith("E313")


def test_threat_17_truth_and_number_are_not_confused() -> None:
    for fact in ("staff", "spend", "share"):
        assert refused({fact: True}).startswith("E311")
    for value in ("1", "true", "是", 1, 0):
        assert refused({"small": value}).startswith("E315")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_threat_18_not_a_number_and_infinity_are_refused(value: float) -> None:
    text = refused({"balance": value})
    assert text.startswith("E310")
    assert "as text" not in text
    for word in ("NaN", "sNaN", "Infinity", "-inf"):
        assert refused({"balance": word}).startswith("E31")


def test_threat_18_minus_zero_is_zero() -> None:
    found = decide(ENTRY + amount(formula="applicant.balance"), {"balance": "-0元"})
    assert str(found.amount) == "0.00元"


def test_threat_19_negative_amounts_need_a_signed_fact() -> None:
    assert refused({"spend": "-0.01元"}).startswith("E316")
    assert refused({"staff": -1}).startswith("E316")
    assert refused({"share": "-1%"}).startswith("E316")
    assert book(SPEND).profile(profile({"balance": "-1元"})).applicant["balance"] == -100


@pytest.mark.parametrize("value", ["5000", "1.5", 5000, "５０００", "1,000"])
def test_threat_20_money_without_a_unit_is_refused(value: Any) -> None:
    assert refused({"spend": value}).startswith("E312")


def test_threat_20_full_width_digits_are_read_and_kept() -> None:
    found = book(SPEND).profile(profile({"spend": "５００万元"}))
    assert found.applicant["spend"] == Money.parse("500万元").fen
    assert found.data["applicant"]["spend"] == "５００万元"


@pytest.mark.parametrize("value", ["1.000,00元", "1,00元", "1 000元", "约5万元", "5万", "万元", "1_000元",
                                   "٣元", "1e6元", "5万元5千元", "0x10元", "+-5元", "５00万圆"])  # fmt: skip
def test_threat_21_ambiguous_amounts_are_errors_never_guesses(value: str) -> None:
    assert refused({"spend": value}).startswith(("E313", "E314"))


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
def test_threat_22_blank_is_unknown(value: Any) -> None:
    found = decide(SPEND, {"spend": value})
    assert found.amount is None
    assert found.missing == ("applicant.spend",)


@pytest.mark.parametrize("value", ["/", "无", "N/A", "-", "null", "待定"])
def test_threat_22_words_for_nothing_are_neither_zero_nor_unknown(value: str) -> None:
    assert refused({"spend": value}).startswith(("E313", "E314"))


def test_threat_23_contradictions_are_refused() -> None:
    for name, text in (("p.json", '{"applicant": {"spend": "5元", "spend": "6元"}}'),
                       ("p.toml", '[applicant]\nspend = "5元"\nspend = "6元"\n')):  # fmt: skip
        with pytest.raises(ProfileError):
            parse_profile(Source(name, text))
    with pytest.raises(ProfileError, match="E304"):
        book(SPEND).profile({"contract": [{"no": "1", "paid": "5元"}, {"no": "1", "paid": "6元"}]})
    twice = {"applicant": {"revenue": {2024: "5元", "2024": "6元"}}}
    with pytest.raises(ProfileError):
        book(SPEND).profile(twice)


def test_threat_24_unknown_facts_are_errors_or_warnings_when_allowed() -> None:
    assert "did you mean `spend`?" in refused({"spendd": "1元"})
    found = assess(SPEND, {"spendd": "1元"}, allow_extra=True)
    assert [warning.code for warning in found.warnings] == ["E307"]


@pytest.mark.parametrize("value", ["2023-02-29", "2024/13/01", 45292, "45292", "01/02/2024",
                                   "2024-05-01T00:00:00+08:00", "20240501", "昨天"])  # fmt: skip
def test_threat_25_only_dates_are_dates(value: Any) -> None:
    assert refused({"founded_on": value}).startswith("E313")


def test_threat_25_times_of_day_are_refused_and_partial_dates_are_ranges() -> None:
    midnight = datetime(2024, 5, 1, tzinfo=UTC)
    assert refused({"founded_on": midnight}).startswith("E319")
    with pytest.raises(TypeError, match="date"):
        book(SPEND).assess(profile(), midnight)
    value = book(SPEND).profile(profile({"founded_on": "2024年5月"})).applicant["founded_on"]
    assert isinstance(value, Unknown)
    assert (value.lo, value.hi) == (date(2024, 5, 1), date(2024, 5, 31))


@pytest.mark.parametrize("code", ["9.11E+17", "9.11101E+17", "91110000600037341A", "911100006000373",
                                  "91110000600037341l", "91110000６00037341L"])  # fmt: skip
def test_threat_26_a_wrong_credit_code_is_refused_and_explained(code: str) -> None:
    text = refused({"code": code}, VOCAB)
    assert text.startswith("E323")
    if "E+" in code:
        assert "spreadsheet" in text


def test_threat_27_a_cap_over_time_needs_the_past_and_an_absent_past_is_unknown() -> None:
    body = ENTRY + parameters(cap='"100元"') + amount(fixed="80元")
    body += "[[incentive.total]]\ncap = 'cap'\nper = \"lifetime\"\n"
    open_ = decide(body)
    assert open_.amount is None
    assert open_.missing == ("received",)
    assert open_.range == MoneyRange(Money(0), Money(8000))
    paid = {"incentive": "doc/award", "amount": "50元", "year": 2020}
    assert str(decide(body, {"received": [paid]}).amount) == "50.00元"
    assert str(decide(body, {"received": []}).amount) == "80.00元"
    assumed = assess(body, assume_no_history=True)
    assert str(assumed["doc/award"].amount) == "80.00元"
    assert "history" in {note.about for note in assumed.assumptions}


def test_threat_27_an_item_listed_twice_is_refused() -> None:
    with pytest.raises(ProfileError, match="E304"):
        book(SPEND).profile({"contract": [{"no": "2024-1"}, {"no": "2024-1"}]})


def test_threat_28_a_cap_over_items_takes_the_gain_out_of_splitting_a_project() -> None:
    body = entry(each='"contract"') + amount(base="contract.paid", rate="10%", cap="20元")
    body += "[[incentive.total]]\ncap = '20元'\nby = 'contract.result'\n"
    whole = [{"no": "1", "paid": "400元", "result": "a"}]
    parts = [{"no": str(at), "paid": "100元", "result": "a"} for at in range(4)]
    assert decide(body, {"contract": whole}).amount == decide(body, {"contract": parts}).amount


def test_threat_41_the_host_s_decimal_context_has_no_effect() -> None:
    before = decide(SPEND, {"spend": "1234567.85元"}).to_dict()
    with localcontext() as context:
        context.prec, context.rounding = 2, "ROUND_UP"
        assert decide(SPEND, {"spend": "1234567.85元"}).to_dict() == before


def test_facts_are_never_changed_by_an_assessment() -> None:
    data = profile({"spend": "1元", "contract": [{"no": "1"}]})
    kept = repr(data)
    vocabulary = rules(SPEND).vocabulary
    checked = Profile(data, vocabulary)
    first = book(SPEND).assess(checked, date(2024, 6, 1)).to_dict()
    assert book(SPEND).assess(checked, date(2024, 6, 1)).to_dict() == first
    assert repr(data) == kept


@pytest.mark.parametrize("char", ["\n", "\x1b", "\u200b", "\u202e", "\u2028", "\u2029", "\ue000"])
def test_threat_12_a_name_holds_nothing_invisible(char: str) -> None:
    assert refused({"name": f"甲{char}乙"}).startswith("E322")


def test_facts_without_end_end_in_one_error_soon() -> None:
    began = time.perf_counter()
    many = {f"x{at}": 1 for at in range(200_000)}
    with pytest.raises(ProfileError) as found:
        assess(SPEND, many)
    assert [each.code for each in found.value.findings] == ["E307"] * 100 + ["E329"]
    for name in ("甲" * 5_000_000, "9" * 5_000_000 + "元"):
        with pytest.raises(ProfileError, match="E328"):
            assess(SPEND, {"name": name})
        with pytest.raises(ProfileError, match="E328"):
            assess(SPEND, {"spend": {"at_least": name}})
    assert time.perf_counter() - began < 5
