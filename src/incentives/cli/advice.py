"""``what-if`` and ``ask``: what would change a decision, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    NoHistoryOption,
    OnOption,
    PageFormatOption,
    ProfileArgument,
    RulesOption,
    date_of,
    resolve,
    rulebook_of,
)
from incentives.cli.frame import PageFormat, print_json, print_page

if TYPE_CHECKING:
    from incentives.explain.structure import Explanation


def what_if(
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
    form: PageFormatOption = PageFormat.TEXT,
) -> None:
    """Show what would change a decision: the smallest changes, and what more is worth."""
    rulebook = rulebook_of(rules)
    name = resolve(incentive, rulebook.incentives)
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    found = rulebook.assess(
        checked, date_of(on, ctx.obj), drafts=drafts, assume_no_history=assume_no_history
    )[name].what_if()
    if form is PageFormat.JSON:
        print_json(found.to_dict())
    else:
        print_explanation(found.explanation(), ctx.obj.lang, form)


def print_explanation(explanation: Explanation, lang: str, form: PageFormat) -> None:
    """Print an explanation in the form that was asked for."""
    from incentives.explain.html import render_html
    from incentives.explain.markdown import render_markdown
    from incentives.explain.text import render_text

    match form:
        case PageFormat.TEXT:
            typer.echo(render_text(explanation, lang), nl=False)
        case PageFormat.MARKDOWN:
            typer.echo(render_markdown(explanation, lang), nl=False)
        case PageFormat.HTML:
            print_page(render_html(explanation, lang, page=True))
        case PageFormat.JSON:
            from incentives.explain.contract import explanation_data

            print_json(explanation_data(explanation))
        case _:
            assert_never(form)
