"""``ask``: the interview in a terminal, or with answers from a pipe.

Questions and remarks go to standard error, the profile to standard output or to
the file of ``-o``; so a pipe gets the profile and nothing else.

The trap: an answer is never lost. Stopping, the end of the input and Ctrl-C all
lead to the saved profile.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from incentives.cli.arguments import (
    DraftsOption,
    NoHistoryOption,
    OnOption,
    RulesOption,
    date_of,
    resolve,
    rulebook_of,
)
from incentives.cli.frame import Frame
from incentives.values.types import Kind

if TYPE_CHECKING:
    from incentives.advice.interview import Interview
    from incentives.advice.questions import Question
    from incentives.api import Rulebook
    from incentives.engine.results import Assessment
    from incentives.explain.names import Names
    from incentives.rulebook.facts import FactError
    from incentives.rulebook.profile import Profile
    from incentives.values.money import Money

_HINTS: Final = {
    Kind.BOOL: ("填 是 或 否", "yes or no"),
    Kind.COUNT: ("填整数", "a whole number"),
    Kind.RATIO: ("填比例，如 3.5%", "a share such as 3.5%"),
    Kind.MONEY: ("填金额，带单位，如 150万元", "an amount with its unit, such as 150万元"),
    Kind.DATE: ("填日期，如 2024-05-01", "a date such as 2024-05-01"),
    Kind.REGION: (
        "填地名全称或六位代码，如 640200",
        "a region's name or code, such as 640200",
    ),
    Kind.INDUSTRY: ("填行业代码，如 C39", "an industry code such as C39"),
}
_UNKNOWN: Final = {"不知道", "?", "？", "don't know", "dont know", "unknown"}
_BACK: Final = {"返回", "back", "b"}
_STOP: Final = {"结束", "停", "stop", "quit", "q"}


def ask(
    ctx: typer.Context,
    profile: Annotated[
        str | None,
        typer.Argument(
            metavar="PROFILE", help="What is known already: a profile, or example:NAME."
        ),
    ] = None,
    on: OnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Ask for this incentive only; repeatable."),
    ] = None,
    assume_no_history: NoHistoryOption = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Save the profile to this file."),
    ] = None,
) -> None:
    """Ask for missing facts, the most valuable first, until nothing left can change the outcome.

    Answers may come from a pipe. ? is "don't know"; back and stop do what they say.
    """
    from incentives.advice.interview import Interview

    frame: Frame = ctx.obj
    rulebook = rulebook_of(rules)
    chosen = [resolve(name, rulebook.incentives) for name in only] if only else None
    known = rulebook.profile({} if profile is None else profile)
    day = date_of(on, frame)

    def assess(answered: Profile) -> Assessment:
        return rulebook.assess(
            answered, day, drafts=drafts, assume_no_history=assume_no_history, only=chosen
        )

    interview = Interview(known.data, rulebook.vocabulary, assess)
    _Talk(interview, rulebook, frame).run()
    _save(interview.data, output, frame, "" if on is None else f" --on {day}")


class _Talk:
    """Puts the questions of an interview to whoever sits there."""

    def __init__(self, interview: Interview, rulebook: Rulebook, frame: Frame) -> None:
        from incentives.explain.names import Names

        self.interview = interview
        self.frame = frame
        self.names: Names = Names(rulebook.rules)

    def run(self) -> None:
        """Ask until nothing is left, or until told to stop."""
        self.frame.talk(
            "不知道请填 ?，返回上一题填“返回”，结束填“结束”。每一题都可以不答。",
            '? means "don\'t know"; "back" takes back an answer; "stop" ends and saves.',
        )
        self.standing()
        try:
            while (question := self.interview.next()) is not None:
                if not self.turn(question):
                    break
            else:
                self.over()
        except (EOFError, KeyboardInterrupt):
            self.frame.talk("\n到此为止。", "\nStopped here.")

    def over(self) -> None:
        """Say why there is no further question: nothing is left, or what is left is not known."""
        if aside := self.interview.put_aside:
            facts = "1 fact" if aside == 1 else f"{aside} facts"
            self.frame.talk(
                f"\n没有别的问题了；尚不知道的{aside}项事实仍可能改变结果。",
                f"\nNo further question; {facts} not known can still change the outcome.",
            )
            return
        self.frame.talk(
            "\n没有别的事实会再改变结果。", "\nNothing that is left can change the outcome."
        )

    def turn(self, question: Question) -> bool:
        """Ask one question until it is answered or put aside; return whether to go on."""
        from incentives.rulebook.facts import FactError

        self.put(question)
        while True:
            text = self.read()
            word = text.strip().lower()
            if not word:
                continue
            if word in _STOP:
                return False
            if word in _BACK:
                if self.interview.can_go_back:
                    self.interview.back()
                    self.standing()
                    return True
                self.frame.talk("这是第一题。", "This is the first question.")
                continue
            if word in _UNKNOWN:
                self.interview.skip(question)
                return True
            try:
                self.interview.answer(question, text)
            except FactError as error:
                spec = question.spec
                self.refuse(error, None if spec is None else spec.type.kind)
                continue
            self.standing()
            return True

    def put(self, question: Question) -> None:
        """Print a question: its words, the paper, what it can change, the choices."""
        from incentives.advice.explain_questions import question_line
        from incentives.explain.structure import Explanation, Tone
        from incentives.explain.text import render_text

        line = question_line(question, self.names)
        number = self.interview.asked + 1
        figure = "" if line.figure is None else f"（{line.figure.zh}）"
        figure_en = "" if line.figure is None else f" ({line.figure.get('en')})"
        head = type(line.text)(
            f"{number}. {line.text.zh}{figure}", f"{number}. {line.text.get('en')}{figure_en}"
        )
        text = render_text(Explanation(head, Tone.OPEN, _under(line)), self.frame.lang)
        typer.echo("\n" + "\n".join(each for each in text.splitlines() if each), err=True)
        if question.spec is not None and question.spec.type.kind in _HINTS:
            self.frame.talk(*(f"  {hint}" for hint in _HINTS[question.spec.type.kind]))
        if question.asks_which:
            self.frame.talk(
                "  填序号，如 1、3（核定过几笔的，序号写几次）；都没有核定，填“无”",
                "  their numbers, such as 1, 3 (once for each decision); or none",
            )
        for at, (word, label) in enumerate(self.choices(question), start=1):
            shown = self.frame.say(f"{label.zh}（{word}）", f"{label.get('en')} ({word})")
            typer.echo(f"  {at:>2}  {shown}", err=True)

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return what can be chosen, each as it is written and as it is called."""
        if question.asks_which:
            return [(each, self.names.incentive(each)) for each in question.incentives]
        return [] if question.spec is None else list(question.spec.choices.items())

    def read(self) -> str:
        """Return one line; the prompt goes to standard error.

        Raises:
            EOFError: there is no more input.
        """
        typer.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        if not sys.stdin.isatty():
            typer.echo(line.rstrip("\n"), err=True)
        return line

    def refuse(self, error: FactError, kind: Kind | None) -> None:
        """Say what is wrong with an answer, and what to write instead."""
        from incentives.explain.text import WIDTH, wrap

        if kind is Kind.BOOL:  # the words of a file are not those of an interview
            self.frame.talk("  请填 是 或 否。", "  Answer yes or no.")
            return
        texts = [self.frame.say(error.zh, error.en)]
        if error.help is not None:
            texts.append(self.frame.say(error.help[1], error.help[0]))
        for text in texts:
            for line in wrap(text, WIDTH - 2):
                typer.echo(f"  {line}", err=True)

    def standing(self) -> None:
        """Print where things stand: the range of what is due, and how much is still open."""
        from incentives.explain.outcome import range_text

        assessment = self.interview.assessment
        totals = range_text(assessment.totals.range)
        open_ones = sum(each.status == "undetermined" for each in assessment)
        beside, beside_en = _beside(assessment.totals.ceiling)
        self.frame.talk(
            f"  → 合计{totals.zh}{beside}，待定{open_ones}项",
            f"  → {totals.get('en')} in all{beside_en}, {open_ones} undetermined",
        )


def _beside(ceiling: Money | None) -> tuple[str, str]:
    """Return what a payer may give besides, in both languages; nothing where there is none."""
    if ceiling is None:
        return "，另有由主管部门核定的（上限未知）", ", besides what a payer decides"
    if not ceiling:
        return "", ""
    return (
        f"，另有由主管部门核定的，最高{ceiling}",
        f", besides at most {ceiling} that a payer decides",
    )


def _under(line: Any) -> Any:
    """Return what stands below a question as a block."""
    from incentives.explain.structure import Part, block

    return block(Part.QUESTIONS, None, list(line.of))


def _save(data: dict[str, Any], output: Path | None, frame: Frame, again: str) -> None:
    """Write the profile as TOML, to a file or to standard output."""
    import tomli_w

    text = tomli_w.dumps(_stated(data))
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError:
        typer.echo(text, nl=False)  # the answers must not be lost with the file
        raise
    frame.talk(
        f"已保存到 {output}；查看结果：incentives check {output}{again}",
        f"saved to {output}; to see the result: incentives check {output}{again}",
    )


def _stated(value: Any) -> Any:
    """Return what is stated: a ``null`` of JSON says nothing, and TOML has none."""
    if isinstance(value, dict):
        return {key: _stated(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_stated(each) for each in value]
    return value
