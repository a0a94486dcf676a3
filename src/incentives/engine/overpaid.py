"""How much more was received than is due.

Three places lower what is paid by what was received: ``less`` in an amount, a
cap over items per year or lifetime, and a ``top_up`` group. Each takes what is
paid down to nothing and not below; what is left over is the over-payment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.engine.compile import item_scope
from incentives.engine.derive import Step, derive
from incentives.engine.environment import LIST, Environment
from incentives.engine.outcome import Outcome, Status
from incentives.language.core import Role
from incentives.language.semantics import add
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.engine.stack import Stacked
    from incentives.rulebook.model import Version


def overpaid(
    version: Version, outcome: Outcome, stacked: Stacked | None, env: Environment
) -> int | None:
    """Return the over-payment in fen, ``None`` where there is none or it is not known."""
    parts = [outcome.overpaid, None if stacked is None else stacked.overpaid]
    if version.less is not None and outcome.status is Status.ELIGIBLE:
        parts += [_short(step) for step in _amounts(version, outcome, dict(env))]
    total = add([part for part in parts if part is not None])
    return None if isinstance(total, Unknown) or total <= 0 else int(total)


def _amounts(version: Version, outcome: Outcome, env: Environment) -> Iterator[Step]:
    """Yield the derivation of each amount that is paid."""
    if version.amount is None:
        return
    if outcome.each is None:
        yield derive(version.amount, env)
        return
    for item in outcome.items:
        if item.status is Status.ELIGIBLE and item.version is version:
            item_scope(env, outcome.each, item.index, env[LIST + outcome.each][item.index])
            yield derive(version.amount, env)


def _short(step: Step) -> Any:
    """Return by how much what was received exceeds the amount it is taken off."""
    if step.node.origin is not None and step.node.origin.role is Role.LESS and len(step.of) == 2:
        value = step.value
        return 0 if isinstance(value, Unknown) else max(0, -(value // 1))
    return add([_short(inner) for inner in step.of])
