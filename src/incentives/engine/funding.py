"""Who pays, and when: splits and instalments of a known amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from incentives.engine.compile import compile_expr
from incentives.engine.environment import ON, Environment
from incentives.engine.split import payer_of, split
from incentives.language.names import APPLICANT
from incentives.values.codes import region_within
from incentives.values.money import Money
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.engine.assess import Run
    from incentives.language.core import Expr, Text
    from incentives.rulebook.model import Share, Split, Version


@dataclass(frozen=True, slots=True)
class FundingPart:
    """A payer's part; ``payer`` is ``None`` where ``local`` cannot be told from the region."""

    payer: str | None
    amount: Money
    share: Any
    split: Split


@dataclass(frozen=True, slots=True)
class InstalmentPart:
    """A part of an award and whether it is payable on the date of assessment."""

    amount: Money | None
    since: date | None
    until: date | None
    due: bool | None
    says: Text | None


def split_for(run: Run, version: Version, incentive: str) -> Split | None:
    """Return the split that says who pays for an incentive.

    A ``[[split]]`` binds the payers of its own document: it applies while that
    document is in force, to applicants within its region.
    """
    if version.funding is not None:
        return version.funding
    return next(
        (each for each in run.plan.rules.splits if incentive in each.of and _binds(each, run.env)),
        None,
    )


def _binds(found: Split, env: Environment) -> bool:
    document = found.document
    if document is None:
        return True
    region = env[APPLICANT]["region"]
    inside = not isinstance(region, Unknown) and region_within(region, document.jurisdiction)
    return document.effective.holds(env[ON]) and inside is True


def funding_of(
    run: Run, version: Version, incentive: str, amount: Money | None
) -> tuple[FundingPart, ...]:
    """Return what each payer bears; nothing while the amount is not one figure."""
    found = split_for(run, version, incentive)
    if found is None or amount is None:
        return ()
    return split_parts(found, found.shares, found.residual, amount, run.env)


def split_parts(
    found: Split, shares: tuple[Share, ...], residual: str, amount: Money, env: Environment
) -> tuple[FundingPart, ...]:
    """Return the parts of ``amount`` by the given shares."""
    figures = [(share.payer, compile_expr(share.share)(env)) for share in shares]
    if any(isinstance(figure, Unknown) for _, figure in figures):
        return ()
    region = env[APPLICANT]["region"] if "region" in env[APPLICANT].specs else None
    return tuple(
        FundingPart(payer_of(payer, region), Money(fen), figure, found)
        for (payer, fen), (_, figure) in zip(
            split(amount.fen, figures, residual), figures, strict=True
        )
    )


def instalments_of(run: Run, version: Version, amount: Money | None) -> tuple[InstalmentPart, ...]:
    """Return the parts an award is paid in; shares that make a whole add up to the fen."""
    if not version.instalments or amount is None:
        return ()
    env, on = run.env, run.env[ON]

    def value(expr: Expr | None) -> Any:
        return None if expr is None else compile_expr(expr)(env)

    shares = [value(each.share) for each in version.instalments]
    whole = all(share is not None and not isinstance(share, Unknown) for share in shares)
    parts: list[Any] = [value(each.amount) for each in version.instalments]
    if whole and sum(shares) == 1:
        names = [(str(at), share) for at, share in enumerate(shares)]
        parts = [fen for _, fen in split(amount.fen, names, names[-1][0])]
    out = []
    for each, share, fixed in zip(version.instalments, shares, parts, strict=True):
        part = fixed
        if part is None and share is not None and not isinstance(share, Unknown):
            part = amount.fen * share // 1
        since, until, when = value(each.since), value(each.until), value(each.when)
        known = isinstance(part, int) or (part is not None and not isinstance(part, Unknown))
        out.append(
            InstalmentPart(
                Money(int(part)) if known else None,
                since if isinstance(since, date) else None,
                until if isinstance(until, date) else None,
                _due(on, since, until, when),
                each.says,
            )
        )
    return tuple(out)


def _due(on: date, since: Any, until: Any, when: Any) -> bool | None:
    tests = [
        True if since is None else None if isinstance(since, Unknown) else since <= on,
        True if until is None else None if isinstance(until, Unknown) else on <= until,
        True if when is None else None if isinstance(when, Unknown) else when,
    ]
    if False in tests:
        return False
    return None if None in tests else True
