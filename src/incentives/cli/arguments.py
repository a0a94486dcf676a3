"""Arguments and options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from incentives.cli.frame import Format, Frame, PageFormat, UsageProblemError

if TYPE_CHECKING:
    from incentives.api import Rulebook

ProfileArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="PROFILE",
        help="A profile (.toml, .json, or a form .xlsx), or example:NAME.",
        show_default=False,
    ),
]
OnOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="Date of assessment, YYYY-MM-DD; default: today."),
]
KnownOnOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--known-on", metavar="DATE", help="By the rules published by this date; default: all."
    ),
]
RulesOption: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules", metavar="DIR", help="Rules to use instead of the shipped ones; repeatable."
    ),
]
DraftsOption: TypeAlias = Annotated[
    bool, typer.Option("--drafts", help="Assess drafts too; they never enter totals.")
]
NoHistoryOption: TypeAlias = Annotated[
    bool, typer.Option("--assume-no-history", help="Take it that nothing was received before.")
]
ExtraOption: TypeAlias = Annotated[
    bool, typer.Option("--allow-extra", help="Warn about unknown facts instead of refusing them.")
]
TableOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--table", metavar="NAME=FILE", help="A row an item, as contract=FILE; repeatable."
    ),
]
FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", help="Form of the result.", show_default=True)
]

PageFormatOption: TypeAlias = Annotated[
    PageFormat, typer.Option("--format", help="Form of the result.", show_default=True)
]


def rulebook_of(rules: Sequence[Path] | None) -> Rulebook:
    """Return the rulebook of ``--rules``, or the shipped one.

    Raises:
        RulebookError: with every finding of every file.
        OSError: a path cannot be read.
    """
    import incentives

    return incentives.load(*(rules or ()))


def date_of(text: str | None, frame: Frame) -> date:
    """Return the date of ``--on``; without it today's, and say so on standard error."""
    if text is None:
        today = date.today()
        frame.talk(f"评估日期：{today}（今天）", f"date of assessment: {today} (today)")
        return today
    return given_date(text, "--on")


def known_date(text: str | None) -> date | None:
    """Return the date of ``--known-on``, ``None`` without it."""
    return None if text is None else given_date(text, "--known-on")


def given_date(text: str, option: str) -> date:
    """Return the date that an option gives.

    Raises:
        UsageProblemError: it is none.
    """
    from incentives.values.calendar import read_date

    found = read_date(text, lenient=True)
    if isinstance(found, date):
        return found
    raise UsageProblemError(
        f"{option} 应为日期，如 2024-06-01，不能是“{text}”",
        f"{option} takes a date such as 2024-06-01, not {text!r}",
    )


def resolve(name: str, known: Iterable[str]) -> str:
    """Return the id that ``name`` means: a whole id, or its last part where that is unique.

    Raises:
        UsageProblemError: it means none or several; the nearest are offered.
    """
    ids = sorted(known)
    if name in ids:
        return name
    ending = [each for each in ids if each.endswith(f"/{name}")]
    if len(ending) == 1:
        return ending[0]
    if ending:
        listed = ", ".join(ending)
        raise UsageProblemError(
            f"“{name}”不止一个：{listed}", f"{name!r} is more than one: {listed}"
        )
    short = {each.partition("/")[2]: each for each in ids}
    near = get_close_matches(name, ids, 1) or [
        short[each] for each in get_close_matches(name, short, 1)
    ]
    raise UsageProblemError(
        f"没有“{name}”"
        + (f"；是否应为 {near[0]}？" if near else "；用 incentives rules list 查看"),
        f"there is no {name!r}"
        + (f"; did you mean {near[0]}?" if near else "; see incentives rules list"),
    )


def tables_of(given: list[str] | None) -> dict[str, str]:
    """Return the files of ``--table`` by the entity they hold.

    Raises:
        UsageProblemError: one is not written as NAME=FILE, or stands twice.
    """
    found: dict[str, str] = {}
    for text in given or ():
        name, mark, file = text.partition("=")
        if not mark or not name.strip() or not file.strip():
            raise UsageProblemError(
                f"--table 应写成 名称=文件，如 contract=contracts.parquet，不能是“{text}”",
                f"--table takes NAME=FILE such as contract=contracts.parquet, not {text!r}",
            )
        if name.strip() in {*found, "applicant"}:
            raise UsageProblemError(
                f"--table {name.strip()} 给了两次", f"--table {name.strip()} is given twice"
            )
        found[name.strip()] = file.strip()
    return found


def require_workbook(path: Path) -> None:
    """Raise ``UsageProblemError`` where an output is not named as a workbook."""
    if path.suffix.lower() != ".xlsx":
        raise UsageProblemError(
            f"-o 应为 .xlsx 文件，不能是“{path.name}”",
            f"-o takes the name of an .xlsx file, not {path.name!r}",
        )
