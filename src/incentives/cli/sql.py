"""``rules sql``: an incentive as a query for a database without Python."""

from __future__ import annotations

from typing import Annotated

import typer

from incentives.cli.arguments import OnOption, RulesOption, date_of, resolve, rulebook_of
from incentives.cli.frame import Frame
from incentives.cli.rules import one_of

DIALECTS = ("duckdb", "postgres", "spark")


def sql(
    ctx: typer.Context,
    incentive: Annotated[
        str, typer.Argument(metavar="INCENTIVE", help="Id of an incentive, or its last part.")
    ],
    dialect: Annotated[
        str,
        typer.Option("--dialect", metavar="[duckdb|postgres|spark]", help="For which database."),
    ] = "duckdb",
    on: OnOption = None,
    rules: RulesOption = None,
) -> None:
    """Print an incentive as an SQL query, commented with its clauses."""
    from incentives.authoring.readable_sql import readable_query

    frame: Frame = ctx.obj
    one_of("dialect", dialect, DIALECTS)
    rulebook = rulebook_of(rules)
    name = resolve(incentive, rulebook.incentives)
    day = date_of(on, frame)
    typer.echo(readable_query(rulebook.rules, name, day, dialect, frame.lang), nl=False)
