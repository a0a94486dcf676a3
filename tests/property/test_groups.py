"""Laws of groups: nothing is paid twice, and every range is that of all that can happen."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.small import amount, assess, entry

from incentives.engine import stack
from incentives.language.core import Per
from incentives.rulebook.model import Group, GroupRule
from incentives.values.unknown import Unknown, bounds

RANGES = st.tuples(st.integers(0, 5), st.integers(0, 2)).map(lambda pair: (pair[0], sum(pair)))
MEMBERS = st.lists(RANGES, min_size=1, max_size=5)


def one_way(rule: GroupRule, values: tuple[int, ...], limit: int, received: int) -> list[int]:
    """Return what each member gets when every amount is known: the rule read aloud."""
    if rule is GroupRule.CAP:
        left, out = max(0, limit - received), []
        for value in values:
            out.append(min(value, left))
            left -= out[-1]
        return out
    best = values.index(max(values))
    less = received if rule is GroupRule.TOP_UP else 0
    return [max(0, value - less) if at == best else 0 for at, value in enumerate(values)]


def share(rule: GroupRule, ranges: list[tuple[int, int]], limit: int, received: int) -> Any:
    values = [lo if lo == hi else Unknown(frozenset({str(at)}), lo, hi)
              for at, (lo, hi) in enumerate(ranges)]  # fmt: skip
    group = Group("g", tuple(map(str, range(len(ranges)))), rule, None, Per.YEAR)
    return stack._share(group, values, limit, received)


@settings(max_examples=150)
@given(st.sampled_from(GroupRule), MEMBERS, st.integers(0, 12), st.integers(0, 6))
@example(GroupRule.HIGHEST, [(2, 2), (2, 2)], 0, 0)
@example(GroupRule.HIGHEST, [(0, 2), (2, 4), (1, 3)], 0, 0)
@example(GroupRule.TOP_UP, [(0, 0), (3, 5)], 0, 4)
def test_law_27_a_group_equals_brute_force_over_what_its_rule_allows(
    rule: GroupRule, ranges: list[tuple[int, int]], limit: int, received: int
) -> None:
    parts, wins, together, _ = share(rule, ranges, limit, received)
    every = [
        one_way(rule, values, limit, received)
        for values in itertools.product(*(range(lo, hi + 1) for lo, hi in ranges))
    ]
    for at, part in enumerate(parts):
        found = [way[at] for way in every]
        assert bounds(part) == (min(found), max(found)), at
        paid = {value > 0 for value in found}
        if wins[at] is True and rule is not GroupRule.TOP_UP:
            assert paid == {True} or rule is GroupRule.HIGHEST
        if wins[at] is False:
            assert paid == {False}
    sums = [sum(way) for way in every]
    assert bounds(together) == (min(sums), max(sums))


@given(MEMBERS)
def test_law_26_at_most_one_award_of_a_group_and_it_is_the_best(
    ranges: list[tuple[int, int]],
) -> None:
    known = [(hi, hi) for _, hi in ranges]
    parts, _, together, _ = share(GroupRule.HIGHEST, known, 0, 0)
    paid = [part for part in parts if part]
    assert len(paid) <= 1
    assert together == max(hi for _, hi in ranges) == sum(paid)


THREE = (
    entry("a") + amount(formula="applicant.spend") + entry("b") + amount(formula="applicant.balance")
    + entry("c", entitlement='"up_to"') + amount(fixed="9万元")
)  # fmt: skip
BEST = (
    '[[group]]\nid = "g"\nmembers = ["doc/a", "doc/b", "doc/c"]\nrule = "highest"\nclause = "一"\n'
)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
@example(5, 5)
def test_law_26_decisions_show_what_a_group_did(a: int, b: int) -> None:
    found = assess(THREE + BEST, {"spend": f"{a}元", "balance": f"{b}元"})
    left, right, ceiling = (found[f"doc/{name}"] for name in "abc")
    assert left.amount is not None
    assert right.amount is not None
    assert (left.amount.fen, right.amount.fen) == ((a * 100, 0) if a >= b else (0, b * 100))
    assert ceiling.is_ceiling  # stands beside them: only exact amounts compete
    assert found.totals.exact is not None
    assert found.totals.exact.fen == max(a, b) * 100
    assert found.totals.ceiling is not None
    assert found.totals.ceiling.fen == 9_000_000
    loser = right if a >= b else left
    if min(a, b) > 0:
        assert loser.group is not None
        assert loser.group.taken is False
        assert loser.group.before is not None
        assert loser.group.before.fen == min(a, b) * 100
