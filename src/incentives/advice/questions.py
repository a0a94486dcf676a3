"""What to ask next: the missing facts, ordered by what knowing them can decide.

Each missing fact is tried in every way that could matter (each word of a choice,
the pieces between the figures it is compared with, an empty list), and what the
engine then decides is held against what it decides now. Money first: by how much
the range of what can be paid narrows on the average of those ways; then how many
decisions are settled; then how little the answer costs whoever gives it.

The law kept (``tests/property/test_questions.py``): a fact that is not listed
changes no outcome and no range; once all are answered, nothing is undetermined
but what cannot be computed.

The trap: the average takes every way as equally likely. It orders questions; it
is no forecast, and no figure of it is shown as one.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.advice.changes import yuan
from incentives.engine.environment import environment
from incentives.engine.evaluation import Evaluation
from incentives.engine.refine import cells_of
from incentives.explain.names import Names
from incentives.explain.replay import runs_of
from incentives.explain.worth import worth_of_all
from incentives.language.core import Text
from incentives.language.names import DECIDED, RECEIVED
from incentives.values.types import Kind
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from incentives.engine.outcome import Outcome
    from incentives.engine.results import Assessment
    from incentives.language.names import FactSpec
    from incentives.rulebook.profile import Profile

MOST_CELLS: Final = 40
MUCH: Final = 10**11
"""A figure beyond what rules compare with: one thousand million yuan."""
_EFFORT: Final = {
    Kind.BOOL: 1, Kind.CHOICE: 1, Kind.REGION: 2, Kind.INDUSTRY: 2, Kind.DATE: 2, Kind.TEXT: 2,
    Kind.COUNT: 3, Kind.RATIO: 3, Kind.MONEY: 4,
}  # fmt: skip
_LIST_EFFORT: Final = 5
_HISTORY: Final = {
    RECEIVED: Text(
        "以前领取过几笔资助（同一项分年领取的，每年算一笔）？",
        "How many payments were received before (each year of one award by itself)?",
    ),
    DECIDED: Text(
        "主管部门已经核定金额的有哪几项？",
        "For which of these has the authority decided an amount?",
    ),
}
"""How the past is asked for: how many records a file would hold is nobody's question."""


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact, how it is asked, and what it can change.

    ``spec`` is ``None`` for a list nothing is known about (``entity`` names it).
    ``incentives`` are the decisions it can change; ``stake`` is by how much, in
    fen, it can move what is due under them at most (``None``: without a bound).
    On the average of the ways it can be answered it settles ``settles``
    decisions, narrows their ranges by ``narrows`` fen, and gives ``closes`` ranges
    without an upper bound one. ``can_be_asked`` is false for a series whose year
    depends on another fact.
    """

    path: str
    label: Text
    ask: Text
    evidence: Text | None
    spec: FactSpec | None
    entity: str
    incentives: tuple[str, ...]
    stake: int | None
    settles: Fraction
    narrows: Fraction
    closes: Fraction
    effort: int
    can_be_asked: bool
    order: tuple[int, str] = field(repr=False)

    @property
    def is_list(self) -> bool:
        """Whether a whole list is asked for: how many, then each."""
        return self.spec is None

    @property
    def asks_which(self) -> bool:
        """Whether the answer names some of ``incentives``: those with a decided amount."""
        return self.spec is None and self.entity == DECIDED

    def to_dict(self) -> dict[str, Any]:
        """Return the question for JSON."""
        return {
            "fact": self.path,
            "label": _both(self.label),
            "ask": _both(self.ask),
            "evidence": None if self.evidence is None else _both(self.evidence),
            "incentives": list(self.incentives),
            "stake": yuan(self.stake),
            "effort": self.effort,
        }


def questions(assessment: Assessment) -> tuple[Question, ...]:
    """Return the facts that can still change an assessment, the most valuable first."""
    worth = _Worth(assessment)
    return tuple(sorted(map(worth.question, worth.waiting), key=_rank))


def best_question(assessment: Assessment, aside: Collection[str] = ()) -> Question | None:
    """Return the first of ``questions`` that can be asked and is not put ``aside``.

    Most are not worked out: what a fact can do at most is read off the ranges that
    wait for it, and the search ends where no other can do more than the best found.
    """
    worth = _Worth(assessment)
    waiting = [path for path in worth.waiting if path not in aside and worth.can_be_asked(path)]
    best: Question | None = None
    for path in sorted(waiting, key=lambda path: (worth.most(path), path), reverse=True):
        if best is not None and _gain(best) > worth.most(path):
            break
        question = worth.question(path)
        if best is None or _rank(question) < _rank(best):
            best = question
    return best


def _gain(question: Question) -> tuple[Fraction, ...]:
    return question.closes, question.narrows, question.settles


def _rank(question: Question) -> tuple[Any, ...]:
    return (
        not question.can_be_asked,
        *(-gain for gain in _gain(question)),
        question.effort,
        question.order,
    )


class _Worth:
    """Tries the ways in which missing facts can turn out, in one pass over the rules."""

    def __init__(self, assessment: Assessment) -> None:
        self.run = runs_of(assessment)[-1]
        self.names = Names(self.run.plan.rules)
        self.decisions = {decision.incentive: decision for decision in assessment}
        self.before = self._evaluation(self.run.profile)
        self.waiting: dict[str, list[str]] = {}
        for name, decision in self.decisions.items():
            for path in decision.missing:
                self.waiting.setdefault(path, []).append(name)

    def can_be_asked(self, path: str) -> bool:
        """Say whether a question has an answer yet: a series without its year has none."""
        spec, year = self.names.spec_of(path)
        return spec is None or not spec.series or year is not None

    def most(self, path: str) -> tuple[Fraction, ...]:
        """Return what an answer can do at most, in the order of ``_gain``."""
        widths = [_width(self.before[name]) for name in self.waiting[path] if self._is_money(name)]
        known = [width for width in widths if width is not None]
        gains = (len(widths) - len(known), sum(known), len(self.waiting[path]))
        return tuple(map(Fraction, gains))

    def _is_money(self, name: str) -> bool:
        return self.run.plan.rules.incentives[name].is_monetary

    def question(self, path: str) -> Question:
        """Return the question about one missing fact."""
        ids, names = self.waiting[path], self.names
        spec, year = names.spec_of(path)
        entity = path.partition(".")[0].partition("[")[0]
        before = {name: self.before[name] for name in ids}
        ways = [self._change(before, profile) for profile in self._ways(path, ids, spec)]
        count = max(1, len(ways))
        stake = worth_of_all((self.decisions[name] for name in ids), path)
        label = names.path(path)
        return Question(
            path,
            label,
            _ask(names, label, spec, year, entity),
            None if spec is None else spec.evidence,
            spec,
            entity,
            tuple(sorted(ids)),
            None if stake is None else stake.fen,
            Fraction(sum(way.settled for way in ways), count),
            Fraction(sum(way.money for way in ways), count),
            Fraction(sum(way.closed for way in ways), count),
            _LIST_EFFORT if spec is None else _EFFORT[spec.type.kind],
            self.can_be_asked(path),
            (10**7 if spec is None else spec.order, path),
        )

    def _ways(self, path: str, ids: list[str], spec: FactSpec | None) -> Iterator[Profile]:
        """Yield the profile with each way in which a fact can turn out."""
        profile = self.run.profile
        if spec is None:
            lists = profile.lists
            if lists.get(path, ()) is None:
                empty = copy(profile)
                empty.lists = {**lists, path: ()}
                yield empty
                yield profile  # some items, of which nothing is known yet
            return
        place = profile.place(path)
        if place is None:
            return
        record, key = place
        value = record[key]
        if not isinstance(value, Unknown):
            return  # known, but too coarse: a region that may be any of several
        cuts: set[Any] = set()
        for name in ids:
            plan = self.run.plan
            cuts |= plan.reads(plan.by_id[name]).cuts.get((spec.entity, spec.name), set())
        cells = cells_of(spec, value, cuts)
        if spec.type.kind is Kind.REGION:
            cells = sorted({each.jurisdiction for each in self.run.plan.rules.documents.values()})
        start = self.run.on if spec.type.kind is Kind.DATE else 0
        if spec.type.kind in {Kind.TEXT, Kind.INDUSTRY}:
            return  # any text or code: nobody can say which are worth trying
        for answer in list(dict.fromkeys(_answers(cells, start)))[:MOST_CELLS]:
            yield profile.with_facts({path: answer})

    def _change(self, before: dict[str, Outcome], profile: Profile) -> _Change:
        """Return what one way changes, summed over the decisions that wait for the fact."""
        after = self._evaluation(profile)
        money, closed, settled = 0, 0, 0
        for name, old in before.items():
            new = after[name]
            settled += new.is_settled and not old.is_settled
            if not self._is_money(name):
                continue
            width, narrower = _width(old), _width(new)
            closed += width is None and narrower is not None
            if width is not None and narrower is not None:
                money += width - narrower
        return _Change(money, closed, settled)

    def _evaluation(self, profile: Profile) -> Evaluation:
        run = self.run
        env = environment(profile, run.on, {}, no_history=run.options.assume_no_history)
        return Evaluation(run.plan, env, drafts=run.drafts)


def _answers(cells: list[Any], start: Any) -> Iterator[Any]:
    """Yield values that an answer may have: each word, and both ends of each piece."""
    for cell in cells:
        if not isinstance(cell, Unknown):
            yield cell
            continue
        low = start if cell.lo is None and cell.hi is None else cell.lo
        yield cell.hi if low is None else low
        if cell.hi is not None:
            yield cell.hi
        elif not isinstance(low, date):
            yield MUCH


@dataclass(frozen=True, slots=True)
class _Change:
    """How much narrower ranges become, how many get an upper bound, how many are settled."""

    money: int
    closed: int
    settled: int


def _width(outcome: Outcome) -> int | None:
    """Return how wide the range of an award is, in whole fen; ``None`` without an upper bound."""
    lo, hi = bounds(outcome.award)
    return None if hi is None else int(hi - (lo or 0))


def _ask(names: Names, label: Text, spec: FactSpec | None, year: str | None, entity: str) -> Text:
    """Return the question of the vocabulary, or a plain one."""
    if spec is None:
        plain = Text(
            f"“{label.zh}”共有多少项？", f"How many entries of “{label.get('en')}” are there?"
        )
        return _HISTORY.get(entity, plain)
    if spec.ask is None:
        own = names.with_year(spec.label, year)
        return Text(f"{own.zh}？", f"{own.get('en')}?")
    return Text(
        spec.ask.zh.replace("{year}", year or ""), spec.ask.get("en").replace("{year}", year or "")
    )


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.get("en")}
