"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from incentives.cli import (
    advice,
    ask,
    assess,
    audit,
    batch,
    coverage,
    differences,
    layout,
    lint,
    pages,
    prove,
    public,
    receipts,
    rules,
    sql,
    testing,
)
from incentives.cli.frame import Lang, Root
from incentives.cli.template import template


def root(
    lang: Annotated[
        Lang | None,
        typer.Option("--lang", help="Language; default: that of the locale, or else Chinese."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an internal error.")
    ] = False,
) -> None:
    """Decide eligibility for public incentives, exactly and with reasons.

    --lang and --debug may stand anywhere on the line.
    """
    del lang, debug  # read by Root, before the rest of the line


def make_app() -> typer.Typer:
    """Return the application."""
    app = typer.Typer(
        cls=Root,
        callback=root,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.command()(assess.check)
    app.command()(assess.explain)
    app.command()(template)
    app.command()(advice.what_if)
    app.command()(ask.ask)
    app.command()(audit.audit)
    app.command()(batch.batch)
    app.add_typer(_rules(), name="rules")
    app.command()(receipts.receipt)
    app.command()(receipts.receipt_root)
    app.command()(receipts.verify)
    app.command()(public.funds)
    app.command()(public.targets)
    app.command()(pages.error)
    app.command()(pages.examples)
    app.command()(pages.version)
    return app


def _rules() -> typer.Typer:
    group = typer.Typer(
        help="For whoever reads or writes rules.", no_args_is_help=True, rich_markup_mode=None
    )
    group.command(name="list")(rules.list_rules)
    group.command()(rules.show)
    group.command()(lint.lint)
    group.command()(layout.fmt)
    group.command()(coverage.coverage)
    group.command(name="test")(testing.cases)
    group.command()(differences.diff)
    group.command()(rules.schema)
    group.command()(sql.sql)
    group.command()(prove.prove)
    return group
