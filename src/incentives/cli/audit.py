"""``audit``: what was paid, worked out again from the facts and the rules of the day."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from incentives.cli.arguments import (
    ExtraOption,
    FormatOption,
    NoHistoryOption,
    RulesOption,
    resolve,
    rulebook_of,
)
from incentives.cli.frame import Exit, Format, Frame, UsageProblemError, print_json

if TYPE_CHECKING:
    from incentives.audit.report import Audit

PaidArgument: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="PAID", help="What was paid: .xlsx, .csv or .parquet.", show_default=False
    ),
]
ProfilesOption: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--profiles",
        metavar="PATH",
        help="Profiles: files, directories or tables; contract=FILE for items; repeatable.",
    ),
]
DayOption: TypeAlias = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Date of the rows that have none.")
]
IncentiveOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--incentive", metavar="ID", help="Incentive of the rows that name none."),
]
MeansOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--means", metavar="NAME=ID", help="What a name in the list stands for."),
]
MapOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="What a column of the list holds."),
]
UnitOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--unit", metavar="UNIT", help="Unit of amounts without one: 元 or 万元."),
]
SheetOption: TypeAlias = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of the workbook.")
]
EncodingOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Encoding of CSV files, such as gb18030."),
]


OutputOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="REPORT.xlsx", help="Write the result as a workbook."),
]
PapersOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--papers", metavar="DIR", help="Write a Word paper for each applicant."),
]


def audit(
    ctx: typer.Context,
    paid: PaidArgument,
    profiles: ProfilesOption,
    rules: RulesOption = None,
    on: DayOption = None,
    incentive: IncentiveOption = None,
    means: MeansOption = None,
    columns: MapOption = None,
    unit: UnitOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    output: OutputOption = None,
    papers: PapersOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Recompute what was paid and show where it differs."""
    from incentives.audit.claims import Settings
    from incentives.audit.firms import read_firms
    from incentives.audit.paid import read_paid
    from incentives.audit.report import audit as audit_list
    from incentives.audit.show import audit_data, explain_audit
    from incentives.explain.text import render_text

    _check_targets(output, papers)
    rulebook = rulebook_of(rules)
    ids = rulebook.incentives
    settings = Settings(
        None if incentive is None else resolve(incentive, ids),
        _day(on),
        {name: resolve(meant, ids) for name, meant in _pairs(means, "--means").items()},
        assume_no_history,
    )
    listed = read_paid(
        paid, sheet=sheet, encoding=encoding, declared=_pairs(columns, "--map"), unit=_unit(unit)
    )
    firms = read_firms(profiles, rulebook.vocabulary, encoding=encoding, allow_extra=allow_extra)
    result = audit_list(listed, firms, rulebook.rules, settings)
    _write(result, output, papers, ctx.obj)
    if form is Format.JSON:
        print_json(audit_data(result))
    else:
        typer.echo(render_text(explain_audit(result), ctx.obj.lang), nl=False)
    if not result.is_clean:
        raise typer.Exit(Exit.FINDINGS)


def _check_targets(output: Path | None, papers: Path | None) -> None:
    """Refuse, before anything is worked out, what cannot be written as it is named."""
    if output is not None and output.suffix.lower() != ".xlsx":
        raise UsageProblemError(
            f"-o 写的是 Excel 工作簿，文件名应以 .xlsx 结尾，不能是“{output}”",
            f"-o writes an Excel workbook; its name ends with .xlsx, not {str(output)!r}",
        )
    if papers is not None and papers.exists() and not papers.is_dir():
        raise UsageProblemError(
            f"--papers 应为目录，{papers} 是文件", f"--papers takes a directory; {papers} is a file"
        )


def _write(result: Audit, output: Path | None, papers: Path | None, frame: Frame) -> None:
    """Write the workbook and the papers that were asked for, and say where they are."""
    if output is not None:
        from incentives.audit.workbook import write_workbook

        write_workbook(result, output)
        frame.talk(f"工作簿：{output}", f"workbook: {output}")
    if papers is not None:
        from incentives.audit.papers import write_papers

        def tell(done: int, of: int) -> None:
            if sys.stderr.isatty():
                typer.echo(f"\r{done}/{of}", err=True, nl=done == of)

        written = write_papers(result, papers, tell)
        frame.talk(f"底稿：{papers}，{len(written)}份", f"papers: {len(written)} in {papers}")


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    found = {}
    for text in given or ():
        left, mark, right = text.rpartition("=")
        if not mark or not left.strip() or not right.strip():
            raise UsageProblemError(
                f"{option} 应写成 左=右，不能是“{text}”", f"{option} takes LEFT=RIGHT, not {text!r}"
            )
        found[left.strip()] = right.strip()
    return found


def _unit(text: str | None) -> str | None:
    if text not in {None, "元", "万元", "亿元"}:
        raise UsageProblemError(
            f"--unit 应为 元、万元 或 亿元，不能是“{text}”",
            f"--unit takes 元, 万元 or 亿元, not {text!r}",
        )
    return text


def _day(text: str | None) -> date | None:
    from incentives.values.calendar import read_date

    found = None if text is None else read_date(text, lenient=True)
    if text is not None and not isinstance(found, date):
        raise UsageProblemError(
            f"--on 应为日期，如 2024-06-01，不能是“{text}”",
            f"--on takes a date such as 2024-06-01, not {text!r}",
        )
    return found if isinstance(found, date) else None
