"""What makes a profile easy to read: few items, whole 万元, a date near today's.

Wishes never change an answer. They are granted as far as they can be together,
and the profile of a refutation is then the plainest one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.proofs import days
from incentives.authoring.proofs.days import Day
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.solver import z3
from incentives.authoring.proofs.world import CODED, Symbol, Truth, Word
from incentives.language.core import CompareOp
from incentives.language.names import DECIDED, RECEIVED
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.authoring.proofs.world import World
    from incentives.rulebook.model import Incentive

_USUAL: Final = date(2024, 6, 1)
_STEPS: Final = (10**8, 10**6, 100)  # 百万元, 万元, 元, in fen


def wishes(
    world: World, incentive: Incentive
) -> tuple[list[Any], list[tuple[Any, tuple[int, ...]]]]:
    """Return wishes, the dearest first, and numbers that should be near zero in these steps."""
    day = _usual_day(incentive)
    first: list[Any] = [days.compare(CompareOp.EQ, world.on, days.day(day))]
    least: list[tuple[Any, tuple[int, ...]]] = []
    least += [(part, ()) for part in (world.on.y, world.on.m, world.on.d)]
    for entity, length in world.lengths.items():
        first += [length <= 1] if entity not in {RECEIVED, DECIDED} else []
        least.append((length, ()))
    plain: list[Any] = []
    round_: list[list[Any]] = [[] for _ in _STEPS]
    for kind, value in _values(world):
        match value:
            case Truth(_, no):
                plain.append(no)
            case Num(n) if kind is Kind.RATIO:
                percent = z3.ToInt(n * 100)
                plain += [n == 0, n * 100 == percent]
                least.append((percent, ()))
            case Num(n):
                plain.append(n == 0)
                least.append((n, _STEPS if kind is Kind.MONEY else ()))
                if kind is Kind.MONEY:
                    for row, step in zip(round_, _STEPS, strict=True):
                        row.append(n % step == 0)
            case Day():
                plain.append(days.compare(CompareOp.EQ, value, days.day(date(day.year, 1, 1))))
                plain += [value.y >= day.year - 5, value.y <= day.year + 5]
                least += [(part, ()) for part in (value.y, value.m, value.d)]
            case Word(at, kind):
                if kind in CODED:
                    plain.append(at == _home(world, incentive, kind))
                least.append((at, ()))
    return [*first, *plain, *(wish for row in round_ for wish in row)], least


def _values(world: World) -> Iterator[tuple[Kind, Any]]:
    for symbol in list(world.symbols.values()):
        for value in _of_symbol(world, symbol):
            yield symbol.spec.type.kind, value


def _of_symbol(world: World, symbol: Symbol) -> list[Any]:
    if not symbol.spec.series:
        return [symbol.value]
    years = list(symbol.years.values())
    return [world.fact(symbol.place, symbol.spec.name, year) for year in years]


def _home(world: World, incentive: Incentive, kind: Kind) -> int:
    if kind is not Kind.REGION:
        return 0
    try:
        return world.codes(kind).index(incentive.document.jurisdiction)
    except KeyError:
        return 0


def _usual_day(incentive: Incentive) -> date:
    period = incentive.versions[-1].period
    day = _USUAL if period.since is None else max(_USUAL, period.since)
    return day if period.until is None else min(day, period.until)
