"""Record batches in, record batches out: the same decisions wherever the rows are.

An ``Evaluator`` is what Spark's ``mapInArrow`` takes: it travels to other machines by
itself, with the rules inside, and needs nothing there but this package. Each firm is one row;
its items are nested lists in that row.

The law kept (``tests/unit/batch/test_stream.py``, ``tests/services/test_spark.py``): however
the rows are cut into batches and partitions, the decisions are those of one run over all.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from incentives.batch.decisions import arrow, schema
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from incentives.batch.result import Decisions
    from incentives.batch.run import Choices, HasRules
    from incentives.batch.single import Settings
    from incentives.rulebook.model import Rules

ROWS: Final = 100_000
"""Firms that are decided together unless a caller says otherwise."""

SPARK: Final = (
    "applicant string, incentive string, item string, status string, reason string, "
    "amount decimal(38,2), low decimal(38,2), high decimal(38,2), failed array<string>, "
    "missing array<string>, readings_differ boolean"
)
"""The columns of the decisions as Spark writes a schema."""


@dataclass(frozen=True, slots=True)
class Held:
    """Rules as bytes that travel; ``rules`` are made of them once in each process."""

    pickled: bytes

    @property
    def rules(self) -> Rules:
        """The rules."""
        return _unpickled(self.pickled)

    def __repr__(self) -> str:
        return f"<rules, {len(self.pickled)} bytes>"


@lru_cache(maxsize=4)
def _unpickled(pickled: bytes) -> Rules:
    rules: Rules = pickle.loads(pickled)  # noqa: S301 - ours, made by `evaluator`
    return rules


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Decides record batches of firms; called with an iterator of them it yields decisions.

    Attributes:
        held: the rules.
        key: the column that names the firm.
        on: the date of assessment.
        choices: what else was chosen.
        rows: firms that are decided together; memory and speed, never the result.
        names: what the columns of the batches are called, in their order, where they come
            under other names.
    """

    held: Held
    key: str
    on: date
    choices: Choices
    rows: int = ROWS
    names: tuple[str, ...] | None = None

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield the decisions about the firms of some record batches, in their order.

        What depends on all firms (``[incentive.budget]``) stays open; ``over`` settles it.

        Raises:
            TableError: a column that no fact of the vocabulary is called by, or that cannot be
                read exactly.
        """
        for part in self.parts(batches, self.held.rules):
            yield from part.to_arrow().cast(schema()).to_batches()

    def parts(self, batches: Iterable[Any], rules: Rules) -> Iterator[Decisions]:
        """Yield what is decided by some rules about as many firms as go together."""
        from incentives.batch.run import assess_part

        for table in gathered(batches, self.rows):
            firms = table if self.names is None else table.rename_columns(self.names)
            yield assess_part(rules, {APPLICANT: firms}, self.key, self.settings, self.choices)

    @property
    def settings(self) -> Settings:
        """What was chosen for every firm alike."""
        from incentives.batch.run import settings_of

        return settings_of(self.held.rules, self.on, self.choices)

    def over(self, frame: Any) -> Any:
        """Return a Spark data frame of the decisions about the firms of another.

        Where a purse is to be shared, the claims on it are worked out at once and kept where
        Spark keeps what is persisted; otherwise nothing happens before the result is asked for.

        Spark's ``mapInArrow`` takes a dot in a column's name for a field of a structure, and
        the paths of facts have dots; so the columns travel under names without.
        """
        from incentives.batch.purse.claims import shared_by_spark
        from incentives.batch.purse.purses import purses_of

        plain = frame.toDF(*(f"column_{at}" for at in range(len(frame.columns))))
        named = replace(self, names=tuple(frame.columns))
        purses = purses_of(self.held.rules, self.settings)
        if purses.limits:
            return shared_by_spark(plain, named, purses)
        return plain.mapInArrow(named, SPARK)

    @property
    def schema(self) -> Any:
        """The Arrow schema of what is yielded."""
        return schema()

    @property
    def spark_schema(self) -> str:
        """The same as Spark writes it."""
        return SPARK


def evaluator(
    rulebook: HasRules | str | PathLike[str],
    *,
    key: str,
    on: date,
    rows: int = ROWS,
    **choices: Unpack[Choices],
) -> Evaluator:
    """Return what Spark's ``mapInArrow`` takes to decide every firm of a table.

    Args:
        rulebook: what ``incentives.load()`` returns, or a rules directory, read here and now.
        key: the column that names the firm.
        on: the date of assessment.
        rows: firms that are decided together.
        choices: as ``incentives.batch.assess`` takes them.

    Raises:
        RulebookError: the directory holds no sound rules.
        UnknownIncentiveError: ``only`` names no incentive.
        TypeError: ``on`` is no plain date, ``only`` is one text.
    """
    from incentives.batch.run import settings_of

    if isinstance(rulebook, str | PathLike):
        from incentives.rulebook.load import load_rules

        rules = load_rules([Path(rulebook)])
    else:
        rules = rulebook.rules
    settings_of(rules, on, choices)
    return Evaluator(Held(pickle.dumps(rules)), key, on, choices, rows)


def evaluate_batches(
    batches: Iterable[Any],
    rulebook: HasRules | str | PathLike[str],
    *,
    key: str,
    on: date,
    rows: int = ROWS,
    **choices: Unpack[Choices],
) -> Iterator[Any]:
    """Yield the decisions about the firms of some Arrow record batches, as record batches.

    Args:
        batches: a row a firm, items as nested lists, fact paths or labels for names.
        rulebook: see ``evaluator``, as for the other arguments.
        key: the column that names the firm.
        on: the date of assessment.
        rows: firms that are decided together.
        choices: as ``incentives.batch.assess`` takes them.
    """
    return evaluator(rulebook, key=key, on=on, rows=rows, **choices)(batches)


def gathered(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Yield tables of about as many rows as are decided together; none without rows.

    What decides needs some time for each table, however few its rows; Spark hands out
    ten thousand rows at a time.
    """
    pa = arrow()
    waiting: list[Any] = []
    for batch in batches:
        for start in range(0, batch.num_rows, rows):
            waiting.append(batch.slice(start, rows))
            if sum(each.num_rows for each in waiting) >= rows:
                yield pa.Table.from_batches(waiting)
                waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
