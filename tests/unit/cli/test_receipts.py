"""``receipt`` and ``verify`` as a person or a script runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def issue(run: Callable[..., Any], rules: Path, centre: Path, *options: str) -> Path:
    path = centre.with_name("R.json")
    done = run(
        "receipt", centre, "--on", "2024-06-01", "--rules", rules, "-o", path, *options, "--lang",
        "en",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert done.err.startswith(f"receipt in {path}: sha256:")
    return path


def test_a_receipt_is_reproduced(run: Callable[..., Any], rules: Path, centre: Path) -> None:
    path = issue(run, rules, centre)
    done = run("verify", path, "--rules", rules, "--lang", "en")
    assert done.code == 0
    assert done.out == f"{path}: reproduced (2024-06-01, 2 decisions, issued by incentives 0.1.0)\n"
    done = run("verify", path, "--rules", rules, "--lang", "zh")
    assert done.out == f"{path}：已复现（2024-06-01，2 项结论，由 incentives 0.1.0 出具）\n"


def test_a_cause_that_incentives_share_is_said_once(
    run: Callable[..., Any], rules: Path, centre: Path
) -> None:
    """Whoever changes the date changes every decision; the cause is one all the same."""
    path = issue(run, rules, centre)
    text = path.read_text("utf-8")
    path.write_text(text.replace('"on":"2024-06-01"', '"on":"2025-06-01"'), "utf-8")
    done = run("verify", path, "--rules", rules, "--lang", "en")
    assert done.code == 1
    assert done.out.count("the date of assessment") == 1, done.out
    assert "the receipt has 2024-06-01, replayed it is 2025-06-01; in every one of 2" in done.out
    done = run("verify", path, "--rules", rules)
    assert done.out.count("评估日") == 1
    assert "全部2项都如此" in done.out


def test_what_is_printed_is_what_is_written(
    process: Callable[..., Any], run: Callable[..., Any], rules: Path, centre: Path
) -> None:
    path = issue(run, rules, centre, "--embed-rules")
    done = process("receipt", centre, "--on", "2024-06-01", "--rules", rules, "--embed-rules")
    assert done.out.encode() == path.read_bytes()
    assert run("verify", path).code == 0


def test_the_rules_at_hand_are_others(run: Callable[..., Any], rules: Path, centre: Path) -> None:
    path = issue(run, rules, centre)
    done = run("verify", path, "--lang", "en")
    assert done.code == 3
    assert "the rulebook at hand is not the receipt's; name it with --rules" in done.out
    assert "error[E602]" in done.out


def test_a_changed_rate_is_named_with_its_clause(
    run: Callable[..., Any], rules: Path, centre: Path
) -> None:
    path = issue(run, rules, centre)
    plan = rules / "plan.toml"
    plan.write_text(plan.read_text("utf-8").replace('"10%"', '"12%"', 1), "utf-8")
    done = run("verify", path, "--rules", rules, "--lang", "en")
    assert done.code == 1
    assert (
        "plan/contract-award, 二（三）6, item 1: parameter contract-award.parameters.rate:"
        " the receipt has 10%, replayed it is 12%"
    ) in done.out
    done = run("verify", path, "--rules", rules, "--format", "json")
    rows = json.loads(done.out)
    assert (done.code, rows[0]["verdict"]) == (1, "different")
    assert {"what", "recorded", "found", "clause", "code"} <= {*rows[0]["differences"][0]}


def test_several_at_once_and_the_worst_decides(
    run: Callable[..., Any], rules: Path, centre: Path
) -> None:
    path = issue(run, rules, centre, "--embed-rules")
    none = centre.with_name("none.json")
    none.write_text("{}", "utf-8")
    forged = centre.with_name("forged.json")
    forged.write_bytes(path.read_bytes().replace(b'"150000.00"', b'"190000.00"'))
    done = run("verify", path, none, forged, "--lang", "en")
    assert done.code == 3
    assert "reproduced" in done.out
    assert "error[E600]: this is not a receipt" in done.out
    assert "error[E601]: the receipt was changed after it was issued" in done.out
    assert run("verify", path, forged).code == 1
    assert run("verify", centre.with_name("absent.json")).code == 2


def keys(place: Path) -> tuple[Path, Path]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = Ed25519PrivateKey.generate()
    private, public = place / "key.pem", place / "pub.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


def test_signed_and_verified(run: Callable[..., Any], rules: Path, centre: Path) -> None:
    private, public = keys(centre.parent)
    path = issue(run, rules, centre, "--embed-rules", "--sign", str(private))
    signature = path.with_suffix(".sig")
    assert len(signature.read_bytes()) == 64
    assert run("verify", path, "--public-key", public).code == 0
    assert run("verify", path, "--signature", signature, "--public-key", public).code == 0
    signature.write_bytes(bytes(64))
    done = run("verify", path, "--public-key", public, "--lang", "en")
    assert done.code == 1
    assert "reproduced" in done.out
    assert "error[E606]" in done.out
    assert run("verify", path, "--public-key", path).code != 0
    assert run("verify", path, "--signature", signature).code == 2
    assert run("receipt", centre, "--rules", rules, "--sign", private).code == 2


def test_a_batch_has_a_root(run: Callable[..., Any], rules: Path, centre: Path) -> None:
    path = issue(run, rules, centre, "--embed-rules")
    other = centre.with_name("other.json")
    run("receipt", centre, "--on", "2024-06-02", "--rules", rules, "--embed-rules", "-o", other)
    root = run("receipt-root", path, other).out.strip()
    assert root == run("receipt-root", other, path, path).out.strip()
    assert run("verify", path, other, "--root", root).code == 0
    for wrong in ("abc", root.upper(), root[:-1], root.removeprefix("sha256:")):
        misspelt = run("verify", path, other, "--root", wrong)
        assert (misspelt.code, misspelt.out) == (2, "")
        assert wrong in misspelt.err
    done = run("verify", path, "--root", root, "--lang", "en")
    assert done.code == 1
    assert "error[E608]: these are not the receipts of that batch" in done.out
    proof = centre.with_name("proof.json")
    proof.write_text(run("receipt-root", path, other, "--prove", other).out, "utf-8")
    assert run("verify", other, "--proof", proof, "--root", root).code == 0
    assert run("verify", path, "--proof", proof, "--root", root).code == 1
    assert run("receipt-root", path, "--prove", other).code == 2
    (path.parent / "none.json").write_text("{}", "utf-8")
    refused = run("receipt-root", path, path.parent / "none.json")
    assert (refused.code, refused.out) == (3, "")
    assert "E600" in refused.err
    rows = json.loads(run("verify", path, "--root", root, "--format", "json").out)
    assert rows[-1]["findings"][0]["code"] == "E608"


def test_by_the_rules_that_were_known(run: Callable[..., Any], rules: Path, centre: Path) -> None:
    plan = rules / "plan.toml"
    later = plan.read_text("utf-8").replace(
        'id = "firm-award"', 'id = "firm-award"\npublished = 2024-05-01'
    )
    plan.write_text(later, "utf-8")
    path = issue(run, rules, centre, "--known-on", "2024-03-01")
    data = json.loads(path.read_text("utf-8"))
    assert data["known_on"] == "2024-03-01"
    assert [one["incentive"] for one in data["assessment"]["decisions"]] == ["plan/contract-award"]
    assert run("verify", path, "--rules", rules).code == 0
    done = run(
        "check",
        centre,
        "--on",
        "2024-06-01",
        "--known-on",
        "2024-03-01",
        "--rules",
        rules,
        "--lang",
        "en",
    )
    assert "by the rules published by 2024-03-01" in done.out
    assert "firm-award" not in done.out
    assert run("check", centre, "--known-on", "then", "--rules", rules).code == 2
