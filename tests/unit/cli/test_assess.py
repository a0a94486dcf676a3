"""``check`` and ``explain``: results on one stream, talk on the other, the right exit code."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any


def test_check_prints_the_contract_as_json(run: Run, rules: Path, centre: Path) -> None:
    done = run("check", centre, "--rules", rules, "--on", "2024-06-01", "--format", "json")
    assert (done.code, done.err) == (0, "")
    data = json.loads(done.out)
    assert data["format"] == "incentives/assessment/1"
    assert data["on"] == "2024-06-01"
    assert data["totals"]["exact"] == "150000.00"
    assert "技术合同奖励" in done.out  # not escaped
    assert done.out.startswith("{\n  ")


@pytest.mark.parametrize(("lang", "name"), [("zh", "技术合同奖励"), ("en", "Contract award")])
def test_check_prints_text(run: Run, rules: Path, centre: Path, lang: str, name: str) -> None:
    done = run("check", centre, "--rules", rules, "--on", "2024-06-01", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert name in done.out
    assert "150,000.00元" in done.out


def test_explain_prints_one_decision(run: Run, rules: Path, centre: Path) -> None:
    line = ("explain", centre, "contract-award", "--rules", rules, "--on", "2024-06-01")
    assert "150,000.00元" in run(*line).out
    data = json.loads(run(*line, "--format", "json").out)
    assert data["incentive"] == "plan/contract-award"


FORMS = {"text": "150,000.00元", "html": "<!doctype html>", "markdown": "# ", "json": "{"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_printed(run: Run, rules: Path, centre: Path, form: str, lang: str) -> None:
    rest = ("--rules", rules, "--on", "2024-06-01", "--format", form, "--lang", lang)
    name = {"zh": "技术合同奖励", "en": "Contract award"}[lang]
    for line in (
        ("check", centre),
        ("check", centre, "--full"),
        ("explain", centre, "contract-award"),
    ):
        done = run(*line, *rest)
        assert (done.code, done.err) == (0, "")
        assert FORMS[form] in done.out
        assert name in done.out
        assert done.out.endswith("\n")
        assert not done.out.endswith("\n\n")


def test_the_json_carries_the_lines_of_the_text(run: Run, rules: Path, centre: Path) -> None:
    line = ("check", centre, "--rules", rules, "--on", "2024-06-01", "--lang", "zh")
    lines = json.loads(run(*line, "--format", "json").out)["explanation"]
    assert lines["headline"]["zh"] in run(*line).out.replace("\n", "")
    assert lines["blocks"][0]["part"] == "applicant"


def test_full_tells_more(run: Run, rules: Path, centre: Path) -> None:
    line = ("check", centre, "--rules", rules, "--on", "2024-06-01", "--lang", "zh")
    assert "已经付款" not in run(*line).out
    assert "已经付款" in run(*line, "--full").out


def test_a_page_is_utf_8_wherever_it_is_written(process: Run) -> None:
    line = ("check", "example:centre", "--on", "2024-06-01", "--format", "html")
    done = process(*line, PYTHONUTF8="0", PYTHONIOENCODING="gbk", LC_ALL="C")
    assert done.code == 0
    assert "示例技术转移中心" in done.out


def test_without_a_date_today_is_taken_and_told(run: Run, rules: Path, centre: Path) -> None:
    done = run("check", centre, "--rules", rules, "--format", "json")
    on = json.loads(done.out)["on"]
    assert on in done.err
    assert abs((date.fromisoformat(on) - datetime.now(UTC).date()).days) <= 1


def test_only_takes_a_short_id_and_restricts_the_report(
    run: Run, rules: Path, centre: Path
) -> None:
    line = ("check", centre, "--rules", rules, "--on", "2024-06-01", "--format", "json")
    data = json.loads(run(*line, "--only", "firm-award").out)
    assert [each["incentive"] for each in data["decisions"]] == ["plan/firm-award"]
    assert data["totals"]["exact"] == "0.00"
    assert run(*line, "--only", "plan/contract-award").code == 0


def test_an_ineligible_applicant_is_no_error(run: Run, rules: Path, tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text('[applicant]\nkind = "centre"\nregion = "110000"\n', "utf-8")
    assert (
        run("check", profile, "--rules", rules, "--on", "2024-06-01", "--format", "json").code == 0
    )


USAGE: list[tuple[tuple[str, ...], str]] = [
    (("--only", "contract-awrd"), "plan/contract-award"),
    (("--on", "yesterday"), "yesterday"),
    (("--on", "2024-06"), "2024-06"),
    (("--on", "2024-02-30"), "2024-02-30"),
    (("--format", "xml"), "xml"),
    (("--nonsense",), "nonsense"),
]


@pytest.mark.parametrize(("options", "said"), USAGE, ids=str)
def test_a_wrong_line_is_usage(
    run: Run, rules: Path, centre: Path, options: tuple[str, ...], said: str
) -> None:
    done = run("check", centre, "--rules", rules, *options)
    assert done.code == 2
    assert done.out == ""
    assert said in done.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_read_is_usage(run: Run, rules: Path, tmp_path: Path, lang: str) -> None:
    for profile in (tmp_path / "absent.toml", tmp_path, "example:absent"):
        done = run("check", profile, "--rules", rules, "--on", "2024-06-01", "--lang", lang)
        assert (done.code, done.out) == (2, "")
        assert len(done.err.splitlines()) == 1
        assert ("错误" in done.err) is (lang == "zh")


BROKEN: dict[str, tuple[str, str, str, str]] = {
    "float": ("[[contract]]\npaid = 0.5", "E310", "contract[1].paid", "0.5元"),
    "unitless": ("[[contract]]\npaid = 150", "E312", "contract[1].paid", "150万元"),
    "choice": ('[applicant]\nkind = "center"', "E320", "applicant.kind", "centre"),
    "misspelt": ('[applicant]\nregoin = "640200"', "E307", "applicant.regoin", "region"),
    "twice": ('[[contract]]\nnumber = "7"\n[[contract]]\nnumber = "7"', "E304", "contract[7]", ""),
    "year": ('[applicant]\nrevenue = "5万元"', "E305", "applicant.revenue", "2024"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("text", "code", "fact", "remedy"), list(BROKEN.values()), ids=list(BROKEN)
)
def test_a_broken_profile_is_one_clear_error(
    run: Run,
    rules: Path,
    tmp_path: Path,
    lang: str,
    text: str,
    code: str,
    fact: str,
    remedy: str,
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, "utf-8")
    done = run("check", path, "--rules", rules, "--on", "2024-06-01", "--lang", lang)
    assert (done.code, done.out) == (3, "")
    assert f"[{code}]: {fact}" in done.err
    assert remedy in done.err
    assert f"--> {path}:" in done.err
    assert "^" in done.err
    assert "Traceback" not in done.err
    assert ("办法" in done.err) is (lang == "zh")


def test_every_fault_of_a_profile_is_told_at_once(run: Run, rules: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('[applicant]\nkind = "x"\nfoo = 1\n[[contract]]\npaid = 1.5\n', "utf-8")
    done = run("check", path, "--rules", rules, "--on", "2024-06-01")
    assert {code for code in ("E320", "E307", "E310") if code in done.err} == {
        "E320",
        "E307",
        "E310",
    }


@pytest.mark.parametrize("name", ["p.toml", "p.json"])
def test_a_file_that_cannot_be_parsed_is_bad_data(
    run: Run, rules: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("[applicant\n", "utf-8")
    done = run("check", path, "--rules", rules, "--on", "2024-06-01")
    assert (done.code, done.out) == (3, "")


def test_an_extra_fact_may_be_let_pass(run: Run, rules: Path, tmp_path: Path) -> None:
    path = tmp_path / "extra.toml"
    path.write_text('[applicant]\nkind = "centre"\nfoo = 1\n', "utf-8")
    line = ("check", path, "--rules", rules, "--on", "2024-06-01", "--format", "json")
    assert run(*line).code == 3
    done = run(*line, "--allow-extra")
    assert done.code == 0
    assert "foo" in json.dumps(json.loads(done.out)["warnings"])


def test_no_history_is_listed_as_assumed(run: Run, rules: Path, centre: Path) -> None:
    line = ("check", centre, "--rules", rules, "--on", "2024-06-01", "--format", "json")
    before = json.loads(run(*line).out)["assumptions"]
    after = json.loads(run(*line, "--assume-no-history").out)["assumptions"]
    assert len(after) == len(before) + 1


def test_a_fault_of_ours_is_one_sentence(
    run: Run, rules: Path, centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("incentives.api.Rulebook.assess", fail)
    line = ("check", centre, "--rules", rules, "--on", "2024-06-01")
    done = run(*line)
    assert (done.code, done.out) == (4, "")
    assert len(done.err.splitlines()) == 1
    assert "odd" in done.err
    assert "Traceback" in run(*line, "--debug").err
    assert run("--debug", *line, "--lang", "en").code == 4


def test_an_example_is_a_profile(process: Callable[..., Any]) -> None:
    line = ("check", "example:centre", "--on", "2024-06-01", "--format", "json")
    done = process(*line)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["applicant"]["name"] == "示例技术转移中心"
