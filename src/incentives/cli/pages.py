"""``error``, ``examples``, ``version``: what the program knows about itself."""

from __future__ import annotations

from typing import Annotated

import typer

from incentives.cli.frame import Format, UsageProblemError, print_json
from incentives.cli.tables import print_fields, print_table, print_wrapped


def error(
    ctx: typer.Context,
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help="A code such as E212, or a word such as zero-divisor."),
    ],
) -> None:
    """Explain a finding: what it means and how to mend it."""
    from incentives.catalogue import nearest, page_of
    from incentives.explain.words import FAULTS

    entry = page_of(code)
    if entry is None and code in FAULTS:
        typer.echo(f"{code}  {FAULTS[code].get(ctx.obj.lang)}")
        return
    if entry is None:
        near = nearest(code)
        raise UsageProblemError(
            f"没有代码“{code}”" + (f"；相近的有：{'、'.join(near)}" if near else ""),
            f"there is no code {code!r}"
            + (f"; the nearest are: {', '.join(near)}" if near else ""),
        )
    say, lang = ctx.obj.say, ctx.obj.lang
    print_wrapped(f"{entry.code}  {getattr(entry.title, lang)}", rest=" " * 6)
    typer.echo()
    print_wrapped(getattr(entry.why, lang), rest="")
    typer.echo()
    print_wrapped(f"{say('办法', 'Remedy')}{say('：', ': ')}{getattr(entry.remedy, lang)}", rest="")
    if entry.bad:
        typer.echo(f"\n{say('不要写', 'Not')}{say('：', ':')}")
        typer.echo("\n".join(f"    {line}" for line in entry.bad.splitlines()))
        typer.echo(f"{say('要写', 'But')}{say('：', ':')}")
        typer.echo("\n".join(f"    {line}" for line in entry.good.splitlines()))


def examples(
    ctx: typer.Context,
    form: Annotated[Format, typer.Option("--format", help="Form of the result.")] = Format.TEXT,
) -> None:
    """List the shipped example profiles; use one as example:NAME."""
    from incentives.resources import examples_path

    paths = sorted(examples_path().glob("*.toml"))
    found = [(path.stem, first_comment(path.read_text("utf-8"))) for path in paths]
    if form is Format.JSON:
        print_json([{"name": name, "about": about} for name, about in found])
        return
    say = ctx.obj.say
    rows = ((f"example:{name}", about) for name, about in found)
    print_table([say("示例", "Example"), say("说明", "About")], rows)


def version(ctx: typer.Context) -> None:
    """Show the version of the program and the digest of the shipped rules."""
    import platform

    import incentives

    say = ctx.obj.say
    rulebook = incentives.load()
    typer.echo(f"incentives {incentives.__version__}")
    print_fields(
        [
            ("Python", platform.python_version()),
            (say("规则", "Rules"), rulebook.digest),
            (say("文件", "Documents"), ", ".join(sorted(rulebook.documents))),
        ]
    )


def first_comment(text: str) -> str:
    """Return the first comment line of a TOML file, without a leading 示例：."""
    for line in text.splitlines():
        if line.startswith("#"):
            return line.lstrip("# ").removeprefix("示例：").strip()
        if line.strip():
            break
    return ""
