"""A pytest plugin: the cases of a rules directory are tests (``pytest rules/``).

Every ``.toml`` file beside a ``vocabulary.toml`` is collected, and those in the
directories that ``incentives_rules`` names in the ini file (they are then loaded
together); each case is a test, named by its incentive and its name.

The law kept: nobody else's files are touched. A directory is taken for rules
only where its vocabulary declares entities or facts.

The trap: pytest imports this module in every run of every project that has this
package installed. It imports nothing, pytest included, until a rule file is met.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from incentives.api import Rulebook

INI: Final = "incentives_rules"
_OTHERS: Final = {"vocabulary.toml", "regions.toml"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    parser.addini(
        INI,
        "directories of rules, loaded together; their cases are tests",
        type="paths",
        default=[],
    )
    parser.addini("incentives_lang", "language of failures: zh or en", default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a rule file; any other is left alone."""
    if file_path.suffix != ".toml" or file_path.name in _OTHERS:
        return None
    places = _places(file_path, parent.config)
    if not places:
        return None
    collector, _ = _kinds()
    found: pytest.Collector = collector.from_parent(parent, path=file_path)
    return found


def _places(file: Path, config: pytest.Config) -> tuple[Path, ...]:
    """Return the directories to load for a rule file; none if it is no rule file."""
    named = tuple(Path(place).resolve() for place in config.getini(INI))
    here = file.parent.resolve()
    if here in named:
        return named
    return (here,) if _has_vocabulary(here) else ()


@cache
def _has_vocabulary(directory: Path) -> bool:
    try:
        text = (directory / "vocabulary.toml").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return "[entity." in text or "[fact." in text


class CaseFailedError(Exception):
    """A case did not come out as it says; the message is the whole report."""


@cache
def _kinds() -> tuple[Any, Any]:
    """Return what pytest makes of a rule file, and of a case."""
    import pytest

    class RuleFile(pytest.File):
        """A rule file; its children are the cases in it."""

        def collect(self) -> Iterator[pytest.Item]:
            rulebook = _rulebook(self)
            if rulebook is None:
                return
            names: dict[str, int] = {}
            for incentive in rulebook.incentives.values():
                for case in incentive.cases:
                    if case.span is None or Path(case.span.source.path).resolve() != self.path:
                        continue
                    name = f"{incentive.id.partition('/')[2]}::{case.name}"
                    names[name] = names.get(name, 0) + 1
                    shown = name if names[name] == 1 else f"{name} #{names[name]}"
                    yield CaseItem.from_parent(self, name=shown, case=case, rulebook=rulebook)

    class CaseItem(pytest.Item):
        """A case."""

        def __init__(self, *, case: Any, rulebook: Rulebook, **rest: Any) -> None:
            super().__init__(**rest)
            self.case = case
            self.rulebook = rulebook

        def runtest(self) -> None:
            from incentives.authoring.cases import run_case
            from incentives.authoring.divergence import report
            from incentives.engine.focus import plan_for

            rules = self.rulebook.rules
            result = run_case(plan_for(rules, self.case.incentive), self.case)
            if not result.passed:
                raise CaseFailedError(report(rules, result, _lang(self.config)))

        def repr_failure(self, excinfo: Any, *rest: Any, **more: Any) -> Any:
            if isinstance(excinfo.value, CaseFailedError):
                return str(excinfo.value)
            return super().repr_failure(excinfo, *rest, **more)

        def reportinfo(self) -> tuple[Path, int | None, str]:
            line, _ = self.case.span.line_and_column()
            return self.path, line - 1, self.name

    return RuleFile, CaseItem


def _rulebook(file: Any) -> Rulebook | None:
    """Return the rulebook a file belongs to, loaded once for each run.

    Raises:
        CollectError: the rules have errors; told once, with every finding.
    """
    import pytest

    import incentives
    from incentives.diagnostics import RulebookError

    places = _places(file.path, file.config)
    loaded = file.config.stash.setdefault(_loaded_key(), {})
    if places not in loaded:
        try:
            loaded[places] = incentives.load(*places)
        except RulebookError as error:
            loaded[places] = None
            raise pytest.Collector.CollectError(str(error)) from None
    if loaded[places] is None:
        raise pytest.Collector.CollectError(f"the rules in {places[0]} do not load: see above")
    found: Rulebook = loaded[places]
    return found


@cache
def _loaded_key() -> Any:
    import pytest

    return pytest.StashKey[dict[Any, Any]]()


def _lang(config: pytest.Config) -> str:
    from incentives.cli.frame import Lang, language

    chosen = str(config.getini("incentives_lang"))
    return chosen if chosen in set(Lang) else language([])
