"""``rules lint`` and ``rules fmt`` as their users run them: reports, mending, layout."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from tests import golden

from incentives.cli.frame import UsageProblemError
from incentives.cli.rewriting import rewrite

Run = Any
GOLDEN = Path(__file__).with_name("lint.txt")


def slip(rules: Path, *changes: tuple[str, str]) -> Path:
    path = rules / "plan.toml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    return path


SLIPS = (
    ("'contract.paid > 0'", "'contract.paid ＞ 0'"),
    ('clause = "三"', 'caluse = "三"'),
    ('issuer = { zh = "石嘴山市"', "issuer ＝ { zh = “石嘴山市”"),
    ('cap = "20万元"\n', 'cap = "20万元"\nspare = "1万元"  # 备用\n'),
    ("until = 2025-12-31", 'until = "2025-12-31"'),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_the_whole_report(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch, form: str, lang: str
) -> None:
    monkeypatch.chdir(rules.parent)
    slip(rules, SLIPS[3])
    done = run("rules", "lint", "--rules", "rules", "--format", form, "--lang", lang)
    assert done.code == 1
    golden.check(GOLDEN, f"{form} {lang}", done.out.rstrip())


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_rules_that_do_not_load_are_part_of_a_report(run: Run, rules: Path, form: str) -> None:
    slip(rules, SLIPS[1])
    done = run("rules", "lint", "--rules", rules, "--format", form)
    assert done.code == 1
    assert "E102" in done.out
    if form != "github":
        json.loads(done.out)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_would_be_mended_is_shown_and_nothing_is_written(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.chdir(rules.parent)
    path = slip(rules, *SLIPS)
    before = path.read_bytes()
    done = run("rules", "lint", "--rules", "rules", "--diff", "--lang", lang)
    assert done.code == 1
    assert path.read_bytes() == before
    golden.check(GOLDEN, f"diff {lang}", done.out.rstrip() + "\n\n" + done.err.rstrip())
    assert run("rules", "lint", "--rules", "rules", "--fix", "--lang", lang).code == 1
    done = run("rules", "lint", "--rules", "rules", "--diff", "--lang", lang)
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_slips_are_mended_and_told(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.chdir(rules.parent)
    path = rules / "plan.toml"
    good = path.read_text("utf-8")
    slip(rules, *SLIPS)
    done = run("rules", "lint", "--rules", "rules", "--fix", "--lang", lang)
    assert done.code == 1  # a threshold and an incentive without cases are left
    assert path.read_text("utf-8") == good.replace('cap = "20万元"\n', 'cap = "20万元"\n# 备用\n')
    golden.check(GOLDEN, f"fix {lang}", done.err.rstrip())


def test_mending_keeps_line_ends_byte_order_mark_mode_and_links(run: Run, rules: Path) -> None:
    path = slip(rules, SLIPS[3])
    text = path.read_text("utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    real = rules.parent / "real.toml"
    path.rename(real)
    path.symlink_to(real)
    run("rules", "lint", "--rules", rules, "--fix")
    raw = real.read_bytes()
    assert path.is_symlink()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert b"spare" not in raw
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(each.name for each in rules.iterdir()) == [
        "plan.toml",
        "regions.toml",
        "vocabulary.toml",
    ]


def test_the_shipped_rules_are_not_mended_in_place(run: Run) -> None:
    done = run("rules", "lint", "--fix", "--lang", "en")
    assert done.code == 2
    assert "--rules" in done.err


def test_a_file_that_cannot_be_written_stays_and_is_told(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = slip(rules, SLIPS[3])
    before = path.read_bytes()

    def refused(_: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refused)
    done = run("rules", "lint", "--rules", rules, "--fix", "--lang", "en")
    assert done.code == 2
    assert "plan.toml" in done.err
    assert path.read_bytes() == before
    assert len(list(rules.iterdir())) == 3


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("a = 2\n", "utf-8")
    with pytest.raises(UsageProblemError):
        rewrite(path, "a = 1\n", "a=1\n")
    assert path.read_text("utf-8") == "a = 2\n"


# ── layout ───────────────────────────────────────────────────────────────────


def test_files_are_laid_out_once(run: Run, rules: Path) -> None:
    path = rules / "plan.toml"
    before = path.read_bytes()
    done = run("rules", "fmt", "--check", rules)
    assert (done.code, done.out.split()) == (
        1,
        [str(path), str(rules / "regions.toml"), str(rules / "vocabulary.toml")],
    )
    assert path.read_bytes() == before
    digest = run("rules", "list", "--rules", rules, "--format", "json").out
    assert run("rules", "fmt", rules, path).code == 0
    assert path.read_bytes() != before
    assert run("rules", "list", "--rules", rules, "--format", "json").out == digest
    done = run("rules", "fmt", "--check", rules)
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_diff(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "#注释\nformat=1\n\n\n[ document ]   # 文件\nid = 'a'\ntitle={zh='甲' , en=\"A\"}\nlist=[ 1,\n2 ]\n[[incentive]]\nid='b'\nfacts.one = 1\nfacts.three= {}"
    Path("a.toml").write_text(text, "utf-8")
    done = run("rules", "fmt", "--diff", "a.toml", "--lang", lang)
    assert done.code == 1
    golden.check(GOLDEN, f"fmt {lang}", done.out.rstrip() + "\n\n" + done.err.rstrip())


def test_line_ends_and_byte_order_marks_are_part_of_the_style(run: Run, rules: Path) -> None:
    run("rules", "fmt", rules)
    path = rules / "plan.toml"
    good = path.read_bytes()
    for raw in (good.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + good):
        path.write_bytes(raw)
        assert run("rules", "fmt", "--check", path).code == 1
        assert run("rules", "fmt", path).code == 0
        assert path.read_bytes() == good


def test_what_cannot_be_read_is_told_and_the_others_are_laid_out(run: Run, rules: Path) -> None:
    (rules / "bad.toml").write_text("a = = 1", "utf-8")
    (rules / "gbk.toml").write_bytes("a = '中'".encode("gbk"))
    done = run("rules", "fmt", rules, "--lang", "en")
    assert done.code == 1
    assert "E001" in done.err
    assert "E002" in done.err
    assert run("rules", "fmt", "--check", rules / "plan.toml").code == 0
    assert (rules / "bad.toml").read_text("utf-8") == "a = = 1"
    assert run("rules", "fmt", rules / "none.toml").code == 2


def test_quotes_that_could_not_be_checked_are_named(run: Run, rules: Path, tmp_path: Path) -> None:
    nowhere = run("rules", "lint", "--rules", rules, "--sources", tmp_path / "none")
    assert (nowhere.code, nowhere.out) == (2, "")
    assert "没有目录" in nowhere.err
    texts = tmp_path / "texts"
    texts.mkdir()
    line = ("rules", "lint", "--rules", rules, "--sources", texts)
    assert "plan 没有写原文出处" in run(*line).err
    slip(rules, ("[document]\n", '[document]\nsource = { name = "plan.txt" }\n'))
    assert "没有 plan 的原文 plan.txt" in run(*line).err
    assert "plan.txt, the text of plan, is not in" in run(*line, "--lang", "en").err
    (texts / "plan.txt").write_text("按照实际履行金额的 10% 给予奖励", "utf-8")
    assert "注意" not in run(*line).err
