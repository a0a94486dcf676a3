"""``rules test``: the cases of rule files, what they prove, and what they leave out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from incentives.cli.arguments import FormatOption, RulesOption, resolve, rulebook_of
from incentives.cli.frame import Exit, Format, UsageProblemError, print_json

if TYPE_CHECKING:
    from incentives.api import Rulebook

WORKERS = 2


def cases(
    ctx: typer.Context,
    incentives: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Only these incentives.", show_default=False),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Run only this incentive's cases; repeatable."),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change one thing at a time: some case must fail."),
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option("--suggest", help="Suggest cases at the figures that no case stands at."),
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --suggest: put them into the rule files.")
    ] = False,
    rules: RulesOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Run the worked cases inside the rule files."""
    if mutate and suggest:
        raise UsageProblemError(
            "--mutate 和 --suggest 不能同时用", "--mutate or --suggest, not both"
        )
    if write and not suggest:
        raise UsageProblemError("--write 只能和 --suggest 一起用", "--write goes with --suggest")
    rulebook = rulebook_of(rules)
    names = [*(incentives or ()), *(only or ())]
    chosen = {resolve(name, rulebook.incentives) for name in names} or None
    if suggest:
        _suggest(ctx, rulebook, chosen, form, write=write)
        return
    run = _mutate if mutate else _run
    clean = run(ctx, rulebook, chosen, form)
    if not clean:
        raise typer.Exit(Exit.FINDINGS)


def _run(ctx: typer.Context, rulebook: Rulebook, chosen: set[str] | None, form: Format) -> bool:
    from incentives.authoring.cases import run_cases
    from incentives.authoring.divergence import report, results_data

    results = run_cases(rulebook, chosen)
    failed = [result for result in results if not result.passed]
    if form is Format.JSON:
        print_json(results_data(rulebook.rules, results))
        return not failed
    for result in failed:
        typer.echo(report(rulebook.rules, result, ctx.obj.lang))
        typer.echo()
    typer.echo(
        ctx.obj.say(
            f"共 {len(results)} 个算例，{len(failed)} 个不符",
            f"{len(results)} cases, {len(failed)} failed",
        )
    )
    return not failed


def _mutate(ctx: typer.Context, rulebook: Rulebook, chosen: set[str] | None, form: Format) -> bool:
    from incentives.authoring.mutation import mutate
    from incentives.authoring.mutation_text import mutation_data, mutation_text

    found = mutate(rulebook.rules, chosen, workers=WORKERS)
    if form is Format.JSON:
        print_json(mutation_data(found))
    else:
        typer.echo(mutation_text(found, rulebook.rules, ctx.obj.lang))
    return found.is_clean


def _suggest(
    ctx: typer.Context, rulebook: Rulebook, chosen: set[str] | None, form: Format, *, write: bool
) -> None:
    from incentives.authoring.boundaries import boundaries
    from incentives.authoring.boundary_text import suggestions_data, suggestions_text, written_into
    from incentives.cli.rewriting import rewrite

    found = boundaries(rulebook.rules, chosen)
    if form is Format.JSON:
        print_json({"format": "incentives/boundaries/1", "cases": suggestions_data(found)})
    elif found and not write:
        typer.echo(suggestions_text(found), nl=False)
    if write:
        changed = written_into(rulebook.rules, found)
        _still_pass(rulebook, {path: after for path, (_, after) in changed.items()})
        for path, (before, after) in changed.items():
            rewrite(Path(path), before, after)
        files = len(changed)
        ctx.obj.talk(
            f"已写入 {files} 个文件；请逐个对照条款确认",
            f"{files} files written; confirm each case",
        )
    ctx.obj.talk(f"建议 {len(found)} 个算例", f"{len(found)} cases suggested")
    names = rulebook.incentives if chosen is None else chosen
    bare = sorted(name for name in names if not rulebook.rules.incentives[name].cases)
    if bare:
        ctx.obj.talk(
            f"没有算例可以仿照，未作建议：{'、'.join(bare)}",
            f"no case to go by, so none suggested: {', '.join(bare)}",
        )


def _still_pass(rulebook: Rulebook, changed: dict[str, str]) -> None:
    """Refuse to write what would not load, or not pass.

    Raises:
        RulebookError: the changed files do not load.
        InternalError: a case in them fails.
    """
    from incentives.api import Rulebook as Loaded
    from incentives.authoring.cases import run_cases
    from incentives.authoring.written import read_written
    from incentives.diagnostics import InternalError, Source
    from incentives.rulebook.load import build_rules

    sources = [file.source for file in read_written(rulebook.rules)]
    again = Loaded(build_rules([Source(s.path, changed.get(s.path, s.text)) for s in sources]))
    failing = {each.case.name for each in run_cases(rulebook) if not each.passed}
    for result in run_cases(again):
        if not result.passed and result.case.name not in failing:
            raise InternalError(f"a suggested case does not pass: {result.case.name}")
