"""``template``: a form to fill in, as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from incentives.cli.arguments import (
    OnOption,
    RulesOption,
    date_of,
    require_workbook,
    resolve,
    rulebook_of,
)


def template(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The workbook to write.")
    ],
    profile: Annotated[
        str | None,
        typer.Argument(
            metavar="PROFILE",
            help="Fill in what this profile states: .toml, .json, .xlsx, or example:NAME.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="ID", help="Ask only what this incentive needs; repeatable."
        ),
    ] = None,
    on: OnOption = None,
    rules: RulesOption = None,
) -> None:
    """Write a form (.xlsx) that asks for what incentives need to know."""
    require_workbook(output)
    rulebook = rulebook_of(rules)
    chosen = [resolve(name, rulebook.incentives) for name in only] if only else None
    day = date_of(on, ctx.obj)
    rulebook.write_form(output, day, only=chosen, lang=ctx.obj.lang, profile=profile)
    again = "" if on is None else f" --on {day}"  # on another day other law may count
    ctx.obj.talk(
        f"已写出 {output}。填好后运行：incentives check {output}{again}",
        f"wrote {output}. When it is filled in: incentives check {output}{again}",
    )
