"""``rules fmt``: rule files in the canonical style."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from incentives.cli.frame import Exit, Frame, UsageProblemError, print_findings
from incentives.diagnostics import Finding, InternalError, RulebookError


def fmt(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Rule files, or directories of them."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="List the files that would change; change nothing.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change; change nothing.")
    ] = False,
) -> None:
    """Put rule files into the canonical style: white space only, never a word."""
    from incentives.cli.rewriting import differences, rewrite

    changed: dict[str, tuple[str, str]] = {}
    findings: list[Finding] = []
    files = _files(paths)
    for path in files:
        before, after, found = _laid_out(path)
        findings += found
        if not found and path.read_bytes() != after.encode():
            changed[str(path)] = (before, after)
    for name, (before, after) in changed.items():
        if not (check or diff):
            rewrite(Path(name), before, after, as_found=False)
    if diff:
        typer.echo(differences(changed), nl=False)
    elif check:
        for name in changed:
            typer.echo(name)
    print_findings(findings, ctx.obj, err=True)
    _count(len(files), len(changed), ctx.obj, dry=check or diff)
    if findings or (changed and (check or diff)):
        raise typer.Exit(Exit.FINDINGS)


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.glob("*.toml"))
        elif path.exists():
            found.append(path)
        else:
            raise UsageProblemError(f"没有 {path}", f"there is no {path}")
    return list(dict.fromkeys(found))


def _laid_out(path: Path) -> tuple[str, str, list[Finding]]:
    """Return a file's text before and after, or what keeps it from being read."""
    from incentives.authoring.layout import layout
    from incentives.diagnostics import Source
    from incentives.rulebook.toml import read_source, read_toml

    try:
        source = read_source(path)
    except RulebookError as error:
        return "", "", list(error.findings)
    data, _, findings = read_toml(source)
    if data is None:
        return source.text, source.text, findings
    after = layout(source.text)
    if read_toml(Source(source.path, after))[0] != data:
        raise InternalError(f"{path} would not mean the same; nothing was written")
    return source.text, after, []


def _count(files: int, changed: int, frame: Frame, *, dry: bool) -> None:
    if dry:
        frame.talk(
            f"{files} 个文件，{changed} 个不合格式", f"files: {files}; not in style: {changed}"
        )
    else:
        frame.talk(f"{files} 个文件，已调整 {changed} 个", f"files: {files}; changed: {changed}")
