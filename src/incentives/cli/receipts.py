"""``receipt``, ``receipt-root`` and ``verify``: an assessment kept, and reached again.

A receipt is printed or written as exactly the bytes that are its text: no line
end after it, so that a file and its signature never disagree.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    FormatOption,
    KnownOnOption,
    NoHistoryOption,
    OnOption,
    ProfileArgument,
    RulesOption,
    date_of,
    known_date,
    rulebook_of,
)
from incentives.cli.frame import Exit, Format, Frame, UsageProblemError, print_findings, print_json

if TYPE_CHECKING:
    from incentives.audit.verify import Library, Verification
    from incentives.diagnostics import Finding

ReceiptsArgument: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="RECEIPT...", help="Receipts.", show_default=False)
]


def receipt(
    ctx: typer.Context,
    profile: ProfileArgument,
    on: OnOption = None,
    known_on: KnownOnOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: print it."),
    ] = None,
    embed_rules: Annotated[
        bool, typer.Option("--embed-rules", help="Put the rule files inside.")
    ] = False,
    sign: Annotated[
        Path | None,
        typer.Option(
            "--sign", metavar="KEY", help="Sign with this Ed25519 key (PEM); the signature: .sig."
        ),
    ] = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
) -> None:
    """Assess a profile and issue a receipt that anyone can replay."""
    if sign is not None and output is None:
        raise UsageProblemError("--sign 须与 -o 同用", "--sign goes with -o")
    key = None if sign is None else sign.read_bytes()
    rulebook = rulebook_of(rules)
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    issued = rulebook.assess(
        checked,
        date_of(on, ctx.obj),
        drafts=drafts,
        assume_no_history=assume_no_history,
        known_on=known_date(known_on),
    ).receipt(embed_rules=embed_rules)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(issued.raw)
        return
    if key is not None:
        from incentives.audit.signature import sign as signature_of

        output.with_suffix(".sig").write_bytes(signature_of(issued.raw, key))
    output.write_bytes(issued.raw)
    ctx.obj.talk(f"凭证已写入 {output}：{issued.digest}", f"receipt in {output}: {issued.digest}")


def receipt_root(
    receipts: ReceiptsArgument,
    prove: Annotated[
        Path | None,
        typer.Option("--prove", metavar="RECEIPT", help="Print the proof that this one is in it."),
    ] = None,
) -> None:
    """Print the one digest that stands for a batch of receipts."""
    from incentives.audit.canonical import canonical
    from incentives.audit.merkle import prove as proof_of
    from incentives.audit.merkle import root
    from incentives.audit.verify import read_receipt

    raws = [path.read_bytes() for path in receipts]
    for raw in raws:
        read_receipt(raw)  # a root over anything else would vouch for nothing
    if prove is None:
        typer.echo(root(raws))
        return
    raw = prove.read_bytes()
    if raw not in raws:
        raise UsageProblemError(f"{prove} 不在所列凭证之内", f"{prove} is not among the receipts")
    typer.echo(canonical(proof_of(raw, raws).to_dict()).decode())


def verify(
    ctx: typer.Context,
    receipts: ReceiptsArgument,
    rules: RulesOption = None,
    signature: Annotated[
        Path | None,
        typer.Option("--signature", metavar="FILE", help="The signature; default: R.sig."),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", metavar="KEY", help="Whose signature it is (PEM)."),
    ] = None,
    root: Annotated[
        str | None,
        typer.Option("--root", metavar="DIGEST", help="The digest of the batch they are."),
    ] = None,
    proof: Annotated[
        Path | None,
        typer.Option("--proof", metavar="FILE", help="The proof that one is in the batch."),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Replay receipts: reproduced, or what differs."""
    from incentives.audit.verify import Library

    _fit_together(receipts, signature, public_key, proof, root)
    library = Library(rulebook_of(rules).rules, chosen=bool(rules))
    raws = [path.read_bytes() for path in receipts]
    rows = []
    worst = Exit.OK
    for path, raw in zip(receipts, raws, strict=True):
        beside = _beside(path, raw, signature, public_key, proof, root)
        code, row = _one(path, raw, beside, library, ctx.obj, form)
        worst = max(worst, code)
        rows.append(row)
    whole = _whole(raws, root) if proof is None and root is not None else []
    if whole and form is Format.TEXT:
        print_findings(whole, ctx.obj, err=False)
    if form is Format.JSON:
        print_json(rows + [{"batch": root, "findings": _listed(whole)}] * (root is not None))
    worst = max(worst, Exit.FINDINGS) if whole else worst
    if worst is not Exit.OK:
        raise typer.Exit(worst)


def _fit_together(
    receipts: list[Path],
    signature: Path | None,
    public_key: Path | None,
    proof: Path | None,
    root: str | None,
) -> None:
    """Refuse options that lack one another, and a root that is no digest."""
    from incentives.audit.merkle import is_root

    single = signature is not None or proof is not None
    if (single and len(receipts) > 1) or (signature and not public_key) or (proof and not root):
        raise UsageProblemError(
            "--signature 须与 --public-key 同用，--proof 须与 --root 同用，且只核验一份凭证",
            "--signature goes with --public-key, --proof with --root, and with one receipt",
        )
    if root is not None and not is_root(root):
        raise UsageProblemError(
            "--root 应为 receipt-root 输出的根摘要，即 sha256: 加64位小写十六进制数字，"
            f"不能是“{root}”",
            "--root takes what receipt-root prints, sha256: and 64 lower case hexadecimal "
            f"digits, not {root!r}",
        )


def _beside(
    path: Path,
    raw: bytes,
    signature: Path | None,
    public_key: Path | None,
    proof: Path | None,
    root: str | None,
) -> list[Finding]:
    """Return what is wrong with the signature, and with the proof, of a receipt."""
    from incentives.audit.attest import inclusion_findings, signature_findings

    found: list[Finding] = []
    if public_key is not None:
        file = signature or path.with_suffix(".sig")
        found += signature_findings(raw, file.read_bytes(), public_key.read_bytes())
    if proof is not None:
        found += inclusion_findings(raw, proof.read_bytes(), root or "")
    return found


def _whole(raws: list[bytes], root: str) -> list[Finding]:
    from incentives.audit.attest import batch_findings

    return batch_findings(raws, root)


def _one(
    path: Path, raw: bytes, beside: list[Finding], library: Library, frame: Frame, form: Format
) -> tuple[Exit, dict[str, Any]]:
    """Verify one receipt, print what came out, and return the exit code and the row of it."""
    from incentives.audit.verify import ReceiptError, Verdict, read_receipt
    from incentives.audit.verify import verify as replay

    codes = {Verdict.REPRODUCED: Exit.OK, Verdict.DIFFERENT: Exit.FINDINGS}
    try:
        done = replay(read_receipt(raw), library)
    except ReceiptError as error:
        findings = [*beside, *error.findings]
        if form is Format.TEXT:
            typer.echo(frame.say(f"{path}：无法核验", f"{path}: cannot be verified"))
            print_findings(findings, frame, err=False)
        unread = {"receipt": str(path), "verdict": "unreadable", "findings": _listed(findings)}
        return Exit.BAD_DATA, unread
    if form is Format.TEXT:
        _print(path, done, beside, frame)
    code = max(codes.get(done.verdict, Exit.BAD_DATA), Exit.FINDINGS if beside else Exit.OK)
    return code, {**_row(path, done), "findings": _listed(beside)}


def _print(path: Path, done: Verification, beside: list[Finding], frame: Frame) -> None:
    from incentives.audit.verify import Verdict

    on, count = done.receipt.data["on"], len(done.receipt.data["derivations"])
    about = frame.say(
        f"{on}，{count} 项结论，由 incentives {done.made_by} 出具",
        f"{on}, {count} decision{'' if count == 1 else 's'}, issued by incentives {done.made_by}",
    )
    if done.other_core:
        about += frame.say(
            "；内核版本不同，比对的是规则文件、日期、事实和结论",
            "; under another core: rule files, dates, facts and decisions were compared",
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
    if beside or done.differences:
        print_findings([*beside, *done.findings], frame, err=False)


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


def _listed(findings: list[Finding]) -> list[dict[str, Any]]:
    return [{"code": one.code, "zh": one.zh, "en": one.message} for one in findings]
