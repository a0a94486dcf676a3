"""What to ask next, as the structure every explanation is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.explain import words
from incentives.explain.structure import Explanation, Line, Part, Tone, block
from incentives.language.core import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.advice.questions import Question
    from incentives.explain.names import Names

MOST_NAMED = 3


def explain_questions(found: Sequence[Question], names: Names) -> Explanation:
    """Return every open question with its paper and what it can change, the most valuable first."""
    count = len(found)
    if not count:
        head = Text("没有需要再填的事实", "No fact is missing")
        return Explanation(head, Tone.MET, ())
    head = Text(
        f"还有{count}项事实会影响结果，最有用的在前",
        f"{count} {'fact can' if count == 1 else 'facts can'} still change the outcome,"
        " the most useful first",
    )
    lines = [question_line(each, names) for each in found]
    return Explanation(head, Tone.OPEN, block(Part.QUESTIONS, Text("问题", "Questions"), lines))


def question_line(question: Question, names: Names) -> Line:
    """Return one question: what is asked, the paper to look at, what it can change."""
    of = []
    if question.evidence is not None:
        paper = question.evidence
        of.append(Line(Text(f"材料：{paper.zh}", f"paper: {paper.get('en')}"), Tone.NOTE))
    of.append(Line(touches(question, names), Tone.NOTE))
    return Line(_asked(question, names), Tone.OPEN, _stake(question), tuple(of))


def _asked(question: Question, names: Names) -> Text:
    """Return the question; of an item, with the item before it."""
    ask = question.ask
    if "[" not in question.path:
        return ask
    entity, _, rest = question.path.partition("[")
    item = names.path(f"{entity}[{rest.rpartition('].')[0]}]")
    return Text(f"{item.zh}：{ask.zh}", f"{item.get('en')}: {ask.get('en')}")


def touches(question: Question, names: Names) -> Text:
    """Return which decisions a fact can change."""
    ids = question.incentives
    named = words.join([names.incentive(each) for each in ids[:MOST_NAMED]], en="; ")
    more = len(ids) - MOST_NAMED
    if more > 0:
        return Text(
            f"关系到{len(ids)}项：{named.zh}等",
            f"concerns {len(ids)}: {named.get('en')} and {more} more",
        )
    return Text(f"关系到：{named.zh}", f"concerns: {named.get('en')}")


def _stake(question: Question) -> Text | None:
    """Return by how much a fact can move what is due at most."""
    if question.stake is None:
        return Text("影响的金额没有上限", "no limit to what it can change")
    if not question.stake:
        return None
    most = words.money(question.stake)
    return Text(f"至多影响{most.zh}", f"worth up to {most.get('en')}")
