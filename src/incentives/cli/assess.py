"""``check`` and ``explain``: one profile assessed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias, assert_never

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    KnownOnOption,
    NoHistoryOption,
    OnOption,
    PageFormatOption,
    ProfileArgument,
    RulesOption,
    TableOption,
    date_of,
    known_date,
    require_workbook,
    resolve,
    rulebook_of,
    tables_of,
)
from incentives.cli.frame import PageFormat, print_json, print_page

if TYPE_CHECKING:
    from incentives.api import Assessment, Decision


def check(
    ctx: typer.Context,
    profile: ProfileArgument,
    on: OnOption = None,
    known_on: KnownOnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Report only this incentive; repeatable."),
    ] = None,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    full: Annotated[
        bool, typer.Option("--full", help="Show the whole derivation of every decision.")
    ] = False,
    form: PageFormatOption = PageFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Also write a workbook whose sums recompute."
        ),
    ] = None,
) -> None:
    """Assess a profile: what one can get, how much, and why."""
    if output is not None:
        require_workbook(output)
    rulebook = rulebook_of(rules)
    chosen = [resolve(name, rulebook.incentives) for name in only] if only else None
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    assessment = rulebook.assess(
        checked,
        date_of(on, ctx.obj),
        drafts=drafts,
        assume_no_history=assume_no_history,
        only=chosen,
        known_on=known_date(known_on),
    )
    if output is not None:
        assessment.to_workbook(output, ctx.obj.lang)
        ctx.obj.talk(f"已写出 {output}", f"wrote {output}")
    print_explained(assessment, ctx.obj.lang, form, full=full)


ExplainedOption: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROFILE]",
        help="A profile (.toml, .json, or a form .xlsx), or example:NAME.",
        show_default=False,
    ),
]
DecisionArgument: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[INCENTIVE]", help="Id of an incentive, or its last part.", show_default=False
    ),
]
FromOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help="Decisions of a batch (.parquet), for --row."),
]
RowOption: TypeAlias = Annotated[
    int | None, typer.Option("--row", metavar="K", min=1, help="Which row of them, from 1.")
]


def explain(
    ctx: typer.Context,
    profile: ExplainedOption = None,
    incentive: DecisionArgument = None,
    on: OnOption = None,
    known_on: KnownOnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    form: PageFormatOption = PageFormat.TEXT,
    source: FromOption = None,
    row: RowOption = None,
    table: TableOption = None,
) -> None:
    """Show the whole derivation of one decision."""
    from incentives.cli.row import check_line, explain_row

    check_line(profile, incentive, row=None if source is None else row)
    rulebook = rulebook_of(rules)
    if source is not None and row is not None:
        explain_row(ctx.obj, rulebook, source, row, tables_of(table), form)
        return
    name = resolve(incentive or "", rulebook.incentives)
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    decision = rulebook.assess(
        checked,
        date_of(on, ctx.obj),
        drafts=drafts,
        assume_no_history=assume_no_history,
        known_on=known_date(known_on),
    )[name]
    print_explained(decision, ctx.obj.lang, form, full=True)


def print_explained(
    result: Assessment | Decision, lang: str, form: PageFormat, *, full: bool
) -> None:
    """Print an assessment or a decision in the form that was asked for."""
    match form:
        case PageFormat.TEXT:
            typer.echo(result.explain(lang, full=full), nl=False)
        case PageFormat.MARKDOWN:
            typer.echo(result.to_markdown(lang, full=full), nl=False)
        case PageFormat.HTML:
            print_page(result.to_html(lang, full=full))
        case PageFormat.JSON:
            print_json(result.to_dict(explained=True, full=full))
        case _:
            assert_never(form)
