"""What a row claims to be: which incentive, on which day, as far as the list says it.

An incentive is meant where the list writes its id, the last part of it, or its name,
whole; a name that several have, and one that nobody has, are said and not guessed. A
day is a whole day: a month or a year leaves open whose rules apply.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from incentives.language.core import Text
from incentives.values.calendar import end_of, start_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incentives.audit.firms import Firm
    from incentives.audit.paid import Payment
    from incentives.rulebook.model import Rules


@dataclass(frozen=True, slots=True)
class Settings:
    """What the reader declared.

    ``incentive`` is that of rows without one, ``on`` the day of rows without a date;
    ``means`` says what the names of incentives in the list stand for.
    """

    incentive: str | None = None
    on: date | None = None
    means: Mapping[str, str] = field(default_factory=dict)
    assume_no_history: bool = False


@dataclass(slots=True)
class Claim:
    """A payment whose firm, incentive and day are known."""

    payment: Payment
    firm: Firm
    incentive: str
    on: date

    @property
    def amount(self) -> int:
        """What was paid, in fen."""
        return self.payment.amount or 0


def names_of(rules: Rules) -> dict[str, list[str]]:
    """Return the ids by everything that an incentive is called."""
    found: dict[str, set[str]] = defaultdict(set)
    for incentive in rules.incentives.values():
        found[incentive.id].add(incentive.id)
        found[incentive.id.partition("/")[2]].add(incentive.id)
        for version in incentive.versions:
            for name in (version.name.zh, version.name.get("en")):
                found["".join(name.split()).lower()].add(incentive.id)
    return {name: sorted(ids) for name, ids in found.items()}


def incentive_of(
    payment: Payment, settings: Settings, known: Mapping[str, Sequence[str]]
) -> str | Text:
    """Return the id that a row is about, or the sentence that says why there is none."""
    name = payment.policy
    if name is None:
        lacks = Text("没有写明政策项目", "the row names no incentive")
        return settings.incentive or lacks
    declared = settings.means.get(name)
    if declared is not None:
        return declared
    plain = "".join(name.split()).lower()
    ids = known.get(name) or known.get(plain, ())
    if len(ids) == 1:
        return ids[0]
    if ids:
        listed = "、".join(ids)
        return Text(
            f"“{name}”在规则库中不止一项：{listed}；请用 --means 指明",
            f"`{name}` is more than one incentive: {listed}; say which with --means",
        )
    near = get_close_matches(plain, known, 1)
    return Text(
        f"规则库中没有“{name}”"
        + (f"；是否为 {known[near[0]][0]}？请用 --means 指明" if near else ""),
        f"the rulebook has no `{name}`"
        + (f"; perhaps {known[near[0]][0]}? say so with --means" if near else ""),
    )


def day_of(payment: Payment, settings: Settings) -> date | Text:
    """Return the day whose rules apply; a month or a year is not one, and none is guessed."""
    if isinstance(payment.on, date):
        return payment.on
    if payment.on is None and payment.year is None:
        lacks = Text("没有日期；可用 --on 指定", "there is no date; give one with --on")
        return settings.on or lacks
    first, last = payment.on or (start_of(payment.year or 1), end_of(payment.year or 1))
    if settings.on is not None and first <= settings.on <= last:
        return settings.on
    return Text(
        f"日期只到月份或年份（{first}至{last}），不能确定适用哪一天的规定；可用 --on 指定",
        f"the date is only a month or a year ({first} to {last}), which leaves open whose rules "
        "apply; give a day with --on",
    )
