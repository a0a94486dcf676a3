"""``batch``: every incentive decided for every firm of a table."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from incentives.cli.arguments import (
    DraftsOption,
    NoHistoryOption,
    OnOption,
    RulesOption,
    date_of,
    resolve,
    rulebook_of,
)
from incentives.cli.frame import Exit, Frame, UsageProblemError, print_findings

if TYPE_CHECKING:
    from collections.abc import Callable

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
TableOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--table", metavar="NAME=FILE", help="A row an item, as contract=FILE; repeatable."
    ),
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
    workers: WorkersOption = None,
    chunk: ChunkOption = None,
) -> None:
    """Decide every incentive for every firm of a table."""
    from incentives.batch.run import assess

    frame: Frame = ctx.obj
    rulebook = rulebook_of(rules)
    chosen = [resolve(name, rulebook.incentives) for name in only] if only else None
    made = assess(
        rulebook,
        {"applicant": firms, **_tables(table)},
        key=key,
        on=date_of(on, frame),
        only=chosen,
        items=items,
        drafts=drafts,
        assume_no_history=assume_no_history,
        lang=frame.lang,
        output=output,
        workers=workers or os.cpu_count() or 1,
        chunk=chunk,
        progress=_progress(frame),
    )
    _close(made, frame, output)
    if made.counts.internal:
        raise typer.Exit(Exit.INTERNAL)
    if made.counts.errors:
        raise typer.Exit(Exit.BAD_DATA)


def _tables(given: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given or ():
        name, mark, file = text.partition("=")
        if not mark or not name.strip() or not file.strip():
            raise UsageProblemError(
                f"--table 应写成 名称=文件，如 contract=contracts.parquet，不能是“{text}”",
                f"--table takes NAME=FILE such as contract=contracts.parquet, not {text!r}",
            )
        if name.strip() in {*found, "applicant"}:
            raise UsageProblemError(
                f"--table {name.strip()} 给了两次", f"--table {name.strip()} is given twice"
            )
        found[name.strip()] = file.strip()
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
            f"{done:,} of {of:,} firms in {_span(took, frame)}, about {_span(left, frame)} left",
        )
        typer.echo(f"\r\x1b[K{text}", err=True, nl=done == of)

    return tell


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
        f"{found.firms:,} firms, {found.decisions:,} decisions "
        f"({found.columns:,} by the columns, {found.single:,} one firm at a time): {output}",
    )
    if made.refused:
        names = ", ".join(sorted(made.refused))
        frame.talk(f"以下各项逐户计算：{names}", f"decided one firm at a time: {names}")
        print_findings(made.refused.values(), frame, err=True)
    if found.errors:
        frame.talk(
            f"{found.errors:,} 户的资料有误，未能评估；见 status 为 error 的行",
            f"{found.errors:,} firms could not be decided; see the rows whose status is error",
        )
