"""What would change a decision, as the structure every explanation is.

The facts to change come first, then what that does here, then what it does
elsewhere: whoever reads this may be about to act on it.

The trap: a suggestion says what the rules make of a fact, not that the fact may
be made up. The words say "if it were", never "write".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.curve import BreakKind
from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.outcome import TONES, range_text
from incentives.explain.structure import Block, Explanation, Line, Part, Tone, block
from incentives.language.core import Text
from incentives.values.quantity import decimal_digits, exact_decimal
from incentives.values.types import Kind

if TYPE_CHECKING:
    from fractions import Fraction

    from incentives.advice.changes import Change, Effect, Impact, Margin, Suggestion, Turn, Worth
    from incentives.advice.what_if import WhatIf
    from incentives.explain.names import Names
    from incentives.language.names import FactSpec

MOST_TURNS: Final = 8


def explain_what_if(found: WhatIf) -> Explanation:
    """Return what would change a decision."""
    status = words.STATUS[found.status]
    head = Text(f"{found.name.zh}：{status.zh}", f"{found.name.get('en')}: {_lower(status)}")
    if found.reason is not None:
        reason = words.REASON[found.reason]
        head = Text(
            f"{found.name.zh}：{status.zh}（{reason.zh}）",
            f"{found.name.get('en')}: {_lower(status)} ({reason.get('en')})",
        )
    elif found.status is Status.ELIGIBLE and found.range is not None:
        amount = range_text(found.range)
        head = Text(f"{head.zh}，{amount.zh}", f"{head.get('en')}, {amount.get('en')}")
    return Explanation(head, TONES[found.status], _Blocks(found).every(), found.incentive)


class _Blocks:
    """The blocks of one answer."""

    def __init__(self, found: WhatIf) -> None:
        self.found = found
        self.names: Names = found.names

    def every(self) -> tuple[Block, ...]:
        """Return the blocks that have something to say."""
        found = self.found
        one, two = (len(each) > 0 for each in (found.singles, found.pairs))
        together = () if found.together is None else (found.together,)
        blocks = (
            *self._suggestions(
                found.singles,
                Text(
                    "只要其中一项不同，就符合条件", "Any one of these alone would make it eligible"
                ),
            ),
            *self._suggestions(
                found.pairs,
                Text(
                    "只变一项不够；两项一起变，就符合条件",
                    "No single fact is enough; two together would make it eligible",
                ),
            ),
            *self._suggestions(
                together,
                Text(
                    "下列各项同时满足，就符合条件", "All of these together would make it eligible"
                ),
            ),
            *self._suggestions(
                found.raises, Text("改变其中一项，金额更高", "Any one of these would raise it")
            ),
            *self._worths(),
            *self._margins(),
        )
        settled = found.status is Status.ELIGIBLE or one or two or bool(together)
        return (*blocks, *self._notes(nothing=not settled))

    # ── suggestions ──────────────────────────────────────────────────────────

    def _suggestions(self, found: tuple[Suggestion, ...], title: Text) -> tuple[Block, ...]:
        lines = [self._suggestion(each) for each in found]
        return block(Part.CHANGES, title, lines)

    def _suggestion(self, suggestion: Suggestion) -> Line:
        first, *rest = (self._change(change) for change in suggestion.changes)
        under = [Line(text, Tone.PLAIN) for text in rest]
        worse = suggestion.effect.is_worse
        tone = Tone.WARNING if worse else Tone.NOTE
        if rest:
            every = [Line(text, Tone.NOTE) for text in (first, *rest)]
            return Line(
                Text("一起改变：", "Together:"), tone, of=(*every, *self._effect(suggestion.effect))
            )
        return Line(first, tone, of=(*under, *self._effect(suggestion.effect)))

    def _change(self, change: Change) -> Text:
        """Return a fact and what it would have to be."""
        fact, after = change.fact, self._values(change)
        if change.before is None:
            text = Text(
                f"{fact.zh}（现在未知）：{after.zh}",
                f"{fact.get('en')} (not known): {after.get('en')}",
            )
        else:
            before = self._value(change.before, change.spec)
            text = Text(
                f"{fact.zh}：{before.zh} → {after.zh}",
                f"{fact.get('en')}: {before.get('en')} → {after.get('en')}",
            )
        size = _size(change)
        return text if size is None else words.wrap(text, size)

    def _values(self, change: Change) -> Text:
        if change.before is None and change.until is not None:
            first, last = (self._value(each, change.spec) for each in (change.after, change.until))
            if change.after == change.until:
                return first
            return Text(f"{first.zh}至{last.zh}", f"{first.get('en')} to {last.get('en')}")
        after = [self._value(each, change.spec) for each in (change.after, *change.also)]
        if change.before is None and _is_ordered(change.spec):
            return Text(f"不低于{after[0].zh}", f"at least {after[0].get('en')}")
        return words.join(after, "或", " or ")

    def _value(self, value: Any, spec: FactSpec) -> Text:
        return self.names.value(value, spec.type, spec)

    def _effect(self, effect: Effect) -> tuple[Line, ...]:
        """Return what a change does: here, elsewhere, and in all where it costs something."""
        own = _paid(effect.own, after=True)
        lines = [
            Line(
                Text(f"本项：{own.zh}", f"this one: {own.get('en')}"),
                Tone.RESULT,
                _signed(effect.own.difference),
            )
        ]
        told = [each for each in effect.others if Status.ELIGIBLE in {each.before, each.after}]
        lines += [_impact(each) for each in told]
        rest = len(effect.others) - len(told)
        if rest:
            lines.append(
                Line(
                    Text(
                        f"另有{rest}项政策前后都不符合条件或待定，但情况有变",
                        f"{rest} more {'is' if rest == 1 else 'are'} refused or undetermined"
                        " before and after, but not as before",
                    ),
                    Tone.NOTE,
                )
            )
        if effect.lost and effect.gained:
            net = effect.gained - effect.lost
            sums = [words.money(abs(each)) for each in (effect.gained, effect.lost, net)]
            ends = Text(f"净增加{sums[2].zh}", f"net gain {sums[2].get('en')}")
            if net < 0:
                ends = Text(f"净减少{sums[2].zh}", f"net loss {sums[2].get('en')}")
            if not net:
                ends = Text("增减相抵，总额不变", "the sum stays the same")
            lines.append(
                Line(
                    Text(
                        f"合计多得{sums[0].zh}，少得{sums[1].zh}，{ends.zh}",
                        f"in all {sums[0].get('en')} gained and {sums[1].get('en')} lost:"
                        f" {ends.get('en')}",
                    ),
                    Tone.WARNING if net < 0 else Tone.SUM,
                )
            )
        return tuple(lines)

    # ── what more is worth ───────────────────────────────────────────────────

    def _worths(self) -> tuple[Block, ...]:
        lines = [self._worth(each) for each in self.found.worths]
        return block(
            Part.CURVE, Text("各项数额再多一些，值多少", "What more of each figure is worth"), lines
        )

    def _worth(self, worth: Worth) -> Line:
        value = self._value(worth.value, worth.spec)
        head = Text(
            f"{worth.fact.zh}，现为{value.zh}", f"{worth.fact.get('en')}, now {value.get('en')}"
        )
        of = [] if _at_the_edge(worth) else [Line(_slope(worth.slope, worth.spec), Tone.SUM)]
        of += self._step(worth)
        shown = sorted(worth.turns, key=lambda turn: abs(turn.at - worth.value))[:MOST_TURNS]
        of += [self._turn(turn, worth) for turn in worth.turns if turn in shown]
        more = len(worth.turns) - len(shown)
        if more > 0:
            of.append(Line(Text(f"另有{more}处转折", f"and {more} more turns")))
        return Line(head, of=tuple(of))

    def _step(self, worth: Worth) -> list[Line]:
        """Return what one step more does elsewhere; nothing where only this incentive moves."""
        if not worth.effect.others:
            return []
        step = self._value(worth.step, worth.spec)
        lost = worth.effect.lost > 0
        head = Text(f"多{step.zh}时", f"with {step.get('en')} more")
        return [Line(head, Tone.WARNING if lost else Tone.NOTE, of=self._effect(worth.effect))]

    def _turn(self, turn: Turn, worth: Worth) -> Line:
        at = self._value(turn.at, worth.spec)
        before, after = words.money(turn.before), words.money(turn.after)
        if turn.kind is BreakKind.KINK:
            if turn.slope == 0:
                return Line(
                    Text(
                        f"到{at.zh}为止：此后不变，{after.zh}",
                        f"up to {at.get('en')}: {after.get('en')} from there on",
                    ),
                    Tone.NOTE,
                )
            slope = _slope(turn.slope, worth.spec)
            return Line(
                Text(f"从{at.zh}起：{slope.zh}", f"from {at.get('en')}: {slope.get('en')}"),
                Tone.NOTE,
            )
        text = Text(
            f"从{at.zh}起：{before.zh} → {after.zh}",
            f"from {at.get('en')}: {before.get('en')} → {after.get('en')}",
        )
        if turn.loses:
            text = words.wrap(text, Text("，不再符合条件", ", no longer eligible"))
        falls = turn.loses or turn.after < turn.before
        return Line(text, Tone.WARNING if falls else Tone.NOTE)

    def _margins(self) -> tuple[Block, ...]:
        lines = [self._margin(each) for each in self.found.margins]
        title = Text("下列数额变到多少，就不再符合条件", "Where a figure would lose the incentive")
        return block(Part.CURVE, title, lines)

    def _margin(self, margin: Margin) -> Line:
        value, at = (self._value(each, margin.spec) for each in (margin.value, margin.at))
        return Line(
            Text(
                f"{margin.fact.zh}，现为{value.zh}：到{at.zh}即不符合",
                f"{margin.fact.get('en')}, now {value.get('en')}: lost at {at.get('en')}",
            ),
            Tone.NOTE,
        )

    # ── what is not said ─────────────────────────────────────────────────────

    def _notes(self, *, nothing: bool) -> tuple[Block, ...]:
        lines = []
        if not self.found.complete:
            says = Text(
                "可能的组合太多，没有全部查完：可能还有别的办法",
                "There are too many combinations to try them all: there may be other ways",
            )
            if self.found.status is Status.ELIGIBLE:
                says = Text(
                    "要试的事实太多，没有全部查完：没有列出的事实也可能影响金额",
                    "There are too many facts to try them all: others may change the amount too",
                )
            lines.append(Line(says, Tone.WARNING))
        elif nothing:
            lines.append(Line(_NOTHING, Tone.NOTE))
        if self.found.missing:
            facts = words.join([self.names.path(path) for path in self.found.missing[:6]])
            count = len(self.found.missing)
            zh, en = ("等", " and others") if count > 6 else ("", "")
            lines.append(
                Line(
                    Text(
                        f"还有{count}项事实未知：{facts.zh}{zh}（incentives ask 可逐项填写）",
                        f"{count} {'fact is' if count == 1 else 'facts are'} not known:"
                        f" {facts.get('en')}{en} (incentives ask asks for them)",
                    ),
                    Tone.OPEN,
                )
            )
        return block(Part.NOTES, None if not lines else Text("说明", "Notes"), lines)


_NOTHING: Final = Text(
    "资料中可以改变的事实，无论怎样改变，都不能使本项符合条件",
    "No change of the facts in this profile that can be changed would make it eligible",
)


def _lower(text: Text) -> str:
    return text.get("en").lower()


def _is_ordered(spec: FactSpec) -> bool:
    return spec.type.kind in {Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.DATE}


def _size(change: Change) -> Text | None:
    """Return how far an ordered fact would move."""
    size = change.size
    if size is None:
        return None
    more = size > 0
    if isinstance(change.after, date):
        days = abs(size)
        word = Text("推迟", "later") if more else Text("提前", "earlier")
        unit = "day" if days == 1 else "days"
        return Text(f"（{word.zh}{days}天）", f" ({days} {unit} {word.en})")
    shown = words.known(abs(size), change.spec.type)
    word = Text("增加", "more") if more else Text("减少", "less")
    return Text(f"（{word.zh}{shown.zh}）", f" ({shown.get('en')} {word.en})")


def _slope(slope: Fraction, spec: FactSpec) -> Text:
    """Return what one yuan, or one unit, more is worth."""
    if slope == 0:
        return Text("再增加，本项不变", "more of it changes nothing here")
    size = abs(slope)
    if spec.type.kind is Kind.MONEY:
        plain = exact_decimal(size, most=8)
        shown = plain or f"{decimal_digits(size.numerator)}/{decimal_digits(size.denominator)}"
        worth, unit = Text(f"{shown}元", f"{shown}元"), Text("1元", "1元")
    else:
        worth, unit = words.money(size), Text("1", "1")
    zh, en = ("增加", "gives") if slope > 0 else ("减少", "costs")
    return Text(
        f"每增加{unit.zh}，本项{zh}{worth.zh}",
        f"each {unit.get('en')} more {en} {worth.get('en')} here",
    )


def _at_the_edge(worth: Worth) -> bool:
    """Say whether the very next fen or unit is a jump, so that no slope holds."""
    turn = worth.next
    return turn is not None and turn.kind is not BreakKind.KINK and turn.at == worth.value + 1


def _signed(fen: int | None) -> Text | None:
    """Return a difference with its sign; nothing where there is none."""
    if not fen:
        return None
    shown = words.money(abs(fen))
    sign = "+" if fen > 0 else "−"
    return Text(sign + shown.zh, sign + shown.get("en"))


def _paid(impact: Impact, *, after: bool) -> Text:
    """Return a status, with what it gives."""
    status = impact.after if after else impact.before
    amounts = impact.range_after if after else impact.range_before
    word = words.STATUS[status]
    if amounts is None:
        return Text(word.zh, _lower(word))
    if impact.ceiling and amounts.high is None:
        shown = Text("金额由主管部门核定", "an amount the payer decides")
    elif impact.ceiling and amounts.high is not None and not amounts.is_point:
        top = words.money(amounts.high.fen)
        shown = Text(f"最高{top.zh}", f"at most {top.get('en')}")
    else:
        shown = range_text(amounts)
    return Text(f"{word.zh}，{shown.zh}", f"{_lower(word)}, {shown.get('en')}")


def _impact(impact: Impact) -> Line:
    """Return what becomes of another incentive."""
    before, after = _paid(impact, after=False), _paid(impact, after=True)
    loses = (impact.difference or 0) < 0 or (
        impact.before is Status.ELIGIBLE and impact.after is not Status.ELIGIBLE
    )
    return Line(
        Text(
            f"另一项“{impact.name.zh}”：{before.zh} → {after.zh}",
            f"another, {impact.name.get('en')}: {before.get('en')} → {after.get('en')}",
        ),
        Tone.WARNING if loses else Tone.NOTE,
        _signed(impact.difference),
    )
