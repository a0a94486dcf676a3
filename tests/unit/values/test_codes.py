"""Codes: regions and industries nest, and a mistyped firm code is refused."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.values.codes import (
    COUNTRY,
    DIVISIONS,
    SECTIONS,
    CodeError,
    industry_within,
    is_industry,
    is_region,
    region_level,
    region_within,
    uscc_check,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGIONS = [COUNTRY, "640000", "640200", "640202", "640205", "640100", "640104", "110000", "110105"]
INDUSTRIES = ["C", "C39", "C391", "C3911", "C3912", "39", "391", "C38", "I", "I65", "65", "6513"]


def with_check_character(body: str) -> str:
    """Append the check character, by the standard's own formula."""
    total = sum(ALPHABET.index(char) * 3**place for place, char in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


firm_codes = st.text(alphabet=ALPHABET, min_size=17, max_size=17).map(with_check_character)


@pytest.mark.parametrize(
    ("code", "level"), [(COUNTRY, 0), ("640000", 1), ("640200", 2), ("640202", 3), ("429004", 3)]
)
def test_region_levels(code: str, level: int) -> None:
    assert region_level(code) == level
    assert is_region(code)


@pytest.mark.parametrize(
    "code", ["", "64", "6402001", "06020x", "064020", "６４０２００", "640200\n"]
)
def test_what_is_no_region(code: str) -> None:
    assert not is_region(code)
    with pytest.raises(CodeError, match="six digits"):
        region_level(code)


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("640202", "640202", True),
        ("640202", "640200", True),
        ("640202", "640000", True),
        ("640202", COUNTRY, True),
        (COUNTRY, COUNTRY, True),
        ("640104", "640200", False),
        ("110000", "640200", False),
        ("640205", "640202", False),
        ("640000", "640200", None),
        ("640200", "640202", None),
        (COUNTRY, "640000", None),
    ],
)
def test_regions_nest(code: str, ancestor: str, expected: bool | None) -> None:
    assert region_within(code, ancestor) is expected


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("C39", "C", True),
        ("C3911", "C39", True),
        ("3911", "C", True),
        ("3911", "C39", True),
        ("C39", "39", True),
        ("C39", "C3911", None),
        ("C", "39", None),
        ("C38", "C39", False),
        ("I65", "C", False),
        ("C", "I", False),
    ],
)
def test_industries_nest(code: str, ancestor: str, expected: bool | None) -> None:
    assert industry_within(code, ancestor) is expected


@pytest.mark.parametrize(
    ("codes", "within"), [(REGIONS, region_within), (INDUSTRIES, industry_within)]
)
def test_within_is_an_order(codes: list[str], within: object) -> None:
    """Reflexive and transitive; unknown exactly where the other one lies strictly inside."""
    if not callable(within):
        raise TypeError
    for a in codes:
        assert within(a, a) is True
    for a, b, c in product(codes, repeat=3):
        if within(a, b) is True and within(b, c) is True:
            assert within(a, c) is True
        assert (within(a, b) is None) == (within(b, a) is True and within(a, b) is not True)


@pytest.mark.parametrize(
    "code", ["A39", "C99", "C3", "39111", "c39", "U", "", "C39111", "00", "98"]
)
def test_what_is_no_industry(code: str) -> None:
    assert not is_industry(code)
    with pytest.raises(CodeError):
        industry_within(code, "C")
    with pytest.raises(CodeError):
        industry_within("C", code)


@pytest.mark.parametrize("code", INDUSTRIES)
def test_what_is_an_industry(code: str) -> None:
    assert is_industry(code)


def test_the_classification_is_complete() -> None:
    assert "".join(SECTIONS) == "ABCDEFGHIJKLMNOPQRST"
    assert list(DIVISIONS) == [f"{number:02d}" for number in range(1, 98)]
    assert all(zh and en for zh, en in SECTIONS.values())
    order = [section for section, _ in DIVISIONS.values()]
    assert order == sorted(order)
    assert set(order) == set(SECTIONS)
    assert len({name for _, name in DIVISIONS.values()}) == 97
    last = {section: code for code, (section, _) in DIVISIONS.items()}
    # the standard's remarks on its sections: “本门类包括44～46大类” and so on
    assert "".join(last.values()) == "0512434650526062656970727579828385909697"


@pytest.mark.parametrize(
    ("division", "section", "name"),
    [
        ("01", "A", "农业"),
        ("13", "C", "农副食品加工业"),
        ("27", "C", "医药制造业"),
        ("39", "C", "计算机、通信和其他电子设备制造业"),
        ("43", "C", "金属制品、机械和设备修理业"),
        ("65", "I", "软件和信息技术服务业"),
        ("73", "M", "研究和试验发展"),
        ("79", "N", "土地管理业"),
        ("97", "T", "国际组织"),
    ],
)
def test_divisions(division: str, section: str, name: str) -> None:
    assert DIVISIONS[division] == (section, name)


@given(code=firm_codes)
def test_a_right_check_character_is_accepted(code: str) -> None:
    uscc_check(code)


def test_a_published_code_is_accepted() -> None:
    uscc_check("91110000802100433B")  # as its holder prints it on invoices


@given(code=firm_codes, place=st.integers(0, 17), char=st.sampled_from(ALPHABET))
def test_law_33_every_single_substitution_is_detected(code: str, place: int, char: str) -> None:
    changed = code[:place] + char + code[place + 1 :]
    if changed != code:
        with pytest.raises(CodeError, match="check character"):
            uscc_check(changed)


@given(code=firm_codes, place=st.integers(0, 16))
def test_law_33_every_swap_of_neighbours_is_detected(code: str, place: int) -> None:
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if changed != code:
        with pytest.raises(CodeError, match="check character"):
            uscc_check(changed)


def test_law_33_the_weights_make_that_certain() -> None:
    """31 is prime: a fault is seen if no weight, and no difference of neighbours, is 0."""
    weights = [pow(3, place, 31) for place in range(17)] + [1]  # the check character counts once
    assert all(weights)
    assert all((a - b) % 31 for a, b in pairwise(weights))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("9.11E+17", "spreadsheet"),
        ("9.11101085513851E+17", "spreadsheet"),
        ("9e17", "spreadsheet"),
        ("", "18 characters, not 0"),
        ("640200000012345", "before 2015"),
        ("91110000 8021 0043 3B", "remove spaces"),
        (" 91110000802100433B", "remove spaces"),
        ("91110000802100433b", "character 18 is `b`: write capital letters"),
        ("9111000080210043OB", "character 17 is `O`: the letters I, O, S, V and Z never occur"),
        ("9111000080210043３B", "only digits and capital letters"),
        ("91110000802100433C", "check character does not fit"),
    ],
)
def test_wrong_firm_codes_are_explained(code: str, message: str) -> None:
    with pytest.raises(CodeError, match=message):
        uscc_check(code)
