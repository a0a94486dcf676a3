"""How the parts of a rulebook, and their values, are called in a comparison."""

from __future__ import annotations

from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.overview import written
from incentives.explain import words
from incentives.language import core
from incentives.language.core import Text
from incentives.rulebook.model import (
    Condition,
    Incentive,
    Override,
    Period,
    Reading,
    RoundingRule,
    Share,
    Version,
)
from incentives.values.calendar import Duration
from incentives.values.types import Type

if TYPE_CHECKING:
    from incentives.language.core import Expr

NONE: Final = Text("（无）", "(none)")
LABELS: Final[dict[str, Text]] = {
    "amount": Text("金额", "amount"),
    "applicability": Text("适用范围", "applicability"),
    "at_least": Text("至少满足的项数", "how many must hold"),
    "budget": Text("资金总额", "budget"),
    "by": Text("按何计上限", "what the cap is per"),
    "cap": Text("上限", "cap"),
    "choices": Text("选项", "choices"),
    "comparison": Text("比较", "comparison"),
    "conditions": Text("条件", "condition"),
    "dated_by": Text("依据的日期", "date that selects the version"),
    "depends_on": Text("引用的事项", "incentives referred to"),
    "distinct": Text("不重复计的依据", "one per value of"),
    "due": Text("完成年份", "due"),
    "each": Text("逐项的对象", "item"),
    "effective": Text("执行期", "period"),
    "entitlement": Text("给付性质", "entitlement"),
    "funding": Text("经费分担", "who pays"),
    "hi": Text("最大值", "most"),
    "instalments": Text("分期", "instalment"),
    "jurisdiction": Text("适用地区", "jurisdiction"),
    "keep": Text("保留哪一项", "which item is kept"),
    "kind": Text("类型", "kind"),
    "legal_status": Text("效力状态", "legal status"),
    "lending_capacity": Text("放款规模", "lending capacity"),
    "less": Text("扣除", "less"),
    "limit": Text("限额", "limit"),
    "lo": Text("最小值", "least"),
    "members": Text("成员", "members"),
    "of": Text("适用的事项", "incentives it is for"),
    "once": Text("次数限制", "once"),
    "overrides": Text("取代", "replaces"),
    "parts": Text("条件", "condition"),
    "per": Text("计算周期", "period of the cap"),
    "per_item": Text("逐项判断", "judged item by item"),
    "period": Text("执行期", "period"),
    "published": Text("公布日期", "published"),
    "readings": Text("另一种理解", "reading"),
    "recipient": Text("对象", "recipients"),
    "region": Text("地区", "region"),
    "residual": Text("尾数归属", "who takes the last fen"),
    "rounding": Text("尾数处理", "rounding"),
    "rule": Text("规则", "rule"),
    "series": Text("按年填写", "one value a year"),
    "share": Text("分担比例", "share"),
    "shares": Text("分担方", "payer"),
    "soft": Text("约数", "approximate"),
    "test": Text("内容", "what it asks"),
    "totals": Text("各项合计的上限", "cap over items"),
    "type": Text("类型", "type"),
    "until": Text("截止", "until"),
    "value": Text("数值", "value"),
    "versions": Text("版本", "version"),
    "when": Text("何时", "when"),
}


def label(name: str) -> Text:
    """Return what a part of a rulebook is called; an id stands for itself."""
    return LABELS.get(name, words.both(name))


def quoted(expr: Expr) -> str | None:
    """Return an expression as it stands in its rule file, ``None`` where it has no place."""
    text = written(expr)
    return None if text is None else " ".join(text.split()).strip("'\"")


def period_text(period: Period | core.Dated) -> Text:
    """Return a period; both ends are included."""
    since, until = period.since, period.until
    if since is None and until is None:
        return Text("不限", "open")
    begin, end = (("" if day is None else day.isoformat()) for day in (since, until))
    return words.both(f"{begin} … {end}".strip())


def shown(value: Any, kind: Type | None = None) -> Text:
    """Return a value of a rulebook in words."""
    match value:
        case None | () | frozenset() if not value:
            return NONE
        case Period():
            return period_text(value)
        case Enum():
            return words.both(str(value.value))
        case Type():
            options = sorted(value.options or ())
            return words.both(" ".join([str(value.kind), *options]))
        case RoundingRule():
            quantum = words.money(value.quantum)
            return Text(f"{quantum.zh} {value.mode}", f"{quantum.get('en')} {value.mode}")
        case date() | Duration() | bool():
            return words.known(value, kind)
        case tuple() | list() | frozenset() | set():
            parts = value if isinstance(value, tuple | list) else sorted(value, key=str)
            return words.join([shown(part, kind) for part in parts])
        case _ if _entry(value) is not None:
            return _entry(value) or NONE
        case str():
            return words.both(value)
        case int() | Fraction():
            return words.known(value, kind)
        case _:
            return expression(value)


def _entry(value: Any) -> Text | None:
    """Return a whole entry of a list, short."""
    match value:
        case Condition(says=says, test=test):
            text = quoted(test)
            more = "" if text is None else f" [{text}]"
            return Text(f"{says.zh}{more}", f"{says.get('en')}{more}")
        case Version(period=period) | Incentive(versions=(Version(period=period), *_)):
            return period_text(period)
        case Reading(says=says):
            return says
        case Share(payer=payer, share=share):
            figure = expression(share)
            return Text(f"{payer} {figure.zh}", f"{payer} {figure.get('en')}")
        case Override(incentive=incentive):
            return words.both(incentive)
        case _:
            return None


def expression(expr: Expr) -> Text:
    """Return an expression: a figure as a figure, anything else as it is written."""
    match expr:
        case core.Const(value=value, type=kind):
            return shown(value, kind)
        case core.Param():
            return parameter(expr)
        case _:
            text = quoted(expr)
            return (
                Text("（另一计算）", "(computed otherwise)") if text is None else words.both(text)
            )


def parameter(node: core.Param) -> Text:
    """Return the value of a parameter, or its values by date."""
    if len(node.values) == 1 and node.values[0].since is node.values[0].until is None:
        return shown(node.values[0].value, node.type)
    parts = []
    for dated in node.values:
        when, value = period_text(dated), shown(dated.value, node.type)
        parts.append(Text(f"{when.zh}：{value.zh}", f"{when.get('en')}: {value.get('en')}"))
    return words.join(parts, "；", "; ")
