"""Every finding about an expression: its whole text, and a good neighbour that loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.golden import check_both
from tests.small import ENTRY, amount, entry, faults, parameters, rules, when

GOLDEN = Path(__file__).with_name("findings.txt")
FIXED = amount(fixed="1元")
LISTS = parameters(limit='"100万元"', listed='["firm", "centre"]', odd='["firm", "shop"]',
                   places='["640200"]', steps="[5, 10]", rate='"10%"', few="2", span='"3 years"',
                   big="200")  # fmt: skip
PER_ITEM = entry(each='"contract"')
LONG = "applicant.small" + " and applicant.small" * 120
WIDE = "on == on" + " and on == on" * 70

# name → a condition that is refused, and one that is not
CONDITIONS = {
    "E210 too long": (LONG, "applicant.small"),
    "E211 too many parts": (WIDE, "applicant.small and applicant.honest"),
    "E212 construct": ("(lambda: applicant.small)", "applicant.small"),
    "E212 list": ('applicant.kind in ["firm"]', 'applicant.kind in {"firm"}'),
    "E212 keyword argument": ("any(x=applicant.small)", "any(applicant.small)"),
    "E212 method": ("applicant.name.upper() == applicant.name", "applicant.name == applicant.name"),
    "E212 slice without sum": ("applicant.revenue[year - 2 : year] > 0",
                               "sum(applicant.revenue[year - 2 : year]) > 0"),
    "E212 subscript of a name": ("limit[0] > 0", "limit > 0"),
    "E212 subscript of a single fact": ("applicant.spend[year - 1] > 0", "applicant.spend > 0"),
    "E212 plus sign": ("+applicant.spend > 0", "-applicant.spend < 0"),
    "E212 is": ("applicant.small is applicant.honest", "applicant.small == applicant.honest"),
    "E212 true": ("applicant.small == True", "applicant.small"),
    "E212 operator": ("applicant.staff % few == 0", "applicant.staff * few == 0"),
    "E212 in a tuple": ('applicant.kind in "firm"', 'applicant.kind in {"firm"}'),
    "E212 entity alone": ("applicant == applicant", "applicant.small == applicant.honest"),
    "E212 text alone": ('"firm" == "firm"', '"firm" == applicant.kind'),
    "E212 set alone": ('{"firm"} == applicant.kind', '"firm" == applicant.kind'),
    "E212 bound name taken": ("any(limit.ok for limit in contract)",
                              "any(c.ok for c in contract)"),
    "E212 comprehension over a name": ("any(c.ok for c in limit)", "any(c.ok for c in contract)"),
    "E212 two loops": ("any(c.ok for c in contract for d in contract)",
                       "any(c.ok for c in contract)"),
    "E212 comprehension in max": ("max(c.paid for c in contract) > 0",
                                  "sum(c.paid for c in contract) > 0"),
    "E212 open span of years": ("sum(applicant.revenue[: year]) > 0",
                                "sum(applicant.revenue[year - 1 : year]) > 0"),
    "E212 span of a single fact": ("sum(applicant.spend[year - 1 : year]) > 0",
                                   "sum(applicant.revenue[year - 1 : year]) > 0"),
    "E212 within a list": ("within(applicant.region, places)",
                           "applicant.region in places"),
    "E212 rounding mode": ('round_to(applicant.spend, limit, "nearest") > 0',
                           'round_to(applicant.spend, limit, "half_up") > 0'),
    "E212 quantum of nothing": ('round_to(applicant.staff, 0, "half_up") > 0',
                                'round_to(applicant.staff, 1, "half_up") > 0'),
    "E212 time of received": ('received("doc/award", "month") > 0',
                              'received("doc/award", "year") > 0'),
    "E212 comment": ("applicant.small # and applicant.honest",
                     "applicant.small and applicant.honest"),
    "E212 comma forgotten": ('applicant.name in {"a" "b"}', 'applicant.name in {"a", "b"}'),
    "E212 async": ("any(c.ok async for c in contract)", "any(c.ok for c in contract)"),
    "E213 letters of another width": ("ａpplicant.small", "applicant.small"),
    "E213 full-width sign": ("applicant.spend ＞ limit", "applicant.spend > limit"),
    "E214 not an expression": ("applicant.small and", "applicant.small"),
    "E214 one equals sign": ("applicant.spend = limit", "applicant.spend == limit"),
    "E214 C operators": ("applicant.small && applicant.honest",
                         "applicant.small and applicant.honest"),
    "E214 bracket left open": ('(applicant.kind == "(" and applicant.small',
                               '(applicant.kind == "firm" and applicant.small)'),
    "E214 quotation mark left open": ('applicant.kind == "firm', 'applicant.kind == "firm"'),
    "E215 figure": ("applicant.staff > 40", "applicant.staff > few"),
    "E215 decimal": ("applicant.share > 0.5", "applicant.share > rate"),
    "E216 name": ("applicant.spend > limi", "applicant.spend > limit"),
    "E216 entity": ("aplicant.small", "applicant.small"),
    "E216 fact": ("applicant.smal", "applicant.small"),
    "E216 function": ("yaer_of(on) > 0", "year_of(on) > 0"),
    "E218 list": ("contract.ok", "any(c.ok for c in contract)"),
    "E219 series": ("applicant.revenue > 0", "applicant.revenue[year - 1] > 0"),
    "E219 absolute year": ("applicant.revenue[few] > 0", "applicant.revenue[year] > 0"),
    "E220 add": ("applicant.spend + applicant.share > 0", "applicant.spend + limit > 0"),
    "E220 subtract": ("applicant.spend - applicant.share > 0", "applicant.spend - limit > 0"),
    "E220 add a duration": ("applicant.founded_on + span > on",
                            "add(applicant.founded_on, span) > on"),
    "E220 multiply": ("applicant.spend * limit > 0", "applicant.spend * rate > 0"),
    "E220 divide": ("applicant.staff / applicant.spend > 0", "applicant.spend / limit > 0"),
    "E220 power": ("applicant.spend ** few > 0", "applicant.share ** few > 0"),
    "E220 negate": ("-applicant.small", "not applicant.small"),
    "E220 branches": ("(limit if applicant.small else rate) > 0",
                      "(limit if applicant.small else limit) > 0"),
    "E220 not a truth": ("applicant.spend", "applicant.spend > 0"),
    "E220 truth needed": ("applicant.spend and applicant.small",
                          "applicant.spend > 0 and applicant.small"),
    "E220 sum of truths": ("sum(c.ok for c in contract) > 0", "count(c.ok for c in contract) > 0"),
    "E220 max of two kinds": ("max(applicant.spend, applicant.staff) > 0",
                              "max(applicant.spend, limit) > 0"),
    "E220 abs": ("abs(applicant.small) > 0", "abs(applicant.balance) > 0"),
    "E220 within": ('within(applicant.kind, "640000")', 'within(applicant.region, "640000")'),
    "E220 quantum": ('round_to(applicant.spend, rate, "up") > 0',
                     'round_to(applicant.spend, limit, "up") > 0'),
    "E221 choice": ('applicant.kind == "frim"', 'applicant.kind == "firm"'),
    "E221 choice in a list": ("applicant.kind in odd", "applicant.kind in listed"),
    "E221 region": ('applicant.region == "64"', 'applicant.region == "640200"'),
    "E221 industry": ('within(applicant.industry, "工业")', 'within(applicant.industry, "C39")'),
    "E222 compare": ("applicant.spend > applicant.share", "applicant.spend > limit"),
    "E222 no order": ('applicant.kind > "firm"', 'applicant.kind != "firm"'),
    "E222 in a list": ("applicant.spend in steps", "applicant.staff in steps"),
    "E222 in a set": ("applicant.spend in {rate, limit}", "applicant.spend in {limit}"),
    "E223 in no list": ("applicant.spend in limit", "applicant.staff in steps"),
    "E224 arguments": ("year_of(on, on) > 0", "year_of(on) > 0"),
    "E224 sum": ("sum(applicant.spend, limit) > 0", "sum(c.paid for c in contract) > 0"),
    "E224 max of one": ("max(applicant.spend) > 0", "max(applicant.spend, limit) > 0"),
    "E224 any of none": ("any()", "any(applicant.small)"),
    "E224 name of an incentive": ("received(limit, few) > 0",
                                  'received("doc/award", "lifetime") > 0'),
}  # fmt: skip


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_bad_condition_is_explained_and_its_neighbour_loads(name: str) -> None:
    bad, good = CONDITIONS[name]
    text = check_both(GOLDEN, name, faults(ENTRY + LISTS + when(bad) + FIXED))
    assert text.startswith(f"error[{name[:4]}]"), text
    assert re.search(r"--> a\.toml:\d+:\d+\n", text)
    rules(ENTRY + LISTS + when(good) + FIXED)


DEFINED = """\
[[definition]]
id = "first"
name = {{ zh = "甲", en = "First" }}
value = '{0}'
[[definition]]
id = "second"
name = {{ zh = "乙", en = "Second" }}
value = '{1}'
"""


def test_definitions_in_a_circle_are_refused() -> None:
    bad = DEFINED.format("second", "first") + ENTRY + FIXED
    check_both(GOLDEN, "E217 circle", faults(bad))
    rules(DEFINED.format("second", "applicant.spend") + ENTRY + FIXED)


def test_an_expression_nested_too_deeply_is_refused_not_crashed_on() -> None:
    bad = "(" * 300 + "applicant.small" + ")" * 300
    check_both(GOLDEN, "E214 too many parentheses", faults(ENTRY + when(bad) + FIXED))
    rules(ENTRY + when("((applicant.small))") + FIXED)


def test_the_column_is_a_column_of_the_file_behind_chinese_text() -> None:
    bad = 'applicant.name == "某公司" and applicant.smal'
    check_both(GOLDEN, "E216 behind Chinese", faults(ENTRY + when(bad) + FIXED))


def test_a_fact_of_the_item_is_known_where_the_item_is() -> None:
    rules(PER_ITEM + when("contract.ok") + FIXED)
    with_comprehension = "sum(c.paid for c in contract if c.ok) > contract.paid"
    rules(PER_ITEM + when(with_comprehension) + FIXED)
