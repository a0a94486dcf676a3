"""Incentives that share one payment: which is taken, which is not, and why.

Figures come from the engine's groups; nothing is compared that it has not decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.explain import words
from incentives.explain.replay import group_limit, group_of, members
from incentives.explain.structure import Block, Line, Part, Tone, block
from incentives.explain.sums import value_text
from incentives.language.core import Text
from incentives.rulebook.model import GroupRule

if TYPE_CHECKING:
    from incentives.engine.results import Decision
    from incentives.explain.names import Names
    from incentives.explain.replay import Member

_TONES = {True: Tone.MET, False: Tone.PLAIN, None: Tone.OPEN}


def group_block(decision: Decision, names: Names) -> tuple[Block, ...]:
    """Return what each incentive of the group gets; nothing where it has no rival."""
    group, found = group_of(decision), members(decision)
    if group is None or len(found) < 2:
        return ()
    rule = words.GROUP_RULE[group.rule]
    zh, en = rule.zh, rule.get("en")
    limit = group_limit(decision)
    if limit is not None:
        cap = value_text(limit)
        zh, en = f"{zh}{cap.zh}", f"{en} of {cap.get('en')}"
    if group.clause:
        zh, en = f"{zh}（{group.clause}）", f"{en} ({group.clause})"
    lines = [_member_line(each, found, group.rule, names) for each in found]
    title = Text("同组政策", "Incentives that share one payment")
    return block(Part.GROUP, title, [Line(Text(zh, en), Tone.NOTE), *lines])


def _member_line(member: Member, group: tuple[Member, ...], rule: GroupRule, names: Names) -> Line:
    name = names.incentive(member.incentive)
    before, after = value_text(member.before), value_text(member.after)
    verdict = _capped(member) if rule is GroupRule.CAP else _competed(member, group, names)
    same = before == after
    figure = after if same else words.join([before, after], " → ", " → ")
    text = Text(f"{name.zh}：{verdict.zh}", f"{name.get('en')}: {verdict.get('en')}")
    return Line(text, _TONES[member.taken], figure)


def _capped(member: Member) -> Text:
    if member.taken is None:
        return Text("能得多少尚不能确定", "how much is left for it is open")
    if member.before == member.after:
        return Text("全额给予", "paid in full")
    if member.taken:
        return Text("只给予上限之内的部分", "paid as far as the cap allows")
    return Text("上限已用完，不再给予", "the cap is used up, nothing is paid")


def _competed(member: Member, group: tuple[Member, ...], names: Names) -> Text:
    if member.taken is None:
        return Text("是否采用尚不能确定", "whether it is taken is open")
    if member.taken:
        return Text("采用", "taken")
    best = next((each for each in group if each.taken), None)
    if best is None:
        return Text("不采用，同组另有金额更高的", "not taken, another is higher")
    name = names.incentive(best.incentive)
    if best.before == member.before:
        return Text(
            f"不采用，与“{name.zh}”金额相同，只计一项",
            f"not taken, the same amount as {name.get('en')}, which is paid once",
        )
    return Text(f"不采用，“{name.zh}”更高", f"not taken, {name.get('en')} is higher")
