"""``rules coverage``: the text of a document beside the rules that quote it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from incentives.cli.arguments import RulesOption, resolve, rulebook_of
from incentives.cli.frame import Frame, UsageProblemError, print_json

if TYPE_CHECKING:
    from incentives.rulebook.model import Document


class CoverageFormat(StrEnum):
    """Forms of a coverage."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def coverage(
    ctx: typer.Context,
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="Id of a document of the rules.")
    ],
    source: Annotated[
        Path | None,
        typer.Option("--source", metavar="FILE", help="The document's text (UTF-8)."),
    ] = None,
    rules: RulesOption = None,
    form: Annotated[
        CoverageFormat, typer.Option("--format", help="Form of the report.")
    ] = CoverageFormat.TEXT,
) -> None:
    """Show a document's text beside the rules that quote it."""
    from incentives.authoring.coverage import as_data, cover
    from incentives.authoring.coverage_pages import as_html, as_text
    from incentives.authoring.written import read_written
    from incentives.rulebook.toml import read_source

    rulebook = rulebook_of(rules)
    about = rulebook.documents[resolve(document, rulebook.documents)]
    if source is None:
        raise _no_source(about)
    text = read_source(source).text
    _compare(about, source, ctx.obj)
    file = next(each for each in read_written(rulebook.rules) if each.document == about.id)
    found = cover(text, file)
    match form:
        case CoverageFormat.JSON:
            print_json(as_data(found))
        case CoverageFormat.HTML:
            typer.echo(as_html(found, ctx.obj.lang), nl=False)
        case CoverageFormat.TEXT:
            typer.echo(as_text(found, ctx.obj.lang), nl=False)


def _no_source(document: Document) -> UsageProblemError:
    name = document.source.get("name")
    if name is None:
        return UsageProblemError(
            f"规则里没有写 {document.id} 的原文出处；请用 --source 文件 给出原文",
            f"the rules name no source of {document.id}; give its text with --source FILE",
        )
    return UsageProblemError(
        f"{document.id} 的原文是 {name}，不随程序提供；请用 --source 文件 给出",
        f"the text of {document.id} is {name}, which is not shipped; give it with --source FILE",
    )


def _compare(document: Document, source: Path, frame: Frame) -> None:
    """Say so where the text is another one than the rules were written from."""
    from hashlib import sha256

    wanted = document.source.get("sha256", "")
    if wanted and not sha256(source.read_bytes()).hexdigest().startswith(wanted.lower()):
        frame.talk(
            f"注意：{source} 与编写规则时的原文不是同一个文件（sha256 不符）",
            f"note: {source} is not the file the rules were written from (sha256 differs)",
        )
