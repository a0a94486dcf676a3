"""``batch``: every incentive decided for every firm of a table."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    NoHistoryOption,
    OnOption,
    RulesOption,
    TableOption,
    date_of,
    resolve,
    rulebook_of,
    tables_of,
)
from incentives.cli.frame import Exit, Frame, UsageProblemError, print_findings
from incentives.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from incentives.api import Rulebook
    from incentives.batch.result import Decisions


FirmsArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="FIRMS", help="A row a firm: .parquet, .csv or .xlsx.", show_default=False
    ),
]
KeyOption: TypeAlias = Annotated[
    str, typer.Option("--key", metavar="COLUMN", help="The column that names the firm.")
]
OutputOption: TypeAlias = Annotated[
    Path,
    typer.Option("--output", "-o", metavar="FILE", help="The decisions: .parquet, .csv or .xlsx."),
]
OnlyOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="ID", help="Decide only this incentive; repeatable."),
]
ItemsOption: TypeAlias = Annotated[bool, typer.Option("--items", help="A row for every item too.")]
WorkersOption: TypeAlias = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, help="Processes for the single engine."),
]
ChunkOption: TypeAlias = Annotated[
    int | None,
    typer.Option("--chunk", metavar="N", min=1, help="Firms at a time; changes no result."),
]


UnitOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--unit",
        metavar="COLUMN=UNIT",
        help="Unit of a column of bare numbers: 元, 万元, 亿元, 分, %, ‰ or 1; repeatable.",
    ),
]
EncodingOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Encoding of CSV files, such as gb18030."),
]
MemoryOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--memory-limit", metavar="SIZE", help="Memory for the columns, as 4GiB."),
]
SpillOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--temp-directory", metavar="DIR", help="Where to put what does not fit into memory."
    ),
]
ThreadsOption: TypeAlias = Annotated[
    int | None, typer.Option("--threads", metavar="N", min=1, help="Threads for the columns.")
]
SummaryOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--summary", metavar="FILE", help="Also write a row a firm, with its totals."),
]
TotalsOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--totals", metavar="FILE", help="Also write totals by incentive, region and payer."
    ),
]
MostErrorsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--max-errors",
        metavar="N",
        min=0,
        help="Decide nothing if more firms than this have faults.",
    ),
]


def batch(
    ctx: typer.Context,
    firms: FirmsArgument,
    key: KeyOption,
    output: OutputOption,
    table: TableOption = None,
    on: OnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    only: OnlyOption = None,
    items: ItemsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    unit: UnitOption = None,
    encoding: EncodingOption = None,
    summary: SummaryOption = None,
    totals: TotalsOption = None,
    max_errors: MostErrorsOption = None,
    memory_limit: MemoryOption = None,
    temp_directory: SpillOption = None,
    threads: ThreadsOption = None,
    workers: WorkersOption = None,
    chunk: ChunkOption = None,
) -> None:
    """Decide every incentive for every firm of a table."""
    frame: Frame = ctx.obj
    _check(output, summary, totals, memory_limit)
    rulebook = rulebook_of(rules)
    made = _assess(
        rulebook, {"applicant": firms, **tables_of(table)},
        key=key, on=date_of(on, frame), output=output,
        only=[resolve(name, rulebook.incentives) for name in only] if only else None,
        items=items, drafts=drafts, assume_no_history=assume_no_history, lang=frame.lang,
        units=_units(unit), allow_extra=allow_extra, encoding=encoding, max_errors=max_errors,
        memory_limit=memory_limit, temp_directory=temp_directory, threads=threads,
        workers=workers or os.cpu_count() or 1, chunk=chunk, progress=_progress(frame),
    )  # fmt: skip
    _close(made, frame, output)
    _write_more(made, frame, summary, totals)
    _leave(made)


def _assess(rulebook: Rulebook, tables: dict[str, str], **rest: Any) -> Decisions:
    from incentives.batch.run import assess

    return assess(rulebook, tables, **rest)


def _check(
    output: Path, summary: Path | None, totals: Path | None, memory_limit: str | None
) -> None:
    """Refuse, before anything is read, what cannot be written or held."""
    from incentives.batch.connection import SIZE
    from incentives.batch.files import ending_of

    for path in (output, summary, totals):
        if path is not None:
            ending_of(path)
    if memory_limit is not None and not SIZE.fullmatch(memory_limit):
        raise UsageProblemError(
            f"--memory-limit 应为大小，如 4GiB，不能是“{memory_limit}”",
            f"--memory-limit takes a size such as 4GiB, not {memory_limit!r}",
        )


def _leave(made: Decisions) -> None:
    """End with the exit code that a run comes to."""
    if made.counts.internal:
        raise typer.Exit(Exit.INTERNAL)
    if made.counts.errors or any(each.severity is Severity.ERROR for each in made.findings):
        raise typer.Exit(Exit.BAD_DATA)


def _write_more(made: Decisions, frame: Frame, summary: Path | None, totals: Path | None) -> None:
    if summary is not None:
        made.write_summary(summary)
        frame.talk(f"每户合计：{summary}", f"summary by firm: {summary}")
    if totals is not None:
        made.write_totals(totals, frame.lang)
        frame.talk(f"分项合计：{totals}", f"totals: {totals}")


def _units(given: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given or ():
        column, mark, unit = text.rpartition("=")
        if not mark or not column.strip() or not unit.strip():
            raise UsageProblemError(
                f"--unit 应写成 列=单位，如 applicant.revenue.2024=万元，不能是“{text}”",
                f"--unit takes COLUMN=UNIT such as applicant.revenue.2024=万元, not {text!r}",
            )
        found[column.strip()] = unit.strip()
    return found


def _progress(frame: Frame) -> Callable[[int, int], None] | None:
    """Return what tells a terminal how far the run is, and how long the rest will take."""
    if not sys.stderr.isatty():
        return None
    began = monotonic()

    def tell(done: int, of: int) -> None:
        took = monotonic() - began
        left = took * (of - done) / done if done else 0
        text = frame.say(
            f"{done:,}/{of:,} 户，已用 {_span(took, frame)}，约剩 {_span(left, frame)}",
            f"{done:,} of {_firms(of)} in {_span(took, frame)}, about {_span(left, frame)} left",
        )
        typer.echo(f"\r\x1b[K{text}", err=True, nl=done == of)

    return tell


def _firms(count: int) -> str:
    return "1 firm" if count == 1 else f"{count:,} firms"


def _span(seconds: float, frame: Frame) -> str:
    whole = round(seconds)
    if whole < 60:
        return frame.say(f"{whole}秒", f"{whole} s")
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return frame.say(f"{minutes}分{rest:02}秒", f"{minutes} min {rest:02} s")
    hours, minutes = divmod(minutes, 60)
    return frame.say(f"{hours}小时{minutes:02}分", f"{hours} h {minutes:02} min")


def _close(made: Decisions, frame: Frame, output: Path) -> None:
    """Say what was done, and what could not be."""
    found = made.counts
    frame.talk(
        f"{found.firms:,} 户，{found.decisions:,} 项结论"
        f"（按列计算 {found.columns:,} 项，逐户计算 {found.single:,} 项）：{output}",
        f"{_firms(found.firms)}, {found.decisions:,} decisions "
        f"({found.columns:,} by the columns, {found.single:,} one firm at a time): {output}",
    )
    if made.refused:
        print_findings(made.refused.values(), frame, err=True)
    if made.findings:
        print_findings(made.findings, frame, err=True)
    if found.errors:
        frame.talk(
            f"{found.errors:,} 户的资料有误，未能评估；见 status 为 error 的行",
            f"{_firms(found.errors)} could not be decided; see the rows whose status is error",
        )
