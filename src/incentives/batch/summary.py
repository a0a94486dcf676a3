"""What a table of decisions comes to: a row a firm, and totals by incentive, region and payer.

Money counts where it counts for one firm (``Assessment.totals``): monetary kinds of the law,
paid to the applicant. Entitlements and ceilings are kept apart; ranges are sums of ranges.
Where a firm's total is not the sum of its decisions (several open ones share a payment; a
figure may be a ceiling or an entitlement) the single engine is asked.

The laws kept (``tests/unit/batch/test_summary.py``): a firm's figures are those of its
assessment; the payers' parts add up to what is awarded, to the fen.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.decisions import arrow, yuan
from incentives.batch.payers import BY_FACTS, LOCAL_UNKNOWN, NO_SPLIT, Payers
from incentives.engine.plan import Plan
from incentives.language import core
from incentives.language.walk import walk
from incentives.rulebook.model import Entitlement, LegalStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from incentives.rulebook.model import Incentive, Rules, Version

ROWS: Final = 100_000
"""Rows of a summary that are held in memory at once."""

# ``live``: it gives something or may. ``hangs``: an open figure under which somebody decides.
_LOOKED_AT: Final = """
CREATE OR REPLACE TEMP VIEW looked_at AS
SELECT d.applicant, d.incentive, d.status, d.reason, d.amount, d.low, d.high, d.place, i.counts,
  d.status IN ('eligible', 'undetermined') AS live,
  i.may_be_ceiling AND d.amount IS NULL AS hangs,
  i.counts AND d.status IN ('eligible', 'undetermined') AND d.amount IS NULL AND (
    i.grouped OR i.mixes OR (i.may_be_ceiling
      AND len(list_filter(d.missing, lambda path: starts_with(path, 'decided['))) > 0)) AS asks
FROM (SELECT *, file_row_number AS place FROM decided WHERE item IS NULL) AS d
LEFT JOIN incentives AS i ON i.incentive = d.incentive
"""
_ASKING: Final = "SELECT DISTINCT applicant FROM looked_at WHERE asks"
_STATUSES: Final = """
  count(*) FILTER (status = 'eligible') AS eligible,
  count(*) FILTER (status = 'undetermined') AS undetermined,
  count(*) FILTER (status = 'ineligible') AS ineligible,
  count(*) FILTER (status = 'not_applicable') AS not_applicable"""
_LOW: Final = "coalesce(sum(low) FILTER (live AND NOT hangs), 0)"
_HIGH: Final = """
  CASE WHEN count(*) FILTER (live AND NOT hangs AND high IS NULL OR status = 'error') = 0
    THEN coalesce(sum(high) FILTER (live AND NOT hangs), 0) END"""
_CEILING: Final = """
  CASE WHEN count(*) FILTER (live AND hangs AND high IS NULL) = 0
    THEN coalesce(sum(high) FILTER (live AND hangs), 0) END"""
_MONEY: Final = f"{_LOW} AS low, {_HIGH} AS high, {_CEILING} AS ceiling"
_MONEY_COUNTED: Final = _MONEY.replace("live", "live AND counts")
_SUMMARY: Final = f"""
SELECT * EXCLUDE (place) FROM (
WITH firms_in AS (
  SELECT applicant, {_STATUSES}, {_MONEY_COUNTED}, min(place) AS place,
    any_value(reason) FILTER (status = 'error') AS error
  FROM looked_at WHERE incentive IS NOT NULL GROUP BY applicant)
SELECT s.applicant, eligible, undetermined, ineligible, not_applicable,
  CASE WHEN coalesce(t.low, s.low) = CASE WHEN t.asked THEN t.high ELSE s.high END
    THEN coalesce(t.low, s.low) END AS exact,
  coalesce(t.low, s.low) AS low,
  CASE WHEN t.asked THEN t.high ELSE s.high END AS high,
  CASE WHEN t.asked THEN t.ceiling ELSE s.ceiling END AS ceiling,
  error, place
FROM firms_in AS s LEFT JOIN told AS t ON t.applicant = s.applicant
UNION ALL
SELECT applicant, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, reason, place
FROM looked_at WHERE incentive IS NULL
) ORDER BY place
"""  # noqa: S608 - of constants
_TOTALS: Final = f"""
SELECT 'incentive' AS part, incentive AS key, any_value(counts) AS counts, {_STATUSES},
  CASE WHEN count(low) > 0 THEN coalesce(sum(amount) FILTER (live), 0) END AS settled,
  CASE WHEN count(low) > 0 THEN {_LOW} END AS low,
  CASE WHEN count(low) > 0 THEN {_HIGH} END AS high,
  CASE WHEN count(low) > 0 THEN {_CEILING} END AS ceiling
FROM looked_at WHERE incentive IS NOT NULL GROUP BY incentive
UNION ALL
SELECT 'region', region, TRUE, {_STATUSES},
  coalesce(sum(amount) FILTER (live AND counts), 0), {_MONEY_COUNTED}
FROM looked_at LEFT JOIN regions USING (applicant) WHERE incentive IS NOT NULL GROUP BY region
ORDER BY part, key NULLS LAST
"""  # noqa: S608 - of constants
_AWARDS: Final = """
SELECT incentive, region, amount, count(*) AS times
FROM looked_at LEFT JOIN regions USING (applicant)
WHERE live AND counts AND amount > 0 GROUP BY ALL
"""
_NO_PAYER: Final = {
    NO_SPLIT: ("文件未规定由谁承担", "no split is stated"),
    LOCAL_UNKNOWN: ("所在县区不明，地方承担部分待定", "local, the county is not known"),
    BY_FACTS: ("按各户情况承担", "depends on each firm's facts"),
}


def prepare(connection: Any, rules: Rules, on: date, *, decided_stated: bool) -> None:
    """Make the view that the queries read, from ``decided``: the file of decisions.

    Args:
        connection: has the view ``decided``, with ``file_row_number``.
        rules: what decided.
        on: the date of assessment.
        decided_stated: whether the input has a table of recorded decisions.
    """
    plan = Plan(rules)
    grouped = {name for group in plan.groups(on, drafts=False) for name in group.members}
    found = [
        (
            each.id,
            each.is_monetary and each.document.legal_status is not LegalStatus.DRAFT,
            _may_be_ceiling(each),
            _mixes(each, decided_stated=decided_stated),
            each.id in grouped,
        )
        for each in rules.incentives.values()
    ]
    names = ("incentive", "counts", "may_be_ceiling", "mixes", "grouped")
    columns = zip(*found, strict=True) if found else [()] * len(names)
    pa = arrow()
    table = pa.table(dict(zip(names, map(pa.array, map(list, columns)), strict=True)))
    connection.register("incentives", table)
    connection.execute(_LOOKED_AT).fetchall()


def asking(connection: Any) -> list[str]:
    """Return the firms whose totals only the single engine can tell."""
    return [key for (key,) in connection.execute(_ASKING).fetchall()]


def summary(connection: Any, told: Any) -> Any:
    """Return a row a firm, in the order of the input, as a reader of Arrow record batches.

    Args:
        connection: prepared.
        told: what the single engine says of the firms that ``asking`` names: ``applicant``,
            ``asked`` (true), ``low``, ``high``, ``ceiling``.
    """
    connection.register("told", told)
    return connection.sql(_SUMMARY).to_arrow_reader(ROWS)


def totals(connection: Any, rules: Rules, on: date, lang: str) -> Any:
    """Return totals by incentive, by region and by payer, as an Arrow table.

    ``settled`` adds the amounts that are settled; ``low`` to ``high`` is what all that are not
    ceilings come to; ``ceiling`` is the most that may be given beyond it. ``counts`` says
    whether an incentive is money to the applicant; only such money is in the other parts.
    """
    found = connection.sql(_TOTALS).to_arrow_table()
    rows = [*found.to_pylist(), *_by_payer(connection, Payers(rules, on))]
    for row in rows:
        row["name"] = _name(rules, row["part"], row["key"], lang)
        if row["key"] in _NO_PAYER:
            row["key"] = None
    pa = arrow()
    fields = list(found.schema)
    return pa.Table.from_pylist(
        rows, pa.schema([*fields[:2], pa.field("name", pa.string()), *fields[2:]])
    )


def _by_payer(connection: Any, payers: Payers) -> list[dict[str, Any]]:
    """Return a row a payer, named ones first; each award is split by itself."""
    borne: dict[tuple[bool, str], list[int]] = defaultdict(lambda: [0, 0])
    awards = connection.execute(_AWARDS)
    while batch := awards.fetchmany(10_000):
        for incentive, region, amount, times in batch:
            for payer, part, why in payers.parts(incentive, region, int(Fraction(amount) * 100)):
                sums = borne[payer is None, payer or why or ""]
                sums[0] += times
                sums[1] += part * times
    return [
        {"part": "payer", "key": key, "counts": True, "eligible": times, "settled": yuan(fen)}
        for (_, key), (times, fen) in sorted(borne.items())
    ]


def _name(rules: Rules, part: str, key: str | None, lang: str) -> str | None:
    """Return what people call an incentive, a region or a payer."""
    at = int(lang == "en")
    if part == "incentive" and key is not None:
        name = rules.incentives[key].name
        return (lang == "en" and name.get("en")) or name.zh
    region = rules.vocabulary.regions.get(key or "")
    if region is not None:
        return (lang == "en" and region.name.get("en")) or region.name.zh
    if part == "region" and key is None:
        return ("未填地区", "region not stated")[at]
    return _NO_PAYER[key][at] if key in _NO_PAYER else key


def _may_be_ceiling(incentive: Incentive) -> bool:
    return any(
        (version.amount is None and version.entitlement is Entitlement.CASE_BY_CASE)
        or any(isinstance(node, core.UpTo) for node in _nodes(version))
        for version in incentive.versions
    )


def _mixes(incentive: Incentive, *, decided_stated: bool) -> bool:
    """Say whether an open figure may turn out to be a ceiling or an entitlement."""
    if not _may_be_ceiling(incentive):
        return False
    tops = {isinstance(version.amount, core.UpTo | None) for version in incentive.versions}
    return tops != {True} or (incentive.each is not None and decided_stated)


def _nodes(version: Version) -> Iterator[core.Expr]:
    return iter(()) if version.amount is None else walk(version.amount)
