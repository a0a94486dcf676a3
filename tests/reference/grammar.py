"""Every small expression there is, by family, and the values its facts take.

The vocabulary is that of `generate`. A family pairs expressions with pools: the values that each
fact they mention takes, `None` for unknown, a table for bounds.
"""

from __future__ import annotations

import itertools
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.reference.generate import MODES

if TYPE_CHECKING:
    from collections.abc import Iterator

ORDER: Final = ("<", "<=", ">", ">=", "==", "!=")
QUANTA: Final = {
    "fen": "0.01元", "jiao": "0.1元", "yuan": "1元", "ten": "10元", "hundred": "100元",
    "thousand": "1000元", "wan": "1万元",
}  # fmt: skip
DURATIONS: Final = {
    "months1": "1 month", "months6": "6 months", "months12": "12 months", "years1": "1 year",
    "years3": "3 years", "years4": "4 years", "days1": "1 day", "days90": "90 days",
    "days365": "365 days",
}  # fmt: skip
PARAMETERS: Final[dict[str, Any]] = {
    **QUANTA, **DURATIONS,
    "limit": "100万元", "unit": "0.03元", "debt": "-333.33元", "rate": "17.5%", "third": "1/3",
    "half": "1/2", "over": "7/3", "tick": "0.5%", "n0": 0, "n1": 1, "n2": 2, "n3": 3,
    "feb": date(2024, 2, 29), "jan": date(2023, 1, 31), "eve": date(2023, 12, 31),
    "here": "640200", "province": "640000", "county": "640221", "country": "100000",
    "makers": "C39", "class_c": "C", "words": ["firm", "other"], "places": ["640200", "650000"],
    "names": ["a", "b"], "trades": ["C39", "C391"],
    "stepped": [{"until": date(2024, 2, 28), "value": "50万元"},
                {"from": date(2024, 2, 29), "value": "200万元"}],
}  # fmt: skip
DAYS: Final = (
    date(2024, 6, 1), date(2023, 2, 28), date(2024, 1, 31), date(2024, 2, 29), date(2023, 12, 31),
    date(2100, 3, 1),
)  # fmt: skip

MONEY: Final = (
    "0元", "0.01元", "333.33元", "100万元", None, {"at_least": "50万元"},
    {"at_least": "0.01元", "at_most": "100万元"},
)  # fmt: skip
POOLS: Final[dict[str, tuple[Any, ...]]] = {
    "small": (True, False, None),
    "honest": (True, False, None),
    "kind": ("firm", "centre", "other", None),
    "name": ("a", "c", None),
    "region": ("640200", "640221", "640000", "650000", None),
    "industry": ("C39", "C391", "C", "I65", None),
    "staff": (0, 1, 7, None, {"at_least": 1, "at_most": 3}, {"at_most": 2}),
    "share": ("0%", "1/3", "100%", None, {"at_least": "5%", "at_most": "50%"}),
    "spend": MONEY,
    "balance": ("-0.05元", "0元", "1234567.85元", None, {"at_least": "-1元", "at_most": "1元"},
                {"at_most": "-333.33元"}),
    "revenue": ("0元", "100万元", None, {"at_least": "1元", "at_most": "50万元"}),
    "founded_on": (
        date(2020, 2, 29), date(2023, 1, 31), date(2023, 2, 28), date(2024, 1, 1),
        date(2024, 2, 29), date(2024, 5, 31), None,
        {"at_least": date(2024, 1, 31), "at_most": date(2024, 3, 1)},
        {"at_most": date(2023, 12, 30)},
    ),
}  # fmt: skip
SMALL: Final[dict[str, tuple[Any, ...]]] = {
    "kind": ("firm", "other", None),
    "staff": (0, 7, None, {"at_least": 1, "at_most": 3}),
    "share": ("0%", "1/3", None, {"at_least": "5%", "at_most": "50%"}),
    "spend": ("0元", "100万元", None, {"at_least": "0.01元", "at_most": "100万元"}),
    "balance": ("-0.05元", "1234567.85元", None, {"at_least": "-1元", "at_most": "1元"}),
    "founded_on": (date(2020, 2, 29), date(2024, 2, 29), None,
                   {"at_least": date(2023, 12, 31), "at_most": date(2024, 3, 1)}),
}  # fmt: skip
"""Fewer values where an expression mentions three facts or more."""


class Small(NamedTuple):
    """An expression, and the pools that replace the usual ones for its family."""

    text: str
    pools: dict[str, tuple[Any, ...]] = {}  # noqa: RUF012 (an empty one that nobody changes)


def items() -> tuple[Any, ...]:
    """Return every list of up to two items of a few, some of three, and the unknown list."""
    few: tuple[dict[str, Any], ...] = (
        {"ok": True, "paid": "0元", "score": 0, "sort": "new"},
        {"ok": False, "paid": "100万元", "score": 7, "sort": "renewed"},
        {"ok": True, "paid": {"at_least": "1元", "at_most": "2元"}, "score": 40},
        {"paid": "333.33元", "sort": "none", "score": {"at_least": 1, "at_most": 3}},
        {"ok": False},
        {},
    )
    lists = [chosen for n in range(3) for chosen in itertools.product(few, repeat=n)]
    lists += [few[:3], few[1:4], few[3:], (few[0], few[0], few[3])]
    return (None, *([{"no": str(at), **one} for at, one in enumerate(row)] for row in lists))


@lru_cache(maxsize=1)
def few_items() -> tuple[Any, ...]:
    """Return lists for expressions that are about something else too."""
    found = items()
    return (*found[:8], *found[-3:])


def ties() -> tuple[Any, ...]:
    """Return the ties of every quantum on both sides of zero, their neighbours, and ranges."""
    fen = {0}
    for quantum in (1, 10, 100, 1000, 10_000, 100_000, 1_000_000):
        for times in (1, 2, 3, 5):
            fen |= {quantum * times // 2 + off for off in (-1, 0, 1)}
    fen |= {-one for one in fen}
    written = {one: f"{'-' if one < 0 else ''}{abs(one) // 100}.{abs(one) % 100:02}元"
               for one in sorted(fen)}  # fmt: skip
    ranges = [{"at_least": written[-50], "at_most": written[50]}, {"at_least": written[150]},
              {"at_least": written[500_000], "at_most": written[1_500_000]},
              {"at_most": written[-5000]}]  # fmt: skip
    return (*written.values(), None, *ranges)


def pairs(terms: list[str], form: str) -> list[str]:
    """Write a form with `a` and `b` for every two different terms that are not both zero."""
    return [form.format(a=a, b=b) for a, b in itertools.permutations(terms, 2)]


def moneys() -> list[str]:
    """Return the amounts of one step."""
    atoms = ["applicant.spend", "applicant.balance", "limit", "applicant.revenue[year - 1]"]
    found = [*atoms, "debt", "stepped"]
    for form in ("({a} + {b})", "({a} - {b})", "min({a}, {b})", "max({a}, {b})"):
        found += pairs(atoms, form)
    signed = ["applicant.spend", "applicant.balance"]
    for form in ("abs({a})", "(-{a})", "({a} * applicant.share)", "({a} * rate)", "({a} * third)",
                 "(applicant.staff * {a})", "({a} / applicant.staff)", "({a} / over)",
                 "({a} / applicant.share)", "({a} if applicant.small else limit)",
                 "({a} if applicant.small else 0)", "min({a}, 0)", "max({a}, 0)", "({a} - {a})",
                 'round_to({a}, unit, "half_up")', "({a} * (debt / limit))"):  # fmt: skip
        found += [form.format(a=a) for a in signed]
    return found


def truths() -> list[str]:
    """Return the truths that logic combines."""
    return [
        "applicant.small", "applicant.honest", 'applicant.kind == "firm"',
        'applicant.kind in {"firm", "centre"}', "applicant.staff >= n1", "applicant.spend < limit",
        "any(c.ok for c in contract)", "within(applicant.region, here)",
    ]  # fmt: skip


def logic() -> Iterator[Small]:
    """Yield connectives over every two and three truths."""
    few, lists = truths(), {"contract": items()[:6]}
    forms = ("{a} and {b}", "{a} or {b}", "not ({a} and {b})", "not {a} or {b}", "not {a}",
             "({a}) == ({b})", "({a}) != ({b})")  # fmt: skip
    for a, b in itertools.product(few, repeat=2):
        yield from (Small(form.format(a=a, b=b), lists) for form in forms)
    for a, b, c in itertools.product(few, repeat=3):
        yield Small(f"({a}) if ({b}) else ({c})", lists)
        for one, two in itertools.product(("and", "or"), repeat=2):
            yield Small(f"(({a}) {one} ({b})) {two} not ({c})", lists)


def comparisons() -> Iterator[Small]:
    """Yield comparisons of amounts, chained ones too."""
    atoms = ["applicant.spend", "applicant.balance", "limit", "0", "stepped"]
    for a, b, op in itertools.product(moneys(), atoms, ORDER):
        yield Small(f"{a} {op} {b}")
    for a, b in itertools.combinations(moneys(), 2):
        yield Small(f"{a} < {b}")
        yield Small(f"{a} == {b}")
    chain = ["applicant.spend", "applicant.balance", "limit", "applicant.staff * unit"]
    for (a, b, c), op, other in itertools.product(itertools.product(chain, repeat=3), ORDER, ORDER):
        yield Small(f"{a} {op} {b} {other} {c}")


def membership() -> Iterator[Small]:
    """Yield `in`, `within` and equality of words."""
    for n in (1, 2, 3):
        for words in itertools.combinations(("firm", "centre", "other"), n):
            listed = ", ".join(f'"{word}"' for word in words)
            for op in ("in", "not in"):
                yield Small(f"applicant.kind {op} {{{listed}}}")
                yield Small(f'(applicant.kind if applicant.small else "firm") {op} {{{listed}}}')
    for op in ("in", "not in"):
        yield from (Small(f"applicant.{name} {op} {listed}") for name, listed in (
            ("kind", "words"), ("region", "places"), ("name", "names"), ("industry", "trades"),
            ("name", '{"a"}'), ("name", '{"b", "c"}')))  # fmt: skip
    for word in ("firm", "centre", "other"):
        yield Small(f'applicant.kind == "{word}"')
        yield Small(f'"{word}" != applicant.kind')
        yield Small(f'(applicant.kind if applicant.small else "centre") == "{word}"')
        yield Small(f'applicant.kind != ("firm" if applicant.small else "{word}")')
    for one in ("applicant.kind", "applicant.name", "applicant.region"):
        yield Small(one)
        yield Small(f"({one} if applicant.small else {one})")
    for name in ("a", "b"):
        yield Small(f'applicant.name == "{name}"')
        yield Small(f'applicant.name != "{name}" or applicant.small')
    for place in ("here", "province", "county", "country"):
        yield Small(f"within(applicant.region, {place})")
        yield Small(f"not within(applicant.region, {place}) and applicant.small")
        yield Small(f"applicant.region == {place}")
    for trade in ("makers", "class_c"):
        yield Small(f"within(applicant.industry, {trade})")
        yield Small(f"applicant.industry != {trade}")


def arithmetic() -> Iterator[Small]:
    """Yield amounts of two steps, ratios and counts."""
    for a in moneys():
        yield Small(a)
        for b in ("applicant.spend", "applicant.balance", "limit"):
            yield from (Small(form.format(a=a, b=b)) for form in (
                "{a} + {b}", "{a} - {b}", "min({a}, {b})", "max({b}, {a})", "{a} / {b}",
                "{a} if {b} > 0 else {b}", "min({a}, {b}, debt)"))  # fmt: skip
        yield from (Small(f"{a} {op}") for op in (
            "* applicant.share", "* third", "/ applicant.staff", "/ over",
            "* (applicant.staff - n1)", "/ (applicant.staff - n1)", "* (1 - applicant.share)",
        ))  # fmt: skip
    ratios = ["applicant.share", "rate", "over", "applicant.staff", "n2", "1",
              "(applicant.share - third)", "(applicant.staff - n1)",
              "(applicant.spend / limit)", "(applicant.balance / applicant.spend)"]  # fmt: skip
    yield from (Small(one) for one in ratios)
    for form in ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / {b}", "min({a}, {b})",
                 "max({a}, {b})", "{a} if applicant.small else {b}", "{a} < {b}", "{a} == {b}",
                 "{a} >= {b}", "abs({a} - {b})", "1 - {a} * {b}"):  # fmt: skip
        yield from (Small(one) for one in pairs(ratios, form))
    for a, n in itertools.product(ratios, ("0", "1", "n0", "n1", "n2", "n3", "applicant.staff")):
        yield Small(f"{a} ** {n}")
        yield Small(f"limit * {a} ** {n}")


def rounding() -> Iterator[Small]:
    """Yield every mode with every quantum, on ties of both signs."""
    pool = {"balance": ties()}
    for quantum, mode in itertools.product(QUANTA, MODES):
        for x in ("applicant.balance", "-applicant.balance", "applicant.balance * half",
                  "applicant.balance * third", "applicant.balance / over",
                  "applicant.balance + debt", "min(applicant.balance, limit) * rate"):  # fmt: skip
            yield Small(f'round_to({x}, {quantum}, "{mode}")', pool)
        yield Small(f'round_to(applicant.spend, {quantum}, "{mode}") > applicant.balance', pool)
    for mode in MODES:
        for x in ("applicant.share", "applicant.share - third", "applicant.staff * half",
                  "(applicant.staff - n3) * half", "applicant.spend / limit"):  # fmt: skip
            for quantum in ("tick", "1", "half", "n2", "third"):
                yield Small(f'round_to({x}, {quantum}, "{mode}")')


def dates() -> Iterator[Small]:
    """Yield dates at month ends and leap days, compared and apart."""
    days = ["applicant.founded_on", "on", "feb", "jan", "eve", "start_of(year)",
            "end_of(year - 1)", "end_of(year_of(applicant.founded_on))",
            "(applicant.founded_on if applicant.small else on)",
            "min(applicant.founded_on, feb)", "max(applicant.founded_on, on)"]  # fmt: skip
    days += [f"add({day}, {by})" for day in ("applicant.founded_on", "on", "jan")
             for by in DURATIONS]  # fmt: skip
    for day in days:
        yield Small(day)
        yield Small(f"year_of({day})")
        yield Small(f"start_of(year_of({day}) + 1)")
        yield from (Small(f"add({day}, {by})") for by in DURATIONS)
    for a, b in itertools.product(days, days[:8]):
        yield from (Small(f"{a} {op} {b}") for op in ORDER)
        yield from (Small(f"{name}_between({a}, {b})") for name in ("days", "months", "years"))
    for a, b in itertools.product(days[:3], repeat=2):
        for form in ("years_between({a}, {b}) >= n3", "months_between({a}, {b}) <= n1",
                     "jan < {a} <= {b}", "limit * days_between({a}, {b})",
                     "limit / months_between({a}, {b})"):  # fmt: skip
            yield Small(form.format(a=a, b=b))


def series() -> Iterator[Small]:
    """Yield single years of a series and slices of it."""
    years = ["year", "year - 1", "year - n2", "year_of(applicant.founded_on)",
             "year_of(applicant.founded_on) + 1", "max(year - n2, year_of(applicant.founded_on))"]  # fmt: skip
    pool = {"founded_on": (date(2021, 12, 31), date(2022, 12, 31), date(2023, 1, 1), None,
                           {"at_least": date(2022, 12, 31), "at_most": date(2023, 1, 1)})}  # fmt: skip
    for year in years:
        one = f"applicant.revenue[{year}]"
        for text in (one, f"{one} > limit", f"{one} - applicant.revenue[year - 1]",
                     f"{one} >= applicant.revenue[year - 1] > 0",
                     f"applicant.revenue[year - 1] / {one}"):  # fmt: skip
            yield Small(text, pool)
    for first, last in itertools.product(years, years):
        part = f"applicant.revenue[{first} : {last}]"
        for text in (f"sum({part})", f"sum({part}) >= limit", f"min({part})", f"max({part})"):
            yield Small(text, pool)


def lists() -> Iterator[Small]:
    """Yield what is said over a list of items."""
    pool = {"contract": items()}
    tests = ("", "c.ok", "not c.ok", "c.paid > unit", 'c.sort in {"new", "none"}',
             "c.score >= n3 and c.ok", "c.paid <= applicant.spend")  # fmt: skip
    for test in tests:
        where = f" if {test}" if test else ""
        for body in ("c.paid", "c.score", "c.paid * third", "1", "(c.paid if c.ok else unit)",
                     "max(c.paid, c.cost)", "(c.paid - unit)"):  # fmt: skip
            one = f"sum({body} for c in contract{where})"
            yield Small(one, pool)
            yield Small(f"{one} > {'limit' if 'paid' in body else 'n3'}", pool)
        for body in ("c.ok", "not c.ok", "c.paid > unit", 'c.sort == "new"', "c.score < n3",
                     "c.ok or applicant.small"):  # fmt: skip
            for name in ("any", "all", "count"):
                yield Small(f"{name}({body} for c in contract{where})", pool)
        yield Small(f"count(c.paid for c in contract{where})", pool)
        yield Small(f"count(c.paid for c in contract{where}) >= n2 or applicant.small", pool)


FAMILIES: Final = {
    one.__name__: one
    for one in (logic, comparisons, membership, arithmetic, rounding, dates, series, lists)
}


@lru_cache(maxsize=1)
def every() -> list[Small]:
    """Return the expressions of all families, each text once."""
    return list({one.text: one for family in FAMILIES.values() for one in family()}.values())


def some(many: int, seed: int) -> list[int]:
    """Return the numbers of about so many of `every`, as many of each family; all if there is room.

    A family has its expressions at even distances, which the seed shifts.
    """
    every_one = every()
    if many >= len(every_one):
        return list(range(len(every_one)))
    numbers = {one.text: at for at, one in enumerate(every_one)}
    found: list[int] = []
    for family in FAMILIES.values():
        own = [numbers[one.text] for one in family()]
        step = max(1, len(own) * len(FAMILIES) // max(1, many))
        found += own[seed % step :: step]
    return found


def mentioned(text: str) -> list[tuple[str, str, int]]:
    """Return (entity, fact, offset from the year) of what an expression reads; lists whole."""
    found = [("applicant", name, 0) for name in POOLS
             if name != "revenue" and f"applicant.{name}" in text]  # fmt: skip
    if "applicant.revenue" in text:
        alone = re.findall(r"revenue\[year - 1\]", text) and text.count("revenue[") == 1
        found += [("applicant", "revenue", by) for by in ((-1,) if alone else (0, -1, -2))]
    return found + ([("contract", "", 0)] if "contract" in text else [])
