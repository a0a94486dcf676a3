"""Purses shared by Spark: the two passes of ``batch/purse/sharing.py`` over the partitions.

The claims are worked out once and kept; each partition then tells its tally, the driver
adds them up, and each claim gets its part where it is. Where a purse is too small for
settled claims the driver also asks how often each amount is claimed.

Nothing here imports Spark: what is done is done by methods of the data frame given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.decisions import arrow
from incentives.batch.purse.sharing import (
    MEMBERS,
    Tally,
    apply,
    claims,
    claims_schema,
    connect,
    last_remainder,
    settled,
    tally,
)
from incentives.batch.stream import SPARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from incentives.batch.purse.budget import ProRata, Purse
    from incentives.batch.purse.purses import Limit, Purses
    from incentives.batch.purse.sharing import Sums
    from incentives.batch.stream import Evaluator

CLAIMS: Final = f"{SPARK}, rank_low string, rank_high string"
"""The columns of the claims as Spark writes a schema."""


@dataclass(frozen=True, slots=True)
class Claiming:
    """Makes claims of record batches of firms."""

    evaluator: Evaluator

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield the claims."""
        from incentives.batch.purse.purses import purses_of

        settings = self.evaluator.settings
        purses = purses_of(self.evaluator.held.rules, settings)
        for part in self.evaluator.parts(batches, purses.rules):
            tables = (part.to_arrow(),)
            for table in claims(tables, part.source, purses, settings):
                yield from table.cast(claims_schema()).to_batches()


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes a tally of record batches of claims: one row with its text."""

    limits: Mapping[str, Limit]

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield the tally of all batches of a partition."""
        pa, connection, found = arrow(), connect(), Tally()
        for batch in batches:
            table = pa.Table.from_batches([batch]).cast(claims_schema())
            found = found.plus(tally(connection, table, self.limits), self.limits)
        yield pa.record_batch({"tally": pa.array([found.to_json()], pa.string())})


@dataclass(frozen=True, slots=True)
class Sharing:
    """Makes decisions of record batches of claims."""

    purses: Mapping[str, Purse]

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield the decisions."""
        pa, connection = arrow(), connect()
        for batch in batches:
            table = pa.Table.from_batches([batch]).cast(claims_schema())
            yield from apply(connection, table, self.purses).to_batches()


def shared_by_spark(frame: Any, evaluator: Evaluator, purses: Purses) -> Any:
    """Return a Spark data frame of decisions, purses shared among all its firms.

    Args:
        frame: the firms, in columns whose names have no dots.
        evaluator: knows the names they stand for.
        purses: those of its rules.
    """
    limits = purses.limits
    made = frame.mapInArrow(Claiming(evaluator), CLAIMS).persist()
    found = Tally()
    for row in made.mapInArrow(Telling(limits), "tally string").collect():
        found = found.plus(Tally.from_json(row.tally), limits)

    def last(name: str, purse: ProRata, sums: Sums) -> int:
        mine = (made["incentive"] == name) & made["item"].isNull() & made["low"].isNotNull()
        claimed = made.where(mine & made["status"].isin(*MEMBERS)).groupBy("low").count()
        counted = claimed.toArrow().rename_columns(["low", "times"])
        return last_remainder(connect(), counted, purse, sums)

    return made.mapInArrow(Sharing(settled(limits, found, last)), SPARK)
