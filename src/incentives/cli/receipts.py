"""``receipt`` and ``verify``: an assessment kept, and reached again.

A receipt is printed or written as exactly the bytes that are its text: no line
end after it, so that a file and its signature never disagree.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    FormatOption,
    NoHistoryOption,
    OnOption,
    ProfileArgument,
    RulesOption,
    date_of,
    rulebook_of,
)
from incentives.cli.frame import Exit, Format, Frame, print_findings, print_json

if TYPE_CHECKING:
    from incentives.audit.verify import Verification


def receipt(
    ctx: typer.Context,
    profile: ProfileArgument,
    on: OnOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: print it."),
    ] = None,
    embed_rules: Annotated[
        bool, typer.Option("--embed-rules", help="Put the rule files inside.")
    ] = False,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
) -> None:
    """Assess a profile and issue a receipt that anyone can replay."""
    rulebook = rulebook_of(rules)
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    issued = rulebook.assess(
        checked, date_of(on, ctx.obj), drafts=drafts, assume_no_history=assume_no_history
    ).receipt(embed_rules=embed_rules)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(issued.raw)
        return
    output.write_bytes(issued.raw)
    ctx.obj.talk(f"凭证已写入 {output}：{issued.digest}", f"receipt in {output}: {issued.digest}")


def verify(
    ctx: typer.Context,
    receipts: Annotated[
        list[Path], typer.Argument(metavar="RECEIPT...", help="Receipts.", show_default=False)
    ],
    rules: RulesOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Replay receipts: reproduced, or what differs."""
    from incentives.audit.verify import Library, ReceiptError, Verdict, read_receipt
    from incentives.audit.verify import verify as replay

    library = Library(rulebook_of(rules).rules, chosen=bool(rules))
    rows: list[dict[str, Any]] = []
    worst = Exit.OK
    for path in receipts:
        try:
            done = replay(read_receipt(path.read_bytes()), library)
        except ReceiptError as error:
            worst = max(worst, Exit.BAD_DATA)
            rows.append(_unreadable(path, error))
            if form is Format.TEXT:
                typer.echo(ctx.obj.say(f"{path}：无法核验", f"{path}: cannot be verified"))
                print_findings(error.findings, ctx.obj, err=False)
            continue
        code = {Verdict.REPRODUCED: Exit.OK, Verdict.DIFFERENT: Exit.FINDINGS}
        worst = max(worst, code.get(done.verdict, Exit.BAD_DATA))
        rows.append(_row(path, done))
        if form is Format.TEXT:
            _print(path, done, ctx.obj)
    if form is Format.JSON:
        print_json(rows)
    if worst is not Exit.OK:
        raise typer.Exit(worst)


def _print(path: Path, done: Verification, frame: Frame) -> None:
    from incentives.audit.verify import Verdict

    on, count = done.receipt.data["on"], len(done.receipt.data["derivations"])
    about = frame.say(
        f"{on}，{count} 项结论，由 incentives {done.made_by} 出具",
        f"{on}, {count} decisions, issued by incentives {done.made_by}",
    )
    words = {
        Verdict.REPRODUCED: ("已复现", "reproduced"),
        Verdict.DIFFERENT: ("不一致", "not reproduced"),
        Verdict.OTHER_RULES: (
            "无法核验：现有规则不是凭证所依据的规则，请用 --rules 指明",
            "cannot be verified: the rulebook at hand is not the receipt's; name it with --rules",
        ),
    }
    typer.echo(frame.say(f"{path}：{words[done.verdict][0]}（{about}）",
                         f"{path}: {words[done.verdict][1]} ({about})"))  # fmt: skip
    if done.differences:
        print_findings(done.findings, frame, err=False)


def _row(path: Path, done: Verification) -> dict[str, Any]:
    return {
        "receipt": str(path),
        "verdict": str(done.verdict),
        "digest": done.receipt.digest,
        "on": done.receipt.data["on"],
        "made_by": done.made_by,
        "differences": [
            {
                "code": one.code, "what": one.what, "recorded": one.recorded, "found": one.found,
                "incentive": one.incentive, "item": one.item, "clause": one.clause,
            }
            for one in done.differences
        ],
    }  # fmt: skip


def _unreadable(path: Path, error: Any) -> dict[str, Any]:
    return {
        "receipt": str(path),
        "verdict": "unreadable",
        "findings": [{"code": one.code, "says": one.message} for one in error.findings],
    }
