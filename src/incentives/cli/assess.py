"""``check`` and ``explain``: one profile assessed."""

from __future__ import annotations

from typing import Annotated

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    FormatOption,
    NoHistoryOption,
    OnOption,
    ProfileArgument,
    RulesOption,
    date_of,
    resolve,
    rulebook_of,
)
from incentives.cli.frame import Format, print_json


def check(
    ctx: typer.Context,
    profile: ProfileArgument,
    on: OnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Report only this incentive; repeatable."),
    ] = None,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Assess a profile: what one can get, how much, and why."""
    rulebook = rulebook_of(rules)
    chosen = [resolve(name, rulebook.incentives) for name in only] if only else None
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    assessment = rulebook.assess(
        checked,
        date_of(on, ctx.obj),
        drafts=drafts,
        assume_no_history=assume_no_history,
        only=chosen,
    )
    if form is Format.JSON:
        print_json(assessment.to_dict())
    else:
        typer.echo(assessment.explain(ctx.obj.lang), nl=False)


def explain(
    ctx: typer.Context,
    profile: ProfileArgument,
    incentive: Annotated[
        str, typer.Argument(metavar="INCENTIVE", help="Id of an incentive, or its last part.")
    ],
    on: OnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show the whole derivation of one decision."""
    rulebook = rulebook_of(rules)
    name = resolve(incentive, rulebook.incentives)
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    decision = rulebook.assess(
        checked, date_of(on, ctx.obj), drafts=drafts, assume_no_history=assume_no_history
    )[name]
    if form is Format.JSON:
        print_json(decision.to_dict())
    else:
        typer.echo(decision.explain(ctx.obj.lang, full=True), nl=False)
