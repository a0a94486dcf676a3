"""``explain --from``: one row of a batch, explained as if that firm had been assessed alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from incentives.cli.frame import Exit, Frame, PageFormat, UsageProblemError

if TYPE_CHECKING:
    from incentives.api import Rulebook
    from incentives.batch.again import Again


def explain_row(
    frame: Frame,
    rulebook: Rulebook,
    path: Path,
    number: int,
    tables: dict[str, str],
    form: PageFormat,
) -> None:
    """Explain a row; say what has changed since, and in what it is not reached again."""
    from incentives.batch.again import again
    from incentives.cli.assess import print_explained

    found = again(path, number, rulebook.rules, tables)
    for zh, en in found.changed:
        frame.talk(f"提示：{zh}", f"note: {en}")
    row = found.row
    if row["incentive"] is None or found.profile is None:
        frame.talk(
            f"第 {number} 行未能评估：{row['reason'] or ''}",
            f"row {number} was not decided: {row['reason'] or ''}",
        )
        raise typer.Exit(Exit.BAD_DATA)
    decision = rulebook.assess(
        found.profile,
        found.provenance.on,
        drafts=found.provenance.drafts,
        assume_no_history=found.provenance.assume_no_history,
    )[row["incentive"]]
    item = "" if row["item"] is None else f" [{row['item']}]"
    frame.talk(
        f"第 {number} 行：{row['applicant']}，{row['incentive']}{item}",
        f"row {number}: {row['applicant']}, {row['incentive']}{item}",
    )
    print_explained(decision, frame.lang, form, full=True)
    _compare(frame, found, decision)


def _compare(frame: Frame, found: Again, decision: Any) -> None:
    """Say whether the row is reached again, and where one firm alone gets a narrower range."""
    row = found.row
    if found.differences:
        names = ", ".join(found.differences)
        frame.talk(
            f"与该行不一致：{names}"
            + ("" if found.changed else "；资料和规则都没有变，这是本程序的问题，请反馈"),
            f"not what the row says: {names}"
            + ("" if found.changed else "; nothing has changed, so the fault is ours: report it"),
        )
        raise typer.Exit(Exit.FINDINGS)
    span = decision.range
    alone = None if span is None else (span.low, span.high)
    if found.shared:
        frame.talk(
            "资金总量由这一批各户分配，该行是分得的部分；上面是只看这一户时的范围。两者相符。",
            "the purse was shared among the firms of the batch, and the row has this firm's part; "
            "above is the range of the firm alone. The two agree.",
        )
    elif row["item"] is None and alone is not None and _span(row) != _figures(alone):
        frame.talk(
            "该行的范围是批量计算给出的，较宽；上面是单独评估的范围，更窄。两者相符。",
            "the row has the wider range that a batch gives; above is the narrower one of a firm "
            "assessed alone. The two agree.",
        )
    frame.talk("与该行一致。", "The row is reached again.")


def _span(row: Any) -> tuple[str, ...]:
    return tuple("" if row[name] is None else str(row[name]) for name in ("low", "high"))


def _figures(span: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if money is None else f"{money:plain}" for money in span)


def check_line(profile: str | None, incentive: str | None, *, row: int | None) -> None:
    """Raise ``UsageProblemError`` unless the line names a profile and an incentive, or a row."""
    if row is not None and profile is None and incentive is None:
        return
    if row is None and profile is not None and incentive is not None:
        return
    raise UsageProblemError(
        "请写 PROFILE INCENTIVE，或者 --from 文件 --row 行号",
        "write PROFILE INCENTIVE, or --from FILE --row NUMBER",
    )
