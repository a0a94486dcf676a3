"""``check`` and ``explain``: one profile assessed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

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
    date_of,
    known_date,
    require_workbook,
    resolve,
    rulebook_of,
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


def explain(
    ctx: typer.Context,
    profile: ProfileArgument,
    incentive: Annotated[
        str, typer.Argument(metavar="INCENTIVE", help="Id of an incentive, or its last part.")
    ],
    on: OnOption = None,
    known_on: KnownOnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    form: PageFormatOption = PageFormat.TEXT,
) -> None:
    """Show the whole derivation of one decision."""
    rulebook = rulebook_of(rules)
    name = resolve(incentive, rulebook.incentives)
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
