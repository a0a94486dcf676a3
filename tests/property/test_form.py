"""Laws of the form: a profile written into it and read back is the same profile."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small import ENTRY, ON, amount, book

from incentives.office.answers import read_answer, write_answer
from incentives.rulebook.facts import read_fact
from incentives.tabular.cells import CellKind, exact_cell, text_cell
from incentives.values.types import Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.language.names import FactSpec
    from incentives.rulebook.profile import Profile

BOOK = book(ENTRY + amount(base="applicant.spend", rate="10%"))
VOCABULARY = BOOK.vocabulary
DAYS = st.integers(0, 20_000).map(lambda days: date(1990, 1, 1) + timedelta(days))
# What people write: no space at the ends, and none of the words that the form refuses.
WORDS = st.text("甲乙丙=+-@'\"0123456789.()（）有限公司<>&", min_size=3, max_size=30)


def values_of(spec: FactSpec) -> st.SearchStrategy[Any]:
    """Return what a fact can be, as the engine holds it."""
    low = -(10**15) if spec.lo is None else spec.lo
    high = 10**15 if spec.hi is None else spec.hi
    match spec.type.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.COUNT | Kind.MONEY:
            return st.integers(low, high)
        case Kind.RATIO:
            return st.fractions(0, 50, max_denominator=10**6) | st.integers(0, 10**6).map(
                lambda n: Fraction(n, 10**5)
            )
        case Kind.DATE:
            return DAYS
        case Kind.CHOICE:
            return st.sampled_from(sorted(spec.choices))
        case Kind.REGION:
            return st.sampled_from(["640200", "640221", "110000", "999999"])
        case Kind.INDUSTRY:
            return st.sampled_from(["C39", "C", "3911", "I65"])
        case _:
            return WORDS


@st.composite
def stated(draw: st.DrawFn, spec: FactSpec) -> Any:
    """Draw what a profile states of a fact: a value, or a range where it has an order."""
    value = draw(values_of(spec))
    if spec.type.kind not in {Kind.COUNT, Kind.MONEY, Kind.RATIO, Kind.DATE}:
        return value
    ends = sorted([value, draw(values_of(spec))])
    match draw(st.sampled_from(["one", "one", "from", "to", "between"])):
        case "from":
            return {"at_least": ends[0]}
        case "to":
            return {"at_most": ends[1]}
        case "between":
            return {"at_least": ends[0], "at_most": ends[1]}
        case _:
            return value


def written(spec: FactSpec, value: Any) -> Any:
    """Return a drawn value as a profile file would write it."""
    if isinstance(value, dict):
        return {end: written(spec, each) for end, each in value.items()}
    match spec.type.kind:
        case Kind.MONEY:
            return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}元"
        case Kind.RATIO:
            return f"{Fraction(value).numerator}/{Fraction(value).denominator}"
        case _:
            return value


def record(entity: str, names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    fields: dict[str, Any] = {}
    for name in names:
        spec = VOCABULARY.facts[entity, name]
        one = stated(spec).map(partial(written, spec))
        fields[name] = (
            st.dictionaries(st.sampled_from(["2021", "2024"]), one) if spec.series else one
        )
    return st.fixed_dictionaries({}, optional=fields)


APPLICANT = sorted(name for entity, name in VOCABULARY.facts if entity == "applicant")
PROFILES = st.fixed_dictionaries(
    {"applicant": record("applicant", APPLICANT)},
    optional={
        "contract": st.lists(record("contract", ["paid", "ok", "signed_on", "result"]), max_size=3),
        "received": st.lists(record("received", ["incentive", "amount", "year"]), max_size=2),
    },
)


def facts(profile: Profile) -> Any:
    """Return everything a profile says."""
    items = {
        name: None if found is None else [dict(each) for each in found]
        for name, found in profile.lists.items()
    }
    return {name: dict(each) for name, each in profile.records.items()}, items


@pytest.mark.parametrize("lang", ["zh", "en"])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=PROFILES)
def test_a_form_filled_in_from_a_profile_gives_the_same_facts(
    tmp_path: Path, lang: str, data: dict[str, Any]
) -> None:
    profile = BOOK.profile(data)
    BOOK.write_form(tmp_path / "form.xlsx", ON, lang=lang, profile=profile)
    assert facts(BOOK.profile(tmp_path / "form.xlsx")) == facts(profile)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(APPLICANT), lang=st.sampled_from(["zh", "en"]))
def test_an_answer_read_back_is_the_same_value(data: st.DataObject, name: str, lang: str) -> None:
    spec = VOCABULARY.facts["applicant", name]
    value = read_fact(spec, written(spec, data.draw(stated(spec))), "p")
    shown = write_answer(spec, value, VOCABULARY, lang)
    cell = exact_cell(shown, str(shown), 1, 1) if isinstance(shown, int) else text_cell(shown, 1, 1)
    raw = read_answer(spec, cell, VOCABULARY)
    again = read_fact(spec, raw, "p")
    assert again == value
    assert type(again) is type(value)


@given(st.sampled_from(APPLICANT), st.text(max_size=20))
def test_no_text_in_a_cell_breaks_the_reader(name: str, text: str) -> None:
    """Whatever stands there: a value, unknown, or one plain refusal."""
    spec = VOCABULARY.facts["applicant", name]
    cell = text_cell(text, 1, 1)
    if cell.kind is CellKind.ERROR:
        return
    try:
        raw = read_answer(spec, cell, VOCABULARY)
        value = read_fact(spec, raw, "p")
    except Exception as error:  # noqa: BLE001 - the class is what is tested
        assert type(error).__name__ == "FactError"
    else:
        assert raw is not None or isinstance(value, Unknown)
