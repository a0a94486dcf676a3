"""Every warning for whoever writes rules: what is allowed, and probably not meant.

A warning never stops a load. Each says where, and what to do; those that are
meant are named in the entry, with the reason (``[[incentive.accept]]``).
Whatever needs the meaning of a rule asks the engine (``blank``, ``cases``), so
that a warning and a decision cannot disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.authoring.blank import Blank
from incentives.authoring.conditions import settled_conditions
from incentives.authoring.divisors import zero_divisors
from incentives.authoring.falling import falling_amounts
from incentives.authoring.figures import gaps, rounded_rates, unclaused_roundings
from incentives.authoring.meant import is_meant
from incentives.authoring.shadows import shadows
from incentives.authoring.texts import missing_quotes, one_language
from incentives.authoring.thresholds import untested
from incentives.authoring.unused import unused
from incentives.authoring.written import read_written

if TYPE_CHECKING:
    from pathlib import Path

    from incentives.authoring.loaded import Loaded
    from incentives.diagnostics import Finding


def lint_rules(rulebook: Loaded, sources: Path | None = None) -> tuple[Finding, ...]:
    """Return the warnings about a rulebook, by file and place, each once.

    Args:
        rulebook: a loaded rulebook.
        sources: the directory with the texts of the documents, if it is at hand;
            quotes are then looked up in them.
    """
    rules, files, blank = rulebook.rules, read_written(rulebook.rules), Blank(rulebook)
    found = [
        *rules.warnings,
        *gaps(rules),
        *settled_conditions(rulebook, blank),
        *unused(rules, files),
        *zero_divisors(rulebook, blank),
        *one_language(files),
        *(missing_quotes(files, sources) if sources is not None else ()),
        *untested(rulebook, files),
        *rounded_rates(files),
        *falling_amounts(rulebook, blank),
        *unclaused_roundings(files),
        *shadows(files),
    ]
    once = {_place(finding): finding for finding in sorted(found, key=_place)}
    return tuple(finding for finding in once.values() if not is_meant(finding, files))


def _place(finding: Finding) -> tuple[str, int, str, int, str]:
    if not finding.labels:
        return ("", 0, finding.code, 0, finding.message)
    span = finding.labels[0].span
    return (span.source.path, span.start, finding.code, span.end, "")
