"""Why a case failed: the first step at which what it expects can no longer come out.

For a status that is the condition that decided; for an amount the step of the
sum. The words and figures are those of ``explain``: nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.cases import run_of_case
from incentives.diagnostics import ProfileError
from incentives.engine.conditions import Truth
from incentives.engine.focus import plan_for
from incentives.engine.outcome import Status
from incentives.engine.results import Decision
from incentives.explain.decision import explain_decision
from incentives.explain.replay import awards
from incentives.explain.structure import Explanation, Part
from incentives.explain.sums import value_text
from incentives.explain.text import render_text
from incentives.language.core import Role, Text
from incentives.values.money import Money
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incentives.authoring.cases import CaseResult
    from incentives.engine.derive import Step
    from incentives.rulebook.model import Rules

_STEPS: Final = {
    Role.FLOOR: Text("下限（floor）", "the floor"),
    Role.CAP: Text("上限（cap）", "the cap"),
    Role.LESS: Text("扣除已领取（less）", "what was already received"),
    Role.NOT_NEGATIVE: Text("不低于零", "not below zero"),
    Role.ROUND: Text("取整（round）", "the rounding"),
    Role.LEFT: Text("上限的余额", "what is left under the cap"),
    Role.MINIMUM: Text("起付额（minimum）", "the minimum"),
    Role.CEILING: Text("最高额度", "the ceiling"),
}
_AMOUNTS: Final = {"amount", "low", "high"}
_FIRST: Final = {
    "status": (Part.CONDITIONS, Part.MISSING),
    "failed": (Part.CONDITIONS,),
    "missing": (Part.MISSING, Part.CONDITIONS),
    "amount": (Part.SUM,),
    "low": (Part.SUM,),
    "high": (Part.SUM,),
    "funding": (Part.FUNDING,),
    "reason": (Part.CONDITIONS,),
}


def report(rules: Rules, result: CaseResult, lang: str = "zh") -> str:
    """Return everything about a failed case: what differs, why, the clause, the line.

    Of a case that passed, its one line.
    """
    head, *differences = result.text(lang).splitlines()
    if result.passed:
        return head
    version = rules.incentives[result.case.incentive].versions[-1]
    clause = f"  {'条款' if lang == 'zh' else 'clause'} {version.clause}"
    quote = [] if version.quote is None else [f"  “{version.quote}”"]
    lines = [head, *differences, clause, *quote]
    try:
        decision = _decision(rules, result)
    except ProfileError:
        return "\n".join(lines)
    word = "最先不符" if lang == "zh" else "first step that differs"
    lines += [f"  {word}：{text.zh}" if lang == "zh" else f"  {word}: {text.get('en')}"
              for text in _first(decision, result)]  # fmt: skip
    lines += [f"  {line}" for line in _blocks(decision, result, lang)]
    return "\n".join(lines)


def results_data(rules: Rules, results: Iterable[CaseResult]) -> dict[str, Any]:
    """Return results as plain data (``incentives/cases/1``)."""
    every = list(results)
    return {
        "format": "incentives/cases/1",
        "cases": len(every),
        "failed": sum(not result.passed for result in every),
        "results": [_result_data(rules, result) for result in every],
    }


def _result_data(rules: Rules, result: CaseResult) -> dict[str, Any]:
    case = result.case
    first = () if result.passed else divergence(rules, result)
    return {
        "incentive": case.incentive,
        "case": case.name,
        "place": None if case.span is None else str(case.span),
        "clause": rules.incentives[case.incentive].versions[-1].clause,
        "passed": result.passed,
        "differences": [difference.data() for difference in result.differences],
        "first": [{"zh": text.zh, "en": text.get("en")} for text in first],
    }


def divergence(rules: Rules, result: CaseResult) -> tuple[Text, ...]:
    """Return the sentences that say where a failed case went another way."""
    try:
        return tuple(_first(_decision(rules, result), result))
    except ProfileError:
        return ()


def _decision(rules: Rules, result: CaseResult) -> Decision:
    plan = plan_for(rules, result.case.incentive)
    return Decision(rules.incentives[result.case.incentive], run_of_case(plan, result.case))


def _blocks(decision: Decision, result: CaseResult, lang: str) -> list[str]:
    wanted = [part for each in result.differences for part in _FIRST.get(each.key, ())]
    found = explain_decision(decision)
    blocks = tuple(block for block in found.blocks if block.part in wanted)
    text = render_text(Explanation(found.headline, found.tone, blocks, found.subject), lang)
    return text.rstrip("\n").splitlines()


# ── the first step ───────────────────────────────────────────────────────────


def _first(decision: Decision, result: CaseResult) -> Iterator[Text]:
    keys = {each.key: each for each in result.differences}
    if keys.keys() & {"status", "failed", "reason", "missing"}:
        yield from _conditions(decision, result)
    elif keys.keys() & _AMOUNTS:
        key = next(key for key in ("amount", "low", "high") if key in keys)
        yield from _sum(decision, keys[key].expected)


def _conditions(decision: Decision, result: CaseResult) -> Iterator[Text]:
    """Yield the conditions that came out another way than the case needs."""
    expect = result.case.expect
    if decision.status is Status.NOT_APPLICABLE:
        reason = str(decision.reason)
        yield Text(f"不适用（{reason}）", f"not applicable ({reason})")
        return
    expected = set(expect.get("failed") or ())
    eligible = expect.get("status") == "eligible"
    found = False
    for condition in decision.conditions:
        wanted = {
            Truth.FAILED: condition.id not in expected and (eligible or "failed" in expect),
            Truth.MET: condition.id in expected,
            Truth.UNKNOWN: eligible or condition.id in expected,
        }[condition.outcome]
        if wanted:
            found = True
            says = condition.says
            yield Text(
                f"条件 {condition.id}（{says.zh}）：{_TRUTHS[condition.outcome].zh}",
                f"condition {condition.id} ({says.get('en')}): "
                f"{_TRUTHS[condition.outcome].get('en')}",
            )
    if not found and decision.status is Status.ELIGIBLE:
        yield Text("所有条件都满足", "every condition is met")


_TRUTHS: Final = {
    Truth.MET: Text("满足", "met"),
    Truth.FAILED: Text("不满足", "failed"),
    Truth.UNKNOWN: Text("尚不能确定", "not known yet"),
}


def _sum(decision: Decision, expected: Any) -> Iterator[Text]:
    """Yield the step of the sum after which the expected amount is gone."""
    if decision.rule.each is not None and len(decision.items) != 1:
        return
    wanted = _fen(expected)
    found = awards(decision)
    step = found[0].step if found else None
    if wanted is None or step is None:
        return
    stages = list(_stages(step))
    if any(isinstance(stage.value, Unknown) for stage in stages):
        return
    at = next((n for n, stage in enumerate(stages) if not _can_become(stages[n:], wanted)), None)
    if at is None:
        return
    while at and stages[at].value == stages[at - 1].value:
        at -= 1  # a step that changed nothing is not where it went another way
    name, now = stages[at].name, value_text(stages[at].value)
    if at == 0:
        yield Text(f"{name.zh}：算得 {now.zh}", f"{name.get('en')}: it comes to {now.get('en')}")
        return
    was = value_text(stages[at - 1].value)
    yield Text(
        f"{name.zh}：此前是 {was.zh}，这一步之后是 {now.zh}",
        f"{name.get('en')}: {was.get('en')} before it, {now.get('en')} after it",
    )


def _can_become(stages: list[_Stage], wanted: int) -> bool:
    """Say whether an amount can still come out of the first stage's, by what follows it."""
    value = stages[0].value
    later = {stage.role for stage in stages[1:]}
    quanta = [stage.quantum for stage in stages[1:] if stage.role is Role.ROUND]
    return (
        value == wanted
        or (wanted < value and not later.isdisjoint(_LOWER))
        or (wanted > value and Role.FLOOR in later)
        or (wanted == 0 and Role.NOT_NEGATIVE in later and value < 0)
        or any(abs(value - wanted) < quantum for quantum in quanta)
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """A step of an amount and what it came to; ``quantum`` is that of a rounding."""

    role: Role | None
    value: Any
    quantum: Any = 0

    @property
    def name(self) -> Text:
        """What the step is called."""
        return _SOURCE if self.role is None else _STEPS[self.role]


_LOWER: Final = {Role.CAP, Role.LESS, Role.LEFT, Role.MINIMUM}
_SOURCE: Final = Text("算式", "the sum itself")


def _stages(step: Step) -> Iterator[_Stage]:
    """Yield the value after each step of an amount, from the source outward."""
    role = None if step.node.origin is None else step.node.origin.role
    if role not in _STEPS or not step.of:
        yield _Stage(None, step.value)
        return
    inner = step.of[-1] if role in {Role.CEILING, Role.MINIMUM} else step.of[0]
    yield from _stages(inner)
    yield _Stage(role, step.value, step.of[-1].value if role is Role.ROUND else 0)


def _fen(expected: Any) -> int | None:
    try:
        return Money.parse(expected).fen
    except (TypeError, ValueError):
        return None
