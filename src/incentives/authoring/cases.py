"""The worked examples inside rule files, run by the engine that assesses applicants.

A case says facts, a date and what must come out; every key of ``expect`` is
compared exactly, and only the keys that are given. A case that names a reading
is compared with that reading's result, which stands before groups and totals;
every other case with the decision itself, after groups.

The law kept: a case never raises. Facts that are no valid profile, and an
expected amount that is no amount, make a failed case that says so.

The trap: nothing here works out a status or an amount. What a rule means is
the engine's to say, or the cases would prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import Finding, ProfileError, render
from incentives.engine.assess import Options, Run, decide_reading, run
from incentives.engine.focus import plan_for
from incentives.engine.results import Decision
from incentives.language.core import Text
from incentives.rulebook.model import LegalStatus
from incentives.rulebook.profile import Profile
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from incentives.authoring.loaded import Loaded
    from incentives.engine.plan import Plan
    from incentives.rulebook.model import Case

NOTHING: Final = "none"
"""How a case says that there is no single amount, or no upper bound."""

_LABELS: Final = {
    "status": Text("结论", "status"),
    "reason": Text("不适用的原因", "reason"),
    "amount": Text("金额", "amount"),
    "low": Text("下限", "low"),
    "high": Text("上限", "high"),
    "failed": Text("未满足的条件", "failed"),
    "missing": Text("缺少的事实", "missing"),
    "funding": Text("资金来源", "funding"),
    "facts": Text("事实", "facts"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of ``expect``: what was expected and what came out, as texts or tuples of texts.

    ``findings`` are those of the facts where they are no valid profile.
    """

    key: str
    expected: Any
    found: Any
    findings: tuple[Finding, ...] = ()

    def text(self, lang: str = "zh") -> str:
        """Return one line in ``zh`` or ``en`` (more where the facts have findings)."""
        label = _LABELS[self.key].get(lang)
        if self.findings:
            head = f"{label}：无法作为申报资料" if lang == "zh" else f"{label}: not a valid profile"
            return "\n".join([head, *(render(finding, lang) for finding in self.findings)])
        expected, found = _show(self.expected, lang), _show(self.found, lang)
        if lang == "zh":
            return f"{label}：应为 {expected}，实为 {found}"
        return f"{label}: expected {expected}, found {found}"

    def data(self) -> dict[str, Any]:
        """Return the difference as plain data."""
        return {
            "key": self.key,
            "expected": _plain(self.expected),
            "found": _plain(self.found),
            "findings": [
                {"code": each.code, "fact": each.fact, "message": each.message}
                for each in self.findings
            ],
        }


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case and how it came out; ``differences`` is empty when it passed."""

    case: Case
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything that the case expects came out."""
        return not self.differences

    def text(self, lang: str = "zh") -> str:
        """Return the outcome as text in ``zh`` or ``en``: one line, and one for each difference."""
        word = {True: {"zh": "通过", "en": "passed"}, False: {"zh": "不符", "en": "failed"}}
        head = f"{word[self.passed][lang]} {self.case.incentive} · {self.case.name}"
        if self.passed:
            return head
        place = [f"  --> {self.case.span}"] if self.case.span is not None else []
        lines = [f"  {line}" for d in self.differences for line in d.text(lang).splitlines()]
        return "\n".join([head, *place, *lines])

    def __repr__(self) -> str:
        return f"<CaseResult {self.case.incentive} {self.case.name!r}: passed={self.passed}>"


def run_cases(rulebook: Loaded, only: Collection[str] | None = None) -> tuple[CaseResult, ...]:
    """Run every case of every incentive, or of the incentives whose ids ``only`` holds.

    Returns:
        One result for each case, by incentive id, then in the order of the file.
    """
    rules = rulebook.rules
    results: list[CaseResult] = []
    for name in sorted(rules.incentives):
        cases = rules.incentives[name].cases
        if cases and (only is None or name in only):
            plan = plan_for(rules, name)
            results += (run_case(plan, case) for case in cases)
    return tuple(results)


def run_case(plan: Plan, case: Case, profile: Profile | None = None) -> CaseResult:
    """Run one case in a plan that has its incentive; a draft's case is assessed with drafts.

    ``profile`` is that of the case's facts where somebody has it already.
    """
    try:
        done = run_of_case(plan, case, profile)
    except ProfileError as error:
        return CaseResult(case, (Difference("facts", None, None, error.findings),))
    decision = Decision(plan.rules.incentives[case.incentive], done)
    found = (_compare(key, expected, decision) for key, expected in case.expect.items())
    return CaseResult(case, tuple(difference for difference in found if difference is not None))


def run_of_case(plan: Plan, case: Case, profile: Profile | None = None) -> Run:
    """Return the pass that decides a case; under a reading, its outcome is that reading's.

    Raises:
        ProfileError: the case's facts are no valid profile.
    """
    incentive = plan.rules.incentives[case.incentive]
    profile = profile or Profile(case.facts, plan.rules.vocabulary)
    drafts = incentive.document.legal_status is LegalStatus.DRAFT
    options = Options(drafts, case.assume_no_history)
    done = run(plan, profile, case.on, options, drafts=drafts)
    readings = plan.readings.get(incentive.id, ())
    chosen = next((item for item in readings if item.reading.id == case.reading), None)
    if chosen is not None:
        done.outcomes[incentive.id] = decide_reading(done, chosen.plan)
        done.answers.pop(incentive.id, None)
    if case.reading is not None:  # readings stand before groups
        done.stacked = {}
    return done


def found_by(decision: Decision) -> Mapping[str, Any]:
    """Return what came out under each key that ``expect`` may hold."""
    return {key: find(decision) for key, find in _FOUND.items()}


def found_under(decision: Decision, key: str) -> Any:
    """Return what came out under one key of ``expect``."""
    return _FOUND[key](decision)


def _low(decision: Decision) -> Money | None:
    return None if decision.range is None else decision.range.low


def _high(decision: Decision) -> Money | None:
    return None if decision.range is None else decision.range.high


def _funding(decision: Decision) -> dict[str, Money]:
    """Return what each payer bears; ``local`` is one that cannot be told from the region."""
    return {part.payer or "local": part.amount for part in decision.funding}


_FOUND: Final[Mapping[str, Callable[[Decision], Any]]] = {
    "status": lambda decision: str(decision.status),
    "reason": lambda decision: decision.reason,
    "amount": lambda decision: decision.amount,
    "low": _low,
    "high": _high,
    "failed": lambda decision: tuple(sorted(decision.failed)),
    "missing": lambda decision: tuple(sorted(decision.missing)),
    "funding": _funding,
}


def _compare(key: str, expected: Any, decision: Decision) -> Difference | None:
    found = found_under(decision, key)
    if key in {"amount", "low", "high"}:
        same = _money(expected) == found if _is_money(expected) else False
    elif key in {"failed", "missing"}:
        expected = tuple(sorted(expected))
        same = expected == found
    elif key == "funding":
        same = all(map(_is_money, expected.values())) and found == {
            payer: _money(part) for payer, part in expected.items()
        }
    else:
        same = expected == found
    return None if same else Difference(key, expected, found)


def _is_money(expected: Any) -> bool:
    try:
        _money(expected)
    except (TypeError, ValueError):
        return False
    return True


def _money(expected: Any) -> Money | None:
    """Return an expected amount, ``None`` for the word that says there is none."""
    return None if expected is None or expected == NOTHING else Money.parse(expected)


def _plain(value: Any) -> Any:
    match value:
        case Money():
            return str(value.to_decimal())
        case tuple() | list():
            return list(map(_plain, value))
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case _:
            return value


def _show(value: Any, lang: str) -> str:
    match value:
        case None:
            return "无" if lang == "zh" else "none"
        case dict():
            return _show(tuple(f"{payer} {part}" for payer, part in value.items()), lang)
        case tuple():
            joined = ("、" if lang == "zh" else ", ").join(map(str, value))
            return joined or ("无" if lang == "zh" else "none")
        case _:
            return str(value)
