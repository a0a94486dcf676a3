"""Who bears awarded amounts: the engine's split, for many awards of one incentive and region.

A split reads nothing of a firm but its region, so the awards of a region share the
shares, and only the largest remainder is worked out award by award.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incentives.engine.assess import Options, Run
from incentives.engine.compile import compile_expr
from incentives.engine.funding import split_for
from incentives.engine.plan import Plan
from incentives.engine.split import payer_of, split
from incentives.language import core
from incentives.language.names import APPLICANT
from incentives.language.walk import walk
from incentives.rulebook.profile import Profile
from incentives.values.unknown import Number, Unknown

if TYPE_CHECKING:
    from datetime import date

    from incentives.rulebook.model import Incentive, Rules, Split, Version

NO_SPLIT = "no split"
LOCAL_UNKNOWN = "local unknown"
BY_FACTS = "by facts"
"""What stands for a payer that nobody can name from the incentive and the region."""

Part = tuple[str | None, int, str | None]
"""A payer and the fen it bears; without a payer, why there is none."""


@dataclass(frozen=True, slots=True)
class _Shares:
    """The shares of one split for one region."""

    figures: tuple[tuple[str, Number], ...]
    residual: str
    region: str | None

    def parts(self, fen: int) -> list[Part]:
        found: list[Part] = []
        for name, part in split(fen, self.figures, self.residual):
            payer = payer_of(name, self.region)
            found.append((payer, part, LOCAL_UNKNOWN if payer is None else None))
        return found


class Payers:
    """The payers of awards on a day."""

    def __init__(self, rules: Rules, on: date) -> None:
        self.plan = Plan(rules)
        self.on = on
        self._known: dict[tuple[str, str | None], _Shares | str] = {}

    def parts(self, incentive: str, region: str | None, fen: int) -> list[Part]:
        """Return who bears an award; the parts add up to it."""
        place = (incentive, region)
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = self._shares(incentive, region)
        return [(None, fen, found)] if isinstance(found, str) else found.parts(fen)

    def _shares(self, incentive: str, region: str | None) -> _Shares | str:
        owner = self.plan.rules.incentives[incentive]
        facts = {} if region is None else {"region": region}
        profile = Profile({APPLICANT: facts}, self.plan.rules.vocabulary)
        run = Run(self.plan, profile, self.on, Options(), drafts=False)
        version = self._version(owner)
        found = None if version is None else split_for(run, version, incentive)
        if version is None or (found is not None and _reads_facts(found)):
            return BY_FACTS
        if found is None:
            return NO_SPLIT
        figures = tuple((s.payer, compile_expr(s.share)(run.env)) for s in found.shares)
        if any(isinstance(figure, Unknown) for _, figure in figures):
            return BY_FACTS
        return _Shares(figures, found.residual, region)

    def _version(self, owner: Incentive) -> Version | None:
        """Return the version whose funding counts; ``None`` where it depends on an item's date."""
        if all(version.funding == owner.versions[0].funding for version in owner.versions):
            return owner.versions[0]
        if owner.versions[0].dated_by is not None:
            return None
        now = self.plan.by_id[owner.id].at(self.on)[0]
        return owner.versions[-1] if now is None else now.version


def _reads_facts(found: Split) -> bool:
    nodes = (node for share in found.shares for node in walk(share.share))
    facts = (node for node in nodes if isinstance(node, core.Fact))
    return any((node.entity, node.name) != (APPLICANT, "region") for node in facts)
