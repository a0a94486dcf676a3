"""What public funds hold on a date: amounts, lending capacity, and every reading of them.

A fund is no incentive: nothing here reaches a decision or a total. Figures
are exact; what is finer than a fen is rounded as the fund's document says, and
where it says nothing there is no amount, only a finding: there is no default
rounding (LANGUAGE.md 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import compile_expr
from incentives.engine.environment import environment
from incentives.rulebook.profile import Profile
from incentives.values.money import Money
from incentives.values.rounding import round_to
from incentives.values.unknown import Fault, Unknown

if TYPE_CHECKING:
    from datetime import date

    from incentives.engine.environment import Environment
    from incentives.language.core import Expr
    from incentives.rulebook.model import Document, Fund, FundReading, Rules


@dataclass(frozen=True, slots=True)
class FundReadingValue:
    """A fund's figures under one reading; ``None`` where there is no such figure."""

    reading: FundReading
    amount: Money | None
    lending_capacity: Money | None


@dataclass(frozen=True, slots=True)
class FundValue:
    """A fund's figures on a date, by its default reading and by each one.

    ``in_period`` says whether the document holds on that date; ``faults`` are
    computations that failed, such as a figure finer than a fen without rounding.
    """

    fund: Fund
    on: date
    amount: Money | None
    lending_capacity: Money | None
    in_period: bool
    readings: tuple[FundReadingValue, ...] = ()
    faults: tuple[Fault, ...] = ()


def fund_values(rules: Rules, on: date) -> tuple[FundValue, ...]:
    """Return the figures of every fund on ``on``, by id.

    Amounts in whole fen; a figure that needs a fact about an applicant is ``None``.
    """
    env = environment(Profile({}, rules.vocabulary), on, {}, no_history=True)
    return tuple(_value(fund, on, env) for fund in rules.funds)


def _value(fund: Fund, on: date, env: Environment) -> FundValue:
    faults: set[Fault] = set()

    def figure(expr: Expr | None) -> Money | None:
        return None if expr is None else _money(expr, env, fund.document, faults)

    readings = tuple(
        FundReadingValue(reading, figure(reading.amount), figure(reading.lending_capacity))
        for reading in fund.readings
    )
    return FundValue(
        fund,
        on,
        figure(fund.amount),
        figure(fund.lending_capacity),
        fund.document.effective.holds(on),
        readings,
        tuple(sorted(faults, key=lambda fault: (fault.code, fault.place))),
    )


def _money(expr: Expr, env: Environment, document: Document, faults: set[Fault]) -> Money | None:
    value: Any = compile_expr(expr)(env)
    if isinstance(value, Unknown):
        faults |= value.faults
        return None
    rule = document.rounding
    if rule is not None:
        value = round_to(value, rule.quantum, rule.mode)
    if value.denominator != 1:
        faults.add(Fault("amount-without-rounding", document.id))
        return None
    return Money(int(value))
