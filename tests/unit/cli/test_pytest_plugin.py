"""The cases of a rules directory as tests of another project (``pytest rules/``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.authoring.rulebooks import RULES, VOCABULARY, changed

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = ("-p", "no:incentives", "-p", "incentives.cli.pytest_plugin", "-p", "no:cacheprovider")


@pytest.fixture
def directory(pytester: pytest.Pytester) -> Path:
    found = pytester.mkdir("rules")
    (found / "vocabulary.toml").write_text(VOCABULARY, encoding="utf-8")
    (found / "doc.toml").write_text(RULES, encoding="utf-8")
    pytester.makefile(".toml", pyproject='[project]\nname = "another"\n')
    pytester.makefile(".ini", pytest="[pytest]\nincentives_lang = zh\n")
    return found


def test_every_case_is_a_test(pytester: pytest.Pytester, directory: Path) -> None:
    done = pytester.runpytest(*PLUGIN, "-v", str(directory))
    done.assert_outcomes(passed=3)
    done.stdout.fnmatch_lines(["*doc.toml::subsidy::below the cap PASSED*"])


@pytest.mark.usefixtures("directory")
def test_other_toml_files_are_left_alone(pytester: pytest.Pytester) -> None:
    other = pytester.mkdir("settings")
    (other / "vocabulary.toml").write_text('words = ["a"]\n', encoding="utf-8")
    (other / "app.toml").write_text("this is no toml", encoding="utf-8")
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=3)
    assert pytester.runpytest(*PLUGIN, str(other)).ret is pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_failure_says_why_and_where(pytester: pytest.Pytester, directory: Path) -> None:
    text = changed('amount = "10万元"', 'amount = "11万元"')
    (directory / "doc.toml").write_text(text, encoding="utf-8")
    done = pytester.runpytest(*PLUGIN, str(directory))
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        [
            "*不符 doc/subsidy · below the cap",
            "*doc.toml:*",
            "*金额：应为 11万元，实为 100,000.00元",
            "*条款 一",
            "*最先不符：算式：算得 100,000.00元",
            "*费用 1,000,000.00元 × 10% = 100,000.00元*",
        ]
    )
    done.stdout.no_fnmatch_line("*Traceback*")


def test_cases_are_chosen_by_name(pytester: pytest.Pytester, directory: Path) -> None:
    done = pytester.runpytest(*PLUGIN, "-k", "below and cap", str(directory))
    done.assert_outcomes(passed=1, deselected=2)


def test_cases_run_in_several_processes(pytester: pytest.Pytester, directory: Path) -> None:
    pytester.runpytest(*PLUGIN, "-n", "1", str(directory)).assert_outcomes(passed=3)


def test_rules_that_do_not_load_are_one_readable_error(
    pytester: pytest.Pytester, directory: Path
) -> None:
    text = changed("applicant.staff >= staff_min", "applicant.stuff >= staff_min")
    (directory / "doc.toml").write_text(text, encoding="utf-8")
    second = changed('id = "doc"', 'id = "second"')
    (directory / "second.toml").write_text(second, encoding="utf-8")
    done = pytester.runpytest(*PLUGIN, str(directory))
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["*did you mean `applicant.staff`?*"])
    assert str(done.stdout).count("did you mean `applicant.staff`") == 1


def test_directories_without_their_own_vocabulary_are_named_in_the_ini_file(
    pytester: pytest.Pytester, directory: Path
) -> None:
    shared = pytester.mkdir("shared")
    (directory / "vocabulary.toml").rename(shared / "vocabulary.toml")
    assert pytester.runpytest(*PLUGIN).ret is pytest.ExitCode.NO_TESTS_COLLECTED
    pytester.makefile(".ini", pytest="[pytest]\nincentives_rules = rules shared\n")
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=3)
