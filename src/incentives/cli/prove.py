"""``rules prove``: what holds of a rule for every applicant, and who it does not hold for."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from incentives.cli.arguments import FormatOption, RulesOption, resolve, rulebook_of
from incentives.cli.frame import Exit, Format, Frame, UsageProblemError, print_json

if TYPE_CHECKING:
    from incentives.authoring.proofs.results import Property, Report
    from incentives.rulebook.model import Incentive


Names: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[INCENTIVE]...", help="Ids of incentives, or their last parts."),
]
Everything: TypeAlias = Annotated[bool, typer.Option("--all", help="Every incentive.")]
Only: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="PROPERTIES",
        help="Of reach, redundant, bounds, monotone, overlap, readings, versions; by commas.",
    ),
]
Timeout: TypeAlias = Annotated[
    int, typer.Option("--timeout", min=1, help="Seconds for one step of the solver.")
]
Items: TypeAlias = Annotated[
    int, typer.Option("--items", min=1, max=5, help="Up to so many items in each list.")
]
Where: TypeAlias = Annotated[
    str | None,
    typer.Option("--where", metavar="EXPRESSION", help="Compare readings and versions only there."),
]
Let: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--let", metavar="NAME=FIGURE", help="A figure for --where; repeatable."),
]
Against: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--against", metavar="DIR", help="Older rules to compare with; repeatable."),
]


def prove(
    ctx: typer.Context,
    incentives: Names = None,
    everything: Everything = False,
    only: Only = None,
    timeout: Timeout = 10,
    items: Items = 2,
    where: Where = None,
    let: Let = None,
    against: Against = None,
    rules: RulesOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Prove what holds for every applicant, or show one for whom it does not.

    Every profile shown was assessed by the engine first. Needs the extra `prove`.
    """
    from incentives.authoring.proofs.ground import Limits
    from incentives.authoring.proofs.prove import prove as prove_one
    from incentives.authoring.proofs.region import region

    frame: Frame = ctx.obj
    asked = _asked(only)
    book = rulebook_of(rules)
    chosen = _chosen(incentives or (), book.incentives, everything=everything)
    old = rulebook_of(against).rules if against else None
    started = time.monotonic()
    reports = []
    for at, incentive in enumerate(chosen, start=1):
        _print_progress(f"{at}/{len(chosen)} {incentive.id}")
        place = None if where is None else region(book.rules, incentive, where, let or ())
        limits = Limits(items, timeout)
        reports.append(prove_one(book.rules, incentive, asked, limits, place, old))
        _print_progress("")
        if form is Format.TEXT:
            _print(reports[-1], frame, brief=everything, many=len(chosen) > 1)
    if form is Format.JSON:
        _print_data(reports)
    elif len(reports) > 1:
        _print_summary(reports, asked, frame)
    seconds = int(time.monotonic() - started)
    frame.talk(
        f"共 {len(reports)} 项，用时 {seconds} 秒", f"{len(reports)} incentives, {seconds} s"
    )
    if any(answer.fault for report in reports for answer in report.answers):
        raise typer.Exit(Exit.FINDINGS)


def _print_progress(line: str) -> None:
    """Show on a terminal what is being asked about; an empty line wipes the one before."""
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[K{line}", err=True, nl=False)


def _asked(only: str | None) -> list[Property]:
    from incentives.authoring.proofs.results import Property

    words = [word.strip() for word in (only or "").split(",") if word.strip()]
    wrong = [word for word in words if word not in set(Property)]
    if wrong:
        listed = ", ".join(Property)
        raise UsageProblemError(
            f"--only 没有“{wrong[0]}”，可选：{listed}", f"--only: no {wrong[0]!r}; one of: {listed}"
        )
    return [each for each in Property if not words or each in words]


def _chosen(
    names: Sequence[str], known: Mapping[str, Incentive], *, everything: bool
) -> list[Incentive]:
    if everything == bool(names):
        raise UsageProblemError(
            "请写政策事项的编号，或者写 --all", "name incentives, or write --all"
        )
    ids = sorted(known) if everything else [resolve(name, known) for name in names]
    return [known[name] for name in dict.fromkeys(ids)]


def _print(report: Report, frame: Frame, *, brief: bool, many: bool) -> None:
    from incentives.authoring.proofs.text import render

    text = render(report, frame.lang, brief=brief)
    if text:
        typer.echo(f"{text}\n" if many else text)


def _print_data(reports: Sequence[Report]) -> None:
    from incentives.authoring.proofs.text import data

    print_json({"format": "incentives/proofs/1", "reports": [data(each) for each in reports]})


def _print_summary(reports: Sequence[Report], asked: Sequence[Property], frame: Frame) -> None:
    from incentives.authoring.proofs.text import summary
    from incentives.cli.tables import print_table

    print_table(*summary(reports, asked, frame.lang))
