"""``rules lint``: what loads but looks wrong, shown, reported to programs, or mended."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from incentives.cli.arguments import RulesOption
from incentives.cli.frame import (
    Exit,
    Frame,
    UsageProblemError,
    print_findings,
    print_json,
)
from incentives.diagnostics import Finding, RulebookError

if TYPE_CHECKING:
    from incentives.authoring.mending import Mended


class Report(StrEnum):
    """Forms of a report about rules."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def lint(
    ctx: typer.Context,
    rules: RulesOption = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", metavar="DIR", help="The documents' texts, to check quotes."),
    ] = None,
    form: Annotated[Report, typer.Option("--format", help="Form of the report.")] = Report.TEXT,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what takes no judgement; needs --rules.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change; change nothing.")
    ] = False,
) -> None:
    """Check rules for what loads but looks wrong."""
    if fix and not rules:
        raise UsageProblemError(
            "--fix 要与 --rules 同用：自带的规则不在原处修改",
            "--fix needs --rules: the shipped rules are not changed in place",
        )
    if sources is not None and not sources.is_dir():
        raise UsageProblemError(
            f"--sources 应为原文所在的目录：没有目录 {sources}",
            f"--sources takes the directory of the texts: there is no directory {sources}",
        )
    if diff or fix:
        mended = _mended(rules)
        if diff:
            _show(mended, ctx.obj)
            return
        _write(mended, ctx.obj)
    findings, count, unread = _findings(rules, sources, as_result=form is not Report.TEXT)
    for document, name in unread:
        ctx.obj.talk(*_unread(document, name, sources))
    _report(findings, form, ctx.obj)
    if findings:
        raise typer.Exit(Exit.FINDINGS)
    ctx.obj.talk(f"{count} 项，未发现问题", f"{count} incentives, nothing found")


def _findings(
    rules: Sequence[Path] | None, sources: Path | None, *, as_result: bool
) -> tuple[Sequence[Finding], int, Sequence[tuple[str, str | None]]]:
    """Return what is found, how many incentives were looked at, and whose quotes were not.

    Raises:
        RulebookError: the rules do not load, unless that is to be part of the result.
    """
    import incentives
    from incentives.authoring.lint import lint_rules
    from incentives.authoring.texts import unread_texts

    try:
        rulebook = incentives.load(*(rules or ()))
    except RulebookError as error:
        if as_result:
            return error.findings, 0, ()
        raise
    unread = () if sources is None else unread_texts(rulebook.rules, sources)
    return lint_rules(rulebook, sources), len(rulebook.incentives), unread


def _unread(document: str, name: str | None, sources: Path | None) -> tuple[str, str]:
    if name is None:
        return (
            f"注意：{document} 没有写原文出处（source），引文没有核对",
            f"note: {document} names no source; its quotes were not checked",
        )
    zh = f"注意：{sources} 里没有 {document} 的原文 {name}，或者读不出来，引文没有核对"
    en = f"note: {name}, the text of {document}, is not in {sources} or cannot be read"
    return zh, f"{en}; its quotes were not checked"


def _report(findings: Sequence[Finding], form: Report, frame: Frame) -> None:
    from incentives.authoring import reports

    if form is Report.TEXT:
        print_findings(findings, frame, err=False)
        return
    match form:
        case Report.JSON:
            print_json(reports.as_data(findings, frame.lang))
        case Report.SARIF:
            import incentives

            print_json(reports.as_sarif(findings, frame.lang, incentives.__version__))
        case Report.GITHUB if findings:
            typer.echo(reports.as_commands(findings, frame.lang))


# ── mending ──────────────────────────────────────────────────────────────────


def _mended(rules: Sequence[Path] | None) -> Mended:
    from incentives.authoring.mending import mend
    from incentives.resources import rules_path
    from incentives.rulebook.load import read_sources

    sources, findings = read_sources(list(rules) if rules else [rules_path()])
    if findings:
        raise RulebookError(findings)
    return mend(sources)


def _show(mended: Mended, frame: Frame) -> None:
    from incentives.cli.rewriting import differences

    typer.echo(differences(mended.changed), nl=False)
    if mended.changed:
        _count(mended, frame, "可改正", "can be mended")
        raise typer.Exit(Exit.FINDINGS)
    frame.talk("没有可以直接改正的", "nothing can be mended without a person")


def _write(mended: Mended, frame: Frame) -> None:
    from incentives.cli.rewriting import rewrite

    for path, (before, after) in mended.changed.items():
        rewrite(Path(path), before, after)
    for finding in mended.findings:
        said = frame.say(finding.zh, finding.message)
        frame.talk(f"已改正 {finding.labels[0].span}：{said}", f"{finding.labels[0].span}: {said}")
    if mended.findings:
        _count(mended, frame, "已改正", "mended")


def _count(mended: Mended, frame: Frame, zh: str, en: str) -> None:
    frame.talk(
        f"{len(mended.changed)} 个文件，{zh} {len(mended.findings)} 处",
        f"{en}: {len(mended.findings)}; files: {len(mended.changed)}",
    )
