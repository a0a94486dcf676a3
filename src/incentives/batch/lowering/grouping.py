"""Groups as columns: the members of 就高不重复 that compete for one payment.

``highest`` without a period is exact for any ranges. What counts payments over time, or
shares a limit, is the engine's wherever a member has anything to share.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from incentives.batch.lowering import rational
from incentives.batch.lowering.value import Number, is_nothing, union, while_
from incentives.rulebook.model import GroupRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incentives.batch.lowering.expression import Expressions
    from incentives.batch.lowering.part import Decided, Part
    from incentives.rulebook.model import Group


def apply_group(
    lower: Expressions, group: Group, results: Mapping[str, Decided]
) -> dict[str, Part]:
    """Return what a group makes of its members."""
    columns = lower.columns
    parts = {name: results[name].whole for name in group.members if name in results}
    awards = {name: part.award(columns) for name, part in parts.items()}
    plain = (
        group.rule is GroupRule.HIGHEST and group.per is None and len(parts) == len(group.members)
    )
    some = columns.any([columns.not_(is_nothing(columns, each)) for each in awards.values()])
    ceiling = columns.any([award.open for award in awards.values()])
    hard = columns.all((some, ceiling if plain else columns.true))
    # One member's row is the engine's, all of them are: each depends on the others.
    hard = columns.any(
        (hard, *(part.hard for part in parts.values()), *(a.hard for a in awards.values()))
    )
    out: dict[str, Part] = {}
    for at, (name, part) in enumerate(parts.items()):
        value = part.value
        if value is not None and plain:
            value = _highest(lower, list(awards.values()), at)
        out[name] = replace(part, value=value, hard=columns.any((part.hard, hard)))
    return out


def _highest(lower: Expressions, awards: Sequence[Number], at: int) -> Number:
    """Return what one of several is paid when the largest is; a tie goes to the first listed."""
    columns = lower.columns
    mine = awards[at]
    can, must = columns.true, columns.true
    for other, rival in enumerate(awards):
        if other == at:
            continue
        above = rational.lt if other < at else rational.le
        wins = columns.holds(above(columns, rival.lo, mine.hi))
        endless = columns.is_null(mine.hi.num)
        can = columns.all((can, columns.any((endless, wins))))
        must = columns.all((must, columns.holds(above(columns, rival.hi, mine.lo))))
    can = columns.all((can, columns.not_(is_nothing(columns, mine))))
    nothing = rational.fixed(columns, 0)
    lo = rational.choose(columns, columns.all((can, must)), mine.lo, nothing)
    hi = rational.choose(columns, can, mine.hi, nothing)
    free = columns.not_(columns.holds(rational.eq(columns, lo, hi)))
    waits = while_(columns, free, union(columns, [each.waits for each in awards]))
    return Number(lo, hi, waits, mine.hard, columns.false, columns.false)
