"""Warnings that an entry names as meant: ``[[incentive.accept]]`` with ``lint`` and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.rulebook.files import RuleFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.authoring.written import Written
    from incentives.diagnostics import Finding


def is_meant(finding: Finding, files: Sequence[Written]) -> bool:
    """Say whether the entry in which a finding stands accepts its code."""
    if not finding.labels:
        return False
    span = finding.labels[0].span
    written = next((each for each in files if each.source == span.source), None)
    if written is None or not isinstance(written.model, RuleFile):
        return False
    starts = [
        written.locator.span(("incentive", at)).start for at in range(len(written.model.incentive))
    ]
    around = [at for at, start in enumerate(starts) if start <= span.start]
    if not around:
        return False
    entry = written.model.incentive[around[-1]]
    return any(finding.code in accepted.lint for accepted in entry.accept)
