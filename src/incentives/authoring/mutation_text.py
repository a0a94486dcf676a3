"""What mutation found, as text in Chinese and English and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.case_text import case_text, expected, value_text
from incentives.authoring.mutation import Verdict
from incentives.language.core import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.authoring.mutation import Mutation, Outcome
    from incentives.authoring.witness import Witness
    from incentives.diagnostics import Span
    from incentives.rulebook.model import Rules

Data = dict[str, Any]


def mutation_text(found: Mutation, rules: Rules, lang: str = "zh") -> str:
    """Return every survivor with its place and a suggested case, then the count."""
    parts = [survivor_text(outcome, rules, lang) for outcome in found.survivors]
    for mutation, accepted in found.idle:
        words = _say(lang, "这一条说明不再需要", "this acceptance is no longer needed")
        parts.append(f"{words}: {mutation}\n  --> {accepted.span}")
    for case in found.failing:
        words = _say(lang, "改动之前就不符的算例", "this case fails before anything is changed")
        parts.append(f"{words}: {case.incentive} · {case.name}\n  --> {case.span}")
    return "\n\n".join([*parts, summary(found, lang)])


def summary(found: Mutation, lang: str) -> str:
    """Return one line with the counts; the share counts what could be noticed at all."""
    killed, same, accepted, survived = (found.count(verdict) for verdict in Verdict)
    share = score(found)
    if lang == "zh":
        return (
            f"共 {len(found.outcomes)} 处改动：{killed} 处被算例发现，{same} 处含义不变，"
            f"{accepted} 处已说明理由，{survived} 处无人发现；发现率 {share}"
        )
    return (
        f"{len(found.outcomes)} changes: {killed} noticed by a case, {same} mean the same, "
        f"{accepted} accepted with a reason, {survived} noticed by none; {share} noticed"
    )


def score(found: Mutation) -> str:
    """Return the share of changes that a case notices, of those that change the meaning."""
    killed = found.count(Verdict.KILLED)
    meant = len(found.outcomes) - found.count(Verdict.EQUIVALENT)
    tenths = 1000 * killed // meant if meant else 1000
    return f"{tenths // 10}.{tenths % 10}%"


def survivor_text(outcome: Outcome, rules: Rules, lang: str) -> str:
    """Return one survivor: where, what was changed, and a case that would notice."""
    clauses = "、".join(dict.fromkeys(_clause(rules, name) for name in outcome.users[:3]))
    users = outcome.users[0]
    if len(outcome.users) > 1:
        more = len(outcome.users) - 1
        users += _say(lang, f" 等 {more + 1} 项", f" and {more} more")
    lines = [
        f"{_say(lang, '无人发现', 'noticed by none')} {users} · {clauses}",
        f"  {outcome.id}",
        *_excerpt(outcome.span),
        f"  {_sentence(outcome, lang)}",
    ]
    witness = outcome.witness
    if witness is None:
        lines.append("  " + _no_witness(outcome, rules, lang))
        return "\n".join(lines)
    lines.append(
        "  " + _say(lang, "建议补这个算例，请先对照条款确认：",
                    "suggested case, to be confirmed against the clause:")
    )  # fmt: skip
    lines += [f"    {line}" for line in suggested(witness, lang).splitlines()]
    return "\n".join(lines)


def _no_witness(outcome: Outcome, rules: Rules, lang: str) -> str:
    if not any(rules.incentives[name].cases for name in outcome.users):
        return _say(
            lang,
            "还没有算例，无从建议：请先加一个 [[incentive.case]]",
            "there is no case yet to start from: add an [[incentive.case]] first",
        )
    return _say(
        lang,
        "附近没有找到能区分两者的事实：请补算例，或用 [[incentive.accept]] 说明理由",
        "no facts nearby tell the two apart: add a case, or justify it with [[incentive.accept]]",
    )


def suggested(witness: Witness, lang: str) -> str:
    """Return a suggested case as text for the rule file."""
    differs = witness.differs
    gives, instead = (
        _outcome_words(witness.gives, differs),
        _outcome_words(witness.instead, differs),
    )
    comment = _say(
        lang, f"请确认：现行规则得 {gives}；改动后得 {instead}",
        f"please confirm: the rules give {gives}; changed they would give {instead}",
    )  # fmt: skip
    return case_text(
        _say(lang, f"待确认：近似“{witness.near}”", f"to be confirmed: near “{witness.near}”"),
        witness.on,
        expected(witness.gives, differs[:1]),
        witness.facts,
        reading=witness.reading,
        assume_no_history=witness.assume_no_history,
        comments=(comment,),
    )


def _outcome_words(found: Mapping[str, Any], differs: tuple[str, ...]) -> str:
    told = expected(found, differs)
    keys = dict.fromkeys(("status", *(key for key in differs if key not in _ENDS)))
    if len(keys) == 1:  # nothing but the ends of a range tells the two apart
        keys |= dict.fromkeys(differs)
    return " ".join(f"{key} {value_text(told[key])}" for key in keys if told.get(key) is not None)


_ENDS: Final = frozenset({"low", "high"})


_LEFT_OUT: Final = {
    "every recipient": Text("对象的限定", "the limit to recipients"),
    "the condition": Text("这个条件", "this condition"),
    "the total": Text("合计上限", "the cap on the sum"),
    "the budget": Text("资金总量的限定", "the limit of the budget"),
    "not_negative": Text("“不低于零”这一步", "the step “not below zero”"),
    "cap": Text("上限", "the cap"),
    "floor": Text("保底", "the floor"),
    "less": Text("扣减", "the deduction"),
    "minimum": Text("起付标准", "the minimum"),
    "round": Text("取整", "the rounding"),
}
"""What is left out, where its own word is one of the program's."""


def _sentence(outcome: Outcome, lang: str) -> str:
    if outcome.after is None:
        word = _LEFT_OUT.get(outcome.before)
        left_out = outcome.before if word is None else word.get(lang)
        return _say(
            lang,
            f"没有算例发现：去掉 {left_out}",
            f"no case notices: without {left_out}",
        )
    return _say(
        lang,
        f"没有算例发现：把 {outcome.before} 改成 {outcome.after}",
        f"no case notices: {outcome.before} changed to {outcome.after}",
    )


def _clause(rules: Rules, incentive: str) -> str:
    return rules.incentives[incentive].versions[-1].clause


def _excerpt(span: Span | None) -> list[str]:
    if span is None:
        return []
    line, _ = span.line_and_column()
    text = span.source.line(line)
    return [f"  --> {span}", f"   | {text if len(text) <= 160 else text[:159] + '…'}"]


def _say(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


# ── data ─────────────────────────────────────────────────────────────────────


def mutation_data(found: Mutation) -> Data:
    """Return the counts and every mutant's outcome (``incentives/mutation/1``)."""
    return {
        "format": "incentives/mutation/1",
        "changes": len(found.outcomes),
        **{str(verdict): found.count(verdict) for verdict in Verdict},
        "noticed": score(found),
        "mutants": [_outcome_data(outcome) for outcome in found.outcomes],
        "idle": [
            {"mutation": mutation, "place": str(accepted.span)} for mutation, accepted in found.idle
        ],
        "failing": [
            {"incentive": case.incentive, "case": case.name, "place": str(case.span)}
            for case in found.failing
        ],
    }


def _outcome_data(outcome: Outcome) -> Data:
    witness, because = outcome.witness, outcome.because
    return {
        "id": outcome.id,
        "incentives": list(outcome.users),
        "place": None if outcome.span is None else str(outcome.span),
        "before": outcome.before,
        "after": outcome.after,
        "verdict": str(outcome.verdict),
        "case": None if outcome.case is None else outcome.case.name,
        "because": None if because is None else {"zh": because.zh, "en": because.get("en")},
        "suggested": None if witness is None else _witness_data(witness),
    }


def _witness_data(witness: Witness) -> Data:
    return {
        "incentive": witness.incentive,
        "near": witness.near,
        "on": witness.on.isoformat(),
        "reading": witness.reading,
        "gives": expected(witness.gives, witness.differs),
        "instead": expected(witness.instead, witness.differs),
        "toml": suggested(witness, "zh"),
    }
