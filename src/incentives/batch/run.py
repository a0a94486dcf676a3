"""A batch from tables to decisions.

Tables are staged, the rules lowered to columns over them, and what columns cannot settle
goes to the single engine. The result is a Parquet file: the caller's, or one of its own
that goes with the ``Decisions``.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, Unpack

from incentives.batch.chunks import Chunks
from incentives.batch.connection import Limits, open_connection
from incentives.batch.decisions import schema
from incentives.batch.files import PARQUET, convert, ending_of, write_parquet
from incentives.batch.firms import Firms
from incentives.batch.inputs.stage import stage
from incentives.batch.lowering.lower import lower
from incentives.batch.provenance import METADATA, Provenance
from incentives.batch.purse.purses import Purses, left_out_of, purses_of
from incentives.batch.purse.sharing import with_shares
from incentives.batch.result import Counts, Decisions, Origin, delete_with
from incentives.batch.single import Settings
from incentives.batch.straight import copy_parquet, is_straight
from incentives.batch.workers import Pool
from incentives.diagnostics import Finding, TableError, UnknownIncentiveError
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import unknown_incentive
from incentives.language.names import APPLICANT
from incentives.rulebook.digest import meaning_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike

    from incentives.batch.inputs.stage import StagedInput
    from incentives.rulebook.model import Rules, Vocabulary


class HasRules(Protocol):
    """A rulebook, such as ``incentives.load()`` returns."""

    @property
    def rules(self) -> Rules:
        """The rules as the engine reads them."""


class Choices(TypedDict, total=False):
    """What a caller may choose; everything has a default.

    What is decided: ``only``, ids to report (everything they depend on is evaluated all
    the same); ``items``, a row for every item too; ``drafts``, decide drafts too, never in
    totals; ``assume_no_history``, an absent past means that nothing was received; ``lang``
    of the sentences in error rows, ``zh`` (default) or ``en``.

    How tables are read: ``units`` of columns of bare numbers, by heading or path (元, 万元,
    亿元, 分, %, ‰, 1); ``allow_extra``, columns that mean nothing are passed over;
    ``encoding`` of CSV files that do not show theirs; ``max_errors``, nothing is decided if
    more firms than this have faults (default: any number may).

    How the machine is used, which changes no result: ``workers``, processes for what the
    single engine decides (default 1; more only in a script with ``if __name__ ==
    "__main__":``); ``threads``, ``memory_limit`` (``4GiB``) of this process and ``temp_directory``;
    ``chunk``, firms at a time; ``progress``, called with how many rows are done, of how many.
    """

    only: Iterable[str] | None
    items: bool
    drafts: bool
    assume_no_history: bool
    lang: str
    units: Mapping[str, str] | None
    allow_extra: bool
    encoding: str | None
    max_errors: int | None
    workers: int
    threads: int | None
    memory_limit: str | None
    temp_directory: str | PathLike[str] | None
    chunk: int | None
    progress: Callable[[int, int], None] | None


def assess(
    rulebook: HasRules,
    tables: Mapping[str, Any],
    *,
    key: str,
    on: date,
    output: str | PathLike[str] | None = None,
    **choices: Unpack[Choices],
) -> Decisions:
    """Decide every incentive for every firm of a table.

    Args:
        rulebook: what ``incentives.load()`` returns.
        tables: ``"applicant"``: a row a firm; each list entity: a row an item. Paths
            (.parquet, .csv, .xlsx), Arrow tables or DuckDB relations, with fact paths or
            labels for headers.
        key: the column that names the firm, in every table.
        on: the date of assessment.
        output: write the decisions here (.parquet, .csv, .xlsx) as they are made.
        choices: see ``Choices``.

    Raises:
        TableError: a table that cannot be read, or more faults than ``max_errors``.
        UnknownIncentiveError: ``only`` names no incentive.
        MissingExtraError: the extra ``batch`` is not installed.
        OSError: a file cannot be read or written.
        TypeError: ``on`` is no plain date, ``only`` is one text.
        ValueError: ``memory_limit`` is no size.
    """
    rules = rulebook.rules
    settings = settings_of(rules, on, choices)
    _check_entities(tables, rules.vocabulary)
    digest = getattr(rulebook, "digest", None) or meaning_digest(rules)
    provenance = Provenance.of(digest, settings, tables, key, _reading(choices))
    return _assess(rules, tables, settings, choices, provenance, output)


def assess_part(
    rules: Rules, tables: Mapping[str, Any], key: str, settings: Settings, choices: Choices
) -> Decisions:
    """Decide a part of a batch: as ``assess``, but purses wait for the firms of the others."""
    provenance = Provenance.of("", settings, tables, key, _reading(choices))
    return _assess(rules, tables, settings, choices, provenance, None, share=False)


def _assess(
    rules: Rules,
    tables: Mapping[str, Any],
    settings: Settings,
    choices: Choices,
    provenance: Provenance,
    output: str | PathLike[str] | None,
    *,
    share: bool = True,
) -> Decisions:
    ending = None if output is None else ending_of(output)
    directory = Path(tempfile.mkdtemp(prefix="incentives-", dir=choices.get("temp_directory")))
    try:
        path = directory / "decisions.parquet"
        if output is not None and ending == PARQUET:
            path = Path(output)
        made = _made(rules, tables, settings, choices, provenance, directory, path, share=share)
        if output is not None and ending != PARQUET:
            convert(path, output, "decisions")
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    delete_with(made, directory)
    return made


def _reading(choices: Choices) -> dict[str, Any]:
    names = ("units", "allow_extra", "encoding")
    return {name: said for name, said in choices.items() if name in names and said}


def _made(
    rules: Rules,
    tables: Mapping[str, Any],
    settings: Settings,
    choices: Choices,
    provenance: Provenance,
    directory: Path,
    path: Path,
    *,
    share: bool,
) -> Decisions:
    """Make the file of decisions, and the object that holds it."""
    limits = Limits(choices.get("memory_limit"), choices.get("threads"))
    connection = open_connection(limits, directory)
    held = stage(
        connection,
        rules.vocabulary,
        tables,
        key=provenance.key,
        units=choices.get("units"),
        allow_extra=choices.get("allow_extra", False),
        encoding=choices.get("encoding"),
    )
    _bear(held, choices.get("max_errors"))
    options = Options(settings.drafts, settings.assume_no_history, refine=False)
    purses = purses_of(rules, settings) if share else Purses(rules)
    lowered = lower(Plan(purses.rules), settings.on, options, held.staged, settings.only)
    firms = Firms(connection, held)
    ids = tuple(sorted(rules.incentives)) if settings.only is None else settings.only
    chunks = Chunks(firms, ids, lowered, settings)
    _write(chunks, purses, path, directory, provenance, choices)
    tally = chunks.tally
    counts = Counts(held.rows, tally.columns, tally.single, tally.errors, tally.internal)
    origin = Origin(rules, settings, firms, choices.get("workers", 1), limits, directory)
    refused = {**lowered.refused, **purses.kept}
    findings = (*held.findings, *left_out_of(purses, counts.errors))
    return Decisions(path, counts, provenance, refused, findings, origin)


def _write(
    chunks: Chunks,
    purses: Purses,
    path: Path,
    directory: Path,
    provenance: Provenance,
    choices: Choices,
) -> None:
    """Write the decisions: straight from the database where it can, else chunk by chunk."""
    progress, firms = choices.get("progress"), chunks.firms
    metadata = provenance.to_bytes()

    def told(done: int) -> None:
        if progress is not None:
            progress(done, firms.end)

    if chunks.is_by_columns and choices.get("chunk") is None and not purses.limits:
        query = chunks.query()
        if query is not None and is_straight(query):
            shown = None if progress is None else lambda part: told(firms.end * part // 100)
            count = copy_parquet(firms.connection, query, path, metadata, shown)
            chunks.tally.columns = count
            told(firms.end)
            return
    with (
        Pool(purses.rules, chunks.settings, choices.get("workers", 1)) as pool,
        closing(chunks.tables(pool, choices.get("chunk"), told)) as made,
    ):
        found = with_shares(made, firms, purses, chunks.settings, directory)
        write_parquet(path, found, schema(), {METADATA: metadata})


def _check_entities(tables: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    """Raise ``TableError`` for tables of what the vocabulary does not know, or none of firms."""
    findings = []
    for name in tables:
        if name not in vocabulary.entities:
            near = get_close_matches(name, vocabulary.entities, 1)
            listed = ", ".join(vocabulary.entities)
            findings.append(
                Finding(
                    code="E594",
                    message=f"`{name}` is no entity of the vocabulary; there are: {listed}",
                    zh=f"词汇表里没有“{name}”；有：{listed}",
                    help=f"did you mean `{near[0]}`?" if near else None,
                    help_zh=f"是否应为“{near[0]}”？" if near else None,
                )
            )
    if APPLICANT not in tables:
        zh = f"没有“{APPLICANT}”的表，即每户一行的表"
        message = f"there is no table of `{APPLICANT}`, a row a firm"
        findings.append(Finding(code="E594", message=message, zh=zh))
    if findings:
        raise TableError(findings)


def _bear(held: StagedInput, most: int | None) -> None:
    """Raise ``TableError`` where more firms have faults than a caller bears (E592)."""
    if most is None or held.bad <= most:
        return
    raise TableError(
        [
            Finding(
                code="E592",
                message=f"{held.bad:,} of {held.rows:,} firms have faults, more than {most:,}",
                zh=f"{held.rows:,} 户中有 {held.bad:,} 户资料有误，超过 {most:,} 户",
                help="leave out --max-errors to decide the others and see each fault",
                help_zh="去掉 --max-errors 可评估其余各户，并列出每户的问题",
            )
        ]
    )


def settings_of(rules: Rules, on: date, choices: Choices) -> Settings:
    """Return what was chosen for every firm alike, checked.

    Raises:
        UnknownIncentiveError: ``only`` names no incentive.
        TypeError: ``on`` is no plain date, ``only`` is one text.
    """
    if type(on) is not date:
        raise TypeError(f"`on` is a date such as date(2024, 6, 1), not {on!r}")
    return Settings(
        on,
        choices.get("drafts", False),
        choices.get("assume_no_history", False),
        choices.get("items", False),
        _chosen(choices.get("only"), rules),
        choices.get("lang", "zh"),
    )


def _chosen(only: Iterable[str] | None, rules: Rules) -> tuple[str, ...] | None:
    if only is None:
        return None
    if isinstance(only, str):
        raise TypeError(f"`only` is a list of ids such as [{only!r}], not one text")
    chosen = tuple(sorted(set(only)))
    for name in chosen:
        if name not in rules.incentives:
            raise UnknownIncentiveError(unknown_incentive(name, sorted(rules.incentives)))
    return chosen
