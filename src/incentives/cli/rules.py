"""``rules list · show · schema``: for whoever reads or writes rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from incentives.cli.arguments import FormatOption, RulesOption, date_of, resolve, rulebook_of
from incentives.cli.frame import Format, UsageProblemError, print_json

if TYPE_CHECKING:
    from incentives.api import Rulebook

SCHEMAS = ("output", "profile", "rules", "vocabulary", "regions")


def _filter(name: str, help: str) -> Any:
    return typer.Option(f"--{name}", help=help)


def list_rules(
    ctx: typer.Context,
    region: Annotated[
        str | None, _filter("region", "Those for this region: six digits or its name.")
    ] = None,
    kind: Annotated[str | None, _filter("kind", "Of this kind, such as award.")] = None,
    recipient: Annotated[str | None, _filter("recipient", "For this kind of applicant.")] = None,
    status: Annotated[str | None, _filter("status", "Legal status, such as in_force.")] = None,
    on: Annotated[str | None, _filter("on", "In their period on this date.")] = None,
    document: Annotated[str | None, _filter("document", "Of this document.")] = None,
    rules: RulesOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """List incentives, document by document."""
    from incentives.authoring.overview import row, select
    from incentives.cli.show import KIND, print_rows
    from incentives.explain.words import LEGAL_STATUS
    from incentives.rulebook.model import Kind, LegalStatus

    rulebook = rulebook_of(rules)
    kinds = rulebook.vocabulary.facts.get(("applicant", "kind"))
    choices = {} if kinds is None else kinds.choices
    one_of("kind", kind, Kind, {word: zh for word, (zh, _) in KIND.items()})
    one_of("status", status, LegalStatus, {w: says.zh for w, says in LEGAL_STATUS.items()})
    one_of("recipient", recipient, choices, {w: says.zh for w, says in choices.items()})
    one_of("document", document, rulebook.documents)
    found = select(
        rulebook.rules,
        region=None if region is None else _region(region, rulebook),
        kind=kind,
        recipient=recipient,
        status=status,
        on=None if on is None else date_of(on, ctx.obj),
        document=document,
    )
    rows = [row(incentive) for incentive in found]
    if form is Format.JSON:
        print_json(rows)
    else:
        print_rows(rows, rulebook.rules, ctx.obj)
        ctx.obj.talk(f"共 {len(rows)} 项", f"{len(rows)} incentives")


def show(
    ctx: typer.Context,
    incentive: Annotated[
        str, typer.Argument(metavar="INCENTIVE", help="Id of an incentive, or its last part.")
    ],
    rules: RulesOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show everything about one incentive."""
    from incentives.authoring.overview import overview
    from incentives.cli.show import print_overview

    rulebook = rulebook_of(rules)
    data = overview(rulebook.rules, rulebook[resolve(incentive, rulebook.incentives)])
    if form is Format.JSON:
        print_json(data)
    else:
        print_overview(data, ctx.obj)


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[output|profile|rules|vocabulary|regions]", help="What to describe."
        ),
    ] = "output",
    rules: RulesOption = None,
) -> None:
    """Print a JSON Schema: of the output, of profiles, of rule files."""
    from incentives.authoring.schema import schema as schema_of

    if name not in SCHEMAS:
        words = ", ".join(SCHEMAS)
        raise UsageProblemError(
            f"没有“{name}”，可选：{words}", f"there is no {name!r}; one of: {words}"
        )
    print_json(schema_of(name, rulebook_of(rules)))


def one_of(
    option: str, value: str | None, known: Iterable[str], zh: Mapping[str, str] | None = None
) -> None:
    """Refuse a filter that nothing could ever match; an empty list would mislead.

    ``zh`` has what the words are called in Chinese: whoever gives that is told the word.
    """
    words, names = sorted(map(str, known)), {str(word): said for word, said in (zh or {}).items()}
    if value is None or value in words:
        return
    meant = [word for word in words if names.get(word) == value]
    near = meant or get_close_matches(value, words, 1) or words
    named = (f"{word}（{names[word]}）" if word in names else word for word in near)
    raise UsageProblemError(
        f"--{option} 没有“{value}”，可选：{'、'.join(named)}",
        f"--{option}: no {value!r}; try {', '.join(near)}",
    )


def _region(text: str, rulebook: Rulebook) -> str:
    """Return the code that a code, or the name of a listed region, stands for."""
    from incentives.rulebook.regions import doubt, named, nearest
    from incentives.values.codes import is_region

    regions = rulebook.vocabulary.regions
    found = named(text, regions)
    if len(found) == 1:
        return found[0]
    doubted = doubt(text, regions) if is_region(text) else (f"no region {text!r}", f"没有“{text}”")
    if doubted is None:
        return text
    near = [regions[code] for code in found] or nearest(text, regions)
    zh = "、".join(f"{one.code}（{one.name.zh}）" for one in near)
    en = ", ".join(f"{one.code} ({one.name.get('en')})" for one in near)
    raise UsageProblemError(
        f"--region {doubted[1]}；应为六位行政区划代码或地区全称" + (f"，如 {zh}" if near else ""),
        f"--region: {doubted[0]}; it takes six digits or a region's name"
        + (f", such as {en}" if near else ""),
    )
