"""Decide eligibility for public incentives, exactly and with reasons.

>>> import incentives
>>> rulebook = incentives.load()
>>> assessment = rulebook.assess("example:centre", on=date(2024, 6, 1))

Names are imported when first used, so that ``import incentives`` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from incentives.api import Assessment, Decision, Rulebook, load
    from incentives.diagnostics import (
        Finding,
        FindingsError,
        IncentivesError,
        ProfileError,
        RulebookError,
        UnknownIncentiveError,
    )
    from incentives.engine.outcome import Status
    from incentives.rulebook.profile import Profile
    from incentives.values.money import Money

_HOMES = {
    "__version__": "resources",
    "Assessment": "api",
    "Decision": "api",
    "Rulebook": "api",
    "load": "api",
    "Finding": "diagnostics",
    "FindingsError": "diagnostics",
    "IncentivesError": "diagnostics",
    "ProfileError": "diagnostics",
    "RulebookError": "diagnostics",
    "UnknownIncentiveError": "diagnostics",
    "Status": "engine.outcome",
    "Profile": "rulebook.profile",
    "Money": "values.money",
}

__all__ = [
    "Assessment",
    "Decision",
    "Finding",
    "FindingsError",
    "IncentivesError",
    "Money",
    "Profile",
    "ProfileError",
    "Rulebook",
    "RulebookError",
    "Status",
    "UnknownIncentiveError",
    "load",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'incentives' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"incentives.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
