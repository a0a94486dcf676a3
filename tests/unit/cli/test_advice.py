"""``what-if`` and ``ask`` as they are used: forms, files, refusals, and answers that stay."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from incentives.cli.app import make_app
from incentives.explain import png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = ("--on", "2024-06-01", "--lang", "zh")
FIRM = '[applicant]\nkind = "enterprise"\nregion = "640200"\n'


def answer(lines: list[str], *args: Any) -> Any:
    return CliRunner().invoke(
        make_app(), [*map(str, args)], input="".join(f"{line}\n" for line in lines)
    )


# ── what-if ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_what_if_in_every_form_says_the_same(
    run: Any, rules: Path, centre: Path, form: str
) -> None:
    done = run("what-if", centre, "contract-award", "--rules", rules, *DAY, "--format", form)
    assert done.code == 0
    words = re.sub(r"<[^>]*>", "", done.out)
    assert "每增加1元，本项增加0.1元" in words
    assert "2,000,000.00元" in words


def test_what_if_as_json(run: Any, rules: Path, centre: Path) -> None:
    done = run("what-if", centre, "contract-award", "--rules", rules, *DAY, "--format", "json")
    (worth,) = json.loads(done.out)["worths"]
    assert worth["fact"] == "contract[1].paid"
    assert worth["slope"] == "10%"
    assert [turn["at"] for turn in worth["turns"]] == ["0.00", "2000000.00"]


def test_a_curve_as_text_and_json(run: Any, rules: Path, centre: Path) -> None:
    line = ("what-if", centre, "contract-award", "--rules", rules, "--over", "paid", *DAY)
    text = run(*line).out
    assert "2,000,000.00元：转折，200,000.00元" in text
    assert "20万元 │" in text
    data = json.loads(run(*line, "--format", "json").out)
    assert data["fact"] == "contract[1].paid"
    assert data["pieces"][-1] == {
        "from": "2000000.01", "to": None, "status": "eligible", "first": "200000.00", "last": None,
        "slope": "0%", "slack": "0.00",
    }  # fmt: skip


def test_the_one_figure_that_matters_is_chosen(run: Any, rules: Path, centre: Path) -> None:
    done = run("what-if", centre, "contract-award", "--rules", rules, *DAY, "--format", "svg")
    assert done.out.startswith("<svg ")
    assert "已付金额" in done.out


def test_a_picture_goes_to_a_file(run: Any, rules: Path, centre: Path, tmp_path: Path) -> None:
    file = tmp_path / "curve.png"
    line = (
        "what-if",
        centre,
        "contract-award",
        "--rules",
        rules,
        "--format",
        "png",
        "--on",
        "2024-06-01",
    )
    assert run(*line).code == 2
    done = run(*line, "--lang", "en", "-o", file)
    if "no installed font" in done.err:
        pytest.skip("no installed font has Chinese characters")
    assert done.code == 0, done.err
    assert file.read_bytes().startswith(b"\x89PNG\r\n")


def test_a_picture_without_a_chinese_font_is_refused(
    run: Any, rules: Path, centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "_has_chinese", lambda _: False)
    file = tmp_path / "curve.png"
    done = run(
        "what-if", centre, "contract-award", "--rules", rules, *DAY, "--format", "png", "-o", file
    )
    assert done.code == 2
    assert "没有找到带汉字的字体" in done.err
    assert not file.exists()


def test_a_picture_needs_its_extra(
    run: Any, rules: Path, centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    done = run(
        "what-if",
        centre,
        "contract-award",
        "--rules",
        rules,
        *DAY,
        "--format",
        "png",
        "-o",
        tmp_path / "x.png",
    )
    assert done.code == 2
    assert "incentives[plot]" in done.err


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ("kind", "资料中没有"),
        ("applicant.kind", "不是金额，也不是数量"),
        ("applicant.staff", "资料中没有"),
    ],
)
def test_a_figure_that_gives_no_curve_is_refused(
    run: Any, rules: Path, centre: Path, over: str, says: str
) -> None:
    done = run("what-if", centre, "contract-award", "--rules", rules, *DAY, "--over", over)
    assert done.code == 2
    assert says in done.err


def test_what_is_missing_for_a_curve_is_named(run: Any, rules: Path, centre: Path) -> None:
    centre.write_text(centre.read_text("utf-8") + '[[contract]]\nnumber = "2"\n', "utf-8")
    line = ("what-if", centre, "contract-award", "--rules", rules, *DAY)
    done = run(*line, "--over", "contract[1].paid")
    assert done.code == 2
    assert "有一项条件待定：技术合同2的已付金额" in done.err


# ── ask ──────────────────────────────────────────────────────────────────────


def test_answers_become_a_profile_that_can_be_checked(
    run: Any, rules: Path, tmp_path: Path
) -> None:
    file = tmp_path / "me.toml"
    line = ("ask", "--rules", rules, *DAY, "-o", file)
    done = answer(["技术转移中心", "1", "150万元", "640200"], *line)
    assert done.exit_code == 0, done.stderr
    assert "没有别的事实会再改变结果" in done.stderr
    assert tomllib.loads(file.read_text("utf-8")) == {
        "applicant": {"kind": "centre", "region": "640200"},
        "contract": [{"paid": "150万元"}],
    }
    assert "150,000.00元" in run("check", file, "--rules", rules, *DAY).out


def test_without_a_file_the_profile_is_all_that_goes_to_standard_output(rules: Path) -> None:
    done = answer(["1", "停"], "ask", "--rules", rules, *DAY)
    assert tomllib.loads(done.stdout) == {"applicant": {"kind": "enterprise"}}


@pytest.mark.parametrize("lines", [["1"], ["1", "结束"], ["1", "stop", "2"]])
def test_stopping_and_the_end_of_the_input_keep_the_answers(rules: Path, lines: list[str]) -> None:
    done = answer(lines, "ask", "--rules", rules, *DAY)
    assert done.exit_code == 0
    assert tomllib.loads(done.stdout) == {"applicant": {"kind": "enterprise"}}


def test_answers_are_printed_where_the_file_cannot_be_written(rules: Path, tmp_path: Path) -> None:
    done = answer(["1", "停"], "ask", "--rules", rules, *DAY, "-o", tmp_path / "none" / "me.toml")
    assert done.exit_code == 2
    assert tomllib.loads(done.stdout) == {"applicant": {"kind": "enterprise"}}


def test_a_profile_that_is_known_is_kept(rules: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text(
        '{"applicant": {"kind": "centre", "region": "640200", "revenue": null}}', "utf-8"
    )
    done = answer(["0"], "ask", known, "--rules", rules, *DAY)
    assert tomllib.loads(done.stdout) == {
        "applicant": {"kind": "centre", "region": "640200"},
        "contract": [],
    }


def test_going_back_at_the_first_question_is_said(rules: Path) -> None:
    done = answer(["back", "结束"], "ask", "--rules", rules, *DAY)
    assert "这是第一题" in done.stderr


def test_only_asks_for_what_one_incentive_needs(rules: Path) -> None:
    done = answer(["企业", "640200"], "ask", "--rules", rules, *DAY, "--only", "firm-award")
    assert "→ 合计10,000.00元，待定0项" in done.stderr


def test_a_real_process_answers_from_a_pipe(process: Callable[..., Any], rules: Path) -> None:
    done = process("ask", "--rules", rules, *DAY)
    assert done.code == 0
    assert done.out == ""
    assert "到此为止" in done.err


def test_facts_put_aside_are_not_called_without_effect(rules: Path, tmp_path: Path) -> None:
    file = tmp_path / "me.toml"
    line = ("ask", "--rules", rules, *DAY, "--only", "firm-award", "-o", file)
    done = answer(["企业", "?"], *line)
    assert "没有别的事实会再改变结果" not in done.stderr
    assert "尚不知道的1项事实仍可能改变结果" in done.stderr
    assert f"incentives check {file} --on 2024-06-01" in done.stderr


def test_a_name_of_several_figures_is_answered_with_their_paths(
    run: Any, rules: Path, tmp_path: Path
) -> None:
    file = tmp_path / "two.toml"
    items = "".join(f'[[contract]]\nnumber = "{at}"\npaid = "5万元"\n' for at in (1, 2))
    file.write_text('[applicant]\nkind = "centre"\nregion = "640200"\n' + items, "utf-8")
    done = run("what-if", file, "contract-award", "--rules", rules, *DAY, "--over", "paid")
    assert done.code == 2
    assert "contract[1].paid, contract[2].paid" in done.err


def test_an_unknown_example_is_answered_in_chinese(run: Any) -> None:
    done = run("check", "example:centr", *DAY)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip() == "错误：没有示例 'centr'；可用的有：centre"


def test_a_wrong_yes_or_no_is_answered_in_the_words_of_the_interview() -> None:
    done = answer(["5", "结束"], "ask", "example:tongliao-above-scale", *DAY)
    assert "true" not in done.stderr


def test_gains_and_losses_that_cancel_are_said_to(run: Any) -> None:
    line = ("example:tongliao-above-scale", "national-western-region/encouraged-rate", *DAY)
    done = run("what-if", *line)
    assert "增减相抵，总额不变" in done.out
    assert "净增加0.00元" not in done.out
