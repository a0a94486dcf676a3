"""What would change a decision, curves, questions and the interview, in Chinese and English."""

from __future__ import annotations

import pytest
from tests.golden import check
from tests.printed.cases import HERE, ON, shipped_rules
from typer.testing import CliRunner

from incentives.advice.explain_questions import explain_questions
from incentives.cli.app import make_app
from incentives.explain.chart import curve_chart
from incentives.explain.curve import explain_curve
from incentives.explain.names import Names
from incentives.explain.text import columns, render_text

WHAT_IF = (
    ("almost-unknown", "national-small-profit/small-profit-rate"),
    ("centre", "shizuishan-tech-city/technology-contract-award"),
    ("pilot-funds-below", "shizuishan-tech-city/pilot-support"),
    ("pilot-funds-below", "shizuishan-tech-city/progress-award-bonus"),
    ("tongliao-above-scale", "ningxia-finance/interest-subsidy"),
    ("zhongning-manufacturer", "national-high-tech/recognition"),
    ("zhongning-manufacturer", "ningxia-rd-subsidy/above-scale-added-rd"),
)


@pytest.mark.parametrize(("profile", "incentive"), WHAT_IF)
def test_what_would_change_it_prints_as_it_should(profile: str, incentive: str) -> None:
    assessment = shipped_rules().assess(f"example:{profile}", on=ON, assume_no_history=True)
    found = assessment[incentive].what_if()
    for lang in ("zh", "en"):
        text = found.explain(lang)
        assert max(map(columns, text.splitlines())) <= 80
        check(HERE / "what-if.txt", f"{profile} {incentive} {lang}", text.strip("\n"))


CURVES = (
    ("pilot-funds-below", "shizuishan-tech-city/pilot-support", "funds_in_place"),
    (
        "zhongning-manufacturer",
        "national-rd-deduction/super-deduction",
        "rd_commissioned_abroad.2023",
    ),
    ("zhongning-manufacturer", "national-small-profit/small-profit-rate", "average_staff.2023"),
    ("zhongning-manufacturer", "ningxia-rd-subsidy/above-scale-added-rd", "rd_statistical.2023"),
    ("zhongning-manufacturer", "ningxia-rd-subsidy/annual-rd", "rd_deduction_base.2023"),
)


@pytest.mark.parametrize(("profile", "incentive", "fact"), CURVES)
def test_a_curve_prints_as_it_should(profile: str, incentive: str, fact: str) -> None:
    rulebook = shipped_rules()
    decision = rulebook.assess(f"example:{profile}", on=ON, assume_no_history=True)[incentive]
    found = decision.curve(fact)
    base = Names(rulebook.rules).path(found.base)
    for lang in ("zh", "en"):
        text = render_text(explain_curve(found, decision.name, base), lang)
        text += "\n" + curve_chart(found, lang)
        assert max(map(columns, text.splitlines())) <= 80
        check(HERE / "curves.txt", f"{profile} {incentive} {fact} {lang}", text.strip("\n"))


@pytest.mark.parametrize("profile", ["almost-unknown", "centre"])
def test_the_questions_print_as_they_should(profile: str) -> None:
    rulebook = shipped_rules()
    found = rulebook.assess(f"example:{profile}", on=ON).questions()[:12]
    for lang in ("zh", "en"):
        text = render_text(explain_questions(found, Names(rulebook.rules)), lang)
        assert max(map(columns, text.splitlines())) <= 80
        check(HERE / "questions.txt", f"{profile} {lang}", text.strip("\n"))


ANSWERS = {
    "zh": ["2", "返回", "技术转移中心", "月球", "石嘴山市", "几个", "2", "也许", "是", "高等学校", "企业", "320", "320万元", "?", "否"],
    "en": ["2", "back", "Technology transfer centre", "the moon", "640200", "some", "2", "maybe", "yes", "university", "Enterprise", "320", "320万元", "don't know", "no"],
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_interview_prints_as_it_should(lang: str) -> None:
    """The whole conversation, and the profile at its end; answers are echoed from a pipe."""
    line = ["ask", "--on", str(ON), "--assume-no-history", "--lang", lang]
    line += ["--only", "shizuishan-tech-city/technology-contract-award"]
    done = CliRunner().invoke(make_app(), line, input="\n".join(ANSWERS[lang]) + "\n")
    assert done.exit_code == 0, done.output
    assert max(map(columns, done.stderr.splitlines())) <= 80
    check(HERE / "ask.txt", f"{lang} talk", done.stderr.strip("\n"))
    check(HERE / "ask.txt", f"{lang} profile", done.stdout.strip("\n"))
